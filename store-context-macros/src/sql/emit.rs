//! A resolved statement as the constants that the runtime holds against the schema's tables.

use proc_macro2::TokenStream;
use quote::quote;

use super::model::{Builtin, Comparison, Otherwise, OutputKind, Source, SourceKind, Sql};
use super::text::{Name, Place};

/// The expression of a `SqlDef`; the caller has the runtime's `sql` in scope.
pub(crate) fn emit(sql: &Sql, text: &str, parameters: &[String]) -> TokenStream {
    let sources = sql.sources.iter().map(source);
    let scopes = sql.scopes.iter().map(|scope| {
        let outputs = scope.outputs.iter().map(|output| {
            let kind = match &output.kind {
                OutputKind::Column(reference) => quote!(OutputKind::Column(#reference)),
                OutputKind::Star => quote!(OutputKind::Star),
                OutputKind::SourceStar(name) => {
                    let hash = hash(&name.text);
                    quote!(OutputKind::SourceStar(#hash))
                }
                OutputKind::Expression => quote!(OutputKind::Expression),
            };
            let (name, required) = (output.name.as_deref().map_or(0, hash), output.required);
            let (place, name_place) = (place(output.place), place(output.name_place));
            quote! {
                Output { kind: #kind, name: #name, place: #place, name_place: #name_place, required: #required }
            }
        });
        let (first, count, aggregate) = (scope.first, scope.count, scope.aggregate);
        let (parent, required) = (option(scope.parent), &scope.required);
        let implied = scope.implied.iter().map(|(optional, reference)| quote!((#optional, #reference)));
        quote! {
            Scope {
                first: #first,
                count: #count,
                parent: #parent,
                outputs: &[#(#outputs),*],
                required: &[#(#required),*],
                implied: &[#(#implied),*],
                aggregate: #aggregate,
            }
        }
    });
    let selects = sql.selects.iter().map(|select| {
        let (arms, visible) = (&select.arms, &select.visible);
        quote!(Select { arms: &[#(#arms),*], visible: &[#(#visible),*] })
    });
    let references = sql.references.iter().map(|reference| {
        let (scope, place) = (reference.scope, place(reference.name.place));
        let (qualifier, name) = (self::name(reference.qualifier.as_ref()), hash(&reference.name.text));
        let otherwise = match reference.otherwise {
            Otherwise::Unknown => quote!(Otherwise::Unknown),
            Otherwise::Text => quote!(Otherwise::Text),
            Otherwise::Known => quote!(Otherwise::Known),
            Otherwise::Result => quote!(Otherwise::Result),
        };
        quote! {
            Reference { scope: #scope, qualifier: #qualifier, name: #name, place: #place, otherwise: #otherwise }
        }
    });
    let widths = sql.widths.iter().map(|width| {
        let (select, wanted, place) = (width.select, width.wanted, place(width.place));
        quote!(Width { select: #select, wanted: #wanted, place: #place })
    });
    let bounds = sql.bounds.iter().filter_map(|bound| {
        let parameter = parameters.iter().position(|parameter| *parameter == bound.parameter)?;
        let (reference, comparison) = (bound.reference, comparison(bound.comparison));
        Some(quote!(Bound { reference: #reference, comparison: #comparison, parameter: #parameter }))
    });
    let optional = &sql.optional;
    quote! {
        SqlDef {
            text: #text,
            sources: &[#(#sources),*],
            scopes: &[#(#scopes),*],
            selects: &[#(#selects),*],
            references: &[#(#references),*],
            optional: &[#(#optional),*],
            widths: &[#(#widths),*],
            bounds: &[#(#bounds),*],
        }
    }
}

fn source(source: &Source) -> TokenStream {
    let kind = match &source.kind {
        SourceKind::Table(name, builtin) => {
            let (hash, builtin) = (hash(&name.text), self::builtin(*builtin));
            quote!(SourceKind::Table(#hash, #builtin))
        }
        SourceKind::Select { select, columns, recursive } => {
            let columns = columns.iter().map(|column| hash(&column.text));
            quote!(SourceKind::Select { select: #select, columns: &[#(#columns),*], recursive: #recursive })
        }
        SourceKind::Function(builtin) => {
            let builtin = self::builtin(*builtin);
            quote!(SourceKind::Function(#builtin))
        }
    };
    let (name, place, optional, natural) =
        (self::name(source.name.as_ref()), place(source.place), source.optional, source.natural);
    let using = source.using.iter().map(|column| {
        let (hash, place) = (hash(&column.text), self::place(column.place));
        quote!((#hash, #place))
    });
    quote! {
        Source {
            name: #name,
            place: #place,
            kind: #kind,
            optional: #optional,
            using: &[#(#using),*],
            natural: #natural,
        }
    }
}

fn builtin(builtin: Builtin) -> TokenStream {
    match builtin {
        Builtin::None => quote!(Builtin::None),
        Builtin::Json => quote!(Builtin::Json),
        Builtin::Other => quote!(Builtin::Other),
    }
}

fn comparison(comparison: Comparison) -> TokenStream {
    match comparison {
        Comparison::Equal => quote!(Comparison::Equal),
        Comparison::Less => quote!(Comparison::Less),
        Comparison::LessOrEqual => quote!(Comparison::LessOrEqual),
        Comparison::Greater => quote!(Comparison::Greater),
        Comparison::GreaterOrEqual => quote!(Comparison::GreaterOrEqual),
    }
}

fn option(value: Option<usize>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

fn name(name: Option<&Name>) -> u64 {
    name.map_or(0, |name| hash(&name.text))
}

fn place(place: Place) -> TokenStream {
    let (start, length) = (place.start, place.length);
    quote!((#start, #length))
}

/// The 64-bit FNV-1a hash of a name without case; the runtime has the same.
pub(crate) fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
