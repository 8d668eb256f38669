//! Is this block part of the article, and for which reason?
//!
//! Judgements are asked in one order, the surest first; the first that has an answer gives the block its reason.

mod lines;
mod place;

use std::collections::HashMap;

use super::super::Subject;
use super::super::effort::spend;
use super::super::walk::{Block, What};
use super::body::{self, Body, letters};
use super::hints::{Hint, Hints};
use super::outline::Outline;
use super::phrases;
use super::reason::Reason;
use super::witness::Witness;

/// A page while its blocks are judged.
struct Bench<'p> {
    outline: &'p Outline,
    body: Body,
    /// The text of each block of the region as phrases are compared; empty for those outside of it, of which nobody asks.
    keys: Vec<String>,
    /// How much of each block is inside links, 0 to 1.
    linked: Vec<f32>,
    sizes: Vec<f32>,
    verdicts: Vec<Option<Reason>>,
    /// What is likely the lead: its words.
    description: Witness,
    /// For each block whether it stands in a container of the story's paragraphs.
    inside: Vec<bool>,
    /// For each block whether it is of a row of boxes that lead elsewhere.
    teasers: Vec<bool>,
}

/// A verdict for each block.
pub(super) fn judge(subject: &Subject, outline: &Outline) -> Vec<Reason> {
    let mut weights = body::weigh(outline);
    let teasers = body::teasers(outline, &weights);
    for at in (0..teasers.len()).filter(|at| teasers[*at]) {
        (weights.good[at], weights.bad[at]) = (0.0, weights.bad[at] + weights.good[at] * 0.5);
    }
    let body = body::find(outline, &weights);
    let region = &outline.scopes[body.scope];
    let key = |(at, block): (usize, &Block)| {
        if (region.first..region.end).contains(&at) { phrases::key(&block.text) } else { String::new() }
    };
    let keys: Vec<String> = outline.blocks.iter().enumerate().map(key).collect();
    let mut bench = Bench {
        outline,
        body,
        linked: outline.blocks.iter().map(linked).collect(),
        sizes: outline.blocks.iter().map(|b| letters(&b.text)).collect(),
        keys,
        verdicts: vec![None; outline.blocks.len()],
        description: subject.meta.description().map(|d| Witness::of(&d)).unwrap_or_default(),
        inside: vec![false; outline.blocks.len()],
        teasers,
    };
    bench.outside();
    bench.lead();
    bench.titles(subject);
    bench.other_articles();
    bench.named();
    bench.lines();
    bench.teasers();
    bench.headings();
    bench.repeated();
    bench.beside();
    bench.witness(subject);
    bench.header();
    bench.bylines(subject);
    bench.empty_headings();
    bench.lead_in_body();
    let pictures = |at: usize| matches!(outline.blocks[at].what, What::Picture(..));
    bench.verdicts.iter().enumerate().map(|(at, v)| v.unwrap_or(if pictures(at) { Reason::Picture } else { Reason::InBody })).collect()
}

#[expect(clippy::cast_precision_loss, reason = "letters of a block")]
fn linked(block: &Block) -> f32 {
    if block.chars == 0 { 0.0 } else { block.linked as f32 / block.chars as f32 }
}

impl Bench<'_> {
    fn set(&mut self, at: usize, reason: Reason) {
        self.verdicts[at].get_or_insert(reason);
    }

    fn is_text(&self, at: usize) -> bool {
        spend(1);
        !matches!(self.outline.blocks[at].what, What::Picture(..) | What::Caption(_))
    }

    fn region(&self) -> std::ops::Range<usize> {
        let region = &self.outline.scopes[self.body.scope];
        region.first..region.end
    }

    fn outside(&mut self) {
        let region = self.region();
        for at in (0..region.start).chain(region.end..self.outline.blocks.len()) {
            self.verdicts[at] = Some(Reason::Outside);
        }
    }

    /// Hints of the element that holds a block, and of the two around it.
    fn near_hints(&self, at: usize, levels: usize) -> Hints {
        self.outline.hints_around(at, levels)
    }

    /// Where the story's own `<article>` holds its headline, the other ones around it are other stories.
    fn other_articles(&mut self) {
        let scopes = &self.outline.scopes;
        let Some(title) = (0..self.outline.blocks.len()).find(|at| self.verdicts[*at] == Some(Reason::Title)) else { return };
        let article_of = |at: usize| self.outline.chain(self.outline.scope_of[at]).filter(|s| scopes[*s].tag.name() == b"article").last();
        let Some(own) = article_of(title) else { return };
        let (first, end) = (scopes[own].first, scopes[own].end);
        let story: f32 = (first..end).filter(|at| self.is_paragraph(*at)).map(|at| self.sizes[at]).sum();
        if story < 600.0 {
            return;
        }
        let others: Vec<usize> = self.region().filter(|at| !(first..end).contains(at) && article_of(*at).is_some()).collect();
        for at in others {
            self.set(at, Reason::OtherArticle);
        }
    }

    /// Elements that say what they are.
    fn named(&mut self) {
        for at in self.region() {
            let place = self.outline.scope_of[at];
            if let Some(hint) = self.body.furniture[place] {
                let picture = matches!(self.outline.blocks[at].what, What::Picture(..) | What::Caption(_));
                let harmless = matches!(hint, Hint::Teaser | Hint::Widget | Hint::Share | Hint::Aside | Hint::Tool | Hint::Hidden);
                if !(picture && harmless) {
                    self.set(at, Reason::Named(hint));
                }
            }
        }
    }

    /// Rows of boxes of one make, each with a link that is a headline.
    fn teasers(&mut self) {
        for at in self.region() {
            if self.teasers[at] {
                self.set(at, Reason::Teaser);
            }
        }
    }

    /// Texts that stand on the page more than once: the first in the body stays, unless it is a teaser's.
    fn repeated(&mut self) {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut drop = Vec::new();
        for at in self.region() {
            if self.verdicts[at].is_some_and(|v| !v.keeps()) || !self.is_text(at) || self.sizes[at] < 40.0 {
                continue;
            }
            if seen.insert(self.keys[at].as_str(), at).is_some() {
                drop.push(at);
            }
        }
        for at in 0..self.outline.blocks.len() {
            if self.verdicts[at] == Some(Reason::Lead) && seen.contains_key(phrases::key(&self.outline.blocks[at].text).as_str()) {
                self.verdicts[at] = Some(Reason::Repeated);
            }
        }
        for at in drop {
            self.set(at, Reason::Repeated);
        }
    }

    /// What the article's own metadata says of the text.
    fn witness(&mut self, subject: &Subject) {
        let Some(text) = subject.meta.ld.body.as_deref() else { return };
        let witness = Witness::of(text);
        if witness.length < 60 {
            return;
        }
        let shares: Vec<f32> =
            self.region().map(|at| if self.is_text(at) { witness.bears_out(&self.outline.blocks[at].text) } else { 0.0 }).collect();
        let start = self.region().start;
        let (mut borne, mut kept) = (0.0_f32, 0.0_f32);
        for at in self.region() {
            if self.verdicts[at].is_none_or(Reason::keeps) && self.is_text(at) {
                kept += self.sizes[at];
                borne += self.sizes[at] * shares[at - start];
            }
        }
        if borne < 0.6 * kept {
            return;
        }
        let first = self.region().find(|at| shares[at - start] > 0.8 && self.sizes[*at] > 60.0).unwrap_or(usize::MAX);
        for at in self.region() {
            if !self.is_text(at) {
                continue;
            }
            let share = shares[at - start];
            let soft = matches!(
                self.verdicts[at],
                None | Some(
                    Reason::Named(_)
                        | Reason::Teaser
                        | Reason::Beside
                        | Reason::UnderHeading
                        | Reason::Elsewhere
                        | Reason::Subscribe
                        | Reason::Consent
                )
            );
            if share > 0.8 && self.sizes[at] > 60.0 && soft {
                self.verdicts[at] = Some(Reason::Witnessed);
            } else if share < 0.15
                && at > first
                && self.sizes[at] > 40.0
                && self.verdicts[at].is_none()
                && matches!(self.outline.blocks[at].what, What::Paragraph | What::ListItem)
            {
                self.verdicts[at] = Some(Reason::NotWitnessed);
            }
        }
    }
}
