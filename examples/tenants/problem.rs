//! [`Problem`]: why something was not done, for the client: a status, and `{"error": "a sentence"}`.

use std::error::Error;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use store_context::StoreError;
use store_context::error::{OpenError, StoresError};

const UNKNOWN: &str = "there is no such tenant";

pub(crate) struct Problem(pub(crate) StatusCode, pub(crate) String);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(serde_json::json!({ "error": self.1 }))).into_response()
    }
}

impl<E: Error + 'static> From<E> for Problem {
    fn from(error: E) -> Self {
        let any: &dyn Error = &error;
        let status = match (any.downcast_ref::<StoreError>(), any.downcast_ref::<StoresError>()) {
            (Some(StoreError::InvalidId { .. }), _) => StatusCode::BAD_REQUEST,
            (Some(StoreError::Open { cause: OpenError::NotFound { .. }, .. }), _)
            | (_, Some(StoresError::NotFound { .. })) => return Self(StatusCode::NOT_FOUND, UNKNOWN.to_owned()),
            (Some(error), _) if error.constraint().is_some() => StatusCode::CONFLICT,
            // The tenant was deleted while this went on, or the server stops.
            (Some(StoreError::Shutdown { .. } | StoreError::Disposed { .. }), _) => StatusCode::SERVICE_UNAVAILABLE,
            (Some(error), _) if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
            (_, Some(error)) if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        if status.is_client_error() {
            return Self(status, error.to_string());
        }
        // What no client caused is for the log, names of files among it.
        eprintln!("{status}: {error}");
        Self(status, "the server could not do this now; its log says why".to_owned())
    }
}
