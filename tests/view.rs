//! `cargo xtask view`: the page holds every claimed stretch and every node exactly, whatever the documents say.

use roxmltree::{Document as Xml, Node};
use xtask::{
    document::{Document, Span},
    nodes,
    regen::Made,
    specification::specification,
    vendor,
    view::page,
};

use crate::support::{browser::Browser, skipped::skipped, workspace};

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
    let lines = file.descendants().filter(|node| node.attribute("class") == Some("line"));
    let codes: Vec<Node> = lines.filter_map(|line| line.children().find(|node| node.has_tag_name("code"))).collect();
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
    for (index, (span, rule)) in ledger.boilerplate_spans().iter().enumerate() {
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

/// The page of a vendor in a browser, and the vendor; `None` where there is no browser.
fn opened(vendor: &str) -> Option<(Browser, Made, tempfile::TempDir)> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let Some(mut browser) = Browser::start(folder.path()) else {
        skipped("there is no Chromium on this machine");
        return None;
    };
    let path = folder.path().join("page.html");
    let made = Made::load(&workspace::root(), vendor).expect("committed vendors are sound");
    std::fs::write(&path, page(&made)).expect("the page can be written");
    browser.open(&format!("file://{}", path.display()), READY);
    Some((browser, made, folder))
}

const READY: &str = "document.body?.dataset.ready === 'yes'";
/// Everything that is on the page, also what has not come into sight.
const ALL: &str = "[...document.querySelectorAll('.file, .group')].map(fill).length";

#[test]
fn a_browser_shows_every_node_and_every_part_of_the_text() {
    let Some((mut browser, made, _folder)) = opened("superoffice") else { return };
    let articles = "document.getElementsByTagName('article').length";
    let first = browser.evaluate(articles).as_u64();
    browser.evaluate(ALL);
    let mut count = 1;
    nodes::visit(&made.specification.value, |_, _, _| count += 1);
    assert_eq!(browser.evaluate(articles).as_u64(), Some(count));
    assert!(first < Some(count / 2), "{first:?} of {count} nodes are made before anybody looks");
    for document in made.vendor.sources() {
        let lines = format!(
            "[...document.querySelectorAll('[data-document=\"{}\"] .line > code')].map(code => code.textContent).join('\\n')",
            document.id
        );
        let text: Vec<String> = document.lines().map(|line| printable(line.text)).collect();
        assert_eq!(browser.evaluate(&lines).as_str(), Some(text.join("\n").as_str()), "{}", document.path);
    }
    let display = "getComputedStyle(document.querySelector('main')).display";
    assert_eq!(browser.evaluate(display), "grid");
    let unready = format!("delete document.body.dataset.ready, {display}");
    assert_eq!(browser.evaluate(&unready), "none", "a page that is not all there is laid out");
}

#[test]
fn what_is_searched_is_found_and_shown() {
    let Some((mut browser, _, _folder)) = opened("vbasoftware") else { return };
    browser.press("/");
    assert_eq!(browser.evaluate("document.activeElement.id"), "search");
    browser.text("user.home_phone");
    assert_eq!(browser.evaluate("document.querySelector('#matches .current').textContent"), "User.home_Phone");
    assert_eq!(browser.evaluate("location.hash"), "#User.home_Phone");
    let held = "held.id + ' ' + held.classList.contains('on')";
    assert_eq!(browser.evaluate(held), "User.home_Phone true", "the first match is not shown");
    in_sight(&mut browser, "held");
    in_sight(&mut browser, "document.querySelector('.line .on')");
    browser.press("ArrowDown");
    assert_eq!(browser.evaluate("document.querySelectorAll('#matches a')[1].className"), "current");
    assert_ne!(browser.evaluate("location.hash"), "#User.home_Phone");
    browser.press("Escape");
    assert_eq!(browser.evaluate("search.value + document.getElementById('matches').hidden"), "true");
    // An operation is found by its address as well, and by its Rust.
    for (typed, anchor) in [("get /users/{userid}", "#GetUser"), ("client::get_user", "#GetUser")] {
        browser.evaluate("search.focus(), search.select()");
        browser.text(typed);
        assert_eq!(browser.evaluate("location.hash"), anchor, "{typed}");
    }
    browser.evaluate("search.select()");
    browser.text("no such name");
    assert_eq!(browser.evaluate("document.getElementById('matches').textContent"), "0 names");
}

#[test]
fn an_anchor_leads_to_its_node_and_clicks_lead_to_and_fro() {
    let Some((mut browser, _, folder)) = opened("vbasoftware") else { return };
    browser.open(&format!("file://{}/page.html#User.home_Phone", folder.path().display()), READY);
    in_sight(&mut browser, "document.getElementById('User.home_Phone')");
    let card = "document.getElementById('User.user_ID')";
    browser.evaluate("location.hash = 'User.user_ID'");
    browser.wait(&format!("!!{card}?.classList.contains('on')"));
    assert_eq!(browser.evaluate(&format!("{card}.querySelector('.required').textContent")), "required");
    assert_eq!(
        browser.evaluate("document.getElementById('User.home_Phone').querySelector('.required')"),
        serde_json::Value::Null
    );

    browser.click("document.querySelector('#User\\\\.home_Phone a.place')");
    browser.wait("document.getElementById('User.home_Phone').classList.contains('on')");
    in_sight(&mut browser, "document.querySelector('.line .on')");
    browser.press("Escape");
    assert_eq!(browser.evaluate("document.querySelectorAll('.on').length").as_u64(), Some(0));

    browser.click("document.querySelector('.line [href=\"#User.home_Phone\"]')");
    in_sight(&mut browser, "document.getElementById('User.home_Phone')");
    assert_eq!(browser.evaluate("held.hash"), "#User.home_Phone");

    browser.click("[...document.querySelectorAll('#outline a')].find(link => link.hash === '#GetUser')");
    browser.wait("document.getElementById('GetUser')?.classList.contains('on') === true");
    in_sight(&mut browser, "document.getElementById('GetUser')");
}

#[test]
fn arrows_go_on_and_leave_the_filter_alone() {
    let Some((mut browser, _, _folder)) = opened("vbasoftware") else { return };
    let filter = "document.body.dataset.filter";
    browser.click("document.querySelector('.filter[value=inferred]')");
    assert_eq!(browser.evaluate(filter), "inferred");
    assert_eq!(browser.evaluate("held.matches('.node.inferred')"), true, "the first match is not held");
    in_sight(&mut browser, "held");
    let others = "[...document.querySelectorAll('.node:not(.inferred)')].filter(visible).length";
    assert_eq!(browser.evaluate(others).as_u64(), Some(0));
    for key in ["ArrowDown", "ArrowUp", "ArrowDown", "Tab"] {
        browser.press(key);
        assert_eq!(browser.evaluate(filter), "inferred", "{key}");
    }
    browser.evaluate("(filter('all'), document.querySelector('.node').focus())");
    let focused = "document.activeElement.dataset.node";
    for number in ["1", "2", "3"] {
        browser.press("ArrowDown");
        assert_eq!(browser.evaluate(focused), number);
    }
    browser.press("ArrowUp");
    assert_eq!(browser.evaluate(focused), "2");
    // From the last node of a section to the first one of the next, which nobody has seen yet.
    browser.evaluate("(fill(groups[4]), nodeAt(Number(groups[4].dataset.last)).focus())");
    browser.press("ArrowDown");
    assert_eq!(browser.evaluate(&format!("Number({focused}) === Number(groups[5].dataset.first)")), true);
    browser.press("Enter");
    in_sight(&mut browser, "document.querySelector('.line .on')");
    assert_eq!(browser.evaluate(filter), "all");
}

/// Scrolling takes two frames.
#[track_caller]
fn in_sight(browser: &mut Browser, element: &str) {
    browser
        .evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))");
    let pane = "closest('.pane').getBoundingClientRect()";
    let inside = format!(
        "(() => {{ const it = {element}; const box = it.getClientRects()[0], pane = it.{pane}; return box.bottom > pane.top && box.top < pane.bottom; }})()"
    );
    assert_eq!(browser.evaluate(&inside), true, "{element} is out of sight");
}

#[test]
fn the_page_follows_the_light_of_its_reader() {
    let Some((mut browser, _, _folder)) = opened("twosms") else { return };
    let mut ground = |scheme| {
        browser.prefer(scheme);
        browser.evaluate("getComputedStyle(document.body).backgroundColor").to_string()
    };
    assert_eq!([ground("light"), ground("dark")], ["\"rgb(255, 255, 255)\"", "\"rgb(21, 24, 28)\""]);
}
