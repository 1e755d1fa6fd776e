///An open store of [`Board`](struct@Board), with a method for each of its fields.
///
/// The store of one board.
///
///By `Deref` it does what every [`Store`](::store_context::Store) does.
///
#[cfg_attr(
    not(doctest),
    doc = "```\nlet receipt = store.commit(event)?;\nreceipt.durable().await?; // It survives power loss.\n```"
)]
#[derive(
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::fmt::Debug
)]
#[allow(non_camel_case_types)]
pub struct BoardStore(::store_context::__private::Store<Board>);
const _: () = {
    #[automatically_derived]
    impl ::core::ops::Deref for BoardStore {
        type Target = ::store_context::__private::Store<Board>;
        fn deref(&self) -> &Self::Target {
            &self.0
        }
    }
    #[doc(hidden)]
    #[automatically_derived]
    impl ::core::convert::From<::store_context::__private::Store<Board>> for BoardStore {
        fn from(store: ::store_context::__private::Store<Board>) -> Self {
            Self(store)
        }
    }
};
#[allow(
    dead_code,
    non_snake_case,
    unreachable_pub,
    clippy::new_ret_no_self,
    clippy::should_implement_trait,
    clippy::wrong_self_convention
)]
#[automatically_derived]
impl BoardStore {
    /// Every issue.
    ///
    ///A table of `Issue` rows, declared as [`Board::issues`](struct@Board#structfield.issues).
    ///
    #[cfg_attr(
        not(doctest),
        doc = "```\nlet rows = store.issues().limit(20).get()?;\nlet count = store.issues().count().get()?;\n```"
    )]
    pub fn issues(&self) -> ::store_context::__private::Select<Board, Issue> {
        ::store_context::__private::Select::<Board, Issue>::from_accessor(&self.0)
    }
    ///A table of `Project` rows, declared as [`Board::projects`](struct@Board#structfield.projects).
    ///
    #[cfg_attr(
        not(doctest),
        doc = "```\nlet rows = store.projects().limit(20).get()?;\nlet count = store.projects().count().get()?;\n```"
    )]
    pub fn projects(&self) -> ::store_context::__private::Select<Board, Project> {
        ::store_context::__private::Select::<Board, Project>::from_accessor(&self.0)
    }
    /// What this session types.
    ///
    ///A client document of type `BoardView`, declared as [`Board::view`](struct@Board#structfield.view).
    ///
    #[cfg_attr(
        not(doctest),
        doc = "```\nlet document = store.view();\nlet value = document.get()?;\ndocument.update(|value| *value = Default::default())?;\n```"
    )]
    #[must_use]
    pub fn view(&self) -> ::store_context::__private::DocumentHandle<Board, BoardView> {
        ::store_context::__private::document_handle::<Board, BoardView>(&self.0)
    }
    ///A client document of type `ColumnView`, one for each `Status`, declared as [`Board::column_views`](struct@Board#structfield.column_views).
    ///
    #[cfg_attr(
        not(doctest),
        doc = "```\nlet document = store.column_views(key);\nlet value = document.get()?;\ndocument.update(|value| *value = Default::default())?;\n```"
    )]
    #[must_use]
    fn column_views(
        &self,
        key: impl ::store_context::__private::Operand<Status>,
    ) -> ::store_context::__private::DocumentHandle<Board, ColumnView> {
        let _ = ::store_context::__private::column_type::<Status>;
        ::store_context::__private::keyed_document_handle::<
            Board,
            ColumnView,
            Status,
        >(&self.0, key)
    }
    /// Issues in one state, newest first.
    ///
    /**```sql
SELECT * FROM issues WHERE status = :status AND project = :project
ORDER BY created DESC LIMIT :limit
```*/
    ///
    ///Any number of `Issue` for values of `:status`, `:project` and `:limit`, declared as [`Board::by_status`](struct@Board#structfield.by_status).
    ///
    #[cfg_attr(
        not(doctest),
        doc = "```\nlet rows = store.by_status(status, project, limit).get()?;\n```"
    )]
    #[must_use]
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    pub fn by_status(
        &self,
        status: Status,
        project: &str,
        limit: Option<u32>,
    ) -> ::store_context::__private::BoundQuery<
        Board,
        ::store_context::__private::Many<Issue>,
    > {
        ::store_context::__private::BoundQuery::from_accessor(
            &self.0,
            "by_status",
            ::store_context::__private::Statement::named(
                "SELECT * FROM issues WHERE status = :status AND project = :project
         ORDER BY created DESC LIMIT :limit",
                &["status", "project", "limit"],
                ::std::vec![
                    < Status as ::store_context::__private::ColumnValue > ::to_cell(&
                    status), ::store_context::__private::Operand:: <
                    ::std::string::String > ::into_operand(project), < Option < u32 > as
                    ::store_context::__private::ColumnValue > ::to_cell(& limit)
                ],
            ),
        )
    }
    /**```sql
SELECT status, count(*) AS issues, NULL AS labels FROM issues GROUP BY status LIMIT 1
```*/
    ///
    ///Zero or one `Count`, declared as [`Board::count`](struct@Board#structfield.count).
    ///
    #[cfg_attr(not(doctest), doc = "```\nlet row = store.count().get()?;\n```")]
    #[must_use]
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    fn count(
        &self,
    ) -> ::store_context::__private::BoundQuery<
        Board,
        ::store_context::__private::Optional<Count>,
    > {
        ::store_context::__private::BoundQuery::from_accessor(
            &self.0,
            "count",
            ::store_context::__private::Statement::positional(
                "SELECT status, count(*) AS issues, NULL AS labels FROM issues GROUP BY status LIMIT 1",
                ::std::vec::Vec::new(),
            ),
        )
    }
    /**```sql
SELECT count(*) FROM issues
```*/
    ///
    ///Exactly one `i64`, declared as [`Board::total`](struct@Board#structfield.total).
    ///
    #[cfg_attr(not(doctest), doc = "```\nlet row = store.total().get()?;\n```")]
    #[must_use]
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    pub fn total(
        &self,
    ) -> ::store_context::__private::BoundQuery<
        Board,
        ::store_context::__private::One<i64>,
    > {
        ::store_context::__private::BoundQuery::from_accessor(
            &self.0,
            "total",
            ::store_context::__private::Statement::positional(
                "SELECT count(*) FROM issues",
                ::std::vec::Vec::new(),
            ),
        )
    }
}
///The [`Provider`](::store_context::Provider) of [`Board`](struct@Board): says which store to mount, and on what.
///
#[cfg_attr(
    not(doctest),
    doc = "```\nlet mounted = BoardProvider::new().adapter(adapter).store_id(\"alpha\").mount(&registry)?;\nlet store = mounted.store().await?;\n```"
)]
#[allow(dead_code, non_camel_case_types)]
pub type BoardProvider<A = ::store_context::__private::NoAdapter> = ::store_context::__private::Provider<
    Board,
    A,
>;
///The [`StoreKey`](::store_context::StoreKey) of [`Board`](struct@Board): names one store in a registry.
///
#[cfg_attr(
    not(doctest),
    doc = "```\nlet key: BoardKey = \"alpha\".parse()?;\nlet mounted = registry.get(&key)?;\n```"
)]
#[allow(dead_code, non_camel_case_types)]
pub type BoardKey = ::store_context::__private::StoreKey<Board>;
#[allow(dead_code)]
#[automatically_derived]
impl Board {
    ///Opens the store `default` of [`Board`](struct@Board) for itself, without a registry.
    ///
    ///Awaiting the result gives the store, or what opening met with.
    ///
    #[cfg_attr(not(doctest), doc = "```\nlet store = Board::open(adapter).await?;\n```")]
    pub fn open(
        adapter: impl ::store_context::__private::Adapter,
    ) -> ::store_context::__private::Suspended<Board> {
        ::store_context::__private::open::<Board>(adapter)
    }
}
const _: () = {
    const __TABLES: &[::store_context::__private::TableDef] = &[
        <Board as ::store_context::__private::HasTable<Issue>>::TABLE,
        <Board as ::store_context::__private::HasTable<Project>>::TABLE,
    ];
    const __DOCUMENTS: &[::store_context::__private::DocumentDef] = &[
        {
            let _ = ::store_context::__private::document_handle::<Board, BoardView>;
            ::store_context::__private::document_def::<BoardView>()
        },
        ::store_context::__private::DocumentDef {
            key: ::core::option::Option::Some(
                ::store_context::__private::column_type::<Status>(),
            ),
            ..{ ::store_context::__private::document_def::<ColumnView>() }
        },
    ];
    const __CHECKED: &::store_context::__private::checked::Tables = &::store_context::__private::checked::Tables {
        tables: __TABLES,
        documents: __DOCUMENTS,
        names: &::store_context::__private::checked::table_hashes::<
            { 2usize + 2usize },
        >(__TABLES, __DOCUMENTS),
    };
    const __SQL_by_status: &::store_context::__private::checked::SqlDef = {
        use ::store_context::__private::checked::*;
        &SqlDef {
            text: "SELECT * FROM issues WHERE status = :status AND project = :project\n         ORDER BY created DESC LIMIT :limit",
            sources: &[
                Source {
                    name: 8942803801534225417,
                    place: 14000006,
                    kind: SourceKind::Table(8942803801534225417, Builtin::None),
                    ..Source::PLAIN
                },
            ],
            scopes: &[
                Scope {
                    count: 1,
                    outputs: &[
                        Output {
                            kind: OutputKind::Star,
                            place: 7000001,
                            ..Output::PLAIN
                        },
                    ],
                    required: &[0, 1],
                    filtered: true,
                    limited: true,
                    ..Scope::PLAIN
                },
            ],
            references: &[
                Reference {
                    name: 14183358520170196015,
                    place: 27000006,
                    ..Reference::PLAIN
                },
                Reference {
                    name: 12400238528678257790,
                    place: 48000007,
                    ..Reference::PLAIN
                },
                Reference {
                    name: 16258158586571091195,
                    place: 85000007,
                    otherwise: Otherwise::Result,
                    ..Reference::PLAIN
                },
            ],
            bounds: &[
                Bound {
                    reference: 0,
                    comparison: Comparison::Equal,
                    parameter: 0,
                },
                Bound {
                    reference: 1,
                    comparison: Comparison::Equal,
                    parameter: 1,
                },
            ],
            ..SqlDef::PLAIN
        }
    };
    #[allow(long_running_const_eval)]
    const __RESOLVED_by_status: &::store_context::__private::checked::Resolved<
        1usize,
        3usize,
        1usize,
        { ::store_context::__private::checked::capacity(__SQL_by_status, __CHECKED) },
    > = &::store_context::__private::checked::Resolved::of(__SQL_by_status, __CHECKED);
    const __SQL_count: &::store_context::__private::checked::SqlDef = {
        use ::store_context::__private::checked::*;
        &SqlDef {
            text: "SELECT status, count(*) AS issues, NULL AS labels FROM issues GROUP BY status LIMIT 1",
            sources: &[
                Source {
                    name: 8942803801534225417,
                    place: 55000006,
                    kind: SourceKind::Table(8942803801534225417, Builtin::None),
                    ..Source::PLAIN
                },
            ],
            scopes: &[
                Scope {
                    count: 1,
                    outputs: &[
                        Output {
                            kind: OutputKind::Column(0),
                            name: 14183358520170196015,
                            place: 7000006,
                            ..Output::PLAIN
                        },
                        Output {
                            name: 8942803801534225417,
                            place: 15000008,
                            alias: 27000006,
                            term: Term::Made(Types::Are(1), Nulls::Never, &[]),
                            ..Output::PLAIN
                        },
                        Output {
                            name: 5459792080582216330,
                            place: 35000004,
                            alias: 43000006,
                            term: Term::Made(Types::Are(0), Nulls::Always, &[]),
                            ..Output::PLAIN
                        },
                    ],
                    grouped: true,
                    ..Scope::PLAIN
                },
            ],
            references: &[
                Reference {
                    name: 14183358520170196015,
                    place: 7000006,
                    ..Reference::PLAIN
                },
                Reference {
                    name: 14183358520170196015,
                    place: 71000006,
                    ..Reference::PLAIN
                },
            ],
            ..SqlDef::PLAIN
        }
    };
    #[allow(long_running_const_eval)]
    const __RESOLVED_count: &::store_context::__private::checked::Resolved<
        1usize,
        2usize,
        1usize,
        4usize,
    > = &::store_context::__private::checked::Resolved::of(__SQL_count, __CHECKED);
    const __SQL_total: &::store_context::__private::checked::SqlDef = {
        use ::store_context::__private::checked::*;
        &SqlDef {
            text: "SELECT count(*) FROM issues",
            sources: &[
                Source {
                    name: 8942803801534225417,
                    place: 21000006,
                    kind: SourceKind::Table(8942803801534225417, Builtin::None),
                    ..Source::PLAIN
                },
            ],
            scopes: &[
                Scope {
                    count: 1,
                    outputs: &[
                        Output {
                            name: 1375346399173159593,
                            place: 7000008,
                            term: Term::Made(Types::Are(1), Nulls::Never, &[]),
                            ..Output::PLAIN
                        },
                    ],
                    aggregate: true,
                    ..Scope::PLAIN
                },
            ],
            ..SqlDef::PLAIN
        }
    };
    #[allow(long_running_const_eval)]
    const __RESOLVED_total: &::store_context::__private::checked::Resolved<
        1usize,
        0usize,
        1usize,
        2usize,
    > = &::store_context::__private::checked::Resolved::of(__SQL_total, __CHECKED);
    const __QUERY_by_status: &::store_context::__private::QueryDef = &::store_context::__private::QueryDef {
        name: "by_status",
        sql: "SELECT * FROM issues WHERE status = :status AND project = :project
         ORDER BY created DESC LIMIT :limit",
        parameters: &["status", "project", "limit"],
        shape: ::store_context::__private::shape::<
            ::store_context::__private::Many<Issue>,
        >(),
        dependencies: ::core::option::Option::Some(::store_context::__private::Dependencies {
            sql: __SQL_by_status,
            origins: &__RESOLVED_by_status.origins,
            columns: &__RESOLVED_by_status.columns,
        }),
    };
    const __QUERY_count: &::store_context::__private::QueryDef = &::store_context::__private::QueryDef {
        name: "count",
        sql: "SELECT status, count(*) AS issues, NULL AS labels FROM issues GROUP BY status LIMIT 1",
        parameters: &[],
        shape: ::store_context::__private::shape::<
            ::store_context::__private::Optional<Count>,
        >(),
        dependencies: ::core::option::Option::Some(::store_context::__private::Dependencies {
            sql: __SQL_count,
            origins: &__RESOLVED_count.origins,
            columns: &__RESOLVED_count.columns,
        }),
    };
    const __QUERY_total: &::store_context::__private::QueryDef = &::store_context::__private::QueryDef {
        name: "total",
        sql: "SELECT count(*) FROM issues",
        parameters: &[],
        shape: ::store_context::__private::shape::<
            ::store_context::__private::One<i64>,
        >(),
        dependencies: ::core::option::Option::Some(::store_context::__private::Dependencies {
            sql: __SQL_total,
            origins: &__RESOLVED_total.origins,
            columns: &__RESOLVED_total.columns,
        }),
    };
    #[automatically_derived]
    impl ::store_context::__private::StoreContext for Board {
        type Event = BoardEvent;
        type Handle = BoardStore;
        const SCHEMA: &'static ::store_context::__private::SchemaDef = &::store_context::__private::SchemaDef {
            name: "board",
            version: 2u32,
            tables: __TABLES,
            documents: __DOCUMENTS,
            queries: &[*__QUERY_by_status, *__QUERY_count, *__QUERY_total],
        };
        fn apply(
            event: Self::Event,
            tx: &mut ::store_context::__private::Tx<'_, Self>,
        ) -> ::core::result::Result<(), ::store_context::__private::MaterializeError> {
            <Board as ::store_context::__private::Materialize>::materialize(event, tx)
        }
    }
    #[automatically_derived]
    impl ::store_context::__private::HasTable<Issue> for Board {
        const TABLE: ::store_context::__private::TableDef = <Issue as ::store_context::__private::TableRow>::TABLE;
    }
    #[automatically_derived]
    impl ::store_context::__private::HasTable<Project> for Board {
        const TABLE: ::store_context::__private::TableDef = <Project as ::store_context::__private::TableRow>::TABLE;
    }
    #[automatically_derived]
    impl ::store_context::__private::DefaultAdapter for Board {
        fn default_adapter() -> ::std::boxed::Box<
            dyn ::store_context::__private::Adapter,
        > {
            ::std::boxed::Box::new(Sqlite::in_dir("data"))
        }
    }
    const _: () = <Board as ::store_context::__private::StoreContext>::SCHEMA
        .assert_names();
    const _: () = <Board as ::store_context::__private::StoreContext>::SCHEMA
        .assert_foreign_keys(0usize);
    const _: () = <Board as ::store_context::__private::StoreContext>::SCHEMA
        .assert_foreign_keys(1usize);
    #[allow(long_running_const_eval)]
    const _: () = __RESOLVED_by_status
        .assert(__SQL_by_status, __CHECKED, &__QUERY_by_status.shape, "Issue");
    #[allow(long_running_const_eval)]
    const _: () = __RESOLVED_count
        .assert(__SQL_count, __CHECKED, &__QUERY_count.shape, "Count");
    #[allow(long_running_const_eval)]
    const _: () = __RESOLVED_total
        .assert(__SQL_total, __CHECKED, &__QUERY_total.shape, "i64");
    const _: fn(&Board) = |schema| {
        let _ = &schema.issues;
        let _ = &schema.projects;
        let _ = &schema.view;
        let _ = &schema.column_views;
        let _ = &schema.by_status;
        let _ = &schema.count;
        let _ = &schema.total;
    };
};
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example(
        store: &BoardStore,
        event: BoardEvent,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError> {
        let receipt = store.commit(event)?;
        receipt.durable().await?;
        ::core::result::Result::Ok(())
    }
};
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example(
        adapter: impl ::store_context::__private::Adapter,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError> {
        let store = Board::open(adapter).await?;
        ::core::result::Result::Ok(())
    }
};
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example(
        registry: ::store_context::__private::StoreRegistry,
        adapter: impl ::store_context::__private::Adapter,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError> {
        let mounted = BoardProvider::new()
            .adapter(adapter)
            .store_id("alpha")
            .mount(&registry)?;
        let store = mounted.store().await?;
        ::core::result::Result::Ok(())
    }
};
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example(
        registry: ::store_context::__private::StoreRegistry,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError> {
        let key: BoardKey = "alpha".parse()?;
        let mounted = registry.get(&key)?;
        ::core::result::Result::Ok(())
    }
};
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example(
        store: &BoardStore,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError> {
        let rows = store.issues().limit(20).get()?;
        let count = store.issues().count().get()?;
        ::core::result::Result::Ok(())
    }
};
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example(
        store: &BoardStore,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError> {
        let rows = store.projects().limit(20).get()?;
        let count = store.projects().count().get()?;
        ::core::result::Result::Ok(())
    }
};
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example(
        store: &BoardStore,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError> {
        let document = store.view();
        let value = document.get()?;
        document.update(|value| *value = Default::default())?;
        ::core::result::Result::Ok(())
    }
};
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example(
        store: &BoardStore,
        key: impl ::store_context::__private::Operand<Status>,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError> {
        let document = store.column_views(key);
        let value = document.get()?;
        document.update(|value| *value = Default::default())?;
        ::core::result::Result::Ok(())
    }
};
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example(
        store: &BoardStore,
        status: Status,
        project: &str,
        limit: Option<u32>,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError> {
        let rows = store.by_status(status, project, limit).get()?;
        ::core::result::Result::Ok(())
    }
};
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example(
        store: &BoardStore,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError> {
        let row = store.count().get()?;
        ::core::result::Result::Ok(())
    }
};
#[cfg(test)]
const _: () = {
    #[allow(dead_code, unused_variables, non_snake_case, clippy::all, clippy::pedantic)]
    async fn example(
        store: &BoardStore,
    ) -> ::core::result::Result<(), ::store_context::__private::StoreError> {
        let row = store.total().get()?;
        ::core::result::Result::Ok(())
    }
};
