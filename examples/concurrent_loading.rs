//! Three stores load side by side. One is slow and one fails: the third is used meanwhile, and the slow one as soon as it
//! is ready. The failing one is retried when its cause is gone, and comes up.
//!
//! `cargo run --release --example concurrent_loading`

use std::fs;

use futures::executor::block_on;
use serde::{Deserialize, Serialize};
use store_context::life::{State, Transition};
use store_context::prelude::*;
use store_context::registry::StoreName;

/// A measured value.
#[derive(Row, Clone, Debug)]
#[row(table = "measurements")]
struct Measurement {
    #[row(primary_key)]
    number: i64,
    celsius: f64,
}

/// What a sensor reports.
#[derive(Event, Clone, Debug, Serialize, Deserialize)]
enum SensorEvent {
    #[event(name = "v1.Measured")]
    Measured { celsius: f64 },
}

/// The store of one sensor.
#[derive(StoreContext)]
#[store(name = "sensor", events = SensorEvent)]
struct Sensor {
    measurements: Table<Measurement>,
    /// The mean of all measurements.
    #[query("SELECT coalesce(avg(celsius), 0.0) FROM measurements")]
    mean: Query<fn() -> f64>,
}

impl Materialize for Sensor {
    fn materialize(event: SensorEvent, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {
        let SensorEvent::Measured { celsius } = event;
        let number = i64::try_from(tx.meta().sequence)?;
        tx.insert(Measurement { number, celsius })?;
        Ok(())
    }
}

fn measured(celsius: impl Into<f64>) -> SensorEvent {
    SensorEvent::Measured { celsius: celsius.into() }
}

/// Tells each phase a store comes to.
fn tell(store: &StoreName, transition: &Transition) {
    match &transition.to {
        State::Loading(status) => println!("  {store}: {status:?}"),
        State::Error(error) => println!("  {error}"),
        step => println!("  {store}: {}", step.phase()),
    }
}

fn mount(
    registry: &StoreRegistry,
    provider: SensorProvider<Sqlite>,
) -> Result<(Mounted<Sensor>, Subscription), StoreError> {
    let mounted = provider.mount(registry)?;
    let name = mounted.name().clone();
    let observes = mounted.observe_now(move |transition| tell(&name, transition));
    Ok((mounted, observes))
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let registry = StoreRegistry::new();
    let memory = Sqlite::in_memory();
    // Slow: its boot hook has much to read in before the store is anybody's.
    let slow = SensorProvider::new().adapter(memory.clone()).store_id("slow").on_boot(|sensor| {
        for day in 0..400_u32 {
            sensor.commit((0..100_u32).map(|hour| measured(day % 30 + hour % 7)).collect::<Vec<_>>())?;
        }
        Ok(())
    });
    // Failing: a file lies where its directory should be.
    let directory = std::env::temp_dir().join(format!("store-context-{}", std::process::id()));
    fs::write(&directory, "in the way")?;
    let failing = SensorProvider::new().adapter(Sqlite::in_dir(&directory)).store_id("failing");

    println!("all three begin to load:");
    let (slow, _tells_slow) = mount(&registry, slow)?;
    let (failing, _tells_failing) = mount(&registry, failing)?;
    let (quick, _tells_quick) = mount(&registry, SensorProvider::new().adapter(memory).store_id("quick"))?;

    let sensor = quick.store().await?;
    sensor.commit([measured(20), measured(22)])?;
    println!("{} is used: its mean is {} °C", sensor.name(), sensor.mean().get()?);

    let error = failing.store().await.map(|_| ()).expect_err("there is a file in the way");
    println!(
        "{} has failed{}",
        failing.name(),
        if error.is_retryable() { "" } else { ", and will until something changes" }
    );
    fs::remove_file(&directory)?;
    failing.retry()?;
    let sensor = failing.store().await?;
    println!("{} has come up in generation {}", sensor.name(), failing.generation());

    let sensor = slow.store().await?;
    println!("{} is ready too, with {} measurements", sensor.name(), sensor.measurements().count().get()?);
    println!("{}", registry.snapshot());
    registry.dispose().await?;
    fs::remove_dir_all(&directory)?;
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    block_on(run())
}
