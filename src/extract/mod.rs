//! What article is on this page?
//!
//! A page in, an article or a miss out: pure, one parse. The cascade, in its order: the paper's own rules with its family's behind
//! them, then the families whose marks the page bears. A way of reading that misses is a value, so the next one is tried, and the
//! article says who read it.

mod effort;
mod generic;
mod kind;
mod markup;
mod memory;
mod metadata;
mod picture;
mod picture_line;
mod rules;
mod script;
mod story;
mod table;
mod walk;

use memchr::memmem;
use scraper::Html;
use url::Url;

use crate::article::{Article, Miss, Reader};
use crate::link::{self, Link};
use crate::page::Page;
use crate::paper::{Paper, Rulebook};
use crate::tame;
pub use generic::Explained;
pub use memory::Memory;
use metadata::Metadata;
use rules::Chain;
pub use walk::Dropped;

/// What reading a page gave.
#[derive(Debug)]
pub struct Reading<'b> {
    /// The article, or why there is none.
    pub outcome: Result<Box<Article>, Miss>,
    /// The paper whose page it is, when selectors.toml knows it.
    pub paper: Option<&'b Paper>,
    /// How many elements of the body were stepped over, by reason, in the order of [`crate::paper::Reason::ALL`].
    pub dropped: Dropped,
}

impl Reading<'_> {
    fn miss(miss: Miss) -> Self {
        Self { outcome: Err(miss), paper: None, dropped: Dropped::default() }
    }
}

/// A page while it is read.
struct Subject<'a, 'b> {
    html: &'a Html,
    meta: &'a Metadata,
    page: &'a Page,
    /// The article's canonical address.
    url: Option<&'a Url>,
    /// What links and pictures are relative to.
    base: Option<&'a Url>,
    paper: Option<&'b Paper>,
    book: &'b Rulebook,
}

impl Subject<'_, '_> {
    /// What makes all addresses of the article one, when its paper is known.
    fn key(&self) -> Option<String> {
        Some(Link::of(self.url?, self.paper?).key().to_string())
    }
}

/// Reads a page with the rules of `book`. Never panics, whatever the page holds.
#[must_use]
pub fn read<'b>(page: &Page, book: &'b Rulebook) -> Reading<'b> {
    open(page, book, book.script_strings(), |subject| {
        let (outcome, dropped) = cascade(subject);
        Reading { outcome, paper: subject.paper, dropped }
    })
    .unwrap_or_else(Reading::miss)
}

/// Reads a page without any rule, as the last step of the cascade does.
#[must_use]
pub fn read_generic<'b>(page: &Page, book: &'b Rulebook) -> Reading<'b> {
    open(page, book, &[], |subject| {
        let (outcome, dropped) = generic_alone(subject);
        Reading { outcome, paper: subject.paper, dropped }
    })
    .unwrap_or_else(Reading::miss)
}

/// Says of every block of a page whether the generic reader keeps it, and why; empty for what is no page.
#[must_use]
pub fn explain(page: &Page, book: &Rulebook) -> Vec<Explained> {
    open(page, book, &[], generic::explain).unwrap_or_default()
}

/// Parses a page, learns what it says of itself, and hands it to `look`. Of its programs those are kept that hold one of `names`.
fn open<'b, R>(page: &Page, book: &'b Rulebook, names: &[String], look: impl FnOnce(&Subject<'_, 'b>) -> R) -> Result<R, Miss> {
    let text = page.text();
    if !kind::is_html(page, &text.string) {
        return Err(Miss::NotHtml);
    }
    let wanted =
        |tag: &str, script: &str| is_data(tag) || names.iter().any(|name| memmem::find(script.as_bytes(), name.as_bytes()).is_some());
    let html = Html::parse_document(&tame::to_read(&text.string, &wanted));
    let meta = Metadata::of(&html, !names.is_empty());
    let asked = page.final_url.as_deref().or(page.url.as_deref()).and_then(|u| Url::parse(u).ok());
    let base = meta.base_url(asked.as_ref());
    let own = own_address(&meta, asked.as_ref(), base.as_ref());
    let paper = own.as_ref().or(asked.as_ref()).and_then(|u| book.paper_of(u));
    let url = own.map(|u| link::canonical(&u, paper.map_or(&[][..], |p| &p.identity_query)));
    let base = base.or_else(|| url.clone());
    Ok(look(&Subject { html: &html, meta: &meta, page, url: url.as_ref(), base: base.as_ref(), paper, book }))
}

/// Does this start tag of a script say that it holds JSON-LD?
fn is_data(tag: &str) -> bool {
    tag.as_bytes().windows(7).any(|w| w.eq_ignore_ascii_case(b"ld+json"))
}

/// The address that the page says is its own, when it is on the host that answered or a host that shares its paper; else the one asked.
fn own_address(meta: &Metadata, asked: Option<&Url>, base: Option<&Url>) -> Option<Url> {
    let declared = [meta.canonical.as_deref(), meta.first(&["og:url"])].into_iter().flatten().find_map(|written| {
        let url = match base.or(asked) {
            Some(base) => base.join(written).ok()?,
            None => Url::parse(written).ok()?,
        };
        (matches!(url.scheme(), "http" | "https") && (url.path().len() > 1 || url.query().is_some())).then_some(url)
    });
    match (declared, asked) {
        (Some(declared), Some(asked)) if is_same_site(&declared, asked) => Some(declared),
        (Some(declared), None) => Some(declared),
        (_, asked) => asked.cloned(),
    }
}

/// Do two hosts share their name, `www.`, `m.` and `amp.` apart?
fn is_same_site(a: &Url, b: &Url) -> bool {
    let bare = |u: &Url| {
        let host = u.host_str().unwrap_or_default().to_owned();
        ["www.", "m.", "amp.", "mobile."].iter().find_map(|p| host.strip_prefix(p).map(str::to_owned)).unwrap_or(host)
    };
    bare(a) == bare(b)
}

/// Tries one way of reading after the other, the generic reader last; the first miss is the one reported, since it is the paper's own.
fn cascade(subject: &Subject) -> (Result<Box<Article>, Miss>, Dropped) {
    if let Some(miss) = kind::by_address(subject) {
        return (Err(miss), Dropped::default());
    }
    let mut first_miss: Option<(Miss, Dropped)> = None;
    for chain in Chain::all(subject) {
        let (found, dropped) = rules::read(subject, &chain);
        match found.and_then(|article| kind::judge(subject, article)) {
            Ok(article) => return (Ok(Box::new(article)), dropped),
            Err(miss) => first_miss = first_miss.or(Some((miss, dropped))),
        }
    }
    match first_miss {
        Some((miss, dropped)) if kind::is_denied(subject) => (Err(kind::explain(subject, miss)), dropped),
        Some((miss, dropped)) => match generic_alone(subject) {
            (Err(_), _) => (Err(kind::explain(subject, miss)), dropped),
            found => found,
        },
        None => generic_alone(subject),
    }
}

fn generic_alone(subject: &Subject) -> (Result<Box<Article>, Miss>, Dropped) {
    if let Some(miss) = kind::by_address(subject) {
        return (Err(miss), Dropped::default());
    }
    let (found, dropped) = generic::read(subject);
    let judged = found.and_then(|article| kind::judge(subject, article));
    (judged.map(Box::new).map_err(|miss| kind::explain(subject, miss)), dropped)
}

/// Who read an article, and by which rules.
#[derive(Debug, Clone)]
struct ReadBy {
    reader: Reader,
    rules: Option<String>,
}
