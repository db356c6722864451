//! What a run writes beside the files of its own vendors: the facade and the lists of vendors.
//!
//! Takes the vendors of the run, and of the others what is committed. Returns files. Knows nothing of documents or of clients.

use std::{collections::BTreeMap, path::Path};

use crate::{
    attributes,
    facade::{self, MODEL, Model, Part},
    failure::Failure,
    files::{self, Outputs},
    vendor,
};

/// Which vendors stand beside those of a run, as they are committed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Others<'a> {
    None,
    /// All but those called so.
    But(&'a [&'a str]),
}

/// A vendor in the facade: its name and what it adds.
pub(super) type Member = (String, Model, Part);

/// What does not depend on the vendors of a run, so that it is made while these are read.
pub(super) struct Shared {
    others: Vec<Member>,
    attributes: Vec<(String, String)>,
}

impl Shared {
    /// Reads what is committed of the `others`.
    ///
    /// # Errors
    /// It is not as a run writes it.
    pub(super) fn read(root: &Path, others: Others<'_>) -> Result<Self, Failure> {
        let attributes = facade::of_attributes(attributes::check()?)?;
        let Others::But(own) = others else { return Ok(Self { others: Vec::new(), attributes }) };
        let mut others = Vec::new();
        for name in vendor::folders(root)?.into_iter().filter(|name| !own.contains(&name.as_str())) {
            let path = root.join(vendor::folder(&name)).join(MODEL);
            // One that was never made has no crate that the facade could name.
            if !path.exists() {
                continue;
            }
            let text = String::from_utf8_lossy(&files::input(&path)?).into_owned();
            let model = facade::read_committed(&text).map_err(|error| {
                Failure::new(format!("{} is not as `regen` writes it: {error}", path.display()), "run `cargo xtask regen`")
            })?;
            let part = Part::of(&model)?;
            others.push((name, model, part));
        }
        Ok(Self { others, attributes })
    }

    /// The facade's generated files, and the hand-written ones that list the vendors with their lists renewed.
    ///
    /// # Errors
    /// What is made is no Rust, or a hand-written file lacks the marks of its list.
    pub(super) fn outputs(self, root: &Path, own: Vec<Member>) -> Result<Outputs, Failure> {
        let mut members = self.others;
        members.extend(own);
        members.sort_by(|one, other| one.0.cmp(&other.0));
        let facade = facade::emit(members.into_iter().map(|(_, model, part)| (model, part)).collect())?;
        let mut outputs = Outputs::default();
        for (path, text) in facade.files.into_iter().chain(self.attributes) {
            outputs.file(path, text)?;
        }
        let mut edited: BTreeMap<&str, String> = BTreeMap::new();
        for block in &facade.blocks {
            let text = match edited.remove(block.path.as_str()) {
                Some(text) => text,
                None => files::text(&root.join(&block.path))?,
            };
            edited.insert(&block.path, facade::replace(&text, block)?);
        }
        for (path, text) in edited {
            outputs.edit(path, text)?;
        }
        Ok(outputs)
    }
}
