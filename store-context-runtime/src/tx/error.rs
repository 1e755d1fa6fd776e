//! [`TxError`] and [`MaterializeError`]: why a materializer failed.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::adapter::session::SessionError;
use crate::row::column::ColumnError;
use crate::row::row::DecodeError;

/// Why a materializer's write or read failed. The statement left nothing behind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TxError {
    /// The engine refuses.
    #[error("table `{table}`: {cause}")]
    Session {
        /// The table.
        table: &'static str,
        /// Why.
        cause: SessionError,
    },
    /// A row does not decode.
    #[error("table `{table}`: {cause}")]
    Decode {
        /// The table.
        table: &'static str,
        /// Why.
        cause: DecodeError,
    },
    /// A JSON field has no JSON form.
    #[error("table `{table}`: {cause}")]
    Encode {
        /// The table.
        table: &'static str,
        /// Why.
        cause: ColumnError,
    },
    /// A partial insert leaves out a column that has no default and cannot be `NULL`.
    #[error("table `{table}`: column `{column}` has no value; set it, or give the field a `#[row(default = ..)]`")]
    MissingColumn {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A filter or assignment holds a value without JSON form.
    #[error("table `{table}`: {message}")]
    Value {
        /// The table.
        table: &'static str,
        /// Which value.
        message: String,
    },
}

/// Any error of a materializer; `?` converts every error type into it, and [`new`](Self::new) makes one of a text.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/support/project.rs"));
/// fn close(tx: &mut Tx<'_, Project>, id: &str) -> Result<(), MaterializeError> {
///     if !tx.table::<Issue>().by_key(id).update(|i| i.status.set(Status::Done))? {
///         return Err(MaterializeError::new(format!("there is no issue {id:?}")));
///     }
///     Ok(())
/// }
/// # fn main() {}
/// ```
#[derive(Clone)]
pub struct MaterializeError(Arc<dyn Error + Send + Sync>);

impl MaterializeError {
    /// From a text, a boxed error or an error.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into().into())
    }

    pub(crate) fn into_inner(self) -> Arc<dyn Error + Send + Sync> {
        self.0
    }
}

/// Every error type can be one. A trait of its own, for what is said of a text.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{E}` is no error type",
    label = "write `MaterializeError::new(..)` around it",
    note = "a text and a boxed error are made one by `MaterializeError::new(..)`; `?` converts every error type"
)]
pub trait FromError<E> {
    fn from_error(error: E) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: Error + Send + Sync + 'static> FromError<E> for MaterializeError {
    fn from_error(error: E) -> Self {
        Self(Arc::new(error))
    }
}

impl<E> From<E> for MaterializeError
where
    Self: FromError<E>,
{
    fn from(error: E) -> Self {
        Self::from_error(error)
    }
}

impl fmt::Debug for MaterializeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for MaterializeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
