//! Where a page that was saved from a browser was published.
//!
//! Takes the text of a page. Returns the address that the browser wrote above it, or that the page gives itself.

use scraper::{Html, Selector};

/// The address of a page; `None` where it does not say.
#[must_use]
pub fn address(page: &str) -> Option<String> {
    /// What browsers write above a page that they save; the number is the length of the address.
    const SAVED: &str = "<!-- saved from url=(";
    let saved = page.split_once(SAVED).and_then(|(_, rest)| rest.split_once(')')?.1.split([' ', '\n']).next());
    let canonical = || {
        let selector = Selector::parse("link[rel=canonical]").ok()?;
        Html::parse_document(page).select(&selector).find_map(|link| link.attr("href").map(str::to_owned))
    };
    let is_web = |address: &String| ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
    saved.map(str::to_owned).filter(is_web).or_else(canonical).filter(is_web)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_page_says_where_it_was() {
        let table = [
            ("<!-- saved from url=(0027)https://harbour.example/api -->\n<html></html>", Some("https://harbour.example/api")),
            ("<html><head><link rel=\"canonical\" href=\"https://a.example/\"></head></html>", Some("https://a.example/")),
            ("<html><head><link rel=\"canonical\" href=\"/relative\"></head></html>", None),
            ("<!-- saved from url=(0012)file:///x.html -->\n<html></html>", None),
            ("# Markdown", None),
        ];
        for (page, expected) in table {
            assert_eq!(address(page).as_deref(), expected, "{page}");
        }
    }
}
