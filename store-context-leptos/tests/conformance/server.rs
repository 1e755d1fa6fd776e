//! A page as a server sends it.

use any_spawner::Executor;
use futures::StreamExt;
use leptos::prelude::*;
use store_context_conformance::{Node, Server, Stage, behaviours, each_behaviour_of_a_server};

use crate::tree::{App, Scene};

struct Leptos;

impl Server for Leptos {
    async fn send(stage: &Stage, tree: Vec<Node>) -> String {
        let _ = Executor::init_tokio();
        let owner = Owner::new();
        owner.set();
        let scene = Scene::new(stage);
        let stream = owner.with(|| view! { <App scene tree/> }.to_html_stream_in_order());
        let html: String = stream.collect().await;
        owner.cleanup();
        without_markup(&html)
    }
}

/// The text alone.
fn without_markup(html: &str) -> String {
    html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
}

macro_rules! case {
    ($name:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            behaviours::$name::<Leptos>().await;
        }
    };
}
each_behaviour_of_a_server!(case);
