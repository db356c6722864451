//! `import` from the outside: what goes to which file and stream, and that nothing of it is lost when a reader goes away.

use std::{
    fs,
    io::pipe,
    path::{Path, PathBuf},
    process::Stdio,
};

use crate::workspace;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package stands in the workspace").to_path_buf()
}

fn page(name: &str) -> String {
    root().join("tests/fixtures").join(name).display().to_string()
}

const MANY: &str = "aspnet-help-page/unknown_annotation.txt";

#[test]
fn findings_go_to_a_file_whole_and_to_a_terminal_in_short() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("findings.txt").display().to_string();
    let pages = ["rendered/harbour.built.html", "redoc-page/plain.txt", MANY].map(page);
    let told = |more: &[&str]| {
        let arguments = ["import", "--summary"].into_iter().chain(more.iter().copied());
        let (exit, summary, told) = workspace::run(&root(), arguments.chain(pages.iter().map(String::as_str)));
        assert_eq!(exit, 0, "{told}");
        assert!(summary.contains("PUT /boats/{boatId}") && !summary.contains("openapi"), "{summary}");
        told
    };
    let short = told(&[]);
    let (counts, shown) =
        short.trim_end().lines().rev().collect::<Vec<_>>().split_first().map(|(a, b)| (a.to_string(), b.len())).expect("lines");
    assert!(counts.starts_with("3 pages read, 0 refused, "), "{short}");
    assert!(shown <= 21, "{short}");
    let whole = told(&["--findings", &file]);
    assert_eq!(whole.trim_end(), counts, "the list is in the file alone");
    let written = fs::read_to_string(&file).expect("the findings were written");
    let count = counts.split_whitespace().nth(5).and_then(|count| count.parse::<usize>().ok());
    assert_eq!(Some(written.lines().count()), count, "{counts}\n{written}");
    // What is inferred is told as well, at its node.
    assert!(written.contains("/paths/~1api~1books/post/requestBody"), "{written}");
}

#[test]
fn one_page_that_is_refused_stops_all_unless_it_is_asked_to_go_on() {
    let pages = [page("redoc-page/plain.txt"), page("redoc-page/err_unfolded_rows.txt")];
    let run = |more: &[&str]| {
        let arguments = ["import", "--summary"].into_iter().chain(more.iter().copied());
        workspace::run(&root(), arguments.chain(pages.iter().map(String::as_str)))
    };
    let (exit, stdout, stderr) = run(&[]);
    assert_eq!((exit, stdout.as_str()), (1, ""), "{stderr}");
    assert!(stderr.contains("save the page as HTML"), "{stderr}");
    let (exit, stdout, stderr) = run(&["--keep-going"]);
    assert!(exit == 0 && !stdout.is_empty(), "{exit}: {stdout}");
    assert!(stderr.contains("1 page read, 1 refused, ") && stderr.contains("save the page as HTML"), "{stderr}");
}

#[test]
fn a_wrong_dialect_names_the_right_one() {
    let (exit, stdout, stderr) = workspace::run(&root(), ["import", "--dialect", "redoc-page", &page(MANY)]);
    assert_eq!((exit, stdout.as_str()), (1, ""));
    assert!(stderr.contains("`aspnet-help-page`, not `redoc-page`") && stderr.contains("or leave it out"), "{stderr}");
}

#[test]
fn readers_that_go_away_are_no_fault() {
    for arguments in [["import", MANY], ["extract", "html/help_page.html"]] {
        let closed = || {
            let (reader, writer) = pipe().expect("a pipe");
            drop(reader);
            writer
        };
        let mut command = workspace::command(&root());
        command.args([arguments[0], &page(arguments[1])]).stdout(closed()).stderr(closed());
        assert_eq!(command.status().expect("it starts").code(), Some(0), "{arguments:?}");
        let mut command = workspace::command(&root());
        command.args([arguments[0], &page(arguments[1])]).stdout(closed()).stderr(Stdio::piped());
        let output = command.output().expect("it starts");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{arguments:?}");
    }
}
