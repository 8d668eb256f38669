//! How are the pages of a paper, or of a family of content systems, read?

use std::ops::Index;

use jiff::civil::Date;
use regex::Regex;
use scraper::Selector;

/// The rules of one paper or one family: what to take of a page and what to drop.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The id of the paper or family that they are of.
    pub id: String,
    /// Where each field is found.
    pub take: Take,
    /// What of the body is no text of the article, by reason.
    pub drop: Drops,
    /// Content that a drop rule or a text rule would otherwise take away.
    pub keep: Option<Selector>,
    /// What no selector can say.
    pub text: TextRules,
    /// The rules of other days, newest first. Each stands for itself: nothing of today's rules is valid in it.
    pub older: Vec<Older>,
}

impl Rules {
    /// Whether they say nothing at all about today's pages.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.take.is_empty() && self.drop.is_empty() && self.keep.is_none() && self.text.is_empty()
    }

    /// The names of the strings that they look for in inline scripts, those of other days included.
    pub(super) fn script_strings(&self) -> impl Iterator<Item = &str> {
        let takes = std::iter::once(&self.take).chain(self.older.iter().map(|older| &older.rules.take));
        takes.flat_map(|take| take.0.iter().flatten()).filter_map(|source| match source {
            Source::ScriptString(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The rules of another day that an article falls under: those for addresses of its form, else the last ones that were still
    /// in force on the day it was published. `None`: today's.
    ///
    /// `address` is path and query; `published` the day on Vietnam's calendar, `None` when it is not known.
    #[must_use]
    pub fn older_for(&self, address: &str, published: Option<Date>) -> Option<&Older> {
        let of_its_form = |era: &&Older| era.article_address.iter().any(|form| form.is_match(address));
        let of_its_day = |era: &&Older| era.until.zip(published).is_some_and(|(until, day)| day <= until);
        self.older.iter().find(of_its_form).or_else(|| self.older.iter().rfind(of_its_day))
    }
}

/// Rules of another day.
#[derive(Debug, Clone)]
pub struct Older {
    /// The last day on which they were in force. At least this or [`Older::article_address`] is there.
    pub until: Option<Date>,
    /// The form that addresses had, matched on path and query.
    pub article_address: Vec<Regex>,
    /// The family that the paper ran on, when it was another one than today's.
    pub family: Option<String>,
    /// The rules themselves; they have no older ones.
    pub rules: Rules,
}

/// A field of the article that a rule may take from the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The headline.
    Title,
    /// The sapo.
    Lead,
    /// The element that holds the text.
    Body,
    /// Who wrote it.
    Author,
    /// The agency or paper that it is from.
    Source,
    /// When it was first published.
    Published,
    /// When it was last changed.
    Modified,
    /// The breadcrumb.
    Section,
    /// Its keywords.
    Tags,
    /// Pictures that stand outside of the body.
    Images,
    /// The paper's mark.
    Dateline,
}

impl Field {
    /// All fields, in the order of the documentation.
    pub const ALL: [Self; 11] = [
        Self::Title,
        Self::Lead,
        Self::Body,
        Self::Author,
        Self::Source,
        Self::Published,
        Self::Modified,
        Self::Section,
        Self::Tags,
        Self::Images,
        Self::Dateline,
    ];

    /// The word that stands in selectors.toml under `take`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Lead => "lead",
            Self::Body => "body",
            Self::Author => "author",
            Self::Source => "source",
            Self::Published => "published",
            Self::Modified => "modified",
            Self::Section => "section",
            Self::Tags => "tags",
            Self::Images => "images",
            Self::Dateline => "dateline",
        }
    }
}

/// Where each field is found: for each the sources to try, in order. `take[Field::Title]`.
#[derive(Debug, Clone, Default)]
pub struct Take([Vec<Source>; Field::ALL.len()]);

impl Take {
    /// Whether no field has a source.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    pub(super) fn set(&mut self, field: Field, sources: Vec<Source>) {
        self.0[field as usize] = sources;
    }
}

impl Index<Field> for Take {
    type Output = [Source];

    fn index(&self, field: Field) -> &[Source] {
        &self.0[field as usize]
    }
}

/// One place where a field may be found.
#[derive(Debug, Clone)]
pub enum Source {
    /// The elements that a selector matches: their text, or one attribute.
    Select {
        /// What to match.
        selector: Selector,
        /// The attribute to read; `None` for the text.
        attribute: Option<String>,
    },
    /// The content of the `<meta>` whose `name`, `property` or `itemprop` is this.
    Meta(String),
    /// HTML, or a string escaped for JSON or JavaScript, that an inline script holds under this name.
    ScriptString(String),
    /// The first paragraph of the body.
    FirstParagraph(FirstParagraph),
    /// A segment of the address's path, counted from 1.
    AddressSegment(usize),
}

/// Which first paragraph counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstParagraph {
    /// One that is bold from beginning to end.
    Bold,
    /// Any.
    Any,
}

impl FirstParagraph {
    /// Both, in the order of the documentation.
    pub const ALL: [Self; 2] = [Self::Bold, Self::Any];

    /// The word that stands in selectors.toml.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bold => "bold",
            Self::Any => "any",
        }
    }
}

/// Why a piece of the body is no text of the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// Under a picture.
    Captions,
    /// Leads to other articles.
    Related,
    /// Share buttons, comments, "follow us".
    Social,
    /// Advertisements.
    Ads,
    /// Who wrote it.
    Byline,
    /// Players, polls, quizzes, and what else is machinery.
    Widgets,
}

impl Reason {
    /// All reasons, in the order of the documentation.
    pub const ALL: [Self; 6] = [Self::Captions, Self::Related, Self::Social, Self::Ads, Self::Byline, Self::Widgets];

    /// The word that stands in selectors.toml under `drop`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Captions => "captions",
            Self::Related => "related",
            Self::Social => "social",
            Self::Ads => "ads",
            Self::Byline => "byline",
            Self::Widgets => "widgets",
        }
    }
}

/// What to drop, one selector for each reason. `drop[Reason::Captions]`.
#[derive(Debug, Clone, Default)]
pub struct Drops([Option<Selector>; Reason::ALL.len()]);

impl Drops {
    /// Whether nothing is dropped.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// The reasons that have a selector, in the order of [`Reason::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Reason, &Selector)> {
        Reason::ALL.into_iter().zip(&self.0).filter_map(|(reason, selector)| Some((reason, selector.as_ref()?)))
    }

    pub(super) fn set(&mut self, reason: Reason, selector: Option<Selector>) {
        self.0[reason as usize] = selector;
    }
}

impl Index<Reason> for Drops {
    type Output = Option<Selector>;

    fn index(&self, reason: Reason) -> &Option<Selector> {
        &self.0[reason as usize]
    }
}

/// Words that tell furniture from text. All are NFC, not empty, and added to those built into the program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextRules {
    /// A heading or short line like one of these ends the article: it and all after it goes.
    pub furniture_headings: Vec<String>,
    /// A line that is one of these, or begins with one, goes.
    pub furniture_lines: Vec<String>,
    /// Names of agencies.
    pub source_names: Vec<String>,
    /// What may be a caption in the paragraph after a picture; `None` where nothing is said. Not in the file's own `[text]`.
    pub caption_after_picture: Option<CaptionAfterPicture>,
}

impl TextRules {
    /// Whether they say nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What may be a caption in the paragraph after a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CaptionAfterPicture {
    /// No paragraph is.
    Never,
    /// One that is centred, italic or marked as a caption.
    #[default]
    Centred,
    /// Any.
    Always,
}

impl CaptionAfterPicture {
    /// All three, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Never, Self::Centred, Self::Always];

    /// The word that stands in selectors.toml.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Centred => "centred",
            Self::Always => "always",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn era(until: Option<&str>, form: Option<&str>) -> Older {
        Older {
            until: until.map(|day| day.parse().expect("the tests write sound days")),
            article_address: form.map(|form| Regex::new(form).expect("the tests write sound patterns")).into_iter().collect(),
            family: None,
            rules: Rules::default(),
        }
    }

    #[test]
    fn an_article_is_read_with_the_rules_of_its_day() {
        let older = vec![era(Some("2023-12-31"), None), era(Some("2021-06-30"), None), era(None, Some(r"\.aspx$"))];
        let rules = Rules { older, ..Rules::default() };
        for (address, day, expected) in [
            ("/a-post1.html", Some("2024-01-01"), None),
            ("/a-post1.html", Some("2023-12-31"), Some(0)),
            ("/a-post1.html", Some("2021-07-01"), Some(0)),
            ("/a-post1.html", Some("2021-06-30"), Some(1)),
            ("/a-post1.html", Some("2001-01-01"), Some(1)),
            ("/a-post1.html", None, None),
            ("/41/89163/Bao.aspx", None, Some(2)),
            ("/41/89163/Bao.aspx", Some("2022-01-01"), Some(2)),
        ] {
            let day = day.map(|day| day.parse().expect("the tests write sound days"));
            let found = rules.older_for(address, day).and_then(|era| rules.older.iter().position(|other| std::ptr::eq(other, era)));
            assert_eq!(found, expected, "{address} {day:?}");
        }
    }

    #[test]
    fn each_field_and_reason_has_its_own_place() {
        let mut take = Take::default();
        let mut drop = Drops::default();
        for field in Field::ALL {
            take.set(field, vec![Source::Meta(field.name().to_owned())]);
        }
        for reason in Reason::ALL {
            drop.set(reason, Selector::parse(reason.name()).ok());
        }
        for field in Field::ALL {
            assert!(matches!(&take[field], [Source::Meta(name)] if name == field.name()));
        }
        assert_eq!(drop.iter().map(|(reason, _)| reason).collect::<Vec<_>>(), Reason::ALL);
    }
}
