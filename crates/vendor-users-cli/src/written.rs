//! Configurations that are written: the part of one instance.

use vendor_users::{Attribute, Evidence};

use crate::connect::{Setting, Vendor};

/// The instance `name` at a vendor, with settings that come from where each of them says. What is not usual is written as a
/// comment, unless it is there already.
pub(crate) fn instance(
    vendor: &Vendor,
    name: &str,
    base_url: Option<&str>,
    settings: &[(&Setting, String)],
    key: &str,
    is_demo: bool,
) -> String {
    let mut text = format!("\n[instances.{name}]\nvendor = \"{}\" # {}\n", vendor.name(), vendor.documented.title);
    if let Some(url) = base_url {
        text += &format!("base_url = \"{url}\"\n");
    }
    text +=
        "leavers = \"disable\" # who is absent from the file is disabled, nobody is deleted\nactive = \"status == 'active'\"\n";
    let weak = weak(vendor);
    if !weak.is_empty() {
        let (off, why) = if is_demo {
            ("", "what no page says outright, and the emulator does; at the vendor, `vendor-users verify` shows whether it holds")
        } else {
            ("# ", "what no page says outright: `vendor-users vendors` says why, `vendor-users verify` whether it holds")
        };
        text += &format!("{off}accept_weak = [{}] # {why}\n", weak.join(", "));
    }
    if vendor.administrator.is_none() && !is_demo {
        text += "# administrator = \"record.PROPERTY == 'WORD'\" # how an administrator is told, whom nothing here touches: no page of the \
                 vendor says it\n";
    }
    text += &format!("\n[instances.{name}.settings]\n");
    for (setting, source) in settings {
        let off = if setting.is_usual || is_demo { "" } else { "# " };
        text += &format!("{off}{} = {source} # {}\n", setting.name, setting.about);
    }
    if !vendor.defaults.is_empty() {
        text += &format!(
            "\n[instances.{name}.defaults] # what the vendor demands of new users, in its own words\n{}",
            vendor.defaults
        );
    }
    if !vendor.scim.is_empty() {
        text += &format!("\n[instances.{name}.scim] # what the installation demands, for identity providers\n{}", vendor.scim);
    }
    text += &format!("\n[instances.{name}.map]\n");
    if takes_identifiers(vendor) {
        let is_plain = key.chars().all(|char| char.is_ascii_alphanumeric() || char == '_') && !key.starts_with(char::is_numeric);
        let key = if is_plain { key.to_owned() } else { format!("row['{key}']") };
        text += &format!("id = \"{key}\" # the vendor wants one of every new user; it never changes\n");
    }
    for (attribute, expression) in MAP {
        text += &format!("{attribute} = \"{expression}\"\n");
    }
    text
}

/// The verbs that rest on weak evidence of their own.
fn weak(vendor: &Vendor) -> Vec<String> {
    let verbs = vendor.documented.verbs.iter();
    let weak = verbs.filter(|(_, verb)| verb.is_supported() && matches!(verb.evidence, Evidence::Weak { .. }));
    weak.map(|(verb, _)| format!("\"{verb}\"")).collect()
}

/// Whether the vendor wants an identifier of new users that is more than their name.
fn takes_identifiers(vendor: &Vendor) -> bool {
    let documented = vendor.documented;
    let property = |wanted| documented.carries.iter().find(|(attribute, _)| *attribute == wanted).map(|(_, property)| property);
    let is_required = documented.constraints.iter().any(|(attribute, demanded)| *attribute == Attribute::Id && demanded.required);
    is_required && property(Attribute::Id) != property(Attribute::UserName)
}

/// Where attributes come from. What a vendor has no place for is told and left out.
const MAP: [(&str, &str); 7] = [
    ("user_name", "email | before('@') | ascii | lower"),
    ("display_name", "given_name ~ ' ' ~ family_name"),
    ("given_name", "given_name"),
    ("family_name", "family_name"),
    ("email", "email"),
    ("title", "title"),
    ("phone_number", "phone"),
];
