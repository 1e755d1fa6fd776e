//! A disk that fails: what a store answers is what its file says afterwards.
//!
//! `shim.c` is preloaded into processes of their own, whose calls it lets fail. `told.rs` has a case for each kind of
//! failure; `campaign.rs` lets calls fail by chance. `FAULTS_SECONDS` says how long that goes on, 5 unless set, and
//! `FAULTS_SEED` repeats a round: `FAULTS_SECONDS=600 cargo test --test faults -- --nocapture`.

#![cfg(target_os = "linux")]
#![allow(unreachable_pub, clippy::type_complexity)]

mod campaign;
mod disk;
#[allow(dead_code)]
#[path = "../store/project.rs"]
mod project;
mod told;
