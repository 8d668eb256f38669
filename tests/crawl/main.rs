//! Does a whole crawl, on real sockets and a real disk, keep what it promises?

#![cfg(feature = "crawl")]

#[cfg(unix)]
mod disk;
mod durability;
mod hostile;
mod newspaper;
mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use baotinh::crawl::Settings;
use newspaper::{Instead, Newspaper, path_of};
use serde_json::Value;

/// The records in an output folder, in their order.
fn records(folder: &Path) -> Vec<Value> {
    let Ok(files) = fs::read_dir(folder.join("baomau")) else { return Vec::new() };
    let text: String = files.map(|file| fs::read_to_string(file.expect("a file").path()).expect("UTF-8")).collect();
    text.lines().map(|line| serde_json::from_str(line).expect("whole lines")).collect()
}

/// How often each revision of each article was written, by title and revision.
fn written(folder: &Path) -> BTreeMap<(String, u64), usize> {
    let mut counts = BTreeMap::new();
    for record in records(folder) {
        let title = record["title"].as_str().expect("a title").to_owned();
        *counts.entry((title, record["revision"].as_u64().expect("a number"))).or_default() += 1;
    }
    counts
}

#[tokio::test]
async fn a_second_run_asks_only_for_changes_and_writes_nothing() {
    let (paper, folder) = (Newspaper::start(12).await, tempfile::tempdir().expect("a folder"));
    let first = paper.crawl(paper.settings(folder.path())).await;
    assert_eq!((first.written, first.listed, first.new, first.unwell), (12, 17, 12, None));
    let asked = paper.take_asked();
    assert!(asked.iter().all(|(_, conditional)| !conditional) && asked.len() == 15, "{asked:?}");
    let before = records(folder.path());
    let schema: Value = serde_json::from_str(include_str!("../../record.schema.json")).expect("JSON");
    assert!(before.iter().all(|record| jsonschema::draft202012::is_valid(&schema, record)));

    let again = Settings { recrawl: true, ..paper.settings(folder.path()) };
    let second = paper.crawl(again).await;
    assert_eq!((second.written, second.updated, second.unchanged, second.unwell), (0, 0, 12, None));
    let asked = paper.take_asked();
    assert!(asked.iter().all(|(_, conditional)| *conditional) && asked.len() == 14, "{asked:?}");
    assert_eq!(records(folder.path()), before);
    let runs = fs::read_to_string(folder.path().join("runs.jsonl")).expect("two runs");
    let runs: Vec<Value> = runs.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((&runs[0]["sites"][0]["written"], &runs[1]["sites"][0]["unchanged"]), (&12.into(), &12.into()));
}

#[tokio::test]
async fn a_state_that_is_lost_is_made_anew_from_the_output_and_nothing_is_written_twice() {
    let (paper, folder) = (Newspaper::start(12).await, tempfile::tempdir().expect("a folder"));
    paper.crawl(paper.settings(folder.path())).await;
    paper.print(3, 2);
    paper.crawl(Settings { recrawl: true, ..paper.settings(folder.path()) }).await;
    let before = records(folder.path());
    assert_eq!(before.len(), 13);
    fs::remove_dir_all(folder.path().join(".state")).expect("it is ours");
    paper.take_asked();
    paper.print(13, 1);

    let again = paper.crawl(Settings { recrawl: true, ..paper.settings(folder.path()) }).await;
    assert_eq!((again.written, again.updated, again.unchanged), (1, 0, 12));
    let asked = paper.take_asked();
    let conditional = asked.iter().filter(|(path, conditional)| path.contains("post") && *conditional).count();
    assert_eq!(conditional, 12, "what the papers said of their pages is remembered too");
    let after = records(folder.path());
    assert_eq!((&after[..13], after.len()), (&before[..], 14));
    paper.print(3, 3);
    let corrected = paper.crawl(Settings { recrawl: true, ..paper.settings(folder.path()) }).await;
    assert_eq!(corrected.updated, 1);
    assert_eq!(records(folder.path()).last().expect("a record")["revision"], 3);
}

#[tokio::test]
async fn an_article_that_the_paper_corrected_is_written_with_its_next_revision() {
    let (paper, folder) = (Newspaper::start(4).await, tempfile::tempdir().expect("a folder"));
    paper.crawl(paper.settings(folder.path())).await;
    paper.print(3, 2);
    let again = paper.crawl(Settings { recrawl: true, ..paper.settings(folder.path()) }).await;
    assert_eq!((again.written, again.updated, again.unchanged), (0, 1, 3));
    let counts = written(folder.path());
    assert_eq!(counts.len(), 5);
    assert!(counts.values().all(|times| *times == 1));
    assert_eq!(counts.get(&("Chợ phiên số 3".to_owned(), 2)), Some(&1));
    let ids: Vec<String> = records(folder.path()).iter().filter(|r| r["title"] == "Chợ phiên số 3").map(|r| r["id"].to_string()).collect();
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_page_that_fails_has_a_name_and_the_others_are_written() {
    let (paper, folder) = (Newspaper::start(8).await, tempfile::tempdir().expect("a folder"));
    paper.instead(&path_of(1), Instead::Status(404));
    paper.instead(&path_of(2), Instead::Status(403));
    paper.instead(&path_of(3), Instead::Redirect("https://quang-cao.vn/".to_owned()));
    paper.instead(&path_of(4), Instead::Redirect("http://127.0.0.1/".to_owned()));
    paper.instead(&path_of(5), Instead::Redirect(format!("{}?utm_source=x", path_of(6))));
    let report = paper.crawl(paper.settings(folder.path())).await;
    assert_eq!((report.gone, report.failed.get("http_403"), report.failed.get("off_site_redirect")), (1, Some(&1), Some(&2)));
    let counts = written(folder.path());
    assert_eq!(counts.len(), 3, "{counts:?}");
    assert!(counts.values().all(|times| *times == 1));
}

#[tokio::test]
async fn a_paper_whose_articles_do_not_come_is_unwell() {
    let (paper, folder) = (Newspaper::start(3).await, tempfile::tempdir().expect("a folder"));
    for number in 1..=3 {
        paper.instead(&path_of(number), Instead::Status(404));
    }
    let report = paper.crawl(paper.settings(folder.path())).await;
    assert_eq!(report.unwell.as_deref(), Some("its listings answered, but none of 3 pages gave an article (gone 3)"));
}
