//! A name stands for one event.

use syn::Ident;

use super::Event;
use crate::errors::Errors;

/// The prefix of the events that the engine keeps for itself.
const RESERVED: &str = "store_context.";

pub(super) fn event(event: &Event<'_>, errors: &mut Errors) {
    let mut seen: Vec<(&str, &Ident)> = Vec::new();
    for variant in &event.variants {
        let ident = variant.ident;
        let today = variant.names.first().map(|name| &name.text);
        for name in variant.names.iter().chain(variant.upcasts.iter().map(|upcast| &upcast.from)) {
            let text = &name.text;
            if text.is_empty() {
                errors.push(&name.at, "an event's name is empty; write one such as \"v1.IssueCreated\"");
            } else if text.starts_with(RESERVED) {
                errors.push(
                    &name.at,
                    format!("event names beginning with `{RESERVED}` are reserved; choose another name"),
                );
            } else if let Some((_, other)) = seen.iter().find(|(seen, _)| seen == text) {
                // Two variants of one Rust name are rustc's to report.
                if *other != ident {
                    errors.push(
                        &name.at,
                        format!("{text:?} names the event `{other}` already; choose another name for `{ident}`"),
                    );
                } else if variant.upcasts.iter().any(|upcast| std::ptr::eq(name, &upcast.from)) && today == Some(text) {
                    errors.push(
                        &name.at,
                        format!("{text:?} names `{ident}` as it is today; give today's form another `name`, and this one is the older one's"),
                    );
                } else if *ident != name.at.to_string() {
                    errors.push(&name.at, format!("{text:?} names this event already; remove it here"));
                }
            }
            seen.push((text, ident));
        }
    }
}
