//! [`Context`]: where an expression stands. [`Facts`]: what is known of it.

use super::model::Bound;
use super::text::Name;

/// Where an expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clause {
    Columns,
    On,
    Where,
    Group,
    Having,
    Order,
    Limit,
    /// Inside an aggregate.
    Argument,
}

#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) scope: Option<usize>,
    pub(crate) clause: Clause,
    /// What a subquery of the expression sees.
    pub(crate) around: &'c Around,
}

/// What is known of an expression. The references are those of bare columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// It is this column and nothing else.
    pub(crate) column: Option<usize>,
    /// It is `NULL` where one of these is.
    pub(crate) null: Vec<usize>,
    /// It is not true where one of these is `NULL`.
    pub(crate) rejects: Vec<usize>,
    /// It is true where one of these is `NULL`.
    pub(crate) accepts: Vec<usize>,
    /// What has to hold for it to be true.
    pub(crate) bounds: Vec<Bound>,
    pub(crate) aggregate: bool,
    /// It is computed of a window.
    pub(crate) windowed: bool,
    pub(crate) parameter: Option<String>,
    /// It is this subquery, of one column or several.
    pub(crate) subquery: Option<usize>,
    /// It is several values in parentheses.
    pub(crate) is_row: bool,
    /// It is compared by this collation, which SQLite does not have.
    pub(crate) collation: Option<Name>,
}

impl Facts {
    /// `NULL` where one of these parts is.
    pub(crate) fn strict(parts: &[&Facts]) -> Self {
        let null: Vec<usize> = parts.iter().flat_map(|part| part.null.iter().copied()).collect();
        Self { rejects: null.clone(), null, ..Self::of(parts) }
    }

    /// Nothing but what a whole takes over from its parts.
    pub(crate) fn of(parts: &[&Facts]) -> Self {
        let aggregate = parts.iter().any(|part| part.aggregate);
        Self { aggregate, windowed: parts.iter().any(|part| part.windowed), ..Self::default() }
    }
}

/// What a SELECT sees of what is around it.
#[derive(Clone, Default)]
pub(crate) struct Around {
    pub(crate) parent: Option<usize>,
    pub(crate) seen: Vec<usize>,
    /// Common table expressions, the nearest last.
    pub(crate) tables: Vec<usize>,
}
