//! Would this page keep a parser busy for ever, and what is left of it without its excess?
//!
//! The rules of HTML make a parser look through all open elements at many a tag, and through all attributes of a tag at each: pages nested
//! or attributed without measure take it quadratic time. Browsers flatten such pages (Chrome at a depth of 512); so do we, before the
//! parse. A sound page passes without a copy.

use std::borrow::Cow;

use crate::limits::{DEEPEST, LOOK_BACK, MOST_ATTRIBUTES, MOST_FORMATTING};

/// The elements that a parser opens anew. Source: "formatting" in the HTML standard, `<a>` apart, which never nests.
const FORMATTING: [&str; 13] = ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// The page with its excess of nesting and attributes taken off. Linear in its size.
#[must_use]
pub fn tame(html: &str) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut cut = Cuts { html, out: String::new(), copied: 0 };
    let mut open = Nesting::default();
    let mut at = 0;
    while let Some(next) = find(bytes, at, b'<') {
        let tag = Tag::read(html, next);
        match tag.kind {
            TagKind::Start if tag.nests() => {
                if !open.enter(tag.name) {
                    cut.leave_out(next, tag.end);
                } else if let Some(excess) = tag.excess {
                    cut.leave_out(excess, tag.close);
                }
            }
            TagKind::Start => {
                if let Some(excess) = tag.excess {
                    cut.leave_out(excess, tag.close);
                }
            }
            TagKind::End if !open.leave(tag.name) => cut.leave_out(next, tag.end),
            TagKind::End | TagKind::Other => {}
        }
        at = tag.past_raw_text(html).max(next + 1);
    }
    cut.finish()
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

    fn finish(mut self) -> Cow<'h, str> {
        if self.copied == 0 {
            return Cow::Borrowed(self.html);
        }
        self.out.push_str(&self.html[self.copied..]);
        Cow::Owned(self.out)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TagKind {
    Start,
    End,
    /// A comment, a doctype, or a `<` that begins no tag.
    Other,
}

/// A tag as it stands in the text.
struct Tag<'h> {
    kind: TagKind,
    name: &'h str,
    /// Behind its `>`.
    end: usize,
    /// At its `>`.
    close: usize,
    /// Where its attributes become too many.
    excess: Option<usize>,
}

impl<'h> Tag<'h> {
    /// Reads the tag at the `<` at `start`.
    fn read(html: &'h str, start: usize) -> Self {
        let bytes = html.as_bytes();
        let other = |end: usize| Self { kind: TagKind::Other, name: "", end, close: end, excess: None };
        if html[start..].starts_with("<!--") {
            return other(html[start..].find("-->").map_or(bytes.len(), |i| start + i + 3));
        }
        let (kind, from) = if bytes.get(start + 1) == Some(&b'/') { (TagKind::End, start + 2) } else { (TagKind::Start, start + 1) };
        if !bytes.get(from).is_some_and(u8::is_ascii_alphabetic) {
            return other(start + 1);
        }
        let ends_name = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
        let name_end = bytes[from..].iter().position(ends_name).map_or(bytes.len(), |i| from + i);
        let (close, excess) = attributes(bytes, name_end);
        Self { kind, name: &html[from..name_end], end: (close + 1).min(bytes.len()), close, excess }
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

/// The place of the `>` that closes a tag whose attributes begin at `at`, and where they become too many.
fn attributes(bytes: &[u8], mut at: usize) -> (usize, Option<usize>) {
    let (mut count, mut excess, mut in_name, mut after_equals) = (0, None, false, false);
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return (at, excess),
            quote @ (b'"' | b'\'') if after_equals => {
                at = find(bytes, at + 1, quote).unwrap_or(bytes.len());
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
                in_name = true;
                count += 1;
                if count == MOST_ATTRIBUTES + 1 {
                    excess = Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    (bytes.len(), excess)
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
            assert!(matches!(tame(html), Cow::Borrowed(same) if same == html), "{html:.40}");
        }
    }

    #[test]
    fn a_page_nested_without_measure_keeps_its_text_and_a_browsers_depth() {
        let html = format!("<body>{}đáy{}cuối", "<div>".repeat(100_000), "</div>".repeat(100_000));
        let tamed = tame(&html);
        assert_eq!(tamed.matches("<div>").count(), DEEPEST);
        assert_eq!(tamed.matches("</div>").count(), DEEPEST);
        let text: String = Html::parse_document(&tamed).root_element().text().collect();
        assert_eq!(text, "đáycuối");
    }

    #[test]
    fn formatting_that_each_paragraph_would_open_anew_is_bounded() {
        let html = numbered(500, "<p><b x=", ">") + &"<p>x".repeat(200);
        let nodes = Html::parse_document(&tame(&html)).tree.nodes().count();
        assert!(nodes < 25_000, "{nodes} nodes of {} bytes", html.len());
    }

    #[test]
    fn attributes_without_measure_are_left_out_and_the_tag_stays() {
        let many = numbered(200_000, " a", "=\"x\"");
        let tamed = tame(&format!("<p class=\"s\"{many}>chữ</p>")).into_owned();
        assert_eq!(tamed.matches('=').count(), MOST_ATTRIBUTES);
        assert!(tamed.starts_with("<p class=\"s\"") && tamed.ends_with(">chữ</p>"), "{tamed:.60}");
    }

    proptest! {
        #[test]
        fn any_text_is_tamed_without_a_fault(html in "[<>/a-dđ\"'= !-]{0,200}") {
            let tamed = tame(&html);
            prop_assert!(tamed.len() <= html.len());
        }
    }
}
