const _: () = {
    #[automatically_derived]
    impl ::store_context::__private::Row for Count {
        const SHAPE: ::store_context::__private::Shape = ::store_context::__private::Shape::Named(
            &["status", "issues", "labels"],
        );
        fn from_row(
            row: &::store_context::__private::RowReader<'_>,
        ) -> ::core::result::Result<Self, ::store_context::__private::DecodeError> {
            ::core::result::Result::Ok(Self {
                status: row.get(0)?,
                issues: row.get(1)?,
                labels: row.get_nullable_json(2)?,
            })
        }
    }
};
