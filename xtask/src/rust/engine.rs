//! progenitor, kept behind checks.
//!
//! Input: a normalized document. Output: the types and the methods' signatures that progenitor makes of it, as syntax
//! trees by name. Nothing else knows that progenitor is there.
//!
//! Most of what progenitor writes is not wanted (bodies, conversions, schemas as comments), and parsing it would take as
//! long as all the rest of the line: so its tokens are split into items first, and only what is wanted is parsed.

use std::{
    cell::Cell,
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
    sync::Once,
    thread,
};

use openapiv3::OpenAPI;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use progenitor::{CrateVers, GenerationSettings, Generator};
use serde::Deserialize;
use serde_json::Value;
use syn::{Item, Signature};

use super::read::UntypedOperation;
use crate::normalize::{Problem, walk};

/// What progenitor made.
#[derive(Debug, Default)]
pub(super) struct Generated {
    /// Structs, enums and newtypes of `mod types`, without their attributes.
    pub(super) types: BTreeMap<String, Item>,
    /// Methods of `Client` that call an operation.
    pub(super) methods: BTreeMap<String, Signature>,
}

impl Generated {
    /// The signature of an operation's method.
    pub(super) fn method(&self, operation: &UntypedOperation) -> Result<&Signature, Problem> {
        let UntypedOperation { name, id, pointer, .. } = operation;
        let made = self.methods.get(name).or_else(|| self.methods.get(name.trim_matches('_')));
        made.ok_or_else(|| {
            let message = format!("progenitor made no method `{name}` of `{id}`");
            Problem::new(pointer.as_str(), message, "give the operation another name under `[names.fields]`")
        })
    }
}

/// Runs progenitor.
pub(super) fn generate(document: &Value) -> Result<Generated, Problem> {
    let api = OpenAPI::deserialize(skeleton(document)).map_err(|error| {
        Problem::new("", format!("this is not OpenAPI 3.0: {error}"), "validate the specification with any OpenAPI tool")
    })?;
    // A panic here is a form that `normalize` should have refused by name; it still must not look like a crash.
    let tokens = without_a_word(|| generator().generate_tokens(&api));
    let refused = |text: String| {
        let help = "find the operation or schema in the specification and write it in a simpler form";
        Problem::new("", format!("progenitor does not carry a form in this specification: {text}"), help)
    };
    let tokens = match tokens {
        Ok(Ok(tokens)) => tokens,
        Ok(Err(error)) => return Err(refused(error.to_string())),
        Err(payload) => {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(|&text| text.to_owned()));
            return Err(refused(text.unwrap_or_else(|| "it gave no reason".to_owned())));
        }
    };
    sort(tokens).map_err(|error| refused(error.to_string()))
}

/// The document without what shapes no type and no signature: progenitor would make comments of it, which are not used.
fn skeleton(document: &Value) -> Value {
    let kept = |name: &str, within: Option<&str>| match name {
        // OpenAPI demands one of each response.
        "description" => within == Some("responses"),
        "summary" | "example" | "examples" | "tags" | "security" => false,
        name => !name.starts_with("x-") || name == "x-rust-type",
    };
    walk::copy(document, None, &kept)
}

fn generator() -> Generator {
    let mut settings = GenerationSettings::default();
    settings.with_map_type("::std::collections::BTreeMap").with_crate("client-core", CrateVers::Any, None);
    Generator::new(&settings)
}

fn sort(tokens: TokenStream) -> syn::Result<Generated> {
    let mut generated = Generated::default();
    for mut item in items(tokens) {
        let Some(TokenTree::Group(body)) = item.tokens.pop() else { continue };
        match item.keyword().as_deref() {
            Some("mod") if item.names("types") => {
                for item in
                    items(body.stream()).into_iter().filter(|item| matches!(item.keyword().as_deref(), Some("struct" | "enum")))
                {
                    let item: Item = syn::parse2(item.tokens.into_iter().collect())?;
                    if let Item::Struct(syn::ItemStruct { ident, .. }) | Item::Enum(syn::ItemEnum { ident, .. }) = &item {
                        generated.types.insert(ident.to_string(), item);
                    }
                }
            }
            Some("impl") if !item.names("for") => {
                for mut item in items(body.stream()).into_iter().filter(|item| item.names("async")) {
                    // The body.
                    item.tokens.pop();
                    let signature: Signature = syn::parse2(item.without_visibility().iter().cloned().collect())?;
                    generated.methods.insert(signature.ident.to_string(), signature);
                }
            }
            _ => {}
        }
    }
    Ok(generated)
}

/// The tokens of one item, without the attributes before it.
#[derive(Default)]
struct Tokens {
    tokens: Vec<TokenTree>,
}

impl Tokens {
    fn without_visibility(&self) -> &[TokenTree] {
        let is_pub = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "pub");
        match self.tokens.as_slice() {
            [first, TokenTree::Group(scope), rest @ ..] if is_pub(first) && scope.delimiter() == Delimiter::Parenthesis => rest,
            [first, rest @ ..] if is_pub(first) => rest,
            tokens => tokens,
        }
    }

    /// What kind of item it is, such as `struct`.
    fn keyword(&self) -> Option<String> {
        match self.without_visibility().first() {
            Some(TokenTree::Ident(word)) => Some(word.to_string()),
            _ => None,
        }
    }

    /// Whether the word stands outside of all brackets.
    fn names(&self, name: &str) -> bool {
        self.tokens.iter().any(|token| matches!(token, TokenTree::Ident(word) if word == name))
    }
}

/// Splits a file, or what stands between the braces of a module or an `impl`.
fn items(tokens: TokenStream) -> Vec<Tokens> {
    let mut items = Vec::new();
    let mut item = Tokens::default();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let opens = item.tokens.is_empty() && matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '#');
        if opens {
            while let Some(TokenTree::Punct(_)) = tokens.peek() {
                tokens.next();
            }
            // The bracket of the attribute.
            tokens.next();
            continue;
        }
        let semicolon = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == ';');
        let braces = matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        item.tokens.push(token);
        // Others go on behind their braces, up to a semicolon.
        let ends = semicolon || braces && !matches!(item.keyword().as_deref(), Some("use" | "static" | "type"));
        if ends {
            items.push(std::mem::take(&mut item));
        }
    }
    items
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` and catches its panic, of which nothing is printed. The hook of panics is one for all threads, and vendors are made
/// side by side: it is set once, and tells by the thread whether to be silent.
fn without_a_word<T>(work: impl FnOnce() -> T) -> thread::Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    QUIET.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    outcome
}
