//! For how long have a paper's listings answered and named nothing?
//!
//! A feed that is empty, a sitemap that is a page of maintenance, a section whose links no rule knows any more: each is a good answer,
//! and all of them together are a paper that nobody reads any more. One listing may always be so, as a front page without links; so the
//! paper as a whole is asked, and for longer than any of its listings is left alone.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::counted;

/// No listing is left alone for longer; in seconds. See `frontier::LONGEST_VISIT`.
const DAY: i64 = 24 * 60 * 60;

/// What is remembered of it from run to run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Silence {
    /// Whether any listing has ever named an article.
    named: bool,
    /// The first run since in which none did, in seconds of Unix time.
    since: Option<i64>,
    /// Answers since then.
    answers: u64,
}

impl Silence {
    /// Hears of a run in which so many listings answered, so many of them without naming anything. When that has lasted: what is amiss.
    pub(super) fn hear(&mut self, answered: u64, silent: u64, now: Timestamp) -> Option<String> {
        if silent < answered {
            *self = Self { named: true, ..Self::default() };
        } else if answered > 0 {
            self.answers += silent;
            self.since.get_or_insert(now.as_second());
        }
        let since = self.since.filter(|since| !self.named || now.as_second() - since >= DAY)?;
        let day = Timestamp::from_second(since).map(|since| format!(" since {}", since.strftime("%Y-%m-%d %H:%M UTC"))).unwrap_or_default();
        let answers = counted(self.answers, "answer");
        Some(format!("its listings name no article{day} ({answers}): see start_pages, feeds, sitemaps and article_address"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_770_000_000 + hours * 3600).expect("a moment")
    }

    #[test]
    fn a_new_paper_whose_listings_name_nothing_is_told_of_at_once() {
        let told = Silence::default().hear(3, 3, at(0)).expect("all are silent");
        assert_eq!(
            told,
            "its listings name no article since 2026-02-02 02:40 UTC (3 answers): see start_pages, feeds, sitemaps and article_address"
        );
        assert_eq!(Silence::default().hear(0, 0, at(0)), None, "nothing was asked");
    }

    #[test]
    fn one_that_named_some_may_be_silent_for_less_than_a_day_and_is_heard_until_it_names_some_again() {
        let mut silence = Silence::default();
        for (hours, answered, silent, is_told) in [
            (0, 4, 1, false),
            (1, 1, 1, false),
            (2, 4, 3, false),
            (3, 1, 1, false),
            (26, 2, 2, false),
            (27, 2, 2, true),
            (28, 0, 0, true),
            (29, 5, 4, false),
            (90, 5, 5, false),
        ] {
            assert_eq!(silence.hear(answered, silent, at(hours)).is_some(), is_told, "after {hours} h");
            let json = serde_json::to_vec(&silence).expect("JSON");
            silence = serde_json::from_slice(&json).expect("what was written down");
        }
    }
}
