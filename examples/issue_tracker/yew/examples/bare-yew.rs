//! A page of Yew and nothing else: what the application's size is held against.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
#[yew::component]
fn Page() -> yew::Html {
    yew::html! { <p>{"Hello"}</p> }
}

fn main() {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    yew::Renderer::<Page>::new().render();
}
