//! A reading list that uses all of its schema: what the mistakes of `tests/application.rs` are made in.

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Column, Clone, Debug, PartialEq)]
enum Shelf {
    Wanted,
    Reading,
    Read,
}

#[derive(Row, Clone, Debug)]
#[row(table = "authors")]
struct Author {
    #[row(primary_key)]
    id: String,
    name: String,
}

#[derive(Row, Clone, Debug)]
#[row(table = "books", index(author_id, shelf))]
struct Book {
    #[row(primary_key)]
    id: String,
    #[row(index)]
    title: String,
    #[row(references = "authors.id")]
    author_id: String,
    shelf: Shelf,
    pages: Option<i64>,
    #[row(json)]
    tags: Vec<String>,
    #[row(default = 0)]
    rank: i64,
}

#[derive(Row, Clone, Debug)]
struct BookByAuthor {
    title: String,
    author: String,
    pages: Option<i64>,
}

#[derive(Document, Clone, Debug, Default, Serialize, Deserialize)]
struct View {
    search: String,
    open: Option<String>,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum ReadingEvent {
    #[event(name = "v1.AuthorAdded")]
    AuthorAdded { id: String, name: String },
    #[event(name = "v1.BookAdded")]
    BookAdded { id: String, title: String, author_id: String },
    #[event(name = "v1.BookMoved")]
    BookMoved { id: String, rank: i64 },
    #[event(name = "v1.BookGone")]
    BookGone { id: String },
}

#[derive(StoreContext)]
#[store(events = ReadingEvent)]
struct Reading {
    authors: Table<Author>,
    books: Table<Book>,
    view: ClientDocument<View>,
    #[query("SELECT title FROM books WHERE author_id = :author ORDER BY title")]
    titles: Query<fn(author: String) -> Vec<String>>,
    #[query(
        "SELECT b.title, a.name AS author, b.pages
         FROM books b JOIN authors a ON a.id = b.author_id
         WHERE b.rank > :rank"
    )]
    by_author: Query<fn(rank: i64) -> Vec<BookByAuthor>>,
    #[query("SELECT author_id, count(*) FROM books GROUP BY author_id")]
    counts: Query<fn() -> Vec<(String, i64)>>,
    #[query("SELECT * FROM books WHERE id = :id")]
    book: Query<fn(id: String) -> Option<Book>>,
}

impl Materialize for Reading {
    fn materialize(event: ReadingEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            ReadingEvent::AuthorAdded { id, name } => {
                tx.insert(Author { id, name })?;
            }
            ReadingEvent::BookAdded { id, title, author_id } => {
                tx.insert(Book {
                    id,
                    title,
                    author_id,
                    shelf: Shelf::Wanted,
                    pages: None,
                    tags: Vec::new(),
                    rank: 0,
                })?;
            }
            ReadingEvent::BookMoved { id, rank } => {
                tx.table::<Book>().by_key(id).update(|b| b.rank.set(rank))?;
            }
            ReadingEvent::BookGone { id } => {
                tx.table::<Book>().by_key(id).delete()?;
            }
        }
        Ok(())
    }
}

fn show(store: &ReadingStore) -> Result<(), StoreError> {
    store.commit(ReadingEvent::BookGone { id: "1".into() })?;
    let books = store.books().filter(|b| b.title.eq("x")).order_by(|b| b.rank.asc()).get()?;
    for book in &books {
        println!("{} {:?} {}", book.title, book.shelf, book.rank);
    }
    println!("{}", store.books().filter(|b| b.shelf.eq(Shelf::Read)).get()?.len());
    println!("{:?}", store.authors().count().get()?);
    store.view().update(|view| view.search = "a".into())?;
    println!("{:?} {:?}", store.titles("a".into()).get()?, store.by_author(3).get()?);
    println!("{:?} {:?}", store.counts().get()?, store.book("1".into()).get()?);
    Ok(())
}

#[allow(clippy::unused_async)]
async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let registry = StoreRegistry::new();
    let provider = ReadingProvider::new().adapter(store_context_ui_tests::Dummy).store_id("me");
    let mounted = provider.mount(&registry)?;
    show(&mounted.store().await?)?;
    registry.shutdown(&ReadingKey::new(StoreId::new("me")?)).await?;
    show(&Reading::open(store_context_ui_tests::Dummy).await?)?;
    Ok(())
}

fn main() {
    drop(run());
}
