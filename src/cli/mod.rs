//! What was asked on the command line, and how did it end?
//!
//! * [`flags`], [`network`]: what may be written there
//! * [`crawl`], [`extract`], [`fetch`], [`check`], [`sites`]: one file a command
//! * [`progress`], [`metrics`]: what a crawl shows while it runs, and what it leaves for Prometheus
//! * [`outcome`]: what a page gave, and all of them together
//! * [`pipeline`]: many cores, one order; [`table`]: rows under their heads
//! * [`talk`]: stderr; [`stop`]: signals; [`refusal`]: exit code 2; [`address`]: a word that should be an address

mod address;
mod check;
mod crawl;
mod extract;
mod fetch;
mod flags;
mod metrics;
mod network;
mod outcome;
mod pipeline;
mod progress;
mod refusal;
mod sites;
mod stop;
mod table;
mod talk;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use baotinh::crawl::Fault;
use baotinh::paper::Rulebook;
use clap::Parser;

use flags::{Cli, Command};
use refusal::Refusal;
use stop::Signal;
use talk::Talk;

/// How a command that ran ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All went well.
    Well,
    /// Something named on stderr needs a look.
    Look,
    /// A signal came; what was in hand is written.
    Stopped(Signal),
}

/// Parses, runs one command, prints why it could not run, and gives the exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    outcome::hush_readers();
    let talk = Talk::new(&cli.common);
    let ending = match cli.command {
        Command::Crawl(command) => command.run(&cli.common, talk),
        Command::Extract(command) => command.run(&cli.common, talk),
        Command::Fetch(command) => command.run(&cli.common, talk),
        Command::Check(command) => command.run(&cli.common, talk),
        Command::Sites(command) => command.run(&cli.common),
    };
    match ending {
        Ok(Ending::Well) => ExitCode::SUCCESS,
        Ok(Ending::Look) => ExitCode::from(1),
        Ok(Ending::Stopped(signal)) => ExitCode::from(signal.exit_code()),
        Err(refusal) => {
            talk.refused(&refusal.to_string());
            ExitCode::from(refusal.exit_code())
        }
    }
}

/// What a site that selectors.toml does not know is told.
fn unknown_site(word: &str, book: &Rulebook) -> Refusal {
    let nearest = book.nearest(word).map(str::to_owned);
    Refusal::Crawl(Fault::Site { site: word.to_owned(), nearest })
}

/// Prints a whole answer to stdout. A reader that went away has seen enough.
fn print(answer: &str) -> Result<(), Refusal> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(answer.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Refusal::Stdout(error)),
        _ => Ok(()),
    }
}
