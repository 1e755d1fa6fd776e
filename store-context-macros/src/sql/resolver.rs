//! [`Resolver`]: what is known while a statement is walked.

use sqlite3_parser::ast;

use super::facts::Around;
use super::mistake::Mistake;
use super::model::Sql;
use super::text::{Name, Place, Text};

/// What is known while a statement is walked.
pub(crate) struct Resolver<'t, 'b> {
    pub(crate) text: &'t Text<'t>,
    pub(crate) sql: Sql,
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) tables: Vec<CommonTable<'b>>,
    /// Whether a join is FULL.
    pub(crate) keeps_both: bool,
    /// For each scope, what the walk needs and the runtime does not.
    pub(crate) notes: Vec<Notes>,
}

#[derive(Default)]
pub(crate) struct Notes {
    /// The aliases of the result columns.
    pub(crate) aliases: Vec<String>,
    /// Those of columns, with the reference.
    pub(crate) columns: Vec<(String, usize)>,
    /// Those of aggregates and window functions.
    pub(crate) late: Vec<String>,
    /// The scopes around it whose aliases are seen in it.
    pub(crate) seen: Vec<usize>,
    pub(crate) windows: Vec<Name>,
    /// The columns that its conditions name.
    pub(crate) mentioned: Vec<String>,
}

/// A common table expression. As in SQLite, one that nobody reads is not looked at.
pub(crate) struct CommonTable<'b> {
    pub(crate) name: Name,
    pub(crate) columns: Vec<Name>,
    pub(crate) body: &'b ast::Select<'b>,
    pub(crate) around: Around,
    pub(crate) state: State,
}

#[derive(Clone, Copy)]
pub(crate) enum State {
    Unread,
    /// Being read: the SELECT, and whether its first arm is done, which may not name the table itself.
    Reading(usize, bool),
    Read(usize),
}

impl<'t> Resolver<'t, '_> {
    pub(crate) fn new(text: &'t Text<'t>) -> Self {
        Self {
            text,
            sql: Sql::default(),
            mistakes: Vec::new(),
            tables: Vec::new(),
            keeps_both: false,
            notes: Vec::new(),
        }
    }

    pub(crate) fn refuse(&mut self, place: Place, message: impl Into<String>) {
        self.mistakes.push(Mistake::at(place, message));
    }
}
