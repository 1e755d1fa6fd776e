//! A page as a server sends it.

use dioxus::prelude::*;
use store_context_conformance::{Node, Server, Stage, behaviours, each_behaviour_of_a_server};

use crate::tree::{App, AppProps, Scene, without_markup};

struct Dioxus;

impl Server for Dioxus {
    async fn send(stage: &Stage, tree: Vec<Node>) -> String {
        let mut dom = VirtualDom::new_with_props(App, AppProps { scene: Scene::new(stage), tree });
        dom.rebuild_in_place();
        dom.wait_for_suspense().await;
        without_markup(&dioxus_ssr::render(&dom))
    }
}

macro_rules! case {
    ($name:ident) => {
        #[test]
        fn $name() {
            futures::executor::block_on(behaviours::$name::<Dioxus>());
        }
    };
}
each_behaviour_of_a_server!(case);
