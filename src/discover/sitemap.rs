//! Which articles, or which further sitemaps, does a sitemap name?
//!
//! Read as sitemaps.org (0.9), with the news extension: one pass over the XML, which holds one entry at a time. Entities that the
//! document declares are left as they stand, so there is nothing to expand. Where the XML breaks, what stands before is kept.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use url::Url;

use super::bounds::Bound;
use super::{Fault, Kind, Sieve, Why, shape};
use crate::article::When;
use crate::limits;

/// Reads a sitemap of any form.
pub(super) fn read(text: &str, sieve: &mut Sieve) {
    if text.trim_start().starts_with('<') {
        read_xml(text, sieve);
    } else {
        read_lines(text, sieve);
    }
}

/// A sitemap of plain lines, an address each.
fn read_lines(text: &str, sieve: &mut Sieve) {
    let addresses = text.lines().map(str::trim).filter(|line| line.starts_with("http://") || line.starts_with("https://"));
    for (at, line) in addresses.enumerate() {
        if at >= limits::SITEMAP_ENTRIES {
            return sieve.found.bounded.meet(Bound::TooManyLinks);
        }
        sieve.keep_entry(line, (None, None), limits::SITEMAP_ENTRIES, shape::is_article);
    }
}

/// An element whose text is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Loc,
    Lastmod,
    Publication,
}

/// An entry while it is read.
#[derive(Debug, Default)]
struct Entry {
    loc: String,
    lastmod: String,
    publication: String,
    /// Whether it is an entry of the news extension.
    news: bool,
    /// The field that is open.
    open: Option<Field>,
}

impl Entry {
    fn field(&mut self) -> Option<&mut String> {
        Some(match self.open? {
            Field::Loc => &mut self.loc,
            Field::Lastmod => &mut self.lastmod,
            Field::Publication => &mut self.publication,
        })
    }

    /// Text of the open field, up to a little over what an address may be.
    fn add(&mut self, text: &str) {
        if let Some(field) = self.field().filter(|field| field.len() <= limits::ADDRESS_BYTES) {
            field.push_str(super::floor(text, limits::ADDRESS_BYTES + 1));
        }
    }

    /// A reference to a character or to one of XML's five entities; any other stays as it is written.
    fn add_reference(&mut self, reference: &BytesRef) {
        if let Ok(Some(character)) = reference.resolve_char_ref() {
            self.add(character.encode_utf8(&mut [0; 4]));
            return;
        }
        let name: &str = reference;
        match quick_xml::escape::resolve_predefined_entity(name) {
            Some(text) => self.add(text),
            None => self.add(&format!("&{name};")),
        }
    }

    fn begin(&mut self, name: &str, prefix: &str) {
        let local = local(name);
        self.news |= local == "news";
        let own = name.len() == local.len() + prefix.len();
        self.open = match local {
            // `image:loc` and `video:content_loc` are no addresses of pages.
            "loc" if own => Some(Field::Loc),
            "lastmod" if own => Some(Field::Lastmod),
            "publication_date" => Some(Field::Publication),
            _ => None,
        };
        if let Some(field) = self.field() {
            field.clear();
        }
    }
}

fn read_xml(text: &str, sieve: &mut Sieve) {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut prefix: Option<String> = None;
    let mut entry = Entry::default();
    let mut entries = 0;
    let mut depth = 0_u64;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                depth += 1;
                let name = start.name();
                // The root says which prefix the protocol's own elements bear; mostly none.
                let prefix = prefix.get_or_insert_with(|| prefix_of(&start));
                if matches!(local(name.as_ref()), "url" | "sitemap") {
                    entry = Entry::default();
                }
                entry.begin(name.as_ref(), prefix);
            }
            Ok(Event::Text(text)) => entry.add(&text),
            Ok(Event::CData(text)) => entry.add(&text),
            Ok(Event::GeneralRef(reference)) => entry.add_reference(&reference),
            Ok(Event::End(end)) => {
                depth = depth.saturating_sub(1);
                entry.open = None;
                let name = end.name();
                if matches!(local(name.as_ref()), "url" | "sitemap") {
                    entries += 1;
                    if entries > limits::SITEMAP_ENTRIES {
                        sieve.found.bounded.meet(Bound::TooManyLinks);
                        return;
                    }
                    keep(&std::mem::take(&mut entry), local(name.as_ref()) == "sitemap", sieve);
                }
            }
            Ok(Event::Eof) if depth == 0 => return,
            Ok(Event::Eof) => return sieve.fault(Fault::BrokenXml { at: text.len() as u64, of: text.len() as u64 }),
            Ok(_) => {}
            Err(_) => return sieve.fault(Fault::BrokenXml { at: reader.error_position(), of: text.len() as u64 }),
        }
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or_default()
}

/// The prefix of an element with its colon.
fn prefix_of(start: &BytesStart) -> String {
    let name = start.name();
    let name = name.as_ref();
    name[..name.len() - local(name).len()].to_owned()
}

fn keep(entry: &Entry, is_sitemap: bool, sieve: &mut Sieve) {
    let lastmod = sieve.date(&entry.lastmod);
    if !is_sitemap {
        let published = sieve.date(&entry.publication);
        // A news sitemap names articles alone.
        sieve.keep_entry(&entry.loc, (published, lastmod), limits::SITEMAP_ENTRIES, |url| entry.news || shape::is_article(url));
        return;
    }
    let Some(url) = sieve.resolve(&entry.loc) else { return };
    if !lists_no_articles(&url) {
        // The day in a name is firmer than `lastmod`, which many systems set anew at each request.
        let changed = day_in_name(&url, sieve).or(lastmod);
        sieve.keep_listing(&url, Kind::Sitemap, Why::Indexed, changed);
    }
}

/// Whether the name of a sitemap says that it lists sections, topics or tags: `sitemap-category.xml`, `topics-1.xml`, `…-tags.xml`.
fn lists_no_articles(url: &Url) -> bool {
    const NAMES: [&str; 18] = [
        "category",
        "categories",
        "cate",
        "topic",
        "topics",
        "tag",
        "tags",
        "event",
        "events",
        "author",
        "authors",
        "keyword",
        "keywords",
        "zone",
        "zones",
        "static",
        "pages",
        "menu",
    ];
    let name = url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    name.split(['-', '_', '.']).any(|word| NAMES.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit())))
}

/// The last day of the month or the day in a sitemap's name: `news-2026-1.xml`, `sitemap-article-2026-01-31.xml`.
fn day_in_name(url: &Url, sieve: &Sieve) -> Option<When> {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    let numbers: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect();
    let year = numbers.iter().position(|digits| digits.len() == 4 && digits.starts_with("20"))?;
    let month = numbers.get(year + 1).filter(|digits| digits.len() <= 2)?;
    let day = numbers.get(year + 2).filter(|digits| digits.len() <= 2);
    let first = jiff::civil::Date::new(numbers[year].parse().ok()?, month.parse().ok()?, 1).ok()?;
    let day = match day {
        Some(day) => jiff::civil::Date::new(first.year(), first.month(), day.parse().ok()?).ok()?,
        None => first.last_of_month(),
    };
    When::from_civil(day.at(0, 0, 0, 0), sieve.context.offset)
}
