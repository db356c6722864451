//! The operations of a crate: methods, requests, arguments.
//!
//! Input: an operation of the copy and the signature that progenitor made of it. Output: the operation as data, with what a call
//! needs as arguments of the method, and a setter of the request for each of the others.

use serde_json::{Map, Value};
use syn::{FnArg, GenericArgument, Pat, PathArguments, ReturnType, Signature, Type};

use super::{
    facts::facts,
    model::{Body, ClientParameter, Operation, Pages, Parameter},
    names::{self, OF_REQUEST, setter},
    read, settings,
    types::RustType,
};
use crate::{
    nodes::Pointer,
    normalize::{
        Problem,
        walk::{self, flag},
    },
};

/// What all operations share.
pub(super) struct Scope<'a> {
    pub(super) components: &'a Map<String, Value>,
    pub(super) client_parameters: &'a [ClientParameter],
}

/// One operation; `feature` is the position of its tag among the features.
pub(super) fn operation(
    operation: &read::UntypedOperation,
    made: &Signature,
    feature: Option<usize>,
    scope: &Scope<'_>,
) -> Result<Operation, Problem> {
    let failed = |what: &str| {
        let message = format!("progenitor's method for `{}` has no {what}", operation.id);
        Problem::new(operation.pointer.as_str(), message, "write the operation in a simpler form")
    };
    let (response, error) = outcome(&made.output).ok_or_else(|| failed("outcome"))?;
    let received = |ty: &Type| RustType::read(ty, true).map_err(|ty| failed(&format!("type that clients have, but `{ty}`")));
    let (response, error) = (received(response)?, received(error)?);

    let mut taken = names::taken(&OF_REQUEST);
    let mut parameters = Vec::with_capacity(operation.arguments.len());
    for argument in &operation.arguments {
        let ty = argument_type(made, &argument.name).ok_or_else(|| failed(&format!("argument `{}`", argument.name)))?;
        let ty = RustType::read(ty, false).map_err(|ty| failed(&format!("argument that clients can send, but `{ty}`")))?;
        parameters.push(parameter(argument, ty, &mut taken, scope));
    }
    let body = operation.body.as_ref().map(|body| {
        let ty = received(argument_type(made, "body").ok_or_else(|| failed("body"))?)?;
        let ty = if body.required { ty } else { ty.optional() };
        Ok(Body {
            ty: ty.slice(),
            required: body.required,
            setter: (!body.required).then(|| setter("body", &mut taken)),
            deprecated: flag(&body.schema, "deprecated"),
            example: body.example.clone(),
            media_type: body.media_type.clone(),
        })
    });
    let body = body.transpose()?;
    let pages = operation.pages.as_ref().map(|rule| pages(operation, rule, &mut taken)).transpose()?;
    Ok(Operation {
        name: operation.name.clone(),
        id: operation.id.clone(),
        request: names::request(&operation.id),
        constant: names::constant(&operation.name),
        method: method(operation)?,
        path: operation.path.clone(),
        pointer: operation.pointer.clone(),
        sources: operation.sources.clone(),
        summary: operation.summary.clone(),
        description: operation.description.clone(),
        deprecated: operation.deprecated,
        feature,
        security: operation.security.clone(),
        client_parameters: settings::of_operation(operation, scope.client_parameters),
        parameters,
        body,
        response,
        error,
        success: operation.success.clone(),
        statuses: operation.statuses.clone(),
        idempotent: idempotent(operation)?,
        pages,
        failures: Vec::new(),
        rules: operation.rules.clone(),
    })
}

fn parameter(argument: &read::Argument, ty: RustType, taken: &mut Vec<String>, scope: &Scope<'_>) -> Parameter {
    let needed = argument.required || argument.place == "path";
    let mut facts = facts(&argument.schema, argument.required, scope.components);
    // Constraints of a shared type are for bodies.
    if argument.schema.get("x-constraints").is_none() {
        facts.constraints = super::model::Constraints::default();
    }
    Parameter {
        name: if needed { argument.name.clone() } else { setter(&argument.name, taken) },
        argument: argument.name.clone(),
        wire: argument.wire.clone(),
        pointer: argument.pointer.clone(),
        place: argument.place.clone(),
        sources: argument.sources.clone(),
        description: argument.description.clone(),
        ty: if needed { ty } else { ty.optional() }.slice(),
        facts,
        rules: argument.rules.clone(),
    }
}

fn unknown(operation: &read::UntypedOperation, what: &str, value: &str, help: &str) -> Problem {
    let message = format!("`{}`: the client knows no {what} `{value}`", operation.id);
    Problem::new(operation.pointer.as_str(), message, help)
}

fn method(operation: &read::UntypedOperation) -> Result<String, Problem> {
    match operation.method.as_str() {
        "trace" => Err(unknown(operation, "method", "TRACE", "remove the operation by an overlay")),
        method => Ok(method.to_owned()),
    }
}

fn idempotent(operation: &read::UntypedOperation) -> Result<bool, Problem> {
    match operation.retry.as_deref() {
        Some("idempotent") => Ok(true),
        Some("never") => Ok(false),
        Some(other) => Err(unknown(operation, "`x-retry`", other, "write `idempotent` or `never`")),
        None => Ok(!matches!(operation.method.as_str(), "post" | "patch")),
    }
}

/// How a list comes in pages, where the client can read them one after the other.
fn pages(operation: &read::UntypedOperation, rule: &Value, taken: &mut Vec<String>) -> Result<Pages, Problem> {
    let parameter = walk::text(rule, "parameter")
        .filter(|name| operation.arguments.iter().any(|argument| argument.place == "query" && argument.wire == *name));
    let first = rule.get("first").and_then(Value::as_i64);
    let items = walk::text(rule, "items").filter(|items| Pointer::parse(items).is_some());
    match (parameter, first, items) {
        (Some(parameter), Some(first), Some(items))
            if operation.method == "get" && operation.body.is_none() && operation.response.is_some() =>
        {
            Ok(Pages { name: setter("pages", taken), parameter: parameter.to_owned(), first, items: items.to_owned() })
        }
        _ => {
            let message = format!("`x-pages` of `{}` does not say how a list comes in pages", operation.id);
            let help = "write `{parameter, first, items}`, on a GET without a body: a query parameter of the operation, the number \
                        of the first page, the JSON pointer of the list in the response";
            Err(Problem::new(operation.pointer.as_str(), message, help))
        }
    }
}

/// `T` and `E` of `Result<ResponseValue<T>, Error<E>>`.
fn outcome(output: &ReturnType) -> Option<(&Type, &Type)> {
    let ReturnType::Type(_, ty) = output else { return None };
    let [response, error] = arguments(ty)?[..] else { return None };
    Some((*arguments(response)?.first()?, *arguments(error)?.first()?))
}

fn arguments(ty: &Type) -> Option<Vec<&Type>> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    Some(types.collect())
}

/// The type of an argument.
fn argument_type<'a>(method: &'a Signature, name: &str) -> Option<&'a Type> {
    let plain = |name: &str| name.trim_start_matches("r#").trim_matches('_').to_owned();
    method.inputs.iter().find_map(|input| {
        let FnArg::Typed(typed) = input else { return None };
        let Pat::Ident(pattern) = typed.pat.as_ref() else { return None };
        (plain(&pattern.ident.to_string()) == plain(name)).then(|| typed.ty.as_ref())
    })
}
