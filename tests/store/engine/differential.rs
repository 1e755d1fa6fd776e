//! Every live query against an unsubscribed twin: after each commit of random events, what its subscriber was told last
//! and what `get()` serves are what the same statement gives when it is run afresh.

use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::__private::Statement;
use store_context::prelude::*;
use store_context::query::Many;

use crate::model::rand_seed;

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "teams", index(label))]
struct Team {
    #[row(primary_key)]
    team: i64,
    label: String,
    person: Option<i64>,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "people")]
struct Person {
    #[row(primary_key)]
    person: i64,
    #[row(index)]
    team: Option<i64>,
    name: String,
    points: Option<i64>,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "notes", index(person, text))]
struct Note {
    #[row(primary_key)]
    note: i64,
    person: i64,
    text: String,
    #[row(json)]
    tags: Vec<i64>,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum ClubEvent {
    TeamPut { team: i64, label: String, person: Option<i64> },
    PersonPut { person: i64, team: Option<i64>, name: String, points: Option<i64> },
    NotePut { note: i64, person: i64, text: String, tags: Vec<i64> },
    TeamRelabelled { team: i64, label: String },
    TeamLed { team: i64, person: Option<i64> },
    PersonMoved { person: i64, team: Option<i64> },
    PersonScored { person: i64, points: Option<i64> },
    TeamScored { team: i64, points: i64 },
    NoteGiven { note: i64, person: i64 },
    NoteTagged { note: i64, tags: Vec<i64> },
    TeamGone { team: i64 },
    PersonGone { person: i64 },
    NotesOfPersonGone { person: i64 },
    PersonRenumbered { person: i64, to: i64 },
}

type Pair = (String, String);

#[derive(StoreContext)]
#[store(name = "club", events = ClubEvent)]
#[allow(dead_code)]
struct Club {
    teams: Table<Team>,
    people: Table<Person>,
    notes: Table<Note>,
    #[query("SELECT quote(label), quote(name) FROM teams JOIN people USING (team)")]
    using: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(label), quote(name) FROM teams LEFT JOIN people USING (team, person)")]
    using_two: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(label), quote(name) FROM teams RIGHT JOIN people USING (team)")]
    right_using: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(label), quote(points) FROM teams FULL JOIN people USING (person)")]
    full_using: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(count(*)), 'n' FROM teams NATURAL JOIN people")]
    natural: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(text), quote(label) FROM notes NATURAL LEFT JOIN people NATURAL JOIN teams")]
    natural_three: Query<fn() -> Vec<Pair>>,
    #[query(
        "SELECT quote(a.name), quote(b.name) FROM people a JOIN people b ON a.team = b.team AND a.person < b.person"
    )]
    itself: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(p.name), quote(t.label) FROM people p LEFT JOIN teams t ON t.person = p.person")]
    left: Query<fn() -> Vec<Pair>>,
    #[query(
        "SELECT quote(name), 'x' FROM people WHERE EXISTS (SELECT 1 FROM notes WHERE notes.person = people.person)"
    )]
    exists: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(name), 'x' FROM people WHERE person NOT IN (SELECT person FROM notes)")]
    not_in: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(label), quote((SELECT max(points) FROM people WHERE people.team = teams.team)) FROM teams")]
    scalar: Query<fn() -> Vec<Pair>>,
    #[query(
        "WITH busy AS (SELECT person, count(*) AS n FROM notes GROUP BY person) SELECT quote(name), quote(n) FROM people JOIN busy USING (person)"
    )]
    common: Query<fn() -> Vec<Pair>>,
    #[query(
        "WITH RECURSIVE chain(person, depth) AS (SELECT person, 0 FROM teams WHERE team = 1 UNION SELECT p.person, depth + 1 FROM chain JOIN people p ON p.team = chain.person WHERE depth < 5) SELECT quote(person), quote(depth) FROM chain"
    )]
    recursive: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(name), 'p' FROM people UNION SELECT quote(label), 't' FROM teams")]
    union: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(person), 'p' FROM people EXCEPT SELECT quote(person), 'p' FROM notes")]
    except: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(person), 'p' FROM people INTERSECT SELECT quote(person), 'p' FROM teams")]
    intersect: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(text), quote(element.value) FROM notes, json_each(notes.tags) AS element")]
    each: Query<fn() -> Vec<Pair>>,
    #[query(
        "SELECT quote(text), quote(name) FROM notes JOIN people USING (person) WHERE 3 IN (SELECT value FROM json_each(tags))"
    )]
    each_in: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(name), quote(rank() OVER (PARTITION BY team ORDER BY points)) FROM people")]
    window: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(team), quote(sum(points)) FROM people GROUP BY team HAVING count(*) > 1")]
    grouped: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(name), 'first' FROM people LIMIT 2")]
    unordered: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(person), 'covered' FROM people WHERE team > 0 LIMIT 3")]
    by_index: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(count(*)), quote(min(rowid)) FROM notes")]
    rows: Query<fn() -> Vec<Pair>>,
    #[query("SELECT quote(name), quote(:points) FROM people WHERE points > :points OR team IS :team")]
    parameters: Query<fn(points: i64, team: Option<i64>) -> Vec<Pair>>,
    #[query(
        "SELECT quote(x.label), quote(x.n) FROM (SELECT label, (SELECT count(*) FROM people JOIN notes USING (person) WHERE people.team = teams.team) AS n FROM teams) AS x WHERE x.n > 0"
    )]
    nested: Query<fn() -> Vec<Pair>>,
}

impl Materialize for Club {
    fn materialize(event: ClubEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            ClubEvent::TeamPut { team, label, person } => tx.insert_or_replace(Team { team, label, person })?,
            ClubEvent::PersonPut { person, team, name, points } => {
                tx.insert_or_replace(Person { person, team, name, points })?;
            }
            ClubEvent::NotePut { note, person, text, tags } => {
                tx.insert_or_replace(Note { note, person, text, tags })?
            }
            ClubEvent::TeamRelabelled { team, label } => {
                tx.table::<Team>().by_key(team).update(|t| t.label.set(label))?;
            }
            ClubEvent::TeamLed { team, person } => {
                tx.table::<Team>().by_key(team).update(|t| t.person.set(person))?;
            }
            ClubEvent::PersonMoved { person, team } => {
                tx.table::<Person>().by_key(person).update(|p| p.team.set(team))?;
            }
            ClubEvent::PersonScored { person, points } => {
                tx.table::<Person>().by_key(person).update(|p| p.points.set(points))?;
            }
            ClubEvent::TeamScored { team, points } => {
                tx.table::<Person>().filter(|p| p.team.eq(team)).update(|p| p.points.set(points))?;
            }
            ClubEvent::NoteGiven { note, person } => {
                tx.table::<Note>().by_key(note).update(|n| n.person.set(person))?;
            }
            ClubEvent::NoteTagged { note, tags } => {
                tx.table::<Note>().by_key(note).update(|n| n.tags.set(&tags))?;
            }
            ClubEvent::TeamGone { team } => drop(tx.table::<Team>().by_key(team).delete()?),
            ClubEvent::PersonGone { person } => drop(tx.table::<Person>().by_key(person).delete()?),
            ClubEvent::NotesOfPersonGone { person } => {
                tx.table::<Note>().filter(|n| n.person.eq(person)).delete()?;
            }
            ClubEvent::PersonRenumbered { person, to } => {
                if !tx.table::<Person>().by_key(to).exists()? {
                    tx.table::<Person>().by_key(person).update(|p| p.person.set(to))?;
                }
            }
        }
        Ok(())
    }
}

/// xorshift64*: <https://doi.org/10.1145/2845077>.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap() % end
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    fn id(&mut self) -> i64 {
        i64::try_from(self.below(6)).unwrap()
    }

    fn maybe_id(&mut self) -> Option<i64> {
        (!self.chance(4)).then(|| self.id())
    }
}

fn event(random: &mut Random) -> ClubEvent {
    let (id, other, word) = (random.id(), random.id(), random.of(&["a", "b", "c"]).to_owned());
    let tags = (0..random.below(4)).map(|_| random.id()).collect();
    match random.below(14) {
        0 => ClubEvent::TeamPut { team: id, label: word, person: random.maybe_id() },
        1 => ClubEvent::PersonPut { person: id, team: random.maybe_id(), name: word, points: random.maybe_id() },
        2 => ClubEvent::NotePut { note: id, person: other, text: word, tags },
        3 => ClubEvent::TeamRelabelled { team: id, label: word },
        4 => ClubEvent::TeamLed { team: id, person: random.maybe_id() },
        5 => ClubEvent::PersonMoved { person: id, team: random.maybe_id() },
        6 => ClubEvent::PersonScored { person: id, points: random.maybe_id() },
        7 => ClubEvent::TeamScored { team: id, points: other },
        8 => ClubEvent::NoteGiven { note: id, person: other },
        9 => ClubEvent::NoteTagged { note: id, tags },
        10 => ClubEvent::TeamGone { team: id },
        11 => ClubEvent::PersonGone { person: id },
        12 => ClubEvent::NotesOfPersonGone { person: id },
        _ => ClubEvent::PersonRenumbered { person: id, to: other },
    }
}

/// Writes a statement of two columns over the tables of the club.
struct Writer<'r> {
    random: &'r mut Random,
    aliases: usize,
    /// The tables in sight: alias and columns.
    scope: Vec<(String, Vec<&'static str>)>,
}

const TABLES: [(&str, &[&str]); 3] = [
    ("teams", &["team", "label", "person"]),
    ("people", &["person", "team", "name", "points"]),
    ("notes", &["note", "person", "text", "tags"]),
];

impl Writer<'_> {
    fn statement(&mut self) -> String {
        let mut sql = self.select();
        if self.random.chance(4) {
            let operator = self.random.of(&["UNION", "UNION ALL", "EXCEPT", "INTERSECT"]);
            let other = self.select();
            sql = format!("{sql} {operator} {other}");
        }
        if self.random.chance(3) {
            sql.push_str(" ORDER BY 2 DESC, 1");
        }
        if self.random.chance(4) {
            sql.push_str(" LIMIT 3");
        }
        if self.random.chance(6) {
            sql = format!("WITH common AS ({sql}) SELECT * FROM common");
        }
        sql
    }

    fn select(&mut self) -> String {
        let outer = std::mem::take(&mut self.scope);
        let from = self.from();
        let (left, right) = (self.value(), self.value());
        let mut sql = match self.random.below(6) {
            0 => format!("SELECT quote({left}), quote(count(*)) FROM {from}{} GROUP BY {left}", self.condition()),
            1 => format!("SELECT DISTINCT quote({left}), quote({right}) FROM {from}{}", self.condition()),
            2 => format!("SELECT quote(max({left})), quote(count({right})) FROM {from}{}", self.condition()),
            _ => format!("SELECT quote({left}), quote({right}) FROM {from}{}", self.condition()),
        };
        if self.random.chance(8) {
            let column = self.column();
            sql = format!("SELECT quote({left}), quote(row_number() OVER (ORDER BY {column})) FROM {from}");
        }
        self.scope = outer;
        sql
    }

    fn from(&mut self) -> String {
        let mut from = self.table();
        for _ in 0..self.random.below(3) {
            from = match self.random.below(8) {
                0 => {
                    let join = self.random.of(&["NATURAL JOIN", "NATURAL LEFT JOIN"]);
                    format!("{from} {join} {}", self.table())
                }
                1 | 2 => {
                    let shared: Vec<_> = ["person", "team"]
                        .into_iter()
                        .filter(|column| self.scope.iter().any(|(_, columns)| columns.contains(column)))
                        .collect();
                    let join = self.random.of(&["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"]);
                    let table = self.table();
                    let new = &self.scope[self.scope.len() - 1].1;
                    match shared.into_iter().find(|column| new.contains(column)) {
                        Some(column) => format!("{from} {join} {table} USING ({column})"),
                        None => format!("{from} JOIN {table}"),
                    }
                }
                3 => format!("{from}, {}", self.table()),
                4 if self.scope.iter().any(|(_, columns)| columns.contains(&"tags")) => {
                    let alias = self.scope.iter().find(|(_, columns)| columns.contains(&"tags")).unwrap().0.clone();
                    let element = self.alias();
                    self.scope.push((element.clone(), vec!["value"]));
                    format!("{from}, json_each({alias}.tags) AS {element}")
                }
                _ => {
                    let join = self.random.of(&["JOIN", "LEFT JOIN", "CROSS JOIN"]);
                    let table = self.table();
                    let (left, right) = (self.column(), self.column());
                    format!("{from} {join} {table} ON {left} = {right}")
                }
            };
        }
        from
    }

    fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("t{}", self.aliases)
    }

    fn table(&mut self) -> String {
        let (table, columns) = TABLES[self.random.below(3)];
        let alias = self.alias();
        self.scope.push((alias.clone(), columns.to_vec()));
        if self.random.chance(5) {
            let column = columns[self.random.below(columns.len())];
            return format!("(SELECT * FROM {table} WHERE {column} IS NOT NULL) AS {alias}");
        }
        format!("{table} AS {alias}")
    }

    fn column(&mut self) -> String {
        let (alias, columns) = &self.scope[self.random.below(self.scope.len())];
        format!("{alias}.{}", columns[self.random.below(columns.len())])
    }

    fn value(&mut self) -> String {
        let column = self.column();
        match self.random.below(7) {
            0 => format!("coalesce({column}, 0)"),
            1 => format!("CASE WHEN {column} > 2 THEN 'large' ELSE {column} END"),
            2 => {
                let (table, columns) = TABLES[self.random.below(3)];
                let inner = columns[self.random.below(columns.len())];
                format!("(SELECT count(*) FROM {table} AS inside WHERE inside.{inner} = {column})")
            }
            _ => column,
        }
    }

    fn condition(&mut self) -> String {
        if self.random.chance(3) {
            return String::new();
        }
        let column = self.column();
        let (table, columns) = TABLES[self.random.below(3)];
        let inner = columns[self.random.below(columns.len())];
        let literal = self.random.below(6);
        format!(
            " WHERE {}",
            match self.random.below(6) {
                0 => format!("{column} IS NULL"),
                1 => format!("{column} IN (SELECT {inner} FROM {table})"),
                2 => format!("EXISTS (SELECT 1 FROM {table} AS inside WHERE inside.{inner} = {column})"),
                3 => format!("{column} NOT IN (SELECT {inner} FROM {table} WHERE {inner} IS NOT NULL)"),
                4 => format!("{column} = {}", self.column()),
                _ => format!("{column} > {literal}"),
            }
        )
    }
}

type Kind = Many<(String, String)>;

/// A live query, and what its subscriber was told last.
struct Watched {
    query: BoundQuery<Club, Kind>,
    told: Arc<Mutex<Vec<(String, String)>>>,
    _live: Subscription,
}

fn owned(rows: &Rows<(String, String)>) -> Vec<(String, String)> {
    rows.to_vec()
}

fn watch(query: BoundQuery<Club, Kind>) -> Result<Watched, StoreError> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = Arc::clone(&told);
    let live = query.subscribe_now(move |rows| *teller.lock().unwrap() = owned(&rows.unwrap()))?;
    Ok(Watched { query, told, _live: live })
}

fn declared(store: &ClubStore) -> Vec<BoundQuery<Club, Kind>> {
    vec![
        store.using(),
        store.using_two(),
        store.right_using(),
        store.full_using(),
        store.natural(),
        store.natural_three(),
        store.itself(),
        store.left(),
        store.exists(),
        store.not_in(),
        store.scalar(),
        store.common(),
        store.recursive(),
        store.union(),
        store.except(),
        store.intersect(),
        store.each(),
        store.each_in(),
        store.window(),
        store.grouped(),
        store.unordered(),
        store.by_index(),
        store.rows(),
        store.parameters(2, Some(1)),
        store.parameters(9, None),
        store.nested(),
    ]
}

#[test]
fn every_live_query_is_what_the_same_statement_gives_afresh() {
    const SEED: &str = "STORE_CONTEXT_DIFFERENTIAL_SEED";
    let seed = std::env::var(SEED).map_or_else(|_| rand_seed() | 1, |seed| seed.parse().expect("a number"));
    let dir = tempfile::tempdir().unwrap();
    let (mut comparisons, mut commits, mut queries) = (0, 0, 0);
    for adapter in [Sqlite::in_memory(), Sqlite::in_dir(dir.path())] {
        let store = block_on(Club::open(adapter)).unwrap();
        let mut random = Random(seed);
        let mut watched: Vec<_> = declared(&store).into_iter().map(|query| watch(query).unwrap()).collect();
        while watched.len() < 150 {
            let sql = Writer { random: &mut random, aliases: 0, scope: Vec::new() }.statement();
            let statement = Statement::positional(sql, Vec::new());
            // What the generator writes is not always SQL.
            watched.extend(watch(BoundQuery::from_accessor(&store, "random", statement)).ok());
        }
        queries += watched.len();
        for _ in 0..120 {
            let events: Vec<_> = (0..=random.below(3)).map(|_| event(&mut random)).collect();
            store.commit(events.clone()).unwrap();
            commits += 1;
            for Watched { query, told, .. } in &watched {
                let fresh = owned(&store.read(|snap| snap.get(query)).unwrap().unwrap());
                let (served, told) = (owned(&query.get().unwrap()), told.lock().unwrap().clone());
                assert_eq!(told, fresh, "told, after {events:?}: {query:?}\nrepeat with {SEED}={seed}");
                assert_eq!(served, fresh, "served, after {events:?}: {query:?}\nrepeat with {SEED}={seed}");
                comparisons += 2;
            }
        }
    }
    println!("{queries} live queries, {commits} commits, {comparisons} comparisons, 0 stale");
}
