//! Names and columns of a statement, as far as it is resolved.
//!
//! All this runs in constants, where rustc interprets: each step counts, and a call, also of `len`, counts as many.
//! Hence references to items instead of indices repeated, and slices taken apart instead of measured.

use super::item::{Column, Item, ItemKind, Mistake, Origin, Spelt};
use super::statement::{Otherwise, SourceKind, SqlDef};
use super::tables::{DOCUMENT_HASHES, JSON_HASHES, JSON_VISIBLE, ROWID_HASHES, Tables};

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
        !self.is_merged(scope, source, name)
            // The second column of one name in a subquery is not that column any more.
            || !matches!(self.find(source, name), Found::At(first) if first == index)
    }

    /// Whether USING or NATURAL makes the source's column one with a column before it.
    const fn is_merged(&self, scope: usize, source: usize, name: u64) -> bool {
        let using = self.sql.sources[source].using;
        let (count, mut index) = (using.len(), 0);
        while index < count {
            if using[index].0 == name {
                return true;
            }
            index += 1;
        }
        self.sql.sources[source].natural && self.is_before(scope, source, name)
    }

    const fn is_before(&self, scope: usize, source: usize, name: u64) -> bool {
        let mut before = self.sql.scopes[scope].first;
        while before < source {
            if !matches!(self.find(before, name), Found::No) {
                return true;
            }
            before += 1;
        }
        false
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
            let (mut found, mut rowid, mut rowids) = (Column::UNKNOWN, Column::UNKNOWN, None);
            while source < end {
                if qualifier == 0 || qualifier == sources[source].name {
                    match self.find(source, name) {
                        Found::At(index) if found.is_unknown() => found = Column { source, index },
                        Found::At(_) if self.is_merged(scope, source, name) => {}
                        // ORDER BY means the result column of that name.
                        Found::At(_) if matches!(wanted.otherwise, Otherwise::Result) => {}
                        Found::At(_) => return Err(Mistake::Ambiguous(reference, found.source, source)),
                        Found::Perhaps => perhaps = true,
                        Found::No => {
                            let has_rowid = matches!(self.origins[source], Origin::Table(_) | Origin::Document(_));
                            let is_rowid = has_rowid && matches!(position(&ROWID_HASHES, name), Found::At(_));
                            if is_rowid && rowid.is_unknown() {
                                rowid = Column { source, index: Column::ROWID };
                            } else if is_rowid && qualifier == 0 {
                                rowids = Some(source);
                            }
                        }
                    }
                }
                source += 1;
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
            Otherwise::Unknown | Otherwise::Text | Otherwise::Result | Otherwise::Late => {
                Err(Mistake::NoColumn(reference))
            }
        }
    }

    /// The columns of USING are on both sides.
    pub(super) const fn using(&self) -> Option<Mistake> {
        let (scopes, mut scope) = (self.sql.scopes.len(), 0);
        while scope < scopes {
            let (first, count) = (self.sql.scopes[scope].first, self.sql.scopes[scope].count);
            let mut source = first;
            while source < first + count {
                let using = self.sql.sources[source].using;
                let (columns, mut index) = (using.len(), 0);
                while index < columns {
                    let is_here = !matches!(self.find(source, using[index].0), Found::No);
                    if !(is_here && self.is_before(scope, source, using[index].0)) {
                        return Some(Mistake::NoSharedColumn(source, index));
                    }
                    index += 1;
                }
                source += 1;
            }
            scope += 1;
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
