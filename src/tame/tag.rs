//! What does a tag say, as it stands in the text of a page?

use memchr::memmem;

use super::is_foreign;
use crate::limits::MOST_ATTRIBUTES;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TagKind {
    Start,
    End,
    Comment,
    /// A doctype, an instruction, or what a parser takes for a comment.
    Remark,
    /// A `<` that begins no tag.
    Text,
}

/// A tag as it stands in the text.
pub(super) struct Tag<'h> {
    pub kind: TagKind,
    pub name: &'h str,
    /// Behind its `>`.
    pub end: usize,
    /// At its `>`.
    pub close: usize,
    /// How many attributes and classes it has.
    pub names: usize,
    /// Where its attributes become too many.
    pub excess: Option<usize>,
    /// It ends in `/>`.
    pub closes_itself: bool,
}

pub(super) fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|other| name.eq_ignore_ascii_case(other))
}

impl<'h> Tag<'h> {
    /// Reads the tag at the `<` at `start`.
    pub fn read(html: &'h str, start: usize) -> Self {
        let bytes = html.as_bytes();
        let other = |kind, end: usize| Self { kind, name: "", end, close: end, names: 0, excess: None, closes_itself: false };
        if html[start..].starts_with("<!--") {
            return other(TagKind::Comment, end_of_comment(bytes, start));
        }
        let (kind, from) = if bytes.get(start + 1) == Some(&b'/') { (TagKind::End, start + 2) } else { (TagKind::Start, start + 1) };
        if !bytes.get(from).is_some_and(u8::is_ascii_alphabetic) {
            return if kind == TagKind::End || matches!(bytes.get(from), Some(b'!' | b'?')) {
                other(TagKind::Remark, find(bytes, from, b'>').map_or(bytes.len(), |i| i + 1))
            } else {
                other(TagKind::Text, from)
            };
        }
        let ends_name = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
        let name_end = bytes[from..].iter().position(ends_name).map_or(bytes.len(), |i| from + i);
        let Attributes { close, names, excess, closes_itself } = Attributes::read(bytes, name_end);
        Self { kind, name: &html[from..name_end], end: (close + 1).min(bytes.len()), close, names, excess, closes_itself }
    }

    pub fn is_one_of(&self, names: &[&str]) -> bool {
        is_one_of(self.name, names)
    }

    /// How many elements a parser may make of it when so many formatting ones are open, which it opens anew in each block.
    pub fn weight(&self, formatting: usize) -> usize {
        match self.kind {
            TagKind::Start | TagKind::Comment | TagKind::Remark => 1 + formatting,
            // The end of a paragraph that was never begun is a paragraph; `</br>` is a line break.
            TagKind::End if self.is_one_of(&["p", "br"]) => 1 + formatting,
            TagKind::End => formatting,
            TagKind::Text => 0,
        }
    }

    /// Does its element hold others for as long as no end tag comes? In HTML, void elements do not, nor those that the next of their kind
    /// closes. Among foreign elements (SVG, `MathML`) all do that do not close themselves (`<path/>`), but for those of HTML that leave them.
    pub fn nests(&self, foreign: bool) -> bool {
        let mut name = [0; LONGEST_FLAT];
        let foreign = foreign || is_foreign(self.name);
        let Some(name) = name.get_mut(..self.name.len()) else { return !(foreign && self.closes_itself) };
        name.copy_from_slice(self.name.as_bytes());
        name.make_ascii_lowercase();
        let flat = if foreign { self.closes_itself } else { is_flat_in_html(name) };
        !flat && !is_flat_everywhere(name)
    }

    /// Where to go on: behind the tag, or behind the text of an element whose text is no HTML.
    pub fn past_raw_text(&self, html: &str) -> usize {
        const RAW: [&str; 9] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"];
        if self.kind != TagKind::Start || !self.is_one_of(&RAW) {
            return self.end;
        }
        let bytes = html.as_bytes();
        let name = self.name.as_bytes();
        let ends = |at: &usize| bytes.get(at + 2..at + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name));
        memmem::find_iter(&bytes[self.end..], b"</").map(|at| self.end + at).find(ends).unwrap_or(bytes.len())
    }
}

/// The longest name of an element that holds no others for long: `colgroup`.
const LONGEST_FLAT: usize = 8;

#[rustfmt::skip]
fn is_flat_everywhere(name: &[u8]) -> bool {
    matches!(name, b"body" | b"br" | b"dd" | b"dt" | b"embed" | b"head" | b"hr" | b"img" | b"li" | b"meta" | b"p")
}

#[rustfmt::skip]
fn is_flat_in_html(name: &[u8]) -> bool {
    matches!(
        name,
        b"a" | b"area" | b"base" | b"caption" | b"col" | b"colgroup" | b"html" | b"input" | b"link" | b"option" | b"param" | b"script"
        | b"source" | b"style" | b"tbody" | b"td" | b"tfoot" | b"th" | b"thead" | b"title" | b"tr" | b"track" | b"wbr"
    )
}

/// Behind the comment that begins at `start`, as the HTML standard ends it: `<!-->` and `<!--->` are comments, `--!>` ends one too.
fn end_of_comment(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 2;
    while let Some(dashes) = bytes.get(at..).and_then(|rest| memmem::find(rest, b"--")).map(|i| at + i) {
        match bytes.get(dashes + 2) {
            Some(b'>') => return dashes + 3,
            Some(b'!') if dashes >= start + 4 && bytes.get(dashes + 3) == Some(&b'>') => return dashes + 4,
            _ => at = dashes + 1,
        }
    }
    bytes.len()
}

/// What the attributes of a tag tell of it.
struct Attributes {
    /// The place of the `>` that closes the tag.
    close: usize,
    /// How many they and their classes are; of those in excess none.
    names: usize,
    /// Where they become too many.
    excess: Option<usize>,
    /// A `/` stands before the `>`, and is no part of a value.
    closes_itself: bool,
}

impl Attributes {
    /// Reads those that begin at `at`.
    fn read(bytes: &[u8], mut at: usize) -> Self {
        let (mut count, mut excess, mut in_name, mut after_equals, mut closes_itself) = (0, None, false, false, false);
        let (mut name_at, mut classes) = (at, 0);
        let names = |count: usize, classes: usize| count.min(MOST_ATTRIBUTES) + classes;
        while at < bytes.len() {
            let slash = std::mem::take(&mut closes_itself);
            match bytes[at] {
                b'>' => return Self { close: at, names: names(count, classes), excess, closes_itself: slash },
                quote @ (b'"' | b'\'') if after_equals => {
                    let end = find(bytes, at + 1, quote).unwrap_or(bytes.len());
                    if bytes[name_at..].get(..5).is_some_and(|name| name.eq_ignore_ascii_case(b"class")) {
                        classes += bytes[at..end].split(u8::is_ascii_whitespace).count();
                    }
                    at = end;
                    (in_name, after_equals) = (false, false);
                }
                b'=' => (in_name, after_equals) = (false, true),
                b'/' if !after_equals => (in_name, closes_itself) = (false, true),
                b if b.is_ascii_whitespace() || b == b'/' => in_name = false,
                _ if after_equals => {
                    while at + 1 < bytes.len() && !bytes[at + 1].is_ascii_whitespace() && bytes[at + 1] != b'>' {
                        at += 1;
                    }
                    after_equals = false;
                }
                _ if !in_name => {
                    (in_name, name_at) = (true, at);
                    count += 1;
                    if count == MOST_ATTRIBUTES + 1 {
                        excess = Some(at);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Self { close: bytes.len(), names: names(count, classes), excess, closes_itself: false }
    }
}

pub(super) fn find(bytes: &[u8], from: usize, byte: u8) -> Option<usize> {
    memchr::memchr(byte, bytes.get(from..)?).map(|i| from + i)
}
