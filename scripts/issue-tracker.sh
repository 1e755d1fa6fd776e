#!/usr/bin/env bash
# Shows the issue tracker in a browser: builds it, and serves it on this machine alone.
#
#     scripts/issue-tracker.sh leptos|dioxus|yew [--build-only]
#     scripts/issue-tracker.sh --sizes          how large each page's wasm is, beside a bare page of its framework
#
# Installs what is missing, as scripts/browser-tests.sh does: the target wasm32-unknown-unknown, and wasm-bindgen in the
# version of the lock file. The first build takes some minutes.
#
# PORT                        where it is served (default: 8080)
# STORE_CONTEXT_BROWSER_DIR   where wasm-bindgen is kept (default: ~/.cache/store-context/browser)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    sed -n '4,5s/^# *//p' "${BASH_SOURCE[0]}" >&2
    exit 2
}

wasm_bindgen=$(scripts/wasm-bindgen.sh wasm-bindgen)
exports=$(scripts/wasm-target.sh)
eval "$exports"
CARGO_TARGET_DIR=$(realpath -m "${CARGO_TARGET_DIR:-target}/wasm")
export CARGO_TARGET_DIR
readonly target=wasm32-unknown-unknown
readonly pages=$CARGO_TARGET_DIR/issue-tracker

# Small rather than fast: this is what goes over a network.
build() { # package, name of its program or example, cargo's arguments
    CARGO_PROFILE_RELEASE_OPT_LEVEL=z CARGO_PROFILE_RELEASE_LTO=true CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 \
        CARGO_PROFILE_RELEASE_PANIC=abort \
        cargo build --locked --quiet --release --target "$target" -p "$1" "${@:3}"
}

page() { # framework
    local program=$CARGO_TARGET_DIR/$target/release/issue-tracker-$1.wasm
    build "issue-tracker-$1" "issue-tracker-$1"
    mkdir -p "$pages/$1"
    "$wasm_bindgen" --target web --no-typescript --remove-name-section --out-dir "$pages/$1" --out-name app "$program"
    cp examples/issue_tracker/style.css "$pages/$1/"
    cat >"$pages/$1/index.html" <<'HTML'
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Issues</title>
<link rel="stylesheet" href="style.css">
<link rel="icon" href="data:,">
<body><div id="main"></div><script type="module">import start from "./app.js"; start();</script></body>
</html>
HTML
}

sizes() {
    printf '| | wasm | gzip | bare page | gzip | over it, gzip |\n| --- | --- | --- | --- | --- | --- |\n'
    local name bare
    for name in leptos dioxus yew; do
        page "$name" >&2
        build "issue-tracker-$name" bare --example bare-"$name" >&2
        bare=$pages/bare-$name
        "$wasm_bindgen" --target web --no-typescript --remove-name-section --out-dir "$bare" --out-name app \
            "$CARGO_TARGET_DIR/$target/release/examples/bare-$name.wasm"
        printf '| %s | %s kB | %s kB | %s kB | %s kB | %s kB |\n' "$name" \
            "$(kilobytes <"$pages/$name/app_bg.wasm")" "$(gzip -9 <"$pages/$name/app_bg.wasm" | kilobytes)" \
            "$(kilobytes <"$bare/app_bg.wasm")" "$(gzip -9 <"$bare/app_bg.wasm" | kilobytes)" \
            "$(($(gzip -9 <"$pages/$name/app_bg.wasm" | kilobytes) - $(gzip -9 <"$bare/app_bg.wasm" | kilobytes)))"
    done
}
kilobytes() { echo $((($(wc -c) + 500) / 1000)); }

case ${1:-} in
--sizes) sizes ;;
leptos | dioxus | yew)
    page "$1"
    printf 'issue-tracker: the page is in %s\n' "$pages/$1" >&2
    if [[ ${2:-} != --build-only ]]; then
        printf 'issue-tracker: open http://127.0.0.1:%s in a browser; Ctrl-C ends it\n' "${PORT:-8080}" >&2
        exec python3 -m http.server --bind 127.0.0.1 --directory "$pages/$1" "${PORT:-8080}"
    fi
    ;;
*) usage ;;
esac
