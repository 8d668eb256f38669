//! `extract`: which articles are on these saved pages?

use std::fs;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::iter;
use std::path::{Path, PathBuf};
use std::thread;

use baotinh::extract::Memory;
use baotinh::paper::Rulebook;
use baotinh::record::{Format, Sheet};
use baotinh::saved::{self, Fault, SavedPage};
use baotinh::vietnamese::text::printable;
use clap::Args;

use super::address::address;
use super::flags::{Common, Output};
use super::outcome::{Outcome, Tally};
use super::pipeline::{End, Pipeline, Window};
use super::refusal::Refusal;
use super::talk::Talk;
use super::{Ending, stop};

/// How many pages are in flight for each job: enough that a slow page does not leave the others without work.
const PAGES_A_JOB: usize = 16;

/// How many bytes of pages are in flight for each job, and at least: a parsed page takes about ten times its size, so the largest go
/// one by one, and usual ones, of 100 to 300 kB, keep every core at work.
const BYTES_A_JOB: usize = 1 << 20;
const BYTES: usize = 8 << 20;

/// Read saved pages and print their articles, in the order in which the pages came; no network.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  baotinh extract page.html                          one page, one line of JSON
  baotinh extract --format text page.html            title and text, to read
  baotinh extract --url https://baolaocai.vn/tin-post1.html page.html
  baotinh extract crawl.warc.gz pages/ > articles.jsonl
  zcat pages.jsonl.gz | baotinh extract - | jq -r .title

Packed files (.gz) are unpacked. A page that gives no article is one line on stderr, and the exit code is then 1.")]
pub struct Extract {
    /// An .html page, a .jsonl file of {"id", "url", "html"} records, a .warc archive, a folder of these, or - for standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The address of the page, when it does not say it itself
    #[arg(long)]
    url: Option<String>,
    /// How many pages to read at once [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Read each page as if it were alone: keep lines that stand on several pages of its host, too
    ///
    /// Without this flag a line of some length that stands on two pages before this one, whose articles differ otherwise, is furniture
    /// and goes: a call to subscribe that looks like a paragraph. With -v each is told. In which order the pages come decides
    /// what is known when; how many are read at once does not.
    #[arg(long)]
    no_memory: bool,
    #[command(flatten)]
    output: Output,
}

impl Extract {
    /// Prints every article, tells every miss.
    pub fn run(self, common: &Common, talk: Talk) -> Result<Ending, Refusal> {
        let book = common.rulebook()?;
        let jobs = self.jobs.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
        let format = self.output.format;
        let mut memory = (!self.no_memory).then(Memory::default);
        let pages = pages(self.paths, self.url.as_deref())?;
        let start = |error: &dyn std::error::Error| Refusal::Start(error.to_string());
        let stops = stop::listen().map_err(|error| start(&error))?;
        let pipeline = Pipeline::new(jobs, window(jobs)).map_err(|error| start(&error))?;

        let mut tally = Tally::default();
        let mut sheet = Sheet::new(BufWriter::with_capacity(1 << 16, io::stdout().lock()), format);
        let end = pipeline
            .run(
                pages,
                stops,
                weight,
                |page| outcome(page, book, format),
                |mut outcome, in_flight| {
                    // Here the outcomes stand in the order of the pages, however many read them.
                    if let (Some(memory), Outcome::Article(found)) = (&mut memory, &mut outcome) {
                        for line in found.sift(memory) {
                            tracing::info!(kind = "left out", reason = Memory::REASON, "{}", printable(&line));
                        }
                    }
                    tally.tell(&outcome, talk);
                    put(&mut sheet, &outcome, in_flight)
                },
            )
            .and_then(|end| sheet.finish().map(|_| end));
        match end {
            Ok(end) => {
                talk.summary(&tally.sentence());
                Ok(match end {
                    End::All => tally.ending(),
                    End::Stopped(signal) => Ending::Stopped(signal),
                })
            }
            // Who reads us has seen enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Ending::Well),
            Err(error) => Err(Refusal::Stdout(error)),
        }
    }
}

/// The pages of all paths, one path after another; of standard input where there is none. That each is there is known before the first is
/// read. `url` is the address of a page that does not say its own.
pub fn pages(paths: Vec<PathBuf>, url: Option<&str>) -> Result<impl Iterator<Item = Result<SavedPage, Fault>> + Send + use<>, Refusal> {
    let paths = match paths {
        paths if !paths.is_empty() => paths,
        _ if io::stdin().is_terminal() => {
            let what = "nothing to read: give a page, a .jsonl or .warc file, a folder of these, or - for standard input";
            return Err(Refusal::Usage(format!("{what} (baotinh extract --help shows examples)")));
        }
        _ => vec![PathBuf::from("-")],
    };
    for path in paths.iter().filter(|path| !is_stdin(path)) {
        fs::metadata(path).map_err(|source| match source.kind() {
            ErrorKind::NotFound => Refusal::Usage(format!("{}: no such file or folder", path.display())),
            _ => Refusal::File { path: path.clone(), source },
        })?;
    }
    let url = url.map(address).transpose()?.map(String::from);
    if url.is_some() && (paths.len() > 1 || paths[0].is_dir()) {
        return Err(Refusal::Usage("--url is the address of one page: give one PATH with it".to_owned()));
    }
    Ok(paths.into_iter().flat_map(|path| open(&path)).map(move |mut item| {
        if let (Ok(saved), Some(url)) = (&mut item, &url) {
            saved.page.url.get_or_insert_with(|| url.clone());
        }
        item
    }))
}

/// How much is in flight between so many jobs.
pub fn window(jobs: usize) -> Window {
    Window { pages: jobs * PAGES_A_JOB, bytes: BYTES.max(jobs * BYTES_A_JOB) }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn open(path: &Path) -> Box<dyn Iterator<Item = Result<SavedPage, Fault>> + Send> {
    let pages = if is_stdin(path) { saved::pipe(Box::new(io::stdin()), "stdin") } else { saved::open(path) };
    match pages {
        Ok(pages) => Box::new(pages),
        Err(fault) => Box::new(iter::once(Err(fault))),
    }
}

/// How many bytes a page has.
pub fn weight(item: &Result<SavedPage, Fault>) -> usize {
    item.as_ref().map_or(0, |saved| saved.page.size())
}

fn outcome(item: Result<SavedPage, Fault>, book: &'static Rulebook, format: Format) -> Outcome {
    match item {
        Ok(SavedPage { id, page, place }) => Outcome::of(page, id, &place, book, format),
        Err(fault) => Outcome::Damaged(fault.to_string()),
    }
}

/// Prints an article; what is printed reaches the reader at the latest when nothing more is in the making.
fn put(sheet: &mut Sheet<impl Write>, outcome: &Outcome, in_flight: usize) -> io::Result<()> {
    if let Outcome::Article(article) = outcome {
        sheet.put(&article.printed)?;
    }
    if in_flight == 0 { sheet.flush() } else { Ok(()) }
}
