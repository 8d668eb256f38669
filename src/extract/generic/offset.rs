//! Which offset are the clocks of a host's country set to?
//!
//! Only countries with one time zone, by their top-level domain. Summer time by the European rule (Directive 2000/84/EC): from the
//! last Sunday of March to the last Sunday of October, at 01:00 UTC. Enough for times that a page prints without an offset.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::Offset;

/// Hours ahead of UTC in winter, and whether there is European summer time.
const fn clocks(domain: &[u8]) -> Option<(i8, bool)> {
    Some(match domain {
        b"uk" | b"ie" | b"pt" | b"fo" => (0, true),
        b"is" => (0, false),
        b"de" | b"at" | b"ch" | b"li" | b"lu" | b"fr" | b"be" | b"nl" | b"it" | b"es" | b"dk" | b"no" | b"se" | b"pl" | b"cz" | b"sk"
        | b"hu" | b"si" | b"hr" | b"rs" | b"mt" => (1, true),
        b"fi" | b"ee" | b"lv" | b"lt" | b"gr" | b"bg" | b"ro" | b"ua" | b"cy" => (2, true),
        b"za" | b"ls" | b"na" | b"zw" => (2, false),
        b"tr" | b"sa" | b"ke" => (3, false),
        b"vn" | b"th" | b"kh" | b"la" => (7, false),
        b"cn" | b"sg" | b"my" | b"ph" | b"tw" | b"hk" => (8, false),
        b"jp" | b"kr" => (9, false),
        _ => return None,
    })
}

/// The offset of the country that `host` belongs to by its name, at about `at`; `None` for a host of no country or of one with
/// several time zones.
pub(super) fn of_host(host: &str, at: Timestamp) -> Option<Offset> {
    let domain = host.rsplit('.').next()?;
    let (winter, has_summer) = clocks(domain.as_bytes())?;
    let summer = has_summer && is_summer(at);
    Some(Offset::constant(winter + i8::from(summer)))
}

fn is_summer(at: Timestamp) -> bool {
    let now = Offset::UTC.to_datetime(at);
    let change = |month| last_sunday(now.year(), month).map(|day| day.at(1, 0, 0, 0));
    match (change(3), change(10)) {
        (Some(begin), Some(end)) => begin <= now && now < end,
        _ => false,
    }
}

fn last_sunday(year: i16, month: i8) -> Option<Date> {
    Date::new(year, month, 1).ok()?.nth_weekday_of_month(-1, Weekday::Sunday).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_change_on_the_last_sundays_of_march_and_october() {
        let rows = [
            ("zeitung.example.de", "2024-03-31T00:59:59Z", Some(1)),
            ("zeitung.example.de", "2024-03-31T01:00:00Z", Some(2)),
            ("zeitung.example.de", "2024-10-27T00:59:59Z", Some(2)),
            ("zeitung.example.de", "2024-10-27T01:00:00Z", Some(1)),
            ("paper.example.co.uk", "2024-07-01T00:00:00Z", Some(1)),
            ("shimbun.example.jp", "2024-07-01T00:00:00Z", Some(9)),
            ("bao.example.vn", "2024-07-01T00:00:00Z", Some(7)),
            ("paper.example.com", "2024-07-01T00:00:00Z", None),
            ("", "2024-07-01T00:00:00Z", None),
        ];
        for (host, at, hours) in rows {
            let at: Timestamp = at.parse().expect("the tests write sound instants");
            assert_eq!(of_host(host, at), hours.map(Offset::constant), "{host} {at}");
        }
    }
}
