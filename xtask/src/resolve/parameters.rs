//! What an address and the rows of its parameters say about each other.
//!
//! Takes operations. Leaves exactly the path parameters of the template: one without a row is of unknown type, one that the
//! template only spells in another way takes the template's spelling, and one that it does not have is not carried. What the query
//! of the address has and no row is a parameter of unknown type; a header without a type is text.

use foldhash::HashMap;
use indexmap::IndexMap;

use crate::{
    api::{Basis, Kind, Location, Operation, Origin, Parameter, Schema},
    finding::{Finding, FindingKind},
};

use super::subject::title;

const UNLISTED: &str = "only the path names this parameter: its type is unknown";
const UNLISTED_IN_QUERY: &str = "the address has this parameter and the table does not: its type is unknown";
const HEADER: &str = "the page gives headers no type: a header is text";

/// Makes the address and the parameters of each operation agree.
pub(super) fn settle(operations: &mut [Operation], findings: &mut Vec<Finding>) {
    for operation in operations {
        let names: Vec<String> = template_names(&operation.path).map(str::to_owned).collect();
        if !names.is_empty() || operation.parameters.iter().any(|parameter| parameter.location == Location::Path) {
            agree(operation, &names, findings);
        }
        if let Some(query) = operation.query.take() {
            complete(operation, &query, findings);
        }
        for parameter in operation.parameters.iter_mut().filter(|parameter| parameter.location == Location::Header) {
            if parameter.schema.kind == Kind::Unknown && parameter.schema.origin.basis == Basis::Stated {
                parameter.schema.kind = Kind::String;
                parameter.schema.origin.infer(HEADER);
            }
        }
    }
}

/// Adds the parameters of the query that have no row, and gives those that have one the names that travel.
fn complete(operation: &mut Operation, query: &str, findings: &mut Vec<Finding>) {
    let parameters = &mut operation.parameters;
    let in_query = parameters.iter().enumerate().filter(|(_, parameter)| parameter.location == Location::Query);
    let mut known: HashMap<&str, usize> = in_query.map(|(at, parameter)| (parameter.name.as_str(), at)).collect();
    let address = query.split('&').filter_map(|part| part.split_once('=')).map(|(key, value)| {
        let base = |text| str::split(text, '[').next().unwrap_or_default();
        (base(key), base(value.trim_start_matches('{').trim_end_matches('}')))
    });
    // Where the table has it under another name, its place in the table stands first.
    let mut found: Vec<(Option<usize>, &str)> = Vec::new();
    let mut count = parameters.len();
    for (key, name) in address {
        if known.contains_key(key) {
            continue;
        }
        let declared = known.get(name).copied();
        known.insert(key, declared.unwrap_or(count));
        count += usize::from(declared.is_none());
        found.push((declared, key));
    }
    for (declared, name) in found {
        if let Some(parameter) = declared.and_then(|at| parameters.get_mut(at)) {
            name.clone_into(&mut parameter.name);
            continue;
        }
        let origin =
            Origin { spans: operation.origin.spans.clone(), basis: Basis::Inferred, reason: Some(UNLISTED_IN_QUERY.into()) };
        findings.push(Finding::new(FindingKind::Assumption, name, UNLISTED_IN_QUERY, origin.spans.to_vec()));
        let schema = Schema::new(Kind::Unknown, origin.clone());
        let (location, required) = (Location::Query, false);
        parameters.push(Parameter { name: name.to_owned(), location, required, description: None, schema, origin });
    }
}

fn agree(operation: &mut Operation, names: &[String], findings: &mut Vec<Finding>) {
    let title = |operation: &Operation, name: &str| format!("{} {name}", title(operation));
    let verb = operation.origin.spans.first().copied();
    let mut parameters = std::mem::take(&mut operation.parameters);
    let listed = |parameters: &[Parameter], name: &str| {
        parameters.iter().any(|parameter| parameter.location == Location::Path && parameter.name == name)
    };
    for index in 0..parameters.len() {
        let (before, rest) = parameters.split_at_mut(index);
        let Some((parameter, after)) = rest.split_first_mut() else { continue };
        if parameter.location != Location::Path || names.contains(&parameter.name) {
            continue;
        }
        let spelled =
            names.iter().find(|name| name.eq_ignore_ascii_case(&parameter.name) && !listed(before, name) && !listed(after, name));
        if let Some(spelled) = spelled {
            let text = format!("its row calls it `{}`, the path `{spelled}`: the path's spelling is kept", parameter.name);
            let spans = parameter.origin.spans.iter().copied().chain(verb).collect();
            findings.push(Finding::new(FindingKind::Contradiction, title(operation, spelled), text, spans));
            parameter.name.clone_from(spelled);
        }
    }
    parameters.retain(|parameter| {
        let keep = parameter.location != Location::Path || names.contains(&parameter.name);
        if !keep {
            let text = "this path parameter has no place in the path, so no call can carry it; the path stands";
            let spans = parameter.origin.spans.iter().copied().chain(verb).collect();
            findings.push(Finding::new(FindingKind::Contradiction, title(operation, &parameter.name), text, spans));
        }
        keep
    });
    // What stands in a path always is.
    parameters
        .iter_mut()
        .filter(|parameter| parameter.location == Location::Path)
        .for_each(|parameter| parameter.required = true);
    let mut end = parameters.iter().rposition(|parameter| parameter.location == Location::Path).map_or(0, |last| last + 1);
    for name in names {
        if listed(&parameters, name) {
            continue;
        }
        let origin = Origin { reason: Some(UNLISTED.into()), basis: Basis::Inferred, spans: operation.origin.spans.clone() };
        let schema = Schema::new(Kind::Unknown, origin.clone());
        let (location, required) = (Location::Path, true);
        parameters.insert(end, Parameter { name: name.clone(), location, required, description: None, schema, origin });
        end += 1;
    }
    operation.parameters = parameters;
}

/// Tells operations of one method whose paths differ only in what their parameters are called: a server cannot tell them
/// apart, so one of the pages is most often wrong.
pub(super) fn tell_twins(operations: &[Operation], findings: &mut Vec<Finding>) {
    let mut known: IndexMap<(&str, String), Vec<&Operation>> = IndexMap::new();
    for operation in operations.iter().filter(|operation| operation.path.contains('{')) {
        let nameless = operation.path.split('{').enumerate().map(|(index, part)| match part.split_once('}') {
            Some((_, rest)) if index > 0 => format!("{{}}{rest}"),
            _ => part.to_owned(),
        });
        known.entry((operation.method.name(), nameless.collect())).or_default().push(operation);
    }
    for ((method, _), twins) in known.into_iter().filter(|(_, twins)| twins.len() > 1) {
        let paths: Vec<&str> = twins.iter().map(|operation| operation.path.as_str()).collect();
        let text = "their paths differ only in what a parameter is called, so a server cannot tell them apart; both are kept";
        let spans = twins.iter().filter_map(|operation| operation.origin.spans.first().copied()).collect();
        findings.push(Finding::new(FindingKind::Contradiction, format!("{method} {}", paths.join(", ")), text, spans));
    }
}

/// Names in braces.
pub(super) fn template_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{api::Method, document::Span};

    #[test]
    fn paths_that_differ_in_a_name_only_are_told() {
        let operation = |method, path: &str| Operation::new(method, path.to_owned(), Origin::default());
        let operations = [
            operation(Method::Get, "/ships/{id}/crew"),
            operation(Method::Get, "/ships/{ship}/crew"),
            operation(Method::Put, "/ships/{ship}/crew"),
            operation(Method::Get, "/ships/{ship}/berth"),
            operation(Method::Get, "/ships"),
        ];
        let mut findings = Vec::new();
        tell_twins(&operations, &mut findings);
        let subjects: Vec<_> = findings.into_iter().map(|finding| finding.subject).collect();
        assert_eq!(subjects, ["GET /ships/{id}/crew, /ships/{ship}/crew"]);
    }

    #[test]
    fn template_and_rows_agree_in_the_end() {
        let span = Span { document: 0, start: 0, end: 1 };
        let row = |name: &str, required| Parameter {
            name: name.to_owned(),
            location: Location::Path,
            required,
            description: None,
            schema: Schema::new(Kind::Integer, Origin::stated(span)),
            origin: Origin::stated(span),
        };
        let mut operation = Operation {
            parameters: vec![row("SHIP", true), row("mast", true), row("berth", false)],
            ..Operation::new(Method::Get, "/ships/{ship}/{berth}/{crew}".to_owned(), Origin::stated(span))
        };
        let mut findings = Vec::new();
        settle(std::slice::from_mut(&mut operation), &mut findings);
        let rows: Vec<_> =
            operation.parameters.iter().map(|one| (one.name.as_str(), one.required, one.schema.kind.clone())).collect();
        let expected = [("ship", true, Kind::Integer), ("berth", true, Kind::Integer), ("crew", true, Kind::Unknown)];
        assert_eq!(rows, expected);
        let subjects: Vec<_> = findings.iter().map(|finding| finding.subject.rsplit(' ').next().unwrap()).collect();
        assert_eq!(subjects, ["ship", "mast"]);
    }
}
