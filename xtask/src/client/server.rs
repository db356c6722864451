//! Where the vendor's API is, as far as the specification knows.
//!
//! Input: `servers`. Output: a constant, or a struct of what the address depends on, and how an example names it. The first
//! server is taken; the documentation names the others.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::{connect::setter, constraints::code, docs, syntax::ident};
use crate::normalize::walk::text;

/// The address in code.
pub(super) struct Server {
    /// The item.
    pub(super) code: TokenStream,
    /// The argument of `Client::builder` in an example, without the crate's name.
    pub(super) example: String,
    /// What an example has to import.
    pub(super) import: &'static str,
}

/// One variable of the address.
struct Variable<'a> {
    field: String,
    wire: &'a str,
    default: &'a str,
    description: &'a str,
    values: Vec<&'a str>,
}

/// `None` where the specification does not say, or says it in a way that is no address.
pub(super) fn server(document: &Value) -> Option<Server> {
    let servers = document.get("servers")?.as_array()?;
    let server = servers.first()?;
    let url = text(server, "url").filter(|url| url.starts_with("https://") || url.starts_with("http://"))?;
    let variables = variables(server);
    let named: Vec<&str> = url.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect();
    if named.iter().any(|name| !variables.iter().any(|variable| variable.wire == *name)) {
        return None;
    }
    let mut facts = vec![format!("Where the vendor's API is: {}", code(url))];
    for other in servers.iter().skip(1) {
        let about = text(other, "description").map(|text| format!(": {text}")).unwrap_or_default();
        facts.push(format!("or {}{about}", code(text(other, "url").unwrap_or_default())));
    }
    let about = docs::outer(&docs::described(text(server, "description").unwrap_or_default(), &facts, &[]));
    if variables.is_empty() {
        let code = quote!(#(#about)* pub const BASE_URL: &str = #url;);
        return Some(Server { code, example: "BASE_URL".to_owned(), import: "BASE_URL" });
    }
    Some(Server { code: structure(url, &variables, &about), example: example(&variables), import: "Server" })
}

fn variables(server: &Value) -> Vec<Variable<'_>> {
    let mut taken = vec!["url".to_owned()];
    let variables = server.get("variables").and_then(Value::as_object);
    let read = variables.into_iter().flatten().map(|(wire, variable)| Variable {
        field: setter(wire, &mut taken),
        wire,
        default: text(variable, "default").unwrap_or_default(),
        description: text(variable, "description").unwrap_or_default(),
        values: variable.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect(),
    });
    read.collect()
}

fn structure(url: &str, variables: &[Variable<'_>], about: &[syn::Attribute]) -> TokenStream {
    let fields = variables.iter().map(|variable| {
        let mut facts = vec![code(variable.wire)];
        if !variable.values.is_empty() {
            let values: Vec<String> = variable.values.iter().map(|value| code(value)).collect();
            facts.push(format!("one of {}", values.join(", ")));
        }
        let about = docs::outer(&docs::described(variable.description, &facts, &[]));
        let field = ident(&variable.field);
        quote!(#(#about)* pub #field: &'a str,)
    });
    let defaults = variables.iter().map(|variable| {
        let (field, default) = (ident(&variable.field), variable.default);
        quote!(#field: #default,)
    });
    let template = variables.iter().fold(url.to_owned(), |template, variable| {
        template.replace(&format!("{{{}}}", variable.wire), &format!("{{{}}}", variable.field))
    });
    let used = variables.iter().filter(|variable| url.contains(&format!("{{{}}}", variable.wire)));
    let bindings = used.map(|variable| {
        let field = ident(&variable.field);
        quote!(let #field = client_core::url_part(self.#field);)
    });
    quote! {
        #(#about)*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Server<'a> {
            #(#fields)*
        }
        impl Default for Server<'_> {
            fn default() -> Self {
                Self { #(#defaults)* }
            }
        }
        impl Server<'_> {
            /// The base URL. Whatever is not a letter, a digit or one of `-._~` is encoded, so that no value leads to
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
fn example(variables: &[Variable<'_>]) -> String {
    let own: Vec<String> = variables
        .iter()
        .filter(|variable| variable.values.is_empty())
        .map(|variable| format!("{}: {:?}", variable.field, variable.default))
        .collect();
    match own.len() {
        0 => "Server::default().url()".to_owned(),
        all if all == variables.len() => format!("Server {{ {} }}.url()", own.join(", ")),
        _ => format!("Server {{ {}, ..Server::default() }}.url()", own.join(", ")),
    }
}
