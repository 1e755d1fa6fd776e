//! The lock of an enum of events: whether today's variants read what was recorded.

use proc_macro2::TokenStream;
use syn::LitStr;

use super::{Event, Variant};
use crate::errors::Errors;
use crate::lock::{self, Block, Lock, Owner, Reader};
use crate::names::plain;

pub(super) fn hold(event: &Event<'_>, at: &LitStr, errors: &mut Errors) -> TokenStream {
    let owner = Owner::Enum(plain(event.ident));
    let record = |recorded: &[Block]| record(event, recorded);
    lock::hold(at, &owner, errors, record, |recorded, lock, errors| compare(event, recorded, lock, errors))
}

fn reader<'a>(event: &Event<'_>, variant: &Variant<'a>) -> Reader<'a> {
    let rule = variant.serde.text("rename_all").or_else(|| event.serde.text("rename_all_fields"));
    let denies_unknown_fields = event.serde.has("deny_unknown_fields");
    Reader::new(variant.ident, variant.fields, &variant.serde, rule.as_deref(), denies_unknown_fields)
}

fn block(event: &Event<'_>, variant: &Variant<'_>) -> Block {
    let mut names: Vec<String> = variant.names.iter().map(|name| name.text.clone()).collect();
    names[1..].sort_unstable();
    reader(event, variant).record(names)
}

/// Today's events, and those that are upcast, in the form that was recorded before they were.
fn record(event: &Event<'_>, recorded: &[Block]) -> Vec<Block> {
    let upcasts = event.variants.iter().flat_map(|variant| &variant.upcasts).map(|upcast| {
        let name = &upcast.from.text;
        let older = recorded.iter().find(|block| block.names.contains(name)).cloned().unwrap_or_default();
        Block { names: vec![name.clone()], upcast: true, ..older }
    });
    event.variants.iter().map(|variant| block(event, variant)).chain(upcasts).collect()
}

fn compare(event: &Event<'_>, recorded: &[Block], lock: &Lock<'_>, errors: &mut Errors) {
    for block in recorded {
        let reads = |variant: &&Variant<'_>| variant.names.iter().any(|name| block.names.contains(&name.text));
        let readers: Vec<&Variant<'_>> = event.variants.iter().filter(reads).collect();
        for variant in &readers {
            reader(event, variant).compare(block, lock, errors);
        }
        for name in block.names.iter().filter(|name| !event.knows(name)) {
            let heir = readers.first().copied().or_else(|| renamed(event, block, recorded));
            lost(event, name, block.upcast, heir, lock, errors);
        }
    }
}

/// The variant that is probably the recorded event under a new name.
fn renamed<'e, 'a>(event: &'e Event<'a>, lost: &Block, recorded: &[Block]) -> Option<&'e Variant<'a>> {
    let is_new = |variant: &&Variant<'_>| {
        !variant.names.iter().any(|name| recorded.iter().any(|block| block.names.contains(&name.text)))
    };
    let alike = |variant: &&Variant<'_>| Block { names: lost.names.clone(), ..block(event, variant) } == *lost;
    let mut candidates = event.variants.iter().filter(is_new).filter(alike);
    candidates.next().filter(|_| candidates.next().is_none())
}

fn lost(
    event: &Event<'_>,
    name: &str,
    was_upcast: bool,
    heir: Option<&Variant<'_>>,
    Lock { file, command, .. }: &Lock<'_>,
    errors: &mut Errors,
) {
    let at = heir.map_or(event.ident, |heir| heir.ident);
    let read = match was_upcast {
        true => format!("upcast_from = ({name:?}, ..)"),
        false => format!("alias = {name:?}"),
    };
    let message = format!(
        "{name:?} is recorded in `{file}` and no variant reads it; write `#[event({read})]` on the one that took its \
         place, or, where no log holds it, record that it is gone with `{command}`"
    );
    errors.push(at, message);
}

impl Event<'_> {
    fn knows(&self, name: &str) -> bool {
        let mut variants = self.variants.iter();
        variants.any(|variant| {
            let mut upcasts = variant.upcasts.iter().map(|upcast| &upcast.from);
            variant.names.iter().any(|known| known.text == name) || upcasts.any(|known| known.text == name)
        })
    }
}

#[cfg(test)]
mod tests;
