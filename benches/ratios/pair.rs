//! A case and its hand-written equivalent, run in turn in one process.

use std::time::{Duration, Instant};

/// How long one side of a round runs at least.
const SIDE: Duration = Duration::from_millis(20);

/// How often each side runs.
const ROUNDS: usize = 15;

/// Nanoseconds an operation, of both sides of one round.
type Round = (f64, f64);

/// Runs both sides in turn and prints the ratio. Each closure does one operation, or as many as `each` says.
pub(crate) fn compare(name: &str, each: u32, mut ours: impl FnMut(), mut base: impl FnMut()) {
    let times = calls_in(SIDE, &mut ours).min(calls_in(SIDE, &mut base));
    let rounds = in_turn(ROUNDS, || time(times, &mut ours), || time(times, &mut base));
    report(name, f64::from(each), rounds);
}

/// As [`compare`], of what each side says it took: for cases with a part that does not count.
pub(crate) fn compare_timed(
    name: &str,
    rounds: usize,
    mut ours: impl FnMut() -> Duration,
    mut base: impl FnMut() -> Duration,
) {
    let nanoseconds = |duration: Duration| duration.as_secs_f64() * 1e9;
    report(name, 1.0, in_turn(rounds, || nanoseconds(ours()), || nanoseconds(base())));
}

/// What both sides took in each round. Whatever changes while the machine runs meets both sides first equally often.
fn in_turn(rounds: usize, mut ours: impl FnMut() -> f64, mut base: impl FnMut() -> f64) -> Vec<Round> {
    let round = |round: usize| {
        if round.is_multiple_of(2) {
            let ours = ours();
            (ours, base())
        } else {
            let base = base();
            (ours(), base)
        }
    };
    (0..rounds).map(round).collect()
}

/// Prints a ratio of two amounts that are not times.
pub(crate) fn compare_amounts(name: &str, unit: &str, ours: f64, base: f64) {
    println!("ratio {name} ours_{unit}={ours:.0} base_{unit}={base:.0} ratio={:.2}", ours / base);
}

fn report(name: &str, each: f64, rounds: Vec<Round>) {
    let ours = median(rounds.iter().map(|(ours, _)| ours / each).collect());
    let base = median(rounds.iter().map(|(_, base)| base / each).collect());
    let ratios: Vec<f64> = rounds.iter().map(|(ours, base)| ours / base).collect();
    let (least, most) =
        ratios.iter().fold((f64::MAX, 0.0_f64), |(least, most), ratio| (least.min(*ratio), most.max(*ratio)));
    let ratio = median(ratios);
    println!("ratio {name} ours_ns={ours:.0} base_ns={base:.0} ratio={ratio:.2} spread={least:.2}..{most:.2}");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

fn time(times: u32, side: &mut impl FnMut()) -> f64 {
    let began = Instant::now();
    (0..times).for_each(|_| side());
    began.elapsed().as_secs_f64() * 1e9 / f64::from(times)
}

/// How often a side runs in a time. It warms up what both sides keep.
fn calls_in(span: Duration, side: &mut impl FnMut()) -> u32 {
    let mut times = 1;
    loop {
        let began = Instant::now();
        (0..times).for_each(|_| side());
        if began.elapsed() >= span {
            return times;
        }
        times *= 2;
    }
}
