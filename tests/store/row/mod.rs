mod keys;
mod types;
