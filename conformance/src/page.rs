//! [`Page`]: the verbs that a framework supplies, and [`Test`]: a test on a page.

use std::fmt;
use std::future::Future;

use store_context::prelude::*;

use crate::hands;
use crate::node::{Node, Prop};
use crate::schema::{Project, ProjectKey, ProjectStore};
use crate::stage::Stage;

/// A page that a framework renders, below a `StoreRegistryProvider` of the stage's registry.
pub trait Page: Sized {
    /// Shows the tree.
    fn mount(stage: &Stage, tree: Vec<Node>) -> Self;
    /// Gives a property another value.
    fn set(&mut self, prop: Prop, value: &'static str);
    /// Runs what an event handler would.
    fn act(&mut self, action: impl FnOnce());
    /// Lets the framework do what it has to do now.
    fn turn(&mut self) -> impl Future<Output = ()>;
    /// The text that is shown.
    fn text(&self) -> String;
    /// Takes the page away.
    fn unmount(&mut self);
}

/// A page that a framework takes over from its server.
pub trait SentPage: Page {
    /// Takes over what is in the document: `html`, which the framework's [`Server`](crate::Server) sent for the tree.
    fn hydrate(stage: &Stage, tree: Vec<Node>, html: &str) -> Self;
}

/// How many turns a page has until it is looked at: more than a load, its boundary and what is below need.
const TURNS: usize = 12;

/// A test on a page.
pub(crate) struct Test<P> {
    pub(crate) stage: Stage,
    pub(crate) page: P,
    /// Each text that was shown, in order.
    seen: Vec<String>,
}

impl<P: Page> Test<P> {
    pub(crate) fn new(tree: Vec<Node>) -> Self {
        Self::on(Stage::new(), tree)
    }

    pub(crate) fn on(stage: Stage, tree: Vec<Node>) -> Self {
        hands::empty();
        let page = P::mount(&stage, tree);
        Self::of(stage, page)
    }

    pub(crate) fn of(stage: Stage, page: P) -> Self {
        let seen = vec![page.text()];
        Self { stage, page, seen }
    }

    /// Lets the page and the stores do all that they have to do.
    pub(crate) async fn idle(&mut self) {
        for _ in 0..TURNS {
            self.turn().await;
        }
    }

    pub(crate) async fn turn(&mut self) {
        self.stage.host.run();
        self.page.turn().await;
        let text = self.page.text();
        if self.seen.last() != Some(&text) {
            self.seen.push(text);
        }
    }

    /// When nothing is left to do, the page shows this.
    #[track_caller]
    pub(crate) fn shows<'a>(&'a mut self, text: &'a str) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            self.idle().await;
            let shown = self.page.text();
            assert!(shown == text, "{caller}: expected {text:?}, and it shows {shown:?}; {self}");
        }
    }

    /// When nothing is left to do, the page shows a text that begins so.
    #[track_caller]
    pub(crate) fn begins<'a>(&'a mut self, text: &'a str) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            self.idle().await;
            let shown = self.page.text();
            assert!(
                shown.starts_with(text),
                "{caller}: expected {text:?} at its beginning, and it shows {shown:?}; {self}"
            );
        }
    }

    /// No text that was shown has this in it, from the beginning or the last call of `forget` on.
    #[track_caller]
    pub(crate) fn never_showed(&self, text: &str) {
        assert!(!self.seen.iter().any(|seen| seen.contains(text)), "it never should have shown {text:?}; {self}");
    }

    pub(crate) fn forget(&mut self) {
        self.seen.clear();
    }

    /// How often a leaf was rendered since this was asked last.
    #[track_caller]
    pub(crate) fn rendered(&self, leaf: &'static str, times: usize, why: &str) {
        let renders = hands::renders(leaf);
        assert!(renders == times, "expected {times} renders of `{leaf}` ({why}), and there were {renders}; {self}");
    }

    pub(crate) fn set(&mut self, prop: Prop, value: &'static str) {
        self.page.set(prop, value);
    }

    /// Resets the boundary that shows an error.
    #[track_caller]
    pub(crate) fn reset(&mut self) {
        let Some(reset) = hands::reset() else { panic!("no boundary shows an error; {self}") };
        self.page.act(|| reset());
    }

    /// Appends to a client document.
    pub(crate) fn append(&mut self, leaf: &'static str, text: &'static str) {
        let append = hands::append(leaf);
        self.page.act(|| append(text).expect("it is written"));
    }

    pub(crate) fn mounted(&self, id: &str) -> Mounted<Project> {
        let key = id.parse::<ProjectKey>().expect("it is an id");
        self.stage.registry.get(&key).expect("it is mounted")
    }

    pub(crate) fn store(&self, id: &str) -> ProjectStore {
        self.mounted(id).read().expect("it did not fail").ready().expect("it runs")
    }

    /// The ids of the projects that are open, with `*` where something holds them.
    pub(crate) fn open(&self) -> Vec<String> {
        let stores = self.stage.registry.snapshot().stores;
        stores.iter().map(|store| format!("{}{}", store.name.id, if store.holders > 0 { "*" } else { "" })).collect()
    }
}

impl<P> fmt::Display for Test<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it showed {:?}, on {}", self.seen, self.stage.registry.snapshot())
    }
}
