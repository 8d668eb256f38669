//! What do the fields of an article hold that no rule knows?
//!
//! A page of a Vietnamese paper is read as its papers print ([`rules::article`]); any other by what newspapers of the world have in
//! common: a headline on which two prints agree, names without jobs, times in the offset of the paper's country.

use jiff::tz::Offset;

use super::super::chain::Chain;
use super::super::story::Story;
use super::super::walk::What;
use super::super::{ReadBy, Subject, kind, metadata, rules};
use super::body::letters;
use super::hints::Hint;
use super::names;
use super::offset;
use super::outline::Outline;
use super::phrases;
use crate::article::{Article, VIETNAM, When};
use crate::vietnamese::dates;
use crate::vietnamese::text::{fold, tidy};

/// What the page prints about its article near the headline.
#[derive(Default)]
pub(super) struct Printed {
    /// Names by element or by word, the surest first.
    people: Vec<Vec<String>>,
    /// Lines with a date in them.
    dates: Vec<String>,
    /// A newsroom that signs at the end.
    desk: Option<String>,
}

/// How far from the headline a byline stands, in blocks.
const NEAR: usize = 40;

/// How far the lines of several authors stand apart, in blocks.
const APART: usize = 6;

fn join(names: &mut Vec<String>, more: Vec<String>) {
    for name in more {
        if !names.contains(&name) {
            names.push(name);
        }
    }
}

impl Printed {
    /// Looks through the page's blocks from the headline on.
    pub fn of(outline: &Outline, headline: Option<usize>) -> Self {
        let from = headline.or_else(|| outline.blocks.iter().position(|b| matches!(b.what, What::Heading(1)))).unwrap_or(0);
        let (mut named, mut said): (Vec<Vec<String>>, Vec<Vec<String>>) = (Vec::new(), Vec::new());
        let (mut bold, mut dates) = (Vec::new(), Vec::new());
        let (mut before_text, mut named_at) = (true, 0);
        for (distance, at) in (from..outline.blocks.len()).enumerate() {
            let block = &outline.blocks[at];
            let size = letters(&block.text);
            if matches!(block.what, What::Picture(..) | What::Caption(_)) {
                continue;
            }
            if size > 120.0 {
                before_text = false;
                continue;
            }
            let near = outline.hints_around(at, 3);
            if near.has(Hint::Author) && !near.has(Hint::Comments) && named.len() < 6 {
                let found = names::of_byline(&block.text);
                // Each author of several may have a line.
                match named.first_mut() {
                    Some(first) if distance <= named_at + APART => join(first, found),
                    _ => {
                        if named.is_empty() {
                            named_at = distance;
                        }
                        named.push(found);
                    }
                }
                named.retain(|n| !n.is_empty());
            } else if distance < NEAR && said.len() < 3 {
                said.push(names::in_line(&block.text));
                said.retain(|n: &Vec<String>| !n.is_empty());
            }
            before_text &= size < 100.0;
            if before_text && block.style.bold && size < 40.0 && bold.is_empty() && matches!(block.what, What::Paragraph) {
                bold = names::of_byline(&block.text);
                bold.retain(|n| n.contains(' '));
            }
            if dates.len() < 12 && block.text.bytes().filter(u8::is_ascii_digit).count() >= 4 {
                dates.push(block.text.clone());
            }
        }
        named.extend(said);
        named.push(bold);
        let desk =
            outline.blocks.iter().rev().find(|b| b.linked == 0 && letters(&b.text) < 40.0 && phrases::is_desk(&phrases::key(&b.text)));
        Self { people: named, dates, desk: desk.map(|b| b.text.clone()) }
    }
}

/// Is what was read Vietnamese? `language` is what its letters say.
pub(super) fn is_vietnamese(subject: &Subject, language: Option<&str>) -> bool {
    match language {
        Some(found) => found == "vi",
        None => subject.meta.language().as_deref() == Some("vi") || subject.paper.is_some_and(|p| p.language == "vi"),
    }
}

/// The article of a page that is not Vietnamese.
pub(super) fn article(subject: &Subject, printed: &Printed, title: String, story: Story, by: ReadBy) -> Article {
    let published = published(subject, printed);
    let modified = subject.meta.modified().find_map(|t| dates::read(t, &context(subject))).map(|d| d.when);
    let section = subject.meta.section();
    let kind = kind::of(subject, &story, &section);
    let language = kind::language(subject, &title, &story);
    Article {
        url: subject.url.map(ToString::to_string),
        key: subject.key(),
        kind,
        lead: story.lead,
        dateline: story.dateline,
        authors: authors(subject, printed, story.authors),
        source: story.source,
        published,
        modified: modified.filter(|m| published.is_none_or(|p| m.timestamp() >= p.timestamp())),
        section,
        tags: subject.meta.keywords(),
        language,
        text: story.text,
        images: story.images,
        by: by.reader,
        rules: by.rules,
        title,
    }
}

/// The headline: what JSON-LD and the page print alike, unless the head of the page has it otherwise and says so twice; else what the
/// page gives to those who share it.
pub(super) fn title(subject: &Subject) -> Option<String> {
    let meta = subject.meta;
    let clean = |t: &str| tidy(&metadata::unescape(t), false);
    let h1s: Vec<String> = meta.h1s.clone();
    let ld = meta.ld.headline.as_deref().map(clean).filter(|t| !t.is_empty());
    let known: Vec<&String> = h1s.iter().chain(ld.iter()).collect();
    let shared = meta.first(&["og:title", "twitter:title"]).map(clean).map(|t| meta.without_site(&without_tail(t, &known)));
    let named = meta.page_title.as_deref().map(|t| meta.without_site(&without_tail(t.to_owned(), &known)));
    let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a.as_deref().map(fold) == b.as_deref().map(fold);
    let printed = ld.as_ref().and_then(|l| h1s.iter().find(|h| fold(h) == fold(l))).cloned();
    let found = match (printed, shared) {
        (Some(printed), Some(shared)) if fold(&printed) == fold(&shared) || same(&Some(shared.clone()), &named) => Some(printed),
        (Some(printed), Some(shared)) if words_shared(&printed, &shared) < 2 => Some(printed),
        (_, Some(shared)) if !shared.is_empty() => Some(shared),
        (printed, _) => printed.or(ld).or_else(|| h1s.first().cloned()).or(named),
    };
    found.filter(|t| !t.is_empty()).or_else(|| rules::title(subject, &Chain::none()))
}

/// How many words of more than three letters two headlines have in common; as many as matter where a script sets no spaces.
fn words_shared(a: &str, b: &str) -> usize {
    if !a.contains(' ') || !b.contains(' ') {
        return 2;
    }
    let (a, b) = (fold(a), fold(b));
    let words = |t: &str| t.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 3).map(str::to_owned).collect::<Vec<_>>();
    let b = words(&b);
    words(&a).iter().filter(|w| b.contains(w)).count()
}

/// `Headline * The Paper * by Jane` where `Headline` is known without what follows.
fn without_tail(title: String, known: &[&String]) -> String {
    let cut = known.iter().find_map(|k| {
        let at = title.find(k.as_str())?;
        let rest = title[at + k.len()..].trim_start();
        let begins = rest.starts_with(['|', '-', '–', '—', '*', '•', '·', '»', ':']);
        (begins && k.split(' ').count() > 1).then(|| (*k).clone())
    });
    cut.unwrap_or(title)
}

/// JSON-LD's names, those of the head, those that are printed; the paper itself or an agency where nobody else is named.
fn authors(subject: &Subject, printed: &Printed, in_story: Vec<String>) -> Vec<String> {
    let meta = subject.meta;
    let clean = |t: &str| tidy(&metadata::unescape(t), false);
    let own: Vec<String> = [meta.site_name(), meta.ld.publisher.clone()].into_iter().flatten().map(|n| fold(&n)).collect();
    let host = subject.url.and_then(|u| u.host_str()).unwrap_or_default().trim_start_matches("www.").to_lowercase();
    let is_own = |name: &String| {
        let key = fold(name);
        own.contains(&key)
            || key == host
            || host.split('.').next().is_some_and(|h| h == key.replace([' ', '-'], ""))
            || key.contains(".com")
    };
    let ld: Vec<String> = meta.ld.authors.iter().map(|a| clean(a)).filter(|a| !a.starts_with("http")).collect();
    let heads = [
        "author",
        "article:author",
        "dc.creator",
        "dc.author",
        "byl",
        "articleauthor",
        "parsely-author",
        "sailthru.author",
        "cxenseparse:author",
        "twitter:misc:written by",
    ];
    let labelled = (1..=2).find_map(|n| {
        let label = meta.first(&[&format!("twitter:label{n}")])?.to_lowercase();
        let says_who = ["written by", "verfasst von", "geschrieben von", "écrit par", "escrito por", "scritto da", "skrevet av", "author"];
        says_who.iter().any(|s| label.starts_with(s)).then(|| meta.first(&[&format!("twitter:data{n}")])).flatten()
    });
    let in_head: Vec<String> =
        heads.iter().filter_map(|n| meta.first(&[n])).chain(labelled).map(clean).filter(|a| !a.starts_with("http")).collect();
    let people = |lines: &[String]| {
        let found = metadata::unique(lines.iter().flat_map(|a| names::of_byline(a)));
        found.into_iter().filter(|n| !is_own(n)).collect::<Vec<_>>()
    };
    let persons = people(&ld);
    if !persons.is_empty() {
        return persons;
    }
    let in_head_names = in_head.iter().map(|line| names::of_byline(line));
    for mut found in in_head_names.chain(printed.people.iter().cloned()) {
        found.retain(|n| !is_own(n) && (n.contains(' ') || !n.is_ascii()));
        if !found.is_empty() {
            return found;
        }
    }
    if !in_story.is_empty() {
        return in_story;
    }
    let own = meta.ld.own_author.as_deref().map(clean);
    let (others, ours): (Vec<String>, Vec<String>) =
        ld.into_iter().chain(in_head).chain(own).chain(printed.desk.clone()).partition(|n| !is_own(n));
    others.into_iter().chain(ours).find(|a| !a.is_empty() && a.split(' ').count() <= 6).into_iter().collect()
}

/// JSON-LD, meta, `<time>`, what is printed near the headline, the address: the first that gives a time, else the first that gives a day.
fn published(subject: &Subject, printed: &Printed) -> Option<When> {
    let context = context(subject);
    let meta = subject.meta;
    let read = |t: &str| dates::read(t, &context);
    let declared: Vec<dates::Dated> = meta.published().filter_map(read).collect();
    if let Some(first) = declared.iter().find(|d| d.has_time()).or(declared.first()) {
        return Some(first.when);
    }
    let whole = |d: &dates::Dated| d.precision >= dates::Precision::Day;
    let titled = meta.page_title.as_deref().and_then(|t| t.rsplit_once(['|', '–', '-'])).and_then(|(_, tail)| read(tail));
    let lines = printed.dates.iter().chain(&meta.stamps).map(String::as_str);
    let seen: Vec<dates::Dated> = meta.times.iter().map(String::as_str).take(1).chain(lines).filter_map(read).filter(whole).collect();
    let address = subject.url.and_then(|u| dates::in_address(u.as_str(), &context)).filter(whole);
    let known = titled.filter(whole).or(address);
    let found = match known {
        Some(known) => seen.iter().copied().find(|d| d.when.day() == known.when.day()).or(Some(known)),
        None => seen.first().copied(),
    };
    found.or_else(|| meta.modified().find_map(read)).map(|d| d.when)
}

/// Times without an offset are in that of the paper's country.
fn context(subject: &Subject) -> dates::Context {
    let plain = dates::Context { fetched_at: subject.page.fetched_at, ..dates::Context::default() };
    let host = subject.url.and_then(|u| u.host_str()).unwrap_or_default();
    let utc = dates::Context { offset: Offset::UTC, ..plain };
    let first = subject.meta.published().find_map(|t| dates::read(t, &utc));
    let offset = first.and_then(|d| offset::of_host(host, d.when.timestamp())).unwrap_or(VIETNAM);
    dates::Context { offset, ..plain }
}
