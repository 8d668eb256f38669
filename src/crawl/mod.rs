//! What is new on each paper, fetched at its pace, and written exactly once?
//!
//! The conductor. It opens the ledger, gives each host a [`lane`], counts what the lanes tell, shows it, and alone knows when to stop.
//!
//! * [`run`]: the front door
//! * [`Network`]: who answers: the web, or a test
//! * [`sample`]: a listing and a few articles of each paper, looked at and forgotten
//! * `lane`: one host: what is asked next, and what becomes of it; `gate`: its robots.txt
//! * `history`: what is remembered of each paper's pages, to be compared with this run's
//! * `seeds`: where a paper lists its articles; `reading`: pages on threads for them; `recollection`: what was read before
//! * `desk`: the lanes' way to the ledger; `opening`: what is mended before the first request; `restore`: a lost or late state made anew from
//!   the output; `rehearsal`: where a dry run remembers

mod desk;
mod gate;
mod history;
mod lane;
mod network;
mod opening;
mod reading;
mod recollection;
mod rehearsal;
mod restore;
pub mod sample;
mod seeds;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use thiserror::Error;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use self::desk::Desk;
use self::lane::{Lane, Member, Shared, Told};
pub use self::network::Network;
use self::reading::Readers;
use self::rehearsal::Rehearsal;
use crate::article::VIETNAM;
use crate::fetch::{self, Fetcher};
use crate::ledger::{self, Clerk};
use crate::output::Finding;
use crate::paper::{self, Paper, Rulebook};
use crate::report::drift::History;
use crate::report::{Ended, Happened, PaperReport, Report};
use crate::robots;

/// What to crawl, and how.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own; any may go with any")]
pub struct Settings {
    /// How to speak to the network.
    pub fetch: fetch::Settings,
    /// Neither ask for robots.txt nor obey it.
    pub ignore_robots: bool,
    /// The output folder.
    pub output: PathBuf,
    /// The ids of the papers; all that list new articles, when there is none.
    pub sites: Vec<String>,
    /// First writings of one paper in this run.
    pub max_articles: Option<u64>,
    /// The run ends after so long; what is in hand is finished.
    pub max_duration: Option<Duration>,
    /// Articles of which days are wanted.
    pub range: Range,
    /// Read the listings and tell which articles would be fetched; nothing is written or remembered.
    pub dry_run: bool,
    /// Look again at all articles already written, and at the listings.
    pub recrawl: bool,
    /// Leave out lines that stand on several articles of their paper, in this run or earlier ones.
    pub memory: bool,
    /// The gap between two requests to one host, instead of the one that selectors.toml says. Zero is no pace: for one's own servers.
    pub gap: Option<Duration>,
}

impl Settings {
    /// All papers, all that is new, at the pace of selectors.toml.
    #[must_use]
    pub fn new(output: impl Into<PathBuf>) -> Self {
        Self {
            fetch: fetch::Settings::default(),
            ignore_robots: false,
            output: output.into(),
            sites: Vec::new(),
            max_articles: None,
            max_duration: None,
            range: Range::default(),
            dry_run: false,
            recrawl: false,
            memory: true,
            gap: None,
        }
    }
}

/// Days of publication, both included. A day is one of Vietnam's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    /// The first day; without one there is no first.
    pub since: Option<Date>,
    /// The last day; without one there is no last.
    pub until: Option<Date>,
}

impl Range {
    /// Whether an article of this day is wanted. One that does not say its day is.
    #[must_use]
    pub fn holds(&self, day: Option<Date>) -> bool {
        day.is_none_or(|day| self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until))
    }

    /// The first and the last second.
    fn seconds(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        let midnight = |day: Date| Some(TimeZone::fixed(VIETNAM).to_ambiguous_zoned(day.into()).unambiguous().ok()?.timestamp());
        let last = |day: Date| midnight(day.tomorrow().ok()?).map(|next| next - 1.second());
        (self.since.and_then(midnight), self.until.and_then(last))
    }
}

/// Why a crawl could not run, or not go on. What it had written by then stands, and the next one goes on from there.
#[derive(Debug, Error)]
pub enum Fault {
    /// The output folder or its state.
    #[error(transparent)]
    Ledger(#[from] ledger::Fault),
    /// The network's settings.
    #[error(transparent)]
    Network(#[from] fetch::SettingsError),
    /// A site that is in no selectors.toml.
    #[error("{site}: no such site in selectors.toml{} (`baotinh sites` prints them all)", hint(.nearest.as_deref()))]
    Site {
        /// As it was named.
        site: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// No place for a rehearsal.
    #[error("{}: no copy of the state can be made there for the dry run: {source}; TMPDIR names another folder", path.display())]
    Rehearsal {
        /// Where it was to be.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The system gives no thread.
    #[error("cannot start: {0}")]
    Start(#[from] std::io::Error),
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|site| format!(": did you mean {site}?")).unwrap_or_default()
}

/// One thing to show while the crawl runs.
#[derive(Debug, Clone, Copy)]
pub enum Notice<'a> {
    /// A paper's counts have changed.
    Counts(&'a PaperReport),
    /// Something happened at an address, or at the paper.
    Happened {
        /// The paper's id.
        site: &'a str,
        /// The address.
        url: Option<&'a str>,
        /// What.
        what: &'a Happened,
    },
    /// A file of the output was not as we had left it.
    Found(&'a Finding),
}

/// Crawls the papers of `book` until nothing more is due, `stop` is ready, or the time is up. `show` is called with each thing that
/// happens. What happened in all is returned, and stands in `runs.jsonl`.
///
/// # Errors
///
/// When it can't run; or when the output can't be written any more, and then all requests end at once.
pub async fn run(
    settings: Settings,
    book: &'static Rulebook,
    show: impl FnMut(Notice<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Report, Fault> {
    let network = Fetcher::new(&settings.fetch)?;
    run_on(network, settings, book, show, stop).await
}

/// [`run`], on another network than the web.
///
/// # Errors
///
/// As [`run`].
pub async fn run_on<N: Network>(
    network: N,
    settings: Settings,
    book: &'static Rulebook,
    show: impl FnMut(Notice<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Report, Fault> {
    run_at(Timestamp::now(), network, settings, book, show, stop).await
}

/// [`run_on`] as if it began at this time: it decides what is due. For tests, and to show what a later run does.
///
/// # Errors
///
/// As [`run`].
pub async fn run_at<N: Network>(
    start: Timestamp,
    network: N,
    settings: Settings,
    book: &'static Rulebook,
    show: impl FnMut(Notice<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Report, Fault> {
    let papers = chosen(book, &settings.sites)?;
    let clock = Clock { start, origin: Instant::now() };
    let rehearsal = if settings.dry_run { Some(Rehearsal::of(&settings.output)?) } else { None };
    let (ledger, findings, memory) = opening::open(rehearsal.as_ref(), book, papers.clone(), settings.clone(), clock.now()).await?;
    let (clerk, end) = Clerk::employ(ledger)?;
    let report = Report::new(clock.now(), papers.iter().map(|paper| paper.id.as_str()));
    let mut conductor = Conductor { report, began: vec![None; papers.len()], clock, show };
    for finding in &findings {
        (conductor.show)(Notice::Found(finding));
    }
    let (tell, told) = mpsc::unbounded_channel();
    let (halt, halted) = watch::channel(false);
    let max_duration = settings.max_duration;
    let mut lanes = JoinSet::new();
    let groups = groups(&papers);
    let readers = Readers::new(book, memory)?;
    let shared = Arc::new(shared(network, settings.clone(), book, readers, Desk { clerk: clerk.clone() }, clock, tell));
    let many = u32::try_from(groups.len().max(1)).unwrap_or(u32::MAX);
    for (place, group) in (0..).zip(groups) {
        let gap = settings.gap.unwrap_or_else(|| slowest(&group));
        // Not all at once: lanes of one pace that began together would ask together, and wait for each other, to the end.
        let begin = gap.min(crate::pace::GAP) * place / many;
        lanes.spawn(Lane::new(Arc::clone(&shared), group, gap, begin, halted.clone()).run());
    }
    drop(shared);
    let deadline = async {
        match max_duration {
            Some(most) => tokio::time::sleep(most).await,
            None => std::future::pending().await,
        }
    };
    let ended = conductor.listen(told, &mut lanes, &halt, stop, deadline).await;
    lanes.shutdown().await;
    if rehearsal.is_none() {
        let histories = history::recall(&clerk, &papers).await;
        let histories = conductor.compare(histories, book, ended);
        conductor.end(ended);
        history::note(&clerk, histories, conductor.report.line()).await;
    } else {
        conductor.end(ended);
    }
    drop(clerk);
    let findings = end.await.unwrap_or(Err(ledger::Fault::Stopped))?;
    // A rehearsal has none of the output's files beside its state, and judges none.
    for finding in findings.iter().filter(|_| rehearsal.is_none()) {
        (conductor.show)(Notice::Found(finding));
    }
    Ok(conductor.report)
}

fn shared<N>(
    network: N,
    settings: Settings,
    book: &'static Rulebook,
    readers: Readers,
    desk: Desk,
    clock: Clock,
    tell: mpsc::UnboundedSender<Told>,
) -> Shared<N> {
    let token = String::from_utf8_lossy(robots::product_token(settings.fetch.user_agent.as_bytes())).into_owned();
    Shared {
        network,
        book,
        desk,
        readers,
        clock,
        tell,
        limits: settings.fetch.limits,
        token,
        ignore_robots: settings.ignore_robots,
        dry_run: settings.dry_run,
        max_articles: settings.max_articles,
        range: settings.range,
    }
}

/// The papers that were named, in the order of the file; all that list new articles, when none was.
fn chosen(book: &'static Rulebook, sites: &[String]) -> Result<Vec<&'static Paper>, Fault> {
    for site in sites {
        if book.paper(site).is_none() {
            return Err(Fault::Site { site: site.clone(), nearest: book.nearest(site).map(str::to_owned) });
        }
    }
    Ok(book.papers().iter().filter(|paper| if sites.is_empty() { paper.lists_articles() } else { sites.contains(&paper.id) }).collect())
}

/// The papers of each server: one lane, one pace.
fn groups(papers: &[&'static Paper]) -> Vec<Vec<Member>> {
    let member = |place: usize| Member { place, paper: papers[place] };
    paper::by_server(papers).into_iter().map(|places| places.into_iter().map(member).collect()).collect()
}

/// The gap of the paper that wants the longest.
fn slowest(group: &[Member]) -> Duration {
    paper::gap(group.iter().map(|member| member.paper)).unwrap_or(crate::pace::GAP)
}

/// The time of day, as tokio's clock sees it pass: so a test with a paused clock sees days go by.
#[derive(Debug, Clone, Copy)]
struct Clock {
    start: Timestamp,
    origin: Instant,
}

impl Clock {
    fn now(&self) -> Timestamp {
        self.start + self.since_start()
    }

    fn since_start(&self) -> Duration {
        self.origin.elapsed()
    }
}

/// Who counts, shows and stops.
struct Conductor<S> {
    report: Report,
    /// When each paper was asked first, since the start.
    began: Vec<Option<Duration>>,
    clock: Clock,
    show: S,
}

impl<S: FnMut(Notice<'_>)> Conductor<S> {
    /// Listens to the lanes until the last has gone; tells them to stop when it is time. When one finds that nothing can be written any
    /// more, nobody waits for the others.
    async fn listen(
        &mut self,
        mut told: mpsc::UnboundedReceiver<Told>,
        lanes: &mut JoinSet<Result<(), ledger::Fault>>,
        halt: &watch::Sender<bool>,
        stop: impl Future<Output = ()>,
        deadline: impl Future<Output = ()>,
    ) -> Ended {
        let (mut stop, mut deadline) = (std::pin::pin!(stop), std::pin::pin!(deadline));
        let mut ended = Ended::Done;
        loop {
            tokio::select! {
                next = told.recv() => match next {
                    Some(told) => self.count(told),
                    None => return ended,
                },
                Some(Ok(Err(_))) = lanes.join_next() => return ended,
                () = &mut stop, if ended == Ended::Done => ended = Ended::Stopped,
                () = &mut deadline, if ended == Ended::Done => ended = Ended::TimeUp,
            }
            if ended != Ended::Done {
                halt.send_replace(true);
            }
        }
    }

    /// Compares each paper with what is remembered of it; what is to be remembered from now on, by paper.
    fn compare(&mut self, histories: Vec<History>, book: &Rulebook, ended: Ended) -> Vec<(String, History)> {
        let now = self.clock.now();
        let sites = self.report.sites.iter_mut().zip(histories);
        let compared = sites.map(|(site, mut history)| {
            site.compare(&mut history, book, ended, now);
            (site.site.clone(), history)
        });
        compared.collect()
    }

    fn end(&mut self, ended: Ended) {
        self.report.end(ended, self.clock.since_start().as_secs_f64());
    }

    fn count(&mut self, told: Told) {
        let passed = self.clock.since_start();
        let began = *self.began[told.paper].get_or_insert(passed);
        let site = &mut self.report.sites[told.paper];
        site.seconds = passed.saturating_sub(began).as_secs_f64();
        (self.show)(Notice::Happened { site: &site.site, url: told.url.as_deref(), what: &told.happened });
        site.count(told.happened);
        (self.show)(Notice::Counts(site));
    }
}

#[cfg(test)]
mod tests;
