//! A page as a server sends it.

use store_context_conformance::{Node, Server, Stage, behaviours, each_behaviour_of_a_server};
use yew::ServerRenderer;

use crate::tree::{App, Scene};

struct Yew;

impl Server for Yew {
    async fn send(stage: &Stage, tree: Vec<Node>) -> String {
        let stage = stage.clone();
        let renderer = ServerRenderer::<App>::with_props(move || Scene::new(&stage, tree));
        renderer.hydratable(false).render().await
    }
}

macro_rules! case {
    ($name:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            behaviours::$name::<Yew>().await;
        }
    };
}
each_behaviour_of_a_server!(case);
