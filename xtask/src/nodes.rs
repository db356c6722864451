//! Where the objects of an OpenAPI 3.0 document stand.
//!
//! Input: a specification as JSON. Output: each object that carries its source, with its JSON pointer and its kind.
//! Knows nothing of what the objects say or of where they came from.

use std::{fmt, iter};

use jsonptr::Token;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::method::Method;

/// An object of a specification that says where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "OpenAPI's own names")]
pub enum NodeKind {
    Info,
    Tag,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Response,
    Header,
    Schema,
    SecurityScheme,
}

impl NodeKind {
    /// OpenAPI's name of the object, such as `Media Type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "Info",
            Self::Tag => "Tag",
            Self::Operation => "Operation",
            Self::Parameter => "Parameter",
            Self::RequestBody => "Request Body",
            Self::MediaType => "Media Type",
            Self::Response => "Response",
            Self::Header => "Header",
            Self::Schema => "Schema",
            Self::SecurityScheme => "Security Scheme",
        }
    }
}

/// A JSON pointer (RFC 6901), such as `/paths/~1users/get`; the empty one is the whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Pointer(String);

impl Pointer {
    /// Takes a pointer as written; `None` where the text is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.is_empty() || text.starts_with('/')).then(|| Self(text.to_owned()))
    }

    /// The text, for [`Value::pointer`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Goes down to a member or an element.
    pub fn push(&mut self, token: &str) {
        self.0.push('/');
        self.0.push_str(Token::new(token).encoded());
    }

    /// The pointer to a member or an element.
    #[must_use]
    pub fn join(&self, token: &str) -> Self {
        let mut pointer = self.clone();
        pointer.push(token);
        pointer
    }

    /// The pointer to what holds this one and the last name, unescaped; `None` for the whole document.
    #[must_use]
    pub fn split(&self) -> Option<(Self, String)> {
        let (parent, token) = self.0.rsplit_once('/')?;
        Some((Self(parent.to_owned()), unescape(token)))
    }

    /// The names and positions on the way down, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = String> {
        self.0.split('/').skip(1).map(unescape)
    }

    /// Whether `other` is this pointer or one of those above it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// How many steps it is below the whole document.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.0.bytes().filter(|&byte| byte == b'/').count()
    }

    fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_empty() { "the whole document" } else { &self.0 })
    }
}

/// A name as a token of a pointer.
#[must_use]
pub fn escape(name: &str) -> String {
    Token::new(name).encoded().to_owned()
}

/// A token of a pointer as the name that it stands for. A tilde that escapes nothing stands for itself.
#[must_use]
pub fn unescape(token: &str) -> String {
    Token::from_encoded(token).map_or_else(|_| token.to_owned(), |token| token.decoded().into_owned())
}

/// A path template without the names of its parameters: what makes it one path to OpenAPI.
#[must_use]
pub fn path_shape(template: &str) -> String {
    let mut parts = template.split('{');
    let mut shape = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shape.push_str("{}");
        shape.push_str(part.split_once('}').map_or(part, |(_, text)| text));
    }
    shape
}

/// The members of the object at a pointer, such as `/paths`; none where there is no object.
pub(crate) fn members_at<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// The places of a node's `x-source`.
#[must_use]
pub fn sources(node: &Map<String, Value>) -> Vec<String> {
    match node.get("x-source") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// The places of the node at `pointer`, or of the first one in it, or of the nearest one around it.
#[must_use]
pub fn sources_around(specification: &Value, pointer: &str) -> Vec<String> {
    let within = specification.pointer(pointer).and_then(Value::as_object).into_iter().flat_map(Map::values);
    let around = iter::successors(Pointer::parse(pointer), |at| at.split().map(|(above, _)| above));
    let mut around = around.filter_map(|at| specification.pointer(at.as_str())?.as_object());
    let own = around.next();
    let nodes = own.into_iter().chain(within.filter_map(Value::as_object)).chain(around);
    nodes.map(sources).find(|places| !places.is_empty()).unwrap_or_default()
}

/// Visits each node with its pointer, a node before what is in it. Bare references are not nodes.
pub fn visit(specification: &Value, mut visitor: impl FnMut(&Pointer, NodeKind, &Map<String, Value>)) {
    walk(specification, Position::Root, &mut Pointer::default(), None, &mut |pointer, seen| {
        if let Seen::Node(kind, object) = seen {
            visitor(pointer, kind, object);
        }
    });
}

/// As [`visit`], but only those nodes on the way to `target`, at it, and below it.
pub fn visit_around(specification: &Value, target: &Pointer, mut visitor: impl FnMut(&Pointer)) {
    walk(specification, Position::Root, &mut Pointer::default(), Some(target), &mut |pointer, seen| {
        if let Seen::Node(..) = seen {
            visitor(pointer);
        }
    });
}

/// Visits each object with a `$ref` that stands for a node or a path item, with the text of the reference.
pub fn references(specification: &Value, mut visitor: impl FnMut(&Pointer, &str, &Map<String, Value>)) {
    walk(specification, Position::Root, &mut Pointer::default(), None, &mut |pointer, seen| {
        if let Seen::Reference(target, object) = seen {
            visitor(pointer, target, object);
        }
    });
}

/// As [`visit`], and `change` may change the node. Nodes that it adds are not visited, nodes that it removes neither.
pub fn visit_mut(specification: &mut Value, mut change: impl FnMut(&Pointer, NodeKind, &mut Map<String, Value>)) {
    let mut nodes = Vec::new();
    visit(specification, |pointer, kind, _| nodes.push((pointer.clone(), kind)));
    for (pointer, kind) in nodes {
        if let Some(Value::Object(object)) = specification.pointer_mut(pointer.as_str()) {
            change(&pointer, kind, object);
        }
    }
}

/// A place in a specification where an object of one kind stands.
#[derive(Clone, Copy)]
enum Position {
    Root,
    Components,
    Paths,
    PathItem,
    Responses,
    Callback,
    Encoding,
    Node(NodeKind),
}

/// What a walk comes to.
enum Seen<'a> {
    Node(NodeKind, &'a Map<String, Value>),
    Reference(&'a str, &'a Map<String, Value>),
}

/// How the children stand in a member.
#[derive(Clone, Copy)]
enum Shape {
    /// The member is the child.
    One,
    /// The member is an object whose names are data.
    Each,
    /// The member is a list.
    List,
}

use Position::Node;
use Shape::{Each, List, One};

type Member = (&'static str, Shape, Position);

/// The parameters that all operations of a path share, then an operation for each method.
const PATH_ITEM: [Member; 1 + Method::ALL.len()] = {
    let mut members = [("parameters", List, Node(NodeKind::Parameter)); 1 + Method::ALL.len()];
    let mut index = 0;
    while index < Method::ALL.len() {
        members[index + 1] = (Method::ALL[index].member(), One, Node(NodeKind::Operation));
        index += 1;
    }
    members
};

/// The members of an object at `position` that hold further positions; `*` is every member that is not an extension.
fn members(position: Position) -> &'static [Member] {
    const RESPONSE: Position = Node(NodeKind::Response);
    const PARAMETER: Position = Node(NodeKind::Parameter);
    const SCHEMA: Position = Node(NodeKind::Schema);
    const HEADERS: (&str, Shape, Position) = ("headers", Each, Node(NodeKind::Header));
    const CONTENT: (&str, Shape, Position) = ("content", Each, Node(NodeKind::MediaType));
    match position {
        Position::Root => &[
            ("info", One, Node(NodeKind::Info)),
            ("tags", List, Node(NodeKind::Tag)),
            ("paths", One, Position::Paths),
            ("components", One, Position::Components),
        ],
        Position::Components => &[
            ("schemas", Each, SCHEMA),
            ("responses", Each, RESPONSE),
            ("parameters", Each, PARAMETER),
            ("requestBodies", Each, Node(NodeKind::RequestBody)),
            HEADERS,
            ("securitySchemes", Each, Node(NodeKind::SecurityScheme)),
            ("callbacks", Each, Position::Callback),
        ],
        Position::Paths | Position::Callback => &[("*", One, Position::PathItem)],
        Position::PathItem => &PATH_ITEM,
        Position::Responses => &[("*", One, RESPONSE)],
        Position::Encoding => &[HEADERS],
        Node(NodeKind::Operation) => &[
            ("parameters", List, PARAMETER),
            ("requestBody", One, Node(NodeKind::RequestBody)),
            ("responses", One, Position::Responses),
            ("callbacks", Each, Position::Callback),
        ],
        Node(NodeKind::Parameter | NodeKind::Header) => &[("schema", One, SCHEMA), CONTENT],
        Node(NodeKind::RequestBody) => &[CONTENT],
        Node(NodeKind::MediaType) => &[("schema", One, SCHEMA), ("encoding", Each, Position::Encoding)],
        Node(NodeKind::Response) => &[HEADERS, CONTENT],
        Node(NodeKind::Schema) => &[
            ("properties", Each, SCHEMA),
            ("items", One, SCHEMA),
            ("additionalProperties", One, SCHEMA),
            ("allOf", List, SCHEMA),
            ("anyOf", List, SCHEMA),
            ("oneOf", List, SCHEMA),
            ("not", One, SCHEMA),
        ],
        Node(NodeKind::Info | NodeKind::Tag | NodeKind::SecurityScheme) => &[],
    }
}

/// The names of the members that an entry of [`members`] means in `object`.
fn named<'a>(object: &'a Map<String, Value>, name: &'a str) -> Vec<&'a str> {
    match name {
        "*" => object.keys().map(String::as_str).filter(|key| !key.starts_with("x-")).collect(),
        name => vec![name],
    }
}

/// Goes through `value`, which stands at `pointer`; with a `target` only along the way to it and below it.
fn walk(
    value: &Value,
    position: Position,
    pointer: &mut Pointer,
    target: Option<&Pointer>,
    visitor: &mut impl FnMut(&Pointer, Seen<'_>),
) {
    if target.is_some_and(|target| !pointer.is_within(target) && !target.is_within(pointer)) {
        return;
    }
    let Value::Object(object) = value else { return };
    if let Some(reference) = object.get("$ref") {
        if let Some(target) = reference.as_str() {
            visitor(pointer, Seen::Reference(target, object));
        }
        return;
    }
    if let Node(kind) = position {
        visitor(pointer, Seen::Node(kind, object));
    }
    let length = pointer.as_str().len();
    for &(name, shape, child) in members(position) {
        for name in named(object, name) {
            let Some(member) = object.get(name) else { continue };
            pointer.push(name);
            let inner = pointer.as_str().len();
            match (shape, member) {
                (One, member) => walk(member, child, pointer, target, visitor),
                (Each, Value::Object(entries)) => {
                    for (key, entry) in entries {
                        pointer.push(key);
                        walk(entry, child, pointer, target, visitor);
                        pointer.truncate(inner);
                    }
                }
                (List, Value::Array(entries)) => {
                    for (index, entry) in entries.iter().enumerate() {
                        pointer.push(&index.to_string());
                        walk(entry, child, pointer, target, visitor);
                        pointer.truncate(inner);
                    }
                }
                (Each | List, _) => {}
            }
            pointer.truncate(length);
        }
    }
}
