//! The issue tracker in a window: the screens of `../dioxus`, as they are.

use dioxus_desktop::{Config, LogicalSize, WindowBuilder};

fn main() {
    let window = WindowBuilder::new().with_title("Issues").with_inner_size(LogicalSize::new(1180.0, 760.0));
    let head = concat!("<style>", include_str!("../../style.css"), "</style>").to_owned();
    let config = Config::new().with_window(window).with_custom_head(head);
    dioxus_desktop::launch::launch(issue_tracker_dioxus::App, Vec::new(), vec![Box::new(config)]);
}
