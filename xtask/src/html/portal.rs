//! A page of an API reference in Redocly's portal, saved as HTML, as the text that the dialect `redoc-page` reads exactly.
//!
//! Takes a parsed page. Returns its text with the marks that the extraction of Redoc pages writes. What a part is, the portal
//! tells by the address of its anchor and by the names of its components, whatever language its words are in. Nothing is decided
//! here: a text that stands where none is known goes out without a mark, and the dialect refuses it at its place.

mod rows;

use scraper::ElementRef;

use super::{dom, prose, redoc};

/// What cannot be read, and what to do about it.
pub(super) type Refused = (String, &'static str);

/// What to do where a page shows less than it has.
pub(super) const TAKE_MARKDOWN: &str =
    "take the same page as Markdown, which the portal serves at the page's address with `.md` behind it: that is read";

/// Whether the page has an operation as the portal shows one.
pub(super) fn is_portal(body: ElementRef<'_>) -> bool {
    dom::find(body, |element| redoc::is_section(element) && heading(element).is_some()).is_some()
}

/// The page's text; an error names what cannot be read and what to do about it.
pub(super) fn text(body: ElementRef<'_>) -> Result<String, Refused> {
    let info = dom::find(body, |element| dom::has_class(element, "api-info"));
    let title = info.and_then(|info| dom::named(info, "h1")).map(dom::folded).filter(|title| !title.is_empty());
    let mut lines = vec![format!("# {}", title.as_deref().unwrap_or("A page of a portal"))];
    let mut sections = Vec::new();
    redoc::outermost(body, &mut sections, 0);
    // A group whose operations the page does not show says nothing of one.
    let mut before = Vec::new();
    for section in sections {
        let id = section.attr("id").unwrap_or_default();
        match heading(section) {
            Some(heading) => {
                lines.append(&mut before);
                operation(section, heading, id, &mut lines)?;
            }
            None => other(section, id, &mut before)?,
        }
    }
    lines.push(String::new());
    Ok(lines.join("\n"))
}

fn is_component(element: ElementRef<'_>, name: &str) -> bool {
    element.attr("data-component-name") == Some(name)
}

fn is_test(element: ElementRef<'_>, name: &str) -> bool {
    element.attr("data-testid") == Some(name)
}

/// The heading of an operation's section.
fn heading(section: ElementRef<'_>) -> Option<ElementRef<'_>> {
    dom::find(section, |element| is_test(element, "operation-item-header"))
}

fn is_prose(element: ElementRef<'_>) -> bool {
    is_component(element, "Markdown/Markdown")
}

fn quote(lines: &mut Vec<String>, indent: &str, element: ElementRef<'_>) -> Result<(), Refused> {
    let said = prose::markdown(element).map_err(|what| (what, TAKE_MARKDOWN))?;
    lines.extend(said.iter().map(|line| format!("{indent}> {line}").trim_end().to_owned()));
    Ok(())
}

/// A group, or a section of the text about the whole API.
fn other(section: ElementRef<'_>, id: &str, lines: &mut Vec<String>) -> Result<(), Refused> {
    let heading = dom::find(section, |element| dom::heading_level(element).is_some()).filter(|_| !id.is_empty());
    if let Some(heading) = heading {
        let mark = if id.contains('/') { "#" } else { "##" };
        lines.extend([String::new(), format!("{mark} {}", dom::folded(heading))]);
    }
    let inner = |element: &ElementRef<'_>| {
        let mut outer = element.ancestors().filter_map(ElementRef::wrap).take_while(|outer| *outer != section);
        is_prose(*element) && !outer.any(is_prose)
    };
    for part in section.descendent_elements().filter(inner) {
        // The heading is a text of its own.
        if heading.is_none_or(|heading| dom::find(part, |element| element == heading).is_none()) {
            quote(lines, "", part)?;
        }
    }
    Ok(())
}

fn operation(section: ElementRef<'_>, heading: ElementRef<'_>, id: &str, lines: &mut Vec<String>) -> Result<(), Refused> {
    let (title, badges) = titled(heading);
    lines.extend([String::new(), format!("### {title}")]);
    for badge in badges {
        let deprecated = badge.eq_ignore_ascii_case("deprecated");
        lines.push(if deprecated { "Deprecated".to_owned() } else { format!("> {badge}") });
    }
    let mut operation = Operation {
        id,
        heading,
        head: true,
        required: false,
        lines: Vec::new(),
        shown: None,
        closed: None,
        verb: None,
        samples: Vec::new(),
    };
    operation.children(section, 0).map_err(|(what, help)| (format!("`{title}`: {what}"), help))?;
    let Some(verb) = operation.verb else {
        return Err((format!("`{title}` shows no verb and path"), TAKE_MARKDOWN));
    };
    lines.extend(operation.lines);
    lines.extend(operation.closed);
    lines.push(verb);
    lines.extend(operation.samples);
    Ok(())
}

/// A heading's own words, and those of the badges on it.
fn titled(heading: ElementRef<'_>) -> (String, Vec<String>) {
    let tags = heading.child_elements().filter(|part| is_component(*part, "Tag/Tag"));
    let badges: Vec<String> = tags.map(dom::folded).filter(|badge| !badge.is_empty()).collect();
    let mut title = dom::folded(heading);
    for badge in badges.iter().rev() {
        title.truncate(title.strip_suffix(badge.as_str()).map_or(title.len(), |title| title.trim_end().len()));
    }
    (title, badges)
}

/// One operation while it is read.
struct Operation<'a> {
    /// What the addresses of its parts begin with.
    id: &'a str,
    heading: ElementRef<'a>,
    /// Whether no section has begun.
    head: bool,
    /// Whether the mark behind a body's heading is told already.
    required: bool,
    lines: Vec<String>,
    /// The status of the response that is shown.
    shown: Option<String>,
    /// The others.
    closed: Option<String>,
    verb: Option<String>,
    samples: Vec<String>,
}

impl<'a> Operation<'a> {
    fn children(&mut self, element: ElementRef<'a>, depth: usize) -> Result<(), Refused> {
        if depth > dom::MAX_DEPTH {
            return Err(("the page is nested deeper than pages are".to_owned(), "save the page once more"));
        }
        let heading = self.heading;
        for child in element.child_elements().filter(|child| *child != heading && !dom::is_silent(*child)) {
            self.element(child, depth + 1)?;
        }
        Ok(())
    }

    fn element(&mut self, element: ElementRef<'a>, depth: usize) -> Result<(), Refused> {
        const TOOLS: [&str; 3] = ["PageActions/PageActions", "Button/Button", "Feedback/Feedback"];
        if TOOLS.iter().any(|tool| is_component(element, tool)) || dom::has_class(element, "array-closing-label") {
            return Ok(());
        }
        if let Some(part) = self.part(element) {
            return self.section(element, part);
        }
        if is_test(element, "samples-block") {
            self.sample(element);
            return Ok(());
        }
        if dom::has_class(element, "property") {
            self.head = false;
            return rows::read(element, 0, &mut self.lines);
        }
        if is_prose(element) {
            return quote(&mut self.lines, "", element);
        }
        if self.head && is_component(element, "Panel/Panel") {
            self.security(element);
            return Ok(());
        }
        if is_component(element, "Segmented/Segmented") {
            let what = "the page chooses between alternatives, of which it shows one".to_owned();
            return Err((what, TAKE_MARKDOWN));
        }
        if element.value().name() == "ol" && self.statuses(element) {
            return Ok(());
        }
        let said = dom::folded(element);
        if let Some(list) = said.strip_prefix("Array").filter(|_| dom::is_line(element)) {
            self.lines.push(format!("Array {}", list.trim().trim_end_matches('[').trim()).trim_end().to_owned());
            return Ok(());
        }
        if said == "required" && std::mem::take(&mut self.required) {
            return Ok(());
        }
        if dom::is_line(element) {
            // What alternatives are called stands above their tabs.
            self.lines.extend(Some(said).filter(|said| !said.is_empty()));
            return Ok(());
        }
        self.children(element, depth)
    }

    /// The address within the operation that a heading's anchor has, such as `request/path`.
    fn part(&self, element: ElementRef<'a>) -> Option<&'a str> {
        let anchor = element.child_elements().find(|child| child.value().name() == "a" && child.attr("id").is_some())?;
        let part = anchor.attr("id")?.strip_prefix(self.id)?.strip_prefix('/')?;
        (!part.starts_with("t=")).then_some(part)
    }

    fn section(&mut self, element: ElementRef<'a>, part: &str) -> Result<(), Refused> {
        self.head &= part == "request";
        let body = |label: &str, lines: &mut Vec<String>| {
            let (media, further) = media_types(element);
            lines.push(media.map_or_else(|| label.to_owned(), |media| format!("{label}: {media}")));
            further
        };
        let further = match part {
            "request" => Vec::new(),
            "request/body" => {
                let further = body("Request Body schema", &mut self.lines);
                // Whether a body must be sent stands before the other media types in a text.
                self.required = is_required(element);
                self.lines.extend(self.required.then(|| "required".to_owned()));
                further
            }
            _ => match part.split_once("response&c=").map(|(_, rest)| rest) {
                Some(rest) if rest.ends_with("/body") => body("Response Schema", &mut self.lines),
                Some(rest) if rest.ends_with("/headers") => {
                    self.lines.push("Response Headers".to_owned());
                    Vec::new()
                }
                Some(status) => {
                    self.lines.extend(["Responses".to_owned(), status.to_owned()]);
                    self.shown = Some(status.to_owned());
                    Vec::new()
                }
                None => {
                    let locations = ["path", "query", "header", "cookie"];
                    let location = part.strip_prefix("request/").filter(|location| locations.contains(location));
                    self.lines.push(location.map_or_else(|| dom::folded(element), |name| format!("{name} Parameters")));
                    Vec::new()
                }
            },
        };
        if !further.is_empty() {
            self.lines.push(format!("Further content types: {}", further.join(", ")));
        }
        Ok(())
    }

    /// Responses whose tabs are closed: the page shows nothing else of them.
    fn statuses(&mut self, list: ElementRef<'a>) -> bool {
        let buttons = list.descendent_elements().filter(|element| is_component(*element, "StatusCode/StatusCode"));
        let statuses: Vec<String> = buttons.map(dom::folded).collect();
        if statuses.is_empty() {
            return false;
        }
        let closed: Vec<String> = statuses.into_iter().filter(|status| Some(status) != self.shown.as_ref()).collect();
        if !closed.is_empty() {
            self.closed = Some(format!("Further responses: {}", closed.join(", ")));
        }
        true
    }

    /// Alternatives, each with its schemes and their scopes: `key or (basic and oauth (Required scopes: read))`.
    fn security(&mut self, panel: ElementRef<'a>) {
        let Some(body) = dom::find(panel, |element| is_test(element, "panel-body")) else { return };
        self.lines.push("Authorizations:".to_owned());
        let mut alternatives: Vec<Vec<String>> = vec![Vec::new()];
        let mut scopes = 0_usize;
        let mut before = "or".to_owned();
        for piece in dom::pieces(body) {
            match piece.as_str() {
                "(" if scopes > 0 || !matches!(before.as_str(), "or" | "and" | "(") => scopes += 1,
                ")" if scopes > 0 => scopes -= 1,
                "(" | ")" | "and" => {}
                _ if scopes > 0 => {}
                "or" => alternatives.push(Vec::new()),
                name => {
                    if let Some(names) = alternatives.last_mut() {
                        names.push(name.to_owned());
                    }
                }
            }
            before = piece;
        }
        self.lines.extend(alternatives.iter().filter(|names| !names.is_empty()).map(|names| names.join(" AND ")));
    }

    /// Verb and path, and the sample of a body; how some programming language calls it is none.
    fn sample(&mut self, block: ElementRef<'a>) {
        let is_path = |element: ElementRef<'_>| element.value().name() == "span" && dom::folded(element).starts_with('/');
        let call = |element: &ElementRef<'_>| {
            let tag = element.child_elements().find(|part| is_component(*part, "Tag/Tag"))?;
            let path = element.child_elements().find(|part| is_path(*part))?;
            Some(format!("{} {}", dom::folded(tag).to_lowercase(), dom::folded(path)))
        };
        let is_request = dom::has_class(block, "panel-container-request-samples");
        if is_request && self.verb.is_none() {
            self.verb = block.descendent_elements().find_map(|element| call(&element));
        }
        let viewer = dom::find(block, |element| is_component(element, "JsonViewer/JsonViewer"));
        let Some(code) = viewer.and_then(|viewer| dom::find(viewer, |element| is_test(element, "source-code"))) else { return };
        self.samples.push(if is_request { "Request samples" } else { "Response samples" }.to_owned());
        self.samples.extend(self.shown.clone().filter(|_| !is_request));
        self.samples.extend(media_types(block).0);
        redoc::fenced(&redoc::json(code), &mut self.samples);
    }
}

/// Whether the mark that a body is required stands beside its heading.
fn is_required(heading: ElementRef<'_>) -> bool {
    let behind = heading.next_siblings().find_map(ElementRef::wrap);
    behind.is_some_and(|mark| mark.value().name() == "span" && dom::folded(mark) == "required")
}

/// The media type that is shown, and the others that could be chosen.
fn media_types(element: ElementRef<'_>) -> (Option<String>, Vec<String>) {
    let is_media = |text: &String| {
        let known =
            text.split_once('/').is_some_and(|(kind, _)| kind.chars().all(|char| char.is_ascii_alphabetic() || char == '*'));
        known && !text.starts_with('/') && !text.contains(char::is_whitespace)
    };
    let mut found: Vec<String> = Vec::new();
    for text in dom::pieces(element).into_iter().filter(is_media) {
        if !found.contains(&text) {
            found.push(text);
        }
    }
    let further = found.split_off(found.len().min(1));
    (found.pop(), further)
}
