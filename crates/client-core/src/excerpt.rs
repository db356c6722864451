//! A short piece of a vendor's answer that may be shown: without secrets, mark-up and control characters.
//!
//! In: a body, and the secrets that the client and the request hold. Out: some two hundred characters. JSON loses the values
//! of members whose name sounds secret; text loses what follows such a name, and what looks like a token.

use crate::secret::Secret;
use crate::violations::{ArgumentPlace, At, Violations};
use crate::{Check, Limits};
use serde_json::Value;
use std::fmt;

const LENGTH: usize = 200;
/// Larger answers are not worth parsing for an excerpt.
const PARSED: usize = 256 << 10;
const STARS: &str = "***";

/// Parts of names that sound secret, in small letters without separators.
const SECRET_NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "privatekey",
    "session",
    "credential",
    "authorization",
    "cookie",
    "ticket",
    "jwt",
    "otp",
    "signature",
    "confirmationcode",
    "verificationcode",
    "securitycode",
    "accesscode",
    "authcode",
    "mfacode",
    "resetcode",
    "invitecode",
    "logincode",
    "clientcode",
    "passcode",
    "pincode",
];
/// Words before a credential in text.
const SCHEMES: &[&str] = &["bearer", "basic", "soticket", "negotiate"];

/// Hides secrets in a vendor's words; from [`Client::mask`](crate::Client::mask).
pub struct Mask {
    /// Longest first, so that a secret within another does not break it up.
    secrets: Vec<Secret>,
}

impl Mask {
    pub(crate) fn new(mut secrets: Vec<Secret>) -> Self {
        secrets.retain(|secret| !secret.expose().is_empty());
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
        Self { secrets }
    }

    /// Hides the secrets of a value that was sent, too.
    #[must_use]
    pub fn with<C: Check + ?Sized>(self, sent: &C) -> Self {
        let mut walk = Violations::collecting_secrets();
        sent.check(&Limits::ANY, &At::start(ArgumentPlace::Body), &mut walk);
        let mut secrets = self.secrets;
        secrets.extend(walk.into_secrets());
        Self::new(secrets)
    }

    /// The excerpt of a body; `json` says whether it may be JSON.
    pub(crate) fn excerpt(&self, body: &[u8], json: bool) -> String {
        if json
            && body.len() <= PARSED
            && let Ok(mut value) = serde_json::from_slice(body)
        {
            self.clean(&mut value);
            // Whether serde_json keeps the vendor's order depends on the features of the whole build; a log should not.
            value.sort_all_objects();
            return shorten(&value.to_string());
        }
        let head = body.get(..4 * 1024).unwrap_or(body);
        shorten(&self.text(&String::from_utf8_lossy(head)))
    }

    fn clean(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members.iter_mut() {
                    if sounds_secret(name) && !value.is_null() {
                        *value = STARS.into();
                    } else {
                        self.clean(value);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.clean(item)),
            Value::String(text) => *text = self.text(text),
            Value::Number(number) => {
                let digits = number.to_string();
                if self.secrets.iter().any(|secret| secret.expose() == digits) {
                    *value = STARS.into();
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Text without secrets, mark-up and control characters.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            let secret = secret.expose();
            if secret == text {
                return STARS.to_owned();
            }
            // A pin such as "1" would mask every digit: the short ones are masked only as whole words, below.
            if secret.chars().count() >= 4 {
                text = text.replace(secret, STARS);
            }
        }
        self.words(&without_markup(&text))
    }

    fn words(&self, text: &str) -> String {
        let mut cleaned = String::with_capacity(text.len());
        let mut secret_follows = false;
        // A secret with spaces in it, up to the quote that ends it.
        let mut quoted = false;
        for word in text.split_whitespace() {
            if quoted {
                quoted = !word.contains('"');
                continue;
            }
            if !cleaned.is_empty() {
                cleaned.push(' ');
            }
            let bare = word.trim_matches(|letter: char| letter.is_ascii_punctuation());
            let joint = word.find(['=', ':']).filter(|at| sounds_secret(word.get(..*at).unwrap_or_default()));
            let scheme = SCHEMES.iter().any(|scheme| bare.eq_ignore_ascii_case(scheme));
            if let Some(at) = joint {
                cleaned.push_str(word.get(..=at).unwrap_or_default());
                let glued = word.get(at + 1..).is_some_and(|rest| rest.contains(|letter: char| letter.is_alphanumeric()));
                if glued {
                    cleaned.push_str(STARS);
                    let value = word.get(at + 1..).unwrap_or_default();
                    quoted = value.starts_with('"') && value.matches('"').count() == 1;
                }
                secret_follows = !glued;
            } else if scheme {
                cleaned.push_str(word);
                secret_follows = true;
            } else if secret_follows && !bare.is_empty() {
                cleaned.push_str(STARS);
                secret_follows = false;
            } else if looks_like_token(bare) || self.secrets.iter().any(|secret| secret.expose() == bare) {
                cleaned.push_str(STARS);
            } else {
                cleaned.push_str(word);
            }
        }
        cleaned
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Mask(***)")
    }
}

fn sounds_secret(name: &str) -> bool {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    name == "pin" || name == "sid" || name.ends_with("pin") || SECRET_NAMES.iter().any(|part| name.contains(part))
}

/// Long words without any break are keys, tickets or JWTs, never prose.
fn looks_like_token(word: &str) -> bool {
    word.len() >= 40 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.+/=".contains(&byte))
}

/// Text without tags, scripts and control characters.
fn without_markup(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        kept.push_str(before);
        let is_tag = tag.starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'));
        if !is_tag {
            kept.push('<');
            rest = tag;
            continue;
        }
        kept.push(' ');
        let hidden =
            ["script", "style"].iter().find(|name| tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
        let body = hidden.and_then(|name| tag.find(&format!("</{name}")).and_then(|end| tag.get(end..))).unwrap_or(tag);
        rest = body.split_once('>').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.replace(|letter: char| letter.is_control() || is_bidi(letter), " ")
}

/// Characters that turn the direction of text, which makes a log say what it does not.
fn is_bidi(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(LENGTH).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_show_the_message_and_hide_the_secrets() {
        let mask = Mask::new(["hunter2", "42", "s3ss10n"].map(Secret::from).into());
        let table = [
            (
                r#"{"Password":"x","message":"no","nested":[{"sessionId":7}]}"#,
                r#"{"Password":"***","message":"no","nested":[{"sessionId":"***"}]}"#,
            ),
            (r#"{"m":420,"message":"hunter2 is too weak","n":42}"#, r#"{"m":420,"message":"*** is too weak","n":"***"}"#),
            (r#"{"code":"invalid","token":null}"#, r#"{"code":"invalid","token":null}"#),
            ("password=abc&x=1 next", "password=*** next"),
            ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
            ("use Bearer abc now", "use Bearer *** now"),
            ("pin 42 is not 420", "pin *** is not 420"),
            ("<html><style>b{}</style><h1>Bad\r\nGateway</h1>a < b</html>", "Bad Gateway a < b"),
            ("key AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDDEEEE end", "key *** end"),
            ("\u{202e}evil", "evil"),
            (r#"{"password":"cut of"#, r#"{"password":***"#),
            (r#"{"password":"one two three", "x": 1, "#, r#"{"password":*** "x": 1,"#),
        ];
        for (body, expected) in table {
            assert_eq!(mask.excerpt(body.as_bytes(), true), expected);
        }
        assert_eq!(mask.excerpt("ä".repeat(500).as_bytes(), true).chars().count(), LENGTH + 1);
    }
}
