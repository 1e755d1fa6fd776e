//! Mistakes as compile errors: what does not fit, what to write, and the line of the statement with carets under it.

use super::item::{Column, Item, ItemKind, Mistake, Origin};
use super::resolve::Resolved;
use super::statement::{Otherwise, Output, OutputKind, Place, Source, SourceKind, SqlDef, length, start};
use super::tables::{DOCUMENT_COLUMNS, JSON_COLUMNS, SCHEMA_COLUMNS, Tables};
use super::view::View;
use crate::row::column::Domain;
use crate::row::row::Shape;
use crate::row::value::SqlType;
use crate::schema::sentence::{Sentence, distance, extends, slice};

impl<const S: usize, const R: usize, const K: usize, const N: usize> Resolved<S, R, K, N> {
    /// The first thing that does not fit, in the statement or between its result and the row type.
    #[must_use]
    pub const fn mistake(&self, sql: &SqlDef, tables: &Tables, shape: &Shape) -> Option<Mistake> {
        match self.mistake {
            Some(mistake) => Some(mistake),
            None => super::result::mistake(self.view(sql, tables), shape),
        }
    }

    /// Fails while compiling where something does not fit. `row` is the row type as its author wrote it.
    ///
    /// # Panics
    /// The derive calls it in a constant: the panic is a compile error.
    #[track_caller]
    pub const fn assert(&self, sql: &SqlDef, tables: &Tables, shape: &Shape, row: &str) {
        if let Some(mistake) = self.mistake(sql, tables, shape) {
            panic!("{}", self.message(sql, tables, shape, row, mistake).text());
        }
    }

    const fn message(&self, sql: &SqlDef, tables: &Tables, shape: &Shape, row: &str, mistake: Mistake) -> Sentence {
        let (mut sentence, place) = self.view(sql, tables).message(shape, row, mistake);
        draw(&mut sentence, sql.text, place);
        sentence
    }

    /// What [`assert`](Self::assert) says, for tests.
    #[must_use]
    pub fn describe(&self, sql: &SqlDef, tables: &Tables, shape: &Shape, row: &str) -> Option<String> {
        let mistake = self.mistake(sql, tables, shape)?;
        Some(self.message(sql, tables, shape, row, mistake).text().to_owned())
    }
}

/// An expression of more bytes is not written twice.
const LONG: usize = 30;

impl View<'_> {
    const fn message(&self, shape: &Shape, row: &str, mistake: Mistake) -> (Sentence, Place) {
        let text = self.sql.text;
        match mistake {
            Mistake::NoTable(source) => {
                let place = self.source_place(source);
                let wanted = name(text, place);
                let mut sentence = Sentence::new(&["this store has no table `", wanted, "`"]);
                let common = self.sql.sources[source].meant;
                match if common.is_empty() { self.near_table(wanted) } else { Some(common) } {
                    Some(meant) => sentence.add(&["; did you mean `", meant, "`?"]),
                    None => {
                        sentence.add(&["; add a field `Table<..>` for it"]);
                        self.add_tables(&mut sentence);
                    }
                }
                (sentence, place)
            }
            Mistake::NoColumn(reference) => self.no_column(reference),
            Mistake::Ambiguous(reference, first, second) => {
                let place = self.sql.references[reference].place;
                let column = name(text, place);
                let same = self.sql.sources[first].name == self.sql.sources[second].name;
                let (first, second) = (self.source_name(first), self.source_name(second));
                let mut sentence = Sentence::new(&["`", column, "` is a column of "]);
                let named = if first.is_empty() { second } else { first };
                if named.is_empty() {
                    sentence.add(&["two subqueries"]);
                } else if same {
                    sentence.add(&["two tables called `", named, "`"]);
                } else if first.is_empty() || second.is_empty() {
                    sentence.add(&["`", named, "` and of a subquery"]);
                } else {
                    sentence.add(&["`", first, "` and of `", second, "`"]);
                }
                if same {
                    sentence.add(&["; give one a name with `AS other`, and write `other.", column, "`"]);
                } else {
                    sentence.add(&["; write `", named, ".", column, "`"]);
                }
                (sentence, place)
            }
            Mistake::NoSharedColumn(source, index) => {
                let place = self.sql.sources[source].using[index].1;
                let column = name(text, place);
                let sentence = Sentence::new(&[
                    "`",
                    column,
                    "` is not a column on both sides of this join; write `ON a.x = b.y` for columns of two names",
                ]);
                (sentence, place)
            }
            Mistake::NoValue(index) => self.no_value(index),
            Mistake::Width(index, found) => {
                let width = &self.sql.widths[index];
                let mut sentence = Sentence::new(&[]);
                if width.wanted == 0 {
                    sentence.add(&["the SELECTs of this compound give different numbers of columns"]);
                } else {
                    sentence.add(&["this subquery gives "]);
                    sentence.add_number(found);
                    sentence.add(&[if found == 1 { " column, and " } else { " columns, and " }]);
                    sentence.add_number(width.wanted);
                    sentence.add(&[if width.wanted == 1 { " is expected" } else { " are expected" }]);
                }
                (sentence, width.place)
            }
            Mistake::Count(found) => {
                let mut sentence = Sentence::new(&["the query gives "]);
                sentence.add_number(found);
                sentence.add(&[if found == 1 { " column, and `" } else { " columns, and `" }, row, "` takes "]);
                let wanted = shape.fields().len();
                sentence.add_number(wanted);
                if found > wanted && wanted == 1 {
                    sentence
                        .add(&["; write a tuple such as `(String, i64)` as the result, or a `#[derive(Row)]` struct"]);
                } else {
                    sentence.add(&["; select "]);
                    sentence.add_number(wanted);
                    if found == 1 {
                        sentence.add(&[", or write one type without a tuple"]);
                    } else {
                        sentence.add(&[", or write a tuple of "]);
                        sentence.add_number(found);
                    }
                }
                let outputs = self.sql.scopes[self.sql.selects[0].arms[0]].outputs;
                let beyond = if found > wanted && wanted < outputs.len() { wanted } else { 0 };
                (sentence, outputs[beyond].place)
            }
            Mistake::Missing(field) => {
                let field = shape.fields()[field].name;
                let arm = self.sql.selects[0].arms[0];
                let mut sentence =
                    Sentence::new(&["`", row, "` reads a column `", field, "`, and the query gives none of that name"]);
                let outputs = self.sql.scopes[arm].outputs;
                let mut at = outputs[0].place;
                match (self.near_output(field), self.unnamed(arm)) {
                    (Some(meant), _) => {
                        sentence.add(&["; write `AS ", field, "` for what is called `", meant, "`"]);
                    }
                    (None, Some(output)) => {
                        at = outputs[output].place;
                        sentence.add(&["; write `AS ", field, "` after the expression that it is"]);
                    }
                    (None, None) => sentence.add(&["; select it"]),
                }
                (sentence, at)
            }
            Mistake::Twice(field, first, second) => {
                let arm = self.sql.selects[0].arms[0];
                let (first, second) = (self.item(arm, first), self.item(arm, second));
                let column = shape.fields()[field].name;
                let mut sentence = Sentence::new(&["the result has two columns called `", column, "`: `"]);
                self.add_written(&mut sentence, arm, &first);
                sentence.add(&["` and `"]);
                self.add_written(&mut sentence, arm, &second);
                sentence.add(&["`; "]);
                add_field(&mut sentence, shape, field, row);
                let output = &self.sql.scopes[arm].outputs[second.output];
                sentence.add(&[" reads one; "]);
                match (output.kind, first.kind) {
                    (OutputKind::Star, ItemKind::Column(Column { source, .. }))
                        if !self.source_name(source).is_empty() =>
                    {
                        let of = self.source_name(source);
                        sentence.add(&["write `", of, ".*` in place of `*`, and name the other table's columns, "]);
                        sentence.add(&["with `AS other_", column, "` for this one"]);
                    }
                    _ => sentence.add(&["select one of them, or write `AS other_", column, "` after the other"]),
                }
                (sentence, output.place)
            }
            Mistake::Type(field, arm, index, types) => {
                let item = self.item(arm, index);
                let place = self.sql.scopes[arm].outputs[item.output].place;
                let mut sentence = Sentence::new(&["`"]);
                self.add_written(&mut sentence, arm, &item);
                let is_column = matches!(item.kind, ItemKind::Column(_));
                sentence.add(&[if is_column { "` is stored as " } else { "` is " }]);
                let (all, mut index, mut meant) = (SqlType::ALL, 0, "");
                while index < all.len() {
                    if types.has(all[index]) {
                        sentence.add(&[if meant.is_empty() { "" } else { " or " }, all[index].as_sql()]);
                        meant = match all[index] {
                            SqlType::Integer => "i64",
                            SqlType::Real => "f64",
                            SqlType::Text => "String",
                            SqlType::Blob => "Vec<u8>",
                        };
                    }
                    index += 1;
                }
                sentence.add(&[", and "]);
                add_field(&mut sentence, shape, field, row);
                sentence.add(&[" does not read that; write a type that does, such as `", meant, "`"]);
                (sentence, place)
            }
            Mistake::Nullable(field, arm, index) => self.nullable(shape, row, field, arm, index),
        }
    }

    const fn no_value(&self, index: usize) -> (Sentence, Place) {
        let compared = &self.sql.compared[index];
        let mut sentence = Sentence::new(&[]);
        let Some((table, column)) = self.traced(self.columns[compared.reference]) else { return (sentence, 0) };
        let column = &self.tables.tables[table].columns[column];
        match column.domain {
            Domain::Texts(texts) if matches!(column.ty, SqlType::Text) => {
                sentence.add(&["`", column.name, "` is never '", compared.text, "'"]);
                let (mut nearest, mut least, mut index) = (None, compared.text.len().div_ceil(3) + 1, 0);
                while index < texts.len() {
                    let distance = distance(compared.text, texts[index]);
                    if distance < least {
                        (nearest, least) = (Some(texts[index]), distance);
                    }
                    index += 1;
                }
                if let Some(meant) = nearest {
                    sentence.add(&["; did you mean '", meant, "'?"]);
                } else {
                    index = 0;
                    while index < texts.len() {
                        sentence.add(&[if index == 0 { "; it is '" } else { "', '" }, texts[index]]);
                        index += 1;
                    }
                    sentence.add(&["'"]);
                }
            }
            domain => {
                sentence.add(&["`", column.name, "` is stored as ", column.ty.as_sql(), ", and '", compared.text]);
                let is_bool = matches!(domain, Domain::Integers(0, 1));
                sentence.add(&["' is no number; write ", if is_bool { "0 or 1" } else { "a number without quotes" }]);
            }
        }
        (sentence, compared.place)
    }

    const fn nullable(&self, shape: &Shape, row: &str, field: usize, arm: usize, index: usize) -> (Sentence, Place) {
        let item = self.item(arm, index);
        let output = &self.sql.scopes[arm].outputs[item.output];
        let field_name = shape.fields()[field].name;
        let is_expression = matches!(item.kind, ItemKind::Expression);
        let is_aggregate = self.is_aggregate(arm) && !self.sql.scopes[arm].having;
        let mut sentence = Sentence::new(&["`"]);
        self.add_written(&mut sentence, arm, &item);
        sentence.add(&[if is_aggregate {
            "` is NULL where there are no rows, this being an aggregate without GROUP BY; write "
        } else {
            "` may be NULL here; write "
        }]);
        if is_expression && length(output.place) > LONG {
            sentence.add(&["`coalesce(.., ..)` around it, or "]);
        } else if is_expression {
            sentence.add(&["`coalesce("]);
            self.add_written(&mut sentence, arm, &item);
            sentence.add(&[", ..)`, or "]);
        } else if is_aggregate {
            sentence.add(&["GROUP BY, or "]);
        } else {
            sentence.add(&["`WHERE "]);
            self.add_written(&mut sentence, arm, &item);
            sentence.add(&[" IS NOT NULL`, or "]);
        }
        let is_scalar = field_name.is_empty() && shape.fields().len() == 1;
        if is_scalar {
            // The outermost `Option` or `Vec` of a result says how many rows there are.
            sentence.add(&["`Option<Option<", row, ">>` as the result (`Vec<Option<", row, ">>` for many rows)"]);
        } else {
            sentence.add(&["an `Option` as "]);
            add_field(&mut sentence, shape, field, row);
        }
        if !matches!(output.kind, OutputKind::Star | OutputKind::SourceStar(_)) {
            let written = name(self.sql.text, if output.alias == 0 { output.place } else { output.alias });
            let alias = match (field_name.is_empty(), is_expression && output.alias == 0) {
                (false, _) => field_name,
                (true, true) => "value",
                (true, false) => written,
            };
            sentence.add(&[", or, if it never is, `AS \"", alias, "!\"`"]);
        }
        (sentence, output.place)
    }

    /// A result column as a condition would name it.
    const fn add_written(&self, sentence: &mut Sentence, arm: usize, item: &Item) {
        let output = &self.sql.scopes[arm].outputs[item.output];
        match (output.kind, item.kind) {
            (OutputKind::Star | OutputKind::SourceStar(_), ItemKind::Column(Column { source, index, .. })) => {
                let source_name = self.source_name(source);
                if !source_name.is_empty() {
                    sentence.add(&[source_name, "."]);
                }
                sentence.add(&[match self.column_text(source, index) {
                    Some(column) => column,
                    None => "its column",
                }]);
            }
            (OutputKind::Expression, _) if length(output.place) > 0 => {
                sentence.add(&[slice(self.sql.text, start(output.place), length(output.place))]);
            }
            (OutputKind::Expression, _) => {
                sentence.add(&["column "]);
                sentence.add_number(item.output + 1);
            }
            _ => sentence.add(&[name(self.sql.text, output.place)]),
        }
    }

    const fn source_place(&self, source: usize) -> Place {
        self.sql.sources[source].place
    }

    /// A source as columns name it; empty where it has no name.
    const fn source_name(&self, source: usize) -> &'static str {
        let Source { place, alias, .. } = self.sql.sources[source];
        name(self.sql.text, if alias == 0 { place } else { alias })
    }

    const fn near_table(&self, wanted: &str) -> Option<&'static str> {
        let (mut nearest, mut least, mut index) = (None, wanted.len().div_ceil(3) + 1, 0);
        while index < self.tables.names.len() {
            let tables = self.tables.tables.len();
            let name = if index < tables {
                self.tables.tables[index].name
            } else {
                self.tables.documents[index - tables].name
            };
            let distance = distance(wanted, name);
            if distance < least {
                (nearest, least) = (Some(name), distance);
            }
            index += 1;
        }
        nearest
    }

    const fn add_tables(&self, sentence: &mut Sentence) {
        let mut index = 0;
        while index < self.tables.tables.len() {
            sentence.add(&[if index == 0 { " (there are `" } else { ", `" }, self.tables.tables[index].name, "`"]);
            index += 1;
        }
        if index > 0 {
            sentence.add(&[")"]);
        }
    }

    const fn no_column(&self, reference: usize) -> (Sentence, Place) {
        let wanted = &self.sql.references[reference];
        let (text, place) = (self.sql.text, wanted.place);
        let column = name(text, place);
        if matches!(wanted.otherwise, Otherwise::Text) {
            let sentence = Sentence::new(&[
                "double quotes are for names, and no column here is called `",
                column,
                "`; a string is `'",
                column,
                "'`",
            ]);
            return (sentence, place);
        }
        if matches!(wanted.otherwise, Otherwise::Late) {
            let sentence = Sentence::new(&[
                "`",
                column,
                "` is an aggregate or a window function, computed after WHERE, ON and GROUP BY; write HAVING for an \
                 aggregate, or compute it in a subquery and use it outside",
            ]);
            return (sentence, place);
        }
        let scope = &self.sql.scopes[wanted.scope];
        let mut sentence = Sentence::new(&[]);
        if scope.count == 0 && scope.parent.is_none() {
            sentence.add(&["`", column, "` is a column of no table: this SELECT has no FROM"]);
            return (sentence, place);
        }
        let (mut nearest, mut least) = (None, column.len().div_ceil(3) + 1);
        let (mut next, mut sources, mut only) = (Some(wanted.scope), 0, 0);
        while let Some(index) = next {
            let scope = &self.sql.scopes[index];
            let mut source = scope.first;
            while source < scope.first + scope.count {
                if wanted.qualifier == 0 || wanted.qualifier == self.sql.sources[source].name {
                    let near = self.near_column(source, column, least);
                    if let Some((meant, distance)) = near {
                        (nearest, least) = (Some(meant), distance);
                    }
                    sources += 1;
                    only = source;
                }
                source += 1;
            }
            next = scope.parent;
        }
        if sources == 1 {
            match self.origins[only] {
                Origin::Table(table) => {
                    sentence.add(&["`", self.tables.tables[table].name, "` has no column `", column, "`"]);
                }
                Origin::Document(document) => {
                    sentence.add(&["`", self.tables.documents[document].name, "` has no column `", column, "`"]);
                }
                _ if length(self.sql.sources[only].place) > 0 => {
                    sentence.add(&["`", name(text, self.sql.sources[only].place), "` has no column `", column, "`"]);
                }
                _ => sentence.add(&["this FROM has no column `", column, "`"]),
            }
        } else {
            sentence.add(&["no table of this FROM has a column `", column, "`"]);
        }
        match nearest {
            Some(meant) => sentence.add(&["; did you mean `", meant, "`?"]),
            None if sources == 1 => self.add_columns(&mut sentence, only),
            None => {}
        }
        (sentence, place)
    }

    const fn add_columns(&self, sentence: &mut Sentence, source: usize) {
        let mut index = 0;
        while let Some(column) = self.column_text(source, index) {
            sentence.add(&[if index == 0 { "; it has `" } else { ", `" }, column, "`"]);
            index += 1;
        }
    }

    /// The name of a source's column, where it is known as text.
    const fn column_text(&self, source: usize, index: usize) -> Option<&str> {
        match self.origins[source] {
            Origin::Table(table) => {
                let columns = self.tables.tables[table].columns;
                if index < columns.len() { Some(columns[index].name) } else { None }
            }
            Origin::Document(_) => {
                if index < DOCUMENT_COLUMNS.len() {
                    Some(DOCUMENT_COLUMNS[index])
                } else {
                    None
                }
            }
            Origin::Json => {
                if index < JSON_COLUMNS.len() {
                    Some(JSON_COLUMNS[index])
                } else {
                    None
                }
            }
            Origin::Schema => {
                if index < SCHEMA_COLUMNS.len() {
                    Some(SCHEMA_COLUMNS[index])
                } else {
                    None
                }
            }
            Origin::Select => match self.sql.sources[source].kind {
                SourceKind::Select { select, columns: &[], .. } if !self.sql.selects[select].arms.is_empty() => {
                    self.output_text(self.sql.selects[select].arms[0], index)
                }
                _ => None,
            },
            Origin::Unknown => None,
        }
    }

    /// The name of a column that a SELECT gives, where it is known as text.
    const fn output_text(&self, arm: usize, index: usize) -> Option<&str> {
        let item = self.item(arm, index);
        match item.kind {
            ItemKind::End | ItemKind::Unknown => None,
            ItemKind::Column(Column { source, index, .. }) if index != Column::ROWID => {
                match self.sql.scopes[arm].outputs[item.output].kind {
                    OutputKind::Column(_) => self.name_text(arm, item.output),
                    _ => self.column_text(source, index),
                }
            }
            _ => self.name_text(arm, item.output),
        }
    }

    const fn name_text(&self, arm: usize, output: usize) -> Option<&str> {
        let Output { kind, place, alias, .. } = self.sql.scopes[arm].outputs[output];
        let place = if alias == 0 { place } else { alias };
        if matches!(kind, OutputKind::Star | OutputKind::SourceStar(_)) || length(place) == 0 {
            return None;
        }
        Some(name(self.sql.text, place))
    }

    const fn near_column(&self, source: usize, wanted: &str, mut least: usize) -> Option<(&str, usize)> {
        let (mut nearest, mut index) = (None, 0);
        while let Some(column) = self.column_text(source, index) {
            // `author` is `author_id` rather than something else of as many letters.
            let distance = if extends(column, wanted) { 1 } else { distance(wanted, column) };
            if distance < least {
                least = distance;
                nearest = Some((column, distance));
            }
            index += 1;
        }
        nearest
    }

    /// The first expression without an alias.
    const fn unnamed(&self, arm: usize) -> Option<usize> {
        let (outputs, mut index) = (self.sql.scopes[arm].outputs, 0);
        while index < outputs.len() {
            let output = &outputs[index];
            if matches!(output.kind, OutputKind::Expression) && output.alias == 0 {
                return Some(index);
            }
            index += 1;
        }
        None
    }

    const fn near_output(&self, wanted: &str) -> Option<&str> {
        let arm = self.sql.selects[0].arms[0];
        let (mut nearest, mut least, mut index) = (None, wanted.len().div_ceil(3) + 1, 0);
        while let Some(column) = self.output_text(arm, index) {
            let distance = distance(wanted, column);
            if distance < least {
                (nearest, least) = (Some(column), distance);
            }
            index += 1;
        }
        nearest
    }
}

/// A name of the statement, without quotes.
const fn name(text: &str, place: Place) -> &str {
    let written = slice(text, start(place), length(place));
    let bytes = written.as_bytes();
    let quoted = bytes.len() > 2 && matches!(bytes[0], b'"' | b'`' | b'[' | b'\'');
    if quoted { slice(written, 1, written.len() - 2) } else { written }
}

/// A part of the row type, or all of it where it is one value.
const fn add_field(sentence: &mut Sentence, shape: &Shape, field: usize, row: &str) {
    let (name, count) = (shape.fields()[field].name, shape.fields().len());
    if !name.is_empty() {
        sentence.add(&["the field `", name, "` of "]);
    } else if count > 1 {
        sentence.add(&["column "]);
        sentence.add_number(field + 1);
        sentence.add(&[" of "]);
    }
    sentence.add(&["`", row, "`"]);
}

/// The line in which the place begins, and carets under it.
const fn draw(sentence: &mut Sentence, text: &str, place: Place) {
    let bytes = text.as_bytes();
    if place == 0 {
        return;
    }
    let at = if start(place) < bytes.len() { start(place) } else { bytes.len() };
    let (mut start, carets) = (at, length(place));
    while start > 0 && bytes[start - 1] != b'\n' {
        start -= 1;
    }
    while start < at && bytes[start].is_ascii_whitespace() {
        start += 1;
    }
    let mut end = at;
    while end < bytes.len() && bytes[end] != b'\n' {
        end += 1;
    }
    sentence.add(&["\n  ", slice(text, start, end - start), "\n  "]);
    let mut index = start;
    while index < end && index < at + carets {
        // A character of several bytes has one caret.
        if bytes[index] & 0xc0 != 0x80 {
            sentence.add(&[if index < at { " " } else { "^" }]);
        }
        index += 1;
    }
    if at == end {
        sentence.add(&["^"]);
    }
}
