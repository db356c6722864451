//! Where a folded heading ends and the text under it begins.
//!
//! Input: both on one line. Output: how much of it is the heading, and by which rule. Knows nothing of the page.

/// Headings are short: nothing behind this is looked at.
const WORDS: usize = 48;
const LONGEST: usize = 400;

/// Where the heading ends, and the rule that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// Length of the heading.
    pub(super) heading: usize,
    /// Where the text starts; the length of all where there is none.
    pub(super) text: usize,
    pub(super) rule: &'static str,
}

struct Word<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

/// Tells a heading from the text that runs on behind it.
pub(super) fn split(line: &str) -> Split {
    let words = words(line);
    let at = |index: usize, rule| {
        let heading = words.get(index.wrapping_sub(1)).map_or(0, |word| word.end);
        let text = words.get(index).map_or(line.len(), |word| word.start);
        Split { heading, text, rule }
    };
    if let Some(index) = repeated(line, &words) {
        return at(index, "the text starts with the words of the heading");
    }
    if let Some(index) = first_word_again(&words) {
        return at(index, "the text starts with the heading's first word");
    }
    if let Some(index) = find(&words, starts_text) {
        return at(index, "the text starts with a word that starts sentences");
    }
    if let Some(index) = verb_again(&words).filter(|&index| shares_words(&words, index)) {
        return at(index, "the text says the heading again with another verb");
    }
    let prose = line.len() > LONGEST || line.contains(". ") || line.trim_end().ends_with('.');
    if prose {
        if let Some(index) = find(&words, |word| VERBS.contains(&word)).or_else(|| verb_again(&words)) {
            return at(index, "the text starts with a verb");
        }
        if let Some(index) = find(&words, is_capitalised) {
            return at(index, "the text starts with a capital");
        }
        if let Some(end) = words.iter().position(|word| word.text.ends_with('.')) {
            return at(end + 1, "the first sentence is the heading");
        }
    }
    if let Some(index) = long(&words).then(|| find(&words, is_capitalised)).flatten() {
        return at(index, "the text starts with a capital");
    }
    Split { heading: line.trim_end().len(), text: line.len(), rule: "nothing in it starts a text" }
}

fn words(line: &str) -> Vec<Word<'_>> {
    let mut words = Vec::with_capacity(WORDS);
    let mut at = 0;
    while words.len() < WORDS && at <= LONGEST {
        let start = super::text::skip_blank(line, at);
        let rest = line.get(start..).unwrap_or_default();
        let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let Some(text) = rest.get(..len).filter(|text| !text.is_empty()) else { break };
        words.push(Word { start, end: start + len, text });
        at = start + len;
    }
    words
}

/// The longest heading that the text repeats as its first words.
fn repeated(line: &str, words: &[Word<'_>]) -> Option<usize> {
    (1..words.len()).rev().find(|&index| {
        let (Some(last), Some(next)) = (words.get(index - 1), words.get(index)) else { return false };
        let (Some(heading), Some(rest)) = (line.get(..last.end), line.get(next.start..)) else { return false };
        let Some(again) = rest.get(..heading.len()) else { return false };
        let ends = rest.get(heading.len()..).and_then(|rest| rest.chars().next()).is_none_or(|char| !char.is_alphanumeric());
        (index > 1 || heading.len() == rest.trim_end().len()) && ends && again.eq_ignore_ascii_case(heading)
    })
}

/// `Create a job Creates a job in …`, `Process event Process an event …`
fn first_word_again(words: &[Word<'_>]) -> Option<usize> {
    let first = words.first()?.text;
    if first.chars().count() < 3 || !is_capitalised(first) {
        return None;
    }
    (1..words.len()).find(|&index| {
        let text = words.get(index).map_or("", |word| word.text.trim_end_matches([',', ':', '.']));
        index >= 2 - usize::from(text != first) && can_end(words, index) && is_form_of(text, first)
    })
}

/// A verb where the heading started with another one: `Retrieve Ships By Id Get Ships …`
fn verb_again(words: &[Word<'_>]) -> Option<usize> {
    let is_verb = |index: usize| words.get(index).is_some_and(|word| VERBS.contains(&word.text));
    is_verb(0).then(|| (2..words.len()).find(|&index| is_verb(index) && can_end(words, index))).flatten()
}

/// Whether every word of the shorter half stands in the longer one, verbs aside.
fn shares_words(words: &[Word<'_>], index: usize) -> bool {
    let (Some(heading), Some(text)) = (words.get(1..index), words.get(index + 1..)) else { return false };
    let holds = |word: &Word<'_>| heading.iter().any(|other| other.text.eq_ignore_ascii_case(word.text));
    !text.is_empty() && text.len() <= WORDS / 2 && text.iter().all(holds)
}

fn is_form_of(word: &str, base: &str) -> bool {
    let Some(common) = word.get(..base.len()) else {
        return false;
    };
    let ending = word.get(base.len()..).unwrap_or_default();
    let with_y = base.strip_suffix('y').is_some_and(|stem| word.strip_prefix(stem) == Some("ies"));
    (common == base && matches!(ending, "" | "s" | "es")) || with_y
}

/// The first word after the heading's first two that `starts`, whose predecessor can end a heading, and that prose follows:
/// in a heading with capitals the next word has one too.
fn find(words: &[Word<'_>], starts: impl Fn(&str) -> bool) -> Option<usize> {
    let prose = |word: &Word<'_>| !is_capitalised(word.text) || prose_word(word.text) || matches!(word.text, "A" | "An" | "The");
    (2..words.len()).find(|&index| {
        words
            .get(index)
            .is_some_and(|word| starts(word.text) && (prose_word(word.text) || words.get(index + 1).is_some_and(prose)))
            && can_end(words, index)
    })
}

/// Punctuation in a word tells that it stands in prose, such as `Note:`.
fn prose_word(word: &str) -> bool {
    word.ends_with([':', ','])
}

/// Whether a heading can end before the word at `index`.
fn can_end(words: &[Word<'_>], index: usize) -> bool {
    const OPEN: [&str; 27] = [
        "a", "an", "the", "and", "or", "of", "to", "in", "on", "by", "for", "from", "with", "as", "at", "into", "via", "per",
        "using", "&", "-", "–", "—", "/", "|", "+", "vs",
    ];
    let Some(before) = index.checked_sub(1).and_then(|index| words.get(index)) else { return false };
    !OPEN.iter().any(|word| word.eq_ignore_ascii_case(before.text)) && !before.text.ends_with([',', ':', ';', '(', '/', '-'])
}

const VERBS: [&str; 60] = [
    "Get",
    "Gets",
    "Retrieve",
    "Return",
    "List",
    "Fetch",
    "Find",
    "Search",
    "Read",
    "Show",
    "Create",
    "Add",
    "Insert",
    "Update",
    "Edit",
    "Modify",
    "Change",
    "Replace",
    "Patch",
    "Set",
    "Reset",
    "Save",
    "Upsert",
    "Delete",
    "Remove",
    "Cancel",
    "Clear",
    "Enable",
    "Disable",
    "Activate",
    "Deactivate",
    "Start",
    "Stop",
    "Send",
    "Submit",
    "Upload",
    "Download",
    "Export",
    "Import",
    "Validate",
    "Verify",
    "Check",
    "Confirm",
    "Approve",
    "Reject",
    "Assign",
    "Unassign",
    "Move",
    "Copy",
    "Merge",
    "Apply",
    "Process",
    "Generate",
    "Calculate",
    "Register",
    "Invite",
    "Resend",
    "Restore",
    "Run",
    "Execute",
];

/// Words that start a sentence and hardly stand within a heading.
fn starts_text(word: &str) -> bool {
    const STARTS: [&str; 27] = [
        "This",
        "These",
        "The",
        "Use",
        "Used",
        "Allows",
        "Allow",
        "Lets",
        "If",
        "When",
        "Note",
        "Please",
        "Required",
        "You",
        "It",
        "There",
        "Deprecated",
        "Given",
        "Provides",
        "Performs",
        "Initiates",
        "Begin",
        "Begins",
        "Warning",
        "Important",
        "Returned",
        "Once",
    ];
    if !word.starts_with(|char: char| char.is_ascii_uppercase()) {
        return false;
    }
    let word = word.trim_end_matches([':', ',', '.']);
    STARTS.contains(&word) || VERBS.iter().any(|verb| word != *verb && is_form_of(word, verb))
}

fn is_capitalised(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none_or(|char| !char.is_uppercase())
}

/// Whether all this can hardly be one heading.
fn long(words: &[Word<'_>]) -> bool {
    words.len() > 12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_end_where_the_text_starts() {
        for (heading, text) in [
            ("Save Ships", "Save Ships"),
            ("Delete a ship", "Delete a ship. For good."),
            ("Create a ship", "Creates a ship, with its crew"),
            ("Process event", "Process an event as the data says."),
            ("List ships (deprecated)", "Note: going away."),
            ("Patch ship attributes", "Updates one or more of them."),
            ("List all ships", "Retrieve the data of all Ships. Others not."),
            ("Retrieve By Id Ship Parts", "Get Ship Parts By Id. Sorted."),
            ("Return the fleet", "This function returns the fleet."),
            ("Положить файл", "Кладёт файл в хранилище."),
            ("Retrieve all ships with filters and pages", ""),
            ("Get ship", ""),
            ("List All", "Returns a list of ships."),
            ("Moor a ship", "Required Scopes: Moor a ship. When moored, it stays."),
            ("List Crew Members", "Retrieve Crew Members of a ship as objects. Sorted."),
            ("Get all ship-parts", "Get all ship parts"),
            ("Send a signal", "Pass the flags of the signal such as A, or B. All of them."),
            ("Return the log via HTTP GET", "This function returns it."),
        ] {
            let line = format!("{heading} {text}");
            let split = split(line.trim_end());
            assert_eq!((&line[..split.heading], line[split.text..].trim_end()), (heading, text), "{}", split.rule);
        }
    }
}
