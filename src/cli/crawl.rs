//! `crawl`: what is new on the papers, appended to the output folder?

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::time::Duration;

use baotinh::crawl::{self, Range, Settings};
use baotinh::report::Report;
use clap::Args;
use jiff::civil::Date;
use tokio::runtime;
use tokio::sync::oneshot;

use super::Ending;
use super::flags::Common;
use super::metrics;
use super::network::NetworkFlags;
use super::progress::{Progress, table};
use super::refusal::Refusal;
use super::stop::{self, Signal};
use super::talk::Talk;

/// Visit the papers of selectors.toml, all or those named, and append their new articles to the output folder.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  baotinh crawl                              all papers, what is new since the last time
  baotinh crawl baolaocai --max-articles 20  one paper, twenty articles
  baotinh crawl --dry-run baolaocai          which articles would be fetched?
  baotinh crawl -q --max-duration 50m        from cron, each hour

Articles are appended to output/<site>/<yyyy-mm-dd>.jsonl, each once for each revision; output/runs.jsonl has a line for each run.
Ctrl-C and SIGTERM finish what is in hand and write it down; a second one ends at once, and still nothing is lost.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own; any may go with any")]
pub struct Crawl {
    /// The ids of papers, as `baotinh sites` prints them [default: all that list new articles]
    #[arg(value_name = "SITE")]
    sites: Vec<String>,
    /// Where the articles and the state of the crawl are
    #[arg(long, value_name = "DIR", default_value = "output")]
    output: PathBuf,
    /// Write at most so many new articles of each paper
    #[arg(long, value_name = "N")]
    max_articles: Option<u64>,
    /// End after this time: 90s, 30m, 2h, 1h30m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    max_duration: Option<Duration>,
    /// Only articles published on this day or later, by Vietnam's calendar: 2025-07-01
    ///
    /// What a listing says of an article's day decides whether it is fetched, what the article says whether it is written. One of
    /// which no listing tells the day counts as of the day on which it was found.
    #[arg(long, value_name = "DATE", value_parser = date)]
    since: Option<Date>,
    /// Only articles published on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Option<Date>,
    /// Read the listings and print the addresses of articles that would be fetched; write and remember nothing
    #[arg(long)]
    dry_run: bool,
    /// Look again at all articles already written; those that the papers changed are written with their next revision
    #[arg(long)]
    recrawl: bool,
    /// Keep lines that stand on several articles of their paper, in this run or earlier ones; without this flag they are furniture and go
    #[arg(long)]
    no_memory: bool,
    /// Leave the numbers of this run in FILE, for the textfile collector of Prometheus' `node_exporter`
    #[arg(long, value_name = "FILE")]
    metrics_file: Option<PathBuf>,
    /// Log lines instead of moving ones, also on a terminal
    #[arg(long)]
    no_progress: bool,
    #[command(flatten)]
    network: NetworkFlags,
}

impl Crawl {
    /// Crawls, shows how far it is, and says at the end what needs a look.
    pub fn run(self, common: &Common, talk: Talk) -> Result<Ending, Refusal> {
        let settings = self.settings()?;
        let book = common.rulebook()?;
        if let Some(file) = &self.metrics_file {
            metrics::check(file).map_err(|source| Refusal::Unwritable { path: file.clone(), source })?;
        }
        let moving = io::stderr().is_terminal() && !self.no_progress && !common.quiet && !talk.is_json();
        let mut progress = Progress::new(talk, moving, self.dry_run);
        let start = |error: io::Error| Refusal::Start(error.to_string());
        let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(start)?;
        let ran = runtime.block_on(async {
            let (stop, stopped) = stop::first().map_err(start)?;
            let full = progress.full();
            let stop = async move {
                tokio::select! { () = stop => {}, () = full.notified() => {} }
            };
            let report = crawl::run(settings, book, |notice| progress.show(notice), stop).await;
            Ok::<_, Refusal>((report?, stopped))
        });
        // A name that nobody resolves may hold its thread for minutes; nobody waits for it. All that is to be kept is kept by now.
        runtime.shutdown_background();
        let (report, signal) = ran?;
        progress.end()?;
        let is_told = self.tell(&report, talk);
        Ok(match ending(&report, signal) {
            Ending::Well if !is_told => Ending::Look,
            ending => ending,
        })
    }

    fn settings(&self) -> Result<Settings, Refusal> {
        let visit = self.network.settings().map_err(|fault| Refusal::Usage(fault.to_string()))?;
        let range = Range { since: self.since, until: self.until };
        if let (Some(since), Some(until)) = (self.since, self.until)
            && since > until
        {
            return Err(Refusal::Usage(format!("--since {since} --until {until}: no day is both; exchange them")));
        }
        Ok(Settings {
            fetch: visit.fetch,
            ignore_robots: visit.ignore_robots,
            sites: self.sites.clone(),
            max_articles: self.max_articles,
            max_duration: self.max_duration,
            range,
            dry_run: self.dry_run,
            recrawl: self.recrawl,
            memory: !self.no_memory,
            ..Settings::new(&self.output)
        })
    }

    /// Says how it went; false when the numbers could not be left where they were wanted.
    fn tell(&self, report: &Report, talk: Talk) -> bool {
        let nothing_asked = report.sites.iter().all(|site| site.requests == 0);
        if nothing_asked && report.unwell().next().is_none() {
            talk.progress("nothing is due yet: nothing was asked");
        } else if !self.dry_run {
            table(report).lines().for_each(|line| talk.progress(line));
        }
        for (site, why) in report.unwell() {
            talk.verdict("unwell", &format!("{}: {why}", site.site));
        }
        let Some(file) = &self.metrics_file else { return true };
        let left = metrics::write(file, report);
        if let Err(error) = &left {
            talk.verdict("metrics", &format!("{}: cannot be written: {error}; the run is not in it", file.display()));
        }
        left.is_ok()
    }
}

fn ending(report: &Report, mut signal: oneshot::Receiver<Signal>) -> Ending {
    match signal.try_recv() {
        Ok(signal) => Ending::Stopped(signal),
        Err(_) if report.unwell().next().is_some() => Ending::Look,
        Err(_) => Ending::Well,
    }
}

/// `90s`, `30m`, `2h`, `1d`, `1h30m`.
fn duration(typed: &str) -> Result<Duration, String> {
    let wrong = || "write it as 90s, 30m, 2h or 1h30m".to_owned();
    let mut whole = 0_u64;
    let mut rest = typed;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, unit) = rest.split_at(digits);
        let seconds = match unit.chars().next().ok_or_else(wrong)? {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return Err(wrong()),
        };
        let number: u64 = number.parse().map_err(|_| wrong())?;
        whole = number.checked_mul(seconds).and_then(|part| whole.checked_add(part)).ok_or_else(wrong)?;
        rest = &unit[1..];
    }
    if (1..=366 * 86_400).contains(&whole) { Ok(Duration::from_secs(whole)) } else { Err(wrong()) }
}

fn date(typed: &str) -> Result<Date, String> {
    typed.parse().map_err(|_| "write it as 2025-07-01".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_with_its_units() {
        let rows = [
            ("90s", Some(90)),
            ("30m", Some(1800)),
            ("1h30m", Some(5400)),
            ("1d", Some(86_400)),
            ("0s", None),
            ("30", None),
            ("m", None),
            ("", None),
            ("5x", None),
            ("99999999999999999999s", None),
            ("-5m", None),
            ("5ph\u{fa}t", None),
        ];
        for (typed, seconds) in rows {
            assert_eq!(duration(typed).ok(), seconds.map(Duration::from_secs), "{typed}");
        }
    }
}
