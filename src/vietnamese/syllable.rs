//! Could this word be a Vietnamese syllable?
//!
//! Vietnamese spelling is regular: an onset, a rime, one tone. Few words of other languages that carry marks pass as a syllable, so a
//! share of syllables among the marked words is a strong judgement on a language or a charset.

use unicode_normalization::char::{compose, decompose_canonical};

/// The tone of a syllable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// *ngang*: no mark.
    Level,
    /// *huyền*: grave.
    Grave,
    /// *sắc*: acute.
    Acute,
    /// *hỏi*: hook above.
    Hook,
    /// *ngã*: tilde.
    Tilde,
    /// *nặng*: dot below.
    Dot,
}

impl Tone {
    /// Which tone a combining mark writes.
    pub(super) fn of_mark(mark: char) -> Option<Self> {
        match mark {
            '\u{300}' => Some(Self::Grave),
            '\u{301}' => Some(Self::Acute),
            '\u{309}' => Some(Self::Hook),
            '\u{303}' => Some(Self::Tilde),
            '\u{323}' => Some(Self::Dot),
            _ => None,
        }
    }
}

/// The tone of `word`, if it is spelt as a Vietnamese syllable; any case, composed or not.
///
/// Judged strictly: `c`/`k`, `g`/`gh`, `ng`/`ngh` before the right vowel, and *sắc* or *nặng* alone before a final stop.
pub(super) fn tone(word: &str) -> Option<Tone> {
    let (letters, tone) = letters_and_tone(word)?;
    let stopped = [b'p', b't', b'c'].contains(letters.as_bytes().last()?) || letters.ends_with("ch");
    if stopped && !matches!(tone, Tone::Acute | Tone::Dot) {
        return None;
    }
    is_spelt(&letters).then_some(tone)
}

/// Are these letters, their tone taken out, an onset and a rime that go together?
fn is_spelt(letters: &str) -> bool {
    let Some(vowel) = letters.find(|c| "aăâeêioôơuưy".contains(c)) else { return false };
    let (onset, rime) = letters.split_at(vowel);
    match onset {
        "q" => rime.strip_prefix('u').is_some_and(|rime| agree("qu", rime)),
        // `giết` is `gi` and `êt`; `gì` is `g` and `i`.
        "g" => agree("g", rime) || rime.strip_prefix('i').is_some_and(|rime| agree("gi", rime)),
        _ => ONSETS.contains(&onset) && agree(onset, rime),
    }
}

/// Is `word` spelt as a Vietnamese syllable?
pub(super) fn is_syllable(word: &str) -> bool {
    tone(word).is_some()
}

/// The longest syllable, `nghiêng`, has seven letters.
const LONGEST: usize = 7;

/// Takes the tone mark out: `Người` gives `ngươi` and the grave tone. `None` with two tones or a mark that Vietnamese has not.
fn letters_and_tone(word: &str) -> Option<(String, Tone)> {
    if word.len() > 6 * LONGEST {
        return None;
    }
    let mut letters = String::with_capacity(2 * LONGEST);
    let mut tone = Some(Tone::Level);
    let mut spelt = true;
    for c in word.chars().flat_map(char::to_lowercase) {
        decompose_canonical(c, |part| {
            if let Some(mark) = Tone::of_mark(part) {
                tone = tone.filter(|before| *before == Tone::Level && !letters.is_empty()).map(|_| mark);
            } else {
                spelt &= add_letter(&mut letters, part);
            }
        });
    }
    tone.filter(|_| spelt).map(|tone| (letters, tone))
}

/// Adds a letter, or a mark that makes another letter of the last one; `false` for what Vietnamese is not spelt with.
fn add_letter(letters: &mut String, part: char) -> bool {
    let letter = match part {
        'a'..='z' | 'đ' => Some(part),
        '\u{302}' | '\u{306}' | '\u{31B}' => letters.pop().and_then(|base| compose(base, part)),
        _ => None,
    };
    letters.extend(letter);
    letter.is_some()
}

/// All onsets but `g`, `gi` and `qu`.
const ONSETS: [&str; 25] =
    ["", "b", "c", "ch", "d", "đ", "gh", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "r", "s", "t", "th", "tr", "v", "x"];

/// Is this a rime, and may it follow this onset?
fn agree(onset: &str, rime: &str) -> bool {
    let front = rime.starts_with(['e', 'ê', 'i', 'y']);
    let may_follow = match onset {
        "c" | "ng" => !front,
        "g" => !front || matches!(rime, "i" | "in"),
        "k" => front,
        "gh" | "ngh" => front && !rime.starts_with('y'),
        "qu" => !rime.starts_with(['u', 'ư']),
        "gi" => !rime.starts_with(['i', 'y']),
        "" => true,
        _ => !rime.starts_with('y') || (rime == "y" && matches!(onset, "h" | "l" | "m" | "s" | "t" | "th" | "v")),
    };
    may_follow && RIMES.binary_search(&rime).is_ok()
}

/// Every rime without its tone, sorted by bytes for the search.
const RIMES: [&str; 162] = [
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "e", "ec", "em", "en", "eng", "eo", "ep", "et", "i",
    "ia", "ich", "im", "in", "inh", "ip", "it", "iu", "iêc", "iêm", "iên", "iêng", "iêp", "iêt", "iêu", "o", "oa", "oac", "oach", "oai",
    "oam", "oan", "oang", "oanh", "oao", "oap", "oat", "oay", "oc", "oe", "oen", "oeo", "oet", "oi", "om", "on", "ong", "ooc", "oong",
    "op", "ot", "oăc", "oăm", "oăn", "oăng", "oăt", "u", "ua", "uc", "ui", "um", "un", "ung", "up", "ut", "uy", "uya", "uych", "uyn",
    "uynh", "uyt", "uyu", "uyên", "uyêt", "uân", "uâng", "uât", "uây", "uê", "uêch", "uênh", "uôc", "uôi", "uôm", "uôn", "uông", "uôt",
    "uơ", "y", "ych", "yn", "ynh", "yt", "yêm", "yên", "yêng", "yêt", "yêu", "âc", "âm", "ân", "âng", "âp", "ât", "âu", "ây", "ê", "êch",
    "êm", "ên", "êng", "ênh", "êp", "êt", "êu", "ô", "ôc", "ôi", "ôm", "ôn", "ông", "ôp", "ôt", "ăc", "ăm", "ăn", "ăng", "ăp", "ăt", "ơ",
    "ơi", "ơm", "ơn", "ơp", "ơt", "ư", "ưa", "ưc", "ưi", "ưng", "ưt", "ưu", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt", "ươu",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rimes_stand_sorted_for_the_search() {
        assert!(RIMES.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn syllables_are_known_with_their_tone() {
        let table = [
            ("ngang", Tone::Level),
            ("Huyền", Tone::Grave),
            ("SẮC", Tone::Acute),
            ("hỏi", Tone::Hook),
            ("ngã", Tone::Tilde),
            ("nặng", Tone::Dot),
            ("Vie\u{323}\u{302}t", Tone::Dot),
            ("quốc", Tone::Acute),
            ("quyển", Tone::Hook),
            ("quỳnh", Tone::Grave),
            ("gì", Tone::Grave),
            ("giữa", Tone::Tilde),
            ("giếng", Tone::Acute),
            ("nghiêng", Tone::Level),
            ("khuya", Tone::Level),
            ("hoà", Tone::Grave),
            ("hòa", Tone::Grave),
            ("thuở", Tone::Hook),
            ("uống", Tone::Acute),
            ("y", Tone::Level),
            ("kỹ", Tone::Tilde),
            ("đường", Tone::Grave),
            ("rượu", Tone::Dot),
            ("xoong", Tone::Level),
        ];
        for (word, expected) in table {
            assert_eq!(tone(word), Some(expected), "{word}");
        }
    }

    #[test]
    fn other_words_are_no_syllables() {
        for word in [
            "",
            "été",
            "für",
            "não",
            "coração",
            "niño",
            "straße",
            "that",
            "các\u{301}",
            "cac",
            "hôp",
            "kông",
            "cê",
            "ngê",
            "ghà",
            "chý",
            "quư",
            "pơlê",
            "klông",
            "strong",
            "nghiêngg",
            "đ",
            "b",
            "\u{301}",
            "a1",
            "ß",
            "việts",
            "œuf",
        ] {
            // `não` is Vietnamese for brain.
            assert_eq!(is_syllable(word), word == "não", "{word}");
        }
    }
}
