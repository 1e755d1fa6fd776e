//! Which table a source is, and which column a reference.

use super::{
    Builtin, DOCUMENT_HASHES, JSON_HASHES, JSON_VISIBLE, Otherwise, OutputKind, ROWID_HASHES, Source, SourceKind,
    SqlDef, Tables,
};

/// What a source turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing that is known here.
    Unknown,
    /// A table of the schema.
    Table(usize),
    /// A client document of the schema.
    Document(usize),
    /// `json_each` or its like.
    Json,
    /// A subquery.
    Select,
}

/// What a reference turned out to be: a source and the position of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The source, or [`Column::UNKNOWN`]'s.
    pub source: usize,
    /// The column's position, or [`Column::ROWID`].
    pub index: usize,
}

impl Column {
    /// Something that is no column of a table.
    pub const UNKNOWN: Self = Self { source: usize::MAX, index: 0 };
    /// The position of a table's `rowid`.
    pub const ROWID: usize = usize::MAX;

    /// Whether it is no column of a table.
    #[must_use]
    pub const fn is_unknown(self) -> bool {
        self.source == usize::MAX
    }
}

/// What does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// The source names no table.
    NoTable(usize),
    /// The reference names no column.
    NoColumn(usize),
    /// The reference names a column of each of these two sources.
    Ambiguous(usize, usize, usize),
    /// A column of the source's `USING` is missing on a side.
    NoSharedColumn(usize, usize),
    /// A `widths` entry is not kept: this many were found.
    Width(usize, usize),
    /// The result has this many columns.
    Count(usize),
    /// The row type's field is not in the result.
    Missing(usize),
    /// The field, the output: it may be `NULL` where the field is no `Option`.
    Nullable(usize, usize),
}

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

/// Where the items of a scope are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelt {
    first: usize,
    count: usize,
    /// Whether they are all.
    complete: bool,
    begun: bool,
}

/// What is known so far.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) sql: &'a SqlDef,
    pub(super) tables: &'a Tables,
    pub(super) origins: &'a [Origin],
    pub(super) columns: &'a [Column],
    items: &'a [Item],
    spelt: &'a [Spelt],
}

/// Where a name was found.
#[derive(Clone, Copy)]
pub(super) enum Found {
    No,
    At(usize),
    /// Perhaps: the columns are not known.
    Perhaps,
}

/// One column that a SELECT gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) kind: ItemKind,
    pub(super) name: u64,
    pub(super) output: usize,
}

/// A walk over the columns that a SELECT gives.
struct Walk {
    scope: usize,
    /// Where the walk is: the output, and of one that is `*` the source and its column.
    output: usize,
    nth: usize,
    index: usize,
    /// How many columns that source has.
    width: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum ItemKind {
    Expression,
    Column(Column),
    /// There are not so many.
    End,
    /// From here on it is not known.
    Unknown,
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
        let mut index = 0;
        while index < S {
            resolved.origins[index] = match tables.origin(&sql.sources[index]) {
                Some(origin) => origin,
                None => {
                    resolved.add(Mistake::NoTable(index));
                    Origin::Unknown
                }
            };
            index += 1;
        }
        index = 0;
        while index < R {
            // The derive numbers what a subquery mentions before what the SELECT around it does.
            let mut scope = Some(sql.references[index].scope);
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
        if let Some(mistake) = resolved.view(sql, tables).using() {
            resolved.add(mistake);
        }
        if let Some(mistake) = resolved.view(sql, tables).widths() {
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
        let (mut source, end) = (sql.scopes[scope].first, sql.scopes[scope].first + sql.scopes[scope].count);
        while source < end {
            if let SourceKind::Select { select, .. } = sql.sources[source].kind {
                let arms = sql.selects[select].arms;
                if !arms.is_empty() {
                    self.spell(sql, tables, arms[0]);
                }
            }
            source += 1;
        }
    }

    /// Spells out what a scope gives. One that reads itself is not complete while that is done.
    const fn spell(&mut self, sql: &SqlDef, tables: &Tables, scope: usize) {
        if self.spelt[scope].begun {
            return;
        }
        self.spelt[scope].begun = true;
        self.spell_sources(sql, tables, scope);
        self.spelt[scope].first = self.used;
        let mut walk = Walk { scope, output: 0, nth: 0, index: 0, width: 0 };
        while self.used < N {
            let item = self.view(sql, tables).next(&mut walk);
            match item.kind {
                ItemKind::End => {
                    self.spelt[scope].complete = true;
                    return;
                }
                ItemKind::Unknown => return,
                ItemKind::Expression | ItemKind::Column(_) => {
                    self.items[self.used] = item;
                    self.used += 1;
                    self.spelt[scope].count += 1;
                }
            }
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
        (Some(Origin::Table(table)), _) => tables.columns[table].len(),
        (Some(Origin::Document(_)), _) => DOCUMENT_HASHES.len(),
        (Some(Origin::Json), _) => JSON_VISIBLE,
        (_, SourceKind::Select { select, columns: &[], .. }) => {
            let arms = sql.selects[select].arms;
            if arms.is_empty() { 0 } else { scope_capacity(sql, tables, arms[0], depth) }
        }
        (_, SourceKind::Select { columns, .. }) => columns.len(),
        _ => 0,
    }
}

impl Tables {
    /// What a source is; `None` where it names a table that is not there.
    const fn origin(&self, source: &Source) -> Option<Origin> {
        match source.kind {
            SourceKind::Table(name, builtin) => match (self.find(name), builtin) {
                (Some(origin), _) => Some(origin),
                (None, Builtin::Json) => Some(Origin::Json),
                (None, Builtin::Other) => Some(Origin::Unknown),
                (None, Builtin::None) => None,
            },
            SourceKind::Select { .. } => Some(Origin::Select),
            SourceKind::Function(Builtin::Json) => Some(Origin::Json),
            SourceKind::Function(_) => Some(Origin::Unknown),
        }
    }

    /// The table or document of this name.
    const fn find(&self, name: u64) -> Option<Origin> {
        let (count, mut index) = (self.names.len(), 0);
        while index < count {
            if self.names[index] == name {
                let tables = self.tables.len();
                let is_table = index < tables;
                return Some(if is_table { Origin::Table(index) } else { Origin::Document(index - tables) });
            }
            index += 1;
        }
        None
    }
}

const fn position(names: &[u64], name: u64) -> Found {
    let (count, mut index) = (names.len(), 0);
    while index < count {
        if names[index] == name {
            return Found::At(index);
        }
        index += 1;
    }
    Found::No
}

impl View<'_> {
    /// The column of this name in a source.
    pub(super) const fn find(&self, source: usize, name: u64) -> Found {
        match self.origins[source] {
            Origin::Unknown => Found::Perhaps,
            Origin::Table(table) => position(self.tables.columns[table], name),
            Origin::Document(_) => position(&DOCUMENT_HASHES, name),
            Origin::Json => position(&JSON_HASHES, name),
            Origin::Select => {
                let SourceKind::Select { select, columns, .. } = self.sql.sources[source].kind else {
                    return Found::Perhaps;
                };
                if !columns.is_empty() {
                    return position(columns, name);
                }
                self.find_in_select(select, name)
            }
        }
    }

    pub(super) const fn find_in_select(&self, select: usize, name: u64) -> Found {
        let arms = self.sql.selects[select].arms;
        if arms.is_empty() {
            return Found::Perhaps;
        }
        let Spelt { first, count, complete, .. } = self.spelt[arms[0]];
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
    const fn width(&self, source: usize) -> Option<usize> {
        match self.origins[source] {
            Origin::Unknown => None,
            Origin::Table(table) => Some(self.tables.columns[table].len()),
            Origin::Document(_) => Some(DOCUMENT_HASHES.len()),
            Origin::Json => Some(JSON_VISIBLE),
            Origin::Select => match self.sql.sources[source].kind {
                SourceKind::Select { select, columns: &[], .. } => {
                    let arms = self.sql.selects[select].arms;
                    if arms.is_empty() { None } else { self.arm_width(arms[0]) }
                }
                SourceKind::Select { columns, .. } => Some(columns.len()),
                _ => None,
            },
        }
    }

    /// The name of a source's column.
    const fn name(&self, source: usize, index: usize) -> u64 {
        match self.origins[source] {
            Origin::Unknown => 0,
            Origin::Table(table) => self.tables.columns[table][index],
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

    /// The next column that a SELECT gives, with `*` spelt out.
    const fn next(&self, walk: &mut Walk) -> Item {
        let scope = &self.sql.scopes[walk.scope];
        while walk.output < scope.outputs.len() {
            let (output, name) = (walk.output, scope.outputs[walk.output].name);
            let qualifier = match scope.outputs[output].kind {
                OutputKind::Star => 0,
                OutputKind::SourceStar(qualifier) => qualifier,
                OutputKind::Column(reference) => {
                    walk.output += 1;
                    let column = self.columns[reference];
                    let kind = if column.is_unknown() { ItemKind::Expression } else { ItemKind::Column(column) };
                    return Item { kind, name, output };
                }
                OutputKind::Expression => {
                    walk.output += 1;
                    return Item { kind: ItemKind::Expression, name, output };
                }
            };
            while walk.nth < scope.count {
                let source = scope.first + walk.nth;
                if walk.index == 0 {
                    let is_meant = qualifier == 0 || self.sql.sources[source].name == qualifier;
                    let Some(width) = (if is_meant { self.width(source) } else { Some(0) }) else {
                        return Item { kind: ItemKind::Unknown, name: 0, output };
                    };
                    walk.width = width;
                }
                while walk.index < walk.width {
                    let (index, name) = (walk.index, self.name(source, walk.index));
                    walk.index += 1;
                    if qualifier != 0
                        || !self.is_merged(walk.scope, source, name)
                        // The second column of one name in a subquery is not that column any more.
                        || !matches!(self.find(source, name), Found::At(first) if first == index)
                    {
                        return Item { kind: ItemKind::Column(Column { source, index }), name, output };
                    }
                }
                walk.nth += 1;
                walk.index = 0;
            }
            walk.output += 1;
            walk.nth = 0;
        }
        Item { kind: ItemKind::End, name: 0, output: walk.output }
    }

    /// Whether USING or NATURAL makes the source's column one with a column before it.
    const fn is_merged(&self, scope: usize, source: usize, name: u64) -> bool {
        let using = self.sql.sources[source].using;
        let mut index = 0;
        while index < using.len() {
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

    const fn reference(&self, reference: usize) -> Result<Column, Mistake> {
        let wanted = &self.sql.references[reference];
        let (mut next, mut perhaps) = (Some(wanted.scope), false);
        let is_rowid = matches!(position(&ROWID_HASHES, wanted.name), Found::At(_));
        while let Some(scope) = next {
            let (first, count) = (self.sql.scopes[scope].first, self.sql.scopes[scope].count);
            let (mut found, mut rowid, mut rowids, mut nth) = (Column::UNKNOWN, Column::UNKNOWN, None, 0);
            while nth < count {
                let source = first + nth;
                nth += 1;
                if wanted.qualifier != 0 && wanted.qualifier != self.sql.sources[source].name {
                    continue;
                }
                match self.find(source, wanted.name) {
                    Found::At(index) if found.is_unknown() => found = Column { source, index },
                    Found::At(_) if self.is_merged(scope, source, wanted.name) => {}
                    // ORDER BY means the result column of that name.
                    Found::At(_) if matches!(wanted.otherwise, Otherwise::Result) => {}
                    Found::At(_) => return Err(Mistake::Ambiguous(reference, found.source, source)),
                    Found::Perhaps => perhaps = true,
                    Found::No => {
                        let has_rowid = matches!(self.origins[source], Origin::Table(_) | Origin::Document(_));
                        if is_rowid && has_rowid && rowid.is_unknown() {
                            rowid = Column { source, index: Column::ROWID };
                        } else if is_rowid && has_rowid && wanted.qualifier == 0 {
                            rowids = Some(source);
                        }
                    }
                }
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
            next = self.sql.scopes[scope].parent;
        }
        match wanted.otherwise {
            Otherwise::Known => Ok(Column::UNKNOWN),
            Otherwise::Unknown | Otherwise::Text | Otherwise::Result => Err(Mistake::NoColumn(reference)),
        }
    }

    /// The columns of USING are on both sides.
    const fn using(&self) -> Option<Mistake> {
        let mut scope = 0;
        while scope < self.sql.scopes.len() {
            let (first, count) = (self.sql.scopes[scope].first, self.sql.scopes[scope].count);
            let mut source = first;
            while source < first + count {
                let using = self.sql.sources[source].using;
                let mut index = 0;
                while index < using.len() {
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

    const fn widths(&self) -> Option<Mistake> {
        let mut index = 0;
        while index < self.sql.widths.len() {
            let width = &self.sql.widths[index];
            let arms = self.sql.selects[width.select].arms;
            let (mut arm, mut wanted) = (0, width.wanted);
            while arm < arms.len() {
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
