//! A vendor whose emulator runs in the test, a configuration that leads to it, and people.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value};
use vendor_users::testing::vbasoftware::{self as emulator, Vba};
use vendor_users::testing::{Emulator, Records};

use super::{Folder, Ran, folder, program};

/// What is secret in the configuration.
pub(crate) const SECRETS: [&str; 3] = [emulator::KEY, emulator::LOGIN.1, emulator::CLIENT.1];

/// A vendor, a configuration and a file of people in a folder.
pub(crate) struct World {
    pub(crate) folder: Folder,
    pub(crate) server: Emulator<Vba>,
    // Ends after the emulator.
    pub(crate) runtime: tokio::runtime::Runtime,
}

/// The configuration: TOP stands above all, MORE in the instance.
pub(crate) const CONFIG: &str = r#"audit = "audit.jsonl"
plan_age_hours = 24
[people]
key = "number"
complete = true
[limits]
max_disable = "10%"
[instances.claims]
vendor = "vbasoftware"
base_url = "URL"
rate_limit = "none"
leavers = "disable"
active = "status == 'active'"
protect = ["svc-*"]
[instances.claims.settings]
api_key = { env = "CLAIMS_KEY" }
database = "emulator"
user = "admin"
password = { file = "password" }
client_id = "emulator-client"
client_code = { command = ["printf", "emulator-code"] }
[instances.claims.defaults]
administrator = false
audit_User = false
iD_Card_Notification = false
is_SSO_User = false
mfA_Enabled = false
nav_ID_Underline = false
single_Use_Account = false
use_Windows_Authentication = false
vbA_Password_Reset = false
vbA_User = false
account_Locked = false
[instances.claims.map]
user_name = "email | before('@') | lower"
display_name = "name"
email = "email"
title = "title"
"#;

/// So many people: `number,name,email,title,status`.
pub(crate) fn people(count: usize) -> String {
    let mut text = "number,name,email,title,status\n".to_owned();
    for n in 0..count {
        writeln!(text, "{n},Person {n},p{n}@example.com,{},active", ["Clerk", "Manager"][n % 2]).expect("text");
    }
    text
}

impl World {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let server = runtime.block_on(emulator::start()).expect("a port");
        let world = Self { folder: folder(), server, runtime };
        world.configure(CONFIG);
        world.write("password", &format!("{}\n", emulator::LOGIN.1));
        world
    }

    /// A world in which so many people are managed.
    pub(crate) fn with_people(count: usize) -> Self {
        let world = Self::new();
        world.write("people.csv", &people(count));
        world.run(&["apply", "people.csv", "--yes"]).ends_with(0);
        world.server.forget();
        world
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn configure(&self, text: &str) {
        self.write("vendor-users.toml", &text.replace("URL", &self.server.url()));
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).expect("written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).expect("read")
    }

    pub(crate) fn program(&self) -> Command {
        let mut command = program(self.path());
        command.env("CLAIMS_KEY", emulator::KEY);
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        Ran::of(self.program().args(words).output().expect("the program runs"))
    }

    /// What the vendor has, by identifier.
    pub(crate) fn accounts(&self) -> BTreeMap<String, Map<String, Value>> {
        let all = self.server.with(|vendor| vendor.users.all().to_vec());
        let count = all.len();
        let accounts: BTreeMap<_, _> = all.into_iter().map(|record| (text(&record, "user_ID"), record)).collect();
        assert_eq!(accounts.len(), count, "an account is there twice");
        accounts
    }

    /// Requests that changed something, as method and path; logins are not among them.
    pub(crate) fn writes(&self) -> Vec<String> {
        let exchanges = self.server.exchanges().into_iter().map(|exchange| exchange.request);
        let writes = exchanges
            .filter(|request| request.method != "GET" && request.path.iter().all(|segment| segment != "user-authentication"));
        writes.map(|request| format!("{} {}", request.method, request.path.join("/"))).collect()
    }

    /// The vendor has nobody any more.
    pub(crate) fn emptied(&self) -> Records {
        self.server.with(|vendor| std::mem::replace(&mut vendor.users, Records::new("user_ID")))
    }
}

pub(crate) fn text(record: &Map<String, Value>, name: &str) -> String {
    record.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

pub(crate) fn is_locked(record: &Map<String, Value>) -> bool {
    record.get("account_Locked") == Some(&Value::Bool(true))
}
