//! progenitor the way its manual shows it in a build script: `script IN OUT`.
//!
//! Input: a specification. Output: a folder with `lib.rs`, printed by prettyplease. `cargo-progenitor` runs rustfmt for
//! that, which takes most of its time.

use std::{env, error::Error, fs, path::Path};

use progenitor::Generator;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else { return Err("script IN OUT".into()) };
    let specification = serde_json::from_reader(fs::File::open(from)?)?;
    let tokens = Generator::default().generate_tokens(&specification)?;
    let text = prettyplease::unparse(&syn::parse2(tokens)?);
    fs::create_dir_all(&to)?;
    Ok(fs::write(Path::new(&to).join("lib.rs"), text)?)
}
