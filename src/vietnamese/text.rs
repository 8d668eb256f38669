//! How is a text written so that it can be stored, compared, and shown?
//!
//! [`tidy`] is the door: every text that leaves a page goes through it once. [`fold`] and [`strip_marks`] make keys for comparison and
//! are never shown; [`printable`] is what a terminal may see.

use std::fmt::{self, Write};
use std::iter::Peekable;
use std::str::Chars;

use unicode_normalization::char::{canonical_combining_class, decompose_canonical};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

pub use super::language::{language_of, looks_vietnamese};

/// So many combining marks stand on a letter, no more. Source: the Stream-Safe Text Format of UAX #15, 13: "far beyond what is required
/// for any linguistic or technical usage". Without a bound, normalising a letter takes memory without one.
const MOST_MARKS: u8 = 30;

/// `raw` as it is stored: NFC, any white space a single U+0020, trimmed, without what nobody sees.
///
/// Out go zero-width marks, soft hyphens, bidirectional controls, control characters, noncharacters, and the marks on a letter that has
/// [`MOST_MARKS`]. A joiner (U+200C, U+200D) stays
/// between emoji and after a letter of a script that needs it: Arabic, Indic, Myanmar, Khmer, Mongolian. Where `vietnamese`, U+00D0 and
/// U+00F0 (the Icelandic `Ð`, `ð`) become `Đ` and `đ`. Never a change of spelling: `hoà` stays `hoà`. Idempotent.
#[must_use]
pub fn tidy(raw: &str, vietnamese: bool) -> String {
    let mut out = String::with_capacity(raw.len());
    tidy_into(&mut out, raw, vietnamese);
    out
}

/// Appends [`tidy`] of `raw` to `out`, of which nothing is changed; no space is put between.
pub fn tidy_into(out: &mut String, raw: &str, vietnamese: bool) {
    let start = out.len();
    if is_tidy(raw, vietnamese) {
        out.push_str(raw);
    } else if !tidy_plain_into(out, raw, vietnamese) {
        out.truncate(start);
        if raw.chars().all(is_surely_composed) {
            out.extend(Seen::of(raw, vietnamese));
        } else {
            out.extend(Seen::of(raw, vietnamese).nfc());
        }
    }
}

/// Appends [`tidy`] of a text of plain characters alone, with whatever white space; false, with some of it appended, for any other.
fn tidy_plain_into(out: &mut String, raw: &str, vietnamese: bool) -> bool {
    out.reserve(raw.len());
    let start = out.len();
    for word in raw.split([' ', '\t', '\n', '\r', '\u{A0}']).filter(|word| !word.is_empty()) {
        if !word.chars().all(|c| is_plain(c, vietnamese)) {
            return false;
        }
        if out.len() > start {
            out.push(' ');
        }
        out.push_str(word);
    }
    true
}

/// A key under which two texts are equal if a reader would call them the same words: [`tidy`] (as Vietnamese), lower case, quotes and
/// dashes of one kind (`"`, `'`, `-`), the tone of an open `oa`, `oe`, `uy` on the first vowel (`hoà` → `hòa`, `thuý` → `thúy`, but
/// `quý`). Other punctuation stays. Idempotent.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if is_tidy(text, true) && fold_tidy_into(&mut out, text) {
        return out;
    }
    out.clear();
    if text.chars().all(is_surely_composed) {
        fold_into(&mut out, Seen::of(text, true).map(lower));
    } else {
        fold_into(&mut out, Seen::of(text, true).nfc().map(lower).nfc());
    }
    out
}

/// The lower case of a composed letter, Vietnam's without a search.
fn lower(c: char) -> char {
    match c {
        '\0'..='~' => c.to_ascii_lowercase(),
        // `Ạ` and `ạ`, … `Ỹ` and `ỹ`: even and odd.
        '\u{1EA0}'..='\u{1EF9}' => char::from_u32(c as u32 | 1).unwrap_or(c),
        // Of all letters `İ` alone becomes two, an `i` and a dot.
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

/// [`fold`] of a tidy text of plain characters and spaces; false, with some of it in `out`, for any other. ASCII, most of what there is,
/// needs no second look.
fn fold_tidy_into(out: &mut String, text: &str) -> bool {
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c.is_ascii() {
            out.push(if c == '`' { '\'' } else { c.to_ascii_lowercase() });
            continue;
        }
        if !is_plain(c, true) {
            return false;
        }
        let c = plain_punctuation(lower(c));
        let before = || {
            let mut back = out.chars().rev();
            let last = back.next().unwrap_or_default();
            [back.next().unwrap_or_default(), last]
        };
        let continues = || rest.clone().next().is_some_and(|next| continues_word(plain_punctuation(lower(next))));
        match tone_moved(before(), c).filter(|_| !continues()) {
            Some(moved) => {
                out.pop();
                out.extend(moved);
            }
            None => out.push(c),
        }
    }
    true
}

/// Unifies punctuation and the place of tones in composed lower-case letters.
fn fold_into(out: &mut String, letters: impl Iterator<Item = char>) {
    let mut letters = letters.map(plain_punctuation).peekable();
    let mut before = ['\0'; 2];
    while let Some(c) = letters.next() {
        let moved = tone_moved(before, c).filter(|_| !letters.peek().is_some_and(|next| continues_word(*next)));
        match moved {
            Some(moved) => {
                out.pop();
                out.extend(moved);
            }
            None => out.push(c),
        }
        before = [before[1], c];
    }
}

/// [`fold`] with bare Latin letters: `Đường Hoà Bình` gives `duong hoa binh`. For slugs, and for lines such as `<title> hinh 1`. Idempotent.
#[must_use]
pub fn strip_marks(text: &str) -> String {
    let letters = fold(text);
    let mut out = String::with_capacity(letters.len());
    for c in letters.chars() {
        match c {
            // A mark that stood alone between two spaces leaves both.
            ' ' if out.is_empty() || out.ends_with(' ') => {}
            '\0'..='~' => out.push(c),
            'đ' => out.push('d'),
            _ if is_latin_mark(c) => {}
            _ if is_latin(c) => decompose_canonical(c, |part| out.extend(Some(part).filter(|part| !is_latin_mark(*part)))),
            _ => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    // Jamo that a mark held apart make a syllable.
    if out.is_ascii() || is_nfc_quick(out.chars()) == IsNormalized::Yes { out } else { out.nfc().collect() }
}

/// A text from a page as a terminal may show it, on one line: what steers a terminal or turns its reading order is written as an escape
/// (`\u{1b}`, `\n`).
#[must_use]
pub fn printable(text: &str) -> Printable<'_> {
    Printable(text)
}

/// See [`printable`].
#[derive(Debug, Clone, Copy)]
pub struct Printable<'a>(&'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if c.is_control() || is_unseen(c) || is_joiner(c) || matches!(c, '\u{2028}' | '\u{2029}') {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// Would [`tidy`] change nothing?
fn is_tidy(raw: &str, vietnamese: bool) -> bool {
    let mut before = ' ';
    let mut surely_nfc = true;
    let mut marks = 0;
    for c in raw.chars() {
        let stays = match c {
            ' ' => {
                marks = 0;
                before != ' '
            }
            _ if is_plain(c, vietnamese) => {
                marks = 0;
                true
            }
            'Ð' | 'ð' => false,
            _ => {
                surely_nfc &= is_surely_composed(c);
                marks = if is_mark(c) { marks + 1 } else { 0 };
                marks <= MOST_MARKS && !c.is_whitespace() && !c.is_control() && !is_unseen(c) && !is_joiner(c)
            }
        };
        if !stays {
            return false;
        }
        before = c;
    }
    let trimmed = before != ' ' || raw.is_empty();
    trimmed && (surely_nfc || is_nfc_quick(raw.chars()) == IsNormalized::Yes)
}

/// Is this a sign or letter that is seen, is composed, joins with nothing of its kind, and stays as it is? Told quickly for those that
/// most of the world's texts are made of.
#[expect(clippy::match_same_arms, reason = "the scripts stand apart, the commonest first")]
fn is_plain(c: char, vietnamese: bool) -> bool {
    match c {
        '!'..='~' => true,
        'Ð' | 'ð' => !vietnamese,
        // Latin-1 without the space and the soft hyphen, the other Latin letters, dashes, quotes and dots.
        '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{2FF}' | '\u{1E00}'..='\u{1EFF}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' => true,
        // Greek, Cyrillic, kana without their sound marks, Han, Hangul: all as Unicode's tables have them composed.
        'Α'..='Ω' | 'α'..='ω' | '\u{400}'..='\u{482}' | '\u{48A}'..='\u{52F}' => true,
        '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FE}' | '\u{4E00}'..='\u{9FFF}' | '가'..='힣' => true,
        _ => false,
    }
}

/// Does it stand on the letter before it, and change places with other marks there?
fn is_mark(c: char) -> bool {
    !is_surely_composed(c) && canonical_combining_class(c) != 0
}

/// Is this NFC whatever stands beside it, once it is lower case and spaces are folded? Told without Unicode's tables for what Vietnamese
/// pages are made of: Latin letters and general punctuation.
fn is_surely_composed(c: char) -> bool {
    is_latin(c) || ('\u{2000}'..='\u{206F}').contains(&c)
}

/// Latin letters, and what Latin-1 has beside them: nothing here combines with what stands before it.
fn is_latin(c: char) -> bool {
    c < '\u{300}' || ('\u{1E00}'..='\u{1EFF}').contains(&c)
}

/// The characters of a text that a reader sees, white space folded and trimmed; not yet NFC.
struct Seen<'a> {
    rest: Peekable<Chars<'a>>,
    vietnamese: bool,
    /// The last character given that is no mark (marks change places in NFC); a space at the start.
    letter: char,
    /// How many marks have been given after it.
    marks: u8,
    /// Something has been given.
    begun: bool,
    /// White space has passed that nothing has followed yet.
    gap: bool,
    /// The character that is due after the space just given.
    due: Option<char>,
}

impl<'a> Seen<'a> {
    fn of(raw: &'a str, vietnamese: bool) -> Self {
        Self { rest: raw.chars().peekable(), vietnamese, letter: ' ', marks: 0, begun: false, gap: false, due: None }
    }

    /// Is the joiner that was just read needed where it stands?
    fn joins(&mut self) -> bool {
        let before = if self.gap { ' ' } else { self.letter };
        needs_joiners(before) || (is_emoji(before) && self.rest.peek().is_some_and(|next| is_emoji(*next)))
    }

    fn give(&mut self, c: char) -> char {
        if is_mark(c) {
            self.marks += 1;
        } else {
            (self.letter, self.marks) = (c, 0);
        }
        self.begun = true;
        c
    }
}

impl Iterator for Seen<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if let Some(due) = self.due.take() {
            return Some(self.give(due));
        }
        loop {
            let c = self.rest.next()?;
            if c.is_whitespace() {
                self.gap = true;
                continue;
            }
            if c.is_control() || is_unseen(c) || (is_joiner(c) && !self.joins()) || self.marks >= MOST_MARKS && is_mark(c) {
                continue;
            }
            let c = match c {
                'Ð' if self.vietnamese => 'Đ',
                'ð' if self.vietnamese => 'đ',
                _ => c,
            };
            if std::mem::take(&mut self.gap) && self.begun {
                self.due = Some(c);
                return Some(self.give(' '));
            }
            return Some(self.give(c));
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.rest.size_hint().1.map(|most| most + 1))
    }
}

/// Zero width, or without a meaning outside a program: never in a text. Joiners are judged by what stands beside them.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}'
        // Bidirectional embeddings, overrides, isolates; word joiner and invisible operators; deprecated controls.
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        // Annotation marks and the place of an embedded object; noncharacters.
        | '\u{FFF9}'..='\u{FFFC}' | '\u{FDD0}'..='\u{FDEF}'
        // Tags.
        | '\u{E0000}'..='\u{E007F}')
        || c as u32 & 0xFFFE == 0xFFFE
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// A letter of a script that is spelt with joiners: Arabic and Syriac, Indic, Myanmar, Khmer, Mongolian.
fn needs_joiners(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{8FF}' | '\u{900}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{18AF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// What can stand beside a joiner in a sequence of emoji.
fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{21FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}

fn plain_punctuation(c: char) -> char {
    match c {
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〞' | '＂' => '"',
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | '´' | '`' | 'ʼ' | '＇' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' => '-',
        _ => c,
    }
}

fn continues_word(c: char) -> bool {
    c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c)
}

/// `oà` as `òa`, `uý` as `úy`: the two letters that stand for the last one before and `c`, if a tone is to move.
fn tone_moved(before: [char; 2], c: char) -> Option<[char; 2]> {
    const OPEN: [(char, char, [&str; 2]); 3] =
        [('o', 'a', ["àáảãạ", "òóỏõọ"]), ('o', 'e', ["èéẻẽẹ", "òóỏõọ"]), ('u', 'y', ["ỳýỷỹỵ", "ùúủũụ"])];
    if c.is_ascii() || before == ['q', 'u'] {
        return None;
    }
    OPEN.iter().filter(|(first, ..)| *first == before[1]).find_map(|(_, second, [on_second, on_first])| {
        let tone = on_second.chars().position(|toned| toned == c)?;
        Some([on_first.chars().nth(tone)?, *second])
    })
}

/// A mark that Latin letters are written with.
fn is_latin_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::is_nfc;

    use super::*;

    #[test]
    fn marks_piled_on_a_letter_end_at_a_bound() {
        for marks in [&['\u{301}'][..], &['\u{302}', '\u{323}', '\u{338}']] {
            let piled: String = std::iter::once('q').chain(marks.iter().copied().cycle().take(5_000)).chain(" c".chars()).collect();
            let tidied = tidy(&piled, true);
            assert_eq!(tidied.chars().count(), 1 + usize::from(MOST_MARKS) + 2);
            assert_eq!(tidy(&tidied, true), tidied);
            assert!(fold(&piled).chars().count() <= tidied.chars().count());
        }
        let khmer = "កម្ពុជា";
        assert_eq!(tidy(khmer, true), khmer);
    }

    #[test]
    fn a_text_is_tidied_and_not_rewritten() {
        let table = [
            // Spaces of every kind are one space.
            ("  Lào\u{A0}Cai \t\r\n\u{3000}hôm nay\u{2028}", "Lào Cai hôm nay"),
            ("một\u{85}hai\u{2009}ba\u{202F}bốn", "một hai ba bốn"),
            // What nobody sees is out, and joins what it stood between.
            ("\u{FEFF}Hà\u{200B} N\u{AD}ội\u{2060}\u{180E}\u{200E}", "Hà Nội"),
            ("a \u{200B} b", "a b"),
            ("chợ\u{34F}phiên\u{E0041}", "chợphiên"),
            ("\u{202E}đảo\u{202C} \u{2066}ngược\u{2069}", "đảo ngược"),
            ("\u{1b}[31mđỏ\u{7}\u{0}\u{9b}", "[31mđỏ"),
            ("a\u{FFFE}b\u{FFFF}c\u{1FFFF}d\u{FFFC}", "abcd"),
            // Composed; also what a zero-width mark held apart, and half-composed letters.
            ("Tie\u{302}\u{301}ng Vie\u{323}\u{302}t", "Tiếng Việt"),
            ("trơ\u{301}", "trớ"),
            ("a\u{200B}\u{301}", "á"),
            // The writer's spelling stays: tone placement, capitals, quotes, dashes, the replacement character.
            ("hoà hòa thuý “Đ” – \u{FFFD} …", "hoà hòa thuý “Đ” – \u{FFFD} …"),
            // A joiner stays where a reader sees it.
            (
                "\u{1F469}\u{200D}\u{1F33E} \u{2764}\u{FE0F}\u{200D}\u{1F525}",
                "\u{1F469}\u{200D}\u{1F33E} \u{2764}\u{FE0F}\u{200D}\u{1F525}",
            ),
            ("می\u{200C}روم", "می\u{200C}روم"),
            ("क्\u{200D}ष", "क्\u{200D}ष"),
            ("học\u{200D} si\u{200C}nh", "học sinh"),
            ("\u{1F469} \u{200D}\u{1F33E}", "\u{1F469} \u{1F33E}"),
            ("", ""),
            (" \u{200B}\n ", ""),
        ];
        for (raw, tidied) in table {
            assert_eq!(tidy(raw, false), tidied, "{raw:?}");
            assert_eq!(tidy(raw, true), tidied, "{raw:?}");
        }
    }

    #[test]
    fn the_icelandic_eth_is_a_vietnamese_letter_in_vietnamese_alone() {
        assert_eq!(tidy("Bà Ðen, ðiểm", true), "Bà Đen, điểm");
        assert_eq!(tidy("Ðorláksson, maður", false), "Ðorláksson, maður");
    }

    #[test]
    fn tidy_into_appends() {
        let mut out = String::from("một\n\n");
        tidy_into(&mut out, " hai ", true);
        tidy_into(&mut out, "ba", true);
        assert_eq!(out, "một\n\nhaiba");
    }

    #[test]
    fn a_key_is_equal_for_what_a_reader_calls_the_same_words() {
        let table = [
            ("Hoà Bình", "hòa bình"),
            ("HÒA BÌNH", "hòa bình"),
            ("Hoa\u{300} Bi\u{300}nh", "hòa bình"),
            ("uỷ ban, thuý, khoẻ, hoạ", "ủy ban, thúy, khỏe, họa"),
            // `qu` is an onset: its `y` keeps the tone. Nor does a tone move within a closed syllable.
            ("quý, quỳ, hoàn, hoạt, khoét, huýt, xoáy", "quý, quỳ, hoàn, hoạt, khoét, huýt, xoáy"),
            ("“Một” ‘hai’ «ba» `bốn´", "\"một\" 'hai' \"ba\" 'bốn'"),
            ("2024–2025 — 3−1 ‑", "2024-2025 - 3-1 -"),
            ("Ðông  Hưng.", "đông hưng."),
            ("Hết…", "hết…"),
            ("İ I\u{307} \u{212A}ẞ", "i i kß"),
        ];
        for (text, key) in table {
            assert_eq!(fold(text), key, "{text}");
        }
    }

    #[test]
    fn a_text_without_marks_is_what_a_slug_is_made_of() {
        let table = [
            ("Đường Hoà Bình ảnh 1", "duong hoa binh anh 1"),
            ("Nguyễn Thị Ưỡn – ĐẮK LẮK", "nguyen thi uon - dak lak"),
            ("Ðông", "dong"),
            ("\u{300} a \u{300} b \u{300}", "a b"),
            ("Žižek ça", "zizek ca"),
            ("กำลัง ខ្មែរ 한국 Чайка", "กำลัง ខ្មែរ 한국 чайка"),
        ];
        for (text, bare) in table {
            assert_eq!(strip_marks(text), bare, "{text}");
        }
    }

    #[test]
    fn a_terminal_gets_no_command_from_a_page() {
        let table = [
            ("Tiếng Việt 👍 ខ្មែរ", "Tiếng Việt 👍 ខ្មែរ"),
            ("\u{1b}]0;x\u{7}", "\\u{1b}]0;x\\u{7}"),
            ("một\nhai\r\tba\u{2028}", "một\\nhai\\r\\tba\\u{2028}"),
            ("\u{9b}31m \u{7f} \u{202e}gpj.exe \u{feff}\u{200b}", "\\u{9b}31m \\u{7f} \\u{202e}gpj.exe \\u{feff}\\u{200b}"),
        ];
        for (text, shown) in table {
            assert_eq!(printable(text).to_string(), shown);
        }
    }

    /// Letters, marks, spaces and the characters that the rules above are about, thick enough to meet.
    fn dense() -> impl Strategy<Value = String> {
        let few: Vec<char> = [
            "aouyqQAOIi àýẠĐÐðơİẞΣΩ=<",
            // Spaces, and what is not seen.
            " \t\n\u{A0}\u{2000}\u{2001}\u{200B}\u{200C}\u{200D}\u{FE0F}",
            // Marks, a nukta, a virama and a coeng, jamo.
            "\u{300}\u{301}\u{302}\u{307}\u{309}\u{323}\u{31B}\u{345}\u{338}\u{93C}\u{94D}\u{17D2}\u{1100}\u{1161}",
            // Characters that NFC replaces.
            "\u{212A}\u{1FEF}\u{1FFD}\u{958}",
            "👩❤कខ한각-–'’“´",
        ]
        .iter()
        .flat_map(|some| some.chars())
        .collect();
        let few = prop::sample::select(few);
        prop::collection::vec(prop_oneof![9 => few, 1 => any::<char>()], 0..24).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn tidy_is_idempotent_and_nfc(raw in prop_oneof![dense(), any::<String>()], vietnamese: bool) {
            let once = tidy(&raw, vietnamese);
            prop_assert!(is_nfc(&once), "{once:?}");
            prop_assert_eq!(&tidy(&once, vietnamese), &once);
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }

        #[test]
        fn the_quick_path_of_tidy_changes_nothing(raw in dense(), vietnamese: bool) {
            let slow: String = Seen::of(&raw, vietnamese).nfc().collect();
            prop_assert_eq!(tidy(&raw, vietnamese), slow);
        }

        #[test]
        fn fold_and_strip_marks_are_idempotent_and_nfc(raw in prop_oneof![dense(), any::<String>()]) {
            let key = fold(&raw);
            prop_assert!(is_nfc(&key), "{key:?}");
            prop_assert_eq!(&fold(&key), &key);
            let bare = strip_marks(&raw);
            prop_assert!(is_nfc(&bare), "{bare:?}");
            prop_assert_eq!(&strip_marks(&bare), &bare);
        }

        #[test]
        fn a_tidied_text_folds_to_the_same_key(raw in dense()) {
            prop_assert_eq!(fold(&tidy(&raw, true)), fold(&raw));
        }

        #[test]
        fn nothing_that_steers_is_printed(raw: String) {
            prop_assert!(!printable(&raw).to_string().chars().any(|c| c.is_control() || is_unseen(c)));
        }
    }
}
