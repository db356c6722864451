//! From text to what it says, in each dialect: `cargo bench --package tests --bench reading`.
//!
//! Each row tells the rate in bytes of text, and the memory that was held at most. Both grow with the text and not faster:
//! the rate is the same from 1 to 3,000 pages, and the memory as many times larger as there are pages. The random pages
//! are the same on every run.

#![allow(clippy::expect_used, reason = "a helper that cannot go on says why, as a test does")]

#[allow(dead_code, reason = "not all of it is needed here")]
#[path = "../support/render/mod.rs"]
mod render;

use std::{fmt, path::Path};

use divan::{AllocProfiler, Bencher, black_box, counter::BytesCount};
use mimalloc::MiMalloc;
use render::{Form, options, random_api::Dice, renderer};
use xtask::{
    dialect::{Dialect, Page},
    document::Document,
    resolve, vendor,
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

/// All pages are one document.
#[divan::bench(args = rows(|writing| renderer(writing.dialect).joins), max_time = 0.8)]
fn one_document(bencher: Bencher<'_, '_>, row: &Row) {
    let mut windows = windows(row);
    read(bencher, row.writing.dialect, move || vec![windows().join("\n\n")]);
}

/// The documents in `specs/`, each as often as it takes to be measured.
#[divan::bench(args = Dialect::ALL.map(Dialect::name), max_time = 0.8)]
fn own_documents(bencher: Bencher<'_, '_>, dialect: &str) {
    const TIMES: usize = 100;
    let dialect = Dialect::ALL.into_iter().find(|known| known.name() == dialect).expect("it is one of them");
    let texts = documents(|known| known == dialect);
    read(bencher, dialect, || texts.iter().cycle().take(texts.len() * TIMES).cloned().collect());
}

/// What the machine does with the same documents where nobody asks what they say: each word is copied.
#[divan::bench(args = ["all documents"], max_time = 0.8)]
fn owned_words(bencher: Bencher<'_, '_>, _: &str) {
    let texts: Vec<String> = documents(|_| true);
    bencher.counter(BytesCount::new(texts.iter().map(String::len).sum::<usize>())).bench_local(|| {
        let words = |text: &String| text.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
        texts.iter().map(words).collect::<Vec<_>>()
    });
}

/// The texts in `specs/` of some dialects.
fn documents(dialects: impl Fn(Dialect) -> bool) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package stands in the workspace");
    let vendors = vendor::names(root).expect("specs/ can be listed");
    let vendors = vendors.iter().map(|name| vendor::load(root, name).expect("the vendor can be read"));
    let vendors = vendors.filter(|vendor| dialects(vendor.manifest.dialect()));
    vendors.flat_map(|vendor| vendor.documents).map(|document| document.text).collect()
}

fn read(bencher: Bencher<'_, '_>, dialect: Dialect, texts: impl FnMut() -> Vec<String>) {
    let bytes = |texts: &Vec<String>| BytesCount::new(texts.iter().map(String::len).sum::<usize>());
    bencher.with_inputs(texts).input_counter(bytes).bench_local_values(|texts| {
        let options = options(dialect);
        let read = |text| resolve::read(dialect, &Document::new(0, "page", text), &options);
        black_box(texts.into_iter().map(read).collect::<Vec<Page>>());
    });
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
