#!/usr/bin/env bash
# Writes docs/src/behaviours.md: which behaviour of stores is shown by a test, and in which framework.
#
#     scripts/browser-tests.sh && scripts/behaviours.sh [--check]
#
# Runs the tests that need no browser; of those that do, it reads what they printed last. With --check it writes nothing,
# and fails where the page is not what it would write.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly page=docs/src/behaviours.md
readonly printed=${CARGO_TARGET_DIR:-target}/behaviours
readonly frameworks=(leptos dioxus yew)
mkdir -p "$printed"
for framework in "${frameworks[@]}"; do
    cargo test -p "store-context-$framework" --tests | tee "$printed/$framework-native.log"
done

# Where a behaviour passed in a framework; exits where a test of it did not.
where() { # <framework> <behaviour>
    local places=() kind
    for kind in browser native; do
        local log=$printed/$1-$kind.log
        [[ -f $log ]] || { echo "behaviours: run scripts/browser-tests.sh first: there is no $log" >&2; exit 1; }
        if grep -qE "^test (.*::)?$2 \.\.\. (FAIL|FAILED)$" "$log"; then
            echo "behaviours: $1: $2 fails" >&2
            exit 1
        fi
        if grep -qE "^test (.*::)?$2 \.\.\. ok$" "$log"; then places+=("$kind"); fi
    done
    local IFS=,
    printf '%s' "${places[*]}" | sed 's/,/, /'
}

# The names of a list, in its order, from `macro_rules! each_..`.
names() { # <macro>
    awk -v name="macro_rules! $1 {" '$0 == name { on = 1 } on && /^}/ { exit } on && match($0, /case!\(.*\)/) {
        print substr($0, RSTART + 6, RLENGTH - 7) }' conformance/src/behaviours.rs
}

rows() { # <macro> <what a framework without it is excused by>
    local behaviour framework cell
    for behaviour in $(names "$1"); do
        local row="| ${behaviour//_/ } |"
        for framework in "${frameworks[@]}"; do
            cell=$(where "$framework" "$behaviour")
            [[ -n $cell || -n ${2:-} ]] || { echo "behaviours: $framework has no test of $behaviour" >&2; exit 1; }
            [[ $1 != *server* ]] || cell=server
            row+=" ${cell:-$2} |"
        done
        printf '%s\n' "$row"
    done
}

readonly head='| | Leptos | Dioxus | Yew |
| --- | --- | --- | --- |'
write() {
    cat <<'TEXT'
# Behaviours by framework

This page is written by `scripts/behaviours.sh` from what the tests of `conformance/` print. Each line is one test that is
written once, and run on each framework's own components: in headless Chromium ("browser"), and where a framework needs no
document, in process ("native"). CI fails where one of them fails or is missing.

## A page

TEXT
    printf '%s\n' "$head"
    rows each_behaviour
    # A page of Yew is there in a browser only, which has one thread.
    rows each_behaviour_with_threads 'has one thread'
    printf '\n## A page that a server sent\n\n%s\n' "$head"
    rows each_behaviour_of_a_sent_page
    printf '\n## A server\n\n%s\n' "$head"
    rows each_behaviour_of_a_server
}
written=$(write)
if [[ ${1:-} == --check ]]; then
    diff "$page" <(printf '%s\n' "$written") || { echo "behaviours: run scripts/behaviours.sh, and commit $page" >&2; exit 1; }
else
    printf '%s\n' "$written" >"$page"
fi
