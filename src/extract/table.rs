//! Is this table a frame around pictures, a table of figures, or a box drawn with a table?

use scraper::ElementRef;

use super::effort::spend;
use super::markup::spaced_text;
use crate::vietnamese::text;

/// What a table is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TableRole {
    /// It holds pictures and what stands under them.
    Picture,
    /// Figures in rows and columns.
    Data,
    /// A box drawn with a table: its text is text.
    Layout,
}

/// The longest text, in characters, that can be a caption in a table of pictures.
const LONGEST_CAPTION: usize = 600;

/// Judges a table by its cells: pictures with short texts, rows of several cells, or a box.
pub(super) fn role(table: ElementRef) -> TableRole {
    let (mut pictures, mut rows, mut wide_rows, mut longest, mut texts) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    let below = || table.descendent_elements().filter(|e| e.id() != table.id());
    // First of all, since a text is looked at once for each table around it: boxes in boxes.
    if below().any(|e| e.value().name() == "table") {
        return TableRole::Layout;
    }
    for element in below() {
        spend(1);
        match element.value().name() {
            "img" => pictures += 1,
            "tr" => {
                rows += 1;
                let mut cells = 0;
                for cell in element.child_elements() {
                    let length: usize = cell.text().map(|t| t.trim().chars().count()).sum();
                    cells += 1;
                    texts += usize::from(length > 0);
                    longest = longest.max(length);
                }
                wide_rows += usize::from(cells > 1);
            }
            _ => {}
        }
    }
    if pictures > 0 && longest <= LONGEST_CAPTION && texts <= pictures * 2 + 1 {
        TableRole::Picture
    } else if rows > 1 && wide_rows * 2 >= rows {
        TableRole::Data
    } else {
        TableRole::Layout
    }
}

/// The rows of a table of figures that hold anything: each its element and its cells apart by a tab.
pub(super) fn rows(table: ElementRef<'_>, vietnamese: bool) -> impl Iterator<Item = (ElementRef<'_>, String)> {
    table.descendent_elements().filter(|e| e.value().name() == "tr").filter_map(move |row| {
        let cells = row.child_elements().filter(|e| matches!(e.value().name(), "td" | "th"));
        let texts: Vec<String> = cells.map(|c| text::tidy(&spaced_text(c), vietnamese)).filter(|t| !t.is_empty()).collect();
        (!texts.is_empty()).then(|| (row, texts.join("\t")))
    })
}
