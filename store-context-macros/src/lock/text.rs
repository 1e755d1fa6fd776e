//! The text of a lock: a block an event or column type, a line a field, all sorted, so that it is read and merged as
//! code is.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use syn::LitStr;

/// Raised when an older crate would misread the text.
const VERSION: &str = "version 1";

const HEADER: &str = "\
# What the events of the log look like; `#[event(lock = \"..\")]` holds the code to it. To record the code of today:
# STORE_CONTEXT_EVENTS_LOCK=<package> cargo check
";

/// What a lock file holds.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Text(BTreeMap<Owner, Vec<Block>>);

/// Whose blocks they are: each type replaces its own and keeps the others'.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    /// A `#[derive(Column)]` type, which has one block.
    Column(String),
    /// A `#[derive(Event)]` enum, which has one for each event.
    Enum(String),
}

/// What is read under some names: an event, or a column type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Block {
    /// The name, then older ones.
    pub(crate) names: Vec<String>,
    pub(crate) form: Form,
    /// Whether the event is read in its older form, by a function.
    pub(crate) upcast: bool,
    /// The function that reads all of it.
    pub(crate) read_by: Option<String>,
    pub(crate) fields: Vec<Field>,
}

/// Which JSON the fields are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Form {
    /// An object; of a column type, the names of its variants.
    #[default]
    Struct,
    /// The value itself.
    Newtype,
    /// An array.
    Tuple,
    /// `null`.
    Unit,
}

/// A field, or the name of a column type's variant.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Field {
    /// The name in the JSON, then older ones; in an array the position.
    pub(crate) names: Vec<String>,
    /// Empty for a variant.
    pub(crate) ty: String,
    pub(crate) flatten: bool,
    pub(crate) read_by: Option<String>,
    /// Whether it may be missing, its type aside.
    pub(crate) default: bool,
}

impl Text {
    pub(crate) fn blocks(&self, owner: &Owner) -> Option<&[Block]> {
        self.0.get(owner).map(Vec::as_slice)
    }

    pub(crate) fn replace(&mut self, owner: Owner, mut blocks: Vec<Block>) {
        blocks.sort_by(|left, right| left.names.cmp(&right.names));
        for block in blocks.iter_mut().filter(|block| block.form == Form::Struct) {
            block.fields.sort_by(|left, right| left.names.cmp(&right.names));
        }
        self.0.insert(owner, blocks);
    }

    /// Reads it back.
    ///
    /// # Errors
    /// A sentence that names the line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut read = Self::default();
        let (mut versioned, mut owner) = (false, None);
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what: String| format!("line {}: {what}", index + 1);
            if ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|marker| line.starts_with(marker)) {
                return Err(wrong("a merge conflict is left; keep the lines of both sides".to_owned()));
            }
            if !versioned {
                check_version(line).map_err(wrong)?;
                versioned = true;
            } else {
                read.line(line, &mut owner).map_err(wrong)?;
            }
        }
        versioned.then_some(read).ok_or_else(|| format!("`{VERSION}` is missing"))
    }

    fn line(&mut self, line: &str, owner: &mut Option<Owner>) -> Result<(), String> {
        let misplaced = || format!("`{}` belongs to no event or column type", line.trim());
        let unread = || format!("`{}` is not a line of a lock", line.trim());
        if line.starts_with(' ') {
            let blocks = owner.as_ref().and_then(|owner| self.0.get_mut(owner));
            let block = blocks.and_then(|blocks| blocks.last_mut()).ok_or_else(misplaced)?;
            block.fields.push(Field::parse(line.trim_start()).ok_or_else(unread)?);
            return Ok(());
        }
        let (keyword, rest) = line.split_once(' ').ok_or_else(unread)?;
        let block = Block::parse(rest).ok_or_else(unread)?;
        let name = block.names.first().cloned().unwrap_or_default();
        let (new, blocks) = match keyword {
            "enum" => (Owner::Enum(name), Vec::new()),
            "column" => (Owner::Column(name), vec![block]),
            "event" => {
                let Some(owner @ Owner::Enum(_)) = owner else { return Err(misplaced()) };
                let blocks = self.0.entry(owner.clone()).or_default();
                if blocks.iter().any(|block| block.names.contains(&name)) {
                    return Err(format!("`{name}` is here twice; keep one of them"));
                }
                blocks.push(block);
                return Ok(());
            }
            _ => return Err(unread()),
        };
        if self.0.insert(new.clone(), blocks).is_some() {
            return Err(format!("`{line}` is here twice; keep one of them"));
        }
        *owner = Some(new);
        Ok(())
    }
}

fn check_version(line: &str) -> Result<(), String> {
    match line.strip_prefix("version ") {
        _ if line == VERSION => Ok(()),
        Some(version) => Err(format!("version {version} is another `store-context`'s; use the one that wrote it")),
        None => Err(format!("`{VERSION}` is missing before it")),
    }
}

impl Block {
    fn parse(mut rest: &str) -> Option<Self> {
        let mut block = Self { names: names(&mut rest)?, ..Self::default() };
        let mut words = rest.split_whitespace();
        while let Some(word) = words.next() {
            match word {
                "upcast" => block.upcast = true,
                "by" => block.read_by = Some(words.next()?.to_owned()),
                word => block.form = [Form::Newtype, Form::Tuple, Form::Unit].into_iter().find(|f| f.word() == word)?,
            }
        }
        Some(block)
    }
}

impl Form {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Struct => "struct",
            Self::Newtype => "newtype",
            Self::Tuple => "tuple",
            Self::Unit => "unit",
        }
    }
}

impl Field {
    fn parse(mut rest: &str) -> Option<Self> {
        let mut field = Self { names: names(&mut rest)?, ..Self::default() };
        if rest.is_empty() {
            return Some(field);
        }
        let mut ty = rest.strip_prefix(": ")?;
        loop {
            let (before, word) = ty.rsplit_once(' ').unwrap_or((ty, ""));
            match word {
                "default" => field.default = true,
                "flatten" => field.flatten = true,
                path if before.ends_with(" by") => {
                    field.read_by = Some(path.to_owned());
                    ty = before.trim_end_matches(" by");
                    continue;
                }
                _ => break,
            }
            ty = before;
        }
        ty.clone_into(&mut field.ty);
        Some(field)
    }

    /// What its value must be.
    pub(crate) fn value(&self) -> String {
        let flatten = if self.flatten { " flatten" } else { "" };
        let read_by = self.read_by.as_ref().map(|path| format!(" by {path}")).unwrap_or_default();
        format!("{}{flatten}{read_by}", self.ty)
    }
}

/// Takes `name` or `name (older, oldest)` from the beginning.
fn names(rest: &mut &str) -> Option<Vec<String>> {
    let mut names = vec![name(rest)?];
    if let Some(older) = rest.strip_prefix(" (") {
        *rest = older;
        names.push(name(rest)?);
        while let Some(more) = rest.strip_prefix(", ") {
            *rest = more;
            names.push(name(rest)?);
        }
        *rest = rest.strip_prefix(')')?;
    }
    Some(names)
}

/// Takes a name: bare, or with the quotes and escapes of a Rust string.
fn name(rest: &mut &str) -> Option<String> {
    let quoted = rest.strip_prefix('"');
    let mut escaped = false;
    let end = match quoted {
        Some(inside) => {
            inside.find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            })? + 2
        }
        None => rest.find(|c| !is_bare(c)).unwrap_or(rest.len()),
    };
    let (name, after) = rest.split_at(end);
    *rest = after;
    match quoted {
        Some(_) => syn::parse_str::<LitStr>(name).ok().map(|literal| literal.value()),
        None => (!name.is_empty()).then(|| name.to_owned()),
    }
}

fn is_bare(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@')
}

struct Names<'a>(&'a [String]);

impl Display for Names<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            f.write_str(["", " (", ", "][index.min(2)])?;
            match !name.is_empty() && name.chars().all(is_bare) {
                true => f.write_str(name)?,
                false => write!(f, "{name:?}")?,
            }
        }
        f.write_str(if self.0.len() > 1 { ")" } else { "" })
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(HEADER)?;
        writeln!(f, "{VERSION}")?;
        for (owner, blocks) in &self.0 {
            let keyword = match owner {
                Owner::Column(_) => "column",
                Owner::Enum(name) => {
                    writeln!(f, "\nenum {}", Names(std::slice::from_ref(name)))?;
                    "event"
                }
            };
            for block in blocks {
                write!(f, "\n{keyword} {block}")?;
            }
        }
        Ok(())
    }
}

impl Display for Block {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Names(&self.names))?;
        if self.form != Form::Struct {
            write!(f, " {}", self.form.word())?;
        }
        if let Some(path) = &self.read_by {
            write!(f, " by {path}")?;
        }
        writeln!(f, "{}", if self.upcast { " upcast" } else { "" })?;
        for field in &self.fields {
            write!(f, "    {}", Names(&field.names))?;
            if !field.ty.is_empty() {
                write!(f, ": {}{}", field.value(), if field.default { " default" } else { "" })?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, Field, Form, Owner, Text};

    fn field(names: &[&str], ty: &str) -> Field {
        Field { names: names.iter().map(ToString::to_string).collect(), ty: ty.to_owned(), ..Field::default() }
    }

    fn block(names: &[&str], form: Form, fields: Vec<Field>) -> Block {
        Block { names: names.iter().map(ToString::to_string).collect(), form, fields, ..Block::default() }
    }

    fn sample() -> Text {
        let mut text = Text::default();
        let title = Field { default: true, ..field(&["title", "name"], "String") };
        let due = Field { read_by: Some("iso::deserialize".into()), default: true, ..field(&["due"], "Option<u8>") };
        let rest = Field { flatten: true, ..field(&["rest"], "HashMap<String, dyn Any+Send>") };
        let older = Block { upcast: true, ..block(&["v0.Created"], Form::Tuple, vec![field(&["0"], "(A,)")]) };
        let events = vec![
            block(&["v1.Created", "odd \"\\ (name), x", ""], Form::Struct, vec![title, rest, due]),
            Block { read_by: Some("all".into()), ..block(&["v1.Cleared"], Form::Unit, vec![]) },
            older,
        ];
        text.replace(Owner::Enum("ProjectEvent".into()), events);
        text.replace(Owner::Enum("OtherEvent".into()), vec![]);
        let id = block(&["ProjectId"], Form::Newtype, vec![field(&["0"], "String")]);
        text.replace(Owner::Column("ProjectId".into()), vec![id]);
        let status = block(&["Status"], Form::Struct, vec![field(&["todo"], ""), field(&["in-progress", "doing"], "")]);
        text.replace(Owner::Column("Status".into()), vec![status]);
        text
    }

    #[test]
    fn a_lock_is_a_sorted_text() {
        let text = sample().to_string();
        let (header, rest) = text.split_once("version 1\n").unwrap();
        assert!(header.lines().all(|line| line.starts_with("# ") && line.len() <= 120), "{header}");
        assert_eq!(
            rest,
            r#"
column ProjectId newtype
    0: String

column Status
    in-progress (doing)
    todo

enum OtherEvent

enum ProjectEvent

event v0.Created tuple upcast
    0: (A,)

event v1.Cleared unit by all

event v1.Created ("odd \"\\ (name), x", "")
    due: Option<u8> by iso::deserialize default
    rest: HashMap<String, dyn Any+Send> flatten
    title (name): String default
"#
        );
    }

    #[test]
    fn a_lock_reads_back_as_it_was_written() {
        assert_eq!(Text::parse(&sample().to_string()), Ok(sample()));
        assert_eq!(Text::parse(&sample().to_string().replace('\n', "\r\n")), Ok(sample()));
    }

    #[test]
    fn an_owner_replaces_its_own_blocks_and_keeps_the_others() {
        let mut text = sample();
        text.replace(Owner::Enum("ProjectEvent".into()), vec![]);
        let mut expected = sample();
        expected.0.remove(&Owner::Enum("ProjectEvent".into()));
        expected.0.insert(Owner::Enum("ProjectEvent".into()), vec![]);
        assert_eq!(text, expected);
        assert_eq!(text.blocks(&Owner::Column("Status".into())), sample().blocks(&Owner::Column("Status".into())));
    }

    #[test]
    fn what_does_not_read_is_named_by_its_line() {
        for (text, expected) in [
            ("", "`version 1` is missing"),
            ("event A", "line 1: `version 1` is missing before it"),
            ("# x\n\nversion 2", "line 3: version 2 is another `store-context`'s; use the one that wrote it"),
            ("version 1\nevent A", "line 2: `event A` belongs to no event or column type"),
            ("version 1\n    id: String", "line 2: `id: String` belongs to no event or column type"),
            ("version 1\nenum E\n    id: String", "line 3: `id: String` belongs to no event or column type"),
            ("version 1\nenum E\nevent A\n    id String", "line 4: `id String` is not a line of a lock"),
            ("version 1\nenum E\nevent A square", "line 3: `event A square` is not a line of a lock"),
            ("version 1\nenum E\nevent A (B", "line 3: `event A (B` is not a line of a lock"),
            ("version 1\nenum E\nevent \"A", "line 3: `event \"A` is not a line of a lock"),
            ("version 1\nenum E\nevent A\nevent A", "line 4: `A` is here twice; keep one of them"),
            ("version 1\ncolumn C\ncolumn C", "line 3: `column C` is here twice; keep one of them"),
            (
                "version 1\nenum E\n<<<<<<< HEAD\nevent A",
                "line 3: a merge conflict is left; keep the lines of both sides",
            ),
        ] {
            assert_eq!(Text::parse(text).unwrap_err(), expected, "{text:?}");
        }
    }
}
