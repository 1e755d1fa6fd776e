//! Calls of functions, and the windows they look through.

use sqlite3_parser::ast::{self, Expr, FunctionTail, Literal, Over};

use super::facts::{Clause, Context, Facts};
use super::functions::{self, Function, Kind};
use super::model::Aggregate;
use super::resolver::Resolver;
use super::term::Term;
use super::text::{Name, Place};

impl<'b> Resolver<'_, 'b> {
    pub(crate) fn call(
        &mut self,
        name: &Name,
        arguments: &'b [Expr<'b>],
        order: &'b [ast::SortedColumn<'b>],
        tail: Option<&FunctionTail<'b>>,
        context: Context<'_>,
    ) -> Facts {
        let window = tail.and_then(|tail| tail.over_clause);
        let function = self.function(name, arguments, window.is_some(), context);
        let aggregates = function.is_some_and(|function| functions::is_aggregate(function, arguments.len()));
        let inner = match aggregates && window.is_none() {
            true => Context { clause: Clause::Argument, ..context },
            false => context,
        };
        let before = self.sql.references.len();
        let (mut parts, mut mentions) = (Vec::new(), Vec::new());
        for argument in arguments {
            let first = self.sql.references.len();
            parts.push(self.value(argument, inner));
            mentions.push(Term::mention(&self.sql, first));
        }
        let terms = parts.iter().map(|part| part.term.clone()).collect();
        let is_filtered = tail.is_some_and(|tail| tail.filter_clause.is_some());
        let has_frame = match window {
            Some(Over::Window(window)) => window.frame_clause.is_some() || window.base.is_some(),
            other => other.is_some(),
        };
        let term = function.map(|function| match window {
            Some(_) => Term::windowed(&self.sql, function, terms, is_filtered, has_frame),
            None => Term::call(&self.sql, function, terms, &mentions, is_filtered),
        });
        parts.extend(order.iter().map(|term| self.value(&term.expr, inner)));
        if let Some(filter) = tail.and_then(|tail| tail.filter_clause) {
            if function.is_some() && !aggregates {
                let message = format!("FILTER is for aggregates, and `{}` is none", name.text);
                self.refuse(name.place, message);
            }
            parts.push(self.value(filter, inner));
        }
        match window {
            Some(Over::Window(window)) => parts.push(self.window(window, context)),
            Some(Over::Name(window)) => {
                let window = self.text.name(window.0);
                if !self.has_window(&window, context) {
                    let message = format!("no window `{0}`; write `WINDOW {0} AS (..)` after FROM", window.text);
                    self.refuse(window.place, message);
                }
            }
            None => {}
        }
        let parts: Vec<_> = parts.iter().collect();
        let mut facts = Facts { term: term.unwrap_or_default(), ..Facts::of(&parts) };
        match window {
            Some(_) => facts.windowed = true,
            None if aggregates => {
                facts.aggregate = true;
                facts.own_aggregate |= self.is_own(before, context);
            }
            None => {}
        }
        facts
    }

    /// Whether an aggregate is of the SELECT in which it stands. One whose columns are all from around that is of the
    /// SELECT that they are from, which is seen where they are.
    fn is_own(&mut self, first: usize, context: Context<'_>) -> bool {
        let Some(scope) = context.scope.filter(|_| self.is_nested(context)) else { return true };
        let references: Vec<_> = (first..self.sql.references.len())
            .filter(|reference| self.sql.references[*reference].scope == scope)
            .collect();
        if references.is_empty() {
            return true;
        }
        self.sql.aggregates.push(Aggregate { scope, references });
        false
    }

    fn function(
        &mut self,
        name: &Name,
        arguments: &[Expr<'_>],
        windowed: bool,
        context: Context<'_>,
    ) -> Option<&'static Function> {
        let Some(function) = functions::find(&name.text) else {
            let meant = super::meant(&name.text, functions::FUNCTIONS.iter().map(|function| function.name));
            self.refuse(name.place, format!("SQLite has no function `{}`{meant}", name.text));
            return None;
        };
        let (count, (least, most)) = (arguments.len(), function.arguments);
        if !(least..=most).contains(&count) {
            let takes = match (least, most) {
                (least, most) if least == most => format!("{least}"),
                (least, most) if most >= 1000 => format!("at least {least}"),
                (least, most) => format!("{least} to {most}"),
            };
            let message = format!("`{}` takes {takes} arguments, {count} are given", name.text);
            let message = message.replace("takes 1 arguments", "takes 1 argument").replace(" 1 are", " 1 is");
            self.refuse(name.place, message);
        }
        let aggregates = functions::is_aggregate(function, count);
        if function.kind == Kind::Window && !windowed {
            let message = format!("`{}` is a window function; write `OVER (..)` after it", name.text);
            self.refuse(name.place, message);
        } else if windowed && !aggregates && function.kind != Kind::Window {
            self.refuse(name.place, format!("`{}` is not a window function; remove OVER", name.text));
        } else if windowed && !self.is_nested(context) {
            let before = match context.clause {
                Clause::Where | Clause::On => Some("WHERE and ON"),
                Clause::Group => Some("GROUP BY"),
                Clause::Having => Some("HAVING"),
                Clause::Argument => Some("aggregates"),
                Clause::Columns | Clause::Order | Clause::Limit => None,
            };
            if let Some(before) = before {
                let message = format!(
                    "`{}` is a window function, computed after {before}; compute it in a subquery, and use it outside",
                    name.text
                );
                self.refuse(name.place, message);
            }
        } else if aggregates && !self.is_nested(context) {
            let clause = match context.clause {
                Clause::Where | Clause::On => Some("WHERE and ON see single rows; write the condition in HAVING"),
                Clause::Group => Some("GROUP BY makes the groups, and cannot look at them"),
                Clause::Argument => Some("an aggregate cannot stand inside another; write a subquery"),
                _ => None,
            };
            if let Some(clause) = clause {
                self.refuse(name.place, format!("`{}` is an aggregate, and {clause}", name.text));
            }
        }
        let is_now = |argument: &Expr<'_>| match argument {
            Expr::Literal(Literal::String(text)) => text.trim_matches('\'').eq_ignore_ascii_case("now"),
            _ => false,
        };
        let of_now = match function.kind {
            Kind::Volatile => true,
            Kind::Time if function.name == "strftime" => count == 1 || arguments.iter().any(is_now),
            Kind::Time => count == 0 || arguments.iter().any(is_now),
            _ => false,
        };
        if of_now {
            self.refuse_now(name.place, &name.text);
        }
        Some(function)
    }

    /// Whether it is inside a subquery, where an aggregate may belong to the SELECT around.
    fn is_nested(&self, context: Context<'_>) -> bool {
        context.scope.is_some_and(|scope| self.sql.scopes[scope].parent.is_some())
    }

    /// What a live query cannot track.
    pub(crate) fn refuse_now(&mut self, place: Place, what: &str) {
        let message = match functions::find(what).map(|function| function.kind) {
            Some(Kind::Volatile) if !what.to_ascii_lowercase().starts_with("current") => {
                format!("`{what}` gives another value each time, and a live query runs only after a commit; remove it")
            }
            _ => format!(
                "`{what}` depends on the time, and a live query runs only after a commit; pass the time as a parameter, such as `:now`"
            ),
        };
        self.refuse(place, message);
    }

    fn has_window(&self, name: &Name, context: Context<'_>) -> bool {
        context.scope.is_none_or(|scope| self.notes[scope].windows.iter().any(|window| window.is(&name.text)))
    }

    /// What is known of all of its expressions.
    pub(crate) fn window(&mut self, window: &'b ast::Window<'b>, context: Context<'_>) -> Facts {
        let partition = window.partition_by.unwrap_or(&[]).iter();
        let terms = partition.chain(window.order_by.unwrap_or(&[]).iter().map(|term| &term.expr));
        let mut parts: Vec<_> = terms.map(|term| self.term(term, context)).collect();
        if let Some(base) = &window.base {
            let base = self.text.name(base.0);
            if !self.has_window(&base, context) {
                self.refuse(base.place, format!("no window `{}`", base.text));
            }
        }
        if let Some(frame) = &window.frame_clause {
            let bounds = [Some(&frame.start), frame.end.as_ref()];
            for bound in bounds.into_iter().flatten() {
                if let ast::FrameBound::Following(expr) | ast::FrameBound::Preceding(expr) = bound {
                    parts.push(self.value(expr, context));
                }
            }
        }
        Facts::of(&parts.iter().collect::<Vec<_>>())
    }
}
