//! The fields of a page of Redocly's portal.
//!
//! Takes a field. Returns it as lines: the name behind `-`, then labels, the type line, values, prose, and the fields that it
//! unfolds within itself. Knows nothing of what the fields belong to.

use scraper::ElementRef;

use super::{Refused, TAKE_MARKDOWN, dom, is_component, is_prose, is_test, quote};

pub(super) fn read(field: ElementRef<'_>, depth: usize, lines: &mut Vec<String>) -> Result<(), Refused> {
    if depth > dom::MAX_DEPTH {
        return Err(("the page is nested deeper than pages are".to_owned(), TAKE_MARKDOWN));
    }
    let mut parts = field.child_elements().filter(|part| !dom::is_silent(*part));
    let head = parts.next().unwrap_or(field);
    let name = dom::find(head, |part| dom::has_class(part, "schema-name")).map(dom::folded).unwrap_or_default();
    let indent = "  ".repeat(depth);
    lines.push(format!("{indent}- {name}"));
    let indent = indent + "  ";
    let (types, mut labels): (Vec<_>, Vec<_>) = head
        .child_elements()
        .filter(|part| dom::find(*part, |part| dom::has_class(part, "schema-name")).is_none())
        .partition(|part| is_test(*part, "schema-type-info"));
    labels.retain(|label| !dom::folded(*label).is_empty());
    let mut line = type_line(&types.into_iter().map(dom::folded).collect::<Vec<_>>());
    for label in labels {
        let said = dom::folded(label);
        // Beside the type stand its labels and the pattern, which begins as no word does.
        if said.starts_with(|char: char| char.is_alphabetic()) {
            lines.push(format!("{indent}{}", if is_component(label, "Tag/Tag") { said.to_lowercase() } else { said }));
        } else {
            line = format!("{line} {said}");
        }
    }
    lines.push(format!("{indent}{line}"));
    let mut prose = Vec::new();
    for part in parts {
        if is_prose(part) {
            prose.push(part);
        } else if !nested(part, &name, depth, lines, &mut prose)? {
            values(part, &indent, lines)?;
        }
    }
    prose.into_iter().try_for_each(|text| quote(lines, &indent, text))
}

/// Fields that a field unfolds, and its prose before them; `false` where the part is another one.
fn nested<'a>(
    part: ElementRef<'a>,
    name: &str,
    depth: usize,
    lines: &mut Vec<String>,
    prose: &mut Vec<ElementRef<'a>>,
) -> Result<bool, Refused> {
    let is_field = |element: ElementRef<'_>| dom::has_class(element, "property") && !element.value().name().eq("span");
    let inner = dom::find(part, is_field);
    let tabs = dom::find(part, |element| is_component(element, "Segmented/Segmented"));
    if tabs.is_some() && inner.is_some() {
        let what = format!("the row `{name}` is unfolded and shows one of its alternatives");
        return Err((what, "fold this row on the page, and save it once more"));
    }
    let folds = tabs.is_some() || dom::find(part, |element| dom::has_class(element, "view-nested-wrapper")).is_some();
    if !folds && inner.is_none() {
        return Ok(false);
    }
    let indent = "  ".repeat(depth + 1);
    for text in prose.drain(..) {
        quote(lines, &indent, text)?;
    }
    unfolded(part, depth + 1, lines)?;
    Ok(true)
}

fn unfolded(element: ElementRef<'_>, depth: usize, lines: &mut Vec<String>) -> Result<(), Refused> {
    for part in element.child_elements().filter(|part| !dom::is_silent(*part)) {
        if dom::has_class(part, "property") && part.value().name() == "div" {
            read(part, depth, lines)?;
        } else {
            unfolded(part, depth + 1, lines)?;
        }
    }
    Ok(())
}

/// A label and what stands behind it: `Default` and a value, `Enum` and values.
fn values(part: ElementRef<'_>, indent: &str, lines: &mut Vec<String>) -> Result<(), Refused> {
    let pieces = dom::pieces(part);
    let Some((label, values)) = pieces.split_first() else { return Ok(()) };
    if is_test(part, "external-documentation") {
        return quote(lines, indent, part);
    }
    lines.push(format!("{indent}{}: {}", label.trim_end_matches(':'), values.join(" ")));
    Ok(())
}

/// `string (uuid) <= 5 characters` as Redoc writes it: a format in angle brackets, a title in parentheses.
fn type_line(infos: &[String]) -> String {
    const SCALARS: [&str; 4] = ["string", "integer", "number", "boolean"];
    let scalar = infos.first().is_some_and(|kind| {
        let innermost = kind.rsplit("Array of ").next().unwrap_or_default();
        SCALARS.iter().any(|scalar| innermost.starts_with(scalar))
    });
    let is_format = |text: &str| {
        text.starts_with(|char: char| char.is_ascii_lowercase())
            && text.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-')
    };
    let words = infos.iter().enumerate().map(|(at, info)| {
        let inner = info.strip_prefix('(').and_then(|info| info.strip_suffix(')'));
        match inner.filter(|inner| at == 1 && scalar && is_format(inner)) {
            Some(format) => format!("<{format}>"),
            None => info.clone(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
