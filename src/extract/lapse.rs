//! Which rule failed on a page that holds an article, and how?
//!
//! A page on which the paper's rules find no article may be none. One that somebody else then reads is one: the paper's rules have
//! failed on it, and whoever looks after them wants to know which and how.

use std::fmt;

use scraper::Html;
use scraper::selector::ToCss as _;

use super::chain::Chain;
use super::generic::second_look::Worse;
use super::{Subject, rules};
use crate::article::Miss;
use crate::paper::{Field, Source};

/// A rule of selectors.toml that failed on a page that holds an article; others read it.
///
/// Displayed: `families.epi.take.body (line 47) finds nothing on the page`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapse {
    /// Its key: `families.epi.take.body`.
    pub rule: String,
    /// Its line in selectors.toml.
    pub line: Option<usize>,
    /// Which of its places matched: a selector, or the name of a script's string. `None` when none did.
    pub place: Option<String>,
    /// How it failed.
    pub how: How,
}

/// How a rule failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Nothing on the page is where it points.
    Absent {
        /// Nor is anything where the other rules of its paper point: the page is of another make.
        alone: bool,
    },
    /// What it matched is no article, or holds none.
    NoArticle(Miss),
    /// What it matched holds a fraction of the article.
    Fraction {
        /// Words that the rules gave.
        words: usize,
        /// Words that the page holds.
        of: usize,
    },
    /// What it matched is not the article.
    Elsewhere {
        /// Words that the rules gave.
        words: usize,
        /// Words that the page holds elsewhere.
        of: usize,
    },
}

impl Lapse {
    /// Whether nothing at all on the page is where the rules of its paper point: the page is of another make.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        matches!(self.how, How::Absent { alone: true })
    }
}

impl How {
    /// The name by which reports know it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent { .. } => "absent",
            Self::NoArticle(_) => "no_article",
            Self::Fraction { .. } => "fraction",
            Self::Elsewhere { .. } => "elsewhere",
        }
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent { .. } => write!(f, "finds nothing on the page"),
            Self::NoArticle(miss) => write!(f, "leads to no article ({miss})"),
            Self::Fraction { words, of } => write!(f, "gives {words} words of an article of {of}"),
            Self::Elsewhere { words, of } => write!(f, "gives {words} words that are not of the article of {of}"),
        }
    }
}

impl fmt::Display for Lapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rule)?;
        if let Some(line) = self.line {
            write!(f, " (line {line})")?;
        }
        if let Some(place) = &self.place {
            write!(f, " with {place}")?;
        }
        write!(f, " {}", self.how)
    }
}

/// What became of the rules of a chain.
#[derive(Debug, Clone, Copy)]
pub(super) enum Failure {
    Miss(Miss),
    Worse(Worse),
}

impl Lapse {
    /// The rule of a chain that failed; `None` for a chain that does not say where the body is.
    pub(super) fn of(subject: &Subject, chain: &Chain, failure: Failure) -> Option<Self> {
        let field = if matches!(failure, Failure::Miss(Miss::NoTitle)) { Field::Title } else { Field::Body };
        let matched = chain.sources(field).find(|(source, _)| rules::is_there(subject, source));
        let (source, link) = matched.or_else(|| chain.sources(field).next())?;
        let how = match (failure, matched.is_some()) {
            (Failure::Worse(worse), _) => worse.how(),
            (Failure::Miss(miss), true) => How::NoArticle(miss),
            (Failure::Miss(_), false) => How::Absent { alone: is_alone(subject, chain) },
        };
        let rule = link.key(field);
        Some(Self { line: subject.book.line(&rule), rule, place: matched.is_some().then(|| written(source)), how })
    }
}

/// Is nothing on the page where the rules of this chain point?
fn is_alone(subject: &Subject, chain: &Chain) -> bool {
    let finds = |(source, _): &(&Source, _)| match source {
        Source::Select { selector, .. } => select_any(subject.html, selector),
        source => matches!(source, Source::ScriptString(_)) && rules::is_there(subject, source),
    };
    !Field::ALL.into_iter().any(|field| chain.sources(field).any(|source| finds(&source)))
}

fn select_any(html: &Html, selector: &scraper::Selector) -> bool {
    html.select(selector).next().is_some()
}

/// The source as its rule writes it.
fn written(source: &Source) -> String {
    match source {
        Source::Select { selector, .. } => selector.to_css_string(),
        Source::ScriptString(name) | Source::Meta(name) => name.clone(),
        Source::FirstParagraph(how) => how.name().to_owned(),
        Source::AddressSegment(at) => at.to_string(),
    }
}
