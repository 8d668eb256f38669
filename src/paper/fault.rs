//! What is wrong with selectors.toml, where, and what would be right?

use std::fmt;
use std::ops::Range;

/// One thing that is wrong, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, counted in characters.
    pub column: usize,
    /// What is wrong. Words of the file stand in it with their control characters escaped.
    pub what: String,
    /// What would be right.
    pub hint: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.what)?;
        match &self.hint {
            Some(hint) => write!(f, " — {hint}"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with one file, in the order of its lines; never empty.
///
/// Displayed one fault a line: `selectors.toml:12:8: unknown key "tittle" in families.epi.take — did you mean "title"?`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    file: String,
    faults: Vec<Fault>,
}

impl Faults {
    /// The file's name as it was given to the reader.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The faults, sorted by place.
    #[must_use]
    pub fn as_slice(&self) -> &[Fault] {
        &self.faults
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, fault) in self.faults.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}:{fault}", Shown(&self.file))?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Words of the file as they may stand in a message: nothing that could steer a terminal, and not too many of them.
pub(super) struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 100;
        for (n, c) in self.0.chars().enumerate() {
            if n == LONGEST {
                return f.write_str("…");
            }
            if c.is_control() || is_invisible(c) {
                write!(f, "{}", c.escape_default())?;
            } else {
                write!(f, "{c}")?;
            }
        }
        Ok(())
    }
}

/// Zero-width marks and those that turn the direction of writing: seen by nobody, and often the fault itself.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The faults found so far, by their byte in the text.
pub(super) struct Findings<'t> {
    text: &'t str,
    line_starts: Vec<usize>,
    found: Vec<(Weight, Fault)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// The text is no TOML here: what the parser made of this line is a guess.
    Syntax,
    /// Something that stands there is wrong.
    Present,
    /// Something is missing; in a file with a fault of syntax it may only not have been read.
    Absent,
}

impl<'t> Findings<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            text,
            line_starts,
            found: Vec::new(),
        }
    }

    /// The text is no TOML at this byte. A line is told once: what follows in it mostly comes of the first.
    pub(super) fn syntax(&mut self, at: usize, what: String, hint: Option<String>) {
        let line = self.line(at);
        if !self.found.iter().any(|(_, fault)| fault.line == line) {
            self.push(Weight::Syntax, at, what, hint);
        }
    }

    /// What stands at this byte is wrong.
    pub(super) fn wrong(
        &mut self,
        at: usize,
        what: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) {
        self.push(Weight::Present, at, what.into(), hint.into());
    }

    /// What belongs to the thing at this byte is nowhere in the file.
    pub(super) fn missing(
        &mut self,
        at: usize,
        what: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) {
        self.push(Weight::Absent, at, what.into(), hint.into());
    }

    /// The line of this byte, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= at)
    }

    /// What stands in the file there.
    pub(super) fn words(&self, span: Range<usize>) -> &'t str {
        self.text.get(span).unwrap_or_default()
    }

    /// Nothing, or every fault in its order.
    pub(super) fn into_result(mut self, file: &str) -> Result<(), Faults> {
        let broken: Vec<usize> = self.of(Weight::Syntax).map(|fault| fault.line).collect();
        if !broken.is_empty() {
            self.found.retain(|(weight, fault)| match weight {
                Weight::Syntax => true,
                Weight::Present => !broken.contains(&fault.line),
                Weight::Absent => false,
            });
        }
        if self.found.is_empty() {
            return Ok(());
        }
        let mut faults: Vec<Fault> = self.found.into_iter().map(|(_, fault)| fault).collect();
        faults.sort_by_key(|fault| (fault.line, fault.column));
        Err(Faults {
            file: file.to_owned(),
            faults,
        })
    }

    fn of(&self, weight: Weight) -> impl Iterator<Item = &Fault> {
        self.found
            .iter()
            .filter(move |(w, _)| *w == weight)
            .map(|(_, fault)| fault)
    }

    fn push(&mut self, weight: Weight, at: usize, what: String, hint: Option<String>) {
        let line = self.line(at);
        let start = self.line_starts[line - 1];
        let before = self
            .text
            .get(start..at.min(self.text.len()))
            .unwrap_or_default();
        let column = before.trim_start_matches('\u{feff}').chars().count() + 1;
        self.found.push((
            weight,
            Fault {
                line,
                column,
                what,
                hint,
            },
        ));
    }
}
