//! How well does the generic reader read, on real pages with gold?
//!
//! `cargo bench --bench quality` reads every page of `../shared/bench` (245 news pages in 19 languages) and of `../shared/pages/vn`
//! (Vietnamese ones) without any rule, each page alone, prints the figures, and fails where one is below its floor. Floors only rise.
//! The measures are those of `../shared/bench/score.py`. Skips, and says so, where the pages are missing.
//!
//! With a path behind (`cargo bench --bench quality -- out.jsonl`) it writes what it read as that script takes it. With the word `halves`
//! behind it also splits the hosts of the world into two halves, [`SPLITS`] times anew, and prints how far the figures of halves lie
//! apart: what a figure says of publishers that are not among these pages can be no surer than that.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use baotinh::article::Article;
use baotinh::extract;
use baotinh::page::{Body, Page};
use baotinh::paper::Rulebook;
use flate2::read::GzDecoder;
use jiff::Timestamp;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// What each figure must at least be. Raise them when the reader gets better; never lower them.
const FLOORS: [(&str, f64); 9] = [
    ("f1", 0.978),
    ("clean", 0.89),
    ("not bad", 1.0),
    ("title", 0.94),
    ("authors", 0.93),
    ("day", 0.99),
    ("instant", 0.99),
    ("vn f1", 0.995),
    ("lists missed", 1.0),
];

/// So often are the hosts split into halves.
const SPLITS: u64 = 20;

fn main() -> ExitCode {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let mut figures = Vec::new();
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let out = words.iter().find(|word| *word != "halves").map(PathBuf::from);
    match world(&shared.join("bench"), out.as_deref()) {
        Some(rows) => {
            figures.extend(means(rows.iter()));
            if words.iter().any(|word| word == "halves") {
                halves(&rows);
            }
        }
        None => eprintln!("skipped: no pages in ../shared/bench"),
    }
    match vietnam(&shared.join("pages/vn")) {
        Some(found) => figures.extend(found),
        None => eprintln!("skipped: no pages in ../shared/pages/vn"),
    }
    let mut sound = true;
    for (name, value) in &figures {
        let floor = FLOORS.iter().find(|(n, _)| n == name).map(|(_, f)| *f);
        let is_low = floor.is_some_and(|f| *value < f);
        sound &= !is_low;
        println!(
            "{name:<14} {value:.3}{}{}",
            floor.map_or(String::new(), |f| format!("  floor {f:.3}")),
            if is_low { "  TOO LOW" } else { "" }
        );
    }
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn lines(path: &Path) -> Option<Vec<Value>> {
    let file = File::open(path).ok()?;
    let reader: Box<dyn BufRead> = if path.extension().is_some_and(|e| e == "gz") {
        Box::new(BufReader::new(GzDecoder::new(file)))
    } else {
        Box::new(BufReader::new(file))
    };
    Some(reader.lines().map(|l| serde_json::from_str(&l.expect("a readable line")).expect("each line is JSON")).collect())
}

fn read(url: Option<&str>, html: String) -> Option<Article> {
    let page = Page { url: url.map(str::to_owned), body: Body::Text(html), ..Page::default() };
    extract::read_generic(&page, Rulebook::built_in()).outcome.ok().map(|a| *a)
}

/// The host of a page, and the figures that its gold allows.
type Row = (String, Vec<(&'static str, f64)>);

/// The pages of the world; what was read of them goes to `out`.
fn world(folder: &Path, out: Option<&Path>) -> Option<Vec<Row>> {
    let gold: HashMap<String, Value> =
        lines(&folder.join("gold.jsonl.gz"))?.into_iter().map(|g| (g["id"].as_str().unwrap_or_default().to_owned(), g)).collect();
    let mut out = out.map(|path| File::create(path).expect("a writable path"));
    let mut rows = Vec::new();
    for page in lines(&folder.join("pages.jsonl.gz"))? {
        let id = page["id"].as_str().unwrap_or_default();
        let article = read(page["url"].as_str(), page["html"].as_str().unwrap_or_default().to_owned());
        if let Some(out) = &mut out {
            let a = article.as_ref();
            let line = json!({"id": id, "title": a.map(|a| &a.title), "authors": a.map(|a| &a.authors), "text": a.map(|a| &a.text),
                "published": a.and_then(|a| a.published).map(|w| w.to_string())});
            writeln!(out, "{line}").expect("a writable path");
        }
        let host = page["url"].as_str().and_then(|url| url.split('/').nth(2)).unwrap_or_default().to_owned();
        rows.push((host, score(&gold[id], article.as_ref())));
    }
    Some(rows)
}

/// The mean of each figure over some pages.
fn means<'r>(rows: impl Iterator<Item = &'r Row>) -> Vec<(&'static str, f64)> {
    let mut sums: HashMap<&'static str, (f64, f64)> = HashMap::new();
    for (name, value) in rows.flat_map(|(_, figures)| figures) {
        let sum = sums.entry(name).or_default();
        *sum = (sum.0 + value, sum.1 + 1.0);
    }
    let names = ["f1", "precision", "recall", "clean", "clean99", "not bad", "title", "authors", "day", "instant"];
    names.into_iter().filter_map(|n| sums.get(n).map(|(sum, all)| (n, sum / all))).collect()
}

/// Prints for each figure its mean over halves of the hosts, how far they are apart as a rule, and the lowest and highest.
fn halves(rows: &[Row]) {
    let mut seen: HashMap<&'static str, Vec<f64>> = HashMap::new();
    for split in 0..SPLITS {
        let mut hosts: Vec<&str> = rows.iter().map(|(host, _)| host.as_str()).collect();
        hosts.sort_unstable_by_key(|host| (xxh3_64_with_seed(host.as_bytes(), split), *host));
        hosts.dedup();
        let (first, second) = hosts.split_at(hosts.len() / 2);
        for half in [first, second] {
            let figures = means(rows.iter().filter(|(host, _)| half.contains(&host.as_str())));
            for (name, value) in figures {
                seen.entry(name).or_default().push(value);
            }
        }
    }
    println!("{SPLITS} splits of the hosts in halves   mean   deviation   lowest   highest");
    for (name, _) in means(rows.iter()) {
        let values = &seen[name];
        let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
        #[expect(clippy::cast_precision_loss, reason = "a few dozen halves")]
        let all = values.len() as f64;
        let mean = values.iter().sum::<f64>() / all;
        let deviation = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / all).sqrt();
        println!("{name:<34} {mean:.3}       {deviation:.3}    {low:.3}     {high:.3}");
    }
}

/// The figures of one page that its gold allows.
fn score(gold: &Value, article: Option<&Article>) -> Vec<(&'static str, f64)> {
    let got = words(article.map_or("", |a| a.text.as_str()));
    let texts = gold["texts"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let (precision, recall, f1) = texts.map(|t| bags(&words(t), &got)).max_by(|a, b| a.2.total_cmp(&b.2)).unwrap_or_default();
    let is = |yes: bool| if yes { 1.0 } else { 0.0 };
    let mut out = vec![("f1", f1), ("precision", precision), ("recall", recall), ("clean", is(f1 >= 0.95))];
    out.extend([("clean99", is(f1 >= 0.99)), ("not bad", is(f1 >= 0.5))]);
    if let Some(title) = gold["title"].as_str() {
        out.push(("title", is(article.is_some_and(|a| folded(&a.title) == folded(title)))));
    }
    if let Some(authors) = gold["authors"].as_array().filter(|a| !a.is_empty()) {
        let names = |list: Vec<&str>| list.into_iter().map(folded).filter(|n| !n.is_empty()).collect::<std::collections::HashSet<_>>();
        let g = names(authors.iter().filter_map(Value::as_str).collect());
        let p = names(article.map_or(Vec::new(), |a| a.authors.iter().map(String::as_str).collect()));
        #[expect(clippy::cast_precision_loss, reason = "a handful of names")]
        out.push(("authors", 2.0 * g.intersection(&p).count() as f64 / (g.len() + p.len()) as f64));
    }
    if let Some(published) = gold["published"].as_str() {
        let when = article.and_then(|a| a.published);
        let day = published.get(..10).unwrap_or_default();
        let at = published.parse::<Timestamp>().ok();
        let same_instant = at.zip(when).is_some_and(|(g, p)| (g.as_second() - p.timestamp().as_second()).abs() < 60);
        out.push(("day", is(same_instant || when.is_some_and(|w| w.day().to_string() == day))));
        if at.is_some() && !published.contains("T00:00:00") {
            out.push(("instant", is(same_instant)));
        }
    }
    out
}

fn words(text: &str) -> Vec<String> {
    let plain: String = text.nfkc().filter(|c| *c != '\u{ad}').flat_map(char::to_lowercase).collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Precision, recall and F1 of two bags of words.
fn bags(gold: &[String], got: &[String]) -> (f64, f64, f64) {
    if gold.is_empty() || got.is_empty() {
        return if gold.len() == got.len() { (1.0, 1.0, 1.0) } else { (0.0, 0.0, 0.0) };
    }
    let mut left: HashMap<&str, u32> = HashMap::new();
    for word in gold {
        *left.entry(word).or_default() += 1;
    }
    let mut same = 0_u32;
    for word in got {
        if let Some(n) = left.get_mut(word.as_str()).filter(|n| **n > 0) {
            *n -= 1;
            same += 1;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a page has fewer words than a float counts")]
    let (gold, got) = (gold.len() as f64, got.len() as f64);
    let same = f64::from(same);
    let f1 = if same > 0.0 { 2.0 * same / (gold + got) } else { 0.0 };
    (same / got, same / gold, f1)
}

fn folded(text: &str) -> String {
    let plain: String = text
        .nfkc()
        .filter_map(|c| match c {
            '“' | '”' | '„' | '«' | '»' | '"' | '\u{ad}' | '\u{200b}' | '\u{feff}' => None,
            '’' | '‘' => Some('\''),
            '–' | '—' => Some('-'),
            '\u{a0}' => Some(' '),
            c => Some(c),
        })
        .flat_map(char::to_lowercase)
        .collect();
    let joined = plain.replace('…', "...").split_whitespace().collect::<Vec<_>>().join(" ");
    joined.trim_matches([' ', '.', '|', '-', ':']).to_owned()
}

/// Does a text hold a phrase, as printed, and not as a part of longer words?
fn holds(text: &str, phrase: &str) -> bool {
    let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(phrase).any(|(at, _)| {
        let (before, behind) = (text[..at].chars().next_back(), text[at + phrase.len()..].chars().next());
        let (first, last) = (phrase.chars().next(), phrase.chars().next_back());
        !(in_word(before) && in_word(first) || in_word(behind) && in_word(last))
    })
}

/// The pages of Vietnam: text, phrases that may not be in it, and lists that are no articles.
fn vietnam(folder: &Path) -> Option<Vec<(&'static str, f64)>> {
    let (mut f1, mut pages, mut absent) = (0.0, 0.0, 0.0);
    for gold in lines(&folder.join("gold.jsonl"))?.iter().filter(|g| g["fragment"] != json!(true)) {
        let html = fs::read_to_string(folder.join(gold["file"].as_str()?)).ok()?;
        let text = read(gold["url"].as_str(), html).map(|a| a.text).unwrap_or_default();
        let strings = |key: &str| gold[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
        let expected: Vec<&str> = gold["lead"].as_str().into_iter().chain(strings("paragraphs")).collect();
        f1 += bags(&words(&expected.join(" ")), &words(&text)).2;
        pages += 1.0;
        let whole = folded(&text);
        absent += f64::from(u32::try_from(strings("absent").iter().filter(|phrase| holds(&whole, &folded(phrase))).count()).ok()?);
    }
    let (mut missed, mut lists) = (0.0, 0.0);
    for list in lines(&folder.join("lists.jsonl"))? {
        let html = fs::read_to_string(folder.join(list["file"].as_str()?)).ok()?;
        missed += if read(list["url"].as_str(), html).is_none() { 1.0 } else { 0.0 };
        lists += 1.0;
    }
    Some(vec![("vn f1", f1 / pages), ("vn absent", absent), ("lists missed", missed / lists)])
}
