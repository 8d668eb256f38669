//! Does the conductor keep pace, order and manners? Canned replies, on a clock that stands still until everybody waits.

mod drift;
mod opening;
mod pace;

use std::collections::HashMap;
use std::sync::Mutex;

use tempfile::TempDir;
use url::Url;

use super::*;
use crate::fetch::{Ask, Failure, Headers, Reply, Room};
use crate::report::PaperReport;

const RULES: &str = "[families.mau]\ntake.title = \"h1\"\ntake.body = \"div.bai\"\n\
    [papers.baomau]\nname = \"Báo Mẫu\"\nhosts = [\"baomau.vn\"]\nfamily = \"mau\"\nfeeds = [\"https://baomau.vn/rss\"]\n\
    article_address = '-post(?<id>\\d+)\\.html$'\nrequests_per_second = 2\n";

/// One answer: status, headers, body, and how long it takes.
#[derive(Debug, Clone)]
struct Answer {
    status: u16,
    headers: Headers,
    body: String,
    after: Duration,
    failure: Option<Failure>,
}

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: Headers::default(), body: body.to_owned(), after: Duration::from_millis(50), failure: None }
}

fn silence() -> Answer {
    let failure = Failure::Timeout { stage: "the whole answer", limit: Duration::from_secs(60) };
    Answer { after: Duration::from_secs(60), failure: Some(failure), ..answer(0, "") }
}

fn article(number: u32) -> Answer {
    let text = "Chợ phiên họp từ lúc trời còn mờ sương, người bán gánh rau, người mua dắt ngựa, ai cũng vội. ".repeat(5);
    answer(200, &format!("<!doctype html><html lang=vi><h1>Chợ phiên số {number}</h1><div class=bai><p>{text}</p><p>{text}</p></div>"))
}

fn path_of(number: u32) -> String {
    format!("/cho-phien-so-post{number}.html")
}

/// A feed of these articles: each with its day of January 2026.
fn feed(articles: &[(u32, u32)]) -> Answer {
    let item = |(number, day): &(u32, u32)| {
        let path = path_of(*number);
        format!("<item><link>https://baomau.vn{path}</link><pubDate>{day:02} Jan 2026 08:00:00 +0700</pubDate></item>")
    };
    let items: String = articles.iter().map(item).collect();
    answer(200, &format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>x</title>{items}</channel></rss>"))
}

/// The web, by path: the answers in their order, the last one ever again. What is not here is a 404.
#[derive(Clone, Default)]
struct Canned {
    answers: Arc<Mutex<HashMap<String, Vec<Answer>>>>,
    asked: Arc<Mutex<Vec<(Instant, String)>>>,
}

impl Canned {
    fn new(pages: impl IntoIterator<Item = (String, Vec<Answer>)>) -> Self {
        let canned = Self::default();
        canned.answers.lock().expect("nobody panics with it").extend(pages);
        canned
    }

    fn set(&self, path: &str, answers: Vec<Answer>) {
        self.answers.lock().expect("nobody panics with it").insert(path.to_owned(), answers);
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("nobody panics with it").iter().map(|(_, path)| path.clone()).collect()
    }

    fn moments(&self) -> Vec<Instant> {
        self.asked.lock().expect("nobody panics with it").iter().map(|(at, _)| *at).collect()
    }

    fn forget(&self) {
        self.asked.lock().expect("nobody panics with it").clear();
    }

    fn next(&self, url: &Url) -> Answer {
        self.asked.lock().expect("nobody panics with it").push((Instant::now(), url.path().to_owned()));
        let mut answers = self.answers.lock().expect("nobody panics with it");
        match answers.get_mut(url.path()) {
            None => answer(404, ""),
            Some(rest) if rest.len() > 1 => rest.remove(0),
            Some(rest) => rest[0].clone(),
        }
    }
}

impl Network for Canned {
    async fn ask(&self, ask: Ask<'_>) -> Result<Reply, Failure> {
        let mut answer = self.next(ask.url);
        tokio::time::sleep(answer.after).await;
        if let Some(failure) = answer.failure {
            return Err(failure);
        }
        if answer.headers.etag.is_some() && answer.headers.etag.as_deref() == ask.etag {
            (answer.status, answer.body) = (304, String::new());
        }
        let (status, headers, body) = (answer.status, answer.headers, answer.body.into_bytes());
        Ok(Reply { url: ask.url.clone(), status, headers, body, at: Timestamp::now(), took: answer.after, room: Room::default() })
    }
}

fn paused<T>(run: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime without sockets needs nothing").block_on(run)
}

fn book(toml: &str) -> &'static Rulebook {
    Box::leak(Box::new(Rulebook::read(toml, "t.toml").expect("sound rules")))
}

/// A crawl so many minutes after noon.
fn crawl_at(minutes: i64, canned: &Canned, settings: Settings) -> PaperReport {
    crawl_by(RULES, minutes, canned, settings, |_| {})
}

/// [`crawl_at`] by other rules.
fn crawl_by(rules: &str, minutes: i64, canned: &Canned, settings: Settings, show: impl FnMut(Notice<'_>)) -> PaperReport {
    let noon: Timestamp = "2026-02-01T05:00:00Z".parse().expect("a time");
    let start = noon + jiff::SignedDuration::from_mins(minutes);
    paused(async {
        let run = run_at(start, canned.clone(), settings, book(rules), show, std::future::pending());
        run.await.expect("a sound crawl").sites.into_iter().next().expect("one paper")
    })
}

fn crawl_with(canned: &Canned, settings: Settings) -> PaperReport {
    crawl_at(0, canned, settings)
}

fn crawl(canned: &Canned, folder: &TempDir) -> PaperReport {
    crawl_with(canned, Settings::new(folder.path()))
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A paper with a feed of so many articles, the last numbers the newest.
fn paper(articles: u32) -> Canned {
    let listed: Vec<(u32, u32)> = (1..=articles).map(|number| (number, number)).collect();
    let pages = (1..=articles).map(|number| (path_of(number), vec![article(number)]));
    let front = answer(200, "<!doctype html><html lang=vi><title>Báo Mẫu</title><p>Trang nhất");
    Canned::new(pages.chain([("/rss".to_owned(), vec![feed(&listed)]), ("/".to_owned(), vec![front])]))
}

#[test]
fn robots_come_first_then_listings_then_the_newest_articles() {
    let (canned, folder) = (paper(9), folder());
    let report = crawl(&canned, &folder);
    assert_eq!((report.written, report.new, report.queued, report.unwell), (9, 9, 0, None));
    let asked = canned.asked();
    assert_eq!(asked[..3], ["/robots.txt", "/rss", "/"]);
    let newest_first: Vec<String> = (1..=9).rev().map(path_of).collect();
    assert_eq!(asked[3..], newest_first);
}

#[test]
fn no_window_holds_more_requests_than_the_pace_allows_whatever_they_are_for() {
    let (canned, folder) = (paper(20), folder());
    canned.set(&path_of(7), vec![answer(500, ""), article(7)]);
    let moved = Headers { location: Some(path_of(3)), ..Headers::default() };
    canned.set(&path_of(8), vec![Answer { headers: moved, ..answer(301, "") }]);
    let report = crawl(&canned, &folder);
    assert_eq!((report.written, report.failed.len()), (19, 0), "{report:?}");
    let moments = canned.moments();
    assert_eq!(moments.len(), 3 + 20 + 1, "one more for the second try");
    for (window, most) in [(1, 2), (10, 20)] {
        for (first, at) in moments.iter().enumerate() {
            let within = moments[first..].iter().take_while(|next| **next - *at < Duration::from_secs(window)).count();
            assert!(within <= most, "{within} in {window} s");
        }
    }
}

#[test]
fn a_failed_page_goes_back_to_the_queue_and_nobody_waits_for_it() {
    let (canned, folder) = (paper(6), folder());
    canned.set(&path_of(6), vec![silence(), answer(503, ""), article(6)]);
    let report = crawl(&canned, &folder);
    assert_eq!((report.written, report.lost(), report.unwell), (6, 0, None));
    let asked = canned.asked();
    let tries: Vec<usize> = asked.iter().enumerate().filter(|(_, path)| **path == path_of(6)).map(|(at, _)| at).collect();
    assert_eq!(tries.len(), 3);
    assert_eq!(asked[tries[0] + 1], path_of(5));
}

#[test]
fn a_short_retry_after_is_waited_for_and_a_long_one_left_to_a_later_run() {
    let busy = |seconds: &str| {
        let headers = Headers { retry_after: Some(seconds.to_owned()), ..Headers::default() };
        Answer { headers, ..answer(429, "") }
    };
    let (canned, folder) = (paper(3), folder());
    canned.set(&path_of(3), vec![busy("30"), article(3)]);
    let report = crawl(&canned, &folder);
    assert_eq!((report.written, report.unwell), (3, None));
    let (asked, moments) = (canned.asked(), canned.moments());
    let first = asked.iter().position(|path| *path == path_of(3)).expect("it was asked");
    let gap = moments.iter().skip(first + 1).find(|at| **at - moments[first] > Duration::from_secs(2)).expect("a later request");
    assert!(*gap - moments[first] >= Duration::from_secs(30));

    let (canned, folder) = (paper(3), tempfile::tempdir().expect("a folder"));
    canned.set("/rss", vec![busy("7200"), feed(&[(1, 1)])]);
    let report = crawl(&canned, &folder);
    assert_eq!((report.written, report.unwell.as_deref()), (0, Some("https://baomau.vn: asked to be left alone for 7200 s")));
    canned.forget();
    let report = crawl_at(110, &canned, Settings::new(folder.path()));
    assert!(report.unwell.expect("it is closed").contains("left alone until"));
    assert_eq!(canned.asked(), [""; 0], "nobody knocks before");
    assert_eq!(crawl_at(125, &canned, Settings::new(folder.path())).written, 1);
}

#[test]
fn what_robots_txt_disallows_is_never_asked_for() {
    let (canned, folder) = (paper(4), folder());
    canned.set("/robots.txt", vec![answer(200, &format!("User-agent: *\nCrawl-delay: 3\nDisallow: {}\n", path_of(2)))]);
    let report = crawl(&canned, &folder);
    assert_eq!((report.written, report.refused.get("robots")), (3, Some(&1)));
    assert!(!canned.asked().contains(&path_of(2)));
    let moments = canned.moments();
    assert!(moments[1..].windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_secs(3)));
}

#[test]
fn a_host_whose_robots_txt_fails_is_closed_unless_a_good_copy_is_younger_than_a_day() {
    for trouble in [answer(500, ""), answer(429, ""), silence()] {
        let (canned, folder) = (paper(3), folder());
        canned.set("/robots.txt", vec![trouble.clone()]);
        let report = crawl(&canned, &folder);
        assert_eq!(canned.asked(), ["/robots.txt"; 3]);
        assert!(report.unwell.expect("it is closed").starts_with("nothing was asked, since https://baomau.vn/robots.txt gave no answer"));

        canned.set("/robots.txt", vec![answer(404, "")]);
        assert_eq!(crawl_at(10, &canned, Settings::new(folder.path())).written, 3);
        canned.forget();
        canned.set("/robots.txt", vec![trouble]);
        let again = Settings { recrawl: true, ..Settings::new(folder.path()) };
        assert_eq!(crawl_at(600, &canned, again.clone()).unchanged, 3);
        assert!(!canned.asked().contains(&"/robots.txt".to_owned()));
        assert_eq!(crawl_at(2000, &canned, again).unchanged, 0);
    }
}

#[test]
fn a_host_that_wants_a_day_between_two_requests_ends_its_lane_and_not_the_run() {
    let (canned, folder) = (paper(3), folder());
    canned.set("/robots.txt", vec![answer(200, "User-agent: *\nCrawl-delay: 80000")]);
    let report = crawl(&canned, &folder);
    assert_eq!(report.unwell.as_deref(), Some("its robots.txt asks for 80000 s between two requests"));
    assert_eq!(canned.asked(), ["/robots.txt"]);
    // Ten minutes are waited for.
    let (canned, folder) = (paper(3), self::folder());
    canned.set("/robots.txt", vec![answer(200, "User-agent: *\nCrawl-delay: 590")]);
    assert_eq!(crawl(&canned, &folder).written, 3);
}

#[test]
fn an_article_that_nobody_has_is_not_as_it_was() {
    let (canned, folder) = (paper(3), folder());
    canned.set(&path_of(2), vec![answer(304, ""), article(2)]);
    let report = crawl(&canned, &folder);
    assert_eq!((report.written, report.unchanged, report.failed.get("http_304")), (2, 0, Some(&1)));
    assert_eq!(crawl_at(8 * 24 * 60, &canned, Settings::new(folder.path())).written, 1);
}

#[test]
fn a_redirect_to_a_port_of_its_own_is_off_the_site() {
    let (canned, folder) = (paper(2), folder());
    let to = |to: &str| Answer { headers: Headers { location: Some(to.to_owned()), ..Headers::default() }, ..answer(302, "") };
    canned.set(&path_of(1), vec![to("https://baomau.vn:8443/quan-tri")]);
    let report = crawl(&canned, &folder);
    assert_eq!((report.written, report.failed.get("off_site_redirect")), (1, Some(&1)));
    assert!(!canned.asked().contains(&"/quan-tri".to_owned()));
}

#[test]
fn a_redirect_is_a_hop_through_the_same_door() {
    let to = |place: &str| Answer { headers: Headers { location: Some(place.to_owned()), ..Headers::default() }, ..answer(302, "") };
    let (canned, folder) = (paper(6), folder());
    canned.set(&path_of(1), vec![to("https://quang-cao.vn/x")]);
    canned.set(&path_of(2), vec![to(&path_of(2))]);
    canned.set(&path_of(3), vec![to("javascript:alert(1)")]);
    canned.set(&path_of(4), vec![to("/kin/x")]);
    canned.set("/robots.txt", vec![answer(200, "User-agent: *\nDisallow: /kin/")]);
    let report = crawl(&canned, &folder);
    let failed: Vec<(&str, u64)> = report.failed.iter().map(|(name, times)| (name.as_ref(), *times)).collect();
    assert_eq!(failed, [("bad_redirect", 1), ("off_site_redirect", 1), ("redirect_loop", 1)]);
    assert_eq!((report.written, report.refused.get("robots")), (2, Some(&1)));
    assert!(!canned.asked().contains(&"/kin/x".to_owned()));
}

#[test]
fn what_a_redirect_leads_to_is_fetched_once_whoever_asks_first() {
    let to = |number| Answer { headers: Headers { location: Some(path_of(number)), ..Headers::default() }, ..answer(301, "") };
    let (canned, folder) = (paper(12), folder());
    // 11 leads to what is in hand already, 10 to what comes much later, 5 and then 4 to what is written by then.
    for (number, target) in [(11, 9), (10, 1), (5, 12), (4, 1)] {
        canned.set(&path_of(number), vec![to(target)]);
    }
    let report = crawl(&canned, &folder);
    assert_eq!((report.written, report.moved, report.failed.len(), report.unwell), (8, 3, 0, None));
    let mut asked = canned.asked();
    asked.sort();
    asked.dedup();
    assert_eq!(canned.asked().len(), asked.len(), "no page was asked for twice");
}

#[test]
fn a_page_whose_article_was_written_under_its_own_address_is_not_fetched_there_once_more() {
    let (canned, folder) = (paper(3), folder());
    let own = format!("<link rel=canonical href=\"https://baomau.vn{}\">", path_of(1));
    let page = article(3).body.replace("<h1>", &format!("{own}<h1>"));
    canned.set(&path_of(3), vec![answer(200, &page)]);
    canned.set(&path_of(2), vec![Answer { after: Duration::from_secs(9), ..article(2) }]);
    let numberless = RULES.replace("(?<id>\\d+)", "\\d+");
    let report = crawl_by(&numberless, 0, &canned, Settings::new(folder.path()), |_| {});
    assert_eq!((report.written, report.unwell), (2, None));
    assert!(!canned.asked().contains(&path_of(1)));
}

#[test]
fn an_address_that_a_paper_writes_into_all_its_pages_makes_no_article_of_another_number_its_own() {
    for declared in [path_of(1), "/lien-he".to_owned()] {
        let (canned, folder) = (paper(4), folder());
        let own = format!("<link rel=canonical href=\"https://baomau.vn{declared}\">");
        for number in 1..=4 {
            canned.set(&path_of(number), vec![answer(200, &article(number).body.replace("<h1>", &format!("{own}<h1>")))]);
        }
        let report = crawl(&canned, &folder);
        assert_eq!((report.written, report.updated, report.moved), (4, 0, 0), "{declared}");
    }
}

#[test]
fn a_host_that_is_down_again_after_its_rest_rests_twice_as_long() {
    let (canned, folder) = (paper(30), folder());
    for number in 1..=30 {
        canned.set(&path_of(number), vec![answer(502, "")]);
    }
    let unwell = |minutes| crawl_at(minutes, &canned, Settings::new(folder.path())).unwell.expect("it is down");
    assert!(unwell(0).contains("left alone for 5 min"));
    canned.set("/rss", vec![answer(502, "")]);
    canned.forget();
    let told = unwell(60);
    assert!(told.contains("left alone for 10 min"), "{told}");
    assert!(canned.asked().len() <= 2, "{:?}", canned.asked());
    canned.set("/rss", vec![feed(&[(1, 1)])]);
    assert!(unwell(120).contains("left alone for 5 min"), "an answer in between makes it well");
}

#[test]
fn a_host_that_fails_over_and_over_is_left_alone_and_the_next_run_knows() {
    let (canned, folder) = (paper(30), folder());
    for number in 1..=30 {
        canned.set(&path_of(number), vec![answer(502, "")]);
    }
    let report = crawl(&canned, &folder);
    let articles = canned.asked().iter().filter(|path| path.contains("post")).count();
    assert!((10..=14).contains(&articles), "{articles}");
    assert!(report.unwell.expect("it is down").contains("left alone for 5 min after 10 failures in a row"));
    canned.forget();
    crawl_at(4, &canned, Settings::new(folder.path()));
    assert_eq!(canned.asked(), [""; 0]);
}

#[test]
fn a_run_has_no_more_articles_than_it_may_and_ends_in_time() {
    let (canned, folder) = (paper(12), folder());
    let few = Settings { max_articles: Some(5), ..Settings::new(folder.path()) };
    assert_eq!(crawl_with(&canned, few).written, 5);
    let newest: Vec<String> = (8..=12).rev().map(path_of).collect();
    assert_eq!(canned.asked().iter().filter(|path| path.contains("post")).cloned().collect::<Vec<_>>(), newest);
    assert_eq!(crawl_at(10, &canned, Settings::new(folder.path())).written, 7, "the others come with the next run");

    let (canned, folder) = (paper(200), tempfile::tempdir().expect("a folder"));
    let short = Settings { max_duration: Some(Duration::from_secs(20)), ..Settings::new(folder.path()) };
    let written = crawl_with(&canned, short).written;
    assert!((20..=37).contains(&written), "{written}");
    assert_eq!(canned.asked().iter().filter(|path| path.contains("post")).count() as u64, written, "what was asked for was written");
}

#[test]
fn days_out_of_the_range_are_not_fetched_and_come_when_they_are_wanted() {
    let (canned, folder) = (paper(12), folder());
    let day = |day| Some(jiff::civil::date(2026, 1, day));
    let some = Settings { range: Range { since: day(5), until: day(7) }, ..Settings::new(folder.path()) };
    assert_eq!(crawl_with(&canned, some).written, 3);
    let asked: Vec<String> = canned.asked().into_iter().filter(|path| path.contains("post")).collect();
    assert_eq!(asked, [7, 6, 5].map(path_of));
    assert_eq!(crawl_at(10, &canned, Settings::new(folder.path())).written, 9);
}

#[test]
fn a_rehearsal_names_what_it_would_fetch_and_leaves_nothing() {
    let (canned, folder) = (paper(3), folder());
    let output = folder.path().join("output");
    let settings = Settings { dry_run: true, ..Settings::new(&output) };
    let mut wanted = Vec::new();
    let report = paused(run_on(
        canned.clone(),
        settings,
        book(RULES),
        |notice| {
            if let Notice::Happened { url: Some(url), what: Happened::Wanted, .. } = notice {
                wanted.push(url.to_owned());
            }
        },
        std::future::pending(),
    ));
    assert_eq!(report.expect("a sound crawl").sites[0].wanted, 3);
    assert_eq!(wanted, [3, 2, 1].map(|number| format!("https://baomau.vn{}", path_of(number))));
    assert_eq!(canned.asked(), ["/robots.txt", "/rss", "/"]);
    assert!(!output.exists());
}

#[test]
fn a_rehearsal_beside_an_output_tells_nothing_of_its_files_and_names_its_state() {
    let (canned, folder) = (paper(3), folder());
    assert_eq!(crawl(&canned, &folder).written, 3);
    let rehearse = || {
        let mut found = Vec::new();
        let settings = Settings { dry_run: true, ..Settings::new(folder.path()) };
        let show = |notice: Notice<'_>| {
            if let Notice::Found(finding) = notice {
                found.push(finding.to_string());
            }
        };
        let report = paused(run_on(canned.clone(), settings, book(RULES), show, std::future::pending()));
        (report.map_err(|fault| fault.to_string()), found)
    };
    let (report, found) = rehearse();
    assert!(report.is_ok());
    assert_eq!(found, [""; 0]);
    let state = folder.path().join(".state/crawl.sqlite");
    std::fs::write(&state, "no database, whatever its name").expect("room");
    let fault = rehearse().0.expect_err("it is damaged");
    assert!(fault.starts_with(&format!("{}: damaged", state.display())), "{fault}");
}

#[test]
fn a_paper_whose_robots_txt_forbids_all_is_unwell() {
    let (canned, folder) = (paper(3), folder());
    canned.set("/robots.txt", vec![answer(200, "User-agent: *\nDisallow: /")]);
    let report = crawl(&canned, &folder);
    assert_eq!(report.unwell.as_deref(), Some("its robots.txt allows us none of its listings"));
    assert_eq!(canned.asked(), ["/robots.txt"]);
}

#[test]
fn a_young_article_is_looked_at_again_and_what_the_paper_corrected_is_its_next_revision() {
    let (canned, folder) = (Canned::new([]), folder());
    canned.set("/rss", vec![feed(&[(1, 31)])]);
    canned.set(&path_of(1), vec![article(1), article(1), article(2), article(2)]);
    let counts = |minutes| {
        let report = crawl_at(minutes, &canned, Settings::new(folder.path()));
        (report.written, report.updated, report.unchanged)
    };
    let day = 24 * 60;
    // Published on 31 January at eight, found on 1 February at noon: looked at again when it is three days old, then left.
    assert_eq!(counts(0), (1, 0, 0));
    assert_eq!(counts(60), (0, 0, 0));
    assert_eq!(counts(2 * day), (0, 0, 1));
    assert_eq!(counts(9 * day), (0, 0, 0));
    let looked = crawl_at(10 * day, &canned, Settings { recrawl: true, ..Settings::new(folder.path()) });
    assert_eq!((looked.updated, looked.unchanged), (1, 0));
}

#[test]
fn closed_papers_are_visited_only_when_they_are_named() {
    let rules =
        "[papers.a]\nname = \"A\"\nhosts = [\"a.vn\"]\nstart_pages = [\"https://a.vn/\"]\n[papers.cu]\nname = \"C\"\nhosts = [\"cu.vn\"]\n";
    let ids = |sites: &[&str]| -> Vec<String> {
        let sites: Vec<String> = sites.iter().map(ToString::to_string).collect();
        super::chosen(book(rules), &sites).expect("known sites").iter().map(|paper| paper.id.clone()).collect()
    };
    assert_eq!(ids(&[]), ["a"]);
    assert_eq!(ids(&["cu"]), ["cu"]);
}

#[test]
fn papers_that_share_a_server_share_a_pace() {
    let paper = |id: &str, more: &str| format!("[papers.{id}]\nname = \"{id}\"\nhosts = [\"{id}.vn\"]\nrequests_per_second = 4\n{more}");
    let rules = [paper("a", ""), paper("b", "same_server_as = \"a\"\n"), paper("c", "")].concat();
    let papers: Vec<&'static Paper> = book(&rules).papers().iter().collect();
    let ids: Vec<Vec<&str>> = groups(&papers).iter().map(|group| group.iter().map(|m| m.paper.id.as_str()).collect()).collect();
    assert_eq!(ids, [vec!["a", "b"], vec!["c"]]);
    assert_eq!(slowest(&groups(&papers)[0]), Duration::from_millis(250));
}

#[test]
fn a_site_that_is_none_is_named_with_the_nearest() {
    let settings = Settings { sites: vec!["baomao".to_owned()], ..Settings::new("nowhere") };
    let fault = paused(run_on(Canned::default(), settings, book(RULES), |_| {}, std::future::pending())).expect_err("no such site");
    assert_eq!(fault.to_string(), "baomao: no such site in selectors.toml: did you mean baomau? (`baotinh sites` prints them all)");
}

/// An article of its own words where no rule points at, with a call that the paper prints in each.
fn with_call(number: u32) -> Answer {
    let story = format!("Bản số {number} mở chợ phiên thứ {number} trong năm, bà con gùi rau, gùi măng xuống núi từ lúc gà gáy.");
    let call = "Mỗi bạn đọc góp một ngày công, tòa báo nhỏ này sẽ có thêm một phóng viên ở vùng cao.";
    answer(
        200,
        &format!(
            "<!doctype html><html lang=vi><h1>Chợ phiên số {number}</h1><article><p>{story}</p><p>{story} Chợ tan khi nắng lên.</p><p>{call}</p></article>"
        ),
    )
}

/// The texts of all articles in a folder, in the order written.
fn texts(folder: &TempDir) -> Vec<String> {
    let days = std::fs::read_dir(folder.path().join("baomau")).expect("a paper's folder");
    let mut files: Vec<PathBuf> = days.map(|day| day.expect("a day").path()).collect();
    files.sort_unstable();
    let lines: String = files.iter().map(|file| std::fs::read_to_string(file).expect("a day's articles")).collect();
    let record = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("a record")["text"].as_str().map(str::to_owned);
    lines.lines().map(|line| record(line).expect("a text")).collect()
}

#[test]
fn a_line_on_several_articles_goes_from_the_later_ones_in_this_run_and_the_next() {
    for remembers in [true, false] {
        let (canned, folder) = (paper(5), folder());
        (1..=5).for_each(|number| canned.set(&path_of(number), vec![with_call(number)]));
        let settings = Settings { memory: remembers, ..Settings::new(folder.path()) };
        assert_eq!(crawl_with(&canned, settings.clone()).written, 5);
        let with = |texts: &[String]| texts.iter().filter(|text| text.contains("góp một ngày công")).count();
        assert_eq!(with(&texts(&folder)), if remembers { 2 } else { 5 });
        let listed: Vec<(u32, u32)> = (1..=6).map(|number| (number, number)).collect();
        canned.set("/rss", vec![feed(&listed)]);
        canned.set(&path_of(6), vec![with_call(6)]);
        assert_eq!(crawl_at(600, &canned, settings.clone()).written, 1);
        assert_eq!(with(&texts(&folder)[5..]), usize::from(!remembers), "the next run knows what this one read");
        // That the memory knows more today is no change of the articles.
        let report = crawl_at(1200, &canned, Settings { recrawl: true, ..settings });
        assert_eq!((report.written, report.updated, report.unchanged), (0, 0, 6));
    }
}

#[test]
fn a_paper_whose_listings_name_nothing_any_more_is_unwell_after_a_day_and_a_304_does_not_hide_it() {
    let (canned, folder) = (paper(2), folder());
    assert_eq!(crawl(&canned, &folder).unwell, None);
    let headers = Headers { etag: Some("\"1\"".to_owned()), ..Headers::default() };
    let rebuilt = Answer { headers, ..answer(200, "<!doctype html><html lang=vi><title>Báo Mẫu</title><p>Đang bảo trì") };
    canned.set("/rss", vec![rebuilt.clone()]);
    canned.set("/", vec![rebuilt]);
    let [day, more] = [24 * 60, 30 * 60];
    assert_eq!(crawl_at(120, &canned, Settings::new(folder.path())).unwell, None);
    for minutes in [120 + more, 120 + more + day] {
        let unwell = crawl_at(minutes, &canned, Settings::new(folder.path())).unwell.expect("it is silent");
        assert!(unwell.starts_with("its listings name no article since 2026-02-01 07:00 UTC ("), "{unwell}");
    }
    canned.set("/rss", vec![feed(&[(1, 1)])]);
    assert_eq!(crawl_at(120 + more + 3 * day, &canned, Settings::new(folder.path())).unwell, None);
}

#[test]
fn an_article_behind_a_temporary_redirect_to_another_page_comes_when_the_way_is_free() {
    for place in ["/".to_owned(), "/bao-tri.html".to_owned(), path_of(3)] {
        let (canned, folder) = (paper(3), folder());
        let headers = Headers { location: Some(place.clone()), ..Headers::default() };
        canned.set(&path_of(2), vec![Answer { headers, ..answer(302, "") }, article(2)]);
        canned.set("/bao-tri.html", vec![answer(200, "<!doctype html><html lang=vi><title>Bảo trì</title><p>Đang bảo trì")]);
        // Its next try is a matter of seconds, and so of chance whether this run or the next has it.
        let [first, next] = [0, 60].map(|minutes| crawl_at(minutes, &canned, Settings::new(folder.path())));
        assert_eq!(first.written + next.written, 3, "{place}");
        assert_eq!((first.missed.len() + next.missed.len(), next.lost()), (0, 0), "{place}");
    }
}

#[test]
fn a_run_that_follows_at_once_keeps_the_pace_of_the_one_before() {
    let (canned, folder) = (paper(4), folder());
    canned.set("/robots.txt", vec![answer(200, "User-agent: *\nCrawl-delay: 7\n")]);
    for minute in 0..4 {
        let settings = Settings { max_articles: Some(1), ..Settings::new(folder.path()) };
        let before = canned.asked().len();
        let noon: Timestamp = format!("2026-02-01T05:0{minute}:00Z").parse().expect("a time");
        let waited = paused(async {
            let start = Instant::now();
            run_at(noon, canned.clone(), settings, book(RULES), |_| {}, std::future::pending()).await.expect("a sound crawl");
            canned.moments().get(before).map(|first| first.duration_since(start))
        });
        if before > 0 {
            assert!(waited.is_some_and(|waited| waited >= Duration::from_secs(7)), "{waited:?} {:?}", canned.asked());
        }
    }
    assert_eq!(canned.asked()[1..], ["/rss".to_owned(), "/".to_owned(), path_of(4), path_of(3), path_of(2), path_of(1)]);
}

#[test]
fn a_day_without_a_sitemap_is_no_listing_that_failed() {
    let rules = RULES.replace("feeds = ", "sitemaps = [\"https://baomau.vn/bai-{yyyy}-{mm}-{dd}.xml\"]\nfeeds = ");
    let (canned, folder) = (paper(2), folder());
    for minutes in [0, 26 * 60] {
        let report = crawl_by(&rules, minutes, &canned, Settings::new(folder.path()), |_| {});
        assert_eq!((report.listings_failed.len(), report.unwell), (0, None));
    }
    let asked = canned.asked();
    let sitemaps = asked.iter().filter(|path| path.starts_with("/bai-2026-")).count();
    assert_eq!(sitemaps, 8 + 8, "those of eight days, and a day later those of the eight days then");
}
