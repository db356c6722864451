//! What pages let one guess for a manifest: who is a user, which operation does what to users, and where the API is served.
//!
//! Takes the specification that the pages say, and the pages. Returns guesses, each with its reason and its place, for a
//! person to check.

use serde_json::{Map, Value};

use super::carry::{self, Candidate};
use crate::{
    attributes::Attribute,
    document::Document,
    nodes::{self, members_at},
    words::one_line,
};

/// Something guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    /// What stands left of the equals sign.
    pub(super) key: String,
    /// The value as TOML.
    pub(super) value: String,
    /// Why.
    pub(super) reason: String,
}

/// The schema that looks most like a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct User {
    pub(super) schema: String,
    pub(super) place: String,
    pub(super) attributes: Vec<Guess>,
    /// Properties that are true or false and that no guess names.
    pub(super) flags: Vec<String>,
    /// Other schemas that look like one.
    pub(super) others: Vec<String>,
}

/// One line of printable text.
pub(super) fn line(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

/// A TOML string of one line.
pub(super) fn quoted(text: &str) -> String {
    Value::String(line(text)).to_string()
}

/// Letters and digits alone, in lower case.
fn folded(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

/// Attributes that tell a user from other things.
const TELLING: [&str; 5] = ["user_name", "email", "display_name", "given_name", "family_name"];

/// The schema that looks most like a user, where one does.
pub(super) fn user(specification: &Value, operations: &[Candidate<'_>]) -> Option<User> {
    /// Fewer attributes may be a coincidence.
    const FEWEST: usize = 2;
    let mut found: Vec<(usize, User)> = Vec::new();
    for (name, schema) in members_at(specification, "/components/schemas") {
        let attributes = attributes(specification, name, schema, operations);
        let telling = attributes.iter().filter(|guess| TELLING.contains(&guess.key.as_str())).count();
        if telling == 0 || attributes.len() < FEWEST {
            continue;
        }
        // What is sent tells more than what comes back: it has what can be set.
        let sent = operations.iter().any(|operation| operation.sends.iter().any(|sent| sent == name));
        let place = schema.as_object().map(nodes::sources).and_then(|places| places.into_iter().next()).unwrap_or_default();
        let weight = attributes.len() * 4 + telling * 4 + usize::from(sent) * 2;
        let named = |property: &str| attributes.iter().any(|guess| guess.value.contains(&quoted(property)));
        let flags = members_at(schema, "/properties")
            .filter(|(name, schema)| !named(name) && matches!(holds(specification, schema), Some(Holds::Flag)))
            .map(|(name, _)| name.clone());
        let flags = flags.collect();
        found.push((weight, User { schema: name.clone(), place, attributes, flags, others: Vec::new() }));
    }
    // The first of those that weigh the same.
    found.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let mut found = found.into_iter().map(|(_, user)| user);
    let mut best = found.next()?;
    let enough = best.attributes.len().div_ceil(2);
    best.others = found.filter(|user| user.attributes.len() >= enough).map(|user| user.schema).collect();
    Some(best)
}

/// What a property can hold for an attribute.
enum Holds {
    Text(Vec<Value>),
    Flag,
}

fn holds(specification: &Value, schema: &Value) -> Option<Holds> {
    let schema = carry::resolved(specification, schema);
    let values = || schema.get("enum").and_then(Value::as_array).cloned().unwrap_or_default();
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    match schema.get("type").and_then(Value::as_str)? {
        "string" if !["password", "binary", "byte"].contains(&format) => Some(Holds::Text(values())),
        "integer" => Some(Holds::Text(Vec::new())),
        "boolean" => Some(Holds::Flag),
        _ => None,
    }
}

fn attributes(specification: &Value, name: &str, schema: &Value, operations: &[Candidate<'_>]) -> Vec<Guess> {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return Vec::new() };
    let carrying = || operations.iter().filter(|operation| operation.carries(name));
    let mut entities = vec![folded(name), "user".to_owned()];
    entities.extend(carrying().filter_map(|operation| operation.entity()));
    let mut guesses = Vec::new();
    for attribute in Attribute::all() {
        let row = attribute.row();
        let own = folded(attribute.name());
        let words = || std::iter::once(&own).chain(&row.also);
        let guess = if row.is_flag {
            let plain = words().find_map(|word| flag(specification, properties, word, &entities, false));
            plain
                .or_else(|| row.opposite.iter().find_map(|word| flag(specification, properties, word, &entities, true)))
                .or_else(|| status(specification, properties, &entities))
        } else {
            let by_path = || {
                let names = carrying().filter_map(|operation| operation.last_parameter()).map(folded);
                names.into_iter().find_map(|word| text(specification, properties, &word, &[]))
            };
            let by_name = words().find_map(|word| text(specification, properties, word, &entities));
            let by_name = by_name.map(|name| (name, "its name says so"));
            let named = || by_path().map(|name| (name, "the path names a user by it"));
            let found = if attribute.name() == "id" { by_name.or_else(named) } else { by_name };
            found.map(|(name, reason)| (quoted(&name), name, reason))
        };
        if let Some((value, property, reason)) = guess {
            let reason = format!("{reason}{}", place(properties.get(&property)));
            guesses.push(Guess { key: attribute.name().to_owned(), value, reason });
        }
    }
    guesses
}

/// The place of a node, to stand behind a reason.
fn place(node: Option<&Value>) -> String {
    let places = node.and_then(Value::as_object).map(nodes::sources).unwrap_or_default();
    places.first().map(|place| format!(", {place}")).unwrap_or_default()
}

/// Properties called `word`, alone or behind the name of an entity.
fn called<'a>(
    properties: &'a Map<String, Value>,
    word: &'a str,
    entities: &'a [String],
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    // `userName` is a name of its own, not the `name` of a `user`.
    let whole =
        |name: &str| Attribute::all().any(|it| folded(it.name()) == name || it.row().also.iter().any(|word| word == name));
    let behind = move |name: &str| !whole(name) && entities.iter().any(|entity| name.strip_prefix(entity.as_str()) == Some(word));
    let exact = properties.iter().filter(move |(name, _)| folded(name) == word);
    exact.chain(properties.iter().filter(move |(name, _)| behind(&folded(name))))
}

fn text(specification: &Value, properties: &Map<String, Value>, word: &str, entities: &[String]) -> Option<String> {
    let fits = |(_, schema): &(&String, &Value)| matches!(holds(specification, schema), Some(Holds::Text(_)));
    called(properties, word, entities).find(fits).map(|(name, _)| name.clone())
}

type Flag = (String, String, &'static str);

fn flag(spec: &Value, properties: &Map<String, Value>, word: &str, entities: &[String], not: bool) -> Option<Flag> {
    let fits = |(_, schema): &(&String, &Value)| matches!(holds(spec, schema), Some(Holds::Flag));
    let (name, _) = called(properties, word, entities).find(fits)?;
    let quoted = quoted(name);
    Some(match not {
        true => (format!("{{ property = {quoted}, not = true }}"), name.clone(), "its name says the opposite"),
        false => (quoted, name.clone(), "its name says so"),
    })
}

/// A state of which one value means that the user may log in.
fn status(spec: &Value, properties: &Map<String, Value>, entities: &[String]) -> Option<Flag> {
    let found = ["status", "state"].into_iter().flat_map(|word| called(properties, word, entities));
    found.into_iter().find_map(|(name, schema)| {
        let Some(Holds::Text(values)) = holds(spec, schema) else { return None };
        let is_active = |value: &&str| ["active", "enabled"].contains(&value.to_lowercase().as_str());
        let active = values.iter().filter_map(Value::as_str).find(is_active)?;
        let value = format!("{{ property = {}, equals = {} }}", quoted(name), quoted(active));
        Some((value, name.clone(), "one of its values says so"))
    })
}

/// Which operation does what to users, by method, path and name.
pub(super) fn verbs(operations: &[Candidate<'_>], schema: &str) -> Vec<Guess> {
    let named = |operation: &Candidate<'_>, words: &[&str]| {
        let id = operation.id.to_lowercase();
        words.iter().any(|word| id.starts_with(word))
    };
    let sends = |operation: &&Candidate<'_>| operation.sends.iter().any(|sent| sent == schema);
    let gives = |operation: &&Candidate<'_>| operation.gives.iter().any(|given| given == schema);
    let of = |method: &'static str| operations.iter().filter(move |operation| operation.method == method);
    let written = || operations.iter().filter(|operation| ["post", "put", "patch"].contains(&operation.method));
    let get = of("get").filter(gives).find(|operation| operation.last_parameter().is_some());
    let update = written().filter(sends).find(|operation| operation.method != "post" && operation.last_parameter().is_some());
    let known = |path: &str| [get, update].into_iter().flatten().any(|operation| operation.path == path);
    let found = [
        ("get", get),
        ("list", of("get").filter(gives).find(|operation| operation.last_parameter().is_none())),
        ("create", of("post").filter(sends).find(|operation| named(operation, &["create", "add", "insert", "new"]))),
        ("save", written().filter(sends).find(|operation| named(operation, &["save", "createorupdate", "upsert"]))),
        ("update", update.or_else(|| written().filter(sends).find(|operation| named(operation, &["update", "edit", "change"])))),
        ("delete", of("delete").find(|operation| known(operation.path))),
    ];
    let guess = |(verb, operation): (&str, Option<&Candidate<'_>>)| {
        let Candidate { id, method, path, .. } = operation?;
        let reason = format!("{} {path} does it", method.to_uppercase());
        Some(Guess { key: verb.to_owned(), value: quoted(id), reason })
    };
    found.into_iter().filter_map(guess).collect()
}

/// The address below which most whole addresses on the pages name an operation, and its place.
pub(super) fn server(documents: &[Document], operations: &[Candidate<'_>]) -> Option<(String, String)> {
    let mut found: Vec<(String, String, usize)> = Vec::new();
    for document in documents {
        for (at, _) in document.text.match_indices("http") {
            let rest = document.text.get(at..).unwrap_or_default();
            let address =
                rest.split(|char: char| char.is_whitespace() || "\"'`<>()[]|\\".contains(char)).next().unwrap_or_default();
            let Some(base) = operations.iter().find_map(|operation| base(address, operation.path)) else { continue };
            let span = document.span(at..at + address.len());
            match found.iter_mut().find(|(known, ..)| *known == base) {
                Some((.., count)) => *count += 1,
                None => found.push((base, document.source(span), 1)),
            }
        }
    }
    let most = found.iter().map(|(.., count)| *count).max()?;
    found.into_iter().find(|(.., count)| *count == most).map(|(base, place, _)| (base, place))
}

/// What stands before `path` in a whole address of it.
fn base(address: &str, path: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://").filter(|(scheme, _)| ["http", "https"].contains(scheme))?;
    let rest = rest.split(['?', '#']).next()?.trim_end_matches(['/', '.', ',', ';']);
    let (parts, wanted): (Vec<&str>, Vec<&str>) = (rest.split('/').collect(), path.trim_matches('/').split('/').collect());
    let cut = parts.len().checked_sub(wanted.len()).filter(|cut| *cut > 0)?;
    let fits = |(part, wanted): (&&str, &&str)| part == wanted || wanted.starts_with('{') && !part.is_empty();
    let host = parts.first()?;
    let plain = host.contains('.') && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte));
    let before = parts.get(..cut)?;
    let matches = plain && parts.iter().skip(cut).zip(&wanted).all(fits) && before.iter().all(|part| !part.contains(['{', '}']));
    matches.then(|| format!("{scheme}://{}", before.join("/")))
}

/// The first sentence of a text in one line, without its full stop; `None` for one that is long.
fn first_sentence(text: &str) -> Option<String> {
    const LONGEST: usize = 100;
    let line = one_line(text);
    let sentence = line.split(". ").next().unwrap_or_default().trim_end_matches('.').to_owned();
    // A path is no sentence.
    let fits = !sentence.is_empty() && sentence.chars().count() <= LONGEST && !sentence.contains('/');
    fits.then_some(sentence)
}

/// What the operations of each group are, in their own words.
pub(super) fn tags(specification: &Value, operations: &[Candidate<'_>]) -> Vec<Guess> {
    /// More of them say nothing more.
    const SHOWN: usize = 3;
    let tags = specification.get("tags").and_then(Value::as_array).into_iter().flatten();
    let names = tags.filter_map(|tag| tag.get("name")?.as_str());
    let described = |tag: &str| {
        let of = operations.iter().filter(|operation| operation.tags.contains(&tag));
        let said: Vec<String> = of.filter_map(|operation| operation.says.and_then(first_sentence)).take(SHOWN).collect();
        (!said.is_empty()).then(|| said.join("; ") + ".")
    };
    let guess = |tag: &str| {
        let value = quoted(&described(tag)?);
        Some(Guess { key: tag.to_owned(), value, reason: "what its operations say".to_owned() })
    };
    names.filter_map(guess).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_an_operation_has_its_server_before_it() {
        let table = [
            ("https://api.a.example/v1/users/7", "/users/{id}", Some("https://api.a.example/v1")),
            ("https://api.a.example/users/7?x=1", "/users/{id}", Some("https://api.a.example")),
            ("https://api.a.example/users.", "/users", Some("https://api.a.example")),
            ("https://api.a.example/teams/7", "/users/{id}", None),
            ("https://{host}/users/7", "/users/{id}", None),
            ("users/7", "/users/{id}", None),
            ("https://users/7", "/users/{id}", None),
        ];
        for (address, path, expected) in table {
            assert_eq!(base(address, path).as_deref(), expected, "{address}");
        }
    }
}
