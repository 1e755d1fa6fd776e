//! What the stores do, without any user interface.

use futures::executor::block_on;
use issue_tracker_model::{
    Filters, Priority, Project, ProjectEvent, ProjectStore, Sort, Status, Workspace, WorkspaceStore, add_typed,
    create_project, retitle, sample_stores,
};
use store_context::prelude::*;
use store_context::test::given;

fn added(title: &str) -> ProjectEvent {
    ProjectEvent::Added { title: title.to_owned(), status: Status::Todo, priority: Priority::Normal }
}

fn project() -> ProjectStore {
    block_on(Project::open(Sqlite::in_memory())).expect("it opens")
}

fn workspace() -> WorkspaceStore {
    block_on(Workspace::open(Sqlite::in_memory())).expect("it opens")
}

fn titles(filters: &Filters, store: &ProjectStore) -> Vec<String> {
    filters.issues(store).get().expect("it reads").iter().map(|issue| issue.title.clone()).collect()
}

#[test]
fn issues_are_numbered_in_the_order_in_which_they_were_added() {
    given::<Project>([added("First"), added("Second")]).when(added("Third")).then(|store| {
        let issues = store.issues().order_by(|issue| issue.number.asc()).get().expect("it reads");
        assert_eq!(issues.iter().map(|issue| issue.number).collect::<Vec<_>>(), [1, 2, 3]);
    });
}

#[test]
fn a_moved_issue_is_counted_where_it_stands() {
    given::<Project>([added("First"), added("Second")])
        .when(ProjectEvent::Moved { number: 1, status: Status::Done })
        .then(|store| {
            let count = |status| store.count_of(status).get().expect("it reads");
            assert_eq!(Status::ALL.map(count), [1, 0, 1]);
        });
}

#[test]
fn a_filter_takes_what_is_typed_as_it_is() {
    let store = project();
    store.commit(["5% off", "50 off", r"a\b"].map(added)).expect("it commits");
    for (text, found) in
        [("5%", vec!["5% off"]), ("_", vec![]), (r"\", vec![r"a\b"]), ("OFF", vec!["50 off", "5% off"])]
    {
        assert_eq!(titles(&Filters { text: text.to_owned(), ..Filters::default() }, &store), found, "{text}");
    }
}

#[test]
fn issues_are_listed_in_the_chosen_order() {
    let store = project();
    store.commit(["B", "A", "C"].map(added)).expect("it commits");
    let listed = Sort::ALL.map(|sort| titles(&Filters { sort, ..Filters::default() }, &store).concat());
    assert_eq!(listed, ["CAB", "BAC", "ABC"]);
}

#[test]
fn the_typed_title_is_empty_once_it_is_an_issue() {
    let store = project();
    store.filters().update(|filters| filters.draft = " Typed ".into()).expect("it commits");
    add_typed(&store).expect("it commits");
    assert_eq!(titles(&Filters::default(), &store), ["Typed"]);
    assert_eq!(store.filters().get().expect("it reads").draft, "");
}

#[test]
fn a_blank_title_is_not_taken() {
    let store = project();
    store.commit(added("First")).expect("it commits");
    store.filters().update(|filters| filters.draft = "  ".into()).expect("it commits");
    add_typed(&store).expect("it commits");
    retitle(&store, 1, "  ").expect("it commits");
    assert_eq!(titles(&Filters::default(), &store), ["First"]);
}

#[test]
fn a_project_is_created_once_and_only_with_a_name_that_can_be_opened() {
    let store = workspace();
    assert_eq!(create_project(&store, " Field Notes "), Ok("field-notes".to_owned()));
    for name in ["field notes!", "  ", "日本", &"a".repeat(121)] {
        assert!(create_project(&store, name).is_err(), "{name}");
    }
    assert_eq!(store.listed().get().expect("it reads")[0].name, "Field Notes");
}

#[test]
fn the_project_to_import_opens_at_the_second_try() {
    let registry = StoreRegistry::new();
    let mounted = sample_stores().project("import").mount(&registry).expect("it mounts");
    assert!(block_on(mounted.store()).is_err());
    mounted.retry().expect("it is in error");
    assert!(block_on(mounted.store()).expect("it opens").issues().exists().get().expect("it reads"));
}
