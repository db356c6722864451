//! Entities that are alike and yet type a property differently.
//!
//! Input: the entities of an assembled API. Output: a finding for each property that two entities, which share most of
//! their properties, type in different ways. Changes nothing: each entity keeps what its own page says.

use std::collections::BTreeMap;

use crate::{
    api::{Api, Kind, Schema},
    finding::{Finding, FindingKind},
    resolve::unite,
};

/// Fewer shared properties say nothing: every other entity has an `Id` and a `Name`.
const LEAST_SHARED: usize = 5;

/// Looks through all entities of `api`.
pub(super) fn compare(api: &Api, findings: &mut Vec<Finding>) {
    let mut bearers: BTreeMap<&str, Vec<(usize, &Schema)>> = BTreeMap::new();
    for (index, schema) in api.schemas.values().enumerate() {
        if let Kind::Object(properties) = &schema.kind {
            for (name, property) in properties {
                bearers.entry(name).or_default().push((index, &property.schema));
            }
        }
    }
    for (name, bearers) in bearers {
        // Only the first bearer of each type is compared, so that a name which thousands bear costs no more than its types.
        let mut types: Vec<(String, usize, &Schema)> = Vec::new();
        for (index, schema) in bearers {
            let type_name = unite::words(&schema.kind).into_owned();
            if type_name != "unknown" && !types.iter().any(|(known, _, _)| *known == type_name) {
                types.push((type_name, index, schema));
            }
        }
        let Some(((first_type, first, first_schema), others)) = types.split_first() else { continue };
        for (other_type, other, other_schema) in others {
            let (Some((one, left)), Some((two, right))) = (api.schemas.get_index(*first), api.schemas.get_index(*other)) else {
                continue;
            };
            if alike(left, right) {
                findings.push(Finding::new(
                    FindingKind::Contradiction,
                    format!("{one}.{name} and {two}.{name}"),
                    format!("typed `{first_type}` in `{one}` and `{other_type}` in `{two}`; each keeps what its own page says"),
                    first_schema.origin.spans.iter().take(1).chain(other_schema.origin.spans.first()).copied().collect(),
                ));
            }
        }
    }
}

/// Whether two entities share most of the properties of the smaller one.
fn alike(one: &Schema, other: &Schema) -> bool {
    let (Kind::Object(one), Kind::Object(other)) = (&one.kind, &other.kind) else { return false };
    let shared = one.keys().filter(|name| other.contains_key(*name)).count();
    shared >= LEAST_SHARED && shared * 2 > one.len().min(other.len())
}
