//! [`Term`]: what an expression is made of, as far as that tells how its values are stored and whether they may be `NULL`.

/// What is known of the values of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// Nothing.
    Unknown,
    /// It is this column.
    Column(usize),
    /// It is the first column of this subquery.
    Select(usize),
    /// It is made of parts.
    Made(Types, Nulls, &'static [Term]),
}

/// How the values of what is made of parts are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Types {
    /// So, one bit a storage class.
    Are(u8),
    /// As one of the parts.
    Parts,
    /// As a number: `REAL` where a part is.
    Number,
    /// As the part, or as `REAL` where that is no number.
    Absolute,
    /// As the part's sum.
    Sum,
    /// As `BLOB` where the part is, or else as `TEXT`.
    Bytes,
}

/// When what is made of parts is `NULL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nulls {
    /// Never.
    Never,
    /// In some row of some execution.
    Always,
    /// Perhaps.
    Perhaps,
    /// Where a part is.
    Any,
    /// Where a part is, and perhaps elsewhere.
    AnyOrMore,
    /// Never where no part may be.
    AnyOrLess,
    /// Where all parts are.
    All,
    /// Never where one part never is.
    AllOrLess,
    /// Where the part is that a condition chooses.
    Branches,
    /// Of an aggregate: where there are no rows, or a part is in all of them.
    Rows,
    /// The same, and perhaps elsewhere.
    RowsOrMore,
}
