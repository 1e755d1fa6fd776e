const _: () = {
    #[allow(dead_code)]
    struct __Field<T> {
        nullable: ::core::primitive::bool,
        ty: ::store_context::__private::SqlType,
        decode: fn(
            &::store_context::__private::RowReader<'_>,
            ::core::primitive::usize,
        ) -> ::core::result::Result<T, ::store_context::__private::DecodeError>,
    }
    const __FIELD_0: __Field<Status> = __Field {
        nullable: <Status as ::store_context::__private::ColumnValue>::NULLABLE,
        ty: <<Status as ::store_context::__private::ColumnValue>::Inner as ::store_context::__private::Column>::TYPE,
        decode: |row, field| row.get(field),
    };
    const __FIELD_1: __Field<i64> = __Field {
        nullable: <i64 as ::store_context::__private::ColumnValue>::NULLABLE,
        ty: <<i64 as ::store_context::__private::ColumnValue>::Inner as ::store_context::__private::Column>::TYPE,
        decode: |row, field| row.get(field),
    };
    #[automatically_derived]
    impl ::store_context::__private::Row for Count {
        #[doc(hidden)]
        const SHAPE: ::store_context::__private::Shape = ::store_context::__private::Shape::Named(
            &[
                ::store_context::__private::ResultField {
                    name: "status",
                    hash: 14183358520170196015u64,
                    nullable: __FIELD_0.nullable,
                },
                ::store_context::__private::ResultField {
                    name: "issues",
                    hash: 8942803801534225417u64,
                    nullable: __FIELD_1.nullable,
                },
                ::store_context::__private::ResultField {
                    name: "labels",
                    hash: 5459792080582216330u64,
                    nullable: true,
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
                labels: row.get_nullable_json(2)?,
            })
        }
    }
};
