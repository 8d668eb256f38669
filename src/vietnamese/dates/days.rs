//! How is a day printed?

use super::Precision;
use super::parts::Part;
use super::times::{self, Time};
use super::tokens::Cursor;
use super::words;

/// A day as printed; whether there is such a day is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// Nothing open: `2026-03-07`, `17 June 2025`, `ngày 07 tháng 03 năm 2026`.
    Certain {
        /// As printed.
        year: i16,
        /// 1 to 12, or more if the page says so.
        month: i8,
        /// 1 to 31, or more if the page says so.
        day: i8,
    },
    /// `07/03/2026`: the day of the month first, or the month.
    Numeric {
        /// What stands first.
        first: i8,
        /// What stands second.
        second: i8,
        /// Four digits.
        year: i16,
        /// The mark between them.
        mark: char,
        /// Whether a zero stands before a figure.
        padded: bool,
    },
    /// `17/06/25`: the year of two digits may stand first or last.
    Short([i8; 3]),
    /// So many days before the reader's: `Hôm qua`.
    Ago(i8),
}

/// The day that begins here. Right after a time, what looks like the end of a longer figure may be a day: `13:43-17/06/2025`.
pub(super) fn day(at: Cursor<'_>, after_time: bool) -> Option<(Day, Cursor<'_>)> {
    numeric(at, after_time)
        .or_else(|| counted_by_characters(at))
        .or_else(|| day_first(at))
        .or_else(|| month_first(at))
        .or_else(|| day_word(at))
}

/// A day whose time is part of its own spelling: `20260307T080153Z`, `Tue Jun 17 13:43:02 ICT 2025`.
pub(super) fn with_time<'s>(at: Cursor<'s>, parts: &mut Vec<Part>) -> Option<Cursor<'s>> {
    compact(at, parts).or_else(|| unix(at, parts))
}

/// `17/06/2025`, `29.12.2023`, `2026-03-07`, `17. 6. 2025`, and `17/06/25`.
fn numeric(at: Cursor<'_>, after_time: bool) -> Option<(Day, Cursor<'_>)> {
    if at.continues_a_figure() && !after_time {
        return None;
    }
    let (a, here) = at.digits(1..=4)?;
    let (mark, here) = here.mark(&['/', '-', '.'])?;
    let (b, here) = here.digits(1..=2)?;
    let (_, here) = here.mark(&[mark])?;
    let (c, next) = here.digits(1..=4)?;
    if goes_on(next) {
        return None;
    }
    let small = |digits: &str| digits.parse::<i8>().ok();
    let day = match (a.len(), c.len()) {
        (4, 1..=2) => Day::Certain { year: a.parse().ok()?, month: small(b)?, day: small(c)? },
        (1..=2, 4) => Day::Numeric {
            first: small(a)?,
            second: small(b)?,
            year: c.parse().ok()?,
            mark,
            padded: a.starts_with('0') || b.starts_with('0'),
        },
        (1..=2, 2) => Day::Short([small(a)?, small(b)?, small(c)?]),
        _ => return None,
    };
    Some((day, next))
}

/// Whether a figure goes on here: `.4` after `1.2.2023`, but not the time in `17.06.2025-13:43`.
fn goes_on(at: Cursor<'_>) -> bool {
    let Some((_, here)) = at.mark(&['/', '-', '.']).filter(|_| at.glued()) else {
        return false;
    };
    let Some((_, next)) = here.digits(1..=usize::MAX).filter(|_| here.glued()) else {
        return false;
    };
    next.mark(&[':']).is_none() && next.any_word(&["h", "g"]).is_none()
}

/// `2025年6月17日`, `2025년 6월 17일`.
fn counted_by_characters(at: Cursor<'_>) -> Option<(Day, Cursor<'_>)> {
    let (year, here) = at.number(4..=4)?;
    let (month, here) = here.any_word(&["年", "년"])?.number(1..=2)?;
    let (day, here) = here.any_word(&["月", "월"])?.number(1..=2)?;
    let next = here.any_word(&["日", "일", "号", "號"])?;
    Some((certain(year, month, day)?, next))
}

/// `17 June 2025`, `17. Juni 2025`, `17 de junio de 2025`, `07 tháng 03 năm 2026`, `17-Jun-25`.
fn day_first(at: Cursor<'_>) -> Option<(Day, Cursor<'_>)> {
    let (day, here) = at.number(1..=2)?;
    let (month, here) = [Some(here), ordinal(here)]
        .into_iter()
        .flatten()
        .find_map(|here| month_name(here.skip(&['.', ',', '-', '/'], &["de", "of", "di"])))?;
    let (year, next) = year(here)?;
    Some((certain(year, month, day)?, next))
}

/// `June 17, 2025`, `Jun. 17th 2025`, `Tháng Sáu 17, 2025`.
fn month_first(at: Cursor<'_>) -> Option<(Day, Cursor<'_>)> {
    let (month, day, here) = month_and_day(at)?;
    let (year, next) = year(here)?;
    Some((certain(year, month, day)?, next))
}

fn month_and_day(at: Cursor<'_>) -> Option<(i16, i16, Cursor<'_>)> {
    let (month, here) = month_name(at)?;
    let (day, here) = here.skip(&['.', '-'], &[]).number(1..=2)?;
    Some((month, day, ordinal(here).unwrap_or(here)))
}

/// `Hôm qua`, `yesterday`.
fn day_word(at: Cursor<'_>) -> Option<(Day, Cursor<'_>)> {
    let (word, next) = at.word()?;
    let (ago, next) = match word {
        "today" => (0, next),
        "yesterday" => (1, next),
        "hom" => match next.word()? {
            ("nay", next) => (0, next),
            ("qua", next) => (1, next),
            ("kia", next) => (2, next),
            _ => return None,
        },
        _ => return None,
    };
    Some((Day::Ago(ago), next))
}

/// ISO 8601's basic format, with its time.
fn compact<'s>(at: Cursor<'s>, parts: &mut Vec<Part>) -> Option<Cursor<'s>> {
    let (digits, here) = at.digits(8..=8)?;
    let here = here.any_word(&["t"]).filter(|_| here.glued())?;
    let (time, next) = here.digits(4..=6).filter(|_| here.glued())?;
    let pair = |from: usize| digits.get(from..from + 2)?.parse().ok();
    parts.push(Part::Day(Day::Certain { year: digits[..4].parse().ok()?, month: pair(4)?, day: pair(6)? }));
    parts.push(Part::Time(Time::from_digits(time)?));
    Some(next)
}

/// What `date` and C's `ctime` print: the year stands after the time.
fn unix<'s>(at: Cursor<'s>, parts: &mut Vec<Part>) -> Option<Cursor<'s>> {
    let (month, day, here) = month_and_day(at)?;
    let (time, here) = times::time(here, false).filter(|(time, _)| time.precision >= Precision::Second)?;
    let zone = times::zone(here, &[Part::Time(time)]);
    let (year, next) = zone.map_or(here, |(_, next)| next).number(4..=4)?;
    parts.push(Part::Day(certain(year, month, day)?));
    parts.push(Part::Time(time));
    parts.extend(zone.map(|(zone, _)| Part::Zone(zone)));
    Some(next)
}

fn certain(year: i16, month: i16, day: i16) -> Option<Day> {
    Some(Day::Certain { year, month: i8::try_from(month).ok()?, day: i8::try_from(day).ok()? })
}

/// The `th` of `17th`, the `er` of `1er`.
fn ordinal(at: Cursor<'_>) -> Option<Cursor<'_>> {
    at.any_word(&["st", "nd", "rd", "th", "er", "e", "o", "a"])
}

/// `June`, `Jun.`, `Tháng Sáu`, `tháng 06`, `Th6`, `thg 6`.
fn month_name(at: Cursor<'_>) -> Option<(i16, Cursor<'_>)> {
    let (word, here) = at.word()?;
    if !matches!(word, "thang" | "thg" | "th") {
        return Some((words::month(word)?.into(), here));
    }
    if let Some((month, next)) = here.skip(&['.'], &[]).number(1..=2) {
        return Some((month, next));
    }
    let (word, next) = here.word()?;
    let units = |at: Cursor<'_>| at.any_word(&["mot"]).map(|_| 11).or_else(|| at.any_word(&["hai"]).map(|_| 12));
    match words::vietnamese_number(word)? {
        10 => Some(units(next).map_or((10, next), |month| (month, next.step().unwrap_or(next)))),
        month => Some((month.into(), next)),
    }
}

/// The year that follows a month or day; of two digits only where an apostrophe or glued dash says so.
fn year(at: Cursor<'_>) -> Option<(i16, Cursor<'_>)> {
    let here = at.skip(&['.', ',', '-', '/'], &["de", "del", "of", "nam"]);
    if let Some((year, next)) = here.number(4..=4) {
        return Some((year, next));
    }
    let (mark, here) = at.mark(&['\'', '-'])?;
    let (short, next) = here.number(2..=2).filter(|_| here.glued() && (mark == '\'' || at.glued()))?;
    if next.mark(&[':']).is_some() {
        return None;
    }
    Some((full_year(short), next))
}

/// Years of two digits are those around the life of the web: 1990 to 2089.
pub(super) fn full_year(short: i16) -> i16 {
    if short < 90 { 2000 + short } else { 1900 + short }
}
