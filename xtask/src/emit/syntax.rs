//! Rust as syntax trees, and as text.
//!
//! Input: names, attributes, types and tokens. Output: items, built without a parse where a large vendor has thousands of
//! them, and their text as prettyplease prints it. Knows nothing of specifications.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Field, FieldModifiers, Fields, File, Item, ItemStruct, ItemType, Token, Type, Visibility, parse_quote};

use crate::normalize::Problem;

/// An identifier from a name that the naming rules made.
pub(crate) fn ident(name: &str) -> Ident {
    let first = name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_');
    let word = first && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    Ident::new(if word { name } else { "unnamed" }, Span::call_site())
}

/// `pub name: ty`.
pub(super) fn field(attrs: Vec<Attribute>, name: &str, ty: Type) -> Field {
    Field {
        attrs,
        vis: Visibility::Public(<Token![pub]>::default()),
        modifiers: FieldModifiers::default(),
        ident: Some(ident(name)),
        colon_token: Some(<Token![:]>::default()),
        ty,
        default: None,
    }
}

/// `pub struct name { fields }`; `attrs` are its comment and its derives.
pub(super) fn structure(attrs: Vec<Attribute>, name: &str, fields: Vec<Field>) -> Item {
    let mut item: ItemStruct = parse_quote!(
        pub struct Name {}
    );
    item.attrs = attrs;
    item.ident = ident(name);
    if let Fields::Named(named) = &mut item.fields {
        named.named.extend(fields);
    }
    Item::Struct(item)
}

/// `pub type name = ty;`
pub(super) fn alias(attrs: Vec<Attribute>, name: &str, ty: Type) -> Item {
    let mut item: ItemType = parse_quote!(
        pub type Name = ();
    );
    item.attrs = attrs;
    item.ident = ident(name);
    *item.ty = ty;
    Item::Type(item)
}

/// The items as text.
pub(crate) fn print(items: Vec<Item>) -> String {
    prettyplease::unparse(&File { shebang: None, frontmatter: None, attrs: Vec::new(), items })
}

/// The text of the items that `tokens` are.
///
/// # Errors
/// They are no items.
pub(super) fn unparse(tokens: TokenStream) -> Result<String, Problem> {
    let file = syn::parse2(tokens).map_err(|error| {
        let message = format!("the generated code is not Rust: {error}");
        Problem::new("", message, "this is a fault of the generator; simplify the specification until it passes to find where")
    })?;
    Ok(prettyplease::unparse(&file))
}

/// The import of those names of client-core that `code` has.
pub(super) fn imports(code: &TokenStream, names: &[&str]) -> TokenStream {
    fn mentions(tokens: TokenStream, found: &mut BTreeSet<String>) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => mentions(group.stream(), found),
                TokenTree::Ident(ident) => drop(found.insert(ident.to_string())),
                _ => {}
            }
        }
    }
    let mut found = BTreeSet::new();
    mentions(code.clone(), &mut found);
    let names: Vec<Ident> = names.iter().filter(|name| found.contains(**name)).map(|name| ident(name)).collect();
    if names.is_empty() { TokenStream::new() } else { quote!(use client_core::codegen::{#(#names),*};) }
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
        // The modules of tags, each with its gate, stand as one list.
        let gated = here.starts_with("#[cfg(") && !last.starts_with("use ");
        let list = last.ends_with(';') && listed(last) && !listed(here) && !gated;
        let item = (here.starts_with("///") || line.starts_with("impl ")) && before.ends_with(';') && !last.starts_with("//");
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
