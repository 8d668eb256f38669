//! What do these rules find on the page?

use std::collections::HashSet;

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Selector};

use super::chain::Chain;
use super::effort::spend;
use super::markup;
use super::metadata::{self, unique};
use super::picture_line::Titles;
use super::script::string_named;
use super::story::{self, Around, Story};
use super::walk::{Block, Dropped, Verdict, Walk, What};
use super::{ReadBy, Subject, kind};
use crate::article::{Article, Miss, When};
use crate::paper::{Field, FirstParagraph, Source};
use crate::vietnamese::text::{fold, tidy};
use crate::vietnamese::{byline, dates, phrases};

/// Where the body is.
pub(super) enum Body {
    /// Elements of the page.
    Elements(Vec<NodeId>),
    /// HTML that a script holds, parsed.
    Script(Box<Html>),
}

/// Reads the page with a chain of rules; also says how much was dropped for which reason.
pub(super) fn read(subject: &Subject, chain: &Chain) -> (Result<Article, Miss>, Dropped) {
    let Some((body, by)) = body(subject, chain) else { return (Err(Miss::NoBody), Dropped::default()) };
    let Some(title) = title(subject, chain) else { return (Err(Miss::NoTitle), Dropped::default()) };
    let (blocks, dropped) = blocks(subject, chain, &body, &|e: ElementRef| chain.verdict(e));
    (Ok(assemble(subject, chain, title, blocks, by)), dropped)
}

/// What stands where the rules say that pictures are, and in the body; `verdict` is asked about each element.
pub(super) fn blocks(subject: &Subject, chain: &Chain, body: &Body, verdict: &impl Fn(ElementRef) -> Verdict) -> (Vec<Block>, Dropped) {
    let mut walk = Walk::new(verdict, is_vietnamese(subject));
    for root in elements(subject, chain, Field::Images) {
        walk.over(root);
    }
    walk.blocks.retain(|b| matches!(b.what, What::Picture(..) | What::Caption(_)));
    match body {
        Body::Elements(ids) => {
            ids.iter().filter_map(|id| subject.html.tree.get(*id).and_then(ElementRef::wrap)).for_each(|root| walk.over(root));
        }
        Body::Script(html) => walk.over(html.root_element()),
    }
    (walk.blocks, walk.dropped)
}

pub(super) fn assemble(subject: &Subject, chain: &Chain, title: String, blocks: Vec<Block>, by: ReadBy) -> Article {
    let lead = lead(subject, chain);
    let story = story_of(subject, chain, &title, lead, blocks);
    article(subject, chain, title, story, by)
}

/// What of the blocks is the story, by the text rules.
pub(super) fn story_of(subject: &Subject, chain: &Chain, title: &str, lead: Option<String>, blocks: Vec<Block>) -> Story {
    let titles = Titles::new(std::iter::once(title).chain(subject.meta.titles().iter().map(String::as_str)));
    let datelines: &[String] = subject.paper.map_or(&[], |p| &p.datelines);
    let headings = chain.texts(|t| &t.furniture_headings, subject.book, |h| phrases::bare(&fold(h)).to_owned());
    let lines = chain.texts(|t| &t.furniture_lines, subject.book, fold);
    let around = Around {
        titles: &titles,
        lead,
        first_is_lead: chain.sources(Field::Lead).find_map(|(s, _)| first_paragraph(s)),
        datelines,
        headings: &headings,
        lines: &lines,
        captions: chain.captions(),
        base: subject.base,
    };
    let mut story = story::read(blocks, &around);
    let printed_mark = texts(subject, chain, Field::Dateline).into_iter().next();
    if let Some(mark) = printed_mark {
        story.dateline.get_or_insert_with(|| mark.trim_end_matches(['-', '–', '—', ' ']).to_owned());
    }
    story
}

pub(super) fn article(subject: &Subject, chain: &Chain, title: String, story: Story, by: ReadBy) -> Article {
    let published = published(subject, chain);
    let modified = modified(subject, chain).filter(|m| published.is_none_or(|p| m.timestamp() >= p.timestamp()));
    let section = section(subject, chain);
    let kind = kind::of(subject, &story, &section);
    let language = kind::language(subject, &title, &story);
    let source = texts(subject, chain, Field::Source).into_iter().next().map(|s| byline::source(&s).unwrap_or(s)).or(story.source);
    Article {
        url: subject.url.map(ToString::to_string),
        key: subject.key(),
        kind,
        lead: story.lead,
        dateline: story.dateline,
        authors: authors(subject, chain, story.authors),
        source,
        published,
        modified,
        section,
        tags: tags(subject, chain),
        language,
        text: story.text,
        images: story.images,
        by: by.reader,
        rules: by.rules,
        title,
    }
}

/// The body: what the first source that holds anything gives.
pub(super) fn body(subject: &Subject, chain: &Chain) -> Option<(Body, ReadBy)> {
    chain.sources(Field::Body).find_map(|(source, link)| {
        let by = ReadBy { reader: link.reader, rules: Some(link.rules.id.clone()) };
        match source {
            Source::Select { selector, attribute: None } => {
                let roots = outermost(subject.html, selector);
                (!roots.is_empty()).then(|| {
                    chain.note(Field::Body, source);
                    (Body::Elements(roots), by)
                })
            }
            Source::ScriptString(name) => {
                let html = string_named(&subject.meta.scripts, name)?;
                chain.note(Field::Body, source);
                Some((Body::Script(Box::new(markup::fragment(&html))), by))
            }
            _ => None,
        }
    })
}

/// Does what this source points at stand on the page, and hold anything?
pub(super) fn is_there(subject: &Subject, source: &Source) -> bool {
    match source {
        Source::Select { selector, .. } => !outermost(subject.html, selector).is_empty(),
        Source::ScriptString(name) => string_named(&subject.meta.scripts, name).is_some(),
        _ => false,
    }
}

/// The elements that match and hold text or a picture, without those inside of another.
pub(super) fn outermost(html: &Html, selector: &Selector) -> Vec<NodeId> {
    let (mut roots, mut known): (Vec<NodeId>, HashSet<NodeId>) = (Vec::new(), HashSet::new());
    for element in html.select(selector) {
        let inside = !known.is_empty() && element.ancestors().inspect(|_| spend(1)).any(|a| known.contains(&a.id()));
        if !inside && holds_something(element) {
            roots.push(element.id());
            known.insert(element.id());
        }
    }
    roots
}

fn holds_something(element: ElementRef) -> bool {
    element.descendants().any(|n| match n.value() {
        scraper::Node::Text(t) => {
            !t.trim().is_empty() && !n.parent().and_then(ElementRef::wrap).is_some_and(|p| super::markup::silent(p.value().name()))
        }
        scraper::Node::Element(e) => e.name() == "img",
        _ => false,
    })
}

fn elements<'a>(subject: &Subject<'a, '_>, chain: &Chain, field: Field) -> Vec<ElementRef<'a>> {
    let mut out: Vec<ElementRef<'a>> = Vec::new();
    for (source, _) in chain.sources(field) {
        if let Source::Select { selector, .. } = source {
            out.extend(subject.html.select(selector));
            if !out.is_empty() {
                chain.note(field, source);
                break;
            }
        }
    }
    out
}

/// The texts of the first source of a field that gives any.
fn texts(subject: &Subject, chain: &Chain, field: Field) -> Vec<String> {
    chain.sources(field).map(|(source, _)| told(subject, chain, field, source)).find(|t| !t.is_empty()).unwrap_or_default()
}

fn told(subject: &Subject, chain: &Chain, field: Field, source: &Source) -> Vec<String> {
    let texts = of_source(subject, source);
    if !texts.is_empty() {
        chain.note(field, source);
    }
    texts
}

pub(super) fn of_source(subject: &Subject, source: &Source) -> Vec<String> {
    let vietnamese = is_vietnamese(subject);
    match source {
        Source::Select { selector, attribute: None } => {
            unique(subject.html.select(selector).map(|e| tidy(&markup::spaced_text(e), vietnamese)))
        }
        Source::Select { selector, attribute: Some(name) } => {
            unique(subject.html.select(selector).filter_map(|e| e.attr(name)).map(|v| tidy(v, vietnamese)))
        }
        Source::Meta(name) => unique(subject.meta.all(name).map(|v| tidy(&metadata::unescape(v), vietnamese))),
        Source::ScriptString(name) => unique(string_named(&subject.meta.scripts, name).map(|v| tidy(&metadata::unescape(&v), vietnamese))),
        Source::AddressSegment(at) => unique(address_segment(subject, *at)),
        Source::FirstParagraph(_) => Vec::new(),
    }
}

fn address_segment(subject: &Subject, at: usize) -> Option<String> {
    let segment = subject.url?.path_segments()?.filter(|s| !s.is_empty()).nth(at.checked_sub(1)?)?;
    Some(segment.to_owned())
}

fn first_paragraph(source: &Source) -> Option<FirstParagraph> {
    match source {
        Source::FirstParagraph(how) => Some(*how),
        _ => None,
    }
}

pub(super) fn title(subject: &Subject, chain: &Chain) -> Option<String> {
    let printed = texts(subject, chain, Field::Title).into_iter().next();
    printed.or_else(|| {
        let declared = subject.meta.titles();
        let h1 = subject.meta.h1s.iter().find(|h| declared.iter().any(|t| fold(t) == fold(h)));
        h1.cloned().or_else(|| declared.into_iter().next()).or_else(|| match subject.meta.h1s.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        })
    })
}

/// The lead outside of the body; what rules drop is not in it.
pub(super) fn lead(subject: &Subject, chain: &Chain) -> Option<String> {
    let vietnamese = is_vietnamese(subject);
    let verdict = |e: ElementRef| chain.verdict(e);
    for (source, _) in chain.sources(Field::Lead) {
        let text = match source {
            Source::Select { selector, attribute: None } => subject.html.select(selector).find_map(|root| {
                let mut walk = Walk::new(&verdict, vietnamese);
                walk.over(root);
                let lines: Vec<String> = walk
                    .blocks
                    .into_iter()
                    .filter(|b| !matches!(b.what, What::Picture(..) | What::Caption(_) | What::Byline) && b.linked * 10 < b.chars * 9)
                    .map(|b| b.text)
                    .collect();
                Some(lines.join(" ")).filter(|t| !t.is_empty())
            }),
            other => of_source(subject, other).into_iter().next(),
        };
        if text.is_some() {
            chain.note(Field::Lead, source);
            return text;
        }
    }
    None
}

/// What the page prints where a rule points, then JSON-LD, then meta. Where the first of them has no time of day, the first of the
/// others that gives the same day with one, and at last any date that the page prints of that day.
fn published(subject: &Subject, chain: &Chain) -> Option<When> {
    let pointed = texts_of_all(subject, chain, Field::Published);
    let context = context(subject, &pointed);
    let read = |t: &str| dates::read(t, &context);
    // Where nothing else tells the day, a rule that points at a date is believed: fresh news looks like a clock.
    let has_witness = subject.meta.published().next().is_some();
    let is_clock = |t: &str| has_witness && read(t).is_some_and(|d| dates::is_clock(t, d, context.fetched_at) && !dates::is_relative(t));
    let declared = pointed.iter().filter(|t| !is_clock(t.as_str())).map(String::as_str).chain(subject.meta.published());
    let all: Vec<dates::Dated> = declared.filter_map(read).collect();
    let Some(first) = all.first() else { return printed_date(subject).or_else(|| below_title(subject, &context)) };
    if first.has_time() {
        let to_the_second = |d: &&dates::Dated| {
            d.precision > first.precision && d.when.timestamp().as_second() / 60 == first.when.timestamp().as_second() / 60
        };
        return Some(all.iter().find(to_the_second).unwrap_or(first).when);
    }
    let same_day = |d: &dates::Dated| d.has_time() && d.when.day() == first.when.day();
    let timed = all.iter().copied().find(same_day);
    let stamped = || subject.meta.stamps.iter().map(String::as_str).filter_map(read).find(same_day);
    Some(timed.or_else(stamped).unwrap_or(*first).when)
}

/// So many pieces of text behind the headline are looked at for a date, none longer than so many bytes.
const BELOW: usize = 12;
const LONGEST_LINE: usize = 90;

/// The date that stands alone behind the headline, where nothing else tells the day. A clock of the page's header stands before it.
fn below_title(subject: &Subject, context: &dates::Context) -> Option<When> {
    let titles = Titles::new(subject.meta.titles().iter().map(String::as_str));
    let is_title = |e: &ElementRef| {
        matches!(e.value().name(), "h1" | "h2") && titles.is_title(&tidy(&markup::spaced_text(*e), is_vietnamese(subject)))
    };
    let heading = subject.html.root_element().descendent_elements().find(is_title)?;
    let own: HashSet<NodeId> = heading.descendants().map(|n| n.id()).collect();
    let behind = subject.html.tree.nodes().skip_while(|n| n.id() != heading.id()).filter(|n| !own.contains(&n.id()));
    let speaks = |n: &NodeRef<scraper::Node>| n.parent().and_then(ElementRef::wrap).is_some_and(|p| !markup::silent(p.value().name()));
    let lines = behind.filter(speaks).filter_map(|n| n.value().as_text().map(|t| t.trim())).filter(|t| !t.is_empty());
    let dated = lines.take(BELOW).take_while(|t| t.len() <= 4 * LONGEST_LINE).filter(|t| t.len() <= LONGEST_LINE && dates::is_line(t));
    dated.filter_map(|t| dates::read(t, context)).map(|d| d.when).next()
}

fn texts_of_all(subject: &Subject, chain: &Chain, field: Field) -> Vec<String> {
    chain.sources(field).flat_map(|(source, _)| told(subject, chain, field, source)).collect()
}

/// The day by JSON-LD, meta, `<time>` or the address, before any rule is asked: it chooses the rules of the day.
pub(super) fn printed_date(subject: &Subject) -> Option<When> {
    let context = context(subject, &[]);
    let declared = subject.meta.published().chain(subject.meta.times.iter().map(String::as_str)).find_map(|t| dates::read(t, &context));
    let of_a_day = |d: &dates::Dated| d.precision >= dates::Precision::Day;
    declared.or_else(|| dates::in_address(subject.url?.as_str(), &context).filter(of_a_day)).map(|d| d.when)
}

fn modified(subject: &Subject, chain: &Chain) -> Option<When> {
    let printed = texts(subject, chain, Field::Modified);
    let context = context(subject, &printed);
    printed.iter().map(String::as_str).chain(subject.meta.modified()).find_map(|t| dates::read(t, &context)).map(|d| d.when)
}

/// How dates are read here; `printed` may show that the page puts the month first.
fn context(subject: &Subject, printed: &[String]) -> dates::Context {
    let texts = printed.iter().map(String::as_str).chain(subject.meta.published()).chain(subject.meta.stamps.iter().map(String::as_str));
    let month_first = dates::month_first(texts).unwrap_or_default();
    dates::Context { fetched_at: subject.page.fetched_at, month_first, ..dates::Context::default() }
}

/// The names where a rule points, else those at the end of the story, else JSON-LD's and meta's; never the paper's own name.
fn authors(subject: &Subject, chain: &Chain, in_story: Vec<String>) -> Vec<String> {
    let own = own_names(subject);
    let is_own = |name: &String| {
        let key = plain(name);
        key.is_empty()
            || own
                .iter()
                .any(|o| *o == key || (key.chars().count() > 5 && o.contains(&key)) || (o.chars().count() > 5 && key.contains(o.as_str())))
    };
    let pointed = texts(subject, chain, Field::Author);
    let pointed = unique(pointed.iter().filter(|t| byline::source(t).is_none()).flat_map(|t| byline::authors(t)));
    let meta = subject.meta.first(&["author", "article:author", "dable:author"]).filter(|a| !a.starts_with("http"));
    let declared = || {
        let ld = subject.meta.ld.authors.iter().flat_map(|a| byline::authors(&tidy(&metadata::unescape(a), true)));
        let meta = meta.into_iter().flat_map(|a| byline::authors(&tidy(&metadata::unescape(a), true)));
        let ld: Vec<String> = ld.filter(|a| !is_own(a)).collect();
        if ld.is_empty() { unique(meta.filter(|a| !is_own(a))) } else { unique(ld) }
    };
    let mut pointed: Vec<String> = pointed.into_iter().filter(|a| !is_own(a)).collect();
    if pointed.is_empty() {
        pointed = in_story;
    }
    if pointed.is_empty() { declared() } else { pointed }
}

/// What the paper calls itself, folded to letters and digits.
fn own_names(subject: &Subject) -> Vec<String> {
    let named = [subject.meta.site_name(), subject.paper.map(|p| p.name.clone()), subject.meta.ld.publisher.clone()];
    let host = subject.url.and_then(|u| u.host_str()).map(|h| h.trim_start_matches("www.").to_owned());
    let name = host.as_ref().and_then(|h| h.split('.').next()).map(str::to_owned);
    named.into_iter().chain([host, name]).flatten().map(|n| plain(&n)).filter(|n| n.chars().count() > 2).collect()
}

fn plain(name: &str) -> String {
    let key: String = fold(name).chars().filter(|c| c.is_alphanumeric()).collect();
    key.strip_prefix("báo").map_or(key.clone(), str::to_owned)
}

/// The breadcrumb as printed; where the page's JSON-LD has the same and more (papers often print the last step alone), that.
fn section(subject: &Subject, chain: &Chain) -> Vec<String> {
    let home = |n: &String| matches!(fold(n).as_str(), "trang chủ" | "trang nhất" | "home" | "homepage" | "báo in");
    let printed: Vec<String> = texts(subject, chain, Field::Section)
        .into_iter()
        .map(|s| s.trim_matches(['>', '»', '/', '›', ' ', '|']).to_owned())
        .filter(|s| !s.is_empty() && !home(s))
        .collect();
    let trail = subject.meta.section();
    let steps: HashSet<String> = trail.iter().map(|step| fold(step)).collect();
    let is_part_of_trail = printed.iter().all(|step| steps.contains(&fold(step)));
    if is_part_of_trail { trail } else { printed }
}

/// The tags where rules name a place for them, also when it is empty: meta keywords are written for search engines. Without a rule,
/// those keywords.
fn tags(subject: &Subject, chain: &Chain) -> Vec<String> {
    if chain.sources(Field::Tags).next().is_none() {
        return subject.meta.keywords();
    }
    let from_meta = |t: &str| t.split([',', ';']).map(str::to_owned).collect::<Vec<_>>();
    let printed = texts(subject, chain, Field::Tags);
    let whole_list = chain.sources(Field::Tags).all(|(s, _)| matches!(s, Source::Meta(_)));
    let printed: Vec<String> = if whole_list { printed.iter().flat_map(|t| from_meta(t)).collect() } else { printed };
    unique(printed.iter().map(|t| t.trim_matches(['#', ' ', ',', ';']).to_owned()))
}

/// Is `Ð` on this page a `Đ`? It is where the page or its paper is Vietnamese.
pub(super) fn is_vietnamese(subject: &Subject) -> bool {
    let declared = subject.meta.language();
    let paper = subject.paper.map(|p| p.language.as_str());
    declared.as_deref().or(paper).is_none_or(|l| l == "vi") || paper == Some("vi")
}
