//! Which table a source is, and which column a reference.

use super::item::Column;
use super::statement::{OutputKind, SourceKind, SqlDef};
use super::tables::{DOCUMENT_HASHES, JSON_VISIBLE, SCHEMA_HASHES, Tables};
use super::view::View;
use crate::schema::checked::item::{Item, ItemKind, Mistake, Origin, Spelt};

/// A statement held against a schema's tables. `S`, `R` and `K` are its numbers of sources, references and scopes, `N`
/// is its [`capacity`].
#[derive(Clone, Copy, Debug)]
pub struct Resolved<const S: usize, const R: usize, const K: usize, const N: usize> {
    /// What each source is.
    pub origins: [Origin; S],
    /// What each reference is.
    pub columns: [Column; R],
    /// The first thing that does not fit.
    pub mistake: Option<Mistake>,
    /// What the scopes give, one after the other, with `*` spelt out: once, since what constants compute is slow.
    items: [Item; N],
    spelt: [Spelt; K],
    used: usize,
}

impl<const S: usize, const R: usize, const K: usize, const N: usize> Resolved<S, R, K, N> {
    /// Resolves a statement.
    #[must_use]
    pub const fn of(sql: &SqlDef, tables: &Tables) -> Self {
        let mut resolved = Self {
            origins: [Origin::Unknown; S],
            columns: [Column::UNKNOWN; R],
            mistake: None,
            items: [Item { kind: ItemKind::End, name: 0, output: 0 }; N],
            spelt: [Spelt { first: 0, count: 0, complete: false, begun: false }; K],
            used: 0,
        };
        let (sources, mut has_using, mut index) = (sql.sources, false, 0);
        while index < S {
            let source = &sources[index];
            match tables.origin(source) {
                Some(origin) => resolved.origins[index] = origin,
                None => resolved.add(Mistake::NoTable(index)),
            }
            if !matches!(source.using, []) {
                has_using = true;
            }
            index += 1;
        }
        index = 0;
        let has_subqueries = !matches!(sql.selects, [_]);
        while index < R {
            // The derive numbers what a subquery mentions before what the SELECT around it does.
            let mut scope = if has_subqueries { Some(sql.references[index].scope) } else { None };
            while let Some(around) = scope {
                resolved.spell_sources(sql, tables, around);
                scope = sql.scopes[around].parent;
            }
            match resolved.view(sql, tables).reference(index) {
                Ok(column) => resolved.columns[index] = column,
                Err(mistake) => resolved.add(mistake),
            }
            index += 1;
        }
        index = 0;
        while index < K {
            resolved.spell(sql, tables, index);
            index += 1;
        }
        if has_using && let Some(mistake) = resolved.view(sql, tables).using() {
            resolved.add(mistake);
        }
        if !matches!(sql.compared, [])
            && let Some(mistake) = resolved.view(sql, tables).compared()
        {
            resolved.add(mistake);
        }
        if !matches!(sql.widths, [])
            && let Some(mistake) = resolved.view(sql, tables).widths()
        {
            resolved.add(mistake);
        }
        resolved
    }

    pub(super) const fn view<'a>(&'a self, sql: &'a SqlDef, tables: &'a Tables) -> View<'a> {
        let Self { origins, columns, items, spelt, .. } = self;
        View { sql, tables, origins, columns, items, spelt }
    }

    const fn add(&mut self, mistake: Mistake) {
        if self.mistake.is_none() {
            self.mistake = Some(mistake);
        }
    }

    /// Spells out what the subqueries give that a scope reads.
    const fn spell_sources(&mut self, sql: &SqlDef, tables: &Tables, scope: usize) {
        let scope = &sql.scopes[scope];
        let mut source = scope.first;
        let end = source + scope.count;
        while source < end {
            if let SourceKind::Select { select, .. } = sql.sources[source].kind
                && let [arm, ..] = sql.selects[select].arms
            {
                self.spell(sql, tables, *arm);
            }
            source += 1;
        }
    }

    /// Spells out what a scope gives. One that reads itself gives nothing while that is done.
    const fn spell(&mut self, sql: &SqlDef, tables: &Tables, scope: usize) {
        if self.spelt[scope].begun {
            return;
        }
        self.spelt[scope].begun = true;
        self.spell_sources(sql, tables, scope);
        let first = self.used;
        let mut outputs = sql.scopes[scope].outputs;
        let (mut index, mut complete) = (0, true);
        while let [output, rest @ ..] = outputs
            && complete
        {
            let name = output.name;
            match output.kind {
                OutputKind::Column(reference) => {
                    let column = self.columns[reference];
                    let kind = if column.is_unknown() { ItemKind::Expression } else { ItemKind::Column(column) };
                    self.push(Item { kind, name, output: index });
                }
                OutputKind::Expression => self.push(Item { kind: ItemKind::Expression, name, output: index }),
                OutputKind::Star => complete = self.spell_star(sql, tables, scope, index, 0),
                OutputKind::SourceStar(qualifier) => {
                    complete = self.spell_star(sql, tables, scope, index, qualifier);
                }
            }
            outputs = rest;
            index += 1;
        }
        self.spelt[scope] = Spelt { first, count: self.used - first, complete, begun: true };
    }

    /// Spells out `*`, or `a.*` where there is a qualifier; `false` where it is not known.
    const fn spell_star(&mut self, sql: &SqlDef, tables: &Tables, scope: usize, output: usize, qualifier: u64) -> bool {
        let around = &sql.scopes[scope];
        let mut source = around.first;
        let end = source + around.count;
        let shares = qualifier == 0 && self.view(sql, tables).shares(source, end);
        while source < end {
            let item = &sql.sources[source];
            if qualifier == 0 || item.name == qualifier {
                // Where a join shares columns, `*` has each once, and what it is depends on the join.
                let is_whole = qualifier != 0 || !shares;
                let Some(width) = self.view(sql, tables).width(source) else { return false };
                let mut index = 0;
                if let (Origin::Table(table), true) = (self.origins[source], is_whole) {
                    // Most of what constants compute is this: without a call, which would be most of it.
                    let mut columns = tables.tables[table].columns;
                    while let [column, rest @ ..] = columns
                        && self.used < N
                    {
                        let kind = ItemKind::Column(Column::of(source, index));
                        self.items[self.used] = Item { kind, name: column.hash, output };
                        self.used += 1;
                        columns = rest;
                        index += 1;
                    }
                }
                while index < width {
                    let view = self.view(sql, tables);
                    let name = view.name(source, index);
                    if is_whole || view.is_unmerged(scope, source, index, name) {
                        let kind = match is_whole && qualifier != 0 {
                            true => ItemKind::Column(Column::of(source, index)),
                            false => view.star_column(scope, source, index, name),
                        };
                        self.push(Item { kind, name, output });
                    }
                    index += 1;
                }
            }
            source += 1;
        }
        true
    }

    const fn push(&mut self, item: Item) {
        if self.used < N {
            self.items[self.used] = item;
            self.used += 1;
        }
    }
}

/// At most so many columns do all scopes of a statement give, and one more.
#[must_use]
pub const fn capacity(sql: &SqlDef, tables: &Tables) -> usize {
    let (mut capacity, mut scope) = (1, 0);
    while scope < sql.scopes.len() {
        capacity += scope_capacity(sql, tables, scope, 0);
        scope += 1;
    }
    capacity
}

/// `depth` ends what reads itself.
const fn scope_capacity(sql: &SqlDef, tables: &Tables, scope: usize, depth: usize) -> usize {
    let scope = &sql.scopes[scope];
    let (mut capacity, mut output, mut of_sources) = (0, 0, None);
    while output < scope.outputs.len() {
        capacity += match (scope.outputs[output].kind, of_sources) {
            (OutputKind::Column(_) | OutputKind::Expression, _) => 1,
            (OutputKind::Star | OutputKind::SourceStar(_), Some(known)) => known,
            (OutputKind::Star | OutputKind::SourceStar(_), None) => {
                let (mut sum, mut source) = (0, scope.first);
                while source < scope.first + scope.count && depth < 32 {
                    sum += source_capacity(sql, tables, source, depth + 1);
                    source += 1;
                }
                of_sources = Some(sum);
                sum
            }
        };
        output += 1;
    }
    capacity
}

const fn source_capacity(sql: &SqlDef, tables: &Tables, source: usize, depth: usize) -> usize {
    match (tables.origin(&sql.sources[source]), sql.sources[source].kind) {
        (Some(Origin::Table(table)), _) => tables.tables[table].columns.len(),
        (Some(Origin::Document(_)), _) => DOCUMENT_HASHES.len(),
        (Some(Origin::Json), _) => JSON_VISIBLE,
        (Some(Origin::Schema), _) => SCHEMA_HASHES.len(),
        (_, SourceKind::Select { select, columns: &[], .. }) => {
            let arms = sql.selects[select].arms;
            if arms.is_empty() { 0 } else { scope_capacity(sql, tables, arms[0], depth) }
        }
        (_, SourceKind::Select { columns, .. }) => columns.len(),
        _ => 0,
    }
}
