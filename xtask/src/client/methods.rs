//! The client's methods: progenitor's signatures over client-core's calls.
//!
//! Enters: an operation and the method that progenitor made of it. Leaves: the method with what differs from call to call as
//! arguments (path in order, the others by name in one struct, the body last), and that struct.

use proc_macro2::Literal;
use quote::quote;
use serde_json::{Map, Value};
use syn::{
    Field, FnArg, GenericArgument, ImplItemFn, Item, Pat, PathArguments, ReturnType, Signature, Type, TypeReference, parse_quote,
    visit_mut::VisitMut,
};

use super::{
    docs,
    limits::{self, Patterns},
    model::{Argument, Operation},
    paths::Shorten,
    syntax::{self, ident},
    table,
};
use crate::normalize::{Problem, naming, walk::flag};

/// A method and the struct of its named arguments.
pub(super) struct Method {
    pub(super) method: ImplItemFn,
    pub(super) params: Option<Item>,
    /// Type of what it gives, as in `Response<types::User>`.
    pub(super) answer: Type,
}

/// What all methods of a file share.
pub(super) struct Scope<'a> {
    components: &'a Map<String, Value>,
    pub(super) shorten: Shorten,
    pub(super) patterns: Patterns,
}

impl<'a> Scope<'a> {
    pub(super) fn new(components: &'a Map<String, Value>) -> Self {
        Self { components, shorten: Shorten::default(), patterns: Patterns::default() }
    }
}

/// The static that describes an operation.
pub(super) fn static_name(operation: &Operation) -> String {
    match naming::shouting(&operation.name) {
        name if table::is_reserved(&name) => format!("{name}_OPERATION"),
        name if name.starts_with(|first: char| first.is_ascii_alphabetic()) => name,
        name => format!("OPERATION_{name}"),
    }
}

/// The struct of an operation's named arguments.
pub(super) fn params_name(operation: &Operation) -> String {
    format!("{}Params", naming::pascal(&operation.id))
}

/// Rewrites one method.
pub(super) fn rewrite(operation: &Operation, made: &Signature, scope: &mut Scope<'_>) -> Result<Method, Problem> {
    let failed = |what: &str| {
        let message = format!("progenitor's method for `{}` has no {what}", operation.id);
        Problem::new(&operation.pointer, message, "write the operation in a simpler form")
    };
    let (answer, refusal) = outcome(&made.output).ok_or_else(|| failed("outcome"))?;
    let (answer, refusal) = (scope.shorten.received(&answer), scope.shorten.received(&refusal));

    let operation_name = ident(&static_name(operation));
    let mut chain = quote!(self.core.call(&operations::#operation_name));
    let mut inputs = vec![quote!(&self)];
    let mut fields = Vec::new();
    for argument in &operation.arguments {
        let name = ident(&argument.name);
        let ty = argument_type(made, &argument.name).ok_or_else(|| failed(&format!("argument `{}`", argument.name)))?;
        let ty = scope.shorten.apply(&ty);
        let wire = Literal::string(&argument.wire);
        let value = if argument.place == "path" {
            inputs.push(quote!(#name: #ty));
            if matches!(ty, Type::Reference(_)) { quote!(#name) } else { quote!(&#name) }
        } else {
            fields.push(field(argument, &ty, scope.components));
            quote!(&params.#name)
        };
        let place = ident(&argument.place);
        chain.extend(quote!(.#place(#wire, #value)));
        let path = "Limits";
        let required = argument.required && argument.place != "path";
        if argument.schema.get("x-limits").is_some()
            && let Some(limits) =
                limits::expression(&argument.schema, required, scope.components, path, &argument.wire, &mut scope.patterns)
        {
            let limits: syn::Expr = syn::parse_str(&limits).map_err(|error| failed(&format!("readable limits: {error}")))?;
            let variant = ident(&naming::pascal(&argument.place));
            scope.shorten.core.extend(["ArgumentPlace".to_owned(), "Limits".to_owned()]);
            chain.extend(quote!(.check(ArgumentPlace::#variant, #wire, #value, &#limits)));
        }
    }
    let params = if fields.is_empty() { None } else { Some(params(operation, fields)) };
    if params.is_some() {
        let params = ident(&params_name(operation));
        inputs.push(quote!(params: &#params));
    }
    if let Some(body) = &operation.body {
        let ty = argument_type(made, "body").ok_or_else(|| failed("body"))?;
        if body.required {
            let (ty, list) = slice(&ty);
            let ty = scope.shorten.received(&ty);
            inputs.push(quote!(body: #ty));
            chain.extend(if list { quote!(.json(&body)) } else { quote!(.json(body)) });
        } else {
            let ty = scope.shorten.received(&ty);
            inputs.push(quote!(body: Option<#ty>));
            chain.extend(quote!(.json_optional(body)));
        }
        if let Some(name) = &body.media_type {
            chain.extend(quote!(.media_type(#name)));
        }
    }
    let empty = matches!(&answer, Type::Tuple(unit) if unit.elems.is_empty());
    chain.extend(if empty { quote!(.send_empty().await) } else { quote!(.send().await) });

    scope.shorten.core.extend(["Response".to_owned(), "Error".to_owned()]);
    let name = ident(&operation.name);
    let mut method: ImplItemFn = parse_quote! {
        pub async fn #name(#(#inputs),*) -> Result<Response<#answer>, Error<#refusal>> { #chain }
    };
    method.attrs = docs::outer(&about(operation));
    Ok(Method { method, params, answer })
}

/// `T` and `E` of `Result<ResponseValue<T>, Error<E>>`.
fn outcome(output: &ReturnType) -> Option<(Type, Type)> {
    let ReturnType::Type(_, ty) = output else { return None };
    let result = arguments(ty)?;
    let [answer, refusal] = result.as_slice() else { return None };
    Some((arguments(answer)?.first()?.clone(), arguments(refusal)?.first()?.clone()))
}

fn arguments(ty: &Type) -> Option<Vec<Type>> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    Some(types.collect())
}

/// The type of an argument, without lifetimes.
fn argument_type(method: &Signature, name: &str) -> Option<Type> {
    struct NoLifetimes;
    impl VisitMut for NoLifetimes {
        fn visit_type_reference_mut(&mut self, node: &mut TypeReference) {
            node.lifetime = None;
            syn::visit_mut::visit_type_reference_mut(self, node);
        }
    }
    let plain = |name: &str| name.trim_start_matches("r#").trim_matches('_').to_owned();
    method.inputs.iter().find_map(|input| {
        let FnArg::Typed(typed) = input else { return None };
        let Pat::Ident(pattern) = typed.pat.as_ref() else { return None };
        (plain(&pattern.ident.to_string()) == plain(name)).then(|| {
            let mut ty = typed.ty.as_ref().clone();
            NoLifetimes.visit_type_mut(&mut ty);
            ty
        })
    })
}

/// A borrowed list is a slice; says whether it is one.
fn slice(ty: &Type) -> (Type, bool) {
    if let Type::Reference(reference) = ty
        && let Type::Path(path) = reference.elem.as_ref()
        && path.path.segments.last().is_some_and(|segment| segment.ident == "Vec")
        && let Some([element]) = arguments(&reference.elem).as_deref()
    {
        return (parse_quote!(&[#element]), true);
    }
    (ty.clone(), false)
}

/// An owned type for a field of the struct of arguments.
fn owned(ty: &Type) -> Type {
    match ty {
        Type::Reference(reference) => match reference.elem.as_ref() {
            Type::Path(path) if path.path.is_ident("str") => parse_quote!(String),
            other => other.clone(),
        },
        Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == "Option") => {
            match arguments(ty).and_then(|inner| inner.first().map(owned)) {
                Some(inner) => parse_quote!(Option<#inner>),
                None => ty.clone(),
            }
        }
        other => other.clone(),
    }
}

fn field(argument: &Argument, ty: &Type, components: &Map<String, Value>) -> Field {
    let mut facts = vec![format!("{} {}", argument.place, limits::code(&argument.wire))];
    facts.extend(limits::words(&argument.schema, argument.required, components));
    let docs = docs::outer(&docs::described(&argument.description, &facts, &argument.sources));
    syntax::field(docs, &argument.name, owned(ty))
}

fn params(operation: &Operation, fields: Vec<Field>) -> Item {
    let mut attrs = docs::outer(&format!("Arguments of [`Client::{}`].", operation.name));
    let required = operation.arguments.iter().any(|argument| argument.required && argument.place != "path");
    attrs.push(if required {
        parse_quote!(#[derive(Clone, Debug, PartialEq)])
    } else {
        parse_quote!(#[derive(Clone, Debug, Default, PartialEq)])
    });
    syntax::structure(attrs, &params_name(operation), fields)
}

fn about(operation: &Operation) -> String {
    let mut parts = Vec::new();
    let summary = operation.summary.trim_end_matches('.');
    if !summary.is_empty() && !operation.description.starts_with(summary) {
        parts.push(docs::sentence(&operation.summary));
    }
    if !operation.description.is_empty() {
        parts.push(docs::sentence(&operation.description));
    }
    let call = limits::code(&format!("{} {}", operation.method.to_uppercase(), operation.path));
    parts.push(if operation.sources.is_empty() { call } else { format!("{call} ({})", docs::short_sources(&operation.sources)) });
    let arguments: Vec<String> = operation
        .arguments
        .iter()
        .filter(|argument| argument.place == "path" && !argument.description.is_empty())
        .map(|argument| format!("- `{}`: {}", argument.name, argument.description.replace('\n', " ")))
        .collect();
    if !arguments.is_empty() {
        parts.push(arguments.join("\n"));
    }
    if operation.body.as_ref().is_some_and(|body| flag(&body.schema, "deprecated")) || operation.deprecated {
        parts.push("The vendor advises against it (deprecated).".to_owned());
    }
    parts.join("\n\n")
}
