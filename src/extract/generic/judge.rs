//! Is this block part of the article, and for which reason?
//!
//! Judgements are asked in one order, the surest first; the first that has an answer gives the block its reason.

use std::collections::{HashMap, HashSet};

use super::super::Subject;
use super::super::walk::{Block, What};
use super::body::{self, Body, letters};
use super::hints::{Hint, Hints};
use super::outline::Outline;
use super::phrases::{self, Call};
use super::witness::Witness;
use crate::vietnamese::phrases as vietnamese;

/// Why a block is or is not in the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Kept: it stands in the body.
    InBody,
    /// Kept: the page's own metadata holds it as the article's text.
    Witnessed,
    /// Kept: a picture in the body.
    Picture,
    /// Kept: it is the lead.
    Lead,
    /// It stands outside of the body.
    Outside,
    /// Its element says that it is furniture.
    Named(Hint),
    /// Most of it is links.
    Links,
    /// The page's own metadata holds the article's text, and this is not in it.
    NotWitnessed,
    /// It is the headline.
    Title,
    /// It, or the heading that it follows, begins a list of other articles, a form, comments.
    UnderHeading,
    /// It calls the reader to read something else.
    Elsewhere,
    /// It calls the reader to subscribe, to follow, to pay.
    Subscribe,
    /// It asks for consent, or says that something could not be shown.
    Consent,
    /// It is a label: "advertisement", "share", a date, a copyright.
    Label,
    /// It stands on the page more than once.
    Repeated,
    /// It is one of a row of boxes that each lead to another article.
    Teaser,
    /// It says who wrote the article.
    Byline,
    /// It stands before or after the story's paragraphs, in a part of another make.
    Beside,
    /// It stands between headline and story and is no paragraph: a date, a name, a count.
    Header,
    /// A heading that nothing follows.
    EmptyHeading,
    /// It stands in another `<article>` than the headline.
    OtherArticle,
    /// A post of another network that is shown in the article.
    Embed,
}

impl Reason {
    pub const fn keeps(self) -> bool {
        matches!(self, Self::InBody | Self::Picture | Self::Lead | Self::Witnessed)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::InBody => "in_body",
            Self::Witnessed => "witnessed",
            Self::Picture => "picture",
            Self::Lead => "lead",
            Self::Outside => "outside_body",
            Self::Named(hint) => hint.name(),
            Self::Links => "links",
            Self::NotWitnessed => "not_witnessed",
            Self::Title => "title",
            Self::UnderHeading => "under_furniture_heading",
            Self::Elsewhere => "leads_elsewhere",
            Self::Subscribe => "subscribe",
            Self::Consent => "consent",
            Self::Label => "label",
            Self::Repeated => "repeated",
            Self::Teaser => "teaser",
            Self::Byline => "byline",
            Self::Beside => "beside_body",
            Self::Header => "header_line",
            Self::EmptyHeading => "empty_heading",
            Self::Embed => "embed",
            Self::OtherArticle => "other_article",
        }
    }
}

/// A page while its blocks are judged.
struct Bench<'p> {
    outline: &'p Outline,
    body: Body,
    /// Each block's text as phrases are compared.
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
    let keys: Vec<String> = outline.blocks.iter().map(|b| phrases::key(&b.text)).collect();
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

    /// The lead before the body: by its likeness to the page's description, or by its name between headline and body.
    fn lead(&mut self) {
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
    fn lead_in_body(&mut self) {
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

    /// The headline, where it stands in the body too.
    fn titles(&mut self, subject: &Subject) {
        let titles: Vec<String> = subject.meta.titles().iter().map(|t| phrases::key(t)).collect();
        let mut first = true;
        for at in 0..self.outline.blocks.len() {
            let key = &self.keys[at];
            let heading = match self.outline.blocks[at].what {
                What::Heading(level) => level,
                _ => 0,
            };
            let holds = (1..=3).contains(&heading) && titles.iter().any(|t| holds_most(key, t) || holds_most(t, key));
            if titles.contains(key) || holds || heading == 1 && first && self.region().contains(&at) {
                self.set(at, Reason::Title);
            }
            first &= heading != 1;
        }
    }

    /// Where the story's own `<article>` holds its headline, the other ones around it are other stories.
    fn other_articles(&mut self) {
        let scopes = &self.outline.scopes;
        let Some(title) = (0..self.outline.blocks.len()).find(|at| self.verdicts[*at] == Some(Reason::Title)) else { return };
        let article_of = |at: usize| self.outline.chain(self.outline.scope_of[at]).filter(|s| scopes[*s].tag == "article").last();
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

    /// Lines that say what they are, and lines of links.
    fn lines(&mut self) {
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
                match phrases::call(key) {
                    Some(Call::Elsewhere) if linked > 0.25 || size < 200.0 => Some(Reason::Elsewhere),
                    Some(Call::Subscribe) if size < 350.0 => Some(Reason::Subscribe),
                    Some(Call::Consent) if size < 400.0 => Some(Reason::Consent),
                    Some(Call::Label) if size < 300.0 => Some(Reason::Label),
                    _ => None,
                }
            };
            if let Some(reason) = reason {
                self.set(at, reason);
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

    /// Headings that begin furniture, and what follows them inside of the same element.
    fn headings(&mut self) {
        let region = self.region();
        let mut at = region.start;
        while at < region.end {
            let heads = self.is_text(at)
                && self.sizes[at] < 80.0
                && (phrases::heads_furniture(&self.keys[at]) || vietnamese::heads_furniture(&self.outline.blocks[at].text, &[]));
            if !heads {
                at += 1;
                continue;
            }
            self.set(at, Reason::UnderHeading);
            for next in at + 1..self.end_of_part(at) {
                self.set(next, Reason::UnderHeading);
            }
            at += 1;
        }
    }

    /// Where the part ends that the heading at `at` begins: with the smallest element around it that holds more than it, unless that
    /// holds long paragraphs of the story too; then with the next of those.
    fn end_of_part(&self, at: usize) -> usize {
        let scopes = &self.outline.scopes;
        let region = self.region();
        let is_story =
            |b: usize| self.sizes[b] > 120.0 && self.linked[b] < 0.3 && self.is_text(b) && self.verdicts[b].is_none_or(Reason::keeps);
        for place in self.outline.chain(self.outline.scope_of[at]) {
            let scope = &scopes[place];
            if scope.end > at + 1 {
                let long = (at + 1..scope.end).filter(|b| is_story(*b)).count();
                let links = (at + 1..scope.end).filter(|b| self.linked[*b] > 0.8 && self.sizes[*b] > 20.0).count();
                if place != self.body.scope && (long == 0 || scope.first >= at && links >= long && long <= 12) {
                    return scope.end;
                }
                break;
            }
        }
        // A line among the story's paragraphs: it heads links and short lines, up to the next sentence.
        let sentence = |b: usize| {
            let ends = self.outline.blocks[b].text.ends_with(['.', '!', '?', '。', '"', '”']);
            self.linked[b] < 0.3 && self.is_text(b) && (is_story(b) || ends && self.sizes[b] > 50.0)
        };
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
            if self.verdicts[at] == Some(Reason::Lead) && seen.contains_key(self.keys[at].as_str()) {
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

    /// Is this a paragraph that could be of the story by itself?
    fn is_paragraph(&self, at: usize) -> bool {
        let long_enough = match self.outline.blocks[at].what {
            What::Paragraph => 60.0,
            What::ListItem => 120.0,
            _ => return false,
        };
        self.sizes[at] >= long_enough && self.linked[at] < 0.4
    }

    /// The containers that hold the story's paragraphs: those of the make that holds most, and of makes that hold a good share.
    fn beside(&mut self) {
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
        let stands_inside = |at: usize| {
            for place in self.outline.chain(self.outline.scope_of[at]) {
                if levels.contains(&place) {
                    return true;
                }
                if matches!(scopes[place].tag.as_str(), "div" | "section" | "article" | "aside" | "main" | "body" | "header" | "footer")
                    && place != self.outline.scope_of[at]
                {
                    return false;
                }
            }
            false
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
                if !is_picture && !(lead || at > after_title && paragraph) {
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
            if !matches!(scope.tag.as_str(), "div" | "p" | "span" | "blockquote" | "ul" | "ol" | "li") || scope.own != Hints::default() {
                return false;
            }
        }
        false
    }

    /// Short lines between the headline and the first long paragraph.
    fn header(&mut self) {
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
            let line = !self.inside[at] && !lead && !heading && !(ends && size >= 40.0);
            if stamp || line {
                drop.push(at);
            }
        }
        for at in drop {
            self.set(at, Reason::Header);
        }
    }

    /// What stands at the end and says who wrote, helped, or has the rights.
    fn bylines(&mut self, subject: &Subject) {
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
    fn empty_headings(&mut self) {
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

/// Names of boxes whose summaries are of other things.
const SHOWN_LEAD: Hints = Hints::of(&[Hint::Teaser, Hint::Gallery, Hint::Consent, Hint::Widget]);

/// Names that no lead bears.
const NOT_LEAD: Hints =
    Hints::of(&[Hint::Caption, Hint::Author, Hint::Share, Hint::Related, Hint::Newsletter, Hint::Comments, Hint::Navigation, Hint::Ad]);
