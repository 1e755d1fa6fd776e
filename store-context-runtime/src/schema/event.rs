//! Events: what the log keeps, by name and JSON arguments.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Deserializer;
use serde::de::value::U32Deserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, EnumAccess, IgnoredAny, IntoDeserializer, VariantAccess, Visitor};

use crate::host::inside::{self, Inside};
use crate::host::panics::panic_message;
use crate::row::json::{self, JsonValue, unread};

/// An enum of events: implemented by `#[derive(Event)]` next to serde's two derives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "this type has no `#[derive(Event)]`",
    note = "an event is an enum with `#[derive(Event, Clone, Debug, Serialize, Deserialize)]`"
)]
pub trait Event: Sized + Send + Sync + 'static {
    /// The names under which the log keeps each variant: the name first, then its aliases and what is upcast to it; in
    /// the variants' order.
    const NAMES: &'static [&'static [&'static str]];
    /// How serde writes and reads it.
    #[doc(hidden)]
    const FORM: EventForm<Self>;
    /// The name under which the log keeps this event.
    fn name(&self) -> &'static str;
    /// Today's event of an older one, or why there is none; `None` for a name that is not upcast.
    #[doc(hidden)]
    #[must_use]
    fn __upcast(name: &str, arguments: &str) -> Option<Result<Self, String>> {
        let _ = (name, arguments);
        None
    }
}

/// How serde writes and reads an event: taken by one call, so that an enum without serde's derives is one error.
#[doc(hidden)]
#[derive(Debug)]
pub struct EventForm<E> {
    write: fn(&E) -> Result<String, serde_json::Error>,
    read: fn(Variant<'_>) -> Result<E, serde_json::Error>,
}

impl<E> EventForm<E> {
    /// That of an enum whose derive has mistakes.
    #[must_use]
    pub const fn unread() -> Self {
        Self { write: |_| Err(unread("Event")), read: |_| Err(unread("Event")) }
    }
}

/// The form of an event that serde writes and reads.
#[doc(hidden)]
#[must_use]
pub const fn event_form<E: JsonValue>() -> EventForm<E> {
    EventForm { write: |event| json::encode(event), read: |variant| E::deserialize(variant) }
}

/// Reads an older event and makes today's of it.
#[doc(hidden)]
pub fn upcast<O: DeserializeOwned, E>(arguments: &str, function: fn(O) -> E) -> Result<E, String> {
    let older = serde_json::from_str(arguments).map_err(|error| error.to_string())?;
    let _entered = inside::enter(Inside::Upcasting);
    let upcast = catch_unwind(AssertUnwindSafe(|| function(older)));
    upcast.map_err(|panic| format!("its `upcast_from` function panicked: {}", panic_message(&*panic)))
}

/// Why an event of the log is no event of the schema's enum.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// No variant has this name or alias.
    #[error("no variant is named {name:?}; name it in `#[event(alias = ..)]` of the variant that took its place")]
    Unknown {
        /// The name in the log.
        name: String,
    },
    /// The arguments do not decode.
    #[error("the arguments of {name:?} do not decode: {message}")]
    Arguments {
        /// The event's name.
        name: String,
        /// What serde says.
        message: String,
    },
    /// The event has no JSON form.
    #[error("{name:?} has no JSON form: {message}")]
    Encode {
        /// The event's name.
        name: &'static str,
        /// What serde says.
        message: String,
    },
}

/// An event as the log gives it back, so that a commit sees what every later replay sees, with its arguments.
///
/// # Errors
/// When it has no JSON form, or one that does not read back as the same event.
pub(crate) fn through_log<E: Event>(event: &E) -> Result<(E, String), EventError> {
    let name = event.name();
    let arguments = encode(event)?;
    let read = decode::<E>(name, &arguments)?;
    json::same_text(&arguments, &encode(&read)?)
        .map_err(|error| EventError::Encode { name, message: error.to_string() })?;
    Ok((read, arguments))
}

/// The arguments of an event as JSON: what serde puts beside the variant's name.
pub(crate) fn encode<E: Event>(event: &E) -> Result<String, EventError> {
    let fail = |message: String| EventError::Encode { name: event.name(), message };
    let mut json = (E::FORM.write)(event).map_err(|error| fail(error.to_string()))?;
    if !json.starts_with('{') {
        // A variant without fields is the bare string of its name.
        return Ok("null".to_owned());
    }
    // An externally tagged enum is `{"Variant":ARGUMENTS}`; the derive admits no other representation.
    let colon = end_of_key(&json).ok_or_else(|| fail("an event enum is externally tagged".to_owned()))?;
    json.truncate(json.len() - 1);
    Ok(json.split_off(colon + 1))
}

/// The position of the colon after the first key of a JSON object.
fn end_of_key(json: &str) -> Option<usize> {
    let mut escaped = false;
    let quote = json.bytes().enumerate().skip(2).find_map(|(index, byte)| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends.then_some(index)
    })?;
    json[quote + 1..].starts_with(':').then_some(quote + 1)
}

/// The event from its name and arguments.
pub(crate) fn decode<E: Event>(name: &str, arguments: &str) -> Result<E, EventError> {
    let invalid = |message: String| EventError::Arguments { name: name.to_owned(), message };
    if let Some(upcast) = E::__upcast(name, arguments) {
        return upcast.map_err(invalid);
    }
    let variant = E::NAMES
        .iter()
        .position(|names| names.contains(&name))
        .ok_or_else(|| EventError::Unknown { name: name.to_owned() })?;
    let variant = u32::try_from(variant).unwrap_or(u32::MAX);
    (E::FORM.read)(Variant { variant, arguments }).map_err(|error| invalid(error.to_string()))
}

/// Presents one variant to serde by its position, so that serde's own `rename` of it does not matter.
struct Variant<'a> {
    variant: u32,
    arguments: &'a str,
}

impl<'de> Deserializer<'de> for Variant<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = serde_json::Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Self::Error> {
        let index: U32Deserializer<serde_json::Error> = self.variant.into_deserializer();
        Ok((seed.deserialize(index)?, self))
    }
}

impl<'de> Variant<'de> {
    fn read<T>(
        self,
        read: impl FnOnce(&mut serde_json::Deserializer<serde_json::de::StrRead<'de>>) -> Result<T, serde_json::Error>,
    ) -> Result<T, serde_json::Error> {
        let mut json = serde_json::Deserializer::from_str(self.arguments);
        let value = read(&mut json)?;
        json.end()?;
        Ok(value)
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = serde_json::Error;

    fn unit_variant(self) -> Result<(), Self::Error> {
        // Fields that a variant lost since the event was written are ignored, as serde does for a struct's.
        self.read(|json| json.deserialize_ignored_any(IgnoredAny).map(|_| ()))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Self::Error> {
        self.read(|json| seed.deserialize(json))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Self::Error> {
        self.read(|json| json.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.read(|json| json.deserialize_struct("event", fields, visitor))
    }
}

/// What `commit` takes: one event, a `Vec` or an array of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event of this store",
    label = "expected `{E}`, or a `Vec` or an array of it"
)]
pub trait IntoEvents<E> {
    /// The events, in order.
    fn into_events(self) -> Vec<E>;
}

impl<E> IntoEvents<E> for E {
    fn into_events(self) -> Vec<E> {
        vec![self]
    }
}

impl<E> IntoEvents<E> for Vec<E> {
    fn into_events(self) -> Vec<E> {
        self
    }
}

impl<E, const N: usize> IntoEvents<E> for [E; N] {
    fn into_events(self) -> Vec<E> {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::{Event, EventForm, decode, encode, event_form};

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    enum Sample {
        Unit,
        #[serde(rename = "odd \"\\ name")]
        Struct {
            id: String,
            #[serde(default)]
            points: Option<i64>,
        },
        Tuple(i64, String),
        Newtype(Vec<String>),
    }

    impl Event for Sample {
        const NAMES: &'static [&'static [&'static str]] = &[&["unit"], &["struct", "older"], &["tuple"], &["newtype"]];
        const FORM: EventForm<Self> = event_form::<Self>();
        fn name(&self) -> &'static str {
            match self {
                Self::Unit => "unit",
                Self::Struct { .. } => "struct",
                Self::Tuple(..) => "tuple",
                Self::Newtype(..) => "newtype",
            }
        }
    }

    #[test]
    fn every_kind_of_variant_survives_the_log() {
        for event in [
            Sample::Unit,
            Sample::Struct { id: "a\"}:{".to_owned(), points: Some(1) },
            Sample::Tuple(1, "x".to_owned()),
            Sample::Newtype(vec!["y".to_owned()]),
        ] {
            let arguments = encode(&event).unwrap();
            assert_eq!(decode::<Sample>(event.name(), &arguments).unwrap(), event, "{arguments}");
        }
    }

    #[test]
    fn an_alias_and_a_serde_default_read_an_older_event() {
        let event = decode::<Sample>("older", r#"{"id":"a"}"#).unwrap();
        assert_eq!(event, Sample::Struct { id: "a".to_owned(), points: None });
    }

    #[test]
    fn an_unknown_name_and_broken_arguments_are_told_apart() {
        assert!(decode::<Sample>("nobody", "null").unwrap_err().to_string().contains("no variant is named"));
        assert!(decode::<Sample>("struct", "{}").unwrap_err().to_string().contains("missing field `id`"));
        assert!(decode::<Sample>("tuple", "[1]").is_err());
    }
}
