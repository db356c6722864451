//! The client's methods over client-core's calls.
//!
//! Takes an operation. Returns the method with what a call needs as arguments (those of the path in order, then others, the body
//! last), and the request that it returns, with a setter for each of the others.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{ImplItemFn, Item, parse_quote};

use super::{
    constraints::{self, Patterns},
    docs, example,
    paths::Shorten,
    syntax::{self, ident},
};
use crate::{
    normalize::{Problem, naming},
    rust::{
        RustType,
        model::{Model, Operation, Parameter},
    },
};

/// A method, and the request that it returns.
pub(super) struct Method {
    pub(super) method: ImplItemFn,
    /// The request: its type, and a setter for each argument that may be left out.
    pub(super) request: String,
    /// The code block in the method's comment.
    pub(super) example: String,
}

/// What all methods of a file share.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) shorten: Shorten,
    pub(super) patterns: Patterns,
}

/// Writes one method.
pub(super) fn method(model: &Model, operation: &Operation, scope: &mut Scope) -> Result<Method, Problem> {
    let (response, error) = (scope.shorten.write(&operation.response, None), scope.shorten.write(&operation.error, None));
    let constant = ident(&operation.constant);
    let mut chain = quote!(self.core.call(&operations::#constant));
    let mut inputs = Vec::new();
    let mut setters: Vec<ImplItemFn> = Vec::new();
    let (mut borrows, mut lives) = (false, false);
    for parameter in &operation.parameters {
        let (name, argument) = (ident(&parameter.name), ident(&parameter.argument));
        let ty = scope.shorten.write(&parameter.ty, None);
        let step = step(operation, parameter, scope)?;
        if parameter.is_argument() {
            inputs.push(quote!(#argument: #ty));
            chain.extend(step);
        } else {
            let about = docs::outer(&described(parameter));
            setters.push(parse_quote! {
                #(#about)*
                pub fn #name(self, #argument: #ty) -> Self { Self { call: self.call #step } }
            });
        }
    }
    if let Some(body) = &operation.body {
        let ty = scope.shorten.write(&body.ty, Some(&parse_quote!('a)));
        let media = body.media_type.as_ref().map(|name| quote!(.media_type(#name)));
        if let Some(setter) = &body.setter {
            let setter = ident(setter);
            lives = true;
            setters.push(parse_quote! {
                /// Sets the body.
                pub fn #setter(self, body: #ty) -> Self { Self { call: self.call.json(body) #media } }
            });
        } else {
            borrows = true;
            inputs.push(quote!(body: #ty));
            chain.extend(quote!(.json(body) #media));
        }
    }
    if let Some(pages) = &operation.pages {
        let (all, parameter, items) = (ident(&pages.name), &pages.parameter, &pages.items);
        let first = Literal::i64_unsuffixed(pages.first);
        lives = true;
        setters.push(parse_quote! {
            /// All pages of the list as a stream, from the first one until one is empty. What is set here counts for each page.
            pub fn #all(self) -> client_core::codegen::Pages<'a, #response, #error> { self.call.pages(#parameter, #first, #items) }
        });
    }
    let (name, request) = (ident(&operation.name), ident(&operation.request));
    let mut method: ImplItemFn = if borrows {
        parse_quote! { pub fn #name<'a>(&'a self, #(#inputs),*) -> #request<'a> { #request::new(#chain) } }
    } else {
        parse_quote! { pub fn #name(&self, #(#inputs),*) -> #request<'_> { #request::new(#chain) } }
    };
    method.attrs = docs::outer(&about(operation));
    let sections = example::sections(model, operation);
    method.attrs.push(docs::attribute(""));
    method.attrs.extend(docs::outer(&sections.text));
    // A macro's arguments are only tokens to the printer; they stand on one line here.
    let (of, gives, fails) = (&operation.name, operation.response.text("types::"), operation.error.text("types::"));
    let mut text = format!("client_core::codegen::request!(pub {request} of Client::{of} -> {gives}, {fails});\n");
    if !setters.is_empty() {
        let setters: syn::ItemImpl = if lives {
            parse_quote!(impl<'a> #request<'a> { #(#setters)* })
        } else {
            parse_quote!(impl #request<'_> { #(#setters)* })
        };
        text.push('\n');
        text.push_str(&syntax::print(vec![Item::Impl(setters)]));
    }
    Ok(Method { method, request: text, example: sections.code })
}

/// The calls that send a parameter, and check it before.
fn step(operation: &Operation, parameter: &Parameter, scope: &mut Scope) -> Result<TokenStream, Problem> {
    let (argument, place) = (ident(&parameter.argument), ident(&parameter.place));
    let wire = Literal::string(&parameter.wire);
    let value = if matches!(parameter.ty, RustType::Reference(_)) { quote!(#argument) } else { quote!(&#argument) };
    let mut step = quote!(.#place(#wire, #value));
    let facts = parameter.facts.constraints_only();
    if let Some(constraints) = constraints::expression(&facts, "Constraints", &parameter.wire, &mut scope.patterns) {
        let constraints: syn::Expr = syn::parse_str(&constraints).map_err(|error| {
            let message = format!("the constraints of `{}` of `{}` are not readable: {error}", parameter.wire, operation.id);
            Problem::new(parameter.pointer.as_str(), message, "write them in a simpler form")
        })?;
        let variant = ident(&naming::type_name(&parameter.place));
        scope.shorten.core.extend(["ArgumentPlace".to_owned(), "Constraints".to_owned()]);
        step.extend(quote!(.check(ArgumentPlace::#variant, #wire, #value, &#constraints)));
    }
    Ok(step)
}

fn described(parameter: &Parameter) -> String {
    let mut facts = vec![format!("{} {}", parameter.place, constraints::code(&parameter.wire))];
    facts.extend(constraints::words(&parameter.facts));
    docs::described(&parameter.description, &facts, &parameter.sources)
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
        .parameters
        .iter()
        .filter(|argument| argument.is_argument() && !argument.description.is_empty())
        .map(|argument| format!("- `{}`: {}", argument.name, argument.description.replace('\n', " ")))
        .collect();
    if !arguments.is_empty() {
        parts.push(arguments.join("\n"));
    }
    if operation.body.as_ref().is_some_and(|body| body.deprecated) || operation.deprecated {
        parts.push("The vendor advises against it (deprecated).".to_owned());
    }
    parts.join("\n\n")
}
