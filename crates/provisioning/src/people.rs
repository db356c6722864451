//! The file of people: rows with a stable key.
//!
//! Takes bytes as spreadsheets write them and gives rows one by one, so that memory does not grow with the file. What cannot be
//! read is told with its line, and never taken for a person who has left. Knows no instance and no mapping.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead as _, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::PeopleConfig;
use crate::mapping::Cells;

/// Why a file of people, or a row of it, cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleError {
    /// The line, from 1; 0 for the file as a whole.
    pub line: u64,
    /// The key of the row, as far as it can be read.
    pub key: Option<String>,
    /// What was expected and found, and what to do.
    pub words: String,
}

impl fmt::Display for PeopleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.words),
            line => write!(f, "line {line}: {}", self.words),
        }
    }
}

impl std::error::Error for PeopleError {}

fn whole(words: impl Into<String>) -> PeopleError {
    PeopleError { line: 0, key: None, words: words.into() }
}

/// A row of the file.
#[derive(Clone, Debug)]
pub struct Person {
    /// The stable key.
    pub key: String,
    /// Where the row begins, from 1.
    pub line: u64,
    /// Its cells.
    pub cells: Cells,
}

/// The rows of a file, read as they are wanted.
pub struct People<R: Read> {
    reader: csv::Reader<BufReader<Watched<R>>>,
    columns: Vec<Arc<str>>,
    key: usize,
    today: String,
    seen: Arc<Mutex<Seen>>,
    final_line_end_is_optional: bool,
    lines_before: u64,
    delimiter: u8,
    rows: u64,
    ended: bool,
}

impl<R: Read> fmt::Debug for People<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("People").field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl<R: Read> People<R> {
    /// Opens a file of people; `today` is the day that mappings see.
    ///
    /// # Errors
    ///
    /// The file is empty, has no column with the key, has a column twice, or is not text in UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// use provisioning::config::PeopleConfig;
    /// use provisioning::people::People;
    ///
    /// let config = PeopleConfig { key: "Nr".into(), delimiter: None, final_line_end_is_optional: false, complete: false };
    /// let file = "\u{feff}Nr;Name\r\n1;\"Müller; Uwe\"\r\n";
    /// let people: Result<Vec<_>, _> = People::open(file.as_bytes(), &config, "2026-01-31")?.collect();
    /// assert_eq!(people?[0].cells.get("Name"), Some("Müller; Uwe"));
    /// # Ok::<(), provisioning::people::PeopleError>(())
    /// ```
    pub fn open(file: R, config: &PeopleConfig, today: &str) -> Result<Self, PeopleError> {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut file = BufReader::with_capacity(64 * 1024, Watched { file, seen: Arc::clone(&seen) });
        let start = file.fill_buf().map_err(|error| whole(format!("the file cannot be read: {error}")))?;
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(whole("the file is UTF-16; save it as \"CSV UTF-8\""));
        }
        let mark = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let mut lines = start.get(mark..).unwrap_or_default().split(|byte| *byte == b'\n');
        let mut header = lines.next().unwrap_or_default();
        let (mut before, mut lines_before, mut said) = (mark, 0, None);
        if let Some(delimiter) = said_by(header) {
            (before, lines_before, said) = (mark + header.len() + 1, 1, Some(delimiter));
            header = lines.next().unwrap_or_default();
        }
        let delimiter = config.delimiter.or(said).unwrap_or_else(|| guessed(header));
        let before = before.min(start.len());
        file.consume(before);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(file);
        let header = reader.byte_headers().map_err(|error| whole(format!("the header cannot be read: {error}")))?;
        if header.iter().all(<[u8]>::is_empty) {
            return Err(whole("the file is empty; a file of people has a header and a row for each person"));
        }
        let mut columns: Vec<Arc<str>> = Vec::new();
        for name in header {
            let name = std::str::from_utf8(name).map_err(|_| whole("the header is not UTF-8; save the file as \"CSV UTF-8\""))?;
            let name = name.trim();
            if !name.is_empty() && columns.iter().any(|known| **known == *name) {
                return Err(whole(format!("the column `{name}` is there twice")));
            }
            columns.push(name.into());
        }
        let Some(key) = columns.iter().position(|name| **name == *config.key) else {
            let known: Vec<&str> = columns.iter().map(|name| &**name).collect();
            let shown = char::from(delimiter).escape_default();
            let words = format!(
                "there is no column `{}`, which holds the key; with the delimiter \"{shown}\" the columns are {}",
                config.key,
                known.join(", ")
            );
            return Err(whole(words));
        };
        let optional = config.final_line_end_is_optional;
        let today = today.to_owned();
        let (rows, ended) = (0, false);
        Ok(Self { reader, columns, key, today, seen, final_line_end_is_optional: optional, lines_before, delimiter, rows, ended })
    }

    /// Returns the columns, as the header names them.
    #[must_use]
    pub fn columns(&self) -> &[Arc<str>] {
        &self.columns
    }

    /// The next row; a row that cannot be read is an error of its own, and the next one may be read all the same.
    fn read(&mut self) -> Option<Result<Person, PeopleError>> {
        let mut record = csv::ByteRecord::new();
        loop {
            match self.reader.read_byte_record(&mut record) {
                // Spreadsheets end with rows of which nothing is left.
                Ok(true) if record.iter().all(|cell| cell.trim_ascii().is_empty()) => {}
                Ok(true) => break,
                Ok(false) => {
                    self.ended = true;
                    return self.verdict().map(Err);
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(whole(format!("the file cannot be read: {error}"))));
                }
            }
        }
        self.rows += 1;
        let line = record.position().map_or(0, csv::Position::line) + self.lines_before;
        let key = record.get(self.key).map(String::from_utf8_lossy).unwrap_or_default().trim().to_owned();
        let known = Some(key.clone()).filter(|key| !key.is_empty());
        let wrong = |words: String| Some(Err(PeopleError { line, key: known.clone(), words }));
        if record.len() != self.columns.len() {
            let words = format!("the row has {} cells, the header {}; person `{key}`", record.len(), self.columns.len());
            return wrong(words);
        }
        let mut cells = BTreeMap::new();
        for (place, (column, cell)) in self.columns.iter().zip(record.iter()).enumerate() {
            if self.holds_rows(place, cell) {
                let words =
                    format!("the cell of `{column}` goes over several lines that are rows: a quote is missing; person `{key}`");
                return wrong(words);
            }
            let Ok(cell) = std::str::from_utf8(cell) else {
                let words = format!("the cell of `{column}` is not UTF-8; save the file as \"CSV UTF-8\"; person `{key}`");
                return wrong(words);
            };
            if let Some(odd) = cell.chars().find(|letter| letter.is_control() && !['\t', '\r', '\n'].contains(letter)) {
                let shown = odd.escape_unicode();
                let words = format!("the cell of `{column}` has the control character {shown}; person `{key}`");
                return wrong(words);
            }
            cells.insert(Arc::clone(column), cell.to_owned());
        }
        if key.is_empty() {
            return wrong("the key is empty".to_owned());
        }
        Some(Ok(Person { key, line, cells: Cells::new(cells, self.today.clone()) }))
    }

    /// Whether a cell has swallowed the end of its row, whole rows, and the beginning of the one with the next quote.
    fn holds_rows(&self, place: usize, cell: &[u8]) -> bool {
        let others = self.columns.len() - 1;
        if others == 0 || !cell.contains(&b'\n') {
            return false;
        }
        let mut lines = cell.split(|byte| *byte == b'\n').map(|line| line.iter().filter(|byte| **byte == self.delimiter).count());
        let (first, last) = (lines.next(), lines.next_back());
        first == Some(others - place) && last == Some(place) && lines.all(|count| count == others)
    }

    /// What the end of the file says about the whole.
    fn verdict(&self) -> Option<PeopleError> {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let words = if seen.quotes % 2 == 1 {
            "the file ends within quotes: it was cut, or a quote is missing"
        } else if seen.last != Some(b'\n') && seen.last != Some(b'\r') && !self.final_line_end_is_optional {
            "the last row has no line end: the file may be cut. Where whoever writes it never ends the last line, set \
             `final_line_end_is_optional = true` in `[people]`"
        } else if self.rows == 0 {
            "the file has a header and no row; nobody is taken for somebody who has left"
        } else {
            return None;
        };
        Some(whole(words))
    }
}

impl<R: Read> Iterator for People<R> {
    type Item = Result<Person, PeopleError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended { None } else { self.read() }
    }
}

/// The delimiter of a first line such as `sep=;`, which is for spreadsheets and no header.
fn said_by(line: &[u8]) -> Option<u8> {
    match line.trim_ascii_end() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => Some(*delimiter),
        _ => None,
    }
}

/// The delimiter that stands most often in the header outside quotes.
fn guessed(header: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in header {
        if *byte == b'"' {
            quoted = !quoted;
        } else if let Some((_, count)) = counts.iter_mut().find(|(delimiter, _)| delimiter == byte).filter(|_| !quoted) {
            *count += 1;
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(delimiter, _)| *delimiter)
}

/// What went by while the file was read.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    quotes: u64,
    last: Option<u8>,
}

/// A file that is looked at while it is read.
struct Watched<R> {
    file: R,
    seen: Arc<Mutex<Seen>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let length = self.file.read(into)?;
        let bytes = into.get(..length).unwrap_or_default();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.quotes += u64::try_from(bytes.iter().filter(|byte| **byte == b'"').count()).unwrap_or_default();
        seen.last = bytes.last().copied().or(seen.last);
        Ok(length)
    }
}
