//! Fields with dotted names as nested types.
//!
//! Input: the fields of one section. Output: the outermost ones, each with what is nested in it. Knows nothing of
//! sections.

use std::{borrow::Cow, fmt};

use foldhash::{HashSet, fast::RandomState};
use indexmap::{IndexMap, map::Entry};

use super::{
    field::Type,
    row::{ALTERNATIVE, Choice, Row},
};
use crate::{
    api::{Alternative, Kind, Named, Origin, Property, Schema, named},
    document::{Document, Span},
    finding::{Finding, FindingKind},
    sample,
};

/// Rows by their names, without them.
type Nodes<'a> = IndexMap<Cow<'a, str>, Node<'a>, RandomState>;

struct Node<'a> {
    row: Row<'a>,
    place: Place,
    /// Further rows of the same name.
    again: Vec<Row<'a>>,
    /// How many nodes are nested in it.
    members: usize,
}

#[derive(Clone, Copy)]
struct Place {
    parent: Option<usize>,
    /// Where its name within its parent starts.
    key: usize,
}

/// What comes to light while rows are nested.
pub(super) struct Found<'f, 'a> {
    pub(super) findings: &'f mut Vec<Finding>,
    /// Examples of lists, by the places of their rows.
    pub(super) lists: &'f mut Vec<(Span, sample::Node<'a>)>,
}

/// Nests `rows`; a name with dots belongs to the longest declared name before one of its dots that can hold members.
pub(super) fn nest<'a>(
    document: &'a Document,
    subject: fmt::Arguments<'_>,
    rows: Vec<Row<'a>>,
    found: &mut Found<'_, 'a>,
) -> Named<Property> {
    let mut nodes = Nodes::with_capacity_and_hasher(rows.len(), RandomState::default());
    let mut outermost = 0;
    for mut row in rows {
        let name = std::mem::take(&mut row.name);
        let place = place(&name, &nodes);
        match nodes.entry(name) {
            Entry::Occupied(mut entry) => {
                entry.get_mut().again.push(row);
            }
            Entry::Vacant(entry) => {
                entry.insert(Node { row, place, again: Vec::new(), members: 0 });
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
    for (name, node) in nodes.iter_mut().rev() {
        let own = members.pop().unwrap_or_default();
        let Node { row, place: Place { parent, key }, again, .. } = node;
        let key = name.get(*key..).unwrap_or_default().to_owned();
        let mut first = property(document, subject, name, row, own, found);
        if !again.is_empty() {
            let rows = again.iter_mut().map(|row| property(document, subject, name, row, Named::default(), found));
            first.repeated = Some(Box::new(rows.collect()));
        }
        let siblings = parent.and_then(|index| members.get_mut(index)).unwrap_or(&mut roots);
        siblings.insert(key, first);
    }
    roots.reverse();
    roots
}

fn place(name: &str, nodes: &Nodes<'_>) -> Place {
    let mut end = name.len();
    while let Some(dot) = name.get(..end).and_then(|name| name.rfind('.')) {
        let declared = name.get(..dot).and_then(|prefix| nodes.get_full(prefix));
        if let Some((index, ..)) = declared.filter(|(_, _, node)| node.row.types.can_hold() && dot + 1 < name.len()) {
            return Place { parent: Some(index), key: dot + 1 };
        }
        end = dot;
    }
    Place { parent: None, key: 0 }
}

/// The property that a row makes, with what is nested in it; its texts and values are taken from it.
fn property<'a>(
    document: &'a Document,
    subject: fmt::Arguments<'_>,
    name: &str,
    row: &mut Row<'_>,
    mut members: Named<Property>,
    found: &mut Found<'_, 'a>,
) -> Property {
    let mut note = |kind, text: String| {
        found.findings.push(Finding::new(kind, format!("{subject}.{name}"), text, vec![row.span]));
    };
    if row.choice == Some(Choice::Alternatives) && members.is_empty() {
        note(
            FindingKind::Loss,
            "the page says that one of several types applies and lists no members of them; carried is what its parentheses say"
                .to_owned(),
        );
    }
    if let Some(name) = &row.discriminator {
        let text = format!("the page says that `{name}` tells the alternatives apart; not of which value: it is not carried");
        note(FindingKind::Loss, text);
    }
    if row.choice == Some(Choice::Composition) {
        note(
            FindingKind::Assumption,
            "the page composes it of several types; they are read as one object with the members of all".to_owned(),
        );
    }
    for word in row.types.foreign() {
        note(
            FindingKind::Assumption,
            format!("`{word}` is no type of OpenAPI; it is read as the type that it is commonly used for"),
        );
    }
    members.reverse();
    let mut schema = Schema { nullable: row.types.nullable, origin: Origin::stated(row.span), ..Schema::default() };
    let objects =
        |members| Box::new(object(members, Origin::inferred(row.span, "members of its items are listed, so they are objects")));
    match row.types.kind() {
        Some((Type::Array, _)) if !members.is_empty() => schema.kind = Kind::Array(objects(members)),
        Some((Type::Array, _)) => {
            schema.kind = Kind::Array(Box::new(Schema::new(Kind::Unknown, Origin::stated(row.span))));
            let example = row.example.and_then(|example| sample::json(document, example).ok());
            found.lists.extend(example.map(|example| (row.span, example)));
        }
        Some((kind, format)) if members.is_empty() => {
            schema.kind = kind.into();
            schema.format = format.map(str::to_owned);
        }
        Some((kind, _)) => {
            let mut origin = std::mem::take(&mut schema.origin);
            if kind != Type::Object {
                origin.infer("its members are listed, so it is an object");
            }
            schema = Schema { nullable: schema.nullable, ..object(members, origin) };
        }
        None => {
            let only_array = row.types.has("array") && !row.types.has("object");
            let carried = match (members.is_empty(), only_array) {
                (true, _) => "any value",
                (false, true) => "a list of the members that are listed",
                (false, false) => "an object of the members that are listed",
            };
            note(FindingKind::Loss, format!("the page gives the types `{}`; carried is {carried}", row.types.names.join(", ")));
            schema.kind = match (members.is_empty(), only_array) {
                (true, _) => Kind::Unknown,
                (false, true) => Kind::Array(objects(members)),
                (false, false) => object(members, Origin::default()).kind,
            };
        }
    }
    schema.enumeration = std::mem::take(&mut row.values.enumeration);
    if let Some(reason) = row.assumed {
        schema.origin.infer(reason);
    }
    schema.deprecated = row.types.deprecated;
    schema.read_only = row.types.read_only;
    schema.description = row.description.take();
    schema.example = row.values.example.take();
    schema.default = row.values.default.take();
    Property::new(schema, row.types.required)
}

/// Rows that stand under `additionalProperties` of a field where that has no row of its own.
pub(super) fn orphans<'r>(rows: &'r [Row<'_>]) -> impl Iterator<Item = (Span, &'r str)> {
    let maps: HashSet<&str> = rows.iter().map(|row| &*row.name).filter(|name| name.ends_with(ANY_NAME)).collect();
    // Few names hold it, which is faster told than where it stands last.
    rows.iter().filter(|row| row.name.contains(ANY_NAME)).filter_map(move |row| {
        let at = row.name.rfind(ANY_NAME).filter(|&at| at == 0 || row.name.get(..at).is_some_and(|map| map.ends_with('.')))?;
        let end = at + ANY_NAME.len();
        let member = row.name.get(end..).is_some_and(|rest| rest.starts_with('.'));
        (member && !maps.contains(row.name.get(..end)?)).then_some((row.span, &*row.name))
    })
}

/// Stands for members of any name.
const ANY_NAME: &str = "additionalProperties";

/// What the fields of a body make. Where the body as a whole is one of several types, the page lists a field `body` for it, the
/// last one, behind those that all of them have.
pub(super) fn whole(mut members: Named<Property>, origin: Origin) -> Schema {
    let is_whole = |(name, property): (&String, &Property)| name == "body" && matches!(property.schema.kind, Kind::AnyOf(_));
    let Some((_, body)) = members.last().is_some_and(is_whole).then(|| members.pop()).flatten() else {
        return object(members, origin);
    };
    let mut schema = body.schema;
    if let Kind::AnyOf(alternatives) = &mut schema.kind {
        for alternative in alternatives {
            if let Kind::Object(own) = &mut alternative.schema.kind {
                let common = members.iter().map(|(name, property)| (name.clone(), property.clone()));
                let all: Named<Property> = common.chain(std::mem::take(own)).collect();
                *own = all;
            }
        }
    }
    schema.origin.infer("a last field `body` that is one of several types stands for the body as a whole");
    schema
}

/// What the members that are listed make: alternatives, a map where one of them stands for all names, or an object.
pub(super) fn object(mut members: Named<Property>, mut origin: Origin) -> Schema {
    if !members.is_empty() && members.keys().all(|name| name.starts_with(ALTERNATIVE)) {
        origin.infer(
            "the page lists types of which one applies: written as `anyOf`, since it does not say that they exclude each other",
        );
        let alternative =
            |(_, Property { mut schema, .. }): (String, Property)| Alternative { title: schema.description.take(), schema };
        return Schema::new(Kind::AnyOf(members.into_iter().map(alternative).collect()), origin);
    }
    if let Some(value) = members.shift_remove(ANY_NAME) {
        if members.is_empty() {
            origin.infer("its only member `additionalProperties` stands for members of any name, so it is a map");
            return Schema::new(Kind::Map(Box::new(value.schema)), origin);
        }
        origin.infer(
            "its member `additionalProperties` stands for further ones of any name: it is open to them, their type is not kept",
        );
    }
    Schema::new(Kind::Object(members), origin)
}
