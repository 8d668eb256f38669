//! How do rows of words stand under their heads?

use std::fmt::Write as _;

use unicode_normalization::char::is_combining_mark;

/// On which side of its column a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Columns with their heads and widths.
#[derive(Debug)]
pub struct Columns {
    heads: Vec<(&'static str, Side)>,
    widths: Vec<usize>,
}

impl Columns {
    /// As wide as their heads.
    pub fn new(heads: Vec<(&'static str, Side)>) -> Self {
        Self { widths: heads.iter().map(|(head, _)| width(head)).collect(), heads }
    }

    /// Makes a column at least so wide.
    pub fn widen(mut self, column: usize, to: usize) -> Self {
        self.widths[column] = self.widths[column].max(to);
        self
    }

    /// The line of the heads.
    pub fn head(&self) -> String {
        let heads: Vec<String> = self.heads.iter().map(|(head, _)| (*head).to_owned()).collect();
        self.line(&heads)
    }

    /// A row, with its end. The last column is not filled up, and nothing stands behind it.
    pub fn line(&self, row: &[String]) -> String {
        let mut line = String::new();
        for ((cell, (_, side)), wide) in row.iter().zip(&self.heads).zip(&self.widths) {
            let room = wide.saturating_sub(width(cell));
            let (before, behind) = if *side == Side::Right { (room, 0) } else { (0, room) };
            let _ = write!(line, "{:before$}{cell}{:behind$}  ", "", "");
        }
        line.truncate(line.trim_end().len());
        line.push('\n');
        line
    }

    /// The heads and all rows, each column as wide as its longest word.
    pub fn table(mut self, rows: &[Vec<String>]) -> String {
        for row in rows {
            for (wide, cell) in self.widths.iter_mut().zip(row) {
                *wide = width(cell).max(*wide);
            }
        }
        rows.iter().fold(self.head(), |out, row| out + &self.line(row))
    }
}

/// How many places a word takes on a terminal: a mark above or below a letter takes none.
fn width(word: &str) -> usize {
    word.chars().filter(|letter| !is_combining_mark(*letter)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_heads_also_with_vietnamese_letters() {
        let rows = [["Lào Cai", "1", "a"], ["Đa\u{300} Nă\u{303}ng", "200", ""]].map(|row| row.map(str::to_owned).to_vec());
        let columns = Columns::new(vec![("PROVINCE", Side::Left), ("LISTS", Side::Right), ("HOST", Side::Left)]);
        assert_eq!(columns.table(&rows), "PROVINCE  LISTS  HOST\nLào Cai       1  a\nĐa\u{300} Nă\u{303}ng     200\n");
    }
}
