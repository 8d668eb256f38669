//! What is kept of this page, what is not, and which rule says so?

use std::fmt::Write as _;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;

use baotinh::article::{Article, Reader};
use baotinh::checkup::Rule;
use baotinh::extract::{self as library, Explained, Explanation};
use baotinh::paper::{Field, Rulebook};

use super::show::Show;
use crate::cli::outcome::unbroken;
use crate::cli::refusal::Refusal;
use crate::cli::talk::{Shown, Talk};
use crate::cli::{Ending, extract, print};

/// So many letters of a block are shown: a line of a terminal beside its reason.
const LETTERS: usize = 76;

/// Prints each page's fields and blocks.
pub fn run(paths: Vec<PathBuf>, url: Option<&str>, book: &Rulebook, file: &str, talk: Talk) -> Result<Ending, Refusal> {
    let show = Show { book, file, json: false, notes: true };
    let mut ending = Ending::Well;
    for (number, item) in extract::pages(paths, url)?.enumerate() {
        let explained = item.map_err(|fault| fault.to_string()).and_then(|saved| {
            let explanation = unbroken(&saved.place, AssertUnwindSafe(|| library::account(&saved.page, book)))?;
            Ok((saved.place, explanation))
        });
        match explained {
            Ok((place, explanation)) => {
                if explanation.outcome.is_err() {
                    ending = Ending::Look;
                }
                let gap = if number > 0 { "\n" } else { "" };
                print(&format!("{gap}{}", page(&show, &place, &explanation)))?;
            }
            Err(damage) => {
                ending = Ending::Look;
                talk.damaged(&damage);
            }
        }
    }
    Ok(ending)
}

fn page(show: &Show<'_>, place: &str, explanation: &Explanation) -> String {
    let mut out = match &explanation.outcome {
        Err(miss) => format!("{}: {miss}: {}\n", Shown(place), miss.meaning()),
        Ok(article) => {
            let by = article.rules.as_ref().map(|rules| format!(" {rules}")).unwrap_or_default();
            format!("{}: read by {}{by}\n", Shown(place), article.by.name())
        }
    };
    let article = explanation.outcome.as_ref().ok();
    if let Some(lapse) = &explanation.lapse {
        let _ = writeln!(out, "failed: {}", Shown(&lapse.to_string()));
    }
    for (field, key) in &explanation.fields {
        let rule = match key {
            Some(key) => show.rule(&Rule { line: show.book.line(key), key: key.clone() }, ""),
            None if article.is_none_or(|article| value(article, *field).is_empty()) => "none of its rules gave anything".to_owned(),
            None => "not by its rules: from the text, JSON-LD or <meta>".to_owned(),
        };
        let value = article.map(|article| value(article, *field)).unwrap_or_default();
        let value = if value.is_empty() { "-".to_owned() } else { shortened(&value) };
        let _ = writeln!(out, "{:<9}  {}\n           {rule}", field.name(), Shown(&value));
    }
    let is_whole_page = article.is_none_or(|article| article.by == Reader::Generic);
    out.push_str(if is_whole_page { "\nThe blocks of the page, by the reader without rules:\n" } else { "\nThe blocks of the body:\n" });
    explanation.blocks.iter().for_each(|block| out.push_str(&line(show, block)));
    out
}

/// Two lines: the verdict, its reason and the text; then where it stands, and the rule.
fn line(show: &Show<'_>, block: &Explained) -> String {
    let verdict = if block.kept { "keep" } else { "drop" };
    let rule = block.rule.as_ref().map(|key| show.rule(&Rule { line: show.book.line(key), key: key.clone() }, ""));
    let rule = rule.map(|rule| format!("  by {rule}")).unwrap_or_default();
    let (reason, text) = (block.reason, shortened(&block.text));
    format!("{verdict}  {reason:<14}  {}\n{:22}{}{rule}\n", Shown(&text), "", Shown(&block.path))
}

fn shortened(text: &str) -> String {
    let text = text.replace(['\n', '\t'], " ");
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

/// What the article holds of a field, as one line.
fn value(article: &Article, field: Field) -> String {
    let word = |word: &Option<String>| word.clone().unwrap_or_default();
    match field {
        Field::Title => article.title.clone(),
        Field::Lead => word(&article.lead),
        Field::Body => format!("{} words", article.text.split_whitespace().count()),
        Field::Author => article.authors.join(", "),
        Field::Source => word(&article.source),
        Field::Published => article.published.map(|when| when.to_string()).unwrap_or_default(),
        Field::Modified => article.modified.map(|when| when.to_string()).unwrap_or_default(),
        Field::Section => article.section.join(" > "),
        Field::Tags => article.tags.join(", "),
        Field::Images => match article.images.len() {
            0 => String::new(),
            1 => "1 image".to_owned(),
            many => format!("{many} images"),
        },
        Field::Dateline => word(&article.dateline),
    }
}
