//! A run for one vendor needs nothing of the others but what is committed of them: a neighbour may be broken, or huge.

use std::fs;

use xtask::{regen::regen, update::update};

use crate::support::tree::{copy, put};

#[test]
fn a_broken_and_a_huge_neighbour_are_not_even_read() {
    let copy = copy();
    let root = copy.path();
    let page = "specs/twosms/docs/update-user.txt";
    let newer = fs::read_to_string(root.join(page)).expect("the page is there").replace("for the user.", "of the user.");
    put(root, "newer.txt", &newer);
    let broken: [(&str, String); 4] = [
        ("specs/superoffice/vendor.toml", "name =".to_owned()),
        ("specs/billingplatform/docs/save-application-users.md", "not a page\n".repeat(4 << 20)),
        ("specs/vbasoftware/overlay.yaml", "actions: [".to_owned()),
        ("specs/half-made/docs/page.md", "a folder without a manifest".to_owned()),
    ];
    for (path, text) in &broken {
        put(root, path, text);
    }
    let all = regen(root, None, true).expect_err("together they cannot be made").to_string();
    assert!(all.contains("half-made"), "{all}");
    regen(root, Some("twosms"), true).unwrap_or_else(|failure| panic!("{failure}"));
    let told =
        update(root, "twosms", "update-user.txt", &root.join("newer.txt"), true).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(told.json["outcome"].as_str(), Some("written"), "{}", told.text);
    for (path, text) in &broken {
        assert_eq!(fs::read_to_string(root.join(path)).ok().as_deref(), Some(text.as_str()), "{path}");
    }
    // The facade still has all of them.
    let facade = fs::read_to_string(root.join("crates/vendor-users/Cargo.toml")).expect("the facade is there");
    for name in ["billingplatform", "superoffice", "twosms", "vbasoftware"] {
        assert!(facade.contains(&format!("\n{name} = [\"dep:{name}\"]\n")), "{name}");
    }
}
