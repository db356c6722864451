//! The tables of fields of a Redoc page.
//!
//! Takes a table. Returns its rows as lines: the name behind `-`, then labels, the type line, values, prose, and what an
//! unfolded row shows within itself. Knows nothing of what the rows belong to.

use scraper::ElementRef;

use super::{
    super::{dom, prose},
    TAKE_DOCUMENT, is_prose,
};

type Refused = (String, &'static str);

/// Whether a table is one of fields.
pub(super) fn is_rows(table: ElementRef<'_>) -> bool {
    prose::dom_rows(table).any(|row| row.child_elements().next().is_some_and(is_name))
}

/// Whether a table has the values that are allowed, each with its description.
fn is_described_values(table: ElementRef<'_>) -> bool {
    let head = prose::dom_rows(table).next().map(|row| row.child_elements().map(dom::folded).collect::<Vec<_>>());
    head.is_some_and(|head| {
        matches!(head.as_slice(), [label, text] if text == "Description" && (label.ends_with("Enum") || label.ends_with("Value")))
    })
}

fn is_name(cell: ElementRef<'_>) -> bool {
    cell.attr("kind").is_some() || dom::find(cell, |part| dom::has_class(part, "property-name")).is_some()
}

pub(super) fn read(table: ElementRef<'_>, depth: usize, lines: &mut Vec<String>) -> Result<(), Refused> {
    if depth > dom::MAX_DEPTH {
        return Err(("the page is nested deeper than pages are".to_owned(), TAKE_DOCUMENT));
    }
    if let Some(caption) = dom::named(table, "caption").map(dom::folded).filter(|caption| !caption.is_empty()) {
        lines.push(caption);
    }
    let mut last = String::new();
    for row in prose::dom_rows(table) {
        let mut cells = row.child_elements();
        match (cells.next(), cells.next()) {
            (Some(name), Some(value)) if is_name(name) => last = field(name, value, depth, lines)?,
            (Some(inner), None) => unfolded(inner, &last, depth + 1, lines)?,
            _ => return Err((format!("a row behind `{last}` is none of a field"), TAKE_DOCUMENT)),
        }
    }
    Ok(())
}

/// One row; its name is given back.
fn field(cell: ElementRef<'_>, value: ElementRef<'_>, depth: usize, lines: &mut Vec<String>) -> Result<String, Refused> {
    let mut labels = dom::pieces(cell);
    let own = dom::find(cell, |part| dom::has_class(part, "property-name")).map(dom::folded);
    let name = own.or_else(|| labels.first().cloned()).unwrap_or_default();
    labels.retain(|label| *label != name);
    let indent = "  ".repeat(depth);
    lines.push(format!("{indent}- {name}"));
    let struck = dom::has_class(cell, "deprecated") && !dom::pieces(value).iter().any(|text| text == "Deprecated");
    labels.extend(struck.then(|| "deprecated".to_owned()));
    lines.extend(labels.iter().map(|label| format!("{indent}  {label}")));
    if dom::named(value, "select").is_some() {
        return Err((format!("the row `{name}` chooses between alternatives, of which the page shows one"), TAKE_DOCUMENT));
    }
    let mut cell = Cell { lines, indent: indent + "  ", said: 0 };
    cell.read(value, 0)?;
    Ok(name)
}

/// What stands beside a name.
struct Cell<'l> {
    lines: &'l mut Vec<String>,
    indent: String,
    /// How many lines were written.
    said: usize,
}

impl Cell<'_> {
    fn line(&mut self, line: &str) {
        self.lines.push(format!("{}{line}", self.indent).trim_end().to_owned());
        self.said += 1;
    }

    fn read(&mut self, element: ElementRef<'_>, depth: usize) -> Result<(), Refused> {
        if let Some(table) = Some(element).filter(|element| element.value().name() == "table" && is_described_values(*element)) {
            self.described_values(table);
            return Ok(());
        }
        if is_prose(element) || self.is_link(element) {
            let prose = prose::markdown(element).map_err(|what| (what, TAKE_DOCUMENT))?;
            prose.iter().for_each(|line| self.line(&format!("> {line}")));
        } else if dom::is_line(element) {
            // A pattern is glued to its type, and a title is not: the page's own blanks tell them apart.
            let line = dom::folded(element);
            if !line.is_empty() {
                self.line(&line);
            }
        } else if depth < dom::MAX_DEPTH {
            self.parts(element, depth)?;
        }
        Ok(())
    }

    /// Lines one below the other; what stands between them in a row is one line.
    fn parts(&mut self, element: ElementRef<'_>, depth: usize) -> Result<(), Refused> {
        let mut row: Vec<String> = Vec::new();
        for part in element.child_elements().filter(|part| !dom::is_silent(*part)) {
            let list = matches!(part.value().name(), "ul" | "ol");
            if dom::is_inline(part) || list && !row.is_empty() {
                row.extend(dom::pieces(part));
            } else {
                self.row(&mut row);
                self.read(part, depth + 1)?;
            }
        }
        self.row(&mut row);
        Ok(())
    }

    /// Values with a description each, as a line of values and a list of prose.
    fn described_values(&mut self, table: ElementRef<'_>) {
        let mut cells = prose::dom_rows(table).map(|row| row.child_elements().map(dom::folded).collect::<Vec<_>>());
        let label = cells.next().and_then(|head| head.into_iter().next()).unwrap_or_default();
        let rows: Vec<Vec<String>> = cells.collect();
        let quoted = |value: &String| {
            let plain = !value.is_empty() && !value.contains([' ', ',', '"']);
            if plain { value.clone() } else { serde_json::Value::from(value.as_str()).to_string() }
        };
        let values: Vec<String> = rows.iter().filter_map(|cells| cells.first().map(quoted)).collect();
        self.line(&format!("{label}: {}", values.join(" ")));
        for cells in rows {
            self.line(&format!("> - {}", cells.join(": ")));
        }
    }

    fn row(&mut self, row: &mut Vec<String>) {
        if !row.is_empty() {
            self.line(&std::mem::take(row).join(" "));
        }
    }

    /// A link below the type leads to further documentation.
    fn is_link(&self, element: ElementRef<'_>) -> bool {
        self.said > 0 && dom::is_line(element) && dom::named(element, "a").is_some_and(|link| link.attr("href").is_some())
    }
}

/// What a row shows within itself when it is unfolded: rows, within a list as often as not.
fn unfolded(element: ElementRef<'_>, name: &str, depth: usize, lines: &mut Vec<String>) -> Result<(), Refused> {
    for part in element.child_elements().filter(|part| !dom::is_silent(*part)) {
        if part.value().name() == "table" && is_rows(part) {
            read(part, depth, lines)?;
            continue;
        }
        if !dom::is_line(part) {
            unfolded(part, name, depth, lines)?;
            continue;
        }
        let said = dom::folded(part);
        // The words around the rows of a list say what its type line says too.
        let of_a_list = said.is_empty() || said == "Array" || said.starts_with("Array (") && said.ends_with(')');
        if !of_a_list {
            let what = format!("the row `{name}` is unfolded and shows `{said}`, which is more than rows");
            return Err((what, "fold this row on the page, and save it once more"));
        }
    }
    Ok(())
}
