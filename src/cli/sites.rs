//! `sites`: which papers are known?

use baotinh::paper::{Host, Paper};
use clap::Args;
use serde::Serialize;

use super::flags::Common;
use super::refusal::Refusal;
use super::table::{Columns, Side};
use super::{Ending, print, unknown_site};

/// Print the papers that selectors.toml knows, as a table.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  baotinh sites
  baotinh sites baolaocai baohatinh
  baotinh sites --json | jq -r 'select(.evidence == \"guess\") | .site'

EVIDENCE says on what the rules stand: page (a page was read), code (somebody's program reads it so), guess. LISTS is how many feeds,
sitemaps and start pages selectors.toml names; a paper with none is closed: its pages are still read, and nobody visits it unasked.")]
pub struct Sites {
    /// The ids of papers [default: all]
    #[arg(value_name = "SITE")]
    sites: Vec<String>,
    /// One JSON object a paper, a line each
    #[arg(long)]
    json: bool,
}

/// A paper as an object.
#[derive(Serialize)]
struct Known<'a> {
    site: &'a str,
    name: &'a str,
    province: Option<&'a str>,
    provinces_before: &'a [String],
    language: &'a str,
    hosts: Vec<String>,
    old_hosts: Vec<String>,
    family: Option<&'a str>,
    evidence: &'static str,
    closed: bool,
    feeds: Vec<&'a str>,
    sitemaps: Vec<&'a str>,
    start_pages: Vec<&'a str>,
    requests_per_second: f64,
    same_server_as: Option<&'a str>,
    line: Option<usize>,
}

impl Sites {
    /// Prints the papers in the order of the file.
    pub fn run(self, common: &Common) -> Result<Ending, Refusal> {
        let book = common.rulebook()?;
        if let Some(word) = self.sites.iter().find(|word| book.paper(word).is_none()) {
            return Err(unknown_site(word, book));
        }
        let wanted = |paper: &&Paper| self.sites.is_empty() || self.sites.contains(&paper.id);
        let papers = book.papers().iter().filter(wanted);
        if self.json {
            let line = |paper| serde_json::to_string(&known(paper, book.line(&format!("papers.{}", paper.id)))).expect("plain data") + "\n";
            print(&papers.map(line).collect::<String>())?;
        } else {
            print(&table(papers))?;
        }
        Ok(Ending::Well)
    }
}

fn known(paper: &Paper, line: Option<usize>) -> Known<'_> {
    let hosts = |hosts: &[Host]| hosts.iter().map(Host::to_string).collect();
    Known {
        site: &paper.id,
        name: &paper.name,
        province: paper.province.as_deref(),
        provinces_before: &paper.provinces_before,
        language: &paper.language,
        hosts: hosts(&paper.hosts),
        old_hosts: hosts(&paper.old_hosts),
        family: paper.family.as_deref(),
        evidence: paper.evidence.name(),
        closed: !paper.lists_articles(),
        feeds: paper.feeds.iter().map(url::Url::as_str).collect(),
        sitemaps: paper.sitemaps.iter().map(baotinh::paper::Sitemap::pattern).collect(),
        start_pages: paper.start_pages.iter().map(url::Url::as_str).collect(),
        requests_per_second: paper.requests_per_second,
        same_server_as: paper.same_server_as.as_deref(),
        line,
    }
}

fn table<'a>(papers: impl Iterator<Item = &'a Paper>) -> String {
    let columns = Columns::new(vec![
        ("SITE", Side::Left),
        ("PROVINCE", Side::Left),
        ("FAMILY", Side::Left),
        ("EVIDENCE", Side::Left),
        ("LISTS", Side::Right),
        ("PACE", Side::Right),
        ("HOST", Side::Left),
    ]);
    let row = |paper: &Paper| {
        let or_dash = |word: &Option<String>| word.as_deref().unwrap_or("-").to_owned();
        let lists = paper.feeds.len() + paper.sitemaps.len() + paper.start_pages.len();
        let lists = if paper.lists_articles() { lists.to_string() } else { "closed".to_owned() };
        let host = paper.hosts.first().map_or_else(|| "-".to_owned(), Host::to_string);
        let pace = format!("{}/s", paper.requests_per_second);
        vec![paper.id.clone(), or_dash(&paper.province), or_dash(&paper.family), paper.evidence.name().to_owned(), lists, pace, host]
    };
    columns.table(&papers.map(row).collect::<Vec<_>>())
}
