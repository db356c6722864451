//! `Mask`: a vendor's words without secrets.
//!
//! Input: what the client and the request hold, and words. Output: the words with stars where a secret of ours or of others stands.
//! One pass for each layer of escapes, whatever the length and however many secrets.

use crate::levels;
use crate::needles::Needles;
use crate::operation::{Scheme, SchemeKind};
use crate::secret::Secret;
use crate::secret_words::{Meaning, SecretWords};
use crate::violations::{ArgumentPlace, At, Violations};
use crate::{Check, Constraints};
use std::fmt;
use std::ops::Range;

pub(crate) const STARS: &str = "***";

/// Hides secrets in a vendor's words; from [`Client::mask`](crate::Client::mask).
///
/// Secrets that it knows are found in whatever form they come: percent escapes, HTML entities, JSON escapes, Base64, hexadecimal,
/// other letter case. Of those that it does not know, it hides what stands beside a word such as password, token or key.
#[derive(Default)]
pub struct Mask {
    needles: Needles,
    words: SecretWords,
}

impl Mask {
    pub(crate) fn add(&mut self, secret: &Secret) {
        self.needles.add(secret.expose());
    }

    /// The names that the vendor's security schemes have.
    pub(crate) fn add_scheme(&mut self, scheme: &Scheme) {
        self.words.add_name(scheme.name);
        match scheme.kind {
            SchemeKind::Header { header, prefix } => {
                self.words.add_name(header);
                self.words.add_scheme(prefix);
            }
            SchemeKind::Query { name } => self.words.add_name(name),
            SchemeKind::Basic | SchemeKind::Bearer => {}
        }
    }

    /// The name of a secret value that is the same for every call.
    pub(crate) fn add_name(&mut self, name: &str) {
        self.words.add_name(name);
    }

    /// Hides the secrets of a value that was sent, too.
    #[must_use]
    pub fn with<C: Check + ?Sized>(mut self, sent: &C) -> Self {
        let mut walk = Violations::collecting_secrets();
        sent.check(&Constraints::NONE, &At::start(ArgumentPlace::Body), &mut walk);
        walk.into_secrets().iter().for_each(|secret| self.add(secret));
        self
    }

    /// Returns the words without secrets, mark-up and control characters.
    #[must_use]
    pub fn text(&self, words: &str) -> String {
        let mut hidden = self.hide(words);
        if hidden.contains('<') {
            // What a tag has torn apart is whole again.
            hidden = self.hide(&self.without_markup(&hidden));
        }
        let shown = |letter: char| if letter.is_control() || is_bidi(letter) { ' ' } else { letter };
        let hidden: String = hidden.chars().map(shown).collect();
        hidden.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text without the secrets of ours, for a name of which no other can be part.
    pub(crate) fn name(&self, name: &str) -> String {
        let mut found = Vec::new();
        for level in levels::of(name) {
            self.needles.find(&level, &mut found);
        }
        replace(name, found)
    }

    pub(crate) fn meaning(&self, name: &str) -> Meaning {
        self.words.meaning(name)
    }

    pub(crate) const fn longest(&self) -> usize {
        self.needles.longest()
    }

    fn hide(&self, text: &str) -> String {
        let mut found = Vec::new();
        for level in levels::of(text) {
            self.needles.find(&level, &mut found);
        }
        for secret in self.needles.literal() {
            found.extend(text.match_indices(secret.as_str()).map(|(at, secret)| at..at + secret.len()));
        }
        let text = replace(text, found);
        let mut found = Vec::new();
        for level in levels::of(&text) {
            self.words.find(&level, &mut found);
        }
        replace(&text, found)
    }

    /// Text without tags and scripts, with a control character where they were; of an element whose name means a secret only
    /// stars are left.
    fn without_markup(&self, text: &str) -> String {
        let mut kept = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, tag)) = rest.split_once('<') {
            kept.push_str(before);
            if !tag.starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')) {
                kept.push('<');
                rest = tag;
                continue;
            }
            kept.push('\0');
            let name: String =
                tag.chars().take(64).take_while(|letter| !letter.is_whitespace() && !"/>".contains(*letter)).collect();
            if ["script", "style"].iter().any(|hidden| name.eq_ignore_ascii_case(hidden)) {
                // Without an end nothing after it is meant to be read.
                let end = end_of(tag, &name);
                rest = end.and_then(|end| tag.get(end..)).and_then(|tag| tag.split_once('>')).map_or("", |(_, after)| after);
                continue;
            }
            let (inside, after) = tag.split_once('>').unwrap_or((tag, ""));
            rest = after;
            if !name.is_empty() && !inside.ends_with('/') && self.meaning(&name) == Meaning::Secret {
                let end = rest.find('<').unwrap_or(rest.len());
                if rest.get(..end).is_some_and(|value| !value.trim().is_empty()) {
                    kept.push_str(STARS);
                }
                rest = rest.get(end..).unwrap_or_default();
            }
        }
        kept.push_str(rest);
        kept
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Mask(***)")
    }
}

/// Where the closing tag of an element stands.
fn end_of(tag: &str, name: &str) -> Option<usize> {
    let closes = |rest: &str| rest.get(2..2 + name.len()).is_some_and(|closed| closed.eq_ignore_ascii_case(name));
    tag.match_indices("</").map(|(at, _)| at).find(|at| tag.get(*at..).is_some_and(closes))
}

/// The text with stars in place of these ranges.
fn replace(text: &str, mut ranges: Vec<Range<usize>>) -> String {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    let mut open = false;
    for range in ranges {
        if range.end <= at {
            continue;
        }
        if range.start > at || !open {
            kept.push_str(text.get(at..range.start.max(at)).unwrap_or_default());
            kept.push_str(STARS);
        }
        at = range.end;
        open = true;
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    kept
}

/// Characters that turn the direction of text, which makes a log say what it does not.
fn is_bidi(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
