//! What did a run do, paper by paper, and is each paper well?
//!
//! A lane tells what happened ([`Happened`]), the report counts it, and judges: a paper whose listings answered but whose articles did
//! not, or that lost most of its pages, is unwell, and the run needs a look. So is one whose pages have drifted away from its rules.
//!
//! * [`figures`]: what the articles of a run show of the rules that read them
//! * [`drift`]: whether they still show what they used to

mod chance;
pub mod drift;
pub mod figures;
mod happened;
mod silence;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use self::drift::{Drift, History};
use self::figures::{Figures, Sign, Tally, median};
pub use self::happened::{Happened, Listed, Subject};
use crate::paper::{Field, Paper, Reason, Rulebook};

/// The version of a line of `runs.jsonl`, its first key.
pub const SCHEMA: u32 = 1;

/// Of fewer pages nobody can say that most were lost.
const FEW: u64 = 4;

/// One run: a line of `runs.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The version of this program.
    pub version: &'static str,
    /// When it began; RFC 3339, UTC, to the second.
    #[serde(serialize_with = "second")]
    pub started: Timestamp,
    /// How long it took.
    pub seconds: f64,
    /// Why it ended.
    pub ended: Ended,
    /// The papers, in the order of selectors.toml.
    pub sites: Vec<PaperReport>,
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Nothing more was due.
    Done,
    /// Its time was up.
    TimeUp,
    /// Somebody asked it to stop.
    Stopped,
}

/// What one paper gave.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PaperReport {
    /// Its id in selectors.toml.
    pub site: String,
    /// Listings (feeds, sitemaps, section and front pages) that answered, those that had not changed included.
    pub listings: u64,
    /// Of these, those that named nothing: no article, no further listing.
    pub silent: u64,
    /// Articles that its listings named.
    pub listed: u64,
    /// Of these, those that nobody had seen before.
    pub new: u64,
    /// Articles written for the first time.
    pub written: u64,
    /// Articles written again, since the paper changed them.
    pub updated: u64,
    /// Articles looked at again that say what they said.
    pub unchanged: u64,
    /// Addresses that turned out to be another spelling of a known article.
    pub moved: u64,
    /// Addresses with nothing behind them any more (404, 410).
    pub gone: u64,
    /// Pages that gave no article, by name.
    pub missed: BTreeMap<&'static str, u64>,
    /// Pages that did not come and are still missing, by name.
    pub failed: BTreeMap<Cow<'static, str>, u64>,
    /// Listings that did not come and are still missing, by name.
    pub listings_failed: BTreeMap<Cow<'static, str>, u64>,
    /// Addresses that were not asked for: `robots`, `robots_listing`, `private`, `date`.
    pub refused: BTreeMap<&'static str, u64>,
    /// Articles that a dry run would ask for.
    pub wanted: u64,
    /// Limits that left something out, by name.
    pub bounds: BTreeMap<&'static str, u64>,
    /// Entries of its listings on its own hosts that have not the form of its articles.
    pub passed_over: u64,
    /// Elements stepped over in its articles, by reason.
    pub dropped: BTreeMap<&'static str, u64>,
    /// Article pages by who read them: `rules`, `family`, `generic`. Those that say what they said count, too.
    pub read: BTreeMap<&'static str, u64>,
    /// Rules that failed on a page that others could read, by their key in selectors.toml.
    pub lapses: BTreeMap<String, u64>,
    /// Of the articles written for the first time, how many have each field: `lead`, `author`, `tags` …
    pub filled: BTreeMap<&'static str, u64>,
    /// Half of them have more words than this.
    pub words: Option<u32>,
    /// What its pages show less often than they used to. Filled in at the end.
    pub drift: Vec<Drift>,
    /// That its listings have long named nothing, in words. Filled in at the end.
    #[serde(skip)]
    pub silence: Option<String>,
    /// What its pages showed, to be compared with other runs.
    #[serde(skip)]
    pub tally: Tally,
    /// Requests of every kind.
    pub requests: u64,
    /// Bytes of bodies, content encodings undone.
    pub bytes: u64,
    /// Requests a second that its host was allowed at the end.
    pub pace: f64,
    /// From its first request to its last settled address.
    pub seconds: f64,
    /// Addresses that wait, for this run or a later one.
    pub queued: u64,
    /// Why it was left alone before all was done, in words.
    pub left_alone: Option<String>,
    /// What is amiss with it, in words; `null` for a paper that is well. Filled in at the end.
    pub unwell: Option<String>,
}

impl PaperReport {
    /// A paper of which nothing is known yet.
    #[must_use]
    pub fn new(site: &str) -> Self {
        Self { site: site.to_owned(), ..Self::default() }
    }

    /// Counts what happened.
    pub fn count(&mut self, happened: Happened) {
        match happened {
            Happened::Asked => self.requests += 1,
            Happened::Answered(bytes) => self.bytes += bytes,
            Happened::Listed(listed) => {
                self.listings += 1;
                self.silent += u64::from(listed.is_silent);
                self.listed += listed.articles;
                self.new += listed.new;
                self.passed_over += listed.passed_over;
                for (bound, times) in listed.bounds {
                    *self.bounds.entry(bound).or_default() += times;
                }
            }
            Happened::Written { revision, dropped } => {
                *(if revision == 1 { &mut self.written } else { &mut self.updated }) += 1;
                for (reason, times) in Reason::ALL.into_iter().zip(dropped).filter(|(_, times)| *times > 0) {
                    *self.dropped.entry(reason.name()).or_default() += u64::from(times);
                }
            }
            Happened::Read { page, at } => self.count_page(&page, at),
            Happened::Unchanged => self.unchanged += 1,
            Happened::Missed(miss) => *self.missed.entry(miss.name()).or_default() += 1,
            Happened::Moved => self.moved += 1,
            Happened::Gone => self.gone += 1,
            Happened::Failed(of, name) => *self.failures(of).entry(name).or_default() += 1,
            Happened::Recovered(of, name) => {
                let failures = self.failures(of);
                if let Some(times) = failures.get_mut(&name) {
                    *times -= 1;
                    if *times == 0 {
                        failures.remove(&name);
                    }
                }
            }
            Happened::Refused(why) => *self.refused.entry(why).or_default() += 1,
            Happened::Wanted => self.wanted += 1,
            Happened::Queued(waiting) => self.queued = waiting,
            Happened::Pace(pace) => self.pace = pace,
            Happened::LeftAlone(why) => self.left_alone = Some(why),
            Happened::Finished => {}
        }
    }

    fn count_page(&mut self, page: &Figures, at: Timestamp) {
        *self.read.entry(page.by.name()).or_default() += 1;
        if let Some(lapse) = &page.lapse {
            *self.lapses.entry(lapse.rule.clone()).or_default() += 1;
        }
        if page.is_first {
            for field in page.filled() {
                *self.filled.entry(field.name()).or_default() += 1;
            }
        }
        self.tally.add(page, at);
    }

    /// Compares its listings and pages with those of its last runs, which then know them, too.
    pub fn compare(&mut self, history: &mut History, book: &Rulebook, ended: Ended, now: Timestamp) {
        let paper = book.paper(&self.site);
        // Of one that was left alone, or cut short, not all listings were heard.
        if self.left_alone.is_none() && ended == Ended::Done {
            self.silence = history.silence.hear(self.listings, self.silent, now);
        }
        self.drift = history.judge(&self.tally, now, |sign| rule_of(sign, paper?, book));
    }

    fn failures(&mut self, of: Subject) -> &mut BTreeMap<Cow<'static, str>, u64> {
        match of {
            Subject::Article => &mut self.failed,
            Subject::Listing => &mut self.listings_failed,
        }
    }

    /// Article pages that were looked at and settled, well or not.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.good() + self.gone + sum(&self.missed)
    }

    /// Article pages and listings that did not come.
    #[must_use]
    pub fn lost(&self) -> u64 {
        sum(&self.failed) + sum(&self.listings_failed)
    }

    fn good(&self) -> u64 {
        self.written + self.updated + self.unchanged + self.moved
    }

    /// What is amiss with the paper, in words, and what to do; `None` when it is well.
    #[must_use]
    pub fn amiss(&self) -> Option<String> {
        let drifted = self.drifted();
        match (self.astray(), drifted) {
            (Some(astray), Some(drifted)) => Some(format!("{astray}; {drifted}")),
            (astray, drifted) => astray.or(drifted),
        }
    }

    /// How its pages have drifted away from its rules. What is only the consequence of something else is left out.
    fn drifted(&self) -> Option<String> {
        let drifts: Vec<&Drift> = self.drift.iter().filter(|drift| !drift.accepted).collect();
        let fields_of_rules: Vec<_> = drifts.iter().filter(|d| matches!(d.sign, Sign::Rule(_))).filter_map(|d| d.sign.field()).collect();
        let is_consequence = |drift: &&&Drift| match drift.sign {
            Sign::OwnRules => false,
            Sign::Filled(field) if fields_of_rules.contains(&field) => true,
            _ => drifts.iter().any(|other| other.sign == Sign::OwnRules),
        };
        let told: Vec<String> = drifts.iter().filter(|drift| !is_consequence(drift)).map(ToString::to_string).collect();
        let (first, more) = told.split_first()?;
        let more = if more.is_empty() { String::new() } else { format!("; and {} more: see runs.jsonl", more.len()) };
        Some(format!("{first}{more}; look with `baotinh check --live {}`", self.site))
    }

    /// What of its listings and pages was lost in this run.
    fn astray(&self) -> Option<String> {
        if let Some(why) = &self.left_alone {
            return Some(why.clone());
        }
        let lost_listings = sum(&self.listings_failed);
        if lost_listings > 0 && self.listings == 0 {
            return Some(format!("none of its {} answered ({})", counted(lost_listings, "listing"), names(&self.listings_failed)));
        }
        if self.listings == 0 && lost_listings == 0 && self.refused.contains_key("robots_listing") {
            return Some("its robots.txt allows us none of its listings".to_owned());
        }
        let lost = self.gone + sum(&self.missed) + sum(&self.failed);
        if self.silence.is_some() {
            return self.silence.clone();
        }
        if lost > 0 && self.good() == 0 && (self.listings > 0 || lost >= FEW) {
            return Some(format!("its listings answered, but none of {} gave an article ({})", counted(lost, "page"), self.losses()));
        }
        if lost >= FEW && lost > self.good() {
            return Some(format!("{lost} of {} gave no article ({})", counted(lost + self.good(), "page"), self.losses()));
        }
        if lost_listings >= FEW && lost_listings > self.listings {
            let all = counted(lost_listings + self.listings, "listing");
            return Some(format!("{lost_listings} of {all} did not answer ({})", names(&self.listings_failed)));
        }
        if self.passed_over >= FEW && self.passed_over / 10 > self.listed {
            let all = self.passed_over + self.listed;
            return Some(format!(
                "{} of {all} entries of its listings have not the form of its articles: see article_address",
                self.passed_over
            ));
        }
        None
    }

    /// `no_body 3, http_404 2`, the most frequent first.
    fn losses(&self) -> String {
        let mut all: BTreeMap<Cow<'static, str>, u64> = self.failed.clone();
        all.extend(self.missed.iter().map(|(name, times)| (Cow::Borrowed(*name), *times)));
        if self.gone > 0 {
            all.insert("gone".into(), self.gone);
        }
        names(&all)
    }
}

impl Report {
    /// A run that begins now with these papers.
    #[must_use]
    pub fn new<'a>(started: Timestamp, sites: impl IntoIterator<Item = &'a str>) -> Self {
        let sites = sites.into_iter().map(PaperReport::new).collect();
        Self { schema: SCHEMA, version: env!("CARGO_PKG_VERSION"), started, seconds: 0.0, ended: Ended::Done, sites }
    }

    /// Ends the run: judges each paper.
    pub fn end(&mut self, ended: Ended, seconds: f64) {
        (self.ended, self.seconds) = (ended, seconds);
        for site in &mut self.sites {
            site.words = median(&site.tally.words);
            site.unwell = site.amiss();
        }
    }

    /// The papers that need a look.
    pub fn unwell(&self) -> impl Iterator<Item = (&PaperReport, &str)> {
        self.sites.iter().filter_map(|site| Some((site, site.unwell.as_deref()?)))
    }

    /// The run as its one line, without the line's end.
    ///
    /// # Panics
    ///
    /// Never: a report holds nothing that JSON cannot.
    #[must_use]
    pub fn line(&self) -> String {
        serde_json::to_string(self).expect("strings, finite numbers and lists are always JSON")
    }
}

/// Does selectors.toml say how the pages of this paper are read?
#[must_use]
pub fn has_rules(paper: &Paper) -> bool {
    paper.family.is_some() || !paper.rules.take[Field::Body].is_empty()
}

/// The rule that a sign is of, with its line: `families.epi.take.author (line 50)`; `None` when there is none.
fn rule_of(sign: Sign, paper: &Paper, book: &Rulebook) -> Option<String> {
    let family = paper.family.as_deref().and_then(|id| book.family(id));
    let key = match sign {
        Sign::Dropped(reason) => format!("drop.{}", reason.name()),
        Sign::OwnRules => "take.body".to_owned(),
        Sign::Rule(field) | Sign::Filled(field) => format!("take.{}", field.name()),
        Sign::Captioned | Sign::NotShort | Sign::NotLong => return None,
    };
    let tables = [format!("papers.{}", paper.id), format!("families.{}", family.map_or("", |family| family.id()))];
    let rule = tables.into_iter().map(|table| format!("{table}.{key}")).find_map(|rule| Some((book.line(&rule)?, rule)));
    rule.map(|(line, rule)| format!("{rule} (line {line})"))
}

fn second<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    let second = Timestamp::from_second(at.as_second()).unwrap_or(*at);
    serializer.collect_str(&second)
}

fn sum<K>(counts: &BTreeMap<K, u64>) -> u64 {
    counts.values().sum()
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn names(counts: &BTreeMap<Cow<'static, str>, u64>) -> String {
    let mut rows: Vec<_> = counts.iter().collect();
    rows.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
    let mut said = String::new();
    for (name, times) in rows {
        let _ = write!(said, "{}{name} {times}", if said.is_empty() { "" } else { ", " });
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Miss;
    use crate::extract::Dropped;

    fn after(happened: impl IntoIterator<Item = Happened>) -> PaperReport {
        let mut report = PaperReport::new("baomau");
        for happened in happened {
            report.count(happened);
        }
        report
    }

    fn listing(articles: u64, passed_over: u64) -> Happened {
        Happened::Listed(Listed { is_silent: articles == 0, articles, new: articles, passed_over, ..Listed::default() })
    }

    fn times(n: usize, happened: &Happened) -> Vec<Happened> {
        vec![happened.clone(); n]
    }

    #[test]
    fn a_paper_is_unwell_when_it_lost_most_and_each_time_says_why() {
        let written = Happened::Written { revision: 1, dropped: Dropped::default() };
        let timeout = Happened::Failed(Subject::Article, "timeout".into());
        let no_feed = Happened::Failed(Subject::Listing, "http_500".into());
        let rows = [
            (vec![], None),
            (vec![listing(0, 0)], None),
            ([vec![listing(2, 0)], times(2, &written)].concat(), None),
            ([times(7, &written), times(3, &timeout), times(2, &Happened::Missed(Miss::TooShort))].concat(), None),
            (vec![Happened::Unchanged, Happened::Gone], None),
            (times(3, &no_feed), Some("none of its 3 listings answered (http_500 3)")),
            (
                [vec![listing(1, 0)], times(1, &Happened::Missed(Miss::NoBody))].concat(),
                Some("its listings answered, but none of 1 page gave an article (no_body 1)"),
            ),
            (
                [times(2, &written), times(3, &timeout), times(4, &Happened::Missed(Miss::NoBody))].concat(),
                Some("7 of 9 pages gave no article (no_body 4, timeout 3)"),
            ),
            ([vec![listing(0, 0)], times(4, &no_feed)].concat(), Some("4 of 5 listings did not answer (http_500 4)")),
            (vec![listing(1, 50)], Some("50 of 51 entries of its listings have not the form of its articles: see article_address")),
            (vec![Happened::Refused("robots_listing")], Some("its robots.txt allows us none of its listings")),
            (vec![Happened::Refused("robots_listing"), listing(0, 0)], None),
            (vec![Happened::Refused("robots")], None),
            (vec![Happened::LeftAlone("left alone for 5 min".to_owned())], Some("left alone for 5 min")),
        ];
        for (happened, expected) in rows {
            assert_eq!(after(happened.clone()).amiss().as_deref(), expected, "{happened:?}");
        }
    }

    const RULES: &str = "[families.mau]\ntake.title = \"h1\"\ntake.author = \".ten\"\ntake.body = \".bai\"\n\
        [papers.baomau]\nname = \"Báo Mẫu\"\nhosts = [\"baomau.vn\"]\nfamily = \"mau\"\ntake.tags = \".tu-khoa\"\n";

    /// What an hour at the paper tells: so many pages, and which rules found something on them.
    fn hour(history: &mut History, at: i64, pages: u32, shown: &[(Sign, bool)]) -> PaperReport {
        let book = Rulebook::read(RULES, "t.toml").expect("sound rules");
        let mut report = PaperReport::new("baomau");
        let share = |is_shown: bool| figures::Share { shown: if is_shown { pages } else { 0 }, of: pages };
        report.tally.signs = shown.iter().map(|(sign, is_shown)| (*sign, share(*is_shown))).collect();
        report.compare(history, &book, Ended::Done, Timestamp::from_second(1_770_000_000 + at * 3600).expect("a moment"));
        report
    }

    #[test]
    fn a_paper_that_drifted_is_unwell_for_its_rule_and_not_for_the_consequences() {
        let signs = |author: bool, tags: bool| {
            let author = [Sign::Rule(Field::Author), Sign::Filled(Field::Author)].map(|sign| (sign, author));
            [author.as_slice(), &[(Sign::Filled(Field::Tags), tags), (Sign::OwnRules, true)]].concat()
        };
        let mut history = History::default();
        for at in 0..12 {
            assert_eq!(hour(&mut history, at, 8, &signs(true, true)).amiss(), None);
        }
        let author = "families.mau.take.author (line 3) finds the author on 0 of 6 pages since 2026-02-02 14:40 UTC, usually 100 %";
        let look = "look with `baotinh check --live baomau`";
        assert_eq!(hour(&mut history.clone(), 12, 6, &signs(false, true)).amiss(), Some(format!("{author}; {look}")));
        let both = hour(&mut history, 12, 6, &signs(false, false));
        assert_eq!(
            both.drift.iter().map(|drift| drift.sign.to_string()).collect::<Vec<_>>(),
            ["rule.author", "filled.author", "filled.tags"]
        );
        assert_eq!(both.drift[2].rule.as_deref(), Some("papers.baomau.take.tags (line 9)"));
        assert_eq!(both.amiss(), Some(format!("{author}; and 1 more: see runs.jsonl; {look}")));
    }

    #[test]
    fn what_came_in_the_end_is_not_lost() {
        let failed = |name: &'static str| Happened::Failed(Subject::Article, name.into());
        let report = after([failed("timeout"), Happened::Recovered(Subject::Article, "timeout".into()), failed("http_500")]);
        assert_eq!(report.failed, BTreeMap::from([("http_500".into(), 1)]));
    }

    #[test]
    fn a_run_is_one_line_of_json() {
        let mut report = Report::new("2026-01-05T00:00:07.5Z".parse().expect("a time"), ["a", "b"]);
        report.sites[1].count(Happened::Written { revision: 2, dropped: [3, 0, 0, 1, 0, 0] });
        report.sites[1].count(Happened::Failed(Subject::Article, "http_503".into()));
        report.end(Ended::TimeUp, 1.5);
        let line = report.line();
        assert!(!line.contains('\n'));
        let read: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!((&read["schema"], &read["started"], &read["ended"]), (&1.into(), &"2026-01-05T00:00:07Z".into(), &"time_up".into()));
        let site = &read["sites"][1];
        assert_eq!((&site["site"], &site["updated"], &site["failed"]["http_503"]), (&"b".into(), &1.into(), &1.into()));
        assert_eq!(site["dropped"], serde_json::json!({"captions": 3, "ads": 1}));
    }
}
