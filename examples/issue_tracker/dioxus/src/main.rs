//! The issue tracker in a browser: `scripts/issue-tracker.sh dioxus`.

fn main() {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    dioxus_web::launch::launch_cfg(issue_tracker_dioxus::App, dioxus_web::Config::new());
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    eprintln!("this one runs in a browser: scripts/issue-tracker.sh dioxus");
}
