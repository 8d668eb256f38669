//! Where does a paper list its articles, and how is that remembered?

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use url::Url;

use crate::discover::{Asked, Further, Kind, Listed, Why};
use crate::frontier;
use crate::link::Link;
use crate::paper::Paper;

/// A sitemap with a day in its address is asked for as far back as this without `--since`: what a paper adds late stands in
/// yesterday's, and a crawl that missed a week finds the rest in the section pages.
const DAYS_BACK: i32 = 7;

/// Most days for which a dated sitemap is asked: a century of newspapers.
const MOST_DAYS: i32 = 36_525;

/// A sitemap of an index that changed so long ago is an archive.
const RECENT: i64 = 3 * 24 * 60 * 60;

/// An address and what is to be asked for there.
pub(super) type Seed = (Url, Asked);

/// The listings of a paper that selectors.toml names: its feeds, its sitemaps for these days, its start pages; without start pages its
/// front page.
pub(super) fn of(paper: &Paper, since: Option<Date>, today: Date) -> Vec<Seed> {
    let asked = |kind| Asked { kind, hops: 0 };
    let mut seeds: Vec<Seed> = paper.feeds.iter().map(|url| (url.clone(), asked(Kind::Feed))).collect();
    let oldest = since.unwrap_or_else(|| today.saturating_sub(DAYS_BACK.days()));
    for sitemap in &paper.sitemaps {
        let days = if sitemap.has_day() { MOST_DAYS } else { 0 };
        let backwards = (0..=days).map(|back| today.saturating_sub(back.days())).take_while(|day| *day >= oldest || *day == today);
        for day in backwards {
            let url = sitemap.on(day);
            if seeds.last().is_none_or(|(last, _)| *last != url) {
                seeds.push((url, asked(Kind::Sitemap)));
            }
        }
    }
    seeds.extend(paper.start_pages.iter().map(|url| (url.clone(), asked(Kind::Page))));
    if paper.start_pages.is_empty() {
        let front = paper.hosts.first().and_then(|host| Url::parse(&format!("https://{host}/")).ok());
        seeds.extend(front.map(|url| (url, asked(Kind::Page))));
    }
    seeds
}

/// Whether this is the address of a sitemap of the paper for one day or month, whichever that is. Not each has one.
pub(super) fn is_dated(paper: &Paper, url: &Url, today: Date) -> bool {
    let dated = paper.sitemaps.iter().filter(|sitemap| sitemap.has_day());
    dated.map(|sitemap| of_any_day(&sitemap.on(today))).any(|form| form == of_any_day(url))
}

fn of_any_day(url: &Url) -> String {
    url.as_str().split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("0")
}

/// A listing as the frontier keeps it. What is asked for there stands in the fragment, which is never sent: `#sitemap.1`.
pub(super) fn listing(link: &Link, asked: Asked, kind: frontier::Kind, newest: Option<Timestamp>) -> frontier::Link {
    let word = match asked.kind {
        Kind::Feed => "feed",
        Kind::Sitemap => "sitemap",
        Kind::Page => "page",
    };
    let mut url = link.url().clone();
    url.set_fragment(Some(&format!("{word}.{}", asked.hops)));
    frontier::Link { key: link.key(), url: url.into(), kind, newest }
}

/// An article as the frontier keeps it.
pub(super) fn article(listed: &Listed) -> frontier::Link {
    let newest = listed.published.or(listed.changed).map(crate::article::When::timestamp);
    frontier::Link { key: listed.link.key(), url: listed.link.url().to_string(), kind: frontier::Kind::Article, newest }
}

/// The address of a listing out of the frontier, and what is to be asked for there.
pub(super) fn asked(kept: &Url) -> (Url, Asked) {
    let (word, hops) = kept.fragment().and_then(|mark| mark.split_once('.')).unwrap_or(("page", "0"));
    let kind = match word {
        "feed" => Kind::Feed,
        "sitemap" => Kind::Sitemap,
        _ => Kind::Page,
    };
    let mut url = kept.clone();
    url.set_fragment(None);
    (url, Asked { kind, hops: hops.parse().unwrap_or(0) })
}

/// Another listing as the frontier keeps it. A following page is an archive, and so is a sitemap that has not changed for days.
pub(super) fn further(further: &Further, now: Timestamp) -> frontier::Link {
    let changed = further.changed.map(crate::article::When::timestamp);
    let old = changed.is_some_and(|changed| now.as_second() - changed.as_second() > RECENT);
    let kind = match further.why {
        Why::Following => frontier::Kind::Archive,
        Why::Indexed if old => frontier::Kind::Archive,
        Why::Indexed | Why::Feed | Why::Section => frontier::Kind::Listing,
    };
    listing(&further.link, further.asked, kind, changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Rulebook;

    fn book() -> Rulebook {
        let toml = "[papers.baomau]\nname = \"Báo Mẫu\"\nhosts = [\"baomau.vn\"]\nfeeds = [\"https://baomau.vn/rss\"]\n\
                    sitemaps = [\"https://baomau.vn/tin-{yyyy}-{m}.xml\", \"https://baomau.vn/sitemap.xml\"]\n\
                    [papers.baokhac]\nname = \"Báo Khác\"\nhosts = [\"baokhac.vn/khmer\"]\n";
        Rulebook::read(toml, "t.toml").expect("sound rules")
    }

    fn urls(seeds: &[Seed]) -> Vec<&str> {
        seeds.iter().map(|(url, _)| url.as_str()).collect()
    }

    #[test]
    fn a_dated_sitemap_is_asked_for_back_to_the_first_day_wanted_each_address_once() {
        let book = book();
        let (today, since) = (jiff::civil::date(2026, 3, 2), jiff::civil::date(2025, 12, 31));
        let months = ["https://baomau.vn/tin-2026-3.xml", "https://baomau.vn/tin-2026-2.xml"];
        let rest = ["https://baomau.vn/sitemap.xml", "https://baomau.vn/"];
        let of_week = urls(&of(&book.papers()[0], None, today)).join(" ");
        assert_eq!(of_week, ["https://baomau.vn/rss", months[0], months[1], rest[0], rest[1]].join(" "));
        let back = of(&book.papers()[0], Some(since), today);
        let expected = ["https://baomau.vn/tin-2026-1.xml", "https://baomau.vn/tin-2025-12.xml"];
        assert_eq!(urls(&back)[3..5], expected);
        assert_eq!(urls(&of(&book.papers()[1], None, today)), ["https://baokhac.vn/khmer/"]);
    }

    #[test]
    fn a_dated_address_is_known_on_any_day() {
        let book = book();
        let today = jiff::civil::date(2026, 3, 2);
        for (address, expected) in [("tin-2025-12.xml", true), ("tin-2026-3.xml", true), ("tin-2026.xml", false), ("sitemap.xml", false)] {
            let url = Url::parse(&format!("https://baomau.vn/{address}")).expect("an address");
            assert_eq!(is_dated(&book.papers()[0], &url, today), expected, "{address}");
        }
    }

    #[test]
    fn what_a_listing_is_comes_back_with_its_address() {
        let book = book();
        let url = Url::parse("https://baomau.vn/sitemap.xml?x=1").expect("an address");
        let link = Link::of(&url, &book.papers()[0]);
        for (kind, hops) in [(Kind::Feed, 0), (Kind::Sitemap, 2), (Kind::Page, 50)] {
            let kept = listing(&link, Asked { kind, hops }, frontier::Kind::Listing, None);
            assert_eq!(asked(&Url::parse(&kept.url).expect("an address")), (url.clone(), Asked { kind, hops }));
        }
    }
}
