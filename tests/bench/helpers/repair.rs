//! A specification that other generators can read: `repair IN OUT PASS…`.
//!
//! Input: a committed specification, and names of the passes that the client's own copy goes through. Output: the same
//! specification with these passes alone applied. Which ones rename nothing on the wire is for the caller to choose.

use std::{env, error::Error, fs};

use serde_json::Value;
use xtask::normalize::{Log, Names, PASSES};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else { return Err("repair IN OUT PASS…".into()) };
    let wanted: Vec<String> = arguments.collect();
    if let Some(unknown) = wanted.iter().find(|name| PASSES.iter().all(|(known, _)| known != name)) {
        return Err(format!("no pass is called {unknown}").into());
    }
    let mut document: Value = serde_json::from_slice(&fs::read(from)?)?;
    let mut log = Log::default();
    for (_, pass) in PASSES.iter().filter(|(name, _)| wanted.iter().any(|wanted| wanted == name)) {
        pass(&mut document, &Names::new(), &mut log);
    }
    match log.problems.first() {
        Some(problem) => Err(problem.to_string().into()),
        None => Ok(fs::write(to, serde_json::to_string_pretty(&document)?)?),
    }
}
