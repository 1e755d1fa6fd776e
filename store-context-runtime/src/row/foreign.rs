//! Column types of other crates, a feature each: dates and times as text of one width, so that text order is time order
//! for the years 0 to 9999 and SQLite's own date functions read them, and ids as text.

#[cfg(any(feature = "jiff", feature = "uuid", feature = "chrono", feature = "time"))]
macro_rules! texts {
    ($feature:literal, $stored:literal; $($ty:ty, $what:literal, $write:expr, $read:expr;)*) => {$(
        #[doc = concat!("With the feature `", $feature, "`. Stored as ", $stored, ".")]
        #[cfg(feature = $feature)]
        impl crate::row::column::Column for $ty {
            const TYPE: crate::row::value::SqlType = crate::row::value::SqlType::Text;
            const FINGERPRINT: u64 = crate::row::fingerprint::Fingerprint::of(stringify!($ty));
            fn to_value(&self) -> crate::row::value::Value {
                let write: fn(&$ty) -> String = $write;
                crate::row::value::Value::Text(write(self))
            }
            fn from_value(value: crate::row::value::ValueRef<'_>) -> Result<Self, crate::row::column::ColumnError> {
                let crate::row::value::ValueRef::Text(text) = value else {
                    return Err(crate::row::column::ColumnError::wrong_type("text", value));
                };
                let read: fn(&str) -> Result<$ty, String> = $read;
                read(text).map_err(|error| {
                    crate::row::column::ColumnError::Invalid(format!(concat!("{:?} is not a ", $what, ": {}"), text, error))
                })
            }
        }
    )*};
}

#[cfg(feature = "jiff")]
texts! {
    "jiff", "text of one width, with nanoseconds";
    jiff::Timestamp, "timestamp", |at| at.strftime("%Y-%m-%dT%H:%M:%S.%9fZ").to_string(), parse;
    jiff::civil::DateTime, "date and time", |at| at.strftime("%Y-%m-%dT%H:%M:%S.%9f").to_string(), parse;
    jiff::civil::Date, "date", |date| date.strftime("%Y-%m-%d").to_string(), parse;
    jiff::civil::Time, "time", |time| time.strftime("%H:%M:%S.%9f").to_string(), parse;
}

#[cfg(feature = "chrono")]
texts! {
    "chrono", "text of one width, with nanoseconds";
    chrono::DateTime<chrono::Utc>, "timestamp", |at| at.format("%Y-%m-%dT%H:%M:%S%.9fZ").to_string(), parse;
    chrono::NaiveDateTime, "date and time", |at| at.format("%Y-%m-%dT%H:%M:%S%.9f").to_string(), parse;
    chrono::NaiveDate, "date", |date| date.format("%Y-%m-%d").to_string(), parse;
    chrono::NaiveTime, "time", |time| time.format("%H:%M:%S%.9f").to_string(), parse;
}

#[cfg(feature = "uuid")]
texts! {
    "uuid", "text with hyphens: ids of version 7 sort by time";
    uuid::Uuid, "UUID", |id| id.hyphenated().to_string(), parse;
}

#[cfg(any(feature = "jiff", feature = "uuid", feature = "chrono"))]
fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

#[cfg(feature = "time")]
mod times {
    use time::format_description::BorrowedFormatItem;
    use time::macros::format_description;
    use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

    const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
    const TIME: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]:[second].[subsecond digits:9]");
    const DATE_TIME: &[BorrowedFormatItem<'_>] =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:9]");

    /// What cannot be written does not read back either, and is refused.
    fn written(text: Result<String, time::error::Format>) -> String {
        text.unwrap_or_else(|error| error.to_string())
    }

    texts! {
        "time", "text of one width in UTC, with nanoseconds";
        OffsetDateTime, "timestamp",
            |at| written(at.to_offset(UtcOffset::UTC).format(DATE_TIME)) + "Z",
            |text| PrimitiveDateTime::parse(text.trim_end_matches('Z'), DATE_TIME)
                .map(PrimitiveDateTime::assume_utc).map_err(|error| error.to_string());
    }

    texts! {
        "time", "text of one width, with nanoseconds";
        PrimitiveDateTime, "date and time",
            |at| written(at.format(DATE_TIME)),
            |text| PrimitiveDateTime::parse(text, DATE_TIME).map_err(|error| error.to_string());
        Date, "date", |date| written(date.format(DATE)), |text| Date::parse(text, DATE).map_err(|error| error.to_string());
        Time, "time", |time| written(time.format(TIME)), |text| Time::parse(text, TIME).map_err(|error| error.to_string());
    }
}
