//! The table of operations: what client-core has to know of each.
//!
//! Input: the model. Output: statics for security schemes, failures and operations, for each part of the crate.

use indexmap::IndexMap;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{
    docs,
    parts::{self, Part},
    syntax::{self, ident},
};
use crate::{
    normalize::{Problem, naming},
    rust::{
        model::{ClientParameter, Failure, Model, Operation, Scheme, SchemeKind, When},
        names::{CLIENT_PARAMETERS, SECURITY},
    },
};

/// What the module may have to import.
const IMPORTED: [&str; 9] =
    ["ClientParameter", "Failure", "Method", "Operation", "Retry", "Scalar", "Scheme", "SchemeKind", "When"];

/// What the operations of all parts share.
struct Shared<'a> {
    model: &'a Model,
    client_parameters: Lists,
    security: Lists,
}

/// Lists that several operations have: their code and their name.
type Lists = IndexMap<String, (TokenStream, String)>;

/// Writes the table: the modules, each with its path.
pub(super) fn table(model: &Model, parts: &[Part<'_>]) -> Result<Vec<(String, String)>, Problem> {
    let client_parameters = lists(CLIENT_PARAMETERS, model.operations.iter().map(client_parameters));
    let security = lists(SECURITY, model.operations.iter().map(security));
    let shared = Shared { model, client_parameters, security };
    let files = parts.iter().map(|part| {
        let whole = part.feature.is_none();
        let mut statics = if whole { common(&shared) } else { TokenStream::new() };
        statics.extend(part.operations.iter().map(|operation| entry(operation, &shared, !whole)));
        let head = docs::inner(&format!(
            "Each operation{} as client-core needs it: method, path, credentials, client parameters, and what counts as success.",
            part.of()
        ));
        let imports = syntax::imports(&statics, &IMPORTED);
        let modules = if whole { parts::modules(parts.iter().map(|part| (part, true))) } else { TokenStream::new() };
        Ok((part.path("operations"), syntax::unparse(quote!(#head #imports #modules #statics))?))
    });
    files.collect()
}

/// What stands once, in the module that is always compiled.
fn common(shared: &Shared<'_>) -> TokenStream {
    let schemes = shared.model.schemes.iter().map(scheme);
    let rules = shared.model.failures.iter().map(failure);
    let reason = "only operations of tags may take it, each behind its feature";
    let unused = (!shared.model.features.is_empty()).then(|| quote!(#[allow(dead_code, reason = #reason)]));
    let client_parameters = shared.client_parameters.values().map(|(code, name)| {
        let name = ident(name);
        quote! {
            /// What several operations take from the client's settings.
            #unused
            static #name: &[ClientParameter] = #code;
        }
    });
    let security = shared.security.values().map(|(code, name)| {
        let name = ident(name);
        quote! {
            /// Security schemes that several operations need.
            #unused
            static #name: &[&[&str]] = #code;
        }
    });
    quote! {
        /// The security schemes.
        pub static SCHEMES: &[Scheme] = &[#(#schemes),*];
        /// What makes a response an error although its status says success.
        pub static FAILURES: &[Failure] = &[#(#rules),*];
        #(#client_parameters)*
        #(#security)*
    }
}

/// Those lists that come more than once, each under a name; empty ones need none.
fn lists(name: &str, all: impl Iterator<Item = TokenStream>) -> Lists {
    let mut counted: IndexMap<String, (TokenStream, usize)> = IndexMap::new();
    for list in all {
        counted.entry(list.to_string()).or_insert((list, 0)).1 += 1;
    }
    let empty = quote!(&[]).to_string();
    let several = counted.into_iter().filter(|(text, (_, count))| *count > 1 && *text != empty);
    let named = several.enumerate().map(|(index, (text, (list, _)))| {
        (text, (list, if index == 0 { name.to_owned() } else { format!("{name}_{}", index + 1) }))
    });
    named.collect()
}

fn scheme(scheme: &Scheme) -> TokenStream {
    let name = Literal::string(&scheme.name);
    match &scheme.kind {
        SchemeKind::Header { header, prefix } => quote!(Scheme::header(#name, #header, #prefix)),
        SchemeKind::Query { name: parameter } => quote!(Scheme::query(#name, #parameter)),
        SchemeKind::Basic => quote!(Scheme::basic(#name)),
        SchemeKind::Bearer => quote!(Scheme::bearer(#name)),
    }
}

fn client_parameters(operation: &Operation) -> TokenStream {
    let client_parameters = operation.client_parameters.iter().map(client_parameter);
    quote!(&[#(#client_parameters),*])
}

fn client_parameter(parameter: &ClientParameter) -> TokenStream {
    let (name, place) = (&parameter.name, ident(if parameter.place == "query" { "query" } else { "header" }));
    let required = parameter.required.then(|| quote!(.required()));
    quote!(ClientParameter::#place(#name)#required)
}

fn security(operation: &Operation) -> TokenStream {
    let alternatives = operation.security.iter().map(|schemes| quote!(&[#(#schemes),*]));
    quote!(&[#(#alternatives),*])
}

/// The list itself, or the name that it has.
fn list(code: TokenStream, lists: &Lists, within: bool) -> TokenStream {
    let Some((_, name)) = lists.get(&code.to_string()) else { return code };
    let name = ident(name);
    if within { quote!(super::#name) } else { quote!(#name) }
}

fn failure(failure: &Failure) -> TokenStream {
    let (at, when) = (&failure.at, &failure.when);
    let when = match when {
        When::Null => quote!(When::Null),
        When::Present => quote!(When::Present),
        When::Not(values) => {
            let values = values.iter().map(scalar);
            quote!(When::Not(&[#(#values),*]))
        }
    };
    quote!(Failure::new(#at, #when))
}

fn scalar(value: &Value) -> TokenStream {
    match value {
        Value::Bool(flag) => quote!(Scalar::Bool(#flag)),
        Value::Number(number) => {
            let number = Literal::i64_unsuffixed(number.as_i64().unwrap_or_default());
            quote!(Scalar::Integer(#number))
        }
        text => {
            let text = text.as_str().unwrap_or_default();
            quote!(Scalar::Text(#text))
        }
    }
}

/// The static of an operation; `within` a module below the one with what is shared.
fn entry(operation: &Operation, shared: &Shared<'_>, within: bool) -> TokenStream {
    let method = ident(&naming::type_name(&operation.method));
    let all = &shared.model.failures;
    let failures = if operation.failures.len() < all.len() {
        let rules = operation.failures.iter().filter_map(|index| all.get(*index)).map(failure);
        quote!(&[#(#rules),*])
    } else if within {
        quote!(super::FAILURES)
    } else {
        quote!(FAILURES)
    };
    let about = docs::outer(&format!("[`Client::{0}`](crate::Client::{0})", operation.name));
    let (name, id, path) = (ident(&operation.constant), &operation.id, &operation.path);
    let success = operation.success.iter().map(|status| Literal::u16_unsuffixed(*status));
    // What stands in no call is as `new` makes it.
    let security = (!operation.security.is_empty()).then(|| list(security(operation), &shared.security, within));
    let security = security.map(|all| quote!(.security(#all)));
    let parameters =
        (!operation.client_parameters.is_empty()).then(|| list(client_parameters(operation), &shared.client_parameters, within));
    let parameters = parameters.map(|all| quote!(.client_parameters(#all)));
    let success = (!operation.success.is_empty()).then(|| quote!(.success(&[#(#success),*])));
    let retry = operation.idempotent.then(|| quote!(.retry(Retry::Idempotent)));
    let failures = (!operation.failures.is_empty()).then(|| quote!(.failures(#failures)));
    quote! {
        #(#about)*
        pub static #name: Operation =
            Operation::new(#id, Method::#method, #path) #security #parameters #success #retry #failures;
    }
}
