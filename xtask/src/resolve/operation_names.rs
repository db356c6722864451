//! What an operation is called.
//!
//! Takes operations with the headings of their pages. Leaves each with an id and a summary: the id is the page's own, or its heading
//! in PascalCase, or method and path in words; the summary is the heading, or the first sentence of the description.

use super::subject::title;
use crate::{
    api::Operation,
    words::{name_from_path, pascal_case},
};

/// A name is made of a heading up to this many characters; a longer one has most often lost its end.
const LONGEST_HEADING: usize = 64;
/// A longer sentence heads nothing.
const LONGEST_SUMMARY: usize = 120;

/// Names all operations of a page.
pub(super) fn settle(operations: &mut [Operation]) {
    for operation in operations {
        if operation.operation_id.is_empty() {
            let (id, reason) = id(operation);
            operation.operation_id = id;
            operation.operation_id_reason = Some(reason.into());
        }
        if operation.summary.is_none() {
            let sentence = first_sentence(operation.description.as_deref()).map(str::to_owned);
            operation.summary = Some(sentence.unwrap_or_else(|| title(operation)));
        }
    }
}

fn id(operation: &Operation) -> (String, &'static str) {
    let by_path = || name_from_path(operation.method.name(), &operation.path);
    // A heading such as `POST Agents/User/SaveUser` is the operation's address, and says no more than that.
    let is_address = |heading: &&str| heading.split_whitespace().next() == Some(operation.method.name());
    let Some(heading) = operation.summary.as_deref().filter(|heading| !is_address(heading)) else {
        return (by_path(), "the page does not name the operation: method and path in PascalCase");
    };
    if heading.chars().count() > LONGEST_HEADING {
        return (by_path(), "the heading is too long for a name, or its end is not known: method and path in PascalCase");
    }
    match pascal_case(heading) {
        name if name.is_empty() => (by_path(), "the page does not name the operation: method and path in PascalCase"),
        name => (name, "the heading in PascalCase"),
    }
}

fn first_sentence(description: Option<&str>) -> Option<&str> {
    let line = description?.lines().next()?;
    let sentence = line.find(". ").and_then(|end| line.get(..=end)).unwrap_or(line);
    (sentence.chars().count() <= LONGEST_SUMMARY).then_some(sentence)
}
