//! [`Server`]: what a framework sends to a browser.

use std::future::Future;

use crate::node::Node;
use crate::stage::Stage;

/// A framework that renders a page on a server.
pub trait Server {
    /// The text of a page as it is sent, when all that it waits for is there. Nothing of the page is left then.
    fn send(stage: &Stage, tree: Vec<Node>) -> impl Future<Output = String>;
}
