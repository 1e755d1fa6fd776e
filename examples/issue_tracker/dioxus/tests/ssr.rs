//! What a server sends.

use dioxus::prelude::*;
use issue_tracker_dioxus::App;

#[tokio::test]
async fn a_server_sends_the_issues_and_no_skeleton() {
    let mut page = VirtualDom::new(App);
    page.rebuild_in_place();
    page.wait_for_suspense().await;
    let html = dioxus_ssr::render(&page);
    for shown in ["Compass", "Search for an address", "In progress"] {
        assert!(html.contains(shown), "{shown} is not in {html}");
    }
    assert!(!html.contains("skeleton"), "{html}");
}
