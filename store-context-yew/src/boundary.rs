//! [`StoreErrorBoundary`]: what is shown where a store is in error. Yew has no error boundary of its own.

use store_context_runtime::StoreError;
use yew::prelude::*;

/// An error, and what loads its store again.
#[derive(Clone)]
struct Failed {
    error: StoreError,
    retry: Callback<()>,
}

/// The nearest boundary, in Yew's context.
#[derive(Clone, PartialEq)]
pub(crate) struct Boundary {
    report: Callback<Failed>,
}

impl Boundary {
    /// Shows the boundary's fallback. `retry` runs when it is reset.
    pub(crate) fn report(&self, error: StoreError, retry: Callback<()>) {
        self.report.emit(Failed { error, retry });
    }
}

/// What a [`StoreErrorBoundary`] takes.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StoreErrorBoundaryProps {
    /// Shown in place of the children, with the error and what resets the boundary: it loads the store again.
    pub fallback: Callback<(StoreError, Callback<()>), Html>,
    /// What may use stores.
    #[prop_or_default]
    pub children: Html,
}

/// Shows its fallback where a store that is used below did not open, was shut down, or is provided by nobody.
#[component]
pub fn StoreErrorBoundary(props: &StoreErrorBoundaryProps) -> Html {
    let failed = use_state(|| None::<Failed>);
    let report = {
        let failed = failed.setter();
        use_callback((), move |told: Failed, ()| failed.set(Some(told)))
    };
    match &*failed {
        Some(Failed { error, retry }) => {
            let (failed, retry) = (failed.setter(), retry.clone());
            let reset = Callback::from(move |()| {
                retry.emit(());
                failed.set(None);
            });
            props.fallback.emit((error.clone(), reset))
        }
        None => {
            let context = Boundary { report };
            html! { <ContextProvider<Boundary> {context}>{props.children.clone()}</ContextProvider<Boundary>> }
        }
    }
}
