//! The first credential of a user that is created. Knows no vendor.

use client_core::Secret;

use crate::capability::{Evidence, Means};
use crate::choice::FirstCredential;
use crate::error::{Error, ErrorKind};
use crate::outcome::{Effect, Outcome};
use crate::primitives::Primitives;

/// Puts into the record of a new user what the credential needs there.
pub(super) fn prepared<P: Primitives>(
    directory: &P,
    credential: FirstCredential,
    record: &mut P::Record,
) -> Result<Option<Secret>, Error> {
    if credential == FirstCredential::None {
        return Ok(None);
    }
    allow(directory, credential)?;
    directory.prepare_credential(credential, record)
}

fn allow<P: Primitives>(directory: &P, credential: FirstCredential) -> Result<(), Error> {
    let capabilities = directory.describe();
    let capability = capabilities.credential(credential);
    if let Means::Unsupported { missing, manual } = &capability.means {
        let offered: Vec<&str> = capabilities.credentials().map(|(credential, _)| credential.name()).collect();
        let manual = manual.as_ref().map(|step| format!("; by hand: {step}")).unwrap_or_default();
        let offered = offered.join(", ");
        let words = format!("the first credential `{credential}` is not offered: {missing}{manual}. Offered: {offered}");
        return Err(Error::new(ErrorKind::Unsupported, capabilities.instance(), words));
    }
    let name = credential.name();
    let accepted = || capability.operations().iter().map(|operation| operation.id.as_ref()).chain([name]);
    match &capability.evidence {
        Evidence::Weak { why } if !accepted().any(|name| capabilities.accepts(name)) => {
            let words = format!(
                "the first credential `{name}` rests on weak evidence ({why}); to use it all the same, accept `{name}` in the \
                 settings of the instance"
            );
            Err(Error::new(ErrorKind::Unsupported, capabilities.instance(), words))
        }
        _ => Ok(()),
    }
}

/// Gives a user that was created its credential.
pub(super) async fn issued<P: Primitives>(
    directory: &P,
    credential: FirstCredential,
    password: Option<Secret>,
    outcome: Outcome,
) -> Result<Outcome, Error> {
    if credential == FirstCredential::None || outcome.effect != Effect::Created {
        return Ok(outcome);
    }
    let id = outcome.user.id().map(|id| id.into_owned()).unwrap_or_default();
    match directory.issue_credential(credential, &id).await {
        Ok(issued) => Ok(outcome.with_password(issued.or(password))),
        Err(error) => {
            let words = format!(
                "the user was created as `{id}`, and its first credential `{credential}` was not given: {error}; give it one with \
                 `reset_password` or by hand"
            );
            let instance = directory.describe().instance();
            // The same call again would find the user and send nothing.
            let kind = if error.is_retryable() { ErrorKind::Refused } else { error.kind() };
            Err(Error::new(kind, instance, words).with_may_have_arrived(true).about(id))
        }
    }
}
