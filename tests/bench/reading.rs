//! From text to what it says, in each dialect: `cargo bench --package tests --bench reading`.
//!
//! Each row tells the rate in bytes of text, and the memory that was held at most. Both grow with the text and not faster:
//! the rate is the same from 1 to 3,000 pages, and the memory as many times larger as there are pages. The random pages
//! are the same on every run.
//!
//! Beside each group stands one that only splits the same texts into owned words: what the machine does with these bytes where
//! nobody asks what they say. Both begin with the text in memory, and end when what they made of it is freed.

#![allow(clippy::expect_used, reason = "a helper that cannot go on says why, as a test does")]

#[allow(dead_code, reason = "not all of it is needed here")]
#[path = "../support/render/mod.rs"]
mod render;

use std::{fmt, fs, path::Path};

use divan::{AllocProfiler, Bencher, black_box, counter::BytesCount};
use mimalloc::MiMalloc;
use render::{Form, options, random_api::Dice, renderer};
use xtask::{
    dialect::{Dialect, Page},
    document::Document,
    html, resolve, vendor,
};

#[global_allocator]
static ALLOCATOR: AllocProfiler<MiMalloc> = AllocProfiler::new(MiMalloc);

fn main() {
    divan::main();
}

/// One form of a dialect's pages.
#[derive(Clone, Copy)]
struct Writing {
    dialect: Dialect,
    form: &'static Form,
}

impl Writing {
    fn page(self, dice: &mut Dice<'_>) -> String {
        (self.form.page)(&(renderer(self.dialect).api)(dice))
    }
}

fn writings() -> impl Iterator<Item = Writing> {
    let forms = |dialect| renderer(dialect).forms.iter().map(move |form| Writing { dialect, form });
    Dialect::ALL.into_iter().flat_map(forms)
}

/// So many pages of one writing.
struct Row {
    writing: Writing,
    pages: usize,
}

impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = format!("{} {}", self.writing.dialect.name(), self.writing.form.name);
        write!(formatter, "{name:<29} {:>5}", self.pages)
    }
}

fn rows(wanted: impl Fn(Writing) -> bool) -> Vec<Row> {
    writings()
        .filter(|writing| wanted(*writing))
        .flat_map(|writing| [1, 30, 300, 3_000].map(|pages| Row { writing, pages }))
        .collect()
}

/// Each page is a document of its own; what they say is held together.
#[divan::bench(args = rows(|_| true), max_time = 0.8)]
fn pages(bencher: Bencher<'_, '_>, row: &Row) {
    read(bencher, row.writing.dialect, windows(row));
}

#[divan::bench(args = rows(|_| true), max_time = 0.8)]
fn words_of_pages(bencher: Bencher<'_, '_>, row: &Row) {
    split(bencher, windows(row));
}

/// All pages are one document.
#[divan::bench(args = rows(|writing| renderer(writing.dialect).joins), max_time = 0.8)]
fn one_document(bencher: Bencher<'_, '_>, row: &Row) {
    read(bencher, row.writing.dialect, joined(row));
}

#[divan::bench(args = rows(|writing| renderer(writing.dialect).joins), max_time = 0.8)]
fn words_of_one_document(bencher: Bencher<'_, '_>, row: &Row) {
    split(bencher, joined(row));
}

/// The documents in `specs/`, each as often as it takes to be measured.
#[divan::bench(args = Dialect::ALL.map(Dialect::name), max_time = 0.8)]
fn own_documents(bencher: Bencher<'_, '_>, dialect: &str) {
    let dialect = Dialect::ALL.into_iter().find(|known| known.name() == dialect).expect("it is one of them");
    read(bencher, dialect, repeated(documents(dialect)));
}

#[divan::bench(args = Dialect::ALL.map(Dialect::name), max_time = 0.8)]
fn words_of_own_documents(bencher: Bencher<'_, '_>, dialect: &str) {
    let dialect = Dialect::ALL.into_iter().find(|known| known.name() == dialect).expect("it is one of them");
    split(bencher, repeated(documents(dialect)));
}

/// The texts in `specs/` of a dialect.
fn documents(dialect: Dialect) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package stands in the workspace");
    let vendors = vendor::names(root).expect("specs/ can be listed");
    let vendors = vendors.iter().map(|name| vendor::load(root, name).expect("the vendor can be read"));
    let vendors = vendors.filter(|vendor| vendor.manifest.dialect() == dialect);
    vendors.flat_map(|vendor| vendor.documents).map(|document| document.text).collect()
}

/// The forms that no renderer writes: pages of the tests that are read, such as copies out of a browser and pages of types.
#[divan::bench(args = fixtures(), max_time = 0.1)]
fn pages_of_tests(bencher: Bencher<'_, '_>, fixture: &Fixture) {
    read(bencher, fixture.dialect, repeated(vec![fixture.text.clone()]));
}

#[divan::bench(args = fixtures(), max_time = 0.1)]
fn words_of_pages_of_tests(bencher: Bencher<'_, '_>, fixture: &Fixture) {
    split(bencher, repeated(vec![fixture.text.clone()]));
}

/// A page of the tests.
struct Fixture {
    dialect: Dialect,
    name: String,
    text: String,
}

impl fmt::Display for Fixture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = format!("{} {}", self.dialect.name(), self.name);
        write!(formatter, "{name:<29} {TIMES:>5}")
    }
}

/// Those that are long enough to tell what a form costs, and not what every page does.
fn fixtures() -> Vec<Fixture> {
    const SHORTEST: usize = 300;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders = Dialect::ALL.map(|dialect| (dialect, root.join(dialect.name())));
    // What Redoc's own renderer made, in each way to take it from there.
    let folders = folders.into_iter().chain([(Dialect::RedocPage, root.join("rendered"))]);
    let mut fixtures = Vec::new();
    for (dialect, folder) in folders {
        for file in fs::read_dir(folder).expect("the folder can be listed") {
            let path = file.expect("the folder can be listed").path();
            let name = path.file_name().expect("it is a file").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("a page is text");
            let extracted = name.ends_with(".html").then(|| html::text(&name, &text).ok()).flatten();
            let text = extracted.map_or(text, |extracted| extracted.text);
            let page = resolve::read(dialect, &Document::new(0, "page", text.clone()), &options(dialect));
            if text.len() >= SHORTEST && page.diagnostics.is_empty() {
                fixtures.push(Fixture { dialect, name, text });
            }
        }
    }
    fixtures.sort_by_key(|fixture| (fixture.dialect.name(), fixture.name.clone()));
    fixtures
}

/// How often a text is read that is there once.
const TIMES: usize = 100;

fn repeated(texts: Vec<String>) -> impl FnMut() -> Vec<String> {
    move || texts.iter().cycle().take(texts.len() * TIMES).cloned().collect()
}

fn read(bencher: Bencher<'_, '_>, dialect: Dialect, texts: impl FnMut() -> Vec<String>) {
    bencher.with_inputs(texts).input_counter(|texts: &Vec<String>| bytes(texts)).bench_local_values(|texts| {
        let options = options(dialect);
        let read = |text| resolve::read(dialect, &Document::new(0, "page", text), &options);
        black_box(texts.into_iter().map(read).collect::<Vec<Page>>());
    });
}

fn split(bencher: Bencher<'_, '_>, texts: impl FnMut() -> Vec<String>) {
    bencher.with_inputs(texts).input_counter(|texts: &Vec<String>| bytes(texts)).bench_local_values(|texts| {
        let words = |text: String| text.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
        black_box(texts.into_iter().map(words).collect::<Vec<_>>());
    });
}

fn bytes(texts: &[String]) -> BytesCount {
    BytesCount::new(texts.iter().map(String::len).sum::<usize>())
}

/// All pages of a row as one document.
fn joined(row: &Row) -> impl FnMut() -> Vec<String> {
    let mut windows = windows(row);
    move || vec![windows().join("\n\n")]
}

/// Other pages each time, so that what one page alone is like does not matter.
fn windows(row: &Row) -> impl FnMut() -> Vec<String> {
    let pages = random(row.writing, row.pages.max(200));
    let mut pages = pages.into_iter().cycle();
    let count = row.pages;
    move || pages.by_ref().take(count).collect()
}

fn random(writing: Writing, count: usize) -> Vec<String> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut choices = || {
        let bytes = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_be_bytes()[0]
        });
        bytes.take(700).collect::<Vec<u8>>()
    };
    (0..count).map(|_| writing.page(&mut Dice::new(&choices()))).collect()
}
