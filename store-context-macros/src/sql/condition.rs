//! Conditions: which columns have a value in each row that meets one.
//!
//! A condition is computed with some of its columns taken for `NULL`, as far as that decides it. One that cannot be true
//! then requires that one of them has a value.

use sqlite3_parser::ast::{self, Expr, Id, Literal, Operator, UnaryOperator};

use super::functions::{self, Kind};
use super::resolver::Resolver;
use super::text::Text;

/// The columns of so many are looked at in pairs too.
const MOST_PAIRED: usize = 8;

/// What a condition says of the columns that it names, by references to them.
#[derive(Default)]
pub(crate) struct Meaning {
    /// Each of these has a value.
    pub(crate) required: Vec<usize>,
    /// Of each of these, one has a value.
    pub(crate) any: Vec<Vec<usize>>,
    /// Whether these have one is not known.
    pub(crate) doubted: Vec<usize>,
}

/// A column as it is written, without case.
#[derive(Clone, PartialEq, Eq)]
struct Written {
    qualifier: Option<String>,
    name: String,
}

/// What an expression gives where some columns are `NULL`.
#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    Null,
    Integer(i64),
    Text(String),
    /// `NULL` or 0.
    NotTrue,
    Other {
        /// Whether it may be `NULL`.
        null: bool,
        /// Whether it depends on the columns in a way that is not looked into.
        doubted: bool,
    },
}

use Outcome::{Integer, NotTrue, Null, Other};

impl Outcome {
    const OPEN: Self = Other { null: true, doubted: false };
    const VALUE: Self = Other { null: false, doubted: false };

    /// Whether it is not true; `None` where it may be.
    fn is_never_true(&self) -> bool {
        matches!(self, Null | NotTrue | Integer(0))
    }

    fn is_always_true(&self) -> bool {
        matches!(self, Integer(number) if *number != 0)
    }

    fn is_doubted(&self) -> bool {
        matches!(self, Other { doubted: true, .. })
    }

    fn may_be_null(&self) -> bool {
        matches!(self, Null | NotTrue | Other { null: true, .. })
    }

    /// One or the other.
    fn or(self, other: Self) -> Self {
        match () {
            () if self == other => self,
            () if self.is_never_true() && other.is_never_true() => NotTrue,
            () => Other {
                null: self.may_be_null() || other.may_be_null(),
                doubted: self.is_doubted() || other.is_doubted(),
            },
        }
    }

    /// Of parts of which it is made in some way.
    fn of(parts: &[Self]) -> Self {
        // A part that depends on the columns makes the whole depend on them.
        let depends = |part: &Self| matches!(part, Null | NotTrue) || part.is_doubted();
        Other { null: true, doubted: parts.iter().any(depends) }
    }

    /// `NULL` where a part is.
    fn strict(parts: &[Self]) -> Self {
        if parts.contains(&Null) { Null } else { Self::of(parts) }
    }

    fn truth(value: bool) -> Self {
        Integer(i64::from(value))
    }

    fn not(self) -> Self {
        match self {
            Null => Null,
            Integer(number) => Self::truth(number == 0),
            NotTrue => Self::OPEN,
            other => Self::of(&[other]),
        }
    }
}

/// The columns that are taken for `NULL`.
struct Given<'t, 'g> {
    text: &'t Text<'t>,
    columns: &'g [&'g Written],
    /// Whether a subquery names one of them.
    nested: bool,
}

impl Resolver<'_, '_> {
    /// What a condition of this scope says, whose references are those from `first` on.
    pub(crate) fn meaning(&self, scope: usize, condition: &Expr<'_>, first: usize) -> Meaning {
        let references = &self.sql.references[first..];
        let mut columns: Vec<(Written, usize)> = Vec::new();
        for (index, reference) in references.iter().enumerate() {
            let qualifier = reference.qualifier.as_ref().map(|qualifier| qualifier.text.to_ascii_lowercase());
            let written = Written { qualifier, name: reference.name.text.to_ascii_lowercase() };
            if !columns.iter().any(|(known, _)| *known == written) {
                columns.push((written, first + index));
            }
        }
        let is_nested = |column: &&Written| {
            references.iter().any(|reference| reference.scope != scope && reference.name.is(&column.name))
        };
        let given = |columns: &[&Written]| {
            Given { text: self.text, columns, nested: columns.iter().any(is_nested) }.expression(condition)
        };
        let mut meaning = Meaning::default();
        let mut open = Vec::new();
        for (column, reference) in &columns {
            match given(&[column]) {
                result if result.is_never_true() => meaning.required.push(*reference),
                result => {
                    if result.is_doubted() {
                        meaning.doubted.push(*reference);
                    }
                    open.push((column, *reference));
                }
            }
        }
        let mut groups: Vec<Vec<(&Written, usize)>> = Vec::new();
        if open.len() <= MOST_PAIRED {
            for (index, first) in open.iter().enumerate() {
                groups.extend(open[index + 1..].iter().map(|second| vec![*first, *second]));
            }
        }
        // One table's columns may be all that a condition looks at.
        for (index, (column, _)) in open.iter().enumerate() {
            if open[..index].iter().all(|(earlier, _)| earlier.qualifier != column.qualifier) {
                groups.push(open.iter().filter(|(other, _)| other.qualifier == column.qualifier).copied().collect());
            }
        }
        for group in groups.into_iter().filter(|group| group.len() > 1) {
            let (columns, references): (Vec<_>, Vec<_>) = group.into_iter().unzip();
            let is_known = meaning.any.iter().any(|known| known.iter().all(|one| references.contains(one)));
            if !is_known && given(&columns).is_never_true() {
                meaning.any.push(references);
            }
        }
        meaning
    }
}

impl Given<'_, '_> {
    fn column(&self, qualifier: Option<&str>, name: &str) -> Outcome {
        let (qualifier, name) = (qualifier.map(|name| self.text.name(name).text), self.text.name(name).text);
        let is_given = |column: &&Written| {
            column.name.eq_ignore_ascii_case(&name)
                && match (&column.qualifier, &qualifier) {
                    (Some(left), Some(right)) => left.eq_ignore_ascii_case(right),
                    (left, right) => left.is_none() && right.is_none(),
                }
        };
        if self.columns.iter().any(is_given) { Null } else { Outcome::OPEN }
    }

    fn subquery(&self, null: bool) -> Outcome {
        Other { null, doubted: self.nested }
    }

    fn all(&self, expressions: &[Expr<'_>]) -> Vec<Outcome> {
        expressions.iter().map(|expression| self.expression(expression)).collect()
    }

    fn expression(&self, expression: &Expr<'_>) -> Outcome {
        match expression {
            Expr::Id(Id(name)) | Expr::Name(ast::Name(name)) => self.column(None, name),
            Expr::Qualified(table, column) | Expr::DoublyQualified(_, table, column) => {
                self.column(Some(table.0), column.0)
            }
            Expr::Variable(_) => Outcome::OPEN,
            Expr::Literal(literal) => match literal {
                Literal::Null => Null,
                Literal::Numeric(number) => number.parse().map_or(Outcome::VALUE, Integer),
                Literal::String(text) => Outcome::Text(super::text::unquoted(text)),
                _ => Outcome::VALUE,
            },
            Expr::Parenthesized(parts) => match parts.as_slice() {
                [inner] => self.expression(inner),
                several => Outcome::of(&self.all(several)),
            },
            Expr::Unary(operator, inner) => match (operator, self.expression(inner)) {
                (UnaryOperator::Not, inner) => inner.not(),
                (UnaryOperator::Positive, inner) => inner,
                (UnaryOperator::Negative, Integer(number)) => Integer(number.saturating_neg()),
                (_, inner) => Outcome::strict(&[inner]),
            },
            Expr::IsNull(inner) => is_null(&self.expression(inner)),
            Expr::NotNull(inner) => is_null(&self.expression(inner)).not(),
            Expr::Binary(left, operator, right) => self.binary(left, *operator, right),
            Expr::Between { lhs, not, start, end } => {
                let (value, start, end) = (self.expression(lhs), self.expression(start), self.expression(end));
                match [&start, &end].contains(&&Null) {
                    _ if value == Null => Null,
                    true if !not => NotTrue,
                    _ => Outcome::of(&[value, start, end]),
                }
            }
            Expr::InList { lhs, not, rhs } => {
                let (value, list) = (self.expression(lhs), self.all(rhs.unwrap_or(&[])));
                match () {
                    () if list.is_empty() => Outcome::truth(*not),
                    () if value == Null || list.iter().all(|item| *item == Null) => Null,
                    // Perhaps it would have been the one that is `NULL`.
                    () if *not && list.contains(&Null) => NotTrue,
                    () if list.contains(&Null) => Outcome::OPEN,
                    () => Outcome::of(&[&[value], &*list].concat()),
                }
            }
            Expr::InSelect { lhs, not, .. } | Expr::InTable { lhs, not, .. } => {
                let parts = match lhs {
                    Expr::Parenthesized(parts) => self.all(parts),
                    single => vec![self.expression(single)],
                };
                match parts.contains(&Null) {
                    // Nothing is in an empty list, and everything is not in it.
                    true if !not => NotTrue,
                    true => Outcome::OPEN,
                    false => self.subquery(true),
                }
            }
            Expr::Like { lhs, rhs, escape, .. } => {
                let escape = escape.map(|escape| self.expression(escape));
                let parts = [self.expression(lhs), self.expression(rhs)].into_iter().chain(escape);
                Outcome::strict(&parts.collect::<Vec<_>>())
            }
            Expr::Collate(inner, _) => self.expression(inner),
            Expr::Cast { expr, .. } => Outcome::strict(&[self.expression(expr)]),
            Expr::Case { base, when_then_pairs, else_expr } => {
                let base = base.map(|base| self.expression(base));
                let pairs = when_then_pairs.iter().map(|(when, then)| (when, Some(then)));
                self.choice(base.as_ref(), pairs.collect(), *else_expr)
            }
            Expr::Exists(_) => self.subquery(false),
            Expr::Subquery(_) => self.subquery(true),
            Expr::FunctionCall { name, args, filter_over, .. } => {
                let name = self.text.name(name.0).text;
                let arguments = args.unwrap_or(&[]);
                let function = functions::find(&name);
                let of_several_rows = filter_over.is_some()
                    || function.is_none_or(|function| functions::is_aggregate(function, arguments.len()));
                // What is computed of several rows is not of the columns of one.
                if of_several_rows { Outcome::OPEN } else { self.call(function, arguments) }
            }
            Expr::FunctionCallStar { .. } | Expr::Raise(..) => Outcome::OPEN,
        }
    }

    fn binary(&self, left: &Expr<'_>, operator: Operator, right: &Expr<'_>) -> Outcome {
        if let (Expr::Parenthesized(lefts), Expr::Parenthesized(rights)) = (left, right)
            && lefts.len() > 1
            && lefts.len() == rights.len()
        {
            return self.rows(lefts, operator, rights);
        }
        // A row beside a subquery of several columns.
        for (row, other) in [(left, right), (right, left)] {
            if let (Expr::Parenthesized(parts), Expr::Subquery(_)) = (row, other)
                && parts.len() > 1
            {
                let has_null = self.all(parts).contains(&Null);
                return if has_null && operator == Operator::Equals { NotTrue } else { self.subquery(true) };
            }
        }
        let truth = match right {
            Expr::Id(Id(name)) | Expr::Name(ast::Name(name)) => {
                match &*self.text.name(name).text.to_ascii_lowercase() {
                    "true" => Some(true),
                    "false" => Some(false),
                    _ => None,
                }
            }
            _ => None,
        };
        let l = self.expression(left);
        if let (Some(wanted), Operator::Is | Operator::IsNot) = (truth, operator) {
            let is = match l {
                Null => Integer(0),
                Integer(number) => Outcome::truth((number != 0) == wanted),
                NotTrue if wanted => Integer(0),
                NotTrue => Outcome::VALUE,
                other => Other { null: false, doubted: other.is_doubted() },
            };
            return if operator == Operator::Is { is } else { is.not() };
        }
        let r = self.expression(right);
        match operator {
            Operator::And => match () {
                () if l == Integer(0) || r == Integer(0) => Integer(0),
                () if l == Null && r == Null => Null,
                () if l.is_never_true() || r.is_never_true() => NotTrue,
                () if l.is_always_true() && r.is_always_true() => Integer(1),
                () => either(&l, &r),
            },
            Operator::Or => match () {
                () if l.is_always_true() || r.is_always_true() => Integer(1),
                () if l == r && l.is_never_true() => l,
                () if l.is_never_true() && r.is_never_true() => NotTrue,
                () => either(&l, &r),
            },
            Operator::Is => is(&l, &r),
            Operator::IsNot => is(&l, &r).not(),
            _ => compared(&l, operator, &r).unwrap_or_else(|| Outcome::strict(&[l, r])),
        }
    }

    fn rows(&self, lefts: &[Expr<'_>], operator: Operator, rights: &[Expr<'_>]) -> Outcome {
        let pairs: Vec<_> =
            lefts.iter().zip(rights).map(|(left, right)| (self.expression(left), self.expression(right))).collect();
        let is_null = |(left, right): &(Outcome, Outcome)| *left == Null || *right == Null;
        match operator {
            Operator::Equals if pairs.iter().any(is_null) => NotTrue,
            // What is greater or less is often decided by the first values, which are needed in any case.
            Operator::Less | Operator::LessEquals | Operator::Greater | Operator::GreaterEquals
                if is_null(&pairs[0]) =>
            {
                Null
            }
            _ => Outcome::OPEN,
        }
    }

    /// `CASE`: the first result whose condition is true.
    fn choice(
        &self,
        base: Option<&Outcome>,
        pairs: Vec<(&Expr<'_>, Option<&Expr<'_>>)>,
        otherwise: Option<&Expr<'_>>,
    ) -> Outcome {
        let (mut chosen, mut doubted): (Option<Outcome>, bool) = (None, false);
        let mut add = |outcome: Outcome, doubted: bool| {
            let either = match chosen.take() {
                Some(chosen) => chosen.or(outcome),
                None => outcome,
            };
            chosen = Some(match either {
                Other { null, .. } if doubted => Other { null, doubted },
                either => either,
            });
        };
        let otherwise = || otherwise.map_or(Null, |otherwise| self.expression(otherwise));
        for (when, then) in pairs {
            let when = self.expression(when);
            let condition = match base {
                Some(base) => {
                    compared(base, Operator::Equals, &when).unwrap_or_else(|| Outcome::strict(&[base.clone(), when]))
                }
                None => when,
            };
            if condition.is_never_true() {
                continue;
            }
            doubted |= condition.is_doubted();
            add(then.map_or(Null, |then| self.expression(then)), doubted);
            if condition.is_always_true() {
                return chosen.unwrap_or(Null);
            }
        }
        add(otherwise(), doubted);
        chosen.unwrap_or(Null)
    }

    fn call(&self, function: Option<&functions::Function>, arguments: &[Expr<'_>]) -> Outcome {
        let Some(function) = function else { return Outcome::OPEN };
        let parts = self.all(arguments);
        match (function.name, &*parts) {
            ("coalesce" | "ifnull", _) => {
                let mut chosen: Option<Outcome> = None;
                for part in parts {
                    let is_last = !part.may_be_null();
                    chosen = match (chosen, part) {
                        (chosen, Null) => chosen,
                        // What is left of it where it is not `NULL`.
                        (None, part) => Some(part),
                        (Some(chosen), part) => {
                            let null = part.may_be_null();
                            Some(match chosen.or(part) {
                                Other { doubted, .. } => Other { null, doubted },
                                known => known,
                            })
                        }
                    };
                    if is_last {
                        break;
                    }
                }
                chosen.unwrap_or(Null)
            }
            ("iif" | "if", _) => {
                let pairs = arguments.chunks_exact(2).map(|pair| (&pair[0], Some(&pair[1]))).collect();
                self.choice(None, pairs, arguments.last().filter(|_| arguments.len() % 2 == 1))
            }
            ("nullif", [left, right]) => match compared(left, Operator::Equals, right) {
                _ if *left == Null => Null,
                Some(Integer(1)) => Null,
                _ if *right == Null => left.clone(),
                _ => Outcome::of(&parts),
            },
            ("typeof", [Null]) => Outcome::Text("null".into()),
            ("likely" | "unlikely" | "likelihood", [first, ..]) => first.clone(),
            ("length", [Outcome::Text(text)]) => Integer(i64::try_from(text.chars().count()).unwrap_or(i64::MAX)),
            ("lower" | "upper" | "trim", [Outcome::Text(text)]) if text.is_empty() => Outcome::Text(String::new()),
            ("hex", [Null]) => Outcome::Text(String::new()),
            ("quote", [Null]) => Outcome::Text("NULL".into()),
            ("date" | "time" | "datetime" | "julianday" | "unixepoch", _) => Outcome::strict(&parts),
            _ if function.kind == Kind::Strict || function.kind == Kind::Aggregate => Outcome::strict(&parts),
            _ => Outcome::of(&parts),
        }
    }
}

fn either(left: &Outcome, right: &Outcome) -> Outcome {
    Other { null: true, doubted: left.is_doubted() || right.is_doubted() }
}

fn is_null(value: &Outcome) -> Outcome {
    match value {
        Null => Integer(1),
        NotTrue => Outcome::VALUE,
        Other { null: true, doubted } => Other { null: false, doubted: *doubted },
        _ => Integer(0),
    }
}

/// `IS`, which is never `NULL`.
fn is(left: &Outcome, right: &Outcome) -> Outcome {
    match (left, right) {
        (Null, other) | (other, Null) => is_null(other),
        _ => compared(left, Operator::Equals, right)
            .unwrap_or(Other { null: false, doubted: left.is_doubted() || right.is_doubted() }),
    }
}

/// A comparison whose values are known.
fn compared(left: &Outcome, operator: Operator, right: &Outcome) -> Option<Outcome> {
    let order = match (left, right) {
        (Outcome::Null, _) | (_, Outcome::Null) => return Some(Outcome::Null),
        (Integer(left), Integer(right)) => left.cmp(right),
        // How texts are ordered is a collation's matter, and two equal ones are equal in all.
        (Outcome::Text(left), Outcome::Text(right)) if left == right => left.cmp(right),
        (Outcome::Text(left), Outcome::Text(right)) if left.trim_end().eq_ignore_ascii_case(right.trim_end()) => {
            return None;
        }
        (Outcome::Text(left), Outcome::Text(right)) => left.cmp(right),
        _ => return None,
    };
    let is_text = matches!(left, Outcome::Text(_));
    let truth = match operator {
        Operator::Equals => order.is_eq(),
        Operator::NotEquals => order.is_ne(),
        _ if is_text && order.is_ne() => return None,
        Operator::Less => order.is_lt(),
        Operator::LessEquals => order.is_le(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterEquals => order.is_ge(),
        _ => return None,
    };
    Some(Outcome::truth(truth))
}
