//! Which articles does a section or front page name, in which order, and where does the list go on?
//!
//! One parse, one walk over its elements in page order.

use std::borrow::Cow;

use scraper::{ElementRef, Html};
use url::Url;

use super::bounds;
use super::{Kind, Sieve, Why, shape};
use crate::limits;
use crate::link::Link;
use crate::tame::tame;
use crate::vietnamese::text::fold;

/// Reads an HTML page.
pub(super) fn read(text: &str, sieve: &mut Sieve) {
    let tamed = tame(text);
    if let Cow::Owned(_) = tamed.html {
        sieve.found.bounded.meet(bounds::Bound::TooDeep);
    }
    if !tamed.whole {
        sieve.found.bounded.meet(bounds::Bound::TooLarge);
    }
    let html = Html::parse_document(&tamed.html);
    let elements = || html.root_element().descendants().filter_map(ElementRef::wrap);
    honour_base(elements(), sieve);
    let is_front = sieve.own.as_ref().is_some_and(|own| own.path() == "/" && own.query().is_none());
    let mut following = Following::default();
    for element in elements() {
        let value = element.value();
        let Some(href) = value.attr("href") else { continue };
        match value.name() {
            "link" => head_link(element, href, sieve, &mut following),
            "a" | "area" => {
                let Some(url) = sieve.resolve(href) else { continue };
                let link = Link::of(&url, sieve.paper);
                if sieve.is_article(link.url(), shape::is_article) {
                    sieve.keep_article(link, None, None, limits::PAGE_LINKS);
                } else {
                    following.consider(element, &url, sieve);
                    consider_listing(element, &url, is_front, sieve);
                }
            }
            _ => {}
        }
    }
    if let Some(url) = following.into_url() {
        sieve.keep_listing(&url, Kind::Page, Why::Following, None);
    }
}

/// Relative links start from the first `<base href>`, wherever it points: the hosts are looked at afterwards.
fn honour_base<'h>(mut elements: impl Iterator<Item = ElementRef<'h>>, sieve: &mut Sieve) {
    let written = elements.find(|e| e.value().name() == "base" && e.attr("href").is_some()).and_then(|e| e.attr("href"));
    if let (Some(written), Some(base)) = (written, &sieve.base)
        && let Ok(base) = base.join(written.trim())
    {
        sieve.base = Some(base);
    }
}

/// A `<link>`: a feed, or the page that follows.
fn head_link(element: ElementRef, href: &str, sieve: &mut Sieve, following: &mut Following) {
    const FEEDS: [&str; 3] = ["application/rss+xml", "application/atom+xml", "application/feed+json"];
    if is_rel(element, "next") {
        following.marked = following.marked.take().or_else(|| sieve.resolve(href));
    } else if is_rel(element, "alternate")
        && element.attr("type").is_some_and(|t| FEEDS.contains(&t.trim().to_ascii_lowercase().as_str()))
        && let Some(url) = sieve.resolve(href)
    {
        sieve.keep_listing(&url, Kind::Feed, Why::Feed, None);
    }
}

fn is_rel(element: ElementRef, wanted: &str) -> bool {
    element.attr("rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(wanted)))
}

/// Where a list goes on: one page, not all whose numbers are printed.
#[derive(Debug, Default)]
struct Following {
    /// What the page itself calls the next one.
    marked: Option<Url>,
    /// The page of the same list with the next higher number.
    numbered: Option<(u32, Url)>,
    /// What a link says is next.
    said: Option<Url>,
}

impl Following {
    fn consider(&mut self, element: ElementRef, url: &Url, sieve: &Sieve) {
        let Some(own) = &sieve.own else { return };
        if is_rel(element, "next") {
            self.marked.get_or_insert_with(|| url.clone());
            return;
        }
        let here = bounds::page_number(own).unwrap_or(1);
        let number = bounds::page_number(url);
        match number {
            Some(number)
                if number > here
                    && self.numbered.as_ref().is_none_or(|(lowest, _)| number < *lowest)
                    && bounds::stem(url) == bounds::stem(own) =>
            {
                self.numbered = Some((number, url.clone()));
            }
            // Without a number it is a page of the same list when only the query differs: `?before=20260307`.
            None if self.said.is_none() && url.path() == own.path() && url.query() != own.query() && says_next(element) => {
                self.said = Some(url.clone());
            }
            _ => {}
        }
    }

    fn into_url(self) -> Option<Url> {
        self.marked.or(self.numbered.map(|(_, url)| url)).or(self.said)
    }
}

/// Nodes of a link that are looked at for its words.
const NODES: usize = 24;

/// Whether the words of a link lead to the next page.
fn says_next(element: ElementRef) -> bool {
    const WORDS: [&str; 10] =
        ["trang sau", "trang tiep", "trang ke", "xem them", "tai them", "tiep theo", "bai cu hon", "tin cu hon", "next", "older"];
    let texts = element.descendants().take(NODES).filter_map(|node| node.value().as_text());
    let mut said = String::new();
    for text in texts {
        said.push_str(super::floor(text, 80));
        said.push(' ');
    }
    let said = crate::vietnamese::text::strip_marks(&fold(&said));
    let said = said.trim();
    said.len() <= 40 && WORDS.iter().any(|word| said.starts_with(word))
}

/// Levels above a link in which a menu is looked for.
const LEVELS: usize = 8;

/// A link to a feed, anywhere; a link to a section, in a menu of the front page.
fn consider_listing(element: ElementRef, url: &Url, is_front: bool, sieve: &mut Sieve) {
    let path = url.path().to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    if matches!(name, "rss" | "rss.xml") || name.split('.').next_back() == Some("rss") || path.contains("/rss/") {
        sieve.keep_listing(url, Kind::Feed, Why::Feed, None);
        return;
    }
    let segments = path.split('/').filter(|segment| !segment.is_empty()).count();
    let may_be_section = is_front && (1..=2).contains(&segments) && url.query().is_none();
    if may_be_section && !shape::leads_to_a_file(url) && !shape::is_in_a_list(url) && is_in_a_menu(element) {
        sieve.keep_listing(url, Kind::Page, Why::Section, None);
    }
}

fn is_in_a_menu(element: ElementRef) -> bool {
    element.ancestors().take(LEVELS).filter_map(ElementRef::wrap).any(|above| {
        let value = above.value();
        let named = |name: &str| {
            let name = name.to_ascii_lowercase();
            name.contains("menu") || name.contains("nav")
        };
        value.name() == "nav" || value.id().is_some_and(named) || value.classes().any(named)
    })
}
