//! [`Filters`]: what a project's screen shows, and in which order.

use serde::{Deserialize, Serialize};
use store_context::Select;
use store_context::prelude::*;

use crate::issue::{Issue, Status};
use crate::project::{Project, ProjectStore};

/// Which issue comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sort {
    /// The one that was added last.
    #[default]
    Newest,
    /// The one that was added first.
    Oldest,
    /// By the alphabet.
    Title,
}

impl Sort {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Newest, Self::Oldest, Self::Title];

    /// For people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Newest => "Newest",
            Self::Oldest => "Oldest",
            Self::Title => "Title",
        }
    }
}

/// What a project's screen shows. It belongs to whoever looks, and is no event of the project.
#[derive(Document, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[document(name = "filters")]
pub struct Filters {
    /// Only issues whose title has this in it.
    pub text: String,
    /// Only issues that stand there.
    pub status: Option<Status>,
    /// Which comes first.
    pub sort: Sort,
    /// The title of the next issue.
    pub draft: String,
}

impl Filters {
    /// The issues that are shown, in their order.
    pub fn issues(&self, store: &ProjectStore) -> Select<Project, Issue> {
        let mut issues = store.issues().order_by(|issue| match self.sort {
            Sort::Newest => issue.number.desc(),
            Sort::Oldest => issue.number.asc(),
            Sort::Title => issue.title.asc(),
        });
        if let Some(status) = self.status {
            issues = issues.filter(|issue| issue.status.eq(status));
        }
        if !self.text.is_empty() {
            issues = issues.filter(|issue| issue.title.contains(&self.text));
        }
        issues
    }
}
