///The columns of [`Project`], for filters, orders and updates.
#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
#[allow(dead_code, non_camel_case_types, non_snake_case)]
pub struct ProjectColumns {
    ///The column `id`.
    pub id: ::store_context::__private::ColumnRef<Project, ProjectId>,
}
const _: () = {
    #[automatically_derived]
    impl ::store_context::__private::Row for Project {
        const SHAPE: ::store_context::__private::Shape = ::store_context::__private::Shape::Named(
            &["id"],
        );
        fn from_row(
            row: &::store_context::__private::RowReader<'_>,
        ) -> ::core::result::Result<Self, ::store_context::__private::DecodeError> {
            ::core::result::Result::Ok(Self {
                id: (__FIELD_0.decode)(row, 0)?,
            })
        }
    }
    struct __Field<T> {
        nullable: ::core::primitive::bool,
        ty: ::store_context::__private::SqlType,
        domain: ::store_context::__private::Domain,
        fingerprint: ::core::primitive::u64,
        encode: fn(
            &T,
        ) -> ::core::result::Result<
            ::store_context::__private::Value,
            ::store_context::__private::ColumnError,
        >,
        decode: fn(
            &::store_context::__private::RowReader<'_>,
            ::core::primitive::usize,
        ) -> ::core::result::Result<T, ::store_context::__private::DecodeError>,
    }
    const __FIELD_0: __Field<ProjectId> = __Field {
        nullable: <ProjectId as ::store_context::__private::ColumnValue>::NULLABLE,
        ty: <<ProjectId as ::store_context::__private::ColumnValue>::Inner as ::store_context::__private::Column>::TYPE,
        domain: <<ProjectId as ::store_context::__private::ColumnValue>::Inner as ::store_context::__private::Column>::DOMAIN,
        fingerprint: <<ProjectId as ::store_context::__private::ColumnValue>::Inner as ::store_context::__private::Column>::FINGERPRINT,
        encode: ::store_context::__private::to_cell,
        decode: |row, field| row.get(field),
    };
    #[automatically_derived]
    impl ::store_context::__private::TableRow for Project {
        const TABLE: ::store_context::__private::TableDef = ::store_context::__private::TableDef {
            name: "projects",
            columns: &[
                ::store_context::__private::ColumnDef {
                    name: "id",
                    ty: __FIELD_0.ty,
                    nullable: __FIELD_0.nullable,
                    default: ::core::option::Option::None,
                    fingerprint: __FIELD_0.fingerprint,
                },
            ],
            primary_key: &["id"],
            indexes: &[],
            foreign_keys: &[],
        };
        type Key = ProjectId;
        type Columns = ProjectColumns;
        const COLUMNS: Self::Columns = ProjectColumns {
            id: ::store_context::__private::ColumnRef::new("id"),
        };
        fn to_values(
            &self,
        ) -> ::core::result::Result<
            ::std::vec::Vec<::store_context::__private::Value>,
            ::store_context::__private::ColumnError,
        > {
            ::core::result::Result::Ok(::std::vec![(__FIELD_0.encode) (& self.id) ?])
        }
    }
    const _: () = ::core::assert!(
        ! __FIELD_0.nullable,
        "the primary key `id` may be `NULL`; write a type that is no `Option`"
    );
};
