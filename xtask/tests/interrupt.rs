//! An interrupt from the keyboard, sent to the command while it runs, leaves the old tree or the new one.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Instant,
};

use crate::workspace;

/// What a run writes for the vendor.
fn written(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut open, mut found) = (vec![root.join("crates"), root.join("specs/twosms")], BTreeMap::new());
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(name, fs::read(path).expect("a file"));
            }
        }
    }
    found
}

#[test]
fn an_interrupt_leaves_the_old_tree_or_the_new_one() {
    let copy = workspace::copy();
    let root = copy.path();
    // Another title changes most of what is made.
    let manifest = root.join("specs/twosms/vendor.toml");
    let text = fs::read_to_string(&manifest).expect("the manifest is there");
    fs::write(&manifest, text.replace("title = \"2sms\"", "title = \"Two SMS\"")).expect("the copy can be written");
    let old = written(root);
    let started = Instant::now();
    let (code, _, stderr) = workspace::run(root, ["regen", "twosms"]);
    let whole = started.elapsed();
    assert_eq!(code, 0, "{stderr}");
    let new = written(root);
    assert!(new.iter().filter(|file| old.get(file.0) != Some(file.1)).count() > 5, "a run changes several files");
    let mut interrupted = 0;
    for moment in 0..24_u32 {
        for (path, contents) in old.iter().filter(|file| new.get(file.0) != Some(file.1)) {
            fs::write(root.join(path), contents).expect("the copy can be written");
        }
        let mut child = workspace::command(root)
            .args(["regen", "twosms"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        thread::sleep(whole * moment / 22);
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("signals can be sent");
        let status = child.wait().expect("it ends");
        let code = status.code().map_or_else(|| format!("{status}"), |code| code.to_string());
        interrupted += u32::from(code == "130");
        // Before the handler is in place nothing was done yet, and the signal ends the process by itself.
        assert!(code == "130" || code == "0" || status.code().is_none(), "{code} {sent}");
        let found = written(root);
        assert!(found == old || found == new, "interrupt {moment} left a mixture");
        assert!(!root.join(".regen/journal").exists(), "interrupt {moment} left something to be finished");
    }
    assert!(interrupted > 0, "no interrupt met a run");
    let (code, _, stderr) = workspace::run(root, ["regen", "twosms"]);
    assert_eq!((code, written(root) == new), (0, true), "{stderr}");
}
