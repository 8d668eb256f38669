//! What does a crawl do on a disk that is full, closed, damaged, or changed under its hands?

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite::Connection;

use crate::newspaper::{Newspaper, path_of};
use crate::program::{crawl, home, run};
use crate::written;

/// How a crawl ended, and what it said that a run which went well does not say.
async fn ended(command: Command) -> (Option<i32>, String) {
    let (code, out, told) = run(command).await;
    assert_eq!(out, "", "stdout is for data");
    (code, told)
}

fn state(home: &Path) -> std::path::PathBuf {
    home.join("output/.state/crawl.sqlite")
}

fn assert_each_once(home: &Path, articles: usize) {
    let counts = written(&home.join("output"));
    assert_eq!(counts.len(), articles);
    assert!(counts.values().all(|times| *times == 1), "{counts:?}");
}

/// The command as a user whom permissions bind: root passes every door. `None`, and said so, where that cannot be had.
fn bound(command: &Command) -> Option<Command> {
    if fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) != 0) {
        let mut same = Command::new(command.get_program());
        same.args(command.get_args());
        return Some(same);
    }
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    let can = Command::new("setpriv").args(nobody).arg(command.get_program()).arg("--version").stdout(Stdio::null()).status();
    if !can.is_ok_and(|status| status.success()) {
        eprintln!("skipped: root passes every door, and no other user can run the program here");
        return None;
    }
    let mut other = Command::new("setpriv");
    other.args(nobody).arg(command.get_program()).args(command.get_args());
    Some(other)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_folder_is_named_and_nothing_is_asked() {
    let paper = Newspaper::start(2).await;
    let home = home(&paper);
    fs::create_dir_all(home.path().join("output/.state")).expect("room");
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    for (closed, mode) in [("output/.state", 0o555), ("output/.state", 0o000), ("output", 0o555), ("output", 0o000)] {
        let path = home.path().join(closed);
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("it is ours");
        let Some(mut command) = bound(&crawl(&paper, home.path(), &[])) else { return };
        command.current_dir(home.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (code, told) = ended(command).await;
        assert_eq!(code, Some(2), "{told}");
        let says =
            "may not be written (Permission denied (os error 13)); give this user the right to, or name another folder with --output\n";
        assert!(told.starts_with("baotinh: output/.state") && told.ends_with(says), "{closed} {mode:o}: {told}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
    assert_eq!(paper.take_asked(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_in_the_way_is_named_and_once_it_is_gone_each_article_is_there_once() {
    let paper = Newspaper::start(3).await;
    // What is a file where a folder must be, or a folder where a file must be.
    let rows = [
        ("output", false, "baotinh: output/.state: cannot be written: "),
        ("output/.state", false, "baotinh: output/.state: cannot be written: "),
        ("output/.state/lock", true, "baotinh: output/.state/lock: cannot be written: "),
        ("output/.state/crawl.sqlite", true, "baotinh: output/.state/crawl.sqlite: cannot be opened; see that it is a file, "),
        ("output/baomau", false, "baotinh: output/baomau/"),
        ("output/runs.jsonl", true, "baotinh: output/runs.jsonl: cannot be written: Is a directory"),
    ];
    for (name, is_folder, says) in rows {
        let home = home(&paper);
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().expect("it is below the home")).expect("room");
        if is_folder {
            fs::create_dir(&path).expect("room");
        } else {
            fs::write(&path, "mine").expect("room");
        }
        for _ in 0..2 {
            let (code, told) = ended(crawl(&paper, home.path(), &[])).await;
            assert_eq!(code, Some(2), "{name}: {told}");
            assert!(told.lines().any(|line| line.starts_with(says)), "{name}: {told}");
        }
        if is_folder {
            fs::remove_dir(&path).expect("it is empty");
        } else {
            assert_eq!(fs::read(&path).expect("it stays"), b"mine");
        }
        let _ = fs::remove_file(&path);
        let (code, told) = ended(crawl(&paper, home.path(), &["-q"])).await;
        assert_eq!((code, told.as_str()), (Some(0), ""), "{name}");
        assert_each_once(home.path(), 3);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_of_another_version_or_program_is_left_alone_and_named() {
    let paper = Newspaper::start(2).await;
    let home = home(&paper);
    assert_eq!(ended(crawl(&paper, home.path(), &["-q"])).await.0, Some(0));
    let rows = [
        ("PRAGMA user_version = 99", "its version is 99, and this program knows versions up to "),
        ("PRAGMA user_version = -1", "its version is -1, and this program knows versions up to "),
        ("PRAGMA user_version = 1; PRAGMA application_id = 7", "an SQLite file, but not one of baotinh's; move it aside"),
    ];
    for (change, says) in rows {
        let kept = fs::read(state(home.path())).expect("a state");
        Connection::open(state(home.path())).and_then(|db| db.execute_batch(change)).expect("a state");
        let changed = fs::read(state(home.path())).expect("a state");
        let (code, told) = ended(crawl(&paper, home.path(), &[])).await;
        assert_eq!(code, Some(2), "{told}");
        assert!(told.starts_with("baotinh: output/.state/crawl.sqlite: ") && told.contains(says), "{told}");
        assert_eq!(fs::read(state(home.path())).expect("a state"), changed, "it is left as it is");
        fs::write(state(home.path()), kept).expect("room");
    }
    assert_each_once(home.path(), 2);
}

/// What happens to the state file, and what it is called.
type Damage = (&'static str, fn(&Path));

/// What a hand makes of a file, by what it was and what the hand would have it be, and what that is called.
type Hand = (&'static str, fn(&str, &str) -> String);

/// Overwrites bytes of a file.
fn scribble(path: &Path, from: u64, length: usize) {
    let mut file = OpenOptions::new().write(true).open(path).expect("a file");
    file.seek(SeekFrom::Start(from)).expect("a file");
    let noise: Vec<u8> = (0..length).map(|n| u8::try_from(n * 167 % 251).expect("small") ^ 0x5a).collect();
    file.write_all(&noise).expect("room");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_state_is_named_with_the_way_out_and_nothing_is_deleted() {
    const ARTICLES: u32 = 40;
    let paper = Newspaper::start(ARTICLES).await;
    let damages: [Damage; 4] = [
        ("its header", |path| scribble(path, 0, 100)),
        ("its first page", |path| scribble(path, 100, 3_000)),
        ("all behind its first page", |path| {
            scribble(path, 4096, usize::try_from(fs::metadata(path).expect("a file").len() - 4096).expect("small"));
        }),
        ("its end is gone", |path| File::options().write(true).open(path).and_then(|file| file.set_len(9_000)).expect("a file")),
    ];
    for (what, damage) in damages {
        let home = home(&paper);
        assert_eq!(ended(crawl(&paper, home.path(), &["-q"])).await.0, Some(0));
        damage(&state(home.path()));
        let left = fs::read(state(home.path())).expect("a state");
        let (code, told) = ended(crawl(&paper, home.path(), &[])).await;
        assert_eq!(code, Some(2), "{what}: {told}");
        let says = "baotinh: output/.state/crawl.sqlite: damaged (";
        assert!(told.contains(says) && told.contains("move its folder `.state` aside"), "{what}: {told}");
        assert_eq!(fs::read(state(home.path())).expect("a state").len(), left.len(), "{what}");
        assert_each_once(home.path(), ARTICLES as usize);
        fs::rename(home.path().join("output/.state"), home.path().join("aside")).expect("it can be moved");
        assert_eq!(ended(crawl(&paper, home.path(), &["-q"])).await, (Some(0), String::new()), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_a_hand_changed_is_told_and_keeps_what_the_hand_wrote() {
    let paper = Newspaper::start(3).await;
    let home = home(&paper);
    assert_eq!(ended(crawl(&paper, home.path(), &["-q"])).await.0, Some(0));
    let folder = home.path().join("output/baomau");
    let file = fs::read_dir(&folder).expect("a folder").next().expect("a file").expect("a file").path();
    let name = format!("baomau/{}", file.file_name().expect("a name").to_string_lossy());
    let ours = fs::read_to_string(&file).expect("UTF-8");
    let hand = format!("{ours}{{\"by\":\"hand\"}}\n");
    let hands: [Hand; 3] = [
        ("longer", |_, hand| hand.to_owned()),
        ("shorter", |now, _| now[..=now.find('\n').expect("a line")].to_owned()),
        ("of other words", |now, _| now.replace("Chợ", "Phiên chợ")),
    ];
    for (edition, (what, change)) in (2..).zip(hands) {
        let left = fs::read_to_string(&file).expect("UTF-8");
        let text = change(&left, &hand);
        fs::write(&file, &text).expect("room");
        paper.print(1, edition);
        let (code, told) = ended(crawl(&paper, home.path(), &["--recrawl"])).await;
        assert_eq!(code, Some(0), "{what}: {told}");
        let says = format!(
            "output: {name}: somebody changed it: {} bytes were left, {} are found; it stays as it is, and new lines come behind it",
            left.len(),
            text.len()
        );
        assert_eq!(told.lines().filter(|line| line.starts_with("output: ")).collect::<Vec<_>>(), [says], "{what}");
        let now = fs::read_to_string(&file).expect("UTF-8");
        let ours = now.strip_prefix(&text).expect("what the hand wrote stays");
        assert_eq!((ours.lines().count(), ours.contains(&path_of(1))), (1, true), "{what}");
        assert_eq!(ended(crawl(&paper, home.path(), &["-q"])).await, (Some(0), String::new()), "what is told once is not told again");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_output_folder_that_vanishes_during_the_crawl_ends_it() {
    let paper = Newspaper::start(400).await;
    for vanishing in ["output", "output/.state"] {
        let home = home(&paper);
        let child = crawl(&paper, home.path(), &[]).spawn().expect("it starts");
        while written(&home.path().join("output")).is_empty() {
            tokio::task::yield_now().await;
        }
        fs::rename(home.path().join(vanishing), home.path().join("elsewhere")).expect("it can be moved");
        let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await.expect("a thread").expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(
            told.contains("baotinh: output: somebody took it away, or its `.state`, during the crawl; nothing more is written\n"),
            "{told}"
        );
        // Where it went it is whole, and put back it goes on.
        let _ = fs::remove_dir_all(home.path().join(vanishing));
        fs::rename(home.path().join("elsewhere"), home.path().join(vanishing)).expect("it can be moved");
        assert_eq!(ended(crawl(&paper, home.path(), &["-q"])).await.0, Some(0));
        assert_each_once(home.path(), 400);
    }
}

/// The limit on file sizes stands for a full disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_fills_up_ends_the_crawl_and_more_room_lets_it_go_on() {
    const ARTICLES: u32 = 150;
    let paper = Newspaper::start(ARTICLES).await;
    let home = home(&paper);
    let (mut full, mut before) = (0, 0);
    for blocks in [20, 60, 120, 240, 420, 640, 900, 1_300, 100_000] {
        let sound = crawl(&paper, home.path(), &[]);
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""), "sh"]).arg(sound.get_program()).args(sound.get_args());
        shell.current_dir(home.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (code, told) = ended(shell).await;
        let counts = written(&home.path().join("output"));
        assert!(counts.values().all(|times| *times == 1) && counts.len() >= before, "{blocks}");
        before = counts.len();
        if code == Some(0) {
            break;
        }
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains("room") && told.contains("the next crawl goes on from here"), "{told}");
        full += 1;
    }
    assert!(full >= 2, "{full}");
    assert_each_once(home.path(), ARTICLES as usize);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_a_dead_process_left_holds_nobody() {
    let paper = Newspaper::start(1).await;
    let home = home(&paper);
    fs::create_dir_all(home.path().join("output/.state")).expect("room");
    for left in ["999999999\n", "1\n", "", "\u{1b}[2J not a number"] {
        fs::write(home.path().join("output/.state/lock"), left).expect("room");
        assert_eq!(ended(crawl(&paper, home.path(), &["-q"])).await, (Some(0), String::new()), "{left:?}");
    }
    let mut told = String::new();
    File::open(home.path().join("output/.state/lock")).and_then(|mut lock| lock.read_to_string(&mut told)).expect("a lock");
    assert!(told.trim().parse::<u32>().is_ok(), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_that_cannot_be_left_are_one_warning_and_the_articles_are_written() {
    let paper = Newspaper::start(200).await;
    let home = home(&paper);
    fs::create_dir(home.path().join("metrics")).expect("room");
    let child = crawl(&paper, home.path(), &["--metrics-file", "metrics/x.prom"]).spawn().expect("it starts");
    while written(&home.path().join("output")).is_empty() {
        tokio::task::yield_now().await;
    }
    fs::remove_dir_all(home.path().join("metrics")).expect("it is ours");
    let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await.expect("a thread").expect("it ends");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    let warnings: Vec<&str> = told.lines().filter(|line| line.contains("metrics")).collect();
    assert_eq!(warnings, ["metrics: metrics/x.prom: cannot be written: No such file or directory (os error 2); the run is not in it"]);
    assert!(told.contains("\nbaomau "), "the table is told all the same: {told}");
    assert_each_once(home.path(), 200);
    let (code, told) = ended(crawl(&paper, home.path(), &["--metrics-file", "metrics/x.prom"])).await;
    assert_eq!(code, Some(2), "what is known before the first request is a refusal");
    assert_eq!(told, "baotinh: metrics/x.prom: cannot be written: No such file or directory (os error 2)\n");
}
