//! Are real pages of Vietnamese papers read right? They belong to their papers and stand beside the repository, not in it.

use std::fs;
use std::path::{Path, PathBuf};

use baotinh::extract;
use baotinh::page::{Body, Page};
use baotinh::paper::Rulebook;
use serde_json::Value;

/// The folder of real pages; `None`, and said so, where it is missing.
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pages/vn");
    if folder.join("gold.jsonl").is_file() {
        return Some(folder);
    }
    eprintln!("skipped: no real pages in ../shared/pages/vn");
    None
}

fn gold(folder: &Path, fragments: bool) -> Vec<Value> {
    let lines = fs::read_to_string(folder.join("gold.jsonl")).expect("a readable gold file");
    let all = lines.lines().map(|l| serde_json::from_str::<Value>(l).expect("gold is JSON"));
    all.filter(|g| g["fragment"].as_bool() == Some(fragments)).collect()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// White space folded, as the gold has it.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn expected_text(gold: &Value) -> String {
    let paragraphs: Vec<&str> = gold["lead"].as_str().into_iter().chain(strings(&gold["paragraphs"])).collect();
    folded(&paragraphs.join(" "))
}

/// Is `got` the gold value of a field, or one that the gold accepts?
fn fits(gold: &Value, field: &str, got: &Value) -> bool {
    got == &gold[field] || gold["accept"][field].as_array().is_some_and(|a| a.contains(got))
}

#[test]
fn whole_pages_are_read_word_for_word_with_every_field_right() {
    let Some(folder) = folder() else { return };
    let mut faults = Vec::new();
    for gold in gold(&folder, false) {
        let id = gold["id"].as_str().unwrap_or_default();
        let bytes = fs::read(folder.join(gold["file"].as_str().unwrap_or_default())).expect("a page that the gold names");
        let page = Page { url: gold["url"].as_str().map(str::to_owned), body: Body::Bytes(bytes), ..Page::default() };
        let article = match extract::read(&page, Rulebook::built_in()).outcome {
            Ok(article) => article,
            Err(miss) => {
                faults.push(format!("{id}: {miss}"));
                continue;
            }
        };
        if folded(&article.text) != expected_text(&gold) {
            faults.push(format!("{id}: the text differs"));
        }
        faults.extend(strings(&gold["absent"]).iter().filter(|a| article.text.contains(**a)).map(|a| format!("{id}: holds {a:?}")));
        let got = serde_json::json!({
            "title": article.title, "lead": article.lead, "dateline": article.dateline, "authors": article.authors,
            "source": article.source, "section": article.section, "tags": article.tags, "language": article.language, "kind": article.kind,
        });
        for (field, value) in got.as_object().expect("just made") {
            if !fits(&gold, field, value) {
                faults.push(format!("{id}: {field}: got {value}, gold {}", gold[field]));
            }
        }
        let minute = |t: &str| t.get(..16).map(str::to_owned);
        let published = article.published.map(|p| p.to_string());
        if published.as_deref().and_then(minute) != gold["published"].as_str().and_then(minute) {
            faults.push(format!("{id}: published: got {published:?}, gold {}", gold["published"]));
        }
        let images: Vec<&str> = article.images.iter().map(|i| i.url.as_str()).collect();
        let expected: Vec<&str> = gold["images"].as_array().into_iter().flatten().filter_map(|i| i["url"].as_str()).collect();
        if images != expected {
            faults.push(format!("{id}: images: got {images:?}, gold {expected:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pieces_of_real_bodies_keep_their_text_and_lose_their_captions() {
    let Some(folder) = folder() else { return };
    for gold in gold(&folder, true) {
        let id = gold["id"].as_str().unwrap_or_default();
        let piece = fs::read_to_string(folder.join(gold["file"].as_str().unwrap_or_default())).expect("a piece that the gold names");
        let title = strings(&gold["absent"])
            .iter()
            .find_map(|a| a.strip_suffix(" ảnh 1"))
            .unwrap_or("Một bài báo")
            .trim_end_matches([' ', '-'])
            .to_owned();
        let html = format!("<h1 class='article__title cms-title'>{title}</h1><div class='article__body cms-body'>{piece}</div>");
        let page = Page { body: Body::Text(html), ..Page::default() };
        let outcome = extract::read(&page, Rulebook::built_in()).outcome;
        let expected = expected_text(&gold);
        if expected.is_empty() {
            assert_eq!(outcome.err().map(baotinh::article::Miss::name), Some("no_body"), "{id}");
            continue;
        }
        let article = outcome.unwrap_or_else(|miss| panic!("{id}: {miss}"));
        assert_eq!(folded(&article.text), expected, "{id}");
        let got: Vec<(&str, Option<&str>, Option<&str>)> =
            article.images.iter().map(|i| (i.url.as_str(), i.caption.as_deref(), i.credit.as_deref())).collect();
        let images = gold["images"].as_array().into_iter().flatten();
        let expected: Vec<_> =
            images.map(|i| (i["url"].as_str().unwrap_or_default(), i["caption"].as_str(), i["credit"].as_str())).collect();
        assert_eq!(got, expected, "{id}");
    }
}
