//! Would this page keep a parser busy for ever, and what is left of it without its excess?
//!
//! The rules of HTML make a parser look through all open elements at many a tag, and through all attributes of a tag at each: pages nested
//! or attributed without measure take it quadratic time. Browsers flatten such pages (Chrome at a depth of 512); so do we, before the
//! parse. A sound page passes without a copy.
//!
//! Half of a news page is programs and styles that no reader of its text asks for. [`to_read`] leaves those out on the same way.

use std::borrow::Cow;

use memchr::memmem;

/// Elements nested deeper than this lose their tags and keep their text. Source: the limit of Chrome's parser; no news page comes near.
const DEEPEST: usize = 512;

/// Attributes of one tag beyond this many are left out.
const MOST_ATTRIBUTES: usize = 256;

/// Formatting elements (`<b>`, `<font>` …) open at once beyond this many lose their tags: a parser opens all of them anew in each paragraph.
const MOST_FORMATTING: usize = 24;

/// The elements that a parser opens anew. Source: "formatting" in the HTML standard, `<a>` apart, which never nests.
const FORMATTING: [&str; 13] = ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// The longest name of an element that holds no others for long: `optgroup`.
const LONGEST_FLAT: usize = 8;

/// How far down the open elements an end tag looks for its own.
const LOOK_BACK: usize = 64;

/// The page with its excess of nesting and attributes taken off. Linear in its size.
#[must_use]
pub fn tame(html: &str) -> Cow<'_, str> {
    without_excess(html, None)
}

/// [`tame`], and without what is not for reading: comments, what stands in a `<style>` or an `<svg>`, and what stands in a `<script>`
/// unless `wanted`, which is asked with the start tag and the content, says true. The elements stay, empty.
#[must_use]
pub fn to_read<'h>(html: &'h str, wanted: &dyn Fn(&str, &str) -> bool) -> Cow<'h, str> {
    without_excess(html, Some(Unread { wanted, foreign: 0, drawing: None }))
}

fn without_excess<'h>(html: &'h str, mut unread: Option<Unread<'_>>) -> Cow<'h, str> {
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
            TagKind::End | TagKind::Comment | TagKind::Other => {}
        }
        at = tag.past_raw_text(html).max(next + 1);
        if let Some(unread) = &mut unread {
            unread.pass(&tag, next, at, &mut cut);
        }
    }
    cut.finish()
}

/// What of a page is not for reading, as its tags pass by.
struct Unread<'w> {
    wanted: &'w dyn Fn(&str, &str) -> bool,
    /// How many `<svg>` and `<math>` are open; in them no element holds raw text.
    foreign: usize,
    /// The drawing that is open.
    drawing: Option<Drawing>,
}

/// An `<svg>` in which nothing has stood so far that a parser would take out of it.
struct Drawing {
    /// How many stand in each other.
    depth: u32,
    /// How much was written when the first began.
    written: usize,
}

impl Unread<'_> {
    /// Leaves out what the tag at `start` ends or holds; `behind` is where its own text ends.
    fn pass(&mut self, tag: &Tag, start: usize, behind: usize, cut: &mut Cuts) {
        let content = &cut.html[tag.end..behind.max(tag.end)];
        let is_svg = tag.name.eq_ignore_ascii_case("svg");
        if is_svg || tag.name.eq_ignore_ascii_case("math") {
            let opens = tag.kind == TagKind::Start && !tag.closes_itself(cut.html);
            self.foreign = if opens { self.foreign + 1 } else { self.foreign.saturating_sub(usize::from(tag.kind == TagKind::End)) };
        } else if self.foreign > 0 && content.contains('<') {
            self.drawing = None;
            return;
        }
        match (tag.kind, &mut self.drawing) {
            (TagKind::Comment, _) => cut.leave_out(start, tag.end),
            (TagKind::Start, _) if is_svg && tag.closes_itself(cut.html) => {}
            (TagKind::Start, Some(drawing)) if is_svg => drawing.depth += 1,
            (TagKind::Start, drawing @ None) if is_svg => *drawing = Some(Drawing { depth: 1, written: cut.up_to(tag.end) }),
            (TagKind::End, Some(drawing)) if is_svg => {
                drawing.depth -= 1;
                if drawing.depth == 0 {
                    cut.back_to(drawing.written, start);
                    self.drawing = None;
                }
            }
            (TagKind::Start | TagKind::End, drawing @ Some(_)) if !tag.is_drawn() => *drawing = None,
            _ => {}
        }
        if tag.holds_unread(&cut.html[start..tag.end], content, self.wanted) {
            cut.leave_out(tag.end, behind);
        }
    }
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
        if self.copied == 0 {
            self.out.reserve(self.html.len());
        }
        self.out.push_str(&self.html[self.copied..from]);
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
    Comment,
    /// A doctype, or a `<` that begins no tag.
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
        let other = |kind, end: usize| Self { kind, name: "", end, close: end, excess: None };
        if html[start..].starts_with("<!--") {
            return other(TagKind::Comment, end_of_comment(bytes, start));
        }
        let (kind, from) = if bytes.get(start + 1) == Some(&b'/') { (TagKind::End, start + 2) } else { (TagKind::Start, start + 1) };
        if !bytes.get(from).is_some_and(u8::is_ascii_alphabetic) {
            return other(TagKind::Other, start + 1);
        }
        let ends_name = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
        let name_end = bytes[from..].iter().position(ends_name).map_or(bytes.len(), |i| from + i);
        let (close, excess) = attributes(bytes, name_end);
        Self { kind, name: &html[from..name_end], end: (close + 1).min(bytes.len()), close, excess }
    }

    /// Does its element hold others for as long as no end tag comes? Void elements do not, nor those that the next of their kind closes.
    fn nests(&self) -> bool {
        let mut name = [0; LONGEST_FLAT];
        let Some(name) = name.get_mut(..self.name.len()) else { return true };
        name.copy_from_slice(self.name.as_bytes());
        name.make_ascii_lowercase();
        !matches!(
            &*name,
            b"a" | b"area"
                | b"base"
                | b"br"
                | b"col"
                | b"embed"
                | b"hr"
                | b"img"
                | b"input"
                | b"link"
                | b"meta"
                | b"param"
                | b"source"
                | b"track"
                | b"wbr"
                | b"p"
                | b"li"
                | b"dt"
                | b"dd"
                | b"option"
                | b"optgroup"
                | b"tr"
                | b"td"
                | b"th"
                | b"thead"
                | b"tbody"
                | b"tfoot"
                | b"colgroup"
                | b"caption"
                | b"rt"
                | b"rp"
                | b"html"
                | b"head"
                | b"body"
                | b"script"
                | b"style"
                | b"title"
        )
    }

    /// Where to go on: behind the tag, or behind the text of an element whose text is no HTML.
    fn past_raw_text(&self, html: &str) -> usize {
        const RAW: [&str; 9] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"];
        if self.kind != TagKind::Start || !RAW.iter().any(|r| self.name.eq_ignore_ascii_case(r)) {
            return self.end;
        }
        let bytes = html.as_bytes();
        let name = self.name.as_bytes();
        let ends = |at: &usize| bytes.get(at + 2..at + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name));
        memmem::find_iter(&bytes[self.end..], b"</").map(|at| self.end + at).find(ends).unwrap_or(bytes.len())
    }

    /// `<svg/>`.
    fn closes_itself(&self, html: &str) -> bool {
        html[..self.close].ends_with('/')
    }

    /// Is this an element that drawings are made of? Others may end the `<svg>` that they stand in (the HTML standard, "in foreign
    /// content"), and what follows them is the page's.
    fn is_drawn(&self) -> bool {
        const DRAWN: [&str; 22] = [
            "path",
            "g",
            "use",
            "circle",
            "rect",
            "polygon",
            "line",
            "polyline",
            "ellipse",
            "defs",
            "clippath",
            "mask",
            "symbol",
            "title",
            "desc",
            "style",
            "lineargradient",
            "radialgradient",
            "stop",
            "text",
            "tspan",
            "a",
        ];
        DRAWN.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }

    /// Is the content of this element not for reading? A script that writes `<!--` may hold `</script` inside; it is left to the parser.
    fn holds_unread(&self, tag: &str, content: &str, wanted: &dyn Fn(&str, &str) -> bool) -> bool {
        self.kind == TagKind::Start
            && !content.is_empty()
            && (self.name.eq_ignore_ascii_case("style")
                || self.name.eq_ignore_ascii_case("script") && !content.contains("<!--") && !wanted(tag, content))
    }
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

    /// Keeps JSON-LD, as a reader of articles does.
    fn read(html: &str) -> Cow<'_, str> {
        to_read(html, &|tag, _| tag.contains("ld+json"))
    }

    #[test]
    fn programs_styles_comments_and_drawings_are_left_out_and_their_elements_stay() {
        let table = [
            ("<p>một<script>if (a < b) { '</p>' }</script>hai", "<p>một<script></script>hai"),
            ("<STYLE media=x>p > b {}</STYLE>x", "<STYLE media=x></STYLE>x"),
            ("a<!-- <p> -->b<!-->c<!--->d<!--e--!>f<!----!>g", "abcdfg"),
            ("<svg class=i><title>Chia sẻ</title><g><path d='M>'/></g></svg>x", "<svg class=i></svg>x"),
            ("<svg><svg><path/></svg><path/></svg>x", "<svg></svg>x"),
            ("<script type='application/ld+json'>{\"a\":1}</script>", "<script type='application/ld+json'>{\"a\":1}</script>"),
            // Cut off in the middle.
            ("x<script>var a", "x<script>"),
            ("x<!-- y", "x"),
        ];
        for (html, left) in table {
            assert_eq!(read(html), left, "{html}");
        }
    }

    #[test]
    fn what_a_parser_would_take_out_of_a_program_or_drawing_stays() {
        for html in [
            // A script that writes scripts ends later than it seems.
            "<script><!-- <script></script> --></script><p>x",
            // A paragraph ends the drawing that it stands in; a drawing may end as it begins.
            "<svg><path/><p>chữ</p></svg>",
            "<svg/><p>chữ</p></svg>",
            "<svg><style>p{}<p>chữ</p></style></svg>",
            "<svg><title></svg><p>chữ</p><title></title></svg>",
            // No markup but text.
            "<noscript><!-- </noscript><p>chữ --></p>",
            "<textarea><!-- </textarea><p>chữ --></p>",
            "<iframe><script></iframe><p>chữ</p>",
        ] {
            assert_eq!(read(html), html);
        }
    }

    /// What a reader may see of a page.
    fn seen(html: &str) -> String {
        let unseen = |e: &scraper::node::Element| matches!(e.name(), "script" | "style" | "svg");
        let page = Html::parse_document(html);
        let below = |n: ego_tree::NodeRef<scraper::Node>| n.ancestors().any(|a| a.value().as_element().is_some_and(unseen));
        page.tree.nodes().filter(|n| !below(*n)).filter_map(|n| n.value().as_text().map(|t| t.to_string())).collect()
    }

    /// Pieces of pages that begin, end and hide each other.
    fn pieces() -> impl Strategy<Value = String> {
        let few = [
            "<p>",
            "</p>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "--!>",
            "<svg>",
            "<svg/>",
            "</svg>",
            "<path/>",
            "<style>",
            "</style>",
            "x",
            "y ",
            "<div>",
            "</div>",
            "<noscript>",
            "</noscript>",
            "<b>",
            "</b>",
            "<script type='application/ld+json'>",
            "-",
            "!>",
            "<a href='>'>",
            "<textarea>",
            "</textarea>",
            "<table>",
            "<tr>",
            "<td>",
            "</table>",
        ];
        prop::collection::vec(prop::sample::select(few.to_vec()), 0..16).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_that_a_reader_sees_is_left_out(html in pieces()) {
            prop_assert_eq!(seen(&read(&html)), seen(&html));
        }

        #[test]
        fn any_text_is_tamed_without_a_fault(html in "[<>/a-dđ\"'= !-]{0,200}") {
            let tamed = tame(&html);
            prop_assert!(tamed.len() <= html.len());
        }
    }
}
