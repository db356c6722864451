//! Flags that a vendor keeps as one of two words, which the settings of an instance give. Knows no vendor.

use std::borrow::Cow;

use super::Capabilities;
use crate::attribute::{Attribute, Value};
use crate::user::{User, Worded};
use crate::value_error::ValueError;

/// The vendor's words for a flag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub(super) yes: Option<String>,
    pub(super) no: Option<String>,
}

impl Words {
    pub(super) fn are_unknown(&self) -> bool {
        self.yes.is_none() && self.no.is_none()
    }

    fn read(&self, word: &str) -> Option<bool> {
        let is = |known: &Option<String>| known.as_ref().is_some_and(|known| known.trim() == word.trim());
        if is(&self.yes) { Some(true) } else { is(&self.no).then_some(false) }
    }
}

impl Capabilities {
    /// The attribute of a record, flags in the settings' words included.
    pub(crate) fn read<'r, R: User>(&self, record: &'r R, attribute: Attribute) -> Option<Value<'r>> {
        match self.words.get(&attribute) {
            Some(words) => words.read(&record.word(attribute)?).map(Value::Flag),
            None => record.attribute(attribute),
        }
    }

    /// Whether a record is active, as far as it and the settings say.
    pub(crate) fn active<R: User>(&self, record: &R) -> Option<bool> {
        match self.read(record, Attribute::Active)? {
            Value::Flag(active) => Some(active),
            Value::Text(_) => None,
        }
    }

    /// The value as the record takes it: a flag that has words is one of them.
    pub(crate) fn in_words<'v>(&self, attribute: Attribute, value: &'v Value<'v>) -> Result<Cow<'v, Value<'v>>, ValueError> {
        let Some(words) = self.words.get(&attribute) else { return Ok(Cow::Borrowed(value)) };
        let word = match value {
            Value::Flag(true) => &words.yes,
            Value::Flag(false) => &words.no,
            Value::Text(_) => return Err(ValueError::NotAFlag),
        };
        word.as_ref().map(|word| Cow::Owned(Value::from(word.clone()))).ok_or(ValueError::NoSetting)
    }

    /// The record as callers see it.
    pub(crate) fn shown<R: User>(&self, record: R) -> Box<dyn User> {
        if self.words.is_empty() {
            return Box::new(record);
        }
        let flag = |attribute: &Attribute| match self.read(&record, *attribute)? {
            Value::Flag(flag) => Some((*attribute, flag)),
            Value::Text(_) => None,
        };
        let flags = self.words.keys().filter_map(flag).collect();
        Box::new(Worded::new(record, flags))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::Instance;

    #[derive(Clone, Debug, Default)]
    struct Member(&'static str);

    impl User for Member {
        fn word(&self, attribute: Attribute) -> Option<Cow<'_, str>> {
            (attribute == Attribute::Active).then_some(Cow::Borrowed(self.0))
        }

        fn title(&self) -> Option<Cow<'_, str>> {
            Some(Cow::Borrowed("Clerk"))
        }
    }

    fn capabilities(yes: Option<&str>, no: Option<&str>) -> Capabilities {
        let builder = Capabilities::builder(Instance::new("club", "Club")).carries(Attribute::Active, "state");
        let builder = builder.worded_by_settings(Attribute::Active);
        builder.words(Attribute::Active, yes.map(str::to_owned), no.map(str::to_owned)).build()
    }

    #[test]
    fn words_of_the_settings_are_read_and_a_word_that_is_neither_says_nothing() {
        let both = capabilities(Some("IN"), Some("OUT"));
        for (word, active) in [("IN", Some(true)), (" OUT", Some(false)), ("in", None), ("", None)] {
            assert_eq!(both.active(&Member(word)), active, "{word}");
            assert_eq!(both.shown(Member(word)).active(), active, "{word}");
        }
        assert_eq!(Member("IN").active(), None);
        let shown = both.shown(Member("IN"));
        assert_eq!(shown.title().as_deref(), Some("Clerk"));
        assert_eq!(shown.downcast_ref::<Member>().map(|member| member.0), Some("IN"));
    }

    #[test]
    fn a_word_that_nobody_named_is_not_written() {
        let write = |capabilities: &Capabilities, flag| {
            let value = Value::Flag(flag);
            capabilities.in_words(Attribute::Active, &value).map(|word| word.to_string())
        };
        let both = capabilities(Some("IN"), Some("OUT"));
        assert_eq!((write(&both, true), write(&both, false)), (Ok("IN".to_owned()), Ok("OUT".to_owned())));
        let one = capabilities(Some("IN"), None);
        assert_eq!((write(&one, true), write(&one, false)), (Ok("IN".to_owned()), Err(ValueError::NoSetting)));
        assert_eq!(one.obstacle(Attribute::Active), None);
        assert_eq!(capabilities(None, None).obstacle(Attribute::Active), Some(ValueError::NoSetting));
    }
}
