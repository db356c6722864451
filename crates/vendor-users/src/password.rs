//! Passwords from the operating system's random source. Knows no vendor.

#![allow(dead_code, reason = "which vendors take a password depends on the features")]

use client_core::Secret;

/// Characters that are not mistaken for each other, one group for each kind that rules for passwords ask for.
const KINDS: [&[u8]; 4] = [b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"abcdefghijkmnpqrstuvwxyz", b"23456789", b"!#%*+-=?@_"];

/// A password of `length` characters, with upper and lower case, digits and symbols. The error says what the system says.
pub(crate) fn generate(length: usize) -> Result<Secret, String> {
    let all: Vec<u8> = KINDS.concat();
    // Of many passwords some lack a kind. Leaving those out keeps all others equally likely, unlike putting one in.
    loop {
        let mut text = String::with_capacity(length);
        while text.len() < length {
            text.push(char::from(pick(&all)?));
        }
        let has = |kind: &&[u8]| text.bytes().any(|byte| kind.contains(&byte));
        if length < KINDS.len() || KINDS.iter().all(has) {
            return Ok(Secret::new(text));
        }
    }
}

/// One of `characters`, each as likely as the others.
fn pick(characters: &[u8]) -> Result<u8, String> {
    let count = u8::try_from(characters.len()).unwrap_or(u8::MAX).max(1);
    // The largest multiple of the count that a byte holds: what is above it would favour the first characters.
    let limit = u8::MAX - u8::MAX % count;
    loop {
        let byte = random()?;
        if let Some(character) = characters.get(usize::from(byte % count)).filter(|_| byte < limit) {
            return Ok(*character);
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn random() -> Result<u8, String> {
    let mut byte = [0];
    getrandom::fill(&mut byte).map_err(|error| format!("the system gives no random numbers: {error}"))?;
    Ok(byte[0])
}

#[cfg(target_arch = "wasm32")]
fn random() -> Result<u8, String> {
    Err("there is no random source on this target".to_owned())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn passwords_have_every_kind_of_character_and_are_never_the_same() {
        let mut seen = HashSet::new();
        let mut used = HashSet::new();
        for _ in 0..500 {
            let password = generate(24).expect("a random source");
            let text = password.expose().to_owned();
            assert_eq!((text.len(), format!("{password:?}")), (24, "***".to_owned()));
            assert!(KINDS.iter().all(|kind| text.bytes().any(|byte| kind.contains(&byte))), "a kind is missing");
            used.extend(text.bytes());
            assert!(seen.insert(text), "twice the same");
        }
        assert_eq!(used.len(), KINDS.concat().len(), "every character comes");
        assert_eq!(generate(2).expect("a random source").expose().len(), 2);
    }
}
