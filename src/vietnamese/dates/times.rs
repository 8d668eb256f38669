//! How are a time of day and its zone printed?

use jiff::civil;
use jiff::tz::Offset;

use super::Precision;
use super::parts::Part;
use super::tokens::Cursor;
use super::words::{self, Zone};

/// A time of day as printed; the hour may be 24, and a page may print what is no time at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) hour: i8,
    pub(super) minute: i8,
    pub(super) second: i8,
    pub(super) nanosecond: i32,
    /// How much of it is printed.
    pub(super) precision: Precision,
    /// Whether it is spelt as `8:01:53 AM`, the way .NET writes for America.
    pub(super) american: bool,
    /// Whether a `T` joins it to its day, as in ISO 8601.
    joined: bool,
}

impl Time {
    fn new(hour: i8, minute: i8, precision: Precision) -> Self {
        Self { hour, minute, second: 0, nanosecond: 0, precision, american: false, joined: false }
    }

    /// `0801` or `080153`.
    pub(super) fn from_digits(digits: &str) -> Option<Self> {
        let pair = |from: usize| digits.get(from..from + 2)?.parse().ok();
        let mut time = Self::new(pair(0)?, pair(2)?, Precision::Minute);
        match digits.len() {
            4 => {}
            6 => (time.second, time.precision) = (pair(4)?, Precision::Second),
            _ => return None,
        }
        Some(time)
    }

    /// The moment on a day; `24:00` is the next day's midnight. `None` if there is no such time.
    pub(super) fn on(self, day: civil::Date) -> Option<civil::DateTime> {
        if self.hour == 24 {
            let midnight = self.minute == 0 && self.second == 0 && self.nanosecond == 0;
            return midnight.then(|| day.tomorrow().ok())?.map(|day| day.at(0, 0, 0, 0));
        }
        let time = civil::Time::new(self.hour, self.minute, self.second, self.nanosecond).ok()?;
        Some(day.to_datetime(time))
    }
}

/// `14:05`, `9:55:29 AM`, `13:43:02.125`, `8h30`, `7 giờ 30 SA`, `13時43分`, `오후 1:43`, `7 p.m.`; after a day also `13.43`.
pub(super) fn time(at: Cursor<'_>, after_day: bool) -> Option<(Time, Cursor<'_>)> {
    let (before, here) = half_before(at).map_or((None, at), |(half, next)| (Some(half), next));
    if here.continues_a_figure() && !after_day {
        return None;
    }
    let (digits, here) = here.digits(1..=2)?;
    let hour = digits.parse().ok()?;
    let written =
        after_colon(hour, here).or_else(|| after_letter(hour, here)).or_else(|| after_dot(hour, here, after_day && digits.len() == 2));
    // A bare figure is a time only beside `p.m.`
    let bare = written.is_none();
    let (mut time, here) = written.unwrap_or((Time::new(hour, 0, Precision::Hour), here));
    time.joined = after_day && at.is_joined();
    let after = half_after(here).and_then(|(half, next)| Some((half.hour(hour)?, next)));
    if let Some((hour, next)) = before.and_then(|half| Some((half.hour(hour)?, here))).or(after) {
        let capitals = here.capitals().is_some_and(|(word, _)| matches!(word, "am" | "pm"));
        time.american = capitals && time.precision == Precision::Second && !digits.starts_with('0');
        time.hour = hour;
        return Some((time, next));
    }
    (!bare).then_some((time, here))
}

/// `:05`, `:05:29`, `:05:29.125`.
fn after_colon(hour: i8, at: Cursor<'_>) -> Option<(Time, Cursor<'_>)> {
    let (minute, mut here) = two_more(at, &[':'])?;
    let mut time = Time::new(hour, minute, Precision::Minute);
    if here.mark(&[':']).is_some() && here.glued() {
        (time.second, here) = two_more(here, &[':'])?;
        time.precision = Precision::Second;
        if let Some((fraction, next)) = fraction(here) {
            (time.nanosecond, here) = (fraction, next);
        }
    }
    Some((time, here))
}

/// A mark and two digits, all glued.
fn two_more<'s>(at: Cursor<'s>, marks: &[char]) -> Option<(i8, Cursor<'s>)> {
    let (_, here) = at.mark(marks).filter(|_| at.glued())?;
    let (number, next) = here.number(2..=2).filter(|_| here.glued())?;
    Some((i8::try_from(number).ok()?, next))
}

/// The digits after `.` or `,` as nanoseconds; the tenth digit and more are dropped.
fn fraction(at: Cursor<'_>) -> Option<(i32, Cursor<'_>)> {
    let (_, here) = at.mark(&['.', ',']).filter(|_| at.glued())?;
    let (digits, next) = here.digits(1..=usize::MAX).filter(|_| here.glued())?;
    let nine = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some((nine.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')), next))
}

/// `h30`, `h`, `giờ 30 phút`, `時43分02秒`.
fn after_letter(hour: i8, at: Cursor<'_>) -> Option<(Time, Cursor<'_>)> {
    let here = at.any_word(&["h", "g", "gio", "時", "时", "点", "點", "시", "heures"])?;
    let minute = here.number(1..=2).filter(|(_, next)| {
        // In `8h 17 June 2025` and `8 giờ 5/3/2026` the figure is the day.
        next.mark(&['/', '-', '.', ':']).is_none() && super::days::day(here, false).is_none()
    });
    let Some((minute, next)) = minute else {
        // `24h` is a name on many a front page.
        return (hour < 24).then_some((Time::new(hour, 0, Precision::Hour), here));
    };
    let mut time = Time::new(hour, i8::try_from(minute).ok()?, Precision::Minute);
    let Some(mut next) = next.any_word(&["phut", "p", "min", "分", "분"]).or_else(|| Some(next.mark(&['\''])?.1)) else {
        return Some((time, next));
    };
    if let Some((second, after)) = next.number(1..=2)
        && let Some(after) = after.any_word(&["giay", "秒", "초"])
    {
        (time.second, time.precision, next) = (i8::try_from(second).ok()?, Precision::Second, after);
    }
    Some((time, next))
}

/// `.43`: a time where it is plain, after a day and with two digits on each side, and wherever `Uhr` or an Indonesian zone follows.
fn after_dot(hour: i8, at: Cursor<'_>, plain: bool) -> Option<(Time, Cursor<'_>)> {
    let (minute, next) = two_more(at, &['.'])?;
    if next.mark(&['.', ',', '/', '-']).is_some() && next.glued() {
        return None;
    }
    let named = next.any_word(&["uhr", "wib", "wita", "wit"]).is_some();
    let named = named || half_after(next).is_some();
    let plain = plain && hour < 24 && minute < 60;
    (named || plain).then_some((Time::new(hour, minute, Precision::Minute), next))
}

/// Which half of the day a word names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    /// `AM`, `SA`, `sáng`.
    Morning,
    /// `trưa`: the hours around noon.
    Noon,
    /// `PM`, `CH`, `chiều`. A clock of 24 hours may stand beside it.
    Afternoon,
}

impl Half {
    /// The hour of 24 that an hour of this half is; `None` where the two contradict each other.
    fn hour(self, hour: i8) -> Option<i8> {
        match (self, hour) {
            (Self::Morning, 12) => Some(0),
            (Self::Morning, 0..12) | (Self::Noon, 10..=12) | (Self::Afternoon, 12..24) => Some(hour),
            (Self::Noon, 1..=3) | (Self::Afternoon, 1..12) => Some(hour + 12),
            _ => None,
        }
    }
}

/// `AM`, `p.m.`, `p. m.`, `SA`, `CH`, `sáng`, `chiều`.
///
/// `tối` and `đêm` are not read: folded they are also `tới` and `đem`.
fn half_after(at: Cursor<'_>) -> Option<(Half, Cursor<'_>)> {
    let (word, next) = at.word()?;
    let half = match word {
        "am" | "a" | "sang" => Half::Morning,
        "pm" | "p" | "chieu" => Half::Afternoon,
        "trua" => Half::Noon,
        "sa" if at.capitals().is_some() => Half::Morning,
        "ch" if at.capitals().is_some() => Half::Afternoon,
        _ => return None,
    };
    if !matches!(word, "a" | "p") {
        return Some((half, next));
    }
    let (_, here) = next.mark(&['.'])?;
    let next = here.any_word(&["m"])?;
    Some((half, next.mark(&['.']).map_or(next, |(_, next)| next)))
}

/// `오전`, `오후`, `上午`, `下午`, `午前`, `午後`.
fn half_before(at: Cursor<'_>) -> Option<(Half, Cursor<'_>)> {
    let (word, next) = at.word()?;
    match (word, next.word().map(|(word, _)| word)) {
        ("오전", _) => Some((Half::Morning, next)),
        ("오후", _) => Some((Half::Afternoon, next)),
        ("上", Some("午")) | ("午", Some("前")) => Some((Half::Morning, next.step()?)),
        ("下", Some("午")) | ("午", Some("後" | "后")) => Some((Half::Afternoon, next.step()?)),
        _ => None,
    }
}

/// The zone of a time that stands before it, or before the day before it: `Z`, `+07:00`, `GMT+7`, `G8T+7`, `ET`.
pub(super) fn zone<'s>(at: Cursor<'s>, before: &[Part]) -> Option<(Zone, Cursor<'s>)> {
    let mut printed = before.iter().rev().filter(|part| !matches!(part, Part::Glue | Part::Weekday(_)));
    let time = match printed.next()? {
        Part::Time(time) => time,
        Part::Day(_) => match printed.next()? {
            Part::Time(time) => time,
            _ => return None,
        },
        _ => return None,
    };
    let touches = at.glued() && matches!(before.last(), Some(Part::Time(_)));
    if let Some((_, here)) = at.mark(&['+', '-']) {
        return here.glued().then(|| offset(at, touches, time.joined || time.precision >= Precision::Second))?;
    }
    if touches && let Some(next) = at.any_word(&["z"]) {
        return Some((Zone::Fixed(Offset::UTC), next));
    }
    greenwich(at).or_else(|| {
        let (name, next) = at.capitals()?;
        Some((words::zone(name)?, next))
    })
}

/// `GMT+7`, `UTC +07:00`, `G8T+7`; also `GMT 7`, from which an address has eaten the plus.
fn greenwich(at: Cursor<'_>) -> Option<(Zone, Cursor<'_>)> {
    let misprint = || at.any_word(&["g"])?.number(1..=1)?.1.any_word(&["t"]);
    let here = at.any_word(&["gmt", "utc"]).or_else(misprint)?;
    if let Some((hours, next)) = here.number(1..=2)
        && (next.at_end() || next.mark(&[')', ']', '|', ',']).is_some())
    {
        return Some((fixed(hours, 0)?, next));
    }
    here.mark(&['+', '-']).and_then(|_| offset(here, true, true))
}

/// A sign and `07`, `7:00`, `0700`.
///
/// Bare hours must touch the time. After a time that is not exact to the second, nor joined to its day by a `T`, a `-` with hours
/// is no offset: in `08:00-09:30` it stands before the end of a span.
fn offset(at: Cursor<'_>, touches: bool, exact: bool) -> Option<(Zone, Cursor<'_>)> {
    let (sign, here) = at.mark(&['+', '-'])?;
    let sign = if sign == '-' { -1 } else { 1 };
    if let Some((both, next)) = here.number(4..=4) {
        return Some((fixed(sign * (both / 100), sign * (both % 100))?, next));
    }
    if sign < 0 && !(exact && here.glued()) {
        return None;
    }
    let (hours, here) = here.number(1..=2)?;
    match two_more(here, &[':']) {
        Some((minutes, next)) => Some((fixed(sign * hours, sign * i16::from(minutes))?, next)),
        None => touches.then_some((fixed(sign * hours, 0)?, here)),
    }
}

/// An offset that some place on Earth has: -12:00 to +14:00, in quarters of an hour.
fn fixed(hours: i16, minutes: i16) -> Option<Zone> {
    let total = i32::from(hours) * 60 + i32::from(minutes);
    let real = minutes % 15 == 0 && minutes.abs() < 60 && (-12 * 60..=14 * 60).contains(&total);
    real.then(|| Offset::from_seconds(total * 60).ok())?.map(Zone::Fixed)
}
