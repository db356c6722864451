//! Bodies of a help page: what the table says, completed by the samples.
//!
//! Input: the lines under `Body Parameters` or `Resource Description`, and the samples. Output: the media types with their
//! schema, and the entities. Knows nothing of parameters.

use foldhash::HashSet;
use indexmap::IndexMap;

use super::{Reader, formats::Formats, named_only, table, types};
use crate::{
    api::{Basis, Kind, MediaType, Named, Origin, Property, Schema, observe},
    document::{Line, Span},
    finding,
    sample::{Node, Refined, Value, merge, refine, refine_xml},
};

/// What a page says about one body.
#[derive(Debug, Default)]
pub(super) struct Body<'a> {
    pub(super) heading: Option<Line<'a>>,
    /// The parameter that the older template calls the body.
    pub(super) named: Option<Line<'a>>,
    pub(super) description: Option<String>,
    pub(super) schema: Option<Schema>,
    pub(super) formats: Formats<'a>,
    /// The page only names the program's own type for a whole message: what is in it is not documented.
    pub(super) message: bool,
}

impl<'a> Reader<'a> {
    /// Description, type and table of a body.
    pub(super) fn body(&mut self, lines: &[Line<'a>], heading: Option<Line<'a>>, body: &mut Body<'a>) {
        body.heading = heading;
        let head = table::head(self.document, lines);
        let before = lines.get(..head.map_or(lines.len(), |head| head.line + 1 - head.lines)).unwrap_or_default();
        let (before, none) = self.split_none(before, head.is_none());
        if let Some(none) = none {
            self.boilerplate(none.span, "nothing is documented");
        }
        let glued = head.and_then(|head| head.glued_name);
        let (name, prose) = match table::split_type(self.document, &before) {
            _ if glued.is_some() => (glued, before.as_slice()),
            Some((prose, name)) => (Some(name), prose),
            None => (None, before.as_slice()),
        };
        if let (Some(head), None) = (head, name) {
            self.error(head.span, "the name of the type was expected before its table");
        }
        body.description = self.prose(prose);
        let Some(name) = name else { return };
        if types::is_message(name.text) {
            body.message = true;
            return self.message(lines, head, name);
        }
        self.fact(name.span);
        let schema = types::schema(name.text, name.span, &mut self.names);
        let rows = head.map(|head| self.table(lines, Some(head)));
        if rows.is_some() || none.is_some() {
            let owner = entity_of(&schema).unwrap_or_default().to_owned();
            let mut properties = Named::default();
            let mut span = name.span;
            for row in rows.iter().flatten() {
                span = span.to(row.span);
                let property = self.property(row, &owner);
                observe(&mut properties, row.name.text.to_owned(), property);
            }
            let entity = Schema::new(Kind::Object(properties), Origin::stated(span));
            if owner.is_empty() {
                body.schema = Some(Schema { kind: entity.kind, ..schema });
                return;
            }
            // `None.` under a name: the type has no members, or the page does not know them.
            let entity = if rows.is_some() { entity } else { named_only(name.span) };
            self.page.api.schemas.insert(owner, entity);
        }
        body.schema = Some(schema);
    }

    /// The lines of a body without the `None.` at their end, which may be glued to the name of a type.
    fn split_none(&self, lines: &[Line<'a>], alone: bool) -> (Vec<Line<'a>>, Option<Line<'a>>) {
        let mut lines = lines.to_vec();
        let Some(last) = lines.last_mut().filter(|last| alone && last.text.ends_with("None.")) else { return (lines, None) };
        let name = last.text.strip_suffix("None.").unwrap_or_default().trim_end();
        if !name.is_empty() && !types::is_type(name) {
            return (lines, None);
        }
        let at = last.span.end - "None.".len() as u32;
        let none = Line { text: "None.", span: Span { start: at, ..last.span } };
        let end = last.span.start + name.len() as u32;
        *last = Line { text: name, span: Span { end, ..last.span } };
        if name.is_empty() {
            lines.pop();
        }
        (lines, Some(none))
    }

    /// A body of which only the program's own type for a whole message is known.
    fn message(&mut self, lines: &[Line<'a>], head: Option<table::Head<'a>>, name: Line<'a>) {
        self.boilerplate(name.span, "a whole message of HTTP");
        let members = head.map(|head| self.table(lines, Some(head))).unwrap_or_default();
        let spans = std::iter::once(name.span).chain(members.iter().map(|row| row.span)).reduce(Span::to);
        let text = format!(
            "`{}` is the program's own type for a whole message of HTTP, and no type of JSON: what the body holds is not documented",
            name.text
        );
        self.finding(finding::Kind::Loss, name.text, text, spans.into_iter().collect());
    }

    /// Description and media types, each with the schema that table and samples make together.
    pub(super) fn content(&mut self, body: Body<'a>) -> (Option<String>, Vec<MediaType>) {
        let Body { description, schema, mut formats, message, .. } = body;
        if message {
            return (description, Vec::new());
        }
        let mut schema = schema;
        if let Some(schema) = &mut schema {
            self.complete(schema, &formats);
        } else if let Some(node) = &formats.json {
            schema = Some(crate::sample::schema(node));
        }
        schema.iter_mut().for_each(dictionaries);
        if let (Some(schema), true) = (&schema, formats.content.is_empty()) {
            let span = schema.origin.spans.first().copied();
            let origin = Origin {
                spans: span.into_iter().collect(),
                basis: Basis::Inferred,
                reason: Some("the page names no media type for this body: it is taken to be JSON".into()),
            };
            formats.content.push(MediaType { name: "application/json".to_owned(), schema: None, example: None, origin });
        }
        let schemas = std::iter::repeat_n(schema, formats.content.len());
        for (media_type, schema) in formats.content.iter_mut().zip(schemas) {
            media_type.schema = schema;
        }
        (description, formats.content)
    }

    fn complete(&mut self, schema: &mut Schema, formats: &Formats<'a>) {
        // What is referred to must be there before the samples can complete it.
        self.only_named(Some(schema));
        let subject = entity_of(schema).unwrap_or("body").to_owned();
        if let Some(node) = &formats.json {
            self.spelling(&subject, node);
        }
        let mut refined = Refined { entities: &mut self.page.api.schemas, findings: &mut self.page.findings };
        if let Some(node) = &formats.json {
            refine(schema, node, &subject, &mut refined);
        }
        if let Some(element) = &formats.xml {
            refine_xml(schema, element, formats.json.as_ref(), &subject, &mut refined);
        }
        for entity in self.page.api.schemas.values_mut() {
            dictionaries(entity);
        }
        self.arguments();
    }

    /// The table has the names of the program, JSON those of the wire; they may differ in case.
    fn spelling(&mut self, entity: &str, node: &Node<'_>) {
        let members = match &node.value {
            Value::Array(items) => match items.first().map(|item| &item.value) {
                Some(Value::Object(members)) => members,
                _ => return,
            },
            Value::Object(members) => members,
            _ => return,
        };
        let Some(Schema { kind: Kind::Object(properties), .. }) = self.page.api.schemas.get_mut(entity) else { return };
        let mut spelled: IndexMap<String, _> = IndexMap::new();
        for member in members.iter().filter(|member| !properties.contains_key(&*member.key)) {
            spelled.insert(member.key.to_lowercase(), member);
        }
        if spelled.is_empty() {
            return;
        }
        let exact: HashSet<&str> = members.iter().map(|member| &*member.key).collect();
        let mut found = Vec::new();
        *properties = std::mem::take(properties)
            .into_iter()
            .map(|(name, property)| match spelled.get(&name.to_lowercase()) {
                Some(member) if !exact.contains(name.as_str()) => {
                    let text = format!(
                        "the table calls it `{name}`, the JSON sample `{}`: the sample's spelling is kept, since it is what travels",
                        member.key
                    );
                    let spans = std::iter::once(member.key_span).chain(property.schema.origin.spans.first().copied()).collect();
                    found.push((format!("{entity}.{}", member.key), text, spans));
                    (member.key.to_string(), property)
                }
                _ => (name, property),
            })
            .collect();
        for (subject, text, spans) in found {
            self.finding(finding::Kind::Contradiction, subject, text, spans);
        }
    }

    /// What a generic type's sample shows of its argument is the argument: `Detail` of `ResponseDataOfUser` is a `User`.
    fn arguments(&mut self) {
        let generics: Vec<String> = self
            .page
            .api
            .schemas
            .iter()
            .filter(|(name, entity)| argument(name).is_some() && entity.origin.basis == Basis::Sample)
            .map(|(name, _)| name.clone())
            .collect();
        for name in generics {
            let Some((argument, listed)) = argument(&name) else { continue };
            let known = match self.page.api.schemas.get(argument) {
                Some(Schema { kind: Kind::Object(properties), .. }) => {
                    Some(properties.keys().cloned().collect::<HashSet<String>>())
                }
                _ => None,
            };
            let Some(Schema { kind: Kind::Object(properties), .. }) = self.page.api.schemas.get_mut(&name) else { continue };
            let Some((member, shown)) = candidate(properties, known.as_ref(), listed) else { continue };
            let span = shown.origin.spans.first().copied();
            let reason = format!("its sample has the members of `{argument}`, which the name `{name}` promises");
            let reference = Schema::new(
                Kind::Reference(argument.to_owned()),
                Origin { spans: span.into_iter().collect(), basis: Basis::Inferred, reason: Some(reason.clone().into()) },
            );
            let entity = std::mem::replace(shown, reference);
            let subject = format!("{name}.{member}");
            self.finding(finding::Kind::Assumption, subject, format!("{reason}: it is one"), span.into_iter().collect());
            self.page.api.schemas.entry(argument.to_owned()).or_insert(entity);
        }
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

/// The names that samples give to the entries of a dictionary are not names of members.
fn dictionaries(schema: &mut Schema) {
    match &mut schema.kind {
        Kind::Object(properties) => {
            let made_up = |name: &String| name.strip_prefix("sample string ").is_some_and(|rest| rest.parse::<u32>().is_ok());
            let dictionary = !properties.is_empty() && properties.keys().all(made_up);
            properties.values_mut().for_each(|property| dictionaries(&mut property.schema));
            if !dictionary {
                return;
            }
            let mut values = std::mem::take(properties).into_values().map(|property| property.schema);
            let mut value = values.next().unwrap_or_default();
            values.for_each(|other| merge(&mut value, other));
            schema.kind = Kind::Map(Box::new(value));
        }
        Kind::Array(item) | Kind::Map(item) => dictionaries(item),
        _ => {}
    }
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

/// The entity that a schema refers to, itself or as the item of lists.
fn entity_of(schema: &Schema) -> Option<&str> {
    match &schema.kind {
        Kind::Reference(name) => Some(name),
        Kind::Array(item) | Kind::Map(item) => entity_of(item),
        _ => None,
    }
}
