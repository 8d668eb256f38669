//! What stands in one table of the file, and what of it is unknown there?

use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};
use unicode_normalization::UnicodeNormalization;

use super::fault::{Findings, Shown};
use super::nearest::nearest;

/// Something of the file with the byte at which it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed<T> {
    pub at: usize,
    pub it: T,
}

/// One table while it is being read. What was asked of it is what is known of it: [`Section::done`] tells the rest.
pub(super) struct Section<'t> {
    /// The names that lead to it: `families.epi.take`; empty for the file itself.
    pub path: String,
    /// Where its name stands.
    pub at: usize,
    table: &'t DeTable<'t>,
    asked: Vec<&'static str>,
}

impl<'t> Section<'t> {
    /// The file itself.
    pub fn file(table: &'t DeTable<'t>) -> Self {
        Self { path: String::new(), at: 0, table, asked: Vec::new() }
    }

    /// Whether one of these keys stands in it.
    pub fn has_any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.table.contains_key(*key))
    }

    /// What leads to `key` in this table.
    pub fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { Shown(key).to_string() } else { format!("{}.{}", self.path, Shown(key)) }
    }

    /// A word: not empty, NFC, without white space around it.
    pub fn word(&mut self, key: &'static str, noun: &str, findings: &mut Findings<'_>) -> Option<Placed<String>> {
        let item = self.item(key)?;
        let raw = string(&self.path_of(key), item, noun, findings)?;
        Some(Placed { at: raw.at, it: composed(raw.it) })
    }

    /// Words, each as [`Section::word`]; one alone may stand without brackets.
    pub fn words(&mut self, key: &'static str, noun: &str, findings: &mut Findings<'_>) -> Vec<Placed<String>> {
        let raw = self.strings(key, noun, findings);
        raw.into_iter().map(|raw| Placed { at: raw.at, it: composed(raw.it) }).collect()
    }

    /// Strings as they stand, none of them blank; one alone may stand without brackets.
    pub fn strings(&mut self, key: &'static str, noun: &str, findings: &mut Findings<'_>) -> Vec<Placed<&'t str>> {
        let path = self.path_of(key);
        self.items(key).into_iter().filter_map(|item| string(&path, item, noun, findings)).collect()
    }

    /// A number, whole or not.
    pub fn number(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Option<Placed<f64>> {
        let item = self.item(key)?;
        let number = match item.get_ref() {
            #[expect(clippy::cast_precision_loss, reason = "beyond 2^53 it is out of every range asked for")]
            DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).map_or(f64::INFINITY, |n| n as f64),
            DeValue::Float(n) => n.as_str().parse().unwrap_or(f64::INFINITY),
            other => {
                findings.wrong(item.span().start, mistyped(&self.path_of(key), "a number", other), None);
                return None;
            }
        };
        Some(Placed { at: item.span().start, it: number })
    }

    /// A day of the calendar.
    pub fn day(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Option<Placed<Date>> {
        let item = self.item(key)?;
        let at = item.span().start;
        let path = self.path_of(key);
        if let DeValue::Datetime(when) = item.get_ref() {
            let day = when.date.filter(|_| when.time.is_none()).and_then(|day| {
                let (year, month, day) = (i16::try_from(day.year), i8::try_from(day.month), i8::try_from(day.day));
                Date::new(year.ok()?, month.ok()?, day.ok()?).ok()
            });
            if day.is_none() {
                findings.wrong(at, format!("{path} is not a day alone"), DAY_HINT.to_owned());
            }
            return day.map(|it| Placed { at, it });
        }
        findings.wrong(at, mistyped(&path, "a day", item.get_ref()), DAY_HINT.to_owned());
        None
    }

    /// A table.
    pub fn section(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Option<Section<'t>> {
        self.ask(key);
        let (name, item) = self.table.get_key_value(key)?;
        self.enter(name.get_ref(), name.span().start, item, findings)
    }

    /// Tables that stand one after the other as `[[key]]`.
    pub fn sections(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Vec<Section<'t>> {
        let Some(item) = self.item(key) else {
            return Vec::new();
        };
        let path = self.path_of(key);
        let DeValue::Array(list) = item.get_ref() else {
            let hint = format!("write [[{path}]] with two brackets on each side");
            findings.wrong(item.span().start, mistyped(&path, "a list of tables", item.get_ref()), hint);
            return Vec::new();
        };
        list.iter().filter_map(|item| self.enter(key, item.span().start, item, findings)).collect()
    }

    /// All tables in this one in the order of the file, each with its name.
    pub fn all_sections(&self, findings: &mut Findings<'_>) -> Vec<(&'t str, Section<'t>)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let section = |(name, item): (&'t Spanned<DeString<'t>>, &'t Spanned<DeValue<'t>>)| {
            let id = name.get_ref().as_ref();
            Some((id, self.enter(id, name.span().start, item, findings)?))
        };
        entries.into_iter().filter_map(section).collect()
    }

    /// What stands under a key: `None` when nothing does, or when the parser put something there itself after a fault of syntax.
    pub fn item(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.ask(key);
        self.table.get(key).filter(|item| !item.span().is_empty())
    }

    fn ask(&mut self, key: &'static str) {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
    }

    /// What stands under a key, one by one: the items of an array, or the one that stands there without brackets.
    pub fn items(&mut self, key: &'static str) -> Vec<&'t Spanned<DeValue<'t>>> {
        match self.item(key) {
            None => Vec::new(),
            Some(item) => match item.get_ref() {
                DeValue::Array(list) => list.iter().filter(|item| !item.span().is_empty()).collect(),
                _ => vec![item],
            },
        }
    }

    /// Tells each key that nobody asked for, and whether there were any. `elsewhere` knows where a key of that name belongs.
    pub fn done(self, elsewhere: impl Fn(&str) -> Option<String>, findings: &mut Findings<'_>) -> bool {
        let mut unknown = false;
        for (key, item) in self.table {
            let name = key.get_ref().as_ref();
            if self.asked.contains(&name) || item.span() == (Range { start: 0, end: 0 }) {
                continue;
            }
            let place = if self.path.is_empty() { "at the top of the file".to_owned() } else { format!("in {}", self.path) };
            let near = || nearest(name, self.asked.iter().copied()).map(|near| format!("did you mean \"{near}\"?"));
            let hint = elsewhere(name).or_else(near).unwrap_or_else(|| format!("known here: {}", self.asked.join(", ")));
            findings.wrong(key.span().start, format!("unknown key \"{}\" {place}", Shown(name)), hint);
            unknown = true;
        }
        unknown
    }

    /// The table that an item is.
    pub fn enter(&self, name: &str, at: usize, item: &'t Spanned<DeValue<'t>>, findings: &mut Findings<'_>) -> Option<Self> {
        let path = self.path_of(name);
        match item.get_ref() {
            DeValue::Table(table) => Some(Self { path, at, table, asked: Vec::new() }),
            _ if item.span().is_empty() => None,
            other => {
                let hint = path.contains('.').then(|| format!("write [{path}], and what belongs to it below"));
                findings.wrong(item.span().start, mistyped(&path, "a table", other), hint);
                None
            }
        }
    }
}

const DAY_HINT: &str = "write it as 2021-06-30, without quotes and without a time";

/// The words alone, when no fault of theirs is left to tell.
pub(super) fn bare(words: Vec<Placed<String>>) -> Vec<String> {
    words.into_iter().map(|word| word.it).collect()
}

/// One of a few words, of which `name` tells the spelling.
pub(super) fn choice<T: Copy>(
    section: &mut Section<'_>,
    key: &'static str,
    all: &[T],
    name: fn(T) -> &'static str,
    findings: &mut Findings<'_>,
) -> Option<T> {
    let path = section.path_of(key);
    let word = section.word(key, "a word", findings)?;
    let found = all.iter().copied().find(|&one| name(one) == word.it);
    if found.is_none() {
        let words: Vec<String> = all.iter().map(|&one| format!("\"{}\"", name(one))).collect();
        let near = nearest(&word.it, all.iter().map(|&one| name(one)));
        let hint = near.map(|near| format!("did you mean \"{near}\"?"));
        let what = format!("{path}: \"{}\" is none of {}", Shown(&word.it), words.join(", "));
        findings.wrong(word.at, what, hint);
    }
    found
}

/// The string that an item is, as it stands; `noun` says what belongs here, with its article: "a selector".
pub(super) fn string<'t>(path: &str, item: &'t Spanned<DeValue<'t>>, noun: &str, findings: &mut Findings<'_>) -> Option<Placed<&'t str>> {
    let at = item.span().start;
    match item.get_ref() {
        DeValue::String(text) if text.trim().is_empty() => {
            let hint = "write one, or take the empty quotes away".to_owned();
            findings.wrong(at, format!("{path}: {noun} belongs here, and the quotes are empty"), hint);
            None
        }
        DeValue::String(text) => Some(Placed { at, it: text.as_ref() }),
        other => {
            findings.wrong(at, mistyped(path, &format!("{noun} in quotes"), other), None);
            None
        }
    }
}

/// *path: expected this, found that*.
pub(super) fn mistyped(path: &str, expected: &str, found: &DeValue<'_>) -> String {
    let found = match found {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    };
    format!("{path}: expected {expected}, found {found}")
}

/// Editors on some systems write NFD; what is compared with a page is NFC.
fn composed(text: &str) -> String {
    text.trim().nfc().collect()
}
