//! Files of people as spreadsheets write them, and files that are not whole.

use std::io::Read;

use provisioning::config::PeopleConfig;
use provisioning::people::{People, PeopleError};

fn config() -> PeopleConfig {
    PeopleConfig { key: "Nr".to_owned(), delimiter: None, final_line_end_is_optional: false, complete: false }
}

type Rows = Vec<Result<(String, String), String>>;

/// Key and name of each row, or the error.
fn read(file: &[u8]) -> Result<Rows, PeopleError> {
    let rows = People::open(file, &config(), "2026-01-31")?;
    let rows = rows.map(|row| match row {
        Ok(person) => Ok((person.key.clone(), person.cells.get("Name").unwrap_or_default().to_owned())),
        Err(error) => Err(error.to_string()),
    });
    Ok(rows.collect())
}

#[test]
fn files_are_read_as_spreadsheets_write_them() {
    let table: [(&[u8], &str); 12] = [
        (b"Nr,Name\n1,Kim\n", "Kim"),
        (b"sep=;\r\nNr;Name, first;Name\r\n1;x;Kim\r\n", "Kim"),
        (b"\xef\xbb\xbfSEP=|\nNr|Name\n1|Kim\n", "Kim"),
        (b"Nr,Name\n,\n1,Kim\n , \n,,\n\n", "Kim"),
        (b"Nr,Name,Home\n1,Kim,\"1 Road, Town,\nCounty, Country\"\n", "Kim"),
        (b"Nr,Home,Name\n1,\"1 Road\nTown\",Kim\n", "Kim"),
        (b"\xef\xbb\xbfNr;Name\r\n1;Kim\r\n", "Kim"),
        (b"Nr\tName\n1\tKim\n", "Kim"),
        ("Nr;Name\n1;\"Müller; Uwe\"\n".as_bytes(), "Müller; Uwe"),
        (b"Nr,Name\n1,\"say \"\"hi\"\",\nKim\"\n", "say \"hi\",\nKim"),
        (b"Nr;Name\r\n1;C:\\Users\\kim\\\r\n", "C:\\Users\\kim\\"),
        (b"\"Nr\",\"Name, first\",Name\n1,x,Kim\n", "Kim"),
    ];
    for (file, name) in table {
        let rows = read(file).expect("readable");
        assert_eq!(rows, vec![Ok(("1".to_owned(), name.to_owned()))], "{}", String::from_utf8_lossy(file));
    }
}

#[test]
fn a_file_that_is_not_whole_is_an_error() {
    let table: [(&[u8], &str); 15] = [
        (b"", "the file is empty"),
        (b"sep=;\n", "the file is empty"),
        (b"sep=;\nNr;Name\n1;Kim\n2\n", "line 4: the row has 1 cells"),
        (b"Nr;Name\n1;K\0im\n", "line 2: the cell of `Name` has the control character \\u{0}; person `1`"),
        // Two quotes that belong to no text take the rows between them along.
        (
            b"Nr,Name,Title\n1,\"Kim,Clerk\n2,Lee,Clerk\n3,Ann,Clerk\n4,Bob\",Boss\n",
            "line 2: the cell of `Name` goes over several",
        ),
        (b"Nr,Name,Title\n1,Kim,\"Clerk\n2,Lee,Boss\"\n", "line 2: the cell of `Title` goes over several"),
        (b"\n\n", "the file is empty"),
        (b"Number;Name\n1;Kim\n", "there is no column `Nr`"),
        (b"Nr;Name;Nr\n1;Kim;2\n", "the column `Nr` is there twice"),
        (b"\xff\xfeN\0r\0", "UTF-16"),
        (b"Nr;Name\n", "a header and no row"),
        (b"Nr;Name\n1;Kim\n2;Le", "no line end"),
        (b"Nr;Name\n1;\"Kim\n2;Lee\n", "ends within quotes"),
        (b"Nr;Name\n1;Kim\n2\n", "line 3: the row has 1 cells"),
        (b"Nr;Name\n1;M\xfcller\n", "line 2: the cell of `Name` is not UTF-8"),
    ];
    for (file, wanted) in table {
        let told = match read(file) {
            Ok(rows) => rows.into_iter().filter_map(Result::err).collect::<Vec<_>>().join("\n"),
            Err(error) => error.to_string(),
        };
        assert!(told.contains(wanted), "{}: {told}", String::from_utf8_lossy(file));
    }
}

/// Gives rows without end, and counts what was asked for.
struct Endless {
    row: u64,
    rows: u64,
    rest: Vec<u8>,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.rest.is_empty() && self.row < self.rows {
            self.row += 1;
            self.rest = if self.row == 1 { b"Nr;Name\n".to_vec() } else { format!("{};Kim\n", self.row).into_bytes() };
        }
        let length = self.rest.len().min(into.len());
        into[..length].copy_from_slice(&self.rest[..length]);
        self.rest.drain(..length);
        Ok(length)
    }
}

#[test]
fn a_large_file_is_read_row_by_row() {
    let file = Endless { row: 0, rows: 100_001, rest: Vec::new() };
    let people = People::open(file, &config(), "2026-01-31").expect("a header");
    assert_eq!(people.filter(Result::is_ok).count(), 100_000);
}
