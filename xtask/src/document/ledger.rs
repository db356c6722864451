//! The ledger of a document: what became of each stretch of its text.
//!
//! Input: claims of a dialect. Output: what is claimed, what is refused, and what is left over. A stretch is in one of
//! three states: a fact of the specification, boilerplate of the page, or refused. A description is claimed line by line, so
//! that text which the dialect failed to understand cannot hide in one.

use std::{borrow::Cow, ops::Range};

use super::{Document, Line, Span, is_blank};

/// What a dialect did with each stretch of a document's text.
#[derive(Debug, Default)]
pub struct Ledger {
    facts: Vec<Span>,
    boilerplate: Vec<(Span, &'static str)>,
    refused: Vec<(Span, Cow<'static, str>)>,
}

impl Ledger {
    /// The stretch became part of a node of the specification.
    pub fn fact(&mut self, span: Span) {
        self.facts.push(span);
    }

    /// The stretch says nothing about the API; `rule` names why, such as `table head`.
    pub fn boilerplate(&mut self, span: Span, rule: &'static str) {
        self.boilerplate.push((span, rule));
    }

    /// The stretch is known not to be understood; `what` says what stands there, such as `the column words of a table`.
    /// A refused stretch stops the run, whatever else claims it.
    pub fn refuse(&mut self, span: Span, what: impl Into<Cow<'static, str>>) {
        self.refused.push((span, what.into()));
    }

    /// The stretch is a description: a fact, unless `foreign` knows one of its lines to be something that no description
    /// has, such as the column words of a table, the name of a section or the mark of a row. Such a line is refused, and
    /// `false` is returned.
    pub fn describe(&mut self, document: &Document, span: Span, foreign: impl Fn(&str) -> Option<&'static str>) -> bool {
        self.fact(span);
        let mut start = span.start as usize;
        let mut clean = true;
        for line in document.slice(span).split_inclusive('\n') {
            let whole = Line { span: document.span(start..start + line.len()), text: line };
            start += line.len();
            let line = whole.trimmed(is_blank);
            if let Some(what) = foreign(line.text).filter(|_| !line.text.is_empty()) {
                self.refuse(line.span, what);
                clean = false;
            }
        }
        clean
    }

    /// What is refused, each with what stands there.
    #[must_use]
    pub fn refused(&self) -> &[(Span, Cow<'static, str>)] {
        &self.refused
    }

    /// What became part of a node, in the order of reading.
    #[must_use]
    pub fn facts(&self) -> &[Span] {
        &self.facts
    }

    /// What says nothing about the API, with the rule that says so.
    #[must_use]
    pub fn boilerplate_spans(&self) -> &[(Span, &'static str)] {
        &self.boilerplate
    }

    /// The stretches (trimmed, white space aside) that nothing has claimed, in the order of the text. What is refused counts as
    /// claimed here: it is told by [`Ledger::refused`].
    #[must_use]
    pub fn left_over(&self, document: &Document) -> Vec<Span> {
        let refused = self.refused.iter().map(|(span, _)| span);
        let spans = self.facts.iter().chain(self.boilerplate.iter().map(|(span, _)| span)).chain(refused);
        let mut claims: Vec<(u32, u32)> = spans.map(|span| (span.start, span.end)).collect();
        // Claims come in long runs that are sorted already, which only the stable sort makes use of. Which of two that start
        // together comes first does not matter.
        claims.sort_by_key(|(start, _)| *start);
        let mut gaps = Vec::new();
        let mut at = 0;
        for (start, end) in claims {
            push_gap(document, at..start as usize, &mut gaps);
            at = at.max(end as usize);
        }
        push_gap(document, at..document.text.len(), &mut gaps);
        gaps
    }

    /// How many characters (white space aside) are claimed, and how many there are.
    #[must_use]
    pub fn accounted(&self, document: &Document) -> (usize, usize) {
        let count = |text: &str| text.chars().filter(|char| !is_blank(*char)).count();
        let total = count(&document.text);
        let refused = self.refused.iter().map(|(span, _)| *span);
        let left: usize = self.left_over(document).into_iter().chain(refused).map(|span| count(document.slice(span))).sum();
        (total.saturating_sub(left), total)
    }
}

fn push_gap(document: &Document, range: Range<usize>, gaps: &mut Vec<Span>) {
    let Some(text) = document.text.get(range.clone()) else { return };
    if text.bytes().all(|byte| byte.is_ascii_whitespace()) {
        return;
    }
    let gap = Line { span: document.span(range), text }.trimmed(is_blank);
    if !gap.text.is_empty() {
        gaps.push(gap.span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_with_a_foreign_line_is_refused_at_that_line() {
        let document = Document::new(0, "page", "Reads it.\n  Name | Type\nAll of it.".to_owned());
        let mut ledger = Ledger::default();
        let whole = document.span(0..document.text.len());
        let foreign = |line: &str| (line == "Name | Type").then_some("the column words of a table");
        assert!(!ledger.describe(&document, whole, foreign));
        let [(span, what)] = ledger.refused() else { panic!("one line is refused: {:?}", ledger.refused()) };
        assert_eq!((document.source(*span), &**what), ("page:2:3".to_owned(), "the column words of a table"));
        assert_eq!(ledger.left_over(&document), []);
        assert_eq!(ledger.accounted(&document), (16, 25));
        assert!(Ledger::default().describe(&document, whole, |_| None));
    }
}
