//! What a statement gives, held against the declared row type.

use super::item::{Column, Item, ItemKind, Mistake, Origin, Spelt};
use super::resolve::Resolved;
use super::statement::{Select, SourceKind, SqlDef};
use super::tables::{Tables, hash};
use super::view::{Found, View};
use crate::row::row::Shape;
use crate::row::value::SqlType;

/// What SQLite calls a table's `rowid` that has no other name.
const ROWID: u64 = hash("rowid");

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

/// The first thing in which the result differs from the row type.
pub(super) const fn mistake(view: View<'_>, shape: &Shape) -> Option<Mistake> {
    let [Select { arms: [arm, ..], .. }, ..] = view.sql.selects else { return None };
    let Spelt { first, count, complete, .. } = view.spelt[*arm];
    let (fields, is_named) = match shape {
        Shape::Named(fields) => (*fields, true),
        Shape::Positional(fields) => (*fields, false),
    };
    if !is_named && !complete {
        return None;
    }
    if !is_named && count != fields.len() {
        return Some(Mistake::Count(count));
    }
    let items = view.items;
    let mut rest = fields;
    let mut index = 0;
    while let [field, others @ ..] = rest {
        // As rows are decoded: a column stands where its field does, or else the first of its name is it.
        let item = if !is_named || (index < count && items[first + index].name == field.hash) {
            index
        } else {
            match view.find_in_select(0, field.hash) {
                Found::At(index) => index,
                Found::Perhaps => return None,
                Found::No => match view.find_rowid(*arm, field.name) {
                    Some(index) => index,
                    None => return Some(Mistake::Missing(index)),
                },
            }
        };
        let mut visible = view.sql.selects[0].visible;
        while let [arm, others @ ..] = visible {
            let of_arm = view.item(*arm, item);
            if !field.nullable && matches!(view.item_nullable(*arm, &of_arm), Nullable::Yes) {
                return Some(Mistake::Nullable(index, *arm, item));
            }
            if let Some(ty) = view.item_type(*arm, &of_arm)
                && !field.reads.has(ty)
            {
                return Some(Mistake::Type(index, *arm, item, ty));
            }
            visible = others;
        }
        rest = others;
        index += 1;
    }
    None
}

impl<const S: usize, const R: usize, const K: usize, const N: usize> Resolved<S, R, K, N> {
    /// Whether a column of the result is known never to be `NULL`, for tests.
    #[must_use]
    pub const fn is_never_null(&self, sql: &SqlDef, tables: &Tables, column: usize) -> bool {
        matches!(self.view(sql, tables).select_nullable(0, column, false), Nullable::No)
    }

    /// The storage classes that a column of the result is known to have, for tests; `None` where one is not known.
    #[must_use]
    pub fn stored_as(&self, sql: &SqlDef, tables: &Tables, column: usize) -> Option<Vec<SqlType>> {
        let view = self.view(sql, tables);
        let visible = sql.selects[0].visible;
        let types: Option<Vec<_>> = visible.iter().map(|arm| view.item_type(*arm, &view.item(*arm, column))).collect();
        types.filter(|types| !types.is_empty())
    }
}

impl View<'_> {
    /// A table's `rowid` has the name of its integer key, or that one.
    const fn find_rowid(&self, arm: usize, name: &str) -> Option<usize> {
        let mut index = 0;
        loop {
            match self.item(arm, index).kind {
                ItemKind::Column(Column { source, index: Column::ROWID }) => {
                    if hash(name) == ROWID {
                        return Some(index);
                    }
                    if let Origin::Table(table) = self.origins[source] {
                        let key = self.tables.tables[table].primary_key;
                        if key.len() == 1 && key[0].as_bytes().eq_ignore_ascii_case(name.as_bytes()) {
                            return Some(index);
                        }
                    }
                }
                ItemKind::End | ItemKind::Unknown => return None,
                _ => {}
            }
            index += 1;
        }
    }

    /// Whether a SELECT's column may be `NULL`; of a SELECT that is being read by itself, its first part tells.
    pub(super) const fn select_nullable(&self, select: usize, index: usize, first_only: bool) -> Nullable {
        let visible = self.sql.selects[select].visible;
        let count = if first_only && visible.len() > 1 { 1 } else { visible.len() };
        let (mut nullable, mut arm) = (if count == 0 { Nullable::Unknown } else { Nullable::No }, 0);
        while arm < count {
            match self.item_nullable(visible[arm], &self.item(visible[arm], index)) {
                Nullable::Yes => return Nullable::Yes,
                Nullable::Unknown => nullable = Nullable::Unknown,
                Nullable::No => {}
            }
            arm += 1;
        }
        nullable
    }

    const fn item_nullable(&self, scope: usize, item: &Item) -> Nullable {
        let ItemKind::Column(column) = item.kind else { return Nullable::Unknown };
        let scope_def = &self.sql.scopes[scope];
        if scope_def.outputs[item.output].required {
            return Nullable::No;
        }
        if scope_def.aggregate {
            return Nullable::Yes;
        }
        let own = self.column_nullable(column);
        let optional = self.sql.sources[column.source].optional;
        if (optional == 0 && matches!(own, Nullable::No)) || self.is_required(scope, column) {
            return Nullable::No;
        }
        if optional == 0 || matches!(own, Nullable::Yes) || self.is_matched(scope, optional) {
            return own;
        }
        let is_here = column.source >= scope_def.first && column.source < scope_def.first + scope_def.count;
        // A column that USING has made one may come from the other side.
        if is_here && !self.may_be_merged(scope, column) { Nullable::Yes } else { Nullable::Unknown }
    }

    const fn column_nullable(&self, column: Column) -> Nullable {
        if column.index == Column::ROWID {
            return Nullable::No;
        }
        match self.origins[column.source] {
            Origin::Table(table) => {
                if self.tables.tables[table].columns[column.index].nullable {
                    Nullable::Yes
                } else {
                    Nullable::No
                }
            }
            Origin::Document(_) => Nullable::No,
            Origin::Json | Origin::Unknown => Nullable::Unknown,
            Origin::Select => match self.sql.sources[column.source].kind {
                SourceKind::Select { select, recursive, .. } => self.select_nullable(select, column.index, recursive),
                _ => Nullable::Unknown,
            },
        }
    }

    /// How a SELECT's column is stored, where it is a column of a table.
    const fn item_type(&self, scope: usize, item: &Item) -> Option<SqlType> {
        let ItemKind::Column(column) = item.kind else { return None };
        if column.index == Column::ROWID {
            return Some(SqlType::Integer);
        }
        if self.may_be_merged(scope, column) {
            return None;
        }
        match self.origins[column.source] {
            Origin::Table(table) => Some(self.tables.tables[table].columns[column.index].ty),
            Origin::Select => match self.sql.sources[column.source].kind {
                // What the parts of a compound give need not be of one type.
                SourceKind::Select { select, .. } => match self.sql.selects[select].arms {
                    [arm] => self.item_type(*arm, &self.item(*arm, column.index)),
                    _ => None,
                },
                _ => None,
            },
            Origin::Document(_) | Origin::Json | Origin::Unknown => None,
        }
    }

    const fn may_be_merged(&self, scope: usize, column: Column) -> bool {
        let (first, count) = (self.sql.scopes[scope].first, self.sql.scopes[scope].count);
        let mut source = first;
        while source < first + count {
            if self.sql.sources[source].natural || !matches!(self.sql.sources[source].using, []) {
                return true;
            }
            source += 1;
        }
        column.is_unknown()
    }

    const fn is_required(&self, scope: usize, column: Column) -> bool {
        let (required, implied) = (self.sql.scopes[scope].required, self.sql.scopes[scope].implied);
        let (count, mut index) = (required.len(), 0);
        while index < count {
            if same(self.columns[required[index]], column) {
                return true;
            }
            index += 1;
        }
        let (count, mut index) = (implied.len(), 0);
        while index < count {
            if same(self.columns[implied[index].1], column) && self.is_matched(scope, implied[index].0) {
                return true;
            }
            index += 1;
        }
        false
    }

    /// Whether the optional side of a join has a row in every row that comes out.
    const fn is_matched(&self, scope: usize, optional: usize) -> bool {
        let (required, implied) = (self.sql.scopes[scope].required, self.sql.scopes[scope].implied);
        let (count, mut index) = (required.len(), 0);
        while index < count {
            if self.is_inside(self.columns[required[index]], optional) {
                return true;
            }
            index += 1;
        }
        let (count, mut index) = (implied.len(), 0);
        while index < count {
            let (later, reference) = implied[index];
            if later > optional && self.is_inside(self.columns[reference], optional) && self.is_matched(scope, later) {
                return true;
            }
            index += 1;
        }
        false
    }

    const fn is_inside(&self, column: Column, optional: usize) -> bool {
        if column.is_unknown() {
            return false;
        }
        let mut around = self.sql.sources[column.source].optional;
        while around != 0 {
            if around == optional {
                return true;
            }
            around = self.sql.optional[around - 1];
        }
        false
    }
}

const fn same(left: Column, right: Column) -> bool {
    left.source == right.source && left.index == right.index
}
