//! What article is on this page?
//!
//! A page in, an article or a miss out: pure, one parse. The cascade, in its order: the paper's own rules with its family's behind
//! them, then the families whose marks the page bears, then the reader that knows no rules. A way of reading that misses is a value,
//! so the next one is tried; rules whose text is plainly worse than what the page holds have missed, too. The article says who read
//! it, and the [`Reading`] which rule failed.

mod chain;
mod effort;
mod explain;
mod generic;
mod kind;
mod lapse;
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

use std::cell::OnceCell;

use memchr::memmem;
use scraper::Html;
use url::Url;

use crate::article::{Article, Miss, Reader};
use crate::limits;
use crate::link::{self, Link};
use crate::page::Page;
use crate::paper::{Field, Paper, Rulebook};
use crate::tame;
use chain::Chain;
pub use explain::Explanation;
pub use generic::Explained;
use generic::second_look;
use lapse::Failure;
pub use lapse::{How, Lapse};
pub use memory::Memory;
use metadata::Metadata;
pub use walk::Dropped;

/// For each field of [`Field::ALL`] whether the rules that read the page point at a place for it (`None`: no rule does), and found
/// anything there.
pub type Pointed = [Option<bool>; Field::ALL.len()];

/// What reading a page gave.
#[derive(Debug)]
pub struct Reading<'b> {
    /// The article, or why there is none.
    pub outcome: Result<Box<Article>, Miss>,
    /// The paper whose page it is, when selectors.toml knows it.
    pub paper: Option<&'b Paper>,
    /// How many elements of the body were stepped over, by reason, in the order of [`crate::paper::Reason::ALL`].
    pub dropped: Dropped,
    /// What the rules that read the page found; nothing for the generic reader.
    pub pointed: Pointed,
    /// The rule that should have read the page and failed, when others read it.
    pub lapse: Option<Lapse>,
}

impl<'b> Reading<'b> {
    fn new(outcome: Result<Box<Article>, Miss>, dropped: Dropped) -> Self {
        Self { outcome, paper: None, dropped, pointed: Pointed::default(), lapse: None }
    }

    fn miss(miss: Miss) -> Self {
        Self::new(Err(miss), Dropped::default())
    }

    fn of(self, paper: Option<&'b Paper>) -> Self {
        Self { paper, ..self }
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
    open(page, book, book.script_strings(), |subject| cascade(subject).of(subject.paper)).unwrap_or_else(Reading::miss)
}

/// Reads a page without any rule, as the last step of the cascade does.
#[must_use]
pub fn read_generic<'b>(page: &Page, book: &'b Rulebook) -> Reading<'b> {
    open(page, book, &[], |subject| generic_alone(subject).of(subject.paper)).unwrap_or_else(Reading::miss)
}

/// Says of every block of a page whether the generic reader keeps it, and why; empty for what is no page.
#[must_use]
pub fn explain(page: &Page, book: &Rulebook) -> Vec<Explained> {
    open(page, book, &[], generic::explain).unwrap_or_default()
}

/// Reads a page with the rules of `book`, and says of each field and each block which rule it is owed to.
#[must_use]
pub fn account(page: &Page, book: &Rulebook) -> Explanation {
    open(page, book, book.script_strings(), explain::page).unwrap_or_else(explain::nothing)
}

/// Parses a page, learns what it says of itself, and hands it to `look`. Of its programs those are kept that hold one of `names`.
fn open<'b, R>(page: &Page, book: &'b Rulebook, names: &[String], look: impl FnOnce(&Subject<'_, 'b>) -> R) -> Result<R, Miss> {
    if page.size() > limits::BODY_BYTES {
        return Err(Miss::TooLarge);
    }
    let text = page.text();
    if !kind::is_html(page, &text.string) {
        return Err(Miss::NotHtml);
    }
    let wanted =
        |tag: &str, script: &str| is_data(tag) || names.iter().any(|name| memmem::find(script.as_bytes(), name.as_bytes()).is_some());
    let tamed = tame::to_read(&text.string, &wanted);
    if text.string.len() > limits::BODY_BYTES || !tamed.whole {
        return Err(Miss::TooLarge);
    }
    let html = Html::parse_document(&tamed.html);
    drop(tamed);
    drop(text);
    let meta = Metadata::of(&html, !names.is_empty());
    let asked = page.final_url.as_deref().or(page.url.as_deref()).and_then(|u| Url::parse(u).ok());
    let base = meta.base_url(asked.as_ref());
    let own = own_address(&meta, asked.as_ref(), base.as_ref(), book);
    let paper = own.as_ref().or(asked.as_ref()).and_then(|u| book.paper_of(u));
    let url = own.map(|u| link::canonical(&u, paper.map_or(&[][..], |p| &p.identity_query)));
    let base = base.or_else(|| url.clone());
    Ok(look(&Subject { html: &html, meta: &meta, page, url: url.as_ref(), base: base.as_ref(), paper, book }))
}

/// Does this start tag of a script say that it holds JSON-LD?
fn is_data(tag: &str) -> bool {
    tag.as_bytes().windows(7).any(|w| w.eq_ignore_ascii_case(b"ld+json"))
}

/// The address that the page says is its own, when it is on the host that answered, and nothing speaks against it; else the one asked.
fn own_address(meta: &Metadata, asked: Option<&Url>, base: Option<&Url>, book: &Rulebook) -> Option<Url> {
    let declared = [meta.canonical.as_deref(), meta.first(&["og:url"])].into_iter().flatten().find_map(|written| {
        let url = match base.or(asked) {
            Some(base) => base.join(written).ok()?,
            None => Url::parse(written).ok()?,
        };
        (matches!(url.scheme(), "http" | "https") && (url.path().len() > 1 || url.query().is_some())).then_some(url)
    });
    match (declared, asked) {
        (Some(declared), Some(asked)) if is_same_site(&declared, asked) && !is_of_another_article(&declared, asked, book) => Some(declared),
        (Some(declared), None) => Some(declared),
        (_, asked) => asked.cloned(),
    }
}

/// Would an article's page be another article's, or none, if it were to be found where it says? So it is where a system writes one address
/// into all its pages. The paper's own number, as the page was asked for by it, is the better witness.
fn is_of_another_article(declared: &Url, asked: &Url, book: &Rulebook) -> bool {
    let Some(paper) = book.paper_of(asked) else { return false };
    let [declared, asked] = [declared, asked].map(link::path_and_query);
    let numbers = || paper.article_number(&asked).zip(paper.article_number(&declared));
    paper.is_article(&asked) == Some(true)
        && (paper.is_article(&declared) == Some(false) || numbers().is_some_and(|(asked, declared)| asked != declared))
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
fn cascade<'b>(subject: &Subject<'_, 'b>) -> Reading<'b> {
    if let Some(miss) = kind::by_address(subject) {
        return Reading::miss(miss);
    }
    let without_rules = OnceCell::new();
    let mut failures: Vec<(Chain, Failure)> = Vec::new();
    let mut first_miss = None;
    for chain in Chain::all(subject) {
        let (found, dropped) = rules::read(subject, &chain);
        match found.and_then(|article| kind::judge(subject, article)) {
            Ok(article) => {
                let Some(worse) = doubt(subject, &chain, &article, &without_rules) else {
                    let lapse = if chain.is_the_papers() { None } else { lapse(subject, &failures) };
                    let pointed = chain.pointed(&article);
                    return Reading { pointed, lapse, ..Reading::new(Ok(Box::new(article)), dropped) };
                };
                failures.push((chain, Failure::Worse(worse)));
            }
            Err(miss) => {
                first_miss = first_miss.or(Some((miss, dropped)));
                failures.push((chain, Failure::Miss(miss)));
            }
        }
    }
    if let Some((miss, dropped)) = first_miss.filter(|_| kind::is_denied(subject)) {
        return Reading::new(Err(kind::explain(subject, miss)), dropped);
    }
    let found = without_rules.into_inner().unwrap_or_else(|| generic_alone(subject));
    match (&found.outcome, first_miss) {
        (Err(_), Some((miss, dropped))) => Reading::new(Err(kind::explain(subject, miss)), dropped),
        (Err(_), None) => found,
        (Ok(_), _) => Reading { lapse: lapse(subject, &failures), ..found },
    }
}

/// How what the rules found is plainly worse than what the page holds. Most pages are not looked at twice.
fn doubt<'b>(
    subject: &Subject<'_, 'b>,
    chain: &Chain,
    article: &Article,
    without_rules: &OnceCell<Reading<'b>>,
) -> Option<second_look::Worse> {
    if kind::is_denied(subject) || !second_look::is_suspect(subject, article) {
        return None;
    }
    let other = without_rules.get_or_init(|| generic_alone(subject)).outcome.as_ref().ok()?;
    second_look::worse(subject, chain, article, other)
}

/// The first of the rules that failed on a page that others read.
fn lapse(subject: &Subject, failures: &[(Chain, Failure)]) -> Option<Lapse> {
    failures.iter().find_map(|(chain, failure)| Lapse::of(subject, chain, *failure))
}

fn generic_alone<'b>(subject: &Subject<'_, 'b>) -> Reading<'b> {
    if let Some(miss) = kind::by_address(subject) {
        return Reading::miss(miss);
    }
    let (found, dropped) = generic::read(subject);
    let judged = found.and_then(|article| kind::judge(subject, article));
    Reading::new(judged.map(Box::new).map_err(|miss| kind::explain(subject, miss)), dropped)
}

/// Who read an article, and by which rules.
#[derive(Debug, Clone)]
struct ReadBy {
    reader: Reader,
    rules: Option<String>,
}
