//! Do the rules fit what the papers print today?

use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _};

use baotinh::checkup::{Checkup, Verdict};
use baotinh::crawl::sample::{self, Notice, Settings};
use baotinh::paper::Rulebook;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime;

use super::show::{self, Show};
use crate::cli::network::NetworkFlags;
use crate::cli::refusal::Refusal;
use crate::cli::stop;
use crate::cli::talk::Talk;
use crate::cli::{Ending, print};

/// What was asked.
pub struct Asked {
    pub sites: Vec<String>,
    pub articles: usize,
    pub json: bool,
    /// Also what needs nobody.
    pub notes: bool,
    pub network: NetworkFlags,
}

/// Visits the papers, and shows what was seen, also when somebody stops it.
pub fn run(asked: &Asked, book: &'static Rulebook, file: &str, talk: Talk) -> Result<Ending, Refusal> {
    let visit = asked.network.settings().map_err(|fault| Refusal::Usage(fault.to_string()))?;
    let settings = Settings { visit, sites: asked.sites.clone(), articles: asked.articles };
    let start = |error: io::Error| Refusal::Start(error.to_string());
    let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(start)?;
    let mut progress = Progress::new(io::stderr().is_terminal() && talk.is_verbose() && !talk.is_json());
    let looked = runtime.block_on(async {
        let (stop, stopped) = stop::first().map_err(start)?;
        let seen = sample::run(settings, book, |notice| progress.show(&notice), stop).await?;
        Ok::<_, Refusal>((seen, stopped))
    });
    // A name that nobody resolves may hold its thread for minutes; nobody waits for it.
    runtime.shutdown_background();
    progress.end();
    let (seen, mut stopped): (Vec<Checkup>, _) = looked?;
    let show = Show { book, file, json: asked.json, notes: asked.notes };
    print(&show.all(&seen))?;
    talk.summary(&show::sentence(&seen, book));
    if seen.len() >= FEW && seen.iter().all(|checkup| checkup.summary(book).verdict == Verdict::Down) {
        talk.trouble("network", &format!("none of {} papers answered: look at this machine's own connection first", seen.len()));
    }
    Ok(stopped.try_recv().map_or_else(|_| show::ending(&seen, book), Ending::Stopped))
}

/// A moving line on a terminal: how many papers are done, and which are not when few are left.
struct Progress {
    bar: Option<ProgressBar>,
    pages: usize,
    at_work: BTreeSet<&'static str>,
}

/// With so few papers left they are named; when so many are down, it is hardly they.
const FEW: usize = 3;

impl Progress {
    fn new(moving: bool) -> Self {
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len} papers, {wide_msg}").expect("the template is sound");
        let bar = moving.then(|| ProgressBar::new(0).with_style(style.progress_chars("=> ")));
        Self { bar, pages: 0, at_work: BTreeSet::new() }
    }

    fn show(&mut self, notice: &Notice) {
        let Some(bar) = &self.bar else { return };
        match notice {
            Notice::Papers(all) => bar.set_length(*all as u64),
            Notice::Page(site) => {
                self.pages += 1;
                self.at_work.insert(site);
            }
            Notice::Done(site) => {
                self.at_work.remove(site);
                bar.inc(1);
            }
        }
        let left = bar.length().unwrap_or_default().saturating_sub(bar.position());
        let names = if left <= FEW as u64 { self.at_work.iter().copied().collect::<Vec<_>>().join(" ") } else { String::new() };
        bar.set_message(format!("{} pages  {names}", self.pages));
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
