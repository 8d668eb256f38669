//! Is a state mended that a kill, a backup, a clock or another selectors.toml has left behind?

use super::*;

const DAY: i64 = 24 * 60;

/// A crawl, and what was found at its opening, each in words.
fn told(rules: &str, minutes: i64, canned: &Canned, folder: &TempDir) -> (PaperReport, Vec<String>) {
    let mut findings = Vec::new();
    let show = |notice: Notice<'_>| {
        if let Notice::Found(finding) = notice {
            findings.push(finding.to_string());
        }
    };
    let report = crawl_by(rules, minutes, canned, Settings::new(folder.path()), show);
    (report, findings)
}

fn state(folder: &TempDir) -> PathBuf {
    folder.path().join(".state/crawl.sqlite")
}

fn list(canned: &Canned, articles: u32) {
    let listed: Vec<(u32, u32)> = (1..=articles).map(|number| (number, number)).collect();
    canned.set("/rss", vec![feed(&listed)]);
    (1..=articles).for_each(|number| canned.set(&path_of(number), vec![article(number)]));
}

/// The numbers of the articles written, each with its revision, in order.
fn written(folder: &TempDir) -> Vec<(String, u64)> {
    let mut all = Vec::new();
    for site in ["baomau", "baomoi"] {
        for day in std::fs::read_dir(folder.path().join(site)).into_iter().flatten() {
            let text = std::fs::read_to_string(day.expect("a day").path()).expect("a day's articles");
            for line in text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
                let url = line["url"].as_str().unwrap_or_default();
                if let Some((_, number)) = url.rsplit_once("post") {
                    all.push((number.replace(".html", ""), line["revision"].as_u64().expect("a revision")));
                }
            }
        }
    }
    all.sort();
    all
}

fn once(articles: u32) -> Vec<(String, u64)> {
    (1..=articles).map(|number| (number.to_string(), 1)).collect()
}

#[test]
fn a_state_that_is_empty_or_has_no_more_than_its_tables_is_made_anew_from_the_output() {
    let (canned, folder) = (paper(3), folder());
    assert_eq!(crawl(&canned, &folder).written, 3);
    for half_made in [false, true] {
        std::fs::remove_dir_all(folder.path().join(".state")).expect("a state");
        std::fs::create_dir(folder.path().join(".state")).expect("room");
        std::fs::write(state(&folder), "").expect("room");
        if half_made {
            drop(crate::frontier::Frontier::open(&state(&folder)).expect("a new state"));
        }
        let (report, findings) = told(RULES, 60, &canned, &folder);
        assert_eq!((report.written, report.queued), (0, 0));
        assert_eq!(findings, ["there was no state of the crawl beside its articles; a new one knows the 3 that stand here"]);
        assert_eq!(written(&folder), once(3));
        assert_eq!(told(RULES, 90, &canned, &folder).1, [""; 0]);
    }
}

#[test]
fn a_state_older_than_the_output_learns_what_stands_there_and_writes_nothing_twice() {
    // The later articles stand in the same day's file, in the next day's, or in that of a fortnight later.
    for later in [60, DAY, 14 * DAY] {
        let (canned, folder) = (paper(3), folder());
        assert_eq!(crawl(&canned, &folder).written, 3);
        let backup = std::fs::read(state(&folder)).expect("a state");
        list(&canned, 6);
        assert_eq!(crawl_at(later, &canned, Settings::new(folder.path())).written, 3);
        std::fs::write(state(&folder), backup).expect("room");
        let newest = std::fs::read_dir(folder.path().join("baomau")).expect("a folder").map(|day| day.expect("a day").path()).max();
        let newest = newest.expect("a day");
        let stranger = std::fs::read_to_string(&newest).expect("a file") + "{\"mine\":1}\nmine too\n";
        std::fs::write(&newest, &stranger).expect("room");
        let (report, findings) = told(RULES, later + 60, &canned, &folder);
        assert_eq!((report.written, written(&folder)), (0, once(6)), "{later}");
        assert_eq!(std::fs::read_to_string(&newest).expect("a file"), stranger);
        assert!(findings.iter().any(|finding| finding.contains("somebody changed it")), "{findings:?}");
        assert!(findings.iter().any(|finding| finding.ends_with("it knows 3 articles more now that stand there")), "{findings:?}");
        assert_eq!(told(RULES, later + 120, &canned, &folder).1, [""; 0], "{later}");
    }
}

#[test]
fn what_a_run_put_off_whose_clock_was_ahead_is_not_waited_for() {
    for ahead in [300, 5 * DAY, 365 * DAY] {
        let (canned, folder) = (paper(3), folder());
        canned.set("/robots.txt", vec![answer(404, "")]);
        assert_eq!(crawl_at(ahead, &canned, Settings::new(folder.path())).written, 3);
        list(&canned, 5);
        canned.forget();
        let (report, findings) = told(RULES, 0, &canned, &folder);
        assert_eq!((report.written, written(&folder)), (2, once(5)), "{ahead}");
        assert_eq!(canned.asked()[0], "/robots.txt", "its copy was of a day to come");
        assert!(findings.iter().any(|finding| finding.starts_with("the clock was ahead in an earlier run: ")), "{findings:?}");
        assert_eq!(told(RULES, 5, &canned, &folder).1, [""; 0]);
        canned.forget();
        crawl_at(6, &canned, Settings::new(folder.path()));
        assert_eq!(canned.asked(), [""; 0], "nothing is due so soon");
    }
}

#[test]
fn a_recrawl_reads_the_listings_too() {
    let (canned, folder) = (paper(3), folder());
    assert_eq!(crawl(&canned, &folder).written, 3);
    list(&canned, 4);
    assert_eq!(crawl_at(1, &canned, Settings { recrawl: true, ..Settings::new(folder.path()) }).written, 1);
}

#[test]
fn a_paper_whose_id_was_changed_goes_on_under_the_new_one() {
    let (canned, folder) = (paper(3), folder());
    assert_eq!(crawl(&canned, &folder).written, 3);
    list(&canned, 5);
    let renamed = RULES.replace("papers.baomau", "papers.baomoi");
    let (report, findings) = told(&renamed, 60, &canned, &folder);
    assert_eq!(findings, ["baomau: no paper of selectors.toml any more; its 5 addresses are those of baomoi now"]);
    assert_eq!((report.written, written(&folder)), (2, once(5)));
    let (report, findings) = told(&renamed, 120, &canned, &folder);
    assert_eq!((report.written, findings), (0, Vec::new()));
    std::fs::remove_dir_all(folder.path().join(".state")).expect("a state");
    assert_eq!((told(&renamed, 180, &canned, &folder).0.written, written(&folder)), (0, once(5)), "its old folder is read too");
}

#[test]
fn a_listing_that_is_named_no_more_is_asked_no_more_until_it_is_named_again() {
    let (canned, folder) = (paper(1), folder());
    let two = RULES.replace("feeds = [", "feeds = [\"https://baomau.vn/cu.rss\", ");
    let asked = |rules: &str, minutes: i64| {
        canned.forget();
        told(rules, minutes, &canned, &folder);
        canned.asked().contains(&"/cu.rss".to_owned())
    };
    assert!(asked(&two, 0));
    assert!(asked(&two, 2 * DAY));
    assert!(!asked(RULES, 4 * DAY));
    assert!(!asked(RULES, 6 * DAY));
    assert!(asked(&two, 6 * DAY + 1));
    assert!(!asked(&two, 6 * DAY + 2), "it has its own time");
}
