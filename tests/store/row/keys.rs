//! Composite keys, unique and multi-column indexes, foreign keys.

use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "boards")]
struct Board {
    #[row(primary_key)]
    id: i64,
    #[row(unique)]
    name: String,
}

#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "cards", unique(board, position), index(title, position))]
struct Card {
    #[row(primary_key, references = "boards.id", on_delete = "cascade")]
    board: i64,
    #[row(primary_key)]
    number: i64,
    position: i64,
    title: String,
    /// A card of a board that may go.
    #[row(references = "boards.name", on_delete = "set_null")]
    moved_to: Option<String>,
}

#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum BoardEvent {
    BoardAdded { id: i64, name: String },
    BoardReplaced { id: i64, name: String },
    BoardDeleted { id: i64 },
    CardAdded { board: i64, number: i64, position: i64, moved_to: Option<String> },
}

#[derive(StoreContext)]
#[store(name = "boards", events = BoardEvent)]
struct Boards {
    boards: Table<Board>,
    cards: Table<Card>,
    #[query("SELECT count(*) FROM cards")]
    card_count: Query<fn() -> i64>,
    #[query(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'cards' AND sql IS NOT NULL ORDER BY name"
    )]
    indexes: Query<fn() -> Vec<String>>,
}

impl Materialize for Boards {
    fn materialize(event: BoardEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            BoardEvent::BoardAdded { id, name } => tx.insert(Board { id, name })?,
            BoardEvent::BoardReplaced { id, name } => tx.insert_or_replace(Board { id, name })?,
            BoardEvent::BoardDeleted { id } => drop(tx.table::<Board>().by_key(id).delete()?),
            BoardEvent::CardAdded { board, number, position, moved_to } => {
                tx.insert(Card { board, number, position, title: format!("card {number}"), moved_to })?;
            }
        }
        Ok(())
    }
}

fn added(id: i64, name: &str) -> BoardEvent {
    BoardEvent::BoardAdded { id, name: name.into() }
}

fn card(board: i64, number: i64, moved_to: Option<&str>) -> BoardEvent {
    BoardEvent::CardAdded { board, number, position: number, moved_to: moved_to.map(Into::into) }
}

fn boards() -> BoardsStore {
    let store = block_on(Boards::open(Sqlite::in_memory())).unwrap();
    store
        .commit([added(1, "one"), added(2, "two"), card(1, 1, Some("two")), card(1, 2, None), card(2, 1, Some("one"))])
        .unwrap();
    store
}

#[test]
fn a_key_of_two_columns_finds_one_row() {
    let store = boards();
    assert_eq!(store.cards().by_key((1, 2)).get().unwrap().unwrap().title, "card 2");
    assert_eq!(store.cards().by_key((2, 2)).get().unwrap(), None);
    let same_key = BoardEvent::CardAdded { board: 1, number: 1, position: 9, moved_to: None };
    let error = store.commit(same_key).unwrap_err();
    assert!(error.to_string().contains("cards.board, cards.number"), "{error}");
}

#[test]
fn indexes_of_several_columns_are_made_and_unique_ones_hold() {
    let store = boards();
    assert_eq!(
        store.indexes().get().unwrap().to_vec(),
        ["index 3 of cards (board, position)", "index 4 of cards (title, position)"]
    );
    let same_position = BoardEvent::CardAdded { board: 1, number: 9, position: 1, moved_to: None };
    let error = store.commit(same_position).unwrap_err();
    assert!(error.to_string().contains("cards.board, cards.position"), "{error}");
}

#[test]
fn a_foreign_key_holds() {
    let store = boards();
    let error = store.commit(card(9, 1, None)).unwrap_err();
    assert!(error.to_string().contains("FOREIGN KEY"), "{error}");
}

#[test]
fn deleting_a_board_takes_its_cards_and_clears_references_and_live_queries_see_both() {
    let store = boards();
    let told: Arc<Mutex<Vec<i64>>> = Arc::default();
    let teller = told.clone();
    let _counted = store.card_count().subscribe(move |count| teller.lock().unwrap().push(count.unwrap())).unwrap();
    let cleared: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
    let teller = cleared.clone();
    let _cleared = store
        .cards()
        .by_key((2, 1))
        .subscribe(move |card| teller.lock().unwrap().push(card.unwrap().unwrap().moved_to))
        .unwrap();
    store.commit(BoardEvent::BoardDeleted { id: 1 }).unwrap();
    assert_eq!(*told.lock().unwrap(), [1], "the cascade is a change of `cards`");
    assert_eq!(*cleared.lock().unwrap(), [None]);
}

#[test]
fn replacing_a_row_takes_what_hangs_on_it_and_live_queries_see_it() {
    let store = boards();
    let told: Arc<Mutex<Vec<i64>>> = Arc::default();
    let teller = told.clone();
    let _counted = store.card_count().subscribe(move |count| teller.lock().unwrap().push(count.unwrap())).unwrap();
    store.commit(BoardEvent::BoardReplaced { id: 2, name: "renamed".into() }).unwrap();
    assert_eq!(*told.lock().unwrap(), [2]);
    assert_eq!(store.boards().by_key(2).get().unwrap().unwrap().name, "renamed");
}

/// Schemas of one name whose tables reference each other in a circle.
macro_rules! circle {
    ($name:ident, $version:literal) => {
        mod $name {
            use super::*;

            #[derive(Row, Clone, Debug, PartialEq)]
            #[row(table = "hens")]
            pub struct Hen {
                #[row(primary_key)]
                pub id: i64,
                #[row(references = "eggs.id")]
                pub hatched_from: Option<i64>,
            }

            #[derive(Row, Clone, Debug, PartialEq)]
            #[row(table = "eggs")]
            pub struct Egg {
                #[row(primary_key)]
                pub id: i64,
                #[row(references = "hens.id")]
                pub laid_by: Option<i64>,
            }

            #[derive(Event, Clone, Debug, Serialize, Deserialize)]
            pub enum FarmEvent {
                Laid { egg: i64, hen: Option<i64> },
                Hatched { hen: i64, egg: i64 },
            }

            #[derive(StoreContext)]
            #[store(name = "farm", events = FarmEvent, version = $version)]
            pub struct Farm {
                pub hens: Table<Hen>,
                pub eggs: Table<Egg>,
            }

            impl Materialize for Farm {
                fn materialize(event: FarmEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
                    match event {
                        FarmEvent::Laid { egg, hen } => tx.insert(Egg { id: egg, laid_by: hen })?,
                        FarmEvent::Hatched { hen, egg } => tx.insert(Hen { id: hen, hatched_from: Some(egg) })?,
                    }
                    Ok(())
                }
            }

            pub fn open(dir: &std::path::Path) -> FarmStore {
                block_on(Farm::open(Sqlite::in_dir(dir))).unwrap()
            }
        }
    };
}

circle!(farm, 1);
circle!(farm_later, 2);

#[test]
fn tables_that_reference_each_other_are_replayed_too() {
    let dir = tempfile::tempdir().unwrap();
    let store = farm::open(dir.path());
    store
        .commit([
            farm::FarmEvent::Laid { egg: 1, hen: None },
            farm::FarmEvent::Hatched { hen: 1, egg: 1 },
            farm::FarmEvent::Laid { egg: 2, hen: Some(1) },
        ])
        .unwrap();
    drop(store);
    let store = farm_later::open(dir.path());
    assert_eq!(store.boot_report().unwrap().replayed, 3);
    assert_eq!((store.hens().count().get().unwrap(), store.eggs().count().get().unwrap()), (1, 2));
    let dangling = farm_later::FarmEvent::Laid { egg: 3, hen: Some(9) };
    assert!(store.commit(dangling).unwrap_err().to_string().contains("FOREIGN KEY"));
}

#[test]
fn columns_named_like_sqlites_row_id_are_columns_like_others() {
    #[derive(Row, Clone, Debug, PartialEq)]
    #[row(table = "odd")]
    struct Odd {
        #[row(primary_key)]
        part: String,
        #[row(primary_key)]
        number: i64,
        #[row(rename = "_rowid_")]
        underscored: i64,
        rowid: i64,
        oid: String,
    }

    #[derive(Event, Clone, Debug, Serialize, Deserialize)]
    enum OddEvent {
        Added { part: String, number: i64 },
        OneDeleted,
        TwoRenamed,
    }

    #[derive(StoreContext)]
    #[store(name = "odd", events = OddEvent)]
    struct Odds {
        odd: Table<Odd>,
    }

    impl Materialize for Odds {
        fn materialize(event: OddEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            let first = |tx: &mut Tx<'_, Self>| tx.table::<Odd>().count();
            match event {
                OddEvent::Added { part, number } => {
                    tx.insert(Odd { part, number, underscored: 7, rowid: 7, oid: "same".into() })?;
                }
                OddEvent::OneDeleted => {
                    let before = first(tx)?;
                    assert_eq!(tx.table::<Odd>().order_by(|o| [o.part.asc(), o.number.desc()]).limit(1).delete()?, 1);
                    assert_eq!(first(tx)?, before - 1);
                }
                OddEvent::TwoRenamed => {
                    let two = tx.table::<Odd>().filter(|o| o.rowid.eq(7)).order_by(|o| o.number.asc()).limit(2);
                    assert_eq!(two.update(|o| o.oid.set("other"))?, 2);
                }
            }
            Ok(())
        }
    }

    let store = block_on(Odds::open(Sqlite::in_memory())).unwrap();
    let added = |part: &str, number| OddEvent::Added { part: part.into(), number };
    store.commit([added("a", 1), added("a", 2), added("b", 1), added("b", 2)]).unwrap();
    store.commit([OddEvent::OneDeleted, OddEvent::TwoRenamed]).unwrap();
    let rows = store.odd().order_by(|o| [o.part.asc(), o.number.asc()]).get().unwrap();
    let rows: Vec<_> = rows.iter().map(|o| (o.part.as_str(), o.number, o.oid.as_str())).collect();
    assert_eq!(rows, [("a", 1, "other"), ("b", 1, "other"), ("b", 2, "same")]);
}
