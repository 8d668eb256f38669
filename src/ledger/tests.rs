//! Is every line there once, whatever happens at which instant? The instants are reached by doing by hand what a commit does and
//! dropping the ledger in between, as a kill would.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::date;
use tempfile::TempDir;

use super::*;
use crate::frontier::{Fate, Key, Kind, Link};

const DAY: Date = date(2026, 6, 1);

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn open(folder: &TempDir) -> Ledger {
    Ledger::open(folder.path(), DAY).expect("a sound folder")
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("a").join("2026-06-01.jsonl")
}

fn content(folder: &TempDir) -> String {
    fs::read_to_string(file(folder)).unwrap_or_default()
}

fn text(n: u32) -> String {
    format!("{{\"n\":{n}}}")
}

fn whole(numbers: impl IntoIterator<Item = u32>) -> String {
    numbers.into_iter().map(|n| text(n) + "\n").collect()
}

/// Fetches and settles article `n`, unless its time has not come.
fn article(ledger: &mut Ledger, n: u32) -> Result<Settled, Fault> {
    let url = format!("https://a.vn/{n}");
    let key = Key::of(&url);
    let link = Link { key, url, kind: Kind::Article, newest: None };
    ledger.frontier(|frontier| frontier.offer("a", &[link], Timestamp::UNIX_EPOCH, 9999))?;
    let settlement = Settlement::new(key, Fate::Written { revision: 1 }, Timestamp::UNIX_EPOCH);
    let place = Place::Articles { site: "a", day: DAY };
    ledger.settle(&settlement, Some(Line { place, text: &text(n) }))
}

/// A ledger with article 1 committed and 2 and 3 in the group.
fn with_a_group(folder: &TempDir) -> Ledger {
    let mut ledger = open(folder);
    article(&mut ledger, 1).expect("room");
    ledger.commit().expect("room");
    article(&mut ledger, 2).expect("room");
    article(&mut ledger, 3).expect("room");
    ledger
}

/// Opens the folder again, fetches what is not written, and says what was found.
fn go_on(folder: &TempDir) -> (usize, Vec<Finding>) {
    let mut ledger = open(folder);
    let mut fetched = 0;
    for n in 1..=4 {
        fetched += usize::from(article(&mut ledger, n).expect("room") != Settled::AlreadyWritten);
    }
    (fetched, ledger.close().expect("room"))
}

#[test]
fn a_kill_before_the_commit_forgets_the_group() {
    let folder = folder();
    drop(with_a_group(&folder));
    assert_eq!(content(&folder), whole([1]));
    assert_eq!(go_on(&folder), (3, vec![]));
    assert_eq!(content(&folder), whole(1..=4));
}

#[test]
fn a_kill_after_the_commit_and_before_the_append_loses_nothing() {
    let folder = folder();
    let mut ledger = with_a_group(&folder);
    ledger.frontier.commit().expect("room");
    drop(ledger);
    assert_eq!(content(&folder), whole([1]));
    assert_eq!(go_on(&folder), (1, vec![]));
    assert_eq!(content(&folder), whole(1..=4));
}

#[test]
fn a_torn_line_is_made_whole_at_whichever_byte_it_was_torn() {
    let group = whole([2, 3]);
    for torn in 1..group.len() {
        let folder = folder();
        let mut ledger = with_a_group(&folder);
        ledger.frontier.commit().expect("room");
        drop(ledger);
        let mut half = fs::OpenOptions::new().append(true).open(file(&folder)).expect("a file");
        half.write_all(&group.as_bytes()[..torn]).expect("room");
        let mended = Finding::Mended { file: "a/2026-06-01.jsonl".to_owned(), bytes: group.len() - torn };
        assert_eq!(go_on(&folder), (1, vec![mended]), "{torn}");
        assert_eq!(content(&folder), whole(1..=4), "{torn}");
    }
}

#[test]
fn a_kill_after_the_append_doubles_nothing() {
    let folder = folder();
    let mut ledger = with_a_group(&folder);
    ledger.commit().expect("room");
    drop(ledger);
    assert_eq!(content(&folder), whole(1..=3));
    assert_eq!(go_on(&folder), (1, vec![]));
    assert_eq!(content(&folder), whole(1..=4));
}

#[test]
fn a_power_cut_that_left_nuls_is_mended() {
    let folder = folder();
    let mut ledger = with_a_group(&folder);
    ledger.frontier.commit().expect("room");
    drop(ledger);
    let mut lost = fs::OpenOptions::new().append(true).open(file(&folder)).expect("a file");
    lost.write_all(b"{\"n\"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0").expect("room");
    assert_eq!(go_on(&folder).0, 1);
    assert_eq!(content(&folder), whole(1..=4));
}

#[test]
fn what_a_hand_changed_is_told_once_and_stays() {
    let rows: [(&str, &str); 4] = [
        ("{\"n\":1}\n{\"mine\":1}\n", "{\"n\":1}\n{\"mine\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n"),
        ("{\"n\":1}\nmine", "{\"n\":1}\nmine\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n"),
        ("", "{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n"),
        ("{\"N\":1}\n", "{\"N\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n"),
    ];
    for (edited, expected) in rows {
        let folder = folder();
        let mut ledger = open(&folder);
        article(&mut ledger, 1).expect("room");
        assert_eq!(ledger.close().expect("room"), []);
        fs::write(file(&folder), edited).expect("room");
        let found = Finding::Edited { file: "a/2026-06-01.jsonl".to_owned(), left: 8, found: edited.len() as u64 };
        let mut ledger = open(&folder);
        assert_eq!(ledger.take_findings(), [found]);
        assert_eq!(content(&folder), edited, "looking changes nothing");
        ledger.close().expect("room");
        assert_eq!(go_on(&folder), (3, vec![]));
        assert_eq!(content(&folder), expected);
    }
}

#[test]
fn an_edit_beside_lines_that_are_due_loses_and_doubles_none() {
    for there in ["{\"n\":2}\n", "{\"n\":2}\n{\"n", ""] {
        let folder = folder();
        let mut ledger = with_a_group(&folder);
        ledger.frontier.commit().expect("room");
        drop(ledger);
        fs::write(file(&folder), format!("{{\"mine\":true}}\n{there}")).expect("room");
        let (fetched, findings) = go_on(&folder);
        assert!(matches!(findings[..], [Finding::Edited { .. }]), "{findings:?}");
        assert_eq!(fetched, 1);
        assert_eq!(content(&folder), format!("{{\"mine\":true}}\n{}", whole([2, 3, 4])));
    }
}

#[test]
fn a_file_taken_away_is_told_and_begun_anew_also_during_a_run() {
    let folder = folder();
    let mut ledger = with_a_group(&folder);
    fs::remove_dir_all(folder.path().join("a")).expect("a folder");
    ledger.commit().expect("room");
    let gone = Finding::Gone { file: "a/2026-06-01.jsonl".to_owned(), left: 8 };
    assert_eq!(ledger.close().expect("room"), [gone]);
    assert_eq!(content(&folder), whole([2, 3]));
    fs::remove_dir_all(folder.path().join("a")).expect("a folder");
    let gone = Finding::Gone { file: "a/2026-06-01.jsonl".to_owned(), left: 16 };
    assert_eq!(go_on(&folder), (1, vec![gone]));
    assert_eq!(content(&folder), whole([4]));
}

#[test]
fn a_state_older_than_a_file_to_which_it_has_lines_due_writes_none_of_them_again() {
    let folder = folder();
    let mut ledger = with_a_group(&folder);
    ledger.frontier.commit().expect("room");
    drop(ledger);
    fs::write(file(&folder), whole(1..=4)).expect("room");
    for _ in 0..2 {
        // A kill before what stands there is learnt forgets nothing of it.
        let mut ledger = open(&folder);
        assert_eq!(ledger.take_unread(), [("a/2026-06-01.jsonl".to_owned(), 8)]);
        assert_eq!(content(&folder), whole(1..=4));
    }
    let mut ledger = open(&folder);
    assert_eq!(ledger.take_unread().len(), 1);
    ledger.close().expect("room");
    assert_eq!(open(&folder).take_unread(), []);
}

#[test]
fn files_of_long_ago_may_go() {
    let folder = folder();
    with_a_group(&folder).close().expect("room");
    fs::remove_dir_all(folder.path().join("a")).expect("a folder");
    let later = Ledger::open(folder.path(), date(2026, 6, 9)).expect("a sound folder");
    assert_eq!(later.close().expect("room"), []);
}

#[test]
fn a_full_state_file_forgets_the_group_and_stops_the_ledger() {
    for pages in 0..12 {
        let folder = folder();
        let mut ledger = with_a_group(&folder);
        ledger.commit().expect("room");
        ledger.frontier.fill_disk_but(pages);
        let mut faults = Vec::new();
        for n in 10..2000 {
            if let Err(fault) = article(&mut ledger, n) {
                faults.push(fault);
                break;
            }
        }
        assert!(matches!(faults[..], [Fault::State(frontier::Fault::Full { .. })]), "{faults:?}");
        assert!(matches!(ledger.commit(), Err(Fault::Stopped)));
        assert!(matches!(article(&mut ledger, 4), Err(Fault::Stopped)));
        drop(ledger);
        assert_eq!(go_on(&folder), (1, vec![]));
        assert_eq!(content(&folder), whole(1..=4));
    }
}

#[test]
fn a_file_that_cannot_be_written_stops_the_ledger_and_its_lines_stay_due() {
    let folder = folder();
    let mut ledger = open(&folder);
    fs::write(folder.path().join("a"), "a file where a folder should be").expect("room");
    article(&mut ledger, 1).expect("room");
    let fault = ledger.commit().expect_err("nowhere to write");
    assert!(matches!(fault, Fault::Output(output::Fault::Unwritable { .. })), "{fault}");
    drop(ledger);
    assert!(matches!(Ledger::open(folder.path(), DAY), Err(Fault::Output(_))), "still nowhere to write");
    fs::remove_file(folder.path().join("a")).expect("a file");
    assert_eq!(go_on(&folder), (3, vec![]));
    assert_eq!(content(&folder), whole(1..=4));
}

#[test]
fn a_second_crawl_is_told_who_holds_the_folder() {
    let folder = folder();
    let first = open(&folder);
    let fault = Ledger::open(folder.path(), DAY).expect_err("held");
    assert!(matches!(fault, Fault::Output(output::Fault::Held { pid: Some(pid), .. }) if pid == std::process::id()), "{fault}");
    first.close().expect("room");
    open(&folder).close().expect("room");
}

#[test]
fn the_line_of_a_run_lands_beside_the_articles() {
    let folder = folder();
    for n in 1..=2 {
        let mut ledger = open(&folder);
        ledger.write(Line { place: Place::Runs, text: &text(n) }).expect("room");
        ledger.close().expect("room");
    }
    assert_eq!(fs::read_to_string(folder.path().join("runs.jsonl")).expect("a file"), whole([1, 2]));
}

#[test]
fn no_line_is_two_and_no_site_leads_out_of_the_folder() {
    let folder = folder();
    let mut ledger = open(&folder);
    for text in ["", "a\nb", "a\r", "\0"] {
        assert!(matches!(ledger.write(Line { place: Place::Runs, text }), Err(Fault::NotOneLine(_))), "{text:?}");
    }
    for site in ["", "..", ".state", "a/b", "a\\b", "/etc"] {
        let place = Place::Articles { site, day: DAY };
        assert!(matches!(ledger.write(Line { place, text: "{}" }), Err(Fault::Output(output::Fault::Name(_)))), "{site}");
    }
    ledger.write(Line { place: Place::Runs, text: "{}" }).expect("a wrong line stops nobody");
}

#[test]
fn many_lanes_share_a_clerk_and_nothing_is_lost() {
    let folder = folder();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().expect("threads");
    runtime.block_on(async {
        let (clerk, end) = Clerk::employ(open(&folder)).expect("a thread");
        let lanes: Vec<_> = (0..20)
            .map(|lane| {
                let clerk = clerk.clone();
                tokio::spawn(async move {
                    for n in 0..50 {
                        clerk.ask(move |ledger| article(ledger, lane * 50 + n)).await.expect("room");
                    }
                })
            })
            .collect();
        for lane in lanes {
            lane.await.expect("no panic");
        }
        drop(clerk);
        assert_eq!(end.await.expect("an end").expect("room"), []);
    });
    let mut lines: Vec<String> = content(&folder).lines().map(str::to_owned).collect();
    lines.sort();
    let mut expected: Vec<String> = (0..1000).map(text).collect();
    expected.sort();
    assert!(lines == expected, "{} lines", lines.len());
}

#[test]
fn a_clerk_tells_the_fault_that_stopped_it() {
    let folder = folder();
    fs::write(folder.path().join("a"), "in the way").expect("room");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let (clerk, end) = Clerk::employ(open(&folder)).expect("a thread");
        clerk.ask(|ledger| article(ledger, 1)).await.expect("noted, not yet committed");
        assert!(matches!(end.await.expect("an end"), Err(Fault::Output(_))));
        assert!(matches!(clerk.ask(|ledger| article(ledger, 2)).await, Err(Fault::Stopped)));
    });
}
