/// The store of one board.
///
///An open store `board`.
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
    pub fn issues(&self) -> ::store_context::__private::Select<Board, Issue> {
        ::store_context::__private::Select::from_accessor(&self.0)
    }
    ///The table of `Project`.
    pub fn projects(&self) -> ::store_context::__private::Select<Board, Project> {
        ::store_context::__private::Select::from_accessor(&self.0)
    }
    /// What this session types.
    #[must_use]
    pub fn view(&self) -> ::store_context::__private::DocumentHandle<Board, BoardView> {
        ::store_context::__private::Store::document::<BoardView>(&self.0)
    }
    ///The client document `ColumnView`.
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
    ///The query `count`.
    ///
    /**```sql
SELECT status, count(*) AS issues, NULL AS labels FROM issues GROUP BY status LIMIT 1
```*/
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
    ///The query `total`.
    ///
    /**```sql
SELECT count(*) FROM issues
```*/
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
///Says which store of [`Board`] to mount, and on what: `BoardProvider::new()`.
#[allow(dead_code, non_camel_case_types)]
pub type BoardProvider<A = ::store_context::__private::NoAdapter> = ::store_context::__private::Provider<
    Board,
    A,
>;
///Names one store of [`Board`] in a registry.
#[allow(dead_code, non_camel_case_types)]
pub type BoardKey = ::store_context::__private::StoreKey<Board>;
#[allow(dead_code)]
#[automatically_derived]
impl Board {
    ///Opens the store `default` of [`Board`] for itself, without a registry.
    ///
    ///Awaiting the result gives the store, or what opening met with.
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
    #[automatically_derived]
    impl ::store_context::__private::StoreContext for Board {
        type Event = BoardEvent;
        type Handle = BoardStore;
        const SCHEMA: &'static ::store_context::__private::SchemaDef = &::store_context::__private::SchemaDef {
            name: "board",
            version: 2u32,
            tables: &[__table::<Board, Issue>(), __table::<Board, Project>()],
            documents: &[
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
            ],
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
