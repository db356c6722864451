//! Any text as a name that users are looked for by, at the vendors whose search is a language: what is written is one literal of
//! that text by every rule for quotes that there is, or nothing is written.

#![no_main]

use fuzz::literal::{Quotes, literals};
use libfuzzer_sys::fuzz_target;
use vendor_users::adapter::{billingplatform, superoffice};

fuzz_target!(|text: &str| {
    let trimmed = text.trim();
    for quotes in Quotes::ALL {
        // The whole text, as it is and in lower case, and between the literals nothing but what belongs there.
        if let Some(condition) = billingplatform::equals("Username", text) {
            let (read, between) = literals(&condition, quotes).expect("literals end");
            let spellings = [trimmed.to_owned(), trimmed.to_lowercase()];
            assert!(!read.is_empty() && read.iter().zip(&spellings).all(|(read, text)| read == text), "{condition}");
            assert!(["Username = ", "Username =  OR Username = "].contains(&between.as_str()), "{condition}");
        }
        if let Some(literal) = billingplatform::literal(text) {
            assert_eq!(literals(&literal, quotes), Some((vec![text.to_owned()], String::new())));
        }
        // The whole text, or how it begins.
        if let Some(filter) = superoffice::is_or_begins("userName", text) {
            let (read, between) = literals(&filter, quotes).expect("literals end");
            let [read] = read.as_slice() else { panic!("{filter}") };
            let fits = match between.as_str() {
                "userName is " => read == trimmed,
                "userName begins " => trimmed.starts_with(read.as_str()) && !read.trim().is_empty(),
                _ => false,
            };
            assert!(fits, "{filter}");
        }
    }
});
