//! Statements: written by hand after SQLite's documentation and grammar, and generated.

use store_context::__private::SchemaDef;

use super::schemas::{Random, quoted};

/// After the pages of SQLite's documentation on SELECT, expressions, functions, WITH, windows and JSON, and the rules
/// of its grammar; then the mistakes that people make in each.
const TRACKER: &str = include_str!("statements/tracker.sql");
const ODD: &str = include_str!("statements/odd.sql");
const SHARED: &str = include_str!("statements/shared.sql");

pub(super) fn written(schema: &SchemaDef) -> Vec<String> {
    let file = match schema.name {
        "tracker" => TRACKER,
        "odd" => ODD,
        _ => SHARED,
    };
    file.split("\n\n").map(str::trim).filter(|statement| !statement.is_empty()).map(str::to_owned).collect()
}

pub(super) fn generated(schema: &SchemaDef, random: &mut Random, count: usize) -> Vec<String> {
    let mut generator = Generator { schema, random, depth: 0, aliases: 0 };
    (0..count).map(|_| generator.statement()).collect()
}

struct Generator<'g> {
    schema: &'g SchemaDef,
    random: &'g mut Random,
    depth: usize,
    aliases: usize,
}

/// What a FROM item is called and which columns it has.
#[derive(Clone)]
struct Item {
    name: String,
    columns: Vec<String>,
}

impl Generator<'_> {
    fn statement(&mut self) -> String {
        (self.depth, self.aliases) = (0, 0);
        let mut statement = self.select(&[]).0;
        if self.random.chance(8) {
            let (common, columns) = self.select(&[]);
            let names: Vec<_> = (0..columns.len()).map(|index| format!("n{index}")).collect();
            let list = if self.random.chance(2) { format!("({})", names.join(", ")) } else { String::new() };
            statement = format!("WITH cte{list} AS ({common}) {statement}");
            if self.random.chance(2) {
                statement = format!("{statement} UNION ALL SELECT * FROM cte");
            }
        }
        if self.random.chance(9) {
            statement = self.misspelt(&statement);
        }
        statement
    }

    /// The statement with one character fewer or more, or a word left out.
    fn misspelt(&mut self, statement: &str) -> String {
        let mut words: Vec<String> = statement.split(' ').map(str::to_owned).collect();
        let at = self.random.below(words.len());
        if self.random.chance(2) {
            words.remove(at);
        } else {
            words[at].push('x');
        }
        words.join(" ")
    }

    fn select(&mut self, outer: &[Item]) -> (String, Vec<String>) {
        self.depth += 1;
        let (from, items) = self.from(outer);
        let mut visible = items.clone();
        visible.extend(outer.iter().cloned());
        let mut names = Vec::new();
        let mut outputs = Vec::new();
        for index in 0..=self.random.below(3) {
            match self.random.below(12) {
                0 => outputs.push("*".to_owned()),
                1 => outputs.push(format!("{}.*", self.item(&items).name)),
                2..=7 => {
                    let column = self.column(&items);
                    names.push(column.rsplit('.').next().unwrap_or("").to_owned());
                    outputs.push(column);
                }
                _ => {
                    let expression = self.expression(&visible, 2);
                    names.push(format!("e{index}"));
                    outputs.push(format!("{expression} AS e{index}"));
                }
            }
        }
        let distinct = if self.random.chance(10) { "DISTINCT " } else { "" };
        let mut statement = format!("SELECT {distinct}{} FROM {from}", outputs.join(", "));
        if self.random.chance(2) {
            let condition = self.condition(&visible);
            statement = format!("{statement} WHERE {condition}");
        }
        if self.random.chance(8) {
            let column = self.column(&items);
            statement = format!("{statement} GROUP BY {column}");
            if self.random.chance(2) {
                let condition = self.condition(&items);
                let having = if self.random.chance(2) { "count(*) > 1".to_owned() } else { condition };
                statement = format!("{statement} HAVING {having}");
            }
        }
        if self.depth == 1 && self.random.chance(4) {
            let column = self.column(&items);
            let term = if self.random.chance(3) { self.random.below(4).to_string() } else { column };
            statement = format!("{statement} ORDER BY {term} DESC");
        }
        if self.random.chance(6) {
            statement = format!("{statement} LIMIT 5");
        }
        self.depth -= 1;
        (statement, names)
    }

    fn from(&mut self, outer: &[Item]) -> (String, Vec<Item>) {
        let (mut from, first) = self.source(outer);
        let mut items = vec![first];
        for _ in 0..self.random.below(3) {
            let (source, item) = self.source(outer);
            let join = self.random.pick(&[
                "JOIN",
                "LEFT JOIN",
                "LEFT JOIN",
                ",",
                "CROSS JOIN",
                "RIGHT JOIN",
                "FULL JOIN",
                "NATURAL JOIN",
                "NATURAL LEFT JOIN",
                "NATURAL FULL JOIN",
                "NATURAL RIGHT JOIN",
            ]);
            items.push(item);
            let on = match (join, self.random.below(4)) {
                ("," | "CROSS JOIN", _) => String::new(),
                (join, _) if join.starts_with("NATURAL") => String::new(),
                (_, 0) if self.schema.name == "shared" => {
                    format!(" USING ({})", self.random.pick(&["id", "id", "x", "y", "id, x"]))
                }
                _ => {
                    let (left, right) = (self.column(&items), self.column(&items[items.len() - 1..]));
                    format!(" ON {left} = {right}")
                }
            };
            from = format!("{from} {join} {source}{on}");
        }
        (from, items)
    }

    fn source(&mut self, outer: &[Item]) -> (String, Item) {
        self.aliases += 1;
        let alias = format!("t{}", self.aliases);
        if self.depth < 3 && self.random.chance(6) {
            let (select, columns) = self.select(outer);
            return (format!("({select}) AS {alias}"), Item { name: alias, columns });
        }
        let table = &self.schema.tables[self.random.below(self.schema.tables.len())];
        let columns = table.columns.iter().map(|column| quoted(column.name)).collect();
        if self.random.chance(3) {
            (quoted(table.name), Item { name: quoted(table.name), columns })
        } else {
            (format!("{} {alias}", quoted(table.name)), Item { name: alias, columns })
        }
    }

    fn item<'i>(&mut self, items: &'i [Item]) -> &'i Item {
        &items[self.random.below(items.len())]
    }

    fn column(&mut self, items: &[Item]) -> String {
        let item = self.item(items);
        let column = match item.columns.len() {
            0 => "rowid".to_owned(),
            count => item.columns[self.random.below(count)].clone(),
        };
        match self.random.below(4) {
            0 => column,
            _ => format!("{}.{column}", item.name),
        }
    }

    fn condition(&mut self, items: &[Item]) -> String {
        let column = self.column(items);
        match self.random.below(26) {
            0 => format!("{column} IS NOT NULL"),
            1 => format!("{column} IS NULL"),
            2 => format!("{column} = :p"),
            3 => format!(":p < {column}"),
            4 => format!("{column} BETWEEN :p AND :q"),
            5 => format!("{column} IN (1, 'a', NULL)"),
            6 => format!("NOT ({})", self.condition(items)),
            7 => format!("{} AND {}", self.condition(items), self.condition(items)),
            8 => format!("({} OR {})", self.condition(items), self.condition(items)),
            9 => format!("{column} LIKE '%a%'"),
            11 => format!("length({column}) > 0"),
            12 => format!("round({column}, 1) >= {}", self.expression(items, 1)),
            10 if self.depth < 3 => {
                let (select, _) = self.select(items);
                format!("EXISTS ({select})")
            }
            14 => {
                let truth = self.random.pick(&["TRUE", "FALSE", "NOT TRUE", "NOT FALSE", "NULL", "NOT NULL"]);
                format!("({}) IS {truth}", self.condition(items))
            }
            15 => {
                let text = self.random.pick(&["'text'", "'null'", "'integer'"]);
                format!("typeof({column}) {} {text}", self.random.pick(&["=", "<>"]))
            }
            16 => format!("coalesce({column}, {}) <> ''", self.random.pick(&["''", "0", "NULL", "'b'"])),
            17 => format!(
                "({column}, {}) {} (1, {})",
                self.column(items),
                self.random.pick(&["=", "<", ">=", "<>", "IS", "IS NOT"]),
                self.column(items)
            ),
            18 => format!("iif({}, {}, {})", self.condition(items), self.random.below(2), self.condition(items)),
            19 => format!("CASE {column} WHEN 1 THEN {} WHEN 'a' THEN 1 END", self.random.below(2)),
            20 => format!("{} NOT IN ({column}, 2)", self.column(items)),
            21 => format!("{column} IS {} {}", self.random.pick(&["", "NOT", "NOT DISTINCT FROM"]), self.column(items)),
            22 => format!("({column} <> 'a' OR {} <> 3)", self.column(items)),
            23 => format!("nullif({column}, {}) > 0", self.random.below(2)),
            24 => format!("{column} {} BETWEEN {} AND 9", self.random.pick(&["", "NOT"]), self.column(items)),
            _ => format!("{column} >= {}", self.expression(items, 1)),
        }
    }

    fn expression(&mut self, items: &[Item], depth: usize) -> String {
        if depth == 0 {
            return self.column(items);
        }
        match self.random.below(40) {
            0 => format!("coalesce({}, 0)", self.expression(items, depth - 1)),
            1 => format!("count({})", self.expression(items, 0)),
            2 => format!("{} || 'x'", self.expression(items, depth - 1)),
            3 => format!("CASE WHEN {} THEN 1 ELSE {} END", self.condition(items), self.expression(items, 0)),
            4 => {
                let ty = self.random.pick(&["TEXT", "INTEGER", "REAL", "BLOB", "NUMERIC", "DOUBLE PRECISION"]);
                format!("CAST({} AS {ty})", self.expression(items, depth - 1))
            }
            5 => format!("max({}, 1)", self.expression(items, 0)),
            6 => format!("row_number() OVER (ORDER BY {})", self.column(items)),
            11 | 12 => {
                let name = self.random.pick(&[
                    "max",
                    "min",
                    "sum",
                    "avg",
                    "total",
                    "group_concat",
                    "count",
                    "json_group_array",
                ]);
                let over =
                    self.random.pick(&["", "", "", " FILTER (WHERE 1 > 2)", " OVER ()", " OVER (ROWS 1 PRECEDING)"]);
                format!("{name}({}){over}", self.expression(items, depth - 1))
            }
            13 | 14 => {
                let operator =
                    self.random.pick(&["+", "-", "*", "/", "%", "|", "<<", "||", "AND", "OR", "IS", "->>", "->"]);
                format!("({} {operator} {})", self.expression(items, depth - 1), self.expression(items, depth - 1))
            }
            15 => format!("{}({})", self.random.pick(&["-", "+", "~", "NOT "]), self.expression(items, depth - 1)),
            16 => format!("nullif({}, {})", self.expression(items, depth - 1), self.random.pick(&["0", "'a'", ":p"])),
            17 => format!("coalesce({}, {})", self.column(items), self.column(items)),
            18 => format!("iif({}, {}, {})", self.condition(items), self.column(items), self.expression(items, 0)),
            19 => format!("CASE WHEN {} THEN {} END", self.condition(items), self.expression(items, depth - 1)),
            20 => format!("CASE {} WHEN 1 THEN 'a' WHEN 'a' THEN 2.5 ELSE 1 END", self.column(items)),
            21 | 22 => {
                let name = self.random.pick(&[
                    "length",
                    "upper",
                    "trim",
                    "abs",
                    "hex",
                    "typeof",
                    "quote",
                    "unicode",
                    "sign",
                    "date",
                    "julianday",
                    "unixepoch",
                    "soundex",
                    "json_quote",
                    "json_valid",
                    "char",
                    "concat",
                    "zeroblob",
                    "likely",
                    "round",
                ]);
                format!("{name}({})", self.expression(items, depth - 1))
            }
            23 => format!("substr({}, 1, {})", self.column(items), self.random.below(3)),
            24 => format!("replace({}, 'a', {})", self.column(items), self.expression(items, depth - 1)),
            25 => {
                let name =
                    self.random.pick(&["lag", "lead", "first_value", "last_value", "ntile", "max", "sum", "count"]);
                format!("{name}({}) OVER (PARTITION BY {})", self.column(items), self.column(items))
            }
            26 => format!("lag({}, 1, 0) OVER (ORDER BY {})", self.column(items), self.column(items)),
            27 => format!("{} IN (1, {})", self.column(items), self.random.pick(&["'a'", "NULL", ":p", "2.5"])),
            28 => format!("{} BETWEEN 0 AND {}", self.column(items), self.expression(items, 0)),
            29 => format!("({}) IS NULL", self.expression(items, depth - 1)),
            30 if self.depth < 3 => {
                let table = &self.schema.tables[self.random.below(self.schema.tables.len())];
                let column = quoted(table.columns[self.random.below(table.columns.len())].name);
                let aggregate = self.random.pick(&["max", "sum", "count", "avg", "abs"]);
                let condition = self.condition(items);
                format!("(SELECT {aggregate}({column}) FROM {} WHERE {condition})", quoted(table.name))
            }
            31 => format!("(SELECT max({}))", self.column(items)),
            32 => self.random.pick(&["1.5", "'text'", "NULL", "x'00'", "-3", "9223372036854775807", "true"]).to_owned(),
            33 => format!("row_number() OVER (ORDER BY count({}))", self.column(items)),
            7 => format!("lenght({})", self.column(items)),
            8 => format!("substr({})", self.column(items)),
            9 if self.depth < 3 => {
                let column = self.column(items);
                let table = quoted(self.schema.tables[self.random.below(self.schema.tables.len())].name);
                format!("(SELECT {column} FROM {table} LIMIT 1)")
            }
            10 => "42".to_owned(),
            _ => self.column(items),
        }
    }
}
