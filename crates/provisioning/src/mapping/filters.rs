//! The filters and tests of expressions. Nothing goes in, nothing comes out.

use minijinja::{Environment, Error, ErrorKind, Value};
use unicode_normalization::UnicodeNormalization as _;

use super::is_nothing;
use super::words::Word;

const NAMES: [&str; 9] = ["after", "ascii", "before", "cut", "default", "lower", "replace", "trim", "upper"];

pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("before", |value: Value, mark: String| {
        on_text(value, |text| Ok(text.split_once(&*mark).map_or(text, |(before, _)| before).to_owned()))
    });
    environment.add_filter("after", |value: Value, mark: String| {
        on_text(value, |text| Ok(text.split_once(&*mark).map_or("", |(_, after)| after).to_owned()))
    });
    environment.add_filter("cut", |value: Value, length: usize| on_text(value, |text| Ok(text.chars().take(length).collect())));
    environment.add_filter("lower", |value: Value| on_text(value, |text| Ok(text.to_lowercase())));
    environment.add_filter("upper", |value: Value| on_text(value, |text| Ok(text.to_uppercase())));
    environment.add_filter("trim", |value: Value| on_text(value, |text| Ok(text.trim().to_owned())));
    environment.add_filter("ascii", |value: Value| on_text(value, ascii));
    environment
        .add_filter("replace", |value: Value, from: String, to: String| on_text(value, |text| Ok(text.replace(&from, &to))));
    environment.add_filter("default", |value: Value, other: Value| if is_nothing(&value) { other } else { value });
    environment.add_test("none", |value: Value| is_nothing(&value));
    environment.add_test("defined", |value: Value| !value.is_undefined());
}

fn on_text(value: Value, work: impl FnOnce(&str) -> Result<String, String>) -> Result<Value, Error> {
    if is_nothing(&value) {
        return Ok(value);
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    work(&text).map(Value::from).map_err(|words| Error::new(ErrorKind::InvalidOperation, words))
}

/// Letters without their accents, German and Nordic ones as they are spelled out. What has no spelling is an error.
fn ascii(text: &str) -> Result<String, String> {
    let mut plain = String::with_capacity(text.len());
    for letter in text.nfc() {
        let spelled = match letter {
            letter if letter.is_ascii() => {
                plain.push(letter);
                continue;
            }
            'ä' => "ae",
            'ö' | 'ø' | 'œ' => "oe",
            'ü' => "ue",
            'Ä' => "Ae",
            'Ö' | 'Ø' | 'Œ' => "Oe",
            'Ü' => "Ue",
            'ß' => "ss",
            'æ' => "ae",
            'Æ' => "Ae",
            'å' => "aa",
            'Å' => "Aa",
            'ł' => "l",
            'Ł' => "L",
            'đ' | 'ð' => "d",
            'Đ' | 'Ð' => "D",
            'þ' => "th",
            'Þ' => "Th",
            'ı' => "i",
            '’' | '‘' => "'",
            '–' | '—' | '‐' | '‑' => "-",
            _ => {
                let base: String = std::iter::once(letter).nfd().filter(char::is_ascii).collect();
                if base.is_empty() {
                    return Err(format!("ascii: `{letter}` in \"{text}\" has no spelling in ASCII; map it with replace"));
                }
                plain.push_str(&base);
                continue;
            }
        };
        plain.push_str(spelled);
    }
    Ok(plain)
}

/// Says of a filter that is not known that it is not, before any row is read.
pub(super) fn check(words: &[Word<'_>]) -> Result<(), String> {
    for pair in words.windows(2) {
        let [Word::Mark('|'), next] = pair else { continue };
        let name = if let Word::Name(name) = next { name } else { "" };
        if !NAMES.contains(&name) {
            return Err(format!("there is no filter `{name}`; filters are {}", NAMES.join(", ")));
        }
    }
    Ok(())
}
