//! Where does a web of links end?
//!
//! A site can list itself without end: calendars that turn for ever, pages of pages, relative links that grow, visits that name
//! themselves in the address. Each limit has a name, so that a report can say which one ended a search; how far each lets go stands in
//! [`limits`](crate::limits). The judgements are pure: they look at one address, never at how many were seen.

use std::fmt;

use url::Url;

use crate::limits::{ADDRESS_BYTES, FIRST_YEAR, FOLLOWING_PAGES, PARAMETERS, SEGMENTS};

/// A limit that ended or narrowed a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bound {
    /// An address of more than [`ADDRESS_BYTES`](crate::limits::ADDRESS_BYTES).
    TooLong,
    /// A path of more than [`SEGMENTS`](crate::limits::SEGMENTS), sitemap indexes below one another beyond [`INDEX_DEPTH`](crate::limits::INDEX_DEPTH), or a page that had to be flattened.
    TooDeep,
    /// A path that repeats itself: `/a/b/a/b`.
    RepeatedSegments,
    /// A query of more than [`PARAMETERS`](crate::limits::PARAMETERS).
    TooManyParameters,
    /// A listing whose address names a visit.
    SessionId,
    /// A listing of a day that is to come, or from before the papers.
    Calendar,
    /// A following page beyond [`FOLLOWING_PAGES`](crate::limits::FOLLOWING_PAGES).
    TooManyPages,
    /// More links than one page may bring.
    TooManyLinks,
    /// More bytes than are read.
    TooLarge,
}

impl Bound {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::TooLong,
        Self::TooDeep,
        Self::RepeatedSegments,
        Self::TooManyParameters,
        Self::SessionId,
        Self::Calendar,
        Self::TooManyPages,
        Self::TooManyLinks,
        Self::TooLarge,
    ];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::TooDeep => "too_deep",
            Self::RepeatedSegments => "repeated_segments",
            Self::TooManyParameters => "too_many_parameters",
            Self::SessionId => "session_id",
            Self::Calendar => "calendar",
            Self::TooManyPages => "too_many_pages",
            Self::TooManyLinks => "too_many_links",
            Self::TooLarge => "too_large",
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How often each limit was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounded([u32; Bound::ALL.len()]);

impl Bounded {
    /// How often this limit was met.
    #[must_use]
    pub fn count(&self, bound: Bound) -> u32 {
        self.0[bound as usize]
    }

    /// The limits that were met, and how often.
    pub fn iter(&self) -> impl Iterator<Item = (Bound, u32)> {
        Bound::ALL.into_iter().zip(self.0).filter(|(_, count)| *count > 0)
    }

    pub(super) fn meet(&mut self, bound: Bound) {
        let count = &mut self.0[bound as usize];
        *count = count.saturating_add(1);
    }
}

/// The limit that an address breaks by itself, whatever it leads to.
#[must_use]
pub fn broken_by(url: &Url) -> Option<Bound> {
    if url.as_str().len() > ADDRESS_BYTES {
        return Some(Bound::TooLong);
    }
    let segments: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
    if repeats(&segments) {
        return Some(Bound::RepeatedSegments);
    }
    if segments.len() > SEGMENTS {
        return Some(Bound::TooDeep);
    }
    let parameters = url.query().map_or(0, |query| query.split('&').count());
    (parameters > PARAMETERS).then_some(Bound::TooManyParameters)
}

/// The limit that the address of a listing breaks; what would be fine for an article is not for a page that leads on.
///
/// `year` is the one of the fetch; without it no day is to come.
#[must_use]
pub fn listing_broken_by(url: &Url, year: Option<i16>) -> Option<Bound> {
    broken_by(url)
        .or_else(|| names_a_visit(url).then_some(Bound::SessionId))
        .or_else(|| is_calendar(url, year).then_some(Bound::Calendar))
        .or_else(|| page_number(url).is_some_and(|page| page > u32::from(FOLLOWING_PAGES)).then_some(Bound::TooManyPages))
}

/// Whether a run of segments stands twice in a row, or a single one three times.
fn repeats(segments: &[&str]) -> bool {
    let segments = &segments[..segments.len().min(2 * SEGMENTS)];
    let twice = |n: usize| segments.windows(2 * n).any(|run| run[..n] == run[n..]);
    segments.windows(3).any(|run| run[0] == run[1] && run[1] == run[2]) || (2..=segments.len() / 2).any(twice)
}

/// Whether a parameter is named after a session, or holds 24 hex digits or more.
fn names_a_visit(url: &Url) -> bool {
    url.query().is_some_and(|query| {
        query.split('&').any(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let hex = value.len() >= 24
                && value.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
                && value.bytes().any(|b| b.is_ascii_alphabetic());
            hex || name.to_ascii_lowercase().contains("sess")
        })
    })
}

/// Whether the address names a year of four digits, alone or with its month, that no listing can be of.
fn is_calendar(url: &Url, year: Option<i16>) -> bool {
    let dated = |part: &str| {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &part[digits..];
        let plain = rest.is_empty() || (rest.starts_with(['-', '.']) && rest[1..].bytes().all(|b| b.is_ascii_digit() || b == b'-'));
        let named: Option<i16> = (plain && matches!(digits, 4 | 6 | 8)).then(|| part[..4].parse().ok()).flatten();
        named.is_some_and(|named| (1900..=2999).contains(&named) && (named < FIRST_YEAR || year.is_some_and(|year| named > year)))
    };
    let in_path = url.path().split('/').any(dated);
    let in_query = url.query().is_some_and(|query| query.split('&').filter_map(|pair| pair.split_once('=')).any(|(_, value)| dated(value)));
    in_path || in_query
}

/// Which page of a listing an address is, when it says so: `?page=2`, `?p=2`, `/trang-2`, `/page/2`, `/2/` after `/p/`, `-p2`.
#[must_use]
pub fn page_number(url: &Url) -> Option<u32> {
    paged(url).map(|(_, number)| number)
}

/// The address of a listing without the number of its page, and without its ending and scheme: what all its pages share.
#[must_use]
pub fn stem(url: &Url) -> String {
    let stem = paged(url).map_or_else(|| (url.path().to_owned(), url.query().unwrap_or_default().to_owned()), |(stem, _)| stem);
    let (path, query) = stem;
    let path = path.trim_end_matches('/');
    let path = [".html", ".htm", ".aspx"].iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path);
    format!("{path}?{query}")
}

/// Path and query without the number of the page, and the number.
fn paged(url: &Url) -> Option<((String, String), u32)> {
    const NAMES: [&str; 6] = ["page", "p", "trang", "paged", "pageindex", "pagenumber"];
    let query = url.query().unwrap_or_default();
    let number_of = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        NAMES.contains(&name.to_ascii_lowercase().as_str()).then(|| value.parse::<u32>().ok()).flatten()
    };
    if let Some(number) = query.split('&').find_map(number_of) {
        let rest: Vec<&str> = query.split('&').filter(|pair| number_of(pair).is_none()).collect();
        return Some(((url.path().to_owned(), rest.join("&")), number));
    }
    let path = url.path().trim_end_matches('/');
    let path = [".html", ".htm", ".aspx"].iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path);
    let digits = path.len() - path.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (before, number) = path.split_at(path.len() - digits);
    let number: u32 = number.parse().ok()?;
    let before = ["/trang-", "/trang/", "/page-", "/page/", "/p/", "-trang-", "-page-", "-p", "/p"]
        .iter()
        .find_map(|mark| before.strip_suffix(mark))?;
    Some(((before.to_owned(), query.to_owned()), number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(address: &str) -> Url {
        Url::parse(&format!("https://a.vn{address}")).expect("the tests write sound addresses")
    }

    #[test]
    fn each_trap_has_its_name() {
        let long = format!("/{}", "x".repeat(ADDRESS_BYTES));
        let deep = (0..=SEGMENTS).fold(String::new(), |path, n| path + "/x" + &n.to_string());
        let rows = [
            (long.as_str(), Some(Bound::TooLong)),
            (deep.as_str(), Some(Bound::TooDeep)),
            ("/a/b/a/b/", Some(Bound::RepeatedSegments)),
            ("/x/a/a/a", Some(Bound::RepeatedSegments)),
            ("/tin-tuc/tin-tuc/", None),
            ("/x?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9", Some(Bound::TooManyParameters)),
            ("/x?ASessionX=1", Some(Bound::SessionId)),
            ("/x?k=0123456789abcdef01234567", Some(Bound::SessionId)),
            ("/x?k=012345678901234567890123", None),
            ("/lich/2031/05/", Some(Bound::Calendar)),
            ("/lich?ngay=2031-05-01", Some(Bound::Calendar)),
            ("/lich/1950/", Some(Bound::Calendar)),
            ("/tin/2025/05/", None),
            ("/x?id=9999", None),
            ("/thoi-su?page=51", Some(Bound::TooManyPages)),
            ("/thoi-su/trang-50", None),
        ];
        for (address, expected) in rows {
            assert_eq!(listing_broken_by(&url(address), Some(2026)), expected, "{address}");
        }
    }

    #[test]
    fn the_pages_of_a_listing_share_a_stem() {
        let rows = [
            ("/thoi-su/", "/thoi-su?p=2", 2),
            ("/thoi-su.html", "/thoi-su/trang-3.html", 3),
            ("/thoi-su.html", "/thoi-su-p4.html", 4),
            ("/thoi-su", "/thoi-su/page/5/", 5),
            ("/l.aspx?c=1", "/l.aspx?page=6&c=1", 6),
        ];
        for (first, later, number) in rows {
            assert_eq!(stem(&url(first)), stem(&url(later)), "{later}");
            assert_eq!((page_number(&url(first)), page_number(&url(later))), (None, Some(number)), "{later}");
        }
    }

    #[test]
    fn the_names_are_apart_and_each_is_counted() {
        let mut bounded = Bounded::default();
        for (times, bound) in Bound::ALL.into_iter().enumerate() {
            for _ in 0..=times {
                bounded.meet(bound);
            }
        }
        let counts: Vec<_> = bounded.iter().map(|(bound, count)| (bound.name(), count)).collect();
        assert_eq!(counts.len(), Bound::ALL.len());
        assert_eq!((counts[0], counts[8]), (("too_long", 1), ("too_large", 9)));
        assert_eq!(bounded.count(Bound::Calendar), 6);
    }
}
