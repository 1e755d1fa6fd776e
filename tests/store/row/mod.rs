mod keys;
mod round_trips;
mod types;
