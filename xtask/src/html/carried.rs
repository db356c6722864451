//! The OpenAPI document that a page carries in its script, or names.
//!
//! Takes a page. Returns the document, its address, or words that say where it is. Knows nothing of what it says.

use std::path::Path;

use scraper::{ElementRef, Html};
use serde_json::Value;

use super::dom;

/// The scripts of Redoc that hold the document.
const STATES: [&str; 3] = ["__redoc_state", "__redoc_definition", "__REDOC_STATE__"];

/// The OpenAPI document within the script of a Redoc page.
#[must_use]
pub fn carried_document(html: &str) -> Option<Value> {
    let state = STATES.into_iter().find_map(|name| {
        html.match_indices(name).find_map(|(at, _)| {
            let rest = html.get(at + name.len()..)?.trim_start().strip_prefix('=')?;
            serde_json::Deserializer::from_str(rest).into_iter::<Value>().next()?.ok()
        })
    })?;
    let is_openapi = |value: &&Value| value.get("openapi").or(value.get("swagger")).is_some_and(Value::is_string);
    let places = ["/spec/data", "/spec", "/definition/data", ""];
    places.into_iter().find_map(|place| state.pointer(place).filter(is_openapi)).cloned()
}

/// The address of the OpenAPI document, where the page names it.
#[must_use]
pub fn named_document(page: &Html) -> Option<&str> {
    let root = page.root_element();
    let element = dom::find(root, |element| element.attr("spec-url").is_some());
    let download = |element: ElementRef<'_>| {
        let is_address = element.attr("href").is_some_and(|to| !to.starts_with(['#', 'b']) && !to.starts_with("data:"));
        element.value().name() == "a" && element.attr("download").is_some() && is_address && dom::folded(element) == "Download"
    };
    // A portal serves the document that its pages were made from beside them.
    let bundle = |element: ElementRef<'_>| {
        element.value().name() == "a" && element.attr("href").is_some_and(|to| to.contains("/_bundle/"))
    };
    let link = || dom::find(root, |element| download(element) || bundle(element)).and_then(|link| link.attr("href"));
    element.and_then(|element| element.attr("spec-url")).or_else(link)
}

/// Words about a better source than the page; `None` where it has none.
pub(super) fn better_source(path: &str, html: &str, page: &Html) -> Option<String> {
    let shown = Path::new(path).file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned());
    if carried_document(html).is_some() {
        return Some(format!(
            "this page carries the OpenAPI document that it was made from, which says more than the page shows: `cargo xtask extract --openapi {shown}` prints it"
        ));
    }
    let init = || {
        let (_, rest) = html.split_once("Redoc.init(")?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
        rest.get(1..)?.split(quote).next()
    };
    let address = named_document(page).or_else(init).filter(|address| !address.is_empty())?;
    Some(format!("this page names its OpenAPI document, which says more than the page shows: {address}"))
}
