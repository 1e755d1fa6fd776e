//! How the values of a [`Term`] are stored and whether they may be `NULL`.
//!
//! That it may be `NULL` is said only where an execution exists in which it is, and of a type only what holds for every
//! value: what is said here is refused where a row type does not fit it.

use super::item::{Column, Nullable, Origin};
use super::statement::{Scope, SourceKind};
use super::term::{Nulls, Term, Types};
use super::view::View;
use crate::row::value::{SqlType, SqlTypes};

const REAL: SqlTypes = SqlTypes::of(&[SqlType::Real]);
const NUMBERS: SqlTypes = SqlTypes::of(&[SqlType::Integer, SqlType::Real]);

impl View<'_> {
    pub(super) const fn term_types(&self, scope: usize, term: &Term) -> SqlTypes {
        let (types, parts) = match term {
            Term::Unknown => return SqlTypes::ANY,
            Term::Column(reference) => return self.reference_types(scope, self.columns[*reference]),
            Term::Select(select) => return self.select_types(*select, 0),
            Term::Made(Types::Are(types), ..) => return SqlTypes::from_bits(*types),
            Term::Made(types, _, parts) => (*types, *parts),
        };
        let (mut all, mut parts, mut has_real) = (SqlTypes::of(&[]), parts, false);
        while let [part, rest @ ..] = parts {
            let of_part = self.term_types(scope, part);
            has_real |= of_part.are_within(REAL) && !of_part.is_empty();
            all = all.and(of_part);
            parts = rest;
        }
        match types {
            Types::Are(_) | Types::Parts => all,
            // What does not fit an integer becomes a real number.
            Types::Number => {
                if has_real {
                    REAL
                } else {
                    NUMBERS
                }
            }
            Types::Absolute | Types::Sum if all.are_within(NUMBERS) => all,
            Types::Absolute | Types::Sum => NUMBERS,
            Types::Bytes => {
                SqlTypes::of(match (all.has(SqlType::Blob), all.are_within(SqlTypes::of(&[SqlType::Blob]))) {
                    (true, true) => &[SqlType::Blob],
                    (true, false) => &[SqlType::Text, SqlType::Blob],
                    (false, _) => &[SqlType::Text],
                })
            }
        }
    }

    /// `inside` is whether it stands in an aggregate, which looks at each row.
    pub(super) const fn term_nullable(&self, scope: usize, term: &Term, inside: bool) -> Nullable {
        let (nulls, parts) = match term {
            Term::Unknown => return Nullable::Unknown,
            Term::Column(reference) => return self.reference_nullable(scope, self.columns[*reference], inside),
            Term::Select(select) => return self.value_nullable(*select),
            Term::Made(_, nulls, parts) => (*nulls, *parts),
        };
        let is_rows = matches!(nulls, Nulls::Rows | Nulls::RowsOrMore);
        let (mut yes, mut no, mut rest) = (0, 0, parts);
        while let [part, others @ ..] = rest {
            match self.term_nullable(scope, part, inside || is_rows) {
                Nullable::Yes => yes += 1,
                Nullable::No => no += 1,
                Nullable::Unknown => {}
            }
            rest = others;
        }
        match nulls {
            Nulls::Never => Nullable::No,
            Nulls::Always => Nullable::Yes,
            Nulls::Perhaps => Nullable::Unknown,
            Nulls::Rows | Nulls::RowsOrMore if !self.is_of(scope, parts) => Nullable::Unknown,
            Nulls::Rows | Nulls::RowsOrMore if self.is_aggregate(scope) && self.sql.scopes[scope].having => {
                Nullable::Unknown
            }
            Nulls::Rows | Nulls::RowsOrMore if self.is_aggregate(scope) && self.may_be_empty(scope) => Nullable::Yes,
            // It is not known whether there are rows.
            Nulls::Rows if self.is_aggregate(scope) && self.sql.scopes[scope].count > 0 && yes == 0 => {
                Nullable::Unknown
            }
            Nulls::Any | Nulls::AnyOrMore | Nulls::Rows | Nulls::RowsOrMore if yes > 0 => Nullable::Yes,
            Nulls::Branches if yes > 0 && self.is_direct(parts) => Nullable::Yes,
            Nulls::Any | Nulls::AnyOrLess | Nulls::Branches | Nulls::Rows if no == parts.len() => Nullable::No,
            Nulls::All | Nulls::AllOrLess if no > 0 => Nullable::No,
            // One part's `NULL` may come with a value of another, where both are of a subquery.
            Nulls::All if yes == parts.len() && (yes == 1 || self.is_direct(parts)) => Nullable::Yes,
            _ => Nullable::Unknown,
        }
    }

    /// Whether an aggregate of these parts is of this scope and not of one around it.
    const fn is_of(&self, scope: usize, parts: &[Term]) -> bool {
        if self.sql.scopes[scope].parent.is_none() || matches!(self.sql.aggregates, []) {
            return true;
        }
        let (mut parts, mut is_constant) = (parts, true);
        while let [part, rest @ ..] = parts {
            match part {
                Term::Column(reference) if !self.columns[*reference].is_unknown() => {
                    if matches!(self.owner(scope, self.columns[*reference]), Some(owner) if owner == scope) {
                        return true;
                    }
                    is_constant = false;
                }
                Term::Made(_, _, []) => {}
                Term::Made(_, _, inner) if self.is_of(scope, inner) => return true,
                _ => is_constant = false,
            }
            parts = rest;
        }
        is_constant
    }

    /// Whether all columns of these parts are of tables, and not of subqueries.
    const fn is_direct(&self, parts: &[Term]) -> bool {
        let mut parts = parts;
        while let [part, rest @ ..] = parts {
            let is_direct = match part {
                Term::Unknown | Term::Select(_) => false,
                Term::Column(reference) => {
                    let column = self.columns[*reference];
                    column.is_unknown() || matches!(self.origins[column.source], Origin::Table(_) | Origin::Document(_))
                }
                Term::Made(_, _, parts) => self.is_direct(parts),
            };
            if !is_direct {
                return false;
            }
            parts = rest;
        }
        true
    }

    /// The scope, this or one around it, that has a column's source.
    pub(super) const fn owner(&self, scope: usize, column: Column) -> Option<usize> {
        let mut next = Some(scope);
        while let Some(scope) = next {
            let Scope { first, count, parent, .. } = self.sql.scopes[scope];
            if column.source >= first && column.source < first + count {
                return Some(scope);
            }
            next = parent;
        }
        None
    }

    /// Whether a scope gives one row also of no rows: also for an aggregate that stands in one of its subqueries.
    pub(super) const fn is_aggregate(&self, scope: usize) -> bool {
        let Scope { aggregate, grouped, .. } = self.sql.scopes[scope];
        if aggregate || grouped {
            return aggregate;
        }
        let mut aggregates = self.sql.aggregates;
        while let [first, rest @ ..] = aggregates {
            let (mut references, mut owner) = (first.references, None);
            while let [reference, others @ ..] = references {
                let column = self.columns[*reference];
                let of_column = if column.is_unknown() { Some(first.scope) } else { self.owner(first.scope, column) };
                // It is of the innermost SELECT that has one of its columns. Scopes are numbered inwards.
                owner = match (owner, of_column) {
                    (Some(owner), Some(of_column)) if of_column < owner => Some(owner),
                    (_, Some(of_column)) => Some(of_column),
                    (owner, None) => owner,
                };
                references = others;
            }
            if matches!(owner, Some(owner) if owner == scope) {
                return true;
            }
            aggregates = rest;
        }
        false
    }

    /// Whether an execution exists in which a scope reads no rows, beside whatever else the statement reads.
    pub(super) const fn may_be_empty(&self, scope: usize) -> bool {
        let Scope { first, count, .. } = self.sql.scopes[scope];
        let is_own = self.is_statement(scope);
        let (mut source, mut tables) = (first, 0);
        while source < first + count {
            match self.origins[source] {
                Origin::Table(_) | Origin::Document(_) => {
                    tables += 1;
                    if self.sql.sources[source].optional == 0 && (is_own || self.is_alone(source)) {
                        return true;
                    }
                }
                Origin::Select if self.sql.sources[source].optional == 0 => {
                    if let SourceKind::Select { select, recursive: false, .. } = self.sql.sources[source].kind
                        && let [arm] = self.sql.selects[select].arms
                        && !self.is_aggregate(*arm)
                        && self.may_be_empty(*arm)
                    {
                        return true;
                    }
                }
                _ => {}
            }
            source += 1;
        }
        is_own && tables > 0 && tables == count
    }

    /// Whether it is a part of the statement itself.
    const fn is_statement(&self, scope: usize) -> bool {
        let mut arms = self.sql.selects[0].arms;
        while let [arm, rest @ ..] = arms {
            if *arm == scope {
                return true;
            }
            arms = rest;
        }
        false
    }

    /// Whether nothing else in the statement says that the table has rows: neither another mention of it, nor a foreign
    /// key of another table.
    const fn is_alone(&self, source: usize) -> bool {
        let mut other = 0;
        while other < self.sql.sources.len() {
            if other != source {
                match (self.origins[other], self.origins[source]) {
                    (Origin::Table(other), Origin::Table(table))
                        if other == table || !self.tables.tables[other].foreign_keys.is_empty() =>
                    {
                        return false;
                    }
                    (Origin::Document(other), Origin::Document(document)) if other == document => return false,
                    (Origin::Unknown, _) if matches!(self.sql.sources[other].kind, SourceKind::Table(..)) => {
                        return false;
                    }
                    _ => {}
                }
            }
            other += 1;
        }
        true
    }

    /// A subquery in the place of a value, which is `NULL` where it gives no row.
    const fn value_nullable(&self, select: usize) -> Nullable {
        let [arm] = self.sql.selects[select].arms else { return Nullable::Unknown };
        let Scope { count, having, filtered, limited, .. } = self.sql.scopes[*arm];
        let of_row = self.item_nullable(*arm, &self.item(*arm, 0));
        let is_one_row = !limited && !having && if count == 0 { !filtered } else { self.is_aggregate(*arm) };
        match of_row {
            Nullable::Yes => Nullable::Yes,
            of_row if is_one_row => of_row,
            _ if !self.is_aggregate(*arm) && self.may_be_empty(*arm) => Nullable::Yes,
            _ => Nullable::Unknown,
        }
    }
}
