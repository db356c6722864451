//! What the comment of a method tells beside the vendor's words: how it fails, and how it is called.
//!
//! Input: the model and an operation. Output: the sections as lines. An example is short, since rustdoc compiles it: what has no
//! short value is a parameter of the function around it. No text of a page stands in it, only names that the naming rules made.

use super::placeholders::{self, is_structure};
use crate::{
    normalize::naming,
    rust::{
        RustType,
        model::{Body, Model, Operation},
    },
};

/// What is written behind the vendor's words.
pub(super) struct Sections {
    /// `Errors` and `Examples`.
    pub(super) text: String,
    /// The code block among them, as a reader of Markdown finds it.
    pub(super) code: String,
}

/// The sections of one method.
pub(super) fn sections(model: &Model, operation: &Operation) -> Sections {
    let body = match operation.error.own() {
        Some(name) => format!(" The body of an error response is [`{name}`](crate::types::{name})."),
        None => String::new(),
    };
    let code: String = code(model, operation).iter().map(|line| format!("{line}\n")).collect();
    let text = format!(
        "# Errors\n\nAn [`Error`](crate::Error), whose variants tell apart a request that was not sent, an error response, a \
         malformed one, a timeout and a lost connection.{body}\n\n# Examples\n\n```no_run\n{code}```"
    );
    Sections { text, code }
}

/// The example: hidden lines around the call.
fn code(model: &Model, operation: &Operation) -> Vec<String> {
    let library = model.vendor.replace('-', "_");
    let mut example = Example { parameters: vec![("client".to_owned(), format!("&{library}::Client"))], library: &library };
    let mut arguments = Vec::new();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.is_argument()) {
        let value = placeholders::argument(model, &parameter.ty);
        arguments.push(value.unwrap_or_else(|| example.parameter(&parameter.argument, &parameter.ty)));
    }
    let mut statements = Vec::new();
    let body = operation.body.as_ref().map(|body| match made(model, body) {
        Some(made) => {
            statements = made;
            "&body".to_owned()
        }
        None => example.parameter("body", &body.ty),
    });
    let mut chain = String::new();
    match (&operation.body, body) {
        (Some(Body { setter: Some(setter), .. }), Some(body)) => chain.push_str(&format!(".{setter}({body})")),
        (_, body) => arguments.extend(body),
    }
    // One of the setters shows what they are.
    let optional = operation.parameters.iter().filter(|parameter| !parameter.is_argument());
    let mut optional = optional.filter_map(|parameter| Some((parameter, placeholders::argument(model, &parameter.ty)?)));
    if let Some((parameter, value)) = optional.next() {
        chain.push_str(&format!(".{}({value})", parameter.name));
    }
    statements.push(format!("let response = client.{}({}){chain}.await?;", operation.name, arguments.join(", ")));

    let parameters: Vec<String> = example.parameters.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
    let mut lines = Vec::new();
    if statements.iter().any(|statement| statement.contains("types::")) {
        lines.push(format!("# use {library}::types;"));
    }
    lines.push(format!("# async fn example({}) -> Result<(), {library}::BoxError> {{", parameters.join(", ")));
    lines.extend(statements);
    lines.push("# Ok(()) }".to_owned());
    lines
}

/// The statements that make the body, where they are short.
fn made(model: &Model, body: &Body) -> Option<Vec<String>> {
    let name = body.ty.own().filter(|_| is_structure(model, &body.ty))?;
    placeholders::body(model, name, None).filter(|statements| statements.iter().all(|line| !line.contains('\n')))
}

/// The function around the call.
struct Example<'a> {
    library: &'a str,
    /// Name and type.
    parameters: Vec<(String, String)>,
}

impl Example<'_> {
    /// Adds a parameter called `name`, or nearly so, and gives its name.
    fn parameter(&mut self, name: &str, ty: &RustType) -> String {
        let taken = |name: &str| self.parameters.iter().any(|(known, _)| known == name);
        let name = naming::unique(name, "_", taken);
        self.parameters.push((name.clone(), written(ty, self.library)));
        name
    }
}

/// A type with its whole path, as another crate writes it.
fn written(ty: &RustType, library: &str) -> String {
    let generic = |name: String, arguments: &[RustType]| {
        let arguments: Vec<String> = arguments.iter().map(|argument| written(argument, library)).collect();
        if arguments.is_empty() { name } else { format!("{name}<{}>", arguments.join(", ")) }
    };
    match ty {
        RustType::Unit => "()".to_owned(),
        RustType::Plain(name) => name.clone(),
        RustType::Prelude(name, arguments) => generic(name.clone(), arguments),
        RustType::Core(name, arguments) => generic(format!("{library}::client_core::{name}"), arguments),
        RustType::Dictionary(arguments) => generic("std::collections::BTreeMap".to_owned(), arguments),
        RustType::Own(name) => format!("{library}::types::{name}"),
        RustType::Reference(inner) => format!("&{}", written(inner, library)),
        RustType::Slice(inner) => format!("[{}]", written(inner, library)),
    }
}
