//! What is sent.

use dioxus::prelude::*;
use dioxus_server::axum::body::{Body, to_bytes};
use dioxus_server::axum::extract::State;
use dioxus_server::axum::http::Request;
use dioxus_server::{FullstackState, ServeConfig};
use store_context_conformance::Stage;
use store_context_conformance::behaviours::sent_page;
use store_context_hydration::is_what_was_sent;

use crate::tree::{App, AppProps, Scene};

#[tokio::test]
async fn a_page_is_sent_with_its_results() {
    let state = FullstackState::new_with_virtual_dom_factory(ServeConfig::new(), || {
        let scene = Scene::new(&Stage::of_a_server());
        VirtualDom::new_with_props(App, AppProps { scene, tree: sent_page() })
    });
    let response = FullstackState::render_handler(State(state), Request::new(Body::empty())).await;
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let html = without_locations(std::str::from_utf8(&body).unwrap());
    is_what_was_sent(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dioxus/sent.html"), &html);
}

/// Without the lines of source that a build for development sends, which are of the machine.
fn without_locations(html: &str) -> String {
    let Some((before, rest)) = html.split_once("window.initial_dioxus_hydration_debug_types=") else {
        return html.to_owned();
    };
    let (_, after) = rest.split_once("</script>").expect("the script ends");
    format!("{before}</script>{after}")
}
