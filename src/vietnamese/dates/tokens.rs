//! Of which figures, words and marks does a snippet consist?
//!
//! The reader looks at [`LOOKED_AT`] characters and no more, so that a whole page handed in by mistake costs nothing.

use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// How many characters of a text are read, a run of white space counted as one. The longest date line seen has about 120.
const LOOKED_AT: usize = 300;

/// The letters of a text as the grammar compares them: NFKC, lower case, without diacritics, `đ` and `ð` as `d`.
///
/// Hangul syllables stay whole.
#[derive(Debug)]
pub(super) struct Snippet {
    text: String,
    tokens: Vec<Token>,
    /// Whether there was more text than was looked at.
    pub(super) cut: bool,
}

/// One figure, word or mark, and whether white space stands before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    kind: Kind,
    start: usize,
    end: usize,
    spaced: bool,
    capitals: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Word,
    Mark(char),
}

impl Snippet {
    /// Takes a text apart.
    pub(super) fn new(text: &str) -> Self {
        let mut snippet = Self { text: String::new(), tokens: Vec::new(), cut: false };
        let mut raw = collapsed(text);
        let mut spaced = true;
        for c in raw.by_ref().take(LOOKED_AT).nfkc() {
            if c.is_whitespace() {
                spaced = true;
            } else if !is_combining_mark(c) {
                snippet.push(c, spaced);
                spaced = false;
            }
        }
        snippet.cut = raw.next().is_some();
        snippet
    }

    /// A cursor before the first token.
    pub(super) fn start(&self) -> Cursor<'_> {
        Cursor { snippet: self, at: 0 }
    }

    /// Whether one of these words occurs.
    pub(super) fn says(&self, words: &[&str]) -> bool {
        let at = |at| Cursor { snippet: self, at };
        (0..self.len()).any(|place| at(place).any_word(words).is_some())
    }

    /// Whether a `T` joins a day and a time, as in ISO 8601's stamps.
    pub(super) fn joins_day_and_time(&self) -> bool {
        (2..self.len()).any(|at| {
            let here = Cursor { snippet: self, at };
            here.is_joined() && here.digits(1..=usize::MAX).is_some()
        })
    }

    /// How many tokens there are.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    fn push(&mut self, c: char, spaced: bool) {
        let start = self.text.len();
        self.text.extend(folded(c));
        let end = self.text.len();
        let kind = if c.is_ascii_digit() {
            Kind::Number
        } else if c.is_alphabetic() {
            Kind::Word
        } else {
            Kind::Mark(mark(c))
        };
        let capitals = c.is_uppercase();
        if let Some(last) = self.tokens.last_mut()
            && !spaced
            && last.kind == kind
            && matches!(kind, Kind::Number | Kind::Word)
            && !is_han(c)
            && !self.text[..start].chars().next_back().is_some_and(is_han)
        {
            last.end = end;
            last.capitals &= capitals;
            return;
        }
        self.tokens.push(Token { kind, start, end, spaced, capitals });
    }
}

/// The characters of a text with white space collapsed to one blank and marks without width left out.
fn collapsed(text: &str) -> impl Iterator<Item = char> {
    let mut after_space = true;
    text.chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'))
        .filter_map(move |c| {
            let space = c.is_whitespace() || c == '\u{200b}';
            let kept = !(space && after_space);
            after_space = space;
            kept.then_some(if space { ' ' } else { c })
        })
}

/// A character without its diacritics, in lower case.
fn folded(c: char) -> impl Iterator<Item = char> {
    let mut base = c;
    if !('\u{ac00}'..='\u{d7a3}').contains(&c) {
        let mut first = true;
        decompose_canonical(c, |part| {
            if std::mem::take(&mut first) {
                base = part;
            }
        });
    }
    let base = match base {
        'đ' | 'Đ' | 'ð' | 'Ð' => 'd',
        'ı' => 'i',
        other => other,
    };
    base.to_lowercase()
}

/// A mark under the name that the grammar knows it by.
fn mark(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{2032}' | '`' => '\'',
        '\u{2044}' | '\u{2215}' => '/',
        other => other,
    }
}

/// Chinese characters are words of their own: 年, 月, 日 stand without spaces.
fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// A place in a snippet. Every step gives the next place, so that a failed reading costs nothing to take back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'s> {
    snippet: &'s Snippet,
    at: usize,
}

impl<'s> Cursor<'s> {
    fn token(self) -> Option<Token> {
        self.snippet.tokens.get(self.at).copied()
    }

    fn text_of(self, token: Token) -> &'s str {
        &self.snippet.text[token.start..token.end]
    }

    /// The place after one token, whatever it is; `None` at the end.
    pub(super) fn step(self) -> Option<Self> {
        (self.at < self.snippet.tokens.len()).then_some(Self { at: self.at + 1, ..self })
    }

    /// Whether nothing follows.
    pub(super) fn at_end(self) -> bool {
        self.at >= self.snippet.tokens.len()
    }

    /// Whether something follows without white space before it.
    pub(super) fn glued(self) -> bool {
        self.token().is_some_and(|token| !token.spaced)
    }

    /// The digits of a figure that has as many as asked.
    pub(super) fn digits(self, count: RangeInclusive<usize>) -> Option<(&'s str, Self)> {
        let token = self.token().filter(|token| token.kind == Kind::Number)?;
        let digits = self.text_of(token);
        count.contains(&digits.len()).then_some((digits, self.step()?))
    }

    /// A figure of at most four digits that has as many as asked.
    pub(super) fn number(self, count: RangeInclusive<usize>) -> Option<(i16, Self)> {
        let (digits, next) = self.digits(count)?;
        Some((digits.parse().ok()?, next))
    }

    /// A word, folded.
    pub(super) fn word(self) -> Option<(&'s str, Self)> {
        let token = self.token().filter(|token| token.kind == Kind::Word)?;
        Some((self.text_of(token), self.step()?))
    }

    /// A word that is printed in capitals, folded.
    pub(super) fn capitals(self) -> Option<(&'s str, Self)> {
        self.token().filter(|token| token.capitals)?;
        self.word()
    }

    /// The place after one of these words.
    pub(super) fn any_word(self, words: &[&str]) -> Option<Self> {
        self.word().filter(|(word, _)| words.contains(word)).map(|(_, next)| next)
    }

    /// One of these marks.
    pub(super) fn mark(self, marks: &[char]) -> Option<(char, Self)> {
        match self.token()?.kind {
            Kind::Mark(c) if marks.contains(&c) => Some((c, self.step()?)),
            _ => None,
        }
    }

    /// Any mark.
    pub(super) fn any_mark(self) -> Option<(char, Self)> {
        match self.token()?.kind {
            Kind::Mark(c) => Some((c, self.step()?)),
            _ => None,
        }
    }

    /// The place after at most three of these marks and words, in any order.
    pub(super) fn skip(self, marks: &[char], words: &[&str]) -> Self {
        let mut here = self;
        for _ in 0..3 {
            match here.mark(marks).map(|(_, next)| next).or_else(|| here.any_word(words)) {
                Some(next) => here = next,
                None => break,
            }
        }
        here
    }

    /// The token so many before this place.
    fn before(self, back: usize) -> Option<Token> {
        self.at.checked_sub(back).map(|at| self.snippet.tokens[at])
    }

    /// Whether the figure here is the end of a longer one, or of an address: `2` in `1.2`, `00` in `07:00`, `2019` in `news/2019`.
    pub(super) fn continues_a_figure(self) -> bool {
        let (Some(here), Some(mark), Some(first)) = (self.token(), self.before(1), self.before(2)) else { return false };
        let joins = match first.kind {
            Kind::Number => matches!(mark.kind, Kind::Mark('.' | ':' | '/' | '-' | ',')),
            Kind::Word => mark.kind == Kind::Mark('/'),
            Kind::Mark(_) => false,
        };
        joins && !here.spaced && !mark.spaced
    }

    /// Whether a single `T` joins the figure here to the one before.
    pub(super) fn is_joined(self) -> bool {
        let joins = |token: Token| self.text_of(token) == "t" && !token.spaced;
        self.glued() && self.before(1).is_some_and(joins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let snippet = Snippet::new(text);
        snippet.tokens.iter().map(|token| snippet.text[token.start..token.end].to_owned()).collect()
    }

    #[test]
    fn a_text_falls_into_folded_words_figures_and_marks() {
        assert_eq!(words("Thứ Bảy, Ngày\u{a0}07"), ["thu", "bay", ",", "ngay", "07"]);
        assert_eq!(words("Thu\u{31b}\u{301} tu\u{31b}"), ["thu", "tu"]);
        assert_eq!(words("Ðăng\u{200b}ngày"), ["dang", "ngay"]);
        assert_eq!(words("2025年6月17日 13:43"), ["2025", "年", "6", "月", "17", "日", "13", ":", "43"]);
        assert_eq!(words("2025년 화요일 İkinci Kasım"), ["2025", "년", "화요일", "ikinci", "kasim"]);
        assert_eq!(words("17\u{feff}T7"), ["17", "t", "7"]);
    }

    #[test]
    fn only_the_first_three_hundred_characters_are_looked_at_and_white_space_is_free() {
        let snippet = Snippet::new(&format!("{}{}", " \n".repeat(1000), "a ".repeat(200)));
        assert_eq!(snippet.len(), 150);
        assert!(snippet.cut);
        assert!(!Snippet::new(&"a ".repeat(100)).cut);
    }
}
