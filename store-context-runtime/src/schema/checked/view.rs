//! Names and columns of a statement, as far as it is resolved.
//!
//! All this runs in constants, where rustc interprets: each step counts, and a call, also of `len`, counts as many.
//! Hence references to items instead of indices repeated, and slices taken apart instead of measured.

use super::item::{Column, Item, ItemKind, Mistake, Origin, Spelt};
use super::statement::{Join, Otherwise, Scope, Source, SourceKind, SqlDef};
use super::tables::{DOCUMENT_HASHES, JSON_HASHES, JSON_VISIBLE, ROWID_HASHES, SCHEMA_HASHES, Tables};
use crate::row::column::Domain;
use crate::row::table::is_among;
use crate::row::value::SqlType;

/// What is known so far.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) sql: &'a SqlDef,
    pub(super) tables: &'a Tables,
    pub(super) origins: &'a [Origin],
    pub(super) columns: &'a [Column],
    pub(super) items: &'a [Item],
    pub(super) spelt: &'a [Spelt],
}

/// Where a name was found.
#[derive(Clone, Copy)]
pub(super) enum Found {
    No,
    At(usize),
    /// Perhaps: the columns are not known.
    Perhaps,
}

const fn position(names: &[u64], name: u64) -> Found {
    let mut names = names;
    let mut index = 0;
    while let [first, rest @ ..] = names {
        if *first == name {
            return Found::At(index);
        }
        names = rest;
        index += 1;
    }
    Found::No
}

impl View<'_> {
    /// The column of this name in a source.
    pub(super) const fn find(&self, source: usize, name: u64) -> Found {
        match self.origins[source] {
            Origin::Unknown => Found::Perhaps,
            Origin::Table(table) => {
                let mut columns = self.tables.tables[table].columns;
                let mut index = 0;
                while let [column, rest @ ..] = columns {
                    if column.hash == name {
                        return Found::At(index);
                    }
                    columns = rest;
                    index += 1;
                }
                Found::No
            }
            Origin::Document(_) => position(&DOCUMENT_HASHES, name),
            Origin::Json => position(&JSON_HASHES, name),
            Origin::Schema => position(&SCHEMA_HASHES, name),
            Origin::Select => {
                let SourceKind::Select { select, columns, .. } = self.sql.sources[source].kind else {
                    return Found::Perhaps;
                };
                match columns {
                    [] => self.find_in_select(select, name),
                    _ => position(columns, name),
                }
            }
        }
    }

    pub(super) const fn find_in_select(&self, select: usize, name: u64) -> Found {
        let [arm, ..] = self.sql.selects[select].arms else { return Found::Perhaps };
        let Spelt { first, count, complete, .. } = self.spelt[*arm];
        let mut index = 0;
        while index < count {
            if self.items[first + index].name == name {
                return Found::At(index);
            }
            index += 1;
        }
        if complete { Found::No } else { Found::Perhaps }
    }

    /// How many columns a source has.
    pub(super) const fn width(&self, source: usize) -> Option<usize> {
        match self.origins[source] {
            Origin::Unknown => None,
            Origin::Table(table) => Some(self.tables.tables[table].columns.len()),
            Origin::Document(_) => Some(DOCUMENT_HASHES.len()),
            Origin::Json => Some(JSON_VISIBLE),
            Origin::Schema => Some(SCHEMA_HASHES.len()),
            Origin::Select => match self.sql.sources[source].kind {
                SourceKind::Select { select, columns: &[], .. } => {
                    let arms = self.sql.selects[select].arms;
                    if let [first, ..] = arms { self.arm_width(*first) } else { None }
                }
                SourceKind::Select { columns, .. } => Some(columns.len()),
                _ => None,
            },
        }
    }

    /// The name of a source's column.
    pub(super) const fn name(&self, source: usize, index: usize) -> u64 {
        match self.origins[source] {
            Origin::Unknown => 0,
            Origin::Table(table) => self.tables.tables[table].columns[index].hash,
            Origin::Document(_) => DOCUMENT_HASHES[index],
            Origin::Json => JSON_HASHES[index],
            Origin::Schema => SCHEMA_HASHES[index],
            Origin::Select => match self.sql.sources[source].kind {
                SourceKind::Select { select, columns: &[], .. } => {
                    self.item(self.sql.selects[select].arms[0], index).name
                }
                SourceKind::Select { columns, .. } => columns[index],
                _ => 0,
            },
        }
    }

    pub(super) const fn arm_width(&self, scope: usize) -> Option<usize> {
        if self.spelt[scope].complete { Some(self.spelt[scope].count) } else { None }
    }

    /// The `wanted`-th column that a SELECT gives.
    pub(super) const fn item(&self, scope: usize, wanted: usize) -> Item {
        let Spelt { first, count, complete, .. } = self.spelt[scope];
        if wanted < count {
            return self.items[first + wanted];
        }
        let kind = if complete { ItemKind::End } else { ItemKind::Unknown };
        Item { kind, name: 0, output: 0 }
    }

    /// Whether `*` gives the source's column, and not a column before it with which USING or NATURAL makes it one.
    pub(super) const fn is_unmerged(&self, scope: usize, source: usize, index: usize, name: u64) -> bool {
        self.merging(scope, source, name).is_none()
            // The second column of one name in a subquery is not that column any more.
            || !matches!(self.find(source, name), Found::At(first) if first == index)
    }

    /// Whether a join of these sources has USING or NATURAL.
    pub(super) const fn shares(&self, first: usize, end: usize) -> bool {
        let mut source = first;
        while source < end {
            let Source { using, natural, .. } = self.sql.sources[source];
            if natural || !matches!(using, []) {
                return true;
            }
            source += 1;
        }
        false
    }

    /// A column that `*` gives, where a join shares columns: on the left of RIGHT or FULL, it is what its name alone
    /// means.
    pub(super) const fn star_column(&self, scope: usize, source: usize, index: usize, name: u64) -> ItemKind {
        let Scope { first, count, .. } = self.sql.scopes[scope];
        let (mut column, mut later) = (Column::of(source, index), source + 1);
        // The second column of one name in a subquery is not that column any more.
        if !matches!(self.find(source, name), Found::At(first) if first == index) {
            return ItemKind::Column(column);
        }
        while later < first + count {
            if let Found::At(index) = self.find(later, name)
                && let Some(begin) = self.merging(scope, later, name)
            {
                match self.sql.sources[begin].join {
                    Join::Left => {}
                    Join::Right => column = Column::of(later, index),
                    Join::Full => column.full = true,
                    Join::Unclear => return ItemKind::Expression,
                }
            }
            later += 1;
        }
        ItemKind::Column(column)
    }

    /// The source that begins the right side of the join whose USING or NATURAL makes the column one with a column
    /// before it.
    pub(super) const fn merging(&self, scope: usize, source: usize, name: u64) -> Option<usize> {
        let first = self.sql.scopes[scope].first;
        let mut begin = source;
        loop {
            let Source { right, .. } = self.sql.sources[begin];
            if source - begin < right
                && self.is_shared(begin, name)
                && matches!(self.first_with(begin, source + 1, name), Some(only) if only == source)
            {
                return Some(begin);
            }
            if begin <= first {
                return None;
            }
            begin -= 1;
        }
    }

    /// Whether the join whose right side begins here compares columns of this name, if both sides have one.
    pub(super) const fn is_shared(&self, begin: usize, name: u64) -> bool {
        let Source { mut using, natural, left, .. } = self.sql.sources[begin];
        while let [first, rest @ ..] = using {
            if first.0 == name {
                return true;
            }
            using = rest;
        }
        natural && self.first_with(begin - left, begin, name).is_some()
    }

    /// The first of these sources that has a column of this name.
    pub(super) const fn first_with(&self, first: usize, end: usize, name: u64) -> Option<usize> {
        let mut source = first;
        while source < end {
            if !matches!(self.find(source, name), Found::No) {
                return Some(source);
            }
            source += 1;
        }
        None
    }

    pub(super) const fn reference(&self, reference: usize) -> Result<Column, Mistake> {
        let (sql, sources) = (self.sql, self.sql.sources);
        let wanted = &sql.references[reference];
        let (name, qualifier) = (wanted.name, wanted.qualifier);
        let mut next = Some(wanted.scope);
        let mut perhaps = false;
        while let Some(scope) = next {
            let around = &sql.scopes[scope];
            let mut source = around.first;
            let end = source + around.count;
            let (mut found, mut rowid, mut rowids, mut unclear) = (Column::UNKNOWN, Column::UNKNOWN, None, false);
            while source < end {
                if qualifier == 0 || qualifier == sources[source].name {
                    match self.find(source, name) {
                        Found::At(index) if found.is_unknown() => found = Column::of(source, index),
                        Found::At(index) => match self.merging(scope, source, name) {
                            Some(begin) => match sources[begin].join {
                                Join::Left => {}
                                Join::Right => found = Column::of(source, index),
                                Join::Full => found.full = true,
                                Join::Unclear => unclear = true,
                            },
                            // ORDER BY means the result column of that name.
                            None if matches!(wanted.otherwise, Otherwise::Result) => {}
                            None => return Err(Mistake::Ambiguous(reference, found.source, source)),
                        },
                        Found::Perhaps => perhaps = true,
                        Found::No => {
                            let has_rowid =
                                matches!(self.origins[source], Origin::Table(_) | Origin::Document(_) | Origin::Schema);
                            let is_rowid = has_rowid && matches!(position(&ROWID_HASHES, name), Found::At(_));
                            if is_rowid && rowid.is_unknown() {
                                rowid = Column::of(source, Column::ROWID);
                            } else if is_rowid && qualifier == 0 {
                                rowids = Some(source);
                            }
                        }
                    }
                }
                source += 1;
            }
            if unclear {
                return Ok(Column::UNKNOWN);
            }
            if !found.is_unknown() {
                return Ok(found);
            }
            if let Some(second) = rowids
                && !perhaps
            {
                return Err(Mistake::Ambiguous(reference, rowid.source, second));
            }
            if perhaps || !rowid.is_unknown() {
                return Ok(rowid);
            }
            next = around.parent;
        }
        match wanted.otherwise {
            Otherwise::Known => Ok(Column::UNKNOWN),
            Otherwise::Alias(of) if of < reference => Ok(self.columns[of]),
            Otherwise::Alias(_) => Ok(Column::UNKNOWN),
            Otherwise::Unknown | Otherwise::Text | Otherwise::Result | Otherwise::Late => {
                Err(Mistake::NoColumn(reference))
            }
        }
    }

    /// The columns of USING are on both sides.
    pub(super) const fn using(&self) -> Option<Mistake> {
        let (sources, mut source) = (self.sql.sources.len(), 0);
        while source < sources {
            let Source { mut using, left, right, .. } = self.sql.sources[source];
            let mut index = 0;
            while let [(name, _), rest @ ..] = using {
                let is_left = self.first_with(source - left, source, *name).is_some();
                if !(is_left && self.first_with(source, source + right, *name).is_some()) {
                    return Some(Mistake::NoSharedColumn(source, index));
                }
                using = rest;
                index += 1;
            }
            source += 1;
        }
        None
    }

    /// The table and the position of its column, also through subqueries of one part.
    pub(super) const fn traced(&self, column: Column) -> Option<(usize, usize)> {
        if column.is_unknown() || column.full || column.index == Column::ROWID {
            return None;
        }
        match (self.origins[column.source], self.sql.sources[column.source].kind) {
            (Origin::Table(table), _) => Some((table, column.index)),
            (Origin::Select, SourceKind::Select { select, recursive: false, .. }) => {
                let [arm] = self.sql.selects[select].arms else { return None };
                match self.item(*arm, column.index).kind {
                    ItemKind::Column(column) => self.traced(column),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A text that no value of the column is, with which it is compared.
    pub(super) const fn compared(&self) -> Option<Mistake> {
        let (mut compared, mut index) = (self.sql.compared, 0);
        while let [first, rest @ ..] = compared {
            if let Some((table, column)) = self.traced(self.columns[first.reference]) {
                let column = &self.tables.tables[table].columns[column];
                let fits = match (column.ty, column.domain) {
                    (SqlType::Integer | SqlType::Real, _) => first.number,
                    (SqlType::Text, Domain::Texts(texts)) => !first.equal || is_among(first.text, texts),
                    _ => true,
                };
                if !fits {
                    return Some(Mistake::NoValue(index));
                }
            }
            compared = rest;
            index += 1;
        }
        None
    }

    pub(super) const fn widths(&self) -> Option<Mistake> {
        let (count, mut index) = (self.sql.widths.len(), 0);
        while index < count {
            let width = &self.sql.widths[index];
            let arms = self.sql.selects[width.select].arms;
            let (parts, mut arm, mut wanted) = (arms.len(), 0, width.wanted);
            while arm < parts {
                if let Some(found) = self.arm_width(arms[arm]) {
                    if wanted == 0 {
                        wanted = found;
                    }
                    if found != wanted {
                        return Some(Mistake::Width(index, found));
                    }
                }
                arm += 1;
            }
            index += 1;
        }
        None
    }
}
