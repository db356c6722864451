//! A Redoc page saved as HTML as the text that the dialect `redoc-page` reads exactly.
//!
//! Takes a parsed page. Returns its text with the marks that only this extraction writes: `#` before the page's title and
//! sections, `##` before a group and `###` before an operation, `-` before the name of a row, with the rows that it unfolds
//! further in, `>` before lines of prose, a fence around a sample. Nothing is decided here: a text that stands where
//! none is known goes out without a mark, and the dialect refuses it at its place.

mod rows;
mod samples;

use scraper::ElementRef;

use super::{dom, prose};
pub(super) use samples::{fenced, json};

/// Whether the page has what Redoc puts around each of its sections.
pub(super) fn is_redoc(body: ElementRef<'_>) -> bool {
    dom::find(body, |element| is_section(element) && verb(element).is_some()).is_some()
}

/// The page's text; an error names what cannot be read and what to do about it.
pub(super) fn text(body: ElementRef<'_>) -> Result<String, (String, &'static str)> {
    let mut page = Page::default();
    page.title(body);
    let mut sections = Vec::new();
    outermost(body, &mut sections, 0);
    for section in sections {
        page.section(section)?;
    }
    Ok(page.text)
}

/// What to do where a page shows less than it has.
pub(super) const TAKE_DOCUMENT: &str =
    "the OpenAPI document that the page was made from is the better source: it is what the page's download link leads to";

pub(super) fn is_section(element: ElementRef<'_>) -> bool {
    element.attr("data-section-id").is_some()
}

/// Sections that stand in no other one.
pub(super) fn outermost<'a>(element: ElementRef<'a>, found: &mut Vec<ElementRef<'a>>, depth: usize) {
    for child in element.child_elements().filter(|_| depth < dom::MAX_DEPTH) {
        if is_section(child) { found.push(child) } else { outermost(child, found, depth + 1) }
    }
}

/// The element with an operation's verb.
fn verb(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    dom::find(element, |element| dom::has_class(element, "http-verb"))
}

/// Where in an operation the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Head,
    Security,
    Schema,
    Responses,
    Samples,
}

#[derive(Default)]
struct Page {
    text: String,
}

/// One operation while it is read.
struct OperationLines {
    lines: Vec<String>,
    place: Place,
    /// Method and path, which stand before the samples wherever the page has them.
    verb: Option<String>,
    samples: Vec<String>,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A blank line, for a person.
    fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    fn title(&mut self, body: ElementRef<'_>) {
        let info = dom::find(body, |element| dom::has_class(element, "api-info"));
        let title = info.and_then(|info| dom::named(info, "h1")).map(dom::folded).filter(|title| !title.is_empty());
        self.line(&format!("# {}", title.as_deref().unwrap_or("A Redoc page")));
        let Some(info) = info else { return };
        for part in info.child_elements().filter(|part| dom::heading_level(*part).is_none()) {
            let is_download = dom::folded(part).starts_with("Download OpenAPI specification");
            if !is_download && let Ok(lines) = prose::markdown(part) {
                self.quote(&lines);
            }
        }
    }

    fn quote(&mut self, lines: &[String]) {
        lines.iter().for_each(|line| self.line(format!("> {line}").trim_end()));
    }

    fn section(&mut self, section: ElementRef<'_>) -> Result<(), (String, &'static str)> {
        let heading = dom::find(section, |element| dom::heading_level(element).is_some());
        let (title, badges) = heading.map(titled).unwrap_or_default();
        if badges.iter().any(|badge| badge.eq_ignore_ascii_case("webhook")) {
            let what = format!("`{title}` is a webhook, which is not read: it is no operation of the API");
            return Err((what, TAKE_DOCUMENT));
        }
        self.gap();
        if verb(section).is_none() {
            let is_group = section.attr("data-section-id").is_some_and(|id| id.starts_with("tag/"));
            self.line(&format!("{} {title}", if is_group { "##" } else { "#" }));
            let refused = |what| (what, "remove that part of the page where it says nothing about the API");
            let mut lines = prose::markdown(section).map_err(refused)?;
            // The heading itself is its first line.
            if heading.is_some() && lines.first().is_some_and(|line| line.starts_with('#')) {
                lines.remove(0);
            }
            let lines = lines.strip_prefix(&[String::new()]).unwrap_or(&lines);
            self.quote(lines);
            return Ok(());
        }
        self.line(&format!("### {title}"));
        let mut operation = OperationLines { lines: Vec::new(), place: Place::Head, verb: None, samples: Vec::new() };
        for badge in &badges {
            if badge.eq_ignore_ascii_case("deprecated") {
                operation.lines.push("Deprecated".to_owned());
            } else {
                operation.quote(std::slice::from_ref(badge));
            }
        }
        operation.children(section, heading, 0)?;
        operation.lines.iter().chain(&operation.verb).chain(&operation.samples).for_each(|line| self.line(line));
        Ok(())
    }
}

/// A heading's own words, and those of the badges on it.
fn titled(heading: ElementRef<'_>) -> (String, Vec<String>) {
    let badges: Vec<String> = heading
        .child_elements()
        .filter(|part| part.value().name() == "span" && part.attr("type").is_some())
        .map(dom::folded)
        .filter(|badge| !badge.is_empty())
        .collect();
    let mut title = dom::folded(heading);
    for badge in badges.iter().rev() {
        title.truncate(title.strip_suffix(badge.as_str()).map_or(title.len(), |title| title.trim_end().len()));
    }
    (title, badges)
}

impl OperationLines {
    fn quote(&mut self, lines: &[String]) {
        self.lines.extend(lines.iter().map(|line| format!("> {line}").trim_end().to_owned()));
    }

    fn prose(&mut self, element: ElementRef<'_>) -> Result<(), (String, &'static str)> {
        let lines = prose::markdown(element).map_err(|what| {
            (what, "the extraction has to be extended by this form; until then take the page's OpenAPI document")
        })?;
        self.quote(&lines);
        Ok(())
    }

    fn children(
        &mut self,
        element: ElementRef<'_>,
        heading: Option<ElementRef<'_>>,
        depth: usize,
    ) -> Result<(), (String, &'static str)> {
        if depth > dom::MAX_DEPTH {
            return Err(("the page is nested deeper than pages are".to_owned(), "save the page once more"));
        }
        // Beside the button with method and path stands a list of servers.
        let button = element.child_elements().find(|child| own_verb(*child).is_some());
        if let Some((verb, path)) = button.and_then(own_verb) {
            self.verb = Some(format!("{} {path}", verb.to_lowercase()));
            return Ok(());
        }
        for child in element.child_elements().filter(|child| Some(*child) != heading && !dom::is_silent(*child)) {
            self.element(child, heading, depth + 1)?;
        }
        Ok(())
    }

    fn element(
        &mut self,
        element: ElementRef<'_>,
        heading: Option<ElementRef<'_>>,
        depth: usize,
    ) -> Result<(), (String, &'static str)> {
        if is_prose(element) {
            return self.prose(element);
        }
        if dom::heading_level(element).is_some() && self.heading(element) {
            return Ok(());
        }
        if element.value().name() == "table" && rows::is_rows(element) {
            return rows::read(element, 0, &mut self.lines);
        }
        if let Some((verb, path)) = own_verb(element) {
            self.verb = Some(format!("{} {path}", verb.to_lowercase()));
            return Ok(());
        }
        if self.place == Place::Samples {
            if element.attr("data-rttabs").is_some() || dom::has_class(element, "react-tabs") {
                samples::read(element, &mut self.samples);
                return Ok(());
            }
        } else if matches!(self.place, Place::Responses | Place::Schema)
            && let Some(status) = element.child_elements().find(|child| child.value().name() == "strong")
            && is_status(&dom::folded(status))
        {
            self.place = Place::Responses;
            self.lines.push(dom::folded(status));
            for part in element.child_elements().filter(|part| *part != status && !dom::is_silent(*part)) {
                self.prose(part)?;
            }
            return Ok(());
        }
        if self.place == Place::Security && dom::is_line(element) {
            self.security(element);
            return Ok(());
        }
        if dom::is_line(element) && !dom::folded(element).is_empty() {
            if self.place == Place::Head {
                return self.prose(element);
            }
            self.lines.push(dom::pieces(element).join(" "));
            return Ok(());
        }
        self.children(element, heading, depth)
    }

    /// Whether the heading is one of Redoc's own.
    fn heading(&mut self, heading: ElementRef<'_>) -> bool {
        let text = dom::folded(heading);
        let labels = [
            ("Authorizations", Place::Security),
            ("path Parameters", Place::Schema),
            ("query Parameters", Place::Schema),
            ("header Parameters", Place::Schema),
            ("cookie Parameters", Place::Schema),
            ("Request Body schema", Place::Schema),
            ("Responses", Place::Responses),
            ("Response Headers", Place::Schema),
            ("Response Schema", Place::Schema),
            ("Callbacks", Place::Schema),
            ("Request samples", Place::Samples),
            ("Response samples", Place::Samples),
            ("Callback payload samples", Place::Samples),
        ];
        let starts = |label: &str| {
            text.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label))
                && text.get(label.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        };
        let Some((label, place)) = labels.into_iter().find(|(label, _)| starts(label)) else {
            // A description has headings of its own; elsewhere the dialect says what it expects.
            let line = if self.place == Place::Head { format!("> **{text}**") } else { text };
            self.lines.push(line);
            return true;
        };
        self.place = place;
        let lines = if place == Place::Samples { &mut self.samples } else { &mut self.lines };
        if !label.ends_with("chema") {
            lines.push(if place == Place::Security { format!("{label}:") } else { label.to_owned() });
            return true;
        }
        let (media, further) = media_types(heading);
        lines.push(media.map_or_else(|| label.to_owned(), |media| format!("{label}: {media}")));
        let required = heading.child_elements().any(|part| dom::folded(part) == "required");
        lines.extend(required.then(|| "required".to_owned()));
        if !further.is_empty() {
            lines.push(format!("Further content types: {}", further.join(", ")));
        }
        true
    }

    /// Alternatives, each with its schemes, side by side in a line.
    fn security(&mut self, element: ElementRef<'_>) {
        for alternative in element.child_elements().filter(|part| !dom::is_silent(*part)) {
            let names: Vec<String> = alternative
                .descendent_elements()
                .filter(|part| matches!(part.value().name(), "i" | "a"))
                .map(dom::folded)
                .filter(|name| !name.is_empty())
                .collect();
            let line = if names.is_empty() { dom::folded(alternative) } else { names.join(" AND ") };
            self.lines.extend(Some(line).filter(|line| !line.is_empty()));
        }
    }
}

/// Method and path where they stand right in an element.
fn own_verb(element: ElementRef<'_>) -> Option<(String, String)> {
    let verb = element.child_elements().find(|child| dom::has_class(*child, "http-verb"))?;
    let beside = element.child_elements().filter(|child| *child != verb && !dom::is_silent(*child));
    let path: String = beside.map(dom::folded).collect();
    path.starts_with('/').then(|| (dom::folded(verb), path))
}

/// Whether an element holds a text that an author has written in Markdown. Redoc itself makes no paragraph.
fn is_prose(element: ElementRef<'_>) -> bool {
    let paragraph = || element.child_elements().any(|part| part.value().name() == "p");
    element.attr("html").is_some() || dom::has_class(element, "redoc-markdown") || paragraph()
}

fn is_status(text: &str) -> bool {
    crate::words::status(text).is_some()
}

/// The media type that is shown, and the others that could be chosen.
fn media_types(element: ElementRef<'_>) -> (Option<String>, Vec<String>) {
    let is_media = |text: &String| text.contains('/') && !text.contains(char::is_whitespace);
    let options = element.descendent_elements().filter(|part| part.value().name() == "option");
    let (shown, further): (Vec<_>, Vec<_>) = options.partition(|option| option.attr("selected").is_some());
    let said = |options: Vec<ElementRef<'_>>| options.into_iter().map(dom::folded).filter(is_media).collect::<Vec<_>>();
    let shown = said(shown).into_iter().next();
    let plain = || element.descendent_elements().skip(1).filter(|part| dom::is_line(*part)).map(dom::folded).find(is_media);
    // A page that was saved after its script ran tells the chosen one in the label beside the list.
    let label = || dom::named(element, "label").map(dom::folded).filter(is_media);
    let media = label().or(shown).or_else(plain);
    let further = said(further).into_iter().filter(|other| Some(other) != media.as_ref()).collect();
    (media, further)
}
