//! Which articles does this listing name, and where do they go on?
//!
//! A feed, a sitemap or a page that lists articles in, links out: pure, linear in the size of the page, nothing recursive, no panic
//! whatever the page holds. What a server says of its own answer is not believed: an HTML page at `/rss` is read as a page, a feed
//! with `text/html` as a feed.
//!
//! * [`read`]: the front door
//! * [`bounds`]: where a web of links ends, and why
//! * [`shape`]: does an address look like an article's, when selectors.toml does not say

pub mod bounds;
mod feed;
mod listing;
pub mod shape;
mod sitemap;

use std::collections::HashSet;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use jiff::tz::TimeZone;
use url::Url;

use crate::article::{VIETNAM, When};
use crate::charset;
use crate::limits;
use crate::link::{Key, Link, path_and_query};
use crate::page::{Body, Page};
use crate::paper::{Paper, Rulebook};
use crate::vietnamese::dates::{self, Precision};
use bounds::{Bound, Bounded};

/// What a listing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A sitemap of sitemaps.org, or an index of them; also one of plain lines.
    Sitemap,
    /// An HTML page: a section, the front page.
    Page,
}

/// What was asked for, and how it was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Asked {
    /// What the listing was said to be. What it is, is found out.
    pub kind: Kind,
    /// How many following pages, or sitemap indexes, lie between the listing that the paper is known by (0) and this one.
    pub hops: u16,
}

/// An article that a listing names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its address.
    pub link: Link,
    /// When it was published, as far as the listing or the address says.
    pub published: Option<When>,
    /// When it was changed last, as far as the listing says (`lastmod`, `updated`).
    pub changed: Option<When>,
}

/// Another listing that a listing leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Further {
    /// Its address.
    pub link: Link,
    /// What to ask for there.
    pub asked: Asked,
    /// Why it is named.
    pub why: Why,
    /// When it was changed last, or the day for which its name says it stands.
    pub changed: Option<When>,
}

/// Why a listing leads to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// It is the next page of the same list.
    Following,
    /// A feed of the paper.
    Feed,
    /// A sitemap that an index names.
    Indexed,
    /// A section that the menu of the front page names.
    Section,
}

/// What a listing gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What the listing was in truth.
    pub kind: Kind,
    /// The articles, each once: of a page in its order, of feeds and sitemaps the newest first, those without a date last.
    pub articles: Vec<Listed>,
    /// The listings that it leads to, each once; of a sitemap index the newest first.
    pub listings: Vec<Further>,
    /// The limits that left something out.
    pub bounded: Bounded,
    /// Entries that lead to another host, or to no page of the web.
    pub elsewhere: usize,
    /// Entries of feeds and sitemaps on the paper's hosts that have not the form of its articles. Where these are nearly all, the form
    /// in selectors.toml no longer fits.
    pub passed_over: usize,
    /// What is wrong with the listing. What could be read of it was.
    pub faults: Vec<Fault>,
}

/// What is wrong with a listing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A page without an address that a relative link could start from.
    #[error("listing: no address of its own, so that nothing in it can be followed")]
    NoAddress,
    /// XML that breaks off, or is none.
    #[error("listing: the XML is broken at byte {at} of {of}; what stands before, and the links behind where they can be told, were read")]
    BrokenXml {
        /// Bytes before the fault, as UTF-8.
        at: u64,
        /// All bytes, as UTF-8.
        of: u64,
    },
    /// A feed that its reader refuses.
    #[error("feed: cannot be read as RSS, Atom or JSON Feed ({0}); its links were read alone")]
    BrokenFeed(String),
    /// Compressed bytes that end too early, or are none.
    #[error("listing: its gzip stream is broken; what came out before was read")]
    BrokenGzip,
    /// Another thing than was asked for.
    #[error("listing: asked for a {asked:?}, got a {got:?}; read as what it is")]
    OtherKind {
        /// What was asked for.
        asked: Kind,
        /// What came.
        got: Kind,
    },
    /// Nothing at all.
    #[error("listing: nothing in it")]
    Empty,
}

/// Reads a listing of `paper`, which is one of `book`'s: the book knows which addresses are another paper's.
///
/// A body in gzip (`sitemap.xml.gz`) is unpacked here, up to [`limits::SITEMAP_BYTES`]; content encodings of the answer are undone by
/// whoever fetched it. Entities that a document declares for itself are never expanded.
#[must_use]
pub fn read(page: &Page, book: &Rulebook, paper: &Paper, asked: Asked) -> Found {
    let mut faults = Vec::new();
    let unpacked = unpack(page, &mut faults);
    let text = match &unpacked {
        Some(bytes) => charset::decode(bytes, page.content_type.as_deref(), None),
        None => page.text(),
    };
    let kind = kind_of(&text.string, asked.kind);
    let own = page.final_url.as_deref().or(page.url.as_deref()).and_then(|url| Url::parse(url).ok());
    let mut sieve = Sieve {
        book,
        paper,
        own: own.clone(),
        base: own,
        context: dates::Context { fetched_at: page.fetched_at, ..dates::Context::default() },
        year: page.fetched_at.map(|at| at.to_zoned(TimeZone::fixed(VIETNAM)).year()),
        asked: Asked { kind, hops: if kind == asked.kind { asked.hops } else { 0 } },
        seen: HashSet::new(),
        found: Found {
            kind,
            articles: Vec::new(),
            listings: Vec::new(),
            bounded: Bounded::default(),
            elsewhere: 0,
            passed_over: 0,
            faults,
        },
    };
    if text.string.trim().is_empty() {
        sieve.fault(Fault::Empty);
        return sieve.found;
    }
    if kind != asked.kind {
        sieve.fault(Fault::OtherKind { asked: asked.kind, got: kind });
    }
    if sieve.base.is_none() {
        sieve.fault(Fault::NoAddress);
    }
    match kind {
        Kind::Feed => feed::read(sieve.cut(&text.string, limits::BODY_BYTES), &mut sieve),
        Kind::Sitemap => sitemap::read(sieve.cut(&text.string, limits::SITEMAP_BYTES), &mut sieve),
        Kind::Page => listing::read(sieve.cut(&text.string, limits::BODY_BYTES), &mut sieve),
    }
    if kind != Kind::Page {
        let date = |listed: &Listed| std::cmp::Reverse(listed.published.or(listed.changed).map(When::timestamp));
        sieve.found.articles.sort_by_key(date);
        sieve.found.listings.sort_by_key(|further| std::cmp::Reverse(further.changed.map(When::timestamp)));
    }
    sieve.found
}

/// The bytes in a gzip stream, when the body is one. More than a sitemap may hold are not unpacked: the cut that follows tells.
fn unpack(page: &Page, faults: &mut Vec<Fault>) -> Option<Vec<u8>> {
    let Body::Bytes(bytes) = &page.body else { return None };
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return None;
    }
    let mut unpacked = Vec::new();
    let limit = limits::SITEMAP_BYTES as u64 + 1;
    if MultiGzDecoder::new(bytes.as_slice()).take(limit).read_to_end(&mut unpacked).is_err() {
        faults.push(Fault::BrokenGzip);
    }
    Some(unpacked)
}

/// What a text is, by how it begins.
fn kind_of(text: &str, asked: Kind) -> Kind {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.starts_with('{') {
        let head = floor(text, 4_096);
        return if head.contains("jsonfeed.org") || head.contains("\"items\"") { Kind::Feed } else { asked };
    }
    if asked == Kind::Sitemap && (text.starts_with("http://") || text.starts_with("https://")) {
        return Kind::Sitemap;
    }
    match first_element(text).as_str() {
        "rss" | "feed" | "rdf" | "channel" | "entry" => Kind::Feed,
        "urlset" | "sitemapindex" => Kind::Sitemap,
        "html" | "head" | "body" | "div" | "meta" | "title" | "script" | "link" | "a" | "ul" | "table" => Kind::Page,
        _ => asked,
    }
}

/// The name of the first element of a document, in lower case and without prefix; `html` also for `<!DOCTYPE html>`.
fn first_element(text: &str) -> String {
    let mut rest = floor(text, 64 << 10);
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = if rest.starts_with("!--") {
            "-->"
        } else if rest.starts_with('?') {
            "?>"
        } else if let Some(doctype) = rest.strip_prefix('!') {
            let mut words = doctype.split(|c: char| !c.is_ascii_alphanumeric());
            if words.next().is_some_and(|w| w.eq_ignore_ascii_case("doctype"))
                && words.next().is_some_and(|w| w.eq_ignore_ascii_case("html"))
            {
                return "html".to_owned();
            }
            // An internal subset holds tags of its own, none of which is an element of the document.
            if doctype.split('>').next().is_some_and(|head| head.contains('[')) { "]>" } else { ">" }
        } else {
            let name = rest.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-'))).next().unwrap_or_default();
            return name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
        };
        rest = rest.split_once(end).map_or("", |(_, rest)| rest);
    }
    String::new()
}

/// The beginning of a text, of at most so many bytes.
fn floor(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    &text[..end]
}

/// What lets through the links of a listing, and remembers what it kept back.
struct Sieve<'a> {
    book: &'a Rulebook,
    paper: &'a Paper,
    /// The address that answered.
    own: Option<Url>,
    /// What relative links start from.
    base: Option<Url>,
    context: dates::Context,
    /// The year of the fetch.
    year: Option<i16>,
    asked: Asked,
    /// Articles by their keys; listings by the keys, turned over.
    seen: HashSet<(bool, Key)>,
    found: Found,
}

impl Sieve<'_> {
    fn fault(&mut self, fault: Fault) {
        self.found.faults.push(fault);
    }

    /// A text cut to a limit, which is then remembered.
    fn cut<'t>(&mut self, text: &'t str, bytes: usize) -> &'t str {
        if text.len() > bytes {
            self.found.bounded.meet(Bound::TooLarge);
        }
        floor(text, bytes)
    }

    /// The address that a link of the listing leads to, when it is a page of this paper.
    fn resolve(&mut self, written: &str) -> Option<Url> {
        let written = written.trim();
        if written.is_empty() || written.starts_with('#') {
            return None;
        }
        if written.len() > limits::ADDRESS_BYTES {
            self.found.bounded.meet(Bound::TooLong);
            return None;
        }
        let url = self.base.as_ref()?.join(written).ok()?;
        if !self.is_ours(&url) {
            self.found.elsewhere += 1;
            return None;
        }
        if let Some(bound) = bounds::broken_by(&url) {
            self.found.bounded.meet(bound);
            return None;
        }
        Some(url)
    }

    /// Whether an address is this paper's, on the port of this listing or on the usual one.
    fn is_ours(&self, url: &Url) -> bool {
        matches!(url.scheme(), "http" | "https")
            && (url.port().is_none() || url.port() == self.own.as_ref().and_then(Url::port))
            && self.book.paper_of(url).is_some_and(|owner| owner.id == self.paper.id)
    }

    /// Whether the address is an article's: as the paper says, else as `unsaid` does.
    fn is_article(&self, url: &Url, unsaid: impl FnOnce(&Url) -> bool) -> bool {
        self.paper.is_article(&path_and_query(url)).unwrap_or_else(|| unsaid(url))
    }

    /// Keeps an article, if it is new and there is room.
    fn keep_article(&mut self, link: Link, published: Option<When>, changed: Option<When>, room: usize) {
        if self.seen.contains(&(true, link.key())) {
            return;
        }
        if self.found.articles.len() >= room {
            self.found.bounded.meet(Bound::TooManyLinks);
            return;
        }
        self.seen.insert((true, link.key()));
        let published = published.or_else(|| self.date_in(link.url()));
        self.found.articles.push(Listed { link, published, changed });
    }

    /// Keeps an entry of a feed or sitemap, if it is an article of this paper.
    fn keep_entry(&mut self, written: &str, dates: (Option<When>, Option<When>), room: usize, unsaid: impl FnOnce(&Url) -> bool) {
        let Some(url) = self.resolve(written) else { return };
        let link = Link::of(&url, self.paper);
        if self.is_article(link.url(), unsaid) {
            self.keep_article(link, dates.0, dates.1, room);
        } else {
            self.found.passed_over += 1;
        }
    }

    /// Keeps a listing, if it is new, another one than this, and within the limits.
    fn keep_listing(&mut self, url: &Url, kind: Kind, why: Why, changed: Option<When>) {
        let link = Link::of(url, self.paper);
        let own = self.own.as_ref().map(|own| Link::of(own, self.paper).key());
        if own == Some(link.key()) || !self.seen.insert((false, link.key())) {
            return;
        }
        let hops = if matches!(why, Why::Following | Why::Indexed) { self.asked.hops.saturating_add(1) } else { 0 };
        let bound = match why {
            Why::Following if hops > limits::FOLLOWING_PAGES => Some(Bound::TooManyPages),
            Why::Indexed if hops > limits::INDEX_DEPTH => Some(Bound::TooDeep),
            // Sitemaps of other years are no calendar, and some are named by a checksum.
            Why::Indexed => (self.found.listings.len() >= limits::SITEMAP_ENTRIES).then_some(Bound::TooManyLinks),
            _ if self.found.listings.len() >= limits::LISTINGS => Some(Bound::TooManyLinks),
            _ => bounds::listing_broken_by(link.url(), self.year),
        };
        match bound {
            Some(bound) => self.found.bounded.meet(bound),
            None => self.found.listings.push(Further { link, asked: Asked { kind, hops }, why, changed }),
        }
    }

    /// A date as a feed or sitemap writes it.
    fn date(&self, written: &str) -> Option<When> {
        dates::read(written, &self.context).map(|dated| dated.when)
    }

    /// The date that an address holds, when it is one of a day.
    fn date_in(&self, url: &Url) -> Option<When> {
        dates::in_address(url.as_str(), &self.context).filter(|dated| dated.precision >= Precision::Day).map(|dated| dated.when)
    }
}
