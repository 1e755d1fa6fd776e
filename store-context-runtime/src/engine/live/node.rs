//! [`Node`]: a live query, whatever its types.

use std::any::{Any, TypeId};

use crate::adapter::footprint::ReadSet;
use crate::engine::engine::Engine;
use crate::error::StoreError;
use crate::host::usage::LiveQuerySnapshot;
use crate::sql::statement::Statement;

/// The identity of a query: statement, values by type, row type and number of rows.
pub(crate) type Identity = (Statement, TypeId);

/// A live query, whatever its types.
pub(crate) trait Node: Any + Send + Sync {
    /// What it reads; `None` before it ran.
    fn reads(&self) -> Option<&ReadSet>;
    /// A look at it.
    fn look(&self) -> LiveQuerySnapshot;
    /// A commit can have changed the result.
    fn mark(&self);
    /// Runs again if marked, then tells whoever does not know the result.
    fn refresh_and_tell(&self, engine: &Engine);
    /// Tells every subscriber why the store ended, and lets it go.
    fn end(&self, error: &StoreError);
}
