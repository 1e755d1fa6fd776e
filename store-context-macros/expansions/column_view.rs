const _: () = {
    #[automatically_derived]
    impl ::store_context::__private::Document for ColumnView {
        const NAME: &'static ::core::primitive::str = "columns";
    }
};
