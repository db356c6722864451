//! Digests as text: of tokens, of lists and of resources.

use sha2::{Digest as _, Sha256};

/// Returns the SHA-256 of a text, in 64 hexadecimal digits.
pub(crate) fn sha256(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}

/// Returns bytes in hexadecimal digits, two for each.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
