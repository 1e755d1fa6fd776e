//! What the library costs over the same thing written by hand on rusqlite, as ratios: `cargo bench --bench ratios`, or with
//! names after `--` these cases alone.

mod cases;
mod hand;
#[allow(missing_docs, unreachable_pub)]
mod model;
mod pair;

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--memory") {
        return cases::print_memory(&arguments.next().unwrap_or_default());
    }
    let chosen: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for (name, case) in cases::ALL {
        if chosen.is_empty() || chosen.iter().any(|chosen| name.contains(chosen.as_str())) {
            case(name);
        }
    }
}
