//! What the issue tracker keeps: a workspace that lists its projects, and a store for each project.
//!
//! No file here knows which user interface shows it.

mod project;
mod sample;
mod workspace;

pub use project::{
    Filters, Issue, IssueKey, Priority, Project, ProjectEvent, ProjectProvider, ProjectStore, Status, add_typed,
};
pub use sample::{Stores, sample_stores};
pub use workspace::{ProjectRow, Workspace, WorkspaceEvent, WorkspaceProvider, WorkspaceStore, create_project};
