//! From a specification to the files of a client crate.
//!
//! Enters: a committed specification as JSON and the names of a manifest. Leaves: every file of the crate with its path, the
//! losses, and an outline of the types for the facade. progenitor resolves schemas to types and operations to signatures;
//! the rest is rewritten onto client-core, printed by prettyplease, and read once more to be sure that it is Rust.
//! Does no I/O and names no vendor.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::Type;

use crate::normalize::{Loss, Names, Normalized, Problem, normalize};

mod connect;
mod conversions;
mod docs;
mod engine;
mod limits;
mod manifest;
mod methods;
mod model;
mod paths;
mod readme;
mod required;
mod server;
mod table;
mod types;

pub use types::{FieldOutline, TypeOutline};

/// What a client crate is made from.
#[derive(Clone, Copy, Debug)]
pub struct ClientInput<'a> {
    /// Name of the folder under `specs/`, and of the crate.
    pub vendor: &'a str,
    /// The committed specification.
    pub specification: &'a Value,
    /// Names that the manifest gives to properties, parameters and operations.
    pub names: &'a Names,
}

/// A client crate.
#[derive(Clone, Debug)]
pub struct ClientCrate {
    /// Path within the crate and text, in the order of the path.
    pub files: Vec<(String, String)>,
    /// What the specification says and the client does not carry.
    pub losses: Vec<Loss>,
    /// The copy of the specification that it was made from.
    pub normalized: Value,
    /// The structs of the crate.
    pub types: Vec<TypeOutline>,
    /// The methods of the client.
    pub operations: Vec<OperationOutline>,
}

/// One method of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationOutline {
    /// In the specification, such as `UpdateUser`.
    pub id: String,
    /// In Rust, such as `update_user`.
    pub name: String,
    /// What it gives, such as `types::UserEnvelope`.
    pub answer: String,
}

/// Makes the crate.
///
/// # Errors
///
/// Everything that keeps the crate from being made, with its place in the specification.
pub fn generate(input: &ClientInput<'_>) -> Result<ClientCrate, Vec<Problem>> {
    let Normalized { document, mut losses } = normalize(input.specification, input.names)?;
    let made = engine::generate(&document).map_err(|problem| vec![problem])?;
    let components = document.pointer("/components/schemas").cloned().unwrap_or_default();
    let operations = model::operations(&document);
    let (schemes, unable) = model::schemes(&document);
    losses.extend(unable);
    let constants = model::constants(&operations);

    let bodies = operations.iter().filter_map(|operation| operation.body.as_ref()).map(|body| &body.schema);
    let sent = required::reachable(bodies, &components);
    let types = types::rewrite(&components, &made.types, &sent)?;
    let (table, skipped) = table::table(&document, &operations, &schemes)?;
    losses.extend(skipped);
    let mut scope =
        methods::Scope { components: &components, shorten: paths::Shorten::default(), patterns: limits::Patterns::default() };
    let mut methods = Vec::new();
    let mut problems = Vec::new();
    for operation in &operations {
        let made = made.methods.get(&operation.name).or_else(|| made.methods.get(operation.name.trim_matches('_')));
        let method = made.ok_or_else(|| {
            let message = format!("progenitor made no method `{}` of `{}`", operation.name, operation.id);
            Problem::new(&operation.pointer, message, "give the operation another name under `[names.fields]`")
        });
        match method.and_then(|made| methods::rewrite(operation, made, &mut scope)) {
            Ok(method) => methods.push(method),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }

    let server = server::server(&document);
    let rate = rate_limit(&document)?;
    let setup = readme::Setup {
        server: server.as_ref(),
        vendor: input.vendor,
        document: &document,
        operations: &operations,
        schemes: &schemes,
    };
    let readme = readme::text(&setup, &types);
    let outlines = operations.iter().zip(&methods).map(|(operation, method)| OperationOutline {
        id: operation.id.clone(),
        name: operation.name.clone(),
        answer: type_text(&method.answer),
    });
    let outlines = outlines.collect();
    let files = [
        ("Cargo.toml", manifest::text(input.vendor, &document)),
        ("README.md", readme),
        ("src/generated.rs", root(server.map(|server| server.code))),
        ("src/generated/auth.rs", unparse(&connect::auth(&schemes))),
        ("src/generated/builder.rs", unparse(&connect::builder(&constants))),
        ("src/generated/client.rs", client(methods, &scope, rate)),
        ("src/generated/operations.rs", unparse(&table)),
        ("src/generated/types.rs", types.text),
        ("src/lib.rs", LIB.to_owned()),
    ];
    let head = format!("@generated by cargo xtask regen from specs/{}. Do not edit.", input.vendor);
    let files = files
        .into_iter()
        .map(|(path, text)| finish(path, &text, &head))
        .collect::<Result<_, _>>()
        .map_err(|problem| vec![problem])?;
    Ok(ClientCrate { files, losses, types: types.outlines, operations: outlines, normalized: document })
}

/// The head over a text, after a look whether Rust is Rust.
fn finish(path: &str, text: &str, head: &str) -> Result<(String, String), Problem> {
    let text = if path.ends_with(".rs") {
        syn::parse_file(text).map_err(|error| {
            let message = format!("the generated `{path}` is not Rust: {error}");
            Problem::new(
                "",
                message,
                "this is a fault of the generator; simplify the specification until it passes to find where",
            )
        })?;
        format!("// {head}\n\n{}", if path == "src/lib.rs" { text.to_owned() } else { spaced(text) })
    } else if path.ends_with(".md") {
        format!("<!-- {head} -->\n\n{text}")
    } else {
        format!("# {head}\n\n{text}")
    };
    Ok((path.to_owned(), text))
}

/// The root of the crate, as rustfmt leaves it: the modules below are skipped, this one is not.
const LIB: &str = r#"#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

#[rustfmt::skip]
mod generated;

pub use client_core;
pub use client_core::{
    BoxError, BuildError, Credential, Error, Extra, Field, Json, Number, RateLimit, Response, RetryPolicy, Secret, Timestamp,
    Token, TokenSource,
};
pub use generated::*;
"#;

fn root(server: Option<TokenStream>) -> String {
    let head = docs::inner("What the specification says, as Rust.");
    unparse(&quote! {
        #head
        mod auth;
        mod builder;
        mod client;
        pub mod operations;
        pub mod types;
        pub use auth::Auth;
        pub use builder::ClientBuilder;
        pub use client::*;
        #server
    })
}

fn client(methods: Vec<methods::Method>, scope: &methods::Scope<'_>, rate: Option<TokenStream>) -> String {
    let head = docs::inner("One method per operation.");
    let imports = scope.shorten.imports();
    let statics = scope.patterns.list.iter().map(|(name, pattern)| {
        let name = ident(name);
        quote!(static #name: client_core::Pattern = client_core::Pattern::new(#pattern);)
    });
    let statics: TokenStream = statics.collect();
    let (methods, params): (Vec<_>, Vec<_>) = methods.into_iter().map(|method| (method.method, method.params)).unzip();
    let builder = rate.map_or_else(|| quote!(ClientBuilder(core)), |rate| quote!(ClientBuilder(core #rate)));
    let types = uses(&methods, &params, "types").then(|| quote!(types,));
    unparse(&quote! {
        #head
        #imports
        use super::{ClientBuilder, operations, #types};
        #statics
        /// The vendor's API. Cloning it is cheap, and all clones share connections and limits.
        #[derive(Clone, Debug)]
        pub struct Client {
            pub(super) core: client_core::Client,
        }
        impl Client {
            /// A client for the API at `base_url`.
            pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
                let core = client_core::Client::builder(base_url, operations::SCHEMES)
                    .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));
                #builder
            }
            /// The client beneath, for operations that are not documented.
            #[must_use]
            pub fn core(&self) -> &client_core::Client {
                &self.core
            }
            #(#methods)*
        }
        #(#params)*
    })
}

/// Whether the module `name` is named in signatures or arguments.
fn uses(methods: &[syn::ImplItemFn], params: &[Option<TokenStream>], name: &str) -> bool {
    fn within(tokens: TokenStream, name: &str) -> bool {
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Group(group) => within(group.stream(), name),
            proc_macro2::TokenTree::Ident(ident) => ident == name,
            _ => false,
        })
    }
    methods.iter().any(|method| {
        let signature = &method.sig;
        within(quote!(#signature), name)
    }) || params.iter().flatten().any(|params| within(params.clone(), name))
}

fn rate_limit(document: &Value) -> Result<Option<TokenStream>, Vec<Problem>> {
    let Some(limit) = document.get("x-rate-limit") else { return Ok(None) };
    let rate = limit.get("requests-per-second").and_then(Value::as_f64).filter(|rate| *rate > 0.0);
    let burst = limit.get("burst").and_then(Value::as_u64).and_then(|burst| u32::try_from(burst).ok());
    let (Some(rate), Some(burst)) = (rate, burst) else {
        let message = format!("expected requests-per-second and burst, found {limit}");
        return Err(vec![Problem::new("/x-rate-limit", message, "write {requests-per-second: 25, burst: 50}")]);
    };
    let (rate, burst) = (proc_macro2::Literal::f64_unsuffixed(rate), proc_macro2::Literal::u32_unsuffixed(burst));
    Ok(Some(quote!(.rate_limit(client_core::RateLimit { per_second: #rate, burst: #burst }))))
}

/// An identifier from a name that the naming rules made.
fn ident(name: &str) -> Ident {
    syn::parse_str(name).unwrap_or_else(|_| Ident::new("unnamed", Span::call_site()))
}

/// Prints items; tokens that are no items come back as they are, and the last look at the file reports them.
pub(crate) fn unparse(tokens: &TokenStream) -> String {
    syn::parse2(tokens.clone()).map_or_else(|_| tokens.to_string(), |file| prettyplease::unparse(&file))
}

/// A type as it stands in the code.
pub(crate) fn type_text(ty: &Type) -> String {
    let text = unparse(&quote!(type T = #ty;));
    text.trim().trim_start_matches("type T = ").trim_end_matches(';').to_owned()
}

/// A blank line after each block, as people leave it; prettyplease leaves none.
pub(crate) fn spaced(text: &str) -> String {
    const WORDS: [&str; 4] = ["use ", "pub use ", "mod ", "pub mod "];
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut before = "";
    for line in text.lines() {
        let (here, last) = (line.trim_start(), before.trim_start());
        let listed = |line: &str| WORDS.iter().any(|word| line.starts_with(word));
        // Items and methods; what stands deeper is code within one.
        let block = before.len() - last.len() <= 4 && matches!(last, "}" | "};" | "];" | "});");
        let head = last.starts_with("//!") && !here.starts_with("//!");
        let list = last.ends_with(';') && listed(last) && !listed(here);
        let item = (line.starts_with("///") || line.starts_with("impl ")) && before.ends_with(';');
        let goes_on = here.is_empty() || here.starts_with(['}', ')', ']', '.']) || here.starts_with("client_core::");
        if (block || head || list || item) && !goes_on {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        before = line;
    }
    out
}
