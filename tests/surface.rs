//! The public surface of each generated crate: types, fields, signatures. A change here is a change for those who call.

#[allow(dead_code, reason = "not every test uses all of it")]
#[path = "support/workspace.rs"]
mod workspace;

use std::{fs, path::Path};

use quote::ToTokens as _;
use syn::{Attribute, File, ImplItem, Item, Visibility, visit_mut::VisitMut};

#[test]
fn the_public_surface_is_as_reviewed() {
    for (vendor, _) in workspace::specifications() {
        let source = workspace::root().join("crates").join(&vendor).join("src");
        let mut text = surface(&source.join("lib.rs"));
        let mut files: Vec<_> =
            fs::read_dir(source.join("generated")).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
        files.insert(0, source.join("generated.rs"));
        files[1..].sort();
        for file in files {
            let name = file.strip_prefix(&source).expect("a file below").display().to_string();
            text += &format!("\n==== {name}\n{}", surface(&file));
        }
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(format!("surface_{vendor}"), text) });
    }
}

/// What a file offers to other crates, without comments and bodies.
fn surface(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a generated file");
    let mut file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.items.retain(is_offered);
    Bare.visit_file_mut(&mut file);
    // What stands for a body or a value is dropped with it.
    prettyplease::unparse(&file).replace(" {}\n", ";\n").replace(" = ();\n", ";\n").replace("\n\n", "\n")
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
        Item::Impl(_) => true,
        // Says which names on the wire the fields have, and what limits: those are the specification's.
        Item::Macro(_) => false,
        other => panic!("an item that no client has: {}", other.to_token_stream()),
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
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
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
        let of_trait = item.trait_.is_some();
        item.items.retain(|member| match member {
            ImplItem::Fn(member) => of_trait || is_public(&member.vis),
            _ => true,
        });
        syn::visit_mut::visit_item_impl_mut(self, item);
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        block.stmts.clear();
    }

    fn visit_item_static_mut(&mut self, item: &mut syn::ItemStatic) {
        item.attrs.clear();
        *item.expr = syn::parse_quote!(());
    }
}
