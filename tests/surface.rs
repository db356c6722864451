//! The public surface of each published crate: types, fields, signatures. A change here is a change for those who call: say
//! what it is under `## Unreleased` of the crate's changelog (a vendor's is kept in its folder of `specs/`).

use std::{
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, File, ImplItem, Item, Visibility, visit_mut::VisitMut};

use crate::support::workspace;

#[test]
fn the_public_surface_is_as_reviewed() {
    let folders = fs::read_dir(workspace::root().join("crates")).expect("a folder").map(|entry| entry.expect("a crate").path());
    let vendors = xtask::vendor::names(&workspace::root()).expect("specs/ can be listed");
    let new: Vec<String> = vendors.into_iter().filter(|vendor| !workspace::reviewed(vendor)).collect();
    for folder in folders {
        let name = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
        let source = folder.join("src");
        // A program offers nothing to other crates.
        if new.contains(&name) || !source.join("lib.rs").is_file() {
            continue;
        }
        let mut files = Vec::new();
        collect(&source, &mut files);
        files.sort();
        let mut text = String::new();
        for file in files {
            let offered = surface(&file);
            if !offered.is_empty() {
                text += &format!("\n==== {}\n{offered}", file.strip_prefix(&source).expect("a file below").display());
            }
        }
        let text = new.iter().fold(text, |text, vendor| without(&text, vendor));
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(format!("surface_{name}"), text) });
    }
}

/// A surface without what the facade has for one vendor, behind its feature or by its name.
fn without(surface: &str, vendor: &str) -> String {
    let feature = format!("#[cfg(feature = {vendor:?})]");
    let capabilities = format!("pub static {}:", vendor.to_uppercase().replace('-', "_"));
    let mut kept = String::new();
    let mut lines = surface.lines();
    while let Some(line) = lines.next() {
        if line.trim() == feature {
            let first = lines.next().unwrap_or_default();
            let is_block = first.ends_with('{');
            if is_block || !first.ends_with([';', '}']) {
                let _ = lines.find(|line| if is_block { line.starts_with('}') } else { line.ends_with([';', '}']) });
            }
        } else if !line.trim().starts_with(&capabilities) {
            kept.extend([line, "\n"]);
        }
    }
    kept
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The names of `http` that `reqwest` passes on.
const OF_HTTP: [&str; 5] = ["HeaderMap", "HeaderName", "HeaderValue", "Method", "StatusCode"];

/// Another HTTP client beneath, or another version of it, is no change for callers, but for those who choose the transport: by the
/// setting `http`, whose types the crate passes on under `reqwest`.
#[test]
fn the_http_client_is_offered_only_where_the_transport_is_chosen() {
    let mut files = Vec::new();
    for entry in fs::read_dir(workspace::root().join("crates")).expect("a folder") {
        collect(&entry.expect("a crate").path().join("src"), &mut files);
    }
    let (mut found, mut settings) = (Vec::new(), 0);
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        let mut names = vec!["reqwest".to_owned()];
        let whole = syn::parse_file(&fs::read_to_string(path).expect("a file")).expect("Rust");
        whole.items.iter().for_each(|item| imported(item, &mut names));
        names.retain(|name| !OF_HTTP.contains(&name.as_str()));
        // The body of a macro is what it offers.
        let macros = whole.items.iter().filter(|item| matches!(item, Item::Macro(_)) && is_offered(item)).cloned();
        let others = offered(path).items.into_iter().filter(|item| !matches!(item, Item::Macro(_)));
        for item in macros.chain(others) {
            let mut rest = item.clone();
            if let Item::Impl(item) = &mut rest {
                item.items.retain(|member| !matches!(member, ImplItem::Fn(method) if method.sig.ident == "http"));
            }
            let is_setting = matches!(&item, Item::Macro(item) if item.ident.as_ref().is_some_and(|name| name == "__settings"));
            let is_passed_on = matches!(&item, Item::Use(item) if item.to_token_stream().to_string() == "pub use { reqwest , serde , serde_json } ;");
            let names_it = |item: &Item| names.iter().any(|name| mentions(item.to_token_stream(), name));
            settings += usize::from(names_it(&item) && (is_setting || is_passed_on || !names_it(&rest)));
            if names_it(&rest) && !is_setting && !is_passed_on {
                found.push(format!("{}: {}", path.display(), rest.to_token_stream()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(settings, 3, "the builder's setting, the one of generated builders, and the library itself");
}

/// The names that an item imports from `reqwest`.
fn imported(item: &Item, names: &mut Vec<String>) {
    fn leaves(tree: &syn::UseTree, names: &mut Vec<String>) {
        match tree {
            syn::UseTree::Path(path) => leaves(&path.tree, names),
            syn::UseTree::Name(name) => names.push(name.ident.to_string()),
            syn::UseTree::Rename(rename) => names.push(rename.rename.to_string()),
            syn::UseTree::Glob(_) => panic!("names that nobody can see"),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        }
    }
    if let Item::Use(item) = item
        && let syn::UseTree::Path(path) = &item.tree
        && path.ident == "reqwest"
    {
        leaves(&path.tree, names);
    }
}

fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// What a file offers to other crates, without comments and bodies.
fn surface(path: &Path) -> String {
    let file = offered(path);
    // What stands for a body or a value is dropped with it.
    prettyplease::unparse(&file).replace(" {}\n", ";\n").replace(" = ();\n", ";\n").replace("\n\n", "\n")
}

/// The same as a syntax tree.
fn offered(path: &Path) -> File {
    let text = fs::read_to_string(path).expect("a generated file");
    let mut file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.items.retain(is_offered);
    Bare.visit_file_mut(&mut file);
    file
}

fn is_offered(item: &Item) -> bool {
    match item {
        Item::Const(item) => is_public(&item.vis),
        Item::Enum(item) => is_public(&item.vis),
        Item::Fn(item) => is_public(&item.vis),
        Item::Mod(item) => is_public(&item.vis),
        Item::Static(item) => is_public(&item.vis),
        Item::Struct(item) => is_public(&item.vis),
        Item::Trait(item) => is_public(&item.vis),
        Item::Type(item) => is_public(&item.vis),
        Item::Use(item) => is_public(&item.vis),
        Item::Impl(item) => item.trait_.is_some() || item.items.iter().any(is_offered_member),
        // A call says which names on the wire the fields have, and what constraints: those are the specification's.
        Item::Macro(item) => item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export")),
        other => panic!("an item that no crate has: {}", other.to_token_stream()),
    }
}

fn is_offered_member(member: &ImplItem) -> bool {
    match member {
        ImplItem::Fn(member) => is_public(&member.vis),
        ImplItem::Const(member) => is_public(&member.vis),
        _ => true,
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Takes out what callers do not see.
struct Bare;

impl VisitMut for Bare {
    fn visit_file_mut(&mut self, file: &mut File) {
        file.attrs.clear();
        syn::visit_mut::visit_file_mut(self, file);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !["doc", "inline"].iter().any(|name| attribute.path().is_ident(name)));
    }

    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        let offered = |fields: &mut syn::punctuated::Punctuated<syn::Field, syn::Token![,]>| {
            *fields = std::mem::take(fields).into_iter().filter(|field| is_public(&field.vis)).collect();
        };
        match &mut item.fields {
            syn::Fields::Named(fields) => offered(&mut fields.named),
            syn::Fields::Unnamed(fields) => offered(&mut fields.unnamed),
            syn::Fields::Unit => {}
        }
        if item.fields.is_empty() {
            item.fields = syn::Fields::Unit;
        }
        syn::visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        // What a trait asks for is the trait's to say, but for the types that are chosen.
        match &item.trait_ {
            Some(_) => item.items.retain(|member| matches!(member, ImplItem::Type(_))),
            None => item.items.retain(is_offered_member),
        }
        syn::visit_mut::visit_item_impl_mut(self, item);
    }

    fn visit_item_macro_mut(&mut self, item: &mut syn::ItemMacro) {
        item.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
        item.mac.tokens = Default::default();
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        block.stmts.clear();
    }

    fn visit_item_static_mut(&mut self, item: &mut syn::ItemStatic) {
        item.attrs.clear();
        *item.expr = syn::parse_quote!(());
    }
}
