//! The board of a team, as a library: what `cargo doc` makes of a schema.
//!
//! Begin at [`Board`], the schema, and [`BoardStore`], what a program holds.

#![deny(missing_docs, warnings, rustdoc::all)]

pub mod elsewhere;

use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// Where a card stands.
#[derive(Column, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[column(rename_all = "snake_case")]
pub enum Status {
    /// Nobody began.
    Todo,
    /// Somebody works on it.
    InProgress,
    /// It is finished.
    Done,
}

/// A column of the board, such as "this week".
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "lanes")]
pub struct Lane {
    /// Names the lane.
    #[row(primary_key)]
    pub id: String,
    /// What is written above it.
    #[row(unique)]
    pub title: String,
}

/// A card on the board.
#[derive(Row, Clone, Debug, PartialEq)]
#[row(table = "cards", unique(lane, position), index(status, created_at))]
pub struct Card {
    /// Names the card.
    #[row(primary_key)]
    pub id: String,
    /// In which lane it lies.
    #[row(references = "lanes.id", on_delete = "cascade")]
    pub lane: String,
    /// How far down in its lane.
    pub position: u32,
    /// What it is about.
    pub title: String,
    /// Where it stands.
    #[row(index, default = Status::Todo)]
    pub status: Status,
    /// How much work it is.
    pub points: Option<i64>,
    /// What it belongs to.
    #[row(json, default = "[]")]
    pub labels: Vec<String>,
    /// When it was created, in milliseconds since the Unix epoch.
    #[row(rename = "created", default = 0)]
    pub created_at: i64,
}

/// How much is to be done in one lane.
#[derive(Row, Clone, Debug, PartialEq)]
pub struct LaneLoad {
    /// Names the lane.
    pub lane: String,
    /// How many cards lie in it.
    pub cards: i64,
    /// The sum of their points, where any has some.
    pub points: Option<i64>,
}

/// What this session shows and types.
#[derive(Document, Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct BoardView {
    /// Only cards in this state.
    pub filter: Option<Status>,
    /// The title of the next card.
    pub draft: String,
}

/// What is typed into a card.
#[derive(Document, Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct CardDraft {
    /// The text.
    pub text: String,
}

/// What happens on a board.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
pub enum BoardEvent {
    /// A lane was added.
    LaneAdded {
        /// Names the lane.
        id: String,
        /// What is written above it.
        title: String,
    },
    /// A card moved.
    StatusChanged {
        /// Names the card.
        id: String,
        /// Where it stands now.
        status: Status,
    },
}

/// The board of one team.
#[derive(StoreContext)]
#[store(name = "board", events = BoardEvent)]
pub struct Board {
    /// The lanes, from left to right.
    pub lanes: Table<Lane>,
    /// Every card of the board.
    pub cards: Table<Card>,
    /// What this session filters and types.
    pub view: ClientDocument<BoardView>,
    /// What is typed into each card.
    pub drafts: ClientDocument<CardDraft, String>,
    /// Cards in one state, newest first.
    #[query(
        "SELECT * FROM cards
         WHERE status = :status
         ORDER BY created DESC
         LIMIT :limit"
    )]
    pub by_status: Query<fn(status: Status, limit: u32) -> Vec<Card>>,
    /// The lane of this title, if there is one.
    #[query("SELECT * FROM lanes WHERE title = :title")]
    pub titled: Query<fn(title: &str) -> Option<Lane>>,
    /// How much is to be done, lane by lane.
    #[query("SELECT lane, count(*) AS cards, sum(points) AS points FROM cards GROUP BY lane")]
    pub loads: Query<fn() -> Vec<LaneLoad>>,
    /// How many cards there are.
    #[query("SELECT count(*) FROM cards")]
    pub total: Query<fn() -> i64>,
}

impl Materialize for Board {
    fn materialize(event: BoardEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        match event {
            BoardEvent::LaneAdded { id, title } => tx.insert(Lane { id, title })?,
            BoardEvent::StatusChanged { id, status } => {
                tx.table::<Card>().by_key(id).update(|card| card.status.set(status))?;
            }
        }
        Ok(())
    }
}

/// Nothing in a function is in the reference, nor breaks it.
#[must_use]
pub fn function_local() -> &'static str {
    #[derive(StoreContext)]
    #[store(events = BoardEvent)]
    struct Local {
        rows: Table<Inner>,
    }

    #[derive(Row, Clone)]
    #[row(table = "inner")]
    struct Inner {
        #[row(primary_key)]
        id: i64,
    }

    impl Materialize for Local {
        fn materialize(_: BoardEvent, _: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
            Ok(())
        }
    }

    Local::SCHEMA.name
}
