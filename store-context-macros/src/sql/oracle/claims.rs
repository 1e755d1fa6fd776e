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
