//! Which instant do the parts of a printed date make?

use jiff::civil::{self, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use super::days::{self, Day};
use super::parts::{Ago, Part, parts};
use super::times::Time;
use super::tokens::Snippet;
use super::words::Zone;
use super::{Context, Dated, Precision};
use crate::article::When;

/// How much a page's clock may run ahead of ours before a time is called future, in seconds.
const AHEAD: i64 = 15 * 60;

/// More unknown words and figures than this around `3 ngày trước` make it running text.
const RUNNING_TEXT: usize = 8;

/// The date of a snippet: a stamp of figures alone, else the first printed day, else a relative one.
pub(super) fn read(snippet: &Snippet, context: &Context) -> Option<Dated> {
    if let Some(digits) = stamp(snippet) {
        return epoch(digits, context).or_else(|| compact(digits, context));
    }
    let parts = parts(snippet);
    if let Some(day) = parts.iter().position(is_absolute) {
        return printed(&parts, day, snippet.cut, context);
    }
    if !is_short(&parts) {
        return None;
    }
    if let Some(day) = parts.iter().position(|part| matches!(part, Part::Day(_))) {
        return printed(&parts, day, snippet.cut, context);
    }
    parts.iter().find_map(|part| match part {
        Part::Ago(ago) => since(*ago, context),
        _ => None,
    })
}

/// Whether a snippet holds a relative date and no other.
pub(super) fn is_relative(snippet: &Snippet) -> bool {
    let parts = parts(snippet);
    stamp(snippet).is_none()
        && is_short(&parts)
        && !parts.iter().any(is_absolute)
        && parts.iter().any(|part| matches!(part, Part::Day(_) | Part::Ago(_)))
}

/// Whether the first numeric day of a snippet shows by itself that its month stands first, or second.
pub(super) fn month_first(snippet: &Snippet) -> Option<bool> {
    let parts = parts(snippet);
    let at = parts.iter().position(is_absolute)?;
    let Part::Day(Day::Numeric { first, second, year, mark, .. }) = parts[at] else {
        return None;
    };
    if mark == '.' {
        return None;
    }
    shown_order(Orders::new(first, second, year), weekday_beside(&parts, at))
}

/// Whether a snippet is a stamp for machines: figures alone, or a day and time joined by `T`.
pub(super) fn is_machine(snippet: &Snippet) -> bool {
    stamp(snippet).is_some() || snippet.joins_day_and_time()
}

/// Whether `Hôm nay` or `Today` stands in a snippet beside a whole date.
pub(super) fn says_today(snippet: &Snippet) -> bool {
    let parts = parts(snippet);
    parts.iter().any(is_absolute) && parts.contains(&Part::Day(Day::Ago(0)))
}

fn is_absolute(part: &Part) -> bool {
    matches!(part, Part::Day(day) if !matches!(day, Day::Ago(_)))
}

fn is_short(parts: &[Part]) -> bool {
    parts.iter().filter(|part| matches!(part, Part::Other)).count() <= RUNNING_TEXT
}

/// The digits of a snippet that is one figure: `1750142582`, `1750142582.25`, `/Date(1750142582000)/`.
fn stamp(snippet: &Snippet) -> Option<&str> {
    let around = ['/', '(', ')', '[', ']', '"', '\''];
    let here = snippet.start().skip(&around, &["date"]);
    let (digits, next) = here.digits(8..=14)?;
    let next = match next.mark(&['.']) {
        Some((_, fraction)) if digits.len() == 10 => fraction.digits(1..=9)?.1,
        _ => next,
    };
    next.skip(&around, &[]).at_end().then_some(digits)
}

/// Seconds (10 digits) or milliseconds (13) since 1970, seen from the offset of the context.
fn epoch(digits: &str, context: &Context) -> Option<Dated> {
    let number: i64 = digits.parse().ok()?;
    let at = match digits.len() {
        10 => Timestamp::from_second(number),
        13 => Timestamp::from_millisecond(number),
        _ => return None,
    };
    let when = When::new(at.ok()?, context.offset);
    context.sane(when.day()).then_some(Dated { when, precision: Precision::Second })
}

/// `20260307`, `202603070801`, `20260307080153`, and up to three digits of milliseconds more, not padded.
pub(super) fn compact(digits: &str, context: &Context) -> Option<Dated> {
    if !matches!(digits.len(), 8 | 12 | 14..=17) {
        return None;
    }
    let pair = |from: usize| digits.get(from..from + 2)?.parse().ok();
    let day = civil::Date::new(digits[..4].parse().ok()?, pair(4)?, pair(6)?).ok()?;
    if digits.len() == 8 {
        return context.midnight(day);
    }
    let mut time = Time::from_digits(&digits[8..digits.len().min(14)])?;
    if digits.len() > 14 {
        time.nanosecond = digits[14..].parse::<i32>().ok()? * 1_000_000;
    }
    let when = When::from_civil(time.on(day)?, context.offset)?;
    context.sane(day).then_some(Dated { when, precision: time.precision })
}

/// The day at a place among the parts, with the time and zone that stand beside it.
fn printed(parts: &[Part], at: usize, cut: bool, context: &Context) -> Option<Dated> {
    let Part::Day(day) = parts[at] else {
        return None;
    };
    let beside = Beside::new(parts, at);
    if cut && parts[beside.last + 1..].iter().all(|part| matches!(part, Part::Glue)) {
        return None;
    }
    let alone = parts.len() == 2;
    let american = alone && beside.time.is_some_and(|time| time.american);
    let date = date(day, weekday_beside(parts, at), american, context).filter(|date| context.sane(*date))?;
    let Some(time) = beside.time else {
        // `Hôm nay` alone is what a clock says.
        return (day != Day::Ago(0)).then(|| context.midnight(date))?;
    };
    let (instant, offset) = beside.zone.unwrap_or(Zone::Fixed(context.offset)).at(time.on(date)?)?;
    let future = context.fetched_at.is_some_and(|now| instant.as_second() > now.as_second() + AHEAD);
    if matches!(day, Day::Ago(_)) && future {
        return None;
    }
    Some(Dated { when: When::new(instant, offset), precision: time.precision })
}

/// What stands beside a day.
struct Beside {
    time: Option<Time>,
    zone: Option<Zone>,
    /// The last part that was used.
    last: usize,
}

impl Beside {
    /// The time next to a day, on either side, and its zone.
    ///
    /// Of two times the left one is the day's when the right one stands before another day; else nobody can say, and neither is.
    fn new(parts: &[Part], day: usize) -> Self {
        let between = |part: &Part| matches!(part, Part::Glue | Part::Weekday(_) | Part::Zone(_));
        let after = |at: usize| (at + 1..parts.len()).find(|next| !between(&parts[*next]));
        let time_at = |at: usize| match parts[at] {
            Part::Time(time) => Some((time, at)),
            _ => None,
        };
        let left = parts[..day].iter().rposition(|part| !between(part)).and_then(time_at);
        let right = after(day).and_then(time_at);
        let zone_after = |at: usize| {
            let next = (at + 1..parts.len()).find(|next| !matches!(parts[*next], Part::Glue))?;
            match parts[next] {
                Part::Zone(zone) => Some((zone, next)),
                _ => None,
            }
        };
        let chosen = match (left, right) {
            (Some(left), Some((_, at))) => {
                let another = after(at).is_some_and(|next| matches!(parts[next], Part::Day(_)));
                another.then_some(left)
            }
            (left, right) => left.or(right),
        };
        let Some((time, at)) = chosen else {
            return Self { time: None, zone: None, last: day };
        };
        let zone = zone_after(at).or_else(|| (at < day).then(|| zone_after(day))?);
        let last = zone.map_or(at, |(_, at)| at).max(day);
        Self { time: Some(time), zone: zone.map(|(zone, _)| zone), last }
    }
}

/// The weekday that belongs to the day at a place: nothing but times, zones and glue stand between.
fn weekday_beside(parts: &[Part], day: usize) -> Option<Weekday> {
    let weekday = |part: &Part| match part {
        Part::Weekday(weekday) => Some(Some(*weekday)),
        Part::Glue | Part::Time(_) | Part::Zone(_) => None,
        _ => Some(None),
    };
    let left = parts[..day].iter().rev().find_map(weekday).flatten();
    left.or_else(|| parts[day + 1..].iter().find_map(weekday).flatten())
}

/// The day of the calendar that a printed day means.
fn date(day: Day, weekday: Option<Weekday>, american: bool, context: &Context) -> Option<civil::Date> {
    match day {
        Day::Certain { year, month, day } => civil::Date::new(year, month, day).ok(),
        Day::Numeric { first, second, year, mark: '.', .. } => civil::Date::new(year, second, first).ok(),
        Day::Numeric { first, second, year, padded, .. } => {
            numeric(Orders::new(first, second, year), weekday, american && !padded, context)
        }
        Day::Short(figures) => short(figures, weekday, context),
        Day::Ago(days) => context.local()?.date().checked_sub(i64::from(days).days()).ok(),
    }
}

/// The two readings of `03/07/2026`, where the calendar has them.
#[derive(Debug, Clone, Copy)]
struct Orders {
    day_first: Option<civil::Date>,
    month_first: Option<civil::Date>,
}

impl Orders {
    fn new(first: i8, second: i8, year: i16) -> Self {
        Self { day_first: civil::Date::new(year, second, first).ok(), month_first: civil::Date::new(year, first, second).ok() }
    }
}

/// Whether the month stands first, as far as the figures and the weekday show it.
fn shown_order(orders: Orders, weekday: Option<Weekday>) -> Option<bool> {
    match (orders.day_first, orders.month_first) {
        (Some(day_first), Some(month_first)) => {
            let agree = |date: civil::Date| weekday == Some(date.weekday());
            (agree(day_first) != agree(month_first)).then(|| agree(month_first))
        }
        (None, Some(_)) => Some(true),
        (Some(_), None) => Some(false),
        (None, None) => None,
    }
}

/// The order that the figures or the weekday show; else the order that the caller or the spelling tells, unless that day is
/// still to come and the other is not; else the day first.
fn numeric(orders: Orders, weekday: Option<Weekday>, american: bool, context: &Context) -> Option<civil::Date> {
    let pick = |month_first: bool| {
        if month_first { orders.month_first } else { orders.day_first }
    };
    if let Some(month_first) = shown_order(orders, weekday) {
        return pick(month_first);
    }
    let told = context.month_first || american;
    let to_come = |date: civil::Date| context.last_day().is_some_and(|last| date > last);
    match (pick(told)?, pick(!told)?) {
        (date, other) if to_come(date) && !to_come(other) => Some(other),
        (date, _) => Some(date),
    }
}

/// A day with a year of two digits, if the figures, the years in question and the weekday leave one reading.
fn short([a, b, c]: [i8; 3], weekday: Option<Weekday>, context: &Context) -> Option<civil::Date> {
    let date = |year: i8, month, day| civil::Date::new(days::full_year(year.into()), month, day).ok();
    let past = |date: &civil::Date| context.last_day().is_none_or(|last| *date <= last);
    let readings = [date(c, b, a), date(c, a, b), date(a, b, c)];
    let mut left = readings
        .into_iter()
        .flatten()
        .filter(|date| context.sane(*date) && past(date) && weekday.is_none_or(|weekday| weekday == date.weekday()));
    let first = left.next()?;
    left.all(|other| other == first).then_some(first)
}

/// The moment a span before the fetch: to the second for hours and less, else the midnight of that day.
fn since(ago: Ago, context: &Context) -> Option<Dated> {
    let span = Span::new().try_months(ago.months).ok()?.try_days(ago.days).ok()?.try_seconds(ago.seconds).ok()?;
    let then = context.local()?.checked_sub(span).ok()?;
    if !context.sane(then.date()) {
        return None;
    }
    if ago.precision < Precision::Hour {
        return Some(Dated { precision: ago.precision, ..context.midnight(then.date())? });
    }
    Some(Dated { when: When::from_civil(then, context.offset)?, precision: ago.precision })
}

impl Context {
    /// The reader's civil time at the fetch, to the second.
    fn local(&self) -> Option<civil::DateTime> {
        let second = Timestamp::from_second(self.fetched_at?.as_second()).ok()?;
        Some(second.to_zoned(TimeZone::fixed(self.offset)).datetime())
    }

    /// The last day that a page can print without telling the future: two days after the fetch, for pages east of here and
    /// stories dated ahead.
    fn last_day(&self) -> Option<civil::Date> {
        self.local()?.date().checked_add(2.days()).ok()
    }

    /// Whether a newspaper on the web can have been published on a day: 1990 to the year after the fetch, or to 2100.
    fn sane(&self, day: civil::Date) -> bool {
        let last = self.local().map_or(2100, |now| now.year() + 1);
        (1990..=last).contains(&day.year())
    }

    /// A day without a time.
    pub(super) fn midnight(&self, day: civil::Date) -> Option<Dated> {
        let when = When::from_civil(day.at(0, 0, 0, 0), self.offset)?;
        self.sane(day).then_some(Dated { when, precision: Precision::Day })
    }
}
