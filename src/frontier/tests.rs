//! Does the frontier hand out what is due, in its order, and remember all of it?

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::article::Miss;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).expect("a time of this century")
}

fn link(path: &str, newest: Option<i64>) -> Link {
    let url = format!("https://a.vn/{path}");
    Link { key: Key::of(&url), url, kind: Kind::Article, newest: newest.map(at) }
}

fn listing(path: &str) -> Link {
    Link { kind: Kind::Listing, ..link(path, None) }
}

fn frontier() -> (TempDir, Frontier) {
    let folder = tempfile::tempdir().expect("a folder");
    let frontier = Frontier::open(&folder.path().join("crawl.sqlite")).expect("a new state");
    (folder, frontier)
}

fn again(folder: &TempDir) -> Frontier {
    Frontier::open(&folder.path().join("crawl.sqlite")).expect("a sound state")
}

fn paths(tasks: &[Task]) -> Vec<&str> {
    tasks.iter().map(|task| task.url.trim_start_matches("https://a.vn/")).collect()
}

/// The due time, in hours from `at(0)`.
fn due_after(frontier: &mut Frontier, link: &Link, fate: Fate, second: i64) -> (Fate, Option<f64>) {
    match frontier.settle(&Settlement::new(link.key, fate, at(second))).expect("a sound state") {
        Settled::Noted { fate, due } => {
            let hours = due.map(|due| due.duration_since(at(0)).as_secs_f64() / 3600.0);
            (fate, hours)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn listings_come_first_then_the_newest_and_none_twice() {
    let (_folder, mut frontier) = frontier();
    let links = [link("old", Some(-900)), link("new", Some(-10)), link("newer", Some(-5)), listing("rss"), link("undated", None)];
    let offered = frontier.offer("a", &links, at(0), 100).expect("room");
    assert_eq!(offered, Offered { new: 5, known: 0, dropped: 0 });
    assert_eq!(paths(&frontier.next("a", at(0), 2).expect("a state")), ["rss", "undated"]);
    assert_eq!(paths(&frontier.next("a", at(0), 9).expect("a state")), ["newer", "new", "old"]);
    assert_eq!(frontier.next("a", at(0), 9).expect("a state"), []);
    frontier.put_back(links[0].key);
    assert_eq!(paths(&frontier.next("a", at(0), 9).expect("a state")), ["old"]);
    assert_eq!(frontier.next("b", at(0), 9).expect("a state"), []);
}

#[test]
fn what_was_seen_before_is_known_also_in_the_next_run() {
    let (folder, mut frontier) = frontier();
    frontier.offer("a", &[link("x", None), link("y", None)], at(0), 100).expect("room");
    frontier.commit().expect("room");
    drop(frontier);
    let mut frontier = again(&folder);
    let offered = frontier.offer("a", &[link("y", None), link("z", None)], at(9), 100).expect("room");
    assert_eq!(offered, Offered { new: 1, known: 1, dropped: 0 });
    assert_eq!(frontier.waiting("a").expect("a state"), 3);
}

#[test]
fn what_was_handed_out_and_not_settled_comes_again_in_the_next_run() {
    let (folder, mut frontier) = frontier();
    frontier.offer("a", &[link("x", None)], at(0), 100).expect("room");
    frontier.commit().expect("room");
    assert_eq!(frontier.next("a", at(0), 1).expect("a state").len(), 1);
    assert_eq!(frontier.next_due("a").expect("a state"), None);
    drop(frontier);
    assert_eq!(again(&folder).next("a", at(0), 1).expect("a state").len(), 1);
}

#[test]
fn of_too_many_the_oldest_untried_go_and_may_come_back() {
    let (_folder, mut frontier) = frontier();
    let many: Vec<Link> = (0..50).map(|n| link(&n.to_string(), Some(n))).collect();
    let offered = frontier.offer("a", &many, at(99), 20).expect("room");
    assert_eq!(offered, Offered { new: 50, known: 0, dropped: 30 });
    assert_eq!(frontier.waiting("a").expect("a state"), 20);
    let news = frontier.offer("a", &[link("news", Some(98))], at(99), 20).expect("room");
    assert_eq!(news, Offered { new: 1, known: 0, dropped: 1 });
    assert_eq!(paths(&frontier.next("a", at(99), 2).expect("a state")), ["news", "49"]);
    assert_eq!(frontier.fate(Key::of("https://a.vn/3")).expect("a state"), None);
    let flood: Vec<Link> = (100..120).map(|n| link(&n.to_string(), Some(n))).collect();
    assert_eq!(frontier.offer("a", &flood, at(99), 20).expect("room").dropped, 20);
    assert_eq!(frontier.fate(Key::of("https://a.vn/49")).expect("a state"), Some(Fate::Queued), "what is out stays");
}

#[test]
fn each_fate_sets_the_next_look() {
    let (_folder, mut frontier) = frontier();
    let article = link("x", None);
    let failed = |name: &'static str, temporary| Fate::Failed { name: name.into(), temporary };
    let rows = [
        (Fate::Queued, Some(0.0)),
        (Fate::Missed(Miss::NotArticle), None),
        (Fate::Missed(Miss::TooShort), Some(1.0)),
        (Fate::Missed(Miss::NotHtml), Some(1.0)),
        (Fate::Gone { status: 404 }, Some(1.0)),
        (Fate::Gone { status: 410 }, None),
        (Fate::Moved { to: Key(1) }, None),
        (failed("too_large", false), Some(168.0)),
        (Fate::Refused(Refusal::Robots), Some(168.0)),
        (Fate::Written { revision: 1 }, Some(1.0)),
        (Fate::Unchanged, Some(1.0)),
        (Fate::Gone { status: 404 }, None),
        (failed("http_403", false), Some(1.0)),
    ];
    frontier.offer("a", std::slice::from_ref(&article), at(0), 9).expect("room");
    for (fate, due) in rows {
        assert_eq!(due_after(&mut frontier, &article, fate.clone(), 0), (fate.clone(), due));
        assert_eq!(frontier.fate(article.key).expect("a state"), Some(fate));
    }
    let page = listing("rss");
    let rows = [
        (Fate::Listed { new: 3 }, Some(0.45)),
        (Fate::Listed { new: 0 }, Some(0.675)),
        (Fate::Unchanged, Some(1.0125)),
        (Fate::Gone { status: 404 }, Some(21.6)),
        (failed("tls", false), Some(21.6)),
        (Fate::Refused(Refusal::Robots), Some(21.6)),
    ];
    frontier.offer("a", std::slice::from_ref(&page), at(0), 9).expect("room");
    for (fate, due) in rows {
        assert_eq!(due_after(&mut frontier, &page, fate.clone(), 0), (fate, due));
    }
}

#[test]
fn an_article_that_fails_ever_again_is_given_up_and_a_listing_never_is() {
    let (_folder, mut frontier) = frontier();
    let links = [link("x", None), listing("rss")];
    frontier.offer("a", &links, at(0), 9).expect("room");
    let failing = Fate::Failed { name: "timeout".into(), temporary: true };
    for _ in 0..9 {
        for link in &links {
            assert_eq!(due_after(&mut frontier, link, failing.clone(), 0).0, failing);
        }
    }
    let given_up = Fate::GivenUp { name: "timeout".into() };
    assert_eq!(due_after(&mut frontier, &links[0], failing.clone(), 0), (given_up.clone(), None));
    assert_eq!(due_after(&mut frontier, &links[1], failing, 0), (given_up, Some(21.6)));
}

#[test]
fn what_failed_for_good_is_asked_for_each_week_and_given_up_after_four() {
    let (_folder, mut frontier) = frontier();
    let x = link("x", None);
    frontier.offer("a", std::slice::from_ref(&x), at(0), 9).expect("room");
    let failed = Fate::Failed { name: "too_large".into(), temporary: false };
    let week = 7 * 24 * 3600;
    for (weeks, due) in [(0, 168.0), (1, 336.0), (2, 504.0), (3, 672.0)] {
        assert_eq!(due_after(&mut frontier, &x, failed.clone(), weeks * week), (failed.clone(), Some(due)));
    }
    assert_eq!(due_after(&mut frontier, &x, failed, 4 * week), (Fate::GivenUp { name: "too_large".into() }, None));
}

#[test]
fn an_old_page_that_gave_nothing_has_a_second_chance() {
    let (_folder, mut frontier) = frontier();
    let old = link("x", Some(-90 * 24 * 3600));
    frontier.offer("a", std::slice::from_ref(&old), at(0), 9).expect("room");
    let failing = Fate::Failed { name: "timeout".into(), temporary: true };
    let (empty, gone) = (Fate::Missed(Miss::NotHtml), Fate::Gone { status: 404 });
    due_after(&mut frontier, &old, failing.clone(), 0);
    assert_eq!(due_after(&mut frontier, &old, empty.clone(), 0), (empty.clone(), Some(24.0)));
    assert_eq!(due_after(&mut frontier, &old, gone.clone(), 0), (gone.clone(), None));
    due_after(&mut frontier, &old, failing, 0);
    assert_eq!(due_after(&mut frontier, &old, gone.clone(), 0), (gone, Some(24.0)));
}

#[test]
fn a_look_again_asks_by_what_the_last_one_brought() {
    let (_folder, mut frontier) = frontier();
    let x = link("x", None);
    frontier.offer("a", std::slice::from_ref(&x), at(0), 9).expect("room");
    let brought = Settlement {
        validators: Some(Validators { etag: Some("\"1\"".to_owned()), last_modified: None }),
        content_hash: Some("00ff".to_owned()),
        published: Some(at(-3600)),
        ..Settlement::new(x.key, Fate::Written { revision: 1 }, at(0))
    };
    let due = match frontier.settle(&brought).expect("room") {
        Settled::Noted { due: Some(due), .. } => due,
        other => panic!("{other:?}"),
    };
    assert_eq!(due, at(5 * 3600), "six hours after it was published");
    assert_eq!(frontier.next_due("a").expect("a state"), Some(due));
    assert_eq!(frontier.next("a", at(60), 9).expect("a state"), []);
    let task = frontier.next("a", due, 9).expect("a state").remove(0);
    assert_eq!((task.revision, task.etag.as_deref(), task.content_hash.as_deref()), (1, Some("\"1\""), Some("00ff")));
    frontier.settle(&Settlement::new(x.key, Fate::Unchanged, due)).expect("room");
    assert_eq!(frontier.look_again("a", at(20_000)).expect("room"), 1);
    let task = frontier.next("a", at(20_000), 9).expect("a state").remove(0);
    assert_eq!((task.revision, task.etag.as_deref()), (1, Some("\"1\"")));
}

#[test]
fn a_revision_is_written_once() {
    let (_folder, mut frontier) = frontier();
    let x = link("x", None);
    let written = |revision| Settlement::new(x.key, Fate::Written { revision }, at(0));
    assert_eq!(frontier.settle(&written(1)).expect("a state"), Settled::Unknown);
    frontier.offer("a", std::slice::from_ref(&x), at(0), 9).expect("room");
    assert!(matches!(frontier.settle(&written(1)), Ok(Settled::Noted { .. })));
    assert_eq!(frontier.settle(&written(1)).expect("a state"), Settled::AlreadyWritten);
    assert!(matches!(frontier.settle(&written(2)), Ok(Settled::Noted { .. })));
    assert_eq!(frontier.settle(&written(1)).expect("a state"), Settled::AlreadyWritten);
}

#[test]
fn hosts_and_notes_are_kept_from_run_to_run() {
    let (folder, mut frontier) = frontier();
    assert_eq!(frontier.host("a.vn").expect("a state"), Host::default());
    let host = Host { closed_until: Some(at(90)), robots: Some((b"User-agent: *\n\xff".to_vec(), at(5))), rests: 1 };
    frontier.remember_host("a.vn", &host).expect("room");
    frontier.leave_note("generic/a", &[0, 255]).expect("room");
    frontier.leave_note("generic/a", &[7]).expect("room");
    frontier.commit().expect("room");
    drop(frontier);
    let frontier = again(&folder);
    assert_eq!(frontier.host("a.vn").expect("a state"), host);
    assert_eq!(frontier.note("generic/a").expect("a state"), Some(vec![7]));
    assert_eq!(frontier.note("generic/b").expect("a state"), None);
}

#[test]
fn a_state_that_another_program_damaged_is_named_when_it_is_met() {
    let (folder, mut frontier) = frontier();
    let links: Vec<Link> = (0..2000).map(|n| link(&format!("an-address-of-some-length/{n}"), None)).collect();
    frontier.offer("a", &links, at(0), 9999).expect("room");
    frontier.commit().expect("room");
    drop(frontier);
    let path = folder.path().join("crawl.sqlite");
    let mut bytes = std::fs::read(&path).expect("a file");
    for byte in &mut bytes[8192..] {
        *byte = 0xa5;
    }
    std::fs::write(&path, &bytes).expect("room");
    let met = Frontier::open(&path).and_then(|mut frontier| frontier.next("a", at(0), 5000).map(drop));
    let fault = met.expect_err("it is damaged").to_string();
    assert!(fault.contains("damaged") && fault.contains("move its folder `.state` aside"), "{fault}");
    assert_eq!(std::fs::read(&path).expect("a file"), bytes);
}

proptest! {
    /// Whatever is offered and settled: what is handed out is due, in order, and never out already.
    #[test]
    fn what_is_handed_out_is_due_and_in_order(moves in proptest::collection::vec((0_u8..4, 0_i64..40, 1_usize..5), 1..60)) {
        let (_folder, mut frontier) = frontier();
        let mut now = 0;
        let mut out: HashMap<Key, i64> = HashMap::new();
        for (what, number, most) in moves {
            match what {
                0 => { frontier.offer("a", &[link(&number.to_string(), Some(number))], at(now), 1000).expect("room"); }
                1 => {
                    let tasks = frontier.next("a", at(now), most).expect("a state");
                    prop_assert!(tasks.len() <= most);
                    let ages: Vec<i64> = tasks.iter().map(|t| t.url[13..].parse().expect("a number")).collect();
                    prop_assert!(ages.windows(2).all(|two| two[0] > two[1]), "{ages:?}");
                    for (task, age) in tasks.iter().zip(ages) {
                        prop_assert_eq!(out.insert(task.key, age), None);
                    }
                }
                2 => {
                    if let Some(key) = out.keys().next().copied() {
                        out.remove(&key);
                        frontier.settle(&Settlement::new(key, Fate::Unchanged, at(now))).expect("room");
                    }
                }
                _ => now += number * 600,
            }
        }
    }
}

#[test]
fn figures_that_nobody_wrote_make_no_fault_and_no_hurry() {
    let (folder, mut frontier) = frontier();
    let (article, list) = (link("a", None), listing("rss"));
    frontier.offer("a", &[article.clone(), list.clone()], at(0), 100).expect("room");
    frontier.commit().expect("room");
    frontier.db.execute("UPDATE addresses SET every = -1, tries = 4294967295", []).expect("a sound statement");
    let failed = Fate::Failed { name: "timeout".into(), temporary: true };
    let (fate, _) = due_after(&mut again(&folder), &article, failed, 0);
    assert_eq!(fate, Fate::GivenUp { name: "timeout".into() });
    let (_, due) = due_after(&mut again(&folder), &list, Fate::Listed { new: 0 }, 0);
    assert_eq!(due, Some(21.6));
}

#[test]
fn a_state_with_other_tables_is_damaged_and_that_is_said_on_one_line() {
    for change in ["DROP TABLE papers", "ALTER TABLE papers RENAME COLUMN name TO ten", "INSERT INTO papers (id, name) VALUES (7, x'ff')"] {
        let (folder, frontier) = frontier();
        frontier.db.execute_batch(change).expect("a sound statement");
        drop(frontier);
        let fault = Frontier::open(&folder.path().join("crawl.sqlite")).expect_err("it has other tables");
        assert!(matches!(fault, Fault::Damaged { .. }), "{change}: {fault:?}");
        assert_eq!(fault.to_string().lines().count(), 1, "{fault}");
    }
}

#[test]
fn archives_come_last_rest_once_read_and_are_revived() {
    let (_folder, mut frontier) = frontier();
    let archive = Link { kind: Kind::Archive, ..link("rss?page=2", None) };
    let links = [archive.clone(), link("old", Some(-900)), listing("rss")];
    frontier.offer("a", &links, at(0), 100).expect("room");
    assert_eq!(paths(&frontier.next("a", at(0), 9).expect("a state")), ["rss", "old", "rss?page=2"]);
    assert_eq!(frontier.due_now("a", at(0)).expect("a state"), 3);
    assert_eq!(due_after(&mut frontier, &archive, Fate::Listed { new: 2 }, 0).1, None);
    assert_eq!(frontier.due_now("a", at(0)).expect("a state"), 2);
    frontier.revive(&[archive.key, links[1].key], at(9)).expect("room");
    assert_eq!(paths(&frontier.next("a", at(9), 9).expect("a state")), ["rss?page=2"]);
}
