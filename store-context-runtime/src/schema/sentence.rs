//! Sentences that are built while compiling: constants cannot format.

/// SQLite's names ignore case.
pub(crate) const fn same(left: &str, right: &str) -> bool {
    left.as_bytes().eq_ignore_ascii_case(right.as_bytes())
}

/// A sentence; what does not fit is cut off.
#[derive(Clone, Copy)]
pub(crate) struct Sentence {
    bytes: [u8; 2048],
    length: usize,
}

impl Sentence {
    pub(crate) const fn new(parts: &[&str]) -> Self {
        let mut sentence = Self { bytes: [0; 2048], length: 0 };
        sentence.add(parts);
        sentence
    }

    /// Adds whole parts only, so that no character is cut in two.
    pub(crate) const fn add(&mut self, parts: &[&str]) {
        let mut part = 0;
        while part < parts.len() {
            let text = parts[part].as_bytes();
            let mut index = 0;
            while self.length + text.len() - index <= self.bytes.len() && index < text.len() {
                self.bytes[self.length] = text[index];
                self.length += 1;
                index += 1;
            }
            part += 1;
        }
    }

    /// Adds a number.
    pub(crate) const fn add_number(&mut self, number: usize) {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        if number >= 10 {
            self.add_number(number / 10);
        }
        self.add(&[DIGITS[number % 10]]);
    }

    pub(crate) const fn text(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "the schema is wrong",
        }
    }
}

#[track_caller]
pub(crate) const fn fail(parts: &[&str]) -> ! {
    panic!("{}", Sentence::new(parts).text())
}

/// The number of edits between two names, whatever their case.
pub(crate) const fn distance(left: &str, right: &str) -> usize {
    const LONGEST: usize = 64;
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() > LONGEST || right.len() > LONGEST {
        return usize::MAX;
    }
    let mut row = [0; LONGEST + 1];
    let mut index = 0;
    while index <= right.len() {
        row[index] = index;
        index += 1;
    }
    index = 0;
    while index < left.len() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        let mut column = 0;
        while column < right.len() {
            let replaced = diagonal + !left[index].eq_ignore_ascii_case(&right[column]) as usize;
            diagonal = row[column + 1];
            let (above, before) = (row[column + 1] + 1, row[column] + 1);
            let gapped = if above < before { above } else { before };
            row[column + 1] = if replaced < gapped { replaced } else { gapped };
            column += 1;
        }
        index += 1;
    }
    row[right.len()]
}

/// Whether a name is probably meant by another.
pub(crate) const fn is_near(wanted: &str, name: &str) -> bool {
    distance(wanted, name) <= wanted.len().div_ceil(3)
}

/// Whether a name is the other one with `_` and more after it, whatever their case.
pub(crate) const fn extends(name: &str, begins: &str) -> bool {
    let (name, begins) = (name.as_bytes(), begins.as_bytes());
    name.len() > begins.len()
        && name[begins.len()] == b'_'
        && name.split_at(begins.len()).0.eq_ignore_ascii_case(begins)
}

/// A part of a text.
pub(crate) const fn slice(text: &str, start: usize, length: usize) -> &str {
    let (start, end) = (floor(text, start), floor(text, start + length));
    text.split_at(end).0.split_at(start).1
}

/// A position between two characters.
const fn floor(text: &str, mut position: usize) -> usize {
    if position > text.len() {
        position = text.len();
    }
    while !text.is_char_boundary(position) {
        position -= 1;
    }
    position
}

#[cfg(test)]
mod tests {
    use super::{Sentence, distance, extends, slice};

    #[test]
    fn a_sentence_is_its_parts_and_is_cut_between_characters() {
        assert_eq!(Sentence::new(&["a ", "ä", " b"]).text(), "a ä b");
        let long = "é".repeat(1100);
        assert_eq!(Sentence::new(&["kept", &long]).text(), "kept");
        let mut sentence = Sentence::new(&["n = "]);
        sentence.add_number(1204);
        assert_eq!(sentence.text(), "n = 1204");
    }

    #[test]
    fn distance_counts_edits_and_ignores_case() {
        for (left, right, edits) in [("boards", "Boards", 0), ("bords", "boards", 1), ("ab", "ba", 2), ("", "abc", 3)] {
            assert_eq!(distance(left, right), edits, "{left} {right}");
        }
    }

    #[test]
    fn a_name_extends_another_by_words() {
        for (name, begins, expected) in [
            ("author_id", "Author", true),
            ("authors", "author", false),
            ("author", "author", false),
            ("é_", "x", false),
        ] {
            assert_eq!(extends(name, begins), expected, "{name} {begins}");
        }
    }

    #[test]
    fn a_slice_ends_between_characters() {
        assert_eq!(slice("aéb", 0, 2), "a");
        assert_eq!(slice("aéb", 1, 9), "éb");
    }
}
