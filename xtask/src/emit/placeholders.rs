//! Values in examples: what stands where a caller's own value belongs.
//!
//! Input: the model, and a type or a field of it. Output: an expression that compiles. Text of a page comes into it only where a
//! sample is handed in, as a literal.

use serde_json::Value;

use super::constructor;
use crate::rust::{
    RustType,
    model::{Constructor, Field, Model, TypeKind},
};

/// A text, a number or a flag as an argument of a method; `None` where the type has no value that is short.
pub(super) fn argument(model: &Model, ty: &RustType) -> Option<String> {
    let value = match ty {
        RustType::Plain(name) if name == "bool" => "true".to_owned(),
        RustType::Plain(name) if name == "str" => "\"…\"".to_owned(),
        RustType::Plain(_) => "1".to_owned(),
        RustType::Prelude(name, _) if name == "String" => "\"…\".to_owned()".to_owned(),
        RustType::Own(_) => match model.resolved(ty) {
            RustType::Own(name) => variant(model, name)?,
            plain => argument(model, plain)?,
        },
        RustType::Reference(inner) if matches!(&**inner, RustType::Plain(_)) => argument(model, inner)?,
        ty if ty.is_core("Secret") => "&\"…\".into()".to_owned(),
        _ => return None,
    };
    Some(value)
}

/// The first value of an enumeration.
fn variant(model: &Model, name: &str) -> Option<String> {
    let TypeKind::Enumeration { variants } = &model.types.get(name)?.kind else { return None };
    Some(format!("types::{name}::{}", variants.first()?.name))
}

/// Whether this is a struct of the vendor, references aside.
pub(super) fn is_structure(model: &Model, ty: &RustType) -> bool {
    ty.own().and_then(|name| model.types.get(name)).is_some_and(|ty| ty.is_structure())
}

/// The statements that make `body`, of the vendor's struct `name`.
pub(super) fn body(model: &Model, name: &str, sample: Option<&Value>) -> Option<Vec<String>> {
    let Some(field) = shown_field(model, name) else {
        return Some(vec![format!("let body = {};", value_of(model, name, sample, 1)?)]);
    };
    let value = value(model, field, sample.and_then(|sample| sample.get(&field.wire)), 1);
    let value = value.strip_suffix(".into()").unwrap_or(&value);
    Some(vec![format!("let mut body = types::{name}::default();"), format!("body.{}.set({value});", field.name)])
}

/// The field that shows how a struct without a constructor is filled: one with required members of its own, or else a text.
fn shown_field<'a>(model: &'a Model, name: &str) -> Option<&'a Field> {
    let TypeKind::Structure { fields, constructor: None } = &model.types.get(name)?.kind else { return None };
    let demanding = |name: &str| model.fields(name).iter().any(|field| field.facts.required);
    let inner = fields.iter().find(|field| field.ty.own().is_some_and(demanding));
    inner.or_else(|| fields.iter().find(|field| is_text(&field.ty)))
}

fn is_text(ty: &RustType) -> bool {
    matches!(ty, RustType::Prelude(name, _) if name == "String")
}

/// A struct with its required fields, their values taken from the documents' own sample where it has them; `None` where the
/// type is no struct.
fn value_of(model: &Model, name: &str, sample: Option<&Value>, depth: usize) -> Option<String> {
    let TypeKind::Structure { fields, constructor } = &model.types.get(name)?.kind else { return None };
    let indent = "    ".repeat(depth);
    let required = fields.iter().filter(|field| field.facts.required);
    let required = required.map(|field| (field, sample.and_then(|sample| sample.get(&field.wire))));
    Some(match constructor {
        None => format!("types::{name}::default()"),
        Some(Constructor::Arguments) => {
            let arguments = required.map(|(field, sample)| {
                let value = value(model, field, sample, depth);
                // `new` takes what becomes the value.
                let bare = if constructor::converts(model, field) { value.strip_suffix(".into()") } else { None };
                bare.map_or_else(|| value.clone(), str::to_owned)
            });
            format!("types::{name}::new({})", arguments.collect::<Vec<_>>().join(", "))
        }
        Some(Constructor::Struct(companion)) => {
            let fields = required
                .map(|(field, sample)| format!("{indent}    {}: {},\n", field.name, value(model, field, sample, depth + 1)));
            format!("types::{name}::new(types::{companion} {{\n{}{indent}}})", fields.collect::<String>())
        }
    })
}

fn value(model: &Model, field: &Field, sample: Option<&Value>, depth: usize) -> String {
    // Only what leads back to itself is in a box; its own members would have no end.
    let boxed = field.ty.unboxed().own().filter(|_| field.ty.own().is_none());
    let object = field.ty.own().and_then(|name| value_of(model, name, sample, depth));
    let object = object.or_else(|| Some(format!("types::{}::default().into()", boxed?)));
    let written = object.unwrap_or_else(|| plain(model, &field.ty, sample));
    if field.facts.nullable && field.facts.required { format!("Some({written})") } else { written }
}

fn plain(model: &Model, ty: &RustType, sample: Option<&Value>) -> String {
    let whole = sample.and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok()).unwrap_or(1);
    match model.resolved(ty) {
        RustType::Own(name) => variant(model, name).unwrap_or_else(|| "Default::default()".to_owned()),
        // `string` is what tools put where nobody gave a sample.
        RustType::Prelude(name, _) if name == "String" => {
            format!("{:?}.into()", sample.and_then(Value::as_str).filter(|sample| !sample.contains("string")).unwrap_or("…"))
        }
        RustType::Core(name, _) => match name.as_str() {
            "Secret" => "\"…\".into()".to_owned(),
            "Number" => format!("{whole}.into()"),
            "List" => "Vec::new().into()".to_owned(),
            "Timestamp" => "std::time::SystemTime::now().into()".to_owned(),
            _ => "Default::default()".to_owned(),
        },
        // An example that is copied must not lock anyone out or make anyone an administrator.
        RustType::Plain(name) if name == "bool" => "false".to_owned(),
        RustType::Plain(_) => whole.to_string(),
        _ => "Default::default()".to_owned(),
    }
}
