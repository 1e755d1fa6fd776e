//! Text for a terminal: how wide it is, cut to fit, numbers as people read them.

use std::io::IsTerminal;
use std::process::{Command, Stdio};

/// How many columns there are to write into: those that `COLUMNS` says, the terminal's, or 80.
pub(crate) fn terminal_width() -> usize {
    const USUAL: usize = 80;
    const WIDEST: usize = 100;
    let set = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = set.or_else(|| std::io::stdout().is_terminal().then(asked_width).flatten());
    width.filter(|width| *width > 0).unwrap_or(USUAL).min(WIDEST)
}

/// What `stty` says: `ROWS COLUMNS`. The standard library does not know, and this is not worth a dependency.
fn asked_width() -> Option<usize> {
    let answer = Command::new("stty").arg("size").stdin(Stdio::inherit()).stderr(Stdio::null()).output().ok()?;
    String::from_utf8_lossy(&answer.stdout).split_whitespace().nth(1)?.parse().ok()
}

/// The columns that a character takes.
fn columns(c: char) -> usize {
    match u32::from(c) {
        // Marks that are drawn onto the character before.
        0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        // East Asian scripts, full-width forms, emoji.
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// The columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Exactly so many columns: padded, or cut off with `…`. What would steer the terminal is shown as `?`.
pub(crate) fn fit(text: &str, room: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    let text = cut(text, room);
    let padding = room - width(&text);
    text + &" ".repeat(padding)
}

fn cut(text: String, room: usize) -> String {
    if width(&text) <= room {
        return text;
    }
    let mut left = room.saturating_sub(1);
    let fits = |c: &char| {
        let fits = columns(*c) <= left;
        left = left.saturating_sub(columns(*c));
        fits
    };
    let mut kept: String = text.chars().take_while(fits).collect();
    if room > 0 {
        kept.push('…');
    }
    kept
}

/// A number with a comma every three digits.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with what it counts: `1 commit`, `2 commits`.
pub(crate) fn counted(number: i64, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", grouped(number))
}
