//! `check`: is selectors.toml sound, and do its rules fit the papers' pages, saved ones or those of today?
//!
//! * [`Check`]: the command, and what its words are
//! * `saved`: pages from a disk; `live`: pages of today; `explain`: one page block by block
//! * `show`: a table and what is to be done

mod explain;
mod live;
mod saved;
mod show;

use std::path::{Path, PathBuf};

use baotinh::paper::{Field, Paper, Rulebook};
use clap::Args;

use super::flags::Common;
use super::network::NetworkFlags;
use super::refusal::Refusal;
use super::talk::Talk;
use super::{Ending, print, unknown_site};

/// Is selectors.toml sound, and do its rules fit saved pages, or (--live) what the papers print today?
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  baotinh check                              is selectors.toml sound? every fault of it, with its line
  baotinh check page.html pages/             do the rules fit these saved pages?
  baotinh check --explain page.html          what is kept of this page, what is not, and by which rule?
  baotinh check --live                       do they fit what the papers print today? all that list articles
  baotinh check --live baolaocai --json      one paper, for machines
  baotinh check --print > selectors.toml     the rules built into the program, to be edited

A word that is the id of a paper (see `baotinh sites`) is a SITE. A word that exists on the disk, has a slash in it, begins with a dot,
or ends as saved pages do (.html .htm .xhtml .jsonl .ndjson .warc, with or without .gz) is a PATH; so is -, standard input. What is both is
refused: write ./baolaocai for the folder. After --live every word is a SITE.

Verdicts: fits; closed (lists no articles, as selectors.toml says); look (something is doubtful); broken (articles are lost or read
without the rules); forbidden (by robots.txt); down (nobody answers); unfinished. The exit code is 0 when all fit or are closed.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own; clap knows which exclude each other")]
pub struct Check {
    /// The ids of papers, or saved pages: .html, .jsonl, .warc, folders of these
    #[arg(value_name = "SITE|PATH")]
    words: Vec<PathBuf>,
    /// Visit the papers: their listings, and a few articles of each; politely, and nothing is written
    #[arg(long, conflicts_with_all = ["explain", "print", "url"])]
    live: bool,
    /// Look at so many articles of each paper
    #[arg(long, value_name = "N", default_value = "5", value_parser = clap::value_parser!(u16).range(1..=100), requires = "live")]
    articles: u16,
    /// Print each block of the pages, kept or not, why, and by which rule
    #[arg(long, conflicts_with_all = ["json", "print"])]
    explain: bool,
    /// Print the rules that are read, as they stand in the file or are built in
    #[arg(long, conflicts_with = "json")]
    print: bool,
    /// One JSON object a paper, a line each
    #[arg(long)]
    json: bool,
    /// The address of the page, when it does not say it itself
    #[arg(long)]
    url: Option<String>,
    #[command(flatten)]
    network: NetworkFlags,
}

/// What the words of the command line are.
#[derive(Debug, PartialEq, Eq)]
enum Words {
    /// Ids of papers, perhaps none.
    Sites(Vec<String>),
    /// Saved pages.
    Paths(Vec<PathBuf>),
}

impl Check {
    /// Says what was asked, or every fault of the rules.
    pub fn run(self, common: &Common, talk: Talk) -> Result<Ending, Refusal> {
        if self.print {
            print(&common.selectors_text()?)?;
            return Ok(Ending::Well);
        }
        let book = common.rulebook()?;
        let name = common.selectors_name();
        if self.live {
            let sites = self.words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
            return live::run(
                &live::Asked { sites, articles: self.articles.into(), json: self.json, notes: common.verbose > 0, network: self.network },
                book,
                &name,
                talk,
            );
        }
        let exists = |path: &Path| path.symlink_metadata().is_ok();
        match words(&self.words, book, exists)? {
            Words::Paths(paths) if self.explain => explain::run(paths, self.url.as_deref(), book, &name, talk),
            Words::Paths(paths) => saved::run(paths, self.url.as_deref(), self.json, book, &name, talk),
            Words::Sites(_) if self.explain || self.url.is_some() => {
                Err(Refusal::Usage("--explain and --url go with saved pages: give their PATH".to_owned()))
            }
            Words::Sites(sites) => sound(&sites, common, book),
        }
    }
}

/// Tells sites from paths; what is neither, both, or a mixture, is refused.
fn words(words: &[PathBuf], book: &Rulebook, exists: impl Fn(&Path) -> bool) -> Result<Words, Refusal> {
    let (mut sites, mut paths) = (Vec::new(), Vec::new());
    for word in words {
        let site = word.to_str().filter(|id| book.paper(id).is_some());
        match (site, exists(word)) {
            (Some(id), true) => {
                let what = "is a paper of selectors.toml and also lies on the disk here";
                return Err(Refusal::Usage(format!("{id}: {what}: write ./{id} for the pages; for the paper, go to another folder")));
            }
            (Some(id), false) => sites.push(id.to_owned()),
            (None, true) => paths.push(word.clone()),
            (None, false) if looks_like_a_path(word) => paths.push(word.clone()),
            (None, false) => return Err(unknown_site(&word.to_string_lossy(), book)),
        }
    }
    match (sites.first(), paths.first()) {
        (Some(site), Some(path)) => {
            let what = "a paper and saved pages: check the one or the other";
            Err(Refusal::Usage(format!("{site} and {}: {what}", path.display())))
        }
        (_, Some(_)) => Ok(Words::Paths(paths)),
        (_, None) => Ok(Words::Sites(sites)),
    }
}

fn looks_like_a_path(word: &Path) -> bool {
    const ENDINGS: [&str; 7] = [".html", ".htm", ".xhtml", ".jsonl", ".ndjson", ".warc", ".gz"];
    let word = word.to_string_lossy().to_lowercase();
    word == "-" || word.starts_with('.') || word.contains(std::path::is_separator) || ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// The file is sound, or else there were no rulebook. Of papers that are named, what is known.
fn sound(sites: &[String], common: &Common, book: &Rulebook) -> Result<Ending, Refusal> {
    let name = common.selectors_file().map_or("the rules built into the program".into(), |path| path.to_string_lossy());
    let (papers, families) = (book.papers().len(), book.families().len());
    let mut said = format!("{name}: sound ({papers} papers, {families} families)\n");
    for paper in sites.iter().filter_map(|site| book.paper(site)) {
        said += &sentence(paper, book);
    }
    print(&said)?;
    Ok(Ending::Well)
}

fn sentence(paper: &Paper, book: &Rulebook) -> String {
    let line = book.line(&format!("papers.{}", paper.id)).unwrap_or_default();
    let family = paper.family.as_ref().map(|family| format!("family {family}"));
    let own: Vec<&str> = Field::ALL.into_iter().filter(|field| !paper.rules.take[*field].is_empty()).map(Field::name).collect();
    let own = (!own.is_empty()).then(|| format!("its own places for {}", own.join(", ")));
    let how: Vec<String> = family.into_iter().chain(own).collect();
    let how = if how.is_empty() { "no rules: read as any page".to_owned() } else { how.join(", ") };
    let lists = match (paper.feeds.len(), paper.sitemaps.len(), paper.start_pages.len()) {
        (0, 0, 0) => "closed: nothing lists its articles".to_owned(),
        (feeds, sitemaps, pages) => format!("feeds {feeds}, sitemaps {sitemaps}, start pages {pages}"),
    };
    format!("{}: line {line}: {how}; evidence {}; {lists}\n", paper.id, paper.evidence.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(given: &[&str], on_disk: &[&str]) -> Result<Words, String> {
        let given: Vec<PathBuf> = given.iter().map(PathBuf::from).collect();
        let exists = |path: &Path| on_disk.iter().any(|there| Path::new(there) == path);
        words(&given, Rulebook::built_in(), exists).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn a_word_is_a_paper_or_a_path_and_never_both() {
        let sites = |ids: &[&str]| Ok(Words::Sites(ids.iter().map(|id| (*id).to_owned()).collect()));
        let paths = |names: &[&str]| Ok(Words::Paths(names.iter().map(PathBuf::from).collect()));
        let refused = |why: &str| Err(why.to_owned());
        let both = "baolaocai: is a paper of selectors.toml and also lies on the disk here: write ./baolaocai for the pages; for the \
                    paper, go to another folder";
        let unknown = "baolaocia: no such site in selectors.toml: did you mean baolaocai? (`baotinh sites` prints them all)";
        for (given, on_disk, expected) in [
            (&[][..], &[][..], sites(&[])),
            (&["baolaocai", "baocantho"], &[], sites(&["baolaocai", "baocantho"])),
            (
                &["page.html", "crawl.warc.gz", "-", "./baolaocai", "x/y"],
                &[],
                paths(&["page.html", "crawl.warc.gz", "-", "./baolaocai", "x/y"]),
            ),
            (&["pages"], &["pages"], paths(&["pages"])),
            (&["baolaocai"], &["baolaocai"], refused(both)),
            (&["baolaocia"], &[], refused(unknown)),
            (&["baolaocai", "page.html"], &[], refused("baolaocai and page.html: a paper and saved pages: check the one or the other")),
        ] {
            assert_eq!(told(given, on_disk), expected, "{given:?}");
        }
    }
}
