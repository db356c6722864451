//! That nothing of a page became code, HTML or an image in what is about to be written.
//!
//! Takes the files that a vendor is made into. Returns where Markdown in them is more than text. Escaping happens where a
//! text is taken; this looks at what came of it, so that a form nobody thought of stops the run.

use std::collections::HashSet;

use crate::{
    failure::Failure,
    markup::guard::{self, Fault},
    parallel,
};

/// Checks `files`, each with its path; `examples` are the code blocks that this workspace made itself.
///
/// # Errors
/// Every place that is more than text.
pub(super) fn check<'a>(files: impl Iterator<Item = (&'a str, &'a str)>, examples: &HashSet<String>) -> Result<(), Failure> {
    let files: Vec<_> = files.collect();
    let mut failure = Failure::default();
    for ((path, _), faults) in files.iter().zip(parallel::map(&files, |(path, text)| faults(path, text, examples))) {
        for (line, what) in faults {
            failure.extend(Failure::new(
                format!("{path}:{line}: {what} would stand here; what vendors and manifests write has to stay text"),
                "write the text that stands there without it: in CHANGELOG.md, in vendor.toml, or with an `update` in overlay.yaml",
            ));
        }
    }
    if failure.problems().is_empty() { Ok(()) } else { Err(failure) }
}

/// What is more than text in a file, each with its line.
fn faults(path: &str, text: &str, examples: &HashSet<String>) -> Vec<(usize, &'static str)> {
    let line = |text: &str, fault: &Fault| text.get(..fault.range.start).unwrap_or_default().matches('\n').count();
    let mut faults = Vec::new();
    if path.ends_with(".rs") {
        for (start, comment) in guard::comments(text) {
            faults.extend(guard::faults(&comment, examples).iter().map(|fault| (start + line(&comment, fault), fault.what)));
        }
    } else if path.ends_with(".md") {
        faults.extend(guard::faults(text, examples).iter().map(|fault| (line(text, fault) + 1, fault.what)));
    }
    faults
}
