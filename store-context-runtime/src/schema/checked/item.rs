//! What a statement's parts turned out to be: sources, references, and the columns that a SELECT gives.

use crate::row::value::SqlTypes;

/// What a source turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing that is known here.
    Unknown,
    /// A table of the schema.
    Table(usize),
    /// A client document of the schema.
    Document(usize),
    /// `json_each` or its like.
    Json,
    /// `sqlite_schema`.
    Schema,
    /// A subquery.
    Select,
}

/// What a reference turned out to be: a source and the position of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The source, or [`Column::UNKNOWN`]'s.
    pub source: usize,
    /// The column's position, or [`Column::ROWID`].
    pub index: usize,
    /// Whether it is this or, where this is `NULL`, a column of the same name after it: what `FULL JOIN .. USING` makes
    /// one.
    pub full: bool,
}

impl Column {
    /// Something that is no column of a table.
    pub const UNKNOWN: Self = Self::of(usize::MAX, 0);
    /// The position of a table's `rowid`.
    pub const ROWID: usize = usize::MAX;

    /// A source's column.
    pub(super) const fn of(source: usize, index: usize) -> Self {
        Self { source, index, full: false }
    }

    /// Whether it is no column of a table.
    #[must_use]
    pub const fn is_unknown(self) -> bool {
        self.source == usize::MAX
    }
}

/// What does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// The source names no table.
    NoTable(usize),
    /// The reference names no column.
    NoColumn(usize),
    /// The reference names a column of each of these two sources.
    Ambiguous(usize, usize, usize),
    /// A column of the source's `USING` is missing on a side.
    NoSharedColumn(usize, usize),
    /// A text that no value of the column is.
    NoValue(usize),
    /// A `widths` entry is not kept: this many were found.
    Width(usize, usize),
    /// The result has this many columns.
    Count(usize),
    /// The row type's field is not in the result.
    Missing(usize),
    /// The field, and the first two columns of its name.
    Twice(usize, usize, usize),
    /// The field, the part of the SELECT, its column: it may be `NULL` where the field is no `Option`.
    Nullable(usize, usize, usize),
    /// The field, the part of the SELECT, its column: all its values are stored as the field is not read.
    Type(usize, usize, usize, SqlTypes),
}

/// Where the items of a scope are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelt {
    pub(super) first: usize,
    pub(super) count: usize,
    /// Whether they are all.
    pub(super) complete: bool,
    pub(super) begun: bool,
}

/// One column that a SELECT gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) kind: ItemKind,
    pub(super) name: u64,
    pub(super) output: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum ItemKind {
    Expression,
    Column(Column),
    /// There are not so many.
    End,
    /// From here on it is not known.
    Unknown,
}

/// Whether a column may be `NULL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nullable {
    /// It is not.
    No,
    /// It may.
    Yes,
    /// That is not known before it is read.
    Unknown,
}
