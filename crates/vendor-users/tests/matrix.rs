//! README's table of what each vendor documents, against the capabilities themselves.

use vendor_users::capability::Means;
use vendor_users::{DOCUMENTED, Verb};

const README: &str = include_str!("../README.md");

#[test]
fn the_readme_has_a_row_of_every_directory_and_a_true_cell_of_every_verb() {
    let (_, table) = README.split_once("<!-- begin generated: capabilities -->").expect("a table");
    let rows: Vec<Vec<&str>> =
        table.lines().skip_while(|line| line.is_empty()).take_while(|line| line.starts_with('|')).map(cells).collect();
    let [head, _, rows @ ..] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!(rows.len(), DOCUMENTED.len());
    assert_eq!(head.len(), Verb::ALL.len() + 1, "a column for each verb");
    for directory in DOCUMENTED {
        let row = rows.iter().find(|row| row[0] == directory.title).unwrap_or_else(|| panic!("no row {}", directory.title));
        let capabilities = directory.capabilities(directory.instance()).build();
        for (column, cell) in head.iter().zip(row).skip(1) {
            let verb = Verb::ALL.iter().find(|verb| *column == format!("`{verb}`")).expect("a verb");
            let said = match &capabilities.of(*verb).means {
                Means::Direct { operations } => {
                    operations.iter().map(|operation| operation.id.as_ref()).collect::<Vec<&str>>().join(", ")
                }
                Means::Derived { from } => {
                    format!("({})", from.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
                }
                _ => "–".to_owned(),
            };
            assert_eq!(cell.trim_end_matches(['¹', '²']), said, "{} {verb}", directory.title);
        }
    }
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}
