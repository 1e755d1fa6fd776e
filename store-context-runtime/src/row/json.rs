//! JSON as it is stored: what is written reads back as it was, or it is refused, and equal values have one text.
//!
//! Everything that a store keeps as JSON goes through [`encode`]: events, client documents, JSON columns and the elements
//! that a filter looks for.

use serde::de::DeserializeOwned;
use serde::ser::{
    Error, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant,
};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::row::column::ColumnError;
use crate::row::value::{Value, ValueRef};

/// A type that a JSON column stores: any that serde writes and reads.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored as JSON",
    label = "serde does not write and read `{Self}`",
    note = "put `#[derive(Serialize, Deserialize)]` on `{Self}`"
)]
pub trait JsonValue: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> JsonValue for T {}

/// Why nothing is written or read of a type whose derive has mistakes.
pub(crate) fn unread(derive: &str) -> serde_json::Error {
    Error::custom(format_args!("`#[derive({derive})]` has mistakes"))
}

/// The JSON text of a value.
///
/// # Errors
/// When the type's `Serialize` fails, or the value holds what JSON has no form for: a float that is not finite, or a
/// `Some` around something that is `null` too.
pub(crate) fn encode(value: &(impl Serialize + ?Sized)) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Strict::new(value))
}

/// The JSON text of a value that reads back as the same value.
///
/// # Errors
/// As [`encode`], and when the text does not read back, or reads back as another value.
pub(crate) fn encode_checked<T: JsonValue>(value: &T) -> Result<String, serde_json::Error> {
    let text = encode(value)?;
    let read: T = decode(&text)?;
    same_text(&text, &encode(&read)?)?;
    Ok(text)
}

/// The value of a JSON column, as text.
///
/// # Errors
/// When the value has no JSON form, or one that does not read back.
pub(crate) fn to_value<T: JsonValue>(value: &T) -> Result<Value, ColumnError> {
    encode_checked(value)
        .map(Value::Text)
        .map_err(|error| ColumnError::Invalid(format!("the value cannot be stored as JSON: {error}")))
}

/// The value of a JSON column that may be `NULL`, which `None` is.
///
/// # Errors
/// As [`to_value`].
pub(crate) fn to_nullable_value<T: JsonValue>(value: &Option<T>) -> Result<Value, ColumnError> {
    value.as_ref().map_or(Ok(Value::Null), to_value)
}

/// The value of a JSON column from its text.
///
/// # Errors
/// When the text is not JSON of this type.
pub(crate) fn from_value<T: JsonValue>(value: ValueRef<'_>) -> Result<T, ColumnError> {
    match value {
        ValueRef::Text(text) => {
            serde_json::from_str(text).map_err(|error| ColumnError::Invalid(format!("JSON: {error}")))
        }
        other => Err(ColumnError::wrong_type("JSON text", other)),
    }
}

/// A list as a parameter of a query: JSON, which `json_each(:ids)` gives the items of.
#[doc(hidden)]
#[must_use]
pub fn json_list(items: impl Iterator<Item = Value>) -> Value {
    let mut text = String::new();
    for item in items {
        text.push(if text.is_empty() { '[' } else { ',' });
        match item {
            Value::Null => text.push_str("null"),
            Value::Integer(number) => text.push_str(&number.to_string()),
            // Refused where it is bound, as outside a list.
            Value::Real(number) if number.is_nan() => return Value::Real(number),
            // What SQLite itself writes for a number that JSON cannot name.
            Value::Real(number) if number.is_infinite() => text.push_str(if number > 0.0 { "9e999" } else { "-9e999" }),
            Value::Real(number) => text.push_str(&serde_json::Value::from(number).to_string()),
            Value::Text(item) => text.push_str(&serde_json::Value::from(item).to_string()),
            // JSON has no bytes; `hex(..)` of a column is this text.
            Value::Blob(bytes) => text.push_str(&format!("\"{}\"", hex(&bytes))),
        }
    }
    text.push_str(if text.is_empty() { "[]" } else { "]" });
    Value::Text(text)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The value of a text that [`encode`] wrote.
///
/// # Errors
/// When it does not read back: it is nested too deep, for example, or the type reads less than it writes.
pub(crate) fn decode<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text)
        .map_err(|error| Error::custom(format_args!("what was written does not read back: {error}")))
}

/// Refuses a value whose text differs from that of the value read back.
pub(crate) fn same_text(written: &str, read: &str) -> Result<(), serde_json::Error> {
    if written == read {
        return Ok(());
    }
    let differs = written.bytes().zip(read.bytes()).take_while(|(written, read)| written == read).count();
    let (written, read) = (around(written, differs), around(read, differs));
    Err(Error::custom(format_args!(
        "{written} was written and reads back as {read}; correct its serde attributes, or use a type with a fixed order \
         (`BTreeSet` for `HashSet`)"
    )))
}

/// The part of a text around a byte.
fn around(text: &str, at: usize) -> String {
    let (start, end) =
        (text.floor_char_boundary(at.saturating_sub(20)), text.floor_char_boundary(at.saturating_add(20)));
    format!("`{}{}{}`", if start > 0 { ".." } else { "" }, &text[start..end], if end < text.len() { ".." } else { "" })
}

/// Writes a value as serde does, with what cannot be read back refused and the entries of maps sorted.
struct Strict<'a, T: ?Sized> {
    value: &'a T,
    /// Inside a `Some`, where `null` would be `None`.
    is_some: bool,
}

impl<'a, T: ?Sized> Strict<'a, T> {
    fn new(value: &'a T) -> Self {
        Self { value, is_some: false }
    }
}

impl<T: Serialize + ?Sized> Serialize for Strict<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Writer { inner: serializer, is_some: self.is_some })
    }
}

struct Writer<S> {
    inner: S,
    is_some: bool,
}

impl<S: Serializer> Writer<S> {
    fn null(self, write: impl FnOnce(S) -> Result<S::Ok, S::Error>) -> Result<S::Ok, S::Error> {
        if self.is_some {
            return Err(S::Error::custom("`Some(None)` has no JSON form of its own: it would read back as `None`"));
        }
        write(self.inner)
    }
}

fn finite<E: Error>(value: f64) -> Result<(), E> {
    if value.is_finite() {
        return Ok(());
    }
    Err(E::custom(format_args!("{value} has no JSON form; store `None` in an `Option`, or a text")))
}

macro_rules! pass_on {
    ($($name:ident $ty:ty;)*) => {$(
        fn $name(self, value: $ty) -> Result<S::Ok, S::Error> {
            self.inner.$name(value)
        }
    )*};
}

impl<S: Serializer> Serializer for Writer<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Parts<S::SerializeSeq>;
    type SerializeTuple = Parts<S::SerializeTuple>;
    type SerializeTupleStruct = Parts<S::SerializeTupleStruct>;
    type SerializeTupleVariant = Parts<S::SerializeTupleVariant>;
    type SerializeMap = Entries<S>;
    type SerializeStruct = Parts<S::SerializeStruct>;
    type SerializeStructVariant = Parts<S::SerializeStructVariant>;

    pass_on! {
        serialize_bool bool;
        serialize_i8 i8;
        serialize_i16 i16;
        serialize_i32 i32;
        serialize_i64 i64;
        serialize_i128 i128;
        serialize_u8 u8;
        serialize_u16 u16;
        serialize_u32 u32;
        serialize_u64 u64;
        serialize_u128 u128;
        serialize_char char;
        serialize_str &str;
        serialize_bytes &[u8];
    }

    fn serialize_f32(self, value: f32) -> Result<S::Ok, S::Error> {
        finite(value.into())?;
        self.inner.serialize_f32(value)
    }

    fn serialize_f64(self, value: f64) -> Result<S::Ok, S::Error> {
        finite(value)?;
        self.inner.serialize_f64(value)
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.null(S::serialize_none)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_some(&Strict { value, is_some: true })
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.null(S::serialize_unit)
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<S::Ok, S::Error> {
        self.null(|inner| inner.serialize_unit_struct(name))
    }

    fn serialize_unit_variant(self, name: &'static str, index: u32, variant: &'static str) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_newtype_struct(name, &Strict { value, is_some: self.is_some })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_newtype_variant(name, index, variant, &Strict::new(value))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        self.inner.serialize_seq(length).map(Parts)
    }

    fn serialize_tuple(self, length: usize) -> Result<Self::SerializeTuple, S::Error> {
        self.inner.serialize_tuple(length).map(Parts)
    }

    fn serialize_tuple_struct(self, name: &'static str, length: usize) -> Result<Self::SerializeTupleStruct, S::Error> {
        self.inner.serialize_tuple_struct(name, length).map(Parts)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        self.inner.serialize_tuple_variant(name, index, variant, length).map(Parts)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        Ok(Entries { inner: self.inner, entries: Vec::new(), key: None })
    }

    fn serialize_struct(self, name: &'static str, length: usize) -> Result<Self::SerializeStruct, S::Error> {
        self.inner.serialize_struct(name, length).map(Parts)
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        self.inner.serialize_struct_variant(name, index, variant, length).map(Parts)
    }
}

/// The parts of a sequence or of a struct, each written strictly.
struct Parts<P>(P);

macro_rules! parts {
    ($($trait:ident $name:ident;)*) => {$(
        impl<P: $trait> $trait for Parts<P> {
            type Ok = P::Ok;
            type Error = P::Error;

            fn $name<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), P::Error> {
                self.0.$name(&Strict::new(value))
            }

            fn end(self) -> Result<P::Ok, P::Error> {
                self.0.end()
            }
        }
    )*};
}

parts! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

macro_rules! fields {
    ($($trait:ident)*) => {$(
        impl<P: $trait> $trait for Parts<P> {
            type Ok = P::Ok;
            type Error = P::Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), P::Error> {
                self.0.serialize_field(key, &Strict::new(value))
            }

            fn skip_field(&mut self, key: &'static str) -> Result<(), P::Error> {
                self.0.skip_field(key)
            }

            fn end(self) -> Result<P::Ok, P::Error> {
                self.0.end()
            }
        }
    )*};
}

fields! { SerializeStruct SerializeStructVariant }

/// The entries of a map, written in the order of their keys.
struct Entries<S> {
    inner: S,
    entries: Vec<(String, Box<RawValue>)>,
    key: Option<String>,
}

impl<S: Serializer> SerializeMap for Entries<S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        // As the one key of a map: serde_json writes numbers and the like as texts there.
        let object = serde_json::to_string(&OneKey(key)).map_err(S::Error::custom)?;
        let key = object.strip_prefix('{').and_then(|object| object.strip_suffix(":null}"));
        self.key = key.and_then(|key| serde_json::from_str(key).ok());
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        let key = self.key.take().ok_or_else(|| S::Error::custom("a map's value comes before its key"))?;
        let value = encode(value).and_then(RawValue::from_string).map_err(S::Error::custom)?;
        self.entries.push((key, value));
        Ok(())
    }

    fn end(mut self) -> Result<S::Ok, S::Error> {
        self.entries.sort_by(|(left, _), (right, _)| left.cmp(right));
        let mut map = self.inner.serialize_map(Some(self.entries.len()))?;
        for (key, value) in &self.entries {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

struct OneKey<'a, T: ?Sized>(&'a T);

impl<T: Serialize + ?Sized> Serialize for OneKey<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.0, &())?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap, HashSet};

    use serde::{Deserialize, Serialize};

    use super::{encode, encode_checked};

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    enum Kind {
        Unit,
        Newtype(Option<i64>),
        Tuple(i64, String),
        Struct { a: f32, b: Vec<u8> },
    }

    #[test]
    fn what_serde_json_writes_is_written_the_same() {
        let kinds =
            [Kind::Unit, Kind::Newtype(None), Kind::Tuple(1, "\"\u{1}é".into()), Kind::Struct { a: 0.1, b: vec![0] }];
        for kind in kinds {
            assert_eq!(encode_checked(&kind).unwrap(), serde_json::to_string(&kind).unwrap());
        }
        let numbers = (i8::MIN, u64::MAX, u128::MAX, f64::MIN_POSITIVE, 1e300, 'x', true, ());
        assert_eq!(encode(&numbers).unwrap(), serde_json::to_string(&numbers).unwrap());
        let keys = BTreeMap::from([(2, "b"), (10, "a")]);
        assert_eq!(encode(&keys).unwrap(), r#"{"10":"a","2":"b"}"#);
        assert_eq!(encode(&BTreeMap::from([("a\"", 1)])).unwrap(), r#"{"a\"":1}"#);
    }

    #[test]
    fn what_would_read_back_as_something_else_is_refused() {
        let refused = |error: serde_json::Error, why: &str| assert!(error.to_string().contains(why), "{error}");
        for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            refused(encode_checked(&float).unwrap_err(), "has no JSON form");
            refused(encode_checked(&Some(float)).unwrap_err(), "has no JSON form");
            refused(encode_checked(&vec![(1, float)]).unwrap_err(), "has no JSON form");
            refused(
                encode_checked(&HashMap::from([("a", float)]).into_values().collect::<Vec<_>>()).unwrap_err(),
                "form",
            );
        }
        refused(encode_checked(&Some(None::<i64>)).unwrap_err(), "`Some(None)`");
        refused(encode_checked(&vec![Some(())]).unwrap_err(), "`Some(None)`");
        assert!(encode_checked(&None::<Option<i64>>).is_ok());
        let deep = (0..200).fold("1".to_owned(), |inner, _| format!("[{inner}]"));
        let mut reader = serde_json::Deserializer::from_str(&deep);
        assert!(serde_json::Value::deserialize(&mut reader).is_err(), "no such value can be read");
        #[derive(Debug, Serialize, Deserialize)]
        struct Lossy {
            #[serde(rename(serialize = "written", deserialize = "read"), default)]
            field: i64,
        }
        refused(encode_checked(&Lossy { field: 1 }).unwrap_err(), "reads back as");
    }

    #[test]
    fn equal_maps_have_one_text_and_sets_have_none() {
        let map = |keys: &[i64]| keys.iter().map(|key| (*key, key.to_string())).collect::<HashMap<_, _>>();
        let texts: HashSet<_> = (0..20).map(|_| encode_checked(&map(&[5, 1, 9, 3, 7])).unwrap()).collect();
        assert_eq!(texts.len(), 1);
        let refused = (0..20).any(|_| encode_checked(&HashSet::from([1, 2, 3, 4, 5, 6, 7, 8])).is_err());
        assert!(refused);
    }
}
