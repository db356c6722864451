//! The table of operations: what client-core has to know of each.
//!
//! Input: the model. Output: statics for security schemes, failures and operations, for each part of the crate.

use indexmap::IndexMap;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use super::{
    docs,
    failures::{self, Rule},
    methods::static_name,
    model::{ClientParameter, Operation, Scheme, SchemeKind},
    parts::{self, Part},
    syntax::{self, ident},
};
use crate::normalize::{Loss, Problem};

/// How the names of lists begin that several operations share.
const CLIENT_PARAMETERS: &str = "CLIENT_PARAMETERS";
const SECURITY: &str = "SECURITY";

/// Whether an operation may not have this name in the module.
pub(super) fn is_reserved(name: &str) -> bool {
    let numbered = |list| name.strip_prefix(list).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    matches!(name, "SCHEMES" | "FAILURES") || numbered(CLIENT_PARAMETERS) || numbered(SECURITY)
}

/// What the module may have to import.
const IMPORTED: [&str; 9] =
    ["ClientParameter", "Failure", "Method", "Operation", "Retry", "Scalar", "Scheme", "SchemeKind", "When"];

/// The modules, each with its path, and which rules did not count where.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) files: Vec<(String, String)>,
    pub(super) losses: Vec<Loss>,
}

/// What the operations of all parts share.
struct Shared {
    rules: Vec<Rule>,
    client_parameters: Lists,
    security: Lists,
}

/// Lists that several operations have: their code and their name.
type Lists = IndexMap<String, (TokenStream, String)>;

/// Writes the table. `operations` are those of all parts.
pub(super) fn table(
    document: &Value,
    components: &Map<String, Value>,
    operations: &[Operation],
    parts: &[Part<'_>],
    schemes: &[Scheme],
) -> Result<Table, Vec<Problem>> {
    let mut problems = Vec::new();
    let rules = failures::rules(document, components, operations, &mut problems);
    let client_parameters = lists(CLIENT_PARAMETERS, operations.iter().map(client_parameters));
    let security = lists(SECURITY, operations.iter().map(security));
    let shared = Shared { rules, client_parameters, security };
    let mut table = Table::default();
    for part in parts {
        let mut statics = if part.tag.is_none() { common(&shared, schemes) } else { TokenStream::new() };
        for operation in &part.operations {
            match entry(operation, components, &shared, part.tag.is_some(), &mut table.losses) {
                Ok(code) => statics.extend(code),
                Err(problem) => problems.push(problem),
            }
        }
        let head = docs::inner(&format!(
            "Each operation{} as client-core needs it: method, path, credentials, client parameters, and what counts as success.",
            part.of()
        ));
        let imports = syntax::imports(&statics, &IMPORTED);
        let modules = if part.tag.is_none() { parts::modules(parts.iter().map(|part| (part, true))) } else { TokenStream::new() };
        match syntax::unparse(quote!(#head #imports #modules #statics)) {
            Ok(text) => table.files.push((part.path("operations"), text)),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(table) } else { Err(problems) }
}

/// What stands once, in the module that is always compiled.
fn common(shared: &Shared, schemes: &[Scheme]) -> TokenStream {
    let schemes = schemes.iter().map(scheme);
    let rules = shared.rules.iter().map(|rule| &rule.code);
    let client_parameters = shared.client_parameters.values().map(|(code, name)| {
        let name = ident(name);
        quote! {
            /// What several operations take from the client's settings.
            static #name: &[ClientParameter] = #code;
        }
    });
    let security = shared.security.values().map(|(code, name)| {
        let name = ident(name);
        quote! {
            /// What several operations take for credentials.
            static #name: &[&[&str]] = #code;
        }
    });
    quote! {
        /// How callers show who they are.
        pub static SCHEMES: &[Scheme] = &[#(#schemes),*];
        /// What makes a response a refusal although its status says success.
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

/// The static of an operation; `within` a module below the one with what is shared.
fn entry(
    operation: &Operation,
    components: &Map<String, Value>,
    shared: &Shared,
    within: bool,
    losses: &mut Vec<Loss>,
) -> Result<TokenStream, Problem> {
    let unknown = |what: &str, value: &str, help: &str| {
        Problem::new(&operation.pointer, format!("`{}`: the client knows no {what} `{value}`", operation.id), help)
    };
    let method = match operation.method.as_str() {
        "trace" => return Err(unknown("method", "TRACE", "remove the operation by an overlay")),
        "get" => ident("Get"),
        "put" => ident("Put"),
        "post" => ident("Post"),
        "delete" => ident("Delete"),
        "patch" => ident("Patch"),
        "head" => ident("Head"),
        _ => ident("Options"),
    };
    let retry = match operation.retry.as_deref() {
        Some("idempotent") => ident("Idempotent"),
        Some("never") => ident("Never"),
        Some(other) => return Err(unknown("`x-retry`", other, "write `idempotent` or `never`")),
        None if matches!(operation.method.as_str(), "post" | "patch") => ident("Never"),
        None => ident("Idempotent"),
    };
    let (kept, dropped): (Vec<&Rule>, Vec<&Rule>) = shared.rules.iter().partition(|rule| rule.counts(operation, components));
    losses.extend(dropped.iter().map(|rule| Loss {
        pointer: "/x-failure".to_owned(),
        text: format!("`{}` documents `{}` as data, so its presence is no failure there", operation.id, rule.at),
        sources: operation.sources.clone(),
    }));
    let failures = if !dropped.is_empty() {
        let rules = kept.iter().map(|rule| &rule.code);
        quote!(&[#(#rules),*])
    } else if within {
        quote!(super::FAILURES)
    } else {
        quote!(FAILURES)
    };
    let about = docs::outer(&format!("[`Client::{0}`](crate::Client::{0})", operation.name));
    let (name, id, path) = (ident(&static_name(operation)), &operation.id, &operation.path);
    let client_parameters = list(client_parameters(operation), &shared.client_parameters, within);
    let security = list(security(operation), &shared.security, within);
    let success = operation.success.iter().map(|status| Literal::u16_unsuffixed(*status));
    Ok(quote! {
        #(#about)*
        pub static #name: Operation = Operation {
            id: #id,
            method: Method::#method,
            path: #path,
            security: #security,
            client_parameters: #client_parameters,
            success: &[#(#success),*],
            retry: Retry::#retry,
            failures: #failures,
        };
    })
}
