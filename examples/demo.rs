//! What does baotinh do? Three newspapers that do not exist, on this machine alone, crawled twice by the program's own code.
//!
//! `cargo run --release --example demo` shows it, checks that what it shows is true, and exits with 1 when it is not. Nothing leaves this
//! machine, and nothing stays on it but `target/demo/output`, which the next demo replaces.

#[path = "demo/progress.rs"]
mod progress;
#[path = "demo/proof.rs"]
mod proof;
#[path = "demo/show.rs"]
mod show;
#[path = "demo/web.rs"]
mod web;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use baotinh::crawl::{self, Settings};
use baotinh::fetch::{self, Fetcher};
use baotinh::paper::Rulebook;
use baotinh::report::Ended;
use jiff::Timestamp;

use progress::Progress;
use proof::{Proof, Run};
use web::newspaper::{self, BETWEEN_EDITIONS};
use web::{Manners, Trouble, Web, What};

#[tokio::main]
async fn main() -> ExitCode {
    match play().await {
        Ok(faults) if faults.is_empty() => ExitCode::SUCCESS,
        Ok(faults) => {
            eprintln!("\nThe demo is not what it promises:\n{}", faults.join("\n"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("demo: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What is wrong with what was shown.
async fn play() -> Result<Vec<String>, Box<dyn Error>> {
    let output = fresh(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/demo/output"))?;
    let now = Timestamp::now();
    // The first edition came out this morning, so that the second one is of now.
    let web = Web::open(newspaper::papers(), now - BETWEEN_EDITIONS, manners()).await?;
    // A run may last as long as the program; so may what it reads the papers by.
    let book: &'static Rulebook = Box::leak(Box::new(Rulebook::read(&web.selectors(), "selectors.toml")?));
    let mut proof = Proof::default();

    show::opening(&web);
    let morning = run(&web, book, &output, now - BETWEEN_EDITIONS).await?;
    proof.edition(&web, &morning);
    show::run(&web, &morning);

    web.next_edition();
    show::next_edition(&web);
    let evening = run(&web, book, &output, now).await?;
    proof.edition(&web, &evening);
    show::run(&web, &evening);

    let records = proof::records(&web, &output)?;
    let faults = proof.faults(&web, &records);
    show::records(&web, &records);
    if faults.is_empty() {
        show::closing(&web, &shortest(&output), records.len());
    }
    Ok(faults)
}

/// What the papers do to those who read them by machine: each takes its time; one loses its breath once, one is slow once.
fn manners() -> Manners {
    let trouble = |paper: &str, path: &str, what| Trouble { paper: paper.to_owned(), path: path.to_owned(), what, times: 1 };
    let troubles = vec![
        trouble("suoingan", "sat-lo-tinh-lo-154", What::Busy(1)),
        trouble("benpha", "giai-dua-ghe-ngo", What::Late(Duration::from_millis(1500))),
    ];
    Manners { latency: 20..120, troubles, renamed: Vec::new() }
}

async fn run(web: &Web, book: &'static Rulebook, output: &Path, begins: Timestamp) -> Result<Run, Box<dyn Error>> {
    let before = web.asked().len();
    let fetch = fetch::Settings { pins: web.pins(), ..fetch::Settings::default() };
    let network = Fetcher::new(&fetch)?;
    let settings = Settings { fetch, ..Settings::new(output) };
    let mut progress = Progress::new(web);
    // Ctrl-C ends the run as it would end any: what is in hand is written down first.
    let stop = async { tokio::signal::ctrl_c().await.unwrap_or(()) };
    let report = crawl::run_at(begins, network, settings, book, |notice| progress.show(notice), stop).await?;
    progress.end();
    if report.ended == Ended::Stopped {
        return Err(format!("stopped; what was in hand is written down, in {}", shortest(output)).into());
    }
    Ok(Run { report, asked: web.asked().split_off(before) })
}

/// An empty folder in this place.
fn fresh(folder: &Path) -> std::io::Result<PathBuf> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => std::fs::create_dir_all(folder)?,
    }
    Ok(folder.to_owned())
}

/// The path as it would be typed here.
fn shortest(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}
