//! The gateway as the program serves it, spoken to by curl.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use vendor_users::{Attribute, Capabilities, DOCUMENTED};

use crate::support::{Demo, program, run};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A program that serves, and the address that it says.
pub(crate) struct Served {
    child: Child,
    pub(crate) url: String,
    /// What it said before it served.
    said: String,
    log: std::thread::JoinHandle<String>,
}

impl Served {
    pub(crate) fn start(folder: &Path, words: &[&str]) -> Self {
        let mut child = program(folder).arg("serve").args(words).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("what it says"));
        let mut url = None;
        let mut before = String::new();
        while url.is_none() {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).expect("a line") > 0, "it does not serve: {before}");
            url = line.strip_prefix("serving SCIM at ").map(|url| url.trim().to_owned());
            before += &line;
        }
        let said = before.clone();
        let log = std::thread::spawn(move || {
            let mut rest = before;
            let _ = lines.read_to_string(&mut rest);
            rest
        });
        Self { child, url: url.expect("an address"), said, log }
    }

    /// Ends it without a word, as a machine that fails does.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it is killed");
        let _ = self.child.wait();
    }

    /// Ends it as a service manager does, and returns its exit code and all that it said.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(told.success());
        let start = Instant::now();
        while self.child.try_wait().expect("a state").is_none() {
            if start.elapsed() > Duration::from_secs(40) {
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        (self.child.wait().expect("a state").code(), self.log.join().expect("a log"))
    }
}

/// The status and the body of what curl is told to send.
pub(crate) fn curl(folder: &Path, words: &[&str]) -> (String, String) {
    let output =
        Command::new("curl").current_dir(folder).args(["-sS", "--max-time", "60", "-w", "\n%{http_code}"]).args(words).output();
    let output = output.expect("curl runs");
    let text = String::from_utf8(output.stdout).expect("text") + &String::from_utf8_lossy(&output.stderr);
    let (body, status) = text.trim_end().rsplit_once('\n').unwrap_or(("", text.trim_end()));
    (status.to_owned(), body.to_owned())
}

#[test]
fn what_the_demo_says_to_type_works() {
    let mut demo = Demo::with(&["--scim"]);
    let typed = demo.said_to_type("scim=");
    let script = format!("set -e\n{typed}");
    let output = Command::new("bash").current_dir(demo.folder()).args(["-c", &script]).output().expect("bash runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{script}\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("\"totalResults\":0") && said.ends_with('}'), "{said}");
    assert!(said.contains("\"userName\":\"kay.scim@example.com\""), "{said}");
    assert!(said.contains("\"active\":true") && said.matches("\"active\":false").count() == 2, "{said}");
}

#[test]
fn a_token_is_made_listed_used_and_revoked_while_the_gateway_serves() {
    let demo = Demo::start();
    let folder = demo.folder();
    let served = Served::start(&folder, &["-i", "vbasoftware", "--listen", "127.0.0.1:0"]);
    let users = format!("{}/v/vbasoftware/Users", served.url);
    assert_eq!(curl(&folder, &[&users]).0, "401");
    let made = run(&folder, &["token", "make", "okta", "-i", "vbasoftware", "--days", "30"]).ends_with(0);
    let token = made.out.trim().to_owned();
    let bearer = format!("Authorization: Bearer {token}");
    assert_eq!(curl(&folder, &["-H", &bearer, &users]).0, "200");
    let listed = run(&folder, &["token", "list"]).ends_with(0).out;
    let id = token.split('.').next().expect("an identifier");
    assert!(listed.contains(id) && listed.contains("okta") && !listed.contains(&token), "{listed}");
    run(&folder, &["token", "revoke", id]).ends_with(0);
    assert_eq!(curl(&folder, &["-H", &bearer, &users]).0, "401");
    run(&folder, &["token", "revoke", id]).ends_with(1);
    assert_eq!(curl(&folder, &[&format!("{}/healthz", served.url)]).0, "200");
    assert_eq!(curl(&folder, &[&format!("{}/readyz", served.url)]).0, "200");
    let (code, log) = served.end();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("\"request\":") && !log.contains(&token), "{log}");
    let secret = token.split('.').next_back().expect("a secret");
    let kept = std::fs::read(folder.join("vendor-users.db")).expect("the store");
    assert!(!String::from_utf8_lossy(&kept).contains(secret), "the store has the token itself");
}

/// Commands and the gateway write to one file at the same time, and each line is in it once.
#[test]
fn what_identity_providers_do_is_in_the_audit_log_with_what_commands_do() {
    let demo = Demo::start();
    let folder = demo.folder();
    let served = Served::start(&folder, &["-i", "vbasoftware", "--listen", "127.0.0.1:0"]);
    let users = format!("{}/v/vbasoftware/Users", served.url);
    let made = run(&folder, &["token", "make", "okta", "-i", "vbasoftware"]).ends_with(0);
    let bearer = format!("Authorization: Bearer {}", made.out.trim());
    let body = r#"{"userName": "kay", "displayName": "Kay Lee", "emails": [{"type": "work", "value": "kay@example.com"}]}"#;
    let (status, user) = curl(&folder, &["-H", &bearer, &users, "--json", body]);
    assert_eq!(status, "201", "{user}");
    let user: serde_json::Value = serde_json::from_str(&user).expect("JSON");
    let one = format!("{users}/{}", user["id"].as_str().expect("an identifier"));
    run(&folder, &["apply", "people.csv", "-i", "vbasoftware", "--only", "1003", "--yes"]).ends_with(0);
    let patch = r#"{"Operations": [{"op": "replace", "value": {"title": "Clerk", "active": false}}]}"#;
    let (status, changed) = curl(&folder, &["-H", &bearer, &one, "-X", "PATCH", "--json", patch]);
    assert_eq!(status, "200", "{changed}");
    // A while later the file has it, while the gateway goes on.
    let lines = || -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(folder.join("audit.jsonl")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };
    let start = Instant::now();
    while lines().len() < 3 {
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", lines());
        std::thread::sleep(Duration::from_millis(100));
    }
    let (code, log) = served.end();
    assert_eq!(code, Some(0), "{log}");
    let told: Vec<(String, String)> =
        lines().iter().map(|line| (line["actor"].to_string(), line["action"].to_string())).collect();
    let expected = [("okta", "create"), ("tester", "create"), ("okta", "disable")];
    assert_eq!(told, expected.map(|(actor, action)| (format!("\"{actor}\""), format!("\"{action}\""))));
    let last = &lines()[2]["changes"];
    assert_eq!(*last, serde_json::json!({ "title": [null, "Clerk"], "active": [true, false] }));
}

#[test]
fn the_gateway_speaks_tls_and_gives_metrics() {
    let demo = Demo::start();
    let folder = demo.folder();
    let subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    let files = ["-keyout", "key.pem", "-out", "cert.pem"];
    let mut openssl = Command::new("openssl");
    openssl.current_dir(&folder).args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]).args(subject).args(files);
    let made = openssl.output().expect("openssl runs");
    assert!(made.status.success(), "{made:?}");
    let config = std::fs::read_to_string(folder.join("vendor-users.toml")).expect("a configuration");
    let serve = "[serve]\nlisten = \"127.0.0.1:0\"\nmetrics = \"127.0.0.1:0\"\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\nroot = \"vbasoftware\"\n";
    std::fs::write(folder.join("vendor-users.toml"), format!("{config}\n{serve}")).expect("a configuration");
    let token = run(&folder, &["token", "make", "entra", "-i", "vbasoftware"]).ends_with(0).out;
    let bearer = format!("Authorization: Bearer {}", token.trim());
    let served = Served::start(&folder, &["-i", "vbasoftware"]);
    let users = format!("{}/Users", served.url);
    let user = r#"{"userName": "kay", "nickName": "K", "active": true, "emails": [{"type": "work", "value": "kay@ex.org"}]}"#;
    let (status, body) = curl(&folder, &["--cacert", "cert.pem", "-H", &bearer, "--json", user, &users]);
    assert_eq!(status, "201", "{body}");
    assert!(body.contains(&format!("{users}/")), "{body}");
    assert_ne!(curl(&folder, &["-H", &bearer, &users]).0, "200", "no certificate of ours is trusted by itself");
    let metrics = served.said.lines().find_map(|line| line.strip_prefix("serving metrics at ")).expect("an address");
    let (status, counted) = curl(&folder, &[metrics]);
    assert_eq!(status, "200", "{counted}");
    for expected in
        ["scim_requests_total{instance=\"vbasoftware\",method=\"POST\",status=\"201\"} 1", "attribute=\"nickName\"} 1"]
    {
        assert!(counted.contains(expected), "{counted}");
    }
    let (code, log) = served.end();
    assert_eq!(code, Some(0), "{log}");
}

/// The page for administrators of identity providers: its commands run as they stand there, on a port of their own.
#[test]
fn what_the_page_about_identity_providers_says_to_type_works() {
    let demo = Demo::start();
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scim.md")).expect("a page");
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let blocks = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    let script: String = blocks.collect::<String>().replace("127.0.0.1:8080", &format!("127.0.0.1:{port}"));
    let bin = Path::new(env!("CARGO_BIN_EXE_vendor-users")).parent().expect("a folder");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let script = format!("set -e\ntrap 'kill %1' EXIT\n{script}");
    let mut bash = Command::new("timeout");
    bash.args(["120", "bash", "-c", &script]).env("PATH", path).current_dir(demo.folder());
    let output = bash.output().expect("bash runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("kay@example.com") && said.contains("\"totalResults\":1"), "{said}");
}

/// Where each attribute is kept, in the page, which `cargo xtask regen` writes; and what to map at those vendors that the page
/// tells of, which `INSTA_UPDATE=always` writes.
#[test]
fn the_page_has_the_attributes_of_all_vendors_and_the_rows_to_map() {
    let capabilities: Vec<_> = DOCUMENTED.iter().map(|vendor| vendor.capabilities(vendor.instance()).build()).collect();
    let titles: Vec<&str> = DOCUMENTED.iter().map(|vendor| vendor.title).collect();
    let mut table = format!("\n| SCIM | {} |\n|---|{}\n", titles.join(" | "), "---|".repeat(titles.len()));
    for &attribute in Attribute::ALL {
        let Some(path) = attribute.scim().filter(|path| !matches!(*path, "id" | "externalId") && !path.starts_with("meta."))
        else {
            continue;
        };
        let short = path.replace(ENTERPRISE, "…enterprise:2.0:User");
        let kept = [Attribute::Email, Attribute::GivenName, Attribute::FamilyName, Attribute::DisplayName];
        let cells =
            capabilities.iter().map(|capabilities| match (capabilities.property(attribute), capabilities.obstacle(attribute)) {
                (Some(property), None) => format!("`{property}`"),
                // Of an extension of which nothing can be written nothing is shown.
                (Some(_), Some(_)) if path.starts_with(ENTERPRISE) && !writes_extension(capabilities) => "–".to_owned(),
                (Some(property), Some(_)) => format!("*read* `{property}`"),
                (None, _) if kept.contains(&attribute) => "*gateway*".to_owned(),
                (None, _) => "–".to_owned(),
            });
        table += &format!("| `{short}` | {} |\n", cells.collect::<Vec<_>>().join(" | "));
    }
    holds("attributes", &table);
    has_the_rows_to_map();
}

/// Where Okta and Entra have each attribute by default.
const SOURCES: [(Attribute, &str, &str); 18] = [
    (Attribute::UserName, "user name", "userPrincipalName"),
    (Attribute::DisplayName, "displayName", "displayName"),
    (Attribute::NickName, "nickName", "mailNickname"),
    (Attribute::GivenName, "firstName", "givenName"),
    (Attribute::FamilyName, "lastName", "surname"),
    (Attribute::Title, "title", "jobTitle"),
    (Attribute::UserType, "userType", "userType"),
    (Attribute::Email, "email", "mail"),
    (Attribute::PhoneNumber, "primaryPhone", "telephoneNumber"),
    (Attribute::MobilePhone, "mobilePhone", "mobile"),
    (Attribute::Locale, "locale", "preferredLanguage"),
    (Attribute::Timezone, "timezone", "a constant"),
    (Attribute::EmployeeNumber, "employeeNumber", "employeeId"),
    (Attribute::CostCenter, "costCenter", "employeeOrgData.costCenter"),
    (Attribute::Division, "division", "employeeOrgData.division"),
    (Attribute::Department, "department", "department"),
    (Attribute::Manager, "managerId", "manager"),
    (Attribute::Active, "the assignment", "Switch([IsSoftDeleted], …)"),
];

fn writes_extension(capabilities: &Capabilities) -> bool {
    let extension = |attribute: &&Attribute| attribute.scim().is_some_and(|path| path.starts_with(ENTERPRISE));
    Attribute::ALL.iter().filter(extension).any(|attribute| capabilities.obstacle(*attribute).is_none())
}

/// What to map for each vendor that the page tells of.
fn has_the_rows_to_map() {
    let page = std::fs::read_to_string(page()).expect("a page");
    let parts: Vec<&str> = page.split("<!-- begin generated: ").skip(1).filter_map(|rest| rest.split(" -->").next()).collect();
    for vendor in parts.into_iter().filter(|part| *part != "attributes") {
        let documented = DOCUMENTED.iter().find(|documented| documented.vendor == vendor).expect("a vendor");
        let capabilities = documented.capabilities(documented.instance()).build();
        let mut table = "\n| Okta | Entra | SCIM | Kept as | Limits |\n|---|---|---|---|---|\n".to_owned();
        for (attribute, okta, entra) in SOURCES {
            let named = attribute == Attribute::GivenName || attribute == Attribute::FamilyName;
            let is_switch = attribute == Attribute::Active;
            let kept = match (capabilities.property(attribute), capabilities.obstacle(attribute)) {
                (Some(property), None) => format!("`{property}`"),
                (Some(property), Some(_)) if is_switch => format!("`{property}`"),
                (None, _) if named => "*gateway*".to_owned(),
                _ => continue,
            };
            let constraints = capabilities.constraints(attribute);
            let limits = [
                constraints.required.then(|| "required".to_owned()),
                constraints.max_length.map(|max| format!("at most {max} characters")),
                constraints.pattern.map(|_| "a pattern, see `/Schemas`".to_owned()),
            ];
            let limits: Vec<String> = limits.into_iter().flatten().collect();
            let scim = attribute.scim().unwrap_or_default().replace(ENTERPRISE, "…enterprise:2.0:User");
            table += &format!("| {okta} | {entra} | `{scim}` | {kept} | {} |\n", limits.join(", "));
        }
        table += "| its own | objectId | `externalId` | *gateway* | one for each client |\n";
        holds(vendor, &table);
    }
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scim.md")
}

/// Checks a generated part of the page, or writes it.
fn holds(part: &str, table: &str) {
    let file = page();
    let page = std::fs::read_to_string(&file).expect("a page");
    let (begin, end) = (format!("<!-- begin generated: {part} -->\n"), format!("<!-- end generated: {part} -->"));
    let (before, rest) = page.split_once(&begin).expect("where it begins");
    let (_, after) = rest.split_once(&end).expect("where it ends");
    let expected = format!("{before}{begin}{table}\n{end}{after}");
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        std::fs::write(&file, &expected).expect("the page is written");
    } else {
        assert!(page == expected, "docs/scim.md has another table; INSTA_UPDATE=always writes this one:\n{table}");
    }
}
