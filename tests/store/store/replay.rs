//! Schema changes: the log is replayed into fresh tables, with progress, or the store stays as it was.

use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use futures::future::BoxFuture;
use store_context::adapter::{Adapter, AdapterIdentity, OpenRequest, Opened};
use store_context::error::OpenError;
use store_context::life::BootStatus;
use store_context::prelude::*;

use crate::project::{Issue, ProjectEvent, created, ids, in_dir};

/// Schemas of one name that differ in their version and in what the materializer does.
macro_rules! project {
    ($name:ident, $version:literal, |$event:ident, $tx:ident| $materialize:expr) => {
        mod $name {
            use super::*;

            #[derive(StoreContext)]
            #[store(name = "project", events = ProjectEvent, version = $version)]
            pub struct Changed {
                pub issues: Table<Issue>,
            }

            impl Materialize for Changed {
                fn materialize($event: ProjectEvent, $tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
                    $materialize
                }
            }
        }
    };
}

project!(failing, 7, |event, _tx| match event {
    ProjectEvent::IssueCreated { id, .. } if id == "b" => Err(MaterializeError::new("no place for b")),
    _ => Ok(()),
});
project!(panicking, 8, |_event, _tx| panic!("the materializer's own panic"));
project!(counting, 9, |_event, _tx| Ok(()));

#[test]
fn a_replay_that_fails_names_the_event_and_leaves_the_store_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    in_dir(dir.path()).commit([created("a", "first"), created("b", "second")]).unwrap();
    let error = block_on(failing::Changed::open(Sqlite::in_dir(dir.path()))).map(|_| ()).unwrap_err();
    let StoreError::Open { cause: OpenError::Replay { sequence: 2, event, message }, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!((event.as_str(), &**message), ("v1.IssueCreated", "no place for b"));
    let error = block_on(panicking::Changed::open(Sqlite::in_dir(dir.path()))).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("the materializer panicked: the materializer's own panic"), "{error}");
    let store = in_dir(dir.path());
    assert_eq!((ids(&store), store.boot_report().unwrap().replayed), (vec!["a".into(), "b".into()], 0));
}

/// Tells what opening does.
#[derive(Clone)]
struct Observed {
    sqlite: Sqlite,
    told: Arc<Mutex<Vec<BootStatus>>>,
}

impl Adapter for Observed {
    fn identity(&self) -> AdapterIdentity {
        self.sqlite.identity()
    }

    fn open(&self, mut request: OpenRequest) -> BoxFuture<'static, Result<Opened, OpenError>> {
        let (told, progress) = (self.told.clone(), request.progress);
        request.progress = Arc::new(move |status| {
            told.lock().unwrap().push(status);
            progress(status);
        });
        self.sqlite.open(request)
    }
}

#[test]
fn the_boot_status_tells_of_opening_migrating_and_replaying() {
    let dir = tempfile::tempdir().unwrap();
    in_dir(dir.path()).commit((0..600).map(|n| created(&n.to_string(), "kept")).collect::<Vec<_>>()).unwrap();
    let told = Arc::default();
    let observed = Observed { sqlite: Sqlite::in_dir(dir.path()), told: Arc::clone(&told) };
    let open = || drop(block_on(counting::Changed::open(observed.clone())).unwrap());
    open();
    let replaying = |done| BootStatus::Replaying { done, total: 600 };
    let steps = [replaying(0), replaying(256), replaying(512), replaying(600)];
    assert_eq!(told.lock().unwrap()[..2], [BootStatus::Opening, BootStatus::Migrating]);
    assert_eq!(told.lock().unwrap()[2..], steps);
    told.lock().unwrap().clear();
    open();
    assert_eq!(*told.lock().unwrap(), [BootStatus::Opening], "the tables fit");
}

#[test]
fn an_adapter_that_panics_is_an_error() {
    struct Panicking;
    impl Adapter for Panicking {
        fn identity(&self) -> AdapterIdentity {
            AdapterIdentity::new("an adapter that panics")
        }
        fn open(&self, _: OpenRequest) -> BoxFuture<'static, Result<Opened, OpenError>> {
            panic!("the adapter's own panic")
        }
    }
    let error = block_on(counting::Changed::open(Panicking)).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("the adapter's own panic"), "{error}");
}
