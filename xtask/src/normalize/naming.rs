//! Names that read well in Rust, by rule.
//!
//! Input: a name as it travels. Output: the same in `snake_case` or `PascalCase`, always an identifier. Knows acronyms
//! (`DPAVersion`), acronyms that a serializer has lower-cased all but for the last letter (`mfA_Enabled`), plurals of them
//! (`userIDs`) and words with a letter put before them (`eMail`, `OAuth`); knows no vendor.

use heck::ToUpperCamelCase as _;

/// Letters that English puts before a word to make one word of both: `email`, `iphone`, `oauth`.
const PREFIXES: [char; 3] = ['e', 'i', 'o'];

/// Longest name that is still taken for an acronym with its last letter left in upper case.
const LONGEST_ACRONYM: usize = 4;

/// What cannot name a field: keywords, and the member that keeps what the specification does not name.
const RESERVED: [&str; 52] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn", "for", "if",
    "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "type", "unsafe", "use", "where", "while", "abstract", "become", "box", "do", "final", "gen", "macro",
    "override", "priv", "try", "typeof", "unsized", "virtual", "yield", "extra",
];

/// A field, argument or method: `user_id` for `user_ID`. Keywords get a trailing underscore, as a raw identifier would not
/// do for all of them; a leading digit gets one in front; a name without letters or digits becomes `field`.
#[must_use]
pub fn snake(name: &str) -> String {
    let name = words(name).join("_");
    let name = if name.starts_with(|first: char| first.is_ascii_digit()) { format!("_{name}") } else { name };
    if name.is_empty() {
        "field".to_owned()
    } else if RESERVED.contains(&name.as_str()) {
        format!("{name}_")
    } else {
        name
    }
}

/// A type of Rust: `ResponseOfUser`, with acronyms in Rust's case. Where nothing of the name can start a type, it starts with `Type`.
#[must_use]
pub fn type_name(name: &str) -> String {
    match capitals(name).as_str() {
        "Self" => "SelfType".to_owned(),
        capitals => recased(&prefixed("Type", capitals.to_owned())),
    }
}

/// A variant of an enumeration: `InternalAssociate`. `Unknown` is the variant for what is not documented, so a documented
/// value of that name becomes `UnknownValue`; the empty value becomes `Empty`.
#[must_use]
pub fn variant(name: &str) -> String {
    match capitals(name).as_str() {
        "" if name.is_empty() => "Empty".to_owned(),
        reserved @ ("Unknown" | "Self") => format!("{reserved}Value"),
        capitals => recased(&prefixed("Value", capitals.to_owned())),
    }
}

/// A constant or static: `MOBILE_PHONE`.
#[must_use]
pub fn shouting(name: &str) -> String {
    words(name).join("_").to_uppercase()
}

/// `name`, or `name_2` and so on, the first that is not `taken`.
#[must_use]
pub fn unique(name: &str, separator: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut candidate = name.to_owned();
    let mut number = 2;
    while taken(&candidate) {
        candidate = format!("{}{separator}{number}", name.trim_end_matches('_'));
        number += 1;
    }
    candidate
}

/// As progenitor cases a name once more (`B2BUser` becomes `B2bUser`), until that changes nothing.
fn recased(name: &str) -> String {
    let mut name = name.to_owned();
    for _ in 0..4 {
        let next = name.to_upper_camel_case();
        if next == name {
            break;
        }
        name = next;
    }
    name
}

fn prefixed(prefix: &str, name: String) -> String {
    if name.starts_with(|first: char| first.is_ascii_uppercase()) { name } else { format!("{prefix}{name}") }
}

fn capitals(name: &str) -> String {
    let mut pascal = String::new();
    for word in words(name) {
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            pascal.push(first.to_ascii_uppercase());
            pascal.push_str(letters.as_str());
        }
    }
    pascal
}

/// The words of a name in lower case. Letters beyond ASCII are left out: two identifiers that look alike must not differ.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let plain: String = name.chars().map(unaccented).collect();
    let parts = plain.split(|char: char| !char.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.flat_map(part_words).collect()
}

fn part_words(part: &str) -> Vec<String> {
    let chars: Vec<char> = part.chars().collect();
    if let [first @ .., last] = chars.as_slice() {
        let rest_is_lower = !first.is_empty() && first.iter().all(char::is_ascii_lowercase);
        if rest_is_lower && last.is_ascii_uppercase() && chars.len() <= LONGEST_ACRONYM {
            return vec![part.to_ascii_lowercase()];
        }
    }
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, char) in chars.iter().enumerate() {
        if !word.is_empty() && starts_word(&chars, at, &word) {
            words.push(std::mem::take(&mut word));
        }
        word.push(char.to_ascii_lowercase());
    }
    words.push(word);
    words
}

/// Whether a new word starts at `at`, when `word` is what was read of the one before.
fn starts_word(chars: &[char], at: usize, word: &str) -> bool {
    let look = |offset: isize| at.checked_add_signed(offset).and_then(|at| chars.get(at)).copied().unwrap_or('\0');
    let (before, this, next) = (look(-1), look(0), look(1));
    if !this.is_ascii_uppercase() {
        return false;
    }
    let joined = word.len() == 1 && word.starts_with(PREFIXES) && next.is_ascii_lowercase();
    if before.is_ascii_uppercase() {
        // The `s` of `IDs` belongs to the acronym; it ends the name or another word follows.
        let plural = next == 's' && !look(2).is_ascii_lowercase();
        next.is_ascii_lowercase() && !plural && !joined
    } else {
        !joined
    }
}

/// The letter under the commonest accents; any other letter beyond ASCII separates words.
fn unaccented(char: char) -> char {
    match char {
        'à'..='å' | 'æ' => 'a',
        'À'..='Å' | 'Æ' => 'A',
        'ç' => 'c',
        'Ç' => 'C',
        'è'..='ë' => 'e',
        'È'..='Ë' => 'E',
        'ì'..='ï' => 'i',
        'Ì'..='Ï' => 'I',
        'ñ' => 'n',
        'Ñ' => 'N',
        'ò'..='ö' | 'ø' => 'o',
        'Ò'..='Ö' | 'Ø' => 'O',
        'ù'..='ü' => 'u',
        'Ù'..='Ü' => 'U',
        'ý' | 'ÿ' => 'y',
        'ß' => 's',
        char => char,
    }
}
