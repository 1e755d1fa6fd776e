//! The rooms of the runtime: who may import whom stands in `CONTRIBUTING.md`, and is what the sources do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The most files that may import each other in a circle.
const LARGEST_CIRCLE: usize = 4;

/// A row of the table.
struct Room {
    /// A folder, `sql/`, or a file beside the folders, `error.rs`.
    name: String,
    may_know: BTreeSet<String>,
}

/// A file of a crate: its path below `src` and what it imports of the crate.
struct File {
    path: String,
    /// Each as it is written, and the file that it leads to; `None` for a name of the crate's root.
    imports: Vec<(String, Option<String>)>,
}

/// The rooms in the table's order, from top to bottom. A row without names, but for a sentence, may know all below it.
fn table(contributing: &str) -> Vec<Room> {
    let section = contributing.split("### Rooms of the runtime").nth(1).expect("a section on rooms");
    let rows = section.lines().skip_while(|line| !line.starts_with("| `")).take_while(|line| line.starts_with("| `"));
    let mut rooms: Vec<Room> = rows
        .map(|row| {
            let cells: Vec<_> = row.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
            let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            Room {
                name: cells[0].trim_matches('`').to_owned(),
                may_know: cells.get(2).map_or_else(BTreeSet::new, |cell| names(cell)),
            }
        })
        .collect();
    let below: BTreeSet<_> = rooms.iter().skip(1).map(|room| room.name.clone()).collect();
    rooms[0].may_know = below;
    rooms
}

/// The room that a file is in.
fn room_of(path: &str) -> String {
    path.split_once('/').map_or_else(|| path.to_owned(), |(room, _)| format!("{room}/"))
}

/// Every sentence that table and files contradict each other in.
fn contradictions(rooms: &[Room], files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    let mut used = BTreeSet::new();
    let position = |name: &str| rooms.iter().position(|room| room.name == name);
    for (index, room) in rooms.iter().enumerate() {
        for known in &room.may_know {
            match position(known) {
                Some(other) if other > index => {}
                Some(_) => found.push(format!(
                    "the table lets `{}` know `{known}`, which stands above it; an upper room may use a lower one, never the other way round",
                    room.name
                )),
                None => found.push(format!("the table lets `{}` know `{known}`, which is no room", room.name)),
            }
        }
        if !files.iter().any(|file| room_of(&file.path) == room.name) {
            found.push(format!("the table has the room `{}`, which has no file", room.name));
        }
    }
    for File { path, imports } in files {
        let name = room_of(path);
        let Some(room) = rooms.iter().find(|room| room.name == name) else {
            found.push(format!("`{path}` is in no room of the table; move it into one, or give `{name}` a row"));
            continue;
        };
        for (written, target) in imports {
            let Some(target) = target else {
                found.push(format!(
                    "`{path}` imports `{written}` from the crate's root; import it from the file that it is in"
                ));
                continue;
            };
            let other = room_of(target);
            if other == name {
                continue;
            }
            if !room.may_know.contains(&other) {
                found.push(format!(
                    "`{path}` imports `{written}`, but `{name}` may not know `{other}`; \
                     take what is needed as an argument, or move the item down"
                ));
            }
            used.insert((name.clone(), other));
        }
    }
    for room in rooms.iter().skip(1) {
        for unused in room.may_know.iter().filter(|known| !used.contains(&(room.name.clone(), (*known).clone()))) {
            found.push(format!(
                "the table lets `{}` know `{unused}`, which it does not use; take it out of the row",
                room.name
            ));
        }
    }
    found
}

/// The files of a crate, but for `lib.rs`, which names all of them.
fn files(src: &Path) -> Vec<File> {
    let mut sources = BTreeMap::new();
    collect(src, "", &mut sources);
    sources.remove("lib.rs");
    let modules: BTreeMap<String, String> = sources.keys().map(|path| (module_of(path), path.clone())).collect();
    sources
        .iter()
        .map(|(path, text)| {
            let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
            let mut imports = Vec::new();
            let module: Vec<_> = module_of(path).split("::").map(str::to_owned).collect();
            paths(tokens, &module, &mut |written, full| {
                let target = (1..=full.len()).rev().find_map(|end| modules.get(&full[..end].join("::")));
                if target != Some(path) {
                    imports.push((written, target.cloned()));
                }
            });
            File { path: path.clone(), imports }
        })
        .collect()
}

fn collect(folder: &Path, prefix: &str, sources: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{prefix}{name}/"), sources);
        } else if name.ends_with(".rs") {
            sources.insert(format!("{prefix}{name}"), fs::read_to_string(entry.path()).unwrap());
        }
    }
}

/// `sql::plan` of `sql/plan.rs`, `sql` of `sql/mod.rs`.
fn module_of(path: &str) -> String {
    path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::")
}

/// Calls `found` with each path that begins with `crate` or `super`, as it is written and in full. Tests inside of a file
/// are left out: they know what they test.
fn paths(tokens: TokenStream, module: &[String], found: &mut impl FnMut(String, Vec<String>)) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is = |index: usize, text: &str| tokens.get(index).is_some_and(|token| token.to_string() == text);
    let mut index = 0;
    while index < tokens.len() {
        if is(index, "#") && is(index + 1, "[cfg (test)]") && is(index + 2, "mod") {
            index += 5;
        } else if is(index, "mod") && matches!(tokens.get(index + 2), Some(TokenTree::Group(_))) {
            let Some(TokenTree::Group(body)) = tokens.get(index + 2) else { unreachable!() };
            let inner = [module, &[tokens[index + 1].to_string()]].concat();
            paths(body.stream(), &inner, found);
            index += 3;
        } else if (is(index, "crate") || is(index, "super")) && is(index + 1, ":") && is(index + 2, ":") {
            index = tree(&tokens, index, "", &[], module, found);
        } else {
            if let TokenTree::Group(group) = &tokens[index] {
                paths(group.stream(), module, found);
            }
            index += 1;
        }
    }
}

/// Follows one path, or the tree of a `use`, from `index` on, and gives the index behind it.
fn tree(
    tokens: &[TokenTree],
    mut index: usize,
    written: &str,
    full: &[String],
    module: &[String],
    found: &mut impl FnMut(String, Vec<String>),
) -> usize {
    let (mut written, mut full) = (written.to_owned(), full.to_vec());
    loop {
        match tokens.get(index) {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inner: Vec<_> = group.stream().into_iter().collect();
                for branch in inner.split(|token| token.to_string() == ",").filter(|branch| !branch.is_empty()) {
                    tree(branch, 0, &written, &full, module, found);
                }
                return index + 1;
            }
            Some(TokenTree::Ident(name)) => {
                let name = name.to_string();
                written.push_str(&name);
                match name.as_str() {
                    "crate" => full.clear(),
                    "super" if full.is_empty() => full = module[..module.len() - 1].to_vec(),
                    "super" => drop(full.pop()),
                    "self" => {}
                    _ => full.push(name),
                }
            }
            _ => {}
        }
        let goes_on = [1, 2].iter().all(|next| tokens.get(index + next).is_some_and(|token| token.to_string() == ":"));
        if !goes_on {
            found(written, full);
            return index + 1;
        }
        written.push_str("::");
        index += 3;
    }
}

/// What imports lead to from a file, directly or not.
fn reachable<'f>(from: &'f str, arrows: &BTreeMap<&'f str, Vec<&'f str>>) -> BTreeSet<&'f str> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(file) = next.pop() {
        next.extend(arrows[file].iter().filter(|file| reached.insert(**file)));
    }
    reached
}

/// The circles of files that import each other: of each, all its files.
fn circles(files: &[File]) -> Vec<Vec<&str>> {
    let arrows: BTreeMap<_, Vec<_>> = files
        .iter()
        .map(|file| (file.path.as_str(), file.imports.iter().filter_map(|(_, target)| target.as_deref()).collect()))
        .collect();
    let reach: BTreeMap<_, _> = arrows.keys().map(|file| (*file, reachable(file, &arrows))).collect();
    let mut circles: Vec<Vec<&str>> = reach
        .iter()
        .map(|(file, reached)| reached.iter().copied().filter(|other| reach[other].contains(file)).collect())
        .filter(|circle: &Vec<_>| circle.len() > 1)
        .collect();
    circles.sort();
    circles.dedup();
    circles
}

fn source_of(name: &str) -> Vec<File> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name).join("src"))
}

#[test]
fn every_import_is_one_that_the_table_of_rooms_allows() {
    let contributing = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md")).unwrap();
    let found = contradictions(&table(&contributing), &source_of("store-context-runtime"));
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn no_circle_of_imports_is_larger_than_a_handful_of_files() {
    for name in ["store-context-runtime", "store-context-sqlite", "store-context-macros"] {
        let files = source_of(name);
        let circles = circles(&files);
        println!("{name}: {} files, circles: {circles:?}", files.len());
        for circle in circles {
            assert!(circle.len() <= LARGEST_CIRCLE, "{name}: these files import each other: {circle:?}");
        }
    }
}

/// The test itself, on a house of three rooms.
mod the_test {
    use super::{File, contradictions, paths, table};

    const HOUSE: &str = "### Rooms of the runtime\n\n| room | what it is for | may know |\n| --- | --- | --- |\n\
        | `testing/` | all | everything below |\n| `store/` | handles | `sql/` |\n| `sql/` | text | |\n";

    fn found(imports: &[(&str, &str, Option<&str>)], table_text: &str) -> Vec<String> {
        let mut files: Vec<File> = ["testing/kit.rs", "store/store.rs", "sql/plan.rs"]
            .map(|path| File { path: path.to_owned(), imports: Vec::new() })
            .into();
        for (path, written, target) in imports {
            let import = ((*written).to_owned(), target.map(str::to_owned));
            files.iter_mut().find(|file| file.path == *path).unwrap().imports.push(import);
        }
        contradictions(&table(table_text), &files)
    }

    #[test]
    fn an_arrow_that_is_turned_round_is_named_in_a_sentence() {
        let down = ("store/store.rs", "crate::sql::plan::Plan", Some("sql/plan.rs"));
        assert_eq!(found(&[down], HOUSE), [""; 0]);
        let up = ("sql/plan.rs", "crate::store::store::Store", Some("store/store.rs"));
        assert_eq!(
            found(&[down, up], HOUSE),
            ["`sql/plan.rs` imports `crate::store::store::Store`, but `sql/` may not know `store/`; \
              take what is needed as an argument, or move the item down"]
        );
        let allowed = HOUSE.replace("| `sql/` | text | |", "| `sql/` | text | `store/` |");
        assert_eq!(
            found(&[down, up], &allowed),
            ["the table lets `sql/` know `store/`, which stands above it; \
              an upper room may use a lower one, never the other way round"]
        );
    }

    #[test]
    fn what_the_table_says_too_much_or_too_little_is_named() {
        assert_eq!(
            found(&[], HOUSE),
            ["the table lets `store/` know `sql/`, which it does not use; take it out of the row"]
        );
        let down = ("store/store.rs", "crate::sql::plan::Plan", Some("sql/plan.rs"));
        let without = HOUSE.replace("| `sql/` | text | |\n", "");
        assert_eq!(
            found(&[down], &without),
            [
                "the table lets `store/` know `sql/`, which is no room",
                "`sql/plan.rs` is in no room of the table; move it into one, or give `sql/` a row"
            ]
        );
        let root = ("store/store.rs", "crate::Value", None);
        assert_eq!(
            found(&[down, root], HOUSE),
            ["`store/store.rs` imports `crate::Value` from the crate's root; import it from the file that it is in"]
        );
    }

    #[test]
    fn imports_are_found_however_they_are_written() {
        let source = "
            //! crate::not::this
            use crate::a::{b::C, d::{self, E}};
            use super::f::G as H;
            pub(crate) fn i(_: crate::j::K) { let _ = \"crate::not::that\"; macro_call!(super::l::M); }
            mod inner { use super::super::n::O; }
            #[cfg(test)]
            mod tests { use crate::not::either; }
        ";
        let mut full = Vec::new();
        paths(source.parse().unwrap(), &["sql".to_owned(), "plan".to_owned()], &mut |_, path| {
            full.push(path.join("::"))
        });
        assert_eq!(full, ["a::b::C", "a::d", "a::d::E", "sql::f::G", "j::K", "sql::l::M", "sql::n::O"]);
    }
}
