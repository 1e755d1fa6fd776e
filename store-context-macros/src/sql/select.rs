//! SELECTs: their scopes, what they give, and the common table expressions before them.

use std::collections::HashSet;

use sqlite3_parser::ast::{self, As, CompoundOperator, Expr, OneSelect, ResultColumn};

use super::facts::{Around, Clause, Context, Facts};
use super::model::{Otherwise, Output, OutputKind, Scope, Select, SourceKind, Width};
use super::resolver::{CommonTable, Notes, Resolver, State};
use super::term::{Nulls, Term, Types};
use super::text::{Name, Place};

impl<'b> Resolver<'_, 'b> {
    pub(crate) fn statement(&mut self, select: &'b ast::Select<'b>) {
        self.select(select, &Around::default());
        // The names of the statement's own columns are compared with fields: where no alias names one, its text does.
        let places = self.text.result_columns();
        let Some(scope) = self.sql.selects.first().and_then(|select| select.arms.first()) else { return };
        let outputs = &mut self.sql.scopes[*scope].outputs;
        if places.len() != outputs.len() {
            return;
        }
        for (output, place) in outputs.iter_mut().zip(places) {
            if let OutputKind::Expression = output.kind {
                output.place = place;
                if output.name.is_none() {
                    (output.name, output.name_place) = (Some(self.text.slice(place).to_owned()), place);
                }
            }
        }
    }

    pub(crate) fn select(&mut self, select: &'b ast::Select<'b>, around: &Around) -> usize {
        let index = self.sql.selects.len();
        self.sql.selects.push(Select::default());
        self.select_into(index, select, around, None);
        index
    }

    /// `table` is the common table expression whose body this is.
    fn select_into(&mut self, index: usize, select: &'b ast::Select<'b>, around: &Around, table: Option<usize>) {
        let mut around = around.clone();
        if let Some(with) = &select.with {
            self.with(with, &mut around);
        }
        let compounds = select.body.compounds.as_deref().unwrap_or(&[]);
        let first = self.arm(&select.body.select, &around);
        let (mut arms, mut visible) = (vec![first], vec![first]);
        self.sql.selects[index].arms = arms.clone();
        if let Some(table) = table {
            self.tables[table].state = State::Reading(index, true);
        }
        for compound in compounds {
            let arm = self.arm(&compound.select, &around);
            arms.push(arm);
            match compound.operator {
                CompoundOperator::Union | CompoundOperator::UnionAll => visible.push(arm),
                CompoundOperator::Except => {}
                // What both have, which is not looked at.
                CompoundOperator::Intersect => visible.clear(),
            }
        }
        self.sql.selects[index] = Select { arms, visible };
        if !compounds.is_empty() {
            let place = self.text.word(match compounds[0].operator {
                CompoundOperator::Union | CompoundOperator::UnionAll => "union",
                CompoundOperator::Except => "except",
                CompoundOperator::Intersect => "intersect",
            });
            self.sql.widths.push(Width { select: index, wanted: 0, place });
        }
        self.order(select, first, compounds.is_empty(), &around);
        if let Some(limit) = select.limit {
            let is_one =
                |expr: &Expr<'_>| matches!(expr, Expr::Literal(ast::Literal::Numeric(number)) if *number != "0");
            if limit.offset.is_some() || !is_one(&limit.expr) {
                for arm in self.sql.selects[index].arms.clone() {
                    self.sql.scopes[arm].limited = true;
                }
            }
            // LIMIT is computed before any row is read.
            let context = Context { scope: None, clause: Clause::Limit, around: &around };
            self.expression(&limit.expr, context);
            if let Some(offset) = &limit.offset {
                self.expression(offset, context);
            }
        }
    }

    fn order(&mut self, select: &'b ast::Select<'b>, scope: usize, single: bool, around: &Around) {
        let inner = self.inside(scope, around);
        for term in select.order_by.unwrap_or(&[]) {
            self.position(scope, &term.expr, "ORDER BY");
            // What else a compound's terms name are its result columns, which is checked when the store opens.
            if !single {
                continue;
            }
            let is_alias = match &term.expr {
                Expr::Id(ast::Id(name)) | Expr::Name(ast::Name(name)) => {
                    let name = self.text.name(name);
                    self.notes[scope].aliases.iter().any(|alias| name.is(alias))
                }
                _ => false,
            };
            if !is_alias {
                let context = Context { scope: Some(scope), clause: Clause::Order, around: &inner };
                let facts = self.term(&term.expr, context);
                self.result_column(scope, &facts);
                let scope = &mut self.sql.scopes[scope];
                scope.aggregate |= facts.own_aggregate && !scope.grouped;
            }
        }
    }

    /// A whole number in the place of a term is the position of a result column.
    fn position(&mut self, scope: usize, term: &Expr<'_>, clause: &str) {
        let Expr::Literal(ast::Literal::Numeric(number)) = term else { return };
        let Ok(position) = number.parse::<usize>() else { return };
        let outputs = &self.sql.scopes[scope].outputs;
        let count = outputs.len();
        if !outputs.iter().any(Output::is_star) && !(1..=count).contains(&position) {
            let are = if count == 1 { "is 1 column".to_owned() } else { format!("are {count} columns") };
            let place = self.text.term(number);
            self.refuse(place, format!("{clause} {position} is the position of a result column, and there {are}"));
        }
    }

    /// A column that ORDER BY names may be one that `*` gives.
    fn result_column(&mut self, scope: usize, facts: &Facts) {
        let has_star = self.sql.scopes[scope].outputs.iter().any(Output::is_star);
        if let Some(reference) = facts.column.filter(|_| has_star) {
            let reference = &mut self.sql.references[reference];
            if reference.qualifier.is_none() && reference.otherwise != Otherwise::Known {
                reference.otherwise = Otherwise::Result;
            }
        }
    }

    fn with(&mut self, with: &ast::With<'b>, around: &mut Around) {
        let first = self.tables.len();
        for table in with.ctes {
            let name = self.text.name(table.tbl_name.0);
            if self.tables[first..].iter().any(|earlier| earlier.name.is(&name.text)) {
                let message =
                    format!("this WITH has a table `{}` already; give one of the two another name", name.text);
                self.refuse(name.place, message);
            }
            let columns = table.columns.unwrap_or(&[]);
            let columns = columns.iter().map(|column| self.text.name(column.col_name.0)).collect();
            let around = Around::default();
            self.tables.push(CommonTable { name, columns, body: table.select, around, state: State::Unread });
        }
        // Each sees all of its WITH, the later ones too.
        around.tables.extend(first..self.tables.len());
        for table in &mut self.tables[first..] {
            table.around = around.clone();
        }
    }

    /// The SELECT of a common table expression, and whether it is read by itself.
    pub(crate) fn common_table(&mut self, table: usize, place: Place) -> Option<(usize, bool)> {
        match self.tables[table].state {
            State::Read(select) => Some((select, false)),
            State::Reading(select, true) => Some((select, true)),
            State::Reading(_, false) => {
                let name = &self.tables[table].name.text;
                let message = format!(
                    "`{name}` reads itself before it has a first row; begin it with a SELECT that does not, then UNION ALL"
                );
                self.refuse(place, message);
                None
            }
            State::Unread => {
                let select = self.sql.selects.len();
                self.sql.selects.push(Select::default());
                self.tables[table].state = State::Reading(select, false);
                let (body, around) = (self.tables[table].body, self.tables[table].around.clone());
                self.select_into(select, body, &around, Some(table));
                self.tables[table].state = State::Read(select);
                let (wanted, place) = (self.tables[table].columns.len(), self.tables[table].name.place);
                if wanted > 0 {
                    self.sql.widths.push(Width { select, wanted, place });
                }
                Some((select, false))
            }
        }
    }

    fn open_scope(&mut self, around: &Around) -> usize {
        self.sql.scopes.push(Scope { parent: around.parent, ..Scope::default() });
        self.notes.push(Notes { seen: around.seen.clone(), ..Notes::default() });
        self.sql.scopes.len() - 1
    }

    /// What an expression in this scope has around it.
    fn inside(&self, scope: usize, around: &Around) -> Around {
        let mut seen = self.notes[scope].seen.clone();
        seen.push(scope);
        Around { parent: Some(scope), seen, tables: around.tables.clone() }
    }

    fn arm(&mut self, select: &'b OneSelect<'b>, around: &Around) -> usize {
        let scope = self.open_scope(around);
        match select {
            OneSelect::Values(rows) => self.values(scope, rows, around),
            OneSelect::Select { columns, from, where_clause, group_by, having, window_clause, .. } => {
                let inner = self.inside(scope, around);
                let context = |clause| Context { scope: Some(scope), clause, around: &inner };
                // The aliases of the result columns are not seen in those.
                let beside = Around { seen: self.notes[scope].seen.clone(), ..inner.clone() };
                let columns_context = Context { scope: Some(scope), clause: Clause::Columns, around: &beside };
                let aliases = columns.iter().filter_map(|column| self.alias(column));
                self.notes[scope].aliases = aliases.map(|alias| alias.text).collect();
                if let Some(from) = from {
                    self.from(scope, from, around, &inner);
                }
                let windows = window_clause.unwrap_or(&[]);
                self.notes[scope].windows = windows.iter().map(|window| self.text.name(window.name.0)).collect();
                let mut aggregate = false;
                for window in windows {
                    aggregate |= self.window(&window.window, columns_context).own_aggregate;
                }
                for column in *columns {
                    aggregate |= self.output(scope, column, columns_context);
                }
                if let Some(condition) = where_clause {
                    let facts = self.condition(scope, condition, context(Clause::Where));
                    self.sql.bounds.extend(facts.bounds);
                }
                for term in group_by.unwrap_or(&[]) {
                    self.term(term, context(Clause::Group));
                    self.position(scope, term, "GROUP BY");
                }
                if let Some(condition) = having {
                    // The bare columns of a group are those of one row of it, here and in what comes out.
                    self.condition(scope, condition, context(Clause::Having));
                    if group_by.is_none() && !aggregate && around.parent.is_none() {
                        let message =
                            "HAVING is about groups, and this SELECT has none; write GROUP BY before it, or WHERE";
                        self.refuse(self.text.word("having"), message);
                    }
                }
                self.terms(scope);
                let scope = &mut self.sql.scopes[scope];
                (scope.grouped, scope.having) = (group_by.is_some(), having.is_some());
                scope.filtered = where_clause.is_some();
                scope.aggregate |= aggregate && group_by.is_none();
            }
        }
        scope
    }

    /// A condition that every row meets.
    pub(crate) fn condition(&mut self, scope: usize, condition: &'b Expr<'b>, context: Context<'_>) -> Facts {
        let first = self.sql.references.len();
        let facts = self.value(condition, context);
        let meaning = self.meaning(scope, condition, first);
        self.mention(scope, first);
        let scope = &mut self.sql.scopes[scope];
        scope.required.extend(meaning.required);
        scope.any.extend(meaning.any);
        scope.doubted.extend(meaning.doubted);
        facts
    }

    /// Notes that conditions of the SELECT name the columns of the references from `first` on.
    pub(crate) fn mention(&mut self, scope: usize, first: usize) {
        let names = self.sql.references[first..].iter().map(|reference| reference.name.text.clone());
        self.notes[scope].mentioned.extend(names);
    }

    /// What is known of the SELECT's expressions, beside its conditions.
    fn terms(&mut self, scope: usize) {
        let mentioned: HashSet<String> =
            self.notes[scope].mentioned.iter().map(|name| name.to_ascii_lowercase()).collect();
        let mut outputs = std::mem::take(&mut self.sql.scopes[scope].outputs);
        for output in &mut outputs {
            output.term.soften(&self.sql, &mentioned, self.keeps_both);
            let is_mentioned = output.name.as_ref().is_some_and(|name| mentioned.contains(&name.to_ascii_lowercase()));
            let term = std::mem::take(&mut output.term).small();
            // A condition on an alias may be about what the alias is of.
            output.term = match term {
                Term::Unknown => Term::Unknown,
                term if is_mentioned => Term::Made(Types::Parts, Nulls::AnyOrLess, vec![term]),
                term => term,
            };
        }
        self.sql.scopes[scope].outputs = outputs;
    }

    fn values(&mut self, scope: usize, rows: &'b [sqlite3_parser::Vec<'b, Expr<'b>>], around: &Around) {
        let inner = self.inside(scope, around);
        let width = rows.first().map_or(0, |row| row.len());
        let mut columns: Vec<Vec<Term>> = Vec::new();
        for row in rows {
            if row.len() != width {
                self.refuse(self.text.word("values"), "the rows of VALUES differ in their number of columns");
            }
            for (column, value) in row.iter().enumerate() {
                let facts =
                    self.expression(value, Context { scope: Some(scope), clause: Clause::Columns, around: &inner });
                columns.resize_with(columns.len().max(column + 1), Vec::new);
                columns[column].push(facts.term);
            }
        }
        let terms: Vec<_> =
            columns.into_iter().map(|parts| Term::Made(Types::Parts, Nulls::Any, parts).small()).collect();
        self.sql.scopes[scope].outputs = (1..=width)
            .map(|index| Output {
                kind: OutputKind::Expression,
                name: Some(format!("column{index}")),
                place: self.text.word("values"),
                name_place: Place::default(),
                required: false,
                term: terms.get(index - 1).cloned().unwrap_or_default(),
            })
            .collect();
    }

    fn alias(&self, column: &ResultColumn<'_>) -> Option<Name> {
        match column {
            ResultColumn::Expr(_, Some(As::As(name) | As::Elided(name))) => Some(self.text.name(name.0)),
            _ => None,
        }
    }

    /// Whether it is an aggregate.
    fn output(&mut self, scope: usize, column: &'b ResultColumn<'b>, context: Context<'_>) -> bool {
        let (mut aggregate, mut term) = (false, Term::Unknown);
        let (kind, name, place) = match column {
            ResultColumn::Star => (OutputKind::Star, None, self.text.word("*")),
            ResultColumn::TableStar(name) => {
                let name = self.text.name(name.0);
                self.known_source(scope, &name, false);
                let place = name.place;
                (OutputKind::SourceStar(name), None, place)
            }
            ResultColumn::Expr(expr, _) => {
                let facts = self.value(expr, context);
                aggregate = facts.own_aggregate;
                let alias = self.alias(column);
                if let Some(alias) = alias.as_ref().filter(|_| facts.aggregate || facts.windowed) {
                    self.notes[scope].late.push(alias.text.clone());
                }
                match facts.column {
                    Some(index) => {
                        if let Some(alias) = &alias {
                            self.notes[scope].columns.push((alias.text.clone(), index));
                        }
                        let reference = &self.sql.references[index];
                        let place = reference.place();
                        (OutputKind::Column(index), Some(alias.unwrap_or_else(|| reference.name.clone())), place)
                    }
                    None => {
                        term = facts.term;
                        let place = alias.as_ref().map(|alias| alias.place).unwrap_or_default();
                        (OutputKind::Expression, alias, place)
                    }
                }
            }
        };
        if matches!(kind, OutputKind::Star) && self.sql.scopes[scope].count == 0 {
            self.refuse(place, "`*` stands for the columns of tables, and this SELECT has no FROM");
        }
        let name_place = name.as_ref().map(|name| name.place).unwrap_or_default();
        let text = name.map(|name| name.text);
        let declared = text.as_deref().and_then(|text| text.strip_suffix('!')).filter(|text| !text.is_empty());
        let (required, name) = (declared.is_some(), declared.map(str::to_owned).or(text));
        self.sql.scopes[scope].outputs.push(Output { kind, name, place, name_place, required, term });
        aggregate
    }

    /// Refuses a qualifier that no FROM clause in sight has.
    pub(crate) fn known_source(&mut self, scope: usize, qualifier: &Name, outwards: bool) {
        let (mut next, mut names, mut called) = (Some(scope), Vec::new(), None);
        while let Some(scope) = next {
            let Scope { first, count, parent, .. } = self.sql.scopes[scope];
            for source in &self.sql.sources[first..first + count] {
                if let (Some(alias), SourceKind::Table(table, _)) = (&source.name, &source.kind)
                    && table.is(&qualifier.text)
                {
                    called = Some(alias.text.clone());
                }
                match &source.name {
                    Some(name) if name.is(&qualifier.text) => return,
                    Some(name) => names.push(name.text.clone()),
                    None => {}
                }
            }
            next = parent.filter(|_| outwards);
        }
        let meant = match called {
            Some(alias) => format!("; it is called `{alias}` here"),
            None => super::meant(&qualifier.text, names.iter().map(String::as_str)),
        };
        let message = format!("no table or alias `{}` in this FROM{meant}", qualifier.text);
        self.refuse(qualifier.place, message);
    }

    /// A FROM item with an alias for several tables: a SELECT of all their columns.
    pub(crate) fn star_of(&mut self, from: &'b ast::FromClause<'b>, around: &Around) -> usize {
        let select = self.sql.selects.len();
        self.sql.selects.push(Select::default());
        let scope = self.open_scope(around);
        let inner = self.inside(scope, around);
        self.from(scope, from, around, &inner);
        self.all_columns(select, scope);
        select
    }

    /// `x IN tbl`: a SELECT of all the table's columns.
    pub(crate) fn table_select(
        &mut self,
        table: &ast::QualifiedName<'_>,
        arguments: Option<&'b [Expr<'b>]>,
        around: &Around,
    ) -> usize {
        let select = self.sql.selects.len();
        self.sql.selects.push(Select::default());
        let scope = self.open_scope(around);
        self.single_source(scope, table, arguments, around);
        self.all_columns(select, scope);
        select
    }

    fn all_columns(&mut self, select: usize, scope: usize) {
        let (place, name_place) = (Place::default(), Place::default());
        let output =
            Output { kind: OutputKind::Star, name: None, place, name_place, required: false, term: Term::Unknown };
        self.sql.scopes[scope].outputs.push(output);
        self.sql.selects[select] = Select { arms: vec![scope], visible: vec![scope] };
    }
}
