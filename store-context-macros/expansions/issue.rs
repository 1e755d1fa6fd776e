///The columns of the table `issues` of [`Issue`](struct@Issue) rows, for filters, orders and updates.
///
/**| column | stored as | |
| --- | --- | --- |
| [`id`](struct@Issue#structfield.id) | `TEXT` | primary key |
| [`project`](struct@Issue#structfield.project) | `ProjectId` | references `projects.id`, deleted with it |
| [`status`](struct@Issue#structfield.status) | `Status` | index, default `Status::Todo` |
| [`points`](struct@Issue#structfield.points) | `INTEGER` | may be `NULL` |
| [`labels`](struct@Issue#structfield.labels) | JSON in `TEXT` | default `"[]"` |
| [`created`](struct@Issue#structfield.created_at) | `INTEGER` | default `0` |*/
///
/**On several columns:

- index (`project`, `created`)*/
///
#[cfg_attr(
    not(doctest),
    doc = "```\n// `select` is what the accessor of a table gives.\nlet rows = select.order_by(|columns| columns.id.desc()).limit(20).get()?;\n```"
)]
#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
#[allow(dead_code, non_camel_case_types, non_snake_case)]
pub struct IssueColumns {
    ///The column `id`, declared as [`Issue::id`](struct@Issue#structfield.id).
    pub id: ::store_context::__private::ColumnRef<Issue, String>,
    /// The project that it belongs to.
    ///
    ///The column `project`, declared as [`Issue::project`](struct@Issue#structfield.project).
    pub project: ::store_context::__private::ColumnRef<Issue, ProjectId>,
    ///The column `status`, declared as [`Issue::status`](struct@Issue#structfield.status).
    pub status: ::store_context::__private::ColumnRef<Issue, Status>,
    ///The column `points`, declared as [`Issue::points`](struct@Issue#structfield.points).
    pub(crate) points: ::store_context::__private::ColumnRef<Issue, Option<i64>>,
    ///The column `labels`, declared as [`Issue::labels`](struct@Issue#structfield.labels).
    labels: ::store_context::__private::JsonColumnRef<Issue, Vec<String>>,
    ///The column `created`, declared as [`Issue::created_at`](struct@Issue#structfield.created_at).
    pub created_at: ::store_context::__private::ColumnRef<Issue, i64>,
}
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example<__S: ::store_context::__private::StoreContext>(
        select: ::store_context::__private::Select<__S, Issue>,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError>
    where
        Issue: ::store_context::__private::TableOf<__S>,
    {
        let rows = select.order_by(|columns| columns.id.desc()).limit(20).get()?;
        ::core::result::Result::Ok(())
    }
};
const _: () = {
    const __FIELD_0: ::store_context::__private::Field<String> = ::store_context::__private::column_field::<
        String,
    >();
    const __FIELD_1: ::store_context::__private::Field<ProjectId> = ::store_context::__private::column_field::<
        ProjectId,
    >();
    const __FIELD_2: ::store_context::__private::Field<Status> = ::store_context::__private::column_field::<
        Status,
    >();
    const __FIELD_3: ::store_context::__private::Field<Option<i64>> = ::store_context::__private::column_field::<
        Option<i64>,
    >();
    const __FIELD_4: ::store_context::__private::Field<Vec<String>> = ::store_context::__private::json_field::<
        Vec<String>,
    >("Vec<String>");
    const __FIELD_5: ::store_context::__private::Field<i64> = ::store_context::__private::column_field::<
        i64,
    >();
    #[automatically_derived]
    impl ::store_context::__private::Row for Issue {
        #[doc(hidden)]
        const SHAPE: ::store_context::__private::Shape = ::store_context::__private::Shape::Named(
            &[
                ::store_context::__private::ResultField {
                    name: "id",
                    hash: 628021283683842752u64,
                    nullable: __FIELD_0.nullable,
                    reads: __FIELD_0.reads,
                },
                ::store_context::__private::ResultField {
                    name: "project",
                    hash: 12400238528678257790u64,
                    nullable: __FIELD_1.nullable,
                    reads: __FIELD_1.reads,
                },
                ::store_context::__private::ResultField {
                    name: "status",
                    hash: 14183358520170196015u64,
                    nullable: __FIELD_2.nullable,
                    reads: __FIELD_2.reads,
                },
                ::store_context::__private::ResultField {
                    name: "points",
                    hash: 15925482014108518566u64,
                    nullable: __FIELD_3.nullable,
                    reads: __FIELD_3.reads,
                },
                ::store_context::__private::ResultField {
                    name: "labels",
                    hash: 5459792080582216330u64,
                    nullable: __FIELD_4.nullable,
                    reads: __FIELD_4.reads,
                },
                ::store_context::__private::ResultField {
                    name: "created",
                    hash: 16258158586571091195u64,
                    nullable: __FIELD_5.nullable,
                    reads: __FIELD_5.reads,
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
                project: (__FIELD_1.decode)(row, 1)?,
                status: (__FIELD_2.decode)(row, 2)?,
                points: (__FIELD_3.decode)(row, 3)?,
                labels: (__FIELD_4.decode)(row, 4)?,
                created_at: (__FIELD_5.decode)(row, 5)?,
            })
        }
    }
    #[automatically_derived]
    impl ::store_context::__private::TableRow for Issue {
        #[doc(hidden)]
        const TABLE: ::store_context::__private::TableDef = ::store_context::__private::TableDef {
            name: "issues",
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
                ::store_context::__private::ColumnDef {
                    name: "project",
                    hash: 12400238528678257790u64,
                    ty: __FIELD_1.ty,
                    nullable: __FIELD_1.nullable,
                    domain: __FIELD_1.domain,
                    default: ::core::option::Option::None,
                    fingerprint: __FIELD_1.fingerprint,
                },
                ::store_context::__private::ColumnDef {
                    name: "status",
                    hash: 14183358520170196015u64,
                    ty: __FIELD_2.ty,
                    nullable: __FIELD_2.nullable,
                    domain: __FIELD_2.domain,
                    default: ::core::option::Option::Some(
                        ::store_context::__private::DefaultValue::Text(
                            (Status::Todo).__column_name(),
                        ),
                    ),
                    fingerprint: __FIELD_2.fingerprint,
                },
                ::store_context::__private::ColumnDef {
                    name: "points",
                    hash: 15925482014108518566u64,
                    ty: __FIELD_3.ty,
                    nullable: __FIELD_3.nullable,
                    domain: __FIELD_3.domain,
                    default: ::core::option::Option::None,
                    fingerprint: __FIELD_3.fingerprint,
                },
                ::store_context::__private::ColumnDef {
                    name: "labels",
                    hash: 5459792080582216330u64,
                    ty: __FIELD_4.ty,
                    nullable: __FIELD_4.nullable,
                    domain: __FIELD_4.domain,
                    default: ::core::option::Option::Some(
                        ::store_context::__private::DefaultValue::Text("[]"),
                    ),
                    fingerprint: __FIELD_4.fingerprint,
                },
                ::store_context::__private::ColumnDef {
                    name: "created",
                    hash: 16258158586571091195u64,
                    ty: __FIELD_5.ty,
                    nullable: __FIELD_5.nullable,
                    domain: __FIELD_5.domain,
                    default: ::core::option::Option::Some(
                        ::store_context::__private::DefaultValue::Integer(0),
                    ),
                    fingerprint: __FIELD_5.fingerprint,
                },
            ],
            primary_key: &["id"],
            indexes: &[
                ::store_context::__private::IndexDef {
                    columns: &["status"],
                    unique: false,
                },
                ::store_context::__private::IndexDef {
                    columns: &["project", "created"],
                    unique: false,
                },
            ],
            foreign_keys: &[
                ::store_context::__private::ForeignKeyDef {
                    column: "project",
                    table: "projects",
                    references: "id",
                    on_delete: ::store_context::__private::OnDelete::Cascade,
                },
            ],
        };
        type Key = String;
        type Columns = IssueColumns;
        #[doc(hidden)]
        const COLUMNS: Self::Columns = IssueColumns {
            id: ::store_context::__private::ColumnRef::new("id"),
            project: ::store_context::__private::ColumnRef::new("project"),
            status: ::store_context::__private::ColumnRef::new("status"),
            points: ::store_context::__private::ColumnRef::new("points"),
            labels: ::store_context::__private::JsonColumnRef::new("labels"),
            created_at: ::store_context::__private::ColumnRef::new("created"),
        };
        #[doc(hidden)]
        #[inline]
        fn to_values(
            &self,
        ) -> ::core::result::Result<
            ::std::vec::Vec<::store_context::__private::Value>,
            ::store_context::__private::ColumnError,
        > {
            ::core::result::Result::Ok(
                ::std::vec![
                    (__FIELD_0.encode) (& self.id) ?, (__FIELD_1.encode) (& self.project)
                    ?, (__FIELD_2.encode) (& self.status) ?, (__FIELD_3.encode) (& self
                    .points) ?, (__FIELD_4.encode) (& self.labels) ?, (__FIELD_5.encode)
                    (& self.created_at) ?
                ],
            )
        }
    }
    const _: () = ::core::assert!(
        ::store_context::__private::DefaultValue::Text((Status::Todo).__column_name())
        .fits(__FIELD_2.ty, __FIELD_2.domain),
        "this default does not fit the column's type; write a value of `Status`"
    );
    const _: () = ::core::assert!(
        ::store_context::__private::DefaultValue::Text("[]").fits(__FIELD_4.ty, __FIELD_4
        .domain),
        "this default does not fit the column's type; write the JSON text in quotes"
    );
    const _: () = ::core::assert!(
        ::store_context::__private::DefaultValue::Integer(0).fits(__FIELD_5.ty, __FIELD_5
        .domain), "this default does not fit the column's type; write a value of `i64`"
    );
    const _: () = ::core::assert!(
        ! __FIELD_0.nullable,
        "the primary key `id` may be `NULL`; write a type that is not an `Option`"
    );
};
