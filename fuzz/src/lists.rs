//! Where do addresses lead, and which of them may be asked for?

use std::collections::HashSet;
use std::time::Duration;

use baotinh::article::When;
use baotinh::discover::{Asked, Fault, Found, Kind, Listed, bounds, read, shape};
use baotinh::limits;
use baotinh::link::{Key, Link, canonical};
use baotinh::page::{Body, Page};
use baotinh::paper::{Paper, Rulebook};
use baotinh::robots::Robots;
use url::Url;

use super::times::fetched;

/// An address, absolute or as a page of a paper writes it.
pub fn link(data: &[u8]) {
    let written = String::from_utf8_lossy(data);
    let book = Rulebook::built_in();
    for paper in [paper("baolaocai"), paper("baocantho")] {
        let home = Url::parse(&format!("https://{}/tin/", paper.hosts[0])).expect("the paper's host");
        let Ok(url) = home.join(&written) else { continue };
        if !matches!(url.scheme(), "http" | "https") {
            let _ = Link::of(&url, paper);
            continue;
        }
        let once = canonical(&url, &paper.identity_query);
        assert_eq!(canonical(&once, &paper.identity_query), once, "{url}: not idempotent");
        assert_eq!(Url::parse(once.as_str()).as_ref(), Ok(&once), "{url}: its canonical spelling is read as another");
        assert!(once.fragment().is_none() && once.query() != Some(""), "{once}: a fragment or an empty query is left");
        assert!(once.username().is_empty() && once.password().is_none(), "{once}: somebody's name is left");
        assert_eq!(once.scheme(), url.scheme());
        let link = Link::of(&url, paper);
        assert_eq!(link.url(), &once);
        assert_eq!(Link::of(&once, paper), link, "{url}: its canonical spelling is another article");
        assert_eq!(link.key().to_string().len(), 16);
        let mut plain = once.clone();
        if plain.set_scheme("http").is_ok() && plain.port() == once.port() {
            assert_eq!(Link::of(&plain, paper).key(), link.key(), "{once}: another article without encryption");
        }
        if once.path() == url.path() {
            let owner = book.paper_of(&url).map(|paper| &paper.id);
            assert_eq!(book.paper_of(&once).map(|paper| &paper.id), owner, "{url}: its canonical spelling is another paper's");
        }
        let _ = (shape::is_article(&once), bounds::listing_broken_by(&once, Some(2026)), bounds::stem(&once));
    }
}

fn paper(id: &str) -> &'static Paper {
    Rulebook::built_in().paper(id).expect("a paper of the built-in rulebook")
}

/// A robots.txt. Its first line is also the path of an address, and of a rule.
pub fn robots(data: &[u8]) {
    let (path, file) = super::first_line(data);
    let home = Url::parse("https://baotinhmau.vn/").expect("an address");
    let Ok(url) = home.join(&String::from_utf8_lossy(path)) else { return };
    let robots = Robots::read("baotinh", file);
    let allowed = robots.allows(&url);
    assert!(robots.allows(&home.join("/robots.txt").expect("a path")), "robots.txt itself is forbidden");
    assert!(robots.crawl_delay().is_none_or(|delay| !delay.is_zero() && delay <= Duration::from_secs(86_400)));
    assert!(robots.sitemaps(&home).all(|map| matches!(map.scheme(), "http" | "https")));
    assert!(!robots.is_closed(), "a file that was read closes nothing but by its rules");
    let mut other = url.clone();
    other.set_fragment(Some("neo"));
    assert_eq!(robots.allows(&other), allowed, "a fragment decides");
    assert_eq!(Robots::read("BaoTinh", file), robots, "the case of a product token decides");
    let rows = file.split(|byte| *byte == b'\n').collect::<Vec<_>>();
    assert_eq!(Robots::read("baotinh", &rows.join(b"\r\n".as_slice())), robots, "the kind of the line ends decides");
    if !file.starts_with(b"\xef\xbb\xbf") && file.len() < baotinh::limits::ROBOTS_BYTES / 2 {
        let others = [b"User-agent: khachla\nDisallow: /\n\n".as_slice(), file].concat();
        assert_eq!(Robots::read("baotinh", &others).allows(&url), allowed, "a group for another crawler decides");
    }
    for rule in rows.iter().filter_map(|row| std::str::from_utf8(row).ok()) {
        one_rule(rule.trim(), &url);
    }
}

/// A file of one rule, against a matcher that is slow and plain. Only for paths that have one spelling.
fn one_rule(rule: &str, url: &Url) {
    let plain =
        |text: &str| text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'%' | b'#' | b'"' | b'<' | b'>' | b'`' | b'{' | b'}'));
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let (pattern, whole) = rule.strip_suffix('$').map_or((rule, false), |pattern| (pattern, true));
    if !plain(path) || !plain(pattern) || path.contains(['*', '$']) || pattern.contains('$') || pattern.len() > 64 || rule.is_empty() {
        return;
    }
    let robots = Robots::read("baotinh", format!("User-agent: *\nDisallow: {rule}\n").as_bytes());
    let fits = if whole { fits(pattern.as_bytes(), path.as_bytes(), true) } else { fits(pattern.as_bytes(), path.as_bytes(), false) };
    assert_eq!(robots.allows(url), !fits || url.path() == "/robots.txt", "{rule} for {path}");
}

/// Whether a pattern with `*` fits the beginning of a path, or all of it.
fn fits(pattern: &[u8], path: &[u8], whole: bool) -> bool {
    // `reach[n]`: the pattern so far fits the first n bytes of the path.
    let mut reach = vec![false; path.len() + 1];
    reach[0] = true;
    for byte in pattern {
        if *byte == b'*' {
            let first = reach.iter().position(|fits| *fits).unwrap_or(reach.len());
            reach[first..].fill(true);
        } else {
            for n in (1..reach.len()).rev() {
                reach[n] = reach[n - 1] && path[n - 1] == *byte;
            }
            reach[0] = false;
        }
    }
    if whole { reach[path.len()] } else { reach.contains(&true) }
}

/// A feed.
pub fn feed(data: &[u8]) {
    listed(data, Kind::Feed);
}

/// A sitemap.
pub fn sitemap(data: &[u8]) {
    listed(data, Kind::Sitemap);
}

/// A page that lists articles.
pub fn listing(data: &[u8]) {
    listed(data, Kind::Page);
}

fn listed(data: &[u8], kind: Kind) {
    let book = Rulebook::built_in();
    let paper = paper("baolaocai");
    for (url, hops) in [(Some("https://baolaocai.vn/thoi-su/trang-2.html"), 0), (Some("http://www.baolaocai.vn:8080/"), 3), (None, 0)] {
        let page = Page { url: url.map(str::to_owned), fetched_at: Some(fetched()), body: Body::Bytes(data.to_owned()), ..Page::default() };
        let asked = Asked { kind, hops };
        let found = read(&page, book, paper, asked);
        assert_eq!(found, read(&page, book, paper, asked), "two readings of the same bytes differ");
        let own = url.map(|url| Url::parse(url).expect("an address"));
        assert_found(&found, own.as_ref(), paper, hops);
    }
}

fn assert_found(found: &Found, own: Option<&Url>, paper: &Paper, hops: u16) {
    let links = found.articles.iter().map(|listed| &listed.link).chain(found.listings.iter().map(|further| &further.link));
    for link in links {
        let url = link.url();
        assert!(matches!(url.scheme(), "http" | "https"), "{url} is no page of the web");
        let owner = Rulebook::built_in().paper_of(url).map(|paper| &paper.id);
        assert_eq!(owner, Some(&paper.id), "{url} is another's");
        assert!(url.port().is_none() || url.port() == own.and_then(Url::port), "{url}: a port that nobody named");
        assert_eq!(Link::of(url, paper), *link, "{url} is not canonical");
        assert!(bounds::broken_by(url).is_none(), "{url} breaks a bound");
    }
    assert!(own.is_some() || found.articles.is_empty() && found.listings.is_empty(), "links without an address to start from");
    let articles: HashSet<Key> = found.articles.iter().map(|listed| listed.link.key()).collect();
    assert_eq!(articles.len(), found.articles.len(), "an article is listed twice");
    let listings: HashSet<Key> = found.listings.iter().map(|further| further.link.key()).collect();
    assert_eq!(listings.len(), found.listings.len(), "a listing is named twice");
    assert!(own.is_none_or(|own| !listings.contains(&Link::of(own, paper).key())), "a listing leads to itself");
    let room = if found.kind == Kind::Page { limits::PAGE_LINKS } else { limits::SITEMAP_ENTRIES };
    assert!(found.articles.len() <= room && found.listings.len() <= limits::SITEMAP_ENTRIES);
    assert!(found.listings.iter().all(|further| further.asked.hops <= hops.max(1) + 1));
    let dates = |listed: &Listed| listed.published.or(listed.changed).map(When::timestamp);
    if found.kind != Kind::Page {
        assert!(found.articles.is_sorted_by(|a, b| dates(a) >= dates(b)), "an older article stands before a newer one");
    }
    for fault in &found.faults {
        assert!(!fault.to_string().chars().any(char::is_control), "{fault:?} steers a terminal");
        assert!(!matches!(fault, Fault::BrokenXml { at, of } if at > of), "{fault:?}");
    }
}
