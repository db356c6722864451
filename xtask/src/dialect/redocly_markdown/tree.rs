//! Fields with dotted names as nested types.
//!
//! Enters: the fields of one section. Leaves: the outermost ones, each with what is nested in it. Knows nothing of
//! sections.

use std::borrow::Cow;

use foldhash::fast::RandomState;
use indexmap::{IndexMap, map::Entry};
use serde_json::Value;

use super::field::{Type, Types, Values};
use crate::{
    api::{Kind, Named, Origin, Property, Schema, named},
    document::{Document, Span},
    finding::{self, Finding},
    sample,
};

/// A field and all that it says.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// From the outermost field on.
    pub(super) name: Cow<'a, str>,
    pub(super) types: Types<'a>,
    pub(super) values: Values<'a>,
    pub(super) description: Option<String>,
    /// All of it.
    pub(super) span: Span,
    /// The JSON of its example.
    pub(super) example: Option<Span>,
    /// Names of the alternatives that its members are listed by.
    pub(super) variants: Vec<String>,
}

/// Rows by their names, without them.
type Nodes<'a> = IndexMap<Cow<'a, str>, Node<'a>, RandomState>;

struct Node<'a> {
    row: Row<'a>,
    place: Place,
    /// In how many rows it is required.
    required: usize,
    /// Further rows of the same name.
    again: Vec<Span>,
    /// How many nodes are nested in it.
    members: usize,
}

#[derive(Clone, Copy)]
struct Place {
    parent: Option<usize>,
    /// Where its name within its parent starts.
    key: usize,
    /// How many alternatives its parent has.
    variants: usize,
}

/// Nests `rows`; a name with dots belongs to the longest declared name before one of its dots that can hold members.
pub(super) fn nest<'a>(document: &Document, subject: &str, rows: Vec<Row<'a>>, findings: &mut Vec<Finding>) -> Named<Property> {
    let mut nodes = Nodes::with_capacity_and_hasher(rows.len(), RandomState::default());
    let mut outermost = 0;
    for mut row in rows {
        let name = std::mem::take(&mut row.name);
        let place = place(&name, &nodes);
        match nodes.entry(name) {
            Entry::Occupied(mut entry) => {
                let name = entry.key().clone();
                repeat(&name, entry.get_mut(), row, subject, findings);
            }
            Entry::Vacant(entry) => {
                let required = usize::from(row.types.required);
                entry.insert(Node { row, place, required, again: Vec::new(), members: 0 });
                match place.parent.and_then(|index| nodes.get_index_mut(index)) {
                    Some((_, parent)) => parent.members += 1,
                    None => outermost += 1,
                }
            }
        }
    }
    let mut roots = named(outermost);
    let mut members: Vec<Named<Property>> = nodes.values().map(|node| named(node.members)).collect();
    // A parent stands before its members, so from the end every node is complete when its turn comes.
    for (name, node) in nodes.into_iter().rev() {
        let own = members.pop().unwrap_or_default();
        let Place { parent, key, variants } = node.place;
        let key = name.get(key..).unwrap_or_default().to_owned();
        let required = if variants > 1 { node.required >= variants } else { node.row.types.required };
        let property = Property { required, ..property(document, subject, &name, node, own, findings) };
        let siblings = parent.and_then(|index| members.get_mut(index)).unwrap_or(&mut roots);
        siblings.insert(key, property);
    }
    roots.reverse();
    roots
}

fn place(name: &str, nodes: &Nodes<'_>) -> Place {
    let mut end = name.len();
    while let Some(dot) = name.get(..end).and_then(|name| name.rfind('.')) {
        let declared = name.get(..dot).and_then(|prefix| nodes.get_full(prefix));
        if let Some((index, _, parent)) = declared.filter(|(_, _, node)| can_hold(&node.row.types) && dot + 1 < name.len()) {
            return Place { parent: Some(index), key: dot + 1, variants: parent.row.variants.len() };
        }
        end = dot;
    }
    Place { parent: None, key: 0, variants: 0 }
}

/// Whether a field of these types can have members.
pub(super) fn can_hold(types: &Types<'_>) -> bool {
    types.names.is_empty() || types.names.iter().any(|name| !matches!(*name, "string" | "integer" | "number" | "boolean"))
}

fn repeat<'a>(name: &str, first: &mut Node<'a>, row: Row<'a>, subject: &str, findings: &mut Vec<Finding>) {
    let kind = |row: &Row<'_>| row.types.kind().map(|(kind, format)| (kind, format, row.types.nullable));
    first.required += usize::from(row.types.required);
    if kind(&first.row) != kind(&row) || (first.place.variants == 0 && first.row.types.required != row.types.required) {
        findings.push(Finding::new(
            finding::Kind::Contradiction,
            format!("{subject}.{name}"),
            format!(
                "the page has this field as `({})` and as `({})`; the first one stands",
                written(&first.row.types),
                written(&row.types)
            ),
            vec![first.row.span, row.span],
        ));
    }
    for value in row.values.enumeration {
        if !first.row.values.enumeration.is_empty() && !first.row.values.enumeration.contains(&value) {
            first.row.values.enumeration.push(value);
        }
    }
    if first.row.description.is_none() {
        first.row.description = row.description;
    }
    if first.row.values.example.is_none() {
        first.row.values.example = row.values.example;
        first.row.example = row.example;
    }
    first.again.push(row.span);
}

fn written(types: &Types<'_>) -> String {
    let mut words = types.names.to_vec();
    words.extend(types.nullable.then_some("null"));
    words.extend(types.required.then_some("required"));
    words.join(", ")
}

fn property(
    document: &Document,
    subject: &str,
    name: &str,
    node: Node<'_>,
    mut members: Named<Property>,
    findings: &mut Vec<Finding>,
) -> Property {
    let Node { row, again, .. } = node;
    let mut note = |kind, text: String| {
        findings.push(Finding::new(kind, format!("{subject}.{name}"), text, vec![row.span]));
    };
    if !row.variants.is_empty() {
        let variants = row.variants.join(", ");
        note(
            finding::Kind::Loss,
            format!(
                "the page gives alternatives ({variants}); carried is one object with the members of all, required where all require it"
            ),
        );
    }
    for word in row.types.foreign() {
        note(
            finding::Kind::Assumption,
            format!("`{word}` is no type of OpenAPI; it is read as the type that it is commonly used for"),
        );
    }
    members.reverse();
    let mut schema = Schema { nullable: row.types.nullable, origin: Origin::stated(row.span), ..Schema::default() };
    schema.origin.spans.extend(again);
    let item = |kind| Schema::new(kind, Origin::stated(row.span));
    let objects = |members| {
        Box::new(Schema::new(
            Kind::Object(members),
            Origin::inferred(row.span, "members of its items are listed, so they are objects"),
        ))
    };
    match row.types.kind() {
        Some((Type::Array, _)) if !members.is_empty() => schema.kind = Kind::Array(objects(members)),
        Some((Type::Array, _)) => {
            let mut item = element(document, &row).unwrap_or_else(|| item(Kind::Unknown));
            if row.values.enumeration.iter().any(|value| !value.is_array()) {
                item.enumeration.clone_from(&row.values.enumeration);
            }
            schema.kind = Kind::Array(Box::new(item));
        }
        Some((kind, format)) if members.is_empty() => {
            schema.kind = kind.into();
            schema.format = format.map(str::to_owned);
        }
        Some((Type::Object, _)) => schema.kind = Kind::Object(members),
        Some(_) => {
            schema.kind = Kind::Object(members);
            schema.origin.basis = crate::api::Basis::Inferred;
            schema.origin.reason = Some("its members are listed, so it is an object".into());
        }
        None => {
            let only_array = row.types.has("array") && !row.types.has("object");
            let carried = match (members.is_empty(), only_array) {
                (true, _) => "any value",
                (false, true) => "a list of the members that are listed",
                (false, false) => "an object of the members that are listed",
            };
            note(finding::Kind::Loss, format!("the page gives the types `{}`; carried is {carried}", row.types.names.join(", ")));
            schema.kind = match (members.is_empty(), only_array) {
                (true, _) => Kind::Unknown,
                (false, true) => Kind::Array(objects(members)),
                (false, false) => Kind::Object(members),
            };
        }
    }
    if !matches!(&schema.kind, Kind::Array(item) if !item.enumeration.is_empty()) {
        schema.enumeration = row.values.enumeration;
    }
    schema.deprecated = row.types.deprecated;
    schema.read_only = row.types.read_only;
    schema.description = row.description;
    schema.example = row.values.example;
    schema.default = row.values.default;
    Property { schema, required: row.types.required }
}

/// The type of a list's items, where its values tell it.
fn element(document: &Document, row: &Row<'_>) -> Option<Schema> {
    let mut kinds = row.values.enumeration.iter().filter(|value| !value.is_null()).map(kind_of);
    if let Some(first) = kinds.next() {
        let kind = kinds.try_fold(first?, |one, other| (Some(&one) == other.as_ref()).then_some(one))?;
        return Some(Schema::new(kind, Origin::inferred(row.span, "the values that are listed are of this type")));
    }
    let shown = sample::json(document, row.example?).ok()?;
    match sample::schema(&shown).kind {
        Kind::Array(item) if item.kind != Kind::Unknown => Some(*item),
        _ => None,
    }
}

fn kind_of(value: &Value) -> Option<Kind> {
    match value {
        Value::String(_) => Some(Kind::String),
        Value::Bool(_) => Some(Kind::Boolean),
        Value::Number(number) if number.is_f64() => Some(Kind::Number),
        Value::Number(_) => Some(Kind::Integer),
        _ => None,
    }
}
