//! Is this line the `<title> ảnh N` that a photo leaves behind, and what is glued to it?
//!
//! Spellings seen: `<title> ảnh 1` (ePi), `<title> - ảnh 1` (older ePi), `<title>- Ảnh 1.` (`VCCorp`), `<title> hinh anh 1` and
//! `<title without diacritics> hinh 1` (vietnamplus, VOV), `<title> - 1` (vtcnews).

use std::sync::LazyLock;

use regex::Regex;

use super::effort::spend;
use crate::vietnamese::text::{fold, strip_marks};

/// What may stand between the title and the number.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\s*(?<dash>[-–—:|]?)\s*(?<word>hình ảnh|hinh anh|ảnh|anh|hình|hinh|photo|image|picture)?\s*(?:số\s*)?(?<number>\d{1,3})(?<stop>\.?)").expect("a sound pattern")
});

/// In bytes. A longer headline is none, and no line is looked through for it.
const LONGEST_TITLE: usize = 1_024;

/// What a line that begins with a title and a picture's number is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PictureLine<'t> {
    /// Nothing else.
    Alone,
    /// A caption is glued to it.
    Caption(&'t str),
}

/// Does `line` end with the word for a picture and its number?
pub(super) fn ends_as_one(line: &str) -> bool {
    let line = line.trim_end();
    NUMBER.captures_iter(line).any(|found| found.get(0).is_some_and(|whole| whole.end() == line.len()) && found.name("word").is_some())
}

/// A page's headlines, ready to be looked for.
#[derive(Debug)]
pub(super) struct Titles {
    /// Folded, and without diacritics.
    keys: Vec<(String, String)>,
    /// Bytes that no spelling of any of them exceeds.
    longest: usize,
}

impl Titles {
    pub fn new<'t>(titles: impl IntoIterator<Item = &'t str>) -> Self {
        let mut keys: Vec<(String, String)> = Vec::new();
        for title in titles.into_iter().filter(|title| title.len() <= LONGEST_TITLE) {
            let key = (fold(title), strip_marks(title));
            if !key.0.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
        let longest = keys.iter().map(|(title, _)| 4 * title.len() + 64).max().unwrap_or_default();
        Self { keys, longest }
    }

    /// Is `line` one of the headlines?
    pub fn is_title(&self, line: &str) -> bool {
        line.len() <= self.longest && self.has_key(&fold(line))
    }

    /// Is the line that [`fold`] gives as `key` one of the headlines?
    pub fn has_key(&self, key: &str) -> bool {
        self.keys.iter().any(|(title, _)| title == key)
    }

    /// Judges `line`; `None` when it is no picture line.
    pub fn picture_line<'t>(&self, line: &'t str) -> Option<PictureLine<'t>> {
        // Most lines hold no number, and need no pattern to say so.
        if !line.bytes().any(|b| b.is_ascii_digit()) || !self.may_begin(line) {
            return None;
        }
        for found in NUMBER.captures_iter(line) {
            let whole = found.get(0)?;
            // What stands before is longer than any spelling of the title: so it is before all numbers that follow.
            if whole.start() > self.longest {
                return None;
            }
            let has_word = found.name("word").is_some();
            let has_dash = found.name("dash").is_some_and(|d| !d.is_empty());
            let rest = line[whole.end()..].trim();
            let head = line[..whole.start()].trim_end_matches(['-', '–', '—', ' ', ':']);
            if !self.ends_a_title(head, has_word || has_dash) {
                continue;
            }
            if rest.is_empty() && (has_word || has_dash || line.split(' ').count() > 4) {
                return Some(PictureLine::Alone);
            }
            if has_word
                && !rest.is_empty()
                && !found
                    .name("number")
                    .is_some_and(|n| line[n.end()..].starts_with(char::is_alphanumeric) && rest.starts_with(|c: char| c.is_lowercase()))
            {
                return Some(PictureLine::Caption(rest));
            }
        }
        None
    }

    /// Does a headline begin with the letter that `line` begins with?
    fn may_begin(&self, line: &str) -> bool {
        let end = line.chars().next().map_or(0, char::len_utf8);
        let first = strip_marks(&line[..end]);
        first.is_empty() || self.keys.iter().any(|(_, bare)| bare.starts_with(&first))
    }

    /// Is what stands before the number a headline? Short headlines only count where a word or a dash says that a number follows.
    fn ends_a_title(&self, head: &str, marked: bool) -> bool {
        spend(head.len());
        let (key, plain) = (fold(head), strip_marks(head));
        self.keys.iter().any(|(title, bare)| (*title == key || *bare == plain) && (marked || title.split(' ').count() > 3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles() -> Titles {
        Titles::new(["Mùa cam ngọt ở vùng cao", "Da Nang plans a smart city"])
    }

    #[test]
    fn a_line_of_many_numbers_is_read_in_one_pass() {
        let line = "10/03/2026 ".repeat(100_000);
        assert_eq!(titles().picture_line(&line), None);
        assert_eq!(Titles::new([line.as_str()]).picture_line(&line), None);
    }

    #[test]
    fn every_spelling_of_a_picture_line_is_known() {
        for line in [
            "Mùa cam ngọt ở vùng cao ảnh 1",
            "MÙA CAM NGỌT Ở VÙNG CAO ảnh 12",
            "Mùa cam ngọt ở vùng cao - ảnh 1",
            "Mùa cam ngọt ở vùng cao- Ảnh 1.",
            "Mùa cam ngọt ở vùng cao - Ảnh 2.",
            "Mùa cam ngọt ở vùng cao hinh anh 1",
            "mua cam ngot o vung cao hinh 1",
            "Mùa cam ngọt ở vùng cao - 1",
            "Mùa cam ngọt ở vùng cao hình ảnh 3",
        ] {
            assert_eq!(titles().picture_line(line), Some(PictureLine::Alone), "{line}");
        }
    }

    #[test]
    fn a_caption_glued_to_a_picture_line_is_given_back() {
        assert_eq!(
            titles().picture_line("Da Nang plans a smart city ảnh 1A corner of the river."),
            Some(PictureLine::Caption("A corner of the river."))
        );
        assert_eq!(titles().picture_line("Mùa cam ngọt ở vùng cao ảnh 2 Vườn cam."), Some(PictureLine::Caption("Vườn cam.")));
    }

    #[test]
    fn sentences_that_begin_with_the_title_stay() {
        for line in [
            "Mùa cam ngọt ở vùng cao 20 năm trước khác bây giờ.",
            "Mùa cam ngọt ở vùng cao",
            "Ảnh 1",
            "Năm nay, mùa cam ngọt ở vùng cao kéo dài 3 tháng.",
        ] {
            assert_eq!(titles().picture_line(line), None, "{line}");
        }
        assert!(titles().is_title("mùa cam  ngọt ở vùng cao"));
    }
}
