//! What a server sends.

use issue_tracker_yew::App;
use yew::ServerRenderer;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_sends_the_issues_and_no_skeleton() {
    let html = ServerRenderer::<App>::new().hydratable(false).render().await;
    for shown in ["Compass", "Search for an address", "In progress"] {
        assert!(html.contains(shown), "{shown} is not in {html}");
    }
    assert!(!html.contains("skeleton"), "{html}");
}
