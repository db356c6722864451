//! The table that closes a run.
//!
//! Input: one row of figures per vendor. Output: aligned text, the same on every terminal and without one. Knows
//! nothing of where the figures come from.

use serde_json::{Value, json};

/// What was done for one vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub vendor: String,
    /// Documents read.
    pub documents: usize,
    /// Operations of the documents.
    pub operations: usize,
    /// Operations that no document has, brought by overlays.
    pub elsewhere: usize,
    /// Properties in the specification.
    pub properties: usize,
    /// Characters of the documents that are accounted for.
    pub accounted: usize,
    /// Characters of the documents.
    pub characters: usize,
    /// What the documents do not say and a rule inferred.
    pub assumptions: usize,
    /// Files written or removed.
    pub written: usize,
    /// Files that were there already.
    pub unchanged: usize,
}

impl Row {
    /// The figures for a program.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "vendor": self.vendor,
            "documents": self.documents,
            "operations": self.operations,
            "elsewhere": self.elsewhere,
            "properties": self.properties,
            "accounted": self.accounted,
            "characters": self.characters,
            "assumptions": self.assumptions,
        })
    }
}

const HEADS: [&str; 9] =
    ["vendor", "documents", "operations", "elsewhere", "properties", "text", "assumptions", "written", "unchanged"];

/// The rows as a table with its heads, and the sums where there are several.
#[must_use]
pub fn render(rows: &[Row]) -> String {
    let mut lines: Vec<[String; 9]> = vec![HEADS.map(str::to_owned)];
    lines.extend(rows.iter().map(cells));
    if rows.len() > 1 {
        lines.push(cells(&total(rows)));
    }
    let mut widths = [0; 9];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for line in &lines {
        let aligned = line.iter().zip(widths).enumerate().map(|(column, (cell, width))| match column {
            0 => format!("{cell:width$}"),
            _ => format!("{cell:>width$}"),
        });
        text.push_str(aligned.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn cells(row: &Row) -> [String; 9] {
    [
        row.vendor.clone(),
        row.documents.to_string(),
        row.operations.to_string(),
        row.elsewhere.to_string(),
        row.properties.to_string(),
        share(row.accounted, row.characters),
        row.assumptions.to_string(),
        row.written.to_string(),
        row.unchanged.to_string(),
    ]
}

fn total(rows: &[Row]) -> Row {
    let sum = |figure: fn(&Row) -> usize| rows.iter().map(figure).sum();
    Row {
        vendor: "all".to_owned(),
        documents: sum(|row| row.documents),
        operations: sum(|row| row.operations),
        elsewhere: sum(|row| row.elsewhere),
        properties: sum(|row| row.properties),
        accounted: sum(|row| row.accounted),
        characters: sum(|row| row.characters),
        assumptions: sum(|row| row.assumptions),
        written: sum(|row| row.written),
        unchanged: sum(|row| row.unchanged),
    }
}

/// Rounded down: only a whole is 100 %.
fn share(part: usize, whole: usize) -> String {
    if part >= whole {
        return "100 %".to_owned();
    }
    let tenths = part as u128 * 1000 / whole as u128;
    format!("{}.{} %", tenths / 10, tenths % 10)
}
