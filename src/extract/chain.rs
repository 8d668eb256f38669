//! Which rules are tried together on this page, and which of them found what they point at?

use std::cell::Cell;

use scraper::ElementRef;

use super::rules::printed_date;
use super::walk::Verdict;
use super::{Pointed, Subject};
use crate::article::{Article, Reader, When};
use crate::link;
use crate::paper::{CaptionAfterPicture, Family, Field, Reason, Rulebook, Rules, Source, TextRules};

/// Rules that are tried together: the first that finds a field gives it; what any of them drops is dropped.
pub(super) struct Chain<'a> {
    links: Vec<Link<'a>>,
    /// The fields that a rule found on the page, a bit each.
    found: Cell<u16>,
}

/// The rules of one table of selectors.toml.
#[derive(Clone, Copy)]
pub(super) struct Link<'a> {
    pub rules: &'a Rules,
    pub reader: Reader,
    /// The number of the era among the rules of other days.
    era: Option<usize>,
}

impl Link<'_> {
    /// The key of a field's rule, as [`Rulebook::line`] knows it: `families.epi.take.body`.
    pub fn key(&self, field: Field) -> String {
        format!("{}.take.{}", self.table(), field.name())
    }

    /// The key of what is dropped for a reason: `families.epi.drop.related`.
    pub fn drop_key(&self, reason: Reason) -> String {
        format!("{}.drop.{}", self.table(), reason.name())
    }

    fn table(&self) -> String {
        let table = if self.reader == Reader::Rules { "papers" } else { "families" };
        let era = self.era.map(|number| format!(".older[{number}]")).unwrap_or_default();
        format!("{table}.{}{era}", self.rules.id)
    }
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
            let today = Link { rules: &paper.rules, reader: Reader::Rules, era: None };
            let today = Self::of(today, paper.family.as_deref(), book, &address, published);
            let of_day = paper.rules.older_for(&address, published);
            let era = |number: usize| {
                let older = &paper.rules.older[number];
                let own = Link { rules: &older.rules, reader: Reader::Rules, era: Some(number) };
                Self::of(own, older.family.as_deref().or(paper.family.as_deref()), book, &address, published)
            };
            let of_day = paper.rules.older.iter().position(|o| of_day.is_some_and(|other| std::ptr::eq(o, other)));
            chains.extend(of_day.map(era));
            chains.push(today);
            chains.extend((0..paper.rules.older.len()).filter(|number| Some(*number) != of_day).map(era));
            families.extend(paper.family.as_deref());
        }
        let bears = |family: &Family| family.marks.as_ref().is_some_and(|m| subject.html.select(m).next().is_some());
        let others = book.families().iter().filter(move |family| !families.contains(&family.id()) && bears(family));
        chains.into_iter().chain(others.map(|family| Self::with(vec![Link { rules: &family.rules, reader: Reader::Family, era: None }])))
    }

    /// No rules at all: every field comes from what the page says of itself.
    pub const fn none() -> Self {
        Self::with(Vec::new())
    }

    const fn with(links: Vec<Link<'a>>) -> Self {
        Self { links, found: Cell::new(0) }
    }

    fn of(own: Link<'a>, family: Option<&str>, book: &'a Rulebook, address: &str, published: Option<jiff::civil::Date>) -> Self {
        let mut links = vec![own];
        if let Some(family) = family.and_then(|id| book.family(id)) {
            let older = family.rules.older_for(address, published);
            let era = family.rules.older.iter().position(|o| older.is_some_and(|other| std::ptr::eq(o, other)));
            links.push(Link { rules: older.map_or(&family.rules, |older| &older.rules), reader: Reader::Family, era });
        }
        Self::with(links)
    }

    /// Whether it begins with rules of the paper's own.
    pub fn is_the_papers(&self) -> bool {
        self.links.first().is_some_and(|link| link.reader == Reader::Rules)
    }

    pub fn sources(&self, field: Field) -> impl Iterator<Item = (&'a Source, Link<'a>)> + '_ {
        self.links.iter().flat_map(move |link| link.rules.take[field].iter().map(move |source| (source, *link)))
    }

    /// Notes that this source of a field found something.
    pub fn note(&self, field: Field, source: &Source) {
        if points(source) {
            self.found.set(self.found.get() | 1 << field as u16);
        }
    }

    /// For each field whether a rule points at it on the page, and found it there; `article` is what was read.
    pub fn pointed(&self, article: &Article) -> Pointed {
        Field::ALL.map(|field| {
            let first_is_lead = self.sources(field).any(|(source, _)| matches!(source, Source::FirstParagraph(_)));
            let found = self.found.get() & 1 << field as u16 != 0 || first_is_lead && article.lead.is_some();
            (first_is_lead || self.sources(field).any(|(source, _)| points(source))).then_some(found)
        })
    }

    /// What the rules say of an element of the body.
    pub fn verdict(&self, element: ElementRef) -> Verdict {
        if self.links.iter().any(|link| link.rules.keep.as_ref().is_some_and(|k| k.matches(&element))) {
            return Verdict::Keep;
        }
        let drop = self.links.iter().flat_map(|link| link.rules.drop.iter()).find(|(_, selector)| selector.matches(&element));
        drop.map_or(Verdict::Silent, |(reason, _)| Verdict::Drop(reason))
    }

    /// Whose rule drops an element for this reason.
    pub fn dropper(&self, element: ElementRef, reason: Reason) -> Option<&Link<'a>> {
        self.links.iter().find(|link| link.rules.drop[reason].as_ref().is_some_and(|selector| selector.matches(&element)))
    }

    /// The words that the rules add to a list of the text rules, as `key` writes them.
    pub fn texts(&self, of: impl Fn(&TextRules) -> &Vec<String>, book: &Rulebook, key: impl Fn(&str) -> String) -> Vec<String> {
        self.links.iter().map(|link| &link.rules.text).chain([book.text()]).flat_map(of).map(|word| key(word)).collect()
    }

    pub fn captions(&self) -> CaptionAfterPicture {
        self.links.iter().find_map(|link| link.rules.text.caption_after_picture).unwrap_or_default()
    }
}

/// Does it name a place on the page? `<meta>` and the address are there on every page.
fn points(source: &Source) -> bool {
    matches!(source, Source::Select { .. } | Source::ScriptString(_))
}
