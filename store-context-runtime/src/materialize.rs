//! [`Materialize`]: how events become rows.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use crate::schema::StoreContext;
use crate::tx::Tx;

/// Turns events into rows: the only place that writes.
///
/// A materializer reads nothing but the event, the transaction and [`Tx::meta`]: then replaying the log gives the
/// same tables again.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no materializers",
    label = "no `impl Materialize for {Self}`",
    note = "write `impl Materialize for {Self} {{ fn materialize(event: &.., tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError> {{ match event {{ .. }} }} }}`"
)]
pub trait Materialize: StoreContext {
    /// Writes what an event means. A `match` over the event makes the compiler ask for every variant.
    ///
    /// # Errors
    /// An error undoes the whole commit.
    fn materialize(event: &Self::Event, tx: &mut Tx<'_, Self>) -> Result<(), MaterializeError>;
}

/// Any error of a materializer; `?` converts every error type into it.
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

impl<E: Error + Send + Sync + 'static> From<E> for MaterializeError {
    fn from(error: E) -> Self {
        Self(Arc::new(error))
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

/// What the log knows of an event besides its name and arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventMeta {
    /// The position in the log, from 1.
    pub sequence: u64,
    /// The sequence number of the shared event before it, 0 for the first.
    pub parent: u64,
    /// Identifies the event everywhere.
    pub id: Uuid,
    /// When it was committed, in milliseconds since the Unix epoch.
    pub unix_ms: i64,
    /// The client that committed it.
    pub client: Uuid,
    /// The session that committed it: one opening of a store.
    pub session: Uuid,
}
