//! What was kept of this page, what was not, and which rule of selectors.toml says so?
//!
//! The page is read again with the rules that read it, and each element that a rule drops is noted as the walk comes to it.

use std::cell::RefCell;
use std::collections::HashMap;

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::chain::Chain;
use super::rules::{self, Body};
use super::walk::{Block, Verdict, What};
use super::{Explained, Lapse, Subject, generic, markup};
use crate::article::{Article, Miss, Reader};
use crate::paper::{Field, Reason, Source};
use crate::vietnamese::text::tidy;

/// How a page was read, field by field and block by block.
#[derive(Debug)]
pub struct Explanation {
    /// The article, or why there is none.
    pub outcome: Result<Box<Article>, Miss>,
    /// The rule that should have read the page and failed, when others read it.
    pub lapse: Option<Lapse>,
    /// For each field that a rule names a place for, the key of the rule that gave something: `families.epi.take.lead`; `None` when none
    /// of them did. Empty where no rule read the page.
    pub fields: Vec<(Field, Option<String>)>,
    /// The blocks in page order: those of the body where a rule read it, else those of the whole page.
    pub blocks: Vec<Explained>,
}

/// Reads a page as the cascade does, and says why.
pub(super) fn page(subject: &Subject) -> Explanation {
    let super::Reading { outcome, lapse, .. } = super::cascade(subject);
    let by_rules = outcome.as_ref().ok().filter(|article| article.by != Reader::Generic);
    let explained = by_rules.and_then(|article| {
        let is_it =
            |chain: &Chain| rules::read(subject, chain).0.is_ok_and(|read| read.rules == article.rules && read.text == article.text);
        let chain = Chain::all(subject).find(is_it)?;
        Some((fields(subject, &chain, article), blocks(subject, &chain, article)?))
    });
    let (fields, blocks) = explained.unwrap_or_else(|| (Vec::new(), generic::explain(subject)));
    Explanation { outcome, lapse, fields, blocks }
}

fn fields(subject: &Subject, chain: &Chain, article: &Article) -> Vec<(Field, Option<String>)> {
    let named = Field::ALL.into_iter().filter(|field| chain.sources(*field).next().is_some());
    let rule = |field: Field| {
        let giving = chain.sources(field).find(|(source, _)| gives(subject, source, field, article));
        giving.map(|(_, link)| link.key(field))
    };
    named.map(|field| (field, rule(field))).collect()
}

/// Whether a place that a rule names holds anything on this page.
fn gives(subject: &Subject, source: &Source, field: Field, article: &Article) -> bool {
    match (field, source) {
        (Field::Body, Source::Select { selector, .. }) => !rules::outermost(subject.html, selector).is_empty(),
        (Field::Images, Source::Select { selector, .. }) => subject.html.select(selector).next().is_some(),
        (_, Source::FirstParagraph(_)) => article.lead.is_some(),
        (Field::Body, Source::ScriptString(_)) => true,
        _ => !rules::of_source(subject, source).is_empty(),
    }
}

/// An element that a rule drops, and the key of the rule.
struct Drop {
    node: NodeId,
    reason: Reason,
    rule: String,
}

fn blocks(subject: &Subject, chain: &Chain, article: &Article) -> Option<Vec<Explained>> {
    let (body, _) = rules::body(subject, chain)?;
    let dropped: RefCell<Vec<Drop>> = RefCell::default();
    let verdict = |element: ElementRef| {
        let verdict = chain.verdict(element);
        if let Verdict::Drop(reason) = verdict
            && let Some(link) = chain.dropper(element, reason)
        {
            dropped.borrow_mut().push(Drop { node: element.id(), reason, rule: link.drop_key(reason) });
        }
        verdict
    };
    let (blocks, _) = rules::blocks(subject, chain, &body, &verdict);
    let dropped = dropped.into_inner();
    let lead = rules::lead(subject, chain);
    let story = rules::story_of(subject, chain, &article.title, lead, blocks.clone());
    let html = match &body {
        Body::Elements(_) => subject.html,
        Body::Script(html) => html.as_ref(),
    };
    let place: HashMap<NodeId, usize> = html.tree.root().descendants().enumerate().map(|(at, node)| (node.id(), at)).collect();
    let at = |node: NodeId| place.get(&node).copied().unwrap_or_default();
    let mut all: Vec<(usize, Explained)> = Vec::new();
    for (block, gone) in blocks.iter().zip(story.gone) {
        all.push((at(block.node), explained(html, block, gone.map(super::story::Why::name), &dropped, article)));
    }
    let stepped_over = dropped.iter().filter(|drop| !matches!(drop.reason, Reason::Captions | Reason::Byline));
    for drop in stepped_over {
        let Some(element) = html.tree.get(drop.node).and_then(ElementRef::wrap) else { continue };
        let text = tidy(&markup::spaced_text(element), true);
        let (reason, rule) = (drop.reason.name(), Some(drop.rule.clone()));
        all.push((at(drop.node), Explained { text, kept: false, reason, rule, path: path(element) }));
    }
    // The sort keeps the order of what stands in one place: the lines of one paragraph.
    all.sort_by_key(|(at, _)| *at);
    Some(all.into_iter().map(|(_, explained)| explained).collect())
}

fn explained(html: &Html, block: &Block, gone: Option<&'static str>, dropped: &[Drop], article: &Article) -> Explained {
    let node = html.tree.get(block.node);
    let inside = |drop: &&Drop| node.is_some_and(|node| node.id() == drop.node || node.ancestors().any(|above| above.id() == drop.node));
    let drop = dropped.iter().find(inside);
    let is_lead = article.lead.as_deref() == Some(block.text.as_str());
    let (text, kept, reason) = match &block.what {
        What::Picture(picture, _) => (picture.address.clone(), true, "picture"),
        What::Caption(_) => (block.text.clone(), false, gone.unwrap_or("caption")),
        What::Byline => (block.text.clone(), false, gone.unwrap_or("byline")),
        _ if is_lead => (block.text.clone(), true, "lead"),
        _ => (block.text.clone(), gone.is_none(), gone.unwrap_or("in_body")),
    };
    let path = node.and_then(ElementRef::wrap).map(path).unwrap_or_default();
    Explained { text, kept, reason, rule: drop.filter(|_| !kept).map(|drop| drop.rule.clone()), path }
}

/// How many elements a path names.
const STEPS: usize = 3;

/// Where an element stands, for people: `div.article__body > table.picture > td.caption`.
pub(super) fn path(element: ElementRef) -> String {
    let name = |element: ElementRef| {
        let value = element.value();
        let id = value.id().map(|id| format!("#{id}")).unwrap_or_default();
        let classes: String = value.classes().take(2).flat_map(|class| [".", class]).collect();
        format!("{}{id}{classes}", value.name())
    };
    let above = element.ancestors().filter_map(ElementRef::wrap).filter(|above| !matches!(above.value().name(), "html" | "body"));
    let mut names: Vec<String> = std::iter::once(element).chain(above).take(STEPS).map(name).collect();
    names.reverse();
    names.join(" > ")
}

/// What a page that is no page gives.
pub(super) fn nothing(miss: Miss) -> Explanation {
    Explanation { outcome: Err(miss), lapse: None, fields: Vec::new(), blocks: Vec::new() }
}
