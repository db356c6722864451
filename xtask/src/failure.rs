//! Why a run stopped: everything that is wrong, told together.
//!
//! Input: diagnostics with their documents, and what the file system said. Output: one error whose text a person can
//! act on, and whose parts a program can. Knows nothing of what was being done.

use std::{fmt, io, path::Path};

use crate::{
    diagnostic::{Diagnostic, printable},
    document::{Document, Place},
};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file that it is in, where it is in one.
    pub file: Option<String>,
    /// The place in that file.
    pub place: Option<Place>,
    /// What was expected and what was found.
    pub message: String,
    /// What to do about it; empty where the message says it.
    pub help: String,
    /// The same for a person, with the line that it is about.
    text: String,
}

impl Problem {
    /// A problem of a whole file, with a text to be shown as it is.
    #[must_use]
    pub fn of_file(file: &str, message: &str, text: String) -> Self {
        let (file, message) = (Some(printable(file)), printable(message));
        Self { file, place: None, message, help: String::new(), text }
    }

    fn new(message: &str, help: &str) -> Self {
        let (message, help) = (printable(message), printable(help));
        let text = format!("{message}\n  = help: {help}\n");
        Self { file: None, place: None, message, help, text }
    }

    fn at(diagnostic: &Diagnostic, document: &Document, folder: &str) -> Self {
        let file = document.file(folder);
        Self {
            place: Some(document.place(diagnostic.span.start)),
            message: printable(&diagnostic.message),
            help: printable(&diagnostic.help),
            text: diagnostic.render_in(document, &file),
            file: Some(file),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// One or several problems, each with its own text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    problems: Vec<Problem>,
    is_difference: bool,
}

impl Failure {
    /// One problem without a place in a document.
    #[must_use]
    pub fn new(message: impl AsRef<str>, help: impl AsRef<str>) -> Self {
        vec![Problem::new(message.as_ref(), help.as_ref())].into()
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
                Some(document) => Problem::at(diagnostic, document, folder),
                None => Problem::new(&format!("{folder}: {}", diagnostic.message), &diagnostic.help),
            }
        });
        problems.collect::<Vec<_>>().into()
    }

    /// A text that is shown as it is.
    #[must_use]
    pub fn text(text: String) -> Self {
        let message = text.lines().map(printable).collect::<Vec<_>>().join("\n");
        vec![Problem { file: None, place: None, message, help: String::new(), text }].into()
    }

    /// Adds what another part of the run found.
    pub fn extend(&mut self, other: Self) {
        self.is_difference = other.is_difference && (self.is_difference || self.problems.is_empty());
        self.problems.extend(other.problems);
    }

    /// The same, as what was asked for: files differ from what they should be, and nothing else is wrong.
    #[must_use]
    pub fn as_difference(self) -> Self {
        Self { is_difference: true, ..self }
    }

    /// Whether nothing is wrong but that files differ.
    #[must_use]
    pub fn is_difference(&self) -> bool {
        self.is_difference
    }

    /// Each problem.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl From<Vec<Problem>> for Failure {
    fn from(problems: Vec<Problem>) -> Self {
        Self { problems, is_difference: false }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            // What differs is one list; other problems stand apart.
            if index > 0 && !self.is_difference {
                formatter.write_str("\n")?;
            }
            formatter.write_str(&problem.text)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
