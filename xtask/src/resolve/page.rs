//! Policy that one page is enough for.
//!
//! Takes a page as its dialect read it, and decides in place: duplicate rows, parameters of the path, names. Whatever it
//! decides becomes a finding or an `x-basis`; what nobody can decide becomes a diagnostic. Knows no dialect by name.

use crate::{dialect::Page, document::Document};

use super::{duplicates, names, path_parameters, prose, repeated};

/// Decides what `page` leaves open; a page with diagnostics is left as it is.
pub(super) fn settle(page: &mut Page, document: &Document) {
    if !page.diagnostics.is_empty() {
        return;
    }
    repeated::share(&mut page.api, &mut page.findings);
    duplicates::settle(&mut page.api, &mut page.findings);
    path_parameters::settle(&mut page.api.operations, &mut page.findings);
    prose::settle(&mut page.api);
    names::check(&mut page.api, document, &mut page.findings, &mut page.diagnostics);
}
