//! What does a person see of checkups, and what a machine?

use std::fmt::Write as _;

use baotinh::article::Reader;
use baotinh::checkup::{Checkup, FIELDS, Look, Problem, Rule, Summary, Verdict};
use baotinh::paper::{Field, Rulebook};

use crate::cli::Ending;
use crate::cli::table::{Columns, Side};
use crate::cli::talk::Shown;

/// What the letters above the fields stand for.
const LEGEND: &str = "T title, L lead, A authors, D date, S section, G tags, I images: articles with it\n\
                      AGREE: how far the rules keep the words that the reader without rules keeps\n";

/// The letter of a field.
fn letter(field: Field) -> &'static str {
    match field {
        Field::Title => "T",
        Field::Lead => "L",
        Field::Author => "A",
        Field::Published => "D",
        Field::Section => "S",
        Field::Tags => "G",
        _ => "I",
    }
}

/// What checkups are shown as.
pub struct Show<'a> {
    /// The rules.
    pub book: &'a Rulebook,
    /// What their file is called.
    pub file: &'a str,
    /// Objects instead of a table.
    pub json: bool,
    /// Also what needs nobody.
    pub notes: bool,
}

impl Show<'_> {
    /// A table, and below it a line for each problem; or an object a line.
    pub fn all(&self, seen: &[Checkup]) -> String {
        let summaries: Vec<Summary> = seen.iter().map(|checkup| checkup.summary(self.book)).collect();
        if self.json {
            return summaries.iter().map(|summary| summary.line() + "\n").collect();
        }
        let mut out = table(seen, &summaries);
        out += LEGEND;
        let lines: String = summaries.iter().map(|summary| self.problems(summary)).collect();
        if !lines.is_empty() {
            out.push('\n');
        }
        out + &lines
    }

    fn problems(&self, summary: &Summary) -> String {
        let site = summary.site.as_deref().unwrap_or("(no known paper)");
        let shown = summary.problems.iter().filter(|problem| self.notes || problem.verdict != Verdict::Fits);
        shown.map(|problem| self.problem(site, problem)).collect()
    }

    /// `broken: baolaocai: what was seen — what to do: rules; seen at …`.
    fn problem(&self, site: &str, problem: &Problem) -> String {
        let kind = if problem.verdict == Verdict::Fits { "note" } else { problem.verdict.name() };
        let mut line = format!("{kind}: {site}: {} — {}", problem.what, problem.advice);
        let rules: Vec<String> = problem.rules.iter().map(|rule| self.rule(rule, site)).collect();
        if !rules.is_empty() {
            let _ = write!(line, ": {}", rules.join(", "));
        }
        if let Some(page) = problem.pages.first() {
            let _ = write!(line, "; seen at {page}");
        }
        format!("{}\n", Shown(&line))
    }

    /// `families.epi.take.body (selectors.toml:51)`.
    pub fn rule(&self, rule: &Rule, site: &str) -> String {
        match (rule.line, self.book.line(&format!("papers.{site}"))) {
            (Some(line), _) => format!("{} ({}:{line})", rule.key, self.file),
            (None, Some(line)) => format!("{} (not written yet; the paper is at {}:{line})", rule.key, self.file),
            (None, None) => rule.key.clone(),
        }
    }
}

/// How a command ends that saw this.
pub fn ending(seen: &[Checkup], book: &Rulebook) -> Ending {
    if seen.iter().any(|checkup| checkup.summary(book).verdict.is_trouble()) { Ending::Look } else { Ending::Well }
}

/// `67 papers: 60 fits, 5 look, 2 broken`.
pub fn sentence(seen: &[Checkup], book: &Rulebook) -> String {
    let verdicts: Vec<Verdict> = seen.iter().map(|checkup| checkup.summary(book).verdict).collect();
    let count = |verdict: &Verdict| verdicts.iter().filter(|other| *other == verdict).count();
    let counts = Verdict::ALL.iter().map(|verdict| (verdict, count(verdict))).filter(|(_, count)| *count > 0);
    let parts: Vec<String> = counts.map(|(verdict, count)| format!("{count} {}", verdict.name())).collect();
    format!("{} paper{}: {}", seen.len(), if seen.len() == 1 { "" } else { "s" }, parts.join(", "))
}

fn two(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"))
}

/// A line a paper; with its listings, when there were any.
fn table(seen: &[Checkup], summaries: &[Summary]) -> String {
    let with_lists = seen.iter().any(|checkup| checkup.listings().1 > 0 || checkup.stopped);
    let lists = if with_lists { &[("LISTS", Side::Right), ("FOUND", Side::Right)][..] } else { &[] };
    let mut heads = vec![("SITE", Side::Left)];
    heads.extend(lists);
    heads.extend([("READ", Side::Right), ("BY", Side::Left)]);
    heads.extend(FIELDS.map(|field| (letter(field), Side::Right)));
    heads.extend([("AGREE", Side::Right), ("VERDICT", Side::Left)]);
    let row = |(checkup, summary): (&Checkup, &Summary)| {
        let mut row = vec![checkup.site.clone().unwrap_or_else(|| "-".to_owned())];
        if with_lists {
            let (came, all) = checkup.listings();
            row.extend([format!("{came}/{all}"), checkup.found.to_string()]);
        }
        let (read, all) = checkup.articles();
        row.extend([format!("{read}/{all}"), checkup.reader().map_or("-", Reader::name).to_owned()]);
        row.extend(checkup.filled().map(|count| if read == 0 { "-".to_owned() } else { count.to_string() }));
        row.extend([two(summary.agreement), summary.verdict.name().to_owned()]);
        row
    };
    Columns::new(heads).table(&seen.iter().zip(summaries).map(row).collect::<Vec<_>>())
}

/// The columns of [`page`]; they stand before the first page is read.
pub fn pages(book: &Rulebook) -> Columns {
    let longest = book.papers().iter().map(|paper| paper.id.len()).max().unwrap_or(0);
    let columns = Columns::new(vec![
        ("VERDICT", Side::Left),
        ("SITE", Side::Left),
        ("BY", Side::Left),
        ("FIELDS", Side::Left),
        ("WORDS", Side::Right),
        ("AGREE", Side::Right),
        ("PAGE", Side::Left),
    ]);
    columns.widen(1, longest).widen(2, "generic".len()).widen(3, FIELDS.len())
}

/// A saved page: what it holds by the letters of its fields, a dash for each that is empty.
pub fn page(look: &Look) -> Vec<String> {
    let mut row = vec![look.verdict().name().to_owned(), look.site.clone().unwrap_or_else(|| "-".to_owned())];
    let place = Shown(&look.place);
    match &look.outcome {
        Err(miss) => {
            let nothing = || "-".to_owned();
            row.extend([nothing(), "-".repeat(FIELDS.len()), nothing(), nothing(), format!("{place} ({miss})")]);
        }
        Ok(read) => {
            let letters = FIELDS.iter().zip(read.filled).map(|(field, filled)| if filled { letter(*field) } else { "-" }).collect();
            let agree = two(read.agreement.map(baotinh::checkup::Agreement::f1));
            row.extend([read.by.name().to_owned(), letters, read.words.to_string(), agree, place.to_string()]);
        }
    }
    row
}
