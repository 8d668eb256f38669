//! What is known of each newspaper, and how are its pages read?
//!
//! `selectors.toml` is read once, at the start, whole: every selector and pattern in it is compiled, and every fault is told with
//! its line before anything else is done.
//!
//! * [`Rulebook`]: the file, read; finds a paper by its id, by an address, or by a word nearly right
//! * [`Rules`]: what to take of a page and what to drop, of a paper or of a family of content systems
//! * [`by_server`], [`gap`]: which papers answer from one server, and its pace
//! * [`Host`], [`Sitemap`]: whose an address is, and where a paper lists its articles
//! * [`Faults`]: what is wrong with the file, and what would be right

mod address;
mod css;
mod fault;
mod language;
mod lines;
mod nearest;
mod pattern;
mod province;
mod read;
mod read_paper;
mod read_rules;
mod rules;
mod section;
mod server;

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use scraper::Selector;
use url::Url;

pub use address::{Host, Sitemap};
pub use fault::{Fault, Faults};
pub use rules::{CaptionAfterPicture, Drops, Field, FirstParagraph, Older, Reason, Rules, Source, Take, TextRules};
pub use server::{by_server, gap};

use address::HostBook;

/// All that selectors.toml says, compiled.
#[derive(Debug)]
pub struct Rulebook {
    papers: Vec<Paper>,
    families: Vec<Family>,
    text: TextRules,
    script_strings: Vec<String>,
    paper_by_id: HashMap<String, usize>,
    family_by_id: HashMap<String, usize>,
    hosts: HostBook,
    lines: HashMap<String, usize>,
}

impl Rulebook {
    /// Reads the text of a selectors.toml. `file` is its name, for messages alone.
    ///
    /// # Errors
    ///
    /// Every fault of the file at once, each with its line and column.
    pub fn read(toml: &str, file: &str) -> Result<Self, Faults> {
        read::rulebook(toml, file)
    }

    /// The rulebook that is built into the program, read on first use.
    ///
    /// # Panics
    ///
    /// Never: a test reads the same text.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<Rulebook> = LazyLock::new(|| match Rulebook::read(Rulebook::BUILT_IN, "selectors.toml") {
            Ok(rulebook) => rulebook,
            Err(faults) => {
                panic!("the selectors.toml in this program is unsound\n{faults}")
            }
        });
        &BUILT_IN
    }

    /// The text of the rulebook that is built into the program.
    pub const BUILT_IN: &'static str = include_str!("../../selectors.toml");

    /// The papers in the order of the file.
    #[must_use]
    pub fn papers(&self) -> &[Paper] {
        &self.papers
    }

    /// The families in the order of the file.
    #[must_use]
    pub fn families(&self) -> &[Family] {
        &self.families
    }

    /// The text rules for all papers.
    #[must_use]
    pub fn text(&self) -> &TextRules {
        &self.text
    }

    /// The names of the strings that any of the rules looks for in inline scripts, sorted: no other script need be kept.
    #[must_use]
    pub fn script_strings(&self) -> &[String] {
        &self.script_strings
    }

    /// The paper with this id.
    #[must_use]
    pub fn paper(&self, id: &str) -> Option<&Paper> {
        self.paper_by_id.get(id).map(|&place| &self.papers[place])
    }

    /// The family with this id.
    #[must_use]
    pub fn family(&self, id: &str) -> Option<&Family> {
        self.family_by_id.get(id).map(|&place| &self.families[place])
    }

    /// The line of the file, from 1, on which a key below `papers` or `families` stands: `papers.baolaocai.take.body`. `None` when it
    /// stands nowhere.
    #[must_use]
    pub fn line(&self, key: &str) -> Option<usize> {
        self.lines.get(key).copied()
    }

    /// The paper that an address belongs to: the one with its host, and of several on one host the one with the longest path.
    ///
    /// Old hosts count, and so do `www.`, `m.` and `amp.` before a host. Any other host below a paper's does not: some servers
    /// answer to every name.
    #[must_use]
    pub fn paper_of(&self, url: &Url) -> Option<&Paper> {
        self.hosts.find(url).map(|place| &self.papers[place])
    }

    /// The id of the paper that was meant by a word nearly right: by an id, or by a host.
    #[must_use]
    pub fn nearest(&self, word: &str) -> Option<&str> {
        let bare = word.split_once("://").map_or(word, |(_, rest)| rest).trim_end_matches('/');
        let names = |paper: &'_ Paper| paper.hosts.iter().chain(&paper.old_hosts).map(Host::to_string).collect::<Vec<_>>();
        let hosts: Vec<(String, &str)> =
            self.papers.iter().flat_map(|paper| names(paper).into_iter().map(|host| (host, paper.id.as_str()))).collect();
        let known = self.papers.iter().map(|paper| paper.id.as_str()).chain(hosts.iter().map(|(host, _)| host.as_str()));
        let found = nearest::nearest(bare, known)?;
        match self.paper(found) {
            Some(paper) => Some(&paper.id),
            None => hosts.iter().find(|(host, _)| host == found).map(|(_, id)| *id),
        }
    }
}

/// A family of papers whose pages one content system makes.
#[derive(Debug)]
pub struct Family {
    /// What it is, for people.
    pub about: Option<String>,
    /// A page that bears one of these is of this family.
    pub marks: Option<Selector>,
    /// How its pages are read.
    pub rules: Rules,
}

impl Family {
    /// Its id in selectors.toml.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.rules.id
    }
}

/// A newspaper.
#[derive(Debug)]
pub struct Paper {
    /// Its id in selectors.toml: lower-case ASCII letters, digits and hyphens.
    pub id: String,
    /// Its name: `Báo Lào Cai`.
    pub name: String,
    /// The province as it is named since 1 July 2025; `None` for a national paper.
    pub province: Option<String>,
    /// The provinces of before July 2025 that it writes about.
    pub provinces_before: Vec<String>,
    /// The hosts on which it answers, the main one first; never empty.
    pub hosts: Vec<Host>,
    /// Hosts on which it answered once: addresses on them are still this paper's.
    pub old_hosts: Vec<Host>,
    /// The id of the family that its pages are of; always one of the rulebook's.
    pub family: Option<String>,
    /// On what its rules stand.
    pub evidence: Evidence,
    /// BCP 47.
    pub language: String,
    /// The marks with which its articles begin, as printed, without brackets and dash.
    pub datelines: Vec<String>,
    /// The forms of its articles' addresses, matched on path and query. A group named `id` is the paper's own number.
    pub article_address: Vec<Regex>,
    /// The forms of addresses that are no articles, though they may look so.
    pub not_article_address: Vec<Regex>,
    /// The query parameters that are part of an article's identity.
    pub identity_query: Vec<String>,
    /// Pages that list articles.
    pub start_pages: Vec<Url>,
    /// RSS and Atom feeds.
    pub feeds: Vec<Url>,
    /// Sitemaps.
    pub sitemaps: Vec<Sitemap>,
    /// Requests a second to its host: more than 0, at most 50.
    pub requests_per_second: f64,
    /// The id of the paper with which it shares a server, and so a pace; that paper names none itself.
    pub same_server_as: Option<String>,
    /// What is its own in how its pages are read; mostly little, beside its family's rules.
    pub rules: Rules,
}

impl Paper {
    /// Whether an address is an article's. `None` when the paper names no form for the addresses of its articles and none against.
    ///
    /// `address` is path and query.
    #[must_use]
    pub fn is_article(&self, address: &str) -> Option<bool> {
        let any = |forms: &[Regex]| forms.iter().any(|form| form.is_match(address));
        if any(&self.not_article_address) {
            return Some(false);
        }
        (!self.article_address.is_empty()).then(|| any(&self.article_address))
    }

    /// Whether selectors.toml names a place where it lists its articles. A closed paper has none: its pages are still read, but nobody
    /// visits it unasked.
    #[must_use]
    pub fn lists_articles(&self) -> bool {
        !self.start_pages.is_empty() || !self.feeds.is_empty() || !self.sitemaps.is_empty()
    }

    /// The paper's own number for the article, when the form of its address holds one.
    ///
    /// `address` is path and query.
    #[must_use]
    pub fn article_number<'a>(&self, address: &'a str) -> Option<&'a str> {
        self.article_address.iter().find_map(|form| Some(form.captures(address)?.name("id")?.as_str()))
    }
}

/// On what the rules of a paper stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Evidence {
    /// A page of the paper was read.
    Page,
    /// Somebody's program says so.
    Code,
    /// Nobody saw it.
    #[default]
    Guess,
}

impl Evidence {
    /// All three, the firmest first.
    pub const ALL: [Self; 3] = [Self::Page, Self::Code, Self::Guess];

    /// The word that stands in selectors.toml.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Code => "code",
            Self::Guess => "guess",
        }
    }
}
