//! What a statement gives, held against the declared row type.

use super::item::{Column, Item, ItemKind, Mistake, Nullable, Origin, Spelt};
use super::resolve::Resolved;
use super::statement::{Join, Output, OutputKind, Scope, Select, Source, SourceKind, SqlDef};
use super::tables::{Tables, hash};
use super::view::{Found, View};
use crate::row::row::{ResultField, Shape};
use crate::row::value::{SqlType, SqlTypes};

/// What SQLite calls a table's `rowid` that has no other name.
const ROWID: u64 = hash("rowid");

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
    // No table has two columns of one name; nothing else is looked at for each field.
    let may_repeat = is_named && !view.is_one_table(*arm);
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
        if may_repeat && let Some(second) = view.second(*arm, field, item) {
            return Some(Mistake::Twice(index, item, second));
        }
        let mut visible = view.sql.selects[0].visible;
        while let [arm, others @ ..] = visible {
            let of_arm = view.item(*arm, item);
            // Of a column of another type, that it may be `NULL` is not the mistake.
            let types = view.item_types(*arm, &of_arm);
            if !types.is_empty() && !types.meets(field.reads) {
                return Some(Mistake::Type(index, *arm, item, types));
            }
            if !field.nullable && matches!(view.item_nullable(*arm, &of_arm), Nullable::Yes) {
                return Some(Mistake::Nullable(index, *arm, item));
            }
            visible = others;
        }
        rest = others;
        index += 1;
    }
    None
}

impl<const S: usize, const R: usize, const K: usize, const N: usize> Resolved<S, R, K, N> {
    /// Whether a column of the result may be `NULL`, for tests; `None` where that is not known.
    #[must_use]
    pub const fn may_be_null(&self, sql: &SqlDef, tables: &Tables, column: usize) -> Option<bool> {
        match self.view(sql, tables).select_nullable(0, column, false) {
            Nullable::No => Some(false),
            Nullable::Yes => Some(true),
            Nullable::Unknown => None,
        }
    }

    /// Whether a column of the result is no column of a table or subquery, for tests.
    #[must_use]
    pub const fn is_expression(&self, sql: &SqlDef, tables: &Tables, column: usize) -> bool {
        let item = self.view(sql, tables).item(sql.selects[0].arms[0], column);
        matches!(item.kind, ItemKind::Expression)
    }

    /// The storage classes that a column of the result may have, for tests.
    #[must_use]
    pub const fn stored_as(&self, sql: &SqlDef, tables: &Tables, column: usize) -> SqlTypes {
        self.view(sql, tables).select_types(0, column)
    }
}

impl View<'_> {
    /// Whether a SELECT gives the columns of one table and nothing else.
    const fn is_one_table(&self, arm: usize) -> bool {
        let Scope { outputs, first, count, .. } = self.sql.scopes[arm];
        matches!(outputs, [Output { kind: OutputKind::Star, .. }])
            && count == 1
            && matches!(self.origins[first], Origin::Table(_))
    }

    /// Another column that the field may mean as well.
    const fn second(&self, arm: usize, field: &ResultField, found: usize) -> Option<usize> {
        let Spelt { first, count, .. } = self.spelt[arm];
        let mut index = 0;
        while index < count {
            let item = &self.items[first + index];
            if index != found && (item.name == field.hash || self.is_rowid_named(item, field.name)) {
                return Some(index);
            }
            index += 1;
        }
        None
    }

    /// Whether it is a table's `rowid` without another name, which SQLite calls as the table's integer key.
    const fn is_rowid_named(&self, item: &Item, name: &str) -> bool {
        if item.name != ROWID {
            return false;
        }
        let ItemKind::Column(Column { source, index: Column::ROWID, .. }) = item.kind else { return false };
        let Origin::Table(table) = self.origins[source] else { return false };
        let table = &self.tables.tables[table];
        let [key] = table.primary_key else { return false };
        let mut columns = table.columns;
        while let [column, rest @ ..] = columns {
            if matches!(column.ty, SqlType::Integer) && column.hash == hash(key) {
                return key.as_bytes().eq_ignore_ascii_case(name.as_bytes());
            }
            columns = rest;
        }
        false
    }

    /// A table's `rowid` has the name of its integer key, or that one.
    const fn find_rowid(&self, arm: usize, name: &str) -> Option<usize> {
        let mut index = 0;
        loop {
            match self.item(arm, index).kind {
                ItemKind::Column(Column { source, index: Column::ROWID, .. }) => {
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

    pub(super) const fn item_nullable(&self, scope: usize, item: &Item) -> Nullable {
        if matches!(item.kind, ItemKind::End | ItemKind::Unknown) {
            return Nullable::Unknown;
        }
        let output = &self.sql.scopes[scope].outputs[item.output];
        if output.required {
            return Nullable::No;
        }
        match item.kind {
            ItemKind::Column(column) => self.reference_nullable(scope, column, false),
            _ => self.term_nullable(scope, &output.term, false),
        }
    }

    /// `inside` is whether it stands in an aggregate.
    pub(super) const fn reference_nullable(&self, scope: usize, column: Column, inside: bool) -> Nullable {
        if column.is_unknown() {
            return Nullable::Unknown;
        }
        let Some(owner) = self.owner(scope, column) else { return Nullable::Unknown };
        if !(inside && owner == scope) && self.is_aggregate(owner) {
            return match self.may_be_empty(owner) && !self.sql.scopes[owner].having {
                true => Nullable::Yes,
                false => Nullable::Unknown,
            };
        }
        // A subquery's conditions hold in it, and those of what is around it too.
        let mut next = Some(scope);
        let mut is_doubted = false;
        while let Some(around) = next {
            if self.is_required(around, column) {
                return Nullable::No;
            }
            is_doubted |= self.is_doubted(around, column);
            next = if around == owner { None } else { self.sql.scopes[around].parent };
        }
        match self.present_nullable(owner, column) {
            Nullable::Yes if is_doubted => Nullable::Unknown,
            nullable => nullable,
        }
    }

    /// Whether a column of this scope may be `NULL` where no condition speaks of it.
    const fn present_nullable(&self, scope: usize, column: Column) -> Nullable {
        if column.full {
            return self.full_nullable(scope, column);
        }
        let own = self.column_nullable(column);
        let optional = self.sql.sources[column.source].optional;
        if optional == 0 || matches!(own, Nullable::Yes) || self.is_matched(scope, optional) {
            return own;
        }
        Nullable::Yes
    }

    /// Whether a condition may require the column, or that the optional side matched that it is on.
    const fn is_doubted(&self, scope: usize, column: Column) -> bool {
        let (mut doubted, optional) = (self.sql.scopes[scope].doubted, self.sql.sources[column.source].optional);
        while let [reference, rest @ ..] = doubted {
            let other = self.columns[*reference];
            if same(other, column) || (optional != 0 && self.is_inside(other, optional)) {
                return true;
            }
            doubted = rest;
        }
        false
    }

    /// The next column of those that FULL and USING make one.
    const fn next_full(&self, scope: usize, column: Column) -> Option<Column> {
        let Scope { first, count, .. } = self.sql.scopes[scope];
        let (name, mut source) = (self.name(column.source, column.index), column.source + 1);
        while source < first + count {
            if let Found::At(index) = self.find(source, name)
                && let Some(begin) = self.merging(scope, source, name)
                && matches!(self.sql.sources[begin].join, Join::Full)
            {
                return Some(Column::of(source, index));
            }
            source += 1;
        }
        None
    }

    const fn full_nullable(&self, scope: usize, column: Column) -> Nullable {
        let Some(other) = self.next_full(scope, column) else { return Nullable::Unknown };
        let (left, right) = (self.sql.sources[column.source].optional, self.sql.sources[other.source].optional);
        // Each row of one FULL JOIN has one of its sides, which are numbered together. More joins are not looked through.
        let is_one_join = right == left + 1 && self.sql.optional[left - 1] == 0 && self.sql.optional[right - 1] == 0;
        if !is_one_join || self.next_full(scope, other).is_some() {
            return Nullable::Unknown;
        }
        match (self.column_nullable(column), self.column_nullable(other)) {
            (Nullable::No, Nullable::No) => Nullable::No,
            (Nullable::Yes, _) | (_, Nullable::Yes) => Nullable::Yes,
            _ => Nullable::Unknown,
        }
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
            Origin::Json | Origin::Schema | Origin::Unknown => Nullable::Unknown,
            Origin::Select => match self.sql.sources[column.source].kind {
                // What its other parts make of it is not looked into.
                SourceKind::Select { select, recursive: true, .. } => {
                    match self.select_nullable(select, column.index, true) {
                        Nullable::Yes => Nullable::Yes,
                        _ => Nullable::Unknown,
                    }
                }
                SourceKind::Select { select, .. } => self.select_nullable(select, column.index, false),
                _ => Nullable::Unknown,
            },
        }
    }

    /// How the values of a SELECT's column may be stored. What the parts of a compound give need not be of one type; of
    /// one that reads itself nothing is known.
    pub(super) const fn select_types(&self, select: usize, index: usize) -> SqlTypes {
        let mut arms = self.sql.selects[select].arms;
        let mut types = None;
        while let [arm, rest @ ..] = arms {
            let of_arm = self.item_types(*arm, &self.item(*arm, index));
            types = Some(match types {
                Some(types) => of_arm.and(types),
                None => of_arm,
            });
            arms = rest;
        }
        match types {
            Some(types) => types,
            None => SqlTypes::ANY,
        }
    }

    const fn item_types(&self, scope: usize, item: &Item) -> SqlTypes {
        match item.kind {
            ItemKind::Column(column) => self.reference_types(scope, column),
            ItemKind::Expression => self.term_types(scope, &self.sql.scopes[scope].outputs[item.output].term),
            ItemKind::End | ItemKind::Unknown => SqlTypes::ANY,
        }
    }

    pub(super) const fn reference_types(&self, scope: usize, column: Column) -> SqlTypes {
        if column.is_unknown() {
            return SqlTypes::ANY;
        }
        let types = self.column_types(column);
        if !column.full {
            return types;
        }
        let (mut types, mut last) = (types, column);
        while let Some(next) = self.next_full(scope, last) {
            types = types.and(self.column_types(next));
            last = next;
        }
        types
    }

    const fn column_types(&self, column: Column) -> SqlTypes {
        if column.index == Column::ROWID {
            return SqlTypes::of(&[SqlType::Integer]);
        }
        match self.origins[column.source] {
            Origin::Table(table) => SqlTypes::of(&[self.tables.tables[table].columns[column.index].ty]),
            Origin::Select => match self.sql.sources[column.source].kind {
                SourceKind::Select { select, recursive: false, .. } if !self.reads_itself(select) => {
                    self.select_types(select, column.index)
                }
                _ => SqlTypes::ANY,
            },
            Origin::Document(_) | Origin::Json | Origin::Schema | Origin::Unknown => SqlTypes::ANY,
        }
    }

    /// Whether one of a compound's parts reads the compound.
    const fn reads_itself(&self, select: usize) -> bool {
        if matches!(self.sql.selects[select].arms, [_]) {
            return false;
        }
        let mut sources = self.sql.sources;
        while let [source, rest @ ..] = sources {
            if let SourceKind::Select { select: read, recursive: true, .. } = source.kind
                && read == select
            {
                return true;
            }
            sources = rest;
        }
        false
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
        let mut any = self.sql.scopes[scope].any;
        while let [references, rest @ ..] = any {
            let mut others = *references;
            // The same column may be written in several ways.
            while let [reference, rest @ ..] = others
                && same(self.columns[*reference], column)
            {
                others = rest;
            }
            if others.is_empty() {
                return true;
            }
            any = rest;
        }
        let (count, mut index) = (implied.len(), 0);
        while index < count {
            if same(self.columns[implied[index].1], column) && self.is_matched(scope, implied[index].0) {
                return true;
            }
            index += 1;
        }
        let mut shared = self.sql.scopes[scope].shared;
        while let [(optional, begin), rest @ ..] = shared {
            if self.compares(*begin, column) && (*optional == 0 || self.is_matched(scope, *optional)) {
                return true;
            }
            shared = rest;
        }
        false
    }

    /// Whether the join whose right side begins here compares this column by USING or NATURAL.
    const fn compares(&self, begin: usize, column: Column) -> bool {
        if column.full || column.is_unknown() || column.index == Column::ROWID {
            return false;
        }
        let (Source { left, right, .. }, Column { source, index, .. }) = (self.sql.sources[begin], column);
        if source + left < begin || source >= begin + right {
            return false;
        }
        let name = self.name(source, index);
        if !self.is_shared(begin, name) || !matches!(self.find(source, name), Found::At(first) if first == index) {
            return false;
        }
        if source >= begin {
            return matches!(self.first_with(begin, source + 1, name), Some(only) if only == source);
        }
        // On the left of RIGHT and FULL, all columns of that name are one.
        let is_only = self.first_with(source + 1, begin, name).is_none();
        matches!(self.first_with(begin - left, begin, name), Some(first) if first == source)
            && (is_only || self.sql.sources[begin - left].optional == 0)
            && self.first_with(begin, begin + right, name).is_some()
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
        let mut any = self.sql.scopes[scope].any;
        while let [references, rest @ ..] = any {
            let mut outside = *references;
            while let [reference, rest @ ..] = outside
                && self.is_inside(self.columns[*reference], optional)
            {
                outside = rest;
            }
            if outside.is_empty() {
                return true;
            }
            any = rest;
        }
        let (count, mut index) = (implied.len(), 0);
        while index < count {
            let (later, reference) = implied[index];
            if later > optional && self.is_inside(self.columns[reference], optional) && self.is_matched(scope, later) {
                return true;
            }
            index += 1;
        }
        let mut shared = self.sql.scopes[scope].shared;
        while let [(later, begin), rest @ ..] = shared {
            if (*later == 0 || (*later > optional && self.is_matched(scope, *later)))
                && self.compares_inside(*begin, optional)
            {
                return true;
            }
            shared = rest;
        }
        false
    }

    /// Whether one of the columns that the join whose right side begins here compares is on this optional side.
    const fn compares_inside(&self, begin: usize, optional: usize) -> bool {
        let Source { left, right, .. } = self.sql.sources[begin];
        let mut source = begin - left;
        while source < begin + right {
            let width = match self.width(source) {
                Some(width) if self.is_inside(Column::of(source, 0), optional) => width,
                _ => 0,
            };
            let mut index = 0;
            while index < width {
                if self.compares(begin, Column::of(source, index)) {
                    return true;
                }
                index += 1;
            }
            source += 1;
        }
        false
    }

    const fn is_inside(&self, column: Column, optional: usize) -> bool {
        if column.is_unknown() || column.full {
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
    left.source == right.source && left.index == right.index && left.full == right.full
}
