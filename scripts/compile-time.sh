#!/usr/bin/env bash
# Measures what the derives cost to compile, and prints a table.
#
#     scripts/compile-time.sh [ROUNDS]     (default: 5)
#     scripts/compile-time.sh check        only compiles what would be measured, which CI does
#
# Six crates are generated: 100 tables of 10 columns, the same structs with serde's two derives, each of the two once
# more with functions that write and read every row, and 10 schemas over the tables with 20 queries each, with the
# feature `checked-sql` and without. Every round measures every crate, so that what else the machine does falls on all
# alike; the table shows medians, and the ratios and differences below it medians of the rounds' own. SQLite is not
# compiled.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly rounds=${1:-5} root=$PWD
readonly crates=(rows serde_derives rows_used serde_used schemas schemas_unchecked)
readonly row_count=100 schema_count=10
work=$(mktemp -d)
readonly work
trap 'rm -rf "$work"' EXIT

export CARGO_TARGET_DIR=$work/target CARGO_INCREMENTAL=1 CARGO_TERM_QUIET=true
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS

say() { printf 'compile-time: %s\n' "$*" >&2; }

# --- the crates ----------------------------------------------------------------------------

generate() {
    local crate
    mkdir "$work/crates"
    printf '[workspace]\nmembers = ["crates/*"]\nresolver = "3"\n' >"$work/Cargo.toml"
    cp Cargo.lock "$work/"
    # `-Z` flags of the generated crates alone; set for all, build scripts would see it and compile other code.
    printf '#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec "$@"\n' >"$work/unstable"
    chmod +x "$work/unstable"

    for crate in "${crates[@]}"; do
        mkdir -p "$work/crates/$crate/src"
        manifest "$crate" >"$work/crates/$crate/Cargo.toml"
        source_of "$crate" >"$work/crates/$crate/src/lib.rs"
    done
}

manifest() {
    printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n' "$1"
    case $1 in serde_* | schemas*)
        printf 'serde = { version = "1", features = ["derive"] }\n'
        ;;
    esac
    case $1 in
    serde_used) printf 'serde_json = "1"\n' ;;
    rows* | schemas_unchecked) printf 'store-context = { path = "%s", default-features = false }\n' "$root" ;;
    schemas)
        printf 'store-context = { path = "%s", default-features = false, features = ["checked-sql"] }\n' "$root"
        ;;
    esac
}

source_of() {
    local index
    case $1 in
    serde_*)
        structs 'serde::Serialize, serde::Deserialize' 'serde::Serialize, serde::Deserialize' ''
        [[ $1 != serde_used ]] || use_serde
        ;;
    rows) tables ;;
    rows_used)
        tables
        use_rows
        ;;
    schemas*)
        tables
        shapes
        for ((index = 0; index < schema_count; index++)); do schema "$index"; done
        ;;
    esac
}

# Structs of the given derives: of the enum, of the rows. The third argument is not empty where `#[row(..)]` is.
structs() {
    local index table='' key='' by_parent='' json=''
    printf '#[derive(%s)]\npub enum Status { Todo, Doing, Done }\n' "$1"
    for ((index = 0; index < row_count; index++)); do
        if [[ -n $3 ]]; then
            table="#[row(table = \"row_$index\")]" key='#[row(primary_key)]'
            by_parent='#[row(index)]' json='#[row(json)]'
        fi
        cat <<RUST
#[derive($2)]
$table
pub struct Row$index {
    $key
    pub id: String,
    $by_parent
    pub parent: String,
    pub title: String,
    pub status: Status,
    pub points: Option<i64>,
    pub note: Option<String>,
    $json
    pub labels: Vec<String>,
    pub weight: f64,
    pub is_done: bool,
    pub created_at: i64,
}
RUST
    done
}

tables() {
    printf 'use store_context::prelude::*;\n'
    structs 'Column, Clone, Copy' 'Row, Clone' row
}

# What both derives write is compiled where it is used; a library which only derives compiles next to none of it.
use_rows() {
    local index
    printf 'use store_context::__private::{ColumnError, DecodeError, RowReader, TableRow as _, Value};\n'
    for ((index = 0; index < row_count; index++)); do
        printf 'pub fn write_%d(row: &Row%d) -> Result<Vec<Value>, ColumnError> { row.to_values() }\n' "$index" "$index"
        printf "pub fn read_%d(row: &RowReader<'_>) -> Result<Row%d, DecodeError> { Row%d::from_row(row) }\n" \
            "$index" "$index" "$index"
    done
}
use_serde() {
    local index
    for ((index = 0; index < row_count; index++)); do
        printf 'pub fn write_%d(row: &Row%d) -> serde_json::Result<String> { serde_json::to_string(row) }\n' "$index" "$index"
        printf 'pub fn read_%d(json: &str) -> serde_json::Result<Row%d> { serde_json::from_str(json) }\n' "$index" "$index"
    done
}

shapes() {
    cat <<'RUST'
#[derive(Row, Clone)]
pub struct Pair { pub id: String, pub title: String, pub parent_title: String }
#[derive(Row, Clone)]
pub struct PairOrOne { pub id: String, pub title: String, pub parent_title: Option<String> }
#[derive(Row, Clone)]
pub struct Count { pub status: Status, pub count: i64 }
RUST
}

schema() {
    local first=$(($1 * 10)) index a b c
    # Every schema asks other tables of its own.
    a=$((first + $1 % 7)) b=$((first + $1 % 7 + 1)) c=$((first + $1 % 7 + 2))
    cat <<RUST
pub mod schema_$1 {
use store_context::prelude::*;
use super::*;

#[derive(Event, Clone, serde::Serialize, serde::Deserialize)]
pub enum Happened { Created { id: String, title: String }, Moved { id: String, parent: String }, Cleared }

impl Materialize for Schema$1 {
    fn materialize(_: Happened, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> { Ok(()) }
}

#[derive(StoreContext)]
#[store(events = Happened)]
pub struct Schema$1 {
RUST
    for ((index = first; index < first + 10; index++)); do
        printf '    pub table_%d: Table<Row%d>,\n' "$index" "$index"
    done
    cat <<RUST
    #[query("SELECT * FROM row_$a WHERE id = :id")]
    pub by_id: Query<fn(id: &str) -> Option<Row$a>>,
    #[query("SELECT * FROM row_$b WHERE status = :status ORDER BY created_at DESC LIMIT :limit")]
    pub by_status: Query<fn(status: Status, limit: u32) -> Vec<Row$b>>,
    #[query("SELECT * FROM row_$c WHERE title LIKE :pattern AND created_at > :since ORDER BY created_at LIMIT :limit OFFSET :offset")]
    pub titled: Query<fn(pattern: &str, since: i64, limit: u32, offset: u32) -> Vec<Row$c>>,
    #[query("SELECT title FROM row_$a WHERE id = :id")]
    pub title: Query<fn(id: &str) -> Option<String>>,
    #[query("SELECT count(*) FROM row_$a")]
    pub total: Query<fn() -> i64>,
    #[query("SELECT count(*) FROM row_$b WHERE status <> :status AND NOT is_done")]
    pub open: Query<fn(status: Status) -> i64>,
    #[query("SELECT coalesce(sum(points), 0) FROM row_$c WHERE parent = :parent")]
    pub points: Query<fn(parent: &str) -> i64>,
    #[query("SELECT max(created_at) FROM row_$a WHERE is_done")]
    pub latest: Query<fn() -> Option<Option<i64>>>,
    #[query("SELECT status, count(*) AS count FROM row_$b GROUP BY status ORDER BY status")]
    pub by_state: Query<fn() -> Vec<Count>>,
    #[query("SELECT parent, sum(weight) FROM row_$c GROUP BY parent HAVING count(*) > :least")]
    pub heavy: Query<fn(least: u32) -> Vec<(String, Option<f64>)>>,
    #[query("SELECT a.* FROM row_$a AS a JOIN row_$b AS b ON b.id = a.parent WHERE b.status = :status")]
    pub under: Query<fn(status: Status) -> Vec<Row$a>>,
    #[query("SELECT a.id, a.title, b.title AS parent_title FROM row_$a AS a JOIN row_$b AS b ON b.id = a.parent ORDER BY a.created_at")]
    pub pairs: Query<fn() -> Vec<Pair>>,
    #[query("SELECT a.id, a.title, b.title AS parent_title FROM row_$b AS a LEFT JOIN row_$c AS b ON b.id = a.parent WHERE a.points > :points")]
    pub pairs_or_ones: Query<fn(points: i64) -> Vec<PairOrOne>>,
    #[query("SELECT a.title, b.title, c.note FROM row_$a AS a JOIN row_$b AS b ON b.id = a.parent LEFT JOIN row_$c AS c ON c.id = b.parent AND NOT c.is_done WHERE a.id = :id")]
    pub chain: Query<fn(id: &str) -> Vec<(String, String, Option<String>)>>,
    #[query("WITH recent AS (SELECT id, title, parent FROM row_$a ORDER BY created_at DESC LIMIT 10) SELECT recent.title, b.title FROM recent JOIN row_$b AS b ON b.id = recent.parent")]
    pub recent: Query<fn() -> Vec<(String, String)>>,
    #[query("WITH RECURSIVE up(id, parent) AS (SELECT id, parent FROM row_$c WHERE id = :id UNION ALL SELECT c.id, c.parent FROM row_$c AS c JOIN up ON c.id = up.parent) SELECT id FROM up")]
    pub path: Query<fn(id: &str) -> Vec<String>>,
    #[query("SELECT * FROM row_$a AS a WHERE EXISTS (SELECT 1 FROM row_$b AS b WHERE b.parent = a.id AND b.points > :points)")]
    pub having: Query<fn(points: i64) -> Vec<Row$a>>,
    #[query("SELECT id, title FROM row_$b WHERE parent IN (SELECT id FROM row_$c WHERE note IS NOT NULL) UNION SELECT id, title FROM row_$c WHERE is_done")]
    pub noted: Query<fn() -> Vec<(String, String)>>,
    #[query("SELECT DISTINCT label.value FROM row_$a AS a, json_each(a.labels) AS label WHERE a.status = :status")]
    pub labels: Query<fn(status: Status) -> Vec<Option<String>>>,
    #[query("SELECT * FROM (SELECT * FROM row_$c WHERE parent = :parent ORDER BY weight DESC) AS c WHERE CASE WHEN c.is_done THEN c.points ELSE c.created_at END > :least")]
    pub sorted: Query<fn(parent: &str, least: i64) -> Vec<Row$c>>,
}
}
RUST
}

# --- the measures --------------------------------------------------------------------------
# Each prints one number. What a crate depends on is compiled already.

seconds() {
    local start=$EPOCHREALTIME
    "$@" >&2
    awk -v start="$start" -v end="$EPOCHREALTIME" 'BEGIN { printf "%.2f\n", end - start }'
}

clean() { cargo clean -p "$1" --manifest-path "$work/Cargo.toml"; }
compile() { cargo "$1" -p "$2" --manifest-path "$work/Cargo.toml"; }

build() {
    clean "$1"
    seconds compile build "$1"
}
rebuild() { # after `build`
    local source=$work/crates/$1/src/lib.rs
    # No query names this one.
    if grep -q weight_99: "$source"; then
        sed -i 's/weight_99:/weight:/' "$source"
    else
        sed -i '/struct Row99 /,/^}/s/weight:/weight_99:/' "$source"
    fi
    seconds compile build "$1"
}
check() {
    clean "$1"
    seconds compile check "$1"
}
macros() { # milliseconds in which rustc expands macros
    clean "$1"
    RUSTC_WORKSPACE_WRAPPER=$work/unstable cargo rustc -p "$1" --manifest-path "$work/Cargo.toml" --profile check \
        -- -Ztime-passes 2>&1 | awk '/\tmacro_expand_crate$/ { printf "%.0f\n", $2 * 1000 }'
}
ir() { # thousands of lines of LLVM IR, as rustc hands it to LLVM
    CARGO_INCREMENTAL=0 cargo rustc -p "$1" --manifest-path "$work/Cargo.toml" -- \
        --emit=llvm-ir -C codegen-units=1 -C no-prepopulate-passes -C debuginfo=0
    cat "$CARGO_TARGET_DIR/debug/deps/$1"-*.ll | awk 'END { printf "%.0f\n", NR / 1000 }'
}

middle() { sort -g | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
median() { middle <"$work/$1.$2"; }
# The median over the rounds of what an expression of awk makes of two crates' measures, $1 and $2.
paired() { paste "$work/$1.$2" "$work/$1.$3" | awk "{ printf \"%.2f\\n\", $4 }" | middle; }

# --- the whole -----------------------------------------------------------------------------

generate
if [[ $rounds == check ]]; then
    cargo check --workspace --manifest-path "$work/Cargo.toml"
    exit
fi
say "compiling what the crates depend on"
for crate in "${crates[@]}"; do
    compile build "$crate"
    compile check "$crate"
    ir "$crate" >"$work/ir.$crate"
done
for ((round = 1; round <= rounds; round++)); do
    say "round $round of $rounds"
    for measure in build rebuild check macros; do
        for crate in "${crates[@]}"; do
            "$measure" "$crate" >>"$work/$measure.$crate"
        done
    done
done

line() { # a title, a measure
    local crate
    printf '| %s |' "$1"
    for crate in "${crates[@]}"; do printf ' %s |' "$(median "$2" "$crate")"; done
    printf '\n'
}
printf '| | rows | serde | rows, used | serde, used | schemas | schemas, unchecked |\n|---|---|---|---|---|---|---|\n'
line 'clean build, s' build
line 'rebuild after one field changes, s' rebuild
line '`cargo check`, s' check
line 'LLVM IR, thousand lines' ir
line 'macro expansion, ms' macros

printf '\n| goal | measured |\n|---|---|\n'
printf '| rows no slower to build than with serde'"'"'s two derives | %s of its time; used, %s |\n' \
    "$(paired build rows serde_derives '$1 / $2')" "$(paired build rows_used serde_used '$1 / $2')"
printf '| a schema under 30 ms of macro time | %s ms |\n' \
    "$(paired macros schemas rows "(\$1 - \$2) / $schema_count")"
printf '| `cargo check` with and without `checked-sql` at most 1 s apart | %s s |\n' \
    "$(paired check schemas schemas_unchecked '$1 - $2')"
