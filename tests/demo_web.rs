//! Is the web of the demo one that proves anything: are its pages hard, and is each read exactly?

#![cfg(feature = "crawl")]

#[path = "../examples/demo/web.rs"]
mod web;

use baotinh::extract;
use baotinh::paper::Rulebook;
use jiff::Timestamp;
use web::newspaper::{self, Newspaper};
use web::{Manners, Web, site};

/// Noon in Vietnam on a day on which the stories of the last days lie in two months.
fn now() -> Timestamp {
    "2026-03-02T05:00:00Z".parse().expect("a moment")
}

async fn open(manners: Manners) -> Web {
    Web::open(newspaper::papers(), now(), manners).await.expect("a free port")
}

fn rulebook(web: &Web) -> Rulebook {
    Rulebook::read(&web.selectors(), "demo").unwrap_or_else(|faults| panic!("{faults}"))
}

#[tokio::test]
async fn each_page_of_both_editions_is_read_exactly() {
    let web = open(Manners::default()).await;
    let book = rulebook(&web);
    let mut faults = Vec::new();
    for edition in [1, 2] {
        for issue in web.issues() {
            for story in issue.stories() {
                let promised = issue.promise(story);
                match extract::read(&site::page(&issue, story), &book).outcome {
                    Ok(read) if *read == promised => {}
                    Ok(read) => faults.push(format!("{edition}: {}\n{read:#?}\ninstead of\n{promised:#?}", story.title)),
                    Err(miss) => faults.push(format!("{edition}: {}: {miss}", story.title)),
                }
            }
        }
        web.next_edition();
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n\n"));
}
