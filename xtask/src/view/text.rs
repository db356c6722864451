//! The left side: every file of the vendor, line by line, each stretch marked with what became of it.
//!
//! Input: the model. Output: HTML. Each stretch says in attributes where it starts and ends, which fact or boilerplate it
//! is of, and which nodes it became, so that nothing of it has to be guessed from the look.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::{
    html::{escaped, list},
    model::Model,
};
use crate::{
    document::{Document, Span},
    explain::word,
};

/// All files.
pub(super) fn files(model: &Model<'_>) -> String {
    let notes = notes(model);
    model.files.iter().map(|file| one(model, file, &notes)).collect()
}

/// Findings by document and line; each stands once, at its first place.
fn notes(model: &Model<'_>) -> BTreeMap<(u32, usize), Vec<usize>> {
    let mut notes: BTreeMap<(u32, usize), Vec<usize>> = BTreeMap::new();
    for (index, finding) in model.findings.iter().enumerate() {
        let place = finding.spans.iter().find_map(|span| {
            let document = model.files.iter().find(|file| file.id == span.document)?;
            Some((document.id, document.place(span.start).line))
        });
        notes.entry(place.unwrap_or((u32::MAX, 0))).or_default().push(index);
    }
    notes
}

fn one(model: &Model<'_>, file: &Document, notes: &BTreeMap<(u32, usize), Vec<usize>>) -> String {
    let claims = Claims::of(model, file);
    let mut html = format!("<section class=\"file\" data-file=\"{0}\">\n<h2>{0}</h2>\n", escaped(&file.path));
    for (index, line) in file.lines().enumerate() {
        let number = index + 1;
        let _ = write!(html, "<div class=\"line\"><span class=\"number\">{number}</span><code>");
        for part in claims.parts(line.span) {
            claims.part(model, file, part, &mut html);
        }
        html.push_str("</code>");
        if let Some(found) = notes.get(&(file.id, number)) {
            html.push_str("<div class=\"notes\">");
            found.iter().for_each(|index| note(model, *index, &mut html));
            html.push_str("</div>");
        }
        html.push_str("</div>\n");
    }
    html.push_str("</section>\n");
    html
}

fn note(model: &Model<'_>, index: usize, html: &mut String) {
    let Some(finding) = model.findings.get(index) else { return };
    let nodes = model.about(index);
    let kind = word(finding.kind);
    let _ = write!(
        html,
        "<aside class=\"note {}\" tabindex=\"0\" data-finding=\"{index}\" data-n=\"{}\"><b>{kind}</b> <i>{}</i> {}</aside>",
        kind.replace(' ', "-"),
        list(&nodes),
        escaped(&finding.subject),
        escaped(&finding.text)
    );
}

/// What became of one file's text.
struct Claims {
    /// Where something starts or ends.
    cuts: BTreeSet<u32>,
    facts: Vec<Span>,
    boilerplate: Vec<(Span, &'static str)>,
}

impl Claims {
    fn of(model: &Model<'_>, file: &Document) -> Self {
        let ledger = model.made.specification.ledgers.get(file.id as usize);
        let facts = ledger.map(|ledger| ledger.facts().to_vec()).unwrap_or_default();
        let boilerplate = ledger.map(|ledger| ledger.furnishings().to_vec()).unwrap_or_default();
        let places = model.nodes.iter().flat_map(|node| &node.places).filter(|place| place.document == file.id);
        let spans = facts.iter().chain(boilerplate.iter().map(|(span, _)| span)).chain(places);
        Self { cuts: spans.flat_map(|span| [span.start, span.end]).collect(), facts, boilerplate }
    }

    /// A line, cut wherever something starts or ends.
    fn parts(&self, line: Span) -> Vec<Span> {
        let inside = self.cuts.range(line.start..line.end).copied().filter(|cut| *cut > line.start);
        let cuts: Vec<u32> = [line.start].into_iter().chain(inside).chain([line.end]).collect();
        let pairs = cuts.iter().zip(cuts.iter().skip(1));
        pairs.filter(|(start, end)| start < end).map(|(&start, &end)| Span { start, end, ..line }).collect()
    }

    fn part(&self, model: &Model<'_>, file: &Document, part: Span, html: &mut String) {
        let text = escaped(file.slice(part));
        let holds = |span: &Span| span.start <= part.start && part.end <= span.end;
        let facts: Vec<usize> = (0..).zip(&self.facts).filter(|(_, span)| holds(span)).map(|(at, _)| at).collect();
        let rules: Vec<usize> = (0..).zip(&self.boilerplate).filter(|(_, (span, _))| holds(span)).map(|(at, _)| at).collect();
        let mut nodes = model.made_of(part);
        if let (Some(fact), true) = (facts.first().and_then(|fact| self.facts.get(*fact)), nodes.is_empty()) {
            nodes.extend(model.nearest(*fact));
        }
        let mut marks = format!("data-s=\"{}\" data-e=\"{}\"", part.start, part.end);
        if !facts.is_empty() {
            let _ = write!(marks, " data-fact=\"{}\"", list(&facts));
        }
        if let Some((_, rule)) = rules.first().and_then(|rule| self.boilerplate.get(*rule)) {
            let _ = write!(marks, " data-boilerplate=\"{}\" data-rule=\"{}\"", list(&rules), escaped(rule));
        }
        let node = nodes.first().and_then(|first| Some((first, model.nodes.get(*first)?)));
        let _ = match node {
            // Boilerplate may stand inside a node's place; it says nothing all the same.
            Some((first, node)) if rules.is_empty() || !facts.is_empty() => {
                let mut classes = vec!["fact"];
                classes.extend(super::classes(node));
                let (classes, nodes, title) = (classes.join(" "), list(&nodes), escaped(&node.subject));
                write!(html, "<a class=\"{classes}\" href=\"#n{first}\" title=\"{title}\" data-n=\"{nodes}\" {marks}>{text}</a>")
            }
            _ if !rules.is_empty() => {
                let rule = rules.first().and_then(|rule| self.boilerplate.get(*rule)).map_or("", |(_, rule)| rule);
                write!(html, "<span class=\"boilerplate\" title=\"{}\" {marks}>{text}</span>", escaped(rule))
            }
            _ => write!(html, "<span {marks}>{text}</span>"),
        };
    }
}
