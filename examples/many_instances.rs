//! Several stores of one schema at once, by id, and two of them compared.
//!
//! `cargo run --release --example many_instances -- [LEFT RIGHT]`, for example `-- berlin oslo`

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::prelude::*;

/// How warm a month was.
#[derive(Row, Clone, Debug)]
#[row(table = "months")]
struct Month {
    #[row(primary_key)]
    month: i64,
    celsius: f64,
}

/// What a weather station reports.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum CityEvent {
    #[event(name = "v1.MonthMeasured")]
    MonthMeasured { month: i64, celsius: f64 },
}

/// The weather of one city.
#[derive(StoreContext)]
#[store(name = "city", events = CityEvent)]
struct City {
    months: Table<Month>,
    /// The mean of the year; 0 where nothing was measured.
    #[query("SELECT coalesce(avg(celsius), 0.0) FROM months")]
    mean: Query<fn() -> f64>,
}

impl Materialize for City {
    fn materialize(event: CityEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let CityEvent::MonthMeasured { month, celsius } = event;
        tx.insert_or_replace(Month { month, celsius })?;
        Ok(())
    }
}

const CITIES: [(&str, [f64; 12]); 3] = [
    ("berlin", [1.0, 2.0, 5.5, 10.1, 14.9, 18.2, 20.1, 19.6, 15.3, 10.2, 5.4, 2.2]),
    ("oslo", [-3.0, -2.4, 1.2, 6.3, 11.6, 15.6, 18.0, 16.6, 12.1, 6.6, 1.7, -2.2]),
    ("lisbon", [11.6, 12.6, 14.7, 15.9, 18.3, 21.5, 23.6, 24.0, 22.3, 18.9, 14.7, 12.3]),
];

/// A city that fills itself the first time.
fn city(id: &'static str, celsius: [f64; 12], data: &Sqlite) -> CityProvider<Sqlite> {
    CityProvider::new().adapter(data.clone()).store_id(id).on_boot(move |city| {
        if !city.months().exists().get()? {
            let measured = (1..).zip(celsius).map(|(month, celsius)| CityEvent::MonthMeasured { month, celsius });
            city.commit(measured.collect::<Vec<_>>())?;
        }
        Ok(())
    })
}

/// A row a month, the warmer one of the two marked.
fn compare(left: &CityStore, right: &CityStore) -> Result<(), StoreError> {
    println!("{:>5}  {:>8}  {:>8}", "month", left.id(), right.id());
    let (lefts, rights) =
        (left.months().order_by(|m| m.month.asc()).get()?, right.months().order_by(|m| m.month.asc()).get()?);
    for (left, right) in lefts.iter().zip(rights.iter()) {
        let sign = if left.celsius > right.celsius { '<' } else { '>' };
        println!("{:>5}  {:>8.1} {sign}{:>8.1}", left.month, left.celsius, right.celsius);
    }
    println!("{:>5}  {:>8.1}  {:>8.1}", "mean", left.mean().get()?, right.mean().get()?);
    Ok(())
}

async fn run(left: &str, right: &str) -> Result<(), StoreError> {
    let (registry, data) = (StoreRegistry::new(), Sqlite::in_dir("data"));
    // One future for all, and a result each.
    let cities = CITIES.map(|(id, celsius)| city(id, celsius, &data));
    let cities = compose(Vec::from(cities)).mount(&registry);
    for store in cities.stores().await {
        let store = store?;
        println!("{} has {} events", store.name(), store.sequence()?);
    }
    // One that is not mounted is an error which says what is.
    let (left, right) = (registry.get::<City>(&left.parse()?)?, registry.get::<City>(&right.parse()?)?);
    compare(&left.store().await?, &right.store().await?)?;
    registry.dispose().await
}

fn main() -> Result<(), StoreError> {
    let mut arguments = std::env::args().skip(1);
    let (left, right) = (arguments.next(), arguments.next());
    block_on(run(left.as_deref().unwrap_or("berlin"), right.as_deref().unwrap_or("oslo")))
}
