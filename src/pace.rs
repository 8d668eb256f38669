//! When may we knock at this host again?
//!
//! A [`Pace`] belongs to one host and is asked before each request, whatever for. governor judges, with a burst of one; the clock
//! it judges by is tokio's, so that a test with a paused clock sees an hour go by in no time.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use jiff::Timestamp;
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;
use tokio::time::{Instant, sleep_until};

use crate::limits::RETRY_AFTER;

/// The gap between two requests to a host that says nothing else: one second.
pub const GAP: Duration = Duration::from_secs(1);

/// By how much the gap is stretched, in thousandths: what leaves us evenly arrives a little unevenly, and no window of the
/// server's clock may hold one too many. Half of it pays for our own late wakings (see [`Pace::try_turn`]), half for the network's.
const MARGIN: u32 = 5;

/// A host in trouble is given twice the room each time, up to this many doublings …
const MOST_STRAIN: u32 = 5;

/// … and no gap grows beyond this by strain alone.
const LONGEST_STRAINED: Duration = Duration::from_secs(60);

/// After so many good answers in a row one doubling is taken back.
const GOOD_ANSWERS: u32 = 10;

/// How a request ended, as far as the host's strength can be read from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It answered, this long after it was asked. A 404 is an answer.
    Answered(Duration),
    /// It is in trouble: 429, 5xx, a timeout, a reset, no connection, a body cut short.
    Strained,
}

/// One host's pace.
#[derive(Debug)]
pub struct Pace {
    ours: Duration,
    crawl_delay: Duration,
    /// How often the gap is doubled.
    strain: u32,
    /// When it was last doubled; requests that were under way then do not double it again.
    strained: Option<Instant>,
    /// Good answers since.
    good: u32,
    /// The smoothed time to an answer, as TCP smooths it: an eighth of each new one.
    usual: Option<Duration>,
    /// Nobody knocks before (`Retry-After`).
    hold: Option<Instant>,
    /// When the last turn was taken, in governor's eyes.
    last: Option<Instant>,
    /// When the turn that somebody waits for comes.
    due: Option<Instant>,
    clock: JudgedClock,
    /// For the gap beside it.
    limiter: Option<(Duration, Limiter)>,
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, JudgedClock, NoOpMiddleware<Nanos>>;

/// The moment that governor is to judge: tokio's now, or, after a late waking, the moment at which the turn was due.
#[derive(Debug, Clone)]
struct JudgedClock {
    origin: Instant,
    judged: Arc<AtomicU64>,
}

impl JudgedClock {
    fn set(&self, moment: Instant) {
        let nanos = moment.saturating_duration_since(self.origin).as_nanos();
        self.judged.store(u64::try_from(nanos).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Clock for JudgedClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.judged.load(Ordering::Relaxed).into()
    }
}

impl Pace {
    /// A host that may be asked once each `ours`. Zero is no pace at all.
    #[must_use]
    pub fn new(ours: Duration) -> Self {
        Self {
            ours,
            crawl_delay: Duration::ZERO,
            strain: 0,
            strained: None,
            good: 0,
            usual: None,
            hold: None,
            last: None,
            due: None,
            clock: JudgedClock { origin: Instant::now(), judged: Arc::default() },
            limiter: None,
        }
    }

    /// Waits for the turn and takes it. Dropped while waiting, it takes none. Whoever asks from several tasks puts a
    /// [`tokio::sync::Mutex`] before it, and they come in the order of asking.
    pub async fn turn(&mut self) {
        while let Err(due) = self.try_turn() {
            sleep_until(due).await;
        }
    }

    /// Takes the turn if it has come.
    ///
    /// A turn taken late counts from when it was due, up to half the margin: timers wake a millisecond late, and a pace that
    /// added these up would never be reached. So `n` gaps in a row may be shorter than `n` times the gap by half the margin of a
    /// second (or of one gap, if that is longer), and never by more.
    ///
    /// # Errors
    ///
    /// When it has not come: the moment at which it will, as things stand.
    pub fn try_turn(&mut self) -> Result<(), Instant> {
        let now = Instant::now();
        let gap = self.gap();
        let slack = gap.max(Duration::from_secs(1)) * MARGIN / 2000;
        // A turn that nobody waited for is due when it is taken.
        let waited_for = self.due.filter(|due| *due <= now);
        let judged = waited_for.map_or(now, |due| due.max(now.checked_sub(slack).unwrap_or(now)));
        let asked = match self.hold.filter(|hold| *hold > now) {
            Some(hold) => Err(hold),
            None => self.ask_governor(gap, judged),
        };
        self.due = asked.err();
        if asked.is_ok() {
            self.last = Some(judged);
        }
        asked
    }

    /// The gap now: ours or the host's `Crawl-delay`, whichever is longer; doubled while the host is strained; and never shorter
    /// than half the time it usually takes to answer, so that on average at most two of our requests are open at it.
    #[must_use]
    pub fn gap(&self) -> Duration {
        let asked = self.ours.max(self.crawl_delay);
        let strained = asked.saturating_mul(1 << self.strain).min(asked.max(LONGEST_STRAINED));
        let gap = strained.max(self.usual.unwrap_or_default() / 2);
        gap + gap * MARGIN / 1000
    }

    /// Obeys a robots.txt: it may slow us, never hasten us.
    pub fn obey_crawl_delay(&mut self, delay: Duration) {
        self.crawl_delay = delay;
    }

    /// Obeys a `Retry-After`: nobody knocks for so long, at most [`RETRY_AFTER`]. An earlier, longer one stays.
    pub fn hold_for(&mut self, asked: Duration) {
        if asked > RETRY_AFTER {
            tracing::warn!(asked_s = asked.as_secs(), "a Retry-After of more than a day is taken as a day");
        }
        self.hold = self.hold.max(Some(Instant::now() + asked.min(RETRY_AFTER)));
    }

    /// Learns from how a request ended.
    pub fn note(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Answered(took) => {
                self.usual = Some(self.usual.map_or(took, |usual| (usual * 7 + took) / 8));
                self.good += 1;
                if self.good >= GOOD_ANSWERS {
                    self.good = 0;
                    self.strain = self.strain.saturating_sub(1);
                }
            }
            Outcome::Strained => {
                self.good = 0;
                let now = Instant::now();
                if self.strained.is_none_or(|at| now - at >= self.gap()) && self.strain < MOST_STRAIN {
                    self.strain += 1;
                    self.strained = Some(now);
                }
            }
        }
    }

    /// Lets governor judge this moment. A limiter for another gap begins with the last turn, so that a change of pace gives
    /// nothing away.
    fn ask_governor(&mut self, gap: Duration, judged: Instant) -> Result<(), Instant> {
        let Some(quota) = Quota::with_period(gap) else {
            return Ok(());
        };
        if self.limiter.as_ref().is_none_or(|(of, _)| *of != gap) {
            let limiter = RateLimiter::direct_with_clock(quota.allow_burst(NonZeroU32::MIN), self.clock.clone());
            if let Some(last) = self.last {
                self.clock.set(last);
                // The first turn of a new limiter is always granted.
                let _ = limiter.check();
            }
            self.limiter = Some((gap, limiter));
        }
        self.clock.set(judged);
        let Some((_, limiter)) = &self.limiter else {
            return Ok(());
        };
        limiter.check().map_err(|not_until| {
            let due: u64 = not_until.earliest_possible().into();
            self.clock.origin + Duration::from_nanos(due)
        })
    }
}

/// A host that has failed over and over is left alone for a while; then one request asks whether it is well again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Breaker {
    failures: u32,
    rests: u32,
}

impl Breaker {
    /// So many failures in a row are a host that is down, not a page that is broken.
    pub const FAILURES: u32 = 10;
    /// The first rest; each further one is twice as long …
    pub const FIRST_REST: Duration = Duration::from_secs(5 * 60);
    /// … up to this.
    pub const LONGEST_REST: Duration = Duration::from_secs(6 * 60 * 60);

    /// As an earlier run left it, after so many rests in a row.
    #[must_use]
    pub fn after(rests: u32) -> Self {
        Self { failures: 0, rests }
    }

    /// The rests in a row so far.
    #[must_use]
    pub fn rests(&self) -> u32 {
        self.rests
    }

    /// It answered: all is forgotten.
    pub fn answered(&mut self) {
        *self = Self::default();
    }

    /// It failed. When it is to be left alone now: for how long. After a rest a single failure brings the next one.
    #[must_use]
    pub fn failed(&mut self) -> Option<Duration> {
        self.failures += 1;
        if self.rests == 0 && self.failures < Self::FAILURES {
            return None;
        }
        let rest = Self::FIRST_REST.saturating_mul(1 << self.rests.min(16)).min(Self::LONGEST_REST);
        self.rests += 1;
        Some(rest)
    }
}

/// The pause before the next try after `tries` failed ones (1 or more): anywhere between nothing and 1 s, 2 s, 4 s … 60 s, as
/// `chance` (from 0 up to 1) says. "Full jitter", since those who failed together should not come back together
/// (Brooker, *Exponential Backoff and Jitter*, 2015).
#[must_use]
pub fn pause(tries: u32, chance: f64) -> Duration {
    let longest = Duration::from_secs(1 << tries.saturating_sub(1).min(6)).min(Duration::from_secs(60));
    longest.mul_f64(chance.clamp(0.0, 1.0))
}

/// How long a `Retry-After` asks for: seconds, or a date in one of the three spellings of RFC 9110 §5.6.7. A date that has
/// passed asks for nothing. `None` when it can't be read.
#[must_use]
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let civil = |format| strtime::parse(format, value).ok()?.to_datetime().ok()?.to_zoned(TimeZone::UTC).ok();
    let date = rfc2822::parse(value).ok().or_else(|| civil("%A, %d-%b-%y %H:%M:%S GMT")).or_else(|| civil("%a %b %e %H:%M:%S %Y"))?;
    Some(Duration::try_from(date.timestamp().duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Runs on a clock that stands still until everybody waits.
    fn paused<T>(run: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime without sockets needs nothing")
            .block_on(run)
    }

    /// The most moments that any window of this length holds, both its ends counted.
    fn fullest(moments: &[Instant], window: Duration) -> usize {
        moments.iter().map(|first| moments.iter().filter(|at| *at >= first && **at - *first <= window).count()).max().unwrap_or(0)
    }

    #[test]
    fn the_first_turn_is_free_and_the_next_waits() {
        paused(async {
            let mut pace = Pace::new(GAP);
            let start = Instant::now();
            pace.turn().await;
            assert_eq!(start.elapsed(), Duration::ZERO);
            pace.turn().await;
            assert_eq!(start.elapsed(), Duration::from_millis(1005));
        });
    }

    #[test]
    fn an_idle_hour_saves_nothing_up() {
        paused(async {
            let mut pace = Pace::new(Duration::from_millis(200));
            pace.turn().await;
            tokio::time::sleep(Duration::from_secs(3600)).await;
            let mut turns = Vec::new();
            for _ in 0..20 {
                pace.turn().await;
                turns.push(Instant::now());
            }
            assert_eq!(fullest(&turns, Duration::from_secs(1)), 5);
        });
    }

    #[test]
    fn the_pace_is_kept_to_a_hundredth() {
        paused(async {
            let mut pace = Pace::new(Duration::from_millis(200));
            let start = Instant::now();
            let mut turns = 0;
            while start.elapsed() < Duration::from_secs(600) {
                pace.turn().await;
                turns += 1;
            }
            assert!((2980..=3001).contains(&turns), "{turns} of 3000");
        });
    }

    proptest! {
        /// Whatever the replies take, whoever asks late: no window of one or ten seconds holds more than it may.
        #[test]
        fn no_window_holds_too_many(
            gap in 20_u64..3000,
            late in proptest::collection::vec(0_u64..1500, 40..120),
            often in 0_usize..10,
        ) {
            let turns = paused(async {
                let mut pace = Pace::new(Duration::from_millis(gap));
                let mut turns = Vec::new();
                for (n, late) in late.iter().enumerate() {
                    pace.turn().await;
                    turns.push(Instant::now());
                    if often > 0 && n % often == 0 {
                        tokio::time::sleep(Duration::from_millis(*late)).await;
                    }
                }
                turns
            });
            for window in [1000, 10_000] {
                let allowed = usize::try_from(window / gap + u64::from(window % gap > 0)).expect("small");
                prop_assert!(fullest(&turns, Duration::from_millis(window)) <= allowed, "{gap} {window}");
            }
        }

        /// A waker that comes late makes no window too full either, when it is not later than any timer or much later.
        #[test]
        fn late_wakings_are_made_up_for_within_the_margin(late in proptest::collection::vec(0_u64..40, 100..200)) {
            let turns = paused(async {
                let mut pace = Pace::new(Duration::from_millis(200));
                let mut turns = Vec::new();
                for late in late {
                    while let Err(due) = pace.try_turn() {
                        sleep_until(due + Duration::from_millis(late)).await;
                    }
                    turns.push(Instant::now());
                }
                turns
            });
            prop_assert!(fullest(&turns, Duration::from_secs(1)) <= 5);
            prop_assert!(fullest(&turns, Duration::from_secs(10)) <= 50);
        }

        /// A change of pace on the way gives nothing away.
        #[test]
        fn a_changed_pace_remembers_the_last_turn(changes in proptest::collection::vec(0_u32..4, 20..60)) {
            paused(async {
                let mut pace = Pace::new(GAP);
                let mut last: Option<Instant> = None;
                for change in changes {
                    match change {
                        0 => pace.note(Outcome::Strained),
                        1 => pace.note(Outcome::Answered(Duration::from_secs(4))),
                        2 => pace.note(Outcome::Answered(Duration::ZERO)),
                        _ => pace.obey_crawl_delay(Duration::from_secs(2)),
                    }
                    pace.turn().await;
                    if let Some(last) = last {
                        assert!(last.elapsed() >= GAP);
                    }
                    last = Some(Instant::now());
                }
            });
        }

        #[test]
        fn a_pause_is_never_longer_than_its_bound(tries in 0_u32..100, chance in -1.0_f64..2.0) {
            prop_assert!(pause(tries, chance) <= Duration::from_secs(60));
        }
    }

    #[test]
    fn a_crawl_delay_slows_and_never_hastens() {
        paused(async {
            for (ours, delay, gap) in [(1, 10, 10_050), (5, 2, 5_025), (0, 3, 3_015)] {
                let mut pace = Pace::new(Duration::from_secs(ours));
                pace.obey_crawl_delay(Duration::from_secs(delay));
                assert_eq!(pace.gap(), Duration::from_millis(gap));
            }
        });
    }

    #[test]
    fn a_host_in_trouble_gets_room_and_its_pace_comes_back_by_steps() {
        paused(async {
            let mut pace = Pace::new(GAP);
            let seconds = |pace: &Pace| pace.gap().as_secs();
            pace.note(Outcome::Strained);
            assert_eq!(seconds(&pace), 2);
            pace.note(Outcome::Strained);
            assert_eq!(seconds(&pace), 2, "a request that was under way already");
            for doubled in [4, 8, 16, 32, 32] {
                tokio::time::sleep(pace.gap()).await;
                pace.note(Outcome::Strained);
                assert_eq!(seconds(&pace), doubled);
            }
            for back in [16, 8, 4, 2, 1, 1] {
                for _ in 0..GOOD_ANSWERS {
                    pace.note(Outcome::Answered(Duration::from_millis(100)));
                }
                assert_eq!(seconds(&pace), back);
            }
        });
    }

    #[test]
    fn a_slow_host_has_two_requests_open_on_average_and_no_more() {
        paused(async {
            let mut pace = Pace::new(GAP);
            pace.note(Outcome::Answered(Duration::from_secs(6)));
            assert_eq!(pace.gap(), Duration::from_millis(3015));
            for _ in 0..40 {
                pace.note(Outcome::Answered(Duration::from_millis(300)));
            }
            assert_eq!(pace.gap(), Duration::from_millis(1005));
        });
    }

    #[test]
    fn nobody_knocks_before_a_retry_after_and_a_day_is_the_most() {
        paused(async {
            let mut pace = Pace::new(GAP);
            let start = Instant::now();
            pace.hold_for(Duration::from_secs(90));
            pace.hold_for(Duration::from_secs(10));
            pace.turn().await;
            assert_eq!(start.elapsed(), Duration::from_secs(90));
            pace.hold_for(Duration::MAX);
            pace.turn().await;
            assert_eq!(start.elapsed(), Duration::from_secs(90) + RETRY_AFTER);
        });
    }

    #[test]
    fn no_gap_is_no_pace() {
        paused(async {
            let mut pace = Pace::new(Duration::ZERO);
            for _ in 0..1000 {
                assert_eq!(pace.try_turn(), Ok(()));
            }
        });
    }

    #[test]
    fn a_breaker_rests_longer_each_time_until_an_answer() {
        assert_eq!(Breaker::after(2).failed(), Some(Breaker::FIRST_REST * 4));
        let mut breaker = Breaker::default();
        let minutes = |rest: Option<Duration>| rest.map(|rest| rest.as_secs() / 60);
        for _ in 1..Breaker::FAILURES {
            assert_eq!(breaker.failed(), None);
        }
        for rest in [5, 10, 20, 40, 80, 160, 320, 360, 360] {
            assert_eq!(minutes(breaker.failed()), Some(rest));
        }
        breaker.answered();
        assert_eq!(breaker, Breaker::default());
        assert_eq!(breaker.failed(), None);
    }

    #[test]
    fn a_pause_grows_and_is_anywhere_below_its_bound() {
        let pauses = [(1, 0.5, 500), (2, 0.5, 1000), (3, 1.0, 4000), (7, 1.0, 60_000), (99, 1.0, 60_000), (5, 0.0, 0)];
        for (tries, chance, millis) in pauses {
            assert_eq!(pause(tries, chance), Duration::from_millis(millis));
        }
    }

    #[test]
    fn a_retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "1994-11-06T08:49:07Z".parse().expect("a time");
        let rows = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("99999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(30)),
            ("Sun Nov  6 08:49:37 1994", Some(30)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ];
        for (value, seconds) in rows {
            assert_eq!(retry_after(value, now), seconds.map(Duration::from_secs), "{value}");
        }
    }
}
