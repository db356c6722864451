//! Our own secrets, found in whatever form a vendor gives them back: escaped, in Base64 or hexadecimal, in other letter case, with
//! line breaks or tags in between.
//!
//! Input: secrets, later the readings of a text. Output: where they stand. One pass over each reading, however many secrets there are.

use crate::levels::{self, Unit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Shorter secrets are found only as whole words: a pin such as "1" would hide every digit.
const ANYWHERE: usize = 4;
/// So much of the beginning of a secret is hidden as well: a vendor may have cut the rest off. For long ones, a part of it.
const BEGINNING: usize = 8;
const LONG_BEGINNING: usize = 16;
/// Shorter pieces of Base64 or hexadecimal are found in prose.
const ENCODED: usize = 6;

#[derive(Default)]
pub(crate) struct Needles {
    by_start: HashMap<[u8; ANYWHERE], Vec<Needle>>,
    words: HashSet<Vec<u8>>,
    /// Lengths of `words`.
    lengths: Vec<usize>,
    known: HashSet<String>,
    /// Secrets of which hardly anything is compared: they are found as they stand, or not at all.
    literal: Vec<String>,
    longest: usize,
}

struct Needle {
    text: Vec<u8>,
    /// Whether it is a piece of a longer encoded word, which is hidden whole.
    piece: bool,
}

impl Needle {
    /// How much of it stands at the beginning of this text, if it is enough.
    fn found_in(&self, rest: &[u8]) -> Option<usize> {
        let length = self.text.iter().zip(rest).take_while(|(one, other)| one == other).count();
        let beginning = length >= BEGINNING && 3 * length >= 2 * self.text.len() || length >= LONG_BEGINNING;
        (length == self.text.len() || beginning).then_some(length)
    }
}

impl Needles {
    pub(crate) fn add(&mut self, secret: &str) {
        if secret.is_empty() || !self.known.insert(secret.to_owned()) {
            return;
        }
        self.longest = self.longest.max(secret.len());
        if secret.len() >= ANYWHERE && plain(levels::of(secret).first().map(Vec::as_slice).unwrap_or_default()).0.len() < ANYWHERE
        {
            self.literal.push(secret.to_owned());
        }
        // A secret that has something like an escape in it reads otherwise once escapes are undone.
        for level in levels::of(secret) {
            let text = plain(&level).0;
            // A sign at its end may be read as an escape together with what stands behind.
            let closed = text.iter().rposition(|byte| !b"\\%&".contains(byte)).map_or(0, |last| last + 1);
            if let Some(closed) = text.get(..closed).filter(|closed| closed.len() < text.len()) {
                self.insert_compared(closed.to_vec());
            }
            self.insert_compared(text);
        }
        self.lengths.sort_unstable();
        self.lengths.dedup();
        for text in base64(secret.as_bytes()).chain([hexadecimal(secret.as_bytes())]).filter(|text| text.len() >= ENCODED) {
            // A plus is not compared, so that less may be left than was encoded.
            let compared = plain(levels::of(&text).first().map(Vec::as_slice).unwrap_or_default()).0;
            if compared.len() >= ANYWHERE {
                self.insert(compared, true);
            } else {
                self.literal.extend([text.replace('+', "-").replace('/', "_"), text]);
            }
        }
    }

    /// Length of the longest secret, in bytes.
    pub(crate) const fn longest(&self) -> usize {
        self.longest
    }

    /// Secrets that are found only as they stand.
    pub(crate) fn literal(&self) -> &[String] {
        &self.literal
    }

    fn insert_compared(&mut self, text: Vec<u8>) {
        if text.len() >= ANYWHERE {
            self.insert(text, false);
        } else if !text.is_empty() {
            self.lengths.push(text.len());
            self.words.insert(text);
        }
    }

    fn insert(&mut self, text: Vec<u8>, piece: bool) {
        if let Some(start) = text.first_chunk() {
            let list = self.by_start.entry(*start).or_default();
            if !list.iter().any(|needle| needle.text == text) {
                list.push(Needle { text, piece });
            }
        }
    }

    /// Adds where secrets stand in the text that this is a reading of.
    pub(crate) fn find(&self, level: &[Unit], found: &mut Vec<Range<usize>>) {
        let (bytes, places) = plain(level);
        let mut at = 0;
        while at < bytes.len() {
            let rest = bytes.get(at..).unwrap_or_default();
            let long = rest.first_chunk().and_then(|start| self.by_start.get(start)).and_then(|needles| {
                let fits = needles.iter().filter_map(|needle| Some((needle.found_in(rest)?, needle.piece)));
                fits.max_by_key(|(length, _)| *length)
            });
            let (length, piece) = match long {
                Some(found) => found,
                None => match self.word(rest, level, places.get(at..).unwrap_or_default()) {
                    Some(length) => (length, false),
                    None => {
                        at += 1;
                        continue;
                    }
                },
            };
            let mut first = places.get(at).copied().unwrap_or_default();
            let mut last = places.get(at + length - 1).copied().unwrap_or_default();
            if piece {
                let encoded = |at: usize| level.get(at).is_some_and(|unit| is_encoded(unit.letter));
                while first > 0 && encoded(first - 1) {
                    first -= 1;
                }
                while encoded(last + 1) || level.get(last + 1).is_some_and(|unit| unit.letter == '=') {
                    last += 1;
                }
            }
            found.extend(level.get(first..=last).and_then(levels::span));
            at += length;
        }
    }

    /// The length of a short secret that stands here as a whole word.
    fn word(&self, rest: &[u8], level: &[Unit], places: &[usize]) -> Option<usize> {
        let apart = |at: Option<usize>| at.and_then(|at| level.get(at)).is_none_or(|unit| !unit.letter.is_alphanumeric());
        self.lengths.iter().rev().copied().find(|length| {
            let (first, last) = (places.first(), places.get(length - 1));
            rest.get(..*length).is_some_and(|word| self.words.contains(word))
                && apart(first.and_then(|at| at.checked_sub(1)))
                && apart(last.map(|at| at + 1))
        })
    }
}

/// What is compared: small letters, without all that is lost or put in between on the way. With the place of each byte.
fn plain(level: &[Unit]) -> (Vec<u8>, Vec<usize>) {
    let mut bytes = Vec::with_capacity(level.len());
    let mut places = Vec::with_capacity(level.len());
    for (place, unit) in level.iter().enumerate() {
        let letter = unit.letter;
        // Plus is a space in forms, and minus in Base64 of URLs.
        if letter.is_whitespace() || letter.is_control() || matches!(letter, '+' | '-') || is_invisible(letter) {
            continue;
        }
        let letter = if letter == '_' { '/' } else { letter };
        for small in letter.to_lowercase() {
            bytes.extend_from_slice(small.encode_utf8(&mut [0; 4]).as_bytes());
            places.resize(bytes.len(), place);
        }
    }
    (bytes, places)
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

const fn is_encoded(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '-' | '_')
}

/// The Base64 of a secret at each of the three places that it can have in a longer text, without the letters at its ends that
/// depend on what stands around it.
fn base64(secret: &[u8]) -> impl Iterator<Item = String> {
    (0..3).map(move |before| {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(secret);
        let text = STANDARD_NO_PAD.encode(&bytes);
        let skipped = [0, 2, 3].get(before).copied().unwrap_or_default();
        let end = if bytes.len().is_multiple_of(3) { text.len() } else { text.len() - 1 };
        text.get(skipped..end).unwrap_or_default().to_owned()
    })
}

fn hexadecimal(secret: &[u8]) -> String {
    secret.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
