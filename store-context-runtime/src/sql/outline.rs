//! [`Outline`]: everything of a statement but its values. A statement that is built again and again, as `by_key` is for
//! each read, has its text built once.

use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use foldhash::HashMap;

/// Of an insert, whose kind is none of a plan's.
pub(crate) const INSERT: usize = 100;

/// How many words an outline has at most whose text is kept.
const WORDS: usize = 64;

/// How many texts are kept. A program has so many only where it makes them up.
const TEXTS: usize = 4_096;

type Texts = HashMap<Box<[usize]>, Arc<str>>;

static KEPT: LazyLock<RwLock<Texts>> = LazyLock::new(RwLock::default);

/// The words that tell a statement's text from every other: what is done, and the names by their addresses, which are
/// those of constants.
pub(crate) struct Outline {
    words: [usize; WORDS],
    length: usize,
}

impl Outline {
    pub(crate) fn new(kind: usize) -> Self {
        let mut outline = Self { words: [0; WORDS], length: 0 };
        outline.word(kind);
        outline
    }

    pub(crate) fn word(&mut self, word: usize) {
        if let Some(place) = self.words.get_mut(self.length) {
            *place = word;
        }
        self.length += 1;
    }

    pub(crate) fn name(&mut self, name: &'static str) {
        self.list(name.as_bytes());
    }

    /// A constant list of names or columns.
    pub(crate) fn list<T>(&mut self, list: &'static [T]) {
        self.word(list.as_ptr().addr());
        self.word(list.len());
    }

    /// The text of a statement with this outline, which is written where it was not before.
    pub(crate) fn text(&self, write: impl FnOnce() -> String) -> Arc<str> {
        let Some(words) = self.words.get(..self.length) else { return write().into() };
        if let Some(text) = KEPT.read().unwrap_or_else(PoisonError::into_inner).get(words) {
            return Arc::clone(text);
        }
        let text: Arc<str> = write().into();
        let mut kept = KEPT.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < TEXTS {
            kept.insert(words.into(), Arc::clone(&text));
        }
        text
    }
}
