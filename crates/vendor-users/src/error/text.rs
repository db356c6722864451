//! Errors as text for people.

use std::fmt;

use super::{Candidate, Error, MissingField, Parts, Problem};
use crate::capability::{Operation, Verb};
use crate::search::MatchKey;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { instance, verb, user, problem, may_have_arrived, retry_after, preconditions, unsaid, taken, .. } = &*self.0;
        instance.fmt(f)?;
        if let (Problem::Call { .. }, Some(host)) = (problem, instance.host()) {
            write!(f, " at {host}")?;
        }
        f.write_str(": ")?;
        match (verb, user) {
            (Some(verb), Some(user)) => write!(f, "`{verb}` of user `{user}`: ")?,
            (Some(verb), None) => write!(f, "`{verb}`: ")?,
            (None, Some(user)) => write!(f, "user `{user}`: ")?,
            (None, None) => {}
        }
        problem.fmt(f)?;
        if let (Some(wait), false) = (retry_after, matches!(problem, Problem::Call { .. })) {
            write!(f, "; try again after {} s", wait.as_secs())?;
        }
        if *may_have_arrived {
            // A client that got no response has said it already.
            let told = matches!(problem, Problem::Call { error, .. } if error.error_response().is_none());
            f.write_str(if told { "; read" } else { "; it may have taken effect, so read" })?;
            f.write_str(" the user before you try again")?;
        }
        if !taken.is_empty() {
            let taken: Vec<String> = taken.iter().map(ToString::to_string).collect();
            write!(f, "; what it had and may have lost: {}", taken.join(", "))?;
        }
        if !preconditions.is_empty() {
            write!(f, "; it works only under these conditions: {}", preconditions.join(", "))?;
        }
        if !unsaid.is_empty() {
            write!(f, "; no page says {}", unsaid.join(", nor "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => f.write_str(words),
            Self::Unsupported { missing, manual, supported } => {
                write!(f, "not supported: {missing}")?;
                if let Some(manual) = manual {
                    write!(f, "; by hand: {manual}")?;
                }
                list_supported(f, supported)
            }
            Self::NotAccepted { weak } => {
                let why: Vec<String> = weak.iter().map(|(verb, why)| format!("`{verb}`: {why}")).collect();
                let verbs: Vec<String> = weak.iter().map(|(verb, _)| format!("`{verb}`")).collect();
                let (why, verbs) = (why.join("; "), verbs.join(" and "));
                write!(
                    f,
                    "it rests on weak evidence ({why}); to use it all the same, accept {verbs} in the settings of the instance"
                )
            }
            Self::Missing(missing) => list_missing(f, missing),
            Self::Value { attribute, property, why } => {
                write!(f, "`{attribute}` cannot be written")?;
                if let Some(property) = property {
                    write!(f, " as `{property}`")?;
                }
                write!(f, ": {why}")
            }
            Self::Constraints(violations) => write!(f, "values break the documented constraints: {violations}"),
            Self::Duplicate(first, second) => write!(
                f,
                "drafts {first} and {second} of the batch are both for this user; nothing was written, leave one of them out"
            ),
            Self::NotFound => f.write_str("there is no such user"),
            Self::AlreadyExists => f.write_str("there is such a user already; nothing was written, save or update it instead"),
            Self::Candidates(candidates) => {
                f.write_str("the match keys do not name one user: ")?;
                for (place, candidate) in candidates.iter().enumerate() {
                    write!(f, "{}{candidate}", if place == 0 { "" } else { ", " })?;
                }
                f.write_str("; nothing was written, a person must decide")
            }
            Self::Changed(fields) => {
                f.write_str("the user changed meanwhile")?;
                if !fields.is_empty() {
                    write!(f, " ({})", fields.join(", "))?;
                }
                f.write_str("; nothing was written, read it again and decide")
            }
            Self::WouldReplace(lost) => {
                f.write_str(
                    "the user may exist and cannot be read, so that it would be replaced; nothing was written. Give the vendor's \
                     record with the draft, or allow it with `replace_existing(true)`",
                )?;
                if lost.is_empty() { Ok(()) } else { write!(f, ", which loses whatever stands in {}", lost.join(", ")) }
            }
            Self::Refused { status, words, fields } => {
                f.write_str("the vendor refused it")?;
                if let Some(status) = status {
                    write!(f, " with status {status}")?;
                }
                if !fields.is_empty() {
                    write!(f, " for {}", fields.join(", "))?;
                }
                write!(f, ": {words}")
            }
            Self::Malformed { expected, found } => write!(f, "malformed response: expected {expected}, found {found}"),
            Self::Call { error, words: None } => error.fmt(f),
            Self::Call { error, words: Some(words) } => match error.error_response() {
                Some(response) => {
                    write!(f, "{} was refused with status {}", error.operation(), response.status.as_u16())?;
                    if let Some(wait) = response.retry_after {
                        write!(f, ", to be tried again after {} s", wait.as_secs())?;
                    }
                    if error.attempts() > 1 {
                        write!(f, ", after {} attempts", error.attempts())?;
                    }
                    write!(f, ": {words}")
                }
                None => error.fmt(f),
            },
        }
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, value, id, user_name, other } = self;
        write!(f, "{key} `{value}` finds user `{id}`")?;
        if let Some(name) = user_name.as_ref().filter(|name| *name != id && (*key != MatchKey::UserName || *name != value)) {
            write!(f, " (`{name}`)")?;
        }
        if let Some((key, value)) = other {
            write!(f, ", whose {key} is `{value}`")?;
        }
        Ok(())
    }
}

fn list_missing(f: &mut fmt::Formatter<'_>, missing: &[MissingField]) -> fmt::Result {
    f.write_str("required and without a value: ")?;
    for (place, MissingField { field, attribute }) in missing.iter().enumerate() {
        write!(f, "{}`{field}`", if place == 0 { "" } else { ", " })?;
        if let Some(attribute) = attribute {
            write!(f, " (`{attribute}`)")?;
        }
    }
    if missing.iter().any(|missing| missing.attribute.is_none()) {
        f.write_str("; give the attributes in the draft, and what has no attribute in the defaults or in a record")?;
    }
    Ok(())
}

fn list_supported(f: &mut fmt::Formatter<'_>, supported: &[(Verb, Option<Operation>)]) -> fmt::Result {
    let mut groups: Vec<(Option<&Operation>, Vec<Verb>)> = Vec::new();
    for (verb, operation) in supported {
        match groups.iter_mut().find(|(known, _)| *known == operation.as_ref()) {
            Some((_, verbs)) => verbs.push(*verb),
            None => groups.push((operation.as_ref(), vec![*verb])),
        }
    }
    if groups.is_empty() {
        return f.write_str(". Nothing else is supported either");
    }
    f.write_str(". Supported: ")?;
    for (place, (operation, verbs)) in groups.iter().enumerate() {
        let verbs: Vec<String> = verbs.iter().map(|verb| format!("`{verb}`")).collect();
        write!(f, "{}{}", if place == 0 { "" } else { "; " }, verbs.join(", "))?;
        if let Some(operation) = operation {
            write!(f, " by {operation}")?;
        }
    }
    Ok(())
}
