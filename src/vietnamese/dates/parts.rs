//! Which days, times, zones and weekdays does a snippet hold, in the order printed?
//!
//! This is the grammar. Each rule takes a place in the snippet and gives what stands there and the place after it, or nothing.
//! No rule looks further than some twenty tokens ahead, so a snippet is read in linear time. What a rule finds is only what is
//! printed: whether such a day exists, and which part belongs to which, is for [`super::reading`] to say.

use jiff::civil::Weekday;

use super::Precision;
use super::days::{self, Day};
use super::times::{self, Time};
use super::tokens::{Cursor, Snippet};
use super::words::{self, Zone};

/// One part of a printed date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Part {
    /// A day of the calendar, or counted back from the day of the reader.
    Day(Day),
    /// A time of day.
    Time(Time),
    /// The zone of a time.
    Zone(Zone),
    /// A weekday.
    Weekday(Weekday),
    /// A span before the moment of the reader.
    Ago(Ago),
    /// A mark or word that may stand between the parts of one date.
    Glue,
    /// Anything else; it parts what stands left of it from what stands right.
    Other,
}

/// A span before the moment of the reader; the finest unit named says how exact it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ago {
    pub(super) months: i32,
    pub(super) days: i32,
    pub(super) seconds: i32,
    pub(super) precision: Precision,
}

/// Marks that part what stands around them.
const PARTING: [char; 9] = ['+', '%', '$', '#', '&', '*', '=', '<', '>'];

/// The parts of a snippet in the order printed.
pub(super) fn parts(snippet: &Snippet) -> Vec<Part> {
    let mut parts = Vec::with_capacity(snippet.len());
    let mut at = snippet.start();
    while let Some(next) = at.step() {
        at = days::with_time(at, &mut parts).unwrap_or_else(|| {
            let (part, after) = part(at, &parts).unwrap_or((Part::Other, next));
            parts.push(part);
            after
        });
    }
    parts
}

/// The part that begins here. What is more telling is tried first: `1h trước` is no time, `Thứ 2` no figure.
fn part<'s>(at: Cursor<'s>, before: &[Part]) -> Option<(Part, Cursor<'s>)> {
    let last = before.iter().rev().find(|part| !matches!(part, Part::Glue));
    let after_time = matches!(last, Some(Part::Time(_) | Part::Zone(_)));
    let after_day = matches!(last, Some(Part::Day(_)));
    days::day(at, after_time)
        .map(|(day, next)| (Part::Day(day), next))
        .or_else(|| ago(at).map(|(ago, next)| (Part::Ago(ago), next)))
        .or_else(|| times::time(at, after_day).map(|(time, next)| (Part::Time(time), next)))
        .or_else(|| times::zone(at, before).map(|(zone, next)| (Part::Zone(zone), next)))
        .or_else(|| weekday(at).map(|(weekday, next)| (Part::Weekday(weekday), next)))
        .or_else(|| glue(at).map(|next| (Part::Glue, next)))
}

/// `3 ngày trước`, `1' trước`, `cách đây 2 giờ`, `an hour ago`, `1 giờ 30 phút trước`, `vừa xong`.
fn ago(at: Cursor<'_>) -> Option<(Ago, Cursor<'_>)> {
    let mut ago = Ago { months: 0, days: 0, seconds: 0, precision: Precision::Year };
    for [first, second] in [["vua", "xong"], ["vua", "moi"], ["just", "now"]] {
        if let Some(next) = at.any_word(&[first]).and_then(|here| here.any_word(&[second])) {
            return Some((Ago { precision: Precision::Minute, ..ago }, next));
        }
    }
    let since = at.any_word(&["cach"]).and_then(|here| here.any_word(&["day"]));
    let (mut here, mut counted) = (since.unwrap_or(at), false);
    for _ in 0..3 {
        let Some((count, precision, next)) = count_of_units(here) else {
            break;
        };
        match precision {
            Precision::Second => ago.seconds += count,
            Precision::Minute => ago.seconds += 60 * count,
            Precision::Hour => ago.seconds += 3600 * count,
            Precision::Day => ago.days += count,
            Precision::Week => ago.days += 7 * count,
            Precision::Month => ago.months += count,
            Precision::Year => ago.months += 12 * count,
        }
        ago.precision = precision.max(ago.precision);
        (here, counted) = (next.skip(&[','], &["va", "and"]), true);
    }
    if !counted {
        return None;
    }
    match here.any_word(&["truoc", "ago"]) {
        Some(next) => Some((ago, next.any_word(&["day"]).unwrap_or(next))),
        None => since.map(|_| (ago, here)),
    }
}

/// `17 giờ`, `1'`, `một tuần`, `an hour`.
fn count_of_units(at: Cursor<'_>) -> Option<(i32, Precision, Cursor<'_>)> {
    let one = at.any_word(&["a", "an", "mot"]).map(|next| (1, next));
    let (count, here) = one.or_else(|| at.number(1..=4))?;
    if let Some((_, next)) = here.mark(&['\'']) {
        return Some((count.into(), Precision::Minute, next));
    }
    let (word, next) = here.word()?;
    Some((count.into(), words::unit(word)?, next))
}

/// `Thứ Bảy`, `Thứ 2`, `T7`, `Chủ nhật`, `CN`, `Tuesday`, `Dienstag`.
fn weekday(at: Cursor<'_>) -> Option<(Weekday, Cursor<'_>)> {
    let (word, next) = at.word()?;
    let sunday = match word {
        "chu" | "chua" => next.any_word(&["nhat"]),
        "cn" => Some(next),
        _ => None,
    };
    if let Some(next) = sunday {
        return Some((Weekday::Sunday, next));
    }
    let counted = match word {
        "thu" => counted_weekday(next),
        // In `2025-06-17T7:30` the letter is glued to the day and is no weekday.
        "t" if !at.glued() => counted_weekday(next).filter(|_| next.glued()),
        _ => None,
    };
    counted.or_else(|| Some((words::weekday(word)?, next)))
}

/// The `2` or `hai` of `thứ hai`: Vietnam counts from Sunday, so Monday is the second day.
fn counted_weekday(at: Cursor<'_>) -> Option<(Weekday, Cursor<'_>)> {
    let figure = at.number(1..=1).filter(|(_, next)| !next.glued() || next.mark(&[',', ')', ']', '|', '.']).is_some());
    // `Thu 5 Mar 2026` is English, and the fifth of March.
    let figure = figure.filter(|_| days::day(at, false).is_none());
    let (number, next) = match figure {
        Some((number, next)) => (i8::try_from(number).ok()?, next),
        None => at.word().and_then(|(word, next)| Some((words::vietnamese_number(word)?, next)))?,
    };
    (2..=7).contains(&number).then_some(())?;
    Some((Weekday::from_sunday_one_offset(number).ok()?, next))
}

/// A mark, a known connecting word, or a word of one letter: `à`, `в`, `T`, `火`.
fn glue(at: Cursor<'_>) -> Option<Cursor<'_>> {
    if let Some((mark, next)) = at.any_mark() {
        return (!PARTING.contains(&mark)).then_some(next);
    }
    let (word, next) = at.word()?;
    (word.chars().nth(1).is_none() || words::GLUE.contains(&word)).then_some(next)
}
