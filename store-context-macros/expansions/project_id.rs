const _: () = {
    #[automatically_derived]
    impl ::store_context::__private::Column for ProjectId {
        const TYPE: ::store_context::__private::SqlType = <String as ::store_context::__private::Column>::TYPE;
        const READS: &'static [::store_context::__private::SqlType] = <String as ::store_context::__private::Column>::READS;
        const DOMAIN: ::store_context::__private::Domain = <String as ::store_context::__private::Column>::DOMAIN;
        const FINGERPRINT: ::core::primitive::u64 = <String as ::store_context::__private::Column>::FINGERPRINT;
        fn to_value(&self) -> ::store_context::__private::Value {
            <String as ::store_context::__private::Column>::to_value(&self.0)
        }
        fn from_value(
            value: ::store_context::__private::ValueRef<'_>,
        ) -> ::core::result::Result<Self, ::store_context::__private::ColumnError> {
            <String as ::store_context::__private::Column>::from_value(value).map(Self)
        }
    }
};
