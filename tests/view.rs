//! `cargo xtask view`: the page holds every claimed stretch and every node exactly, whatever the documents say.

use std::{
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use roxmltree::{Document as Xml, Node};
use xtask::{
    document::{Document, Span},
    nodes,
    regen::Made,
    specification::specification,
    vendor,
    view::page,
};

use crate::support::{skipped::skipped, workspace};

#[test]
fn every_claimed_stretch_and_every_node_is_in_the_page() {
    for (vendor, _) in workspace::specifications() {
        let made = Made::load(&workspace::root(), &vendor).expect("committed vendors are sound");
        check(&made, &page(&made));
    }
}

#[test]
fn a_hostile_document_stays_text() {
    const HOSTILE: &str =
        "The \u{202e}id</code></main><script>document.title = 'taken'</script><img src=x onerror='alert(1)'> &amp; \\\"]]>--";
    let vendor = vendor::load(&workspace::root(), "twosms").expect("committed vendors load");
    let plain = vendor.documents.first().map(|document| document.text.clone()).unwrap_or_default();
    let text = plain.replace("The unique identifier for the user.", HOSTILE);
    assert_ne!(text, plain);
    let vendor = vendor.with_document("update-user.txt", "newer.txt", text.into_bytes()).expect("it is text");
    let specification = specification(&vendor).expect("the page can still be read");
    let made = Made::of(vendor, specification).expect("and made into a crate");
    let page = page(&made);
    check(&made, &page);
    assert!(!page.contains("<img"), "markup of a document is markup of the page");
    assert!(!page.contains('\u{202e}'), "text is turned round");
    assert_eq!(page.matches("<script>").count(), 1);
}

/// All of the page's content against what it was made from.
fn check(made: &Made, page: &str) {
    let vendor = made.vendor.name();
    let (start, end) = (page.find("<main>").expect("it starts"), page.find("</main>").expect("it ends"));
    let xml = Xml::parse(&page[start..end + "</main>".len()]).unwrap_or_else(|error| panic!("{vendor}: {error}"));
    let all: Vec<Node> = xml.descendants().filter(Node::is_element).collect();
    let outside = |node: &&Node| node.has_attribute("src") || node.attribute("href").is_some_and(|href| !href.starts_with('#'));
    assert_eq!(all.iter().find(outside), None, "{vendor}: the page asks for something outside of it");
    let around = format!("{}{}", &page[..start], &page[end..]);
    for outside in [" src=", "href=\"http", "url(", "@import", "fetch("] {
        assert!(!around.contains(outside), "{vendor}: the page asks for something outside of it: {outside}");
    }
    for document in made.vendor.sources() {
        let file = all.iter().find(|node| node.attribute("data-file") == Some(&document.path)).expect("every file is shown");
        check_file(made, document, *file);
    }
    let articles: Vec<&Node> = all.iter().filter(|node| node.has_tag_name("article")).collect();
    let mut seen = 0;
    nodes::visit(&made.specification.value, |pointer, kind, node| {
        let shown: Vec<_> = articles.iter().filter(|it| it.attribute("data-pointer") == Some(pointer.as_str())).collect();
        let [shown] = shown.as_slice() else { panic!("{vendor}: {pointer} is shown {} times", shown.len()) };
        assert_eq!(shown.attribute("data-kind"), Some(kind.name()));
        let class = |name| shown.descendants().filter(move |it| it.attribute("class") == Some(name));
        assert_eq!(class("place").map(text).collect::<Vec<_>>(), nodes::sources(node), "{vendor}: {pointer}");
        let basis = class("basis").find_map(|it| it.attribute("data-basis"));
        assert_eq!(basis, node.get("x-basis").and_then(serde_json::Value::as_str), "{vendor}: {pointer}");
        for member in ["type", "description", "operationId"].iter().filter_map(|name| node.get(*name)?.as_str()) {
            let member = printable(member);
            assert!(shown.descendants().any(|it| it.has_tag_name("pre") && text(it) == member), "{vendor}: {pointer}: {member}");
        }
        seen += 1;
    });
    // The document itself is one more.
    assert_eq!(articles.len(), seen + 1, "{vendor}: the page shows nodes that are not there");
    for index in 0..made.specification.findings.iter().filter(|finding| !finding.spans.is_empty()).count() {
        let index = index.to_string();
        let shown = all.iter().filter(|node| node.attribute("data-finding") == Some(&index)).count();
        assert!(shown <= 1, "{vendor}: finding {index} is shown {shown} times");
    }
    let placed = made.specification.findings.iter().filter(|finding| !finding.spans.is_empty()).count();
    let shown = all.iter().filter(|node| node.has_attribute("data-finding")).count();
    assert_eq!(shown, placed, "{vendor}: findings in the margin");
}

fn check_file(made: &Made, document: &Document, file: Node<'_, '_>) {
    let codes: Vec<Node> = file.descendants().filter(|node| node.has_tag_name("code")).collect();
    assert_eq!(codes.len(), document.lines().len(), "{}", document.path);
    let mut parts: Vec<(Span, Node)> = Vec::new();
    for (line, code) in document.lines().zip(codes) {
        assert_eq!(text(code), printable(line.text), "{}", document.path);
        for part in code.children().filter(Node::is_element) {
            let number = |name| part.attribute(name).and_then(|value| value.parse().ok()).expect("a part has its place");
            let span = Span { document: document.id, start: number("data-s"), end: number("data-e") };
            assert_eq!(text(part), printable(document.slice(span)), "{}", document.path);
            parts.push((span, part));
        }
    }
    let Some(ledger) = made.specification.ledgers.get(document.id as usize) else { return };
    let holds = |part: &Node, name: &str, index: usize| {
        part.attribute(name).is_some_and(|list| list.split(' ').any(|one| one == index.to_string()))
    };
    // Line breaks are the page's own.
    let claimed = |name: &str, index: usize| -> String {
        parts.iter().filter(|(_, part)| holds(part, name, index)).map(|(span, _)| document.slice(*span)).collect()
    };
    let flat = |span: Span| document.slice(span).replace("\r\n", "").replace('\n', "");
    for (index, fact) in ledger.facts().iter().enumerate() {
        assert_eq!(claimed("data-fact", index), flat(*fact), "{}", document.source(*fact));
    }
    for (index, (span, rule)) in ledger.furnishings().iter().enumerate() {
        assert_eq!(claimed("data-boilerplate", index), flat(*span), "{}", document.source(*span));
        let told = |part: &Node| part.attribute("data-rule") == Some(rule) && holds(part, "data-boilerplate", index);
        assert!(parts.iter().any(|(_, part)| told(part)), "{}: {rule}", document.source(*span));
    }
    let unexplained = parts.iter().filter(|(_, part)| part.has_attribute("data-fact") && !part.has_attribute("data-n")).count();
    assert_eq!(unexplained, 0, "{}: facts that became nothing", document.path);
}

fn text(node: Node<'_, '_>) -> String {
    node.descendants().filter_map(|node| if node.is_text() { node.text() } else { None }).collect()
}

/// As the page shows it: what turns text round is replaced.
fn printable(text: &str) -> String {
    text.replace(['\u{202e}', '\u{200e}'], "\u{fffd}")
}

#[test]
fn a_browser_shows_the_page_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let Some(browser) = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| on_path(name)) else {
        skipped("there is no Chromium on this machine");
        return;
    };
    for (vendor, value) in workspace::specifications() {
        let path = folder.path().join("page.html");
        xtask::view::view(&workspace::root(), &vendor, Some(&path)).unwrap_or_else(|failure| panic!("{failure}"));
        let dom = loaded(browser, &path, &folder.path().join("profile"));
        assert!(dom.contains("data-ready=\"yes\""), "{vendor}: the page's script did not run to its end");
        let mut count = 0;
        nodes::visit(&value, |_, _, _| count += 1);
        assert_eq!(dom.matches("<article").count(), count + 1, "{vendor}");
    }
}

fn on_path(name: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

/// What the browser makes of a page.
fn loaded(browser: &str, page: &Path, profile: &Path) -> String {
    const PATIENCE: Duration = Duration::from_secs(90);
    let dom = page.with_extension("dom");
    let output = std::fs::File::create(&dom).expect("the file can be made");
    let mut child = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--dump-dom"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", page.display()))
        .stdout(output)
        .stderr(Stdio::null())
        .spawn()
        .expect("the browser starts");
    let start = Instant::now();
    while child.try_wait().expect("the browser can be waited for").is_none() {
        if start.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("the browser did not come to an end");
        }
        thread::sleep(Duration::from_millis(50));
    }
    std::fs::read_to_string(&dom).expect("the browser wrote the page")
}
