//! Expressions: the columns they name, and what follows where a column is `NULL`.

use sqlite3_parser::ast::{self, Expr, FunctionCallOrder, Id, LikeOperator, Literal, Operator, UnaryOperator};

use super::facts::{Clause, Context, Facts};
use super::model::{Bound, Comparison, Otherwise, Reference, Width};
use super::resolver::Resolver;
use super::text::{Name, Place};

const COLLATIONS: [&str; 3] = ["binary", "nocase", "rtrim"];

impl<'b> Resolver<'_, 'b> {
    pub(crate) fn expression(&mut self, expr: &'b Expr<'b>, context: Context<'_>) -> Facts {
        match expr {
            Expr::Id(Id(name)) | Expr::Name(ast::Name(name)) => {
                let name = self.text.name(name);
                self.reference(None, name, context)
            }
            Expr::DoublyQualified(database, table, column) => {
                let database = self.text.name(database.0);
                if !database.is("main") && !database.is("temp") {
                    let message = format!("a store is one database, `main`; remove `{}.`", database.text);
                    self.refuse(database.place, message);
                }
                let (table, column) = (self.text.name(table.0), self.text.name(column.0));
                self.reference(Some(table), column, context)
            }
            Expr::Qualified(table, column) => {
                let (table, column) = (self.text.name(table.0), self.text.name(column.0));
                self.reference(Some(table), column, context)
            }
            Expr::Variable(name) => {
                Facts { parameter: name.strip_prefix(':').or(Some(name)).map(str::to_owned), ..Facts::default() }
            }
            Expr::Literal(literal) => {
                if let Literal::CurrentDate | Literal::CurrentTime | Literal::CurrentTimestamp = literal {
                    let word = match literal {
                        Literal::CurrentDate => "current_date",
                        Literal::CurrentTime => "current_time",
                        _ => "current_timestamp",
                    };
                    self.refuse_now(self.text.word(word), word);
                }
                Facts::default()
            }
            Expr::Binary(left, operator, right) => self.binary(left, *operator, right, context),
            Expr::Unary(operator, inner) => {
                let inner = self.value(inner, context);
                match operator {
                    UnaryOperator::Not => {
                        Facts { rejects: [inner.null.as_slice(), &inner.accepts].concat(), ..Facts::strict(&[&inner]) }
                    }
                    _ => Facts::strict(&[&inner]),
                }
            }
            Expr::Parenthesized(inner) => match inner.as_slice() {
                [inner] => self.expression(inner, context),
                several => {
                    let parts: Vec<_> = several.iter().map(|part| self.value(part, context)).collect();
                    Facts { is_row: true, ..Facts::of(&parts.iter().collect::<Vec<_>>()) }
                }
            },
            Expr::IsNull(inner) => {
                let inner = self.value(inner, context);
                Facts { accepts: inner.null.clone(), ..Facts::of(&[&inner]) }
            }
            Expr::NotNull(inner) => {
                let inner = self.value(inner, context);
                Facts { rejects: inner.null.clone(), ..Facts::of(&[&inner]) }
            }
            Expr::Between { lhs, not, start, end } => self.between(lhs, *not, start, end, context),
            Expr::InList { lhs, rhs, .. } => {
                let left = self.expression(lhs, context);
                let list: Vec<_> = rhs.unwrap_or(&[]).iter().map(|part| self.expression(part, context)).collect();
                if !left.is_row {
                    self.one_column(&left);
                    list.iter().for_each(|part| self.one_column(part));
                }
                let aggregate = left.aggregate || list.iter().any(|part| part.aggregate);
                if list.is_empty() { Facts::of(&[&left]) } else { Facts { aggregate, ..Facts::strict(&[&left]) } }
            }
            Expr::InSelect { lhs, not, rhs } => {
                let left = self.expression(lhs, context);
                let select = self.select(rhs, context.around);
                self.width(lhs, select);
                self.within(&left, *not)
            }
            Expr::InTable { lhs, not, rhs, args } => {
                let left = self.expression(lhs, context);
                let select = self.table_select(rhs, *args, context.around);
                self.width(lhs, select);
                self.within(&left, *not)
            }
            Expr::Like { lhs, op, rhs, escape, .. } => {
                match op {
                    LikeOperator::Regexp => {
                        self.refuse(self.text.word("regexp"), "SQLite has no REGEXP of its own; write LIKE or GLOB");
                    }
                    LikeOperator::Match => {
                        self.refuse(self.text.word("match"), "MATCH is for tables of full text; write LIKE or GLOB");
                    }
                    LikeOperator::Like | LikeOperator::Glob => {}
                }
                let (left, right) = (self.value(lhs, context), self.value(rhs, context));
                let escape = escape.map(|escape| self.value(escape, context)).unwrap_or_default();
                let aggregate = escape.aggregate;
                let facts = Facts::strict(&[&left, &right]);
                Facts { aggregate: facts.aggregate || aggregate, ..facts }
            }
            Expr::Collate(inner, collation) => {
                let collation = self.text.name(collation);
                let unknown = !COLLATIONS.iter().any(|known| collation.is(known));
                Facts { collation: unknown.then_some(collation), ..Facts::strict(&[&self.expression(inner, context)]) }
            }
            Expr::Cast { expr, .. } => Facts::strict(&[&self.value(expr, context)]),
            Expr::Case { base, when_then_pairs, else_expr } => {
                let pairs = when_then_pairs.iter().flat_map(|(when, then)| [when, then]);
                let parts: Vec<_> =
                    base.iter().copied().chain(pairs).chain(*else_expr).map(|part| self.value(part, context)).collect();
                Facts::of(&parts.iter().collect::<Vec<_>>())
            }
            Expr::Exists(select) => {
                self.select(select, context.around);
                Facts::default()
            }
            Expr::Subquery(select) => Facts { subquery: Some(self.select(select, context.around)), ..Facts::default() },
            Expr::FunctionCall { name, args, order_by, filter_over, distinctness } => {
                let name = self.text.name(name.0);
                let args = args.unwrap_or(&[]);
                if distinctness == &Some(ast::Distinctness::Distinct) && args.len() != 1 {
                    self.refuse(name.place, "DISTINCT takes one argument");
                }
                let order = match order_by {
                    Some(FunctionCallOrder::SortList(terms)) => *terms,
                    None => &[],
                };
                self.call(&name, args, order, filter_over.as_ref(), context)
            }
            Expr::FunctionCallStar { name, filter_over } => {
                let name = self.text.name(name.0);
                self.call(&name, &[], &[], filter_over.as_ref(), context)
            }
            Expr::Raise(..) => {
                self.refuse(self.text.word("raise"), "RAISE is for triggers, and a store has none");
                Facts::default()
            }
        }
    }

    /// An expression in the place of one value.
    pub(crate) fn value(&mut self, expr: &'b Expr<'b>, context: Context<'_>) -> Facts {
        let facts = self.expression(expr, context);
        self.one_column(&facts);
        facts
    }

    /// An expression by which rows are compared.
    pub(crate) fn term(&mut self, expr: &'b Expr<'b>, context: Context<'_>) -> Facts {
        let facts = self.value(expr, context);
        self.known_collation(&facts);
        facts
    }

    /// SQLite looks for a collation where something is compared by it.
    fn known_collation(&mut self, facts: &Facts) {
        if let Some(collation) = &facts.collation {
            let meant = super::meant(&collation.text, COLLATIONS);
            self.refuse(collation.place, format!("SQLite has no collation `{}`{meant}", collation.text));
        }
    }

    fn one_column(&mut self, facts: &Facts) {
        if let Some(select) = facts.subquery {
            let place = self.select_place(select);
            self.sql.widths.push(Width { select, wanted: 1, place });
        }
    }

    fn select_place(&self, select: usize) -> Place {
        let scope = self.sql.selects[select].arms.first().map(|scope| &self.sql.scopes[*scope]);
        let output = scope.and_then(|scope| scope.outputs.iter().find(|output| output.place.length > 0));
        output.map(|output| output.place).unwrap_or_default()
    }

    /// `x IN (SELECT ..)` has as many columns as `x`.
    fn width(&mut self, left: &Expr<'_>, select: usize) {
        let place = self.select_place(select);
        let wanted = match left {
            Expr::Subquery(_) => return,
            Expr::Parenthesized(several) => several.len(),
            _ => 1,
        };
        self.sql.widths.push(Width { select, wanted, place });
    }

    fn within(&self, left: &Facts, not: bool) -> Facts {
        // Nothing is in an empty list, and everything is not in it.
        let rejects = if not { Vec::new() } else { left.null.clone() };
        Facts { rejects, ..Facts::of(&[left]) }
    }

    fn reference(&mut self, qualifier: Option<Name>, name: Name, context: Context<'_>) -> Facts {
        let Some(scope) = context.scope else {
            let is_literal = qualifier.is_none() && (name.is("true") || name.is("false"));
            if !is_literal {
                let message =
                    format!("LIMIT and OFFSET are computed before any row is read; `{}` is a column", name.text);
                self.refuse(name.place, message);
            }
            return Facts::default();
        };
        if let Some(qualifier) = &qualifier {
            self.known_source(scope, qualifier, true);
        }
        let otherwise = self.otherwise(scope, qualifier.is_some(), &name, context);
        let index = self.sql.references.len();
        self.sql.references.push(Reference { scope, qualifier, name, otherwise });
        Facts { column: Some(index), null: vec![index], rejects: vec![index], ..Facts::default() }
    }

    fn otherwise(&self, scope: usize, qualified: bool, name: &Name, context: Context<'_>) -> Otherwise {
        let quoted = self.text.is_double_quoted(name);
        let is_word = name.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        // A column of a subquery may be called like the expression that it is.
        let is_expression = !is_word
            && self.sql.sources.iter().any(|source| matches!(source.kind, super::model::SourceKind::Select { .. }));
        if is_expression {
            return Otherwise::Known;
        }
        if qualified {
            return Otherwise::Unknown;
        }
        let here = (context.clause != Clause::Columns).then_some(scope);
        let seen = self.notes[scope].seen.iter().copied().chain(here);
        let is_alias = seen.into_iter().any(|scope| self.notes[scope].aliases.iter().any(|alias| name.is(alias)));
        let is_late = matches!(context.clause, Clause::Where | Clause::On | Clause::Group)
            && self.sql.scopes[scope].parent.is_none()
            && self.notes[scope].late.iter().any(|alias| name.is(alias));
        if is_late {
            return Otherwise::Late;
        }
        if is_alias || !quoted && (name.is("true") || name.is("false")) {
            Otherwise::Known
        } else if quoted {
            Otherwise::Text
        } else {
            Otherwise::Unknown
        }
    }

    fn binary(&mut self, left: &'b Expr<'b>, operator: Operator, right: &'b Expr<'b>, context: Context<'_>) -> Facts {
        let is_null = |expr: &Expr<'_>| matches!(expr, Expr::Literal(Literal::Null));
        let (l, r) = (self.expression(left, context), self.expression(right, context));
        // Rows of several values may be compared, one of them a subquery.
        let is_row = |facts: &Facts| facts.is_row || facts.subquery.is_some();
        if !(is_row(&l) && is_row(&r)) {
            self.one_column(&l);
            self.one_column(&r);
        }
        if compares(operator) {
            self.known_collation(&l);
            self.known_collation(&r);
        }
        let of = Facts::of(&[&l, &r]);
        match operator {
            Operator::And => {
                Facts { rejects: [l.rejects, r.rejects].concat(), bounds: [l.bounds, r.bounds].concat(), ..of }
            }
            Operator::Or => {
                // The same column is a reference a mention.
                let both = |left: &[usize], right: &[usize], this: &Self| -> Vec<usize> {
                    let same = |one: usize, other: usize| {
                        let (one, other) = (&this.sql.references[one], &this.sql.references[other]);
                        let qualifier = |reference: &Reference| {
                            reference.qualifier.as_ref().map(|qualifier| qualifier.text.to_ascii_lowercase())
                        };
                        one.scope == other.scope && one.name.is(&other.name.text) && qualifier(one) == qualifier(other)
                    };
                    left.iter().copied().filter(|one| right.iter().any(|other| same(*one, *other))).collect()
                };
                Facts { rejects: both(&l.rejects, &r.rejects, self), ..of }
            }
            Operator::Is => {
                let literal = matches!(right, Expr::Literal(_)) && !is_null(right);
                let rejects = if literal { l.null.clone() } else { Vec::new() };
                let accepts = if is_null(right) { l.null.clone() } else { Vec::new() };
                Facts { rejects, accepts, ..of }
            }
            Operator::IsNot => {
                let rejects = if is_null(right) { l.null.clone() } else { Vec::new() };
                Facts { rejects, ..of }
            }
            Operator::ArrowRight | Operator::ArrowRightShift => {
                Facts { aggregate: of.aggregate, ..Facts::strict(&[&l]) }
            }
            _ => Facts { bounds: bound(&l, operator, &r).into_iter().collect(), ..Facts::strict(&[&l, &r]) },
        }
    }

    fn between(
        &mut self,
        lhs: &'b Expr<'b>,
        not: bool,
        start: &'b Expr<'b>,
        end: &'b Expr<'b>,
        context: Context<'_>,
    ) -> Facts {
        let value = self.expression(lhs, context);
        let (start, end) = (self.expression(start, context), self.expression(end, context));
        let of = Facts::of(&[&value, &start, &end]);
        if not {
            return Facts { aggregate: of.aggregate, ..Facts::strict(&[&value]) };
        }
        let bounds = bound(&value, Operator::GreaterEquals, &start)
            .into_iter()
            .chain(bound(&value, Operator::LessEquals, &end))
            .collect();
        Facts { rejects: Facts::strict(&[&value, &start, &end]).null, null: value.null, bounds, ..of }
    }
}

fn compares(operator: Operator) -> bool {
    use Operator::{Equals, Greater, GreaterEquals, Is, IsNot, Less, LessEquals, NotEquals};
    matches!(operator, Equals | NotEquals | Less | LessEquals | Greater | GreaterEquals | Is | IsNot)
}

fn bound(left: &Facts, operator: Operator, right: &Facts) -> Option<Bound> {
    let comparison = match operator {
        Operator::Equals => Comparison::Equal,
        Operator::Less => Comparison::Less,
        Operator::LessEquals => Comparison::LessOrEqual,
        Operator::Greater => Comparison::Greater,
        Operator::GreaterEquals => Comparison::GreaterOrEqual,
        _ => return None,
    };
    let (reference, comparison, parameter) = match (left.column, &right.parameter, &left.parameter, right.column) {
        (Some(reference), Some(parameter), ..) => (reference, comparison, parameter),
        (_, _, Some(parameter), Some(reference)) => (reference, comparison.flipped(), parameter),
        _ => return None,
    };
    Some(Bound { reference, comparison, parameter: parameter.clone() })
}
