//! What do single lines say that they are: the headline again, a label, a call, a heading of furniture, a byline?

use super::super::super::Subject;
use super::super::super::walk::What;
use super::super::hints::{Hint, Hints};
use super::super::phrases::{self, Call};
use super::super::reason::Reason;
use super::Bench;
use crate::vietnamese::phrases as vietnamese;
use crate::vietnamese::text::fold;

/// The fewest letters of a line that is no call, unless it is full of links.
const LONGEST_CALL: f32 = 400.0;

impl Bench<'_> {
    /// The headline, where it stands in the body too.
    pub(super) fn titles(&mut self, subject: &Subject) {
        let titles: Vec<String> = subject.meta.titles().iter().map(|t| phrases::key(t)).collect();
        let region = self.region();
        let mut first = !self.outline.blocks[..region.start].iter().any(|b| matches!(b.what, What::Heading(1)));
        for at in region {
            let key = &self.keys[at];
            let heading = match self.outline.blocks[at].what {
                What::Heading(level) => level,
                _ => 0,
            };
            let holds = (1..=3).contains(&heading) && titles.iter().any(|t| holds_most(key, t) || holds_most(t, key));
            if titles.contains(key) || holds || heading == 1 && first {
                self.set(at, Reason::Title);
            }
            first &= heading != 1;
        }
    }

    /// Lines that say what they are, and lines of links.
    pub(super) fn lines(&mut self) {
        for at in self.region() {
            if !self.is_text(at) {
                continue;
            }
            let key = self.keys[at].as_str();
            let size = self.sizes[at];
            let linked = self.linked[at];
            let row = matches!(self.outline.blocks[at].what, What::Row);
            let reason = if phrases::is_label(key) {
                Some(Reason::Label)
            } else if linked > 0.8 && !row {
                Some(Reason::Links)
            } else {
                // What stands in quotation marks somebody said, to whomever; and nobody calls in so many words.
                let is_long = size >= LONGEST_CALL && linked <= 0.25;
                let is_speech = self.outline.blocks[at].text.starts_with(['“', '"', '„', '«', '»', '‘', '「', '『']);
                match if is_speech || is_long { None } else { phrases::call(key) } {
                    Some(Call::Elsewhere) if linked > 0.25 || size < 200.0 => Some(Reason::Elsewhere),
                    Some(Call::Subscribe) if size < 160.0 || size < 350.0 && linked > 0.03 => Some(Reason::Subscribe),
                    Some(Call::Consent) if size < LONGEST_CALL => Some(Reason::Consent),
                    Some(Call::Label) if size < 300.0 => Some(Reason::Label),
                    _ => None,
                }
            };
            if let Some(reason) = reason {
                self.set(at, reason);
            }
        }
    }

    /// Headings that begin furniture, and what follows them inside of the same element.
    pub(super) fn headings(&mut self) {
        let region = self.region();
        let counts = self.counts();
        let mut at = region.start;
        while at < region.end {
            let heads = self.is_text(at)
                && self.sizes[at] < 80.0
                && (phrases::heads_furniture(&self.keys[at]) || vietnamese::heads_furniture(&fold(&self.outline.blocks[at].text), &[]));
            if !heads {
                at += 1;
                continue;
            }
            let end = self.end_of_part(at, &counts);
            for next in at..end {
                self.set(next, Reason::UnderHeading);
            }
            at = end;
        }
    }

    /// Is this block a long paragraph of the story, as far as is known?
    fn is_story(&self, at: usize) -> bool {
        self.sizes[at] > 120.0 && self.linked[at] < 0.3 && self.is_text(at) && self.verdicts[at].is_none_or(Reason::keeps)
    }

    /// Before each block, how many paragraphs of the story and how many headlines that are links stand on the page.
    fn counts(&self) -> Vec<(usize, usize)> {
        let mut counts = vec![(0, 0)];
        for at in 0..self.outline.blocks.len() {
            let (stories, links) = counts[at];
            let is_link = self.linked[at] > 0.8 && self.sizes[at] > 20.0;
            counts.push((stories + usize::from(self.is_story(at)), links + usize::from(is_link)));
        }
        counts
    }

    /// Where the part ends that the heading at `at` begins: with the smallest element around it that holds more than it, unless that
    /// holds long paragraphs of the story too; then with the next sentence.
    fn end_of_part(&self, at: usize, counts: &[(usize, usize)]) -> usize {
        let scopes = &self.outline.scopes;
        let around = self.outline.chain(self.outline.scope_of[at]).find(|place| scopes[*place].end > at + 1);
        if let Some(place) = around.filter(|place| *place != self.body.scope) {
            let scope = &scopes[place];
            let (long, links) = (counts[scope.end].0 - counts[at + 1].0, counts[scope.end].1 - counts[at + 1].1);
            if long == 0 || scope.first >= at && links >= long && long <= 12 {
                return scope.end;
            }
        }
        // A line among the story's paragraphs: it heads links and short lines, up to the next sentence.
        let sentence = |b: usize| {
            let ends = self.outline.blocks[b].text.ends_with(['.', '!', '?', '。', '"', '”']);
            self.linked[b] < 0.3 && self.is_text(b) && (self.is_story(b) || ends && self.sizes[b] > 50.0)
        };
        let region = self.region();
        (at + 1..region.end).find(|b| sentence(*b) || self.begins_other_part(at, *b)).unwrap_or(region.end)
    }

    /// Is the block at `b` a heading of the same or a higher level than the one at `at`?
    fn begins_other_part(&self, at: usize, b: usize) -> bool {
        match (&self.outline.blocks[at].what, &self.outline.blocks[b].what) {
            (What::Heading(one), What::Heading(other)) => other <= one && !phrases::heads_furniture(&self.keys[b]),
            (_, What::Heading(_)) => true,
            _ => false,
        }
    }

    /// Short lines between the headline and the first long paragraph.
    pub(super) fn header(&mut self) {
        let kept = |at: &usize| self.verdicts[*at].is_none_or(Reason::keeps) && self.is_text(*at);
        let blocks: Vec<usize> = self.region().filter(kept).collect();
        let long = |at: usize| self.sizes[at] >= 100.0 && matches!(self.outline.blocks[at].what, What::Paragraph | What::ListItem);
        let Some(first) = blocks.iter().position(|at| long(*at)) else { return };
        let mut drop = Vec::new();
        for (i, at) in blocks[..first].iter().copied().enumerate() {
            let block = &self.outline.blocks[at];
            let size = self.sizes[at];
            let ends = block.text.ends_with(['.', '!', '?', '。', '…', '"', '”', ':', ')']);
            let heading = matches!(block.what, What::Heading(_)) && i + 1 == first;
            let near = self.near_hints(at, 2);
            let lead = near.has(Hint::Lead) || self.description.bears_out(&block.text) > 0.6 && size > 30.0;
            let meta = near.any_of(Hints::of(&[Hint::Date, Hint::Author, Hint::Kicker])) && !near.has(Hint::Lead);
            let stamp = is_stamp(&block.text) && size < 120.0 || meta && size < 90.0 || phrases::is_byline(&self.keys[at]) && size < 60.0;
            let is_text = self.inside[at] || lead || heading || ends && size >= 40.0;
            if stamp || !is_text {
                drop.push(at);
            }
        }
        for at in drop {
            self.set(at, Reason::Header);
        }
    }

    /// What stands at the end and says who wrote, helped, or has the rights.
    pub(super) fn bylines(&mut self, subject: &Subject) {
        let names: Vec<String> = subject.meta.ld.authors.iter().map(|a| phrases::key(a)).filter(|a| a.contains(' ')).collect();
        let kept = |at: &usize| self.verdicts[*at].is_none_or(Reason::keeps) && self.is_text(*at);
        let blocks: Vec<usize> = self.region().filter(kept).collect();
        if blocks.len() < 3 {
            return;
        }
        for at in blocks.iter().rev().take(5).copied() {
            let key = &self.keys[at];
            let about = self.sizes[at] < 500.0 && names.iter().any(|n| key.find(n.as_str()).is_some_and(|place| place < 30));
            let desk = Some(&at) == blocks.last() && phrases::is_desk(key);
            if about || desk || phrases::closes(key) && self.sizes[at] < 500.0 {
                self.set(at, Reason::Byline);
            }
        }
    }

    /// Headings after which nothing of the story comes before the next heading or the end.
    pub(super) fn empty_headings(&mut self) {
        let kept = |at: &usize| self.verdicts[*at].is_none_or(Reason::keeps) && self.is_text(*at);
        let blocks: Vec<usize> = self.region().filter(kept).collect();
        let mut follows: Option<u8> = Some(0);
        for at in blocks.into_iter().rev() {
            match self.outline.blocks[at].what {
                What::Heading(level) => {
                    // Nothing but a heading of this level or above, or the end, comes after it.
                    if follows.is_some_and(|next| next <= level) && follows == Some(0) {
                        self.set(at, Reason::EmptyHeading);
                    } else {
                        follows = Some(level);
                    }
                }
                _ => follows = None,
            }
        }
    }
}

/// Is the shorter text most of the longer?
fn holds_most(longer: &str, shorter: &str) -> bool {
    shorter.len() > 20 && shorter.len() * 2 > longer.len() && longer.contains(shorter)
}

/// A line of time and place: a clock, or a year, among few letters.
fn is_stamp(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let all = text.chars().filter(|c| c.is_alphanumeric()).count();
    digits >= 4 && digits * 5 >= all
}
