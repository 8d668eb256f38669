//! What does the markup of an element say of it: is it a block, is it silent, hidden, bold, on which side of its line?

use ego_tree::NodeRef;
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

pub(super) fn hidden(element: ElementRef) -> bool {
    let e = element.value();
    e.attr("hidden").is_some()
        || e.attr("style").is_some_and(|s| {
            let s: String = s.chars().filter(|c| !c.is_whitespace()).take(400).collect();
            s.contains("display:none") || s.contains("visibility:hidden")
        })
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

pub(super) fn style_says_bold(style: &str) -> bool {
    style.find("font-weight").is_some_and(|at| {
        let value = style[at + "font-weight".len()..].trim_start_matches([':', ' ']);
        ["bold", "600", "700", "800", "900"].iter().any(|w| value.starts_with(w))
    })
}

pub(super) fn alignment(element: ElementRef, name: &str) -> Option<Align> {
    let e = element.value();
    let word = e
        .attr("style")
        .and_then(|s| s.find("text-align").map(|at| s[at + "text-align".len()..].trim_start_matches([':', ' '])))
        .or_else(|| e.attr("align"))
        .unwrap_or(if name == "center" { "center" } else { "" });
    let starts = |w: &str| word.get(..w.len()).is_some_and(|s| s.eq_ignore_ascii_case(w));
    if starts("center") {
        Some(Align::Centre)
    } else if starts("right") || starts("end") {
        Some(Align::End)
    } else if starts("left") || starts("justify") || starts("start") {
        Some(Align::Start)
    } else {
        class_alignment(e.classes())
    }
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
