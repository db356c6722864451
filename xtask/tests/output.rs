//! Exit codes, and JSON and annotations held against their schemas.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::workspace;

/// Checks one object against the schema of the command that it names, and returns it.
fn checked(text: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let command = value["command"].as_str().expect("it names its command");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{command}.json"));
    let schema: Value = serde_json::from_str(&fs::read_to_string(&path).expect("a schema")).expect("a schema is JSON");
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let validator = jsonschema::validator_for(&schema).expect("the schema holds together");
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    value
}

/// A change of a document, and what `update` says of it.
struct Case {
    vendor: &'static str,
    document: &'static str,
    edit: (&'static str, &'static str),
    exit: i32,
    outcome: &'static str,
    level: Option<&'static str>,
}

const CASES: &[Case] = &[
    Case { vendor: "twosms", document: "update-user.txt", edit: ("", ""), exit: 0, outcome: "same", level: None },
    Case {
        vendor: "twosms",
        document: "update-user.txt",
        edit: ("The unique identifier for the user.", "The unique identifier of the user."),
        exit: 5,
        outcome: "changes",
        level: Some("patch"),
    },
    Case {
        vendor: "vbasoftware",
        document: "user.txt",
        edit: ("address2\nstring or null <= 128 characters", "address2\nstring or null <= 256 characters"),
        exit: 3,
        outcome: "changes",
        level: Some("minor"),
    },
    Case {
        vendor: "vbasoftware",
        document: "user.txt",
        edit: ("phone_Country_Code", "phone_Code"),
        exit: 4,
        outcome: "changes",
        level: Some("major"),
    },
    Case {
        vendor: "twosms",
        document: "update-user.txt",
        edit: ("EmailAddress", "Mail"),
        exit: 6,
        outcome: "blocked",
        level: Some("major"),
    },
];

#[test]
fn update_tells_by_its_exit_code_and_in_json_what_a_newer_document_changes() {
    let root = workspace::root();
    for Case { vendor, document, edit: (from, to), exit, outcome, level } in CASES {
        let text = fs::read_to_string(root.join(format!("specs/{vendor}/docs/{document}"))).expect("the document is there");
        assert!(text.contains(from), "{document} no longer says {from:?}");
        let newer = tempfile::NamedTempFile::new().expect("a file can be made");
        fs::write(newer.path(), text.replace(from, to)).expect("the file can be written");
        let path = newer.path().to_str().expect("a path of text");
        let run = |format: &str| workspace::run(&root, ["update", vendor, document, path, "--format", format]);
        let (code, stdout, stderr) = run("json");
        let json = checked(&stdout);
        assert_eq!((code, json["outcome"].as_str(), json["level"].as_str()), (*exit, Some(*outcome), *level), "{stdout}{stderr}");
        let (code, stdout, _) = run("github");
        assert_eq!(code, *exit);
        let wanted = json["changes"].as_array().expect("a list").iter().filter(|change| change["level"] != "patch").count()
            + json["obstacles"].as_array().expect("a list").len();
        assert_eq!(annotations(&stdout).len(), wanted, "{stdout}");
        if *outcome == "changes" && wanted > 0 {
            assert!(stdout.contains(&format!("file={path},line=")), "a change lies in the newer file: {stdout}");
        }
    }
}

#[test]
fn a_renamed_property_is_told_as_one_change() {
    let root = workspace::root();
    let document = root.join("specs/vbasoftware/docs/user.txt");
    let newer = tempfile::NamedTempFile::new().expect("a file can be made");
    let text = fs::read_to_string(document).expect("the document is there");
    fs::write(newer.path(), text.replace("phone_Country_Code", "phone_Code")).expect("the file can be written");
    let path = newer.path().to_str().expect("a path of text");
    let (_, stdout, _) = workspace::run(&root, ["update", "vbasoftware", "user.txt", path, "--format", "json"]);
    let json = checked(&stdout);
    let told: Vec<(&str, &str)> = (json["changes"].as_array().expect("a list").iter())
        .filter(|change| change["level"] != "patch")
        .map(|change| (change["kind"].as_str().expect("a word"), change["subject"].as_str().expect("a name")))
        .collect();
    assert_eq!(told, [("renamed", "User.phone_Country_Code")]);
}

#[test]
fn what_cannot_be_read_is_told_at_its_place_in_the_newer_file() {
    let root = workspace::root();
    let newer = tempfile::NamedTempFile::new().expect("a file can be made");
    let text = fs::read_to_string(root.join("specs/vbasoftware/docs/user.txt")).expect("the document is there");
    fs::write(newer.path(), text.replace("\nget/users/{userID}\n", "\n\u{1b}[31m\n")).expect("the file can be written");
    let path = newer.path().to_str().expect("a path of text");
    let run = |format: &str| workspace::run(&root, ["update", "vbasoftware", "user.txt", path, "--format", format]);
    let (code, stdout, stderr) = run("json");
    let json = checked(&stdout);
    assert_eq!((code, json["outcome"].as_str(), json["problems"][0]["file"].as_str()), (1, Some("failed"), Some(path)));
    assert!(stderr.contains(&format!("{path}:")) && !stderr.contains("specs/vbasoftware/docs/"), "{stderr}");
    assert!(!stderr.contains('\u{1b}'), "neither colour nor the page's own: {stderr:?}");
    let (code, stdout, _) = run("github");
    assert_eq!(code, 1);
    assert!(annotations(&stdout).iter().any(|line| line.starts_with(&format!("::error file={path},line="))), "{stdout}");
}

#[test]
fn regen_tells_files_that_differ_apart_from_what_is_wrong() {
    let copy = workspace::copy();
    let run = |format: &str| workspace::run(copy.path(), ["regen", "twosms", "--check", "--format", format]);
    let (code, stdout, stderr) = run("json");
    assert_eq!((code, checked(&stdout)["outcome"].as_str()), (0, Some("same")), "{stdout}{stderr}");
    let findings = copy.path().join("specs/twosms/findings.md");
    // It keeps the mark of what is generated: without it, it would be a person's, and that is an error.
    let text = fs::read_to_string(&findings).expect("the findings are there");
    fs::write(&findings, format!("{text}more\n")).expect("the copy can be written");
    let (code, stdout, _) = run("json");
    let json = checked(&stdout);
    assert_eq!((code, json["outcome"].as_str()), (1, Some("differs")), "{stdout}");
    assert_eq!(json["problems"][0]["file"], "specs/twosms/findings.md");
    let (_, stdout, _) = run("github");
    assert!(annotations(&stdout).iter().any(|line| line.starts_with("::error file=specs/twosms/findings.md::")), "{stdout}");
    let document = copy.path().join("specs/twosms/docs/update-user.txt");
    let text = fs::read_to_string(&document).expect("the document is there");
    fs::write(&document, format!("{text}\n")).expect("the copy can be written");
    let (code, stdout, stderr) = run("json");
    assert_eq!((code, checked(&stdout)["outcome"].as_str()), (1, Some("failed")), "{stdout}");
    assert!(stderr.contains("cargo xtask update twosms update-user.txt"), "the way is through `update`: {stderr}");
}

#[test]
fn import_tells_what_was_read_and_what_was_not() {
    let root = workspace::root();
    let page = |name: &str| root.join("tests/fixtures").join(name).display().to_string();
    let (good, bad) = (page("redoc-page/samples.txt"), page("redoc-page/err_one_of.txt"));
    let run = |arguments: &[&str]| {
        let (code, stdout, stderr) = workspace::run(&root, [&["import", "--format", "json"], arguments].concat());
        (code, checked(&stdout), stderr)
    };
    let (code, json, _) = run(&[&good]);
    assert_eq!((code, json["outcome"].as_str(), json["document"]["openapi"].as_str()), (0, Some("read"), Some("3.0.3")));
    let (code, json, stderr) = run(&[&bad]);
    assert_eq!((code, json["outcome"].as_str(), json["problems"][0]["file"].as_str()), (1, Some("failed"), Some(bad.as_str())));
    assert!(stderr.is_empty(), "{stderr}");
    let (code, json, _) = run(&["--keep-going", &good, &bad]);
    assert_eq!((code, json["outcome"].as_str(), json["read"].as_u64()), (0, Some("partial"), Some(1)));
}

#[test]
fn explain_tells_the_same_to_programs_and_to_reviews() {
    let root = workspace::root();
    for (vendor, what, nodes) in [
        ("vbasoftware", "User.mfA_Enabled", 1),
        ("vbasoftware", "Client::get_user", 1),
        ("vbasoftware", "#/components/schemas/User", 1),
        ("billingplatform", "User::email", 4),
        ("superoffice", "DeleteUser", 1),
    ] {
        let run = |format: &str| workspace::run(&root, ["explain", vendor, what, "--format", format]);
        let (code, stdout, stderr) = run("json");
        let json = checked(&stdout);
        assert_eq!((code, json["outcome"].as_str(), json["vendor"].as_str()), (0, Some("explained"), Some(vendor)), "{stderr}");
        let told = json["nodes"].as_array().expect("a list");
        assert_eq!(told.len(), nodes, "{stdout}");
        let (_, text, _) = run("text");
        let mut passages = 0;
        for node in told {
            let member = |pointer: &str| node.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            assert!(text.contains(member("/rust/code")) && text.contains(member("/subject")), "{text}");
            for passage in node["passages"].as_array().expect("a list") {
                let file = root.join(passage["file"].as_str().expect("a file"));
                assert!(file.is_file(), "{passage}");
                passages += 1;
            }
        }
        let (_, stdout, _) = run("github");
        assert!(passages > 0 && annotations(&stdout).len() == passages, "{stdout}");
    }
    let (code, stdout, _) = workspace::run(&root, ["explain", "vbasoftware", "User.nothing", "--format", "json"]);
    assert_eq!((code, checked(&stdout)["outcome"].as_str()), (1, Some("failed")), "{stdout}");
}

#[test]
fn the_command_line_says_what_it_is_and_completes_itself() {
    let root = workspace::root();
    let (code, stdout, _) = workspace::run(&root, ["--version"]);
    assert_eq!((code, stdout.trim()), (0, concat!("cargo xtask ", env!("CARGO_PKG_VERSION"))));
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (code, stdout, _) = workspace::run(&root, ["completions", shell]);
        assert_eq!(code, 0);
        assert!(stdout.contains("xtask") && stdout.contains("keep-going"), "{shell}: {stdout}");
    }
    for command in ["regen", "new", "remove", "rename", "import", "extract", "explain", "update", "view", "completions"] {
        let (code, stdout, _) = workspace::run(&root, [command, "--help"]);
        assert_eq!(code, 0);
        assert!(stdout.contains("Examples:") && stdout.contains(&format!("cargo xtask {command}")), "{stdout}");
    }
    let (code, ..) = workspace::run(&root, ["update", "--format", "xml"]);
    assert_eq!(code, 2, "a wrong command line has a code of its own");
}

#[test]
fn colours_come_only_where_they_are_asked_for() {
    let page = workspace::root().join("tests/fixtures/redoc-page/err_one_of.txt");
    let told = |environment: &[(&str, &str)]| {
        let mut command = workspace::command(&workspace::root());
        command.arg("import").arg(&page).envs(environment.iter().copied());
        let output = command.output().expect("the command starts");
        String::from_utf8(output.stderr).expect("it is UTF-8")
    };
    assert!(!told(&[]).contains('\u{1b}'));
    assert!(told(&[("CLICOLOR_FORCE", "1")]).contains("\u{1b}[36m"));
    assert!(!told(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}

/// `script` of util-linux makes a terminal. The bar has no colour, so `NO_COLOR` changes nothing of it.
#[test]
fn a_bar_names_the_page_at_a_terminal_and_nowhere_else() {
    let made = Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success());
    if !made {
        assert!(std::env::var_os("CI").is_none(), "`script` of util-linux is needed");
        eprintln!("skipped: there is no `script` of util-linux, which makes a terminal");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let page = fs::read_to_string(workspace::root().join("tests/fixtures/vendors/redocly-markdown/docs/update-pilot.md"));
    let page = page.expect("the page is there");
    let pages: Vec<String> = (0..200)
        .map(|number| {
            let path = folder.path().join(format!("page-{number}.md"));
            fs::write(&path, page.replace("/pilots", &format!("/pilots{number}"))).expect("the page can be written");
            path.display().to_string()
        })
        .collect();
    let out = folder.path().join("out.json").display().to_string();
    let told = |terminal: bool, environment: &[(&str, &str)]| {
        let mut command = workspace::command(&workspace::root());
        if terminal {
            let words =
                [&[env!("CARGO_BIN_EXE_xtask").to_owned(), "import".to_owned(), "--output".to_owned(), out.clone()], &*pages]
                    .concat();
            let mut script = Command::new("script");
            script.args(["-qec", &words.join(" "), "/dev/null"]).env("CARGO_MANIFEST_DIR", workspace::root().join("xtask"));
            command = script;
        } else {
            command.args(["import", "--output", &out]).args(&pages);
        }
        command.env("TERM", "xterm").envs(environment.iter().copied()).stdin(std::process::Stdio::null());
        let output = command.output().expect("the command starts");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    for environment in [&[][..], &[("NO_COLOR", "1")]] {
        let shown = told(true, environment);
        let bars: Vec<&str> = shown.split(['\r', '\n']).filter(|part| part.contains("/200 ")).collect();
        assert!(bars.iter().any(|bar| bar.contains("page-")), "{bars:?} of {shown:?}");
        assert!(bars.iter().all(|bar| !bar.contains("\u{1b}[3") && !bar.contains("\u{1b}[1m")), "{bars:?}");
        let end = shown.rsplit("200 pages read").next().unwrap_or_default();
        assert!(!end.contains("/200"), "nothing of the bar is left: {end:?}");
    }
    assert!(!told(true, &[("TERM", "dumb")]).contains("/200 "));
    assert!(!told(false, &[]).contains("/200 "));
}

/// The workflow commands; anything else on a line is a fault.
fn annotations(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    for line in &lines {
        let known = ["::error ", "::error::", "::warning ", "::warning::", "::notice ", "::notice::"];
        assert!(known.iter().any(|word| line.starts_with(word)), "{line}");
    }
    lines
}
