//! Why a run stopped: everything that is wrong, told together.
//!
//! Input: diagnostics with their documents, and what the file system said. Output: one error whose text a person can
//! act on. Knows nothing of what was being done.

use std::{fmt, io, path::Path};

use crate::{
    diagnostic::{Diagnostic, printable},
    document::Document,
};

/// One or several problems, each with its own text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    problems: Vec<String>,
}

impl Failure {
    /// One problem without a place in a document.
    #[must_use]
    pub fn new(message: impl AsRef<str>, help: impl AsRef<str>) -> Self {
        let problem = format!("{}\n  = help: {}\n", printable(message.as_ref()), printable(help.as_ref()));
        Self { problems: vec![problem] }
    }

    /// What the file system said about `path`; `action` is what was tried, such as `read`.
    #[must_use]
    pub fn io(path: &Path, action: &str, error: &io::Error) -> Self {
        Self::new(format!("cannot {action} {}: {error}", path.display()), "check that the path is there and may be used")
    }

    /// Diagnostics of `documents`, which stand in `folder`.
    #[must_use]
    pub fn diagnostics<'a>(
        folder: &str,
        diagnostics: &[Diagnostic],
        documents: impl IntoIterator<Item = &'a Document> + Clone,
    ) -> Self {
        let problems = diagnostics.iter().map(|diagnostic| {
            match documents.clone().into_iter().find(|document| document.id == diagnostic.span.document) {
                Some(document) => format!("{folder}/{}", diagnostic.render(document)),
                None => format!("{folder}: {}\n  = help: {}\n", printable(&diagnostic.message), printable(&diagnostic.help)),
            }
        });
        Self { problems: problems.collect() }
    }

    /// A text that is shown as it is, such as a difference of files.
    #[must_use]
    pub fn text(text: String) -> Self {
        Self { problems: vec![text] }
    }

    /// Adds what another part of the run found.
    pub fn extend(&mut self, other: Self) {
        self.problems.extend(other.problems);
    }

    /// Each problem's text.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.problems.join("\n"))
    }
}

impl std::error::Error for Failure {}
