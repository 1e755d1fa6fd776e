//! A server of many tenants. Each has a store of its own, which is open while requests use it.
//!
//! `cargo run --release --example tenants -- --listen 127.0.0.1:3000 --data data`, and Ctrl-C ends it

mod problem;
mod server;
mod tenant;

use std::{error::Error, net::SocketAddr, path::PathBuf};

use store_context::prelude::*;

#[derive(clap::Parser)]
struct Args {
    /// Where to listen; port 0 is any that is free
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// Where the stores are kept
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let Args { listen, data } = clap::Parser::parse();
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let asked = async { drop(tokio::signal::ctrl_c().await) };
    server::serve(listener, StoreRegistry::new(), Sqlite::in_dir(data), asked).await
}
