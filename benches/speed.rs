//! How long does a page take, beside its parse alone?
//!
//! `cargo bench --bench speed` reads the pages of `../shared/bench` and prints, for all of them together, the time of the parse alone
//! (`scraper::Html::parse_document`) and of everything: parse, metadata, the generic reader's text, the record's line. Skips, and says
//! so, where the pages are missing.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use baotinh::extract;
use baotinh::page::{Body, Page};
use baotinh::paper::Rulebook;
use baotinh::record::{self, Provenance};
use flate2::read::GzDecoder;
use serde_json::Value;

/// Each is measured so often; the fastest counts, since nothing makes a program faster than it is.
const TIMES: usize = 5;

fn main() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench/pages.jsonl.gz");
    let Ok(file) = File::open(&file) else {
        eprintln!("skipped: no pages in ../shared/bench");
        return;
    };
    let pages: Vec<Page> = BufReader::new(GzDecoder::new(file))
        .lines()
        .map(|line| {
            let page: Value = serde_json::from_str(&line.expect("a readable line")).expect("each line is JSON");
            Page {
                url: page["url"].as_str().map(str::to_owned),
                body: Body::Text(page["html"].as_str().unwrap_or_default().to_owned()),
                ..Page::default()
            }
        })
        .collect();
    let book = Rulebook::built_in();
    let parse = fastest(|| {
        for page in &pages {
            let html = scraper::Html::parse_document(&page.text().string);
            std::hint::black_box(&html);
        }
    });
    let whole = fastest(|| {
        for page in &pages {
            if let Ok(article) = extract::read_generic(page, book).outcome {
                std::hint::black_box(record::line(&article, page, Provenance::default()));
            }
        }
    });
    println!(
        "{} pages: parse alone {:.3} s, whole {:.3} s, {:.2} times",
        pages.len(),
        parse.as_secs_f64(),
        whole.as_secs_f64(),
        whole.as_secs_f64() / parse.as_secs_f64()
    );
}

fn fastest(mut work: impl FnMut()) -> Duration {
    (0..TIMES)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .min()
        .unwrap_or_default()
}
