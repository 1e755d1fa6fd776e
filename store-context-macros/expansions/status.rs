const _: () = {
    #[automatically_derived]
    impl Status {
        #[doc(hidden)]
        #[must_use]
        #[allow(clippy::trivially_copy_pass_by_ref)]
        pub const fn __column_name(&self) -> &'static ::core::primitive::str {
            match self {
                Self::Todo => "todo",
                Self::InProgress => "in_progress",
                Self::Done => "closed",
            }
        }
    }
    #[automatically_derived]
    impl ::store_context::__private::Column for Status {
        const TYPE: ::store_context::__private::SqlType = ::store_context::__private::SqlType::Text;
        const DOMAIN: ::store_context::__private::Domain = ::store_context::__private::Domain::Texts(
            &["todo", "in_progress", "closed"],
        );
        const FINGERPRINT: ::core::primitive::u64 = ::store_context::__private::Fingerprint::new()
            .text("todo")
            .text("in_progress")
            .text("closed")
            .finish();
        fn to_value(&self) -> ::store_context::__private::Value {
            ::store_context::__private::Value::Text(
                <::std::string::String as ::core::convert::From<
                    &::core::primitive::str,
                >>::from(self.__column_name()),
            )
        }
        fn from_value(
            value: ::store_context::__private::ValueRef<'_>,
        ) -> ::core::result::Result<Self, ::store_context::__private::ColumnError> {
            match value {
                ::store_context::__private::ValueRef::Text("todo") => {
                    ::core::result::Result::Ok(Self::Todo)
                }
                ::store_context::__private::ValueRef::Text("in_progress") => {
                    ::core::result::Result::Ok(Self::InProgress)
                }
                ::store_context::__private::ValueRef::Text("closed") => {
                    ::core::result::Result::Ok(Self::Done)
                }
                ::store_context::__private::ValueRef::Text(text) => {
                    ::core::result::Result::Err(
                        ::store_context::__private::ColumnError::Invalid(
                            ::std::format!("{text:?} is not a `Status`"),
                        ),
                    )
                }
                other => {
                    ::core::result::Result::Err(
                        ::store_context::__private::ColumnError::wrong_type(
                            "text",
                            other,
                        ),
                    )
                }
            }
        }
    }
};
