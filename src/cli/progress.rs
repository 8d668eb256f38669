//! How far is a crawl? On a terminal a moving line a paper; elsewhere log lines; at the end a table.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use baotinh::crawl::Notice;
use baotinh::report::{Happened, Listed, PaperReport, Report};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tokio::sync::Notify;

use super::print;
use super::refusal::Refusal;
use super::talk::{Shown, Talk};

/// Where nobody watches, a line a paper comes so often.
const BETWEEN_LINES: Duration = Duration::from_secs(60);

/// What is shown while a crawl runs.
pub struct Progress {
    talk: Talk,
    dry_run: bool,
    moving: Option<Moving>,
    /// The first fault of stdout, in a dry run; and who wants to know at once.
    stdout: Option<Refusal>,
    full: Arc<Notify>,
    /// What was left out at which listing.
    bounds: HashSet<String>,
    /// When each paper's last log line was.
    said: HashMap<String, Instant>,
}

impl Progress {
    /// `moving`: with lines that move.
    pub fn new(talk: Talk, moving: bool, dry_run: bool) -> Self {
        Self {
            talk,
            dry_run,
            moving: moving.then(Moving::new),
            stdout: None,
            full: Arc::default(),
            bounds: HashSet::new(),
            said: HashMap::new(),
        }
    }

    /// Shows one thing.
    pub fn show(&mut self, notice: Notice<'_>) {
        match notice {
            Notice::Counts(site) => self.counts(site),
            Notice::Found(finding) => self.aside(|talk| talk.trouble("output", &finding.to_string())),
            Notice::Happened { site, url, what } => self.happened(site, url, what),
        }
    }

    /// Tells at once when stdout takes no more.
    pub fn full(&self) -> Arc<Notify> {
        Arc::clone(&self.full)
    }

    /// The moving lines go.
    ///
    /// # Errors
    ///
    /// When what a dry run found could not be printed.
    pub fn end(&mut self) -> Result<(), Refusal> {
        if let Some(moving) = self.moving.take() {
            // One by one: a line that is only dropped is drawn once more and stays.
            moving.papers.values().map(|line| &line.bar).chain([&moving.all]).for_each(ProgressBar::finish_and_clear);
            let _ = moving.lines.clear();
        }
        self.stdout.take().map_or(Ok(()), Err)
    }

    /// A line of a dry run's answer. A reader that went away has seen enough; the crawl ends by itself.
    fn wanted(&mut self, place: &str) {
        let mut printed = Ok(());
        if self.stdout.is_none() {
            self.aside(|_| printed = print(&format!("{}\n", Shown(place))));
        }
        if let Err(refusal) = printed {
            self.stdout = Some(refusal);
            self.full.notify_one();
        }
    }

    /// What a listing left out, the first time that it does so.
    fn listed(&mut self, place: &str, listed: &Listed) {
        let bounds = listed.bounds.iter().map(|(bound, times)| (*bound, format!("{bound} {times}")));
        for (name, what) in bounds.chain(listed.faults.iter().map(|fault| (fault.as_str(), fault.clone()))) {
            if self.bounds.insert(format!("{name} {place}")) {
                self.aside(|talk| talk.progress(&format!("listing: {place}: {what}")));
            }
        }
    }

    fn happened(&mut self, site: &str, url: Option<&str>, what: &Happened) {
        let place = url.map_or(site, without_mark);
        match what {
            Happened::Finished => {
                if let Some(moving) = &mut self.moving {
                    moving.finish(site);
                }
            }
            Happened::Wanted if self.dry_run => self.wanted(place),
            Happened::Listed(listed) => self.listed(place, listed),
            Happened::Gone => self.aside(|talk| talk.trouble("failed", &format!("{place} (gone: 404 or 410)"))),
            Happened::Missed(miss) => self.aside(|talk| talk.miss(place, *miss, None)),
            Happened::Failed(_, name) => self.aside(|talk| talk.trouble("failed", &format!("{place} ({name})"))),
            Happened::LeftAlone(why) if self.talk.is_verbose() => self.aside(|talk| talk.trouble("left alone", &format!("{site}: {why}"))),
            _ => {}
        }
    }

    /// Says something beside the moving lines.
    fn aside(&self, say: impl FnOnce(Talk)) {
        match &self.moving {
            Some(moving) => moving.lines.suspend(|| say(self.talk)),
            None => say(self.talk),
        }
    }

    fn counts(&mut self, site: &PaperReport) {
        if site.requests == 0 {
            return;
        }
        if let Some(moving) = &mut self.moving {
            return moving.show(site);
        }
        let now = Instant::now();
        let last = self.said.entry(site.site.clone()).or_insert(now);
        if now.duration_since(*last) >= BETWEEN_LINES {
            *last = now;
            self.talk.progress(&format!("{}: {}", site.site, sentence(site)));
        }
    }
}

/// The moving lines of a terminal: one for all papers, then one for each that is not done yet.
struct Moving {
    lines: MultiProgress,
    all: ProgressBar,
    papers: HashMap<String, Line>,
}

/// A paper's line, and what of it counts for all.
struct Line {
    bar: ProgressBar,
    done: u64,
    queued: u64,
    lost: u64,
    finished: bool,
}

impl Moving {
    fn new() -> Self {
        let lines = MultiProgress::new();
        let all = lines.add(bar(""));
        Self { lines, all, papers: HashMap::new() }
    }

    fn show(&mut self, site: &PaperReport) {
        let lines = &self.lines;
        let added = || Line { bar: lines.add(bar(&site.site)), done: 0, queued: 0, lost: 0, finished: false };
        let line = match self.papers.get_mut(&site.site) {
            Some(line) => line,
            None => self.papers.entry(site.site.clone()).or_insert_with(added),
        };
        (line.done, line.queued, line.lost) = (site.done(), site.queued, site.lost());
        if !line.finished {
            line.bar.set_length(line.done + line.queued);
            line.bar.set_position(line.done);
            line.bar.set_message(sentence(site));
        }
        self.sum();
    }

    /// The line of a paper that is done makes room for others.
    fn finish(&mut self, site: &str) {
        if let Some(line) = self.papers.get_mut(site) {
            line.finished = true;
            self.lines.remove(&line.bar);
        }
        self.sum();
    }

    fn sum(&self) {
        let sum = |count: fn(&Line) -> u64| self.papers.values().map(count).sum::<u64>();
        let (done, queued) = (sum(|line| line.done), sum(|line| line.queued));
        self.all.set_prefix(format!("{} of {} papers", sum(|line| line.finished.into()), self.papers.len()));
        self.all.set_length(done + queued);
        self.all.set_position(done);
        self.all.set_message(format!("{done} done, {queued} queued, {} failed", sum(|line| line.lost)));
    }
}

/// What is asked for at a listing stands behind its address in the state file; people need not see it.
fn without_mark(url: &str) -> &str {
    url.split('#').next().unwrap_or(url)
}

/// The message is cut where the terminal ends: a line that wrapped could not be taken back.
fn bar(site: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:18!} {bar:12} {wide_msg}").expect("the template is sound");
    ProgressBar::new(0).with_style(style.progress_chars("=> ")).with_prefix(site.to_owned())
}

/// `1.0/s, 120 done, 80 queued, 2 failed, 3 not read by its rules, 1 min 20 s left`.
fn sentence(site: &PaperReport) -> String {
    let mut said = format!("{:.1}/s, {} done, {} queued, {} failed", site.pace, site.done(), site.queued, site.lost());
    let without_rules: u64 = site.lapses.values().sum();
    if without_rules > 0 {
        let _ = write!(said, ", {without_rules} not read by its rules");
    }
    if site.queued > 0 && site.pace > 0.0 {
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let left = Duration::try_from_secs_f64(site.queued as f64 / site.pace).unwrap_or_default();
        let _ = write!(said, ", {} left", span(left));
    }
    said
}

fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

const HEAD: [&str; 9] = ["SITE", "NEW", "WRITTEN", "UPDATED", "UNCHANGED", "MISSED", "FAILED", "REQUESTS", "TIME"];

/// What the run did, a line a paper and one for all; papers that nobody asked are left out, and those that need a look are marked.
pub fn table(report: &Report) -> String {
    let row = |site: &PaperReport| {
        let missed = site.missed.values().sum::<u64>() + site.gone;
        let counts = [site.new, site.written, site.updated, site.unchanged, missed, site.lost(), site.requests];
        let mut row = vec![site.site.clone()];
        row.extend(counts.map(|count| count.to_string()));
        row.push(span(Duration::from_secs_f64(site.seconds)));
        row
    };
    let asked: Vec<&PaperReport> = report.sites.iter().filter(|site| site.requests > 0).collect();
    let mut rows = vec![HEAD.map(str::to_owned).to_vec()];
    rows.extend(asked.iter().map(|site| row(site)));
    let mut all = vec![format!("{} paper{}", asked.len(), if asked.len() == 1 { "" } else { "s" })];
    for column in 1..HEAD.len() - 1 {
        all.push(rows[1..].iter().filter_map(|row| row[column].parse::<u64>().ok()).sum::<u64>().to_string());
    }
    all.push(span(Duration::from_secs_f64(report.seconds)));
    rows.push(all);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
    let mut out = String::new();
    let marks = std::iter::once(false).chain(asked.iter().map(|site| site.unwell.is_some())).chain([false]);
    for (row, is_unwell) in rows.iter().zip(marks) {
        let _ = write!(out, "{:width$}", row[0], width = widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            let _ = write!(out, "  {cell:>width$}");
        }
        out.push_str(if is_unwell { "  unwell\n" } else { "\n" });
    }
    out
}

#[cfg(test)]
mod tests {
    use baotinh::report::Ended;

    use super::*;

    #[test]
    fn a_table_has_a_line_a_paper_that_was_asked_and_one_for_all() {
        let mut report = Report::new(jiff::Timestamp::UNIX_EPOCH, ["baomau", "baonghi"]);
        for happened in [Happened::Asked, Happened::Asked, Happened::Unchanged, Happened::Gone] {
            report.sites[0].count(happened);
        }
        report.end(Ended::Done, 61.0);
        let head = "SITE     NEW  WRITTEN  UPDATED  UNCHANGED  MISSED  FAILED  REQUESTS       TIME\n";
        let all = "1 paper    0        0        0          1       1       0         2  1 min 1 s\n";
        let row = "baomau     0        0        0          1       1       0         2        0 s";
        assert_eq!(table(&report), format!("{head}{row}\n{all}"));
        report.sites[0].unwell = Some("its rules read nothing".to_owned());
        assert_eq!(table(&report), format!("{head}{row}  unwell\n{all}"));
    }

    #[test]
    fn how_far_a_paper_is_fits_into_a_sentence() {
        let mut site = PaperReport::new("baomau");
        for happened in [Happened::Pace(0.5), Happened::Queued(3700), Happened::Unchanged] {
            site.count(happened);
        }
        assert_eq!(sentence(&site), "0.5/s, 1 done, 3700 queued, 0 failed, 2 h 3 min left");
        site.count(Happened::Queued(0));
        assert_eq!(sentence(&site), "0.5/s, 1 done, 0 queued, 0 failed");
        site.lapses.insert("papers.baomau.take.body".to_owned(), 1);
        assert_eq!(sentence(&site), "0.5/s, 1 done, 0 queued, 0 failed, 1 not read by its rules");
    }
}
