//! Which part of the page holds the story's paragraphs?

use std::collections::HashMap;

use super::super::effort::spend;
use super::super::walk::What;
use super::hints::{Hint, Hints};
use super::outline::Outline;
use super::witness::is_wide;

/// Elements whose text is not the story, unless most of the page's paragraphs stand in them.
pub(super) const FURNITURE: [Hint; 16] = [
    Hint::Navigation,
    Hint::Footer,
    Hint::Comments,
    Hint::Related,
    Hint::Share,
    Hint::Ad,
    Hint::Newsletter,
    Hint::Consent,
    Hint::Tags,
    Hint::Aside,
    Hint::Hidden,
    Hint::Teaser,
    Hint::Tool,
    Hint::Widget,
    Hint::Author,
    Hint::FactBox,
];

const FURNITURE_SET: Hints = Hints::of(&FURNITURE);

/// Names that are believed of any part of the page, if some paragraphs stand outside of it.
const CERTAIN: Hints = Hints::of(&[Hint::Comments]);

/// What the page weighs, block by block.
pub(super) struct Weights {
    /// How many letters of a paragraph of the story each block may be; 0 for what is no paragraph.
    pub good: Vec<f32>,
    /// How many letters of anything else.
    pub bad: Vec<f32>,
}

/// Letters of a block; those of scripts without spaces count three times.
#[expect(clippy::cast_precision_loss, reason = "letters of a block")]
pub(super) fn letters(text: &str) -> f32 {
    if text.is_ascii() {
        return text.len() as f32;
    }
    text.chars().map(|c| if is_wide(c) { 3_usize } else { 1 }).sum::<usize>() as f32
}

/// The fewest letters of a paragraph that counts by itself.
const PARAGRAPH: f32 = 60.0;

#[expect(clippy::cast_precision_loss, reason = "letters of a block")]
pub(super) fn weigh(outline: &Outline) -> Weights {
    let mut good = Vec::with_capacity(outline.blocks.len());
    let mut bad = Vec::with_capacity(outline.blocks.len());
    for block in &outline.blocks {
        let size = letters(&block.text);
        let linked = if block.chars == 0 { 0.0 } else { block.linked as f32 / block.chars as f32 };
        let is_text = matches!(block.what, What::Paragraph | What::ListItem);
        if is_text && size >= PARAGRAPH && linked < 0.6 {
            let li = if matches!(block.what, What::ListItem) { 0.5 } else { 1.0 };
            good.push(size.min(800.0) * (1.0 - linked) * li);
            bad.push(size * linked);
        } else if matches!(block.what, What::Picture(..) | What::Caption(_)) {
            good.push(0.0);
            bad.push(0.0);
        } else {
            good.push(0.0);
            let neutral = matches!(block.what, What::Row) || linked < 0.4;
            bad.push(if neutral { size * 0.5 } else { size });
        }
    }
    Weights { good, bad }
}

/// For each block whether it stands in one of a row of boxes of one make, nearly each with a headline that is a link.
///
/// A row that holds most of the page's paragraphs is one only where it has four boxes or more, each with a paragraph at most.
pub(super) fn teasers(outline: &Outline, weights: &Weights) -> Vec<bool> {
    let mut out = vec![false; outline.blocks.len()];
    let total: f32 = weights.good.iter().sum();
    let mut rows: HashMap<(usize, u64), Vec<usize>> = HashMap::new();
    for (at, scope) in outline.scopes.iter().enumerate().skip(1) {
        let several = (2..=14).contains(&scope.end.saturating_sub(scope.first));
        if several && matches!(scope.tag.name(), b"div" | b"article" | b"li" | b"section" | b"a" | b"figure") {
            rows.entry((scope.parent, scope.signature)).or_default().push(at);
        }
    }
    for boxes in rows.values().filter(|b| b.len() >= 2) {
        let leads = boxes.iter().filter(|b| leads_elsewhere(outline, **b)).count();
        let blocks = || boxes.iter().flat_map(|b| outline.scopes[*b].first..outline.scopes[*b].end);
        let size: f32 = blocks().map(|at| weights.good[at]).sum();
        let paragraphs = blocks().filter(|at| weights.good[*at] > 0.0).count();
        let small = size < 0.5 * total || boxes.len() >= 4 && paragraphs * 4 <= boxes.len() * 5;
        if leads * 5 >= boxes.len() * 4 && small {
            blocks().for_each(|at| out[at] = true);
        }
    }
    out
}

/// Is one of the few texts of this box a headline that is a link?
fn leads_elsewhere(outline: &Outline, scope: usize) -> bool {
    let scope = &outline.scopes[scope];
    spend(scope.end - scope.first);
    let texts = || outline.blocks[scope.first..scope.end].iter().filter(|b| !matches!(b.what, What::Picture(..) | What::Caption(_)));
    texts().count() <= 8 && texts().any(|b| b.linked * 10 >= b.chars * 8 && letters(&b.text) > 20.0)
}

/// The region of the page that holds the story.
pub(super) struct Body {
    /// Its scope.
    pub scope: usize,
    /// For each scope whether it or an ancestor, below the body's scope, is furniture by its hints; and by which.
    pub furniture: Vec<Option<Hint>>,
}

/// Finds it: the scope whose paragraphs, less all else in it, weigh most.
pub(super) fn find(outline: &Outline, weights: &Weights) -> Body {
    let scopes = &outline.scopes;
    let mut own_good = vec![0.0_f32; scopes.len()];
    let mut own_bad = vec![0.0_f32; scopes.len()];
    for (at, place) in outline.scope_of.iter().enumerate() {
        own_good[*place] += weights.good[at];
        own_bad[*place] += weights.bad[at];
    }
    let total: f32 = own_good.iter().sum();
    // Bottom up: what each subtree holds outside of furniture.
    let mut good = own_good.clone();
    for at in (1..scopes.len()).rev() {
        good[scopes[at].parent] += good[at];
    }
    let is_furniture: Vec<bool> = (0..scopes.len())
        .map(|at| {
            let scope = &scopes[at];
            let wrapper = matches!(scope.tag.name(), b"html" | b"body" | b"main");
            let outside = total - good[at];
            let certain = scope.own.any_of(CERTAIN) && outside > 500.0 && good[at] < 0.9 * total;
            !wrapper && scope.own.any_of(FURNITURE_SET) && (good[at] < 0.4 * total || certain)
        })
        .collect();
    let mut furniture: Vec<Option<Hint>> = vec![None; scopes.len()];
    for at in 0..scopes.len() {
        let up = if at == 0 { None } else { furniture[scopes[at].parent] };
        furniture[at] = up.or_else(|| if is_furniture[at] { scopes[at].own.first_of(&FURNITURE) } else { None });
    }
    let mut value = vec![0.0_f32; scopes.len()];
    for at in (0..scopes.len()).rev() {
        let (g, b) = if furniture[at].is_some() { (0.0, 0.3 * own_bad[at]) } else { (own_good[at], own_bad[at]) };
        value[at] += g - b;
        if at > 0 {
            // A part that costs more than it brings will be pruned: it costs no more than a little.
            let v = if value[at] < 0.0 { value[at] * 0.25 } else { value[at] };
            value[scopes[at].parent] += v;
        }
    }
    let mut best = 0;
    for at in 0..scopes.len() {
        if furniture[at].is_none() && value[at] >= value[best] {
            best = at;
        }
    }
    Body { scope: best, furniture }
}
