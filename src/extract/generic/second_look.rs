//! Is what the rules found plainly worse than what the page holds?
//!
//! Reading every page twice would cost twice. So [`is_suspect`] weighs what the page holds against what the rules gave, by one cheap
//! walk, and only a page that holds much more is read again, without rules. The rules win unless they are [`worse`] beyond doubt:
//! under a short article may stand long comments, beside a photo story a long column.

use std::collections::HashMap;

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node};

use super::super::Subject;
use super::super::chain::Chain;
use super::super::lapse::How;
use super::super::walk::Verdict;
use super::body::FURNITURE;
use super::hints::{self, Hint, Hints};
use super::witness::Witness;
use crate::article::{Article, Kind};
use crate::vietnamese::text::fold;

/// The fewest letters of a run of text that is prose, and no label, headline or credit.
const PROSE: usize = 60;

/// A page that holds this many letters of prose more than twice what the rules gave is looked at again.
const SPARE: usize = 300;

/// The fewest words of what takes the place of an article; of one that its pictures tell.
const ARTICLE: usize = 60;
const TOLD_BY_PICTURES: usize = 150;

/// Rules that gave less than one part in so many have failed.
const FRACTION: usize = 3;

/// JSON-LD that holds the whole article has so many words or more.
const WHOLE: usize = 100;

/// How the rules' text is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) struct Worse {
    /// Words that the rules gave, and those that the page holds.
    words: usize,
    of: usize,
    /// Whether the rules' words are of the article.
    part: bool,
}

impl Worse {
    pub fn how(self) -> How {
        let Self { words, of, part } = self;
        if part { How::Fraction { words, of } } else { How::Elsewhere { words, of } }
    }
}

/// Does the page hold so much more prose than the rules gave that it is worth a second look?
pub(in crate::extract) fn is_suspect(subject: &Subject, article: &Article) -> bool {
    let declared = subject.meta.ld.body.as_deref().map(Witness::of).filter(|declared| declared.length >= WHOLE);
    if let Some(declared) = declared {
        let words = words(&article.text);
        if words * 10 >= declared.length * 7 && declared.bears_out(&article.text) >= 0.5 {
            return false;
        }
        if words * 2 < declared.length {
            return true;
        }
    }
    holds_more(subject.html, article)
}

fn holds_more(html: &Html, article: &Article) -> bool {
    let most = article.text.chars().count() * 2 + SPARE;
    let mut held = 0;
    prose(html).any(|(_, text)| {
        held += text.chars().count();
        held > most
    })
}

/// Each run of prose of the page and its node, outside of links and of what its name says is furniture.
fn prose(html: &Html) -> impl Iterator<Item = (NodeRef<'_, Node>, &str)> + '_ {
    // Neighbours share their parent: what is known of it need not be asked again.
    let mut last: Option<(NodeId, bool)> = None;
    html.tree.nodes().filter_map(move |node| {
        let Node::Text(text) = node.value() else { return None };
        if text.len() < PROSE || text.trim().chars().nth(PROSE - 1).is_none() {
            return None;
        }
        let parent = node.parent()?;
        let stands = match last {
            Some((known, stands)) if known == parent.id() => stands,
            _ => !node.ancestors().filter_map(ElementRef::wrap).enumerate().any(|(level, element)| is_furniture(level, element)),
        };
        last = Some((parent.id(), stands));
        stands.then_some((node, text.trim()))
    })
}

/// What is no prose of an article by its name. A name is believed of so many elements around a text: further out stand wrappers of the
/// whole page, whose names tell what else they hold.
const FURNITURE_SET: Hints = Hints::of(&FURNITURE).with(Hint::Caption);
const NEAR: usize = 5;

fn is_furniture(level: usize, element: ElementRef) -> bool {
    let name = element.value().name();
    let outright = matches!(name, "a" | "head" | "footer" | "nav" | "select" | "textarea" | "button" | "figcaption" | "form");
    let page = matches!(name, "html" | "body" | "main" | "article");
    outright || super::super::markup::silent(name) || level < NEAR && !page && hints::of(element.value()).any_of(FURNITURE_SET)
}

/// Why the rules' text is plainly worse than `other`, what the page gives without them. `None`, and the rules win, unless
/// * their text is a fraction of the other, and that reads as an article does;
/// * what the page says of its article is in the other as much as in theirs: it is no other article;
/// * and what the other has more stands on the page as a story does ([`told`]): it is no column, and no comments.
pub(in crate::extract) fn worse(subject: &Subject, chain: &Chain, article: &Article, other: &Article) -> Option<Worse> {
    let (words, of) = (words(&article.text), words(&other.text));
    let shown = matches!(article.kind, Kind::Photo | Kind::Video);
    let least = if shown { TOLD_BY_PICTURES } else { ARTICLE };
    if of < least || words * FRACTION > of || !is_prose(&other.text) {
        return None;
    }
    let said = format!("{} {}", article.title, subject.meta.description().unwrap_or_default());
    let (own, theirs) = (Witness::of(&article.text), Witness::of(&other.text));
    if theirs.bears_out(&said) + 0.05 < own.bears_out(&said) {
        return None;
    }
    let told = told(subject, chain, article, &own, &theirs);
    (told >= least && words * FRACTION <= words + told).then(|| Worse { words, of, part: theirs.bears_out(&article.text) >= 0.5 })
}

/// How many words of prose the other text has more than the rules', counting only what stands as a story does: two paragraphs or more
/// beside each other, in no list, under no headline that leads elsewhere, and in nothing that the rules step over. Where the rules stepped over all but the lead, nobody asks
/// what they say.
fn told(subject: &Subject, chain: &Chain, article: &Article, own: &Witness, theirs: &Witness) -> usize {
    let trusted = article.lead.as_ref() != Some(&article.text);
    let title = fold(&article.title);
    let mut places: HashMap<NodeId, usize> = HashMap::new();
    let mut more = Vec::new();
    for (node, text) in prose(subject.html) {
        if theirs.bears_out(text) < 0.8 || own.bears_out(text) > 0.2 {
            continue;
        }
        let Some(block) = node.ancestors().filter_map(ElementRef::wrap).find(|e| !is_inline(e.value().name())) else { continue };
        let dropped = |element: ElementRef| matches!(chain.verdict(element), Verdict::Drop(_));
        if block.value().name() == "li"
            || is_anothers(block, &title)
            || trusted && node.ancestors().filter_map(ElementRef::wrap).any(dropped)
        {
            continue;
        }
        let beside = block.parent().map_or(block.id(), |parent| parent.id());
        for place in [block.id(), beside] {
            *places.entry(place).or_default() += 1;
        }
        more.push((block.id(), beside, words(text)));
    }
    more.iter().filter(|(block, beside, _)| places[block] > 1 || places[beside] > 1).map(|(_, _, words)| words).sum()
}

/// Is the nearest heading before a block the headline of another article, and so leads there?
fn is_anothers(block: ElementRef, title: &str) -> bool {
    let heading = |e: &ElementRef| matches!(e.value().name(), "h1" | "h2" | "h3" | "h4");
    let levels = std::iter::once(*block).chain(block.ancestors());
    let before = levels.flat_map(|level| level.prev_siblings()).filter_map(ElementRef::wrap).find(heading);
    before.is_some_and(|heading| {
        let leads = heading.descendent_elements().any(|e| e.value().name() == "a" && e.attr("href").is_some());
        leads && fold(&heading.text().collect::<String>()) != title
    })
}

fn is_inline(name: &str) -> bool {
    matches!(name, "span" | "font" | "b" | "strong" | "i" | "em" | "u" | "small" | "big" | "mark" | "ins" | "sub" | "sup")
}

/// Two paragraphs or more that make up most of the text?
fn is_prose(text: &str) -> bool {
    let letters = |part: &str| part.chars().count();
    let paragraphs: Vec<usize> = text.split("\n\n").map(letters).filter(|letters| *letters >= PROSE).collect();
    paragraphs.len() >= 2 && paragraphs.iter().sum::<usize>() * 2 >= letters(text)
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}
