//! What of a page is not for reading: programs, styles, comments, drawings?

use super::Cuts;
use super::tag::{Tag, TagKind, find};

/// What of a page is not for reading, as its tags pass by.
pub(super) struct Unread<'w> {
    wanted: &'w dyn Fn(&str, &str) -> bool,
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

impl<'w> Unread<'w> {
    /// `wanted` is asked about each program, with its start tag and its content.
    pub fn new(wanted: &'w dyn Fn(&str, &str) -> bool) -> Self {
        Self { wanted, drawing: None }
    }

    /// Leaves out what the tag at `start` ends or holds; `behind` is where its own text ends. Where SVG is open, or seems to be
    /// (`foreign`), what is a comment or a program only a parser knows: there whole drawings alone go.
    pub fn pass(&mut self, tag: &Tag, start: usize, behind: usize, foreign: bool, cut: &mut Cuts) {
        let content = &cut.html[tag.end..behind.max(tag.end)];
        let is_svg = tag.is_one_of(&["svg"]);
        if foreign && tag.kind == TagKind::Start && tag.is_one_of(&["title", "desc", "style"]) && !ends_next(tag, cut.html) {
            self.drawing = None;
            return;
        }
        match (tag.kind, &mut self.drawing) {
            (TagKind::Comment, _) if !foreign => cut.leave_out(start, tag.end),
            (TagKind::Start, _) if is_svg && tag.closes_itself => {}
            (TagKind::Start, Some(drawing)) if is_svg => drawing.depth += 1,
            (TagKind::Start, drawing @ None) if is_svg => *drawing = Some(Drawing { depth: 1, written: cut.up_to(tag.end) }),
            (TagKind::End, Some(drawing)) if is_svg => {
                drawing.depth -= 1;
                if drawing.depth == 0 {
                    cut.back_to(drawing.written, start);
                    self.drawing = None;
                }
            }
            (TagKind::Start | TagKind::End, drawing @ Some(_)) if !is_drawn(tag) => *drawing = None,
            _ => {}
        }
        if !foreign && self.holds_unread(tag, &cut.html[start..tag.end], content) {
            cut.leave_out(tag.end, behind);
        }
    }

    /// Is the content of this element not for reading? A script that writes `<!--` may hold `</script` inside; it is left to the parser.
    fn holds_unread(&self, tag: &Tag, written: &str, content: &str) -> bool {
        tag.kind == TagKind::Start
            && !content.is_empty()
            && (tag.is_one_of(&["style"]) || tag.is_one_of(&["script"]) && !content.contains("<!--") && !(self.wanted)(written, content))
    }
}

/// Is the next tag behind this one its end? What else stands in a `<title>` of a drawing may be the page's.
fn ends_next(tag: &Tag, html: &str) -> bool {
    let end = || find(html.as_bytes(), tag.end, b'<').and_then(|next| html.get(next + 2..next + 2 + tag.name.len()));
    tag.closes_itself || end().is_some_and(|name| name.eq_ignore_ascii_case(tag.name))
}

/// Is this an element that drawings are made of? Others may end the `<svg>` that they stand in (the HTML standard, "in foreign content"),
/// and what follows them is the page's.
#[rustfmt::skip]
fn is_drawn(tag: &Tag) -> bool {
    tag.is_one_of(&[
        "path", "g", "use", "circle", "rect", "polygon", "line", "polyline", "ellipse", "defs", "clippath", "mask", "symbol", "title", "desc",
        "style", "lineargradient", "radialgradient", "stop", "text", "tspan", "a",
    ])
}
