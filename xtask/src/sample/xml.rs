//! XML samples, as far as they tell more than JSON's.
//!
//! Input: a stretch of a document with XML, and the type that a table and a JSON sample gave. Output: members that only
//! the XML has, and findings where JSON sends a number for a name. Knows nothing of dialects.

use std::borrow::Cow;

use foldhash::HashMap;
use roxmltree::StringStorage;

use super::{MAX_DEPTH, Node, Refined, Value, text_format};
use crate::{
    api::{Kind, Named, Origin, Property, Schema},
    diagnostic::Diagnostic,
    document::{Document, Span},
    finding::{Finding, FindingKind},
};

/// An element of an XML sample and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// Its name without a namespace.
    pub name: &'a str,
    /// From `<` of its start to `>` of its end.
    pub span: Span,
    /// Its own text, trimmed.
    pub text: Cow<'a, str>,
    /// It says that it is null (`i:nil="true"`).
    pub nil: bool,
    /// The elements in it.
    pub children: Vec<Element<'a>>,
}

/// Reads an XML sample.
///
/// # Errors
/// Where the text is no XML, at the place where it stops being so.
pub fn xml(document: &Document, span: Span) -> Result<Element<'_>, Diagnostic> {
    let text = document.slice(span);
    let parsed = roxmltree::Document::parse(text).map_err(|error| {
        let position = error.pos();
        // Its own words end with a place within the sample; the diagnostic has the one within the document.
        let message = error.to_string();
        let message = message.strip_suffix(&format!(" at {position}")).unwrap_or(&message);
        let line = text.lines().nth((position.row as usize).saturating_sub(1)).unwrap_or_default();
        let before: usize = line.chars().take((position.col as usize).saturating_sub(1)).map(char::len_utf8).sum();
        let at = document.span_of(line).map_or(span.start as usize, |line| line.start as usize + before);
        Diagnostic::new(
            document.span(at..at + 1),
            format!("this sample is no XML: {message}"),
            "compare with the vendor's page: a sample that was cut or reworded cannot be read",
        )
    })?;
    element(document, span.start as usize, parsed.root_element(), 0)
}

fn element<'a>(document: &Document, base: usize, node: roxmltree::Node<'_, 'a>, depth: usize) -> Result<Element<'a>, Diagnostic> {
    let range = node.range();
    let span = document.span(base + range.start..base + range.end);
    if depth >= MAX_DEPTH {
        return Err(Diagnostic::new(
            Span { end: span.start + 1, ..span },
            format!("this sample nests deeper than {MAX_DEPTH} levels"),
            "shorten the sample; no API needs this depth",
        ));
    }
    let children = node.children().filter(roxmltree::Node::is_element);
    Ok(Element {
        name: node.tag_name().name(),
        span,
        text: match node.text_storage() {
            Some(StringStorage::Borrowed(text)) => Cow::Borrowed(text.trim()),
            Some(StringStorage::Owned(text)) => Cow::Owned(text.trim().to_owned()),
            None => Cow::default(),
        },
        nil: node.attributes().any(|attribute| attribute.name() == "nil" && attribute.value() == "true"),
        children: children.map(|child| element(document, base, child, depth + 1)).collect::<Result<_, _>>()?,
    })
}

/// Adds to `table` what only the XML sample has; `json` is the JSON sample of the same value.
pub fn refine_xml(table: &mut Schema, element: &Element<'_>, json: Option<&Node<'_>>, subject: &str, refined: &mut Refined<'_>) {
    let mut queue = Vec::new();
    refine_one(table, element, json, &mut subject.to_owned(), refined.findings, &mut queue);
    while let Some((mut name, element, json)) = queue.pop() {
        let Some(entity) = refined.entities.get_mut(&name) else { continue };
        refine_one(entity, element, json, &mut name, refined.findings, &mut queue);
    }
}

type Queue<'n> = Vec<(String, &'n Element<'n>, Option<&'n Node<'n>>)>;

fn refine_one<'n>(
    table: &mut Schema,
    element: &'n Element<'n>,
    json: Option<&'n Node<'n>>,
    subject: &mut String,
    findings: &mut Vec<Finding>,
    queue: &mut Queue<'n>,
) {
    match &mut table.kind {
        Kind::Reference(name) => queue.push((name.clone(), element, json)),
        Kind::Array(item) => {
            let mut nodes = match json.map(|json| &json.value) {
                Some(Value::Array(items)) => items.iter(),
                _ => [].iter(),
            };
            for child in &element.children {
                refine_one(item, child, nodes.next(), subject, findings, queue);
            }
        }
        Kind::Object(properties) => members(properties, element, json, subject, findings, queue),
        Kind::Unknown if json.is_none() && !element.nil => {
            let shown = schema(element);
            table.kind = shown.kind;
            table.format = shown.format;
            let spans = std::mem::take(&mut table.origin.spans);
            table.origin = Origin { spans, ..shown.origin };
        }
        Kind::Integer => {
            let numeric = element.text.is_empty() || element.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            if let (Some(json), false) = (json, numeric) {
                let text = format!(
                    "the JSON sample sends the number {} where the XML sample sends the name `{}`: the type is an integer, since clients speak JSON",
                    json.to_value(),
                    element.text
                );
                findings.push(Finding::new(FindingKind::Contradiction, subject.as_str(), text, vec![json.span, element.span]));
            }
        }
        _ => {}
    }
}

fn members<'n>(
    properties: &mut Named<Property>,
    element: &'n Element<'n>,
    json: Option<&'n Node<'n>>,
    subject: &mut String,
    findings: &mut Vec<Finding>,
    queue: &mut Queue<'n>,
) {
    let shown: HashMap<&str, &Node<'_>> = match json.map(|json| &json.value) {
        Some(Value::Object(members)) => members.iter().map(|member| (&*member.key, &member.node)).collect(),
        _ => HashMap::default(),
    };
    let by_lower_case = |properties: &Named<Property>| -> HashMap<String, usize> {
        properties.keys().enumerate().map(|(index, name)| (name.to_lowercase(), index)).collect()
    };
    let mut lower_case = None;
    let in_xml = |name: &str| element.children.iter().any(|child| child.name == name);
    for child in &element.children {
        // A serializer may spell the same member in another case in each format, or in other words' borders.
        let mut known = properties.get_index_of(child.name).or_else(|| {
            let known = lower_case.get_or_insert_with(|| by_lower_case(properties));
            known.get(&child.name.to_lowercase()).copied()
        });
        let recased = known.and_then(|index| properties.get_index_mut(index)).filter(|(name, _)| *name != child.name);
        if let Some((_, property)) = recased.filter(|(name, _)| !in_xml(name)) {
            property.schema.xml_name = Some(Box::new(child.name.to_owned()));
        }
        if known.is_none() {
            let mut respelled =
                properties.iter().enumerate().filter(|(_, (name, _))| same_letters(name, child.name) && !in_xml(name));
            let only = respelled.next().map(|(index, _)| index).filter(|_| respelled.next().is_none());
            if let Some((_, property)) = only.and_then(|index| properties.get_index_mut(index)) {
                property.schema.xml_name = Some(Box::new(child.name.to_owned()));
            }
            known = only;
        }
        let length = subject.len();
        subject.push('.');
        subject.push_str(child.name);
        if let Some((name, property)) = known.and_then(|index| properties.get_index_mut(index)) {
            refine_one(&mut property.schema, child, shown.get(name.as_str()).copied(), subject, findings, queue);
            subject.truncate(length);
            continue;
        }
        let text = "only the XML sample has this member: it is kept, since the vendor's serializer knows it";
        findings.push(Finding::new(FindingKind::Contradiction, subject.as_str(), text, vec![child.span, element.span]));
        subject.truncate(length);
        properties.insert(child.name.to_owned(), Property::new(schema(child), false));
    }
}

/// Whether two names are one in other spelling, such as `is_super_key` and `IsSuperKey`.
fn same_letters(one: &str, other: &str) -> bool {
    let one = one.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase);
    one.eq(other.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase))
}

/// The type of an element alone: text of digits may be a number or a string, and is unknown.
fn schema(element: &Element<'_>) -> Schema {
    let shown = |kind| Schema::new(kind, Origin::sample(element.span, "only the XML sample shows it"));
    if element.nil {
        return Schema { nullable: true, ..shown(Kind::Unknown) };
    }
    if !element.children.is_empty() {
        let repeated = |name: &str| element.children.iter().filter(|child| child.name == name).count() > 1;
        if element.children.first().is_some_and(|first| repeated(first.name)) {
            return element
                .children
                .first()
                .map_or_else(|| shown(Kind::Unknown), |first| shown(Kind::Array(Box::new(schema(first)))));
        }
        let properties = element.children.iter().map(|child| (child.name.to_owned(), Property::new(schema(child), false)));
        return shown(Kind::Object(properties.collect()));
    }
    match &*element.text {
        "true" | "false" => shown(Kind::Boolean),
        text if text.parse::<f64>().is_ok() || text.is_empty() => shown(Kind::Unknown),
        text => Schema { format: text_format(text).map(str::to_owned), ..shown(Kind::String) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(text: &str) -> Document {
        Document::new(0, "sample", text.to_owned())
    }

    fn read(document: &Document) -> Result<Element<'_>, String> {
        xml(document, document.span(0..document.text.len())).map_err(|error| document.source(error.span))
    }

    #[test]
    fn elements_carry_their_place() {
        let document = sample("<a xmlns:i=\"u\"><b i:nil=\"true\"/><c> x </c></a>");
        let element = read(&document).unwrap();
        assert!(element.children[0].nil);
        assert_eq!((&*element.children[1].text, element.children[1].span.start), ("x", 32));
    }

    #[test]
    fn what_is_no_xml_is_refused_at_its_place() {
        assert_eq!(read(&sample("<a>\n <b></c>\n</a>")), Err("sample:2:5".to_owned()));
        assert!(read(&sample("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")).is_err());
        assert!(read(&sample(&("<a>".repeat(50_000) + &"</a>".repeat(50_000)))).is_err());
    }
}
