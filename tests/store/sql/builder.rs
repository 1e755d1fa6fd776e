//! The typed builder: every operator, and what it means beside `NULL`.

use store_context::Rows;
use store_context::query::{ColumnRef, Filter};

use crate::project::{Issue, ProjectEvent, ProjectStore, Status, filed, in_memory};

/// `a` to `e`: one with `NULL` points, different cases, labels and times.
fn board() -> ProjectStore {
    let store = in_memory();
    store
        .commit([
            filed("a", Status::Todo, None, &["bug", "ui"], 1),
            filed("b", Status::Todo, Some(1), &[], 2),
            filed("c", Status::Doing, Some(2), &["bug"], 3),
            filed("d", Status::Done, Some(3), &["10%"], 4),
            filed("E", Status::Done, Some(3), &["a_b"], 5),
        ])
        .unwrap();
    store
}

type Columns = <Issue as store_context::query::TableRow>::Columns;

fn found(store: &ProjectStore, filter: impl FnOnce(Columns) -> Filter<Issue>) -> String {
    let rows = store.issues().filter(filter).order_by(|i| i.created_at.asc()).get().unwrap();
    rows.iter().map(|issue| issue.id.as_str()).collect()
}

#[test]
fn comparisons_leave_null_out() {
    let store = board();
    assert_eq!(found(&store, |i| i.points.eq(3)), "dE");
    assert_eq!(found(&store, |i| i.points.ne(3)), "abc");
    assert_eq!(found(&store, |i| i.points.lt(2)), "b");
    assert_eq!(found(&store, |i| i.points.le(2)), "bc");
    assert_eq!(found(&store, |i| i.points.gt(2)), "dE");
    assert_eq!(found(&store, |i| i.points.ge(2)), "cdE");
    assert_eq!(found(&store, |i| i.status.eq(Status::Done)), "dE");
}

#[test]
fn not_is_true_wherever_the_condition_is_not() {
    let store = board();
    assert_eq!(found(&store, |i| !i.points.gt(2)), "abc");
    assert_eq!(found(&store, |i| !(i.points.gt(2) | i.points.lt(2))), "ac");
    assert_eq!(found(&store, |i| !!i.points.eq(3)), "dE");
}

#[test]
fn and_binds_as_rust_binds_it() {
    let store = board();
    assert_eq!(found(&store, |i| i.id.eq("a") | i.status.eq(Status::Done) & i.id.eq("d")), "ad");
    assert_eq!(found(&store, |i| (i.id.eq("a") | i.status.eq(Status::Done)) & i.id.eq("d")), "d");
}

#[test]
fn several_filters_must_all_hold() {
    let store = board();
    let rows = store.issues().filter(|i| i.status.eq(Status::Done)).filter(|i| i.id.ne("d")).get().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].id, "E");
}

#[test]
fn lists_take_what_fits_the_column() {
    let store = board();
    assert_eq!(found(&store, |i| i.id.is_in(["a", "c", "nobody"])), "ac");
    assert_eq!(found(&store, |i| i.id.is_in(vec!["a".to_owned()])), "a");
    assert_eq!(found(&store, |i| i.points.is_in([1, 2])), "bc");
    assert_eq!(found(&store, |i| i.points.not_in([1, 2])), "adE");
    assert_eq!(found(&store, |i| i.status.not_in([Status::Todo])), "cdE");
}

#[test]
fn text_is_matched_by_pattern_and_without_case() {
    let store = board();
    assert_eq!(found(&store, |i| i.title.like("title of _")), "abcdE");
    assert_eq!(found(&store, |i| i.title.like("%of a")), "a");
    assert_eq!(found(&store, |i| i.title.contains("OF A")), "a");
    assert_eq!(found(&store, |i| i.title.contains("")), found(&store, |i| i.title.like("%")));
    assert_eq!(found(&store, |i| i.title.contains("_of")), "", "it is no pattern");
    assert_eq!(found(&store, |i| i.title.starts_with("title of")), "abcdE");
    assert_eq!(found(&store, |i| i.title.starts_with("%")), "");
    assert_eq!(found(&store, |i| i.title.like("Title\\_of%")), "");
    assert_eq!(found(&store, |i| i.id.eq_ignore_case("e")), "E");
    assert_eq!(found(&store, |i| i.id.eq("e")), "");
}

#[test]
fn a_nul_ends_no_text_that_is_compared() {
    let store = board();
    let with_nul = |id: &str, title: &str| ProjectEvent::IssueCreated { id: id.into(), title: title.into() };
    store.commit([with_nul("x", "nul\0one"), with_nul("y", "nul\0TWO"), with_nul("z", "nul")]).unwrap();
    assert_eq!(found(&store, |i| i.title.eq_ignore_case("NUL\0two")), "y");
    assert_eq!(found(&store, |i| i.title.eq_ignore_case("nul")), "z");
    assert_eq!(found(&store, |i| i.title.eq("nul\0one")), "x");
    assert_eq!(found(&store, |i| i.title.like("nul")), "z", "a text with a NUL matches no pattern");
    assert_eq!(found(&store, |i| i.title.like("nul\0%")), "");
}

#[test]
fn too_many_values_are_refused_in_one_line() {
    let store = board();
    let numbers = (0..40_000_i64).collect::<Vec<_>>();
    let error = store.issues().filter(|i| i.created_at.is_in(numbers.clone())).get().unwrap_err().to_string();
    assert!(error.contains("compared with 40000 values, and SQLite takes 32766"), "{error}");
    let halves = numbers.chunks(20_000).map(<[i64]>::to_vec);
    let both = |i: <Issue as store_context::query::TableRow>::Columns| {
        halves.clone().map(|half| i.created_at.is_in(half)).reduce(|left, right| left | right).unwrap()
    };
    let error = store.issues().filter(both).get().unwrap_err().to_string();
    assert!(error.len() < 1_500, "{} bytes: {error}", error.len());
}

#[test]
fn null_tests_and_json_elements() {
    let store = board();
    assert_eq!(found(&store, |i| i.points.is_null()), "a");
    assert_eq!(found(&store, |i| i.points.is_not_null()), "bcdE");
    assert_eq!(found(&store, |i| i.labels.contains("bug")), "ac");
    assert_eq!(found(&store, |i| i.labels.contains("bu")), "");
    assert_eq!(found(&store, |i| i.labels.contains("10%") | i.labels.contains("a_b")), "dE");
    let error = store.issues().filter(|i| i.labels.contains(10)).get().unwrap_err().to_string();
    assert!(error.contains("10 is not an element of `labels`"), "{error}");
    assert_eq!(found(&store, |i| !i.labels.contains("bug")), "bdE");
}

#[test]
fn values_are_bound_whatever_they_hold() {
    let store = board();
    let hostile = "'; DROP TABLE issues; --";
    assert_eq!(found(&store, |i| i.id.eq(hostile)), "");
    assert_eq!(found(&store, |i| i.id.is_in([hostile, "a"])), "a");
    assert_eq!(found(&store, |i| i.labels.contains(hostile)), "");
    assert_eq!(store.issues().count().get().unwrap(), 5);
}

#[test]
fn order_limit_and_offset() {
    let store = board();
    let in_order = |rows: store_context::Rows<Issue>| rows.iter().map(|issue| issue.id.as_str()).collect::<String>();
    let by_points = || store.issues().order_by(|i| [i.points.desc(), i.created_at.asc()]);
    assert_eq!(in_order(by_points().get().unwrap()), "dEcba");
    assert_eq!(in_order(by_points().limit(2).get().unwrap()), "dE");
    assert_eq!(in_order(by_points().limit(2).offset(1).get().unwrap()), "Ec");
    assert_eq!(in_order(by_points().offset(3).get().unwrap()), "ba");
    assert_eq!(in_order(by_points().limit(0).get().unwrap()), "");
    assert_eq!(in_order(by_points().limit(u64::MAX).get().unwrap()), "dEcba");
    let appended = store.issues().order_by(|i| i.points.asc()).order_by(|i| i.id.asc());
    assert_eq!(in_order(appended.get().unwrap()), "abcEd");
}

#[test]
fn null_stands_where_it_is_told() {
    let store = board();
    let ordered =
        |order: fn(<Issue as store_context::query::TableRow>::Columns) -> store_context::query::Order<Issue>| {
            let rows = store.table::<Issue>().order_by(order).get().unwrap();
            (rows[0].points.is_none(), rows[rows.len() - 1].points.is_none())
        };
    assert_eq!(ordered(|i| i.points.asc()), (true, false));
    assert_eq!(ordered(|i| i.points.desc()), (false, true));
    assert_eq!(ordered(|i| i.points.asc().nulls_last()), (false, true));
    assert_eq!(ordered(|i| i.points.desc().nulls_first()), (true, false));
    assert_eq!(ordered(|i| i.points.asc().nulls_first()), (true, false));
    assert_eq!(ordered(|i| i.points.desc().nulls_last()), (false, true));
}

#[test]
fn rows_are_written_as_json_by_serde() {
    let store = board();
    let ids = store.issues().order_by(|i| i.id.asc()).get().unwrap().iter().map(|i| i.id.clone()).collect::<Rows<_>>();
    assert_eq!(serde_json::to_string(&ids).unwrap(), r#"["E","a","b","c","d"]"#);
}

#[test]
fn key_first_count_and_exists() {
    let store = board();
    assert_eq!(store.issues().by_key("c").get().unwrap().unwrap().points, Some(2));
    assert_eq!(store.issues().by_key("nobody").get().unwrap(), None);
    assert_eq!(store.issues().order_by(|i| i.created_at.desc()).first().get().unwrap().unwrap().id, "E");
    assert_eq!(store.issues().filter(|i| i.id.eq("nobody")).first().get().unwrap(), None);
    assert_eq!(store.issues().limit(0).first().get().unwrap(), None);
    assert_eq!(store.issues().filter(|i| i.status.eq(Status::Todo)).count().get().unwrap(), 2);
    assert_eq!(store.issues().limit(3).count().get().unwrap(), 3);
    assert_eq!(store.issues().offset(4).count().get().unwrap(), 1);
    assert!(store.issues().filter(|i| i.id.eq("a")).exists().get().unwrap());
    assert!(!store.issues().offset(5).exists().get().unwrap());
}

#[test]
fn queries_in_sql_answer_beside_the_builder() {
    let store = board();
    let todo = store.by_status(Status::Todo, 20).get().unwrap();
    assert_eq!(todo.iter().map(|issue| issue.id.as_str()).collect::<String>(), "ba");
    assert_eq!(store.by_status(Status::Todo, 1).get().unwrap().len(), 1);
    assert_eq!(store.total().get().unwrap(), 5);
    assert_eq!(store.title_of("a").get().unwrap().as_deref(), Some("Title of a"));
    assert_eq!(store.title_of("nobody").get().unwrap(), None);
}

#[test]
fn a_snapshot_answers_several_queries_of_its_own_store_only() {
    let (store, other) = (board(), board());
    let (total, first) = store
        .read(|snap| {
            let total = snap.get(&store.total()).unwrap();
            (total, snap.get(&store.issues().order_by(|i| i.id.asc()).first()).unwrap())
        })
        .unwrap();
    assert_eq!((total, first.unwrap().id.as_str()), (5, "E"));
    store.view().update(|view| view.draft = "typed".into()).unwrap();
    assert_eq!(store.read(|snap| snap.document(&store.view())).unwrap().unwrap().draft, "typed");
    let error = store.read(|snap| snap.get(&other.total()).unwrap_err()).unwrap();
    assert!(error.to_string().contains("made by another open store"), "{error}");
}

#[test]
fn a_column_knows_its_name() {
    let column: ColumnRef<Issue, String> = <Issue as store_context::query::TableRow>::COLUMNS.title;
    assert!(format!("{column:?}").contains("title"));
}

#[test]
fn filters_of_any_length_and_depth_are_answered() {
    let store = in_memory();
    store.commit(filed("a", Status::Todo, None, &[], 1)).unwrap();
    let long = |terms: usize| {
        let select =
            store.issues().filter(|i| (0..terms).fold(i.id.eq("a"), |filter, n| filter | i.id.eq(n.to_string())));
        select.count().get()
    };
    assert_eq!(long(5_000).unwrap(), 1);
    let chained = (0..2_000).fold(store.issues(), |select, n| select.filter(|i| i.id.ne(n.to_string())));
    assert_eq!(chained.count().get().unwrap(), 1);
    assert!(long(200_000).is_err());
    let deep = store.issues().filter(|i| {
        (0..100_000)
            .fold(i.id.eq("a"), |filter, n| if n % 2 == 0 { i.id.eq("b") | filter } else { i.id.eq("a") & filter })
    });
    assert!(deep.count().get().unwrap_err().to_string().contains("nested more than 500 deep"));
}
