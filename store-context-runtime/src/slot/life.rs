//! The life of a store as a table: which phase follows which. No phase changes anywhere else.

use crate::phase::Phase;

/// What happens to a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Happening {
    /// It is open, its tables fit the schema and the boot hook is done.
    Opened,
    /// The adapter, a migration or the boot hook failed.
    Failed,
    /// Nobody held it for its cache time.
    Unused,
    /// `shutdown()`.
    ShutdownAsked,
    /// Its registry is disposed or gone.
    Disposed,
    /// Its engine cannot go on.
    Broken,
    /// `retry()`.
    Retried,
    /// It is mounted while shut down.
    Mounted,
}

/// The whole table: what is not here does not happen.
const TABLE: &[(Phase, Happening, Phase)] = &[
    (Phase::Loading, Happening::Opened, Phase::Running),
    (Phase::Loading, Happening::Failed, Phase::Error),
    (Phase::Loading, Happening::Unused, Phase::Shutdown),
    (Phase::Loading, Happening::ShutdownAsked, Phase::Shutdown),
    (Phase::Loading, Happening::Disposed, Phase::Shutdown),
    (Phase::Running, Happening::Unused, Phase::Shutdown),
    (Phase::Running, Happening::ShutdownAsked, Phase::Shutdown),
    (Phase::Running, Happening::Disposed, Phase::Shutdown),
    (Phase::Running, Happening::Broken, Phase::Shutdown),
    (Phase::Error, Happening::Retried, Phase::Loading),
    (Phase::Error, Happening::Unused, Phase::Shutdown),
    (Phase::Error, Happening::Disposed, Phase::Shutdown),
    (Phase::Shutdown, Happening::Mounted, Phase::Loading),
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

    /// Goes on to the phase that the table names; where it names none, everything stays and the phase is the error.
    pub(crate) fn step(&mut self, happening: Happening) -> Result<Phase, Phase> {
        let next = TABLE.iter().find(|(from, on, _)| *from == self.phase && *on == happening);
        let (_, _, next) = next.ok_or(self.phase)?;
        self.phase = *next;
        self.generation += u64::from(*next == Phase::Loading);
        Ok(*next)
    }
}

#[cfg(test)]
mod tests {
    use super::Happening::{Broken, Disposed, Failed, Mounted, Opened, Retried, ShutdownAsked, Unused};
    use super::Phase::{Error, Loading, Running, Shutdown};
    use super::{Happening, Life, Phase};

    const PHASES: [Phase; 4] = [Loading, Running, Error, Shutdown];
    const HAPPENINGS: [Happening; 8] = [Opened, Failed, Unused, ShutdownAsked, Disposed, Broken, Retried, Mounted];

    /// The design's table, written once more and in its order.
    fn expected(from: Phase, on: Happening) -> Option<Phase> {
        match (from, on) {
            (Loading, Opened) => Some(Running),
            (Loading, Failed) => Some(Error),
            (Loading, Unused | ShutdownAsked | Disposed) => Some(Shutdown),
            (Running, Unused | ShutdownAsked | Disposed | Broken) => Some(Shutdown),
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
                match (life.step(on), expected(from, on)) {
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
