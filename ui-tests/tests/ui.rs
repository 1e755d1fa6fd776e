//! One misuse a file, its message beside it. `TRYBUILD=overwrite cargo test -p store-context-ui-tests` takes the
//! present messages over; read every difference as somebody who meets it for the first time.

#[test]
fn a_misuse_is_refused_in_a_sentence_that_says_what_to_write() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/pass/*.rs");
    for of in ["row", "column", "document", "event", "store", "query", "filter", "provider", "store_id"] {
        cases.compile_fail(format!("tests/{of}/*.rs"));
    }
}
