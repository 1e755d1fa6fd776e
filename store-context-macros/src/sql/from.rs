//! FROM clauses: their tables, and which of them a join may leave without a row.

use sqlite3_parser::ast::{
    self, Expr, FromClause, JoinConstraint, JoinOperator, JoinType, JoinedSelectTable, QualifiedName, SelectTable,
};

use super::facts::{Around, Clause, Context};
use super::model::{Builtin, Join, Source, SourceKind};
use super::resolver::Resolver;
use super::text::{Name, Place};

/// Tables with columns of their own, read without a schema.
const SCHEMA_TABLES: [&str; 4] = ["sqlite_schema", "sqlite_master", "sqlite_temp_schema", "sqlite_temp_master"];
const JSON_TABLES: [&str; 4] = ["json_each", "json_tree", "jsonb_each", "jsonb_tree"];
const OTHER_TABLES: [&str; 2] = ["dbstat", "fts3tokenize"];
/// The prefix of the tables that the engine keeps for itself.
const RESERVED: &str = "store_context_";

/// A join, before its ON is read: the sources of both sides, and what its rows are sure to have.
#[derive(Default)]
struct Joined<'b> {
    sources: Vec<usize>,
    /// Conditions that hold in every row.
    conditions: Vec<Condition<'b>>,
    /// Whether it has a RIGHT or FULL.
    keeps_right: bool,
    /// Whether it has a join in parentheses.
    nested: bool,
}

#[derive(Clone, Copy)]
enum Condition<'b> {
    On(&'b Expr<'b>),
    /// The columns of this source's USING or NATURAL are equal on both sides.
    Shared(usize),
}

/// The conditions of a FROM clause that do not hold in every row.
#[derive(Default)]
struct Conditions<'b> {
    /// Those that hold where an optional side of a join matched.
    implied: Vec<(usize, Condition<'b>)>,
    /// Those that tell nothing.
    unused: Vec<Condition<'b>>,
}

impl<'b> Resolver<'_, 'b> {
    /// Reads a FROM clause. `around` is what its subqueries see, `inside` what its conditions do.
    pub(crate) fn from(&mut self, scope: usize, from: &'b FromClause<'b>, around: &Around, inside: &Around) {
        let count = count(from);
        let first = self.sql.sources.len();
        (self.sql.scopes[scope].first, self.sql.scopes[scope].count) = (first, count);
        for _ in 0..count {
            self.sql.sources.push(Source::of(None, Place::default(), SourceKind::Function(Builtin::Other)));
        }
        let mut next = first;
        let mut partly = Conditions::default();
        let joined = self.joined(from, &mut next, around, &mut partly, false);
        // Arguments and conditions may name any table of the clause.
        self.arguments(scope, from, inside);
        let context = Context { scope: Some(scope), clause: Clause::On, around: inside };
        for condition in joined.conditions {
            match condition {
                Condition::On(condition) => {
                    let facts = self.condition(scope, condition, context);
                    self.sql.bounds.extend(facts.bounds);
                }
                Condition::Shared(source) => self.sql.scopes[scope].shared.push((0, source)),
            }
        }
        for (optional, condition) in partly.implied {
            match condition {
                Condition::On(condition) => {
                    let first = self.sql.references.len();
                    self.value(condition, context);
                    let meaning = self.meaning(scope, condition, first);
                    self.mention(scope, first);
                    let required = meaning.required.into_iter().map(|reference| (optional, reference));
                    self.sql.scopes[scope].implied.extend(required);
                    self.sql.scopes[scope].doubted.extend(meaning.doubted);
                }
                Condition::Shared(source) => self.sql.scopes[scope].shared.push((optional, source)),
            }
        }
        for condition in partly.unused {
            if let Condition::On(condition) = condition {
                let first = self.sql.references.len();
                self.value(condition, context);
                self.mention(scope, first);
            }
        }
    }

    /// A FROM clause of one table, called with arguments or not.
    pub(crate) fn single_source(
        &mut self,
        scope: usize,
        table: &QualifiedName<'_>,
        arguments: Option<&'b [Expr<'b>]>,
        around: &Around,
    ) {
        let (name, kind) = match arguments {
            None => self.table(table, around),
            Some(_) => {
                let name = self.text.name(table.name.0);
                let kind = SourceKind::Function(self.table_function(&name));
                (name, kind)
            }
        };
        (self.sql.scopes[scope].first, self.sql.scopes[scope].count) = (self.sql.sources.len(), 1);
        self.sql.sources.push(Source::of(Some(name.clone()), name.place, kind));
        for argument in arguments.unwrap_or(&[]) {
            let context = Context { scope: around.parent, clause: Clause::On, around };
            self.expression(argument, context);
        }
    }

    /// `in_parentheses` is whether it stands in some.
    fn joined(
        &mut self,
        from: &'b FromClause<'b>,
        next: &mut usize,
        around: &Around,
        partly: &mut Conditions<'b>,
        in_parentheses: bool,
    ) -> Joined<'b> {
        let Some(first) = from.select else { return Joined::default() };
        let mut left = self.side(first, next, around, partly);
        for JoinedSelectTable { operator, table, constraint } in from.joins.as_deref().unwrap_or(&[]) {
            let right = self.side(table, next, around, partly);
            let kind = match operator {
                JoinOperator::TypedJoin(Some(kind)) => *kind,
                JoinOperator::TypedJoin(None) | JoinOperator::Comma => JoinType::INNER,
            };
            let sides = (kind.contains(JoinType::LEFT), kind.contains(JoinType::RIGHT));
            let keeps_right = left.keeps_right || right.keeps_right || sides.1;
            let nested = left.nested || right.nested;
            let mut condition = match constraint {
                Some(JoinConstraint::On(condition)) => Some(Condition::On(condition)),
                _ => None,
            };
            let using = match constraint {
                Some(JoinConstraint::Using(names)) => names.iter().map(|name| self.text.name(name.0)).collect(),
                _ => Vec::new(),
            };
            if let Some(index) = right.sources.first().filter(|_| !using.is_empty() || kind.contains(JoinType::NATURAL))
            {
                let source = &mut self.sql.sources[*index];
                source.natural = kind.contains(JoinType::NATURAL);
                source.using = using;
                (source.left, source.right) = (left.sources.len(), right.sources.len());
                source.join = match sides {
                    // SQLite makes a subquery of a join in parentheses, and looks for the column in that.
                    _ if keeps_right && (nested || in_parentheses) => Join::Unclear,
                    (_, false) => Join::Left,
                    (false, true) => Join::Right,
                    (true, true) => Join::Full,
                };
                condition = Some(Condition::Shared(*index));
            }
            let sources = [&*left.sources, &right.sources].concat();
            left = match sides {
                (false, false) => Joined {
                    sources,
                    conditions: left.conditions.into_iter().chain(right.conditions).chain(condition).collect(),
                    keeps_right,
                    nested,
                },
                (true, false) => {
                    let optional = self.make_optional(&right.sources);
                    partly.implied.extend(right.conditions.into_iter().chain(condition).map(|on| (optional, on)));
                    Joined { sources, conditions: left.conditions, keeps_right, nested }
                }
                (false, true) => {
                    let optional = self.make_optional(&left.sources);
                    partly.implied.extend(left.conditions.into_iter().chain(condition).map(|on| (optional, on)));
                    Joined { sources, conditions: right.conditions, keeps_right, nested }
                }
                (true, true) => {
                    self.keeps_both = true;
                    for side in [&left, &right] {
                        let optional = self.make_optional(&side.sources);
                        partly.implied.extend(side.conditions.iter().map(|on| (optional, *on)));
                    }
                    partly.unused.extend(condition);
                    Joined { sources, conditions: Vec::new(), keeps_right, nested }
                }
            };
        }
        left
    }

    fn side(
        &mut self,
        table: &'b SelectTable<'b>,
        next: &mut usize,
        around: &Around,
        partly: &mut Conditions<'b>,
    ) -> Joined<'b> {
        if let SelectTable::Sub(from, None) = table {
            return Joined { nested: true, ..self.joined(from, next, around, partly, true) };
        }
        let (index, source) = (*next, self.source(table, around));
        self.sql.sources[index] = source;
        *next += 1;
        Joined { sources: vec![index], ..Joined::default() }
    }

    /// A join may leave these without a row.
    fn make_optional(&mut self, sources: &[usize]) -> usize {
        self.sql.optional.push(0);
        let optional = self.sql.optional.len();
        for source in sources {
            // The outermost that it is in already is now in this one.
            let mut outermost = self.sql.sources[*source].optional;
            while outermost != 0 && outermost != optional {
                let around = self.sql.optional[outermost - 1];
                if around == 0 {
                    self.sql.optional[outermost - 1] = optional;
                }
                outermost = around;
            }
            if self.sql.sources[*source].optional == 0 {
                self.sql.sources[*source].optional = optional;
            }
        }
        optional
    }

    fn source(&mut self, table: &'b SelectTable<'b>, around: &Around) -> Source {
        let alias = |alias: &Option<ast::As<'_>>| {
            alias.as_ref().map(|(ast::As::As(name) | ast::As::Elided(name))| self.text.name(name.0))
        };
        let (name, place, kind) = match table {
            SelectTable::Table(name, given, indexed) => {
                if let Some(ast::Indexed::IndexedBy(index)) = indexed {
                    self.index(&self.text.name(index.0));
                }
                let given = alias(given);
                let (table, kind) = self.table(name, around);
                (given.or_else(|| Some(table.clone())), table.place, kind)
            }
            SelectTable::TableCall(name, _, given) => {
                let given = alias(given);
                let table = self.text.name(name.name.0);
                let kind = SourceKind::Function(self.table_function(&table));
                (given.or_else(|| Some(table.clone())), table.place, kind)
            }
            SelectTable::Select(select, given) => {
                let given = alias(given);
                // The tables beside a subquery are not seen in it.
                let select = self.select(select, around);
                let place = given.as_ref().map(|given| given.place).unwrap_or_default();
                (given, place, SourceKind::Select { select, columns: Vec::new(), recursive: false })
            }
            SelectTable::Sub(from, given) => {
                let given = alias(given);
                let select = self.star_of(from, around);
                let place = given.as_ref().map(|given| given.place).unwrap_or_default();
                (given, place, SourceKind::Select { select, columns: Vec::new(), recursive: false })
            }
        };
        let meant = match &kind {
            SourceKind::Table(table, _) => {
                let tables = around.tables.iter().map(|common| self.tables[*common].name.text.as_str());
                crate::names::nearest(&table.text, tables).map(str::to_owned)
            }
            _ => None,
        };
        Source { meant, ..Source::of(name, place, kind) }
    }

    fn table(&mut self, name: &QualifiedName<'_>, around: &Around) -> (Name, SourceKind) {
        let table = self.text.name(name.name.0);
        if let Some(database) = &name.db_name {
            let database = self.text.name(database.0);
            // Of the database `temp` there are only SQLite's own tables.
            let is_own = SCHEMA_TABLES.iter().any(|own| table.is(own)) && database.is("temp");
            if !database.is("main") && !is_own {
                let message = format!("a store is one database, `main`; remove `{}.`", database.text);
                self.refuse(database.place, message);
            }
        } else if let Some(common) =
            around.tables.iter().rev().find(|common| self.tables[**common].name.is(&table.text))
        {
            let columns = self.tables[*common].columns.clone();
            let kind = match self.common_table(*common, table.place) {
                Some((select, recursive)) => SourceKind::Select { select, columns, recursive },
                None => SourceKind::Function(Builtin::Other),
            };
            return (table, kind);
        }
        let lower = table.text.to_ascii_lowercase();
        let builtin = if JSON_TABLES.contains(&lower.as_str()) {
            Builtin::Json
        } else if SCHEMA_TABLES.contains(&lower.as_str()) {
            Builtin::Schema
        } else if OTHER_TABLES.contains(&lower.as_str()) {
            Builtin::Other
        } else {
            Builtin::None
        };
        if lower.starts_with(RESERVED) {
            let message = format!("`{}` is the engine's own; the log is read with `Store::events`", table.text);
            self.refuse(table.place, message);
        } else if lower.starts_with("pragma_") {
            self.refuse(table.place, "a query only reads the store's tables; PRAGMA is not for it");
            return (table, SourceKind::Function(Builtin::Other));
        }
        let kind = SourceKind::Table(table.clone(), builtin);
        (table, kind)
    }

    /// The engine names its indexes by itself, SQLite those of a primary key.
    fn index(&mut self, index: &Name) {
        if !index.text.to_ascii_lowercase().starts_with("sqlite_autoindex_") {
            let message = format!(
                "no index is called `{}`: those of `#[row(index)]` have no names of their own, and SQLite chooses among them; remove INDEXED BY",
                index.text
            );
            self.refuse(index.place, message);
        }
    }

    fn table_function(&mut self, name: &Name) -> Builtin {
        let lower = name.text.to_ascii_lowercase();
        if JSON_TABLES.contains(&lower.as_str()) {
            return Builtin::Json;
        }
        if lower.starts_with("pragma_") {
            self.refuse(name.place, "a query only reads the store's tables; PRAGMA is not for it");
        } else if !OTHER_TABLES.contains(&lower.as_str()) {
            let meant = super::meant(&name.text, JSON_TABLES);
            self.refuse(name.place, format!("SQLite has no table-valued function `{}`{meant}", name.text));
        }
        Builtin::Other
    }

    fn arguments(&mut self, scope: usize, from: &'b FromClause<'b>, inside: &Around) {
        let joins = from.joins.as_deref().unwrap_or(&[]).iter().map(|join| &join.table);
        for table in from.select.into_iter().chain(joins) {
            match table {
                SelectTable::Sub(from, None) => self.arguments(scope, from, inside),
                table => self.call_arguments(scope, table, inside),
            }
        }
    }

    fn call_arguments(&mut self, scope: usize, table: &'b SelectTable<'b>, inside: &Around) {
        if let SelectTable::TableCall(_, Some(arguments), _) = table {
            for argument in *arguments {
                self.expression(argument, Context { scope: Some(scope), clause: Clause::On, around: inside });
            }
        }
    }
}

/// How many sources a FROM clause has: a join in parentheses without an alias is no source of its own.
fn count(from: &FromClause<'_>) -> usize {
    let joins = from.joins.as_deref().unwrap_or(&[]).iter().map(|join| &join.table);
    let of = |table: &SelectTable<'_>| match table {
        SelectTable::Sub(from, None) => count(from),
        _ => 1,
    };
    from.select.into_iter().chain(joins).map(of).sum()
}
