//! A page of Yew and nothing else: what the application's size is held against.

use yew::prelude::*;

#[component]
fn Page() -> Html {
    html! { <p>{"Hello"}</p> }
}

fn main() {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    yew::Renderer::<Page>::new().render();
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    let _ = Page;
}
