//! [`Issue`]: what a project consists of.

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
