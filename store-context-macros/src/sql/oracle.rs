//! The check against SQLite itself: over several schemas and thousands of statements, what it refuses `prepare`
//! refuses, what it accepts `prepare` accepts, or the difference is listed with its reason; and what it says of the
//! columns of an accepted statement is true of every row that comes out of random tables.

mod claims;
mod schemas;
mod statements;

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use store_context::__private::checked::{self, Mistake as Unfit, Resolved, SqlDef, Tables};
use store_context::__private::{Comparison, Dependencies, ResultField, Shape, SqlType, SqlTypes};

use self::schemas::{Random, Schema};
use super::emit::place;
use super::model::{self, Sql};
use super::term::{Nulls, Term, Types};

/// More sources and references than any statement here has.
const SOURCES: usize = 64;
const REFERENCES: usize = 192;
const SCOPES: usize = 64;
const ITEMS: usize = 4096;

fn leak<T>(values: Vec<T>) -> &'static [T] {
    Vec::leak(values)
}

fn name(name: Option<&super::text::Name>) -> u64 {
    name.map_or(0, |name| checked::hash(&name.text))
}

/// What the derive writes as tokens, as values.
fn definition(sql: &Sql, text: &str, parameters: &[String]) -> SqlDef {
    let builtin = |builtin: &model::Builtin| match builtin {
        model::Builtin::None => checked::Builtin::None,
        model::Builtin::Json => checked::Builtin::Json,
        model::Builtin::Schema => checked::Builtin::Schema,
        model::Builtin::Other => checked::Builtin::Other,
    };
    let sources = sql.sources.iter().map(|source| checked::Source {
        name: name(source.name.as_ref()),
        place: place(source.place),
        alias: place(source.alias()),
        kind: match &source.kind {
            model::SourceKind::Table(table, of) => checked::SourceKind::Table(name(Some(table)), builtin(of)),
            model::SourceKind::Select { select, columns, recursive } => checked::SourceKind::Select {
                select: *select,
                columns: leak(columns.iter().map(|column| name(Some(column))).collect()),
                recursive: *recursive,
            },
            model::SourceKind::Function(of) => checked::SourceKind::Function(builtin(of)),
        },
        optional: source.optional,
        using: leak(source.using.iter().map(|column| (name(Some(column)), place(column.place))).collect()),
        natural: source.natural,
        join: match source.join {
            model::Join::Left => checked::Join::Left,
            model::Join::Right => checked::Join::Right,
            model::Join::Full => checked::Join::Full,
            model::Join::Unclear => checked::Join::Unclear,
        },
        left: source.left,
        right: source.right,
        meant: source.meant.clone().unwrap_or_default().leak(),
    });
    let scopes = sql.scopes.iter().map(|scope| checked::Scope {
        first: scope.first,
        count: scope.count,
        parent: scope.parent,
        outputs: leak(scope.outputs.iter().map(output).collect()),
        required: leak(scope.required.clone()),
        any: leak(scope.any.iter().map(|any| leak(any.clone())).collect()),
        doubted: leak(scope.doubted.clone()),
        implied: leak(scope.implied.clone()),
        shared: leak(scope.shared.clone()),
        aggregate: scope.aggregate,
        grouped: scope.grouped,
        having: scope.having,
        filtered: scope.filtered,
        limited: scope.limited,
    });
    let selects = sql
        .selects
        .iter()
        .map(|select| checked::Select { arms: leak(select.arms.clone()), visible: leak(select.visible.clone()) });
    let references = sql.references.iter().map(|reference| checked::Reference {
        scope: reference.scope,
        qualifier: name(reference.qualifier.as_ref()),
        name: name(Some(&reference.name)),
        place: place(reference.name.place),
        otherwise: match reference.otherwise {
            model::Otherwise::Unknown => checked::Otherwise::Unknown,
            model::Otherwise::Text => checked::Otherwise::Text,
            model::Otherwise::Known => checked::Otherwise::Known,
            model::Otherwise::Alias(of) => checked::Otherwise::Alias(of),
            model::Otherwise::Late => checked::Otherwise::Late,
            model::Otherwise::Result => checked::Otherwise::Result,
        },
    });
    let widths = sql.widths.iter().map(|width| checked::Width {
        select: width.select,
        wanted: width.wanted,
        place: place(width.place),
    });
    let bounds = sql.bounds.iter().filter_map(|bound| {
        let parameter = parameters.iter().position(|parameter| *parameter == bound.parameter)?;
        let comparison = match bound.comparison {
            model::Comparison::Equal => Comparison::Equal,
            model::Comparison::Less => Comparison::Less,
            model::Comparison::LessOrEqual => Comparison::LessOrEqual,
            model::Comparison::Greater => Comparison::Greater,
            model::Comparison::GreaterOrEqual => Comparison::GreaterOrEqual,
        };
        Some(checked::Bound { reference: bound.reference, comparison, parameter })
    });
    let compared = sql.compared.iter().map(|compared| checked::Compared {
        reference: compared.reference,
        text: compared.text.clone().leak(),
        place: place(compared.place),
        equal: compared.equal,
        number: compared.is_number(),
    });
    let aggregates = sql
        .aggregates
        .iter()
        .map(|aggregate| checked::Aggregate { scope: aggregate.scope, references: leak(aggregate.references.clone()) });
    SqlDef {
        text: text.to_owned().leak(),
        sources: leak(sources.collect()),
        scopes: leak(scopes.collect()),
        selects: leak(selects.collect()),
        references: leak(references.collect()),
        optional: leak(sql.optional.clone()),
        widths: leak(widths.collect()),
        bounds: leak(bounds.collect()),
        compared: leak(compared.collect()),
        aggregates: leak(aggregates.collect()),
    }
}

fn output(output: &model::Output) -> checked::Output {
    checked::Output {
        kind: match &output.kind {
            model::OutputKind::Column(reference) => checked::OutputKind::Column(*reference),
            model::OutputKind::Star => checked::OutputKind::Star,
            model::OutputKind::SourceStar(source) => checked::OutputKind::SourceStar(name(Some(source))),
            model::OutputKind::Expression => checked::OutputKind::Expression,
        },
        name: output.name.as_deref().map_or(0, checked::hash),
        place: place(output.place),
        alias: place(output.alias()),
        required: output.required,
        term: term(&output.term),
    }
}

fn term(term: &Term) -> checked::Term {
    match term {
        Term::Unknown => checked::Term::Unknown,
        Term::Column(reference) => checked::Term::Column(*reference),
        Term::Select(select) => checked::Term::Select(*select),
        Term::Made(types, nulls, parts) => {
            let types = match types {
                Types::Are(types) => checked::Types::Are(*types),
                Types::Parts => checked::Types::Parts,
                Types::Number => checked::Types::Number,
                Types::Absolute => checked::Types::Absolute,
                Types::Sum => checked::Types::Sum,
                Types::Bytes => checked::Types::Bytes,
            };
            let nulls = match nulls {
                Nulls::Never => checked::Nulls::Never,
                Nulls::Always => checked::Nulls::Always,
                Nulls::Perhaps => checked::Nulls::Perhaps,
                Nulls::Any => checked::Nulls::Any,
                Nulls::AnyOrMore => checked::Nulls::AnyOrMore,
                Nulls::AnyOrLess => checked::Nulls::AnyOrLess,
                Nulls::All => checked::Nulls::All,
                Nulls::AllOrLess => checked::Nulls::AllOrLess,
                Nulls::Branches => checked::Nulls::Branches,
                Nulls::Rows => checked::Nulls::Rows,
                Nulls::RowsOrMore => checked::Nulls::RowsOrMore,
            };
            checked::Term::Made(types, nulls, leak(parts.iter().map(self::term).collect()))
        }
    }
}

struct Checked {
    sql: &'static SqlDef,
    resolved: Box<Resolved<SOURCES, REFERENCES, SCOPES, ITEMS>>,
}

/// The verdict of the check.
fn check(text: &str, tables: &Tables) -> Result<Checked, String> {
    let parameters: Vec<String> = match super::text::Text::scan(text) {
        Ok(scanned) => scanned.parameters().map(|(_, name)| name.text).collect(),
        Err(mistake) => return Err(mistake.drawn(text)),
    };
    let reading = super::read(text, &parameters, &[]);
    if let Some(mistake) = reading.mistakes.first() {
        return Err(mistake.drawn(text));
    }
    let read = reading.sql.unwrap_or_else(|| panic!("not read: {text}"));
    let mut definition = definition(&read, text, &parameters);
    let (sources, references) = (definition.sources.len(), definition.references.len());
    assert!(sources <= SOURCES && references <= REFERENCES, "{sources} sources, {references} references: {text}");
    // The sizes of constants are those of the statement; here they are one for all, and the rest is not reached.
    let nothing = checked::Source::PLAIN;
    let mut padded = definition.sources.to_vec();
    padded.resize(SOURCES, nothing);
    let nowhere = checked::Reference {
        scope: definition.scopes.len(),
        qualifier: 0,
        name: 0,
        place: 0,
        otherwise: checked::Otherwise::Known,
    };
    let mut mentions = definition.references.to_vec();
    mentions.resize(REFERENCES, nowhere);
    let empty = checked::Scope::PLAIN;
    let mut scopes = definition.scopes.to_vec();
    assert!(scopes.len() < SCOPES, "{} scopes: {text}", scopes.len());
    scopes.resize(SCOPES, empty);
    definition.sources = leak(padded);
    definition.references = leak(mentions);
    definition.scopes = leak(scopes);
    let sql: &'static SqlDef = Box::leak(Box::new(definition));
    assert!(checked::capacity(sql, tables) <= ITEMS, "{text}");
    let resolved = Box::new(Resolved::of(sql, tables));
    match resolved.describe(sql, tables, &Shape::Named(&[]), "Row") {
        Some(message) => Err(message),
        None => Ok(Checked { sql, resolved }),
    }
}

/// Where the check accepts and SQLite refuses, by a part of SQLite's message and a part of the statement, with the
/// reason: such a statement is refused when the store opens.
const SEEN_WHEN_OPENED: &[(&str, &str, &str)] = &[
    ("misuse of aggregate", "", "an aggregate inside a subquery may belong to the SELECT around it"),
    ("misuse of window function", "", "as with aggregates"),
    ("ORDER BY term does not match", "", "the terms of a compound's ORDER BY are compared as expressions"),
    ("BY term out of range", "", "the number of columns may be a table's"),
    ("row value misused", "", "rows of values are looked at where they stand beside a subquery only"),
    ("no such collation", "german", "where something is compared in other ways than by an operator or an order"),
    ("recursive", "", "how often and where a recursive table names itself"),
    ("ambiguous reference to", "USING", "a column of USING in several tables on the left of RIGHT and FULL"),
    ("ambiguous reference to", "NATURAL", "as with USING"),
    ("ambiguous column name: main.", "*", "`*` over two tables of one name"),
    ("ambiguous column name", "NATURAL JOIN", "`*` over a table joined with itself"),
    ("ambiguous column name", "RIGHT JOIN", "as with FULL"),
    ("ambiguous column name", "FULL JOIN", "`*` over a column of USING in several tables on the left of FULL"),
    ("ambiguous column name", "ORDER BY", "ORDER BY may mean a column that `*` gives"),
    ("no such column", "x b\"", "a name that is no word may be the text of an expression in a subquery"),
    ("ON clause references tables to its right", "JOIN", "of RIGHT and FULL"),
    ("is not a function", "json_each", "a table that is called like one of SQLite's functions"),
];

/// Statements that SQLite takes and the check refuses: what a live query cannot track, or what is no query.
const REFUSED_ON_PURPOSE: &[&str] = &[
    "a live query runs only after a commit",
    "a query only reads",
    "EXPLAIN tells",
    "is not a named parameter",
    "is the engine's own",
    "a query is one statement",
    "MATCH is for tables of full text",
    "is no number",
];

#[derive(Default)]
struct Tally {
    statements: usize,
    both_accept: usize,
    both_refuse: usize,
    on_purpose: usize,
    when_opened: BTreeMap<&'static str, usize>,
    rows: usize,
    values: usize,
    typed: usize,
    expressions: usize,
    typed_expressions: usize,
    expressions_of_known_nulls: usize,
    disagreements: Vec<String>,
}

fn listed(message: &str, text: &str) -> Option<&'static str> {
    let listed = SEEN_WHEN_OPENED.iter().find(|(part, of, _)| message.contains(part) && text.contains(of));
    listed.map(|(part, ..)| *part)
}

fn compare(schema: &Schema, statements: &[String], tally: &mut Tally) {
    for text in statements {
        tally.statements += 1;
        let prepared = schema.connection.prepare(text);
        let sqlite = match &prepared {
            Ok(prepared) if prepared.column_count() == 0 => Err("it gives no columns".to_owned()),
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        };
        match (check(text, &schema.tables), sqlite) {
            (Ok(checked), Ok(())) => {
                tally.both_accept += 1;
                run(schema, text, &checked, tally);
            }
            (Err(_), Err(_)) => tally.both_refuse += 1,
            (Ok(_), Err(message)) => match listed(&message, text) {
                Some(part) => *tally.when_opened.entry(part).or_default() += 1,
                None => tally.disagreements.push(format!("accepted, and SQLite says: {message}\n    {text}")),
            },
            (Err(message), Ok(())) => {
                if REFUSED_ON_PURPOSE.iter().any(|part| message.contains(part)) {
                    tally.on_purpose += 1;
                } else {
                    tally.disagreements.push(format!("SQLite accepts, and the check says: {message}"));
                }
            }
        }
    }
}

const ALL_TYPES: [SqlType; 4] = [SqlType::Integer, SqlType::Real, SqlType::Text, SqlType::Blob];

fn field(name: &'static str, nullable: bool, reads: &[SqlType]) -> ResultField {
    ResultField { name, hash: checked::hash(name), nullable, reads: SqlTypes::of(reads) }
}

/// Runs an accepted statement: the number and the names of its columns, whether they are NULL, their types, and what it
/// reads are as was said.
fn run(schema: &Schema, text: &str, checked: &Checked, tally: &mut Tally) {
    let Ok(mut prepared) = schema.connection.prepare(text) else { return };
    let names: Vec<String> = prepared.column_names().map(str::to_owned).collect();
    let fit = |fields: Vec<ResultField>, named: bool| {
        let fields = leak(fields);
        let shape = if named { Shape::Named(fields) } else { Shape::Positional(fields) };
        checked.resolved.mistake(checked.sql, &schema.tables, &shape)
    };
    let positional = |nullable: &dyn Fn(usize) -> bool| {
        (0..names.len()).map(|index| field("", nullable(index), &ALL_TYPES)).collect::<Vec<_>>()
    };
    if let Some(unfit) = fit(positional(&|_| true), false) {
        tally
            .disagreements
            .push(format!("SQLite gives {} columns, and the check says {unfit:?}\n    {text}", names.len()));
        return;
    }
    for name in &names {
        let name: &'static str = name.trim_end_matches('!').to_owned().leak();
        // A column that FULL JOIN .. USING makes of two is called as it is written.
        if name.starts_with('"') {
            continue;
        }
        // SQLite numbers the second of two columns of one name.
        let numbered = name.rsplit_once(':').is_some_and(|(_, number)| number.parse::<u32>().is_ok());
        if let Some(Unfit::Missing(_)) = fit(vec![field(name, true, &ALL_TYPES)], true)
            && !numbered
        {
            tally.disagreements.push(format!("SQLite gives a column `{name}`, and the check has none\n    {text}"));
        }
    }
    let may_be_null = |column| checked.resolved.may_be_null(checked.sql, &schema.tables, column);
    let nullable: Vec<Option<bool>> = (0..names.len()).map(may_be_null).collect();
    let types: Vec<SqlTypes> =
        (0..names.len()).map(|column| checked.resolved.stored_as(checked.sql, &schema.tables, column)).collect();
    let is_expression = |column: &usize| checked.resolved.is_expression(checked.sql, &schema.tables, *column);
    for column in (0..names.len()).filter(is_expression) {
        tally.expressions += 1;
        tally.typed_expressions += usize::from(types[column] != SqlTypes::ANY);
        tally.expressions_of_known_nulls += usize::from(nullable[column].is_some());
    }
    tally.typed += types.iter().filter(|types| **types != SqlTypes::ANY).count();
    let count = prepared.parameter_count();
    for index in 1..=count {
        let value = schema.values.borrow_mut().parameter();
        if prepared.raw_bind_parameter(index, value).is_err() {
            return;
        }
    }
    let mut rows = prepared.raw_query();
    let mut limit = 200;
    // What fails while it runs, such as an overflow, fails in an application too, as an error.
    while let Ok(Some(row)) = rows.next() {
        tally.rows += 1;
        for (column, name) in names.iter().enumerate() {
            tally.values += 1;
            let value = row.get_ref(column).unwrap();
            let is_null = matches!(value, ValueRef::Null);
            let ty = match value {
                ValueRef::Null => None,
                ValueRef::Integer(_) => Some(SqlType::Integer),
                ValueRef::Real(_) => Some(SqlType::Real),
                ValueRef::Text(_) => Some(SqlType::Text),
                ValueRef::Blob(_) => Some(SqlType::Blob),
            };
            if let Some(ty) = ty.filter(|ty| !types[column].has(*ty)) {
                let types: Vec<_> = ALL_TYPES.into_iter().filter(|ty| types[column].has(*ty)).collect();
                tally.disagreements.push(format!("`{name}` is {ty:?}, and the check says {types:?}\n    {text}"));
                return;
            }
            if is_null && nullable[column] == Some(false) {
                tally.disagreements.push(format!("`{name}` is NULL, and the check says it never is\n    {text}"));
                return;
            }
        }
        limit -= 1;
        if limit == 0 {
            break;
        }
    }
    drop(rows);
    dependencies(schema, text, checked, tally);
}

/// What the statement is said to depend on holds what SQLite says that it reads.
fn dependencies(schema: &Schema, text: &str, checked: &Checked, tally: &mut Tally) {
    let (origins, columns) = (leak(checked.resolved.origins.to_vec()), leak(checked.resolved.columns.to_vec()));
    let of = Dependencies { sql: checked.sql, origins, columns };
    // SQLite reads all columns of a join in parentheses, and the result depends on those that are named.
    let has_nested_join = text.match_indices("JOIN (").any(|(at, _)| !text[at + 6..].starts_with("SELECT"));
    let Some(dependencies) = of.of(schema.definition.tables, schema.definition.documents).filter(|_| !has_nested_join)
    else {
        return;
    };
    for (table, column) in schema.reads(text) {
        let of_table = dependencies.iter().filter(|dependency| dependency.table.eq_ignore_ascii_case(&table));
        let mut of_table = of_table.peekable();
        let is_known = of_table.peek().is_some();
        let has_column = column.is_empty()
            || of_table.any(|dependency| {
                dependency.columns.as_ref().is_none_or(|columns| {
                    columns.iter().any(|known| known.eq_ignore_ascii_case(&column)) || column == "ROWID"
                })
            });
        if !(is_known && has_column) {
            tally.disagreements.push(format!("it reads {table}.{column}, which is no dependency\n    {text}"));
        }
    }
}

#[test]
fn the_check_and_sqlite_agree() {
    let mut tally = Tally::default();
    let mut random = Random::new(0x5eed);
    for definition in schemas::ALL {
        let schema = Schema::open(definition, &mut random);
        let mut statements = statements::written(definition);
        statements.extend(statements::generated(definition, &mut random, 4000));
        compare(&schema, &statements, &mut tally);
    }
    let Tally { statements, both_accept, both_refuse, on_purpose, when_opened, rows, values, typed, .. } = &tally;
    let disagreements = &tally.disagreements;
    println!("statements: {statements}; accepted by both: {both_accept}; refused by both: {both_refuse}");
    println!(
        "refused on purpose: {on_purpose}; rows read: {rows}; values compared: {values}; columns of known types: {typed}"
    );
    let share = |known: usize| format!("{} %", known * 100 / tally.expressions.max(1));
    let (types, nulls) = (share(tally.typed_expressions), share(tally.expressions_of_known_nulls));
    println!("of {} columns that are expressions, the type is known of {types}, NULL of {nulls}", tally.expressions);
    for (part, count) in when_opened {
        println!("refused when the store opens: {count} × {part:?}");
    }
    let shown: Vec<_> = disagreements.iter().take(40).cloned().collect();
    assert!(disagreements.is_empty(), "{} disagreements:\n{}", disagreements.len(), shown.join("\n"));
    assert!(*both_accept > 2000 && *both_refuse > 500 && *rows > 10_000, "too few to tell");
}

#[test]
fn the_functions_are_those_of_the_bundled_sqlite() {
    use super::functions::{FUNCTIONS, Kind};
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let mut statement = connection.prepare("SELECT DISTINCT name FROM pragma_function_list ORDER BY name").unwrap();
    let names: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(names, FUNCTIONS.iter().map(|function| function.name).collect::<Vec<_>>());
    for function in FUNCTIONS {
        for count in 0..=9 {
            let arguments = vec!["1"; count].join(", ");
            let prepared = connection.prepare(&format!("SELECT \"{}\"({arguments})", function.name));
            let refused = prepared.is_err_and(|error| error.to_string().contains("wrong number"));
            let (least, most) = function.arguments;
            if function.kind == Kind::Strict && (least..=most).contains(&count) {
                for null in 0..count {
                    let mut arguments = vec!["'1'"; count];
                    arguments[null] = "NULL";
                    let sql = format!("SELECT \"{}\"({}) IS NULL", function.name, arguments.join(", "));
                    assert!(connection.query_row(&sql, [], |row| row.get::<_, bool>(0)).unwrap(), "{sql}");
                }
            }
            assert_eq!(refused, !(least..=most).contains(&count), "{} of {count}", function.name);
        }
    }
}
