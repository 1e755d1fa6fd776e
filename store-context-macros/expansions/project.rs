///The columns of the table `projects` of [`Project`](struct@Project) rows, for filters, orders and updates.
///
/**| column | stored as | |
| --- | --- | --- |
| [`id`](struct@Project#structfield.id) | `ProjectId` | primary key |*/
///
#[cfg_attr(
    not(doctest),
    doc = "```\n// `select` is what the accessor of a table gives.\nlet rows = select.order_by(|columns| columns.id.desc()).limit(20).get()?;\n```"
)]
#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
#[allow(dead_code, non_camel_case_types, non_snake_case)]
pub struct ProjectColumns {
    ///The column `id`, declared as [`Project::id`](struct@Project#structfield.id).
    pub id: ::store_context::__private::ColumnRef<Project, ProjectId>,
}
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example<__S: ::store_context::__private::StoreContext>(
        select: ::store_context::__private::Select<__S, Project>,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError>
    where
        Project: ::store_context::__private::TableOf<__S>,
    {
        let rows = select.order_by(|columns| columns.id.desc()).limit(20).get()?;
        ::core::result::Result::Ok(())
    }
};
const _: () = {
    const __FIELD_0: ::store_context::__private::Field<ProjectId> = ::store_context::__private::column_field::<
        ProjectId,
    >();
    #[automatically_derived]
    impl ::store_context::__private::Row for Project {
        #[doc(hidden)]
        const SHAPE: ::store_context::__private::Shape = ::store_context::__private::Shape::Named(
            &[
                ::store_context::__private::ResultField {
                    name: "id",
                    hash: 628021283683842752u64,
                    nullable: __FIELD_0.nullable,
                    reads: __FIELD_0.reads,
                },
            ],
        );
        #[doc(hidden)]
        #[inline]
        fn from_row(
            row: &::store_context::__private::RowReader<'_>,
        ) -> ::core::result::Result<Self, ::store_context::__private::DecodeError> {
            ::core::result::Result::Ok(Self {
                id: (__FIELD_0.decode)(row, 0)?,
            })
        }
    }
    #[automatically_derived]
    impl ::store_context::__private::TableRow for Project {
        #[doc(hidden)]
        const TABLE: ::store_context::__private::TableDef = ::store_context::__private::TableDef {
            name: "projects",
            columns: &[
                ::store_context::__private::ColumnDef {
                    name: "id",
                    hash: 628021283683842752u64,
                    ty: __FIELD_0.ty,
                    nullable: __FIELD_0.nullable,
                    domain: __FIELD_0.domain,
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
        #[doc(hidden)]
        const COLUMNS: Self::Columns = ProjectColumns {
            id: ::store_context::__private::ColumnRef::new("id"),
        };
        #[doc(hidden)]
        #[inline]
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
        "the primary key `id` may be `NULL`; write a type that is not an `Option`"
    );
};
