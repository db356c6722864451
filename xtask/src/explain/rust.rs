//! Rust paths as people type them, and why a Rust item is what it is.
//!
//! Input: a vendor as made, and its items. Output: the nodes that a path such as `Client::get_user`, `types::User::phone` or
//! `User::email` leads to; and the chain of rules from the documents to an item. Decides nothing.

use crate::{
    nodes::Pointer,
    regen::Made,
    rust::items::{Item, Items},
};

/// The nodes that a Rust path leads to, each once: of an attribute of `User`, those that carry it; none where it leads nowhere.
pub(super) fn find(made: &Made, items: &Items, what: &str) -> Vec<Pointer> {
    let attribute = what.strip_prefix("User::").map(|name| of_attribute(made, name)).unwrap_or_default();
    if !attribute.is_empty() {
        return attribute;
    }
    let is_path = what.contains("::");
    let fits =
        |item: &Item| is_path && (item.path == what || item.path.strip_suffix(what).is_some_and(|head| head.ends_with("::")));
    let mut found: Vec<(&str, &Pointer)> =
        items.iter().filter(|(_, item)| fits(item)).map(|(pointer, item)| (item.path.as_str(), pointer)).collect();
    found.sort_unstable();
    // What all operations take from the client's settings is one thing.
    found.dedup_by_key(|(path, _)| *path);
    found.into_iter().map(|(_, pointer)| pointer.clone()).collect()
}

/// The properties that carry an attribute of `User`.
fn of_attribute(made: &Made, name: &str) -> Vec<Pointer> {
    let model = &made.client.model;
    let maps = made.vendor.manifest.user.iter();
    let sources =
        maps.flat_map(|(schema, map)| map.attributes.iter().map(move |(attribute, source)| (schema, attribute, source)));
    let named = sources.filter(|(_, attribute, _)| attribute.get_ref().name() == name);
    let fields = named.flat_map(|(schema, _, source)| {
        let ty = model.schema(schema.get_ref());
        source.get_ref().paths().iter().filter_map(move |path| model.fields_at(&ty?.name, &path.0).pop())
    });
    fields.map(|field| field.pointer.clone()).collect()
}

/// All paths that can be asked for, without the name of the crate.
pub(super) fn paths(made: &Made, items: &Items) -> Vec<String> {
    let own = items.iter().filter_map(|(_, item)| item.path.split_once("::")).map(|(_, path)| path.to_owned());
    let maps = made.vendor.manifest.user.values();
    let attributes = maps.flat_map(|map| &map.attributes).map(|(attribute, _)| format!("User::{}", attribute.get_ref().name()));
    own.filter(|path| !path.contains([' ', '('])).chain(attributes).collect()
}

/// The chain from the documents to an item, a step a line: where it was read, what the specification says, each rule.
pub(super) fn chain(item: &Item, read: Vec<String>, says: &[String], basis: Option<String>) -> Vec<String> {
    let mut steps = read;
    let basis = basis.unwrap_or_else(|| "the documents' own word".to_owned());
    if says.is_empty() {
        steps.push(format!("it stands in the specification ({basis})"));
    } else {
        steps.push(format!("the specification says: {} ({basis})", says.join(", ")));
    }
    steps.extend(item.rules.iter().map(|rule| format!("normalize::{}: {}", rule.rule, rule.text)));
    steps.push(format!("so it is `{}`", item.code));
    steps.iter().enumerate().map(|(index, step)| format!("{}. {step}", index + 1)).collect()
}
