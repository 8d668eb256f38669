//! Does every page give a sound article, or a miss with a name?

use std::collections::BTreeSet;

use baotinh::article::Article;
use baotinh::extract::{self, Reading};
use baotinh::page::{Body, Page};
use baotinh::paper::Rulebook;
use baotinh::record::{Format, Provenance, Record};
use baotinh::tame::tame as tamed;
use scraper::Html;

use super::recipe;
use super::times::fetched;
use super::words::assert_tidy;

/// A page as it came. The first line is its address, or empty.
pub fn extract(data: &[u8]) {
    let (url, body) = super::first_line(data);
    let url = std::str::from_utf8(url).ok().filter(|url| !url.is_empty()).map(str::to_owned);
    assert_read(&page(url, Body::Bytes(body.to_owned())));
}

/// A page made of the pieces of newspapers' pages.
pub fn story(data: &[u8]) {
    let (url, html) = recipe::story(data);
    assert_read(&page(url, Body::Text(html)));
}

fn page(url: Option<String>, body: Body) -> Page {
    Page { url, status: Some(200), fetched_at: Some(fetched()), body, ..Page::default() }
}

/// Read without rules, and twice with them.
fn assert_read(page: &Page) {
    let book = Rulebook::built_in();
    if let Ok(article) = extract::read_generic(page, book).outcome {
        assert_article(&article, page);
    }
    let reading = extract::read(page, book);
    match (&reading.outcome, extract::read(page, book).outcome) {
        (Ok(article), Ok(again)) => {
            assert_article(article, page);
            assert_eq!(line(article, page, &reading), line(&again, page, &reading), "two readings of one page differ");
        }
        (Err(miss), Err(again)) => assert_eq!(*miss, again, "two readings of one page miss for other reasons"),
        (outcome, again) => panic!("read once as {outcome:?} and once as {again:?}"),
    }
}

fn line(article: &Article, page: &Page, reading: &Reading) -> String {
    let site = reading.paper.map(|paper| paper.id.as_str());
    Record::new(article, page, Provenance { site, ..Provenance::default() }).line()
}

/// What `record.schema.json` and the README promise of every article.
pub fn assert_article(article: &Article, page: &Page) {
    let record = Record::new(article, page, Provenance::default());
    let line = record.line();
    assert!(!line.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')), "more than a line: {line}");
    let back: Record = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert_eq!(back, record, "the line says another thing than the record");
    assert!(record.id.len() == 16 && record.id.bytes().all(|b| b.is_ascii_hexdigit()), "{} is no id", record.id);
    assert_tidy(&article.title, "the title");
    assert!(!article.title.is_empty(), "an article without a title");
    let alone = [&article.lead, &article.dateline, &article.source, &article.language, &article.url];
    let captions = article.images.iter().flat_map(|image| [Some(&image.url), image.caption.as_ref(), image.credit.as_ref()]).flatten();
    for text in alone.into_iter().flatten().chain(captions).chain(&article.authors).chain(&article.section).chain(&article.tags) {
        assert!(!text.is_empty(), "an empty text where null stands for nothing: {line}");
        assert_tidy(text, "a field");
    }
    if !article.text.is_empty() {
        for paragraph in article.text.split("\n\n") {
            assert!(!paragraph.is_empty(), "a paragraph of nothing: {:?}", article.text);
            // A row of a table is a line, and its cells stand apart by a tab.
            paragraph.split(['\n', '\t']).for_each(|line| assert_tidy(line, "a line of the text"));
        }
    }
    for time in [article.published, article.modified].into_iter().flatten() {
        let shape: String = time.to_string().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert!(["0000-00-00T00:00:00+00:00", "0000-00-00T00:00:00-00:00"].contains(&shape.as_str()), "{time} is not as promised");
    }
    for format in Format::ALL {
        let shown = format.render(&record);
        assert!(!shown.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')), "{} steers a terminal: {shown:?}", format.name());
    }
}

/// Nesting and attributes without measure: see [`recipe::repeated`].
pub fn tame(data: &[u8]) {
    let html = recipe::repeated(data);
    let mild = tamed(&html).html;
    assert!(mild.len() <= html.len(), "more is left than there was");
    assert_eq!(tamed(&mild).html, mild, "tame is not idempotent");
    let parsed = Html::parse_document(&mild);
    let nodes = parsed.tree.values().count();
    assert!(nodes <= 64 + 16 * mild.len(), "{nodes} nodes from {} bytes", mild.len());
    // Between two elements that nest may stand one each of those that the next of their kind closes: `<tbody><tr><td><li><dd><p><option><a>`.
    let depth = deepest(&parsed);
    assert!(depth <= 12 * 512, "{depth} elements in one another");
    if html.len() <= 16 << 10 && !moves_text(&html) {
        let wild: String = Html::parse_document(&html).root_element().text().collect();
        let mild: String = parsed.root_element().text().collect();
        assert_eq!(wild, mild, "text was lost or moved");
    }
    let page = page(None, Body::Text(html));
    let _ = extract::read(&page, Rulebook::built_in());
    let explained = extract::explain(&page, Rulebook::built_in());
    assert!(explained.iter().all(|block| !block.reason.is_empty()), "a block without a reason");
}

/// How many elements stand in one another at most.
fn deepest(html: &Html) -> usize {
    let mut depth: usize = 0;
    let mut most = 0;
    for edge in html.tree.root().traverse() {
        match edge {
            ego_tree::iter::Edge::Open(_) => {
                depth += 1;
                most = most.max(depth);
            }
            ego_tree::iter::Edge::Close(_) => depth -= 1,
        }
    }
    most
}

/// Whether a parser reads what stands in one of these elements in another way, or elsewhere: with their tags goes more than a level.
fn moves_text(html: &str) -> bool {
    let names: BTreeSet<&str> = BTreeSet::from([
        "table",
        "select",
        "svg",
        "math",
        "template",
        "plaintext",
        "frameset",
        "noframes",
        "noscript",
        "object",
        "marquee",
        "applet",
        "button",
        "ruby",
        "pre",
        "listing",
    ]);
    let html = html.to_ascii_lowercase();
    html.split('<').any(|tag| names.iter().any(|name| tag.strip_prefix('/').unwrap_or(tag).starts_with(name)))
}
