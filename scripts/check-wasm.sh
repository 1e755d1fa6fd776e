#!/usr/bin/env bash
# Checks that the crates which run in a browser compile for it, down to SQLite's C.
# Arguments go to `cargo check`, for example `--all-features`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# By way of a variable: a failure inside `eval "$(..)"` would go unnoticed.
exports=$(scripts/wasm-target.sh)
eval "$exports"

# A directory of its own, because the target may be compiled by another compiler than the native
# build, and the two would throw away each other's build scripts and procedural macros.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/wasm
readonly target=wasm32-unknown-unknown

cargo check --locked --target "$target" -p store-context-runtime -p store-context-sqlite "$@"
cargo check --locked --target "$target" -p store-context-leptos --features leptos/csr
cargo check --locked --target "$target" -p store-context-dioxus
cargo check --locked --target "$target" -p store-context-yew --features yew/csr

# `check` generates no code, so that only a build shows what cannot be generated.
cargo build --locked --target "$target" -p store-context

# The examples for a browser, linked.
for framework in leptos dioxus yew; do
    cargo build --locked --target "$target" -p "issue-tracker-$framework"
done

# A Rust library is not linked when it is built. As a `cdylib` it is, and a function of the browser
# which SQLite was promised and nobody provides is found here, not by the first application.
cargo rustc --locked --target "$target" -p store-context --lib --crate-type cdylib
