//! Which articles does a feed name?
//!
//! RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed are read by feed-rs. What it refuses (a tag left open, an entity that HTML alone knows, a
//! version it does not know) is scanned for its links. A feed that could keep a reader busy for longer than its size allows is scanned
//! at once.

use std::ops::Add;
use std::time::Duration;

use feed_rs::model::Entry;
use feed_rs::parser;
use jiff::Timestamp;
use url::Url;

use super::bounds::Bound;
use super::{Fault, Sieve, floor};
use crate::article::When;
use crate::limits;
use crate::vietnamese::dates;

/// Reads a feed of any form.
pub(super) fn read(text: &str, sieve: &mut Sieve) {
    let text = without_declaration(text);
    if let Some(bound) = too_much_for_a_parser(text) {
        sieve.found.bounded.meet(bound);
        return scan(text, sieve);
    }
    let context = sieve.context;
    let parsed = parser::Builder::new()
        .base_uri(sieve.base.as_ref().map(Url::as_str))
        .sanitize_content(false)
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |written| since_1970(dates::read(written, &context)?.when))
        .build()
        .parse(text.as_bytes());
    match parsed {
        Ok(feed) => feed.entries.into_iter().for_each(|entry| keep(&entry, sieve)),
        Err(reason) => {
            let reason = crate::vietnamese::text::printable(floor(&reason.to_string(), 200)).to_string();
            sieve.fault(Fault::BrokenFeed(reason));
            scan(text, sieve);
        }
    }
}

/// An XML declaration names the charset in which the text no longer is.
fn without_declaration(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    match text.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").map_or(text, |(_, rest)| rest.trim_start()),
        None => text,
    }
}

/// A moment as feed-rs holds it: its type counts from 1970, and adds durations.
fn since_1970<T: Default + Add<Duration, Output = T>>(when: When) -> Option<T> {
    let seconds = u64::try_from(when.timestamp().as_second()).ok()?;
    Some(T::default() + Duration::from_secs(seconds))
}

/// The limit that a feed breaks before it is parsed. An XML reader compares the attributes of a tag pairwise, and looks through the
/// namespaces of all open elements for each name: both are bounded here, and so the time is linear; and the tags, and so the memory.
fn too_much_for_a_parser(text: &str) -> Option<Bound> {
    if !text.starts_with('<') {
        let objects = text.bytes().filter(|byte| *byte == b'{').count();
        return (objects > limits::FEED_TAGS).then_some(Bound::TooLarge);
    }
    let (mut depth, mut tags) = (0_usize, 0_usize);
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(inner) = rest.strip_prefix("<![CDATA[") {
            rest = inner.split_once("]]>")?.1;
            continue;
        }
        if let Some(inner) = rest.strip_prefix("<!--") {
            rest = inner.split_once("-->")?.1;
            continue;
        }
        let Some(end) = tag_end(rest) else { return (rest.len() > limits::TAG_BYTES).then_some(Bound::TooLarge) };
        let tag = &rest[..end];
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if tag[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            tags += 1;
            depth += usize::from(!tag.ends_with('/'));
        }
        if tags > limits::FEED_TAGS {
            return Some(Bound::TooLarge);
        }
        if depth > limits::FEED_DEPTH {
            return Some(Bound::TooDeep);
        }
        rest = &rest[end..];
    }
    None
}

/// Where the tag that begins a text ends: at a `>` outside of quotes, within [`limits::TAG_BYTES`].
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    text.bytes().take(limits::TAG_BYTES).position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        quote.is_none() && byte == b'>'
    })
}

/// The address of an entry: the link that is the entry itself, else any, else an id that is an address.
fn keep(entry: &Entry, sieve: &mut Sieve) {
    let itself = entry.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    let other = entry.links.iter().find(|link| link.rel.as_deref() != Some("enclosure"));
    let id = entry.id.starts_with("http").then_some(entry.id.as_str());
    let Some(written) = itself.or(other).map(|link| link.href.as_str()).or(id) else { return };
    let when = |seconds: i64| Some(When::new(Timestamp::from_second(seconds).ok()?, sieve.context.offset));
    let published = entry.published.and_then(|at| when(at.timestamp()));
    let changed = entry.updated.and_then(|at| when(at.timestamp())).filter(|changed| Some(*changed) != published);
    // An Atom entry of old may have no date but the one of its last change.
    sieve.keep_entry(written, (published, changed), limits::FEED_ENTRIES, |_| true);
}

/// The links of a feed that is no sound XML: `<link>`, `href=`, `<guid>`, with the date that stands in the same entry.
fn scan(text: &str, sieve: &mut Sieve) {
    let mut entry = Scanned::default();
    let mut within = false;
    for (at, _) in text.match_indices('<') {
        let tag = floor(&text[at + 1..], limits::ADDRESS_BYTES);
        let name = tag.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '/'))).next().unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "item" | "entry" => {
                std::mem::take(&mut entry).keep(sieve);
                within = true;
            }
            "/item" | "/entry" => std::mem::take(&mut entry).keep(sieve),
            _ if !within => {}
            "link" | "atom:link" => entry.link = entry.link.take().or_else(|| href(tag).or_else(|| content(tag))),
            "guid" | "id" => entry.id = entry.id.take().or_else(|| content(tag).filter(|id| id.starts_with("http"))),
            "pubdate" | "dc:date" | "published" => entry.published = entry.published.take().or_else(|| content(tag)),
            "updated" => entry.changed = entry.changed.take().or_else(|| content(tag)),
            _ => {}
        }
    }
    entry.keep(sieve);
}

/// An entry of a broken feed.
#[derive(Default)]
struct Scanned {
    link: Option<String>,
    id: Option<String>,
    published: Option<String>,
    changed: Option<String>,
}

impl Scanned {
    fn keep(self, sieve: &mut Sieve) {
        let Some(written) = self.link.or(self.id) else { return };
        let date = |written: Option<String>| written.and_then(|written| sieve.date(&written));
        let dates = (date(self.published), date(self.changed));
        sieve.keep_entry(&written, dates, limits::FEED_ENTRIES, |_| true);
    }
}

/// The `href` of a tag that begins a text.
fn href(tag: &str) -> Option<String> {
    let (attributes, _) = tag.split_once('>')?;
    let (_, value) = attributes.split_once("href=")?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = value[1..].split(quote).next()?;
    Some(unescaped(value))
}

/// The text of the element that begins a text.
fn content(tag: &str) -> Option<String> {
    let (_, rest) = tag.split_once('>')?;
    let rest = rest.trim_start();
    let value = match rest.strip_prefix("<![CDATA[") {
        Some(rest) => rest.split("]]>").next()?,
        None => rest.split('<').next()?,
    };
    let value = unescaped(value.trim());
    (!value.is_empty()).then_some(value)
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}
