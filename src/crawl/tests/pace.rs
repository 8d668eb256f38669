//! Is the pace kept by whole lanes, whatever the hosts answer, however late, and whatever they ask for?

use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::*;

/// How a host answers, in turn, ever again: how late in milliseconds, and what instead of the page.
type Manner = Vec<(u64, Whim)>;

/// From when to when a host wanted to be left alone.
type Hold = (Instant, Instant);

#[derive(Debug, Clone, Copy)]
enum Whim {
    Page,
    Busy { seconds: u64 },
    Broken,
    Silence,
    Elsewhere,
}

/// Hosts `bao0.vn`, `bao1.vn` … with so many articles each.
#[derive(Clone)]
struct Hosts {
    manners: Arc<Vec<Manner>>,
    turns: Arc<Vec<AtomicUsize>>,
    /// By host: when it was asked.
    asked: Arc<Mutex<Vec<Vec<Instant>>>>,
    holds: Arc<Mutex<Vec<Vec<Hold>>>>,
}

const ARTICLES: u32 = 25;

impl Hosts {
    fn new(manners: Vec<Manner>) -> Self {
        let hosts = manners.len();
        Self {
            manners: Arc::new(manners),
            turns: Arc::new((0..hosts).map(|_| AtomicUsize::new(0)).collect()),
            asked: Arc::new(Mutex::new(vec![Vec::new(); hosts])),
            holds: Arc::new(Mutex::new(vec![Vec::new(); hosts])),
        }
    }

    fn page(url: &Url, whim: Whim) -> Answer {
        let host = url.host_str().expect("an address of ours");
        let links = || (1..=ARTICLES).map(|number| format!("<a href=\"https://{host}{}\">x</a>", path_of(number)));
        match (whim, url.path()) {
            (Whim::Busy { seconds }, _) => {
                let headers = Headers { retry_after: Some(seconds.to_string()), ..Headers::default() };
                Answer { headers, ..answer(429, "") }
            }
            (Whim::Broken, path) if path != "/robots.txt" => answer(502, ""),
            (Whim::Silence, path) if path != "/robots.txt" => silence(),
            (_, "/robots.txt") => answer(404, ""),
            (_, "/") => answer(200, &format!("<!doctype html><html lang=vi><title>x</title>{}", links().collect::<String>())),
            (Whim::Elsewhere, path) if !path.starts_with("/moi") => {
                let headers = Headers { location: Some(format!("/moi{path}")), ..Headers::default() };
                Answer { headers, ..answer(302, "") }
            }
            _ => article(1),
        }
    }
}

impl Network for Hosts {
    async fn ask(&self, ask: Ask<'_>) -> Result<Reply, Failure> {
        let name = ask.url.host_str().expect("an address of ours");
        let host: usize = name.trim_start_matches("bao").trim_end_matches(".vn").parse().expect("a host of ours");
        self.asked.lock().expect("nobody panics with it")[host].push(Instant::now());
        let turn = self.turns[host].fetch_add(1, Ordering::Relaxed);
        let (late, whim) = self.manners[host][turn % self.manners[host].len()];
        let answer = Self::page(ask.url, whim);
        let after = answer.after.max(Duration::from_millis(late));
        tokio::time::sleep(after).await;
        if let Whim::Busy { seconds } = whim {
            let now = Instant::now();
            self.holds.lock().expect("nobody panics with it")[host].push((now, now + Duration::from_secs(seconds)));
        }
        if let Some(failure) = answer.failure {
            return Err(failure);
        }
        let (status, headers, body) = (answer.status, answer.headers, answer.body.into_bytes());
        Ok(Reply { url: ask.url.clone(), status, headers, body, at: Timestamp::now(), took: after, room: Room::default() })
    }
}

fn whims() -> impl Strategy<Value = Whim> {
    prop_oneof![
        12 => Just(Whim::Page),
        2 => Just(Whim::Elsewhere),
        1 => Just(Whim::Broken),
        1 => Just(Whim::Silence),
        1 => (0_u64..20).prop_map(|seconds| Whim::Busy { seconds }),
    ]
}

fn manners() -> impl Strategy<Value = Manner> {
    proptest::collection::vec((prop_oneof![Just(0_u64), 0_u64..500, 0_u64..4000], whims()), 1..40)
}

fn rules(rates: &[u32]) -> String {
    let paper = |(host, rate): (usize, &u32)| {
        format!(
            "[papers.bao{host}]\nname = \"{host}\"\nhosts = [\"bao{host}.vn\"]\nfamily = \"mau\"\nrequests_per_second = {rate}\n\
             start_pages = [\"https://bao{host}.vn/\"]\narticle_address = '-post(?<id>\\d+)\\.html$'\n"
        )
    };
    "[families.mau]\ntake.title = \"h1\"\ntake.body = \"div.bai\"\n".to_owned() + &rates.iter().enumerate().map(paper).collect::<String>()
}

fn fullest(moments: &[Instant], window: Duration) -> usize {
    let within = |first: usize| moments[first..].iter().take_while(|at| **at - moments[first] < window).count();
    (0..moments.len()).map(within).max().unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_window_of_a_host_holds_too_many_and_nobody_knocks_at_one_that_wants_rest(
        hosts in proptest::collection::vec((1_u32..6, manners()), 1..5),
    ) {
        let (rates, manners): (Vec<u32>, Vec<Manner>) = hosts.into_iter().unzip();
        let (canned, folder) = (Hosts::new(manners), folder());
        let settings = Settings { max_duration: Some(Duration::from_secs(120)), ..Settings::new(folder.path()) };
        paused(run_on(canned.clone(), settings, book(&rules(&rates)), |_| {}, std::future::pending())).expect("a sound crawl");
        let (asked, holds) = (canned.asked.lock().expect("at rest"), canned.holds.lock().expect("at rest"));
        for (host, rate) in rates.iter().enumerate() {
            prop_assert!(!asked[host].is_empty());
            for seconds in [1, 10] {
                let most = fullest(&asked[host], Duration::from_secs(seconds.into()));
                prop_assert!(most <= (rate * seconds) as usize, "{most} in {seconds} s at {rate} a second");
            }
            for (from, until) in &holds[host] {
                let knocks = asked[host].iter().filter(|at| *at > from && *at < until).count();
                prop_assert_eq!(knocks, 0);
            }
        }
    }
}

#[test]
fn hosts_of_one_pace_are_asked_in_turn_and_not_all_at_once() {
    let (canned, folder) = (Hosts::new(vec![vec![(0, Whim::Page)]; 4]), folder());
    let settings = Settings { max_articles: Some(3), ..Settings::new(folder.path()) };
    paused(run_on(canned.clone(), settings, book(&rules(&[1; 4])), |_| {}, std::future::pending())).expect("a sound crawl");
    let asked = canned.asked.lock().expect("at rest");
    let first = asked[0][0];
    let begun: Vec<Duration> = asked.iter().map(|moments| moments[0] - first).collect();
    assert_eq!(begun, [0, 250, 500, 750].map(Duration::from_millis));
}
