const _: () = {
    #[automatically_derived]
    impl ::store_context::__private::Event for BoardEvent {
        const NAMES: &'static [&'static [&'static ::core::primitive::str]] = &[
            &["v2.IssueCreated", "v1.IssueCreated"],
            &["Moved"],
            &["Cleared"],
        ];
        #[doc(hidden)]
        const FORM: ::store_context::__private::EventForm<Self> = ::store_context::__private::event_form::<
            BoardEvent,
        >();
        fn name(&self) -> &'static ::core::primitive::str {
            match self {
                Self::IssueCreated { .. } => "v2.IssueCreated",
                Self::Moved(..) => "Moved",
                Self::Cleared => "Cleared",
            }
        }
    }
};
