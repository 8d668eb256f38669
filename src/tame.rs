//! Would this page keep a parser busy for ever, and what is left of it without its excess?
//!
//! The rules of HTML make a parser look through all open elements at many a tag, and through all attributes of a tag at each: pages nested
//! or attributed without measure take it quadratic time. Browsers flatten such pages (Chrome at a depth of 512); so do we, before the
//! parse. What is left still costs memory by the element, so a page ends where it has had more of them than any page of a newspaper:
//! whoever reads it is told that it is not whole. A sound page passes without a copy.

use std::borrow::Cow;

/// Elements nested deeper than this lose their tags and keep their text. Source: the limit of Chrome's parser; no news page comes near.
const DEEPEST: usize = 512;

/// Attributes of one tag beyond this many are left out.
const MOST_ATTRIBUTES: usize = 256;

/// Formatting elements (`<b>`, `<font>` …) open at once beyond this many lose their tags: a parser opens all of them anew in each paragraph.
const MOST_FORMATTING: usize = 24;

/// The elements that a parser opens anew. Source: "formatting" in the HTML standard, `<a>` apart, which never nests.
const FORMATTING: [&str; 13] = ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// How far down the open elements an end tag looks for its own.
const LOOK_BACK: usize = 64;

/// A page ends at its first tag beyond so many, comments counted. The largest pages of papers, tables of examination results, have
/// 30,000; a parsed element takes about 400 bytes.
pub const MOST_TAGS: usize = 150_000;

/// A page ends at its first tag beyond so many that were left out.
const MOST_LEFT_OUT: usize = 4 * MOST_TAGS;

/// A page ends behind so many attributes and names of classes in all: the parser keeps a table of their names that gets slow.
pub const MOST_NAMES: usize = 250_000;

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
    let bytes = html.as_bytes();
    let mut cut = Cuts { html, out: String::new(), copied: 0 };
    let mut open = Nesting::default();
    let (mut at, mut tags, mut names, mut left_out) = (0, 0, 0, 0);
    while let Some(next) = find(bytes, at, b'<') {
        let tag = Tag::read(html, next);
        let stays = match tag.kind {
            TagKind::Start if tag.nests() => open.enter(tag.name),
            TagKind::End => open.leave(tag.name),
            TagKind::Start | TagKind::Remark | TagKind::Text => true,
        };
        if stays {
            tags += tag.weight(open.formatting);
            names += tag.names;
        } else {
            left_out += 1;
        }
        if tags > MOST_TAGS || names > MOST_NAMES || left_out > MOST_LEFT_OUT {
            return Tamed { html: cut.finish(next), whole: false };
        }
        match tag.excess {
            _ if !stays => cut.leave_out(next, tag.end),
            Some(excess) => cut.leave_out(excess, tag.close),
            None => {}
        }
        at = tag.past_raw_text(html).max(next + 1);
    }
    Tamed { html: cut.finish(html.len()), whole: true }
}

/// The elements that are open, and whether their tags stay.
#[derive(Default)]
struct Nesting<'h> {
    open: Vec<(&'h str, bool)>,
    kept: usize,
    formatting: usize,
}

fn is_formatting(name: &str) -> bool {
    name.len() <= 6 && FORMATTING.iter().any(|f| name.eq_ignore_ascii_case(f))
}

impl<'h> Nesting<'h> {
    /// Opens an element; false when its tag is to go.
    fn enter(&mut self, name: &'h str) -> bool {
        let formats = is_formatting(name);
        let kept = self.kept < DEEPEST && (!formats || self.formatting < MOST_FORMATTING);
        self.open.push((name, kept));
        self.kept += usize::from(kept);
        self.formatting += usize::from(kept && formats);
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
        self.out.push_str(&self.html[self.copied..from]);
        self.copied = to;
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum TagKind {
    Start,
    End,
    /// A comment, a doctype, an instruction.
    Remark,
    /// A `<` that begins no tag.
    Text,
}

/// A tag as it stands in the text.
struct Tag<'h> {
    kind: TagKind,
    name: &'h str,
    /// Behind its `>`.
    end: usize,
    /// At its `>`.
    close: usize,
    /// How many attributes and classes it has.
    names: usize,
    /// Where its attributes become too many.
    excess: Option<usize>,
}

impl<'h> Tag<'h> {
    /// Reads the tag at the `<` at `start`.
    fn read(html: &'h str, start: usize) -> Self {
        let bytes = html.as_bytes();
        let other = |kind: TagKind, end: usize| Self { kind, name: "", end, close: end, names: 0, excess: None };
        if html[start..].starts_with("<!--") {
            return other(TagKind::Remark, html[start..].find("-->").map_or(bytes.len(), |i| start + i + 3));
        }
        let (kind, from) = if bytes.get(start + 1) == Some(&b'/') { (TagKind::End, start + 2) } else { (TagKind::Start, start + 1) };
        if !bytes.get(from).is_some_and(u8::is_ascii_alphabetic) {
            let is_remark = matches!(bytes.get(start + 1), Some(b'!' | b'?' | b'/'));
            return other(if is_remark { TagKind::Remark } else { TagKind::Text }, start + 1);
        }
        let ends_name = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
        let name_end = bytes[from..].iter().position(ends_name).map_or(bytes.len(), |i| from + i);
        let (close, names, excess) = attributes(bytes, name_end);
        Self { kind, name: &html[from..name_end], end: (close + 1).min(bytes.len()), close, names, excess }
    }

    /// How many elements a parser may make of it when so many formatting ones are open, which it opens anew in each block.
    fn weight(&self, formatting: usize) -> usize {
        match self.kind {
            TagKind::Start | TagKind::Remark => 1 + formatting,
            // The end of a paragraph that was never begun is a paragraph; `</br>` is a line break.
            TagKind::End if self.name.eq_ignore_ascii_case("p") || self.name.eq_ignore_ascii_case("br") => 1 + formatting,
            TagKind::End => formatting,
            TagKind::Text => 0,
        }
    }

    /// Does its element hold others for as long as no end tag comes? Void elements do not, nor those that the next of their kind closes.
    fn nests(&self) -> bool {
        const FLAT: [&str; 37] = [
            "a", "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li",
            "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "caption", "rt", "rp", "html",
            "head", "body", "script", "style", "title",
        ];
        !FLAT.iter().any(|f| self.name.eq_ignore_ascii_case(f))
    }

    /// Where to go on: behind the tag, or behind the text of an element whose text is no HTML.
    fn past_raw_text(&self, html: &str) -> usize {
        const RAW: [&str; 7] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed"];
        if self.kind != TagKind::Start || !RAW.iter().any(|r| self.name.eq_ignore_ascii_case(r)) {
            return self.end;
        }
        let bytes = html.as_bytes();
        let mut at = self.end;
        while let Some(next) = find(bytes, at, b'<') {
            let rest = &bytes[next + 1..];
            if rest.first() == Some(&b'/')
                && rest[1..].len() >= self.name.len()
                && rest[1..=self.name.len()].eq_ignore_ascii_case(self.name.as_bytes())
            {
                return next;
            }
            at = next + 1;
        }
        bytes.len()
    }
}

/// The place of the `>` that closes a tag whose attributes begin at `at`, how many they and their classes are, and where they become
/// too many.
fn attributes(bytes: &[u8], mut at: usize) -> (usize, usize, Option<usize>) {
    let (mut count, mut excess, mut in_name, mut after_equals) = (0, None, false, false);
    let (mut name_at, mut classes) = (at, 0);
    let seen = |count: usize, classes: usize| count.min(MOST_ATTRIBUTES) + classes;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return (at, seen(count, classes), excess),
            quote @ (b'"' | b'\'') if after_equals => {
                let end = find(bytes, at + 1, quote).unwrap_or(bytes.len());
                if bytes[name_at..].get(..5).is_some_and(|name| name.eq_ignore_ascii_case(b"class")) {
                    classes += bytes[at..end].split(u8::is_ascii_whitespace).count();
                }
                at = end;
                (in_name, after_equals) = (false, false);
            }
            b'=' => (in_name, after_equals) = (false, true),
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
    (bytes.len(), seen(count, classes), excess)
}

fn find(bytes: &[u8], from: usize, byte: u8) -> Option<usize> {
    memchr::memchr(byte, bytes.get(from..)?).map(|i| from + i)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scraper::Html;

    use super::*;

    /// `before` and `behind` around each number below `count`.
    fn numbered(count: usize, before: &str, behind: &str) -> String {
        (0..count).flat_map(|n| [before.to_owned(), n.to_string(), behind.to_owned()]).collect()
    }

    #[test]
    fn a_sound_page_passes_without_a_copy() {
        for html in [
            "<!doctype html><html><body><p>một<p>hai<ul><li>a<li>b</ul><a href='x>y'>z</a><!-- <div> --><br/></body>",
            &"<p>một đoạn".repeat(5_000),
            &"<div><span>x</span></div>".repeat(5_000),
            "<script>if (a < b) { '<div>'.repeat(9) }</script>",
            "a < b và c > d",
            "",
        ] {
            assert!(matches!(tame(html), Tamed { html: Cow::Borrowed(same), whole: true } if same == html), "{html:.40}");
        }
    }

    #[test]
    fn a_page_nested_without_measure_keeps_its_text_and_a_browsers_depth() {
        let html = format!("<body>{}đáy{}cuối", "<div>".repeat(100_000), "</div>".repeat(100_000));
        let tamed = tame(&html).html;
        assert_eq!(tamed.matches("<div>").count(), DEEPEST);
        assert_eq!(tamed.matches("</div>").count(), DEEPEST);
        let text: String = Html::parse_document(&tamed).root_element().text().collect();
        assert_eq!(text, "đáycuối");
    }

    #[test]
    fn formatting_that_each_paragraph_would_open_anew_is_bounded() {
        let html = numbered(500, "<p><b x=", ">") + &"<p>x".repeat(200);
        let nodes = Html::parse_document(&tame(&html).html).tree.nodes().count();
        assert!(nodes < 25_000, "{nodes} nodes of {} bytes", html.len());
    }

    #[test]
    fn attributes_without_measure_are_left_out_and_the_tag_stays() {
        let many = numbered(200_000, " a", "=\"x\"");
        let tamed = tame(&format!("<p class=\"s\"{many}>chữ</p>")).html.into_owned();
        assert_eq!(tamed.matches('=').count(), MOST_ATTRIBUTES);
        assert!(tamed.starts_with("<p class=\"s\"") && tamed.ends_with(">chữ</p>"), "{tamed:.60}");
    }

    #[test]
    fn a_page_of_more_tags_than_any_newspapers_ends_there_and_says_so() {
        let rows = ["<p>", "<!-- x -->", "<!x>", "</p>", "</br>", "<p><b>x</b>", "<p a b c d e f>", "<p class='a b c d e f'>", "<br>"];
        for row in rows {
            let html = row.repeat(MOST_TAGS + 1);
            let tamed = tame(&html);
            assert!(!tamed.whole && html.starts_with(&*tamed.html), "{row}");
            let nodes = Html::parse_document(&tamed.html).tree.nodes().count();
            assert!(nodes < 2 * MOST_TAGS, "{row}: {nodes} nodes");
        }
        for row in ["<p>một</p>", "<td>1</td>", "1 < 2 "] {
            let html = row.repeat(MOST_TAGS / 3);
            assert_eq!(tame(&html), Tamed { html: Cow::Borrowed(html.as_str()), whole: true }, "{row}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_tamed_without_a_fault(html in "[<>/a-dđ\"'= !-]{0,200}") {
            let tamed = tame(&html).html;
            prop_assert!(tamed.len() <= html.len());
        }
    }
}
