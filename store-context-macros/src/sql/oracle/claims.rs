//! What is known of the columns that a statement gives.

use store_context::__private::{SchemaDef, SqlType, SqlTypes};

use super::schemas::{Random, SHARED, Schema, TRACKER};

/// Each column as its storage classes, `any` where they are not known, and `?` where it may be `NULL`, `!` where it never
/// is, or nothing.
fn claims(schema: &SchemaDef, statement: &str) -> String {
    let schema = Schema::open(Box::leak(Box::new(*schema)), &mut Random::new(1));
    let checked = super::check(statement, &schema.tables).unwrap_or_else(|message| panic!("{message}\n{statement}"));
    let count =
        schema.connection.prepare(statement).unwrap_or_else(|error| panic!("{error}\n{statement}")).column_count();
    let columns = (0..count).map(|column| {
        let types = checked.resolved.stored_as(checked.sql, &schema.tables, column);
        let names = super::ALL_TYPES.into_iter().filter(|ty| types.has(*ty)).map(SqlType::as_sql).collect::<Vec<_>>();
        let types = if types == SqlTypes::ANY { "any".to_owned() } else { names.join("|") };
        let null = match checked.resolved.may_be_null(checked.sql, &schema.tables, column) {
            Some(true) => "?",
            Some(false) => "!",
            None => "",
        };
        types + null
    });
    columns.collect::<Vec<_>>().join(", ")
}

fn assert_claims(schema: &SchemaDef, expected: &[(&str, &str)]) {
    let wrong: Vec<_> = expected
        .iter()
        .map(|(statement, expected)| (statement, expected, claims(schema, statement)))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(statement, expected, found)| format!("{statement}\n    is {found}, and was expected to be {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn using_and_natural_make_only_their_own_columns_one() {
    assert_claims(
        &SHARED,
        &[
            // The columns beside the shared one are what they are without USING.
            ("SELECT b.z, a.y, a.x FROM a LEFT JOIN b USING (id)", "BLOB?, TEXT!, INTEGER?"),
            ("SELECT b.x, y FROM a NATURAL LEFT JOIN b", "INTEGER?, TEXT!"),
            ("SELECT a.y, b.x FROM a RIGHT JOIN b USING (id)", "TEXT?, INTEGER!"),
            ("SELECT a.y, b.x FROM a FULL JOIN b USING (id)", "TEXT?, INTEGER?"),
            ("SELECT w, c.y FROM a JOIN b USING (id) LEFT JOIN c USING (id)", "REAL?, TEXT?"),
            // Of an inner or a left join, the shared one is the left side's.
            ("SELECT id FROM a LEFT JOIN b USING (id)", "INTEGER!"),
            ("SELECT x FROM a LEFT JOIN b USING (x)", "INTEGER?"),
            ("SELECT a.x, b.x FROM a LEFT JOIN b USING (x)", "INTEGER?, INTEGER?"),
            // An inner join compares it, so that it has a value, on both sides.
            ("SELECT x, a.x, b.x FROM a JOIN b USING (x)", "INTEGER!, INTEGER!, INTEGER!"),
            ("SELECT x FROM a NATURAL JOIN b", "INTEGER!"),
            ("SELECT y, a.y, c.y FROM a JOIN c USING (y)", "TEXT!, TEXT!, TEXT!"),
            ("SELECT a.x FROM a LEFT JOIN b USING (x) WHERE b.id > 1", "INTEGER!"),
            ("SELECT b.z FROM a LEFT JOIN b ON b.id = a.x JOIN c ON c.id = a.id WHERE b.x = c.id", "BLOB?"),
            // Of a right join it is the right side's, of a full join what is there of both.
            ("SELECT x FROM a RIGHT JOIN b USING (x)", "INTEGER!"),
            ("SELECT x FROM b RIGHT JOIN a USING (x)", "INTEGER?"),
            ("SELECT id FROM a FULL JOIN b USING (id)", "INTEGER!"),
            ("SELECT x FROM a FULL JOIN b USING (x)", "INTEGER?"),
            ("SELECT x FROM a FULL JOIN b USING (x) WHERE x > 1", "INTEGER!"),
            ("SELECT a.x, b.x FROM a FULL JOIN b USING (x) WHERE x > 1", "INTEGER?, INTEGER?"),
            ("SELECT y FROM a FULL JOIN c USING (y)", "TEXT?"),
            ("SELECT id FROM a FULL JOIN (SELECT y AS id FROM c) USING (id)", "INTEGER|TEXT?"),
            ("SELECT id FROM a FULL JOIN b USING (id) FULL JOIN c USING (id)", "INTEGER"),
            ("SELECT id, y FROM a FULL JOIN b USING (id) RIGHT JOIN c USING (id, y)", "INTEGER!, TEXT?"),
            // `*` has each shared column once.
            ("SELECT * FROM a LEFT JOIN b USING (id)", "INTEGER!, INTEGER?, TEXT!, INTEGER?, BLOB?"),
            ("SELECT * FROM a RIGHT JOIN b USING (id)", "INTEGER!, INTEGER?, TEXT?, INTEGER!, BLOB?"),
            ("SELECT * FROM a FULL JOIN b USING (id)", "INTEGER!, INTEGER?, TEXT?, INTEGER?, BLOB?"),
            // A join in parentheses has its shared column on any of its sides.
            ("SELECT a.y, c.w FROM a LEFT JOIN (b JOIN c USING (id)) USING (id)", "TEXT!, REAL?"),
            ("SELECT a.x, b.x FROM a LEFT JOIN (c JOIN b ON c.id = b.id) USING (x)", "INTEGER?, INTEGER?"),
            ("SELECT id, x FROM a JOIN (b FULL JOIN c USING (id)) USING (id, x)", "any, any"),
        ],
    );
    assert_claims(
        &TRACKER,
        &[
            ("SELECT i.title, p.name FROM issues i LEFT JOIN projects p USING (id)", "TEXT!, TEXT?"),
            ("SELECT title FROM (SELECT b.title FROM issues a LEFT JOIN issues b USING (id))", "TEXT?"),
        ],
    );
}

#[test]
fn a_condition_requires_what_it_cannot_be_true_without() {
    let points = |condition: &str| claims(&TRACKER, &format!("SELECT points FROM issues WHERE {condition}"));
    for required in [
        "points > 3",
        "3 < points AND id = 'a'",
        "(points > 3) IS TRUE",
        "(points > 3) IS NOT FALSE AND points IS NOT NULL",
        "(points = 0) IS FALSE",
        "NOT points IS NULL",
        "NOT (points IS NULL OR id = 'b')",
        "typeof(points) = 'integer'",
        "typeof(points) <> 'null'",
        "(points, id) = (1, 'a')",
        "(points, id) > (1, 'a')",
        "(points, id) IN (SELECT age, name FROM people)",
        "coalesce(points, 0) > 0",
        "ifnull(points, '') <> ''",
        "length(coalesce(points, '')) > 0",
        "coalesce(points > 3, 0)",
        "iif(points > 3, 1, 0)",
        "CASE WHEN points > 3 THEN 1 END",
        "CASE points WHEN 1 THEN 1 WHEN 2 THEN 1 ELSE 0 END",
        "CASE WHEN points IS NULL THEN 0 ELSE 1 END",
        "points IN (1, 2)",
        "points NOT IN (1, 2)",
        "points IN (SELECT age FROM people)",
        "3 NOT IN (points, 4)",
        "points BETWEEN 1 AND 2",
        "5 BETWEEN 1 AND points",
        "points IS 3",
        "points IS NOT NULL",
        "points > 1 OR points < 0",
        "points > 1 OR issues.points < 0",
        "points + 1 > 0",
        "points LIKE '1%'",
        "date(points, 'unixepoch') > '2000'",
        "nullif(points, 0) > 1",
        "max(points, 1) > 1",
    ] {
        assert_eq!(points(required), "INTEGER!", "{required}");
    }
    for open in [
        "id = 'a'",
        "points IS NULL",
        "points IS NOT 3",
        "points > 1 OR id = 'a'",
        "coalesce(points, 1) > 0",
        "(points > 3) IS NOT TRUE",
        "NOT coalesce(points > 3, 0)",
        "points NOT IN (SELECT age FROM people)",
        "(points, id) <> (1, 'a')",
        "(id, points) > ('a', 1)",
        "points IS :points",
        "iif(points > 3, 0, 1)",
        "max(coalesce(points, 1), 1) > 0 OR 1",
    ] {
        assert_eq!(points(open), "INTEGER?", "{open}");
    }
    // Nothing is refused for what is not looked into.
    for doubted in [
        "hex(points) <> ''",
        "json_valid(points)",
        "EXISTS (SELECT 1 FROM people WHERE age = points)",
        "iif(json_valid(points), 1, 0)",
    ] {
        assert!(matches!(&*points(doubted), "INTEGER" | "INTEGER!"), "{doubted}");
    }
    assert_claims(
        &TRACKER,
        &[
            ("SELECT points AS p FROM issues WHERE p > 3", "INTEGER!"),
            ("SELECT points AS title FROM issues WHERE title > 'a'", "INTEGER?"),
            (
                "SELECT p.name FROM issues i LEFT JOIN projects p ON p.id = i.project WHERE p.name <> 'a' OR p.owner <> 'b'",
                "TEXT!",
            ),
            (
                "SELECT name FROM issues i LEFT JOIN projects p ON p.id = i.project WHERE name <> title OR owner <> title",
                "TEXT!",
            ),
            (
                "SELECT p.owner FROM issues i LEFT JOIN projects p ON p.id = i.project WHERE p.name <> 'a' OR p.owner <> 'b'",
                "TEXT?",
            ),
            (
                "SELECT p.name FROM issues i LEFT JOIN projects p ON p.id = i.project WHERE p.name <> 'a' OR i.points <> 3",
                "TEXT?",
            ),
            (
                "SELECT p.name FROM issues i LEFT JOIN projects p ON p.id = i.project WHERE coalesce(p.name, '') <> ''",
                "TEXT!",
            ),
        ],
    );
}

#[test]
fn an_expression_is_known_as_far_as_is_certain() {
    assert_claims(
        &TRACKER,
        &[
            // Aggregates of no rows.
            ("SELECT count(*), total(points), json_group_array(id) FROM issues", "INTEGER!, REAL!, TEXT!"),
            ("SELECT max(points), sum(points), avg(points) FROM issues", "INTEGER?, INTEGER?, REAL?"),
            ("SELECT max(title), group_concat(id) FROM issues", "TEXT?, TEXT?"),
            ("SELECT max(created_at) FROM issues GROUP BY project", "INTEGER!"),
            ("SELECT max(points), sum(weight) FROM issues, people GROUP BY project", "INTEGER?, REAL?"),
            ("SELECT max(created_at) + 1, -min(created_at) FROM issues", "INTEGER|REAL?, INTEGER|REAL?"),
            ("SELECT coalesce(sum(points), 0), ifnull(max(title), '') FROM issues", "INTEGER!, TEXT!"),
            ("SELECT max(created_at) FROM issues HAVING count(*) > 0", "INTEGER"),
            ("SELECT max(1), max(value) FROM json_each('[1]')", "INTEGER, any"),
            ("SELECT max(1)", "INTEGER!"),
            ("SELECT max(created_at) FILTER (WHERE points > 1) FROM issues GROUP BY project", "INTEGER"),
            ("SELECT m FROM (SELECT max(created_at) AS m FROM issues)", "INTEGER?"),
            ("SELECT max(points, created_at), max(points) AS \"most!\" FROM issues", "INTEGER?, INTEGER!"),
            // One inside OVER, and one of the SELECT around it.
            ("SELECT title, rank() OVER (ORDER BY max(points)) FROM issues", "TEXT?, INTEGER!"),
            ("SELECT title, rank() OVER w FROM issues WINDOW w AS (ORDER BY count(*))", "TEXT?, INTEGER!"),
            ("SELECT title, (SELECT count(i.points)) FROM issues i", "TEXT?, INTEGER!"),
            ("SELECT title, (SELECT count(p.id + i.points) FROM projects p) FROM issues i", "TEXT!, INTEGER!"),
            // Subqueries in the place of a value.
            ("SELECT (SELECT name FROM projects p WHERE p.id = i.project) FROM issues i", "TEXT?"),
            ("SELECT (SELECT count(*) FROM projects p WHERE p.id = i.project) FROM issues i", "INTEGER!"),
            ("SELECT (SELECT max(p.name) FROM projects p WHERE p.id = i.project) FROM issues i", "TEXT?"),
            ("SELECT title, (SELECT max(created_at) FROM issues) FROM issues", "TEXT!, INTEGER"),
            ("SELECT (SELECT i.points) FROM issues i WHERE i.points > 1", "INTEGER!"),
            (
                "SELECT EXISTS (SELECT 1 FROM projects), id IN (SELECT id FROM projects) FROM issues",
                "INTEGER!, INTEGER",
            ),
            // Choices.
            ("SELECT CASE WHEN points > 1 THEN 'a' ELSE 'b' END FROM issues", "TEXT!"),
            ("SELECT CASE WHEN points > 1 THEN 1 ELSE 'b' END FROM issues", "INTEGER|TEXT!"),
            ("SELECT CASE WHEN points IS NOT NULL THEN points ELSE 0 END FROM issues", "INTEGER"),
            ("SELECT CASE WHEN project = 'a' THEN points ELSE 0 END FROM issues", "INTEGER?"),
            ("SELECT CASE WHEN project = 'a' THEN 1 END FROM issues", "INTEGER?"),
            ("SELECT CASE WHEN created_at >= 0 THEN 1 WHEN created_at < 0 THEN 2 END FROM issues", "INTEGER"),
            ("SELECT CASE WHEN project = 'a' THEN 1 END FROM issues WHERE project = 'a'", "INTEGER"),
            ("SELECT iif(points > 1, title, id), iif(points > 1, NULL, id) FROM issues", "TEXT!, TEXT?"),
            ("SELECT coalesce(points, created_at), coalesce(points, age) FROM issues, people", "INTEGER!, INTEGER?"),
            ("SELECT coalesce(points, age) FROM issues, people WHERE points > 1 OR age > 1", "INTEGER"),
            ("SELECT coalesce(i.id, p.id) FROM issues i FULL JOIN projects p ON p.id = i.project", "TEXT"),
            (
                "SELECT coalesce(p.name, q.name) FROM issues i LEFT JOIN projects p ON 1 LEFT JOIN people q ON 1",
                "TEXT?",
            ),
            ("SELECT nullif(title, ''), nullif(title, '') FROM issues WHERE id <> ''", "TEXT?, TEXT?"),
            ("SELECT nullif(title, '') FROM issues WHERE title <> ''", "TEXT"),
            // Operators, functions, casts.
            ("SELECT points + 1, points * 1.5, created_at || '' FROM issues", "INTEGER|REAL?, REAL?, TEXT!"),
            (
                "SELECT created_at / 2, created_at / 0, created_at % 2 FROM issues",
                "INTEGER|REAL!, INTEGER|REAL, INTEGER|REAL",
            ),
            (
                "SELECT points > 3, points IS NULL, NOT points, ~created_at FROM issues",
                "INTEGER?, INTEGER!, INTEGER?, INTEGER!",
            ),
            (
                "SELECT points IN (1, 2), created_at BETWEEN 1 AND 2, title LIKE 'a' FROM issues",
                "INTEGER?, INTEGER!, INTEGER!",
            ),
            (
                "SELECT CAST(points AS TEXT), CAST(title AS REAL), CAST(title AS INTEGER) FROM issues",
                "TEXT?, REAL!, INTEGER!",
            ),
            (
                "SELECT length(title), upper(title), abs(points), round(points) FROM issues",
                "INTEGER!, TEXT!, INTEGER?, REAL?",
            ),
            (
                "SELECT typeof(points), hex(points), labels ->> '$[0]', labels -> 0 FROM issues",
                "TEXT!, TEXT!, any, TEXT",
            ),
            ("SELECT date(created_at, 'unixepoch'), julianday(title) FROM issues", "TEXT, REAL"),
            ("SELECT 1, 'a', 1.5, x'00', -1, 0x10, NULL", "INTEGER!, TEXT!, REAL!, BLOB!, INTEGER!, INTEGER!, ?"),
            ("SELECT :a, :a + 1, :a || 'b'", "any, INTEGER|REAL, TEXT"),
            ("VALUES (1, NULL), ('a', 2)", "INTEGER|TEXT!, INTEGER?"),
            ("SELECT points AS p FROM issues UNION SELECT 'a'", "INTEGER|TEXT?"),
            (
                "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i, i * 2 FROM n",
                "any!, INTEGER|REAL!",
            ),
            // Windows.
            (
                "SELECT row_number() OVER (), rank() OVER (ORDER BY id), percent_rank() OVER (ORDER BY id) FROM issues",
                "INTEGER!, INTEGER!, REAL!",
            ),
            ("SELECT lag(title) OVER (ORDER BY id), lag(title, 1, '') OVER (ORDER BY id) FROM issues", "TEXT?, TEXT!"),
            (
                "SELECT sum(created_at) OVER (ORDER BY id), sum(points) OVER (ORDER BY id) FROM issues",
                "INTEGER!, INTEGER?",
            ),
            ("SELECT sum(created_at) OVER (ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) FROM issues", "INTEGER"),
            ("SELECT p FROM (SELECT lag(title) OVER (ORDER BY id) AS p FROM issues) WHERE p <> ''", "TEXT!"),
        ],
    );
}
