//! What is sent.

use std::sync::Arc;

use any_spawner::Executor;
use futures::StreamExt;
use hydration_context::{SharedContext, SsrSharedContext};
use leptos::prelude::*;
use store_context_conformance::Stage;
use store_context_conformance::behaviours::sent_page;
use store_context_hydration::is_what_was_sent;

use crate::tree::{App, Scene};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_sent_with_its_results() {
    let _ = Executor::init_tokio();
    let page = Arc::new(SsrSharedContext::new());
    let owner = Owner::new_root(Some(page.clone()));
    let scene = Scene::new(&Stage::of_a_server());
    let mut html =
        owner.with(|| view! { <App scene tree=sent_page()/> }.to_html_stream_in_order()).collect::<String>().await;
    let scripts = page.pending_data().expect("it is a server").collect::<String>().await;
    html += &format!("<script>{scripts}</script>");
    is_what_was_sent(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/leptos/sent.html"), &html);
}
