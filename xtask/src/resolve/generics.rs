//! Arguments of generic types.
//!
//! Takes types of which samples show some members. A type such as `ResponseDataOfUser` that holds the members of a `User` holds a
//! `User`; an assumption tells.

use foldhash::HashSet;

use crate::{
    api::{Basis, Kind, Named, Origin, Property, Schema},
    finding::{Finding, FindingKind},
    sample::Refined,
};

/// What a generic type's sample shows of its argument is the argument: `Detail` of `ResponseDataOfUser` is a `User`.
pub(super) fn settle(refined: &mut Refined<'_>) {
    let generics: Vec<String> = refined
        .entities
        .iter()
        .filter(|(name, entity)| argument(name).is_some() && entity.origin.basis == Basis::Sample)
        .map(|(name, _)| name.clone())
        .collect();
    for name in generics {
        let Some((argument, listed)) = argument(&name) else { continue };
        let known = match refined.entities.get(argument) {
            Some(Schema { kind: Kind::Object(properties), .. }) => Some(properties.keys().cloned().collect::<HashSet<String>>()),
            _ => None,
        };
        let Some(Schema { kind: Kind::Object(properties), .. }) = refined.entities.get_mut(&name) else { continue };
        let Some((member, shown)) = candidate(properties, known.as_ref(), listed) else { continue };
        let span = shown.origin.spans.first().copied();
        let reason = format!("its sample has the members of `{argument}`, which the name `{name}` promises");
        let reference = Schema::new(
            Kind::Reference(argument.to_owned()),
            Origin { spans: span.into_iter().collect(), basis: Basis::Inferred, reason: Some(reason.clone().into()) },
        );
        let entity = std::mem::replace(shown, reference);
        let subject = format!("{name}.{member}");
        let text = format!("{reason}: it is one");
        refined.findings.push(Finding::new(FindingKind::Assumption, subject, text, span.into_iter().collect()));
        refined.entities.entry(argument.to_owned()).or_insert(entity);
    }
}

/// The member that holds the argument: the one that has its members, or the only list of objects.
fn candidate<'p>(
    properties: &'p mut Named<Property>,
    known: Option<&HashSet<String>>,
    listed: bool,
) -> Option<(String, &'p mut Schema)> {
    let mut found = properties.iter_mut().filter_map(|(name, property)| {
        let list = matches!(property.schema.kind, Kind::Array(_));
        let schema = if listed == list { item_of(&mut property.schema) } else { return None };
        let Kind::Object(members) = &schema.kind else { return None };
        let same = known.is_none_or(|known| members.len() == known.len() && members.keys().all(|member| known.contains(member)));
        // Without the argument's own members only a list tells which member is meant.
        (same && (known.is_some() || listed)).then_some((name.clone(), schema))
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The items' schema of a list, or the schema itself.
fn item_of(schema: &mut Schema) -> &mut Schema {
    if let Schema { kind: Kind::Array(item), .. } = schema { item } else { schema }
}

/// The argument of `ResponseDataOfUser` or `ResponseDataOfListOfUser`, and whether there is a list of it.
fn argument(name: &str) -> Option<(&str, bool)> {
    let at = name.find("Of").filter(|at| *at > 0)?;
    let argument = name.get(at + 2..)?;
    let listed = ["ListOf", "IListOf", "IEnumerableOf", "ICollectionOf", "CollectionOf"]
        .iter()
        .find_map(|list| argument.strip_prefix(list));
    let (argument, listed) = listed.map_or((argument, false), |argument| (argument, true));
    argument.starts_with(char::is_uppercase).then_some((argument, listed))
}
