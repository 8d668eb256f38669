//! When was it published, as pages and addresses say it?
//!
//! [`read`] takes a snippet (the text of a date element, a `datetime` or `content` attribute, a JSON-LD value, a feed's
//! `pubDate`) and gives the date in it, whatever words stand around: `Cập nhật: Thứ sáu, 26/10/2012 | 9:55:29 AM`,
//! `Posted on Jun. 17, 2025 at 1:43 p.m. ET`, `2025-06-17T13:43:02+0700`, `1750142582`, `17 giờ trước`. It gives nothing
//! rather than a wrong date; a date without its year (`14.9`, `ngày 8-1`) is running text and no date.
//!
//! Text becomes tokens (`tokens`), tokens become days, times, zones and weekdays (`parts`, `days`, `times`, with the
//! vocabulary in `words`), and these become an instant (`reading`). Of several dates the first counts.
//!
//! **Day or month first?** `07/03/2026` is the seventh of March, as Vietnam prints it, also in English editions
//! (`01/12/2023, 07:55`). It is the third of July only where
//!
//! 1. there is no other reading (`02/13/2021`), or only this one falls on the weekday that is printed;
//! 2. or the caller says so ([`Context::month_first`], for instance found by [`month_first`] from other dates of the paper);
//! 3. or the whole text is .NET's American stamp, `3/7/2026 8:01:53 AM`: slashes, seconds, capitals, no zero before day,
//!    month or hour, and nothing around. `AM` or `PM` alone says nothing, Vietnamese papers print both beside the day first;
//! 4. or the other day is still to come at the time of the fetch, and this one is not.
//!
//! The language of a page says nothing by itself. With dots (`07.03.2026`) the day is always first.

mod address;
mod days;
mod parts;
mod reading;
mod times;
mod tokens;
mod words;

use jiff::Timestamp;
use jiff::tz::Offset;

pub use self::address::in_address;
use self::tokens::Snippet;
use crate::article::{VIETNAM, When};
use crate::vietnamese::text::strip_marks;

/// What is known about a page before its dates are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// When the page was fetched. Without it nothing relative is read, and years up to 2100 pass.
    pub fetched_at: Option<Timestamp>,
    /// Whether `07/03/2026` is the third of July; see the module's rule.
    pub month_first: bool,
    /// The offset of times that are printed without one.
    pub offset: Offset,
}

/// Vietnam's reading: day first, +07:00, fetched nobody knows when.
impl Default for Context {
    fn default() -> Self {
        Self { fetched_at: None, month_first: false, offset: VIETNAM }
    }
}

/// How much of a date is known, from coarse to fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `2 năm trước`.
    Year,
    /// `1 tháng trước`, `/202404/`.
    Month,
    /// `2 tuần trước`.
    Week,
    /// A day without a time.
    Day,
    /// `17 giờ trước`, `7 p.m.`
    Hour,
    /// `13:43`.
    Minute,
    /// `13:43:02`, or finer.
    Second,
}

/// A date and how much of it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// The instant; the midnight of the day where no time is known, of the first day where only a month is.
    pub when: When,
    /// How much of it is known.
    pub precision: Precision,
}

impl Dated {
    /// Whether a time of day is known, and not the day alone.
    #[must_use]
    pub fn has_time(self) -> bool {
        self.precision >= Precision::Hour
    }
}

/// The date that a snippet holds; the first, if it holds several.
///
/// Times without an offset are in [`Context::offset`]. Years before 1990 or after the one that follows the fetch, and days that
/// do not exist, give `None`. Only the first 300 characters are looked at, white space aside.
#[must_use]
pub fn read(text: &str, context: &Context) -> Option<Dated> {
    reading::read(&Snippet::new(text), context)
}

/// Words, folded and without marks, that stand beside a printed date and say nothing else.
const BESIDE_A_DATE: &[&str] = &[
    "thu", "hai", "ba", "tu", "nam", "sau", "bay", "chu", "nhat", "cn", "ngay", "thang", "luc", "gio", "phut", "h", "g", "t", "z", "cap",
    "dang", "xuat", "ban", "gmt", "utc", "am", "pm", "sa", "ch", "mon", "tue", "wed", "thur", "fri", "sat", "sun", "updated",
];

/// Whether a text is a whole date with the hour and nothing else, as papers print it between the headline and the story:
/// `Thứ 5, 13/03/2025 | 08:33:10`, `Cập nhật ngày: 06/05/2025 05:21`.
///
/// ```
/// use baotinh::vietnamese::dates::is_line;
///
/// assert!(is_line("Thứ Hai, 08/12/2025, 10:02 (GMT+7)"));
/// assert!(!is_line("Hội mở lúc 8:00 ngày 08/12/2025"));
/// ```
#[must_use]
pub fn is_line(text: &str) -> bool {
    const LONGEST: usize = 80;
    if text.len() > LONGEST || !text.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let plain = strip_marks(text);
    let mut words = plain.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
    words.all(|w| BESIDE_A_DATE.contains(&w)) && read(text, &Context::default()).is_some_and(Dated::has_time) && !is_relative(text)
}

/// Whether a text tells the time from the moment of reading: `17 giờ trước`, `Hôm qua, 08:30`, `5 minutes ago`.
#[must_use]
pub fn is_relative(text: &str) -> bool {
    reading::is_relative(&Snippet::new(text))
}

/// Whether the month stands first in the numeric dates of these texts, as far as a second figure over 12 or a printed weekday
/// shows it; `None` where nothing does, or where the texts contradict each other.
///
/// ```
/// use baotinh::vietnamese::dates::month_first;
///
/// assert_eq!(month_first(["Updated at 13:33:07 02/13/2021", "03/04/2021"]), Some(true));
/// assert_eq!(month_first(["01/12/2023, 07:55"]), None);
/// ```
#[must_use]
pub fn month_first<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<bool> {
    let mut shown = texts.into_iter().filter_map(|text| reading::month_first(&Snippet::new(text)));
    let first = shown.next()?;
    shown.all(|other| other == first).then_some(first)
}

/// How near to the fetch a time is a clock's, in seconds: clocks run apart, and caches keep pages for some minutes.
const CLOCK: i64 = 10 * 60;

/// Words, folded, by which a text says that something was published. A clock has none.
const PUBLISHED: [&str; 12] =
    ["dang", "cap", "xuat", "gui", "posted", "published", "updated", "modified", "created", "publish", "update", "date"];

/// Whether a text is likely the clock of a page's header, which shows when the page was made, and not when the article was.
///
/// It is one when it says `Hôm nay` beside a whole date, or when what was `read` from it lies within ten minutes of the fetch; a
/// day without a time, when it is the day of the fetch. It is none when it says that something was published or updated, when it
/// is relative, or a machine's stamp (ISO 8601, a figure): header clocks are printed for people. Without a fetch time only
/// `Hôm nay` tells.
///
/// So a story of today that is printed without a word and without a time is taken for a clock: ask first the sources that
/// cannot be one. A clock that stands still (a page kept for years) looks like any date.
#[must_use]
pub fn is_clock(text: &str, read: Dated, fetched_at: Option<Timestamp>) -> bool {
    let snippet = Snippet::new(text);
    if snippet.says(&PUBLISHED) || reading::is_relative(&snippet) || reading::is_machine(&snippet) {
        return false;
    }
    if reading::says_today(&snippet) {
        return true;
    }
    fetched_at.is_some_and(|fetched| {
        if read.has_time() {
            (fetched.as_second() - read.when.timestamp().as_second()).abs() <= CLOCK
        } else {
            read.when.day() == When::new(fetched, read.when.offset()).day()
        }
    })
}

#[cfg(test)]
mod tests;
