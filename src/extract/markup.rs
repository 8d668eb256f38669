//! What does the markup of an element say of it: is it a block, is it silent, hidden, bold, on which side of its line?

use ego_tree::NodeRef;
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

use super::walk::Align;
use crate::tame::tame;

/// A piece of HTML that stood in an attribute or a script, parsed within the limits of a page.
pub(super) fn fragment(html: &str) -> Html {
    Html::parse_fragment(&tame(html).html)
}

/// The text of an element with a space wherever one of its parts ends, so that two lines in a cell do not become one word.
pub(super) fn spaced_text(element: ElementRef) -> String {
    let mut out = String::new();
    for node in element.descendants() {
        match node.value() {
            Node::Text(text) if !inside_silent(node) => out.push_str(text),
            Node::Element(e) if e.name() == "br" || is_block(e.name()) => out.push(' '),
            _ => {}
        }
    }
    out
}

fn inside_silent(text: NodeRef<Node>) -> bool {
    text.parent().and_then(|p| p.value().as_element().map(|e| silent(e.name()))).unwrap_or(false)
}

/// Elements that hold nothing a reader reads.
pub(super) fn silent(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "iframe"
            | "object"
            | "embed"
            | "svg"
            | "math"
            | "canvas"
            | "video"
            | "audio"
            | "button"
            | "select"
            | "textarea"
            | "input"
            | "dialog"
            | "head"
            | "link"
            | "meta"
            | "map"
            | "ins"
            | "source"
    )
}

/// The value of an attribute, found by a look at the few that the element has: [`Element::attr`] makes an interned name of what it is
/// asked for, behind a lock where that is long, which costs more.
pub(super) fn attribute<'e>(e: &'e Element, name: &str) -> Option<&'e str> {
    e.attrs().find(|(n, _)| *n == name).map(|(_, value)| value)
}

/// What a walk asks of the attributes of each element, in one look at them.
#[derive(Default)]
pub(super) struct Marks<'e> {
    pub style: &'e str,
    pub leads: bool,
    class: &'e str,
    align: Option<&'e str>,
    hidden: bool,
}

impl<'e> Marks<'e> {
    pub fn of(e: &'e Element) -> Self {
        let mut marks = Self::default();
        for (name, value) in e.attrs() {
            match name {
                "class" => marks.class = value,
                "style" => marks.style = value,
                "align" => marks.align = Some(value),
                "href" => marks.leads = e.name() == "a",
                "hidden" => marks.hidden = true,
                _ => {}
            }
        }
        marks
    }

    /// Does the element say that nobody sees it?
    pub fn hidden(&self) -> bool {
        self.hidden
            || !self.style.is_empty() && {
                let s: String = self.style.chars().filter(|c| !c.is_whitespace()).take(400).collect();
                s.contains("display:none") || s.contains("visibility:hidden")
            }
    }

    /// On which side of its line the element, of this name, sets its text.
    pub fn alignment(&self, name: &str) -> Option<Align> {
        let styled = said(self.style, "text-align").map(|at| self.style[at + "text-align".len()..].trim_start_matches([':', ' ']));
        let word = styled.or(self.align).unwrap_or(if name == "center" { "center" } else { "" });
        let starts = |w: &str| word.get(..w.len()).is_some_and(|s| s.eq_ignore_ascii_case(w));
        if starts("center") {
            Some(Align::Centre)
        } else if starts("right") || starts("end") {
            Some(Align::End)
        } else if starts("left") || starts("justify") || starts("start") {
            Some(Align::Start)
        } else {
            class_alignment(self.class.split_ascii_whitespace())
        }
    }
}

/// Elements that begin and end a line.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "caption"
            | "dd"
            | "details"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

pub(super) fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// Where a style says something of this property. Most elements have no style, and for those nothing is looked for.
fn said(style: &str, property: &str) -> Option<usize> {
    if style.is_empty() { None } else { style.find(property) }
}

pub(super) fn style_says_italic(style: &str) -> bool {
    said(style, "italic").is_some()
}

pub(super) fn style_says_bold(style: &str) -> bool {
    said(style, "font-weight").is_some_and(|at| {
        let value = style[at + "font-weight".len()..].trim_start_matches([':', ' ']);
        ["bold", "600", "700", "800", "900"].iter().any(|w| value.starts_with(w))
    })
}

/// Alignment by the class names of Bootstrap, Tailwind, `CKEditor` and `WordPress`.
fn class_alignment<'a>(classes: impl Iterator<Item = &'a str>) -> Option<Align> {
    classes.into_iter().find_map(|class| match class {
        "text-center" | "align-center" | "text-align-center" | "has-text-align-center" | "center" | "text-centre" => Some(Align::Centre),
        "text-right" | "align-right" | "text-end" | "text-align-right" | "has-text-align-right" => Some(Align::End),
        "text-justify" | "align-justify" | "text-left" | "align-left" => Some(Align::Start),
        _ => None,
    })
}
