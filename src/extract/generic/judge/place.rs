//! What does the place of a block say: does it stand in a container of the story, before it as its lead, or beside it?

use std::collections::{HashMap, HashSet};

use super::super::super::walk::What;
use super::super::hints::{Hint, Hints};
use super::super::reason::Reason;
use super::Bench;

impl Bench<'_> {
    /// The lead before the body: by its likeness to the page's description, or by its name between headline and body.
    pub(super) fn lead(&mut self) {
        let region = self.region();
        let from = region.start.saturating_sub(60);
        let mut found = false;
        for at in (from..region.start).rev() {
            if !self.is_text(at) || self.linked[at] > 0.3 || self.sizes[at] < 30.0 {
                continue;
            }
            let what = &self.outline.blocks[at].what;
            if matches!(what, What::Heading(1)) {
                break;
            }
            let near = self.near_hints(at, 3);
            let named = near.has(Hint::Lead)
                && !near.any_of(SHOWN_LEAD)
                && region.start - at < 25
                && self.sizes[at] > 40.0
                && !near.any_of(NOT_LEAD);
            let alike = self.sizes[at] > 50.0 && self.description.bears_out(&self.outline.blocks[at].text) > 0.7 && !near.any_of(NOT_LEAD);
            let after_title = (from..at).any(|b| matches!(self.outline.blocks[b].what, What::Heading(1)));
            if (alike || named && after_title) && !found {
                self.verdicts[at] = Some(Reason::Lead);
                found = true;
            }
        }
    }

    /// The lead at the head of the body: the first text, where it is named so, or stands before the story's containers, or is set in
    /// bold and likened by the page's description.
    pub(super) fn lead_in_body(&mut self) {
        if self.verdicts.contains(&Some(Reason::Lead)) {
            return;
        }
        let Some(at) = self.region().find(|at| self.is_text(*at) && self.verdicts[*at].is_none_or(Reason::keeps)) else { return };
        let block = &self.outline.blocks[at];
        let fits = matches!(block.what, What::Paragraph | What::Heading(2..)) && self.sizes[at] >= 50.0;
        let named = self.near_hints(at, 1).has(Hint::Lead) && !self.near_hints(at, 2).any_of(NOT_LEAD);
        let alike = || self.description.bears_out(&block.text) > 0.7;
        if fits && (named || !self.inside[at] && alike() || block.style.bold && alike()) {
            self.verdicts[at] = Some(Reason::Lead);
        }
    }

    /// Is this a paragraph that could be of the story by itself?
    pub(super) fn is_paragraph(&self, at: usize) -> bool {
        let long_enough = match self.outline.blocks[at].what {
            What::Paragraph => 60.0,
            What::ListItem => 120.0,
            _ => return false,
        };
        self.sizes[at] >= long_enough && self.linked[at] < 0.4
    }

    /// The containers that hold the story's paragraphs: those of the make that holds most, and of makes that hold a good share.
    pub(super) fn beside(&mut self) {
        let scopes = &self.outline.scopes;
        let mut groups: HashMap<u64, f32> = HashMap::new();
        for at in self.region() {
            if self.is_paragraph(at) && self.verdicts[at].is_none() {
                *groups.entry(scopes[self.outline.level_of(at)].path).or_default() += self.sizes[at].min(800.0);
            }
        }
        let Some(most) = groups.values().copied().reduce(f32::max) else { return };
        let core = |at: usize| {
            self.is_paragraph(at)
                && self.verdicts[at].is_none()
                && groups.get(&scopes[self.outline.level_of(at)].path).is_some_and(|m| *m >= 0.35 * most)
        };
        let cores: Vec<usize> = self.region().filter(|at| core(*at)).collect();
        let (Some(first), Some(last)) = (cores.first().copied(), cores.last().copied()) else { return };
        let levels: HashSet<usize> = cores.iter().map(|at| self.outline.level_of(*at)).collect();
        // Of each scope: is it such a container, or in one with no other box in between? A scope stands behind the one that holds it.
        let mut held: Vec<bool> = Vec::with_capacity(scopes.len());
        for (place, scope) in scopes.iter().enumerate() {
            let is_box =
                matches!(scope.tag.name(), b"div" | b"section" | b"article" | b"aside" | b"main" | b"body" | b"header" | b"footer");
            held.push(levels.contains(&place) || !is_box && place > 0 && held[scope.parent]);
        }
        let stands_inside = |at: usize| {
            let own = self.outline.scope_of[at];
            levels.contains(&own) || own > 0 && held[scopes[own].parent]
        };
        let inside: Vec<bool> = (0..self.outline.blocks.len()).map(stands_inside).collect();
        let after_title = (0..first).rev().find(|at| matches!(self.outline.blocks[*at].what, What::Heading(1))).unwrap_or(0);
        let mut drop = Vec::new();
        for at in self.region() {
            if self.verdicts[at].is_some() || (first..=last).contains(&at) || inside[at] {
                continue;
            }
            let is_picture = !self.is_text(at);
            if at < first {
                let near = self.near_hints(at, 3);
                let lead =
                    self.sizes[at] > 40.0 && (near.has(Hint::Lead) || self.description.bears_out(&self.outline.blocks[at].text) > 0.6);
                let paragraph = self.sizes[at] >= 80.0 && self.linked[at] < 0.3 && !matches!(self.outline.blocks[at].what, What::ListItem);
                let stays = is_picture || lead || at > after_title && paragraph;
                if !stays {
                    drop.push(at);
                }
            } else if !self.goes_on(at, &levels) {
                drop.push(at);
            }
        }
        for at in drop {
            self.set(at, Reason::Beside);
        }
        self.inside = inside;
    }

    /// After the story's last container: does this paragraph stand in a nameless box inside of it?
    fn goes_on(&self, at: usize, levels: &HashSet<usize>) -> bool {
        if !self.is_paragraph(at) || self.linked[at] > 0.2 {
            return false;
        }
        for place in self.outline.chain(self.outline.scope_of[at]) {
            if levels.contains(&place) {
                return true;
            }
            let scope = &self.outline.scopes[place];
            if !matches!(scope.tag.name(), b"div" | b"p" | b"span" | b"blockquote" | b"ul" | b"ol" | b"li") || scope.own != Hints::default()
            {
                return false;
            }
        }
        false
    }
}

/// Names of boxes whose summaries are of other things.
const SHOWN_LEAD: Hints = Hints::of(&[Hint::Teaser, Hint::Gallery, Hint::Consent, Hint::Widget]);

/// Names that no lead bears.
const NOT_LEAD: Hints =
    Hints::of(&[Hint::Caption, Hint::Author, Hint::Share, Hint::Related, Hint::Newsletter, Hint::Comments, Hint::Navigation, Hint::Ad]);
