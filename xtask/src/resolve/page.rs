//! Policy that one page is enough for.
//!
//! Takes a page as its dialect read it, and decides in place: duplicate rows, parameters of the path, names. Whatever it
//! decides becomes a finding or an `x-basis`; what cannot be decided becomes a diagnostic. Knows no dialect by name.

use crate::{
    dialect::{Page, Reading},
    document::Document,
};

use super::{
    bodies, duplicates, items, names, operation_names, parameters, prose, repeated, repeats, samples, schemes, sent, unite,
};

/// Decides what a page leaves open; one with diagnostics is left as it is.
pub(super) fn settle(reading: Reading<'_>, document: &Document) -> Page {
    let Reading { mut page, mut tables, repeats, mut samples, lists, made_up } = reading;
    if !page.diagnostics.is_empty() {
        return page;
    }
    operation_names::settle(&mut page.api.operations);
    schemes::settle(&mut page);
    repeats::settle(&page.api, &repeats, &mut page.findings);
    bodies::settle(&mut page, &mut samples);
    items::settle(&mut page.api, lists);
    sent::settle(&mut page.api, &mut tables, &mut page.findings);
    unite::tables(&mut page.api, tables, &mut page.findings);
    samples::settle(&mut page, &samples, made_up);
    repeated::share(&mut page.api, &mut page.findings);
    duplicates::settle(&mut page.api, &mut page.findings);
    parameters::settle(&mut page.api.operations, &mut page.findings);
    prose::settle(&mut page.api);
    names::check(&mut page.api, document, &mut page.findings, &mut page.diagnostics);
    page
}
