//! The version of a crate, by semantic versioning as Cargo reads it.
//!
//! Takes and returns text. Knows nothing of what a change is.

use std::fmt;

/// Three numbers; what is not a release has no place here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u64; 3]);

/// How much of a version a change moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Callers must change.
    Major,
    /// Callers can do more.
    Minor,
    /// Callers see nothing.
    Patch,
}

impl Version {
    /// Reads `1.2.3`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let number = |part: &str| {
            let plain = part == "0" || !part.starts_with('0');
            part.parse().ok().filter(|_| plain && part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let mut parts = text.split('.').map(number);
        let version = Self([parts.next()??, parts.next()??, parts.next()??]);
        parts.next().is_none().then_some(version)
    }

    /// The version that comes after this one. Below 1.0.0 the second number is the one that callers must look at, and the third
    /// one tells all else.
    #[must_use]
    pub fn after(self, step: Step) -> Self {
        let Self([major, minor, patch]) = self;
        Self(match (step, major) {
            (Step::Major, 0) => [0, minor + 1, 0],
            (Step::Major, _) => [major + 1, 0, 0],
            (Step::Minor, 1..) => [major, minor + 1, 0],
            (Step::Minor | Step::Patch, _) => [major, minor, patch + 1],
        })
    }

    /// The latest version that a changelog says was released: the highest of its headings, `## 1.2.3`, whatever follows.
    #[must_use]
    pub fn released(changelog: &str) -> Option<Self> {
        let headings = changelog.lines().filter_map(|line| line.strip_prefix("## "));
        headings.filter_map(|heading| Self::read(heading.split_whitespace().next()?.trim_matches(['[', ']', 'v']))).max()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(formatter, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_moves_as_cargo_reads_it() {
        let table = [
            ("0.1.0", ["0.2.0", "0.1.1", "0.1.1"]),
            ("0.1.7", ["0.2.0", "0.1.8", "0.1.8"]),
            ("1.4.2", ["2.0.0", "1.5.0", "1.4.3"]),
        ];
        for (text, expected) in table {
            let version = Version::read(text).expect("it is one");
            let found = [Step::Major, Step::Minor, Step::Patch].map(|step| version.after(step).to_string());
            assert_eq!(found, expected, "{text}");
        }
        for text in ["", "1", "1.2", "1.2.3.4", "1.2.x", "01.2.3", "1.2.-3", "+1.2.3", "1.2.3-beta"] {
            assert_eq!(Version::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_changelog_tells_what_was_released() {
        let released = |text: &str| Version::released(text).map(|version| version.to_string());
        assert_eq!(released("# Changelog\n\n## Unreleased\n\n- x\n"), None);
        let text = "# Changelog\n\n## Unreleased\n\n## 0.9.0 - 2026-01-02\n\n## [0.10.0] - 2026-02-03\n\n### 3.0.0\n";
        assert_eq!(released(text).as_deref(), Some("0.10.0"));
    }
}
