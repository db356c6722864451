//! Pages of the other renderers as a browser saves them.
//!
//! Input: the text of a page. Output: what is read of the HTML that has the same words. Shares nothing with the readers.

use std::fmt::Write as _;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text that is read of a page.
fn extracted(html: &str) -> String {
    xtask::html::text("page.html", html).expect("the page is one of those that are read").text
}

/// The help page whose tables are rows of HTML, a line each, and whose other lines are text.
pub(crate) fn help_page(text: &str) -> String {
    let mut body = String::new();
    let (mut table, mut sample) = (false, false);
    for line in text.lines() {
        let row = line.starts_with("<tr>");
        if row != table {
            body += if row { "<table class=\"help-page-table\">\n" } else { "</table>\n" };
            table = row;
        }
        match line {
            "Sample:" => body += "<div class=\"sample-content\"><b>Sample:</b>\n",
            "Sample not available." => body += "<p>Sample not available.</p></div>\n",
            "" if sample => body += "</pre></div>\n",
            "" => {}
            _ if row => body += line,
            _ if sample => body += &escaped(line),
            _ if line.starts_with(['{', '[', '"']) => {
                let _ = write!(body, "<pre class=\"wrapped\">\n{}", escaped(line));
            }
            "Request Information" | "Response Information" => {
                let _ = write!(body, "<h2>{line}</h2>");
            }
            "URI Parameters" | "Body Parameters" | "Resource Description" | "Request Formats" | "Response Formats" => {
                let _ = write!(body, "<h3>{line}</h3>");
            }
            _ if body.is_empty() => {
                let _ = write!(body, "<h1>{}</h1>", escaped(line));
            }
            _ => {
                let _ = write!(body, "<p>{}</p>", escaped(line));
            }
        }
        sample = (sample || line.starts_with(['{', '[', '"'])) && !line.is_empty();
        body.push('\n');
    }
    extracted(&format!(
        "<!DOCTYPE html>\n<html><head><title>Help</title></head>\n<body class=\"help-page\">\n{body}</body></html>\n"
    ))
}

/// A row of a help page's table.
pub(crate) fn row(cells: &[String]) -> String {
    let cell = |cell: &String| {
        let paragraphs: Vec<String> = cell.lines().filter(|line| !line.is_empty()).map(escaped).collect();
        format!("<td><p>{}</p></td>", paragraphs.join("</p><p>"))
    };
    format!("<tr>{}</tr>", cells.iter().map(cell).collect::<String>())
}
