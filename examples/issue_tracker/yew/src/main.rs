//! The issue tracker in a browser: `scripts/issue-tracker.sh yew`.

fn main() {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    yew::Renderer::<issue_tracker_yew::App>::new().render();
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    eprintln!("this one runs in a browser: scripts/issue-tracker.sh yew");
}
