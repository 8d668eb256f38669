//! Which lines stand under which picture, in the four shapes that Vietnamese papers print?
//!
//! (a) the cell under the picture in a table, (b) `figcaption`, (c) the paragraph after the picture, (d) `data-desc` and `data-title`.
//! (a) and (b) come marked from the walk; (c) looks like text and is judged here.

use std::collections::{HashMap, HashSet};

use super::super::effort::spend;
use super::super::picture::Picture;
use super::super::walk::{Align, Block, What};
use super::{Around, Draft, Why};
use crate::article::Image;
use crate::paper::CaptionAfterPicture;
use crate::vietnamese::byline;
use crate::vietnamese::text::{fold, tidy};

/// The longest caption, in words, that is told from a paragraph by how it is set.
const LONGEST: usize = 90;

/// The longest caption, in words, that stands behind a table or a figure and not in it, and is set as captions are by its place alone.
const LONGEST_BEHIND_A_FRAME: usize = 25;

/// How many blocks may stand between two prints of one caption.
const NEAR: usize = 3;

/// So many pictures an article has at most; the first ones stay. The largest photo stories have 80.
const MOST_IMAGES: usize = 1_000;

/// Gives each picture its caption and credit, and takes those lines out of the text.
pub(super) fn settle(draft: &mut Draft, around: &Around) -> Vec<Image> {
    let mut captions = marked(draft);
    after_pictures(draft, around, &mut captions);
    drop_second_prints(draft, &captions);
    images(draft, around, &captions)
}

/// The lines under each block that is a picture.
type Captions = Vec<Vec<String>>;

/// Shapes (a) and (b): a marked caption belongs to the picture before it in its figure or table, else to the one after it, else to the
/// picture before it when only captions stand between.
fn marked(draft: &mut Draft) -> Captions {
    let mut captions: Captions = vec![Vec::new(); draft.blocks.len()];
    // The last picture of each figure so far, and how far back the pictures stand above the captions of this row, where they are paired.
    let mut last: HashMap<u32, usize> = HashMap::new();
    let mut row: Option<(u32, usize)> = None;
    for at in 0..draft.blocks.len() {
        let group = match draft.blocks[at].what {
            What::Caption(group) => group,
            What::Picture(_, group) => {
                last.insert(group, at);
                row = None;
                continue;
            }
            _ => {
                row = None;
                continue;
            }
        };
        let above = match row {
            Some((of, above)) if of == group => above,
            _ => side_by_side(&draft.blocks, at, group),
        };
        row = Some((group, above));
        if draft.gone[at].is_none() {
            draft.gone[at] = Some(Why::Caption);
            let beside = last.get(&group).copied().filter(|_| group > 0);
            if let Some(picture) = if above > 0 { Some(at - above) } else { picture_of(&draft.blocks, at, group, beside) } {
                captions[picture].push(draft.blocks[at].text.clone());
            }
        }
    }
    captions
}

/// The picture of a caption: the one before it in its figure, else the one after it, else the one before it.
fn picture_of(blocks: &[Block], at: usize, group: u32, beside: Option<usize>) -> Option<usize> {
    let in_group = |b: &Block| matches!(b.what, What::Picture(_, g) if g == group && group > 0);
    let before = (0..at).rev().take_while(|i| !matches!(blocks[*i].what, What::Paragraph | What::Heading(_) | What::Row));
    beside
        .or_else(|| (at + 1..blocks.len()).take(6).find(|i| in_group(&blocks[*i])))
        .or_else(|| before.take(6).find(|i| matches!(blocks[*i].what, What::Picture(..))))
}

/// Pictures side by side in one table, and below them as many captions, none of them a credit alone: how far above each its picture
/// stands, `first` being the first of the captions; 0 for any others.
fn side_by_side(blocks: &[Block], first: usize, group: u32) -> usize {
    let is_caption = |b: &Block| matches!(b.what, What::Caption(g) if g == group) && group > 0;
    let is_picture = |b: &Block| matches!(b.what, What::Picture(_, g) if g == group);
    let captions = blocks[first..].iter().take_while(|b| is_caption(b));
    let pictures = blocks[..first].iter().rev().take_while(|b| is_picture(b)).count();
    spend(pictures + captions.clone().count());
    let paired = pictures > 1 && captions.clone().count() == pictures && !captions.clone().any(|b| byline::is_credit(&b.text));
    if paired { pictures } else { 0 }
}

/// Shape (c): the paragraph after a picture, when it is set as captions are, ends as they do, or repeats what the picture says of itself.
fn after_pictures(draft: &mut Draft, around: &Around, captions: &mut Captions) {
    for (at, have) in captions.iter_mut().enumerate() {
        let What::Picture(picture, _) = &draft.blocks[at].what else { continue };
        let picture = picture.clone();
        let mut lines = 0;
        for next in at + 1..draft.blocks.len() {
            spend(1);
            if draft.gone[next].is_some() {
                continue;
            }
            if draft.blocks[next].kept || lines >= 3 || !is_caption(draft, at, next, &picture, have, around) {
                break;
            }
            have.push(draft.blocks[next].text.clone());
            draft.gone[next] = Some(Why::Caption);
            lines += 1;
        }
    }
}

fn is_caption(draft: &Draft, picture_at: usize, at: usize, picture: &Picture, have: &[String], around: &Around) -> bool {
    let block = &draft.blocks[at];
    let fits = matches!(block.what, What::Paragraph | What::Heading(4..=6)) && block.text.split(' ').count() <= LONGEST;
    if !fits || byline::signs_words(&block.text) {
        return false;
    }
    let key = &draft.keys[at];
    let said = picture.words.iter().chain(picture.described.iter()).map(|w| fold(w)).any(|w| w == *key && key.chars().count() > 8);
    if said || have.iter().any(|c| fold(c) == *key) || byline::is_credit(&block.text) {
        return true;
    }
    if !have.is_empty() {
        return false;
    }
    match around.captions {
        CaptionAfterPicture::Never => false,
        CaptionAfterPicture::Always => true,
        CaptionAfterPicture::Centred => set_as_caption(draft, picture_at, at) || ends_as_caption(block),
    }
}

/// Centred, but not as a sub-heading is (bold, without a full stop); or italic, but not the first line of a verse or a quotation.
fn set_as_caption(draft: &Draft, picture_at: usize, at: usize) -> bool {
    let block = &draft.blocks[at];
    let stopped = block.text.ends_with(['.', '!', '?', ')', '…']);
    // A picture in a frame has its caption in there; what is only centred behind it, and long, is the story.
    let in_frame = matches!(draft.blocks[picture_at].what, What::Picture(_, group) if group > 0);
    let fits = !in_frame || block.style.italic || block.text.split(' ').count() <= LONGEST_BEHIND_A_FRAME;
    let centred = block.style.align == Align::Centre && fits && (!block.style.bold || block.style.italic || stopped);
    let same_paragraph = draft.blocks[picture_at].node == block.node;
    let next_is_alike = draft.blocks[at + 1..]
        .iter()
        .zip(&draft.gone[at + 1..])
        .find(|(b, gone)| gone.is_none() && !matches!(b.what, What::Picture(..)))
        .is_some_and(|(b, _)| b.style.italic && b.chars > 0 && !byline::is_credit(&b.text));
    let italic = block.style.italic && (same_paragraph || block.style.align == Align::Centre || !next_is_alike);
    centred || italic
}

/// Ends with a credit, and is short enough for a caption.
fn ends_as_caption(block: &Block) -> bool {
    block.text.split(' ').count() <= LONGEST && byline::ends_with_credit(&block.text)
}

/// A caption printed twice: a line near the picture that says the same again.
fn drop_second_prints(draft: &mut Draft, captions: &Captions) {
    for (at, lines) in captions.iter().enumerate().filter(|(_, lines)| !lines.is_empty()) {
        let keys: HashSet<String> = lines.iter().map(|l| fold(l)).collect();
        let whole = fold(&lines.join(" "));
        for near in at.saturating_sub(NEAR)..(at + NEAR + lines.len() + 1).min(draft.blocks.len()) {
            if draft.is_text(near) {
                let key = &draft.keys[near];
                if key.chars().count() > 8 && (keys.contains(key) || *key == whole) {
                    draft.drop(near, Why::Caption);
                }
            }
        }
    }
}

fn images(draft: &Draft, around: &Around, captions: &Captions) -> Vec<Image> {
    let mut images: Vec<Image> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (at, block) in draft.blocks.iter().enumerate() {
        let What::Picture(picture, _) = &block.what else { continue };
        let Some(url) = absolute(&picture.address, around) else { continue };
        let lines = if captions[at].is_empty() { described(picture, around) } else { captions[at].clone() };
        let (caption, credit) = join(&lines);
        let credit = credit.or_else(|| picture.author.as_deref().map(|a| tidy(a, true)).filter(|a| !a.is_empty()));
        match known.get(&url) {
            Some(twin) => {
                let twin = &mut images[*twin];
                twin.caption = twin.caption.take().or(caption);
                twin.credit = twin.credit.take().or(credit);
            }
            None if images.len() < MOST_IMAGES => {
                known.insert(url.clone(), images.len());
                images.push(Image { url, caption, credit });
            }
            None => break,
        }
    }
    images
}

/// Shape (d), when nothing stands under the picture.
fn described(picture: &Picture, around: &Around) -> Vec<String> {
    let said = picture.described.as_deref().map(|d| tidy(&super::super::metadata::unescape(d), true));
    said.filter(|d| !d.is_empty() && !around.titles.is_title(d) && around.titles.picture_line(d).is_none()).into_iter().collect()
}

/// The lines under one picture as one caption and one credit; a line printed twice counts once.
fn join(lines: &[String]) -> (Option<String>, Option<String>) {
    let mut seen = HashSet::new();
    let (mut captions, mut credits): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for line in lines.iter().filter(|l| seen.insert(fold(l))) {
        let (caption, credit) = byline::caption_and_credit(line);
        captions.extend(caption);
        credits.extend(credit);
    }
    captions.dedup_by(|b, a| fold(a) == fold(b));
    let text = |parts: Vec<String>, with: &str| Some(parts.join(with)).filter(|t| !t.is_empty());
    credits.dedup();
    (text(captions, " "), text(credits, ", "))
}

fn absolute(address: &str, around: &Around) -> Option<String> {
    let url = match around.base {
        Some(base) => base.join(address),
        None => url::Url::parse(address),
    };
    url.ok().filter(|u| matches!(u.scheme(), "http" | "https")).map(String::from)
}
