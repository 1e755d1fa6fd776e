//! [`Context`]: where an expression stands. [`Facts`]: what is known of it.

use super::model::Bound;
use super::term::{Nulls, Term, Types};
use super::text::{Name, Place};

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
    /// What has to hold for it to be true.
    pub(crate) bounds: Vec<Bound>,
    /// How its values are stored, and whether they may be `NULL`.
    pub(crate) term: Term,
    pub(crate) aggregate: bool,
    /// It has an aggregate that is surely of the SELECT in which it stands.
    pub(crate) own_aggregate: bool,
    /// It is computed of a window.
    pub(crate) windowed: bool,
    pub(crate) parameter: Option<String>,
    /// It is this text, and where that stands.
    pub(crate) text: Option<(String, Place)>,
    /// It is this subquery, of one column or several.
    pub(crate) subquery: Option<usize>,
    /// It is several values in parentheses.
    pub(crate) is_row: bool,
    /// It is compared by this collation, which SQLite does not have.
    pub(crate) collation: Option<Name>,
}

impl Facts {
    /// Nothing but what a whole takes over from its parts.
    pub(crate) fn of(parts: &[&Facts]) -> Self {
        let aggregate = parts.iter().any(|part| part.aggregate);
        let own_aggregate = parts.iter().any(|part| part.own_aggregate);
        Self { aggregate, own_aggregate, windowed: parts.iter().any(|part| part.windowed), ..Self::default() }
    }

    /// What is made of these parts in this way.
    pub(crate) fn made(types: u8, nulls: Nulls, parts: &[&Facts]) -> Self {
        let terms = parts.iter().map(|part| part.term.clone()).collect();
        Self { term: Term::Made(Types::Are(types), nulls, terms), ..Self::of(parts) }
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
