//! [`Report`]: what is shown of one repository.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use store_context::prelude::*;

use crate::repository::{Month, RepositoryStore, Share, Totals};
use crate::text::{counted, fit, grouped, width};
use crate::workspace::Target;

/// How many authors and files are listed.
const LISTED: u32 = 5;
/// How many months the chart has.
const MONTHS: u32 = 12;

/// A repository's numbers, all of one moment.
pub(crate) struct Report {
    name: String,
    path: String,
    new_events: u64,
    load_time: Duration,
    totals: Totals,
    authors: Rows<Share>,
    months: Rows<Month>,
    files: Rows<Share>,
}

/// When a store's newest commit was written.
pub(crate) fn newest(store: &RepositoryStore) -> Result<Option<i64>, StoreError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    store.newest(i64::try_from(now).unwrap_or(i64::MAX)).get()
}

impl Report {
    /// Reads the numbers of a store; its chart ends with the month of `until`.
    pub(crate) fn read(
        target: &Target,
        store: &RepositoryStore,
        until: Option<i64>,
        new_events: u64,
        load_time: Duration,
    ) -> Result<Self, StoreError> {
        store.read(|snap| {
            Ok(Self {
                name: target.store_id.clone(),
                path: target.listed_path(),
                new_events,
                load_time,
                totals: snap.get(&store.totals())?,
                authors: snap.get(&store.top_authors(LISTED))?,
                months: until.map(|until| snap.get(&store.by_month(until, MONTHS))).transpose()?.unwrap_or_default(),
                files: snap.get(&store.top_files(LISTED))?,
            })
        })?
    }

    /// The report as lines of `room` columns.
    pub(crate) fn lines(&self, room: usize, scale: &Scale) -> Vec<String> {
        let mut lines = self.heading(room);
        if self.totals.commits > 0 {
            lines.extend(shares("Top authors", &self.authors, room));
            lines.extend(chart(&self.months, scale, room));
            lines.extend(shares("Files that change most", &self.files, room));
        }
        lines.into_iter().map(|line| fit(&line, room)).collect()
    }

    fn heading(&self, room: usize) -> Vec<String> {
        let Totals { commits, authors, files, added, removed } = self.totals;
        let new = match self.new_events {
            0 => "nothing new".to_owned(),
            new => counted(i64::try_from(new).unwrap_or(i64::MAX), "new event"),
        };
        vec![
            self.name.clone(),
            "─".repeat(width(&self.name).min(room)),
            self.path.clone(),
            format!("{} by {} in {}", counted(commits, "commit"), counted(authors, "author"), counted(files, "file")),
            format!("{} added, {} removed", counted(added, "line"), grouped(removed)),
            format!("{new}, loaded in {}", time(self.load_time)),
        ]
    }
}

fn time(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

/// What the charts of reports that are compared have in common.
pub(crate) struct Scale {
    /// The month they begin with: before it none has a commit.
    first: String,
    /// The commits of the busiest month, for which the longest bar stands.
    peak: i64,
}

impl Scale {
    pub(crate) fn of(reports: &[&Report]) -> Self {
        let months = || reports.iter().flat_map(|report| report.months.iter()).filter(|month| month.commits > 0);
        Self {
            first: months().map(|month| month.month.clone()).min().unwrap_or_default(),
            peak: months().map(|month| month.commits).max().unwrap_or(0),
        }
    }
}

/// A table of names with their numbers; with little room only the first of these.
fn shares(title: &str, shares: &[Arc<Share>], room: usize) -> Vec<String> {
    const COLUMN: usize = 11;
    if shares.is_empty() {
        return Vec::new();
    }
    let has_lines = room >= 64;
    let columns = if has_lines { 3 } else { 1 };
    let names = room.saturating_sub(2 + columns * COLUMN);
    let line = |name: &str, numbers: [String; 3]| {
        let numbers: String = numbers.iter().take(columns).map(|number| format!("{number:>COLUMN$}")).collect();
        format!("{name}{numbers}")
    };
    let title = fit(title, names + 2);
    let mut lines = vec![String::new(), line(&title, ["commits", "added", "removed"].map(str::to_owned))];
    lines.extend(shares.iter().map(|share| {
        let name = format!("  {}", fit(&share.name, names));
        line(&name, [share.commits, share.added, share.removed].map(grouped))
    }));
    lines
}

/// A bar for each month.
fn chart(months: &[Arc<Month>], scale: &Scale, room: usize) -> Vec<String> {
    let Scale { first, peak } = scale;
    let numbers = grouped(*peak).len();
    let longest = room.saturating_sub("  2026-01  ".len() + numbers + 1).min(50);
    let mut lines = vec![String::new(), "Commits by month".to_owned()];
    lines.extend(months.iter().filter(|month| month.month >= *first).map(|month| {
        let bar = bar(month.commits, *peak, longest);
        let space = if bar.is_empty() { "" } else { " " };
        format!("  {}  {bar}{space}{}", month.month, grouped(month.commits))
    }));
    lines
}

/// A bar in eighths of a character; whatever is more than nothing can be seen.
fn bar(value: i64, peak: i64, longest: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if value <= 0 || peak <= 0 {
        return String::new();
    }
    let eighths = ((value as f64 / peak as f64) * (longest * 8) as f64).round().max(1.0) as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

/// Two reports side by side, or one below the other where there is too little room.
pub(crate) fn side_by_side(left: &Report, right: &Report, room: usize) -> Vec<String> {
    const BETWEEN: &str = " │ ";
    const NARROWEST: usize = 60;
    let scale = Scale::of(&[left, right]);
    if room < NARROWEST {
        let mut lines = left.lines(room, &scale);
        lines.push(String::new());
        lines.extend(right.lines(room, &scale));
        return lines;
    }
    let half = (room - width(BETWEEN)) / 2;
    let (left, right) = (left.lines(half, &scale), right.lines(half, &scale));
    let blank = " ".repeat(half);
    let line = |lines: &[String], index: usize| lines.get(index).unwrap_or(&blank).clone();
    (0..left.len().max(right.len()))
        .map(|index| format!("{}{BETWEEN}{}", line(&left, index), line(&right, index)))
        .collect()
}
