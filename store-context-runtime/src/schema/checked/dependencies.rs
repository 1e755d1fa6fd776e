//! What a statement depends on: the tables and columns that it reads, and which of their rows.

use super::item::{Column, Origin};
use super::statement::{Comparison, OutputKind, Source, SourceKind, SqlDef};
use super::tables::{DOCUMENT_COLUMNS, hash};
use crate::row::table::{DocumentDef, TableDef};

/// A query's statement, resolved while compiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependencies {
    /// The statement.
    pub sql: &'static SqlDef,
    /// What its sources are.
    pub origins: &'static [Origin],
    /// What its references are.
    pub columns: &'static [Column],
}

/// One table that a statement reads, in one of its FROM clauses.
///
/// A changed row of the table can change the result only where the change is in one of `columns`, or the row comes or
/// goes, and only if the row meets `bounds` before or after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The table.
    pub table: &'static str,
    /// The columns that are read; `None` for all of them.
    pub columns: Option<Vec<&'static str>>,
    /// What a row has to meet to matter.
    pub bounds: Vec<BoundColumn>,
}

/// A condition on a row: its column compared with a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundColumn {
    /// The column.
    pub column: &'static str,
    /// How it is compared: `column = parameter`, `column < parameter` and so on.
    pub comparison: Comparison,
    /// The position of the parameter in the query's function type.
    pub parameter: usize,
}

impl Dependencies {
    /// The tables that the statement reads; `None` where it reads something that no schema has, such as `sqlite_schema`.
    #[must_use]
    pub fn of(&self, tables: &[TableDef], documents: &[DocumentDef]) -> Option<Vec<Dependency>> {
        let mut dependencies = Vec::new();
        for (source, origin) in self.origins.iter().enumerate() {
            let table = match origin {
                Origin::Table(table) => tables.get(*table)?.name,
                Origin::Document(document) => documents.get(*document)?.name,
                // One that a mistake left unresolved, or one of SQLite's own, whose content is its arguments.
                Origin::Unknown if !self.is_function(source) => return None,
                Origin::Schema => return None,
                Origin::Unknown | Origin::Json | Origin::Select => continue,
            };
            let columns = self.reads(tables, source, *origin);
            let bounds = self.sql.bounds.iter().filter_map(|bound| {
                let column = self.columns.get(bound.reference).filter(|column| column.source == source)?;
                let scope = &self.sql.scopes[self.sql.references[bound.reference].scope];
                // A condition of a subquery on a column from around it limits the subquery, not that column's table.
                if !(scope.first..scope.first + scope.count).contains(&source) {
                    return None;
                }
                let (comparison, parameter) = (bound.comparison, bound.parameter);
                Some(BoundColumn { column: name(tables, *origin, column.index)?, comparison, parameter })
            });
            dependencies.push(Dependency { table, columns, bounds: bounds.collect() });
        }
        Some(dependencies)
    }

    fn is_function(&self, source: usize) -> bool {
        matches!(self.sql.sources[source].kind, SourceKind::Function(_))
    }

    fn reads(&self, tables: &[TableDef], source: usize, origin: Origin) -> Option<Vec<&'static str>> {
        let around = self.sql.scopes.iter().find(|scope| (scope.first..scope.first + scope.count).contains(&source))?;
        let neighbours = || &self.sql.sources[around.first..around.first + around.count];
        let has_star = around.outputs.iter().any(|output| match output.kind {
            OutputKind::Star => true,
            OutputKind::SourceStar(name) => name == self.sql.sources[source].name,
            _ => false,
        });
        if has_star {
            return None;
        }
        let mentioned = self.columns.iter().filter(|column| column.source == source);
        let mut columns: Vec<_> = mentioned.filter_map(|column| name(tables, origin, column.index)).collect();
        // What USING and NATURAL compare, no expression mentions.
        let all = || (0..).map_while(|index| name(tables, origin, index));
        for (shared, _) in neighbours().iter().flat_map(|neighbour| neighbour.using) {
            columns.extend(all().filter(|column| hash(column) == *shared));
        }
        for begin in (around.first..around.first + around.count).filter(|source| self.sql.sources[*source].natural) {
            let Source { left, right, .. } = self.sql.sources[begin];
            let other = match source {
                source if (begin - left..begin).contains(&source) => begin..begin + right,
                source if (begin..begin + right).contains(&source) => begin - left..begin,
                _ => continue,
            };
            for other in other {
                // The names of what is no table are not known here: perhaps it has them all.
                let theirs: Option<Vec<_>> = match self.origins[other] {
                    theirs @ (Origin::Table(_) | Origin::Document(_)) => {
                        Some((0..).map_while(|index| name(tables, theirs, index)).collect())
                    }
                    _ => None,
                };
                let is_theirs = |column: &&str| {
                    theirs.as_ref().is_none_or(|theirs| theirs.iter().any(|their| their.eq_ignore_ascii_case(column)))
                };
                columns.extend(all().filter(is_theirs));
            }
        }
        columns.sort_unstable();
        columns.dedup();
        Some(columns)
    }
}

/// The name of a table's column.
fn name(tables: &[TableDef], origin: Origin, index: usize) -> Option<&'static str> {
    match origin {
        Origin::Table(table) => {
            let table = tables.get(table)?;
            match index {
                // An integer key is the `rowid`; without one, no event changes it.
                Column::ROWID if table.primary_key.len() == 1 => Some(table.primary_key[0]),
                index => table.columns.get(index).map(|column| column.name),
            }
        }
        Origin::Document(_) => DOCUMENT_COLUMNS.get(index).copied(),
        _ => None,
    }
}
