//! How much of a block do the page's own words about the article bear out?

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64;

/// A text that is known to be the article's, as the set of its runs of words.
#[derive(Debug, Default)]
pub(super) struct Witness {
    runs: HashSet<u64>,
    words: HashSet<u64>,
    /// How many words it has.
    pub length: usize,
}

/// How many words make a run.
const RUN: usize = 3;

impl Witness {
    /// Learns a text; tags and entities in it are no words.
    pub fn of(text: &str) -> Self {
        let words = words(text);
        let runs = words.windows(RUN).map(run).collect();
        Self { runs, length: words.len(), words: words.into_iter().collect() }
    }

    /// The share of `text`'s runs that the witness has too, 0 to 1; of its words where it is too short for a run.
    pub fn bears_out(&self, text: &str) -> f32 {
        let words = words(text);
        if words.is_empty() || self.length == 0 {
            return 0.0;
        }
        let (hits, all) = if words.len() < RUN + 1 {
            (words.iter().filter(|w| self.words.contains(w)).count(), words.len())
        } else {
            (words.windows(RUN).filter(|w| self.runs.contains(&run(w))).count(), words.len() - RUN + 1)
        };
        #[expect(clippy::cast_precision_loss, reason = "a block has fewer words than a float counts")]
        let share = hits as f32 / all as f32;
        share
    }
}

fn run(words: &[u64]) -> u64 {
    words.iter().fold(0, |sum, w| (sum ^ w).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23))
}

/// Each word as a number: letters and digits, in lower case. A letter of a script without spaces is a word.
pub(super) fn words(text: &str) -> Vec<u64> {
    let mut out = Vec::with_capacity(text.len() / 5);
    let mut word = String::new();
    let mut in_tag = false;
    for c in text.chars() {
        if in_tag {
            in_tag = c != '>';
            continue;
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            if is_wide(c) {
                end(&mut word, &mut out);
                word.push(c);
                end(&mut word, &mut out);
            } else {
                word.extend(c.to_lowercase());
            }
        } else {
            end(&mut word, &mut out);
            in_tag = c == '<';
        }
    }
    end(&mut word, &mut out);
    out
}

fn end(word: &mut String, out: &mut Vec<u64>) {
    if !word.is_empty() {
        out.push(xxh3_64(word.as_bytes()));
        word.clear();
    }
}

/// A letter of Chinese, Japanese or Korean writing, which counts for more than one letter of an alphabet.
pub(super) fn is_wide(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ac00}'..='\u{d7af}')
}
