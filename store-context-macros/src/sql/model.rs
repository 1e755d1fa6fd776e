//! A statement resolved as far as names alone allow: what is left is to hold it against the schema's tables, which is
//! done in constants, since a derive does not see other types. Each type has its equal in the runtime.

use super::term::Term;
use super::text::{Name, Place};

/// A statement.
#[derive(Debug, Default)]
pub(crate) struct Sql {
    pub(crate) sources: Vec<Source>,
    pub(crate) scopes: Vec<Scope>,
    /// The first is the statement's own.
    pub(crate) selects: Vec<Select>,
    pub(crate) references: Vec<Reference>,
    /// For each optional side of a join, from 1, the one it is inside of, or 0.
    pub(crate) optional: Vec<usize>,
    pub(crate) widths: Vec<Width>,
    pub(crate) bounds: Vec<Bound>,
    /// Columns that are compared with a text.
    pub(crate) compared: Vec<Compared>,
    /// The aggregates that may be of a SELECT around the one in which they stand.
    pub(crate) aggregates: Vec<Aggregate>,
}

/// A column that is compared with a text of the statement.
#[derive(Debug)]
pub(crate) struct Compared {
    pub(crate) reference: usize,
    pub(crate) text: String,
    pub(crate) place: Place,
    /// Whether it is compared for being that text.
    pub(crate) equal: bool,
}

impl Compared {
    /// Whether SQLite takes the text for a number beside one.
    pub(crate) fn is_number(&self) -> bool {
        let text = self.text.trim_matches(|c: char| c.is_ascii_whitespace());
        text.parse::<f64>().is_ok()
            && text.bytes().all(|byte| !byte.is_ascii_alphabetic() || matches!(byte, b'e' | b'E'))
    }
}

/// An aggregate inside a subquery.
#[derive(Debug)]
pub(crate) struct Aggregate {
    pub(crate) scope: usize,
    /// The columns in its arguments.
    pub(crate) references: Vec<usize>,
}

impl Sql {
    /// At most so many columns do all SELECTs give, and one more; `None` where that depends on the tables.
    pub(crate) fn capacity(&self) -> Option<usize> {
        let outputs = || self.scopes.iter().flat_map(|scope| &scope.outputs);
        (!outputs().any(Output::is_star)).then(|| outputs().count() + 1)
    }
}

/// One item of a FROM clause.
#[derive(Debug)]
pub(crate) struct Source {
    /// How columns name it: the alias, or the table.
    pub(crate) name: Option<Name>,
    pub(crate) place: Place,
    pub(crate) kind: SourceKind,
    /// The optional side of a join that it is on, or 0.
    pub(crate) optional: usize,
    pub(crate) using: Vec<Name>,
    pub(crate) natural: bool,
    /// How its columns of USING or NATURAL are joined, where it begins the right side of such a join.
    pub(crate) join: Join,
    /// So many sources before it are the join's left side.
    pub(crate) left: usize,
    /// So many from it on are the right side.
    pub(crate) right: usize,
    /// A common table expression of nearly this name.
    pub(crate) meant: Option<String>,
}

impl Source {
    pub(crate) fn of(name: Option<Name>, place: Place, kind: SourceKind) -> Self {
        Self {
            name,
            place,
            kind,
            optional: 0,
            using: Vec::new(),
            natural: false,
            join: Join::Left,
            left: 0,
            right: 1,
            meant: None,
        }
    }

    /// Where the alias stands, where there is one beside a table.
    pub(crate) fn alias(&self) -> Place {
        let alias = self.name.as_ref().filter(|name| name.place != self.place);
        alias.map(|name| name.place).unwrap_or_default()
    }
}

/// What a column of USING or NATURAL is outside of the join, without a qualifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    /// The left side's: of an inner or a left join.
    Left,
    /// The right side's: of a right join.
    Right,
    /// The left side's, or where that is `NULL` the right side's: of a full join.
    Full,
    /// One of the two: of a join in parentheses with RIGHT or FULL.
    Unclear,
}

#[derive(Debug)]
pub(crate) enum SourceKind {
    /// A table or document, or one of SQLite's own where the schema has none of that name.
    Table(Name, Builtin),
    /// A subquery or a common table expression.
    Select { select: usize, columns: Vec<Name>, recursive: bool },
    /// One of SQLite's own, called with arguments.
    Function(Builtin),
}

/// The tables that SQLite has by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    None,
    /// `json_each` and its like.
    Json,
    /// `sqlite_schema` and its other names.
    Schema,
    /// One whose columns are not looked at.
    Other,
}

/// One SELECT of a compound, or the only one.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    pub(crate) first: usize,
    pub(crate) count: usize,
    pub(crate) parent: Option<usize>,
    pub(crate) outputs: Vec<Output>,
    /// References that are `NULL` in no row that comes out.
    pub(crate) required: Vec<usize>,
    /// Of each of these, one is not `NULL`.
    pub(crate) any: Vec<Vec<usize>>,
    /// What is required where an optional side of a join matched.
    pub(crate) implied: Vec<(usize, usize)>,
    /// References of which conditions say something that is not looked into.
    pub(crate) doubted: Vec<usize>,
    /// Where an optional side matched, or with 0 always, the columns of this source's USING or NATURAL are not `NULL`.
    pub(crate) shared: Vec<(usize, usize)>,
    /// An aggregate without groups: one row, also of no rows.
    pub(crate) aggregate: bool,
    /// It has a GROUP BY.
    pub(crate) grouped: bool,
    /// It has a HAVING.
    pub(crate) having: bool,
    /// It has a WHERE.
    pub(crate) filtered: bool,
    /// It has a LIMIT that may leave nothing.
    pub(crate) limited: bool,
}

#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) kind: OutputKind,
    /// Its name, where it has one.
    pub(crate) name: Option<String>,
    /// The expression.
    pub(crate) place: Place,
    /// The alias, or else the column, or else the expression.
    pub(crate) name_place: Place,
    /// Declared as never `NULL`, by an alias that ends in `!`.
    pub(crate) required: bool,
    /// What is known of an expression.
    pub(crate) term: Term,
}

impl Output {
    /// Whether it is as many columns as its tables have.
    pub(crate) fn is_star(&self) -> bool {
        matches!(self.kind, OutputKind::Star | OutputKind::SourceStar(_))
    }

    /// Where its name stands, if that is not the whole expression.
    pub(crate) fn alias(&self) -> Place {
        if self.name_place == self.place { Place::default() } else { self.name_place }
    }
}

#[derive(Debug)]
pub(crate) enum OutputKind {
    Column(usize),
    Star,
    SourceStar(Name),
    Expression,
}

#[derive(Debug, Default)]
pub(crate) struct Select {
    pub(crate) arms: Vec<usize>,
    /// The arms whose `NULL`s come out.
    pub(crate) visible: Vec<usize>,
}

/// A column as an expression names it.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) scope: usize,
    pub(crate) qualifier: Option<Name>,
    pub(crate) name: Name,
    /// What it means where no table has such a column.
    pub(crate) otherwise: Otherwise,
}

impl Reference {
    /// Where it stands, with its qualifier.
    pub(crate) fn place(&self) -> Place {
        let end = self.name.place.start + self.name.place.length;
        let start = self.qualifier.as_ref().map_or(self.name.place.start, |qualifier| qualifier.place.start);
        Place { start, length: end.saturating_sub(start) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Otherwise {
    Unknown,
    /// Probably meant as a string.
    Text,
    /// A result column's alias, `true`, `false`, or the text of an expression.
    Known,
    /// The alias of a result column that is this reference.
    Alias(usize),
    /// The alias of an aggregate or a window function, which this clause is computed before.
    Late,
    /// A result column of `*`, also where several tables have one of that name.
    Result,
}

/// How many columns a subquery has to have; 0 for as many in each SELECT of a compound.
#[derive(Debug)]
pub(crate) struct Width {
    pub(crate) select: usize,
    pub(crate) wanted: usize,
    pub(crate) place: Place,
}

/// A condition of a WHERE clause that compares a column with a parameter.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub(crate) reference: usize,
    pub(crate) comparison: Comparison,
    pub(crate) parameter: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The same with its sides exchanged.
    pub(crate) fn flipped(self) -> Self {
        match self {
            Self::Equal => Self::Equal,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }
}
