#[cfg(feature = "checked-sql")]
mod checked_sql;
mod upcasting;
