//! The behaviours. A name is a sentence, and a row of the book's table.

#![allow(missing_docs, reason = "the name says it")]

use crate::hands;
use crate::node::Node::{
    Both, Boundary, ById, Count, Dependent, Draft, Notes, NotesStore, Optional, Parity, Phases, Project, Sent, Shown,
    Store, Suspense, Text, Total, Two, Window,
};
use crate::page::{Page, SentPage, Test};
use crate::schema::{ProjectKey, created, finished};
use crate::server::Server;
use crate::stage::{CACHE, Stage};

/// Calls a macro with the name of each behaviour of a page.
#[macro_export]
macro_rules! each_behaviour {
    ($case:ident) => {
        $case!(a_fallback_is_shown_then_the_content_and_it_is_rendered_once);
        $case!(a_commit_renders_once_what_reads_a_result_that_differs);
        $case!(a_commit_that_does_not_concern_a_query_renders_nothing);
        $case!(a_batch_and_commits_in_quick_succession_render_once);
        $case!(an_equal_result_renders_nothing);
        $case!(another_parameter_is_one_render_and_ends_the_subscription_before);
        $case!(a_derived_value_renders_when_it_differs_itself);
        $case!(children_of_a_provider_render_at_once);
        $case!(three_stores_resolve_one_by_one_each_in_its_own_boundary);
        $case!(nested_providers_load_side_by_side);
        $case!(one_provider_mounts_several_stores);
        $case!(a_store_depends_on_what_another_one_says);
        $case!(a_component_uses_two_instances);
        $case!(the_nearest_provider_wins_and_an_outer_one_is_found_by_its_id);
        $case!(a_sibling_does_not_see_what_is_provided_beside_it);
        $case!(without_a_provider_a_sentence_says_what_is_missing);
        $case!(an_id_that_nobody_provides_is_an_error_or_none);
        $case!(an_error_reaches_the_boundary_and_its_reset_loads_again);
        $case!(a_store_fails_while_its_sibling_runs);
        $case!(a_retry_in_one_boundary_takes_the_error_of_another_away);
        $case!(another_id_is_another_store_and_the_one_before_is_released);
        $case!(an_id_that_changes_twice_while_it_loads_ends_at_the_last);
        $case!(an_id_that_is_none_is_an_error_and_the_next_is_mounted);
        $case!(unmounting_while_it_loads_leaves_nothing);
        $case!(an_unmounted_store_is_gone_after_its_cache_time);
        $case!(within_the_cache_time_it_is_the_same_instance_without_a_fallback);
        $case!(a_shutdown_reaches_the_boundary_and_another_mount_is_the_way_back);
        $case!(a_disposed_registry_is_said_and_nothing_hangs);
        $case!(each_phase_is_rendered_as_the_provider_is_told);
        $case!(what_is_written_before_a_store_runs_is_shown_and_kept_in_order);
        $case!(another_store_shows_its_own_document);
        $case!(a_document_by_key_is_one_of_its_own);
        $case!(two_components_on_one_query_run_it_once);
        $case!(a_query_finds_its_store_and_suspends_by_itself);
        $case!(a_query_that_no_server_sent_waits_for_its_store);
        $case!(a_preloaded_store_needs_no_fallback);
        $case!(ten_thousand_mounts_leave_nothing_behind);
    };
}

/// Calls a macro with the name of each behaviour that needs threads.
#[macro_export]
macro_rules! each_behaviour_with_threads {
    ($case:ident) => {
        $case!(a_commit_of_another_thread_renders_once);
    };
}

/// Calls a macro with the name of each behaviour of a server.
#[macro_export]
macro_rules! each_behaviour_of_a_server {
    ($case:ident) => {
        $case!(a_server_sends_the_content_and_not_the_fallback);
        $case!(a_server_lets_a_store_go_with_its_page);
        $case!(a_server_waits_for_stores_that_load_side_by_side);
        $case!(a_server_waits_for_the_store_that_loads_last);
    };
}

/// Calls a macro with the name of each behaviour of a page that a server sent.
#[macro_export]
macro_rules! each_behaviour_of_a_sent_page {
    ($case:ident) => {
        $case!(a_page_shows_what_its_server_sent_until_its_store_runs);
    };
}

/// What a server sends with a result.
#[must_use]
pub fn sent_page() -> Vec<crate::Node> {
    vec![Project("a", vec![Suspense(vec![Sent])])]
}

fn counting() -> Vec<crate::Node> {
    vec![Project("a", vec![Boundary(vec![Suspense(vec![Count("todo")])])])]
}

pub async fn a_fallback_is_shown_then_the_content_and_it_is_rendered_once<P: Page>() {
    let stage = Stage::new();
    stage.data("a").hang();
    let mut test = Test::<P>::on(stage, counting());
    test.shows("loading").await;
    test.rendered("count", 0, "it waits");
    test.stage.data("a").resume();
    test.shows("[a: 0]").await;
    test.rendered("count", 1, "resumed once");
    test.idle().await;
    test.rendered("count", 0, "and never again by itself");
}

pub async fn a_commit_renders_once_what_reads_a_result_that_differs<P: Page>() {
    let mut test = Test::<P>::new(counting());
    test.shows("[a: 0]").await;
    test.rendered("count", 1, "the load");
    test.store("a").commit(created(1)).unwrap();
    test.shows("[a: 1]").await;
    test.rendered("count", 1, "the commit");
    test.store("a").commit(finished(1)).unwrap();
    test.shows("[a: 0]").await;
    test.rendered("count", 1, "the other commit");
}

pub async fn a_commit_that_does_not_concern_a_query_renders_nothing<P: Page>() {
    let mut test = Test::<P>::new(counting());
    test.shows("[a: 0]").await;
    test.rendered("count", 1, "the load");
    test.store("a").view().update(|view| view.draft = "unrelated".into()).unwrap();
    test.shows("[a: 0]").await;
    test.rendered("count", 0, "a document is no issue");
}

pub async fn a_batch_and_commits_in_quick_succession_render_once<P: Page>() {
    let mut test = Test::<P>::new(counting());
    test.shows("[a: 0]").await;
    test.rendered("count", 1, "the load");
    let store = test.store("a");
    store.commit([created(1), created(2)]).unwrap();
    store.commit(created(3)).unwrap();
    store.commit(created(4)).unwrap();
    test.shows("[a: 4]").await;
    test.rendered("count", 1, "the last is what counts");
}

pub async fn an_equal_result_renders_nothing<P: Page>() {
    let mut test = Test::<P>::new(counting());
    test.shows("[a: 0]").await;
    test.rendered("count", 1, "the load");
    test.store("a").commit([created(1), finished(1)]).unwrap();
    test.shows("[a: 0]").await;
    test.rendered("count", 0, "no more are to do than before");
}

pub async fn another_parameter_is_one_render_and_ends_the_subscription_before<P: Page>() {
    let mut test = Test::<P>::new(counting());
    test.shows("[a: 0]").await;
    test.store("a").commit([created(1), created(2), finished(1)]).unwrap();
    test.shows("[a: 1]").await;
    hands::renders("count");
    test.set("todo", "done");
    test.shows("[a: 1]").await;
    test.rendered("count", 1, "the parameter");
    test.store("a").commit(created(3)).unwrap();
    test.idle().await;
    test.rendered("count", 0, "the query before is not asked any more");
    assert_eq!(test.stage.registry.snapshot().stores[0].live.len(), 1);
    test.store("a").commit(finished(3)).unwrap();
    test.shows("[a: 2]").await;
    test.rendered("count", 1, "the query now is");
}

pub async fn a_derived_value_renders_when_it_differs_itself<P: Page>() {
    let mut test = Test::<P>::new(vec![Project("a", vec![Suspense(vec![Parity])])]);
    test.shows("[even]").await;
    hands::renders("parity");
    test.store("a").commit([created(1), created(2)]).unwrap();
    test.shows("[even]").await;
    test.rendered("parity", 0, "two more are even too");
    test.store("a").commit(created(3)).unwrap();
    test.shows("[odd]").await;
    test.rendered("parity", 1, "one more is odd");
}

pub async fn children_of_a_provider_render_at_once<P: Page>() {
    let stage = Stage::new();
    stage.data("a").hang();
    let tree = vec![Project("a", vec![Text("here "), Suspense(vec![Store])])];
    let mut test = Test::<P>::on(stage, tree);
    test.shows("here loading").await;
}

pub async fn three_stores_resolve_one_by_one_each_in_its_own_boundary<P: Page>() {
    let stage = Stage::new();
    let ids = ["a", "b", "c"];
    ids.iter().for_each(|id| stage.data(id).hang());
    let tree = ids.map(|id| Project(id, vec![Suspense(vec![Store])])).to_vec();
    let mut test = Test::<P>::on(stage, tree);
    test.shows("loadingloadingloading").await;
    test.stage.data("b").resume();
    test.shows("loading[b]loading").await;
    test.stage.data("c").resume();
    test.shows("loading[b][c]").await;
    test.stage.data("a").resume();
    test.shows("[a][b][c]").await;
    test.rendered("store", 3, "each of them once");
}

pub async fn nested_providers_load_side_by_side<P: Page>() {
    let stage = Stage::new();
    ["a", "notes", "b"].iter().for_each(|id| stage.data(id).hang());
    let inner = Project("b", vec![Suspense(vec![NotesStore]), Suspense(vec![Store])]);
    let mut test = Test::<P>::on(stage, vec![Project("a", vec![Notes(vec![inner])])]);
    test.shows("loadingloading").await;
    let opening = |id: &str| test.stage.data(id).openings();
    assert_eq!((opening("a"), opening("notes"), opening("b")), (1, 1, 1), "none waits for another");
    test.stage.data("b").resume();
    test.shows("loading[b]").await;
    test.stage.data("notes").resume();
    test.shows("[notes][b]").await;
}

pub async fn one_provider_mounts_several_stores<P: Page>() {
    let stage = Stage::new();
    ["a", "notes"].iter().for_each(|id| stage.data(id).hang());
    let tree = vec![Both("a", vec![Suspense(vec![Store]), Suspense(vec![NotesStore])])];
    let mut test = Test::<P>::on(stage, tree);
    test.shows("loadingloading").await;
    test.stage.data("notes").resume();
    test.shows("loading[notes]").await;
    test.stage.data("a").resume();
    test.shows("[a][notes]").await;
    test.set("a", "b");
    test.shows("[b][notes]").await;
    assert_eq!(test.stage.data("notes").openings(), 1, "what stays is not loaded again");
}

pub async fn a_store_depends_on_what_another_one_says<P: Page>() {
    let tree = vec![Project("a", vec![Suspense(vec![Dependent(vec![Suspense(vec![Store])])])])];
    let mut test = Test::<P>::new(tree);
    test.shows("[no issue]").await;
    test.store("a").commit(created("b")).unwrap();
    test.shows("[b]").await;
    test.store("a").commit(created("aa")).unwrap();
    test.shows("[aa]").await;
}

pub async fn a_component_uses_two_instances<P: Page>() {
    let stage = Stage::new();
    stage.data("b").hang();
    let tree = vec![Project("a", vec![Project("b", vec![Suspense(vec![Two("a", "b")])])])];
    let mut test = Test::<P>::on(stage, tree);
    test.shows("loading").await;
    test.stage.data("b").resume();
    test.shows("[a + b]").await;
    test.rendered("two", 1, "when both run");
}

pub async fn the_nearest_provider_wins_and_an_outer_one_is_found_by_its_id<P: Page>() {
    let inner = vec![Suspense(vec![Store]), Suspense(vec![ById("a")])];
    let mut test = Test::<P>::new(vec![Project("a", vec![Project("b", inner), Suspense(vec![Store])])]);
    test.shows("[b][a][a]").await;
}

pub async fn a_sibling_does_not_see_what_is_provided_beside_it<P: Page>() {
    let sibling = Boundary(vec![Suspense(vec![Store])]);
    let mut test = Test::<P>::new(vec![Project("a", vec![Suspense(vec![Store])]), sibling]);
    test.begins("[a]error: no provider of `project` is in this scope").await;
}

pub async fn without_a_provider_a_sentence_says_what_is_missing<P: Page>() {
    let mut test = Test::<P>::new(vec![Notes(vec![Boundary(vec![Suspense(vec![Store])])])]);
    let sentence = "error: no provider of `project` is in this scope; provide `ProjectProvider::new()..` above, with \
                    a `StoreProvider` or `scope.provide(..)`. Provided: `notes@default`.";
    test.begins(sentence.trim_end_matches('.')).await;
}

pub async fn an_id_that_nobody_provides_is_an_error_or_none<P: Page>() {
    let tree =
        vec![Project("alpha", vec![Suspense(vec![Optional("alhpa")]), Boundary(vec![Suspense(vec![ById("alhpa")])])])];
    let mut test = Test::<P>::new(tree);
    test.begins("[none]error: no provider of `project@alhpa` is in this scope; did you mean `project@alpha`").await;
    test.set("alhpa", "alpha");
    test.idle().await;
    assert!(test.page.text().starts_with("[alpha]"), "{test}");
}

pub async fn an_error_reaches_the_boundary_and_its_reset_loads_again<P: Page>() {
    let stage = Stage::new();
    let _ = stage.data("a").fail_times(2);
    let mut test = Test::<P>::on(stage, counting());
    test.begins("error: store `project@a` did not open").await;
    test.rendered("count", 0, "there is no store");
    test.reset();
    test.begins("error: store `project@a` did not open").await;
    test.reset();
    test.shows("[a: 0]").await;
    test.rendered("count", 1, "the third load");
    assert_eq!(test.mounted("a").generation(), 3);
}

pub async fn a_store_fails_while_its_sibling_runs<P: Page>() {
    let stage = Stage::new();
    let _ = stage.data("a").fail_times(1);
    let store = |id| Project(id, vec![Boundary(vec![Suspense(vec![Store])])]);
    let mut test = Test::<P>::on(stage, vec![store("b"), store("a")]);
    test.begins("[b]error: store `project@a` did not open").await;
    test.store("b").commit(created(1)).unwrap();
    test.reset();
    test.shows("[b][a]").await;
    test.rendered("store", 2, "what runs is left alone");
}

pub async fn a_retry_in_one_boundary_takes_the_error_of_another_away<P: Page>() {
    let stage = Stage::new();
    let _ = stage.data("a").fail_times(2);
    let shown = || Boundary(vec![Suspense(vec![Store])]);
    let mut test = Test::<P>::on(stage, vec![Project("a", vec![shown(), shown()])]);
    let sentence = "error: store `project@a` did not open";
    test.begins(sentence).await;
    test.reset();
    test.begins(sentence).await;
    test.reset();
    test.shows("[a][a]").await;
    assert_eq!(test.mounted("a").generation(), 3, "one retry is one load");
}

pub async fn another_id_is_another_store_and_the_one_before_is_released<P: Page>() {
    let mut test = Test::<P>::new(counting());
    test.shows("[a: 0]").await;
    test.store("a").commit(created(1)).unwrap();
    test.shows("[a: 1]").await;
    test.stage.data("b").hang();
    test.set("a", "b");
    test.shows("loading").await;
    test.stage.data("b").resume();
    test.shows("[b: 0]").await;
    assert_eq!(test.open(), ["a", "b*"]);
    test.stage.host.advance(CACHE);
    assert_eq!(test.open(), ["b*"]);
    test.store("b").commit(created(1)).unwrap();
    test.shows("[b: 1]").await;
}

pub async fn an_id_that_changes_twice_while_it_loads_ends_at_the_last<P: Page>() {
    let mut test = Test::<P>::new(counting());
    test.shows("[a: 0]").await;
    ["b", "c"].iter().for_each(|id| test.stage.data(id).hang());
    test.set("a", "b");
    test.shows("loading").await;
    test.set("a", "c");
    test.shows("loading").await;
    test.stage.data("b").resume();
    test.shows("loading").await;
    test.stage.data("c").resume();
    test.shows("[c: 0]").await;
    test.never_showed("[b");
    test.stage.host.advance(CACHE);
    assert_eq!(test.open(), ["c*"]);
}

pub async fn an_id_that_is_none_is_an_error_and_the_next_is_mounted<P: Page>() {
    let mut test = Test::<P>::new(vec![Shown("shown", counting())]);
    test.shows("[a: 0]").await;
    test.set("a", "not an id");
    test.begins("error: a store of the schema `project` cannot have this id").await;
    assert_eq!(test.open(), ["a"], "the one before is released");
    test.set("a", "b");
    test.set("shown", "no");
    test.shows("").await;
    test.set("shown", "shown");
    test.shows("[b: 0]").await;
}

pub async fn unmounting_while_it_loads_leaves_nothing<P: Page>() {
    let stage = Stage::new();
    stage.data("a").hang();
    let mut test = Test::<P>::on(stage, counting());
    test.shows("loading").await;
    test.page.unmount();
    test.idle().await;
    test.stage.data("a").resume();
    test.idle().await;
    test.rendered("count", 0, "nobody is there to show it");
    assert_eq!(test.open(), ["a"], "the load goes on");
    test.stage.host.advance(CACHE);
    assert_eq!(test.open(), [""; 0]);
}

pub async fn an_unmounted_store_is_gone_after_its_cache_time<P: Page>() {
    let mut test = Test::<P>::new(counting());
    test.shows("[a: 0]").await;
    let store = test.store("a").downgrade();
    test.page.unmount();
    test.idle().await;
    assert_eq!(test.open(), ["a"], "nothing of the page holds it");
    assert!(test.stage.registry.snapshot().stores[0].live.is_empty(), "and nothing is subscribed");
    store.upgrade().expect("it runs").commit(created(1)).unwrap();
    test.idle().await;
    test.stage.host.advance(CACHE);
    assert_eq!(test.open(), [""; 0]);
}

pub async fn within_the_cache_time_it_is_the_same_instance_without_a_fallback<P: Page>() {
    let mut test = Test::<P>::new(vec![Shown("shown", counting())]);
    test.shows("[a: 0]").await;
    test.set("shown", "no");
    test.shows("").await;
    test.forget();
    test.set("shown", "shown");
    test.shows("[a: 0]").await;
    test.never_showed("loading");
    assert_eq!(test.mounted("a").generation(), 1);
    test.set("shown", "no");
    test.shows("").await;
    test.stage.host.advance(CACHE);
    test.set("shown", "shown");
    test.shows("[a: 0]").await;
    assert_eq!(test.stage.data("a").openings(), 2, "after it, it is loaded again");
}

pub async fn a_shutdown_reaches_the_boundary_and_another_mount_is_the_way_back<P: Page>() {
    let mut test = Test::<P>::new(counting());
    test.shows("[a: 0]").await;
    let shutdown = test.mounted("a").shutdown();
    test.stage.host.block_on(shutdown).unwrap();
    test.begins("error: store `project@a` was shut down").await;
    let again = test.stage.project("a").mount(&test.stage.registry).unwrap();
    test.idle().await;
    // Some boundaries see it by themselves.
    if test.page.text().starts_with("error") {
        test.reset();
    }
    test.shows("[a: 0]").await;
    test.store("a").commit(created(1)).unwrap();
    test.shows("[a: 1]").await;
    drop(again);
}

pub async fn a_disposed_registry_is_said_and_nothing_hangs<P: Page>() {
    let mut test = Test::<P>::new(counting());
    test.shows("[a: 0]").await;
    let disposed = test.stage.registry.dispose();
    test.stage.host.block_on(disposed).unwrap();
    test.begins("error: store `project@a` was shut down").await;
}

pub async fn each_phase_is_rendered_as_the_provider_is_told<P: Page>() {
    let stage = Stage::new();
    let _ = stage.data("a").fail_times(1);
    stage.data("a").hang();
    let mut test = Test::<P>::on(stage, vec![Phases("a", vec![Store])]);
    test.shows("loads").await;
    test.stage.data("a").resume();
    test.begins("failed: store `project@a` did not open").await;
    test.stage.data("a").hang();
    test.reset();
    test.shows("loads").await;
    test.rendered("store", 0, "children wait for the store");
    test.stage.data("a").resume();
    test.shows("[a]").await;
    test.rendered("store", 1, "and are rendered once");
    let shutdown = test.mounted("a").shutdown();
    test.stage.host.block_on(shutdown).unwrap();
    test.shows("over: `shutdown()` was called").await;
    let again = test.stage.project("a").mount(&test.stage.registry).unwrap();
    test.shows("[a]").await;
    drop(again);
}

pub async fn what_is_written_before_a_store_runs_is_shown_and_kept_in_order<P: Page>() {
    let stage = Stage::new();
    stage.data("a").hang();
    let mut test = Test::<P>::on(stage, vec![Project("a", vec![Draft])]);
    test.shows("[draft ]").await;
    test.append("draft", "x");
    test.append("draft", "y");
    test.shows("[draft xy]").await;
    test.forget();
    test.stage.data("a").resume();
    test.shows("[draft xy]").await;
    test.never_showed("[draft ]");
    assert_eq!(test.store("a").view().get().unwrap().draft, "xy");
    assert_eq!(test.store("a").sequence().unwrap(), 1, "what was pending is one commit");
    test.append("draft", "z");
    test.shows("[draft xyz]").await;
}

pub async fn another_store_shows_its_own_document<P: Page>() {
    let mut test = Test::<P>::new(vec![Project("a", vec![Draft])]);
    test.shows("[draft ]").await;
    test.append("draft", "x");
    test.shows("[draft x]").await;
    test.set("a", "b");
    test.shows("[draft ]").await;
    test.append("draft", "y");
    test.shows("[draft y]").await;
    test.set("a", "a");
    test.shows("[draft x]").await;
}

pub async fn a_document_by_key_is_one_of_its_own<P: Page>() {
    let mut test = Test::<P>::new(vec![Project("a", vec![Window("left"), Window("right")])]);
    test.shows("[left: ][right: ]").await;
    test.append("left", "L");
    test.shows("[left: L][right: ]").await;
    test.append("right", "R");
    test.shows("[left: L][right: R]").await;
    assert_eq!(test.store("a").window("left").get().unwrap().title, "L");
}

pub async fn two_components_on_one_query_run_it_once<P: Page>() {
    let leaf = || Suspense(vec![Count("todo")]);
    let mut test = Test::<P>::new(vec![Project("a", vec![leaf(), leaf()])]);
    test.shows("[a: 0][a: 0]").await;
    let runs = |test: &Test<P>| {
        let live = test.stage.registry.snapshot().stores[0].live.clone();
        assert_eq!((live.len(), live[0].subscribers), (1, 2), "{test}");
        live[0].runs
    };
    let before = runs(&test);
    test.store("a").commit(created(1)).unwrap();
    test.shows("[a: 1][a: 1]").await;
    assert_eq!(runs(&test), before + 1);
}

pub async fn a_query_finds_its_store_and_suspends_by_itself<P: Page>() {
    let stage = Stage::new();
    stage.data("a").hang();
    let mut test = Test::<P>::on(stage, vec![Project("a", vec![Suspense(vec![Total])])]);
    test.shows("loading").await;
    test.stage.data("a").resume();
    test.shows("[total 0]").await;
    hands::renders("total");
    test.store("a").commit(created(1)).unwrap();
    test.shows("[total 1]").await;
    test.rendered("total", 1, "the commit");
}

pub async fn a_query_that_no_server_sent_waits_for_its_store<P: Page>() {
    let stage = Stage::new();
    stage.data("a").hang();
    let mut test = Test::<P>::on(stage, sent_page());
    test.shows("loading").await;
    test.stage.data("a").resume();
    test.shows("[sent 0]").await;
    hands::renders("sent");
    test.store("a").commit(created(1)).unwrap();
    test.shows("[sent 1]").await;
    test.rendered("sent", 1, "the commit");
}

pub async fn a_preloaded_store_needs_no_fallback<P: Page>() {
    let stage = Stage::new();
    let preload = stage.registry.preload(stage.project("a"));
    stage.host.block_on(preload);
    let mut test = Test::<P>::on(stage, counting());
    test.shows("[a: 0]").await;
    test.never_showed("loading");
    assert_eq!(test.stage.data("a").openings(), 1);
}

pub async fn ten_thousand_mounts_leave_nothing_behind<P: Page>() {
    let mut test = Test::<P>::new(vec![Project("a", vec![Shown("shown", counting()), Suspense(vec![Store])])]);
    test.shows("[a: 0][a]").await;
    test.forget();
    let holders = test.stage.registry.snapshot().stores[0].holders;
    for _ in 0..10_000 {
        test.set("shown", "no");
        test.turn().await;
        test.set("shown", "shown");
        test.turn().await;
    }
    test.shows("[a: 0][a]").await;
    test.never_showed("loading");
    let store = &test.stage.registry.snapshot().stores[0];
    assert_eq!((store.loads, store.live.len(), store.live[0].subscribers, store.holders), (1, 1, 1, holders), "{test}");
    test.set("shown", "no");
    test.shows("[a]").await;
    assert!(test.stage.registry.snapshot().stores[0].live.is_empty(), "{test}");
}

pub async fn a_commit_of_another_thread_renders_once<P: Page>() {
    let mut test = Test::<P>::new(counting());
    test.shows("[a: 0]").await;
    test.rendered("count", 1, "the load");
    let store = test.store("a");
    std::thread::spawn(move || store.commit(created(1)).unwrap()).join().unwrap();
    test.shows("[a: 1]").await;
    test.rendered("count", 1, "the commit");
}

pub async fn a_server_sends_the_content_and_not_the_fallback<S: Server>() {
    let tree = vec![Project("a", vec![Text("here "), Suspense(vec![Count("todo"), Total]), Draft])];
    assert_eq!(S::send(&Stage::of_a_server(), tree).await, "here [a: 1][total 1][draft ]");
}

pub async fn a_server_lets_a_store_go_with_its_page<S: Server>() {
    let stage = Stage::of_a_server();
    for _ in 0..2 {
        assert_eq!(S::send(&stage, vec![Project("a", vec![Suspense(vec![Count("todo")])])]).await, "[a: 1]");
        stage.registry.settled().await;
        assert!(stage.registry.snapshot().stores.is_empty(), "{}", stage.registry.snapshot());
    }
    assert_eq!(stage.data("a").openings(), 2);
}

pub async fn a_server_waits_for_stores_that_load_side_by_side<S: Server>() {
    let inner = Both("b", vec![Suspense(vec![Two("a", "b")]), Suspense(vec![NotesStore])]);
    let tree = vec![Project("a", vec![inner])];
    assert_eq!(S::send(&Stage::of_a_server(), tree).await, "[a + b][notes]");
}

pub async fn a_server_waits_for_the_store_that_loads_last<S: Server>() {
    let stage = Stage::of_a_server();
    stage.data("b").hang();
    let tree = vec![Project("a", vec![Project("b", vec![Suspense(vec![Two("a", "b")])])])];
    let mut sending = std::pin::pin!(S::send(&stage, tree));
    let key = "a".parse::<ProjectKey>().expect("it is an id");
    let mounted = loop {
        assert!(futures::poll!(&mut sending).is_pending());
        if let Some(mounted) = stage.registry.try_get(&key) {
            break mounted;
        }
        others_run().await;
    };
    mounted.store().await.unwrap();
    // Whoever waits for the one goes on to wait for the other.
    for _ in 0..10 {
        assert!(futures::poll!(&mut sending).is_pending());
        others_run().await;
    }
    drop(mounted);
    stage.data("b").resume();
    assert_eq!(sending.await, "[a + b]");
}

/// Lets the executor's other tasks run.
async fn others_run() {
    let mut ran = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut ran, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

pub async fn a_page_shows_what_its_server_sent_until_its_store_runs<P: SentPage>(html: &str) {
    let stage = Stage::filled();
    stage.data("a").hang();
    hands::empty();
    let page = P::hydrate(&stage, sent_page(), html);
    let mut test = Test::of(stage, page);
    test.shows("[sent 1]").await;
    assert!(hands::renders("sent") > 0, "{test}, and no component stands behind it");
    assert_eq!(test.stage.data("a").openings(), 1, "it loads meanwhile");
    test.stage.data("a").resume();
    test.shows("[sent 1]").await;
    test.never_showed("loading");
    test.store("a").commit(created(2)).unwrap();
    test.shows("[sent 2]").await;
}
