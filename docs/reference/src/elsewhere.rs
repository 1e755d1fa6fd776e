//! A schema whose types are elsewhere, under other names or private.

mod sealed {
    use store_context::prelude::*;

    #[derive(Row, Clone, Debug)]
    #[row(table = "lines", crate = facade)]
    pub struct Line {
        #[row(primary_key)]
        pub r#type: String,
        #[row(primary_key)]
        pub number: i64,
        hidden: Option<Vec<u8>>,
    }

    #[derive(Document, Clone, Default, serde::Serialize, serde::Deserialize)]
    pub struct View {
        pub text: String,
    }

    #[allow(unused_imports)]
    pub(super) use Line as Renamed;

    extern crate store_context as facade;
}

extern crate store_context as sc;

type Alias = crate::LaneLoad;

#[allow(clippy::type_complexity)]
#[derive(sc::StoreContext)]
#[store(name = "odd", events = super::BoardEvent, crate = sc)]
pub(crate) struct r#Struct {
    pub(crate) commit: sc::Table<self::sealed::Renamed>,
    new: sc::ClientDocument<sealed::View, String>,
    #[query("SELECT type, number FROM lines WHERE type = :store AND number > :match")]
    r#type: sc::Query<fn(store: &str, r#match: i64) -> Vec<(String, i64)>>,
    /// See [`Self::open`], which the handle has not.
    #[query("SELECT 'a' AS lane, 1 AS cards, NULL AS points")]
    loads: sc::Query<fn() -> Option<Alias>>,
    #[query("SELECT hidden FROM lines")]
    hidden: sc::Query<fn() -> Option<Option<Vec<u8>>>>,
}

impl sc::Materialize for r#Struct {
    fn materialize(_: super::BoardEvent, _: &mut sc::Tx<'_, Self>) -> Result<(), sc::MaterializeError> {
        Ok(())
    }
}

/// A schema that all may use, of types that nobody can name.
#[derive(sc::StoreContext)]
#[store(events = super::BoardEvent)]
pub struct Public {
    /// Lines.
    pub lines: sc::Table<sealed::Line>,
    /// The view.
    pub view: sc::ClientDocument<sealed::View>,
}

impl sc::Materialize for Public {
    fn materialize(_: super::BoardEvent, _: &mut sc::Tx<'_, Self>) -> Result<(), sc::MaterializeError> {
        Ok(())
    }
}
