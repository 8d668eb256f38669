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
use super::hints::{self, Hint, Hints};
use super::witness::Witness;
use crate::article::{Article, Kind};
use crate::vietnamese::text::fold;

/// The fewest letters of a run of text that is prose, and no label, headline or credit.
const PROSE: usize = 60;

/// A page that holds this many letters of prose more than twice what the rules gave is looked at again.
const SPARE: usize = 100;

/// The fewest words of what takes the place of an article; of one that its pictures tell.
const ARTICLE: usize = 45;
const TOLD_BY_PICTURES: usize = 150;

/// Rules that gave less than one part in so many have failed …
const FRACTION: usize = 3;

/// … or those that gave less at all, when so much more of what the page says of its article is in the other text, 0 to 1.
const CLEAR: f32 = 0.4;

/// The fewest words that stand on the page as a story does; they make up half of what the other text has more, or a quarter where the
/// page says so clearly which of the two is its article.
const TOLD: usize = 30;

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

/// Each run of prose of the page and its node, outside of links and of what holds no prose.
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
            _ => !node.ancestors().filter_map(ElementRef::wrap).any(|element| holds_no_prose(element.value().name())),
        };
        last = Some((parent.id(), stands));
        stands.then_some((node, text.trim()))
    })
}

fn holds_no_prose(name: &str) -> bool {
    matches!(name, "a" | "head" | "select" | "textarea" | "button" | "figcaption") || super::super::markup::silent(name)
}

/// Names that are believed of so many elements around a text. Others lie too often: whole stories stand in a `sidebar-1`.
const FURNITURE: Hints = Hints::of(&[Hint::Comments, Hint::Related, Hint::Teaser, Hint::Navigation, Hint::Footer]);
const NEAR: usize = 5;

/// Is this text in a column, in comments, or in whatever else tells by its name that it is no story?
fn is_furniture(node: NodeRef<Node>) -> bool {
    node.ancestors().filter_map(ElementRef::wrap).take(NEAR).any(|element| {
        let name = element.value().name();
        let page = matches!(name, "html" | "body" | "main" | "article");
        matches!(name, "aside" | "nav" | "footer") || !page && hints::of_element(element.value()).any_of(FURNITURE)
    })
}

/// Why the rules' text is plainly worse than `other`, what the page gives without them. `None`, and the rules win, unless
/// * their text is a fraction of the other, and that reads as an article does;
/// * what the page says of its article (headline, description) is in the other as much as in theirs: it is no other article;
/// * and what the other has more stands on the page as a story does ([`told`]): it is no column, and no comments.
pub(in crate::extract) fn worse(subject: &Subject, chain: &Chain, article: &Article, other: &Article) -> Option<Worse> {
    let (words, of) = (words(&article.text), words(&other.text));
    let shown = matches!(article.kind, Kind::Photo | Kind::Video);
    if of < if shown { TOLD_BY_PICTURES } else { ARTICLE } || !is_prose(&other.text) {
        return None;
    }
    let said = format!("{} {}", article.title, subject.meta.description().unwrap_or_default());
    let (own, theirs) = (Witness::of(&article.text), Witness::of(&other.text));
    let (in_own, in_theirs) = (own.bears_out(&said), theirs.bears_out(&said));
    let is_clear = in_theirs >= in_own + CLEAR;
    let (fraction, part) = if is_clear { (1, 4) } else { (FRACTION, 2) };
    if words * fraction > of || in_theirs + 0.05 < in_own {
        return None;
    }
    let told = told(subject, chain, article, &own, &theirs, is_clear);
    (told >= TOLD && told * part >= of - words).then(|| Worse { words, of, part: theirs.bears_out(&article.text) >= 0.5 })
}

/// How many words of prose the other text has more than the rules', counting only what stands as a story does: in no list, in nothing
/// that the rules step over, under no headline that leads elsewhere, and two paragraphs or more beside each other. Where the rules
/// stepped over all but the lead, nobody asks what they say; where it `is_clear` from the page that their text is no article at all, nor
/// what stands beside what.
fn told(subject: &Subject, chain: &Chain, article: &Article, own: &Witness, theirs: &Witness, is_clear: bool) -> usize {
    let trusted = article.lead.as_ref() != Some(&article.text);
    let title = fold(&article.title);
    let mut places: HashMap<NodeId, usize> = HashMap::new();
    let mut more = Vec::new();
    for (node, text) in prose(subject.html) {
        if theirs.bears_out(text) < 0.8 || own.bears_out(text) > 0.2 || is_furniture(node) {
            continue;
        }
        let Some(block) = node.ancestors().filter_map(ElementRef::wrap).find(|e| !is_inline(e.value().name())) else { continue };
        let dropped = |element: ElementRef| matches!(chain.verdict(element), Verdict::Drop(_));
        if block.value().name() == "li"
            || !is_clear && is_anothers(block, &title)
            || trusted && node.ancestors().filter_map(ElementRef::wrap).any(dropped)
        {
            continue;
        }
        let beside = block.parent().map_or(block.id(), |around| around.id());
        for place in [block.id(), beside] {
            *places.entry(place).or_default() += 1;
        }
        more.push((block.id(), beside, words(text)));
    }
    more.iter().filter(|(block, beside, _)| is_clear || places[block] > 1 || places[beside] > 1).map(|(_, _, words)| words).sum()
}

/// A headline stands at most so many elements above its story's paragraphs; further out is the name of the paper.
const BELOW: usize = 3;

/// Is the nearest heading before a block the headline of another article, and so leads there?
fn is_anothers(block: ElementRef, title: &str) -> bool {
    let heading = |e: &ElementRef| matches!(e.value().name(), "h1" | "h2" | "h3" | "h4");
    let levels = std::iter::once(*block).chain(block.ancestors()).take(BELOW);
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
