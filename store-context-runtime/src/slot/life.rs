//! The life of a store as a state machine: a table of states, triggers and transitions. Every phase changes here.

use crate::phase::Phase;

/// What makes a store change its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Trigger {
    /// It is open, its tables fit the schema and the boot hook is done.
    Opened,
    /// The adapter, a migration or the boot hook failed.
    Failed,
    /// Nobody held it for its cache time.
    Unused,
    /// `shutdown()`.
    ShutdownRequested,
    /// Its registry is disposed or gone.
    Disposed,
    /// Its engine cannot go on.
    Broken,
    /// `retry()`.
    Retried,
    /// It is mounted while shut down.
    Mounted,
}

/// Every transition: from this phase, on this trigger, to that phase. There is no other.
const TABLE: &[(Phase, Trigger, Phase)] = &[
    (Phase::Loading, Trigger::Opened, Phase::Running),
    (Phase::Loading, Trigger::Failed, Phase::Error),
    (Phase::Loading, Trigger::Unused, Phase::Shutdown),
    (Phase::Loading, Trigger::ShutdownRequested, Phase::Shutdown),
    (Phase::Loading, Trigger::Disposed, Phase::Shutdown),
    (Phase::Running, Trigger::Unused, Phase::Shutdown),
    (Phase::Running, Trigger::ShutdownRequested, Phase::Shutdown),
    (Phase::Running, Trigger::Disposed, Phase::Shutdown),
    (Phase::Running, Trigger::Broken, Phase::Shutdown),
    (Phase::Error, Trigger::Retried, Phase::Loading),
    (Phase::Error, Trigger::Unused, Phase::Shutdown),
    (Phase::Error, Trigger::Disposed, Phase::Shutdown),
    (Phase::Shutdown, Trigger::Mounted, Phase::Loading),
];

/// The phase of one store, and which generation of it is meant: each time it loads is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    phase: Phase,
    generation: u64,
}

impl Life {
    /// Before the first generation.
    pub(crate) const fn new() -> Self {
        Self { phase: Phase::Shutdown, generation: 0 }
    }

    pub(crate) fn phase(self) -> Phase {
        self.phase
    }

    pub(crate) fn generation(self) -> u64 {
        self.generation
    }

    /// Makes the transition that the table names, and gives the new phase. Where the table names none, nothing changes and
    /// the present phase is the error.
    pub(crate) fn transition(&mut self, trigger: Trigger) -> Result<Phase, Phase> {
        let next = TABLE.iter().find(|(from, on, _)| *from == self.phase && *on == trigger);
        let (_, _, next) = next.ok_or(self.phase)?;
        self.phase = *next;
        self.generation += u64::from(*next == Phase::Loading);
        Ok(*next)
    }
}

#[cfg(test)]
mod tests {
    use super::Phase::{Error, Loading, Running, Shutdown};
    use super::Trigger::{Broken, Disposed, Failed, Mounted, Opened, Retried, ShutdownRequested, Unused};
    use super::{Life, Phase, Trigger};

    const PHASES: [Phase; 4] = [Loading, Running, Error, Shutdown];
    const HAPPENINGS: [Trigger; 8] = [Opened, Failed, Unused, ShutdownRequested, Disposed, Broken, Retried, Mounted];

    /// The design's table, written once more and in its order.
    fn expected(from: Phase, on: Trigger) -> Option<Phase> {
        match (from, on) {
            (Loading, Opened) => Some(Running),
            (Loading, Failed) => Some(Error),
            (Loading, Unused | ShutdownRequested | Disposed) => Some(Shutdown),
            (Running, Unused | ShutdownRequested | Disposed | Broken) => Some(Shutdown),
            (Error, Retried) => Some(Loading),
            (Error, Unused | Disposed) => Some(Shutdown),
            (Shutdown, Mounted) => Some(Loading),
            _ => None,
        }
    }

    #[test]
    fn the_table_holds_and_every_other_transition_is_refused() {
        for from in PHASES {
            for on in HAPPENINGS {
                let before = Life { phase: from, generation: 7 };
                let mut life = before;
                match (life.transition(on), expected(from, on)) {
                    (Ok(next), Some(expected)) => {
                        assert_eq!((next, life.phase()), (expected, expected), "{from:?} on {on:?}");
                        let new = u64::from(expected == Loading);
                        assert_eq!(life.generation(), 7 + new, "only loading begins a generation");
                    }
                    (Err(phase), None) => {
                        assert_eq!((phase, life), (from, before), "{from:?} on {on:?} changes nothing");
                    }
                    (answered, expected) => panic!("{from:?} on {on:?}: {answered:?}, not {expected:?}"),
                }
            }
        }
    }

    #[test]
    fn every_phase_can_be_reached_and_left() {
        for phase in PHASES {
            assert!(PHASES.iter().any(|from| HAPPENINGS.iter().any(|on| expected(*from, *on) == Some(phase))));
            assert!(HAPPENINGS.iter().any(|on| expected(phase, *on).is_some()));
        }
    }
}
