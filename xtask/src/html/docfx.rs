//! A docfx page saved as HTML as the Markdown that it was made from.
//!
//! Takes a parsed page. Returns its article as Markdown, below the front matter that the page's head tells. Knows nothing of
//! what it says.

use scraper::ElementRef;

use super::{dom, prose};
use crate::words::one_line;

/// The article, where a page is made by docfx.
pub(super) fn article(root: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let meta = |name: &str, value: &dyn Fn(&str) -> bool| {
        dom::find(root, |element| {
            let named = element.attr("name").or(element.attr("property")) == Some(name);
            element.value().name() == "meta" && named && element.attr("content").is_some_and(value)
        })
        .is_some()
    };
    let by_docfx = meta("generator", &|content| content.starts_with("docfx"))
        || ["docfx:navrel", "docfx:tocrel", "docfx:rel"].iter().any(|name| meta(name, &|_| true));
    let articles = || root.descendent_elements().filter(|element| element.value().name() == "article");
    articles().find(|article| article.attr("data-uid").is_some()).or_else(|| articles().next().filter(|_| by_docfx))
}

/// The page's Markdown; an error names what cannot become Markdown without being misread.
pub(super) fn text(root: ElementRef<'_>, article: ElementRef<'_>) -> Result<String, String> {
    let title = dom::find(root, |element| element.value().name() == "meta" && element.attr("name") == Some("title"));
    let title = title.and_then(|meta| meta.attr("content")).or(None).map(str::to_owned);
    let title = title.or_else(|| dom::named(root, "title").map(dom::folded));
    let mut text = "---\n".to_owned();
    if let Some(uid) = article.attr("data-uid").filter(|uid| !uid.is_empty()) {
        text.push_str(&format!("uid: {}\n", one_line(uid)));
    }
    // Behind the page's own title stands the site's.
    if let Some(title) = title.as_deref().map(|title| title.rsplit_once(" | ").map_or(title, |(own, _)| own)) {
        text.push_str(&format!("title: {}\n", one_line(title)));
    }
    text.push_str("---\n\n");
    text.push_str(&prose::markdown(article)?.join("\n"));
    text.push('\n');
    Ok(text)
}
