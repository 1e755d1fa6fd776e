//! [`Project`]: the issues of one project, and what its screen filters.

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// Where an issue stands.
#[derive(Column, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Nobody began.
    #[default]
    Todo,
    /// Somebody is at it.
    Doing,
    /// Nothing is left to do.
    Done,
}

impl Status {
    /// Each of them, in the order of their lives.
    pub const ALL: [Self; 3] = [Self::Todo, Self::Doing, Self::Done];

    /// For people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Todo => "To do",
            Self::Doing => "In progress",
            Self::Done => "Done",
        }
    }

    /// For the style sheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Doing => "doing",
            Self::Done => "done",
        }
    }

    /// Where an issue goes from here; what is done is begun anew.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Todo => Self::Doing,
            Self::Doing => Self::Done,
            Self::Done => Self::Todo,
        }
    }
}

/// How much an issue matters.
#[derive(Column, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Priority {
    /// It can wait.
    Low,
    /// As most.
    #[default]
    Normal,
    /// It goes first.
    High,
}

impl Priority {
    /// Each of them, from low to high.
    pub const ALL: [Self; 3] = [Self::Low, Self::Normal, Self::High];

    /// For people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Normal => "Normal",
            Self::High => "High",
        }
    }

    /// For the style sheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// Names an issue in its project.
pub type IssueKey = i64;

/// An issue.
#[derive(Row, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[row(table = "issues")]
pub struct Issue {
    /// Names the issue. A later one has a higher number.
    #[row(primary_key)]
    pub number: IssueKey,
    /// What it is about.
    pub title: String,
    /// Where it stands.
    #[row(index)]
    pub status: Status,
    /// How much it matters.
    pub priority: Priority,
}

/// What a project's screen shows. It belongs to whoever looks, and is no event of the project.
#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[document(name = "filters")]
pub struct Filters {
    /// Only issues whose title has this in it.
    pub text: String,
    /// Only issues that stand there.
    pub status: Option<Status>,
    /// The title of the next issue.
    pub draft: String,
}

/// What happens in a project.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum ProjectEvent {
    /// An issue was added.
    #[event(name = "v1.Added")]
    Added {
        /// What it is about.
        title: String,
        /// Where it stands.
        status: Status,
        /// How much it matters.
        priority: Priority,
    },
    /// An issue has another title.
    #[event(name = "v1.Retitled")]
    Retitled {
        /// Which one.
        number: IssueKey,
        /// What it is about.
        title: String,
    },
    /// An issue stands elsewhere.
    #[event(name = "v1.Moved")]
    Moved {
        /// Which one.
        number: IssueKey,
        /// Where it stands.
        status: Status,
    },
    /// An issue matters more, or less.
    #[event(name = "v1.Prioritized")]
    Prioritized {
        /// Which one.
        number: IssueKey,
        /// How much it matters.
        priority: Priority,
    },
}

/// The store of one project.
#[derive(StoreContext)]
#[store(name = "project", events = ProjectEvent)]
pub struct Project {
    /// Every issue.
    pub issues: Table<Issue>,
    /// What is shown.
    pub filters: ClientDocument<Filters>,
    /// How many issues stand there.
    #[query("SELECT count(*) FROM issues WHERE status = :status")]
    pub count_of: Query<fn(status: Status) -> i64>,
}

impl Materialize for Project {
    fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            ProjectEvent::Added { title, status, priority } => {
                let number = 1 + tx.table::<Issue>().count()?;
                tx.insert(Issue { number, title, status, priority })?;
            }
            ProjectEvent::Retitled { number, title } => {
                tx.table::<Issue>().by_key(number).update(|issue| issue.title.set(title))?;
            }
            ProjectEvent::Moved { number, status } => {
                tx.table::<Issue>().by_key(number).update(|issue| issue.status.set(status))?;
            }
            ProjectEvent::Prioritized { number, priority } => {
                tx.table::<Issue>().by_key(number).update(|issue| issue.priority.set(priority))?;
            }
        }
        Ok(())
    }
}

impl Filters {
    /// The issues that are shown, the latest first.
    pub fn issues(&self, store: &ProjectStore) -> store_context::Select<Project, Issue> {
        let mut issues = store.issues().order_by(|issue| issue.number.desc());
        if let Some(status) = self.status {
            issues = issues.filter(|issue| issue.status.eq(status));
        }
        if !self.text.is_empty() {
            let escaped = self.text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            issues = issues.filter(|issue| issue.title.like(format!("%{escaped}%")));
        }
        issues
    }
}

/// Adds an issue with the title that is being typed, which is empty then.
///
/// # Errors
/// When the store refuses the commit: the title is still there.
pub fn add_typed(store: &ProjectStore) -> Result<(), StoreError> {
    let title = store.filters().get()?.draft.trim().to_owned();
    if title.is_empty() {
        return Ok(());
    }
    let added = ProjectEvent::Added { title, status: Status::default(), priority: Priority::default() };
    store.commit_with(added, [store.filters().change(|filters| filters.draft.clear())])?;
    Ok(())
}
