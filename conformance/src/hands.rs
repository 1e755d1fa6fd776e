//! What a page hands to its test. A page and its test are on one thread.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use store_context::StoreError;

type Reset = Rc<dyn Fn()>;
type Write = Rc<dyn Fn(&'static str) -> Result<(), StoreError>>;

#[derive(Default)]
struct Hands {
    renders: HashMap<&'static str, usize>,
    reset: Option<Reset>,
    writes: HashMap<&'static str, Write>,
}

thread_local! {
    static HANDS: RefCell<Hands> = RefCell::default();
}

pub(crate) fn empty() {
    drop(HANDS.take());
}

/// A leaf was rendered to its end.
pub fn rendered(leaf: &'static str) {
    HANDS.with_borrow_mut(|hands| *hands.renders.entry(leaf).or_default() += 1);
}

/// How often a leaf was rendered since the last call.
pub(crate) fn renders(leaf: &'static str) -> usize {
    HANDS.with_borrow_mut(|hands| hands.renders.remove(leaf).unwrap_or_default())
}

/// The reset of a boundary that shows an error.
pub fn give_reset(reset: impl Fn() + 'static) {
    HANDS.with_borrow_mut(|hands| hands.reset = Some(Rc::new(reset)));
}

pub(crate) fn reset() -> Option<Reset> {
    HANDS.with_borrow(|hands| hands.reset.clone())
}

/// Appends to the text of a client document.
pub fn give_append(leaf: &'static str, append: impl Fn(&'static str) -> Result<(), StoreError> + 'static) {
    HANDS.with_borrow_mut(|hands| hands.writes.insert(leaf, Rc::new(append)));
}

pub(crate) fn append(leaf: &'static str) -> Write {
    HANDS.with_borrow(|hands| hands.writes.get(leaf).cloned()).expect("the leaf was rendered")
}
