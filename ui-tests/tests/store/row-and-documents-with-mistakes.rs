// errors: 3
// Mistakes of a row and of documents are the only ones: what the schema says of their tables is not held against it.
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "authors")]
pub struct Author {
    #[row(primry_key)]
    pub id: String,
    pub name: String,
}

#[derive(Row, Clone)]
#[row(table = "books")]
pub struct Book {
    #[row(primary_key)]
    pub id: String,
    #[row(references = "authors.id")]
    pub author: String,
    pub title: String,
}

#[derive(Row, Clone)]
pub struct Listed {
    pub title: String,
    pub author_name: String,
}

#[derive(Document, Clone, Default, Serialize, Deserialize)]
#[document(nam = "search")]
pub struct Search {
    pub text: String,
}

#[derive(Document, Clone, Default, Serialize, Deserialize)]
#[document(name = "sqlite_session")]
pub struct Session {
    pub started: i64,
}

#[derive(Event, Clone, Serialize, Deserialize)]
pub enum ReadingEvent {
    Cleared,
}

#[derive(StoreContext)]
#[store(events = ReadingEvent)]
pub struct Reading {
    pub authors: Table<Author>,
    pub books: Table<Book>,
    pub search: ClientDocument<Search>,
    pub session: ClientDocument<Session>,
    #[query("SELECT count(*) FROM search")]
    pub searches: Query<fn() -> i64>,
    #[query("SELECT * FROM authors WHERE id = :id")]
    pub author: Query<fn(id: &str) -> Option<Author>>,
    #[query("SELECT name FROM authors")]
    pub names: Query<fn() -> Vec<String>>,
    #[query("SELECT books.title, authors.name AS author_name FROM books JOIN authors ON authors.id = books.author")]
    pub listed: Query<fn() -> Vec<Listed>>,
    #[query("SELECT name, count(title) FROM authors AS a LEFT JOIN books ON author = a.id GROUP BY name")]
    pub counts: Query<fn() -> Vec<(String, i64)>>,
}

impl Materialize for Reading {
    fn materialize(_: ReadingEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        tx.table::<Author>().by_key("1").delete()?;
        Ok(())
    }
}

fn main() {}
