//! [`StoreId`]: which store of a schema.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The longest store id, in bytes.
pub const MAX_STORE_ID_LENGTH: usize = 120;

/// Names one store of a schema: 1 to 120 of `A-Z`, `a-z`, `0-9`, `_` and `-`.
///
/// The rule keeps an id inside its data directory: it becomes part of a file name as it is.
/// `store_id!("alpha")` checks one while compiling; [`str::parse`] and `TryFrom` check one at run time.
///
/// ```
/// use store_context::StoreId;
///
/// let id: StoreId = "alpha".parse()?;
/// assert_eq!(id.as_str(), "alpha");
/// assert!("../alpha".parse::<StoreId>().is_err());
/// # Ok::<(), store_context::error::InvalidStoreId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoreId(Arc<str>);

/// Why a text is no [`StoreId`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; a store id is 1 to {MAX_STORE_ID_LENGTH} of the characters A-Z, a-z, 0-9, `_` and `-`")]
pub struct InvalidStoreId {
    reason: String,
}

impl StoreId {
    /// Checks and keeps an id.
    ///
    /// # Errors
    /// When the text is empty, longer than 120 bytes, or holds another character.
    pub fn new(id: &str) -> Result<Self, InvalidStoreId> {
        if id.is_empty() {
            return Err(InvalidStoreId { reason: "the store id is empty".to_owned() });
        }
        if id.len() > MAX_STORE_ID_LENGTH {
            return Err(InvalidStoreId { reason: format!("the store id has {} bytes", id.len()) });
        }
        match id.chars().find(|c| !is_allowed(*c)) {
            Some(found) => Err(InvalidStoreId { reason: format!("the store id {id:?} holds {found:?}") }),
            None => Ok(Self(id.into())),
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for StoreId {
    /// The id of a store that was opened without one: `default`.
    fn default() -> Self {
        Self("default".into())
    }
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

impl fmt::Display for StoreId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for StoreId {
    type Err = InvalidStoreId;
    fn from_str(id: &str) -> Result<Self, InvalidStoreId> {
        Self::new(id)
    }
}

impl TryFrom<&str> for StoreId {
    type Error = InvalidStoreId;
    fn try_from(id: &str) -> Result<Self, InvalidStoreId> {
        Self::new(id)
    }
}

impl TryFrom<String> for StoreId {
    type Error = InvalidStoreId;
    fn try_from(id: String) -> Result<Self, InvalidStoreId> {
        Self::new(&id)
    }
}

impl TryFrom<&String> for StoreId {
    type Error = InvalidStoreId;
    fn try_from(id: &String) -> Result<Self, InvalidStoreId> {
        Self::new(id)
    }
}

/// What [`Provider::store_id`](crate::Provider::store_id) takes: a [`StoreId`], a text, or whatever else becomes one by
/// `TryFrom`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a store id",
    label = "expected a `StoreId` or a text",
    note = "pass a text such as `id.as_str()`, or write `impl TryFrom<{Self}> for StoreId`"
)]
pub trait IntoStoreId {
    /// The id, or why it is none.
    ///
    /// # Errors
    /// When the text breaks the rule of [`StoreId`].
    fn into_store_id(self) -> Result<StoreId, InvalidStoreId>;
}

#[diagnostic::do_not_recommend]
impl<I> IntoStoreId for I
where
    I: TryInto<StoreId>,
    I::Error: Into<InvalidStoreId>,
{
    fn into_store_id(self) -> Result<StoreId, InvalidStoreId> {
        self.try_into().map_err(Into::into)
    }
}

/// Makes `.store_id(impl TryInto<StoreId>)` accept a ready id as well.
impl From<std::convert::Infallible> for InvalidStoreId {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

/// A schema's name and a store's id, as errors and files show them: `project@alpha`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StoreName {
    /// The schema's name.
    pub schema: &'static str,
    /// The store's id.
    pub id: StoreId,
}

impl fmt::Display for StoreName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.schema, self.id)
    }
}
