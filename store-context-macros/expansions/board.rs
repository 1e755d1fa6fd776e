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
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
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
        ::store_context::__private::Select::from_accessor(&self.0)
    }
    ///A table of `Project` rows, declared as [`Board::projects`](struct@Board#structfield.projects).
    ///
    #[cfg_attr(
        not(doctest),
        doc = "```\nlet rows = store.projects().limit(20).get()?;\nlet count = store.projects().count().get()?;\n```"
    )]
    pub fn projects(&self) -> ::store_context::__private::Select<Board, Project> {
        ::store_context::__private::Select::from_accessor(&self.0)
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
        ::store_context::__private::Store::document::<BoardView>(&self.0)
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
        ::store_context::__private::Store::keyed_document::<
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
        let statement = ::store_context::__private::Statement::named(
            "SELECT * FROM issues WHERE status = :status AND project = :project
         ORDER BY created DESC LIMIT :limit",
            &["status", "project", "limit"],
            ::std::vec![
                < Status as ::store_context::__private::ColumnValue > ::to_cell(&
                status), ::store_context::__private::Operand:: < ::std::string::String >
                ::into_operand(project), < Option < u32 > as
                ::store_context::__private::ColumnValue > ::to_cell(& limit)
            ],
        );
        ::store_context::__private::BoundQuery::from_accessor(&self.0, statement)
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
        let statement = ::store_context::__private::Statement::positional(
            "SELECT status, count(*) AS issues, NULL AS labels FROM issues GROUP BY status LIMIT 1",
            ::std::vec::Vec::new(),
        );
        ::store_context::__private::BoundQuery::from_accessor(&self.0, statement)
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
        let statement = ::store_context::__private::Statement::positional(
            "SELECT count(*) FROM issues",
            ::std::vec::Vec::new(),
        );
        ::store_context::__private::BoundQuery::from_accessor(&self.0, statement)
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
    const fn __table<
        S: ::store_context::__private::StoreContext,
        R: ::store_context::__private::TableOf<S>,
    >() -> ::store_context::__private::TableDef {
        <R as ::store_context::__private::TableRow>::TABLE
    }
    const __TABLES: &[::store_context::__private::TableDef] = &[
        __table::<Board, Issue>(),
        __table::<Board, Project>(),
    ];
    const __DOCUMENTS: &[::store_context::__private::DocumentDef] = &[
        ::store_context::__private::DocumentDef {
            name: {
                let _ = ::store_context::__private::Store::<
                    Board,
                >::document::<BoardView>;
                ::store_context::__private::document_name::<BoardView>()
            },
            key: ::core::option::Option::None,
        },
        ::store_context::__private::DocumentDef {
            name: { ::store_context::__private::document_name::<ColumnView>() },
            key: ::core::option::Option::Some(
                ::store_context::__private::column_type::<Status>(),
            ),
        },
    ];
    const __CHECKED: ::store_context::__private::checked::Tables = ::store_context::__private::checked::Tables {
        tables: __TABLES,
        documents: __DOCUMENTS,
        names: &::store_context::__private::checked::table_hashes::<
            { 2usize + 2usize },
        >(__TABLES, __DOCUMENTS),
        columns: &[
            &::store_context::__private::checked::column_hashes::<
                { __TABLES[0usize].columns.len() },
            >(&__TABLES[0usize]),
            &::store_context::__private::checked::column_hashes::<
                { __TABLES[1usize].columns.len() },
            >(&__TABLES[1usize]),
        ],
    };
    const __SQL_by_status: &::store_context::__private::checked::SqlDef = {
        use ::store_context::__private::checked::*;
        &SqlDef {
            text: "SELECT * FROM issues WHERE status = :status AND project = :project\n         ORDER BY created DESC LIMIT :limit",
            sources: &[
                Source {
                    name: 8942803801534225417u64,
                    place: (14usize, 6usize),
                    kind: SourceKind::Table(8942803801534225417u64, Builtin::None),
                    optional: 0usize,
                    using: &[],
                    natural: false,
                },
            ],
            scopes: &[
                Scope {
                    first: 0usize,
                    count: 1usize,
                    parent: ::core::option::Option::None,
                    outputs: &[
                        Output {
                            kind: OutputKind::Star,
                            name: 0u64,
                            place: (7usize, 1usize),
                            name_place: (0usize, 0usize),
                            required: false,
                        },
                    ],
                    required: &[0usize, 1usize],
                    implied: &[],
                    aggregate: false,
                },
            ],
            selects: &[
                Select {
                    arms: &[0usize],
                    visible: &[0usize],
                },
            ],
            references: &[
                Reference {
                    scope: 0usize,
                    qualifier: 0u64,
                    name: 14183358520170196015u64,
                    place: (27usize, 6usize),
                    otherwise: Otherwise::Unknown,
                },
                Reference {
                    scope: 0usize,
                    qualifier: 0u64,
                    name: 12400238528678257790u64,
                    place: (48usize, 7usize),
                    otherwise: Otherwise::Unknown,
                },
                Reference {
                    scope: 0usize,
                    qualifier: 0u64,
                    name: 16258158586571091195u64,
                    place: (85usize, 7usize),
                    otherwise: Otherwise::Result,
                },
            ],
            optional: &[],
            widths: &[],
            bounds: &[
                Bound {
                    reference: 0usize,
                    comparison: Comparison::Equal,
                    parameter: 0usize,
                },
                Bound {
                    reference: 1usize,
                    comparison: Comparison::Equal,
                    parameter: 1usize,
                },
            ],
        }
    };
    #[allow(long_running_const_eval)]
    const __RESOLVED_by_status: &::store_context::__private::checked::Resolved<
        1usize,
        3usize,
        1usize,
        { ::store_context::__private::checked::capacity(__SQL_by_status, &__CHECKED) },
    > = &::store_context::__private::checked::Resolved::of(__SQL_by_status, &__CHECKED);
    const __SQL_count: &::store_context::__private::checked::SqlDef = {
        use ::store_context::__private::checked::*;
        &SqlDef {
            text: "SELECT status, count(*) AS issues, NULL AS labels FROM issues GROUP BY status LIMIT 1",
            sources: &[
                Source {
                    name: 8942803801534225417u64,
                    place: (55usize, 6usize),
                    kind: SourceKind::Table(8942803801534225417u64, Builtin::None),
                    optional: 0usize,
                    using: &[],
                    natural: false,
                },
            ],
            scopes: &[
                Scope {
                    first: 0usize,
                    count: 1usize,
                    parent: ::core::option::Option::None,
                    outputs: &[
                        Output {
                            kind: OutputKind::Column(0usize),
                            name: 14183358520170196015u64,
                            place: (7usize, 6usize),
                            name_place: (7usize, 6usize),
                            required: false,
                        },
                        Output {
                            kind: OutputKind::Expression,
                            name: 8942803801534225417u64,
                            place: (15usize, 8usize),
                            name_place: (27usize, 6usize),
                            required: false,
                        },
                        Output {
                            kind: OutputKind::Expression,
                            name: 5459792080582216330u64,
                            place: (35usize, 4usize),
                            name_place: (43usize, 6usize),
                            required: false,
                        },
                    ],
                    required: &[],
                    implied: &[],
                    aggregate: false,
                },
            ],
            selects: &[
                Select {
                    arms: &[0usize],
                    visible: &[0usize],
                },
            ],
            references: &[
                Reference {
                    scope: 0usize,
                    qualifier: 0u64,
                    name: 14183358520170196015u64,
                    place: (7usize, 6usize),
                    otherwise: Otherwise::Unknown,
                },
                Reference {
                    scope: 0usize,
                    qualifier: 0u64,
                    name: 14183358520170196015u64,
                    place: (71usize, 6usize),
                    otherwise: Otherwise::Unknown,
                },
            ],
            optional: &[],
            widths: &[],
            bounds: &[],
        }
    };
    #[allow(long_running_const_eval)]
    const __RESOLVED_count: &::store_context::__private::checked::Resolved<
        1usize,
        2usize,
        1usize,
        { ::store_context::__private::checked::capacity(__SQL_count, &__CHECKED) },
    > = &::store_context::__private::checked::Resolved::of(__SQL_count, &__CHECKED);
    const __SQL_total: &::store_context::__private::checked::SqlDef = {
        use ::store_context::__private::checked::*;
        &SqlDef {
            text: "SELECT count(*) FROM issues",
            sources: &[
                Source {
                    name: 8942803801534225417u64,
                    place: (21usize, 6usize),
                    kind: SourceKind::Table(8942803801534225417u64, Builtin::None),
                    optional: 0usize,
                    using: &[],
                    natural: false,
                },
            ],
            scopes: &[
                Scope {
                    first: 0usize,
                    count: 1usize,
                    parent: ::core::option::Option::None,
                    outputs: &[
                        Output {
                            kind: OutputKind::Expression,
                            name: 1375346399173159593u64,
                            place: (7usize, 8usize),
                            name_place: (7usize, 8usize),
                            required: false,
                        },
                    ],
                    required: &[],
                    implied: &[],
                    aggregate: true,
                },
            ],
            selects: &[
                Select {
                    arms: &[0usize],
                    visible: &[0usize],
                },
            ],
            references: &[],
            optional: &[],
            widths: &[],
            bounds: &[],
        }
    };
    #[allow(long_running_const_eval)]
    const __RESOLVED_total: &::store_context::__private::checked::Resolved<
        1usize,
        0usize,
        1usize,
        { ::store_context::__private::checked::capacity(__SQL_total, &__CHECKED) },
    > = &::store_context::__private::checked::Resolved::of(__SQL_total, &__CHECKED);
    #[automatically_derived]
    impl ::store_context::__private::StoreContext for Board {
        type Event = BoardEvent;
        type Handle = BoardStore;
        const SCHEMA: &'static ::store_context::__private::SchemaDef = &::store_context::__private::SchemaDef {
            name: "board",
            version: 2u32,
            tables: __TABLES,
            documents: __DOCUMENTS,
            queries: &[
                ::store_context::__private::QueryDef {
                    name: "by_status",
                    sql: "SELECT * FROM issues WHERE status = :status AND project = :project
         ORDER BY created DESC LIMIT :limit",
                    parameters: &["status", "project", "limit"],
                    shape: {
                        let _ = ::core::marker::PhantomData::<
                            ::store_context::__private::BoundQuery<
                                Board,
                                ::store_context::__private::Many<Issue>,
                            >,
                        >;
                        ::store_context::__private::shape::<
                            ::store_context::__private::Many<Issue>,
                        >()
                    },
                    dependencies: ::core::option::Option::Some(::store_context::__private::Dependencies {
                        sql: __SQL_by_status,
                        origins: &__RESOLVED_by_status.origins,
                        columns: &__RESOLVED_by_status.columns,
                    }),
                },
                ::store_context::__private::QueryDef {
                    name: "count",
                    sql: "SELECT status, count(*) AS issues, NULL AS labels FROM issues GROUP BY status LIMIT 1",
                    parameters: &[],
                    shape: {
                        let _ = ::core::marker::PhantomData::<
                            ::store_context::__private::BoundQuery<
                                Board,
                                ::store_context::__private::Optional<Count>,
                            >,
                        >;
                        ::store_context::__private::shape::<
                            ::store_context::__private::Optional<Count>,
                        >()
                    },
                    dependencies: ::core::option::Option::Some(::store_context::__private::Dependencies {
                        sql: __SQL_count,
                        origins: &__RESOLVED_count.origins,
                        columns: &__RESOLVED_count.columns,
                    }),
                },
                ::store_context::__private::QueryDef {
                    name: "total",
                    sql: "SELECT count(*) FROM issues",
                    parameters: &[],
                    shape: {
                        let _ = ::core::marker::PhantomData::<
                            ::store_context::__private::BoundQuery<
                                Board,
                                ::store_context::__private::One<i64>,
                            >,
                        >;
                        ::store_context::__private::shape::<
                            ::store_context::__private::One<i64>,
                        >()
                    },
                    dependencies: ::core::option::Option::Some(::store_context::__private::Dependencies {
                        sql: __SQL_total,
                        origins: &__RESOLVED_total.origins,
                        columns: &__RESOLVED_total.columns,
                    }),
                },
            ],
        };
        fn apply(
            event: &Self::Event,
            tx: &mut ::store_context::__private::Tx<'_, Self>,
        ) -> ::core::result::Result<(), ::store_context::__private::MaterializeError> {
            <Board as ::store_context::__private::Materialize>::materialize(event, tx)
        }
    }
    #[automatically_derived]
    impl ::store_context::__private::PartOf<Board> for Issue {}
    #[automatically_derived]
    impl ::store_context::__private::PartOf<Board> for Project {}
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
    const _: () = {
        const __SHAPE: ::store_context::__private::Shape = {
            let _ = ::core::marker::PhantomData::<
                ::store_context::__private::BoundQuery<
                    Board,
                    ::store_context::__private::Many<Issue>,
                >,
            >;
            ::store_context::__private::shape::<
                ::store_context::__private::Many<Issue>,
            >()
        };
        __RESOLVED_by_status.assert(__SQL_by_status, &__CHECKED, &__SHAPE, "Issue")
    };
    #[allow(long_running_const_eval)]
    const _: () = {
        const __SHAPE: ::store_context::__private::Shape = {
            let _ = ::core::marker::PhantomData::<
                ::store_context::__private::BoundQuery<
                    Board,
                    ::store_context::__private::Optional<Count>,
                >,
            >;
            ::store_context::__private::shape::<
                ::store_context::__private::Optional<Count>,
            >()
        };
        __RESOLVED_count.assert(__SQL_count, &__CHECKED, &__SHAPE, "Count")
    };
    #[allow(long_running_const_eval)]
    const _: () = {
        const __SHAPE: ::store_context::__private::Shape = {
            let _ = ::core::marker::PhantomData::<
                ::store_context::__private::BoundQuery<
                    Board,
                    ::store_context::__private::One<i64>,
                >,
            >;
            ::store_context::__private::shape::<::store_context::__private::One<i64>>()
        };
        __RESOLVED_total.assert(__SQL_total, &__CHECKED, &__SHAPE, "i64")
    };
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
