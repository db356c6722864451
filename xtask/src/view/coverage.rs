//! Which of many stretches of a document hold a part of it.
//!
//! Input: stretches with a number each, and parts in the order of the text. Output: the numbers of those that hold a part.
//! Each stretch is looked at when it starts and until it ends, so that the whole takes time by what is found. Knows nothing
//! of what the stretches mean.

use crate::document::Span;

/// The stretches of one document, on the way from its start to its end.
pub(super) struct Coverage {
    /// Those to come, the last one first.
    ahead: Vec<(Span, usize)>,
    open: Vec<(Span, usize)>,
}

impl Coverage {
    pub(super) fn new(mut stretches: Vec<(Span, usize)>) -> Self {
        stretches.sort_unstable_by_key(|(span, number)| std::cmp::Reverse((span.start, span.end, *number)));
        Self { ahead: stretches, open: Vec::new() }
    }

    /// Those that hold all of `part`, with their sizes. Parts are asked for in the order of their starts, and none is cut by a stretch.
    pub(super) fn at(&mut self, part: Span) -> impl Iterator<Item = (u32, usize)> {
        while let Some(next) = self.ahead.pop_if(|(span, _)| span.start <= part.start) {
            self.open.push(next);
        }
        self.open.retain(|(span, _)| span.end > part.start);
        let holding = self.open.iter().filter(move |(span, _)| part.end <= span.end);
        holding.map(|(span, number)| (span.end - span.start, *number))
    }

    /// The numbers of [`at`](Self::at), in order.
    pub(super) fn numbers(&mut self, part: Span) -> Vec<usize> {
        let mut numbers: Vec<usize> = self.at(part).map(|(_, number)| number).collect();
        numbers.sort_unstable();
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::Coverage;
    use crate::document::Span;

    #[test]
    fn a_part_is_held_by_what_reaches_over_all_of_it() {
        let span = |start, end| Span { document: 0, start, end };
        let mut coverage = Coverage::new(vec![(span(4, 6), 2), (span(0, 9), 0), (span(0, 4), 1), (span(20, 30), 3)]);
        let mut at = |start, end| coverage.numbers(span(start, end));
        assert_eq!(at(0, 4), [0, 1]);
        assert_eq!(at(4, 6), [0, 2]);
        assert_eq!(at(6, 9), [0]);
        assert_eq!(at(9, 20), [0; 0]);
        assert_eq!(at(22, 30), [3]);
    }
}
