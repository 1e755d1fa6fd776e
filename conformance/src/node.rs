//! [`Node`]: a part of a page as data, which each framework renders with its own components.

/// The name of a property of the page, which is its first value too: `"a"` is `a` until the test sets it to something else.
pub type Prop = &'static str;

/// A part of a page. What a leaf shows is in brackets.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A text.
    Text(&'static str),
    /// What is in it, while the property has its first value.
    Shown(Prop, Vec<Node>),
    /// `StoreProvider` of the project with this id.
    Project(Prop, Vec<Node>),
    /// `StoreProvider` of the notes.
    Notes(Vec<Node>),
    /// One `StoreProvider` of the project with this id and the notes.
    Both(Prop, Vec<Node>),
    /// `StoreProvider` of the project with this id, told what to show in each phase: `loads`, `failed: <error>` with a
    /// retry that is handed to the test, `over: <cause>`.
    Phases(Prop, Vec<Node>),
    /// The framework's suspense. Its fallback is `loading`.
    Suspense(Vec<Node>),
    /// The framework's error boundary, or the one that its crate ships. Its fallback is `error: <error>`, and its reset is
    /// handed to the test.
    Boundary(Vec<Node>),
    /// `[<id>]`, of `use_store`.
    Store,
    /// `[notes]`, of `use_store` of the notes.
    NotesStore,
    /// `[<id>]`, of `use_store_by_id`.
    ById(Prop),
    /// `[<id>]` or `[none]`, of the form of `use_store_by_id` for a store that may be missing.
    Optional(Prop),
    /// `[<id> + <id>]`: a component that uses two stores.
    Two(Prop, Prop),
    /// `[<id>: <count>]`, of `use_query` with the status of the property.
    Count(Prop),
    /// `[total <count>]`, of `use_query_suspense`.
    Total,
    /// `[sent <count>]`, of `use_query_hydrated`.
    Sent,
    /// `[even]` or `[odd]`, of a query that derives it from the number of issues.
    Parity,
    /// `[draft <text>]`, of `use_client_document`, whose setter is handed to the test.
    Draft,
    /// `[<key>: <title>]`, of `use_client_document` by this key, whose setter is handed to the test.
    Window(Prop),
    /// What is in it, in the provider of a project whose id is that of the first issue of the project around.
    Dependent(Vec<Node>),
}
