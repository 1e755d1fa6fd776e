//! Rows: [`Row`] decodes a result, [`TableRow`] is also a table.

use crate::column::{ColumnError, ColumnValue, JsonValue, json};
use crate::schema::TableDef;
use crate::value::{Value, ValueRef};

/// How the columns of a result are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// By these names, in any order; further columns are left alone.
    Named(&'static [&'static str]),
    /// By position; exactly this many.
    Positional(usize),
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
pub(crate) struct Layout(Vec<usize>);

impl Layout {
    /// The positions that are read, in the shape's order.
    pub(crate) fn positions(&self) -> &[usize] {
        &self.0
    }

    pub(crate) fn of(shape: Shape, cells: &dyn Cells) -> Result<Self, DecodeError> {
        match shape {
            Shape::Positional(expected) if expected == cells.count() => Ok(Self((0..expected).collect())),
            Shape::Positional(expected) => Err(DecodeError::ColumnCount { expected, found: cells.count() }),
            Shape::Named(names) => {
                let positions = names.iter().enumerate().map(|(expected, name)| position(name, expected, cells));
                positions.collect::<Result<_, _>>().map(Self)
            }
        }
    }
}

/// Mostly a column stands where its field does, so that is looked at first.
fn position(column: &'static str, expected: usize, cells: &dyn Cells) -> Result<usize, DecodeError> {
    if expected < cells.count() && cells.name(expected) == column {
        return Ok(expected);
    }
    (0..cells.count()).find(|index| cells.name(*index) == column).ok_or_else(|| DecodeError::MissingColumn {
        column,
        found: (0..cells.count()).map(|index| format!("`{}`", cells.name(index))).collect::<Vec<_>>().join(", "),
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
        let index = self.layout.0[field];
        decode(self.cells.value(index))
            .map_err(|cause| DecodeError::Column { column: self.cells.name(index).to_owned(), cause })
    }
}

/// A type that a result row decodes into: `#[derive(Row)]` structs by column name, scalars and tuples by position.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a row",
    label = "neither a `#[derive(Row)]` struct nor a column type nor a tuple of column types",
    note = "put `#[derive(Row, Clone)]` on the struct"
)]
pub trait Row: Sized + Clone + Send + Sync + 'static {
    /// How the columns are found.
    const SHAPE: Shape;
    /// Decodes one row.
    ///
    /// # Errors
    /// When a column's value is no value of its field.
    fn from_row(row: &RowReader<'_>) -> Result<Self, DecodeError>;
}

#[diagnostic::do_not_recommend]
impl<T: ColumnValue> Row for T {
    const SHAPE: Shape = Shape::Positional(1);
    fn from_row(row: &RowReader<'_>) -> Result<Self, DecodeError> {
        row.get(0)
    }
}

macro_rules! tuple_rows {
    ($($count:literal: $($name:ident $index:tt),+;)*) => {$(
        impl<$($name: ColumnValue),+> Row for ($($name,)+) {
            const SHAPE: Shape = Shape::Positional($count);
            fn from_row(row: &RowReader<'_>) -> Result<Self, DecodeError> {
                Ok(($(row.get::<$name>($index)?,)+))
            }
        }
    )*};
}

tuple_rows! {
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
    7: A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}

/// A [`Row`] that is a table: `#[derive(Row)]` with `#[row(table = "..")]` and a primary key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "this row type has no table",
    note = "write `#[row(table = \"..\")]` above `{Self}` and `#[row(primary_key)]` on a field of it"
)]
pub trait TableRow {
    /// The table's definition.
    const TABLE: TableDef;
    /// The primary key's type; a tuple for several columns.
    type Key;
    /// A struct with one typed column a field, for filters: `|i| i.status.eq(..)`.
    type Columns;
    /// The columns.
    const COLUMNS: Self::Columns;
    /// The row's values, one a column, in the table's order.
    ///
    /// # Errors
    /// When a JSON field has no JSON form.
    fn to_values(&self) -> Result<Vec<Value>, ColumnError>;
}
