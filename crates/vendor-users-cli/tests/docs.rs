//! The README and the pages in `docs/`: each command in them is run, word for word.

use std::path::Path;

use crate::support::{Demo, Ran, program};

/// What a page has in blocks of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once(&format!("```{language}\n")) {
        let (block, behind) = after.split_once("\n```").expect("a block ends");
        blocks.push(block.to_owned());
        rest = behind;
    }
    blocks
}

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs a line as a shell would, with the program in the path.
fn shell(folder: &Path, line: &str) -> Ran {
    let bin = Path::new(env!("CARGO_BIN_EXE_vendor-users")).parent().expect("a folder");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = std::process::Command::new("sh");
    command.args(["-c", line]).current_dir(folder).env("PATH", path).env("USER", "tester");
    command.env_remove("VENDOR_USERS_CONFIG").env_remove("SUDO_USER").stdin(std::process::Stdio::null());
    Ran::of(command.output().expect("a shell"))
}

/// The exit code that a line says it ends with, or 0.
fn code(line: &str) -> i32 {
    line.split_once("# exit code ").map_or(0, |(_, code)| code.trim().parse().expect("a number"))
}

/// Runs all commands of a page in a demo, and returns what each said.
fn run_all(demo: &Demo, page: &str) -> Vec<(String, String)> {
    let mut said = Vec::new();
    for line in blocks(page, "sh").iter().flat_map(|block| block.lines()).filter(|line| !line.is_empty()) {
        if line == "cargo run -p vendor-users-cli -- demo" || line == "cd vendor-users-demo" {
            continue;
        }
        assert!(line.starts_with("vendor-users "), "no command of ours: {line}");
        let ran = shell(&demo.folder(), line);
        assert_eq!(ran.code, code(line), "{line}\n{}{}", ran.out, ran.err);
        said.push((line.to_owned(), ran.out + &ran.err));
    }
    said
}

#[test]
fn the_main_way_of_the_readme_does_what_it_shows() {
    let demo = Demo::start();
    let said = run_all(&demo, &page("README.md"));
    assert!(said.len() >= 4, "{said:?}");
    let text: String = said.iter().map(|(line, said)| format!("$ {line}\n{said}\n")).collect();
    insta::assert_snapshot!("readme", text);
}

/// What the demo prints is what the README has, and does the same when it is typed, also while it serves SCIM.
#[test]
fn what_the_demo_prints_is_what_the_readme_has_and_works() {
    let readme = page("README.md");
    for words in [[].as_slice(), &["--scim"]] {
        let mut demo = Demo::with(words);
        let printed = demo.said_to_type("cd ");
        assert!(blocks(&readme, "sh").contains(&printed.trim_end().to_owned()), "{printed}");
        let (cd, lines) = printed.split_once('\n').expect("a folder to go to");
        let said: Vec<Ran> = lines
            .lines()
            .map(|line| {
                let ran = shell(demo.parent(), &format!("{cd} && {line}"));
                assert_eq!(ran.code, code(line), "{line}\n{}{}", ran.out, ran.err);
                ran
            })
            .collect();
        let last = &said.last().expect("commands").out;
        assert_eq!(last.matches("nothing to do").count(), 3, "{last}");
    }
}

#[test]
fn the_workspaces_readme_shows_the_same_way() {
    let own = blocks(&page("README.md"), "sh");
    let all = blocks(&page("../../README.md"), "sh");
    for block in own {
        assert!(all.contains(&block), "the README of the workspace lacks\n{block}");
    }
}

#[test]
fn a_first_hour_can_be_spent() {
    let demo = Demo::start();
    let said = run_all(&demo, &page("docs/first-hour.md"));
    assert!(said.len() > 15, "{said:?}");
    // The second run of everybody has nothing to do.
    let runs: Vec<&String> =
        said.iter().filter(|(line, _)| line.contains("-i vbasoftware --yes")).map(|(_, said)| said).collect();
    assert!(runs[2].contains("nothing to do"), "{runs:#?}");
}

#[test]
fn what_to_do_when_can_be_done() {
    let demo = Demo::start();
    shell(&demo.folder(), "vendor-users apply people.csv -i vbasoftware --yes").ends_with(0);
    let said = run_all(&demo, &page("docs/what-to-do-when.md"));
    assert!(said.len() > 8, "{said:?}");
}

#[test]
fn schedules_run_what_they_say() {
    let demo = Demo::start();
    let text = page("docs/schedule.md");
    let mut commands: Vec<String> = Vec::new();
    for line in blocks(&text, "crontab").iter().flat_map(|block| block.lines()).filter(|line| !line.starts_with('#')) {
        let command = line.splitn(6, ' ').nth(5).expect("five fields and a command");
        commands.push(command.strip_prefix("cd /srv/vendor-users && ").expect("a folder").to_owned());
    }
    let units = blocks(&text, "ini");
    commands
        .extend(units.iter().flat_map(|unit| unit.lines()).filter_map(|line| line.strip_prefix("ExecStart=")).map(str::to_owned));
    for line in blocks(&text, "bat") {
        let (_, task) = line.split_once("/TR \"").expect("what to run");
        let task = task.strip_suffix('"').expect("its end");
        commands.push(task.replace("C:\\vendor-users\\", ""));
    }
    assert_eq!(commands.len(), 4, "{commands:?}");
    for command in commands {
        let ran = shell(&demo.folder(), &command);
        assert!([0, 1, 2].contains(&ran.code), "{command}: {}{}", ran.out, ran.err);
        assert!(!ran.err.contains("error:"), "{command}: {}", ran.err);
    }
}

/// Every command has help with an example or says what it takes.
#[test]
fn every_command_has_help() {
    let folder = crate::support::folder();
    let help = Ran::of(program(folder.path()).arg("--help").output().expect("it runs")).ends_with(0).out;
    let (_, commands) = help.split_once("Commands:\n").expect("commands");
    // A line that goes on stands further in.
    let names: Vec<&str> = commands
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    assert!(names.len() > 18, "{names:?}");
    for name in names.into_iter().filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-') && *name != "help") {
        let Ok(output) = program(folder.path()).args([name, "--help"]).output() else { panic!("{name}") };
        assert!(output.status.success(), "{name}");
    }
}
