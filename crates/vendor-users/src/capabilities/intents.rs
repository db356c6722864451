//! How the verbs that say what is wanted follow from the others, where a table does not say it. Knows no vendor.

use std::borrow::Cow;

use super::Capabilities;
use crate::capability::{Capability, Means, Verb};

impl Capabilities {
    /// The capabilities of `ensure`, `deactivate` and `activate`, from those of the verbs that they consist of.
    pub(super) fn of_intents(&self) -> [(Verb, Capability); 3] {
        let reads = self.first(&[Verb::Get, Verb::Find, Verb::List]);
        let switched = |verb| match (self.is_there(verb), reads) {
            (true, Some(read)) => derived(vec![read, verb]),
            (true, None) => derived(vec![verb]),
            (false, _) => self.because_of(verb),
        };
        [(Verb::Ensure, self.of_ensure()), (Verb::Deactivate, switched(Verb::Disable)), (Verb::Activate, switched(Verb::Enable))]
    }

    fn of_ensure(&self) -> Capability {
        let Some(lookup) = self.first(&[Verb::Find, Verb::List, Verb::Get]) else {
            return Capability::unsupported("users can be neither read, listed nor found, so that nobody knows who is there");
        };
        let mut from = vec![lookup];
        if lookup != Verb::Get && self.is_there(Verb::Get) {
            from.push(Verb::Get);
        }
        let write = |verb: Verb| self.first(&[verb, Verb::Save]);
        from.extend(write(Verb::Create));
        from.extend(write(Verb::Update).filter(|verb| *verb != Verb::Save || !self.is_there(Verb::Create)));
        match from.last() {
            Some(Verb::Create | Verb::Update | Verb::Save) => derived(from),
            _ => self.because_of(Verb::Update),
        }
    }

    fn is_there(&self, verb: Verb) -> bool {
        self.verbs.get(&verb).is_some_and(Capability::is_supported)
    }

    fn first(&self, verbs: &[Verb]) -> Option<Verb> {
        verbs.iter().copied().find(|verb| self.is_there(*verb))
    }

    /// Unsupported for the reason for which `verb` is.
    fn because_of(&self, verb: Verb) -> Capability {
        let known = self.verbs.get(&verb).filter(|capability| !capability.is_supported());
        known.cloned().unwrap_or_else(|| super::UNKNOWN.clone())
    }
}

fn derived(from: Vec<Verb>) -> Capability {
    let mut capability = Capability::derived(&[]);
    capability.means = Means::Derived { from: Cow::Owned(from) };
    capability
}
