const _: () = {
    #[automatically_derived]
    impl ::store_context::__private::Document for ColumnView {
        const NAME: &'static ::core::primitive::str = "columns";
        #[doc(hidden)]
        const FORM: ::store_context::__private::DocumentForm<Self> = ::store_context::__private::document_form::<
            ColumnView,
        >();
    }
};
