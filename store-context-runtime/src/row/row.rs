//! Rows: [`Row`] decodes a result, [`TableRow`] is also a table.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::host::panics::panic_message;
use crate::row::column::{Column, ColumnError, ColumnValue};
use crate::row::json::{self, JsonValue};
use crate::row::table::TableDef;
use crate::row::value::{SqlTypes, Value, ValueRef};

/// How the columns of a result are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// By the fields' names, in any order; further columns are left alone.
    Named(&'static [ResultField]),
    /// By position; exactly as many.
    Positional(&'static [ResultField]),
}

/// What a row type reads of a result: one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultField {
    /// The column's name; empty where columns are found by position.
    pub name: &'static str,
    /// The name's hash, by which the checks in constants compare.
    pub hash: u64,
    /// Whether it takes `NULL`.
    pub nullable: bool,
    /// The storage classes that it is read from.
    pub reads: SqlTypes,
}

impl ResultField {
    /// That of a column type, by position.
    const fn of<T: ColumnValue>() -> Self {
        Self { name: "", hash: 0, nullable: T::NULLABLE, reads: SqlTypes::of(<T::Inner as Column>::READS) }
    }
}

impl Shape {
    /// The fields, in order.
    #[must_use]
    pub const fn fields(&self) -> &'static [ResultField] {
        match self {
            Self::Named(fields) | Self::Positional(fields) => fields,
        }
    }

    /// Whether columns are found by name.
    #[must_use]
    pub const fn is_named(&self) -> bool {
        matches!(self, Self::Named(_))
    }
}

/// Whether a result's column is the field's. Names ignore case, as SQLite's do, and `points!` is `points`.
#[must_use]
pub fn is_column_of(field: &str, column: &str) -> bool {
    let column = column.strip_suffix('!').filter(|column| !column.is_empty()).unwrap_or(column);
    column.eq_ignore_ascii_case(field)
}

/// Why a result does not decode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The result has no column of this name.
    #[error("the result has no column `{column}`; it has {found}")]
    MissingColumn {
        /// The row type's column.
        column: &'static str,
        /// The result's columns.
        found: String,
    },
    /// The result has another number of columns than a scalar or tuple takes.
    #[error("the result has {found} columns, the declared type takes {expected}")]
    ColumnCount {
        /// What the type takes.
        expected: usize,
        /// What the result has.
        found: usize,
    },
    /// A value does not decode.
    #[error("column `{column}`: {cause}")]
    Column {
        /// The result's column.
        column: String,
        /// What is wrong with its value.
        cause: ColumnError,
    },
    /// A type's decoding panicked.
    #[error("decoding a row panicked: {message}")]
    Panicked {
        /// The panic's message.
        message: String,
    },
    /// The declared result takes fewer rows.
    #[error("{expected} expected, {found} found")]
    RowCount {
        /// What the declared type takes.
        expected: &'static str,
        /// How many rows came, `more than one` where counting stopped.
        found: &'static str,
    },
}

/// The current row of a running statement, as an adapter hands it out.
pub trait Cells {
    /// How many columns the result has.
    fn count(&self) -> usize;
    /// A column's name.
    fn name(&self, index: usize) -> &str;
    /// A column's value.
    fn value(&self, index: usize) -> ValueRef<'_>;
}

/// Where the columns of a [`Shape`] stand in one statement's result.
#[derive(Clone, Debug)]
pub(crate) enum Layout {
    /// In its order, as many.
    InOrder(usize),
    At(Vec<usize>),
}

impl Layout {
    /// The positions that are read, in the shape's order.
    pub(crate) fn positions(&self) -> impl Iterator<Item = usize> {
        let count = match self {
            Self::InOrder(count) => *count,
            Self::At(positions) => positions.len(),
        };
        (0..count).map(|field| self.position(field))
    }

    #[inline]
    fn position(&self, field: usize) -> usize {
        match self {
            Self::InOrder(_) => field,
            Self::At(positions) => positions[field],
        }
    }

    pub(crate) fn of(shape: Shape, cells: &dyn Cells) -> Result<Self, DecodeError> {
        match shape {
            Shape::Positional(fields) if fields.len() == cells.count() => Ok(Self::InOrder(fields.len())),
            Shape::Positional(fields) => Err(DecodeError::ColumnCount { expected: fields.len(), found: cells.count() }),
            Shape::Named(fields) => {
                let positions =
                    fields.iter().enumerate().map(|(expected, field)| position(field.name, expected, cells));
                positions.collect::<Result<_, _>>().map(Self::At)
            }
        }
    }
}

/// Mostly a column stands where its field does, so that is looked at first.
fn position(column: &'static str, expected: usize, cells: &dyn Cells) -> Result<usize, DecodeError> {
    if expected < cells.count() && is_column_of(column, cells.name(expected)) {
        return Ok(expected);
    }
    (0..cells.count()).find(|index| is_column_of(column, cells.name(*index))).ok_or_else(|| {
        DecodeError::MissingColumn {
            column,
            found: (0..cells.count()).map(|index| format!("`{}`", cells.name(index))).collect::<Vec<_>>().join(", "),
        }
    })
}

/// One row of a result, read by the position of a field in its [`Shape`].
#[derive(Clone, Copy)]
pub struct RowReader<'r> {
    cells: &'r dyn Cells,
    layout: &'r Layout,
}

impl std::fmt::Debug for RowReader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowReader").field("layout", self.layout).finish_non_exhaustive()
    }
}

impl<'r> RowReader<'r> {
    pub(crate) fn new(cells: &'r dyn Cells, layout: &'r Layout) -> Self {
        Self { cells, layout }
    }

    /// The value of a field's column.
    ///
    /// # Errors
    /// When the value is of another type.
    pub fn get<T: ColumnValue>(&self, field: usize) -> Result<T, DecodeError> {
        self.decode(field, T::from_cell)
    }

    /// The value of a field's JSON column.
    ///
    /// # Errors
    /// When the value is not JSON of this type.
    pub fn get_json<T: JsonValue>(&self, field: usize) -> Result<T, DecodeError> {
        self.decode(field, json::from_value)
    }

    /// The value of a field's JSON column that may be `NULL`.
    ///
    /// # Errors
    /// When the value is neither `NULL` nor JSON of this type.
    pub fn get_nullable_json<T: JsonValue>(&self, field: usize) -> Result<Option<T>, DecodeError> {
        self.decode(field, |value| match value {
            ValueRef::Null => Ok(None),
            value => json::from_value(value).map(Some),
        })
    }

    fn decode<T>(
        &self,
        field: usize,
        decode: impl FnOnce(ValueRef<'_>) -> Result<T, ColumnError>,
    ) -> Result<T, DecodeError> {
        let index = self.layout.position(field);
        decode(self.cells.value(index))
            .map_err(|cause| DecodeError::Column { column: self.cells.name(index).to_owned(), cause })
    }
}

/// Decodes a row. A field's type may be the user's; its panic must not leave a statement, a lock or a cache half done.
pub(crate) fn decode<R: Row>(cells: &dyn Cells, layout: &Layout) -> Result<R, DecodeError> {
    let decoded = catch_unwind(AssertUnwindSafe(|| R::from_row(&RowReader::new(cells, layout))));
    decoded.unwrap_or_else(|panic| Err(DecodeError::Panicked { message: panic_message(&*panic) }))
}

/// A type that a result row decodes into: `#[derive(Row)]` structs by column name, scalars and tuples by position.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a row",
    label = "neither a `#[derive(Row)]` struct nor a column type nor a tuple of column types",
    note = "if `{Self}` is your own struct, put `#[derive(Row, Clone)]` on it; JSON is read in a field of such a struct, with `#[row(json)]`",
    note = "a query is declared as `Vec<Row>`, `Option<Row>` or `Row`, whatever `.get()` hands its rows out as"
)]
pub trait Row: Sized + Clone + Send + Sync + 'static {
    /// How the columns are found.
    #[doc(hidden)]
    const SHAPE: Shape;
    /// Decodes one row.
    ///
    /// # Errors
    /// When a column's value is no value of its field.
    #[doc(hidden)]
    fn from_row(row: &RowReader<'_>) -> Result<Self, DecodeError>;
}

#[diagnostic::do_not_recommend]
impl<T: ColumnValue> Row for T {
    const SHAPE: Shape = Shape::Positional(&[ResultField::of::<T>()]);
    fn from_row(row: &RowReader<'_>) -> Result<Self, DecodeError> {
        row.get(0)
    }
}

macro_rules! tuple_rows {
    ($($($name:ident $index:tt),+;)*) => {$(
        impl<$($name: ColumnValue),+> Row for ($($name,)+) {
            const SHAPE: Shape = Shape::Positional(&[$(ResultField::of::<$name>()),+]);
            fn from_row(row: &RowReader<'_>) -> Result<Self, DecodeError> {
                Ok(($(row.get::<$name>($index)?,)+))
            }
        }
    )*};
}

tuple_rows! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11;
}

/// A [`Row`] that is a table: `#[derive(Row)]` with `#[row(table = "..")]` and a primary key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "this row type has no table",
    note = "write `#[row(table = \"..\")]` above `{Self}` and `#[row(primary_key)]` on a field of it"
)]
pub trait TableRow {
    /// The table's definition.
    #[doc(hidden)]
    const TABLE: TableDef;
    /// The primary key's type; a tuple for several columns.
    type Key;
    /// A struct with one typed column a field, for filters: `|i| i.status.eq(..)`.
    type Columns;
    /// The columns.
    #[doc(hidden)]
    const COLUMNS: Self::Columns;
    /// The row's values, one a column, in the table's order.
    ///
    /// # Errors
    /// When a JSON field has no JSON form.
    #[doc(hidden)]
    fn to_values(&self) -> Result<Vec<Value>, ColumnError>;
}

/// Row types that are tables of the store `S`: those of its `Table<..>` fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table of the store `{S}`",
    label = "`{S}` has no field of type `Table<{Self}>`",
    note = "add a field `Table<{Self}>` to `{S}`, or write to the store that has one",
    note = "a row is given by value; write `row.clone()` in place of `&row`"
)]
pub trait TableOf<S>: TableRow + Row {}

#[diagnostic::do_not_recommend]
impl<S: HasTable<R>, R: Row + TableRow> TableOf<S> for R {}

/// What `#[derive(StoreContext)]` implements once for the row of each `Table<..>` field, and for all rows of a schema
/// whose fields cannot be read.
///
/// It asks nothing of the row, so that a row that is no table is reported where its definition is taken, and a row
/// without `Clone` by its own derive alone.
#[doc(hidden)]
pub trait HasTable<R> {
    /// The table's definition.
    const TABLE: TableDef;
}
