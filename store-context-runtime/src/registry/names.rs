//! The mounted store that somebody probably meant by a name that nobody mounted.

use crate::id::StoreName;

/// The mounted store whose name is nearest, if it is near enough to be what was meant.
pub(crate) fn nearest(wanted: &StoreName, mounted: &[StoreName]) -> Option<StoreName> {
    let id = wanted.id.as_str();
    let limit = id.chars().count().div_ceil(3);
    let of_schema = mounted.iter().filter(|name| name.schema == wanted.schema);
    let distances = of_schema.map(|name| (strsim::damerau_levenshtein(id, name.id.as_str()), name));
    let near = distances.filter(|(distance, _)| *distance <= limit);
    near.min_by_key(|(distance, name)| (*distance, name.id.clone())).map(|(_, name)| name.clone())
}
