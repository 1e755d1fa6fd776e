//! From rows to a declared result: how many rows, each decoded once.

use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::row::row::{Cells, DecodeError, Layout, Row, Shape, decode};
use crate::row::rows::Rows;

/// How many rows a query gives: [`Many`], [`Optional`] or [`One`].
pub trait Cardinality: Send + Sync + 'static {
    /// The type of a row.
    type Row: Row;
    /// What is handed out.
    type Output: Clone + Send + Sync + 'static;
    /// How many rows decide the result; reading stops there.
    #[doc(hidden)]
    const ENOUGH: usize;
    /// The result of these rows.
    ///
    /// # Errors
    /// When there are more or fewer than declared.
    #[doc(hidden)]
    fn finish(rows: Vec<Arc<Self::Row>>) -> Result<Self::Output, DecodeError>;
}

/// The shape of a query's row. Asked for so, a row type that lacks another derive is not reported again.
#[doc(hidden)]
#[must_use]
pub const fn shape<K: Cardinality>() -> Shape {
    K::Row::SHAPE
}

/// Any number of rows, handed out as [`Rows<T>`]; declared as `Vec<T>`.
pub struct Many<T>(PhantomData<fn() -> T>);

/// Zero or one row, handed out as `Option<T>`; declared as `Option<T>`.
pub struct Optional<T>(PhantomData<fn() -> T>);

/// Exactly one row, handed out as `T`; declared as `T`.
pub struct One<T>(PhantomData<fn() -> T>);

macro_rules! names {
    ($($name:ident)*) => {$(
        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )*};
}

names! { Many Optional One }

impl<T: Row> Cardinality for Many<T> {
    type Row = T;
    type Output = Rows<T>;
    const ENOUGH: usize = usize::MAX;
    fn finish(rows: Vec<Arc<T>>) -> Result<Rows<T>, DecodeError> {
        Ok(rows.into())
    }
}

impl<T: Row> Cardinality for Optional<T> {
    type Row = T;
    type Output = Option<T>;
    const ENOUGH: usize = 2;
    fn finish(mut rows: Vec<Arc<T>>) -> Result<Option<T>, DecodeError> {
        match rows.len() {
            0 | 1 => Ok(rows.pop().map(Arc::unwrap_or_clone)),
            _ => Err(DecodeError::RowCount { expected: "at most one row", found: "more than one" }),
        }
    }
}

impl<T: Row> Cardinality for One<T> {
    type Row = T;
    type Output = T;
    const ENOUGH: usize = 2;
    fn finish(mut rows: Vec<Arc<T>>) -> Result<T, DecodeError> {
        let expected = "exactly one row";
        match (rows.pop(), rows.len()) {
            (Some(row), 0) => Ok(Arc::unwrap_or_clone(row)),
            (None, _) => Err(DecodeError::RowCount { expected, found: "none" }),
            (Some(_), _) => Err(DecodeError::RowCount { expected, found: "more than one" }),
        }
    }
}

/// Decodes the rows of one running statement.
pub(crate) struct Collector<K: Cardinality> {
    layout: Option<Layout>,
    rows: Vec<Arc<K::Row>>,
    /// How many rows decide the result.
    enough: usize,
    error: Option<DecodeError>,
}

impl<K: Cardinality> Collector<K> {
    /// For a statement whose columns are to be found, or that gives them in the row's order; of as many rows as there are,
    /// or of one at most.
    pub(crate) fn new(is_in_order: bool, is_single: bool) -> Self {
        let layout = is_in_order.then(|| Layout::InOrder(K::Row::SHAPE.fields().len()));
        let enough = if is_single { 1 } else { K::ENOUGH };
        Self { layout, rows: Vec::new(), enough, error: None }
    }

    /// Decodes a row.
    pub(crate) fn take(&mut self, cells: &dyn Cells) -> ControlFlow<()> {
        self.take_or_reuse(cells, |_| None)
    }

    /// Decodes a row, or takes one that `known` says is the same, after a look at the columns that are read.
    pub(crate) fn take_or_reuse(
        &mut self,
        cells: &dyn Cells,
        known: impl FnOnce(&Layout) -> Option<Arc<K::Row>>,
    ) -> ControlFlow<()> {
        match self.decode_or_reuse(cells, known) {
            Ok(row) => self.rows.push(row),
            Err(error) => self.error = Some(error),
        }
        if self.error.is_some() || self.rows.len() >= self.enough {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn decode_or_reuse(
        &mut self,
        cells: &dyn Cells,
        known: impl FnOnce(&Layout) -> Option<Arc<K::Row>>,
    ) -> Result<Arc<K::Row>, DecodeError> {
        let layout = match &mut self.layout {
            Some(layout) => layout,
            none => none.insert(Layout::of(K::Row::SHAPE, cells)?),
        };
        if let Some(row) = known(layout) {
            return Ok(row);
        }
        decode(cells, layout).map(Arc::new)
    }

    /// The rows so far.
    pub(crate) fn rows(&self) -> &[Arc<K::Row>] {
        &self.rows
    }

    pub(crate) fn finish(self) -> Result<K::Output, DecodeError> {
        match self.error {
            Some(error) => Err(error),
            None => K::finish(self.rows),
        }
    }
}
