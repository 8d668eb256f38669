//! Do a paper's pages still show what they used to?
//!
//! A [`History`] keeps what the pages of a paper's last runs showed, about [`REMEMBERED`] of them, and compares each run with it. A
//! paper drifts when a sign comes so seldom that it is neither chance nor the paper's usual ups and downs:
//!
//! * the newest pages, at least [`FEW`] in one run or in several together, show it less than half as often as those before them, of
//!   which there are at least [`ENOUGH`];
//! * so few do in no other stretch of so many pages that is remembered;
//! * and by chance alone it would happen once in ten million looks ([`CHANCE`]): none of 5 pages after 100 that all had it will do, or
//!   none of 9 after 20.
//!
//! One thing needs no such proof: a run in which the paper's rules read none of its articles, when others could (`fails_at_once`).
//!
//! What has drifted stays so from run to run, since its pages are not learnt as usual. It ends in one of three ways: the next pages speak
//! fifty to one for the sign's having come back ([`BACK`]); its rule is taken out of selectors.toml; or it has lasted for [`PATIENCE`]
//! and [`ACCEPTED`] pages, and is then the new usual. That the paper's own rules do not read it never becomes usual.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::chance;
use super::figures::{Share, Sign, Tally, median};
use super::silence::Silence;

/// So many pages are remembered of a paper; a long run may add some.
pub const REMEMBERED: u32 = 300;
/// Of fewer new pages nobody can say that they changed.
pub const FEW: u32 = 5;
/// Of fewer pages nobody knows what is usual.
pub const ENOUGH: u32 = 20;
/// So seldom may chance alone look like drift, at one look at one sign.
pub const CHANCE: f64 = 1e-7;
/// How much likelier the new pages must be if the sign has come back.
pub const BACK: f64 = 50.0;
/// After so long, and …
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// … so many pages, what has drifted is the new usual.
pub const ACCEPTED: u32 = 60;

/// Stretches of at least so many of the newest pages are looked at: a small change shows in a long one.
const STRETCHES: [u32; 4] = [FEW, 10, 20, 40];

/// What fewer pages than this showed is not worth missing.
const USUAL: f64 = 0.2;

/// The runs of so many of the newest pages are remembered one by one; older ones are put together to so many pages.
const SINGLE: u32 = 40;
const TOGETHER: u32 = 10;

/// Pages that the rules did not read are ordinary when so many in a row are likelier than this; when nothing at all on them fits the
/// rules, than that.
const ORDINARY: f64 = 0.01;
const ORDINARY_MAKE: f64 = 0.3;

/// What the pages of a paper showed, and what has drifted. It is written down as JSON between runs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    /// The oldest first. A sign that has drifted stands in none of the runs since.
    runs: VecDeque<Tally>,
    drifted: BTreeMap<Sign, Standing>,
    #[serde(default)]
    pub(super) silence: Silence,
}

/// What is known of a sign that has drifted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Standing {
    /// In seconds of Unix time.
    since: i64,
    usual: Share,
    /// When it was seen to have drifted.
    low: Share,
    /// Of the pages since.
    later: Share,
    /// That it has come back.
    evidence: f64,
    /// The usual length of a text, where lengths have drifted.
    yardstick: Option<u32>,
    rule: Option<String>,
    pages: Vec<String>,
}

/// A sign that comes less often than it used to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// Which.
    pub sign: Sign,
    /// When it was first seen to; RFC 3339, UTC, to the second.
    #[serde(serialize_with = "super::second")]
    pub since: Timestamp,
    /// How often it came before.
    pub usual: Share,
    /// How often since.
    pub now: Share,
    /// The words of half of the articles are more than this, usually; where lengths have drifted.
    pub usual_words: Option<u32>,
    /// The rule that is behind it, and how it failed where that is known.
    pub rule: Option<String>,
    /// A few pages that lack it.
    pub pages: Vec<String>,
    /// Whether it has lasted so long that it is the new usual from now on. Then nothing is amiss any more.
    pub accepted: bool,
}

impl History {
    /// Compares a run with those before it, and remembers it. `rule_of` tells the rule that a sign is of, if any is there; a sign of a
    /// rule that is gone is forgotten.
    ///
    /// All that has drifted is given, the weightiest first, also when that was long ago.
    pub fn judge(&mut self, run: &Tally, now: Timestamp, rule_of: impl Fn(Sign) -> Option<String>) -> Vec<Drift> {
        let mut remembered = Tally { signs: run.signs.clone(), words: run.words.clone(), ..Tally::default() };
        let accepted = self.follow(run, &mut remembered, now, &rule_of);
        if !remembered.is_empty() {
            self.runs.push_back(remembered);
            for sign in Sign::all() {
                if !self.drifted.contains_key(&sign) {
                    self.look(sign, run, now, &rule_of);
                }
            }
            self.put_together();
        }
        let standing = Sign::all().filter_map(|sign| self.drifted.get_key_value(&sign)).map(|(sign, standing)| standing.told(*sign, false));
        standing.chain(accepted).collect()
    }

    /// What drifted before: is it back, is it usual by now, or is it as it was? The run is remembered without what still drifts.
    fn follow(&mut self, run: &Tally, remembered: &mut Tally, now: Timestamp, rule_of: &impl Fn(Sign) -> Option<String>) -> Vec<Drift> {
        let mut accepted = Vec::new();
        for (sign, mut standing) in std::mem::take(&mut self.drifted) {
            let is_of_rule = matches!(sign, Sign::OwnRules | Sign::Rule(_) | Sign::Dropped(_));
            if is_of_rule && rule_of(sign).is_none() {
                continue;
            }
            let share = share(run, sign, standing.yardstick);
            standing.evidence = chance::evidence(standing.evidence, standing.usual, standing.low, share);
            if standing.evidence >= BACK.ln() {
                continue;
            }
            standing.later = standing.later.and(share);
            standing.name(sign, run);
            let all = standing.low.and(standing.later);
            if sign != Sign::OwnRules && now.as_second() - standing.since >= PATIENCE.as_secs() && all.of >= ACCEPTED {
                self.runs.iter_mut().for_each(|tally| forget(tally, sign));
                if standing.yardstick.is_none() {
                    remembered.signs.insert(sign, all);
                }
                accepted.push(standing.told(sign, true));
                continue;
            }
            forget(remembered, sign);
            self.drifted.insert(sign, standing);
        }
        accepted
    }

    /// Has this sign drifted in the newest pages?
    fn look(&mut self, sign: Sign, run: &Tally, now: Timestamp, rule_of: &impl Fn(Sign) -> Option<String>) {
        let fallen = if sign == Sign::OwnRules { self.fails_at_once(run) } else { None };
        let Some((from, usual, low, yardstick)) = fallen.or_else(|| self.fallen(sign)) else { return };
        self.runs.range_mut(from..).for_each(|tally| forget(tally, sign));
        let later = Share::default();
        let mut standing =
            Standing { since: now.as_second(), usual, low, later, evidence: 0.0, yardstick, rule: rule_of(sign), pages: Vec::new() };
        standing.name(sign, run);
        self.drifted.insert(sign, standing);
    }

    /// Did the paper's rules read none of this run's articles? Few pages tell little, unless nothing on them fits the rules or nothing
    /// better is known of the paper; a paper of which some pages are always of another make is given as many of them as are usual.
    fn fails_at_once(&self, run: &Tally) -> Option<(usize, Share, Share, Option<u32>)> {
        let low = run.share(Sign::OwnRules);
        if low.of == 0 || low.shown > 0 || run.lapses.is_empty() {
            return None;
        }
        let from = self.runs.len() - 1;
        let usual = self.runs.range(..from).map(|tally| tally.share(Sign::OwnRules)).fold(Share::default(), Share::and);
        if usual.of == 0 {
            // Nothing is known: rules are there to read nearly all.
            return Some((from, Share { shown: 19, of: 20 }, low, None));
        }
        let others = (f64::from(usual.of - usual.shown) + 0.5) / (f64::from(usual.of) + 1.0);
        let in_a_row = others.powf(f64::from(low.of));
        let of_another_make = run.lapses.iter().all(|(lapse, _)| lapse.is_alone());
        let is_ordinary = if of_another_make { in_a_row > ORDINARY_MAKE } else { low.of < 2 || in_a_row > ORDINARY };
        (!is_ordinary).then_some((from, usual, low, None))
    }

    /// The run from which on a sign has fallen; how often it came before and since; and the usual length, for signs of it.
    fn fallen(&self, sign: Sign) -> Option<(usize, Share, Share, Option<u32>)> {
        let is_of_length = matches!(sign, Sign::NotShort | Sign::NotLong);
        let pages = |tally: &Tally| if is_of_length { u32::try_from(tally.words.len()).unwrap_or(u32::MAX) } else { tally.share(sign).of };
        if self.runs.back().is_none_or(|newest| pages(newest) == 0) {
            return None;
        }
        let mut last = self.runs.len();
        for least in STRETCHES {
            let (mut from, mut newest) = (self.runs.len(), 0);
            while from > 0 && newest < least {
                from -= 1;
                newest += pages(&self.runs[from]);
            }
            if newest < least {
                return None;
            }
            if std::mem::replace(&mut last, from) == from {
                continue;
            }
            let words = || self.runs.range(..from).flat_map(|tally| tally.words.iter().copied()).collect::<Vec<_>>();
            let yardstick = if is_of_length { median(&words()) } else { None };
            let shares: Vec<Share> = self.runs.iter().map(|tally| share(tally, sign, yardstick)).collect();
            let (before, since) = shares.split_at(from);
            let sum = |shares: &[Share]| shares.iter().copied().fold(Share::default(), Share::and);
            if is_fall(before, sum(before), sum(since)) {
                return Some((from, sum(before), sum(since), yardstick));
            }
        }
        None
    }

    /// Puts old small runs together, and forgets the oldest.
    fn put_together(&mut self) {
        let mut newest = 0;
        let is_new = |tally: &&Tally| {
            newest += tally.pages();
            newest < SINGLE
        };
        let (mut at, mut old) = (0, self.runs.len() - self.runs.iter().rev().take_while(is_new).count());
        while at + 1 < old {
            if self.runs[at].pages() >= TOGETHER {
                at += 1;
            } else if let Some(later) = self.runs.remove(at + 1) {
                self.runs[at].merge(later);
                old -= 1;
            }
        }
        let mut all: u32 = self.runs.iter().map(Tally::pages).sum();
        while self.runs.len() > 1 && all - self.runs[0].pages() >= REMEMBERED {
            all -= self.runs[0].pages();
            self.runs.pop_front();
        }
    }
}

/// Is this a fall that neither chance nor the ups and downs of `stretches` explain?
fn is_fall(stretches: &[Share], before: Share, now: Share) -> bool {
    before.of >= ENOUGH
        && before.value() >= USUAL
        && now.value() * 2.0 < before.value()
        && lowest(stretches, now.of) > now.value()
        && chance::of_fall(before, now) <= CHANCE
}

/// The lowest share in any stretch of at least so many pages.
fn lowest(shares: &[Share], pages: u32) -> f64 {
    let mut lowest = f64::INFINITY;
    for first in 0..shares.len() {
        let mut sum = Share::default();
        for share in &shares[first..] {
            sum = sum.and(*share);
            if sum.of >= pages {
                lowest = lowest.min(sum.value());
                break;
            }
        }
    }
    lowest
}

/// The share of a sign in a tally; of one of length, measured by this usual length.
fn share(tally: &Tally, sign: Sign, yardstick: Option<u32>) -> Share {
    let of = u32::try_from(tally.words.len()).unwrap_or(u32::MAX);
    let count = |fits: &dyn Fn(u32) -> bool| u32::try_from(tally.words.iter().filter(|words| fits(**words)).count()).unwrap_or(u32::MAX);
    match (sign, yardstick) {
        (Sign::NotShort, Some(usual)) => Share { shown: count(&|words| words.saturating_mul(2) >= usual), of },
        (Sign::NotLong, Some(usual)) => Share { shown: count(&|words| words / 2 <= usual), of },
        _ => tally.share(sign),
    }
}

fn forget(tally: &mut Tally, sign: Sign) {
    match sign {
        Sign::NotShort | Sign::NotLong => tally.words.clear(),
        _ => drop(tally.signs.remove(&sign)),
    }
}

impl Standing {
    /// Learns what the run says of the rule and of the pages.
    fn name(&mut self, sign: Sign, run: &Tally) {
        if let Some(pages) = run.lacking.get(&sign).filter(|pages| !pages.is_empty()) {
            self.pages.clone_from(pages);
        }
        if let Some((lapse, _)) = run.lapses.iter().max_by_key(|(_, pages)| *pages).filter(|_| sign == Sign::OwnRules) {
            self.rule = Some(lapse.to_string());
        }
    }

    fn told(&self, sign: Sign, accepted: bool) -> Drift {
        Drift {
            sign,
            since: Timestamp::from_second(self.since).unwrap_or(Timestamp::UNIX_EPOCH),
            usual: self.usual,
            now: self.low.and(self.later),
            usual_words: self.yardstick,
            rule: self.rule.clone(),
            pages: self.pages.clone(),
            accepted,
        }
    }
}

/// What is amiss, for whoever is to mend it: `families.epi.take.body (line 47) finds nothing on the page, on 3 of 3 pages since …`.
impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sign, now, usual, .. } = self;
        let rule = self.rule.as_deref();
        let day = self.since.strftime("%Y-%m-%d %H:%M UTC");
        let often = format!("{} of {} pages since {day}, usually {:.0} %", now.shown, now.of, usual.value() * 100.0);
        match sign {
            Sign::OwnRules => {
                let lacking = now.of - now.shown;
                write!(
                    f,
                    "{}: so on {lacking} of {} pages since {day}, read without it",
                    rule.unwrap_or("its rules find no article"),
                    now.of
                )?;
            }
            Sign::Rule(field) => write!(f, "{} finds the {} on {often}", rule.unwrap_or("its rule"), field.name())?,
            Sign::Filled(field) => write!(f, "{} on {often}{}", field.name(), behind(rule))?,
            Sign::Captioned => write!(f, "pictures have captions on {often}: these may stand in the text now")?,
            Sign::Dropped(reason) => {
                let said = reason.name();
                write!(f, "{} drops {said} on {often}: their markup may be new, and {said} stand in the text", rule.unwrap_or("its rule"))?;
            }
            Sign::NotShort | Sign::NotLong => {
                let (how, length) =
                    (if *sign == Sign::NotShort { "less than half" } else { "more than twice" }, self.usual_words.unwrap_or(0));
                let odd = now.of - now.shown;
                write!(f, "texts have {how} of their usual {length} words on {odd} of {} pages since {day}", now.of)?;
            }
        }
        if let Some((first, more)) = self.pages.split_first() {
            write!(f, ", such as {first}")?;
            more.iter().try_for_each(|page| write!(f, " {page}"))?;
        }
        Ok(())
    }
}

fn behind(rule: Option<&str>) -> String {
    rule.map(|rule| format!(" ({rule})")).unwrap_or_default()
}

#[cfg(test)]
mod tests;
