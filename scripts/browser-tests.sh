#!/usr/bin/env bash
# Runs the tests that need a browser, in headless Chromium.
#
#     scripts/browser-tests.sh [leptos] [dioxus] [yew]
#
# Installs what is missing: Chromium and its driver from Debian's packages, and the runner of `wasm-bindgen` in the
# version of the lock file, which is compiled once.
#
# What each framework's tests print is kept in target/behaviours/, for scripts/behaviours.sh.
#
# STORE_CONTEXT_BROWSER_DIR   where the runner is kept (default: ~/.cache/store-context/browser)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'browser-tests: %s\n' "$*" >&2; }

if ! command -v chromedriver >/dev/null || ! command -v chromium >/dev/null; then
    command -v apt-get >/dev/null || {
        say "install Chromium and chromedriver first; this machine has no apt-get to do it with"
        exit 1
    }
    as_root=()
    [[ $(id -u) == 0 ]] || as_root=(sudo)
    say "installing Chromium and its driver"
    ${as_root[@]+"${as_root[@]}"} apt-get -qq update >&2
    DEBIAN_FRONTEND=noninteractive ${as_root[@]+"${as_root[@]}"} \
        apt-get install -y -qq --no-install-recommends --no-remove chromium chromium-driver >/dev/null
fi

# Natively: the target of the tests is set below.
runner=$(scripts/wasm-bindgen.sh wasm-bindgen-test-runner)
readonly runner

# By way of a variable: a failure inside `eval "$(..)"` would go unnoticed.
exports=$(scripts/wasm-target.sh)
eval "$exports"
readonly printed=${CARGO_TARGET_DIR:-target}/behaviours
mkdir -p "$printed"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/wasm
CARGO_TARGET_DIR=$(realpath -m "$CARGO_TARGET_DIR")
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=$runner
CHROMEDRIVER=$(command -v chromedriver)
export CHROMEDRIVER

# Ten thousand mounts take a while in a build for development.
export WASM_BINDGEN_TEST_TIMEOUT=300

run() { # package, name of its test, and what stands before cargo
    "${@:3}" cargo test --locked --target wasm32-unknown-unknown -p "$1" --test "$2"
}

# The page of Dioxus has more scripts than the others, and sometimes wasm-bindgen's runner does not answer for one of them: the
# page never loads, and no test begins. Then it is opened once more; a test that began is not repeated.
hydrate() { # framework
    local attempt output
    output=$(mktemp)
    cargo test --locked --target wasm32-unknown-unknown -p store-context-hydration --test "$1" --no-run
    for attempt in {1..10}; do
        if run store-context-hydration "$1" timeout 60 2>&1 | tee "$output"; then
            rm "$output"
            return
        elif grep -q '^running ' "$output"; then
            break
        fi
        say "the page of $1 did not load ($attempt)"
    done
    rm "$output"
    return 1
}

for framework in "${@:-leptos dioxus yew}"; do
    for name in $framework; do
        say "$name"
        {
            run "store-context-$name" conformance
            hydrate "$name"
        } | tee "$printed/$name-browser.log"
    done
done
