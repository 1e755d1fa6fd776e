//! Expressions: the columns they name, and what follows where a column is `NULL`.

use sqlite3_parser::ast::{self, Expr, FunctionCallOrder, Id, LikeOperator, Literal, Operator};

use super::facts::{Clause, Context, Facts};
use super::model::{Bound, Compared, Comparison, Otherwise, Reference, Width};
use super::resolver::Resolver;
use super::term::{self, Nulls, Term};
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
                if !database.is("main") {
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
                let text = match literal {
                    Literal::String(text) => Some((super::text::unquoted(text), self.text.word(text))),
                    _ => None,
                };
                Facts { term: Term::literal(literal), text, ..Facts::default() }
            }
            Expr::Binary(left, operator, right) => self.binary(left, *operator, right, context),
            Expr::Unary(operator, inner) => {
                let inner = self.value(inner, context);
                Facts { term: Term::unary(*operator, inner.term.clone()), ..Facts::of(&[&inner]) }
            }
            Expr::Parenthesized(inner) => match inner.as_slice() {
                [inner] => self.expression(inner, context),
                several => {
                    let parts: Vec<_> = several.iter().map(|part| self.value(part, context)).collect();
                    Facts { is_row: true, ..Facts::of(&parts.iter().collect::<Vec<_>>()) }
                }
            },
            Expr::IsNull(inner) | Expr::NotNull(inner) => {
                let inner = self.value(inner, context);
                Facts::made(term::INTEGER, Nulls::Never, &[&inner])
            }
            Expr::Between { lhs, not, start, end } => self.between(lhs, *not, start, end, context),
            Expr::InList { lhs, rhs, .. } => {
                let left = self.expression(lhs, context);
                let list: Vec<_> = rhs.unwrap_or(&[]).iter().map(|part| self.expression(part, context)).collect();
                if !left.is_row {
                    self.one_column(&left);
                    list.iter().for_each(|part| self.one_column(part));
                }
                list.iter().for_each(|part| self.compare(&left, part, true));
                let terms: Vec<_> = list.iter().map(|part| part.term.clone()).collect();
                let term = match list.is_empty() {
                    true => Term::are(term::INTEGER, Nulls::Never),
                    false => Term::within(left.term.clone(), &terms),
                };
                Facts { term, ..Facts::of(&std::iter::once(&left).chain(&list).collect::<Vec<_>>()) }
            }
            Expr::InSelect { lhs, rhs, .. } => {
                let left = self.expression(lhs, context);
                let select = self.select(rhs, context.around);
                self.width(lhs, select);
                Facts { term: Term::are(term::INTEGER, Nulls::Perhaps), ..Facts::of(&[&left]) }
            }
            Expr::InTable { lhs, rhs, args, .. } => {
                let left = self.expression(lhs, context);
                let select = self.table_select(rhs, *args, context.around);
                self.width(lhs, select);
                Facts { term: Term::are(term::INTEGER, Nulls::Perhaps), ..Facts::of(&[&left]) }
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
                let term = Facts::made(term::INTEGER, Nulls::Any, &[&left, &right]).term;
                Facts { term, ..Facts::of(&[&left, &right, &escape]) }
            }
            Expr::Collate(inner, collation) => {
                let collation = self.text.name(collation);
                let unknown = !COLLATIONS.iter().any(|known| collation.is(known));
                let inner = self.expression(inner, context);
                Facts { collation: unknown.then_some(collation), term: inner.term.clone(), ..Facts::of(&[&inner]) }
            }
            Expr::Cast { expr, type_name } => {
                let inner = self.value(expr, context);
                let words = type_name.as_ref().map_or("", |ty| ty.name).split_whitespace();
                let ty: Vec<_> = words.map(|word| self.text.name(word).text).collect();
                let term = Term::cast(inner.term.clone(), &ty.join(" "));
                Facts { term, ..Facts::of(&[&inner]) }
            }
            Expr::Case { base, when_then_pairs, else_expr } => {
                let first = self.sql.references.len();
                let base = base.map(|base| self.value(base, context));
                let mut conditions = vec![Term::mention(&self.sql, first)];
                let (mut whens, mut thens) = (Vec::new(), Vec::new());
                for (when, then) in *when_then_pairs {
                    let first = self.sql.references.len();
                    whens.push(self.value(when, context));
                    if let (Some(base), Some(when)) = (&base, whens.last()) {
                        self.compare(base, when, true);
                    }
                    conditions.push(Term::mention(&self.sql, first));
                    thens.push(self.value(then, context));
                }
                let otherwise = else_expr.map(|otherwise| self.value(otherwise, context));
                // Of several conditions, one may always be true.
                let may_fail = match when_then_pairs {
                    [(when, _)] => base.is_some() || may_fail(when),
                    _ => false,
                };
                let terms = |parts: &[Facts]| parts.iter().map(|part| part.term.clone()).collect::<Vec<_>>();
                let otherwise_term = otherwise.as_ref().map(|otherwise| otherwise.term.clone());
                let term = Term::choice(&self.sql, conditions, terms(&thens), otherwise_term, may_fail);
                let parts = base.iter().chain(&whens).chain(&thens).chain(&otherwise);
                Facts { term, ..Facts::of(&parts.collect::<Vec<_>>()) }
            }
            Expr::Exists(select) => {
                self.select(select, context.around);
                Facts { term: Term::are(term::INTEGER, Nulls::Never), ..Facts::default() }
            }
            Expr::Subquery(select) => {
                let select = self.select(select, context.around);
                Facts { subquery: Some(select), term: Term::Select(select), ..Facts::default() }
            }
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

    /// Notes that a column is compared with a text.
    fn compare(&mut self, column: &Facts, text: &Facts, equal: bool) {
        if let (Some(reference), Some((text, place))) = (column.column, text.text.clone()) {
            self.sql.compared.push(Compared { reference, text, place, equal });
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
        Facts { column: Some(index), term: Term::Column(index), ..Facts::default() }
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
        // A result column that is a column is that one.
        if context.clause != Clause::Columns
            && let Some((_, reference)) = self.notes[scope].columns.iter().find(|(alias, _)| name.is(alias))
        {
            return Otherwise::Alias(*reference);
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
        let (l, r) = (self.expression(left, context), self.expression(right, context));
        // Rows of several values may be compared, one of them a subquery.
        let is_row = |facts: &Facts| facts.is_row || facts.subquery.is_some();
        if !(is_row(&l) && is_row(&r)) {
            self.one_column(&l);
            self.one_column(&r);
        }
        if compares(operator) {
            let equal = matches!(operator, Operator::Equals | Operator::NotEquals | Operator::Is | Operator::IsNot);
            self.compare(&l, &r, equal);
            self.compare(&r, &l, equal);
            self.known_collation(&l);
            self.known_collation(&r);
        }
        let of = Facts::of(&[&l, &r]);
        let bounds = match operator {
            Operator::And => [l.bounds.clone(), r.bounds.clone()].concat(),
            _ => bound(&l, operator, &r).into_iter().collect(),
        };
        let term = match is_row(&l) && is_row(&r) {
            true => Term::are(term::INTEGER, Nulls::Perhaps),
            false => Term::binary(l.term, operator, r.term, right),
        };
        Facts { bounds, term, ..of }
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
        self.compare(&value, &start, false);
        self.compare(&value, &end, false);
        let term = Term::within(value.term.clone(), &[start.term.clone(), end.term.clone()]);
        let of = Facts { term, ..Facts::of(&[&value, &start, &end]) };
        if not {
            return of;
        }
        let bounds = bound(&value, Operator::GreaterEquals, &start)
            .into_iter()
            .chain(bound(&value, Operator::LessEquals, &end))
            .collect();
        Facts { bounds, ..of }
    }
}

/// Whether a condition is one that may well be false: not what is always true, such as `points >= 0` of an unsigned number.
fn may_fail(condition: &Expr<'_>) -> bool {
    match condition {
        Expr::Parenthesized(inner) => matches!(inner.as_slice(), [inner] if may_fail(inner)),
        Expr::Binary(left, Operator::And, right) => may_fail(left) || may_fail(right),
        Expr::Binary(left, Operator::Equals, right) => {
            let is_column = |expr: &Expr<'_>| matches!(expr, Expr::Id(_) | Expr::Name(_) | Expr::Qualified(..));
            let is_value = |expr: &Expr<'_>| matches!(expr, Expr::Literal(_) | Expr::Variable(_));
            is_column(left) && is_value(right) || is_value(left) && is_column(right)
        }
        _ => false,
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
