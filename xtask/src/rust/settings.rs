//! Everything that is set once on a client.
//!
//! Input: the copy and its operations. Output: client parameters, security schemes and the rate limit, with their setters.

use serde_json::Value;

use super::{
    model::{ClientParameter, RateLimit, Scheme, SchemeKind},
    names::{self, OF_AUTH, OF_BUILDER, setter},
    read,
};
use crate::{
    nodes::Pointer,
    normalize::{Loss, Problem, sources, walk::text},
};

/// The client parameters of all operations, each once; one that any operation needs is required.
pub(super) fn client_parameters(operations: &[read::UntypedOperation]) -> Vec<ClientParameter> {
    let mut all: Vec<ClientParameter> = Vec::new();
    for parameter in operations.iter().flat_map(|operation| &operation.client_parameters) {
        match all.iter_mut().find(|known| is_same(known, parameter)) {
            Some(known) => {
                known.required |= parameter.required;
                known.secret |= parameter.secret;
            }
            None => all.push(client_parameter(parameter)),
        }
    }
    let mut taken = names::taken(&OF_BUILDER);
    for parameter in &mut all {
        parameter.setter = setter(&parameter.name, &mut taken);
        parameter.source_setter = parameter.secret.then(|| setter(&format!("{}_from", parameter.setter), &mut taken));
    }
    all
}

fn is_same(known: &ClientParameter, parameter: &read::ClientParameter) -> bool {
    known.name.eq_ignore_ascii_case(&parameter.name) && known.place == parameter.place
}

fn client_parameter(parameter: &read::ClientParameter) -> ClientParameter {
    let read::ClientParameter { name, place, pointer, required, description, sources, secret } = parameter.clone();
    ClientParameter { name, setter: String::new(), source_setter: None, pointer, place, required, description, sources, secret }
}

/// What one operation takes of `all`.
pub(super) fn of_operation(operation: &read::UntypedOperation, all: &[ClientParameter]) -> Vec<ClientParameter> {
    let own = operation.client_parameters.iter().map(|parameter| {
        let known = all.iter().find(|known| is_same(known, parameter));
        let setter = known.map(|known| known.setter.clone()).unwrap_or_default();
        let source_setter = known.and_then(|known| known.source_setter.clone());
        ClientParameter { setter, source_setter, ..client_parameter(parameter) }
    });
    own.collect()
}

/// The security schemes in the order of the document, and those that the client cannot carry.
pub(super) fn schemes(document: &Value) -> (Vec<Scheme>, Vec<Loss>) {
    let at = Pointer::default().join("components").join("securitySchemes");
    let mut taken = names::taken(&OF_AUTH);
    let mut losses = Vec::new();
    let listed = document.pointer(at.as_str()).and_then(Value::as_object);
    let schemes = listed.into_iter().flatten().filter_map(|(name, scheme)| {
        let pointer = at.join(name);
        let Some(kind) = kind(scheme) else {
            losses.push(Loss {
                pointer: pointer.as_str().to_owned(),
                text: format!(
                    "the client cannot send credentials in the way that `{name}` asks for; an operation that needs it fails before anything is sent"
                ),
                sources: sources(scheme),
            });
            return None;
        };
        let own = setter(name, &mut taken);
        let source_setter = (kind != SchemeKind::Basic).then(|| setter(&format!("{own}_from"), &mut taken));
        let description = text(scheme, "description").unwrap_or_default().to_owned();
        let sources = sources(scheme);
        Some(Scheme { name: name.clone(), setter: own, source_setter, pointer, kind, description, sources })
    });
    (schemes.collect(), losses)
}

fn kind(scheme: &Value) -> Option<SchemeKind> {
    let owned = |key: &str| text(scheme, key).unwrap_or_default().to_owned();
    match (text(scheme, "type"), text(scheme, "in"), text(scheme, "scheme")) {
        (Some("apiKey"), Some("header"), _) => Some(SchemeKind::Header { header: owned("name"), prefix: owned("x-prefix") }),
        (Some("apiKey"), Some("query"), _) => Some(SchemeKind::Query { name: owned("name") }),
        (Some("http"), _, Some(name)) if name.eq_ignore_ascii_case("basic") => Some(SchemeKind::Basic),
        (Some("http"), _, Some(name)) if name.eq_ignore_ascii_case("bearer") => Some(SchemeKind::Bearer),
        // Both end with an access token.
        (Some("oauth2" | "openIdConnect"), _, _) => Some(SchemeKind::Bearer),
        _ => None,
    }
}

/// How many requests the vendor takes, where the document says it.
pub(super) fn rate_limit(document: &Value) -> Result<Option<RateLimit>, Problem> {
    let Some(limit) = document.get("x-rate-limit") else { return Ok(None) };
    let per_second = limit.get("requests-per-second").and_then(Value::as_f64).filter(|rate| *rate > 0.0);
    let burst = limit.get("burst").and_then(Value::as_u64).and_then(|burst| u32::try_from(burst).ok());
    match (per_second, burst) {
        (Some(per_second), Some(burst)) => Ok(Some(RateLimit { per_second, burst })),
        _ => {
            let message = format!("expected requests-per-second and burst, found {limit}");
            Err(Problem::new("/x-rate-limit", message, "write {requests-per-second: 25, burst: 50}"))
        }
    }
}
