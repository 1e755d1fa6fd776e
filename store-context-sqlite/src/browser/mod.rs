//! Shared logs in a browser's IndexedDB, one database a store. Its writing transactions run one after the other over all
//! tabs, so one transaction that reads what others appended, rebases on it and appends is the order of all. No leader, no
//! worker.
//!
//! Knows what a [`SharedLog`](crate::SharedLog) has to do, and not the replica that uses it.

mod database;
mod event_row;
mod failure;
mod images;
mod log;
mod logs;
mod requests;
mod stores;

pub(crate) use logs::BrowserLogs;
