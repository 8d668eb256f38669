//! Is the web of the demo one that proves anything: are its pages hard, and is each read exactly?

#![cfg(feature = "crawl")]

#[path = "../examples/demo/proof.rs"]
mod proof;
#[path = "../examples/demo/web.rs"]
mod web;

use std::collections::BTreeSet;
use std::time::Duration;

use baotinh::article::Article;
use baotinh::crawl::{self, Settings};
use baotinh::discover::{self, Asked, Kind};
use baotinh::extract;
use baotinh::fetch::{self, Ask, Bound, Fetcher, Reply};
use baotinh::link::path_and_query;
use baotinh::page::{Body, Page};
use baotinh::paper::Rulebook;
use baotinh::robots::Robots;
use jiff::{SignedDuration, Timestamp};
use proof::{Proof, Run};
use url::Url;
use web::newspaper::{self, BETWEEN_EDITIONS, Issue, Newspaper};
use web::site::{self, Answer};
use web::{Manners, Trouble, Web, What};

/// Noon in Vietnam on a day on which the stories of the last days lie in two months.
fn now() -> Timestamp {
    "2025-03-02T05:00:00Z".parse().expect("a moment")
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
    let (mut faults, mut keys) = (Vec::new(), BTreeSet::new());
    for edition in [1, 2] {
        for issue in web.issues() {
            for story in issue.stories() {
                let promised = issue.promise(story);
                match extract::read(&page(&issue, &issue.path(story)), &book).outcome {
                    Ok(read) if *read == (Article { key: read.key.clone(), ..promised.clone() }) => keys.extend(read.key),
                    Ok(read) => faults.push(format!("{edition}: {}\n{read:#?}\ninstead of\n{promised:#?}", story.title)),
                    Err(miss) => faults.push(format!("{edition}: {}: {miss}", story.title)),
                }
            }
        }
        web.next_edition();
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n\n"));
    assert_eq!(keys.len(), web.issues().map(|issue| issue.stories().count()).sum::<usize>());
}

#[test]
fn no_story_holds_a_caption_or_a_headline_of_its_paper() {
    for paper in newspaper::papers() {
        for story in &paper.stories {
            let told = format!("{}\n{}", story.lead, story.text);
            let captions = paper.stories.iter().flat_map(|other| other.pictures().map(|picture| picture.caption));
            let around: Vec<&str> = captions.chain(paper.stories.iter().map(|other| other.title.as_str())).collect();
            assert_eq!(around.iter().find(|around| told.contains(**around)), None, "{}", story.title);
            assert!(
                story.correction.as_ref().is_none_or(|right| told.contains(&right.from) && !told.contains(&right.to)),
                "{}",
                story.title
            );
        }
    }
}

/// Follows the lists of a paper from those that its entry in selectors.toml names and those in robots.txt; all paths of articles found.
fn listed(issue: &Issue, book: &Rulebook) -> BTreeSet<String> {
    let paper = book.paper(&issue.paper.id).expect("the paper is in its rulebook");
    let month = jiff::civil::date(2025, 2, 1);
    let robots = Robots::read("baotinh", &body(issue, "/robots.txt"));
    let at = Url::parse(&issue.origin()).expect("an address");
    let feeds = paper.feeds.iter().cloned().map(|url| (url, Kind::Feed));
    let sitemaps = paper.sitemaps.iter().map(|sitemap| sitemap.on(month)).chain(robots.sitemaps(&at)).map(|url| (url, Kind::Sitemap));
    let pages = paper.start_pages.iter().cloned().map(|url| (url, Kind::Page));
    let mut queue: Vec<(Url, Asked)> = feeds.chain(sitemaps).chain(pages).map(|(url, kind)| (url, Asked { kind, hops: 0 })).collect();
    let (mut seen, mut articles) = (BTreeSet::new(), BTreeSet::new());
    while let Some((url, asked)) = queue.pop() {
        if !seen.insert(url.clone()) {
            continue;
        }
        let found = discover::read(&page(issue, &path_and_query(&url)), book, paper, asked);
        assert_eq!((found.faults.len(), found.passed_over, found.bounded.iter().count()), (0, 0, 0), "{url}: {found:#?}");
        articles.extend(found.articles.iter().map(|article| path_and_query(article.link.url())));
        queue.extend(found.listings.into_iter().map(|further| (further.link.url().clone(), further.asked)));
    }
    articles
}

/// What stands at a path, as a crawler brings it home.
fn page(issue: &Issue, path: &str) -> Page {
    Page { url: Some(issue.origin() + path), body: Body::Bytes(body(issue, path)), ..Page::default() }
}

fn body(issue: &Issue, path: &str) -> Vec<u8> {
    match site::answer(issue, path) {
        Answer::Document(document) => document.body,
        other => panic!("{path}: {other:?}"),
    }
}

#[tokio::test]
async fn the_lists_lead_to_every_story_to_its_old_addresses_and_to_the_dead_ends() {
    let web = open(Manners::default()).await;
    let book = rulebook(&web);
    for issue in web.issues() {
        let stories = issue.stories().map(|story| issue.path(story));
        let old = issue.stories().filter_map(|story| issue.old_path(story));
        let dead = issue.paper.dead_ends.iter().map(|end| end.path.clone());
        let expected: BTreeSet<String> = stories.chain(old).chain(dead).collect();
        assert_eq!(listed(&issue, &book), expected, "{}", issue.paper.id);
    }
}

/// Asks the web, by the program's own door to the network.
async fn ask(fetcher: &Fetcher, url: &str, etag: Option<&str>, last_modified: Option<&str>) -> Reply {
    let url = Url::parse(url).expect("an address");
    let ask = Ask { etag, last_modified, ..Ask::new(&url, Bound::Whole(1 << 20)) };
    fetcher.fetch(ask).await.unwrap_or_else(|failure| panic!("{url}: {failure}"))
}

fn fetcher(web: &Web) -> Fetcher {
    Fetcher::new(&fetch::Settings { pins: web.pins(), ..fetch::Settings::default() }).expect("sound settings")
}

#[tokio::test]
async fn a_page_that_is_known_is_answered_304_until_the_next_edition_changes_it() {
    let web = open(Manners::default()).await;
    let fetcher = fetcher(&web);
    let statuses = async |url: &str| {
        let first = ask(&fetcher, url, None, None).await;
        let (etag, date) = (first.headers.etag.as_deref(), first.headers.last_modified.as_deref());
        let again = ask(&fetcher, url, etag, date).await.status;
        (etag.is_some(), date.is_some(), again)
    };
    let addresses: Vec<String> = web.issues().map(|issue| issue.address(&issue.paper.stories[1])).collect();
    let mut answers = Vec::new();
    for address in &addresses {
        answers.push(statuses(address).await);
    }
    assert_eq!(answers, [(true, false, 304), (false, true, 304), (false, false, 200)]);
    let corrected = ask(&fetcher, &addresses[0], None, None).await;
    web.next_edition();
    let after = ask(&fetcher, &addresses[0], corrected.headers.etag.as_deref(), None).await;
    assert_eq!(after.status, 200);
    let (old, new) = (String::from_utf8_lossy(&corrected.body).into_owned(), String::from_utf8_lossy(&after.body).into_owned());
    assert!(old.contains("22.000 đồng") && new.contains("24.000 đồng") && !new.contains("22.000 đồng"));
}

#[tokio::test]
async fn what_moved_says_where_to_and_what_is_gone_or_nobodys_says_so() {
    let web = open(Manners::default()).await;
    let fetcher = fetcher(&web);
    for issue in web.issues() {
        let moved = issue.stories().find(|story| story.moved_from.is_some()).expect("each paper has moved one");
        let old = issue.origin() + &issue.old_path(moved).expect("it has moved");
        let reply = ask(&fetcher, &old, None, None).await;
        assert_eq!((reply.status, reply.redirect()), (301, Some(issue.path(moved).as_str())));
    }
    let first = web.issues().next().expect("three papers");
    assert_eq!(ask(&fetcher, &(first.origin() + &first.paper.dead_ends[0].path), None, None).await.status, 404);
    let nobodys = format!("http://127.0.0.1:{}/", first.port);
    let open = Fetcher::new(&fetch::Settings { allow_private: true, ..fetch::Settings::default() }).expect("sound settings");
    assert_eq!(ask(&open, &nobodys, None, None).await.status, 421);
}

#[tokio::test]
async fn trouble_passes_and_the_log_tells_of_it() {
    let busy = Trouble { paper: "benpha".to_owned(), path: "/robots.txt".to_owned(), what: What::Busy(7), times: 2 };
    let web = open(Manners { troubles: vec![busy], ..Manners::default() }).await;
    let (fetcher, issue) = (fetcher(&web), web.issues().nth(1).expect("three papers"));
    for (status, retry_after) in [(503, Some("7")), (503, Some("7")), (200, None)] {
        let reply = ask(&fetcher, &(issue.origin() + "/robots.txt"), None, Some("Thu, 01 Jan 2026 00:00:00 GMT")).await;
        assert_eq!((reply.status, reply.headers.retry_after.as_deref()), (status, retry_after));
    }
    let log: Vec<(String, u16, bool)> =
        web.asked().into_iter().map(|asked| (asked.paper + &asked.path, asked.status, asked.conditional)).collect();
    assert_eq!(log, [503, 503, 200].map(|status| ("benpha/robots.txt".to_owned(), status, true)));
}

#[tokio::test]
async fn a_paper_that_renames_its_classes_keeps_its_words_and_no_rule_of_its_family() {
    let web = open(Manners { renamed: vec!["suoingan".to_owned()], ..Manners::default() }).await;
    let fetcher = fetcher(&web);
    let issue = web.issues().next().expect("three papers");
    for story in issue.stories() {
        let page = ask(&fetcher, &issue.address(story), None, None).await.into_page(&Url::parse(&issue.origin()).expect("an address"));
        let text = page.text().string.into_owned();
        assert!(
            story.text.split("\n\n").all(|part| issue.is_corrected(story) || text.contains(part.trim_start_matches("## "))),
            "{}",
            story.title
        );
        assert_eq!(["cms-", "article__", "zce-", "rennab", "sdaWeb"].iter().find(|name| text.contains(**name)), None, "{}", story.title);
    }
}

#[tokio::test]
async fn a_late_answer_comes_whole() {
    let late = Trouble { paper: "doiche".to_owned(), path: "/rss/".to_owned(), what: What::Late(Duration::from_millis(50)), times: 1 };
    let web = open(Manners { troubles: vec![late], latency: 1..5, ..Manners::default() }).await;
    let issue = web.issues().last().expect("three papers");
    let reply = ask(&fetcher(&web), &(issue.origin() + "/rss/tin-moi.rss"), None, None).await;
    assert!(reply.took >= Duration::from_millis(50), "{:?}", reply.took);
    assert_eq!(reply.body, body(&issue, "/rss/tin-moi.rss"));
}

/// The demo without its pace: what it proves, in a second.
#[tokio::test(flavor = "multi_thread")]
async fn two_runs_bring_each_story_home_once_for_each_revision() {
    // Now; on a day whose stories lie in two months; on one when the month before has none that is new.
    let moments = [Timestamp::now(), now(), now() + SignedDuration::from_hours(3 * 24)];
    for moment in moments {
        two_runs(moment).await;
    }
}

async fn two_runs(now: Timestamp) {
    let output = tempfile::tempdir().expect("a folder");
    let papers = newspaper::papers().into_iter().map(|paper| Newspaper { requests_per_second: 50.0, crawl_delay: None, ..paper });
    let web = Web::open(papers.collect(), now - BETWEEN_EDITIONS, Manners::default()).await.expect("a free port");
    let book: &'static Rulebook = Box::leak(Box::new(rulebook(&web)));
    let mut proof = Proof::default();
    for begins in [now - BETWEEN_EDITIONS, now] {
        let before = web.asked().len();
        let settings = Settings::new(output.path());
        let run = crawl::run_at(begins, fetcher(&web), settings, book, |_| (), std::future::pending());
        let report = run.await.expect("a crawl that can run");
        proof.edition(&web, &Run { report, asked: web.asked().split_off(before) });
        if begins < now {
            web.next_edition();
        }
    }
    let mut records = proof::records(&web, output.path()).expect("readable lines");
    let faults = proof.faults(&web, &records);
    assert!(faults.is_empty(), "{}", faults.join("\n"));

    // The proof is one: a line too few, one too many and a caption in a text are each seen.
    let lost = records.swap_remove(0);
    records.push(records[1].clone());
    records[2].text.to_mut().push_str("\n\nBúp chè một tôm hai lá.");
    let faults = Proof::default().faults(&web, &records);
    let said = |word: &str| faults.iter().filter(|fault| fault.contains(word)).count();
    assert_eq!((faults.len(), said("is missing"), said("stands 2 times"), said("should be")), (3, 1, 1, 1), "{lost:?} {faults:#?}");
}
