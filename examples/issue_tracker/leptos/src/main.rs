//! The issue tracker in a browser: `scripts/issue-tracker.sh leptos`.

fn main() {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    leptos::mount::mount_to_body(issue_tracker_leptos::App);
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    eprintln!("this one runs in a browser: scripts/issue-tracker.sh leptos");
}
