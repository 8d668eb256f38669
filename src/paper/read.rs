//! What does this selectors.toml say?

use std::collections::HashMap;

use regex::Regex;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::address::{Host, HostBook};
use super::fault::{Faults, Findings, Shown};
use super::lines::lines;
use super::nearest::nearest;
use super::read_rules::{Owner, place_of_rule};
use super::section::{Placed, Section};
use super::{Family, Paper, Rulebook, Rules, TextRules, css};

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
    let mut rulebook = reader.file(Section::file(tree.get_ref()));
    rulebook.lines = lines(tree.get_ref(), &reader.findings);
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
    pub(super) servers_named: Vec<(usize, Placed<String>)>,
    /// Whose each host is, and where that stands.
    pub(super) hosts_claimed: HashMap<Host, Placed<String>>,
    /// Requests a second where a paper says nothing.
    pace: f64,
}

impl Reader<'_> {
    fn no_toml(&mut self, error: &Error) {
        // What the parser says of the commonest slips, and what mends them.
        const HINTS: [(&str, &str); 8] = [
            ("escape", "put what has a backslash in it in single quotes: '-post(?<id>\\d+)\\.html$'"),
            ("must be quoted", "words stand in quotes: name = \"Báo Lào Cai\""),
            ("string, expected `\"`", "close the quotes"),
            ("string, expected `'`", "close the quotes"),
            ("unclosed array", "close the bracket: ]"),
            ("unclosed table", "close the bracket: ]"),
            ("expected newline", "each key has a line of its own"),
            ("invalid date", "write a day as 2021-06-30"),
        ];
        let message = error.message();
        let span = error.span().unwrap_or(0..0);
        let at = span.start;
        if message == "duplicate key" {
            let what = format!("duplicate key \"{}\"", Shown(self.findings.words(span)));
            self.findings.wrong(at, what, "it stands in the file before: make one of the two".to_owned());
            return;
        }
        let hint = HINTS.iter().find(|(slip, _)| message.contains(slip)).map(|(_, hint)| (*hint).to_owned());
        self.findings.syntax(at, format!("no TOML: {}", Shown(message)), hint);
    }

    fn file(&mut self, mut file: Section<'_>) -> Rulebook {
        if let Some(mut defaults) = file.section("defaults", &mut self.findings) {
            self.pace = self.pace_of(&mut defaults);
            defaults.done(|_| None, &mut self.findings);
        }
        let text = self.text_for_all(&mut file);
        let families: Vec<Family> =
            self.named("families", &mut file).into_iter().map(|(id, section)| self.family_of_papers(id, section)).collect();
        let named = self.named("papers", &mut file);
        let nothing = match file.item("papers").map(Spanned::get_ref) {
            None => true,
            Some(DeValue::Table(table)) => table.is_empty(),
            // Another fault tells what stands there.
            Some(_) => false,
        };
        let mut hosts = HostBook::default();
        let papers: Vec<Paper> =
            named.into_iter().enumerate().map(|(place, (id, section))| self.paper(place, id, section, &mut hosts)).collect();
        let misspelt = file.done(|_| None, &mut self.findings);
        if nothing && !misspelt {
            let hint = "a paper is a table such as [papers.baolaocai]".to_owned();
            self.findings.missing(0, "no paper in this file", hint);
        }
        self.look_up_families(&families);
        self.look_up_servers(&papers);
        let paper_by_id = papers.iter().map(|paper| paper.id.clone()).zip(0..).collect();
        let family_by_id = families.iter().map(|family| family.rules.id.clone()).zip(0..).collect();
        let rules = papers.iter().map(|paper| &paper.rules).chain(families.iter().map(|family| &family.rules));
        let mut script_strings: Vec<String> = rules.flat_map(Rules::script_strings).map(str::to_owned).collect();
        script_strings.sort_unstable();
        script_strings.dedup();
        Rulebook { papers, families, text, script_strings, paper_by_id, family_by_id, hosts, lines: HashMap::new() }
    }

    /// The tables under `families` or `papers`.
    fn named<'t>(&mut self, key: &'static str, file: &mut Section<'t>) -> Vec<(&'t str, Section<'t>)> {
        let section = file.section(key, &mut self.findings);
        section.map(|section| section.all_sections(&mut self.findings)).unwrap_or_default()
    }

    fn text_for_all(&mut self, file: &mut Section<'_>) -> TextRules {
        let Some(mut text) = file.section("text", &mut self.findings) else {
            return TextRules::default();
        };
        let rules = self.text(&mut text);
        let of_one = |key: &str| {
            let hint = "it belongs to one family or paper: text.caption_after_picture under [families.…] or [papers.…]";
            (key == "caption_after_picture").then(|| hint.to_owned())
        };
        text.done(of_one, &mut self.findings);
        rules
    }

    fn family_of_papers(&mut self, id: &str, mut section: Section<'_>) -> Family {
        self.check_id(id, &section);
        let about = section.word("about", "a few words", &mut self.findings).map(|about| about.it);
        let marks = section.strings("marks", "a selector", &mut self.findings);
        let marks = css::compile(&marks, &mut self.findings);
        let rules = self.rules(&mut section, Owner::Family(id));
        section.done(place_of_rule, &mut self.findings);
        Family { about, marks, rules }
    }

    /// An id is typed on command lines and names a folder.
    pub(super) fn check_id(&mut self, id: &str, section: &Section<'_>) {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if id.is_empty() || id.starts_with('-') || !id.bytes().all(plain) {
            let hint = "an id has lower-case letters a to z, digits and hyphens alone, such as \"baolaocai\"".to_owned();
            self.findings.wrong(section.at, format!("\"{}\" is no id", Shown(id)), hint);
        }
    }

    pub(super) fn pace_of(&mut self, section: &mut Section<'_>) -> f64 {
        const KEY: &str = "requests_per_second";
        let Some(pace) = section.number(KEY, &mut self.findings) else {
            return self.pace;
        };
        if pace.it > 0.0 && pace.it <= 50.0 {
            return pace.it;
        }
        let what = format!("{}: a pace is a number above 0 and at most 50", section.path_of(KEY));
        self.findings.wrong(pace.at, what, "0.5 is one request in two seconds".to_owned());
        self.pace
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
            self.findings.missing(named.at, format!("unknown family \"{}\"", Shown(&named.it)), hint);
        }
    }

    fn look_up_servers(&mut self, papers: &[Paper]) {
        for (place, named) in std::mem::take(&mut self.servers_named) {
            let shown = Shown(&named.it);
            let Some(other) = papers.iter().position(|paper| paper.id == named.it) else {
                let near = nearest(&named.it, papers.iter().map(|paper| paper.id.as_str()));
                let hint = near.map(|near| format!("did you mean \"{near}\"?"));
                self.findings.missing(named.at, format!("same_server_as: unknown paper \"{shown}\""), hint);
                continue;
            };
            if other == place {
                let hint = "name the other paper, or take the line away".to_owned();
                self.findings.wrong(named.at, "same_server_as: a paper names itself", hint);
            } else if let Some(third) = &papers[other].same_server_as {
                let what = format!("same_server_as: \"{shown}\" itself shares the server of \"{}\"", Shown(third));
                self.findings.wrong(named.at, what, "let all papers of a server name one of them, and that one none".to_owned());
            }
        }
    }
}
