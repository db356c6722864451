//! Aligned text: rows of cells become lines. Knows nothing of what stands in them.

/// Renders rows in columns, the first row being the heads; columns of figures are aligned at their end.
pub(crate) fn render(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let lengths = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        lengths.max().unwrap_or_default()
    };
    let is_number = |column: usize| {
        let mut cells = rows.iter().skip(1).filter_map(|row| row.get(column)).peekable();
        cells.peek().is_some() && cells.all(|cell| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let shapes: Vec<(usize, bool)> = (0..columns).map(|column| (width(column), is_number(column))).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&shapes).map(|(cell, (width, is_number))| {
            let blanks = " ".repeat(width - cell.chars().count());
            if *is_number { format!("{blanks}{cell}") } else { format!("{cell}{blanks}") }
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// Characters of a cell: what is longer is no name, and makes every other row as wide.
const LONGEST: usize = 1000;

/// A text on one line, without what could move the cursor.
pub(crate) fn line(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).map(|char| if char.is_control() { ' ' } else { char }).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
