//! Names that links to a node may use, and that hold when the page is made again.
//!
//! Input: nodes. Output: for each what people call it, such as `User.phone`, where no other node is called so; else its pointer.

use std::collections::HashMap;

use super::model::Node;

/// The anchors of all nodes, in their order. Each is of one word, and no two are the same.
pub(super) fn anchors(nodes: &[Node]) -> Vec<String> {
    let mut called: HashMap<&str, usize> = HashMap::new();
    nodes.iter().for_each(|node| *called.entry(&node.subject).or_default() += 1);
    let plain = |name: &str| {
        !name.is_empty()
            && !name.starts_with(['/', '-'])
            && !name.contains(|char: char| char.is_whitespace() || char.is_control())
    };
    let anchor = |node: &Node| {
        let pointer = || if node.pointer.as_str().is_empty() { "/".to_owned() } else { encoded(node.pointer.as_str()) };
        let alone = called.get(node.subject.as_str()) == Some(&1) && plain(&node.subject);
        if alone { node.subject.clone() } else { pointer() }
    };
    nodes.iter().map(anchor).collect()
}

/// Without blanks, which no anchor may have.
fn encoded(pointer: &str) -> String {
    let mut written = String::with_capacity(pointer.len());
    for char in pointer.chars() {
        match char {
            char if char.is_whitespace() || char.is_control() || char == '%' => {
                let mut bytes = [0; 4];
                char.encode_utf8(&mut bytes).bytes().for_each(|byte| written.push_str(&format!("%{byte:02X}")));
            }
            char => written.push(char),
        }
    }
    written
}
