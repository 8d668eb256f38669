//! What does one page say of the rules that read it?

use std::collections::HashMap;

use crate::article::{Article, Miss, Reader};
use crate::extract::{self, Lapse};
use crate::page::Page;
use crate::paper::{Field, Rulebook};
use crate::vietnamese::text::fold;

use super::Verdict;

/// The fields that are looked at, in the order of the record.
pub const FIELDS: [Field; 7] = [Field::Title, Field::Lead, Field::Author, Field::Published, Field::Section, Field::Tags, Field::Images];

/// The key of the record that holds a field: `authors` of [`Field::Author`].
#[must_use]
pub fn record_key(field: Field) -> &'static str {
    if field == Field::Author { "authors" } else { field.name() }
}

/// One page, looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Where it is: its address, or its place on a disk.
    pub place: String,
    /// The paper whose page it is.
    pub site: Option<String>,
    /// What was read of it, or why nothing was.
    pub outcome: Result<Read, Miss>,
}

/// What was read of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// Who read it.
    pub by: Reader,
    /// Which of [`FIELDS`] hold something.
    pub filled: [bool; FIELDS.len()],
    /// How far its text is what the reader without rules finds; `None` where that one read it, or finds nothing.
    pub agreement: Option<Agreement>,
    /// The words of its text.
    pub words: usize,
    /// The rule that should have read it and failed, when others read it.
    pub lapse: Option<Lapse>,
    /// For each of [`FIELDS`] whether rules point at a place for it (`None`: no rule does), and found anything there.
    pub pointed: [Option<bool>; FIELDS.len()],
}

/// How far two texts hold the same words, each word as often as it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// Words that both have.
    pub shared: usize,
    /// Words of the text that the rules kept.
    pub rules: usize,
    /// Words of the text that the reader without rules kept.
    pub generic: usize,
}

impl Agreement {
    /// Compares what the rules kept with what the reader without rules kept. Case, punctuation and order are not looked at.
    #[must_use]
    pub fn of(rules: &str, generic: &str) -> Self {
        let (rules, generic) = (fold(rules), fold(generic));
        let mut known: HashMap<&str, usize> = HashMap::new();
        let mut agreement = Self { shared: 0, rules: 0, generic: 0 };
        for word in words(&generic) {
            *known.entry(word).or_default() += 1;
            agreement.generic += 1;
        }
        for word in words(&rules) {
            agreement.rules += 1;
            if let Some(left) = known.get_mut(word).filter(|left| **left > 0) {
                *left -= 1;
                agreement.shared += 1;
            }
        }
        agreement
    }

    /// The harmonic mean of the two shares (F1): 1 for the same words, 0 for none in common.
    #[must_use]
    pub fn f1(self) -> f64 {
        let all = self.rules + self.generic;
        if all == 0 { 1.0 } else { 2.0 * share(self.shared, all) }
    }

    /// Which part of the other reader's words the rules kept.
    #[must_use]
    pub fn kept(self) -> f64 {
        share(self.shared, self.generic)
    }
}

#[expect(clippy::cast_precision_loss, reason = "no page has 2^52 words")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

impl Look {
    /// Reads a page with the rules of `book`, and once more without any.
    #[must_use]
    pub fn at(page: &Page, place: String, book: &Rulebook) -> Self {
        let reading = extract::read(page, book);
        let site = reading.paper.map(|paper| paper.id.clone());
        let outcome = reading.outcome.map(|article| {
            let ruled = article.by != Reader::Generic;
            let generic = ruled.then(|| extract::read_generic(page, book).outcome.ok()).flatten();
            let agreement = generic.map(|generic| Agreement::of(&article.text, &generic.text));
            let words = article.text.split_whitespace().count();
            let pointed = FIELDS.map(|field| reading.pointed[field as usize]);
            Read { by: article.by, filled: filled(&article), agreement, words, lapse: reading.lapse, pointed }
        });
        Self { place, site, outcome }
    }

    /// Whether the rules fit this page.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match &self.outcome {
            Err(miss) if is_no_fault_of_rules(*miss) => Verdict::Look,
            Err(_) | Ok(Read { lapse: Some(_), .. }) => Verdict::Broken,
            Ok(read) if read.is_doubtful() => Verdict::Look,
            Ok(_) => Verdict::Fits,
        }
    }
}

impl Read {
    /// Whether the text is another one than the reader without rules finds.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.agreement.is_some_and(|agreement| agreement.generic >= FEWEST_WORDS && agreement.f1() < ALIKE)
    }
}

/// Texts are alike from this F1 on. Of 58 saved pages that rules read right the lowest has 0.89: a long read in many parts.
pub(super) const ALIKE: f64 = 0.75;

/// Fewer words of the reader without rules tell nothing.
const FEWEST_WORDS: usize = 40;

/// A miss for which the page is the reason, and not what selectors.toml says of its insides.
pub(super) fn is_no_fault_of_rules(miss: Miss) -> bool {
    matches!(miss, Miss::NotHtml | Miss::NotArticle | Miss::TooShort | Miss::WrongLanguage)
}

fn filled(article: &Article) -> [bool; FIELDS.len()] {
    FIELDS.map(|field| match field {
        Field::Title => !article.title.is_empty(),
        Field::Lead => article.lead.is_some(),
        Field::Author => !article.authors.is_empty(),
        Field::Published => article.published.is_some(),
        Field::Section => !article.section.is_empty(),
        Field::Tags => !article.tags.is_empty(),
        _ => !article.images.is_empty(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_texts_agree_as_far_as_they_hold_the_same_words() {
        let whole = "Sáng nay, làng mở hội; trống nổi từ sớm.";
        for (rules, generic, f1, kept) in [
            (whole, "sáng nay làng mở HỘI trống nổi từ sớm", 1.0, 1.0),
            (whole, "trống nổi", 4.0 / 11.0, 1.0),
            ("trống nổi", whole, 4.0 / 11.0, 2.0 / 9.0),
            ("hội hội", "hội", 2.0 / 3.0, 1.0),
            (whole, "", 0.0, 0.0),
        ] {
            let agreement = Agreement::of(rules, generic);
            assert!((agreement.f1() - f1).abs() < 1e-9 && (agreement.kept() - kept).abs() < 1e-9, "{rules} {generic} {agreement:?}");
        }
    }
}
