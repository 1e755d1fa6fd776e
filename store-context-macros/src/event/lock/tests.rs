//! Before, after, and the verdict.

use syn::DeriveInput;

use super::{compare, record};
use crate::errors::Errors;
use crate::event::{Event, check, parse};
use crate::lock::{Block, Lock, Owner, Text};

fn owner() -> Owner {
    Owner::Enum("E".to_owned())
}

/// With an enum, or with these variants of one.
fn with_event<T>(code: &str, then: impl FnOnce(&Event<'_>, Errors) -> T) -> T {
    let code = if code.contains("enum E") { code.to_owned() } else { format!("enum E {{ {code} }}") };
    let (input, mut errors): (DeriveInput, _) = (syn::parse_str(&code).unwrap(), Errors::default());
    let event = parse::event(&input, &mut errors);
    check::event(&event, &mut errors);
    then(&event, errors)
}

/// The lock after an enum with these variants was recorded over `before`.
fn recorded(before: &str, variants: &str) -> String {
    with_event(variants, |event, errors| {
        assert!(errors.is_empty(), "{:?}", errors.messages());
        let mut text = Text::parse(before).unwrap();
        let blocks = record(event, text.blocks(&owner()).unwrap_or_default());
        text.replace(owner(), blocks);
        text.to_string()
    })
}

/// What the recorded enum makes of today's.
fn refused(before: &str, after: &str) -> Vec<String> {
    let text = recorded("version 1", before);
    refused_by(&text, after)
}

fn refused_by(text: &str, after: &str) -> Vec<String> {
    with_event(after, |event, mut errors| {
        let owner = owner();
        let (file, command) = ("l".to_owned(), "c".to_owned());
        let blocks: Vec<Block> = Text::parse(text).unwrap().blocks(&owner).unwrap().to_vec();
        compare(event, &blocks, &Lock { file, command, owner: &owner }, &mut errors);
        errors.messages()
    })
}

#[test]
fn what_reads_the_recorded_events_is_taken() {
    for (before, after) in [
        // As it was.
        ("A { id: String, n: Vec<u8> }", "A { id: String, n: Vec<u8> }"),
        // New events, another order, another name in the program.
        ("A { id: String }, B", "C, B, A { id: String }"),
        (r#"#[event(name = "v1.A")] A { id: String }"#, r#"#[event(name = "v1.A")] Renamed { id: String }"#),
        // Renamed events and fields with an alias.
        ("A { id: String }", r#"#[event(name = "B", alias = "A")] B { id: String }"#),
        ("A { id: String }", r#"A { #[serde(alias = "id")] key: String }"#),
        ("A { id: String }", r#"A { #[serde(rename = "id")] key: String }"#),
        ("A { my_id: u8 }", r#"#[serde(rename_all = "camelCase")] A { #[serde(alias = "my_id")] my_id: u8 }"#),
        (r#"A { #[serde(rename = "myId")] id: u8 }"#, r#"#[serde(rename_all = "camelCase")] A { my_id: u8 }"#),
        (
            r#"A { #[serde(rename = "myId")] id: u8 }"#,
            r#"#[serde(rename_all_fields = "camelCase")] enum E { A { my_id: u8 } }"#,
        ),
        (r#"#[serde(rename_all = "UPPERCASE")] enum E { A }"#, "A"),
        // New fields that may be missing.
        ("A { id: u8 }", "A { id: u8, #[serde(default)] n: u8 }"),
        ("A { id: u8 }", r#"A { id: u8, #[serde(default = "path")] n: u8 }"#),
        ("A { id: u8 }", "A { id: u8, n: ::core::option::Option<u8> }"),
        ("A { id: u8 }", "A { id: u8, #[serde(skip)] n: u8 }"),
        ("A { id: u8 }", "A { id: u8, #[serde(skip_deserializing)] n: u8 }"),
        ("A(u8, u8)", "A(u8, u8, #[serde(default)] u8)"),
        ("A(u8, u8)", "A(#[serde(skip)] u16, u8, u8)"),
        ("A { id: u8 }", "A { #[serde(default)] id: u8 }"),
        // What may be missing.
        ("A { #[serde(default)] n: Option<u8> }", "A { n: Option<u8> }"),
        // Wider types.
        ("A { n: u8 }", "A { n: Option<u8> }"),
        ("A(u8)", "A(Option<u8>)"),
        ("A { n: Vec< u8,> }", "A { n: Vec<u8> }"),
        // The form of writing is nothing to the reading.
        ("A { n: u8 }", r#"A { #[serde(serialize_with = "s")] n: u8 }"#),
        (r#"A { #[serde(with = "m")] n: u8 }"#, r#"A { #[serde(deserialize_with = "m::deserialize")] n: u8 }"#),
        ("A {}", "A"),
        ("A", "A(#[serde(skip)] u8)"),
        // An older form is read by a function, whatever it is.
        ("A { id: String }, B", r#"#[event(name = "v2.A", upcast_from = ("A", old))] A { n: u8 }, B"#),
        (
            r#"#[event(alias = "v0")] A { id: String }"#,
            r#"#[event(name = "v2", upcast_from = ("A", a), upcast_from = ("v0", b))] A(u8)"#,
        ),
    ] {
        assert_eq!(refused(before, after), [""; 0], "{before} -> {after}");
    }
}

#[test]
fn what_could_not_read_the_recorded_events_is_refused() {
    let refusals: &[(&str, &str, &[&str])] = &[
        // Removed events.
        (
            "A, B { id: u8 }",
            "A",
            &[
                r#""B" is recorded in `l` and no variant reads it; write `#[event(alias = "B")]` on the one that took its place, or, where no log holds it, record that it is gone with `c`"#,
            ],
        ),
        (r#"#[event(alias = "v0")] A"#, "A", &[r#"write `#[event(alias = "v0")]`"#]),
        ("A", "B", &[r#"write `#[event(alias = "A")]`"#]),
        // Removed and renamed fields.
        (
            "A { id: u8, n: u16 }",
            "A { id: u8 }",
            &[
                "`n` of `A` is recorded in `l` and no field reads it; put it back, or, where nobody needs what the log holds, record that it is gone with `c`",
            ],
        ),
        (
            "A { id: u8 }",
            "A { key: u8 }",
            &[
                r#"`id` of `A` is recorded in `l` and no field reads it; write `#[serde(alias = "id")]` on the field that took its place, or"#,
            ],
        ),
        (
            r#"A { #[serde(alias = "key")] id: u8 }"#,
            "A { id: u8 }",
            &[r#"`key` of `A` is recorded in `l` and no field reads it; write `#[serde(alias = "key")]`"#],
        ),
        (
            "A { my_id: u8 }",
            r#"#[serde(rename_all = "camelCase")] A { my_id: u8 }"#,
            &[r#"`#[serde(alias = "my_id")]`"#],
        ),
        // Fields that were made into others: an alias or a default would lose what the log holds.
        (
            r#"#[event(name = "v1.A")] A { id: u8, note: String }"#,
            r#"#[event(name = "v1.A")] A { id: u8, title: String, body: String }"#,
            &[
                r#"`note` of `A` is recorded in `l` and no field reads it, and `title`, `body` are new; where `note` became `title`, `body`, give today's form another name, such as "v2.A", and write `upcast_from = ("v1.A", ..)` with a function that makes them of the older one; otherwise put `note` back, or, where nobody needs what the log holds, record that it is gone with `c`"#,
            ],
        ),
        (
            "A { note: String }",
            "A { title: Option<String>, #[serde(default)] body: String }",
            &[r#"such as "v2.A", and write `upcast_from = ("A", ..)`"#],
        ),
        ("A { note: String }", "A { lines: Vec<String> }", &["and `lines` is new; where `note` became `lines`, give"]),
        ("A { a: u8, b: u8 }", "A { c: u16 }", &["`a` of `A` is", "`b` of `A` is"]),
        ("A { a: u8, b: u8 }", "A { c: u8, d: u8 }", &["where `a` became `c`, `d`", "where `b` became `c`, `d`"]),
        ("A { a: u8, b: u16 }", "A { c: u8, d: u16 }", &[r#"alias = "a""#, r#"alias = "b""#]),
        ("A { id: u8 }", "A { #[serde(skip)] id: u8 }", &["`id` of `A` is recorded"]),
        ("A { id: u8 }", "A", &["`id` of `A` is recorded"]),
        (
            "A { id: u8 }",
            "#[serde(deny_unknown_fields)] enum E { A {} }",
            &["no field reads it, so that its events would not read; put it back"],
        ),
        (
            "A(u8, u8, u16)",
            "A(u8, u8)",
            &["`2` of `A` is recorded in `l` and no field reads it, so that its events would not read; put it back"],
        ),
        // New fields that older events lack.
        (
            "A {}",
            "A { n: u8 }",
            &["`l` records events without this field; write `#[serde(default)]` on it, or make it an `Option`"],
        ),
        ("A {}", r#"A { #[serde(deserialize_with = "f")] n: Option<u8> }"#, &["without this field"]),
        (
            "A(u8, u8)",
            "A(u8, u8, Option<u8>)",
            &["`l` records events without this field; write `#[serde(default)]` on it"],
        ),
        ("A { n: u8 }", "A { n: u8, #[serde(flatten)] rest: Rest }", &["without this field"]),
        (
            "A { #[serde(default)] n: u8 }",
            "A { n: u8 }",
            &["`l` records events that may lack this field; put `#[serde(default)]` back"],
        ),
        // Types.
        (
            r#"#[event(name = "v1")] A { n: u8 }"#,
            r#"#[event(name = "v1")] A { n: u16 }"#,
            &[
                r#"`n` is recorded as `u8` in `l` and is `u16` now; give today's form another name and write `upcast_from = ("v1", ..)` with a function from the older one, or where both read alike record it with `c`"#,
            ],
        ),
        ("A { n: Option<u8> }", "A { n: u8 }", &["`n` is recorded as `Option<u8>`"]),
        ("A { n: u8 }", "A { n: Option<u16> }", &["is `Option<u16>` now"]),
        ("A { n: u8 }", r#"A { #[serde(with = "m")] n: u8 }"#, &["is `u8 by m::deserialize` now"]),
        ("A { n: u8 }", r#"A { #[serde(with = "m")] n: Option<u8> }"#, &["is `Option<u8> by m::deserialize` now"]),
        ("A { n: N }", "A { #[serde(flatten)] n: N }", &["is `N flatten` now"]),
        ("A(u8, u16)", "A(u16, u8)", &["`0` is recorded as `u8`", "`1` is recorded as `u16`"]),
        ("A { n: u8 }", r#"A { #[serde(alias = "n")] m: u16 }"#, &["`m` is recorded as `u8`"]),
        ("A { n: u8 }", r#"#[event(name = "B", alias = "A")] B { n: u16 }"#, &["`n` is recorded as `u8`"]),
        // Forms.
        ("A", "A { #[serde(default)] n: u8 }", &["`A` is recorded as `unit` in `l` and is `struct` now"]),
        ("A(u8)", "A { n: u8 }", &["`A` is recorded as `newtype` in `l` and is `struct` now"]),
        ("A(u8)", "A(u8, u8)", &["`A` is recorded as `newtype` in `l` and is `tuple` now"]),
        ("A(u8)", r#"#[serde(with = "m")] A(u8)"#, &["and is `newtype` read by `m::deserialize` now"]),
        // All of them at once.
        ("A, B { n: u8, m: u8 }", "B { n: u16 }", &[r#""A" is recorded"#, "`m` of `B`", "`n` is recorded"]),
    ];
    for &(before, after, expected) in refusals {
        let messages = refused(before, after);
        let alike = messages.len() == expected.len() && messages.iter().zip(expected).all(|(m, e)| m.contains(e));
        assert!(alike, "{before} -> {after}: {messages:#?}");
        assert_eq!(refused_by(&recorded("version 1", after), after), [""; 0], "recorded, it is taken");
    }
}

#[test]
fn an_upcast_event_stays_recorded_in_its_older_form() {
    let first = recorded("version 1", r#"#[event(alias = "v0")] A(String, u8)"#);
    let upcast = r#"#[event(name = "v2", upcast_from = ("A", a), upcast_from = ("v0", b))] A { id: String }"#;
    let second = recorded(&first, upcast);
    let blocks = "event A tuple upcast\n    0: String\n    1: u8\n\nevent v0 tuple upcast\n    0: String\n    1: u8\n";
    assert!(second.contains(blocks), "{second}");
    assert_eq!(recorded(&second, upcast), second);
    let forgotten = refused_by(&second, r#"#[event(name = "v2", upcast_from = ("A", a))] A { id: String }"#);
    assert_eq!(
        forgotten,
        [
            r#""v0" is recorded in `l` and no variant reads it; write `#[event(upcast_from = ("v0", ..))]` on the one that took its place, or, where no log holds it, record that it is gone with `c`"#
        ]
    );
    let aliased = r#"#[event(name = "v2", alias = "A", upcast_from = ("v0", b))] A { id: String }"#;
    assert!(refused_by(&second, aliased)[0].contains("`A` is recorded as `tuple` in `l` and is `struct` now"));
}
