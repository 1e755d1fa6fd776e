const _: () = {
    const __FIELD_0: ::store_context::__private::Field<Status> = ::store_context::__private::column_field::<
        Status,
    >();
    const __FIELD_1: ::store_context::__private::Field<i64> = ::store_context::__private::column_field::<
        i64,
    >();
    const __FIELD_2: ::store_context::__private::Field<Option<Vec<String>>> = ::store_context::__private::nullable_json_field::<
        Vec<String>,
    >("Option<Vec<String>>");
    #[automatically_derived]
    impl ::store_context::__private::Row for Count {
        #[doc(hidden)]
        const SHAPE: ::store_context::__private::Shape = ::store_context::__private::Shape::Named(
            &[
                ::store_context::__private::ResultField {
                    name: "status",
                    hash: 14183358520170196015u64,
                    nullable: __FIELD_0.nullable,
                    reads: __FIELD_0.reads,
                },
                ::store_context::__private::ResultField {
                    name: "issues",
                    hash: 8942803801534225417u64,
                    nullable: __FIELD_1.nullable,
                    reads: __FIELD_1.reads,
                },
                ::store_context::__private::ResultField {
                    name: "labels",
                    hash: 5459792080582216330u64,
                    nullable: __FIELD_2.nullable,
                    reads: __FIELD_2.reads,
                },
            ],
        );
        #[doc(hidden)]
        #[inline]
        fn from_row(
            row: &::store_context::__private::RowReader<'_>,
        ) -> ::core::result::Result<Self, ::store_context::__private::DecodeError> {
            ::core::result::Result::Ok(Self {
                status: (__FIELD_0.decode)(row, 0)?,
                issues: (__FIELD_1.decode)(row, 1)?,
                labels: (__FIELD_2.decode)(row, 2)?,
            })
        }
    }
};
