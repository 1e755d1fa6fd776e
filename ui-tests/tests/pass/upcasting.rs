//! Older events and the functions that make today's of them, wherever they are.

#![deny(missing_docs, unreachable_pub, warnings)]
#![forbid(unsafe_code)]

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// What happens.
#[derive(Event, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ProjectEvent {
    /// Created.
    #[event(
        name = "v3.IssueCreated",
        upcast_from = ("v2.IssueCreated", older::created),
        upcast_from = ("v1.IssueCreated", ProjectEvent::from_id)
    )]
    IssueCreated {
        /// Its id.
        id: String,
        /// Its labels.
        labels: Vec<String>,
    },
    /// Deleted.
    #[event(alias = "v1.IssueDeleted", upcast_from = ("v1.IssueHidden", older::hidden))]
    IssueDeleted(String),
}

impl ProjectEvent {
    fn from_id(id: String) -> Self {
        Self::IssueCreated { id, labels: Vec::new() }
    }
}

mod older {
    use super::{Deserialize, ProjectEvent};

    #[derive(Deserialize)]
    pub(super) struct Created {
        id: String,
        label: String,
    }

    pub(super) fn created(Created { id, label }: Created) -> ProjectEvent {
        ProjectEvent::IssueCreated { id, labels: vec![label] }
    }

    pub(super) fn hidden((id, _): (String, i64)) -> ProjectEvent {
        ProjectEvent::IssueDeleted(id)
    }
}

fn main() {
    assert_eq!(
        ProjectEvent::NAMES,
        [
            &["v3.IssueCreated", "v2.IssueCreated", "v1.IssueCreated"][..],
            &["IssueDeleted", "v1.IssueDeleted", "v1.IssueHidden"]
        ]
    );
}
