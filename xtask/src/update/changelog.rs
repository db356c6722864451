//! What a newer document changes for callers, in the vendor's changelog.
//!
//! Input: the text of the changelog, where there is one, and the entries by heading. Output: the text with the entries under
//! `## Unreleased`, behind those that are there. Knows nothing of where a change comes from.

/// Where entries of no version yet stand.
const UNRELEASED: &str = "## Unreleased";

const NEW: &str = "\
# Changelog

The form is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/), the versions are those of
[Semantic Versioning](https://semver.org/).
";

/// The headings of Keep a Changelog that a newer document needs, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    Added,
    Changed,
    Removed,
}

impl Heading {
    const ALL: [Self; 3] = [Self::Added, Self::Changed, Self::Removed];

    fn line(self) -> &'static str {
        match self {
            Self::Added => "### Added",
            Self::Changed => "### Changed",
            Self::Removed => "### Removed",
        }
    }
}

/// The text with `entries`, each one line of Markdown; what stands there already is not repeated.
pub(super) fn with(text: Option<&str>, entries: &[(Heading, String)]) -> String {
    let mut lines: Vec<String> = text.unwrap_or(NEW).lines().map(str::to_owned).collect();
    let is_version = |line: &String| line.starts_with("## ");
    let start = lines.iter().position(|line| line.trim_end() == UNRELEASED).unwrap_or_else(|| {
        let at = lines.iter().position(is_version).unwrap_or(lines.len());
        let above = lines.get(..at).and_then(<[String]>::last).is_some_and(|line| !line.is_empty());
        let gap = [(above, ""), (true, UNRELEASED), (at < lines.len(), "")];
        lines.splice(at..at, gap.into_iter().filter(|(is, _)| *is).map(|(_, line)| line.to_owned()));
        at + usize::from(above)
    });
    for heading in Heading::ALL {
        let end = section(&lines, start, is_version);
        let known = lines.get(start..end).unwrap_or_default();
        let new: Vec<String> = (entries.iter())
            .filter(|(of, _)| *of == heading)
            .map(|(_, entry)| format!("- {entry}"))
            .filter(|line| !known.contains(line))
            .collect();
        if new.is_empty() {
            continue;
        }
        let (at, head) = match known.iter().position(|line| line.trim_end() == heading.line()) {
            Some(at) => (section(&lines, start + at, |line| line.starts_with("##")), None),
            None => (end, Some([String::new(), heading.line().to_owned(), String::new()])),
        };
        lines.splice(at..at, head.into_iter().flatten().chain(new));
    }
    lines.join("\n") + "\n"
}

/// One past the last line of the section at `start` that says something.
fn section(lines: &[String], start: usize, ends: impl Fn(&String) -> bool) -> usize {
    let next = lines.iter().skip(start + 1).position(ends).map_or(lines.len(), |at| start + 1 + at);
    let said = lines.get(start..next).and_then(|lines| lines.iter().rposition(|line| !line.trim().is_empty()));
    said.map_or(next, |at| start + at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_go_under_their_headings_of_what_is_not_released() {
        let entries = [(Heading::Removed, "`a` is gone".to_owned()), (Heading::Added, "`b`".to_owned())];
        let table = [
            (None, format!("{NEW}\n## Unreleased\n\n### Added\n\n- `b`\n\n### Removed\n\n- `a` is gone\n")),
            (
                Some("# Changelog\n\n## Unreleased\n\n### Added\n\n- `x`\n\n## 0.1.0\n\n### Removed\n\n- `a` is gone\n"),
                "# Changelog\n\n## Unreleased\n\n### Added\n\n- `x`\n- `b`\n\n### Removed\n\n- `a` is gone\n\n## 0.1.0\n\n\
                 ### Removed\n\n- `a` is gone\n"
                    .to_owned(),
            ),
            (
                Some("# Changelog\n\n## 0.1.0\n\n- first\n"),
                "# Changelog\n\n## Unreleased\n\n### Added\n\n- `b`\n\n### Removed\n\n- `a` is gone\n\n## 0.1.0\n\n- first\n"
                    .to_owned(),
            ),
        ];
        for (before, after) in table {
            assert_eq!(with(before, &entries), after);
            assert_eq!(with(Some(&after), &entries), after, "a second time adds nothing");
        }
    }
}
