use serde::{Deserialize, Serialize};
use store_context::prelude::*;

#[derive(Row, Clone)]
#[row(table = "boards")]
struct Board {
    #[row(primary_key)]
    id: i64,
    name: String,
}

#[derive(Row, Clone)]
#[row(table = "cards")]
struct Card {
    #[row(primary_key)]
    id: i64,
    #[row(references = "boards.id")]
    board: String,
}

#[derive(Event, Clone, Serialize, Deserialize)]
enum BoardEvent {
    Added,
}

#[derive(StoreContext)]
#[store(events = BoardEvent)]
struct Boards {
    boards: Table<Board>,
    cards: Table<Card>,
}

impl Materialize for Boards {
    fn materialize(_: BoardEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        Ok(())
    }
}

fn main() {}
