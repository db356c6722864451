//! Configurations that are written: the part of one instance.

use crate::connect::{Setting, Vendor};

/// The instance `name` at a vendor, with settings that come from where each of them says. What is not usual is written as a
/// comment, unless it is there already.
pub(crate) fn instance(
    vendor: &Vendor,
    name: &str,
    base_url: Option<&str>,
    settings: &[(&Setting, String)],
    is_demo: bool,
) -> String {
    let mut text = format!("\n[instances.{name}]\nvendor = \"{}\" # {}\n", vendor.name(), vendor.documented.title);
    if let Some(url) = base_url {
        text += &format!("base_url = \"{url}\"\n");
    }
    text +=
        "leavers = \"disable\" # who is absent from the file is disabled, nobody is deleted\nactive = \"status == 'active'\"\n";
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
    for (attribute, expression) in MAP {
        text += &format!("{attribute} = \"{expression}\"\n");
    }
    text
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
