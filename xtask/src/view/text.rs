//! The left side: every file of the vendor, line by line, each stretch marked with what became of it.
//!
//! Input: the model. Output: HTML. Each stretch says in attributes where it starts and ends, which fact or boilerplate it
//! is of, and which nodes it became, so that nothing of it has to be guessed from the look.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::{
    classes,
    coverage::Coverage,
    html::{escaped, list, prose},
    model::Model,
};
use crate::{
    document::{Document, Span},
    explain::word,
};

/// All files.
pub(super) fn files(model: &Model<'_>, anchors: &[String]) -> String {
    let notes = notes(model);
    let mut html = String::new();
    model.files.iter().for_each(|file| one(model, anchors, file, &notes, &mut html));
    html
}

/// Findings by document and line; each stands once, at its first place.
fn notes(model: &Model<'_>) -> BTreeMap<(u32, usize), Vec<usize>> {
    let files: BTreeMap<u32, &Document> = model.files.iter().map(|file| (file.id, *file)).collect();
    let mut notes: BTreeMap<(u32, usize), Vec<usize>> = BTreeMap::new();
    for (index, finding) in model.findings.iter().enumerate() {
        let line = |span: &Span| Some((span.document, files.get(&span.document)?.place(span.start).line));
        notes.entry(finding.spans.iter().find_map(line).unwrap_or((u32::MAX, 0))).or_default().push(index);
    }
    notes
}

fn one(model: &Model<'_>, anchors: &[String], file: &Document, notes: &BTreeMap<(u32, usize), Vec<usize>>, html: &mut String) {
    let mut claims = Claims::of(model, file);
    let (id, path, rows) = (file.id, escaped(&file.path), file.lines().len());
    let _ = write!(
        html,
        "<section class=\"file\" data-file=\"{path}\" data-document=\"{id}\" style=\"--rows:{rows}\">\n<h2>{path}</h2>\n<script type=\"text/html\">"
    );
    for (index, line) in file.lines().enumerate() {
        let number = index + 1;
        let _ = write!(html, "<div class=\"line\"><span class=\"number\">{number}</span><code>");
        for part in claims.parts(line.span) {
            claims.part(model, anchors, file, part, html);
        }
        html.push_str("</code>");
        if let Some(found) = notes.get(&(file.id, number)) {
            html.push_str("<div class=\"notes\">");
            found.iter().for_each(|index| note(model, *index, html));
            html.push_str("</div>");
        }
        html.push_str("</div>\n");
    }
    html.push_str("</script></section>\n");
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
        prose(&finding.subject),
        prose(&finding.text)
    );
}

/// What became of one file's text.
struct Claims<'a> {
    /// Where something starts or ends.
    cuts: BTreeSet<u32>,
    facts: &'a [Span],
    boilerplate: &'a [(Span, &'static str)],
    /// Which facts, boilerplate and nodes hold the part that comes next.
    covering: [Coverage; 3],
}

impl<'a> Claims<'a> {
    fn of(model: &'a Model<'_>, file: &Document) -> Self {
        let ledger = model.made.specification.ledgers.get(file.id as usize);
        let facts = ledger.map(|ledger| ledger.facts()).unwrap_or_default();
        let boilerplate = ledger.map(|ledger| ledger.boilerplate_spans()).unwrap_or_default();
        let numbered = |spans: &mut dyn Iterator<Item = Span>| Coverage::new(spans.zip(0..).collect());
        let placed = model.placed(file.id);
        let spans = facts.iter().chain(boilerplate.iter().map(|(span, _)| span)).chain(placed.iter().map(|(span, _)| span));
        Self {
            cuts: spans.flat_map(|span| [span.start, span.end]).collect(),
            facts,
            boilerplate,
            covering: [
                numbered(&mut facts.iter().copied()),
                numbered(&mut boilerplate.iter().map(|(span, _)| *span)),
                Coverage::new(placed.to_vec()),
            ],
        }
    }

    /// A line, cut wherever something starts or ends.
    fn parts(&self, line: Span) -> Vec<Span> {
        let inside = self.cuts.range(line.start..line.end).copied().filter(|cut| *cut > line.start);
        let cuts: Vec<u32> = [line.start].into_iter().chain(inside).chain([line.end]).collect();
        let pairs = cuts.iter().zip(cuts.iter().skip(1));
        pairs.filter(|(start, end)| start < end).map(|(&start, &end)| Span { start, end, ..line }).collect()
    }

    /// The next part, with the nodes that it became: those whose places hold it, the smallest first; else the one that says its words.
    fn part(&mut self, model: &Model<'_>, anchors: &[String], file: &Document, part: Span, html: &mut String) {
        let text = escaped(file.slice(part));
        let [facts, rules, nodes] = &mut self.covering;
        let (facts, rules) = (facts.numbers(part), rules.numbers(part));
        let mut nodes = innermost_first(model, nodes.at(part));
        if let (Some(fact), true) = (facts.first().and_then(|fact| self.facts.get(*fact)), nodes.is_empty()) {
            nodes.extend(model.nearest(file, *fact));
        }
        let rule = rules.first().and_then(|rule| self.boilerplate.get(*rule)).map(|(_, rule)| escaped(rule));
        let mut marks = format!("data-s=\"{}\" data-e=\"{}\"", part.start, part.end);
        if !facts.is_empty() {
            let _ = write!(marks, " data-fact=\"{}\"", list(&facts));
        }
        if let Some(rule) = &rule {
            let _ = write!(marks, " data-boilerplate=\"{}\" data-rule=\"{rule}\"", list(&rules));
        }
        let first = nodes.first().and_then(|first| Some((model.nodes.get(*first)?, anchors.get(*first)?)));
        let _ = match (first, &rule) {
            // Boilerplate may stand inside a node's place; it says nothing all the same.
            (Some((node, anchor)), rule) if rule.is_none() || !facts.is_empty() => {
                let classes: String = classes(node).map(|class| format!(" {class}")).collect();
                let (anchor, nodes) = (escaped(anchor), list(&nodes));
                write!(html, "<a class=\"fact{classes}\" href=\"#{anchor}\" data-n=\"{nodes}\" {marks}>{text}</a>")
            }
            (_, Some(rule)) => write!(html, "<span class=\"boilerplate\" title=\"{rule}\" {marks}>{text}</span>"),
            (_, None) => write!(html, "<span {marks}>{text}</span>"),
        };
    }
}

/// Each node once, the one with the smallest place first, of two with the same the one further down.
fn innermost_first(model: &Model<'_>, holding: impl Iterator<Item = (u32, usize)>) -> Vec<usize> {
    let depth = |node: usize| model.nodes.get(node).map_or(0, |node| node.pointer.depth());
    let mut around: Vec<(u32, std::cmp::Reverse<usize>, usize)> =
        holding.map(|(size, node)| (size, std::cmp::Reverse(depth(node)), node)).collect();
    around.sort_unstable();
    let mut nodes: Vec<usize> = Vec::with_capacity(around.len());
    for (_, _, node) in around {
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }
    nodes
}
