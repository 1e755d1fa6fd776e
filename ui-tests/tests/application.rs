//! Mistakes in an application that uses all of its schema: each is one error, whatever is done with what is wrong.
//!
//! Other cases have nothing around their mistake. Here everything is in use: rows in materializers and filters, the
//! accessors, the provider, the key. Where a type lacks a derive, rustc also refuses each use of what the derive gives.

use std::collections::BTreeMap;

use store_context_ui_tests::Scratch;

const APPLICATION: &str = include_str!("../application/reading.rs");

/// What is done to the application, and the errors that it has then: something of each message.
struct Mistake {
    name: &'static str,
    /// From and to; to the end of the braces for `{`.
    change: (&'static str, &'static str),
    errors: &'static [&'static str],
}

const fn mistake(name: &'static str, change: (&'static str, &'static str), errors: &'static [&'static str]) -> Mistake {
    Mistake { name, change, errors }
}

const EVENT_DERIVES: &str = "#[derive(Event, Clone, Debug, Serialize, Deserialize)]";
const DOCUMENT_DERIVES: &str = "#[derive(Document, Clone, Debug, Default, Serialize, Deserialize)]";
const AUTHOR: &str =
    "#[derive(Row, Clone, Debug)]\n#[row(table = \"authors\")]\nstruct Author {\n    #[row(primary_key)]\n";
const RESULT: &str = "#[derive(Row, Clone, Debug)]\nstruct BookByAuthor";

const MISTAKES: &[Mistake] = &[
    mistake("nothing", ("", ""), &[]),
    // The schema's shape.
    mistake("unit_schema", ("struct Reading {", "struct Reading;"), &["takes a struct with named fields"]),
    mistake(
        "tuple_schema",
        ("struct Reading {", "struct Reading(Table<Book>);"),
        &["takes a struct with named fields"],
    ),
    mistake("enum_schema", ("struct Reading {", "enum Reading { Books(Table<Book>) }"), &["takes a struct with named"]),
    mistake(
        "generic_schema",
        ("struct Reading {", "struct Reading<const N: usize> {"),
        &["takes no generics", "missing generics"],
    ),
    mistake(
        "part_of_no_store",
        ("authors: Table<Author>", "authors: Vec<Author>"),
        &["`authors` cannot be a field of a store"],
    ),
    mistake("misspelt_part", ("authors: Table<Author>", "authors: Tabel<Author>"), &["did you mean `Table`?"]),
    mistake(
        "table_twice",
        ("authors: Table<Author>", "authors: Table<Author>, more: Table<Author>"),
        &["has a table of `Author` already"],
    ),
    mistake("no_events", ("#[store(events = ReadingEvent)]\n", ""), &["the events of `Reading` are missing"]),
    mistake("misspelt_attribute", ("#[store(events =", "#[store(event ="), &["did you mean `events`?"]),
    mistake(
        "name_of_a_path",
        ("#[store(events = ReadingEvent)]", "#[store(events = ReadingEvent, name = \"../a\")]"),
        &["the store's name"],
    ),
    mistake("no_materializers", ("impl Materialize for Reading {", ""), &["`Reading` has no materializers"]),
    // Queries.
    mistake(
        "query_of_no_function",
        ("Query<fn(author: String) -> Vec<String>>", "Query<Vec<String>>"),
        &["as a function type"],
    ),
    mistake("parameter_without_name", ("fn(author: String)", "fn(String)"), &["a query's parameter has a name"]),
    mistake("borrowed_result", ("-> Vec<String>>", "-> Vec<&'static str>>"), &["own what they hold"]),
    mistake("no_sql", ("#[query(\"SELECT * FROM books WHERE id = :id\")]\n", ""), &["the query `book` has no SQL"]),
    mistake("misspelt_column", ("SELECT title", "SELECT titel"), &["did you mean `title`?"]),
    mistake("misspelt_table", ("SELECT * FROM books", "SELECT * FROM boks"), &["did you mean `books`?"]),
    // Rows, columns, documents and events that lack something.
    mistake("row_without_table", ("#[row(table = \"authors\")]\n", ""), &["`Author` has no table"]),
    mistake(
        "row_without_key",
        ("    #[row(primary_key)]\n    id: String,\n    name", "    id: String,\n    name"),
        &["has no primary key"],
    ),
    mistake(
        "row_without_clone",
        (
            "#[derive(Row, Clone, Debug)]\n#[row(table = \"authors\")]",
            "#[derive(Row, Debug)]\n#[row(table = \"authors\")]",
        ),
        &["`Author: Clone`"],
    ),
    mistake("attribute_of_columns", ("#[row(index)]", "#[column(index)]"), &["here write `#[row(..)]`"]),
    mistake("misspelt_default", ("#[row(default = 0)]", "#[row(default = \"none\")]"), &["this default does not fit"]),
    mistake(
        "field_of_no_column",
        ("pages: Option<i64>,\n    #[row(json)]", "pages: Option<std::time::Duration>,\n    #[row(json)]"),
        &["cannot be stored in a column"],
    ),
    mistake(
        "json_without_serde",
        ("tags: Vec<String>", "tags: Vec<Shelf>"),
        &["`Vec<Shelf>` cannot be stored as JSON"],
    ),
    mistake("foreign_key_to_nothing", ("\"authors.id\"", "\"author.id\""), &["references `author.id`"]),
    mistake(
        "column_without_clone",
        ("#[derive(Column, Clone, Debug, PartialEq)]", "#[derive(Column, Debug, PartialEq)]"),
        &["`Shelf: Clone`", "`Shelf: Clone`"],
    ),
    mistake(
        "event_without_serde",
        (EVENT_DERIVES, "#[derive(Event, Clone, Debug)]"),
        &["`ReadingEvent` cannot be stored as JSON"],
    ),
    mistake(
        "event_without_deserialize",
        (EVENT_DERIVES, "#[derive(Event, Clone, Debug, Serialize)]"),
        &["`ReadingEvent` cannot be stored as JSON"],
    ),
    mistake("event_name_twice", ("v1.BookGone", "v1.BookMoved"), &["\"v1.BookMoved\""]),
    mistake(
        "document_without_serde",
        (DOCUMENT_DERIVES, "#[derive(Document, Clone, Debug, Default)]"),
        &["`View` cannot be stored as JSON"],
    ),
    mistake(
        "document_without_default",
        (DOCUMENT_DERIVES, "#[derive(Document, Clone, Debug, Serialize, Deserialize)]"),
        &["`View: Default`"],
    ),
    // A derive is missing: the first error says it, and the others are the uses.
    mistake(
        "no_column",
        ("#[derive(Column, Clone", "#[derive(Clone"),
        &["`Shelf` cannot be stored in a column", "the method `eq` exists"],
    ),
    mistake(
        "no_row",
        (AUTHOR, "#[derive(Clone, Debug)]\nstruct Author {\n"),
        &["`Author` is not a table", "`Author` is not a table of", "the method `count` exists"],
    ),
    mistake(
        "no_row_of_a_result",
        (RESULT, "#[derive(Clone, Debug)]\nstruct BookByAuthor"),
        &["`BookByAuthor` is not a row", "the method `get` exists"],
    ),
    mistake(
        "no_document",
        (DOCUMENT_DERIVES, "#[derive(Clone, Debug, Default, Serialize, Deserialize)]"),
        &["`View` is not a client document", "the method `update` exists"],
    ),
];

/// The application with the mistake.
fn mistaken(&Mistake { name, change: (from, to), .. }: &Mistake) -> String {
    let (before, after) = APPLICATION.split_once(from).unwrap_or_else(|| panic!("{name}: there is no {from:?}"));
    // A body that is left open by its new beginning goes with it.
    let after = if from.ends_with('{') && !to.ends_with('{') {
        after.split_once("\n}\n").map_or("", |(_, after)| after)
    } else {
        after
    };
    format!("{before}{to}{after}")
}

#[test]
fn a_mistake_is_one_error_where_all_of_the_schema_is_used() {
    let scratch = Scratch::new(env!("CARGO_TARGET_TMPDIR"), "application").unwrap();
    for mistake in MISTAKES {
        scratch.write(&format!("src/bin/{}.rs", mistake.name), &mistaken(mistake)).unwrap();
    }
    let output = scratch.check().args(["--bins", "--keep-going", "--message-format=short"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let mut errors: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in said.lines() {
        let Some((place, message)) = line.split_once(": error") else { continue };
        let name = place.trim_start_matches("src/bin/").split(".rs").next().unwrap();
        errors.entry(name).or_default().push(message);
    }
    let mut different = Vec::new();
    for Mistake { name, errors: expected, .. } in MISTAKES {
        let found = errors.remove(name).unwrap_or_default();
        let are_expected = found.iter().zip(*expected).all(|(found, expected)| found.contains(expected));
        if found.len() != expected.len() || !are_expected {
            different.push(format!("{name}: {found:#?}"));
        }
    }
    assert!(different.is_empty() && errors.is_empty(), "{}\n{errors:#?}\n{said}", different.join("\n"));
}
