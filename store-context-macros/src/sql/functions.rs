//! The functions that the bundled SQLite has, as `pragma_function_list` tells them; a test compares.

/// What a function is called like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Scalar,
    /// `NULL` where an argument is; a test compares.
    Strict,
    Aggregate,
    /// Only with OVER.
    Window,
    /// Its result depends on more than its arguments.
    Volatile,
    /// A date or time: of now, where no argument says of when.
    Time,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// The fewest and the most arguments.
    pub(crate) arguments: (usize, usize),
}

/// As many arguments as SQLite takes at all.
const ANY: usize = 1000;

const fn function(name: &'static str, kind: Kind, least: usize, most: usize) -> Function {
    Function { name, kind, arguments: (least, most) }
}

use Kind::{Aggregate, Scalar, Strict, Time, Volatile, Window};

/// Sorted by name.
pub(crate) const FUNCTIONS: &[Function] = &[
    function("->", Scalar, 2, 2),
    function("->>", Scalar, 2, 2),
    function("abs", Strict, 1, 1),
    function("avg", Aggregate, 1, 1),
    function("bm25", Scalar, 0, ANY),
    function("changes", Volatile, 0, 0),
    function("char", Scalar, 0, ANY),
    function("coalesce", Scalar, 2, ANY),
    function("concat", Scalar, 1, ANY),
    function("concat_ws", Scalar, 2, ANY),
    function("count", Aggregate, 0, 1),
    function("cume_dist", Window, 0, 0),
    function("current_date", Volatile, 0, 0),
    function("current_time", Volatile, 0, 0),
    function("current_timestamp", Volatile, 0, 0),
    function("date", Time, 0, ANY),
    function("datetime", Time, 0, ANY),
    function("dense_rank", Window, 0, 0),
    function("first_value", Window, 1, 1),
    function("format", Scalar, 0, ANY),
    function("fts3_tokenizer", Scalar, 1, 2),
    function("fts5", Scalar, 1, 1),
    function("fts5_get_locale", Scalar, 0, ANY),
    function("fts5_insttoken", Scalar, 1, 1),
    function("fts5_locale", Scalar, 2, 2),
    function("fts5_source_id", Scalar, 0, 0),
    function("glob", Strict, 2, 2),
    function("group_concat", Aggregate, 1, 2),
    function("hex", Scalar, 1, 1),
    function("highlight", Scalar, 0, ANY),
    function("if", Scalar, 2, ANY),
    function("ifnull", Scalar, 2, 2),
    function("iif", Scalar, 2, ANY),
    function("instr", Strict, 2, 2),
    function("json", Scalar, 1, 1),
    function("json_array", Scalar, 0, ANY),
    function("json_array_insert", Scalar, 0, ANY),
    function("json_array_length", Scalar, 1, 2),
    function("json_error_position", Scalar, 1, 1),
    function("json_extract", Scalar, 0, ANY),
    function("json_group_array", Aggregate, 1, 1),
    function("json_group_object", Aggregate, 2, 2),
    function("json_insert", Scalar, 0, ANY),
    function("json_object", Scalar, 0, ANY),
    function("json_patch", Scalar, 2, 2),
    function("json_pretty", Scalar, 1, 2),
    function("json_quote", Scalar, 1, 1),
    function("json_remove", Scalar, 0, ANY),
    function("json_replace", Scalar, 0, ANY),
    function("json_set", Scalar, 0, ANY),
    function("json_type", Scalar, 1, 2),
    function("json_valid", Scalar, 1, 2),
    function("jsonb", Scalar, 1, 1),
    function("jsonb_array", Scalar, 0, ANY),
    function("jsonb_array_insert", Scalar, 0, ANY),
    function("jsonb_extract", Scalar, 0, ANY),
    function("jsonb_group_array", Aggregate, 1, 1),
    function("jsonb_group_object", Aggregate, 2, 2),
    function("jsonb_insert", Scalar, 0, ANY),
    function("jsonb_object", Scalar, 0, ANY),
    function("jsonb_patch", Scalar, 2, 2),
    function("jsonb_remove", Scalar, 0, ANY),
    function("jsonb_replace", Scalar, 0, ANY),
    function("jsonb_set", Scalar, 0, ANY),
    function("julianday", Time, 0, ANY),
    function("lag", Window, 1, 3),
    function("last_insert_rowid", Volatile, 0, 0),
    function("last_value", Window, 1, 1),
    function("lead", Window, 1, 3),
    function("length", Strict, 1, 1),
    function("like", Strict, 2, 3),
    function("likelihood", Scalar, 2, 2),
    function("likely", Scalar, 1, 1),
    function("load_extension", Scalar, 1, 2),
    function("lower", Strict, 1, 1),
    function("ltrim", Strict, 1, 2),
    function("match", Scalar, 2, 2),
    function("matchinfo", Scalar, 1, 2),
    function("max", Aggregate, 1, ANY),
    function("min", Aggregate, 1, ANY),
    function("nth_value", Window, 2, 2),
    function("ntile", Window, 1, 1),
    function("nullif", Scalar, 2, 2),
    function("octet_length", Strict, 1, 1),
    function("offsets", Scalar, 1, 1),
    function("optimize", Scalar, 1, 1),
    function("percent_rank", Window, 0, 0),
    function("printf", Scalar, 0, ANY),
    function("quote", Scalar, 1, 1),
    function("random", Volatile, 0, 0),
    function("randomblob", Volatile, 1, 1),
    function("rank", Window, 0, 0),
    function("replace", Strict, 3, 3),
    function("round", Strict, 1, 2),
    function("row_number", Window, 0, 0),
    function("rtreecheck", Scalar, 0, ANY),
    function("rtreedepth", Scalar, 1, 1),
    function("rtreenode", Scalar, 2, 2),
    function("rtrim", Strict, 1, 2),
    function("sign", Strict, 1, 1),
    function("snippet", Scalar, 0, ANY),
    function("soundex", Scalar, 1, 1),
    function("sqlite_compileoption_get", Scalar, 1, 1),
    function("sqlite_compileoption_used", Scalar, 1, 1),
    function("sqlite_log", Scalar, 2, 2),
    function("sqlite_source_id", Scalar, 0, 0),
    function("sqlite_version", Scalar, 0, 0),
    function("strftime", Time, 0, ANY),
    function("string_agg", Aggregate, 2, 2),
    function("substr", Strict, 2, 3),
    function("substring", Strict, 2, 3),
    function("subtype", Scalar, 1, 1),
    function("sum", Aggregate, 1, 1),
    function("time", Time, 0, ANY),
    function("timediff", Time, 2, 2),
    function("total", Aggregate, 1, 1),
    function("total_changes", Volatile, 0, 0),
    function("trim", Strict, 1, 2),
    function("typeof", Scalar, 1, 1),
    function("unhex", Scalar, 1, 2),
    function("unicode", Strict, 1, 1),
    function("unistr", Scalar, 1, 1),
    function("unistr_quote", Scalar, 1, 1),
    function("unixepoch", Time, 0, ANY),
    function("unlikely", Scalar, 1, 1),
    function("upper", Strict, 1, 1),
    function("zeroblob", Scalar, 1, 1),
];

/// `min` and `max` of several arguments are none.
pub(crate) fn is_aggregate(function: &Function, arguments: usize) -> bool {
    function.kind == Kind::Aggregate && !(matches!(function.name, "min" | "max") && arguments > 1)
}

pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(name))
}
