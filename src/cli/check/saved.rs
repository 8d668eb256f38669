//! Do the rules fit these saved pages?

use std::io::{self, ErrorKind, Write};
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::thread;

use baotinh::checkup::{Checkup, Look};
use baotinh::paper::Rulebook;
use baotinh::saved::{Fault, SavedPage};

use super::show::{self, Show};
use crate::cli::extract::{self, window};
use crate::cli::outcome::unbroken;
use crate::cli::pipeline::{End, Pipeline};
use crate::cli::refusal::Refusal;
use crate::cli::stop;
use crate::cli::talk::Talk;
use crate::cli::{Ending, print};

/// A line a page as they come, then a line a paper, then what is to be done.
pub fn run(paths: Vec<PathBuf>, url: Option<&str>, json: bool, book: &'static Rulebook, file: &str, talk: Talk) -> Result<Ending, Refusal> {
    let jobs = thread::available_parallelism().map_or(1, usize::from);
    let pages = extract::pages(paths, url)?;
    let start = |error: &dyn std::error::Error| Refusal::Start(error.to_string());
    let stops = stop::listen().map_err(|error| start(&error))?;
    let pipeline = Pipeline::new(jobs, window(jobs)).map_err(|error| start(&error))?;
    let mut gathered = Gathered { seen: Vec::new(), damaged: 0, talk };
    let columns = show::pages(book);
    let mut stdout = io::stdout().lock();
    let mut put = |line: &str| if json { Ok(()) } else { stdout.write_all(line.as_bytes()) };
    let end = put(&columns.head()).and_then(|()| {
        pipeline.run(
            pages,
            stops,
            extract::weight,
            |page| look(page, book),
            |look, _| match look {
                Ok(look) => {
                    put(&columns.line(&show::page(&look)))?;
                    gathered.count(look);
                    Ok(())
                }
                Err(damage) => {
                    gathered.damaged(&damage);
                    Ok(())
                }
            },
        )
    });
    drop(stdout);
    let end = match end {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Ending::Well),
        end => end.map_err(Refusal::Stdout)?,
    };
    let Gathered { seen, damaged, .. } = gathered;
    let show = Show { book, file, json, notes: true };
    let answer = show.all(&seen);
    print(&if json { answer } else { format!("\n{answer}") })?;
    Ok(match end {
        End::Stopped(signal) => Ending::Stopped(signal),
        End::All if damaged > 0 => Ending::Look,
        End::All => show::ending(&seen, book),
    })
}

/// Reads a page, and once more without rules; or what was wrong with it.
fn look(item: Result<SavedPage, Fault>, book: &Rulebook) -> Result<Look, String> {
    let saved = item.map_err(|fault| fault.to_string())?;
    let place = saved.place.clone();
    unbroken(&place, AssertUnwindSafe(|| Look::at(&saved.page, saved.place, book)))
}

/// What was seen so far, paper by paper in the order in which they came.
struct Gathered {
    seen: Vec<Checkup>,
    damaged: usize,
    talk: Talk,
}

impl Gathered {
    fn count(&mut self, look: Look) {
        let at = self.seen.iter().position(|checkup| checkup.site == look.site).unwrap_or_else(|| {
            self.seen.push(Checkup::new(look.site.as_deref()));
            self.seen.len() - 1
        });
        self.seen[at].saw(look);
    }

    fn damaged(&mut self, what: &str) {
        self.damaged += 1;
        self.talk.damaged(what);
    }
}
