//! What does this table say about a paper?

use url::Url;

use super::address::{Host, HostBook, Sitemap, read_url, spellings};
use super::fault::{Shown, Wrong};
use super::read::Reader;
use super::read_rules::{Owner, place_of_rule};
use super::section::{Placed, Section, bare, choice};
use super::{Evidence, Paper, language, province};

impl Reader<'_> {
    /// A paper that stands at a `place` in the file; its hosts are entered in the book.
    pub(super) fn paper(&mut self, place: usize, id: &str, mut section: Section<'_>, book: &mut HostBook) -> Paper {
        self.check_id(id, &section);
        let name = self.name(&mut section);
        let hosts = self.hosts("hosts", id, &mut section);
        let old_hosts = self.hosts("old_hosts", id, &mut section);
        for host in hosts.iter().chain(&old_hosts) {
            book.enter(host, place);
        }
        let listed = section.items("hosts").len();
        if listed == 0 {
            let hint = "write hosts = [\"baolaocai.vn\"], the main one first".to_owned();
            self.findings.missing(section.at, format!("{} has no hosts", section.path), hint);
        }
        let site = Site { hosts: &hosts, old_hosts: &old_hosts, whole: hosts.len() == listed };
        let start_pages = self.addresses("start_pages", &mut section, &site);
        let feeds = self.addresses("feeds", &mut section, &site);
        let sitemaps = self.sitemaps(&mut section, &site);
        let same_server_as = section.word("same_server_as", "the id of a paper", &mut self.findings);
        self.servers_named.extend(same_server_as.iter().map(|other| (place, other.clone())));
        let identity_query = section.words("identity_query", "the name of a query parameter", &mut self.findings);
        let evidence = choice(&mut section, "evidence", &Evidence::ALL, Evidence::name, &mut self.findings);
        let paper = Paper {
            id: id.to_owned(),
            name,
            province: self.province(&mut section),
            provinces_before: self.provinces_before(&mut section),
            family: self.family(&mut section, Owner::Paper(id)),
            evidence: evidence.unwrap_or_default(),
            language: self.language(&mut section),
            datelines: self.datelines(&mut section),
            article_address: self.patterns(&mut section, "article_address"),
            not_article_address: self.patterns(&mut section, "not_article_address"),
            identity_query: bare(identity_query),
            start_pages,
            feeds,
            sitemaps,
            requests_per_second: self.pace_of(&mut section),
            same_server_as: same_server_as.map(|other| other.it),
            rules: self.rules(&mut section, Owner::Paper(id)),
            hosts,
            old_hosts,
        };
        section.done(place_of_rule, &mut self.findings);
        paper
    }

    fn name(&mut self, section: &mut Section<'_>) -> String {
        if !section.has_any(&["name"]) {
            let hint = "write name = \"Báo Lào Cai\"".to_owned();
            self.findings.missing(section.at, format!("{} has no name", section.path), hint);
        }
        section.word("name", "a name", &mut self.findings).map(|name| name.it).unwrap_or_default()
    }

    fn hosts(&mut self, key: &'static str, id: &str, section: &mut Section<'_>) -> Vec<Host> {
        let mut hosts = Vec::new();
        for text in section.strings(key, "a host", &mut self.findings) {
            let host = match Host::read(text.it) {
                Ok(host) => host,
                Err(wrong) => {
                    self.wrong_word(&text, wrong);
                    continue;
                }
            };
            if let Some(owner) = self.hosts_claimed.get(&host) {
                let line = self.findings.line(owner.at);
                let what = format!("\"{}\" is a host of papers.{} already (line {line})", Shown(text.it), Shown(&owner.it));
                let hint = "a host is one paper's; a second edition on it is told by its path: \"baocantho.com.vn/khmer\"".to_owned();
                self.findings.wrong(text.at, what, hint);
                continue;
            }
            self.hosts_claimed.insert(host.clone(), Placed { at: text.at, it: id.to_owned() });
            hosts.push(host);
        }
        hosts
    }

    fn addresses(&mut self, key: &'static str, section: &mut Section<'_>, site: &Site<'_>) -> Vec<Url> {
        let list = section.strings(key, "an address", &mut self.findings);
        let read = |text: &Placed<&str>| self.address(text, site, |text| read_url(text).map(|url| (url.clone(), url)));
        list.iter().filter_map(read).collect()
    }

    fn sitemaps(&mut self, section: &mut Section<'_>, site: &Site<'_>) -> Vec<Sitemap> {
        let list = section.strings("sitemaps", "an address", &mut self.findings);
        list.iter().filter_map(|text| self.address(text, site, Sitemap::read)).collect()
    }

    /// An address on one of the paper's hosts.
    fn address<T>(&mut self, text: &Placed<&str>, site: &Site<'_>, read: impl Fn(&str) -> Result<(T, Url), Wrong>) -> Option<T> {
        let read = read(text.it).and_then(|(found, url)| site.check(&url).map(|()| found));
        read.map_err(|wrong| self.wrong_word(text, wrong)).ok()
    }

    fn wrong_word(&mut self, text: &Placed<&str>, wrong: Wrong) {
        let what = format!("\"{}\": {}", Shown(text.it), wrong.what);
        self.findings.wrong(text.at, what, wrong.hint);
    }

    fn province(&mut self, section: &mut Section<'_>) -> Option<String> {
        let name = section.word("province", "a province", &mut self.findings)?;
        if let Err(hint) = province::check_today(&name.it) {
            let what = format!("\"{}\" is no province since 1 July 2025", Shown(&name.it));
            self.findings.wrong(name.at, what, hint);
        }
        Some(name.it)
    }

    fn provinces_before(&mut self, section: &mut Section<'_>) -> Vec<String> {
        let names = section.words("provinces_before", "a province", &mut self.findings);
        for name in &names {
            if let Err(hint) = province::check_before(&name.it) {
                let what = format!("\"{}\" was no province before July 2025", Shown(&name.it));
                self.findings.wrong(name.at, what, hint);
            }
        }
        bare(names)
    }

    fn language(&mut self, section: &mut Section<'_>) -> String {
        let Some(tag) = section.word("language", "a language", &mut self.findings) else {
            return "vi".to_owned();
        };
        if let Err(hint) = language::check(&tag.it) {
            self.findings.wrong(tag.at, format!("\"{}\" is no language tag", Shown(&tag.it)), hint);
        }
        tag.it
    }

    fn datelines(&mut self, section: &mut Section<'_>) -> Vec<String> {
        let marks = section.words("datelines", "a mark", &mut self.findings);
        for mark in &marks {
            let bare = mark.it.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | '-' | '–' | '—') || c.is_whitespace());
            if bare != mark.it {
                let what = format!("\"{}\": a dateline stands without its brackets and dash", Shown(&mark.it));
                self.findings.wrong(mark.at, what, format!("write \"{}\"", Shown(bare)));
            }
        }
        bare(marks)
    }
}

/// The hosts that a paper's addresses must be on.
struct Site<'a> {
    hosts: &'a [Host],
    old_hosts: &'a [Host],
    /// Whether all of its hosts could be read: else nothing is said against an address.
    whole: bool,
}

impl Site<'_> {
    fn check(&self, url: &Url) -> Result<(), Wrong> {
        let name = url.host_str().unwrap_or_default();
        let among = |hosts: &[Host]| hosts.iter().any(|host| spellings(name).any(|name| name == host.name()));
        if !self.whole || among(self.hosts) {
            return Ok(());
        }
        if among(self.old_hosts) {
            let hint = format!("move \"{name}\" from old_hosts to hosts if it still answers");
            return Err(Wrong::new("this is on an old host of the paper", hint));
        }
        let names: Vec<&str> = self.hosts.iter().map(Host::name).collect();
        let hint = format!("its hosts are {}; add \"{name}\" to hosts if it is the paper's", names.join(", "));
        Err(Wrong::new("this is on no host of the paper", hint))
    }
}
