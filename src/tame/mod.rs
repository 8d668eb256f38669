//! Would this page keep a parser busy for ever, and what is left of it without its excess?
//!
//! The rules of HTML make a parser look through all open elements at many a tag, and through all attributes of a tag at each: pages nested
//! or attributed without measure take it quadratic time. Browsers flatten such pages (Chrome at a depth of 512); so do we, before the
//! parse. What is left still costs memory by the element, so a page ends where it has had more of them than any page of a newspaper:
//! whoever reads it is told that it is not whole. A sound page passes without a copy.
//!
//! Half of a news page is programs and styles that no reader of its text asks for. [`to_read`] leaves those out on the same way.

mod tag;
mod unread;

use std::borrow::Cow;

use self::tag::{Tag, TagKind, find, is_one_of};
use self::unread::Unread;
use crate::limits::{DEEPEST, LOOK_BACK, MOST_FORMATTING, MOST_LEFT_OUT, MOST_NAMES, MOST_ROOTS, MOST_TAGS};

/// The elements that a parser opens anew. Source: "formatting" in the HTML standard, `<a>` apart, which never nests.
const FORMATTING: [&str; 13] = ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// A page as a parser may be given it.
#[derive(Debug, PartialEq, Eq)]
pub struct Tamed<'h> {
    /// The page without its excess, borrowed when there was none; what stands before the limit, when it is not whole.
    pub html: Cow<'h, str>,
    /// Whether all of the page is there: false when it has more than [`MOST_TAGS`] or [`MOST_NAMES`].
    pub whole: bool,
}

/// The page with its excess of nesting and attributes taken off, up to where it has too many tags. Linear in its size.
#[must_use]
pub fn tame(html: &str) -> Tamed<'_> {
    without_excess(html, None)
}

/// [`tame`], and without what is not for reading: comments, what stands in a `<style>` or an `<svg>`, and what stands in a `<script>`
/// unless `wanted`, which is asked with the start tag and the content, says true. The elements stay, empty.
#[must_use]
pub fn to_read<'h>(html: &'h str, wanted: &dyn Fn(&str, &str) -> bool) -> Tamed<'h> {
    without_excess(html, Some(Unread::new(wanted)))
}

fn without_excess<'h>(html: &'h str, mut unread: Option<Unread<'_>>) -> Tamed<'h> {
    let bytes = html.as_bytes();
    let mut cut = Cuts { html, out: String::new(), copied: 0 };
    let mut open = Nesting::default();
    let mut cost = Cost::default();
    let (mut at, mut cdata) = (0, 0);
    while let Some(next) = find(bytes, at, b'<') {
        let tag = Tag::read(html, next);
        if open.is_foreign() && next >= cdata && html[next..].starts_with("<![CDATA[") {
            cdata = html[next..].find("]]>").map_or(bytes.len(), |i| next + i);
        }
        let stays = match tag.kind {
            TagKind::Start if tag.nests(open.is_foreign()) => open.enter(tag.name),
            TagKind::Start if tag.is_one_of(&["html", "body"]) => open.enter_root(),
            TagKind::Start | TagKind::Comment | TagKind::Remark | TagKind::Text => true,
            // Whether this is text, as in SVG, or a tag, as in a `<desc>` of SVG, only a parser knows: here it closes nothing.
            TagKind::End if next < cdata => true,
            TagKind::End => open.leave(tag.name),
        };
        cost.add(&tag, stays, open.formatting);
        if cost.is_too_high() {
            return Tamed { html: cut.finish(next), whole: false };
        }
        match tag.excess {
            _ if !stays => cut.leave_out(next, tag.end),
            Some(excess) if tag.kind == TagKind::Start => cut.leave_out(excess, tag.close),
            _ => {}
        }
        // Where SVG is open, what would be the raw text of `<style>` is read as tags.
        at = if !stays || open.is_foreign() { tag.end } else { tag.past_raw_text(html) }.max(next + 1);
        if let Some(unread) = &mut unread {
            unread.pass(&tag, next, at, open.is_foreign(), &mut cut);
        }
    }
    Tamed { html: cut.finish(html.len()), whole: true }
}

/// What a page has cost so far.
#[derive(Default)]
struct Cost {
    tags: usize,
    names: usize,
    left_out: usize,
}

impl Cost {
    fn add(&mut self, tag: &Tag, stays: bool, formatting: usize) {
        if stays {
            self.tags += tag.weight(formatting);
            self.names += tag.names;
        } else {
            self.left_out += 1;
        }
    }

    fn is_too_high(&self) -> bool {
        self.tags > MOST_TAGS || self.names > MOST_NAMES || self.left_out > MOST_LEFT_OUT
    }
}

/// The elements that are open, and whether their tags stay.
#[derive(Default)]
struct Nesting<'h> {
    open: Vec<(&'h str, bool)>,
    kept: usize,
    formatting: usize,
    /// How many of the open are SVG or `MathML`, in which elements close no other. Without its tag one is neither.
    foreign: usize,
    roots: usize,
}

fn is_foreign(name: &str) -> bool {
    name.eq_ignore_ascii_case("svg") || name.eq_ignore_ascii_case("math")
}

fn is_formatting(name: &str) -> bool {
    name.len() <= 6 && is_one_of(name, &FORMATTING)
}

impl<'h> Nesting<'h> {
    /// Is SVG or `MathML` open?
    fn is_foreign(&self) -> bool {
        self.foreign > 0
    }

    /// Meets an `<html>` or a `<body>`; false when its tag is to go.
    fn enter_root(&mut self) -> bool {
        self.roots += 1;
        self.roots <= MOST_ROOTS
    }

    /// Opens an element; false when its tag is to go.
    fn enter(&mut self, name: &'h str) -> bool {
        let formats = is_formatting(name);
        let kept = self.kept < DEEPEST && (!formats || self.formatting < MOST_FORMATTING);
        self.open.push((name, kept));
        self.kept += usize::from(kept);
        self.formatting += usize::from(kept && formats);
        self.foreign += usize::from(kept && is_foreign(name));
        kept
    }

    /// Closes the nearest open element of this name; false when its start tag went, so that its end tag is to go too.
    fn leave(&mut self, name: &str) -> bool {
        let from = self.open.len().saturating_sub(LOOK_BACK);
        let Some(found) = self.open[from..].iter().rposition(|(n, _)| n.eq_ignore_ascii_case(name)) else { return true };
        let kept = self.open[from + found].1;
        for (name, kept) in self.open.drain(from + found..) {
            self.kept -= usize::from(kept);
            self.formatting -= usize::from(kept && is_formatting(name));
            self.foreign -= usize::from(kept && is_foreign(name));
        }
        kept
    }
}

/// What is left out of a text, copied only when something is.
struct Cuts<'h> {
    html: &'h str,
    out: String,
    copied: usize,
}

impl<'h> Cuts<'h> {
    fn leave_out(&mut self, from: usize, to: usize) {
        if self.copied == 0 {
            self.out.reserve(self.html.len());
        }
        self.out.push_str(&self.html[self.copied..from]);
        // With what follows, a `<` that stood before would begin a tag that nobody has counted: `<<b>div>`.
        if self.out.ends_with('<') {
            self.out.truncate(self.out.len() - 1);
            self.out.push_str("&lt;");
        }
        self.copied = to;
    }

    /// Writes what comes before `place`; how much is written then.
    fn up_to(&mut self, place: usize) -> usize {
        self.leave_out(place, place);
        self.out.len()
    }

    /// Takes back what was written after the first `written` bytes, and goes on at `place`.
    fn back_to(&mut self, written: usize, place: usize) {
        self.out.truncate(written);
        self.copied = self.copied.max(place);
    }

    /// What is left of the text up to `end`.
    fn finish(mut self, end: usize) -> Cow<'h, str> {
        if self.copied == 0 {
            return Cow::Borrowed(&self.html[..end]);
        }
        self.out.push_str(&self.html[self.copied..end]);
        Cow::Owned(self.out)
    }
}

#[cfg(test)]
mod tests;
