//! What does the page say of itself, outside of its text: JSON-LD, `OpenGraph`, meta, `<time>`, `<title>`?
//!
//! One walk over the tree gathers everything that a later judgement may ask for. Nothing here is believed yet: the caller asks the
//! paper's rules first, then JSON-LD, then meta.

mod json_ld;

use std::collections::HashSet;

use scraper::{ElementRef, Html, Node};
use url::Url;

use super::effort::spend;
use super::markup::{self, attribute};
use crate::vietnamese::text::{fold, tidy};

pub(super) use json_ld::Ld;

/// What a page says of itself.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    /// `(name, property or itemprop; content)` of every `<meta>`, in page order, names in lower case.
    metas: Vec<(String, String)>,
    /// What JSON-LD says of the article.
    pub ld: Ld,
    /// `<link rel="canonical">`, as written.
    pub canonical: Option<String>,
    /// `<base href>`, as written.
    pub base: Option<String>,
    /// `<title>`, tidied.
    pub page_title: Option<String>,
    /// The text of every `<h1>`, tidied, in page order.
    pub h1s: Vec<String>,
    /// `datetime` of every `<time>`, in page order.
    pub times: Vec<String>,
    /// Short texts of elements whose class or id speaks of a date, in page order.
    pub stamps: Vec<String>,
    /// `<html lang>`.
    pub lang: Option<String>,
    /// Inline scripts without a type of data, for rules that look for a string in them.
    pub scripts: Vec<String>,
}

/// A script longer than this, in bytes, is a program and not data.
const LONGEST_SCRIPT: usize = 2 << 20;

/// So many bytes of JSON-LD are read of a page: as parsed values they take up to forty times as much. Those with the whole text have 100 kB.
const MOST_JSON: usize = 1 << 20;

/// The content of a `<meta>` longer than this, in bytes, is passed over. Lists of keywords have 2 kB.
const LONGEST_META: usize = 64 << 10;

/// A headline, name, keyword or summary longer than this, in bytes, is none. The longest leads have 2,000 letters.
pub(super) const LONGEST_ENTRY: usize = 4 << 10;

/// So many names, keywords or steps a field has at most; the first ones stay.
pub(super) const MOST_ENTRIES: usize = 500;

/// So many headings of level 1 are looked at.
const MOST_H1: usize = 100;

/// So many dates are looked at on a page, and none longer than so many bytes.
const MOST_STAMPS: usize = 24;
const LONGEST_STAMP: usize = 90;

impl Metadata {
    /// Walks the page once. Inline scripts are kept only when `scripts` is true.
    pub fn of(html: &Html, scripts: bool) -> Self {
        let mut found = Self::default();
        let mut json = Vec::new();
        let mut room = MOST_JSON;
        for node in html.tree.nodes() {
            spend(1);
            let Some(element) = ElementRef::wrap(node) else { continue };
            if found.stamps.len() < MOST_STAMPS {
                found.stamp(element);
            }
            match element.value().name() {
                "meta" => found.meta(element),
                "link" => found.link(element),
                "title" if found.page_title.is_none() && !inside_svg(element) => found.page_title = text_of(element, found.is_vietnamese()),
                "h1" if found.h1s.len() < MOST_H1 => found.h1s.extend(text_of(element, found.is_vietnamese())),
                "time" => found.times.extend(attribute(element.value(), "datetime").map(str::to_owned)),
                "base" => found.base = found.base.take().or_else(|| attribute(element.value(), "href").map(str::to_owned)),
                "html" => found.lang = attribute(element.value(), "lang").or_else(|| element.attr("xml:lang")).map(str::to_owned),
                "script" => match attribute(element.value(), "type").map(str::trim) {
                    Some(kind) if kind.to_ascii_lowercase().starts_with("application/ld+json") => {
                        let script = raw_text(element, room);
                        room -= script.len();
                        json.push(script);
                    }
                    None | Some("" | "text/javascript" | "application/javascript" | "module") if scripts => {
                        found.scripts.push(raw_text(element, LONGEST_SCRIPT));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        found.ld = Ld::read(&json, found.canonical.as_deref().or_else(|| found.first(&["og:url"])));
        found
    }

    fn meta(&mut self, element: ElementRef) {
        let content = attribute(element.value(), "content").filter(|c| c.len() <= LONGEST_META && !c.trim().is_empty());
        let Some(content) = content else { return };
        for key in ["name", "property", "itemprop"] {
            if let Some(name) = attribute(element.value(), key) {
                self.metas.push((name.trim().to_ascii_lowercase(), content.to_owned()));
            }
        }
    }

    /// Keeps the text of an element that its class or id calls a date, when it is as short as one.
    fn stamp(&mut self, element: ElementRef) {
        let says = |start: &[u8]| {
            let begins = |word: &[u8]| start.get(..word.len()).is_some_and(|s| s.eq_ignore_ascii_case(word));
            match start[0] | 0x20 {
                b'd' => begins(b"date"),
                b't' => begins(b"time"),
                b'p' => begins(b"pub"),
                b'n' => begins(b"ngay"),
                b's' => begins(b"stamp"),
                _ => false,
            }
        };
        let speaks = |name: &str| (0..name.len()).any(|at| says(&name.as_bytes()[at..]));
        if !element.value().attrs().any(|(name, value)| matches!(name, "class" | "id") && speaks(value)) {
            return;
        }
        let length: usize = element.text().take(12).map(|t| t.trim().len()).sum();
        if (8..=LONGEST_STAMP).contains(&length) {
            self.stamps.extend(text_of(element, self.is_vietnamese()));
        }
    }

    fn link(&mut self, element: ElementRef) {
        let is_canonical =
            attribute(element.value(), "rel").is_some_and(|r| r.split_ascii_whitespace().any(|w| w.eq_ignore_ascii_case("canonical")));
        if is_canonical && self.canonical.is_none() {
            self.canonical = attribute(element.value(), "href").map(str::trim).filter(|h| !h.is_empty()).map(str::to_owned);
        }
    }

    /// The content of the first `<meta>` that bears the first of these names that any bears.
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.all(name).next())
    }

    /// The contents of every `<meta>` of this name, in page order.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let name = name.to_ascii_lowercase();
        self.metas.iter().filter(move |(n, _)| *n == name).map(|(_, content)| content.as_str())
    }

    /// The address against which the page's links are written: `<base>`, else its own.
    pub fn base_url(&self, own: Option<&Url>) -> Option<Url> {
        match (&self.base, own) {
            (Some(base), Some(own)) => own.join(base).ok(),
            (Some(base), None) => Url::parse(base).ok(),
            (None, own) => own.cloned(),
        }
        .filter(|u| matches!(u.scheme(), "http" | "https"))
        .or_else(|| own.cloned())
    }

    /// The name of the paper, as the page gives it.
    pub fn site_name(&self) -> Option<String> {
        let name = self.first(&["og:site_name", "application-name"]).or(self.ld.publisher.as_deref())?;
        Some(tidy(&unescape(name), self.is_vietnamese())).filter(|n| !n.is_empty())
    }

    /// The headline as the head of the page gives it, without the paper's name, the best first.
    pub fn titles(&self) -> Vec<String> {
        let site = self.site_name();
        let given = [self.ld.headline.as_deref(), self.first(&["og:title"]), self.first(&["twitter:title"]), self.page_title.as_deref()];
        let mut titles: Vec<String> = Vec::new();
        for title in given.into_iter().flatten().filter(|title| title.len() <= LONGEST_ENTRY) {
            let title = without_site(&tidy(&unescape(title), self.is_vietnamese()), site.as_deref());
            if !title.is_empty() && !titles.iter().any(|t| fold(t) == fold(&title)) {
                titles.push(title);
            }
        }
        titles
    }

    /// Does the page not say that it is in another language than Vietnamese? Then `Ð` stands for `Đ` in it.
    fn is_vietnamese(&self) -> bool {
        self.lang.as_deref().is_none_or(|l| l.trim().is_empty() || l.trim().get(..2).is_some_and(|l| l.eq_ignore_ascii_case("vi")))
    }

    /// A headline without the paper's name at its end.
    pub fn without_site(&self, title: &str) -> String {
        without_site(title, self.site_name().as_deref())
    }

    /// The summary that the head of the page gives.
    pub fn description(&self) -> Option<String> {
        let given = self.first(&["og:description", "description", "twitter:description"]).or(self.ld.description.as_deref())?;
        Some(tidy(&unescape(given), self.is_vietnamese())).filter(|d| (1..=LONGEST_ENTRY).contains(&d.len()))
    }

    /// Keywords: `news_keywords`, `keywords`, JSON-LD, `article:tag`, the first that gives any.
    pub fn keywords(&self) -> Vec<String> {
        let listed = |text: &str| split_keywords(text);
        let metas = ["news_keywords", "keywords"].iter().find_map(|n| self.first(&[n]).map(listed).filter(|k| !k.is_empty()));
        metas.unwrap_or_else(|| {
            if !self.ld.keywords.is_empty() {
                return unique(self.ld.keywords.iter().take(MOST_ENTRIES).flat_map(|k| split_keywords(k)));
            }
            unique(self.all("article:tag").take(MOST_ENTRIES).flat_map(split_keywords))
        })
    }

    /// The breadcrumb by JSON-LD, else `article:section`; without the home page.
    pub fn section(&self) -> Vec<String> {
        let site = self.site_name().map(|s| fold(&s));
        let is_home = |name: &str| {
            let key = fold(name);
            matches!(key.as_str(), "trang chủ" | "trang nhất" | "home" | "homepage" | "home page" | "trangchu")
                || Some(&key) == site.as_ref()
        };
        let title = self.titles().first().map(|t| fold(t));
        let trail: Vec<String> = self.ld.breadcrumb.iter().take(MOST_ENTRIES).map(|n| tidy(&unescape(n), self.is_vietnamese())).collect();
        let trail: Vec<String> =
            trail.into_iter().filter(|n| (1..=LONGEST_ENTRY).contains(&n.len()) && !is_home(n) && Some(fold(n)) != title).collect();
        if !trail.is_empty() {
            return trail;
        }
        let named = self.first(&["article:section", "articlesection"]).map(str::to_owned).or_else(|| self.ld.section.first().cloned());
        named
            .map(|n| tidy(&unescape(&n), self.is_vietnamese()))
            .filter(|n| !n.is_empty() && !is_home(n) && !n.starts_with("http"))
            .into_iter()
            .collect()
    }

    /// When the page says it was published, as written, the most trusted first.
    pub fn published(&self) -> impl Iterator<Item = &str> {
        const NAMES: [&str; 13] = [
            "article:published_time",
            "article:published:time",
            "og:published_time",
            "datepublished",
            "pubdate",
            "publishdate",
            "publish_date",
            "publish-date",
            "date",
            "dc.date.issued",
            "dc.date",
            "sailthru.date",
            "parsely-pub-date",
        ];
        self.ld.published.as_deref().into_iter().chain(NAMES.iter().filter_map(|n| self.first(&[n])))
    }

    /// When the page says it was changed, as written, the most trusted first.
    pub fn modified(&self) -> impl Iterator<Item = &str> {
        const NAMES: [&str; 6] =
            ["article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified", "dc.date.modified"];
        self.ld.modified.as_deref().into_iter().chain(NAMES.iter().filter_map(|n| self.first(&[n])))
    }

    /// The language that the page declares, as BCP 47 with its region left out where that says nothing (`vi-VN` is `vi`).
    pub fn language(&self) -> Option<String> {
        let named = self
            .lang
            .as_deref()
            .or(self.ld.language.as_deref())
            .or_else(|| self.first(&["inlanguage", "content-language", "language", "og:locale"]))?;
        let code = named.trim().replace('_', "-");
        let mut parts = code.split('-');
        let primary = parts.next().filter(|p| (2..=3).contains(&p.len()) && p.chars().all(|c| c.is_ascii_alphabetic()))?;
        Some(primary.to_ascii_lowercase()).filter(|p| p != "und")
    }
}

/// Text as a reader sees it: entities undone (also twice escaped ones, which `VCCorp`'s JSON-LD holds), tags dropped.
pub(super) fn unescape(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..2 {
        if !(text.contains('&') && text.contains(';') || text.contains('<') && text.contains('>')) {
            break;
        }
        text = unescape_once(&text);
    }
    text
}

/// Entities undone once, tags dropped.
pub(super) fn unescape_once(text: &str) -> String {
    markup::fragment(text).root_element().text().collect()
}

/// `A | Báo B` without the paper's name: a last part that is the site's name, or that begins like a paper's name.
fn without_site(title: &str, site: Option<&str>) -> String {
    let key = site.map(fold);
    for separator in [" | ", " – ", " — ", " - ", " :: ", " • ", " » ", " · "] {
        let Some((head, tail)) = title.rsplit_once(separator) else { continue };
        let tail_key = fold(tail);
        let is_site = key.as_ref().is_some_and(|k| *k == tail_key || k.contains(&tail_key) || tail_key.contains(k.as_str()))
            || tail_key.starts_with("báo ")
            || tail_key.starts_with("tin tức ")
            || tail_key.contains("online")
            || (!tail.contains(' ') && (tail.contains(".vn") || tail.contains(".com")))
            || (separator == " | " && tail.split(' ').count() <= 4);
        if is_site && head.split(' ').count() >= 2 {
            return head.trim().to_owned();
        }
    }
    title.to_owned()
}

fn split_keywords(text: &str) -> Vec<String> {
    unique(unescape(text).split([',', ';']).map(|k| tidy(k.trim().trim_start_matches('#'), true)))
}

/// What is not empty and no longer than [`LONGEST_ENTRY`], each once, in order, the first [`MOST_ENTRIES`].
pub(super) fn unique(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let fits = |word: &String| (1..=LONGEST_ENTRY).contains(&word.len());
    words.into_iter().filter(|word| fits(word) && seen.insert(word.clone())).take(MOST_ENTRIES).collect()
}

/// The text of an element that is a line.
fn text_of(element: ElementRef, vietnamese: bool) -> Option<String> {
    let raw = markup::spaced_text(element);
    let text = (raw.len() <= 4 * LONGEST_ENTRY).then(|| tidy(&raw, vietnamese))?;
    (1..=LONGEST_ENTRY).contains(&text.len()).then_some(text)
}

/// The text of a script, when it has at most so many bytes.
fn raw_text(script: ElementRef, most: usize) -> String {
    let mut out = String::new();
    for node in script.children() {
        if let Node::Text(text) = node.value()
            && out.len() + text.len() <= most.min(LONGEST_SCRIPT)
        {
            out.push_str(text);
        }
    }
    out
}

fn inside_svg(element: ElementRef) -> bool {
    element.ancestors().take(4).filter_map(ElementRef::wrap).any(|a| a.value().name() == "svg")
}
