//! [`StoreErrorBoundary`]: what is shown where a store is in error. Yew has no error boundary of its own.

use store_context_runtime::{Phase, StoreError, Watch};
use yew::prelude::*;

use crate::changes;

/// An error, and what loads its store again.
#[derive(Clone)]
pub(crate) struct Failed {
    pub(crate) error: StoreError,
    pub(crate) retry: Callback<()>,
    /// That of the store, and its version when it failed: somebody else may load it again.
    pub(crate) phase: Option<(Watch<Phase>, u64)>,
}

impl PartialEq for Failed {
    fn eq(&self, other: &Self) -> bool {
        self.retry == other.retry
    }
}

/// The nearest boundary, in Yew's context.
#[derive(Clone, PartialEq)]
pub(crate) struct Boundary {
    report: Callback<Failed>,
}

impl Boundary {
    /// Shows the boundary's fallback, until it is reset or the store is in another phase.
    pub(crate) fn report(&self, failed: Failed) {
        self.report.emit(failed);
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

/// Shows its fallback where a store that is used below did not open, was shut down, or is provided by nobody. It goes when
/// the boundary is reset, and when the store is loaded again from elsewhere.
#[component]
pub fn StoreErrorBoundary(props: &StoreErrorBoundaryProps) -> Html {
    let failed = use_state(|| None::<Failed>);
    let report = {
        let failed = failed.setter();
        use_callback((), move |told: Failed, ()| failed.set(Some(told)))
    };
    {
        let clear = failed.setter();
        use_effect_with((*failed).clone(), move |failed| {
            let phase = failed.as_ref().and_then(|failed| failed.phase.clone());
            let watch = phase.as_ref().map(|(phase, _)| phase.clone());
            let is_over = move || phase.as_ref().is_some_and(|(phase, failed)| phase.version() != *failed);
            changes::follow(|tell| watch.map(|watch| watch.changed(tell)), is_over, move || clear.set(None))
        });
    }
    match &*failed {
        Some(Failed { error, retry, .. }) => {
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
