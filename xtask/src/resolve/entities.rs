//! Which of two types of one name are one.
//!
//! Takes all pages of a vendor, each with its own types. Two types whose full names differ are two, whatever their short name.
//! Two tables that share hardly a property cannot be of one type, so the name is wrong on all but those that agree most: the
//! others are named after their operations, like any type without a name, and a contradiction tells the places.

use indexmap::IndexMap;

use crate::{
    api::{Api, Basis, Kind, Named, Operation, Property, Schema},
    dialect::Page,
    document::Span,
    finding::{Finding, FindingKind},
    words::component_name,
};

use super::rename::redirect;

/// Tells apart what pages call by one name and is not one.
pub(super) fn tell_apart(pages: &mut [Page], findings: &mut Vec<Finding>) {
    by_full_name(pages, findings);
    let mut tables: IndexMap<String, Vec<usize>> = IndexMap::new();
    let mut shown: IndexMap<String, Vec<usize>> = IndexMap::new();
    for (index, page) in pages.iter().enumerate() {
        for (name, schema) in &page.api.schemas {
            if table(schema).is_some() {
                tables.entry(name.clone()).or_default().push(index);
            } else if members(schema).is_some() {
                shown.entry(name.clone()).or_default().push(index);
            }
        }
    }
    for (name, bearers) in tables.into_iter().filter(|(_, bearers)| bearers.len() > 1) {
        misnamed(pages, &name, &bearers, findings);
    }
    for (name, bearers) in shown.into_iter().filter(|(_, bearers)| bearers.len() > 1) {
        by_operation(pages, &name, &bearers, findings);
    }
}

/// Types that a rule named and that share hardly a member are of one name by chance: all but those that agree most are
/// called after their operation too.
fn by_operation(pages: &mut [Page], name: &str, bearers: &[usize], findings: &mut Vec<Finding>) {
    let groups = groups(pages, name, bearers);
    let most = groups.iter().map(Vec::len).max().unwrap_or_default();
    let keeps = groups.iter().position(|group| group.len() == most);
    for (_, group) in groups.into_iter().enumerate().filter(|(index, _)| Some(*index) != keeps) {
        for bearer in group {
            let Some(api) = pages.get_mut(bearer).map(|page| &mut page.api) else { continue };
            let Some(operation) = api.operations.first() else { continue };
            let tag = operation.tags.first().map(|tag| component_name(tag)).unwrap_or_default();
            let new = format!("{tag}{}{name}", operation.operation_id);
            let spans = api.schemas.get(name).map(|schema| schema.origin.spans.to_vec()).unwrap_or_default();
            let text = format!(
                "another type is called `{name}`, with which this one shares hardly a member: it is told apart as `{new}`"
            );
            findings.push(Finding::new(FindingKind::Assumption, &new, text, spans));
            call(api, name, &new);
        }
    }
}

/// The bearers of a name, those together that share half of their members.
fn groups(pages: &[Page], name: &str, bearers: &[usize]) -> Vec<Vec<usize>> {
    let of = |index: usize| pages.get(index).and_then(|page| members(page.api.schemas.get(name)?));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for &bearer in bearers {
        let fits = |group: &&mut Vec<usize>| group.iter().any(|&known| alike(of(known), of(bearer), name));
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(bearer),
            None => groups.push(vec![bearer]),
        }
    }
    groups
}

/// Types of one short name and several full ones take the last two parts of these as their names.
fn by_full_name(pages: &mut [Page], findings: &mut Vec<Finding>) {
    let mut full: IndexMap<String, Vec<String>> = IndexMap::new();
    for (short, name) in pages.iter().flat_map(|page| &page.api.full_names) {
        let known = full.entry(short.clone()).or_default();
        if !known.contains(name) {
            known.push(name.clone());
        }
    }
    full.retain(|_, names| names.len() > 1);
    for (short, names) in &full {
        for page in &mut *pages {
            let Some(own) = page.api.full_names.get(short).cloned() else { continue };
            // As many parts of the full name as no other one ends with.
            let parts: Vec<&str> = own.split('.').collect();
            let ends = |count: usize| parts.get(parts.len().saturating_sub(count)..).unwrap_or_default().join(".");
            let others = || names.iter().filter(|name| **name != own);
            let told = (2..=parts.len())
                .map(ends)
                .find(|end| !others().any(|name| name.ends_with(&format!(".{end}")) || *name == *end))
                .unwrap_or_else(|| own.clone());
            let name = component_name(&told);
            let spans = page.api.schemas.get(short).map(|schema| schema.origin.spans.to_vec()).unwrap_or_default();
            let text = format!("several types are called `{short}`; this one is `{own}`, and told apart as `{name}`");
            findings.push(Finding::new(FindingKind::Assumption, &name, text, spans));
            call(&mut page.api, short, &name);
        }
    }
}

/// Calls the type `old` of one page `new`.
fn call(api: &mut Api, old: &str, new: &str) {
    let name = |known: &str| (known == old).then(|| new.to_owned());
    let schemas = std::mem::take(&mut api.schemas);
    api.schemas = schemas.into_iter().map(|(known, schema)| (name(&known).unwrap_or(known), schema)).collect();
    api.schemas.values_mut().for_each(|schema| redirect(schema, &name));
    api.operations.iter_mut().flat_map(super::rename::schemas_of).for_each(|schema| redirect(schema, &name));
}

/// The properties that a table has, not a sample.
fn table(schema: &Schema) -> Option<&Named<Property>> {
    members(schema).filter(|_| schema.origin.basis == Basis::Stated)
}

fn members(schema: &Schema) -> Option<&Named<Property>> {
    match &schema.kind {
        Kind::Object(properties) if !properties.is_empty() => Some(properties),
        _ => None,
    }
}

fn misnamed(pages: &mut [Page], name: &str, bearers: &[usize], findings: &mut Vec<Finding>) {
    let of = |index: usize| pages.get(index).and_then(|page| table(page.api.schemas.get(name)?));
    let groups = groups(pages, name, bearers);
    for group in &groups {
        tell_joined(pages, name, group, findings);
    }
    if groups.len() < 2 {
        return;
    }
    // A type that has a member of its own name and type was most often named after that member.
    let contains_itself = |group: &Vec<usize>| {
        let own = group.first().and_then(|&first| of(first)?.get(name));
        own.is_some_and(|own| matches!(&own.schema.kind, Kind::Reference(of) if of == name))
    };
    let most = groups.iter().map(Vec::len).max().unwrap_or_default();
    let single = groups.iter().filter(|group| group.len() == most).count() == 1;
    let keeps = groups.iter().position(|group| group.len() == most && single && !contains_itself(group));
    let spans: Vec<Span> = groups
        .iter()
        .filter_map(|group| pages.get(*group.first()?)?.api.schemas.get(name)?.origin.spans.first().copied())
        .collect();
    let mut told = false;
    for (_, group) in groups.iter().enumerate().filter(|(index, _)| Some(*index) != keeps) {
        for &bearer in group {
            let Some(page) = pages.get_mut(bearer) else { continue };
            told |= rename_after_operation(&mut page.api, name);
        }
    }
    if told {
        let kept = if keeps.is_some() { "the name stays with the tables that agree" } else { "the type itself is unknown" };
        let text = format!(
            "tables that share hardly a property are all called `{name}`: they are types of their own, named after their operations; {kept}"
        );
        findings.push(Finding::new(FindingKind::Contradiction, name, text, spans));
    }
}

/// Whether two tables share half of the smaller one, a member of the type's own name aside.
fn alike(one: Option<&Named<Property>>, other: Option<&Named<Property>>, name: &str) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return true };
    let own = |properties: &Named<Property>| properties.keys().filter(|known| *known != name).count();
    let agrees = |(known, property): &(&String, &Property)| {
        *known != name && other.get(*known).is_some_and(|other| agree(&property.schema.kind, &other.schema.kind))
    };
    let shared = one.iter().filter(agrees).count();
    shared * 2 >= own(one).min(own(other))
}

/// Whether one member can be of both kinds.
fn agree(one: &Kind, other: &Kind) -> bool {
    let open = |kind: &Kind| matches!(kind, Kind::Unknown | Kind::Reference(_) | Kind::AnyOf(_));
    let numeric = |kind: &Kind| matches!(kind, Kind::Integer | Kind::Number);
    open(one) || open(other) || numeric(one) && numeric(other) || std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// Tells that tables of one name list other members, which all become members of one type.
fn tell_joined(pages: &[Page], name: &str, group: &[usize], findings: &mut Vec<Finding>) {
    let tables =
        || group.iter().filter_map(|&index| pages.get(index)?.api.schemas.get(name)).filter(|schema| table(schema).is_some());
    let names = |schema: &Schema| table(schema).map(|members| members.keys().cloned().collect::<std::collections::BTreeSet<_>>());
    let Some(first) = tables().next() else { return };
    let mut others = tables().filter(|schema| names(schema) != names(first)).peekable();
    if others.peek().is_none() {
        return;
    }
    let spans = [first].into_iter().chain(others).filter_map(|schema| schema.origin.spans.first().copied()).collect();
    let text = format!("tables called `{name}` list different members: they are taken to be of one type, which has all of them");
    findings.push(Finding::new(FindingKind::Assumption, name, text, spans));
}

/// Puts the table where the page's bodies refer to it; whether there was one. What else refers to the name finds a type of
/// which nothing is known.
fn rename_after_operation(api: &mut Api, name: &str) -> bool {
    let Some(entity) = api.schemas.get(name).cloned() else { return false };
    let mut found = false;
    for operation in &mut api.operations {
        for schema in bodies(operation) {
            if let Some(reference) = root(schema, name) {
                let description = reference.description.take();
                let mut origin = entity.origin.clone();
                origin.infer(format!("the page calls this type `{name}`, which other pages call another type"));
                *reference = Schema { description, nullable: reference.nullable, origin, ..entity.clone() };
                found = true;
            }
        }
    }
    if found && let Some(known) = api.schemas.get_mut(name) {
        let mut origin = entity.origin;
        origin.infer("the tables of this name are of other types: its own shape is unknown");
        *known = Schema::new(Kind::Unknown, origin);
    }
    found
}

fn bodies(operation: &mut Operation) -> impl Iterator<Item = &mut Schema> {
    let sent = operation.request_body.iter_mut().flat_map(|body| &mut body.content);
    let received = operation.responses.iter_mut().flat_map(|response| &mut response.content);
    sent.chain(received).filter_map(|media| media.schema.as_mut())
}

/// The reference to `name` that a body is, or a list of it.
fn root<'a>(schema: &'a mut Schema, name: &str) -> Option<&'a mut Schema> {
    if matches!(&schema.kind, Kind::Reference(known) if known == name) {
        return Some(schema);
    }
    match &mut schema.kind {
        Kind::Array(item) | Kind::Map(item) => root(item, name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::{MediaType, Method, Origin, Response, observe},
        resolve::{Names, resolve},
    };

    fn at(start: u32) -> Origin {
        Origin::stated(Span { document: start, start, end: start + 1 })
    }

    /// A page whose response is the type `name` with `members`, each of type text or, where it has the type's name, of that type.
    fn page(number: u32, id: &str, name: &str, members: &[&str]) -> Page {
        let reference = || Schema::new(Kind::Reference(name.to_owned()), at(number));
        let mut properties = Named::default();
        for member in members {
            let schema = if *member == name { reference() } else { Schema::new(Kind::String, at(number)) };
            observe(&mut properties, (*member).to_owned(), Property::new(schema, false));
        }
        let media =
            MediaType { name: "application/json".to_owned(), schema: Some(reference()), example: None, origin: at(number) };
        let response =
            Response { status: "200".to_owned(), description: String::new(), content: vec![media], origin: at(number) };
        let operation = Operation {
            operation_id: id.to_owned(),
            responses: vec![response],
            ..Operation::new(Method::Get, format!("/{id}"), at(number))
        };
        let mut page = Page::default();
        page.api.operations.push(operation);
        page.api.schemas.insert(name.to_owned(), Schema::new(Kind::Object(properties), at(number)));
        page
    }

    fn told(pages: Vec<Page>) -> (Vec<String>, usize) {
        let resolved = resolve(pages, &Names::default());
        let schemas = resolved.api.schemas.iter().map(|(name, schema)| match &schema.kind {
            Kind::Object(properties) => {
                format!("{name}: {}", properties.keys().map(String::as_str).collect::<Vec<_>>().join(" "))
            }
            _ => format!("{name}: unknown"),
        });
        let contradictions = resolved.findings.iter().filter(|finding| finding.kind == FindingKind::Contradiction).count();
        (schemas.collect(), contradictions)
    }

    #[test]
    fn disjoint_tables_of_one_name_are_named_after_their_operations() {
        let pages = vec![page(0, "GetCat", "Right", &["CatId", "Right"]), page(1, "GetDog", "Right", &["DogName", "Right"])];
        let (schemas, contradictions) = told(pages);
        assert_eq!(schemas, ["Right: unknown", "GetCatResponse: CatId Right", "GetDogResponse: DogName Right"]);
        assert_eq!(contradictions, 1);
    }

    #[test]
    fn the_name_stays_with_those_that_agree() {
        let pages = vec![
            page(0, "GetCat", "Cat", &["Id", "Name", "Fur"]),
            page(1, "FindCat", "Cat", &["Id", "Name"]),
            page(2, "GetDog", "Cat", &["Bark"]),
        ];
        assert_eq!(told(pages), (vec!["Cat: Id Name Fur".to_owned(), "GetDogResponse: Bark".to_owned()], 1));
    }

    #[test]
    fn types_that_a_rule_named_are_told_apart_by_their_operations() {
        let mut pages = vec![
            page(0, "GetCat", "Item", &["Id", "Name"]),
            page(1, "GetDog", "Item", &["Bark"]),
            page(2, "FindCat", "Item", &["Id"]),
        ];
        for page in &mut pages {
            page.api.schemas["Item"].origin.infer("named by its property");
        }
        assert_eq!(told(pages).0, ["Item: Id Name", "GetDogItem: Bark"]);
    }

    #[test]
    fn tables_that_share_half_are_one() {
        let pages = vec![page(0, "GetCat", "Cat", &["Id", "Name", "Fur"]), page(1, "NewCat", "Cat", &["Id", "Whiskers"])];
        assert_eq!(told(pages), (vec!["Cat: Id Name Fur Whiskers".to_owned()], 0));
    }

    #[test]
    fn full_names_keep_types_apart() {
        let mut pages = vec![page(0, "GetCat", "Cat", &["Id", "Name"]), page(1, "GetDog", "Cat", &["Id", "Name"])];
        for (page, full) in pages.iter_mut().zip(["Zoo.V1.Cat", "Zoo.V2.Cat"]) {
            page.api.full_names.insert("Cat".to_owned(), full.to_owned());
        }
        assert_eq!(told(pages).0, ["V1Cat: Id Name", "V2Cat: Id Name"]);
        let mut pages = vec![page(0, "GetCat", "Cat", &["Id"]), page(1, "GetDog", "Cat", &["Name"])];
        for (page, full) in pages.iter_mut().zip(["Zoo.A.V1.Cat", "Zoo.B.V1.Cat"]) {
            page.api.full_names.insert("Cat".to_owned(), full.to_owned());
        }
        assert_eq!(told(pages).0, ["AV1Cat: Id", "BV1Cat: Name"]);
    }
}
