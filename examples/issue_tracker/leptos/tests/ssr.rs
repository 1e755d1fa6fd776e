//! What a server sends.

use std::sync::Arc;

use any_spawner::Executor;
use futures::StreamExt;
use hydration_context::SsrSharedContext;
use issue_tracker_leptos::App;
use leptos::prelude::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_sends_the_issues_and_no_skeleton() {
    let _ = Executor::init_tokio();
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new())));
    let html = owner.with(|| view! { <App/> }.to_html_stream_in_order()).collect::<String>().await;
    for shown in ["Compass", "Search for an address", "In progress"] {
        assert!(html.contains(shown), "{shown} is not in {html}");
    }
    assert!(!html.contains("skeleton"), "{html}");
}
