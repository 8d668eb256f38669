//! `fetch`: which articles are at these addresses, now?

use std::io::{self, ErrorKind};

use baotinh::paper::Rulebook;
use baotinh::record::{Format, Sheet};
use baotinh::visit::{self, Visitor};
use clap::Args;
use tokio::runtime;
use url::Url;

use super::Ending;
use super::address::address;
use super::flags::{Common, Output};
use super::network::NetworkFlags;
use super::outcome::{Outcome, Tally};
use super::refusal::Refusal;
use super::stop::Signals;
use super::talk::Talk;

/// Fetch pages and print their articles, one after another, in the order of their addresses.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  baotinh fetch https://baolaocai.vn/song-dep-tu-nhung-dieu-gian-di-post404649.html
  baotinh fetch --format markdown https://baolaocai.vn/song-dep-tu-nhung-dieu-gian-di-post404649.html

robots.txt is obeyed, and a host is asked at its paper's pace, one that is no paper's at most once a second. An address that gives no article is one line on stderr, and the
exit code is then 1.")]
pub struct Fetch {
    /// The addresses of articles, https or http
    #[arg(value_name = "URL", required = true)]
    urls: Vec<String>,
    /// Ask so often before a failure that may pass (a timeout, a 503) is final
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    tries: u32,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    network: NetworkFlags,
}

impl Fetch {
    /// Prints every article, tells every miss and failure.
    pub fn run(self, common: &Common, talk: Talk) -> Result<Ending, Refusal> {
        let urls = self.urls.iter().map(|word| address(word)).collect::<Result<Vec<Url>, Refusal>>()?;
        let book = common.rulebook()?;
        let settings = self.network.settings().map_err(|fault| Refusal::Usage(fault.to_string()))?;
        let settings = visit::Settings { book: Some(book), tries: self.tries, ..settings };
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Refusal::Start(error.to_string()))?;
        let inside = runtime.enter();
        let visitor = Visitor::new(settings).map_err(|fault| Refusal::Usage(fault.to_string()))?;
        let signals = Signals::new().map_err(|error| Refusal::Start(error.to_string()))?;
        drop(inside);
        let ended = runtime.block_on(visit_all(&urls, &visitor, signals, book, self.output.format, talk));
        // A name that nobody resolves may hold its thread for minutes; nobody waits for it.
        runtime.shutdown_background();
        ended.or_else(|error| match error.kind() {
            // Who reads us has seen enough.
            ErrorKind::BrokenPipe => Ok(Ending::Well),
            _ => Err(Refusal::Stdout(error)),
        })
    }
}

async fn visit_all(
    urls: &[Url],
    visitor: &Visitor,
    mut signals: Signals,
    book: &'static Rulebook,
    format: Format,
    talk: Talk,
) -> io::Result<Ending> {
    let mut tally = Tally::default();
    let mut sheet = Sheet::new(io::stdout().lock(), format);
    let mut stopped = None;
    for url in urls {
        let visited = tokio::select! {
            visited = visitor.visit(url) => visited,
            signal = signals.next() => {
                stopped = Some(Ending::Stopped(signal));
                break;
            }
        };
        let outcome = match visited {
            Ok(page) => {
                let place = page.final_url.clone().unwrap_or_else(|| url.to_string());
                Outcome::of(page, None, &place, book, format)
            }
            Err(failure) => Outcome::Failed(Box::new(failure)),
        };
        tally.tell(&outcome, talk);
        if let Outcome::Article(article) = &outcome {
            sheet.put(&article.printed)?;
            sheet.flush()?;
        }
    }
    drop(sheet.finish()?);
    talk.summary(&tally.sentence());
    Ok(stopped.unwrap_or_else(|| tally.ending()))
}
