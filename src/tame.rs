//! Would this page keep a parser busy for ever, and what is left of it without its excess?
//!
//! The rules of HTML make a parser look through all open elements at many a tag, and through all attributes of a tag at each: pages nested
//! or attributed without measure take it quadratic time. Browsers flatten such pages (Chrome at a depth of 512); so do we, before the
//! parse. A sound page passes without a copy.

use std::borrow::Cow;

/// Elements nested deeper than this lose their tags and keep their text. Source: the limit of Chrome's parser; no news page comes near.
const DEEPEST: usize = 512;

/// Attributes of one tag beyond this many are left out.
const MOST_ATTRIBUTES: usize = 256;

/// Formatting elements (`<b>`, `<font>` …) open at once beyond this many lose their tags: a parser opens all of them anew in each paragraph.
const MOST_FORMATTING: usize = 24;

/// The elements that a parser opens anew. Source: "formatting" in the HTML standard, `<a>` apart, which never nests.
const FORMATTING: [&str; 13] = ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// `<html>` and `<body>` tags beyond this many are left out: all that a further one does is to give its attributes to the one element.
const MOST_ROOTS: usize = 16;

/// How far down the open elements an end tag looks for its own.
const LOOK_BACK: usize = 64;

/// The page with its excess of nesting and attributes taken off. Linear in its size.
#[must_use]
pub fn tame(html: &str) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut cut = Cuts { html, out: String::new(), copied: 0 };
    let mut open = Nesting::default();
    let (mut at, mut cdata) = (0, 0);
    while let Some(next) = find(bytes, at, b'<') {
        let tag = Tag::read(html, next);
        if open.is_foreign() && next >= cdata && html[next..].starts_with("<![CDATA[") {
            cdata = html[next..].find("]]>").map_or(bytes.len(), |i| next + i);
        }
        let stays = match tag.kind {
            TagKind::Start if tag.nests(open.is_foreign()) => open.enter(tag.name),
            TagKind::Start if tag.is_one_of(&["html", "body"]) => open.enter_root(),
            TagKind::Start | TagKind::Other => true,
            // Whether this is text, as in SVG, or a tag, as in a `<desc>` of SVG, only a parser knows: here it closes nothing.
            TagKind::End if next < cdata => true,
            TagKind::End => open.leave(tag.name),
        };
        match tag.excess {
            _ if !stays => cut.leave_out(next, tag.end),
            Some(excess) if tag.kind == TagKind::Start => cut.leave_out(excess, tag.close),
            _ => {}
        }
        // Where SVG is open, or without its tag, what would be the raw text of `<style>` is read as tags.
        at = if !stays || open.is_foreign() { tag.end } else { tag.past_raw_text(html) }.max(next + 1);
    }
    cut.finish()
}

/// The elements that are open, and whether their tags stay.
#[derive(Default)]
struct Nesting<'h> {
    open: Vec<(&'h str, bool)>,
    kept: usize,
    formatting: usize,
    /// How many of the open are SVG or `MathML`, in which elements close no other.
    foreign: usize,
    roots: usize,
}

fn is_foreign(name: &str) -> bool {
    name.eq_ignore_ascii_case("svg") || name.eq_ignore_ascii_case("math")
}

fn is_formatting(name: &str) -> bool {
    name.len() <= 6 && FORMATTING.iter().any(|f| name.eq_ignore_ascii_case(f))
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
        self.foreign += usize::from(is_foreign(name));
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
            self.foreign -= usize::from(is_foreign(name));
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
        // With what follows, a `<` that stood before would begin a tag that nobody has counted: `<<b>div>`.
        if self.out.ends_with('<') {
            self.out.truncate(self.out.len() - 1);
            self.out.push_str("&lt;");
        }
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
    /// It ends in `/>`.
    closes_itself: bool,
}

impl<'h> Tag<'h> {
    /// Reads the tag at the `<` at `start`.
    fn read(html: &'h str, start: usize) -> Self {
        let bytes = html.as_bytes();
        let other = |end: usize| Self { kind: TagKind::Other, name: "", end, close: end, excess: None, closes_itself: false };
        if html[start..].starts_with("<!--") {
            return other(comment_end(bytes, start));
        }
        let (kind, from) = if bytes.get(start + 1) == Some(&b'/') { (TagKind::End, start + 2) } else { (TagKind::Start, start + 1) };
        if !bytes.get(from).is_some_and(u8::is_ascii_alphabetic) {
            // A doctype, or what a parser takes for a comment; after a `<` alone comes text.
            let to_bracket = kind == TagKind::End || matches!(bytes.get(from), Some(b'!' | b'?'));
            return other(if to_bracket { find(bytes, from, b'>').map_or(bytes.len(), |i| i + 1) } else { from });
        }
        let ends_name = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
        let name_end = bytes[from..].iter().position(ends_name).map_or(bytes.len(), |i| from + i);
        let Attributes { close, excess, closes_itself } = attributes(bytes, name_end);
        Self { kind, name: &html[from..name_end], end: (close + 1).min(bytes.len()), close, excess, closes_itself }
    }

    fn is_one_of(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }

    /// Does its element hold others for as long as no end tag comes? In HTML, void elements do not, nor those that the next of their kind
    /// closes. Among foreign elements (SVG, `MathML`) all do that do not close themselves (`<path/>`), but for those of HTML that leave them.
    fn nests(&self, foreign: bool) -> bool {
        const FLAT_EVERYWHERE: [&str; 11] = ["body", "br", "dd", "dt", "embed", "head", "hr", "img", "li", "meta", "p"];
        const FLAT_IN_HTML: [&str; 23] = [
            "a", "area", "base", "caption", "col", "colgroup", "html", "input", "link", "option", "param", "script", "source", "style",
            "tbody", "td", "tfoot", "th", "thead", "title", "tr", "track", "wbr",
        ];
        let flat = if foreign { self.closes_itself } else { self.is_one_of(&FLAT_IN_HTML) };
        !flat && !self.is_one_of(&FLAT_EVERYWHERE)
    }

    /// Where to go on: behind the tag, or behind the text of an element whose text is no HTML.
    fn past_raw_text(&self, html: &str) -> usize {
        const RAW: [&str; 7] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed"];
        if self.kind != TagKind::Start || !self.is_one_of(&RAW) {
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

/// What the attributes of a tag tell of it.
struct Attributes {
    /// The place of the `>` that closes the tag.
    close: usize,
    /// Where they become too many.
    excess: Option<usize>,
    /// A `/` stands before the `>`, and is no part of a value.
    closes_itself: bool,
}

/// Reads the attributes that begin at `at`.
fn attributes(bytes: &[u8], mut at: usize) -> Attributes {
    let (mut count, mut excess, mut in_name, mut after_equals, mut closes_itself) = (0, None, false, false, false);
    while at < bytes.len() {
        let slash = std::mem::take(&mut closes_itself);
        match bytes[at] {
            b'>' => return Attributes { close: at, excess, closes_itself: slash },
            quote @ (b'"' | b'\'') if after_equals => {
                at = find(bytes, at + 1, quote).unwrap_or(bytes.len());
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
    Attributes { close: bytes.len(), excess, closes_itself: false }
}

/// Behind the comment that begins at `start`. Parsers let `--!>` end one too.
fn comment_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 2;
    while let Some(close) = find(bytes, at, b'>') {
        if bytes[start + 2..close].ends_with(b"--") || bytes[start + 4..close.max(start + 4)].ends_with(b"--!") {
            return close + 1;
        }
        at = close + 1;
    }
    bytes.len()
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
            &format!("<svg>{}</svg><div><p>x</p></div>", "<path d='M0 0'/><a/>".repeat(1_000)),
            "<!--> --> <!-- --!> <!---> -->",
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

    /// Rows of: what stands before, what is repeated.
    #[test]
    fn no_kind_of_element_nests_without_measure() {
        let outside = "<div>".repeat(DEEPEST);
        for (before, repeated) in [
            ("", "<optgroup>"),
            ("", "<rt>"),
            ("", "<rp>"),
            ("<svg>", "<a>"),
            ("<math>", "<td>"),
            ("<svg><style>", "<g>"),
            ("<svg><title>", "<div>"),
            ("<svg><desc><style>", "<div>"),
            ("<!-- --!>", "<div>"),
            ("<svg><![CDATA[></svg>]]><style>", "<div>"),
            ("<svg><desc><![CDATA[></desc></svg>", "<div>"),
            (&format!("{outside}<iframe>"), "<i>"),
            (&format!("{outside}<textarea>"), "<section>"),
        ] {
            let html = format!("{before}{}", repeated.repeat(20_000));
            let left = tame(&html).matches(repeated).count();
            assert!(left <= DEEPEST, "{left} times {repeated} behind {before:.30}");
        }
    }

    #[test]
    fn no_tag_is_made_by_what_is_left_out() {
        let bold = "<b>".repeat(MOST_FORMATTING);
        assert_eq!(tame(&format!("{bold}<<b>div>")), format!("{bold}&lt;div>"));
        assert_eq!(tame(&format!("{bold}<<b><b></b><b>div>")), format!("{bold}&lt;div>"));
    }

    #[test]
    fn attributes_of_further_bodies_are_bounded() {
        let tamed = tame(&numbered(100_000, "<body a", "=x>")).into_owned() + "chữ";
        assert_eq!(tamed.matches("<body").count(), MOST_ROOTS);
        assert!(tamed.ends_with("a15=x>chữ"), "{tamed}");
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
            prop_assert_eq!(&tame(&tamed), &tamed);
        }
    }
}
