//! `sites`: which papers are known?

use std::fmt::Write as _;

use baotinh::paper::Paper;

use super::flags::Common;
use super::refusal::Refusal;
use super::{Ending, print};

const HEAD: [&str; 5] = ["SITE", "NAME", "PROVINCE", "FAMILY", "HOST"];

/// Prints the papers as a table, in the order of the file.
pub fn run(common: &Common) -> Result<Ending, Refusal> {
    print(&table(common.rulebook()?.papers().iter().map(row)))?;
    Ok(Ending::Well)
}

fn row(paper: &Paper) -> [String; 5] {
    let or_dash = |word: &Option<String>| word.as_deref().unwrap_or("-").to_owned();
    let host = paper.hosts.first().map_or_else(|| "-".to_owned(), ToString::to_string);
    [paper.id.clone(), paper.name.clone(), or_dash(&paper.province), or_dash(&paper.family), host]
}

/// Columns as wide as their longest word; the last is not filled up.
fn table(rows: impl Iterator<Item = [String; 5]>) -> String {
    let rows: Vec<_> = std::iter::once(HEAD.map(str::to_owned)).chain(rows).collect();
    let mut widths = [0; 5];
    for row in &rows {
        for (width, word) in widths.iter_mut().zip(row) {
            *width = (*width).max(word.chars().count());
        }
    }
    let mut out = String::new();
    for row in &rows {
        let mut line = String::new();
        for (width, word) in widths.iter().zip(row) {
            let _ = write!(line, "{word:width$}  ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_heads_also_with_vietnamese_letters() {
        let row = ["baolaocai", "Báo Lào Cai", "Lào Cai", "epi", "baolaocai.vn"].map(str::to_owned);
        assert_eq!(
            table([row].into_iter()),
            "SITE       NAME         PROVINCE  FAMILY  HOST\n\
             baolaocai  Báo Lào Cai  Lào Cai   epi     baolaocai.vn\n"
        );
    }
}
