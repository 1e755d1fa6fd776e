//! A store whose id comes from another store: the account says which project was open last.
//!
//! `cargo run --release --example dependent_stores`

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// A project that an account may open.
#[derive(Row, Clone, Debug)]
#[row(table = "memberships")]
struct Membership {
    #[row(primary_key)]
    project: String,
    opened_at: i64,
}

/// What happens to an account.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum AccountEvent {
    #[event(name = "v1.ProjectOpened")]
    ProjectOpened { project: String },
}

/// The store of one account.
#[derive(StoreContext)]
#[store(name = "account", events = AccountEvent)]
struct Account {
    memberships: Table<Membership>,
    /// The project that was opened last.
    #[query("SELECT project FROM memberships ORDER BY opened_at DESC LIMIT 1")]
    last_opened: Query<fn() -> Option<String>>,
}

impl Materialize for Account {
    fn materialize(event: AccountEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let AccountEvent::ProjectOpened { project } = event;
        let opened_at = i64::try_from(tx.meta().sequence)?;
        tx.insert_or_replace(Membership { project, opened_at })?;
        Ok(())
    }
}

/// One line of a project's notes.
#[derive(Row, Clone, Debug)]
#[row(table = "notes")]
struct Note {
    #[row(primary_key)]
    id: i64,
    text: String,
}

/// What happens in a project.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum ProjectEvent {
    #[event(name = "v1.NoteTaken")]
    NoteTaken { text: String },
}

/// The store of one project.
#[derive(StoreContext)]
#[store(name = "project", events = ProjectEvent)]
struct Project {
    notes: Table<Note>,
}

impl Materialize for Project {
    fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let ProjectEvent::NoteTaken { text } = event;
        let id = i64::try_from(tx.meta().sequence)?;
        tx.insert(Note { id, text })?;
        Ok(())
    }
}

/// Mounts the project that the account names: it can begin to load only when the account runs.
async fn open_last_project(account: &AccountStore, registry: &StoreRegistry) -> Result<Mounted<Project>, StoreError> {
    let id = account.last_opened().get()?.unwrap_or_else(|| "inbox".to_owned());
    // The id is data: `mount` checks it, and what is no id is an error that says so.
    ProjectProvider::new().adapter(Sqlite::in_dir("data")).store_id(id).mount(registry)
}

async fn run() -> Result<(), StoreError> {
    let registry = StoreRegistry::new();
    let account = AccountProvider::new()
        .adapter(Sqlite::in_dir("data"))
        .on_boot(|account| {
            if account.last_opened().get()?.is_none() {
                account.commit(
                    ["inbox", "garden"].map(|project| AccountEvent::ProjectOpened { project: project.into() }),
                )?;
            }
            Ok(())
        })
        .mount(&registry)?;
    let account = account.store().await?;

    let mounted = open_last_project(&account, &registry).await?;
    let project = mounted.store().await?;
    project.commit(ProjectEvent::NoteTaken { text: format!("visit {}", project.sequence()? + 1) })?;
    println!("{} opened {}, which has {} notes", account.name(), project.name(), project.notes().count().get()?);

    // The next run opens the other one.
    let next = if project.id().as_str() == "garden" { "inbox" } else { "garden" };
    account.commit(AccountEvent::ProjectOpened { project: next.into() })?;
    registry.dispose().await
}

fn main() -> Result<(), StoreError> {
    block_on(run())
}
