//! What the derive has checked of a schema while compiling. Everything here runs in constants: a panic is a compile
//! error, and its text is built in a buffer, since constants cannot format.

use crate::schema::{SchemaDef, TableDef};

/// A sentence that is built while compiling; what does not fit is cut off.
struct Sentence {
    bytes: [u8; 512],
    length: usize,
}

impl Sentence {
    const fn new(parts: &[&str]) -> Self {
        let mut sentence = Self { bytes: [0; 512], length: 0 };
        let mut part = 0;
        while part < parts.len() {
            let text = parts[part].as_bytes();
            let mut index = 0;
            // Whole parts only, so that no character is cut in two.
            while sentence.length + text.len() - index <= sentence.bytes.len() && index < text.len() {
                sentence.bytes[sentence.length] = text[index];
                sentence.length += 1;
                index += 1;
            }
            part += 1;
        }
        sentence
    }

    const fn text(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "the schema is wrong",
        }
    }
}

#[track_caller]
const fn fail(parts: &[&str]) -> ! {
    panic!("{}", Sentence::new(parts).text())
}

/// SQLite's names ignore case.
pub(crate) const fn same(left: &str, right: &str) -> bool {
    left.as_bytes().eq_ignore_ascii_case(right.as_bytes())
}

/// The number of edits between two names.
const fn distance(left: &str, right: &str) -> usize {
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

const fn is_near(wanted: &str, name: &str) -> bool {
    distance(wanted, name) <= wanted.len().div_ceil(3)
}

impl TableDef {
    const fn column(&self, name: &str) -> bool {
        let mut index = 0;
        while index < self.columns.len() {
            if same(self.columns[index].name, name) {
                return true;
            }
            index += 1;
        }
        false
    }

    /// Whether no two rows agree in this column: what a foreign key needs.
    const fn is_unique(&self, column: &str) -> bool {
        if self.primary_key.len() == 1 && same(self.primary_key[0], column) {
            return true;
        }
        let mut index = 0;
        while index < self.indexes.len() {
            let unique = &self.indexes[index];
            if unique.unique && unique.columns.len() == 1 && same(unique.columns[0], column) {
                return true;
            }
            index += 1;
        }
        false
    }

    const fn near_column(&self, wanted: &str) -> Option<&'static str> {
        let mut index = 0;
        while index < self.columns.len() {
            if is_near(wanted, self.columns[index].name) {
                return Some(self.columns[index].name);
            }
            index += 1;
        }
        None
    }
}

impl SchemaDef {
    const fn table(&self, name: &str) -> Option<&TableDef> {
        let mut index = 0;
        while index < self.tables.len() {
            if same(self.tables[index].name, name) {
                return Some(&self.tables[index]);
            }
            index += 1;
        }
        None
    }

    const fn near_table(&self, wanted: &str) -> Option<&'static str> {
        let mut index = 0;
        while index < self.tables.len() {
            if is_near(wanted, self.tables[index].name) {
                return Some(self.tables[index].name);
            }
            index += 1;
        }
        None
    }

    /// Fails while compiling where a foreign key of this table names a table or a column that is not there, or one in
    /// which two rows may agree.
    ///
    /// # Panics
    /// The derive calls it in a constant: the panic is a compile error.
    #[doc(hidden)]
    #[track_caller]
    pub const fn assert_foreign_keys(&self, table: usize) {
        let table = &self.tables[table];
        let mut index = 0;
        while index < table.foreign_keys.len() {
            let key = &table.foreign_keys[index];
            index += 1;
            let Some(other) = self.table(key.table) else {
                let (before, meant, after) = match self.near_table(key.table) {
                    Some(meant) => ("; did you mean `", meant, "`?"),
                    None => ("; add a field `Table<..>` for it", "", ""),
                };
                fail(&[
                    "column `",
                    key.column,
                    "` of the table `",
                    table.name,
                    "` references `",
                    key.table,
                    ".",
                    key.references,
                    "`, but this store has no table `",
                    key.table,
                    "`",
                    before,
                    meant,
                    after,
                ]);
            };
            if !other.column(key.references) {
                let (before, meant, after) = match other.near_column(key.references) {
                    Some(meant) => ("; did you mean `", meant, "`?"),
                    None => ("", "", ""),
                };
                fail(&[
                    "column `",
                    key.column,
                    "` of the table `",
                    table.name,
                    "` references `",
                    key.table,
                    ".",
                    key.references,
                    "`, but the table `",
                    other.name,
                    "` has no column `",
                    key.references,
                    "`",
                    before,
                    meant,
                    after,
                ]);
            }
            if !other.is_unique(key.references) {
                fail(&[
                    "column `",
                    key.column,
                    "` of the table `",
                    table.name,
                    "` references `",
                    key.table,
                    ".",
                    key.references,
                    "`, in which two rows may agree; write `#[row(unique)]` above `",
                    key.references,
                    "`, or reference the primary key",
                ]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Sentence, distance};

    #[test]
    fn a_sentence_is_its_parts_and_is_cut_between_characters() {
        assert_eq!(Sentence::new(&["a ", "ä", " b"]).text(), "a ä b");
        let long = "é".repeat(300);
        assert_eq!(Sentence::new(&["kept", &long]).text(), "kept");
    }

    #[test]
    fn distance_counts_edits_and_ignores_case() {
        for (left, right, edits) in [("boards", "Boards", 0), ("bords", "boards", 1), ("ab", "ba", 2), ("", "abc", 3)] {
            assert_eq!(distance(left, right), edits, "{left} {right}");
        }
    }
}
