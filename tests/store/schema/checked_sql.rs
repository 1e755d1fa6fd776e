//! What the compiler has taken of a statement holds when it runs: names, `AS ".."!`, and what the query depends on.

use futures::executor::block_on;
use store_context::__private::{BoundColumn, Comparison, Dependency};
use store_context::error::DecodeError;
use store_context::prelude::*;

use crate::project::{Issue, ProjectEvent, Status, created};

#[derive(Row, Clone, Debug, PartialEq)]
struct Pointed {
    id: String,
    points: i64,
}

#[derive(StoreContext)]
#[store(name = "asked", events = ProjectEvent)]
struct Asked {
    issues: Table<Issue>,
    labels: Table<Label>,
    #[query("SELECT ID, coalesce(points, 3) AS \"Points!\" FROM Issues")]
    declared: Query<fn() -> Vec<Pointed>>,
    #[query("SELECT id, points AS \"points!\" FROM issues")]
    declared_wrongly: Query<fn() -> Vec<Pointed>>,
    #[query(
        "SELECT i.id FROM issues i JOIN issues o ON o.title = :title
         WHERE i.created_at BETWEEN :from AND :to AND (:id = i.id) AND o.points > 3"
    )]
    all_of: Query<fn(title: &str, from: i64, to: i64, id: &str) -> Vec<String>>,
    #[query("SELECT id FROM issues WHERE title = :title OR created_at < :at")]
    one_of: Query<fn(title: &str, at: i64) -> Vec<String>>,
    #[query("SELECT * FROM issues WHERE id IN (SELECT o.id FROM issues o WHERE issues.id = :id AND o.title < :title)")]
    nested: Query<fn(id: &str, title: &str) -> Vec<Issue>>,
    #[query("SELECT i.*, o.name, l.name FROM issues i JOIN labels o USING (id) JOIN labels l USING (id)")]
    twice: Query<fn() -> Vec<Issue>>,
    #[query(
        "SELECT id FROM issues WHERE id IN (SELECT value FROM json_each(:ids)) AND created_at IN (SELECT value FROM json_each(:times))"
    )]
    among: Query<fn(ids: Vec<String>, times: &[i64]) -> Vec<String>>,
    #[query(
        "SELECT id FROM issues WHERE id IN (SELECT value FROM json_each(:ids)) AND points IS :points AND title IS coalesce(:title, title)"
    )]
    among_borrowed: Query<fn(ids: &[&str], points: Option<i64>, title: Option<&str>) -> Vec<String>>,
    #[query("SELECT value AS \"value!\" FROM json_each(:numbers)")]
    numbers: Query<fn(numbers: Vec<f64>) -> Vec<f64>>,
    #[query("SELECT 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 'l'")]
    twelve: Query<fn() -> (i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, String)>,
    #[query("SELECT count(*) FROM issues JOIN labels USING (id, title)")]
    using: Query<fn() -> i64>,
    #[query("SELECT count(*) FROM issues NATURAL JOIN labels")]
    natural: Query<fn() -> i64>,
    #[query("SELECT count(*) FROM (SELECT id, title AS name FROM issues) NATURAL LEFT JOIN labels")]
    natural_of_a_subquery: Query<fn() -> i64>,
    #[query("SELECT count(*) FROM labels l JOIN (issues i JOIN labels o ON o.name = i.title) USING (id)")]
    using_of_several: Query<fn() -> i64>,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "labels")]
struct Label {
    #[row(primary_key)]
    id: String,
    title: String,
    name: String,
}

impl Materialize for Asked {
    fn materialize(event: ProjectEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        if let ProjectEvent::IssueCreated { id, title } = event {
            tx.insert(Issue { id, title, status: Status::Todo, points: None, labels: Vec::new(), created_at: 0 })?;
        }
        Ok(())
    }
}

fn asked() -> AskedStore {
    let store = block_on(Asked::open(Sqlite::in_memory())).unwrap();
    let _ = store.commit(created("a", "first")).unwrap();
    store
}

#[test]
fn names_ignore_case_and_a_mark_is_no_part_of_a_name() {
    assert_eq!(asked().declared().get().unwrap().to_vec(), [Pointed { id: "a".into(), points: 3 }]);
}

#[test]
fn a_column_that_was_declared_as_never_null_and_is_gives_an_error() {
    let error = asked().declared_wrongly().get().unwrap_err();
    assert!(matches!(&error, StoreError::Decode { cause: DecodeError::Column { .. }, .. }), "{error:?}");
}

fn dependencies(query: &str) -> Vec<Dependency> {
    let query = Asked::SCHEMA.queries.iter().find(|known| known.name == query).unwrap();
    query.dependencies.unwrap().of(Asked::SCHEMA.tables, Asked::SCHEMA.documents).unwrap()
}

fn bound(column: &'static str, comparison: Comparison, parameter: usize) -> BoundColumn {
    BoundColumn { column, comparison, parameter }
}

#[test]
fn a_query_depends_on_the_columns_it_names_and_on_the_rows_that_meet_its_conditions() {
    let table = "issues";
    assert_eq!(
        dependencies("all_of"),
        [
            Dependency {
                table,
                columns: Some(vec!["created_at", "id"]),
                bounds: vec![
                    bound("created_at", Comparison::GreaterOrEqual, 1),
                    bound("created_at", Comparison::LessOrEqual, 2),
                    bound("id", Comparison::Equal, 3),
                ],
            },
            Dependency {
                table,
                columns: Some(vec!["points", "title"]),
                bounds: vec![bound("title", Comparison::Equal, 0)],
            },
        ]
    );
    let columns = Some(vec!["created_at", "id", "title"]);
    assert_eq!(dependencies("one_of"), [Dependency { table, columns, bounds: Vec::new() }]);
}

#[test]
fn a_condition_inside_a_subquery_does_not_limit_the_rows_around_it() {
    let table = "issues";
    assert_eq!(
        dependencies("nested"),
        [
            Dependency { table, columns: None, bounds: Vec::new() },
            Dependency { table, columns: Some(vec!["id", "title"]), bounds: vec![bound("title", Comparison::Less, 1)] },
        ]
    );
}

#[test]
fn a_query_depends_on_what_using_and_natural_compare_on_both_sides() {
    let of = |query| {
        let dependencies = dependencies(query);
        dependencies.into_iter().map(|dependency| (dependency.table, dependency.columns)).collect::<Vec<_>>()
    };
    for query in ["using", "natural"] {
        let shared = Some(vec!["id", "title"]);
        assert_eq!(of(query), [("issues", shared.clone()), ("labels", shared)], "{query}");
    }
    // The names of a subquery's columns are not looked at again.
    let all = Some(vec!["id", "name", "title"]);
    assert_eq!(of("natural_of_a_subquery"), [("labels", all), ("issues", Some(vec!["id", "title"]))]);
    assert_eq!(
        of("using_of_several"),
        [("labels", Some(vec!["id"])), ("issues", Some(vec!["id", "title"])), ("labels", Some(vec!["id", "name"]))]
    );
}

#[test]
fn a_list_is_bound_as_json_and_a_text_may_be_missing() {
    let store = asked();
    let _ = store.commit(created("b\"", "second")).unwrap();
    let ids = |ids: &[&str], times: &[i64]| {
        store
            .among(ids.iter().map(ToString::to_string).collect(), times)
            .get()
            .unwrap()
            .iter()
            .map(|id| id.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&["b\"", "a", "c"], &[0, 1]), ["a", "b\""]);
    assert_eq!(ids(&["b\""], &[0]), ["b\""]);
    assert!(ids(&[], &[0]).is_empty() && ids(&["a"], &[1]).is_empty());
    assert_eq!(store.among_borrowed(&["a", "b\""], None, Some("second")).get().unwrap().len(), 1);
    assert_eq!(store.among_borrowed(&["a", "b\""], None, None).get().unwrap().len(), 2);
    let numbers = vec![0.5, -0.0, f64::MAX, f64::MIN_POSITIVE, 5e-324, 1.0 / 3.0, f64::INFINITY, f64::NEG_INFINITY];
    assert_eq!(store.numbers(numbers.clone()).get().unwrap().to_vec(), numbers);
    assert!(store.numbers(Vec::new()).get().unwrap().is_empty());
    let error = store.numbers(vec![0.5, f64::NAN]).get().unwrap_err().to_string();
    assert!(error.contains("NaN"), "{error}");
    assert_eq!(store.twelve().get().unwrap().11, "l");
}
