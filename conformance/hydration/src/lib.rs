//! What a server sends with its page, taken over in a browser.
//!
//! The natively run half of each test renders a page and holds it against `sent.html` beside it; with `SENT=write` in the
//! environment, it writes that file. The half in a browser takes that file over. They are apart from the other behaviours
//! because frameworks are compiled otherwise for pages that were sent.

/// Holds what a server sends against the file of this path, or writes it.
///
/// # Panics
/// Where they differ.
#[cfg(not(target_family = "wasm"))]
pub fn is_what_was_sent(path: &str, html: &str) {
    if std::env::var_os("SENT").is_some_and(|what| what == "write") {
        std::fs::write(path, html).expect("the file can be written");
    }
    let before = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        before == html,
        "{path} is not what is sent now; with SENT=write in the environment, this test writes it: {html}"
    );
}
