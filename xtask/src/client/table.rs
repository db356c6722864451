//! The table of operations: what client-core has to know of each.
//!
//! Enters: the model. Leaves: statics for security schemes, failures and operations.
//!
//! A failure rule `present` does not count for an operation whose own answer documents a plain value at that place, unless
//! every answer of the vendor does: a `Message` that one entity documents is data there, and a sign of failure where no
//! `Message` belongs. An object at that place (the `error` of an envelope) is what the rule is about, documented or not.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{
    docs, ident,
    methods::static_name,
    model::{Constant, Operation, Scheme, SchemeKind},
};
use crate::normalize::{
    Loss, Problem,
    walk::{component_of, text},
};

/// Names in the module that no operation may have.
pub(super) const RESERVED: [&str; 4] = ["SCHEMES", "FAILURES", "ALL", "CONSTANTS"];

/// A rule of `x-failure`.
struct Rule {
    at: String,
    code: TokenStream,
    present: bool,
}

/// The text of `operations.rs` as tokens, and which rules did not count where.
pub(super) fn table(
    document: &Value,
    operations: &[Operation],
    schemes: &[Scheme],
) -> Result<(TokenStream, Vec<Loss>), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut losses = Vec::new();
    let rules: Vec<Rule> = document
        .get("x-failure")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(index, node)| {
            rule(node)
                .map_err(|message| {
                    let help = "write {at: \"<JSON pointer>\", when: \"null\" | \"present\" | {not: [values]}}";
                    problems.push(Problem::new(format!("/x-failure/{index}"), message, help));
                })
                .ok()
        })
        .collect();
    let components = document.pointer("/components/schemas").cloned().unwrap_or_default();
    let shared = shared_constants(operations);
    let mut statics: Vec<TokenStream> = shared
        .iter()
        .map(|(name, constants)| {
            let (name, constants) = (ident(name), constants.iter().map(constant));
            quote!(static #name: &[Constant] = &[#(#constants),*];)
        })
        .collect();
    for operation in operations {
        let counts = |rule: &&Rule| !rule.present || counts(rule, operation, operations, &components);
        let kept: Vec<&Rule> = rules.iter().filter(counts).collect();
        for rule in rules.iter().filter(|rule| !kept.iter().any(|kept| std::ptr::eq(*kept, *rule))) {
            losses.push(Loss {
                pointer: "/x-failure".to_owned(),
                text: format!("`{}` documents `{}` as data, so its presence is no failure there", operation.id, rule.at),
                sources: operation.sources.clone(),
            });
        }
        match entry(operation, &kept, rules.len(), &shared) {
            Ok(code) => statics.push(code),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let names = operations.iter().map(|operation| ident(&static_name(operation)));
    let schemes: Vec<TokenStream> = schemes.iter().map(scheme).collect();
    let rules = rules.iter().map(|rule| &rule.code);
    let head =
        docs::inner("Each operation as client-core needs it: method, path, credentials, constants, and what counts as success.");
    let imports = imports(document, operations, &schemes);
    let tokens = quote! {
        #head
        #imports
        /// How callers show who they are.
        pub static SCHEMES: &[Scheme] = &[#(#schemes),*];
        /// What makes an answer a refusal although its status says success.
        pub static FAILURES: &[Failure] = &[#(#rules),*];
        /// Every operation, in the order of the documents.
        pub static ALL: &[&Operation] = &[#(&#names),*];
        #(#statics)*
    };
    Ok((tokens, losses))
}

fn imports(document: &Value, operations: &[Operation], schemes: &[TokenStream]) -> TokenStream {
    let mut names = vec!["Failure", "Operation", "Retry", "Scheme", "Method"];
    let rules = document.get("x-failure").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if !rules.is_empty() {
        names.push("When");
    }
    if rules.iter().any(|rule| rule.pointer("/when/not").and_then(Value::as_array).is_some_and(|values| !values.is_empty())) {
        names.push("Scalar");
    }
    if !schemes.is_empty() {
        names.push("SchemeKind");
    }
    if operations.iter().any(|operation| !operation.constants.is_empty()) {
        names.extend(["Constant", "Place"]);
    }
    names.sort_unstable();
    let names = names.into_iter().map(ident);
    quote!(use client_core::{#(#names),*};)
}

fn rule(node: &Value) -> Result<Rule, String> {
    let at = text(node, "at").ok_or("expected `at`, a JSON pointer")?;
    if !(at.is_empty() || at.starts_with('/')) {
        return Err(format!("`{at}` is no JSON pointer"));
    }
    let (when, present) = match node.get("when") {
        Some(Value::String(word)) if word == "null" => (quote!(When::Null), false),
        Some(Value::String(word)) if word == "present" => (quote!(When::Present), true),
        Some(Value::Object(object)) => {
            let values = object.get("not").and_then(Value::as_array).ok_or("expected `not` with a list of values")?;
            let values = values.iter().map(scalar).collect::<Result<Vec<_>, _>>()?;
            (quote!(When::Not(&[#(#values),*])), false)
        }
        other => return Err(format!("expected `when`, found {}", other.unwrap_or(&Value::Null))),
    };
    let pointer = Literal::string(at);
    Ok(Rule { at: at.to_owned(), code: quote!(Failure { at: #pointer, when: #when }), present })
}

fn scalar(value: &Value) -> Result<TokenStream, String> {
    match value {
        Value::String(text) => Ok(quote!(Scalar::Text(#text))),
        Value::Bool(flag) => Ok(quote!(Scalar::Bool(#flag))),
        Value::Number(number) => match number.as_i64() {
            Some(number) => {
                let number = Literal::i64_unsuffixed(number);
                Ok(quote!(Scalar::Integer(#number)))
            }
            None => Err(format!("expected a whole number, found {number}")),
        },
        other => Err(format!("expected a string, a number or a boolean, found {other}")),
    }
}

fn counts(rule: &Rule, operation: &Operation, operations: &[Operation], components: &Value) -> bool {
    let documented = |operation: &Operation| operation.answer.as_ref().map(|answer| plain_at(answer, &rule.at, components));
    let own = documented(operation).flatten();
    own != Some(true) || operations.iter().filter_map(documented).all(|at| at.is_some())
}

/// Whether a schema documents a plain value at a pointer; `None` where it documents nothing there.
fn plain_at(schema: &Value, pointer: &str, components: &Value) -> Option<bool> {
    let resolve =
        |schema: &Value| -> Value { component_of(schema).and_then(|name| components.get(name)).unwrap_or(schema).clone() };
    let mut here = resolve(schema);
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let properties = here.get("properties").and_then(Value::as_object);
        let named =
            properties.and_then(|properties| properties.values().find(|property| text(property, "x-wire") == Some(&step)));
        let next = named.or_else(|| here.get("items")).or_else(|| here.get("additionalProperties"))?;
        here = resolve(next);
    }
    Some(matches!(text(&here, "type"), Some("string" | "number" | "integer" | "boolean")))
}

fn scheme(scheme: &Scheme) -> TokenStream {
    let name = Literal::string(&scheme.name);
    let kind = match &scheme.kind {
        SchemeKind::Header { header, prefix } => quote!(SchemeKind::Header { header: #header, prefix: #prefix }),
        SchemeKind::Query { name } => quote!(SchemeKind::Query { name: #name }),
        SchemeKind::Basic => quote!(SchemeKind::Basic),
        SchemeKind::Bearer => quote!(SchemeKind::Bearer),
    };
    quote!(Scheme { name: #name, kind: #kind })
}

/// Lists of constants that several operations have, each under a name.
fn shared_constants(operations: &[Operation]) -> Vec<(String, Vec<Constant>)> {
    let mut shared: Vec<(String, Vec<Constant>)> = Vec::new();
    for operation in operations.iter().filter(|operation| !operation.constants.is_empty()) {
        let known = shared.iter().any(|(_, constants)| same(constants, &operation.constants));
        if !known && operations.iter().filter(|other| same(&other.constants, &operation.constants)).count() > 1 {
            let name = if shared.is_empty() { "CONSTANTS".to_owned() } else { format!("CONSTANTS_{}", shared.len() + 1) };
            shared.push((name, operation.constants.clone()));
        }
    }
    shared
}

/// Whether two lists say the same to the client; where they stand does not matter to it.
fn same(one: &[Constant], other: &[Constant]) -> bool {
    let key = |constant: &Constant| (constant.name.clone(), constant.place.clone(), constant.required);
    one.iter().map(key).eq(other.iter().map(key))
}

fn constant(constant: &Constant) -> TokenStream {
    let (name, required) = (&constant.name, constant.required);
    let place = ident(if constant.place == "query" { "Query" } else { "Header" });
    quote!(Constant { name: #name, place: Place::#place, required: #required })
}

fn entry(operation: &Operation, rules: &[&Rule], all: usize, shared: &[(String, Vec<Constant>)]) -> Result<TokenStream, Problem> {
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
    let about = docs::outer(&format!("[`Client::{0}`](super::Client::{0})", operation.name));
    let (name, id, path) = (ident(&static_name(operation)), &operation.id, &operation.path);
    let security = operation.security.iter().map(|schemes| quote!(&[#(#schemes),*]));
    let constants = match shared.iter().find(|(_, constants)| same(constants, &operation.constants)) {
        Some((name, _)) => {
            let name = ident(name);
            quote!(#name)
        }
        None => {
            let constants = operation.constants.iter().map(constant);
            quote!(&[#(#constants),*])
        }
    };
    let success = operation.success.iter().map(|status| Literal::u16_unsuffixed(*status));
    let failures = if rules.len() == all {
        quote!(FAILURES)
    } else {
        let rules = rules.iter().map(|rule| &rule.code);
        quote!(&[#(#rules),*])
    };
    Ok(quote! {
        #(#about)*
        pub static #name: Operation = Operation {
            id: #id,
            method: Method::#method,
            path: #path,
            security: &[#(#security),*],
            constants: #constants,
            success: &[#(#success),*],
            retry: Retry::#retry,
            failures: #failures,
        };
    })
}
