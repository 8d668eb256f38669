//! Does each judgement of the generic reader hold on a page made for it?

use proptest::prelude::*;

use crate::article::Miss;
use crate::extract::{Explained, explain, read_generic};
use crate::page::{Body, Page};
use crate::paper::Rulebook;

const FIRST: &str =
    "The old ferry across the river will run again from Monday, the council of the valley decided after a long debate on Thursday evening.";
const SECOND: &str = "For three years passengers had to take the bridge in the north, which added forty minutes to every journey, as many of them told the council.";
const THIRD: &str = "The repairs cost twice as much as planned, mostly because the engine had to be rebuilt by hand from drawings that were eighty years old.";

fn story() -> String {
    format!("<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>")
}

fn page(body: &str) -> Page {
    let html = format!("<html lang=en><head><title>The ferry runs again</title></head><body>{body}</body></html>");
    Page {
        url: Some("https://valley.example/news/the-old-ferry-will-run-again-from-monday".to_owned()),
        body: Body::Text(html),
        ..Page::default()
    }
}

fn text(body: &str) -> String {
    read_generic(&page(body), Rulebook::built_in()).outcome.map(|a| a.text).unwrap_or_default()
}

/// The reason for the first block that holds these words.
fn reason(body: &str, words: &str) -> String {
    let found: Vec<Explained> = explain(&page(body), Rulebook::built_in());
    found.iter().find(|e| e.text.contains(words)).map(|e| format!("{}{}", if e.kept { "kept: " } else { "" }, e.reason)).unwrap_or_default()
}

#[test]
fn a_story_is_read_whole_and_nothing_else() {
    let body = format!(
        "<nav><ul><li><a href=/a>Home</a></li><li><a href=/b>Sport</a></li></ul></nav>\
         <article><h1>The ferry runs again</h1><div class=content>{}</div></article><footer><p>Printed in the valley since 1904, every day but Sunday.</p></footer>",
        story()
    );
    assert_eq!(text(&body), [FIRST, SECOND, THIRD].join("\n\n"));
}

#[test]
fn each_block_that_goes_goes_for_a_reason_with_a_name() {
    let rows = [
        (
            r#"<div class="related"><p>Another ferry sank in the harbour of the neighbouring valley last year.</p></div>"#,
            "Another ferry",
            "related",
        ),
        (
            r#"<section id="comments"><p>I have always said that the bridge is a nuisance for all of us here.</p></section>"#,
            "I have always",
            "comments",
        ),
        ("<p>Sign up for our weekly letter about boats and rivers.</p>", "Sign up", "subscribe"),
        (r#"<p>Read more: <a href="/x">How the bridge in the north was built</a></p>"#, "Read more", "leads_elsewhere"),
        (r#"<p><a href="/x">How the bridge in the north was built in only two years</a></p>"#, "How the bridge", "links"),
        ("<p>Advertisement</p>", "Advertisement", "label"),
        ("<p>We use cookies to give you the best experience on our pages.</p>", "We use cookies", "consent"),
        ("<h3>What comes next</h3>", "What comes next", "empty_heading"),
        (
            "<h2>Most read</h2><ul><li><a href=/1>Snow in the mountains since the night</a></li></ul>",
            "Most read",
            "under_furniture_heading",
        ),
        ("<p>Anna Roe contributed to this report.</p>", "contributed", "byline"),
    ];
    for (furniture, words, expected) in rows {
        let body = format!("<h1>The ferry runs again</h1><div>{}{furniture}</div>", story());
        assert_eq!(reason(&body, words), expected, "{furniture}");
        assert_eq!(text(&body), [FIRST, SECOND, THIRD].join("\n\n"), "{furniture}");
    }
}

#[test]
fn what_looks_like_furniture_and_is_the_story_stays() {
    let quote = "<blockquote><p>We never gave up on the ferry, not for one day of these three years.</p></blockquote>";
    let list = "<ul><li>adults pay two crowns</li><li>children travel free</li></ul>";
    let body = format!("<h1>The ferry runs again</h1><div>{}<h2>What it costs</h2>{list}{quote}<p>{SECOND} Twice.</p></div>", story());
    let read = text(&body);
    for kept in ["What it costs", "adults pay two crowns", "We never gave up on the ferry"] {
        assert!(read.contains(kept), "{kept}: {read}");
    }
}

#[test]
fn a_wrapper_with_a_telling_name_hides_no_story() {
    for name in ["has-sidebar", "related-layout", "newsletter-signup-enabled", "page-with-comments"] {
        let body = format!(r#"<div class="{name}"><h1>The ferry runs again</h1><div>{}</div></div>"#, story());
        assert!(text(&body).contains(SECOND), "{name}");
    }
}

#[test]
fn a_second_container_of_the_same_make_is_the_story_too() {
    let body = format!(
        r#"<h1>The ferry runs again</h1><main><div class="text"><p>{FIRST}</p></div><div class="ad"><p>Buy a boat before the summer begins, and sail it home today!</p></div><div class="text"><p>{SECOND}</p><p>{THIRD}</p></div></main>"#
    );
    assert_eq!(text(&body), [FIRST, SECOND, THIRD].join("\n\n"));
}

#[test]
fn rows_of_teasers_are_not_the_story_even_where_they_outweigh_it() {
    let teaser = |n: u8| {
        format!(
            r#"<article class="box"><h2><a href="/{n}">A quite different story, number {n}</a></h2><p>{THIRD} This summary belongs to story number {n}.</p></article>"#
        )
    };
    let row: String = (0..12).map(teaser).collect();
    let body = format!("<div><h1>The ferry runs again</h1><div class=t>{}</div><div class=more>{row}</div></div>", story());
    assert_eq!(text(&body), [FIRST, SECOND, THIRD].join("\n\n"));
}

#[test]
fn the_lead_is_told_from_the_body() {
    let lead = "After three years without it, the valley gets its ferry back, and it is free for children.";
    let body =
        format!(r#"<h1>The ferry runs again</h1><header><p class="standfirst">{lead}</p></header><div class=content>{}</div>"#, story());
    let article = read_generic(&page(&body), Rulebook::built_in()).outcome.expect("an article");
    assert_eq!(article.lead.as_deref(), Some(lead));
    assert_eq!(article.text, [lead, FIRST, SECOND, THIRD].join("\n\n"));
}

#[test]
fn a_list_of_articles_is_no_article() {
    let rows: String = (0..25)
        .map(|n| n.to_string())
        .flat_map(|n| {
            [
                r#"<div class="row"><h3><a href="/"#,
                &n,
                r#"">Headline "#,
                &n,
                " of a page full of them</a></h3><p>A summary of some length.</p></div>",
            ]
            .map(String::from)
        })
        .collect();
    let mut list = page(&rows);
    list.url = Some("https://valley.example/news/".to_owned());
    assert_eq!(read_generic(&list, Rulebook::built_in()).outcome.err(), Some(Miss::NotArticle));
}

#[test]
fn the_names_of_several_authors_are_joined_and_their_jobs_left_out() {
    let body = format!(
        r#"<h1>The ferry runs again</h1><div class="byline">By Anna Roe, Senior Editor</div><div class="byline">John van Doe</div><div class=content>{}</div>"#,
        story()
    );
    let article = read_generic(&page(&body), Rulebook::built_in()).outcome.expect("an article");
    assert_eq!(article.authors, ["Anna Roe", "John van Doe"]);
}

#[test]
fn a_witness_in_the_metadata_parts_the_story_from_what_only_looks_like_it() {
    let ld = format!(
        r#"<script type="application/ld+json">{{"@type":"NewsArticle","headline":"The ferry runs again","articleBody":"{FIRST} {SECOND} {THIRD}"}}</script>"#
    );
    let foreign =
        "Whoever travels to the sea this summer should not forget to look at the lighthouse, which opens its doors on each first Sunday.";
    let body = format!("{ld}<h1>The ferry runs again</h1><div><p>{FIRST}</p><p>{SECOND}</p><p>{foreign}</p><p>{THIRD}</p></div>");
    assert_eq!(reason(&body, "Whoever travels"), "not_witnessed");
    assert_eq!(text(&body), [FIRST, SECOND, THIRD].join("\n\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_page_makes_it_panic(parts in prop::collection::vec(prop_oneof![
        Just("<div class=related>".to_owned()), Just("</div>".to_owned()), Just("<p>".to_owned()), Just("</p>".to_owned()),
        Just("<h1>".to_owned()), Just("<ul><li>".to_owned()), Just("<table><tr><td>".to_owned()), Just("<article>".to_owned()),
        Just("</article>".to_owned()), Just("<img src=/a.jpg>".to_owned()), Just("<br>".to_owned()), Just("<h2>Most read</h2>".to_owned()),
        Just("<figure><figcaption>".to_owned()), Just(format!("<p>{FIRST}</p>")), "\\PC{0,60}", "[<>/a-z =\"']{0,30}",
    ], 0..60)) {
        let subject = page(&parts.concat());
        let _ = read_generic(&subject, Rulebook::built_in());
        let _ = explain(&subject, Rulebook::built_in());
    }
}
