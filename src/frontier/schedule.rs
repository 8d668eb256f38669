//! When is an address looked at again? Pure functions of what became of it.

use std::time::Duration;

use jiff::Timestamp;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// At these ages an article is looked at again: papers correct themselves within the hour, later on the day, and hardly ever after
/// three days.
pub(super) const AGES: [Duration; 4] =
    [Duration::from_secs(HOUR), Duration::from_secs(6 * HOUR), Duration::from_secs(DAY), Duration::from_secs(3 * DAY)];

/// Two looks at one article lie at least so far apart.
const BETWEEN_LOOKS: u64 = 30 * MINUTE;

/// The longest pause after the first failed try, after the second … After the last the address is given up, five days or so after
/// the first. The first three fit into one run; the rest is for a paper that is down for a weekend.
const PAUSES: [u64; 9] = [10, MINUTE, 5 * MINUTE, HOUR, 6 * HOUR, DAY, DAY, DAY, 2 * DAY];

/// A listing that nobody has seen yet is taken for one that brings something new every hour.
pub const FIRST_VISIT: Duration = Duration::from_secs(HOUR);
/// No listing is asked for more often; the busiest paper prints an article every ten minutes.
pub const SHORTEST_VISIT: Duration = Duration::from_secs(15 * MINUTE);
/// No listing is left alone for longer, since a lost one would be many lost articles.
pub const LONGEST_VISIT: Duration = Duration::from_secs(DAY);

/// What robots.txt or a private address closes is considered again after so long, which costs no request as long as it stays closed; and
/// what failed in a way that asking soon would only repeat: forbidden, too large, a redirect in a circle.
pub const RECONSIDER: Duration = Duration::from_secs(7 * DAY);

/// An old article's page that was empty, or not there, is asked for once more after so long.
pub const SECOND_CHANCE: Duration = Duration::from_secs(DAY);

/// What has failed so ever since it was found is given up after so long. Until then a guard may have tired, or a server been mended.
pub const LONGEST_HOPE: Duration = Duration::from_secs(28 * DAY);

/// When an article that was published then and looked at now is due again; `None` once it is old. An article that says it is from
/// the future is as old as a new one.
#[must_use]
pub fn recheck(published: Timestamp, looked: Timestamp) -> Option<Timestamp> {
    let published = published.min(looked);
    let soonest = later(looked, Duration::from_secs(BETWEEN_LOOKS));
    AGES.iter().map(|age| later(published, *age)).find(|due| *due >= soonest)
}

/// The pause after so many failed tries (1 or more), anywhere between nothing and its bound, as `chance` (from 0 to 1) says: "full
/// jitter" (Brooker, *Exponential Backoff and Jitter*, 2015). `None` when enough has been tried.
#[must_use]
pub fn retry(tries: u32, chance: f64) -> Option<Duration> {
    let bound = PAUSES.get(usize::try_from(tries.max(1) - 1).ok()?)?;
    Some(Duration::from_secs(*bound).mul_f64(chance.clamp(0.0, 1.0)))
}

/// When an address that failed for good now, found then, is asked for again all the same; `None` when it has been long enough.
#[must_use]
pub fn reconsider(found: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let due = later(now, RECONSIDER);
    (due <= later(found, LONGEST_HOPE)).then_some(due)
}

/// The interval after which a listing is asked for again, from the one before and what it brought this time: half as long when it
/// brought something, half as long again when it did not. So a listing with one new article a day ends near a visit every few hours,
/// and one with ten in an hour near the shortest.
#[must_use]
pub fn revisit(every: Duration, brought: u32) -> Duration {
    let next = if brought > 0 { every / 2 } else { every.saturating_mul(3) / 2 };
    next.clamp(SHORTEST_VISIT, LONGEST_VISIT)
}

/// When a listing visited at `now` is due. A tenth early: who runs hourly finds due what is to be asked for hourly, however the
/// minutes of two runs fall.
#[must_use]
pub fn visit_due(now: Timestamp, every: Duration) -> Timestamp {
    later(now, every.saturating_mul(9) / 10)
}

/// `after` has passed since `at`, to the second; at the end of time it is the end of time.
#[must_use]
pub(super) fn later(at: Timestamp, after: Duration) -> Timestamp {
    let seconds = i64::try_from(after.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(at.as_second().saturating_add(seconds)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hours(hours: i64) -> Timestamp {
        Timestamp::from_second(1_780_000_000 + hours * 3600).expect("a time of this century")
    }

    #[test]
    fn a_young_article_is_looked_at_again_and_an_old_one_is_left() {
        let rows = [
            (0, 0, Some(1)),
            (0, 1, Some(6)),
            (0, 2, Some(6)),
            (0, 6, Some(24)),
            (0, 23, Some(24)),
            (0, 24, Some(72)),
            (0, 72, None),
            (0, 9000, None),
            (50, 0, Some(1)),
        ];
        for (published, looked, due) in rows {
            assert_eq!(recheck(hours(published), hours(looked)), due.map(hours), "{published} {looked}");
        }
    }

    #[test]
    fn two_looks_lie_half_an_hour_apart() {
        let almost = later(hours(0), Duration::from_secs(31 * 60));
        assert_eq!(recheck(hours(0), almost), Some(hours(6)));
    }

    #[test]
    fn tries_come_ever_later_and_end() {
        let pauses: Vec<_> = (1..=10).map(|tries| retry(tries, 1.0).map(|pause| pause.as_secs())).collect();
        let expected = [10, 60, 300, 3600, 21_600, 86_400, 86_400, 86_400, 172_800].map(Some);
        assert_eq!(pauses[..9], expected);
        assert_eq!(pauses[9], None);
        assert_eq!(retry(0, 0.5), Some(Duration::from_secs(5)));
    }

    #[test]
    fn a_listing_is_visited_as_often_as_it_brings_something() {
        let minutes = |every: u64, brought| revisit(Duration::from_secs(every * 60), brought).as_secs() / 60;
        let rows = [(60, 3, 30), (30, 1, 15), (15, 9, 15), (60, 0, 90), (90, 0, 135), (1200, 0, 1440), (1440, 0, 1440), (1440, 1, 720)];
        for (every, brought, next) in rows {
            assert_eq!(minutes(every, brought), next, "{every} {brought}");
        }
    }

    #[test]
    fn a_listing_with_one_article_a_day_is_asked_for_a_few_times_a_day() {
        let (mut at, mut every, mut visits, mut seen) = (0, FIRST_VISIT, 0, 0);
        while at < 30 * DAY {
            let brought = u32::try_from(at / DAY - seen).expect("few");
            seen = at / DAY;
            every = revisit(every, brought);
            at += every.as_secs();
            visits += 1;
        }
        assert!((60..=150).contains(&visits), "{visits} visits in thirty days");
    }

    proptest! {
        #[test]
        fn no_due_time_lies_in_the_past(published in 0_i64..4_000_000_000, looked in 0_i64..4_000_000_000, tries in 0_u32..20) {
            let at = |second| Timestamp::from_second(second).expect("in range");
            if let Some(due) = recheck(at(published), at(looked)) {
                prop_assert!(due > at(looked));
            }
            prop_assert!(visit_due(at(looked), SHORTEST_VISIT) > at(looked));
            prop_assert!(retry(tries, 0.0).is_none_or(|pause| pause.is_zero()));
        }
    }
}
