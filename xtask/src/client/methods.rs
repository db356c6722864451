//! The client's methods: progenitor's signatures over client-core's calls.
//!
//! Takes an operation and the method that progenitor made of it. Returns the method with what a call needs as arguments (those
//! of the path in order, then others, the body last), and the request that it returns, with a setter for each of the others.

use proc_macro2::Literal;
use quote::quote;
use serde_json::{Map, Value};
use syn::{
    FnArg, GenericArgument, ImplItemFn, Item, Pat, PathArguments, ReturnType, Signature, Type, TypeReference, parse_quote,
    visit_mut::VisitMut,
};

use super::{
    connect,
    constraints::{self, Patterns},
    docs,
    model::{Argument, Operation},
    paths::Shorten,
    syntax::{self, ident},
    table,
};
use crate::normalize::{
    Problem, naming,
    walk::{self, flag},
};

/// A method, and the request that it returns.
pub(super) struct Method {
    pub(super) method: ImplItemFn,
    /// The request: its type, and a setter for each argument that may be left out.
    pub(super) request: String,
    /// Type of what it gives, as in `Response<types::User>`.
    pub(super) response: Type,
    /// Type of the body of an error response.
    pub(super) refusal: Type,
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

/// Names that mean something else where a request is declared.
const TAKEN: [&str; 18] = [
    "ArgumentPlace",
    "Auth",
    "Box",
    "Client",
    "ClientBuilder",
    "Error",
    "Extra",
    "Field",
    "Json",
    "Constraints",
    "List",
    "Map",
    "Number",
    "Option",
    "Response",
    "Secret",
    "String",
    "Timestamp",
];

/// The type of an operation's request.
pub(super) fn request_name(operation: &Operation) -> String {
    let name = naming::pascal(&operation.id);
    if TAKEN.contains(&name.as_str()) { format!("{name}Request") } else { name }
}

/// What the type of a request has already.
const OPTIONS: [&str; 6] = ["new", "call", "timeout", "header", "retry", "keep_bytes"];

/// Rewrites one method.
pub(super) fn rewrite(operation: &Operation, made: &Signature, scope: &mut Scope<'_>) -> Result<Method, Problem> {
    let failed = |what: &str| {
        let message = format!("progenitor's method for `{}` has no {what}", operation.id);
        Problem::new(&operation.pointer, message, "write the operation in a simpler form")
    };
    let (response, refusal) = outcome(&made.output).ok_or_else(|| failed("outcome"))?;
    let (response, refusal) = (scope.shorten.received(&response), scope.shorten.received(&refusal));

    let operation_name = ident(&static_name(operation));
    let mut chain = quote!(self.core.call(&operations::#operation_name));
    let mut inputs = Vec::new();
    let mut setters: Vec<ImplItemFn> = Vec::new();
    let mut taken: Vec<String> = OPTIONS.iter().map(|&name| name.to_owned()).collect();
    let (mut borrows, mut lives) = (false, false);
    for argument in &operation.arguments {
        let name = ident(&argument.name);
        let ty = argument_type(made, &argument.name).ok_or_else(|| failed(&format!("argument `{}`", argument.name)))?;
        let wire = Literal::string(&argument.wire);
        let needed = argument.required || argument.place == "path";
        let (ty, _) = slice(&scope.shorten.apply(if needed { &ty } else { optional(&ty) }));
        let value = if matches!(ty, Type::Reference(_)) { quote!(#name) } else { quote!(&#name) };
        let place = ident(&argument.place);
        let mut step = quote!(.#place(#wire, #value));
        if argument.schema.get("x-constraints").is_some()
            && let Some(constraints) = constraints::expression(
                &argument.schema,
                false,
                scope.components,
                "Constraints",
                &argument.wire,
                &mut scope.patterns,
            )
        {
            let constraints: syn::Expr =
                syn::parse_str(&constraints).map_err(|error| failed(&format!("readable constraints: {error}")))?;
            let variant = ident(&naming::pascal(&argument.place));
            scope.shorten.core.extend(["ArgumentPlace".to_owned(), "Constraints".to_owned()]);
            step.extend(quote!(.check(ArgumentPlace::#variant, #wire, #value, &#constraints)));
        }
        if needed {
            inputs.push(quote!(#name: #ty));
            chain.extend(step);
        } else {
            let setter = ident(&connect::setter(&argument.name, &mut taken));
            let about = docs::outer(&described(argument, scope.components));
            setters.push(parse_quote! {
                #(#about)*
                pub fn #setter(self, #name: #ty) -> Self { Self { call: self.call #step } }
            });
        }
    }
    if let Some(body) = &operation.body {
        let ty = argument_type(made, "body").ok_or_else(|| failed("body"))?;
        let (ty, _) = slice(if body.required { &ty } else { optional(&ty) });
        let ty = lively(scope.shorten.received(&ty));
        let step = quote!(.json(body));
        let media = body.media_type.as_ref().map(|name| quote!(.media_type(#name)));
        if body.required {
            borrows = true;
            inputs.push(quote!(body: #ty));
            chain.extend(quote!(#step #media));
        } else {
            let setter = ident(&connect::setter("body", &mut taken));
            lives = true;
            setters.push(parse_quote! {
                /// Sets the body.
                pub fn #setter(self, body: #ty) -> Self { Self { call: self.call #step #media } }
            });
        }
    }
    if let Some(rule) = &operation.pages {
        let (parameter, first, items) = pages(operation, rule)?;
        let all = ident(&connect::setter("pages", &mut taken));
        lives = true;
        setters.push(parse_quote! {
            /// All pages of the list as a stream, from the first one until one is empty. What is set here counts for each page.
            pub fn #all(self) -> client_core::Pages<'a, #response, #refusal> { self.call.pages(#parameter, #first, #items) }
        });
    }
    let (name, request) = (ident(&operation.name), ident(&request_name(operation)));
    let mut method: ImplItemFn = if borrows {
        parse_quote! { pub fn #name<'a>(&'a self, #(#inputs),*) -> #request<'a> { #request::new(#chain) } }
    } else {
        parse_quote! { pub fn #name(&self, #(#inputs),*) -> #request<'_> { #request::new(#chain) } }
    };
    method.attrs = docs::outer(&about(operation));
    // A macro's arguments are only tokens to the printer; they stand on one line here.
    let (of, gives, fails) = (&operation.name, syntax::type_text(&response), syntax::type_text(&refusal));
    let mut text = format!("client_core::request!(pub {request} of Client::{of} -> {gives}, {fails});\n");
    if !setters.is_empty() {
        let setters: syn::ItemImpl = if lives {
            parse_quote!(impl<'a> #request<'a> { #(#setters)* })
        } else {
            parse_quote!(impl #request<'_> { #(#setters)* })
        };
        text.push('\n');
        text.push_str(&syntax::print(vec![Item::Impl(setters)]));
    }
    Ok(Method { method, request: text, response, refusal })
}

/// Parameter, first page and pointer of the items, where the client can read the pages one after the other.
fn pages<'o>(operation: &'o Operation, rule: &'o Value) -> Result<(&'o str, Literal, &'o str), Problem> {
    let parameter = walk::text(rule, "parameter")
        .filter(|name| operation.arguments.iter().any(|argument| argument.place == "query" && argument.wire == *name));
    let first = rule.get("first").and_then(Value::as_i64).map(Literal::i64_unsuffixed);
    let items = walk::text(rule, "items").filter(|items| items.is_empty() || items.starts_with('/'));
    match (parameter, first, items) {
        (Some(parameter), Some(first), Some(items))
            if operation.method == "get" && operation.body.is_none() && operation.response.is_some() =>
        {
            Ok((parameter, first, items))
        }
        _ => {
            let message = format!("`x-pages` of `{}` does not say how a list comes in pages", operation.id);
            let help = "write `{parameter, first, items}`, on a GET without a body: a query parameter of the operation, the number \
                        of the first page, the JSON pointer of the list in the response";
            Err(Problem::new(&operation.pointer, message, help))
        }
    }
}

/// The type within an `Option`, or the type itself.
fn optional(ty: &Type) -> &Type {
    let Type::Path(path) = ty else { return ty };
    match path.path.segments.last().map(|segment| (segment.ident == "Option", &segment.arguments)) {
        Some((true, PathArguments::AngleBracketed(arguments))) => match arguments.args.first() {
            Some(GenericArgument::Type(inner)) => inner,
            _ => ty,
        },
        _ => ty,
    }
}

/// A reference that lives as long as the request does.
fn lively(ty: Type) -> Type {
    match ty {
        Type::Reference(mut reference) => {
            reference.lifetime = Some(parse_quote!('a));
            Type::Reference(reference)
        }
        ty => ty,
    }
}

/// `T` and `E` of `Result<ResponseValue<T>, Error<E>>`.
fn outcome(output: &ReturnType) -> Option<(Type, Type)> {
    let ReturnType::Type(_, ty) = output else { return None };
    let result = arguments(ty)?;
    let [response, refusal] = result.as_slice() else { return None };
    Some((arguments(response)?.first()?.clone(), arguments(refusal)?.first()?.clone()))
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

fn described(argument: &Argument, components: &Map<String, Value>) -> String {
    let mut facts = vec![format!("{} {}", argument.place, constraints::code(&argument.wire))];
    facts.extend(constraints::words(&argument.schema, argument.required, components));
    docs::described(&argument.description, &facts, &argument.sources)
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
    let call = constraints::code(&format!("{} {}", operation.method.to_uppercase(), operation.path));
    parts.push(if operation.sources.is_empty() { call } else { format!("{call} ({})", docs::short_sources(&operation.sources)) });
    let arguments: Vec<String> = operation
        .arguments
        .iter()
        .filter(|argument| (argument.required || argument.place == "path") && !argument.description.is_empty())
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
