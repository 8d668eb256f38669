//! Does each page under `tests/pages/<family>/` give what a careful reader wrote beside it?
//!
//! A page is a test: `<name>.html` and `<name>.json`, found by walking, so that a new paper needs no Rust. The JSON was written by hand
//! from reading the page; a field that it leaves out is not judged. All faults of all pages are told at once.

use std::fs;
use std::path::{Path, PathBuf};

use baotinh::article::Article;
use baotinh::extract;
use baotinh::page::{Body, Page};
use baotinh::paper::Rulebook;
use serde::Deserialize;
use serde_json::{Value, json};

/// What stands beside a page.
#[derive(Deserialize)]
struct Gold {
    url: Option<String>,
    expect: Value,
}

#[test]
fn every_page_gives_what_its_reader_wrote_beside_it() {
    let pages = pages();
    assert!(!pages.is_empty(), "only {} pages found", pages.len());
    let faults: Vec<String> = pages.iter().flat_map(|page| faults_of(page)).collect();
    assert!(faults.is_empty(), "{} faults on {} pages:\n{}", faults.len(), pages.len(), faults.join("\n"));
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut pages: Vec<PathBuf> = entries(&root).iter().filter(|p| p.is_dir()).flat_map(|family| entries(family)).collect();
    pages.retain(|p| p.extension().is_some_and(|e| e == "html"));
    pages.sort();
    pages
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    entries.map(|e| e.expect("a readable folder").path()).collect()
}

fn faults_of(path: &Path) -> Vec<String> {
    let name = format!(
        "{}/{}",
        path.parent().and_then(Path::file_name).unwrap_or_default().display(),
        path.file_stem().unwrap_or_default().display()
    );
    let gold: Gold = serde_json::from_slice(&fs::read(path.with_extension("json")).unwrap_or_else(|e| panic!("{name}.json: {e}")))
        .unwrap_or_else(|e| panic!("{name}.json: {e}"));
    let page = Page { url: gold.url, body: Body::Bytes(fs::read(path).expect("a page found by walking")), ..Page::default() };
    let reading = extract::read(&page, Rulebook::built_in());
    let site = reading.paper.map(|p| p.id.clone());
    let faults = match (reading.outcome, gold.expect["miss"].as_str()) {
        (Err(miss), Some(expected)) if miss.name() == expected => Vec::new(),
        (Err(miss), expected) => vec![format!("a miss, {miss}, instead of {}", expected.unwrap_or("an article"))],
        (Ok(article), Some(expected)) => vec![format!("an article, \"{}\", instead of the miss {expected}", article.title)],
        (Ok(article), None) => differences(&article, site.as_deref(), &gold.expect),
    };
    faults.into_iter().map(|fault| format!("{name}: {fault}")).collect()
}

fn differences(article: &Article, site: Option<&str>, expect: &Value) -> Vec<String> {
    let got = json!({
        "site": site,
        "kind": article.kind,
        "title": article.title,
        "lead": article.lead,
        "dateline": article.dateline,
        "authors": article.authors,
        "source": article.source,
        "published": article.published,
        "modified": article.modified,
        "section": article.section,
        "tags": article.tags,
        "language": article.language,
        "paragraphs": article.text.split("\n\n").collect::<Vec<_>>(),
        "images": article.images,
    });
    let fields = expect.as_object().expect("expect is an object");
    let mut faults: Vec<String> = Vec::new();
    for (field, expected) in fields.iter().filter(|(f, _)| *f != "absent") {
        let got = got.get(field).unwrap_or_else(|| panic!("\"{field}\" is no field of a record"));
        match (got.as_array(), expected.as_array()) {
            (Some(got), Some(expected)) if got != expected => faults.push(list_difference(field, got, expected)),
            (_, _) if got != expected => faults.push(format!("{field}: got {got}, expected {expected}")),
            _ => {}
        }
    }
    for phrase in expect["absent"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if article.text.contains(phrase) {
            faults.push(format!("the text holds {phrase:?}"));
        }
    }
    faults
}

/// Only what differs, so that one lost line of a long article is seen.
fn list_difference(field: &str, got: &[Value], expected: &[Value]) -> String {
    let only =
        |of: &[Value], not_in: &[Value]| of.iter().filter(|v| !not_in.contains(v)).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (extra, lost) = (only(got, expected), only(expected, got));
    if extra.is_empty() && lost.is_empty() {
        return format!("{field}: in another order: {}", Value::from(got.to_vec()));
    }
    format!("{field}: got [{extra}], expected [{lost}]")
}
