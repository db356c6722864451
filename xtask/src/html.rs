//! The text of a page that was saved as HTML, made from its structure.
//!
//! Takes the HTML of an ASP.NET help page, of a Redoc page, of a page of Redocly's portal or of a docfx page. Returns the text that becomes the document, in
//! which nothing runs into its neighbour, as happens when a page is copied by hand; and what better source the page names.

mod address;
mod carried;
mod docfx;
mod dom;
mod help_page;
mod portal;
mod prose;
mod redoc;

use scraper::{ElementRef, Html};

pub use self::{
    address::address,
    carried::{carried_document, named_document},
};
use crate::failure::Failure;

/// Whether a page is HTML, told by how it starts.
#[must_use]
pub fn is_html(text: &str) -> bool {
    let mut start = text.trim_start_matches('\u{feff}').trim_start();
    while let Some(close) = [("<!--", "-->"), ("<?", "?>")].into_iter().find(|(open, _)| start.starts_with(open)) {
        let Some((_, rest)) = start.split_once(close.1) else { return false };
        start = rest.trim_start();
    }
    let starts = |mark: &str| start.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    ["<!doctype html", "<html", "<head>", "<body"].into_iter().any(starts)
}

/// What a page is read as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extracted {
    /// The text that is the document.
    pub text: String,
    /// Where the page's HTML carries or names the OpenAPI document that it was made from, words that say so.
    pub better_source: Option<String>,
}

/// The text that a page is read as: its own, or what its HTML says.
///
/// # Errors
/// The page is HTML of a kind that is not read, or an archive of several files.
pub fn page_text(path: &str, page: String) -> Result<Extracted, Failure> {
    if page.starts_with("From: <Saved by") {
        return Err(Failure::new(
            format!("{path}: the text of a page was expected, and this is a web archive (MHTML)"),
            "save the page from the browser as HTML",
        ));
    }
    if is_html(&page) { text(path, &page) } else { Ok(Extracted { text: page, better_source: None }) }
}

/// The text of a page of one of the kinds that are read.
///
/// # Errors
/// The page is of another kind, or has parts that cannot be told apart. Where it carries or names its own OpenAPI document,
/// the error says so.
pub fn text(path: &str, html: &str) -> Result<Extracted, Failure> {
    let page = Html::parse_document(html);
    let better_source = carried::better_source(path, html, &page);
    let root = page.root_element();
    let body = dom::named(root, "body").unwrap_or(root);
    let with_source = |help: &str| match &better_source {
        Some(source) if help == redoc::TAKE_DOCUMENT => source.clone(),
        Some(source) => format!("{source}; {help}"),
        None => help.to_owned(),
    };
    let read = if redoc::is_redoc(body) {
        redoc::text(body).map_err(|(what, help)| (what, help.to_owned()))
    } else if portal::is_portal(body) {
        portal::text(body).map_err(|(what, help)| (what, help.to_owned()))
    } else if help_page::is_help_page(body, html) {
        help_page::text(body).map_err(|what| {
            let help =
                "remove that part of the page where it says nothing about the API; otherwise the extraction has to be extended by this form";
            (what, help.to_owned())
        })
    } else if let Some(article) = docfx::article(root) {
        docfx::text(root, article).map_err(|what| {
            (what, "give the Markdown that the page was made from, which the publisher's repository has".to_owned())
        })
    } else {
        let (what, help) = other(root, html);
        let what = if better_source.is_some() { "this page shows nothing without its script" } else { what };
        let help = if better_source.is_some() { "take that document" } else { help };
        Err((what.to_owned(), help.to_owned()))
    };
    match read {
        Ok(text) => Ok(Extracted { text, better_source }),
        Err((what, help)) => Err(Failure::new(format!("{path}: {what}"), with_source(&help))),
    }
}

/// What a page is that is none of those that are read, and what to do about it.
fn other(root: ElementRef<'_>, html: &str) -> (&'static str, &'static str) {
    let has = |is: fn(ElementRef<'_>) -> bool| dom::find(root, is).is_some();
    let script = "open the page in a browser, wait until the reference shows, and save it then; the file that was fetched has only the script";
    if has(|element| element.attr("data-component-name").is_some()) || html.contains("__REDOCLY") {
        (
            "this is a page of Redocly's portal without an operation, or one that was saved before its script ran",
            portal::TAKE_MARKDOWN,
        )
    } else if has(|element| element.value().name() == "redoc" || element.attr("id") == Some("redoc"))
        || html.contains("Redoc.init")
    {
        ("this is a Redoc page without an operation", script)
    } else if has(|element| element.attr("id") == Some("swagger-ui")) {
        (
            "this is a page of Swagger UI, which is not read",
            "take the OpenAPI document that it shows: its address stands on top of the page",
        )
    } else {
        (
            "the HTML of a help page of ASP.NET, of Redoc, of Redocly's portal or of docfx was expected, and this page is none",
            "give the text of the page; of pages saved as HTML, only these four are read",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_help_page_keeps_its_cells() {
        let html = "<!DOCTYPE html><body class=help-page><h1>PUT api/oars</h1><p>Rows <b>on</b>.</p><h3>Body Parameters</h3><a>Oar</a>\
            <table><tr><th>Name</th><th>Description</th></tr><tr><td>Id</td><td><p></p></td></tr>\
            <tr><td>A</td><td><p>one</p><p>two | 2</p><p>| |</p></td></tr></table><pre>\n{\n  1\n}\n</pre><script>x</script></body>";
        let expected = "PUT api/oars\nRows on.\nBody Parameters\nOar\n| Name | Description |\n|---|---|\n| Id |  |\n| A | one\ntwo \\| 2\n\\| \\| |\n{\n  1\n}\n";
        assert!(is_html(html));
        assert_eq!(text("page.html", html).unwrap().text, expected);
    }

    #[test]
    fn other_pages_are_refused_by_what_they_are() {
        for (html, words) in [
            (
                "<html><body><redoc spec-url='spec.yaml'></redoc></body></html>",
                "names its OpenAPI document, which says more than the page shows: spec.yaml",
            ),
            (
                "<html><script>const __redoc_state = {\"spec\":{\"data\":{\"openapi\":\"3.0.3\"}}};</script></html>",
                "carries the OpenAPI document",
            ),
            ("<html><body><div data-component-name='x'></div></body></html>", "Redocly's portal"),
            ("<html><body><div id=swagger-ui></div></body></html>", "Swagger UI"),
            ("<html><body><p>News</p></body></html>", "this page is none"),
            ("<?xml version='1.0'?>\n<!-- saved --><html><body><p>News</p></body></html>", "this page is none"),
            ("From: <Saved by Blink>\nSubject: Oars", "web archive"),
            ("<body class=help-page><table><tr><td rowspan=2>A</td></tr></table>", "reaches over several"),
            ("<body class=help-page><table><tr><td><p><table><tr><td>A</td></tr></table></td></tr></table>", "within a cell"),
            (&format!("<body class=help-page>{}", "<div>".repeat(300)), "nested deeper"),
        ] {
            let message = page_text("page.html", html.to_owned()).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
    }
}
