#!/usr/bin/env bash
# Prints where a program of wasm-bindgen is, in the version of the lock file. Compiles it once, if it is not there.
#
#     scripts/wasm-bindgen.sh wasm-bindgen|wasm-bindgen-test-runner
#
# STORE_CONTEXT_BROWSER_DIR   where it is kept (default: ~/.cache/store-context/browser)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly cache=${STORE_CONTEXT_BROWSER_DIR:-${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/store-context/browser}
version=$(grep -A1 '^name = "wasm-bindgen"$' Cargo.lock | sed -n 's/^version = "\(.*\)"/\1/p')
readonly version
readonly program=$cache/$version/bin/$1
if [[ ! -x $program ]]; then
    printf 'wasm-bindgen: compiling version %s (about two minutes)\n' "$version" >&2
    cargo install --quiet wasm-bindgen-cli --version "$version" --root "$cache/$version" >&2
fi
printf '%s\n' "$program"
