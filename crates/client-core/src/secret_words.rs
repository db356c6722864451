//! Other people's secrets: values that stand beside a word such as password, token or key.
//!
//! Input: the readings of a text, or the name of a member. Output: where such values stand. The words are those of the field; a
//! vendor's own come with its security schemes.

use crate::levels::{self, Unit};
use std::ops::Range;

/// Parts of names that mean a secret, in small letters without separators.
const PARTS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "token",
    "apikey",
    "privatekey",
    "session",
    "credential",
    "authorization",
    "cookie",
    "jwt",
    "otp",
    "signature",
    "pincode",
];
/// Whole names that mean a secret.
const NAMES: &[&str] = &["pass", "auth", "pin", "sid", "psk"];
/// What a code is for, if it is a secret.
const CODES: &[&str] =
    &["confirmation", "verification", "security", "access", "auth", "authorization", "mfa", "reset", "invite", "login", "client"];
/// Schemes of HTTP authentication: the next word is a credential.
const SCHEMES: &[&str] = &["bearer", "basic", "negotiate", "digest"];
/// Words between a name and its value in a sentence.
const BETWEEN: &[&str] = &["is", "was", "are", "of", "to", "now", "new"];

/// Longer than the name of any field.
const IDENTIFIER: usize = 64;

/// How much a name says about the value beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Nothing,
    /// The bare word "key": of a lock or of a map.
    Key,
    /// The bare word "code": of a door or of an error.
    Code,
    Secret,
}

impl Meaning {
    /// Whether this value is to be hidden beside such a name.
    pub(crate) fn hides(self, value: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Key => !value.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '_' | '.' | '[' | ']')),
            Self::Code => (6..=8).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Secret => true,
        }
    }
}

/// The words that a vendor's security schemes add.
#[derive(Default)]
pub(crate) struct SecretWords {
    names: Vec<String>,
    schemes: Vec<String>,
}

impl SecretWords {
    /// A name of a header, parameter or scheme that carries a credential.
    pub(crate) fn add_name(&mut self, name: &str) {
        let name = normal(name);
        if name.len() > 4 && !SCHEMES.contains(&name.as_str()) {
            self.names.push(name);
        }
    }

    /// What stands before a credential in a header.
    pub(crate) fn add_scheme(&mut self, prefix: &str) {
        self.add_name(prefix);
        self.schemes.push(normal(prefix));
    }

    pub(crate) fn meaning(&self, name: &str) -> Meaning {
        let name = normal(name);
        let code = name.strip_suffix("code").filter(|what| !what.is_empty());
        if NAMES.contains(&name.as_str())
            || PARTS.iter().any(|part| name.contains(part))
            || name.ends_with("pin")
            || name.len() > 3 && (name.ends_with("key") || name.ends_with("auth"))
            || code.is_some_and(|what| CODES.iter().any(|known| what.ends_with(known)))
            // "ticket" belongs to a scheme "AcmeTicket", and so does "AcmeTicketId".
            || self.names.iter().any(|known| name.contains(known.as_str()) || name.len() > 4 && known.ends_with(&name))
        {
            return Meaning::Secret;
        }
        match name.as_str() {
            "key" => Meaning::Key,
            "code" => Meaning::Code,
            _ => Meaning::Nothing,
        }
    }

    fn is_scheme(&self, word: &str) -> bool {
        let word = normal(word);
        SCHEMES.contains(&word.as_str()) || !word.is_empty() && self.schemes.contains(&word)
    }

    /// Adds where values of secrets stand in the text that this is a reading of.
    pub(crate) fn find(&self, level: &[Unit], found: &mut Vec<Range<usize>>) {
        let mut reader = Reader { level, at: 0 };
        while reader.at < level.len() {
            let start = reader.at;
            let word = reader.take(is_word);
            if word.is_empty() {
                if reader.user_info(found).is_none() {
                    reader.at += 1;
                }
                continue;
            }
            let value = if self.is_scheme(&word) { reader.credential(&word) } else { self.beside(&mut reader, &word) };
            if let Some(value) = value {
                found.extend(level.get(value).and_then(levels::span));
            } else if looks_like_token(&word) {
                found.extend(level.get(start..reader.at).and_then(levels::span));
            }
        }
    }

    /// The value that belongs to a name, if it is to be hidden. What is read of it is not read again.
    fn beside(&self, reader: &mut Reader<'_>, name: &str) -> Option<Range<usize>> {
        let meaning = self.meaning(name);
        if meaning == Meaning::Nothing {
            return None;
        }
        let after = reader.at;
        let joined = reader.separator();
        if !joined {
            reader.at = after;
            reader.letter().filter(|letter| is_blank(*letter) || is_quote(*letter))?;
            reader.between();
        }
        let start = reader.at;
        // What is not hidden is read again, so no more is read of it than tells whether it is.
        let mut value = reader.value(joined, if meaning == Meaning::Secret { usize::MAX } else { IDENTIFIER });
        let text = reader.text(&value);
        if joined && self.is_scheme(&text) {
            reader.at = value.end;
            return reader.credential("bearer");
        }
        let literal = matches!(text.as_str(), "" | "null" | "true" | "false" | "***");
        let hidden = !literal && meaning.hides(&text) && (joined || value.quoted || is_opaque(&text));
        if hidden {
            reader.at = start;
            value = reader.value(joined, usize::MAX);
        }
        reader.at = if hidden { value.end } else { after };
        hidden.then_some(value.start..value.end)
    }
}

fn normal(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')
}

/// Long words without any break are keys, tickets or JWTs, never prose.
fn looks_like_token(word: &str) -> bool {
    word.len() >= 40 && word.is_ascii()
}

/// No word of a language: it has digits, signs or capitals within.
fn is_opaque(text: &str) -> bool {
    let letters = || text.chars().filter(|letter| !matches!(letter, '.' | '-' | '\''));
    text.chars().count() >= 4
        && (letters().any(|letter| !letter.is_alphabetic())
            || text.chars().zip(text.chars().skip(1)).any(|(one, next)| one.is_lowercase() && next.is_uppercase()))
}

struct Value {
    start: usize,
    end: usize,
    quoted: bool,
}

struct Reader<'a> {
    level: &'a [Unit],
    at: usize,
}

impl Reader<'_> {
    fn letter(&self) -> Option<char> {
        self.level.get(self.at).map(|unit| unit.letter)
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> String {
        self.take_some(usize::MAX, belongs)
    }

    fn take_some(&mut self, limit: usize, belongs: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        let end = self.at.saturating_add(limit);
        while self.at < end
            && let Some(letter) = self.letter().filter(|letter| belongs(*letter))
        {
            taken.push(letter);
            self.at += 1;
        }
        taken
    }

    fn text(&self, value: &Value) -> String {
        self.level.get(value.start..value.end).unwrap_or_default().iter().map(|unit| unit.letter).collect()
    }

    /// Steps over `=`, `:`, `=>` and the like, with quotes and brackets around them.
    fn separator(&mut self) -> bool {
        self.take(|letter| is_blank(letter) || is_quote(letter) || matches!(letter, ']' | ')'));
        !self.take(|letter| matches!(letter, '=' | ':' | '>')).trim_start_matches('>').is_empty()
    }

    /// Steps over "is" and the like.
    fn between(&mut self) {
        for _ in 0..2 {
            let before = self.at;
            self.take(|letter| is_blank(letter) || letter == ',');
            let word = self.take(char::is_alphanumeric);
            if !BETWEEN.contains(&word.to_lowercase().as_str()) {
                self.at = before;
                return;
            }
        }
    }

    /// The value that begins here: up to the quote that closes it, or to a sign that ends it.
    fn value(&mut self, joined: bool, limit: usize) -> Value {
        self.take(is_blank);
        let mut quote = None;
        while let Some(letter) = self.letter().filter(|letter| is_quote(*letter) || joined && matches!(letter, '[' | '(' | '@')) {
            quote = Some(letter).filter(|letter| is_quote(*letter) && *letter != '\\').or(quote);
            self.at += 1;
        }
        let start = self.at;
        match quote {
            // Quotes may be closed by an escaped one.
            Some(quote) => self.take_some(limit, |letter| letter != quote && !(quote == '"' && letter == '\\')),
            None => self.take_some(limit, |letter| !is_blank(letter) && !is_quote(letter) && !"&;,<>()[]{}|".contains(letter)),
        };
        let mut end = self.at;
        if quote.is_none() {
            let ends = |at: usize| self.level.get(at).is_some_and(|unit| matches!(unit.letter, '.' | '!' | '?' | ':'));
            while end > start && ends(end - 1) {
                end -= 1;
            }
        }
        Value { start, end, quoted: quote.is_some() }
    }

    /// The credential after the name of a scheme.
    fn credential(&mut self, scheme: &str) -> Option<Range<usize>> {
        let before = self.at;
        if !self.letter().is_some_and(is_blank) {
            return None;
        }
        let value = self.value(false, usize::MAX);
        let text = self.text(&value);
        let plain = ["basic", "digest", "negotiate"].contains(&normal(scheme).as_str()) && !is_opaque(&text);
        let hidden = !text.is_empty() && text != "***" && !plain;
        self.at = if hidden { value.end } else { before };
        hidden.then_some(value.start..value.end)
    }

    /// The password in `://user:password@host`, if that stands here.
    fn user_info(&mut self, found: &mut Vec<Range<usize>>) -> Option<()> {
        let is = |at: usize, letter: char| self.level.get(at).is_some_and(|unit| unit.letter == letter);
        (is(self.at, ':') && is(self.at + 1, '/') && is(self.at + 2, '/')).then_some(())?;
        let start = self.at + 3;
        let rest = self.level.get(start..).unwrap_or_default();
        let end = rest.iter().position(|unit| is_blank(unit.letter) || is_quote(unit.letter) || matches!(unit.letter, '/' | '<'));
        let authority = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        self.at = start;
        let at_sign = authority.iter().rposition(|unit| unit.letter == '@')?;
        let colon = authority.iter().position(|unit| unit.letter == ':').filter(|colon| *colon < at_sign)?;
        found.extend(authority.get(colon + 1..at_sign).and_then(levels::span));
        self.at = start + at_sign;
        Some(())
    }
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control()
}

const fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\'' | '`' | '\\' | '“' | '”' | '‘' | '’' | '«' | '»')
}
