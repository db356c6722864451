//! The vendor's types: structs of fields, open enumerations, aliases.
//!
//! Input: the model and its parts. Output: the text of the modules of types. serde's derives are not there:
//! `client_core::codegen::object!` reads leniently, writes back what it read, and checks.

use super::{
    conversions::{Conversion, conversions},
    parts::Part,
};
use crate::{normalize::Problem, parallel, rust::Model};

mod module;

use module::Module;

/// Writes the modules of all parts, each with its path.
pub(super) fn types(model: &Model, parts: &[Part<'_>]) -> Result<Vec<(String, String)>, Problem> {
    let mut modules: Vec<(&Part<'_>, Vec<Conversion<'_>>)> = parts.iter().map(|part| (part, Vec::new())).collect();
    for conversion in conversions(model) {
        let place = |feature: Option<usize>| feature.map_or(0, |index| index + 1);
        // Types of two tags are alike by chance, and compiled together only where both are wanted.
        let place = match (place(conversion.from.feature), place(conversion.to.feature)) {
            (from, to) if from == to => from,
            (0, other) | (other, 0) => other,
            _ => continue,
        };
        if let Some((_, conversions)) = modules.get_mut(place) {
            conversions.push(conversion);
        }
    }
    modules.retain(|(part, _)| part.has_types());
    let files = parallel::map(&modules, |(part, conversions)| {
        let mut module = Module::new(model, part);
        conversions.iter().try_for_each(|conversion| module.convert(conversion))?;
        Ok::<_, Problem>((part.path("types"), module.finish(parts)?))
    });
    files.into_iter().collect()
}
