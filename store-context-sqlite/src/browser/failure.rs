//! [`Failure`]: what the browser threw, in the runtime's terms.

use js_sys::Reflect;
use store_context_runtime::SessionError;
use wasm_bindgen::JsValue;
use web_sys::DomException;

/// An exception of the browser.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) name: String,
    pub(super) message: String,
}

impl From<JsValue> for Failure {
    fn from(thrown: JsValue) -> Self {
        let text = |key: &str| Reflect::get(&thrown, &key.into()).ok().and_then(|text| text.as_string());
        Self {
            name: text("name").unwrap_or_else(|| "Error".to_owned()),
            message: text("message").unwrap_or_else(|| format!("{thrown:?}")),
        }
    }
}

impl Failure {
    /// Of a request or transaction. Where the browser closed the connection behind the program's back there is none.
    pub(super) fn of(error: Option<DomException>) -> Self {
        error.map_or_else(
            || Self { name: "AbortError".to_owned(), message: "the browser closed the connection".to_owned() },
            |error| Self { name: error.name(), message: error.message() },
        )
    }

    /// Whether another connection may do. WebKit closes them at will, and each use of one fails from then on.
    pub(super) fn is_of_connection(&self) -> bool {
        matches!(&*self.name, "InvalidStateError" | "UnknownError" | "AbortError" | "TransactionInactiveError")
    }

    pub(super) fn session_error(&self) -> SessionError {
        let Self { name, message } = self;
        match &**name {
            "QuotaExceededError" => SessionError::Disk {
                message: format!("the browser gives this site no more room ({message}); delete what is not needed"),
            },
            // A key that is there already, or no such object store: another program wrote to the database.
            "ConstraintError" | "NotFoundError" | "DataError" => SessionError::OtherWriter,
            _ => SessionError::Disk { message: format!("the browser's database: {name}: {message}") },
        }
    }
}
