//! Are the articles found on real front and section pages? The pages belong to their papers and stand beside the repository, not in it.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use baotinh::discover::{self, Asked, Kind};
use baotinh::page::{Body, Page};
use baotinh::paper::Rulebook;
use serde_json::Value;
use url::Url;

/// The folder of real pages; `None`, and said so, where it is missing.
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pages/vn");
    if folder.join("lists.jsonl").is_file() {
        return Some(folder);
    }
    eprintln!("skipped: no real pages in ../shared/pages/vn");
    None
}

fn addresses<'v>(list: &'v Value, key: &str) -> Vec<&'v str> {
    list[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The addresses of articles on a page. Papers whose form of an article's address no rule fits (national ones, a system of 2017) are
/// read by the shape of the address alone.
fn links(list: &Value, folder: &Path) -> (discover::Found, bool) {
    let url = list["url"].as_str().expect("a list has its address");
    let host = Url::parse(url).expect("it is sound").host_str().expect("it has a host").trim_start_matches("www.").to_owned();
    let bare = format!("[papers.sample]\nname = \"Sample\"\nevidence = \"guess\"\nhosts = [\"{host}\"]\nstart_pages = [\"{url}\"]\n");
    let bare = Rulebook::read(&bare, "sample.toml").expect("a sound rulebook");
    let gold = Url::parse(addresses(list, "article_links")[0]).expect("gold is sound");
    let known = Rulebook::built_in().paper_of(&gold).filter(|paper| paper.is_article(gold.path()) == Some(true));
    let (book, paper) = known.map_or((&bare, &bare.papers()[0]), |paper| (Rulebook::built_in(), paper));
    let bytes = fs::read(folder.join(list["file"].as_str().expect("a list names its file"))).expect("a page that the gold names");
    let page = Page { url: Some(url.to_owned()), body: Body::Bytes(bytes), ..Page::default() };
    (discover::read(&page, book, paper, Asked { kind: Kind::Page, hops: 0 }), known.is_some())
}

#[test]
fn the_articles_of_real_pages_are_found_in_their_order() {
    let Some(folder) = folder() else { return };
    let lists = fs::read_to_string(folder.join("lists.jsonl")).expect("a readable gold file");
    let (mut report, mut low) = (String::new(), false);
    for list in lists.lines().map(|line| serde_json::from_str::<Value>(line).expect("gold is JSON")) {
        let (found, by_pattern) = links(&list, &folder);
        let gold = addresses(&list, "article_links");
        let optional: HashSet<&str> = addresses(&list, "optional_links").into_iter().collect();
        let wrong: HashSet<&str> = addresses(&list, "not_articles").into_iter().collect();
        let got: Vec<&str> = found.articles.iter().map(|a| a.link.url().as_str()).filter(|a| !optional.contains(a)).collect();
        let right: Vec<&str> = got.iter().copied().filter(|a| gold.contains(a)).collect();
        let order: Vec<&str> = gold.iter().copied().filter(|a| right.contains(a)).collect();
        #[expect(clippy::cast_precision_loss, reason = "a page has a hundred links")]
        let share = |of: usize| right.len() as f64 / of.max(1) as f64;
        let (precision, recall) = (share(got.len()), share(gold.len()));
        let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
        low |= f1 < 0.95 || right != order || got.iter().any(|a| wrong.contains(a));
        let by = if by_pattern { "pattern" } else { "shape" };
        let _ = writeln!(report, "{}: {precision:.3} {recall:.3} {f1:.3} by {by}, in order: {}", list["id"], right == order);
        got.iter().filter(|a| !gold.contains(a)).for_each(|a| _ = writeln!(report, "  not in the gold: {a}"));
        gold.iter().filter(|a| !right.contains(a)).for_each(|a| _ = writeln!(report, "  missed: {a}"));
        found.listings.iter().for_each(|l| _ = writeln!(report, "  leads to {:?} {:?} {}", l.why, l.asked.kind, l.link.url()));
        let _ = writeln!(report, "  {:?} elsewhere {}", found.bounded, found.elsewhere);
    }
    assert!(!low, "{report}");
    eprintln!("{report}");
}
