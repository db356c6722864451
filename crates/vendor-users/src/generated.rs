//! x
use crate::capability::Capabilities;
/// x
pub static CAPABILITIES: &[&Capabilities] = &[];
