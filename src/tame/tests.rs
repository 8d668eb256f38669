//! What is left of a page, and what passes untouched?

use std::borrow::Cow;

use proptest::prelude::*;
use scraper::Html;

use super::*;
use crate::limits::MOST_ATTRIBUTES;

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
        (&format!("{outside}<svg>"), "<path/>"),
    ] {
        let html = format!("{before}{}", repeated.repeat(20_000));
        let left = tame(&html).html.matches(repeated).count();
        assert!(left <= DEEPEST, "{left} times {repeated} behind {before:.30}");
    }
}

#[test]
fn no_tag_is_made_by_what_is_left_out() {
    let bold = "<b>".repeat(MOST_FORMATTING);
    assert_eq!(tame(&format!("{bold}<<b>div>")).html, format!("{bold}&lt;div>"));
    assert_eq!(tame(&format!("{bold}<<b><b></b><b>div>")).html, format!("{bold}&lt;div>"));
}

#[test]
fn attributes_of_further_bodies_are_bounded() {
    let tamed = tame(&numbered(100_000, "<body a", "=x>")).html.into_owned() + "chữ";
    assert_eq!(tamed.matches("<body").count(), MOST_ROOTS);
    assert!(tamed.ends_with("a15=x>chữ"), "{tamed}");
}

/// Keeps JSON-LD, as a reader of articles does.
fn read(html: &str) -> Cow<'_, str> {
    to_read(html, &|tag, _| tag.contains("ld+json")).html
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
        let tamed = tame(&html).html;
        prop_assert!(tamed.len() <= html.len());
        prop_assert_eq!(&tame(&tamed).html, &tamed);
    }
}
