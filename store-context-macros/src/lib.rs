//! The derives of `store-context`. Applications use them through the facade: `use store_context::prelude::*;`.
//!
//! Every derive reads its attributes into a model of its own types, checks the model, and prints code from it. It
//! knows the runtime by names alone, all under `store_context::__private`; `crate = path` renames the facade.
//! On a mistake it still emits enough that the code around has no further errors.

mod attributes;
mod column;
mod docs;
mod document;
mod errors;
mod event;
#[cfg(test)]
mod expansions;
mod input;
mod lock;
mod names;
mod row;
mod serde_attributes;
#[cfg(feature = "checked-sql")]
mod sql;
mod store;
mod store_id;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct with named fields a row of query results, and with `#[row(table = "..")]` a table.
///
/// The struct needs `Clone`. Its fields are column types, `Option` of one (which may be `NULL`), or with
/// `#[row(json)]` any type that serde knows. Columns have the names of the fields. A table gets a struct of typed
/// columns for filters, such as `IssueColumns`.
///
/// ```
/// use store_context::prelude::*;
///
/// #[derive(Row, Clone, Debug)]
/// #[row(table = "issues", index(status, created_at))]
/// pub struct Issue {
///     #[row(primary_key)]
///     pub id: String,
///     #[row(references = "projects.id", on_delete = "cascade")]
///     pub project: String,
///     pub status: Status,
///     pub points: Option<i64>,
///     #[row(json)]
///     pub labels: Vec<String>,
///     #[row(default = 0)]
///     pub created_at: i64,
/// }
///
/// #[derive(Column, Clone, Debug)]
/// pub enum Status {
///     Todo,
///     Done,
/// }
/// ```
///
/// # Above the struct
///
/// | `#[row(..)]` | means |
/// |---|---|
/// | `table = "issues"` | the row is a table of this name; it needs a primary key |
/// | `index(a, b)` | an index on these fields; may be repeated |
/// | `unique(a, b)` | no two rows agree in all of these fields; may be repeated |
/// | `crate = path` | where the facade is, by default `::store_context` |
///
/// # On a field
///
/// | `#[row(..)]` | means |
/// |---|---|
/// | `primary_key` | the key; on up to four fields a key of several columns, in their order |
/// | `index`, `unique` | an index on this field alone |
/// | `json` | stored as JSON text; `None` of an `Option` is `NULL` |
/// | `rename = "x"` | the column's name |
/// | `default = ..` | what a partial insert stores: a literal, or a variant such as `Status::Todo`; JSON text in quotes for `json` |
/// | `references = "table.column"` | a foreign key |
/// | `on_delete = ".."` | when the row it names is deleted: `"refuse"` that (the default), `"cascade"`, or `"set_null"` |
// `column` is refused; without it here, rustc would say that `#[derive(Column)]` is missing.
#[proc_macro_derive(Row, attributes(row, column))]
pub fn derive_row(input: TokenStream) -> TokenStream {
    row::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a column type of an enum whose variants have no fields, stored as the name of the variant, or of a struct
/// around one column type, stored as that is.
///
/// The type needs `Clone`.
///
/// ```
/// use store_context::prelude::*;
///
/// #[derive(Column, Clone, Copy, Debug)]
/// #[column(rename_all = "snake_case")]
/// pub enum Status {
///     Todo,
///     InProgress,
///     #[column(rename = "closed")]
///     Done,
/// }
///
/// #[derive(Column, Clone, Debug, PartialEq)]
/// pub struct ProjectId(pub String);
/// ```
///
/// | `#[column(..)]` | where | means |
/// |---|---|---|
/// | `rename_all = ".."` | above the enum | `"snake_case"`, `"kebab-case"`, `"lowercase"`, `"camelCase"` or `"SCREAMING_SNAKE_CASE"` |
/// | `rename = ".."` | on a variant | the name that is stored |
/// | `lock = ".."` | above the type | the lock that records what serde reads, for types that events hold: see [`Event`] |
/// | `crate = path` | above the type | where the facade is, by default `::store_context` |
#[proc_macro_derive(Column, attributes(column))]
pub fn derive_column(input: TokenStream) -> TokenStream {
    column::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a struct or an enum a client document.
///
/// The type needs `Clone`, `Default`, `Serialize` and `Deserialize`. A struct with named fields is kept field by field:
/// what an older program stored is merged into today's default. An enum, and a struct around a value, is kept as a whole.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use store_context::prelude::*;
///
/// #[derive(Document, Clone, Debug, Default, Serialize, Deserialize)]
/// pub struct BoardView {
///     pub draft: String,
/// }
///
/// #[derive(Document, Clone, Debug, Default, Serialize, Deserialize)]
/// #[document(session)]
/// pub enum Dialog {
///     #[default]
///     Closed,
///     Rename { id: String },
/// }
///
/// #[derive(Document, Clone, Debug, Default, Serialize, Deserialize)]
/// pub struct Zoom(pub f64);
/// ```
///
/// | `#[document(..)]` | means |
/// |---|---|
/// | `name = ".."` | the name it is stored under, by default the type's in `snake_case` |
/// | `session` | the document begins with its default whenever the store opens, and no event of it is logged |
/// | `crate = path` | where the facade is, by default `::store_context` |
#[proc_macro_derive(Document, attributes(document))]
pub fn derive_document(input: TokenStream) -> TokenStream {
    document::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes an enum the events of a store.
///
/// The enum needs `Clone`, `Serialize` and `Deserialize`, in serde's default representation. The log keeps an event
/// by name, so that a variant may be renamed in the program.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use store_context::prelude::*;
///
/// #[derive(Event, Clone, Debug, Serialize, Deserialize)]
/// pub enum ProjectEvent {
///     #[event(name = "v2.IssueCreated", upcast_from = ("v1.IssueCreated", from_v1))]
///     IssueCreated {
///         id: String,
///         labels: Vec<String>,
///         #[serde(default)]
///         title: String,
///     },
///     #[event(name = "v1.ProjectCleared", alias = "Cleared")]
///     Cleared,
/// }
///
/// /// As issues were created once.
/// #[derive(Deserialize)]
/// struct IssueCreatedV1 {
///     id: String,
///     label: String,
/// }
///
/// fn from_v1(older: IssueCreatedV1) -> ProjectEvent {
///     ProjectEvent::IssueCreated { id: older.id, labels: vec![older.label], title: String::new() }
/// }
/// ```
///
/// | `#[event(..)]` | where | means |
/// |---|---|---|
/// | `name = ".."` | on a variant | the name in the log, by default the variant's |
/// | `alias = ".."` | on a variant | an older name that the variant reads too; may be repeated |
/// | `upcast_from = ("..", function)` | on a variant | an older event, and the function that makes today's of its arguments, any type with `Deserialize`; may be repeated |
/// | `lock = ".."` | above the enum | the file that records the events, beside the manifest |
/// | `crate = path` | above the enum | where the facade is, by default `::store_context` |
///
/// # The lock
///
/// What could not read the recorded events does not compile: an event or a field that was removed or renamed without
/// an alias, a new field without a default, another type. Adding is fine. `STORE_CONTEXT_EVENTS_LOCK=<package> cargo
/// check` records the locks of that package as its code is now. Types are compared as they are written; what is inside
/// a type of a field is not seen, unless it derives [`Column`] with `#[column(lock = "..")]` of its own.
#[proc_macro_derive(Event, attributes(event, serde))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    event::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a struct the schema of a store.
///
/// A field is a `Table<Row>`, a `ClientDocument<Document>`, one for each key as `ClientDocument<Document, Key>`, or a
/// `Query<fn(parameter: Type) -> Vec<Row>>` with its SQL in `#[query("..")]`. A query's `Vec<Row>` is any number of
/// rows, `Option<Row>` zero or one, and `Row` exactly one; a row is a `#[derive(Row)]` struct, a column type or a tuple
/// of column types.
///
/// The SQL is checked while compiling, with the feature `checked-sql`, which is on by default: that it parses and only
/// reads, that its tables and columns are the schema's, that its `:parameters` are those of the function type, and that
/// what it selects is the row, with `Option` where it may be `NULL`. A column that is never `NULL` for a reason that the
/// SQL does not tell is declared so in its name: `SELECT max(points) AS "points!" FROM issues`. Without the feature a
/// store checks its statements when it opens.
///
/// For a struct `Project` the derive writes `ProjectStore`, the handle of an open store with a method for each field;
/// `ProjectProvider`, which mounts stores; `ProjectKey`; and `Project::open`. They have the visibility and the
/// comments of the struct and its fields, and add what the derive knows: the SQL of a query, how many rows it gives, a
/// link to the field, and an example. The examples are compiled with the tests of the schema's crate.
/// Events become rows in `impl Materialize for Project`, which is yours.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use store_context::prelude::*;
///
/// #[derive(Row, Clone, Debug)]
/// #[row(table = "issues")]
/// pub struct Issue {
///     #[row(primary_key)]
///     pub id: String,
///     pub title: String,
/// }
///
/// #[derive(Document, Clone, Debug, Default, Serialize, Deserialize)]
/// pub struct BoardView {
///     pub draft: String,
/// }
///
/// #[derive(Event, Clone, Debug, Serialize, Deserialize)]
/// pub enum ProjectEvent {
///     IssueCreated { id: String, title: String },
/// }
///
/// /// The store of one project.
/// #[derive(StoreContext)]
/// #[store(name = "project", events = ProjectEvent)]
/// pub struct Project {
///     /// Every issue of the project.
///     pub issues: Table<Issue>,
///     /// What this session types.
///     pub view: ClientDocument<BoardView>,
///     /// The issues of this title.
///     #[query("SELECT * FROM issues WHERE title = :title")]
///     pub titled: Query<fn(title: &str) -> Vec<Issue>>,
/// }
///
/// impl Materialize for Project {
///     fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
///         match event {
///             ProjectEvent::IssueCreated { id, title } => {
///                 tx.insert(Issue { id: id.clone(), title: title.clone() })?;
///             }
///         }
///         Ok(())
///     }
/// }
///
/// fn use_store(store: &ProjectStore) -> Result<Rows<Issue>, StoreError> {
///     let _ = store.commit(ProjectEvent::IssueCreated { id: "a".into(), title: "A".into() })?;
///     let _ = store.view().update(|view| view.draft.clear())?;
///     store.titled("A").get()
/// }
/// ```
///
/// | `#[store(..)]` | means |
/// |---|---|
/// | `events = ProjectEvent` | the `#[derive(Event)]` enum; required |
/// | `name = "project"` | the schema's name, by default the struct's in `snake_case`; 1 to 120 of `A-Z`, `a-z`, `0-9`, `_` and `-` |
/// | `version = 2` | to be raised when a materializer changes, so that stores replay their logs; by default 1 |
/// | `adapter = ..` | the adapter of providers that name none, an expression |
/// | `crate = path` | where the facade is, by default `::store_context` |
#[proc_macro_derive(StoreContext, attributes(store, query))]
pub fn derive_store_context(input: TokenStream) -> TokenStream {
    store::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// A store id, checked while compiling.
///
/// An id is 1 to 120 of the characters `A-Z`, `a-z`, `0-9`, `_` and `-`. With the facade under another name, write
/// `store_id!(crate = path, "alpha")`.
///
/// ```
/// use store_context::prelude::*;
///
/// let id: StoreId = store_id!("alpha");
/// assert_eq!(id.as_str(), "alpha");
/// ```
#[proc_macro]
pub fn store_id(input: TokenStream) -> TokenStream {
    store_id::expand(input.into()).into()
}
