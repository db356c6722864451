//! Where the vendor's API is, as far as the specification knows.
//!
//! Input: the model. Output: a constant, or a struct of what the address depends on, and how an example names it. The first
//! server is taken; the documentation names the others.

use proc_macro2::TokenStream;
use quote::quote;

use super::{constraints::code, docs, syntax::ident};
use crate::rust::model::{self, Model, ServerVariable};

/// The address in code.
pub(super) struct Server {
    /// The item.
    pub(super) code: TokenStream,
    /// What an example does before it names the address: a statement each.
    pub(super) before: Vec<String>,
    /// The argument of `Client::builder` in an example, without the crate's name.
    pub(super) example: &'static str,
    /// What an example has to import.
    pub(super) import: &'static str,
}

/// `None` where the specification does not say.
pub(super) fn server(model: &Model) -> Option<Server> {
    let model::Server { url, description, variables, others } = model.server.as_ref()?;
    let mut facts = vec![format!("Where the vendor's API is: {}", code(url))];
    for (url, description) in others {
        let about = if description.is_empty() { String::new() } else { format!(": {description}") };
        facts.push(format!("or {}{about}", code(url)));
    }
    let about = docs::outer(&docs::described(description, &facts, &[]));
    if variables.is_empty() {
        let code = quote!(#(#about)* pub const BASE_URL: &str = #url;);
        return Some(Server { code, before: Vec::new(), example: "BASE_URL", import: "BASE_URL" });
    }
    let (before, example) = example(variables);
    Some(Server { code: structure(url, variables, &about), before, example, import: "Server" })
}

fn structure(url: &str, variables: &[ServerVariable], about: &[syn::Attribute]) -> TokenStream {
    let fields = variables.iter().map(|variable| {
        let mut facts = vec![code(&variable.wire)];
        if !variable.values.is_empty() {
            let values: Vec<String> = variable.values.iter().map(|value| code(value)).collect();
            facts.push(format!("one of {}", values.join(", ")));
        }
        let about = docs::outer(&docs::described(&variable.description, &facts, &[]));
        let field = ident(&variable.name);
        quote!(#(#about)* pub #field: &'a str,)
    });
    let defaults = variables.iter().map(|variable| {
        let (field, default) = (ident(&variable.name), &variable.default);
        quote!(#field: #default,)
    });
    let template = variables.iter().fold(url.to_owned(), |template, variable| {
        template.replace(&format!("{{{}}}", variable.wire), &format!("{{{}}}", variable.name))
    });
    let used = variables.iter().filter(|variable| url.contains(&format!("{{{}}}", variable.wire)));
    let bindings = used.map(|variable| {
        let field = ident(&variable.name);
        quote!(let #field = client_core::codegen::url_part(self.#field);)
    });
    quote! {
        #(#about)*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Server<'a> {
            #(#fields)*
        }
        impl Default for Server<'_> {
            fn default() -> Self {
                Self { #(#defaults)* }
            }
        }
        impl Server<'_> {
            /// Returns the base URL. Whatever is not a letter, a digit or one of `-._~` is encoded, so that no value leads to
            /// another host.
            #[must_use]
            pub fn url(&self) -> String {
                #(#bindings)*
                format!(#template)
            }
        }
    }
}

/// What is chosen from a list may stay as it is; the rest is the caller's own.
fn example(variables: &[ServerVariable]) -> (Vec<String>, &'static str) {
    let own = variables.iter().filter(|variable| variable.values.is_empty());
    let mut before: Vec<String> = own.map(|variable| format!("server.{} = {:?};", variable.name, variable.default)).collect();
    if before.is_empty() {
        return (before, "Server::default().url()");
    }
    before.insert(0, "let mut server = Server::default();".to_owned());
    (before, "server.url()")
}
