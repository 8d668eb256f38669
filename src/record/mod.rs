//! What does one article look like on disk? This is the wire format, and its promise is `record.schema.json`.
//!
//! One JSON object a line, UTF-8, the keys in the order of [`Record`]'s fields, every key always there. What is not known is `null`
//! or `[]`. Fields are only ever added, and with them [`SCHEMA`] goes up.

mod print;

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::article::{Article, Image, Kind};
use crate::fingerprint::{article_id, content_hash, simhash_digits};
use crate::page::Page;

pub use print::{Format, Sheet};

/// The version of the record, its first key.
pub const SCHEMA: u32 = 1;

/// One article as it is written down: schema 1, each field a key, in this order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record<'a> {
    /// [`SCHEMA`].
    pub schema: u32,
    /// 16 hex digits of the canonical address, or the id that came with the page.
    pub id: Cow<'a, str>,
    /// The canonical address; `None` only for a saved page that nowhere says where it is from.
    pub url: Option<Cow<'a, str>>,
    /// The paper's id in `selectors.toml`.
    pub site: Option<Cow<'a, str>>,
    /// The paper's province as it is named since 1 July 2025.
    pub province: Option<Cow<'a, str>>,
    /// `article`, `photo`, `video`, `longform` or `live`.
    pub kind: Cow<'a, str>,
    /// The headline.
    pub title: Cow<'a, str>,
    /// The sapo, without dateline.
    pub lead: Option<Cow<'a, str>>,
    /// The paper's mark as printed, without the dash.
    pub dateline: Option<Cow<'a, str>>,
    /// Names alone.
    pub authors: Cow<'a, [String]>,
    /// The agency or paper that the article says it is from.
    pub source: Option<Cow<'a, str>>,
    /// RFC 3339 with the offset it was printed in.
    pub published: Option<Cow<'a, str>>,
    /// RFC 3339 with the offset it was printed in.
    pub modified: Option<Cow<'a, str>>,
    /// The breadcrumb, outermost first.
    pub section: Cow<'a, [String]>,
    /// Keywords as printed.
    pub tags: Cow<'a, [String]>,
    /// BCP 47.
    pub language: Option<Cow<'a, str>>,
    /// Lead and body; paragraphs stand apart by a blank line.
    pub text: Cow<'a, str>,
    /// The pictures in page order.
    pub images: Vec<Picture<'a>>,
    /// How many words and syllables `text` has, split at white space.
    pub words: usize,
    /// 32 hex digits: [`content_hash`] of title and text.
    pub content_hash: Cow<'a, str>,
    /// 16 hex digits: [`simhash`](crate::fingerprint::simhash) of the text.
    pub simhash: Cow<'a, str>,
    /// Who read the page.
    pub extractor: Extractor<'a>,
    /// RFC 3339, UTC, to the second.
    pub fetched_at: Option<Cow<'a, str>>,
    /// What the server said; `None` for a page that was saved without it.
    pub http: Option<Http<'a>>,
    /// 1; one more each time the paper changed the article and it was written again.
    pub revision: u32,
}

/// One picture of a [`Record`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture<'a> {
    /// The largest version of it.
    pub url: Cow<'a, str>,
    /// What stands under it, without the credit.
    pub caption: Option<Cow<'a, str>>,
    /// Who took it.
    pub credit: Option<Cow<'a, str>>,
}

/// Who read the page of a [`Record`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extractor<'a> {
    /// `rules`, `family` or `generic`.
    pub by: Cow<'a, str>,
    /// The id of the rules, a paper's or a family's.
    pub rules: Option<Cow<'a, str>>,
    /// The version of this program.
    pub version: Cow<'a, str>,
}

/// What the server said of the page of a [`Record`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The `ETag` header as sent.
    pub etag: Option<Cow<'a, str>>,
    /// The `Last-Modified` header as sent.
    pub last_modified: Option<Cow<'a, str>>,
    /// The address that answered after all redirects.
    pub final_url: Option<Cow<'a, str>>,
}

/// What a record holds that neither the article nor its page knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provenance<'a> {
    /// The id that came with a saved page, kept unchanged; without one the id is that of the canonical address.
    pub id: Option<&'a str>,
    /// The paper's id in `selectors.toml`.
    pub site: Option<&'a str>,
    /// The paper's province.
    pub province: Option<&'a str>,
    /// How often the article has been written, this time included.
    pub revision: u32,
}

impl Default for Provenance<'_> {
    fn default() -> Self {
        Self { id: None, site: None, province: None, revision: 1 }
    }
}

impl<'a> Record<'a> {
    /// The record of an article that was read from a page.
    #[must_use]
    pub fn new(article: &'a Article, page: &'a Page, of: Provenance<'a>) -> Self {
        let content_hash = content_hash(&article.title, &article.text);
        let url = article.url.as_deref();
        Self {
            schema: SCHEMA,
            id: id(of.id.or(article.key.as_deref()), url, &content_hash),
            url: borrowed(url),
            site: borrowed(of.site),
            province: borrowed(of.province),
            kind: kind(article.kind).into(),
            title: (&article.title).into(),
            lead: borrowed(article.lead.as_deref()),
            dateline: borrowed(article.dateline.as_deref()),
            authors: (&article.authors).into(),
            source: borrowed(article.source.as_deref()),
            published: article.published.map(|when| when.to_string().into()),
            modified: article.modified.map(|when| when.to_string().into()),
            section: (&article.section).into(),
            tags: (&article.tags).into(),
            language: borrowed(article.language.as_deref()),
            text: (&article.text).into(),
            images: article.images.iter().map(Picture::new).collect(),
            words: article.text.split_whitespace().count(),
            content_hash: content_hash.into(),
            simhash: simhash_digits(&article.text).into(),
            extractor: Extractor {
                by: article.by.name().into(),
                rules: borrowed(article.rules.as_deref()),
                version: env!("CARGO_PKG_VERSION").into(),
            },
            fetched_at: page.fetched_at.map(|at| second(at).into()),
            http: page.status.map(|status| Http::new(status, page)),
            revision: of.revision,
        }
    }

    /// The record as its one line, without the line's end.
    ///
    /// Nothing in it ends a line, speaks to a terminal or turns its writing: besides what JSON demands, DEL, the C1 controls (among them
    /// NEL), the separators U+2028 and U+2029 and the bidirectional controls are written as `\u....`.
    ///
    /// # Panics
    ///
    /// Never: a record holds nothing that JSON cannot.
    #[must_use]
    pub fn line(&self) -> String {
        escaped(serde_json::to_string(self).expect("strings, numbers and lists are always JSON"))
    }
}

/// The line of an article: [`Record::new`] and [`Record::line`] at once.
#[must_use]
pub fn line(article: &Article, page: &Page, of: Provenance<'_>) -> String {
    Record::new(article, page, of).line()
}

impl<'a> Picture<'a> {
    fn new(image: &'a Image) -> Self {
        Self { url: (&image.url).into(), caption: borrowed(image.caption.as_deref()), credit: borrowed(image.credit.as_deref()) }
    }
}

impl<'a> Http<'a> {
    fn new(status: u16, page: &'a Page) -> Self {
        Self {
            status,
            etag: borrowed(page.etag.as_deref()),
            last_modified: borrowed(page.last_modified.as_deref()),
            final_url: borrowed(page.final_url.as_deref().or(page.url.as_deref())),
        }
    }
}

fn borrowed(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.map(Cow::Borrowed)
}

/// The given id; else the article's key; else, without a paper, that of the address; else, for a page that nowhere says where it is from, that of its words.
fn id<'a>(given: Option<&'a str>, url: Option<&str>, content_hash: &str) -> Cow<'a, str> {
    match (given, url) {
        (Some(id), _) => id.into(),
        (None, Some(url)) => article_id(url).into(),
        (None, None) => content_hash[..16].to_owned().into(),
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Article => "article",
        Kind::Photo => "photo",
        Kind::Video => "video",
        Kind::Longform => "longform",
        Kind::Live => "live",
    }
}

fn second(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// JSON in which no letter ends a line or speaks to a terminal. Such letters stand in strings only, where an escape is the same.
fn escaped(json: String) -> String {
    let speaks = |letter: char| matches!(letter, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !json.contains(speaks) {
        return json;
    }
    let mut line = String::with_capacity(json.len() + 16);
    for letter in json.chars() {
        if speaks(letter) {
            let _ = write!(line, "\\u{:04x}", u32::from(letter));
        } else {
            line.push(letter);
        }
    }
    line
}
