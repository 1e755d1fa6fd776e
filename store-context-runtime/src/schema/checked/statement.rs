//! [`SqlDef`]: a statement as the derive has read it, with its names as hashes.

use super::term::Term;

/// Bytes of the statement, as one number: where they start, a million times, and how many they are.
pub type Place = u64;

pub(super) const fn start(place: Place) -> usize {
    (place / 1_000_000) as usize
}

pub(super) const fn length(place: Place) -> usize {
    (place % 1_000_000) as usize
}

/// A statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqlDef {
    /// As it was written.
    pub text: &'static str,
    /// The items of all FROM clauses.
    pub sources: &'static [Source],
    /// Every single SELECT.
    pub scopes: &'static [Scope],
    /// The statement, its subqueries and common table expressions; the first is the statement.
    pub selects: &'static [Select],
    /// Every mention of a column.
    pub references: &'static [Reference],
    /// For each optional side of a join, from 1, the one around it, or 0.
    pub optional: &'static [usize],
    /// What subqueries have to give.
    pub widths: &'static [Width],
    /// Conditions that compare a column with a parameter.
    pub bounds: &'static [Bound],
    /// Columns that are compared with a text.
    pub compared: &'static [Compared],
    /// Aggregates that may be of a SELECT around the one in which they stand.
    pub aggregates: &'static [Aggregate],
}

/// A column that is compared with a text of the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The column.
    pub reference: usize,
    /// The text.
    pub text: &'static str,
    /// Where it stands.
    pub place: Place,
    /// Whether it is compared for being that text.
    pub equal: bool,
    /// Whether the text is a number.
    pub number: bool,
}

/// An aggregate inside a subquery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// The SELECT it stands in.
    pub scope: usize,
    /// The columns in its arguments.
    pub references: &'static [usize],
}

impl SqlDef {
    /// What the derive leaves out.
    pub const PLAIN: Self = Self {
        text: "",
        sources: &[],
        scopes: &[],
        selects: &[Select { arms: &[0], visible: &[0] }],
        references: &[],
        optional: &[],
        widths: &[],
        bounds: &[],
        compared: &[],
        aggregates: &[],
    };
}

/// An item of a FROM clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// How columns name it, or 0.
    pub name: u64,
    /// Where the table stands, or else the name.
    pub place: Place,
    /// Where its alias stands, or 0.
    pub alias: Place,
    /// What it is.
    pub kind: SourceKind,
    /// The optional side of a join that it is on, or 0.
    pub optional: usize,
    /// The columns of its `USING`.
    pub using: &'static [(u64, Place)],
    /// Whether its join is `NATURAL`.
    pub natural: bool,
    /// How its columns of `USING` or `NATURAL` are joined.
    pub join: Join,
    /// How many sources before it are the left side of such a join.
    pub left: usize,
    /// How many from it on are the right side.
    pub right: usize,
    /// A common table expression of nearly the table's name, or nothing.
    pub meant: &'static str,
}

impl Source {
    /// What the derive leaves out.
    pub const PLAIN: Self = Self {
        name: 0,
        place: 0,
        alias: 0,
        kind: SourceKind::Function(Builtin::Other),
        optional: 0,
        using: &[],
        natural: false,
        join: Join::Left,
        left: 0,
        right: 1,
        meant: "",
    };
}

/// What a column of `USING` or `NATURAL` is outside of the join, without a qualifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// The left side's: of an inner or a left join.
    Left,
    /// The right side's: of a right join.
    Right,
    /// The left side's, or where that is `NULL` the right side's: of a full join.
    Full,
    /// One of the two.
    Unclear,
}

/// What an item of a FROM clause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A table or a document, or else one of SQLite's own.
    Table(u64, Builtin),
    /// A subquery or a common table expression.
    Select {
        /// Which.
        select: usize,
        /// The names that it gives its columns, if it does.
        columns: &'static [u64],
        /// Whether it reads itself.
        recursive: bool,
    },
    /// One of SQLite's own, called with arguments.
    Function(Builtin),
}

/// A table that SQLite has by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// None.
    None,
    /// `json_each` and its like.
    Json,
    /// `sqlite_schema`.
    Schema,
    /// One whose columns are not looked at.
    Other,
}

/// A single SELECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The first of its sources.
    pub first: usize,
    /// How many they are.
    pub count: usize,
    /// The SELECT around it.
    pub parent: Option<usize>,
    /// What it gives.
    pub outputs: &'static [Output],
    /// References that are `NULL` in no row that comes out.
    pub required: &'static [usize],
    /// Of each of these, one is `NULL` in no row.
    pub any: &'static [&'static [usize]],
    /// References of which conditions say something that is not looked into.
    pub doubted: &'static [usize],
    /// What is required where an optional side of a join matched.
    pub implied: &'static [(usize, usize)],
    /// Where an optional side matched, or with 0 always, the columns of this source's `USING` or `NATURAL` are not
    /// `NULL`.
    pub shared: &'static [(usize, usize)],
    /// Whether it gives one row also of no rows.
    pub aggregate: bool,
    /// Whether it has a `GROUP BY`.
    pub grouped: bool,
    /// Whether it has a `HAVING`.
    pub having: bool,
    /// Whether it has a `WHERE`.
    pub filtered: bool,
    /// Whether it has a `LIMIT` that may leave nothing.
    pub limited: bool,
}

impl Scope {
    /// What the derive leaves out.
    pub const PLAIN: Self = Self {
        first: 0,
        count: 0,
        parent: None,
        outputs: &[],
        required: &[],
        any: &[],
        doubted: &[],
        implied: &[],
        shared: &[],
        aggregate: false,
        grouped: false,
        having: false,
        filtered: false,
        limited: false,
    };
}

/// A result column, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Output {
    /// What it is.
    pub kind: OutputKind,
    /// Its name, or 0.
    pub name: u64,
    /// Where the expression stands.
    pub place: Place,
    /// Where its alias stands, or the column after its qualifier; 0 where there is neither.
    pub alias: Place,
    /// Whether it is declared as never `NULL`, by an alias such as `"points!"`.
    pub required: bool,
    /// What is known of an expression.
    pub term: Term,
}

impl Output {
    /// What the derive leaves out.
    pub const PLAIN: Self =
        Self { kind: OutputKind::Expression, name: 0, place: 0, alias: 0, required: false, term: Term::Unknown };
}

/// What a result column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// A column and nothing else.
    Column(usize),
    /// `*`
    Star,
    /// `issues.*`
    SourceStar(u64),
    /// Anything else.
    Expression,
}

/// A SELECT, of one part or a compound of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Select {
    /// Its parts.
    pub arms: &'static [usize],
    /// The parts whose `NULL`s come out.
    pub visible: &'static [usize],
}

/// A mention of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The SELECT it stands in.
    pub scope: usize,
    /// The table or alias before the dot, or 0.
    pub qualifier: u64,
    /// The column.
    pub name: u64,
    /// Where it stands.
    pub place: Place,
    /// What it means where no table has such a column.
    pub otherwise: Otherwise,
}

impl Reference {
    /// What the derive leaves out.
    pub const PLAIN: Self = Self { scope: 0, qualifier: 0, name: 0, place: 0, otherwise: Otherwise::Unknown };
}

/// What a name means where no table has such a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// Nothing.
    Unknown,
    /// Nothing; a string was meant.
    Text,
    /// Something that is no column, such as an alias.
    Known,
    /// The alias of a result column that is this reference.
    Alias(usize),
    /// The alias of what is computed later.
    Late,
    /// A result column of `*`, also where several tables have one of that name.
    Result,
}

/// How many columns a subquery has to give; 0 for as many in each part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width {
    /// Which.
    pub select: usize,
    /// How many.
    pub wanted: usize,
    /// Where it stands.
    pub place: Place,
}

/// A condition that compares a column with a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The column.
    pub reference: usize,
    /// How.
    pub comparison: Comparison,
    /// The parameter's position in the function type.
    pub parameter: usize,
}

/// How a column is compared with a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}
