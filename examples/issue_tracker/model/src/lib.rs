//! What the issue tracker keeps: a workspace that lists its projects, and a store for each project.
//!
//! No file here knows which user interface shows it.

mod filters;
mod issue;
mod project;
mod sample;
mod workspace;

pub use filters::{Filters, Sort};
pub use issue::{Issue, IssueKey, Priority, Status};
pub use project::{Project, ProjectEvent, ProjectProvider, ProjectStore, add_typed, retitle};
pub use sample::{Stores, sample_stores};
pub use workspace::{ProjectRow, Workspace, WorkspaceEvent, WorkspaceProvider, WorkspaceStore, create_project};
