//! [`Progress`]: a bar for each repository, on the terminal's error output.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use store_context::life::{BootStatus, State, Transition};

use crate::text::fit;

/// The bars of all repositories. Where the error output is no terminal, nothing is drawn.
pub(crate) struct Progress {
    bars: MultiProgress,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { bars: MultiProgress::new() }
    }

    /// Another bar, below the others.
    pub(crate) fn bar(&self, store_id: &str) -> Bar {
        let bar = self.bars.add(ProgressBar::no_length().with_style(style("{msg}")));
        bar.set_prefix(fit(store_id, 20));
        bar.set_message("waiting");
        Bar(bar)
    }

    /// Takes the bars away again, before something else is shown.
    pub(crate) fn clear(&self) {
        // A terminal that is gone need not be cleared.
        let _ = self.bars.clear();
    }
}

/// A line with the repository's name, its bar, and this behind them.
fn style(behind: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(&format!("{{prefix}} [{{bar:24}}] {behind}"));
    style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("█▉▊▋▌▍▎▏ ")
}

/// The bar of one repository.
#[derive(Clone)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// Shows a step in the store's life.
    pub(crate) fn show(&self, transition: &Transition) {
        match &transition.to {
            State::Loading(BootStatus::Replaying { done, total }) => {
                self.count(*done, *total, "events of the log");
            }
            // The import shows how far it is.
            State::Loading(BootStatus::Booting) => {}
            State::Loading(_) => self.0.set_message("opening"),
            State::Running => {
                // Full, also where there was nothing to read.
                self.0.set_length(self.0.length().unwrap_or(1));
                self.0.finish_with_message("done");
            }
            State::Error(_) => self.0.abandon_with_message("failed"),
            // Nobody shuts a store down before all have loaded.
            _ => {}
        }
    }

    /// Git is being asked which commits there are.
    pub(crate) fn asking(&self) {
        self.0.set_style(style("{msg}"));
        self.0.unset_length();
        self.0.set_message("asking git");
    }

    /// So many commits are going to be read.
    pub(crate) fn reading(&self, commits: usize) {
        self.count(0, commits as u64, "commits");
    }

    /// So many more were.
    pub(crate) fn read(&self, commits: usize) {
        self.0.inc(commits as u64);
    }

    fn count(&self, done: u64, total: u64, what: &'static str) {
        self.0.set_style(style("{human_pos} of {human_len} {msg}"));
        self.0.set_length(total);
        self.0.set_position(done);
        self.0.set_message(what);
    }
}
