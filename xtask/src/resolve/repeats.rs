//! What a page says of an operation in several places.
//!
//! Takes operations, as their first places have them, and what further places say. The first one is kept, since tables and titles
//! are maintained with more care than headings and samples; a contradiction tells where a further one differs.

use crate::{
    api::{Api, Operation},
    dialect::{Repeat, Said},
    document::Span,
    finding::{Finding, FindingKind},
};

use super::subject::title;

/// Compares `repeats` with the operations of `api`.
pub(super) fn settle(api: &Api, repeats: &[Repeat<'_>], findings: &mut Vec<Finding>) {
    for (index, operation) in api.operations.iter().enumerate() {
        let repeats = || repeats.iter().filter(move |repeat| repeat.operation == index);
        let mut tell = |text: String, spans: Vec<Span>| {
            findings.push(Finding::new(FindingKind::Contradiction, title(operation), text, spans));
        };
        for Repeat { said, span, first, .. } in repeats() {
            match said {
                Said::Heading(heading) if operation.summary.as_deref() != Some(*heading) => {
                    let kept = operation.summary.as_deref().unwrap_or_default();
                    tell(format!("the title says `{kept}`, the heading `{heading}`: the title is kept"), vec![*first, *span]);
                }
                Said::Status(status) if operation.responses.iter().all(|response| response.status != *status) => {
                    let text = format!("the sample shows the status {status}, which no table of the page has: the table is kept");
                    tell(text, vec![*span]);
                }
                Said::ResponseType { first: body, further } if body != further => {
                    let text =
                        format!("the heading of the body says `{body}`, that of the response `{further}`: the body's is kept");
                    tell(text, vec![*first, *span]);
                }
                _ => {}
            }
        }
        let other = |repeat: &&Repeat<'_>| matches!(repeat.said, Said::Target(target) if !is_target(target, operation));
        let mut others = repeats().filter(other).peekable();
        if let Some(Repeat { said: Said::Target(target), first, .. }) = others.peek().copied() {
            let text = format!("a sample is sent to `{target}`: the page's own method and path are kept");
            tell(text, [*first].into_iter().chain(others.map(|repeat| repeat.span)).collect());
        }
    }
}

/// Whether a line such as `GET /ships?page=2` has the method and the path of an operation.
fn is_target(target: &str, operation: &Operation) -> bool {
    let (method, rest) = target.split_once(' ').unwrap_or((target, ""));
    let path = rest.split('?').next().unwrap_or_default().trim();
    method == operation.method.name() && path == operation.path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Method, Origin};

    #[test]
    fn a_target_is_compared_without_its_query() {
        let operation = Operation::new(Method::Get, "/ships".to_owned(), Origin::default());
        for (target, same) in
            [("GET /ships", true), ("GET /ships?page=2", true), ("POST /ships", false), ("GET /ship", false), ("/ships", false)]
        {
            assert_eq!(is_target(target, &operation), same, "{target}");
        }
    }
}
