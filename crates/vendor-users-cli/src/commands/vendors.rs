//! `vendors`: what each instance can do, on what evidence, and what must hold for it.

use clap::Args;
use serde_json::{Value as Json, json};
use vendor_users::capabilities::{Capabilities, Documented};
use vendor_users::capability::Means;
use vendor_users::{DOCUMENTED, Evidence, Verb};

use crate::configuration::Configuration;
use crate::connect::VENDORS;
use crate::context::Context;
use crate::failure::{DONE, Failure};
use crate::output::{Format, say, say_json};
use crate::{session, table};

/// Shows what each instance can do, on what evidence and with which preconditions.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Show the vendors that this program knows, whatever is configured.
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let shown: Vec<(String, Capabilities)> = if arguments.all {
        let known = |vendor: &&&Documented| VENDORS.iter().any(|known| known.name() == vendor.vendor);
        DOCUMENTED
            .iter()
            .filter(known)
            .map(|vendor| (vendor.vendor.to_owned(), vendor.capabilities(vendor.instance()).build()))
            .collect()
    } else {
        let configuration = Configuration::read(context)?;
        let instances = session::instances(&configuration, context)?;
        instances.into_iter().map(|instance| (instance.config.name, instance.capabilities)).collect()
    };
    match context.format {
        Format::Text => shown.iter().for_each(|(name, capabilities)| say(&text(name, capabilities))),
        Format::Json => say_json(&Json::Array(shown.iter().map(|(name, capabilities)| json(name, capabilities)).collect())),
    }
    Ok(DONE)
}

fn how(capabilities: &Capabilities, verb: Verb) -> String {
    match &capabilities.of(verb).means {
        Means::Direct { operations } => {
            operations.iter().map(|operation| operation.id.to_string()).collect::<Vec<_>>().join(", ")
        }
        Means::Derived { from } => format!("by {}", from.iter().map(|verb| verb.name()).collect::<Vec<_>>().join(", ")),
        Means::Unsupported { missing, manual } => match manual {
            Some(manual) => format!("by hand: {manual}"),
            None => format!("no: {missing}"),
        },
        _ => String::new(),
    }
}

fn evidence(capabilities: &Capabilities, verb: Verb) -> String {
    if !capabilities.of(verb).is_supported() {
        return "-".to_owned();
    }
    match capabilities.evidence(verb) {
        Evidence::Documents => "documents".to_owned(),
        Evidence::OtherPages => "other pages".to_owned(),
        Evidence::Weak { .. } if capabilities.supports(verb) => "weak, accepted".to_owned(),
        Evidence::Weak { .. } => "weak, not accepted".to_owned(),
        _ => "unknown".to_owned(),
    }
}

fn text(name: &str, capabilities: &Capabilities) -> String {
    let mut rows = vec![["  verb", "evidence", "how"].map(str::to_owned).to_vec()];
    for &verb in Verb::ALL {
        rows.push(vec![format!("  {verb}"), evidence(capabilities, verb), how(capabilities, verb)]);
    }
    let mut text = format!("{name} ({})\n{}", capabilities.instance().title(), table::render(&rows));
    for &verb in Verb::ALL.iter().filter(|verb| capabilities.of(**verb).is_supported()) {
        for precondition in capabilities.preconditions(verb) {
            text += &format!("  {verb} needs: {precondition}\n");
        }
        for inference in capabilities.inferences(verb) {
            text += &format!("  {verb} infers: {inference}\n");
        }
        if let Evidence::Weak { why } = capabilities.evidence(verb) {
            text += &format!("  {verb} is weak: {why}; `accept_weak = [\"{verb}\"]` accepts it\n");
        }
    }
    for unsaid in capabilities.unsaid() {
        text += &format!("  no page says {unsaid}\n");
    }
    let credentials: Vec<&str> = capabilities.credentials().map(|(credential, _)| credential.name()).collect();
    text + &format!("  joiners' passwords: {}\n", credentials.join(", "))
}

fn json(name: &str, capabilities: &Capabilities) -> Json {
    let verbs = Verb::ALL.iter().map(|&verb| {
        json!({
            "verb": verb.name(),
            "supported": capabilities.supports(verb),
            "evidence": evidence(capabilities, verb),
            "how": how(capabilities, verb),
            "preconditions": capabilities.preconditions(verb),
            "inferences": capabilities.inferences(verb),
        })
    });
    let credentials: Vec<&str> = capabilities.credentials().map(|(credential, _)| credential.name()).collect();
    json!({
        "instance": name,
        "vendor": capabilities.instance().vendor(),
        "title": capabilities.instance().title(),
        "verbs": verbs.collect::<Vec<_>>(),
        "unsaid": capabilities.unsaid().collect::<Vec<_>>(),
        "passwords": credentials,
    })
}
