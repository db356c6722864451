//! Running the program, and what it runs in.

pub(crate) mod world;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A folder of a test, removed at its end.
pub(crate) type Folder = tempfile::TempDir;

pub(crate) fn folder() -> Folder {
    tempfile::tempdir().expect("a folder")
}

/// What the program said, and its exit code.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text in UTF-8");
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The exit code is the one that is expected; else all that was said is told.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self
    }
}

/// The program, to be run in a folder, with no configuration and no actor of this machine.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vendor-users"));
    command.current_dir(folder).env_remove("VENDOR_USERS_CONFIG").env_remove("SUDO_USER").env("USER", "tester");
    command.stdin(Stdio::null());
    command
}

/// Runs the program with words as they are typed.
pub(crate) fn run(folder: &Path, words: &[&str]) -> Ran {
    Ran::of(program(folder).args(words).output().expect("the program runs"))
}

/// The URL of a PostgreSQL server; without one the test is skipped with a word that no runner keeps to itself, but not where `CI`
/// is set.
pub(crate) fn postgres(test: &str) -> Option<String> {
    use std::io::Write as _;
    let url = std::env::var("STORE_TEST_URL").ok();
    if url.is_none() {
        assert!(std::env::var_os("CI").is_none(), "STORE_TEST_URL is not set: run this by tests/tools/postgres");
        let words = format!("skipped: {test}: STORE_TEST_URL is not set; tests/tools/postgres starts a server\n");
        std::io::stderr().write_all(words.as_bytes()).expect("standard error");
    }
    url
}

/// A demo that is running.
#[derive(Debug)]
pub(crate) struct Demo {
    child: Child,
    parent: Folder,
}

impl Demo {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// The same with more words.
    pub(crate) fn with(words: &[&str]) -> Self {
        let parent = folder();
        let mut command = program(parent.path());
        let child = command.args(["demo", "--for", "300"]).args(words).stdout(Stdio::piped()).spawn().expect("it starts");
        let demo = Self { child, parent };
        let start = Instant::now();
        while !demo.folder().join("vendor-users.toml").exists() {
            assert!(start.elapsed() < Duration::from_secs(60), "the demo does not get ready");
            std::thread::sleep(Duration::from_millis(20));
        }
        demo
    }

    /// The lines that it says to type, from the one that begins so to the first one that is none.
    pub(crate) fn said_to_type(&mut self, start: &str) -> String {
        use std::io::{BufRead as _, BufReader};
        let output = self.child.stdout.take().expect("what it says");
        let lines = BufReader::new(output).lines().map(|line| line.expect("a line"));
        let typed = lines.skip_while(|line| !line.trim_start().starts_with(start)).take_while(|line| line.starts_with("  "));
        typed.map(|line| line.trim_start().to_owned() + "\n").collect()
    }

    /// The folder that it was started in.
    pub(crate) fn parent(&self) -> &Path {
        self.parent.path()
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.parent.path().join("vendor-users-demo")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
