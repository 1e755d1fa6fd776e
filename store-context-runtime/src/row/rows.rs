//! [`Rows`]: the result of a list query.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::{Deref, Range};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A list of rows: immutable, cheap to clone, a slice of `Arc<T>`.
///
/// Whoever holds a result holds it as it was read: nobody else can alter it. [`Rows::to_vec`] gives owned rows.
///
/// ```
/// use store_context::Rows;
///
/// let rows: Rows<i64> = [1, 2].into_iter().collect();
/// assert_eq!(rows.len(), 2);
/// assert_eq!(rows.to_vec(), vec![1, 2]);
/// assert_eq!(rows.into_iter().rev().map(|row| *row).collect::<Vec<_>>(), [2, 1]);
/// ```
pub struct Rows<T>(Arc<[Arc<T>]>);

impl<T> Rows<T> {
    /// The rows, cloned out of their `Arc`s.
    #[must_use]
    pub fn to_vec(&self) -> Vec<T>
    where
        T: Clone,
    {
        self.0.iter().map(|row| T::clone(row)).collect()
    }
}

/// As a list of rows.
impl<T: Serialize> Serialize for Rows<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|row| &**row))
    }
}

/// From a list of rows.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<T>::deserialize(deserializer)?.into_iter().collect())
    }
}

impl<T> Deref for Rows<T> {
    type Target = [Arc<T>];
    fn deref(&self) -> &[Arc<T>] {
        &self.0
    }
}

impl<T> Clone for Rows<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self(Arc::new([]))
    }
}

impl<T: fmt::Debug> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter()).finish()
    }
}

impl<T: PartialEq> PartialEq for Rows<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl<T: Eq> Eq for Rows<T> {}

impl<T> From<Vec<Arc<T>>> for Rows<T> {
    fn from(rows: Vec<Arc<T>>) -> Self {
        Self(rows.into())
    }
}

impl<T> FromIterator<T> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        Self(rows.into_iter().map(Arc::new).collect())
    }
}

impl<'a, T> IntoIterator for &'a Rows<T> {
    type Item = &'a Arc<T>;
    type IntoIter = std::slice::Iter<'a, Arc<T>>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Hands out the rows, which stay shared: `for row in store.issues().get()?`.
impl<T> IntoIterator for Rows<T> {
    type Item = Arc<T>;
    type IntoIter = IntoRows<T>;
    fn into_iter(self) -> IntoRows<T> {
        IntoRows { left: 0..self.0.len(), rows: self }
    }
}

/// The rows of a [`Rows`], one by one.
#[derive(Debug)]
pub struct IntoRows<T> {
    rows: Rows<T>,
    left: Range<usize>,
}

impl<T> Iterator for IntoRows<T> {
    type Item = Arc<T>;

    fn next(&mut self) -> Option<Arc<T>> {
        self.left.next().map(|index| Arc::clone(&self.rows[index]))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl<T> DoubleEndedIterator for IntoRows<T> {
    fn next_back(&mut self) -> Option<Arc<T>> {
        self.left.next_back().map(|index| Arc::clone(&self.rows[index]))
    }
}

impl<T> ExactSizeIterator for IntoRows<T> {}
impl<T> FusedIterator for IntoRows<T> {}
