//! From the text to the configuration.

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use vendor_users::{Attribute, FirstCredential};

use super::instance::{Adopt, Authority, InstanceConfig, Leavers, Limit, Mapping, ScimConfig};
use super::secret::SecretSource;
use super::serve;
use super::table::{Source, Table};
use super::{Config, PeopleConfig, StoreConfig};
use crate::mapping::Expression;
use crate::place::{Misplaced, Place};
use crate::store::Kind;

const DAY: u64 = 24 * 60 * 60;

pub(super) fn config(file: &str, text: &str) -> Result<Config, Vec<Misplaced>> {
    let source = Source::new(file, text);
    let parsed = match DeTable::parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            source.wrong(&error.span().unwrap_or_default(), error.message().to_owned());
            return Err(source.into_errors());
        }
    };
    let root = Table::new(&source, &parsed);
    let people = root.table("people");
    if people.is_none() && root.get("people").is_none() {
        root.wrong(&(0..0), "`[people]` is missing: it names the column with the stable key, as in `key = \"number\"`");
    }
    let limits = root.table("limits").map(limits).unwrap_or_default();
    let mut instances = BTreeMap::new();
    if let Some(table) = root.table("instances") {
        for (name, span, value) in table.members() {
            let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            if !plain {
                root.wrong(
                    &span,
                    format!("the instance `{name}` has a name with other characters than letters, digits, - and _"),
                );
            }
            let what = format!("the instance `{name}`");
            if let Some(table) = Table::of(&source, value, &what) {
                instances.extend(instance(&source, name, table, &limits).map(|instance| (name.to_owned(), instance)));
            }
        }
    }
    if instances.is_empty() && root.get("instances").is_none() {
        root.wrong(&(0..0), "no instance is configured: `[instances.<name>]` with `vendor = \"…\"` is missing");
    }
    let config = Config {
        store: store(&source, &root),
        audit: root.text("audit").map(|(path, _)| path),
        people: people.map(self::people).unwrap_or_else(|| PeopleConfig {
            key: String::new(),
            delimiter: None,
            final_line_end_is_optional: false,
            complete: false,
        }),
        notify: root.texts("notify").into_iter().map(|(word, _)| word).collect(),
        serve: root.table("serve").map(serve::serve).unwrap_or_default(),
        plan_age_hours: root.number("plan_age_hours").unwrap_or(24),
        instances,
        digest: digest(text),
    };
    root.finish();
    let errors = source.into_errors();
    if errors.is_empty() { Ok(config) } else { Err(errors) }
}

/// FNV-1a, twice with different starts: a plan's configuration is told from an edited one, not from a forged one.
fn digest(text: &str) -> String {
    let fold = |start: u64| text.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{:016x}{:016x}", fold(0xcbf2_9ce4_8422_2325), fold(0x6c62_272e_07bb_0142))
}

fn store(source: &Source<'_>, root: &Table<'_, '_>) -> StoreConfig {
    let default = || StoreConfig::Sqlite("vendor-users.db".to_owned());
    let Some(value) = root.get("store") else { return default() };
    match value.get_ref() {
        DeValue::String(path) => StoreConfig::Sqlite(path.to_string()),
        DeValue::Table(_) => {
            let Some(table) = Table::of(source, value, "`store`") else { return default() };
            let url = table.get("postgres").and_then(|value| secret(source, "postgres", value, true));
            if url.is_none() {
                source.wrong(&table.span(), "`store` is a path, or `{ postgres = { env = \"…\" } }`");
            }
            table.finish();
            url.map_or_else(default, StoreConfig::Postgres)
        }
        other => {
            let words = format!("`store` is a path, or `{{ postgres = {{ env = \"…\" }} }}`, found {}", other.type_str());
            source.wrong(&value.span(), words);
            default()
        }
    }
}

fn people(table: Table<'_, '_>) -> PeopleConfig {
    let key = table.text("key");
    if key.is_none() && table.get("key").is_none() {
        table.wrong(&table.span(), "`key` is missing: the column with what never changes about a person, such as a number");
    }
    if let Some((_, span)) = key.as_ref().filter(|(key, _)| key.trim().is_empty()) {
        table.wrong(span, "`key` is empty: it is the name of a column");
    }
    let delimiter = table.text("delimiter").and_then(|(text, span)| match text.as_bytes() {
        [one] => Some(*one),
        _ => {
            table.wrong(&span, format!("`delimiter` is one character such as \";\", found \"{text}\""));
            None
        }
    });
    let people = PeopleConfig {
        key: key.map(|(key, _)| key).unwrap_or_default(),
        delimiter,
        final_line_end_is_optional: table.flag("final_line_end_is_optional").unwrap_or(false),
        complete: table.flag("complete").unwrap_or(false),
    };
    table.finish();
    people
}

fn limits(table: Table<'_, '_>) -> BTreeMap<Kind, Limit> {
    let names = [
        ("max_create", Kind::Create),
        ("max_update", Kind::Update),
        ("max_enable", Kind::Enable),
        ("max_disable", Kind::Disable),
        ("max_delete", Kind::Delete),
    ];
    let mut limits = BTreeMap::new();
    for (name, kind) in names {
        let Some(value) = table.get(name) else { continue };
        let limit = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().parse().ok().map(Limit::Absolute),
            DeValue::String(text) => share(text),
            _ => None,
        };
        match limit {
            Some(limit) => drop(limits.insert(kind, limit)),
            None => table.wrong(&value.span(), format!("`{name}` is a number such as 20 or a share such as \"10%\"")),
        }
    }
    table.finish();
    limits
}

fn share(text: &str) -> Option<Limit> {
    let percent: f64 = text.strip_suffix('%')?.trim().parse().ok()?;
    let sensible = (0.0..=100.0).contains(&percent);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was just checked to be from 0 to 10,000")]
    sensible.then(|| Limit::Share((percent * 100.0).round() as u64))
}

fn instance(
    source: &Source<'_>,
    name: &str,
    table: Table<'_, '_>,
    limits_of_all: &BTreeMap<Kind, Limit>,
) -> Option<InstanceConfig> {
    let vendor = table.text("vendor");
    if vendor.is_none() && table.get("vendor").is_none() {
        table.wrong(&table.span(), format!("the instance `{name}` has no `vendor`"));
    }
    let mut limits = BTreeMap::from([(Kind::Disable, Limit::Share(1000)), (Kind::Delete, Limit::Share(1000))]);
    limits.extend(limits_of_all.iter().map(|(kind, limit)| (*kind, *limit)));
    limits.extend(table.table("limits").map(self::limits).unwrap_or_default());
    let mut settings = BTreeMap::new();
    if let Some(table) = table.table("settings") {
        for (name, _, value) in table.members() {
            settings.extend(secret(source, name, value, false).map(|secret| (name.to_owned(), secret)));
        }
    }
    let expression = |name: &'static str| {
        let (text, span) = table.text(name)?;
        compiled(source, &text, &span)
    };
    let leavers = [("report", Leavers::Report), ("disable", Leavers::Disable), ("delete", Leavers::Delete)];
    let passwords: Vec<_> = FirstCredential::ALL.iter().map(|credential| (credential.name(), *credential)).collect();
    let match_keys = attributes(&table, "match");
    let config = InstanceConfig {
        name: name.to_owned(),
        place: vendor.as_ref().map(|(_, span)| Place::of(source.text, span.start)).unwrap_or_default(),
        vendor: vendor.map(|(vendor, _)| vendor).unwrap_or_default(),
        base_url: table.text("base_url").map(|(url, _)| url),
        paced: table.word("rate_limit", &[("vendor", true), ("none", false)]).unwrap_or(true),
        settings,
        defaults: table.get("defaults").map(json).and_then(object).unwrap_or_default(),
        match_keys: if match_keys.is_empty() { vec![Attribute::UserName] } else { match_keys },
        adopt: table.word("adopt", &[("when-asked", Adopt::WhenAsked), ("matching", Adopt::Matching)]).unwrap_or_default(),
        leavers: table.word("leavers", &leavers).unwrap_or_default(),
        delete_after: table.text("delete_after").and_then(|(text, span)| days(&table, &text, &span)).unwrap_or(30 * DAY),
        include: expression("include"),
        protect: table.texts("protect").into_iter().map(|(pattern, _)| pattern).collect(),
        administrators: table.flag("administrators").unwrap_or(false),
        administrator: expression("administrator"),
        unlock: table.flag("unlock").unwrap_or(false),
        clear: attributes(&table, "clear").into_iter().collect(),
        active: expression("active"),
        map: table.table("map").map(|table| map(source, &table)).unwrap_or_default(),
        scim: table.table("scim").map(|table| scim(source, table)).unwrap_or_default(),
        limits,
        create_unseen: table.flag("create_unseen").unwrap_or(false),
        password: table.word("password", &passwords).unwrap_or_default(),
        accept_weak: table.texts("accept_weak").into_iter().map(|(name, _)| name).collect(),
        write_explicitly: attributes(&table, "write_explicitly"),
    };
    table.finish();
    Some(config)
}

fn scim(source: &Source<'_>, table: Table<'_, '_>) -> ScimConfig {
    let mut config = serve::scim(&table);
    config.required = attributes(&table, "required").into_iter().collect();
    config.map = table.table("map").map(|table| map(source, &table));
    table.finish();
    config
}

fn attributes(table: &Table<'_, '_>, name: &'static str) -> Vec<Attribute> {
    let texts = table.texts(name).into_iter();
    let read = texts.filter_map(|(text, span)| match Attribute::from_str(&text) {
        Ok(attribute) => Some(attribute),
        Err(error) => {
            table.wrong(&span, error.to_string());
            None
        }
    });
    read.collect()
}

fn days(table: &Table<'_, '_>, text: &str, span: &Range<usize>) -> Option<u64> {
    let days = text.strip_suffix('d').and_then(|days| days.trim().parse::<u64>().ok());
    if days.is_none() {
        table.wrong(span, format!("`delete_after` is a number of days such as \"30d\", found \"{text}\""));
    }
    days.map(|days| days.saturating_mul(DAY))
}

fn map(source: &Source<'_>, table: &Table<'_, '_>) -> BTreeMap<Attribute, Mapping> {
    let mut map = BTreeMap::new();
    for (name, span, value) in table.members() {
        let attribute = match Attribute::from_str(name) {
            Ok(attribute) if attribute.is_assigned() => {
                source.wrong(&span, format!("`{name}` is the vendor's to give and cannot be mapped"));
                continue;
            }
            Ok(Attribute::Active) => {
                source.wrong(&span, "`active` is not mapped here but beside `map`, as `active = \"…\"`");
                continue;
            }
            Ok(attribute) => attribute,
            Err(error) => {
                source.wrong(&span, error.to_string());
                continue;
            }
        };
        let (text, place, authority) = match value.get_ref() {
            DeValue::String(text) => (text.to_string(), value.span(), Authority::Always),
            _ => {
                let Some(table) = Table::of(source, value, &format!("`{name}`")) else { continue };
                let words = [("always", Authority::Always), ("create", Authority::Create)];
                let authority = table.word("authority", &words).unwrap_or_default();
                let from = table.text("from");
                if from.is_none() && table.get("from").is_none() {
                    source.wrong(&table.span(), format!("`{name}` has no `from`, the expression that makes it"));
                }
                table.finish();
                let Some((text, span)) = from else { continue };
                (text, span, authority)
            }
        };
        // Who somebody is never changes; it is only ever given to whoever is new.
        let authority = if attribute == Attribute::Id { Authority::Create } else { authority };
        map.extend(compiled(source, &text, &place).map(|expression| (attribute, Mapping { expression, authority })));
    }
    map
}

fn compiled(source: &Source<'_>, text: &str, span: &Range<usize>) -> Option<Expression> {
    match Expression::compile(text, Place::of(source.text, span.start)) {
        Ok(expression) => Some(expression),
        Err(words) => {
            source.wrong(span, words);
            None
        }
    }
}

fn secret(source: &Source<'_>, name: &str, value: &Spanned<DeValue<'_>>, is_secret: bool) -> Option<SecretSource> {
    let forms = "`{ env = \"…\" }`, `{ file = \"…\" }` or `{ command = [\"…\"] }`";
    if let DeValue::String(text) = value.get_ref() {
        if is_secret || sounds_secret(name) {
            source.wrong(&value.span(), format!("`{name}` is a credential and does not stand in this file: use {forms}"));
            return None;
        }
        return Some(SecretSource::Plain(text.to_string()));
    }
    let table = Table::of(source, value, &format!("`{name}` is text, or a table such as {forms}, and"))?;
    let env = table.text("env").map(|(name, _)| SecretSource::Env(name));
    let file = table.text("file").map(|(path, _)| SecretSource::File(path));
    let command: Vec<String> = table.texts("command").into_iter().map(|(word, _)| word).collect();
    let here = table.text("value").map(|(text, _)| text);
    let twice = table.flag("in_this_file").unwrap_or(false);
    let command = Some(command).filter(|command| !command.is_empty()).map(SecretSource::Command);
    if here.is_some() && !twice {
        source
            .wrong(&table.span(), format!("`{name}` has its `value` in this file; if that is meant, add `in_this_file = true`"));
    }
    let mut all: Vec<SecretSource> = [env, file, command, here.map(SecretSource::Here)].into_iter().flatten().collect();
    if all.len() != 1 {
        source.wrong(&table.span(), format!("`{name}` comes from one place: {forms}"));
    }
    table.finish();
    all.pop()
}

/// Settings whose names say that their value is nobody else's business.
fn sounds_secret(name: &str) -> bool {
    ["password", "secret", "token", "api_key", "client_code", "jwt"].iter().any(|word| name.contains(word))
}

fn object(json: Json) -> Option<serde_json::Map<String, Json>> {
    match json {
        Json::Object(members) => Some(members),
        _ => None,
    }
}

fn json(value: &Spanned<DeValue<'_>>) -> Json {
    match value.get_ref() {
        DeValue::String(text) => Json::String(text.to_string()),
        DeValue::Boolean(flag) => Json::Bool(*flag),
        DeValue::Integer(number) => number.as_str().parse::<i64>().map_or_else(|_| Json::Null, Json::from),
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or_else(|_| Json::Null, Json::from),
        DeValue::Array(list) => list.iter().map(json).collect(),
        DeValue::Table(table) => {
            let members = table.iter().map(|(name, value)| (name.get_ref().to_string(), json(value)));
            Json::Object(members.collect())
        }
        DeValue::Datetime(time) => Json::String(time.to_string()),
    }
}
