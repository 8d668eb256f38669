//! Do the rules of a paper still fit the pages that it prints?
//!
//! Pages are looked at one by one ([`Look`]) and counted for their paper ([`Checkup`]); what they say together is a [`Verdict`] with its
//! [`Problem`]s, each with the key of selectors.toml to look at and its line. Pure: who brings the pages is not known here.

mod judgement;
mod look;

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

pub use look::{Agreement, FIELDS, Look, Read, record_key};

use crate::article::Reader;
use crate::extract::Lapse;

/// The version of what a checkup is as JSON, its first key.
pub const SCHEMA: u32 = 1;

/// So many addresses are named with a problem.
pub const EXAMPLES: usize = 3;

/// How a paper, or a page, and its rules stand to each other; the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The rules fit.
    Fits,
    /// The paper lists no articles, and selectors.toml knows it.
    Closed,
    /// Somebody stopped us before enough was seen.
    Unfinished,
    /// Something is doubtful.
    Look,
    /// Articles are lost, or read without the rules.
    Broken,
    /// robots.txt allows nothing of it.
    Forbidden,
    /// Nobody answers.
    Down,
}

impl Verdict {
    /// Every verdict, the worst last.
    pub const ALL: [Self; 7] = [Self::Fits, Self::Closed, Self::Unfinished, Self::Look, Self::Broken, Self::Forbidden, Self::Down];

    /// The word that stands in tables and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::Closed => "closed",
            Self::Unfinished => "unfinished",
            Self::Look => "look",
            Self::Broken => "broken",
            Self::Forbidden => "forbidden",
            Self::Down => "down",
        }
    }

    /// Whether somebody has to do something about it.
    #[must_use]
    pub const fn is_trouble(self) -> bool {
        matches!(self, Self::Look | Self::Broken | Self::Forbidden | Self::Down)
    }
}

/// One thing that does not fit, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad it is: [`Verdict::Fits`] is a note that needs nobody.
    pub verdict: Verdict,
    /// What was seen.
    pub what: String,
    /// What to do.
    pub advice: String,
    /// The keys of selectors.toml that it is about, the paper's own first.
    pub rules: Vec<Rule>,
    /// Addresses where it was seen, at most [`EXAMPLES`].
    pub pages: Vec<String>,
}

/// A key of selectors.toml.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// `families.epi.take.body`.
    pub key: String,
    /// Its line, from 1; `None` for one that is still to be written.
    pub line: Option<usize>,
}

/// Why a page or a listing did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// robots.txt disallows it.
    Forbidden,
    /// Nobody answered, or a server in trouble.
    Silent,
    /// There is an answer, and it is not the page: 404, a redirect that leads away.
    Gone,
}

/// A feed, sitemap or page of the paper that is to list articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Its address.
    pub url: String,
    /// The key that names it: `feeds`, `sitemaps`, `start_pages`; `hosts` for the front page that nothing names.
    pub key: &'static str,
    /// How many articles it names and how many other entries it has on the paper's hosts, or why it did not come: `http_404`.
    pub outcome: Result<(usize, usize), (Loss, String)>,
}

/// What was seen of one paper.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checkup {
    /// Its id; `None` for pages that are no known paper's.
    pub site: Option<String>,
    /// Whether it was ended before all was seen.
    pub stopped: bool,
    /// Articles that its listings name, each once.
    pub found: usize,
    listings: Vec<Listing>,
    /// Articles that were asked for.
    tried: usize,
    failed: Vec<(String, Loss, String)>,
    missed: BTreeMap<&'static str, usize>,
    /// Misses that the rules may be to blame for, and the others: a few of their addresses.
    lost_by_rules: (usize, Vec<String>),
    by: [usize; 3],
    /// The rules that failed on pages that others read, by rule and how.
    lapses: BTreeMap<(String, &'static str), Lapses>,
    filled: [usize; FIELDS.len()],
    /// The same, of pages that rules read.
    filled_by_rules: [usize; FIELDS.len()],
    /// On how many pages rules point at a place for each of [`FIELDS`], and on how many of these they found something there.
    pointed: [(usize, usize); FIELDS.len()],
    agreements: Vec<Agreement>,
    doubtful: Vec<String>,
}

impl Checkup {
    /// A paper that somebody stopped us from looking at.
    #[must_use]
    pub fn unseen(site: &str) -> Self {
        Self { stopped: true, ..Self::new(Some(site)) }
    }

    /// A paper of which nothing was seen yet.
    #[must_use]
    pub fn new(site: Option<&str>) -> Self {
        Self { site: site.map(str::to_owned), ..Self::default() }
    }

    /// Counts a listing.
    pub fn listed(&mut self, listing: Listing) {
        self.listings.push(listing);
    }

    /// Counts an article that did not come; `name` says why: `http_404`.
    pub fn lost(&mut self, place: String, loss: Loss, name: String) {
        self.tried += 1;
        self.failed.push((place, loss, name));
    }

    /// Counts a page.
    pub fn saw(&mut self, look: Look) {
        self.tried += 1;
        match look.outcome {
            Err(miss) => {
                *self.missed.entry(miss.name()).or_default() += 1;
                if !look::is_no_fault_of_rules(miss) {
                    self.lost_by_rules.0 += 1;
                    keep(&mut self.lost_by_rules.1, look.place);
                }
            }
            Ok(read) => self.read(read, look.place),
        }
    }

    fn read(&mut self, read: Read, place: String) {
        self.by[read.by as usize] += 1;
        for (at, filled) in read.filled.into_iter().enumerate() {
            self.filled[at] += usize::from(filled);
            self.filled_by_rules[at] += usize::from(filled && read.by != Reader::Generic);
            if let Some(found) = read.pointed[at] {
                self.pointed[at].0 += 1;
                self.pointed[at].1 += usize::from(found);
            }
        }
        if read.is_doubtful() {
            keep(&mut self.doubtful, place.clone());
        }
        self.agreements.extend(read.agreement);
        if let Some(lapse) = read.lapse {
            let key = (lapse.rule.clone(), lapse.how.name());
            let known = self.lapses.entry(key).or_insert_with(|| Lapses { first: lapse, times: 0, at: Vec::new() });
            known.times += 1;
            keep(&mut known.at, place);
        }
    }

    /// Listings that came, and listings that were asked for.
    #[must_use]
    pub fn listings(&self) -> (usize, usize) {
        (self.listings.iter().filter(|listing| listing.outcome.is_ok()).count(), self.listings.len())
    }

    /// Pages that gave an article, and pages that were asked for.
    #[must_use]
    pub fn articles(&self) -> (usize, usize) {
        (self.by.iter().sum(), self.tried)
    }

    /// Who read most of its pages; `None` where nothing was read.
    #[must_use]
    pub fn reader(&self) -> Option<Reader> {
        let readers = [Reader::Rules, Reader::Family, Reader::Generic].into_iter().rev();
        readers.max_by_key(|reader| self.by[*reader as usize]).filter(|reader| self.by[*reader as usize] > 0)
    }

    /// On how many of the pages read each of [`FIELDS`] holds something.
    #[must_use]
    pub fn filled(&self) -> [usize; FIELDS.len()] {
        self.filled
    }

    /// The middle one of its pages' F1, by which what rules kept is like what the reader without rules kept.
    #[must_use]
    pub fn agreement(&self) -> Option<f64> {
        let mut all: Vec<f64> = self.agreements.iter().map(|agreement| agreement.f1()).collect();
        all.sort_unstable_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    }
}

/// How often a rule failed in one way.
#[derive(Debug, Clone, PartialEq)]
struct Lapses {
    first: Lapse,
    times: usize,
    at: Vec<String>,
}

fn keep(places: &mut Vec<String>, place: String) {
    if places.len() < EXAMPLES {
        places.push(place);
    }
}

/// A paper and what was seen of it: a line of `baotinh check --json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The paper's id; `null` for pages that are no known paper's.
    pub site: Option<String>,
    /// What all of it comes to.
    pub verdict: Verdict,
    /// Listings that were asked for.
    pub listings: usize,
    /// Of these, those that came.
    pub listings_answered: usize,
    /// Articles that they name.
    pub articles_found: usize,
    /// Article pages that were asked for.
    pub pages: usize,
    /// Of these, those that gave an article.
    pub read: usize,
    /// Who read them, by name.
    #[serde(serialize_with = "by")]
    pub by: [usize; 3],
    /// How many of them hold each field, by the key of the record.
    #[serde(serialize_with = "filled")]
    pub filled: [usize; FIELDS.len()],
    /// Pages that gave no article, by name.
    pub missed: BTreeMap<&'static str, usize>,
    /// Pages and listings that did not come, by name.
    pub failed: BTreeMap<String, usize>,
    /// [`Checkup::agreement`], to the hundredth.
    pub agreement: Option<f64>,
    /// What does not fit, the worst first.
    pub problems: Vec<Problem>,
}

impl Summary {
    /// The line without its end.
    ///
    /// # Panics
    ///
    /// Never: it holds nothing that JSON cannot.
    #[must_use]
    pub fn line(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and lists are always JSON")
    }
}

fn by<S: Serializer>(counts: &[usize; 3], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map([Reader::Rules, Reader::Family, Reader::Generic].map(|reader| (reader.name(), counts[reader as usize])))
}

fn filled<S: Serializer>(counts: &[usize; FIELDS.len()], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(FIELDS.iter().zip(counts).map(|(field, count)| (record_key(*field), count)))
}

#[cfg(test)]
mod tests;
