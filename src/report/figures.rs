//! What do the articles of a run show of the rules that read them?
//!
//! Each page shows some [`Sign`]s and lacks others; a [`Tally`] counts them over the pages of a run. All that is compared from run to run
//! is a share: of the pages that could show a sign, how many did.

use std::collections::BTreeMap;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::article::{Article, Reader, When};
use crate::extract::{Dropped, Lapse, Pointed};
use crate::paper::{Field, Reason};

/// What was published longer before its fetch is archive: made by other hands for other rules, it says nothing of today's.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// So many pages are named for each sign that they lack.
const EXAMPLES: usize = 3;

/// Something that a page shows, or lacks. Each is a good sign: drift is when it comes less often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// The rules of its paper, or of its paper's family, read it.
    OwnRules,
    /// The rule of this field found something on the page, whatever metadata says.
    Rule(Field),
    /// The field is not empty, whoever filled it.
    Filled(Field),
    /// Of an article with pictures: one of them has a caption.
    Captioned,
    /// Something was dropped for this reason.
    Dropped(Reason),
    /// Its text is not shorter than half of the usual length.
    NotShort,
    /// Its text is not longer than twice the usual length.
    NotLong,
}

/// The fields whose filling is watched: a headline and a text every article has.
const WATCHED: [Field; 8] =
    [Field::Lead, Field::Dateline, Field::Author, Field::Source, Field::Published, Field::Section, Field::Tags, Field::Images];

impl Sign {
    /// Every sign, the weightiest first.
    pub fn all() -> impl Iterator<Item = Self> {
        let rules = Field::ALL.into_iter().filter(|field| *field != Field::Body).map(Self::Rule);
        let lengths = [Self::NotShort, Self::NotLong];
        let drops = Reason::ALL.into_iter().map(Self::Dropped);
        [Self::OwnRules].into_iter().chain(rules).chain(WATCHED.map(Self::Filled)).chain(lengths).chain([Self::Captioned]).chain(drops)
    }

    /// The field that it is about.
    #[must_use]
    pub fn field(self) -> Option<Field> {
        match self {
            Self::Rule(field) | Self::Filled(field) => Some(field),
            _ => None,
        }
    }
}

/// The name by which `runs.jsonl` knows it: `own_rules`, `rule.author`, `filled.tags`, `dropped.captions`.
impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OwnRules => f.write_str("own_rules"),
            Self::Rule(field) => write!(f, "rule.{}", field.name()),
            Self::Filled(field) => write!(f, "filled.{}", field.name()),
            Self::Captioned => f.write_str("captioned"),
            Self::Dropped(reason) => write!(f, "dropped.{}", reason.name()),
            Self::NotShort => f.write_str("not_short"),
            Self::NotLong => f.write_str("not_long"),
        }
    }
}

impl Serialize for Sign {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sign {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::all().find(|sign| sign.to_string() == name).ok_or_else(|| de::Error::custom(format!("{name}: no sign that is known")))
    }
}

/// Of so many pages that could show a sign, so many did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Share {
    /// Pages that showed it.
    pub shown: u32,
    /// All pages that could.
    pub of: u32,
}

impl Share {
    /// The sum of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { shown: self.shown + other.shown, of: self.of + other.of }
    }

    /// 0 to 1; 0 of no pages.
    #[must_use]
    pub fn value(self) -> f64 {
        if self.of == 0 { 0.0 } else { f64::from(self.shown) / f64::from(self.of) }
    }
}

/// What one article page showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Its address.
    pub url: String,
    /// Who read it.
    pub by: Reader,
    /// The rule that should have read it and failed.
    pub lapse: Option<Lapse>,
    /// Whether it was written for the first time: only then its fields count, or one article would count at each look.
    pub is_first: bool,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// The words of its text.
    pub words: u32,
    /// Which of the watched fields it has.
    has: [bool; WATCHED.len()],
    signs: Vec<(Sign, bool)>,
}

impl Figures {
    /// What an article shows that was read so. `has_rules`: whether selectors.toml says how its paper's pages are read.
    #[must_use]
    pub fn of(article: &Article, pointed: Pointed, dropped: Dropped, lapse: Option<Lapse>, has_rules: bool) -> Self {
        let mut signs = Vec::with_capacity(32);
        let has = WATCHED.map(|field| is_filled(article, field));
        let own = lapse.is_none() && article.by != Reader::Generic;
        if has_rules {
            signs.push((Sign::OwnRules, own));
        }
        // What the paper's rules did not read says nothing of what they usually find.
        if !has_rules || own {
            let rules = Field::ALL.into_iter().zip(pointed).filter(|(field, _)| *field != Field::Body);
            signs.extend(rules.filter_map(|(field, found)| Some((Sign::Rule(field), found?))));
            signs.extend(WATCHED.into_iter().zip(has).map(|(field, has)| (Sign::Filled(field), has)));
            if !article.images.is_empty() {
                signs.push((Sign::Captioned, article.images.iter().any(|image| image.caption.is_some())));
            }
            signs.extend(Reason::ALL.into_iter().zip(dropped).map(|(reason, times)| (Sign::Dropped(reason), times > 0)));
        }
        Self {
            url: article.url.clone().unwrap_or_default(),
            by: article.by,
            lapse,
            is_first: false,
            published: article.published.map(When::timestamp),
            words: u32::try_from(article.text.split_whitespace().count()).unwrap_or(u32::MAX),
            has,
            signs,
        }
    }

    /// The fields that it has, of those that are watched.
    pub fn filled(&self) -> impl Iterator<Item = Field> + '_ {
        WATCHED.into_iter().zip(self.has).filter_map(|(field, has)| has.then_some(field))
    }
}

fn is_filled(article: &Article, field: Field) -> bool {
    match field {
        Field::Title => !article.title.is_empty(),
        Field::Lead => article.lead.is_some(),
        Field::Body => !article.text.is_empty(),
        Field::Author => !article.authors.is_empty(),
        Field::Source => article.source.is_some(),
        Field::Published => article.published.is_some(),
        Field::Modified => article.modified.is_some(),
        Field::Section => !article.section.is_empty(),
        Field::Tags => !article.tags.is_empty(),
        Field::Images => !article.images.is_empty(),
        Field::Dateline => article.dateline.is_some(),
    }
}

/// What the articles of a run, or of a few runs together, showed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Pages by sign.
    pub signs: BTreeMap<Sign, Share>,
    /// The words of each article that was written first.
    pub words: Vec<u32>,
    /// A few pages that lacked a sign.
    #[serde(skip)]
    pub lacking: BTreeMap<Sign, Vec<String>>,
    /// The rules that failed, how on the first page, and on how many pages.
    #[serde(skip)]
    pub lapses: Vec<(Lapse, u64)>,
}

impl Tally {
    /// Counts a page that was looked at `now`; nothing of one that was published long before.
    pub fn add(&mut self, page: &Figures, now: Timestamp) {
        if page.published.is_some_and(|at| now.duration_since(at) > RECENT) {
            return;
        }
        if let Some(lapse) = &page.lapse {
            match self.lapses.iter_mut().find(|(known, _)| known.rule == lapse.rule) {
                Some((_, pages)) => *pages += 1,
                None => self.lapses.push((lapse.clone(), 1)),
            }
        }
        for (sign, shown) in page.signs.iter().filter(|(sign, _)| page.is_first || *sign == Sign::OwnRules) {
            let share = self.signs.entry(*sign).or_default();
            *share = share.and(Share { shown: u32::from(*shown), of: 1 });
            let lacking = self.lacking.entry(*sign).or_default();
            if !shown && lacking.len() < EXAMPLES {
                lacking.push(page.url.clone());
            }
        }
        let is_read = page.signs.len() > 1;
        if page.is_first && is_read {
            self.words.push(page.words);
        }
    }

    /// Adds a later tally to this one.
    pub fn merge(&mut self, later: Self) {
        for (sign, share) in later.signs {
            let own = self.signs.entry(sign).or_default();
            *own = own.and(share);
        }
        self.words.extend(later.words);
    }

    /// How many pages it is of.
    #[must_use]
    pub fn pages(&self) -> u32 {
        self.signs.values().map(|share| share.of).max().unwrap_or(0)
    }

    /// Whether it is of no page.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages() == 0 && self.words.is_empty()
    }

    /// The share of a sign.
    #[must_use]
    pub fn share(&self, sign: Sign) -> Share {
        self.signs.get(&sign).copied().unwrap_or_default()
    }
}

/// The middle of some numbers; `None` of none.
#[must_use]
pub fn median(words: &[u32]) -> Option<u32> {
    let mut sorted = words.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied()
}
