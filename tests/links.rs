//! Links of the Markdown documentation lead to files and headings that are there; rustdoc looks after those of the code.

use std::{collections::BTreeMap, path::Path};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::support::{
    tree::{self, File},
    workspace,
};

/// Pages of vendors link to what stood beside them.
fn is_ours(file: &File) -> bool {
    file.path.ends_with(".md") && !["/docs/", "/fixtures/"].iter().any(|folder| file.path.contains(folder))
}

/// Targets of links and images, and the anchors of headings as hosts of repositories make them.
fn read(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut links, mut anchors) = (Vec::new(), Vec::new());
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => links.push(dest_url.into_string()),
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => anchors.extend(heading.take().map(|title| anchor(&title))),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    (links, anchors)
}

fn anchor(title: &str) -> String {
    let kept = title.to_lowercase();
    kept.chars()
        .filter(|char| char.is_alphanumeric() || " -_".contains(*char))
        .map(|char| if char == ' ' { '-' } else { char })
        .collect()
}

#[test]
fn every_link_of_the_documentation_leads_somewhere() {
    let files = tree::files();
    let pages: BTreeMap<&str, (Vec<String>, Vec<String>)> =
        files.iter().filter(|file| is_ours(file)).map(|file| (file.path.as_str(), read(&file.text))).collect();
    let mut wrong = Vec::new();
    let mut followed = 0;
    for (page, (links, _)) in &pages {
        // Addresses of the web are for people to follow, intra-doc paths for rustdoc.
        for link in links.iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:") && !link.contains("::")) {
            followed += 1;
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let folder = Path::new(page).parent().unwrap_or(Path::new(""));
            let target = if path.is_empty() { (*page).to_owned() } else { plain(&folder.join(path)) };
            let there = workspace::root().join(&target).exists();
            // A crate's page is shown alone by registries, which know nothing of the files around it.
            let leaves = page.strip_prefix("crates/").and_then(|page| page.split('/').next());
            let leaves = leaves.is_some_and(|name| !target.starts_with(&format!("crates/{name}/")));
            let titled = heading.is_empty()
                || pages.get(target.as_str()).is_none_or(|(_, anchors)| anchors.iter().any(|anchor| anchor == heading));
            match (there, leaves, titled) {
                (false, ..) => wrong.push(format!("{page}: {link} is not there")),
                (_, true, _) => wrong.push(format!("{page}: {link} leaves the crate")),
                (_, _, false) => wrong.push(format!("{page}: {target} has no heading for #{heading}")),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(followed > 4, "only {followed} links");
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.iter().filter_map(|part| part.to_str()) {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
