//! What is committed is what `cargo xtask regen` makes.

use std::path::Path;

#[test]
fn nothing_on_disk_differs_from_what_regen_writes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package stands in the workspace");
    if let Err(failure) = xtask::regen::regen(root, None, true) {
        panic!("{failure}");
    }
}
