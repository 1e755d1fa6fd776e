const _: () = {
    #[automatically_derived]
    impl ::store_context::__private::Document for BoardView {
        const NAME: &'static ::core::primitive::str = "board_view";
        #[doc(hidden)]
        const FORM: ::store_context::__private::DocumentForm<Self> = ::store_context::__private::document_form::<
            BoardView,
        >();
    }
};
