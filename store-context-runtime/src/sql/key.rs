//! Values for primary keys.

use crate::row::column::{Column, Operand};
use crate::row::value::Value;

/// A value for a primary key of type `K`; a tuple for a key of several columns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit a key of type `{K}`",
    label = "expected a key of type `{K}`"
)]
pub trait IntoKey<K> {
    /// The key's values, one a column.
    fn into_key(self) -> Vec<Value>;
}

#[diagnostic::do_not_recommend]
impl<K: Column, T: Operand<K>> IntoKey<K> for T {
    fn into_key(self) -> Vec<Value> {
        vec![self.into_operand()]
    }
}

macro_rules! tuple_keys {
    ($($($key:ident $value:ident $index:tt),+;)*) => {$(
        impl<$($key: Column, $value: Operand<$key>),+> IntoKey<($($key,)+)> for ($($value,)+) {
            fn into_key(self) -> Vec<Value> {
                vec![$(self.$index.into_operand()),+]
            }
        }
    )*};
}

tuple_keys! {
    A VA 0, B VB 1;
    A VA 0, B VB 1, C VC 2;
    A VA 0, B VB 1, C VC 2, D VD 3;
}
