//! What the readers of pages take from an element: classes, lines, the pieces of a text.
//!
//! Takes elements of a parsed page. Returns their parts and texts. Knows nothing of any kind of page.

use scraper::{ElementRef, Node};

use crate::words::one_line;

/// Deeper nesting than any page has.
pub(super) const MAX_DEPTH: usize = 200;

pub(super) fn has_class(element: ElementRef<'_>, class: &str) -> bool {
    element.value().classes().any(|own| own == class)
}

/// The first element at or below `element` that `is` tells.
pub(super) fn find<'a>(element: ElementRef<'a>, is: impl Fn(ElementRef<'a>) -> bool) -> Option<ElementRef<'a>> {
    element.descendent_elements().find(|element| is(*element))
}

pub(super) fn named<'a>(element: ElementRef<'a>, name: &str) -> Option<ElementRef<'a>> {
    find(element, |element| element.value().name() == name)
}

/// 1 to 6 for a heading.
pub(super) fn heading_level(element: ElementRef<'_>) -> Option<usize> {
    let level = element.value().name().strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

/// Whether it is drawn, runs or is a part of neither text nor tables.
pub(super) fn is_silent(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "script" | "style" | "noscript" | "template" | "svg" | "head" | "colgroup")
}

/// Whether it stands within a line of text.
pub(super) fn is_inline(element: ElementRef<'_>) -> bool {
    const INLINE: [&str; 24] = [
        "a", "abbr", "b", "br", "button", "cite", "code", "del", "em", "i", "img", "input", "ins", "kbd", "label", "mark", "q",
        "s", "small", "span", "strong", "sub", "sup", "u",
    ];
    INLINE.contains(&element.value().name())
}

/// Whether nothing below it starts a line of its own.
pub(super) fn is_line(element: ElementRef<'_>) -> bool {
    element.descendent_elements().skip(1).all(|below| is_inline(below) || is_silent(below))
}

/// All of its text with white space folded.
pub(super) fn folded(element: ElementRef<'_>) -> String {
    one_line(&element.text().collect::<String>())
}

/// The texts below it, one for each element that has some, as they stand there.
pub(super) fn pieces(element: ElementRef<'_>) -> Vec<String> {
    let mut pieces = Vec::new();
    collect(element, &mut pieces, 0);
    pieces
}

fn collect(element: ElementRef<'_>, pieces: &mut Vec<String>, depth: usize) {
    let mut own = String::new();
    let end = |own: &mut String, pieces: &mut Vec<String>| {
        let text = std::mem::take(own).replace(['\n', '\r', '\t'], " ");
        if !text.trim().is_empty() {
            pieces.push(text.trim().to_owned());
        }
    };
    for child in element.children() {
        match child.value() {
            Node::Text(text) => own.push_str(text),
            Node::Element(_) => {
                end(&mut own, pieces);
                if let Some(child) = ElementRef::wrap(child).filter(|child| depth < MAX_DEPTH && !is_silent(*child)) {
                    collect(child, pieces, depth + 1);
                }
            }
            _ => {}
        }
    }
    end(&mut own, pieces);
}
