//! What a command says, in the form that is asked for: text for people, JSON for programs, annotations for GitHub.
//!
//! Input: what a command found, or why it stopped. Output: one text for standard output. The JSON of each command is
//! described by a schema in `xtask/schemas/`. Knows nothing of what the commands do.

use serde_json::{Value, json};

use crate::{
    diagnostic::printable,
    document::Place,
    failure::{Failure, Problem},
};

/// The forms of what a command says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Text for a person.
    #[default]
    Text,
    /// One JSON object, as its schema in `xtask/schemas/` says.
    Json,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Github];

    /// The word of the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Github => "github",
        }
    }
}

/// The severity of an annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The run fails.
    Error,
    /// Worth checking.
    Warning,
    /// For information.
    Notice,
}

/// One line beside a file in a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// Its severity.
    pub severity: Severity,
    /// The file, where it is about one.
    pub file: Option<String>,
    /// The place in it.
    pub place: Option<Place>,
    /// What it says.
    pub message: String,
}

/// What a command prints, in each form.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// For a person.
    pub text: String,
    /// For a program.
    pub json: Value,
    /// For a review.
    pub annotations: Vec<Annotation>,
    /// The exit code of the process.
    pub exit: u8,
}

impl Output {
    /// Text that has no other form.
    #[must_use]
    pub fn text(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// The text for standard output.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Text => self.text.clone(),
            Format::Json => pretty(&self.json),
            Format::Github => self.annotations.iter().map(annotation).collect(),
        }
    }
}

/// The text for standard output of a command that stopped; `None` where a person reads standard error instead.
#[must_use]
pub fn failed(command: &str, failure: &Failure, format: Format) -> Option<String> {
    match format {
        Format::Text => None,
        Format::Json => {
            let outcome = if failure.is_difference() { "differs" } else { "failed" };
            Some(pretty(&json!({ "command": command, "outcome": outcome, "problems": problems(failure.problems()) })))
        }
        Format::Github => Some(failure.problems().iter().map(|problem| annotation(&error(problem))).collect()),
    }
}

/// Problems as JSON.
#[must_use]
pub fn problems(problems: &[Problem]) -> Value {
    let one = |problem: &Problem| {
        json!({
            "file": problem.file,
            "line": problem.place.map(|place| place.line),
            "column": problem.place.map(|place| place.column),
            "message": problem.message,
            "help": problem.help,
        })
    };
    problems.iter().map(one).collect()
}

/// A problem as an annotation.
#[must_use]
pub fn error(problem: &Problem) -> Annotation {
    let help = if problem.help.is_empty() { String::new() } else { format!("\nhelp: {}", problem.help) };
    Annotation {
        severity: Severity::Error,
        file: problem.file.clone(),
        place: problem.place,
        message: format!("{}{help}", problem.message),
    }
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// One workflow command. What would end it or start another one is written in percent signs, as GitHub demands.
fn annotation(annotation: &Annotation) -> String {
    let Annotation { severity, file, place, message } = annotation;
    let word = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "notice",
    };
    let data = |text: &str| text.lines().map(printable).collect::<Vec<_>>().join("\n").replace('%', "%25").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut properties = Vec::new();
    properties.extend(file.iter().map(|file| format!("file={}", property(file))));
    properties.extend(place.iter().map(|place| format!("line={},col={}", place.line, place.column)));
    let gap = if properties.is_empty() { "" } else { " " };
    format!("::{word}{gap}{}::{}\n", properties.join(","), data(message))
}

/// Each line two blanks further in, without blanks at its end.
pub(crate) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}").trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_message_ends_an_annotation_or_starts_another() {
        let hostile = Annotation {
            severity: Severity::Warning,
            file: Some("docs/a,b:c%.txt".to_owned()),
            place: Some(Place { line: 3, column: 7 }),
            message: "100%\n::error::no\u{1b}[31m".to_owned(),
        };
        let output = Output { annotations: vec![hostile], ..Output::default() };
        assert_eq!(
            output.render(Format::Github),
            "::warning file=docs/a%2Cb%3Ac%25.txt,line=3,col=7::100%25%0A::error::no\u{fffd}[31m\n"
        );
    }
}
