//! [`Term`]: how the values of an expression are stored and whether they may be `NULL`, as far as names alone tell.

use std::collections::HashSet;

use sqlite3_parser::ast::{Expr, Literal, Operator, UnaryOperator};

use super::functions::{Function, Kind};
use super::model::Sql;

/// The bits of the runtime's storage classes.
pub(crate) const INTEGER: u8 = 1;
pub(crate) const REAL: u8 = 2;
pub(crate) const TEXT: u8 = 4;
pub(crate) const BLOB: u8 = 8;
pub(crate) const ANY: u8 = INTEGER | REAL | TEXT | BLOB;
/// A term of more parts is not worth what it costs the compiler.
const MOST_PARTS: usize = 64;

/// What is known of the values of an expression; each part has its equal in the runtime.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Term {
    #[default]
    Unknown,
    /// This column.
    Column(usize),
    /// The first column of this subquery.
    Select(usize),
    Made(Types, Nulls, Vec<Term>),
}

/// How the values of what is made of parts are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Types {
    Are(u8),
    /// As one of the parts.
    Parts,
    /// As a number: REAL where a part is.
    Number,
    /// As the part, or as REAL where that is no number.
    Absolute,
    /// As the part's sum.
    Sum,
    /// As BLOB where the part is, or else as TEXT.
    Bytes,
}

/// When what is made of parts is `NULL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    Never,
    /// In some row of some execution.
    Always,
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

impl Term {
    pub(crate) fn are(types: u8, nulls: Nulls) -> Self {
        Self::Made(Types::Are(types), nulls, Vec::new())
    }

    /// A value of its own, which is never `NULL`.
    fn is_never_null(&self) -> bool {
        matches!(self, Self::Made(_, Nulls::Never, _))
    }

    pub(crate) fn literal(literal: &Literal<'_>) -> Self {
        match literal {
            Literal::Null => Self::are(0, Nulls::Always),
            Literal::Numeric(number) => {
                let is_hexadecimal = number.starts_with("0x") || number.starts_with("0X");
                let digits = number.replace('_', "");
                Self::are(if is_hexadecimal || digits.parse::<i64>().is_ok() { INTEGER } else { REAL }, Nulls::Never)
            }
            Literal::String(_) => Self::are(TEXT, Nulls::Never),
            Literal::Blob(_) => Self::are(BLOB, Nulls::Never),
            _ => Self::Unknown,
        }
    }

    pub(crate) fn unary(operator: UnaryOperator, inner: Self) -> Self {
        match operator {
            UnaryOperator::Positive => inner,
            UnaryOperator::Negative => match inner {
                // A literal of its own, which has no other value.
                Self::Made(Types::Are(types), Nulls::Never, _) if types & !(INTEGER | REAL) == 0 => {
                    Self::are(types, Nulls::Never)
                }
                inner => Self::Made(Types::Number, Nulls::Any, vec![inner]),
            },
            UnaryOperator::Not | UnaryOperator::BitwiseNot => Self::Made(Types::Are(INTEGER), Nulls::Any, vec![inner]),
        }
    }

    pub(crate) fn binary(left: Self, operator: Operator, right: Self, divisor: &Expr<'_>) -> Self {
        match operator {
            Operator::Is | Operator::IsNot => Self::Made(Types::Are(INTEGER), Nulls::Never, vec![left, right]),
            Operator::And | Operator::Or => Self::Made(Types::Are(INTEGER), Nulls::AnyOrLess, vec![left, right]),
            Operator::Concat => Self::Made(Types::Are(TEXT), Nulls::Any, vec![left, right]),
            Operator::ArrowRight => Self::Made(Types::Are(TEXT), Nulls::AnyOrMore, vec![left]),
            Operator::ArrowRightShift => Self::Made(Types::Are(ANY), Nulls::AnyOrMore, vec![left]),
            Operator::Add | Operator::Subtract | Operator::Multiply => {
                Self::Made(Types::Number, Nulls::Any, vec![left, right])
            }
            Operator::Divide | Operator::Modulus => {
                let is_nonzero = match divisor {
                    Expr::Literal(Literal::Numeric(number)) => number.parse::<f64>().is_ok_and(|number| number != 0.0),
                    _ => false,
                };
                // What is divided by zero is `NULL`. `%` takes the whole part of its divisor.
                let nulls = if is_nonzero && operator == Operator::Divide { Nulls::Any } else { Nulls::AnyOrMore };
                Self::Made(Types::Number, nulls, vec![left, right])
            }
            Operator::BitwiseAnd | Operator::BitwiseOr | Operator::LeftShift | Operator::RightShift => {
                Self::Made(Types::Are(INTEGER), Nulls::Any, vec![left, right])
            }
            Operator::Equals
            | Operator::NotEquals
            | Operator::Less
            | Operator::LessEquals
            | Operator::Greater
            | Operator::GreaterEquals => Self::Made(Types::Are(INTEGER), Nulls::Any, vec![left, right]),
        }
    }

    /// `x IN (..)` and `x BETWEEN a AND b`.
    pub(crate) fn within(value: Self, others: &[Self]) -> Self {
        let nulls = if others.iter().all(Self::is_never_null) { Nulls::Any } else { Nulls::AnyOrMore };
        Self::Made(Types::Are(INTEGER), nulls, vec![value])
    }

    pub(crate) fn cast(inner: Self, ty: &str) -> Self {
        // The rules of SQLite's affinities.
        let ty = ty.to_ascii_uppercase();
        let has = |parts: &[&str]| parts.iter().any(|part| ty.contains(part));
        let types = match () {
            () if has(&["INT"]) => INTEGER,
            () if has(&["CHAR", "CLOB", "TEXT"]) => TEXT,
            () if has(&["BLOB"]) => BLOB,
            () if ty.is_empty() => ANY,
            () if has(&["REAL", "FLOA", "DOUB"]) => REAL,
            () => INTEGER | REAL,
        };
        Self::Made(Types::Are(types), Nulls::Any, vec![inner])
    }

    /// `CASE` and `iif`: the conditions, what each gives, and what is given otherwise.
    pub(crate) fn choice(
        sql: &Sql,
        conditions: Vec<Self>,
        results: Vec<Self>,
        otherwise: Option<Self>,
        may_fail: bool,
    ) -> Self {
        let looked_at: HashSet<String> = conditions.iter().flat_map(|condition| condition.names(sql)).collect();
        let mut parts: Vec<Self> = results
            .into_iter()
            .chain(otherwise.clone())
            .map(|result| {
                // A condition may be what keeps this from being `NULL`.
                let is_guarded = !result.names(sql).is_disjoint(&looked_at);
                if is_guarded { Self::Made(Types::Parts, Nulls::AnyOrLess, vec![result]) } else { result }
            })
            .collect();
        if otherwise.is_none() {
            parts.push(Self::are(0, if may_fail { Nulls::Always } else { Nulls::Perhaps }));
        }
        // Only for a look at what they name.
        parts.push(Self::Made(Types::Are(0), Nulls::Never, conditions));
        Self::Made(Types::Parts, Nulls::Branches, parts)
    }

    /// A call of a function without OVER.
    pub(crate) fn call(
        sql: &Sql,
        function: &Function,
        mut arguments: Vec<Self>,
        mentions: &[Self],
        is_filtered: bool,
    ) -> Self {
        let first = |arguments: Vec<Self>| arguments.into_iter().take(1).collect::<Vec<_>>();
        let rows = if is_filtered { Nulls::RowsOrMore } else { Nulls::Rows };
        let (types, nulls) = match function.name {
            "count" => return Self::are(INTEGER, Nulls::Never),
            "total" => return Self::are(REAL, Nulls::Never),
            "json_group_array" | "json_group_object" => return Self::are(TEXT, Nulls::Never),
            "jsonb_group_array" | "jsonb_group_object" => return Self::are(BLOB, Nulls::Never),
            "hex" | "typeof" | "quote" | "char" | "concat" | "soundex" | "json_array" | "json_object"
            | "sqlite_version" => return Self::are(TEXT, Nulls::Never),
            "sum" => (Types::Sum, rows),
            "avg" => (Types::Are(REAL), rows),
            "group_concat" | "string_agg" => {
                let value = first(arguments);
                return Self::Made(Types::Are(TEXT), rows, value);
            }
            "min" | "max" if arguments.len() == 1 => (Types::Parts, rows),
            "min" | "max" => (Types::Parts, Nulls::Any),
            "coalesce" | "ifnull" => (Types::Parts, Nulls::All),
            "iif" | "if" => {
                let otherwise = if arguments.len() % 2 == 1 { arguments.pop() } else { None };
                let (mut conditions, mut results) = (Vec::new(), Vec::new());
                for (index, argument) in arguments.into_iter().enumerate() {
                    if index % 2 == 0 {
                        conditions.extend(mentions.get(index).cloned())
                    } else {
                        results.push(argument)
                    }
                }
                return Self::choice(sql, conditions, results, otherwise, false);
            }
            "nullif" => {
                let is_plain =
                    matches!(&*arguments, [Self::Column(_), Self::Made(_, Nulls::Never, parts)] if parts.is_empty());
                let other = arguments.pop();
                let mut parts = arguments;
                parts.push(Self::are(0, if is_plain { Nulls::Always } else { Nulls::Perhaps }));
                parts.push(Self::Made(Types::Are(0), Nulls::Never, other.into_iter().collect()));
                return Self::Made(Types::Parts, Nulls::Branches, parts);
            }
            "likely" | "unlikely" | "likelihood" => return arguments.into_iter().next().unwrap_or_default(),
            "lower" | "upper" | "trim" | "ltrim" | "rtrim" | "replace" => (Types::Are(TEXT), Nulls::Any),
            "length" | "octet_length" | "instr" | "glob" | "like" => (Types::Are(INTEGER), Nulls::Any),
            "unicode" | "sign" | "json_valid" | "json_error_position" => (Types::Are(INTEGER), Nulls::AnyOrMore),
            "abs" => (Types::Absolute, Nulls::Any),
            "round" => (Types::Are(REAL), Nulls::Any),
            "substr" | "substring" => return Self::Made(Types::Bytes, Nulls::Any, arguments),
            "date" | "time" | "datetime" | "strftime" | "timediff" => (Types::Are(TEXT), Nulls::AnyOrMore),
            "julianday" => (Types::Are(REAL), Nulls::AnyOrMore),
            "unixepoch" => (Types::Are(INTEGER | REAL), Nulls::AnyOrMore),
            "concat_ws" | "format" | "printf" | "json" | "json_array_insert" | "json_insert" | "json_patch"
            | "json_pretty" | "json_remove" | "json_replace" | "json_set" | "json_type" | "sqlite_source_id" => {
                return Self::are(TEXT, Nulls::Perhaps);
            }
            "json_array_length" => return Self::are(INTEGER, Nulls::Perhaps),
            "unhex" | "zeroblob" => return Self::are(BLOB, Nulls::Perhaps),
            _ if function.kind == Kind::Strict => (Types::Are(ANY), Nulls::AnyOrMore),
            _ => return Self::Unknown,
        };
        Self::Made(types, nulls, arguments)
    }

    /// A call of a function with OVER; `has_frame` is whether its window may be cut to a frame.
    pub(crate) fn windowed(
        sql: &Sql,
        function: &Function,
        arguments: Vec<Self>,
        is_filtered: bool,
        has_frame: bool,
    ) -> Self {
        let nulls = if is_filtered || has_frame { Nulls::Perhaps } else { Nulls::Any };
        match (function.name, &*arguments) {
            ("row_number" | "rank" | "dense_rank" | "ntile", _) => Self::are(INTEGER, Nulls::Never),
            ("percent_rank" | "cume_dist", _) => Self::are(REAL, Nulls::Never),
            // The first row has none before it, the last none after it.
            ("lag" | "lead", [value]) => {
                Self::Made(Types::Parts, Nulls::Any, vec![value.clone(), Self::are(0, Nulls::Always)])
            }
            ("lag" | "lead", [value, _]) => Self::Made(Types::Parts, Nulls::AnyOrMore, vec![value.clone()]),
            ("lag" | "lead", [value, _, default]) => {
                Self::Made(Types::Parts, Nulls::AnyOrLess, vec![value.clone(), default.clone()])
            }
            ("first_value" | "last_value", _) => Self::Made(Types::Parts, nulls, arguments),
            ("nth_value", [value, _]) => Self::Made(Types::Parts, Nulls::Perhaps, vec![value.clone()]),
            _ => match Self::call(sql, function, arguments, &[], is_filtered) {
                Self::Made(types, Nulls::Rows | Nulls::RowsOrMore, parts) => Self::Made(types, nulls, parts),
                other => other,
            },
        }
    }

    /// Something of which only the columns count that it names, the references from `first` on.
    pub(crate) fn mention(sql: &Sql, first: usize) -> Self {
        let columns = (first..sql.references.len()).map(Self::Column);
        Self::Made(Types::Are(0), Nulls::Never, columns.collect())
    }

    /// The columns that it names.
    fn names(&self, sql: &Sql) -> HashSet<String> {
        match self {
            Self::Column(reference) => sql
                .references
                .get(*reference)
                .map(|reference| reference.name.text.to_ascii_lowercase())
                .into_iter()
                .collect(),
            Self::Made(_, _, parts) => parts.iter().flat_map(|part| part.names(sql)).collect(),
            Self::Unknown | Self::Select(_) => HashSet::new(),
        }
    }

    /// Says less of what several columns together decide, where a condition names one of them.
    /// `keeps_both` is whether a join of the statement is FULL, so that of two optional sides one is there.
    pub(crate) fn soften(&mut self, sql: &Sql, mentioned: &HashSet<String>, keeps_both: bool) {
        let is_mentioned = !self.names(sql).is_disjoint(mentioned);
        let Self::Made(_, nulls, parts) = self else { return };
        let several = parts.iter().filter(|part| !part.is_never_null()).count() > 1;
        *nulls = match *nulls {
            Nulls::All if (is_mentioned || keeps_both) && several => Nulls::AllOrLess,
            Nulls::Branches if is_mentioned => Nulls::AnyOrLess,
            other => other,
        };
        parts.retain(|part| !matches!(part, Self::Made(Types::Are(0), Nulls::Never, _)));
        parts.iter_mut().for_each(|part| part.soften(sql, mentioned, keeps_both));
    }

    fn size(&self) -> usize {
        match self {
            Self::Made(_, _, parts) => 1 + parts.iter().map(Self::size).sum::<usize>(),
            _ => 1,
        }
    }

    /// The term, where it is small.
    pub(crate) fn small(self) -> Self {
        if self.size() > MOST_PARTS { Self::Unknown } else { self }
    }
}
