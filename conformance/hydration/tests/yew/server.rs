//! What is sent.

use store_context_conformance::Stage;
use store_context_conformance::behaviours::sent_page;
use store_context_hydration::is_what_was_sent;
use yew::ServerRenderer;

use crate::tree::{App, Scene};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_sent_with_its_results() {
    let renderer = ServerRenderer::<App>::with_props(|| Scene::new(&Stage::of_a_server(), sent_page()));
    let html = renderer.render().await;
    is_what_was_sent(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/yew/sent.html"), &html);
}
