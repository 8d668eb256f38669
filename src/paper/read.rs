//! What does this selectors.toml say?

use std::collections::HashMap;

use regex::Regex;
use toml::de::{DeTable, Error};
use url::Url;

use super::address::{Host, HostBook, Sitemap, read_url, spellings};
use super::fault::{Faults, Findings, Shown};
use super::nearest::nearest;
use super::read_rules::{Owner, place_of_rule};
use super::section::{Placed, Section, choice};
use super::{Evidence, Family, Paper, Rulebook, css, language, province};

/// Reads the whole file; see [`Rulebook::read`].
pub(super) fn rulebook(toml: &str, file: &str) -> Result<Rulebook, Faults> {
    let mut reader = Reader {
        findings: Findings::new(toml),
        patterns_known: HashMap::new(),
        families_named: Vec::new(),
        servers_named: Vec::new(),
        hosts_claimed: HashMap::new(),
        pace: 1.0,
    };
    let (tree, errors) = DeTable::parse_recoverable(toml);
    for error in &errors {
        reader.no_toml(error);
    }
    let rulebook = reader.file(Section::file(tree.get_ref()));
    reader.findings.into_result(file)?;
    Ok(rulebook)
}

/// What is known while the file is read.
pub(super) struct Reader<'t> {
    pub(super) findings: Findings<'t>,
    /// Each pattern compiled so far.
    pub(super) patterns_known: HashMap<String, Regex>,
    /// Each mention of a family; looked up when all families are read.
    pub(super) families_named: Vec<Placed<String>>,
    /// Each `same_server_as`, with the place of its paper; looked up when all papers are read.
    servers_named: Vec<(usize, Placed<String>)>,
    /// Whose each host is, and where that stands.
    hosts_claimed: HashMap<Host, Placed<String>>,
    /// Requests a second where a paper says nothing.
    pace: f64,
}

impl Reader<'_> {
    fn no_toml(&mut self, error: &Error) {
        let message = error.message();
        let span = error.span().unwrap_or(0..0);
        let at = span.start;
        if message == "duplicate key" {
            let key = Shown(self.findings.words(span)).to_string();
            self.findings.wrong(
                at,
                format!("{key} stands here a second time"),
                "make one of the two".to_owned(),
            );
            return;
        }
        let hint = if message.contains("escape") {
            Some("put what has a backslash in it in single quotes: '-post(?<id>\\d+)\\.html$'")
        } else if message.contains("date") || message.contains("time") {
            Some("write a day as 2021-06-30")
        } else {
            None
        };
        self.findings.syntax(
            at,
            format!("no TOML: {}", Shown(message)),
            hint.map(str::to_owned),
        );
    }

    fn file(&mut self, mut file: Section<'_>) -> Rulebook {
        if let Some(mut defaults) = file.section("defaults", &mut self.findings) {
            self.pace = self.pace_of(&mut defaults);
            defaults.done(|_| None, &mut self.findings);
        }
        let text = file.section("text", &mut self.findings).map(|mut text| {
            let rules = self.text(&mut text);
            let own = |key: &str| {
                (key == "caption_after_picture").then(|| {
                    "it belongs to a family or a paper: text.caption_after_picture there".to_owned()
                })
            };
            text.done(own, &mut self.findings);
            rules
        });
        let families = match file.section("families", &mut self.findings) {
            Some(section) => section.all_sections(&mut self.findings),
            None => Vec::new(),
        };
        let families: Vec<Family> = families
            .into_iter()
            .map(|(id, section)| self.family_of_papers(id, section))
            .collect();
        let papers = match file.section("papers", &mut self.findings) {
            Some(section) => section.all_sections(&mut self.findings),
            None => Vec::new(),
        };
        if papers.is_empty() {
            let hint = "a paper is a table such as [papers.baolaocai]".to_owned();
            self.findings.missing(0, "no paper in this file", hint);
        }
        let mut hosts = HostBook::default();
        let papers: Vec<Paper> = papers
            .into_iter()
            .enumerate()
            .map(|(place, (id, section))| self.paper(place, id, section, &mut hosts))
            .collect();
        file.done(|_| None, &mut self.findings);
        self.look_up_families(&families);
        self.look_up_servers(&papers);
        let paper_by_id = papers
            .iter()
            .enumerate()
            .map(|(place, paper)| (paper.id.clone(), place))
            .collect();
        let family_by_id = families
            .iter()
            .enumerate()
            .map(|(place, family)| (family.rules.id.clone(), place))
            .collect();
        Rulebook {
            papers,
            families,
            text: text.unwrap_or_default(),
            paper_by_id,
            family_by_id,
            hosts,
        }
    }

    fn family_of_papers(&mut self, id: &str, mut section: Section<'_>) -> Family {
        self.check_id(id, &section);
        let about = section
            .word("about", "a few words", &mut self.findings)
            .map(|about| about.it);
        let marks = section.strings("marks", "a selector", &mut self.findings);
        let marks = css::compile(&marks, &mut self.findings);
        let rules = self.rules(&mut section, Owner::Family(id));
        section.done(place_of_rule, &mut self.findings);
        Family {
            about,
            marks,
            rules,
        }
    }

    fn paper(
        &mut self,
        place: usize,
        id: &str,
        mut section: Section<'_>,
        book: &mut HostBook,
    ) -> Paper {
        self.check_id(id, &section);
        let name = self.name(&mut section);
        let hosts = self.hosts("hosts", id, &mut section);
        let old_hosts = self.hosts("old_hosts", id, &mut section);
        for host in hosts.iter().chain(&old_hosts) {
            book.enter(host, place);
        }
        if !section.has_any(&["hosts"]) || section.items("hosts").is_empty() {
            let hint = "write hosts = [\"baolaocai.vn\"], the main one first".to_owned();
            self.findings
                .missing(section.at, format!("{} has no hosts", section.path), hint);
        }
        let whole = hosts.len() == section.items("hosts").len();
        let site = Site {
            hosts: &hosts,
            old_hosts: &old_hosts,
            whole,
        };
        let start_pages = self.addresses("start_pages", &mut section, &site);
        let feeds = self.addresses("feeds", &mut section, &site);
        let sitemaps = self.sitemaps(&mut section, &site);
        let same_server_as =
            section.word("same_server_as", "the id of a paper", &mut self.findings);
        if let Some(other) = &same_server_as {
            self.servers_named.push((place, other.clone()));
        }
        let mut words = |key, noun| -> Vec<String> {
            section
                .words(key, noun, &mut self.findings)
                .into_iter()
                .map(|word| word.it)
                .collect()
        };
        let identity_query = words("identity_query", "the name of a query parameter");
        let paper = Paper {
            id: id.to_owned(),
            name,
            province: self.province(&mut section),
            provinces_before: self.provinces_before(&mut section),
            family: self.family(&mut section, Owner::Paper(id)),
            evidence: choice(
                &mut section,
                "evidence",
                &Evidence::ALL,
                Evidence::name,
                &mut self.findings,
            )
            .unwrap_or_default(),
            language: self.language(&mut section),
            datelines: self.datelines(&mut section),
            article_address: self.patterns(&mut section, "article_address"),
            not_article_address: self.patterns(&mut section, "not_article_address"),
            identity_query,
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

    /// An id is typed on command lines and names a folder.
    fn check_id(&mut self, id: &str, section: &Section<'_>) {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if id.is_empty() || id.starts_with('-') || !id.bytes().all(plain) {
            let hint = "an id has lower-case letters a to z, digits and hyphens alone, such as \"baolaocai\"".to_owned();
            self.findings
                .wrong(section.at, format!("\"{}\" is no id", Shown(id)), hint);
        }
    }

    fn name(&mut self, section: &mut Section<'_>) -> String {
        if !section.has_any(&["name"]) {
            let hint = "write name = \"Báo Lào Cai\"".to_owned();
            self.findings
                .missing(section.at, format!("{} has no name", section.path), hint);
        }
        section
            .word("name", "a name", &mut self.findings)
            .map(|name| name.it)
            .unwrap_or_default()
    }

    fn pace_of(&mut self, section: &mut Section<'_>) -> f64 {
        const KEY: &str = "requests_per_second";
        let Some(pace) = section.number(KEY, &mut self.findings) else {
            return self.pace;
        };
        if pace.it > 0.0 && pace.it <= 50.0 {
            return pace.it;
        }
        let what = format!(
            "{}: a pace is a number above 0 and at most 50",
            section.path_of(KEY)
        );
        self.findings.wrong(
            pace.at,
            what,
            "0.5 is one request in two seconds".to_owned(),
        );
        self.pace
    }

    fn hosts(&mut self, key: &'static str, id: &str, section: &mut Section<'_>) -> Vec<Host> {
        let mut hosts = Vec::new();
        for text in section.strings(key, "a host", &mut self.findings) {
            let host = match Host::read(text.it) {
                Ok(host) => host,
                Err((what, hint)) => {
                    let hint = Shown(&hint).to_string();
                    self.findings
                        .wrong(text.at, format!("\"{}\": {what}", Shown(text.it)), hint);
                    continue;
                }
            };
            if let Some(owner) = self.hosts_claimed.get(&host) {
                let line = self.findings.line(owner.at);
                let what = format!(
                    "\"{}\" is a host of papers.{} already (line {line})",
                    Shown(text.it),
                    Shown(&owner.it)
                );
                let hint = "a host is one paper's; a second edition on it is told by its path: \"baocantho.com.vn/khmer\"".to_owned();
                self.findings.wrong(text.at, what, hint);
                continue;
            }
            self.hosts_claimed.insert(
                host.clone(),
                Placed {
                    at: text.at,
                    it: id.to_owned(),
                },
            );
            hosts.push(host);
        }
        hosts
    }

    fn addresses(
        &mut self,
        key: &'static str,
        section: &mut Section<'_>,
        site: &Site<'_>,
    ) -> Vec<Url> {
        let list = section.strings(key, "an address", &mut self.findings);
        let read = |text: &Placed<&str>| {
            self.address(text, site, |text| {
                read_url(text).map(|url| (url.clone(), url))
            })
        };
        list.iter().filter_map(read).collect()
    }

    fn sitemaps(&mut self, section: &mut Section<'_>, site: &Site<'_>) -> Vec<Sitemap> {
        let list = section.strings("sitemaps", "an address", &mut self.findings);
        list.iter()
            .filter_map(|text| self.address(text, site, Sitemap::read))
            .collect()
    }

    /// An address on one of the paper's hosts.
    fn address<T>(
        &mut self,
        text: &Placed<&str>,
        site: &Site<'_>,
        read: impl Fn(&str) -> Result<(T, Url), (String, String)>,
    ) -> Option<T> {
        let read = read(text.it).and_then(|(found, url)| site.check(&url).map(|()| found));
        read.map_err(|(what, hint)| {
            self.findings
                .wrong(text.at, format!("\"{}\": {what}", Shown(text.it)), hint)
        })
        .ok()
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
        names.into_iter().map(|name| name.it).collect()
    }

    fn language(&mut self, section: &mut Section<'_>) -> String {
        let Some(tag) = section.word("language", "a language", &mut self.findings) else {
            return "vi".to_owned();
        };
        if let Err(hint) = language::check(&tag.it) {
            self.findings.wrong(
                tag.at,
                format!("\"{}\" is no language tag", Shown(&tag.it)),
                hint,
            );
        }
        tag.it
    }

    fn datelines(&mut self, section: &mut Section<'_>) -> Vec<String> {
        let marks = section.words("datelines", "a mark", &mut self.findings);
        for mark in &marks {
            let bare = mark.it.trim_matches(|c: char| {
                matches!(c, '(' | ')' | '[' | ']' | '-' | '–' | '—') || c.is_whitespace()
            });
            if bare != mark.it {
                let what = format!(
                    "\"{}\": a dateline stands without its brackets and dash",
                    Shown(&mark.it)
                );
                self.findings
                    .wrong(mark.at, what, format!("write \"{}\"", Shown(bare)));
            }
        }
        marks.into_iter().map(|mark| mark.it).collect()
    }

    fn look_up_families(&mut self, families: &[Family]) {
        for named in std::mem::take(&mut self.families_named) {
            if families.iter().any(|family| family.rules.id == named.it) {
                continue;
            }
            let ids: Vec<&str> = families.iter().map(Family::id).collect();
            let hint = match nearest(&named.it, ids.iter().copied()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None if ids.is_empty() => {
                    format!("write its rules under [families.{}]", Shown(&named.it))
                }
                None => format!("known are {}", ids.join(", ")),
            };
            self.findings.missing(
                named.at,
                format!("unknown family \"{}\"", Shown(&named.it)),
                hint,
            );
        }
    }

    fn look_up_servers(&mut self, papers: &[Paper]) {
        for (place, named) in std::mem::take(&mut self.servers_named) {
            let shown = Shown(&named.it);
            let Some(other) = papers.iter().position(|paper| paper.id == named.it) else {
                let near = nearest(&named.it, papers.iter().map(|paper| paper.id.as_str()));
                let hint = near.map(|near| format!("did you mean \"{near}\"?"));
                self.findings.missing(
                    named.at,
                    format!("same_server_as: unknown paper \"{shown}\""),
                    hint,
                );
                continue;
            };
            if other == place {
                let hint = "name the other paper, or take the line away".to_owned();
                self.findings
                    .wrong(named.at, "same_server_as: a paper names itself", hint);
            } else if let Some(third) = &papers[other].same_server_as {
                let what = format!(
                    "same_server_as: \"{shown}\" itself shares the server of \"{}\"",
                    Shown(third)
                );
                self.findings.wrong(
                    named.at,
                    what,
                    "let all papers of a server name one of them, and that one none".to_owned(),
                );
            }
        }
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
    fn check(&self, url: &Url) -> Result<(), (String, String)> {
        let name = url.host_str().unwrap_or_default();
        let among = |hosts: &[Host]| {
            hosts
                .iter()
                .any(|host| spellings(name).any(|name| name == host.name()))
        };
        if !self.whole || among(self.hosts) {
            return Ok(());
        }
        let names: Vec<&str> = self.hosts.iter().map(Host::name).collect();
        let hint = format!(
            "its hosts are {}; add \"{name}\" to hosts if it is the paper's",
            names.join(", ")
        );
        let what = if among(self.old_hosts) {
            "this is on an old host of the paper"
        } else {
            "this is on no host of the paper"
        };
        Err((what.to_owned(), hint))
    }
}
