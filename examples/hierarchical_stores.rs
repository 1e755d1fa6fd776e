//! A tree of stores: a workspace, its projects, their issues. The ids of each level come from the level above, a scope
//! reaches the levels around it, and the whole tree is shut down from the leaves to the root.
//!
//! `cargo run --release --example hierarchical_stores`

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::StoreContext as Schema;
use store_context::life::State;
use store_context::prelude::*;
use store_context::query::TableOf;

/// Something one level below; a project and an issue have a store of their own.
#[derive(Row, Clone, Debug)]
#[row(table = "children")]
struct Child {
    #[row(primary_key)]
    id: String,
    title: String,
}

/// What happens on any level.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum TreeEvent {
    #[event(name = "v1.ChildAdded")]
    ChildAdded { id: String, title: String },
}

fn add_child<S: Schema>(event: TreeEvent, tx: &mut Tx<'_, S>) -> Result<(), MaterializeError>
where
    Child: TableOf<S>,
{
    let TreeEvent::ChildAdded { id, title } = event;
    Ok(tx.insert(Child { id, title })?)
}

/// The root.
#[derive(StoreContext)]
#[store(name = "workspace", events = TreeEvent)]
struct Workspace {
    children: Table<Child>,
}

impl Materialize for Workspace {
    fn materialize(event: TreeEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        add_child(event, tx)
    }
}

/// A project of a workspace.
#[derive(StoreContext)]
#[store(name = "project", events = TreeEvent)]
struct Project {
    children: Table<Child>,
}

impl Materialize for Project {
    fn materialize(event: TreeEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        add_child(event, tx)
    }
}

/// An issue of a project.
#[derive(StoreContext)]
#[store(name = "issue", events = TreeEvent)]
struct Issue {
    children: Table<Child>,
}

impl Materialize for Issue {
    fn materialize(event: TreeEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        add_child(event, tx)
    }
}

fn child(id: impl Into<String>, title: &str) -> TreeEvent {
    TreeEvent::ChildAdded { id: id.into(), title: title.to_owned() }
}

/// What stands at an issue, three scopes deep: every level around it is at hand.
async fn answer(scope: &Scope) -> Result<(), StoreError> {
    let workspace = scope.nearest::<Workspace>()?.store().await?;
    let project = scope.nearest::<Project>()?.store().await?;
    let issue = scope.nearest::<Issue>()?.store().await?;
    issue.commit(child("answer-1", &format!("seen in {}", project.id())))?;
    println!("    {} > {} > {}: {}", workspace.name(), project.name(), issue.name(), issue.children().get()?[0].title);
    Ok(())
}

/// Tells when a store is shut down, until the subscription goes.
fn tell_shutdown<S: Schema>(mounted: &Mounted<S>) -> Subscription {
    let name = mounted.name().clone();
    mounted.observe(move |transition| {
        if let State::Shutdown(cause) = &transition.to {
            println!("  {name} is shut down, since {cause}");
        }
    })
}

async fn run() -> Result<(), StoreError> {
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_memory());
    let root = WorkspaceProvider::new().adapter(data.clone()).store_id("acme").on_boot(|workspace| {
        workspace.commit([child("site", "The site"), child("app", "The app")])?;
        Ok(())
    });
    let root = Scope::new(&registry).provide(root)?;
    let (mut leaves, mut tells) = (Vec::new(), vec![tell_shutdown(root.nearest::<Workspace>()?)]);
    for project in &root.nearest::<Workspace>()?.store().await?.children().get()? {
        println!("{}", project.title);
        let below = format!("{}-1", project.id);
        let provider = ProjectProvider::new().adapter(data.clone()).store_id(&project.id).on_boot(move |project| {
            project.commit(child(&below, "First issue"))?;
            Ok(())
        });
        let scope = root.provide(provider)?;
        tells.push(tell_shutdown(scope.nearest::<Project>()?));
        for issue in &scope.nearest::<Project>()?.store().await?.children().get()? {
            let leaf = scope.provide(IssueProvider::new().adapter(data.clone()).store_id(&issue.id))?;
            println!("  {}", issue.title);
            tells.push(tell_shutdown(leaf.nearest::<Issue>()?));
            answer(&leaf).await?;
            leaves.push(leaf);
        }
    }
    println!("the tree goes, what was mounted last first:");
    registry.dispose().await
}

fn main() -> Result<(), StoreError> {
    block_on(run())
}
