//! How long does a page take, beside its parse alone?
//!
//! `cargo bench --bench speed` reads the pages of `../shared/bench` and prints, for all of them together, the time of the parse alone
//! (`scraper::Html::parse_document` of the decoded text, its tree dropped again) and of everything: charset, parse, metadata, the generic
//! reader's text, the record's line. Then the same for the Vietnamese pages of `../shared/pages/vn`, read with the rules of their papers
//! as a crawl does. Skips, and says so, where the pages are missing.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use baotinh::extract::{self, Reading};
use baotinh::page::{Body, Page};
use baotinh::paper::Rulebook;
use baotinh::record::{self, Provenance};
use flate2::read::GzDecoder;
use serde_json::Value;

/// Each page is measured so often, parse and whole in turns; of each the fastest counts, since nothing makes a program faster than it is,
/// and whoever else works on the machine disturbs some turns and not all.
const TIMES: usize = 7;

fn main() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    match world(&shared.join("bench/pages.jsonl.gz")) {
        Some(pages) => measure("generic", &pages, extract::read_generic),
        None => eprintln!("skipped: no pages in ../shared/bench"),
    }
    match vietnam(&shared.join("pages/vn")) {
        Some(pages) => measure("rules", &pages, extract::read),
        None => eprintln!("skipped: no pages in ../shared/pages/vn"),
    }
}

fn world(file: &Path) -> Option<Vec<Page>> {
    let lines = BufReader::new(GzDecoder::new(File::open(file).ok()?)).lines();
    let page = |line: String| {
        let page: Value = serde_json::from_str(&line).expect("each line is JSON");
        saved(&page, page["html"].as_str().unwrap_or_default().to_owned())
    };
    Some(lines.map(|line| page(line.expect("a readable line"))).collect())
}

fn vietnam(folder: &Path) -> Option<Vec<Page>> {
    let gold = fs::read_to_string(folder.join("gold.jsonl")).ok()?;
    let known = gold.lines().map(|line| serde_json::from_str::<Value>(line).expect("each line is JSON"));
    let whole = known.filter(|page| page["fragment"] != true);
    whole.map(|page| Some(saved(&page, fs::read_to_string(folder.join(page["file"].as_str()?)).ok()?))).collect()
}

fn saved(page: &Value, html: String) -> Page {
    Page { url: page["url"].as_str().map(str::to_owned), body: Body::Text(html), ..Page::default() }
}

fn measure<'b>(how: &str, pages: &[Page], read: impl Fn(&Page, &'b Rulebook) -> Reading<'b>) {
    let book = Rulebook::built_in();
    let mut fastest = vec![(Duration::MAX, Duration::MAX); pages.len()];
    for _ in 0..TIMES {
        for (page, (parse, whole)) in pages.iter().zip(&mut fastest) {
            let text = page.text().string;
            *parse = time(|| drop(std::hint::black_box(scraper::Html::parse_document(&text)))).min(*parse);
            let line = || read(page, book).outcome.map(|article| record::line(&article, page, Provenance::default()));
            *whole = time(|| drop(std::hint::black_box(line()))).min(*whole);
        }
    }
    let parse: Duration = fastest.iter().map(|(parse, _)| parse).sum();
    let whole: Duration = fastest.iter().map(|(_, whole)| whole).sum();
    println!(
        "{how:<8} {} pages: parse alone {:.3} s, whole {:.3} s, {:.2} times; {:.2} ms a page",
        pages.len(),
        parse.as_secs_f64(),
        whole.as_secs_f64(),
        whole.as_secs_f64() / parse.as_secs_f64(),
        whole.as_secs_f64() * 1000.0 / f64::from(u32::try_from(pages.len()).unwrap_or(u32::MAX)),
    );
}

fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}
