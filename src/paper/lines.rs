//! On which line of selectors.toml does a key stand?

use std::collections::HashMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::Findings;

/// The lines of the keys below `families` and `papers`, from 1, by the names that lead to each: `papers.baolaocai.take.body`. Rules of
/// another day have their number: `papers.baohatinh.older[0].take.body`.
pub(super) fn lines(file: &DeTable<'_>, findings: &Findings<'_>) -> HashMap<String, usize> {
    let mut lines = HashMap::new();
    for kind in ["families", "papers"] {
        if let Some(DeValue::Table(table)) = file.get(kind).map(Spanned::get_ref) {
            below(kind, table, findings, &mut lines);
        }
    }
    lines
}

fn below(path: &str, table: &DeTable<'_>, findings: &Findings<'_>, lines: &mut HashMap<String, usize>) {
    for (name, item) in table {
        let path = format!("{path}.{}", name.get_ref());
        lines.insert(path.clone(), findings.line(name.span().start));
        match item.get_ref() {
            DeValue::Table(table) => below(&path, table, findings, lines),
            DeValue::Array(eras) => {
                for (number, era) in eras.iter().enumerate() {
                    if let DeValue::Table(era) = era.get_ref() {
                        below(&format!("{path}[{number}]"), era, findings, lines);
                    }
                }
            }
            _ => {}
        }
    }
}
