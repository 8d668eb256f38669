//! What do these rules find on the page?

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};

use super::effort::spend;
use super::metadata::{self, unique};
use super::picture_line::Titles;
use super::script::string_named;
use super::story::{self, Around, Story};
use super::walk::{Block, Dropped, Verdict, Walk, What};
use super::{ReadBy, Subject, kind};
use crate::article::{Article, Miss, Reader, When};
use crate::link;
use crate::paper::{CaptionAfterPicture, Family, Field, FirstParagraph, Rulebook, Rules, Source, TextRules};
use crate::vietnamese::text::{fold, tidy};
use crate::vietnamese::{byline, dates, phrases};

/// Rules that are tried together: the first that finds a field gives it; what any of them drops is dropped.
pub(super) struct Chain<'a> {
    links: Vec<(&'a Rules, Reader)>,
}

impl<'a> Chain<'a> {
    /// The ways in which a page may be read: the paper's rules of the article's day, its rules of other days, then the families whose
    /// marks the page bears, which are looked for only when they are asked for.
    pub fn all<'s>(subject: &'s Subject<'_, 'a>) -> impl Iterator<Item = Self> + 's {
        let book = subject.book;
        let mut chains: Vec<Self> = Vec::new();
        let mut families: Vec<&str> = Vec::new();
        if let Some(paper) = subject.paper {
            let address = subject.url.map(link::path_and_query).unwrap_or_default();
            let published = printed_date(subject).map(When::day);
            let today = Self::of(&paper.rules, paper.family.as_deref(), book, &address, published);
            let older = paper.rules.older_for(&address, published);
            let of_day = older.map(|o| Self::of(&o.rules, o.family.as_deref().or(paper.family.as_deref()), book, &address, published));
            chains.extend(of_day);
            chains.push(today);
            chains.extend(
                paper
                    .rules
                    .older
                    .iter()
                    .filter(|o| !older.is_some_and(|other| std::ptr::eq(*o, other)))
                    .map(|o| Self::of(&o.rules, o.family.as_deref().or(paper.family.as_deref()), book, &address, published)),
            );
            families.extend(paper.family.as_deref());
        }
        let bears = |family: &Family| family.marks.as_ref().is_some_and(|m| subject.html.select(m).next().is_some());
        let others = book.families().iter().filter(move |family| !families.contains(&family.id()) && bears(family));
        chains.into_iter().chain(others.map(|family| Self { links: vec![(&family.rules, Reader::Family)] }))
    }

    /// No rules at all: every field comes from what the page says of itself.
    pub const fn none() -> Self {
        Self { links: Vec::new() }
    }

    fn of(own: &'a Rules, family: Option<&str>, book: &'a Rulebook, address: &str, published: Option<jiff::civil::Date>) -> Self {
        let mut links = vec![(own, Reader::Rules)];
        if let Some(family) = family.and_then(|id| book.family(id)) {
            let rules = family.rules.older_for(address, published).map_or(&family.rules, |older| &older.rules);
            links.push((rules, Reader::Family));
        }
        Self { links }
    }

    fn sources(&self, field: Field) -> impl Iterator<Item = (&'a Source, &'a Rules, Reader)> + '_ {
        self.links.iter().flat_map(move |(rules, reader)| rules.take[field].iter().map(move |s| (s, *rules, *reader)))
    }

    /// What the rules say of an element of the body.
    fn verdict(&self, element: ElementRef) -> Verdict {
        if self.links.iter().any(|(r, _)| r.keep.as_ref().is_some_and(|k| k.matches(&element))) {
            return Verdict::Keep;
        }
        let drop = self.links.iter().flat_map(|(r, _)| r.drop.iter()).find(|(_, selector)| selector.matches(&element));
        drop.map_or(Verdict::Silent, |(reason, _)| Verdict::Drop(reason))
    }

    /// The words that the rules add to a list of the text rules, as `key` writes them.
    fn texts(&self, of: impl Fn(&TextRules) -> &Vec<String>, book: &Rulebook, key: impl Fn(&str) -> String) -> Vec<String> {
        self.links.iter().map(|(r, _)| &r.text).chain([book.text()]).flat_map(|t| of(t)).map(|word| key(word)).collect()
    }

    fn captions(&self) -> CaptionAfterPicture {
        self.links.iter().find_map(|(r, _)| r.text.caption_after_picture).unwrap_or_default()
    }
}

/// Where the body is.
enum Body {
    /// Elements of the page.
    Elements(Vec<NodeId>),
    /// HTML that a script holds, parsed.
    Script(Box<Html>),
}

/// Reads the page with a chain of rules; also says how much was dropped for which reason.
pub(super) fn read(subject: &Subject, chain: &Chain) -> (Result<Article, Miss>, Dropped) {
    let Some((body, by)) = body(subject, chain) else { return (Err(Miss::NoBody), Dropped::default()) };
    let Some(title) = title(subject, chain) else { return (Err(Miss::NoTitle), Dropped::default()) };
    let vietnamese = is_vietnamese(subject);
    let verdict = |e: ElementRef| chain.verdict(e);
    let mut walk = Walk::new(&verdict, vietnamese);
    for root in elements(subject, chain, Field::Images) {
        walk.over(root);
    }
    walk.blocks.retain(|b| matches!(b.what, What::Picture(..) | What::Caption(_)));
    match &body {
        Body::Elements(ids) => {
            ids.iter().filter_map(|id| subject.html.tree.get(*id).and_then(ElementRef::wrap)).for_each(|root| walk.over(root));
        }
        Body::Script(html) => walk.over(html.root_element()),
    }
    let dropped = walk.dropped;
    let blocks = std::mem::take(&mut walk.blocks);
    (Ok(assemble(subject, chain, title, blocks, by)), dropped)
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
        first_is_lead: chain.sources(Field::Lead).find_map(|(s, _, _)| first_paragraph(s)),
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
fn body(subject: &Subject, chain: &Chain) -> Option<(Body, ReadBy)> {
    chain.sources(Field::Body).find_map(|(source, rules, reader)| {
        let by = ReadBy { reader, rules: Some(rules.id.clone()) };
        match source {
            Source::Select { selector, attribute: None } => {
                let roots = outermost(subject.html, selector);
                (!roots.is_empty()).then_some((Body::Elements(roots), by))
            }
            Source::ScriptString(name) => {
                let html = string_named(&subject.meta.scripts, name)?;
                Some((Body::Script(Box::new(Html::parse_fragment(&html))), by))
            }
            _ => None,
        }
    })
}

/// The elements that match and hold text or a picture, without those inside of another.
fn outermost(html: &Html, selector: &Selector) -> Vec<NodeId> {
    let mut roots: Vec<NodeId> = Vec::new();
    let mut known: HashSet<NodeId> = HashSet::new();
    for element in html.select(selector) {
        let inside = element.ancestors().inspect(|_| spend(1)).any(|a| known.contains(&a.id()));
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
    for (source, _, _) in chain.sources(field) {
        if let Source::Select { selector, .. } = source {
            out.extend(subject.html.select(selector));
            if !out.is_empty() {
                break;
            }
        }
    }
    out
}

/// The texts of the first source of a field that gives any.
fn texts(subject: &Subject, chain: &Chain, field: Field) -> Vec<String> {
    chain.sources(field).map(|(source, _, _)| of_source(subject, source)).find(|t| !t.is_empty()).unwrap_or_default()
}

fn of_source(subject: &Subject, source: &Source) -> Vec<String> {
    let vietnamese = is_vietnamese(subject);
    let found: Vec<String> = match source {
        Source::Select { selector, attribute: None } => {
            subject.html.select(selector).map(|e| tidy(&super::markup::spaced_text(e), vietnamese)).collect()
        }
        Source::Select { selector, attribute: Some(name) } => {
            subject.html.select(selector).filter_map(|e| e.attr(name)).map(|v| tidy(v, vietnamese)).collect()
        }
        Source::Meta(name) => subject.meta.all(name).map(|v| tidy(&metadata::unescape(v), vietnamese)).collect(),
        Source::ScriptString(name) => {
            string_named(&subject.meta.scripts, name).map(|v| tidy(&metadata::unescape(&v), vietnamese)).into_iter().collect()
        }
        Source::AddressSegment(at) => address_segment(subject, *at).into_iter().collect(),
        Source::FirstParagraph(_) => Vec::new(),
    };
    unique(found)
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
fn lead(subject: &Subject, chain: &Chain) -> Option<String> {
    let vietnamese = is_vietnamese(subject);
    let verdict = |e: ElementRef| chain.verdict(e);
    for (source, _, _) in chain.sources(Field::Lead) {
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
    let Some(first) = all.first() else { return printed_date(subject) };
    if first.has_time() {
        return Some(first.when);
    }
    let same_day = |d: &dates::Dated| d.has_time() && d.when.day() == first.when.day();
    let timed = all.iter().copied().find(same_day);
    let stamped = || subject.meta.stamps.iter().map(String::as_str).filter_map(read).find(same_day);
    Some(timed.or_else(stamped).unwrap_or(*first).when)
}

fn texts_of_all(subject: &Subject, chain: &Chain, field: Field) -> Vec<String> {
    chain.sources(field).flat_map(|(source, _, _)| of_source(subject, source)).collect()
}

/// The day by JSON-LD, meta, `<time>` or the address, before any rule is asked: it chooses the rules of the day.
fn printed_date(subject: &Subject) -> Option<When> {
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
    let pointed = unique(texts(subject, chain, Field::Author).iter().flat_map(|t| byline::authors(t)));
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
    let is_part_of_trail = printed.iter().all(|p| trail.iter().any(|t| fold(t) == fold(p)));
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
    let whole_list = chain.sources(Field::Tags).all(|(s, _, _)| matches!(s, Source::Meta(_)));
    let printed: Vec<String> = if whole_list { printed.iter().flat_map(|t| from_meta(t)).collect() } else { printed };
    unique(printed.iter().map(|t| t.trim_matches(['#', ' ', ',', ';']).to_owned()))
}

/// Is `Ð` on this page a `Đ`? It is where the page or its paper is Vietnamese.
pub(super) fn is_vietnamese(subject: &Subject) -> bool {
    let declared = subject.meta.language();
    let paper = subject.paper.map(|p| p.language.as_str());
    declared.as_deref().or(paper).is_none_or(|l| l == "vi") || paper == Some("vi")
}
