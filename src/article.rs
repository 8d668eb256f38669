//! What does a page give: an article, or a miss with a name?

use std::fmt;

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, civil};
use serde::{Serialize, Serializer};

/// The offset that a Vietnamese time without one is in: +07:00, all year.
pub const VIETNAM: Offset = Offset::constant(7);

/// What a reader of the page would call the article, without anything that the page wraps around it.
///
/// All text is NFC with single spaces. Paragraphs of [`Article::text`] stand apart by one blank line.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// The canonical address; `None` when neither the page nor its bearer knows one.
    pub url: Option<String>,
    /// 16 hex digits that make all addresses of the article one, slugs and old hosts alike; `None` when no paper is known to have it.
    pub key: Option<String>,
    /// What sort of piece it is.
    pub kind: Kind,
    /// The headline, without the paper's name.
    pub title: String,
    /// The sapo, without dateline.
    pub lead: Option<String>,
    /// The paper's mark as printed, without the dash: `LCĐT`, `(CTO)`.
    pub dateline: Option<String>,
    /// Names alone, in the order printed.
    pub authors: Vec<String>,
    /// The agency or paper that the article says it is from.
    pub source: Option<String>,
    /// When it was first published.
    pub published: Option<When>,
    /// When it was last changed.
    pub modified: Option<When>,
    /// The breadcrumb, outermost first, without the home page.
    pub section: Vec<String>,
    /// Keywords as printed, without `#`.
    pub tags: Vec<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Lead and body as a reader reads them.
    pub text: String,
    /// The pictures of the article in page order.
    pub images: Vec<Image>,
    /// Who read it.
    pub by: Reader,
    /// The id of the rules that read it: a paper's or a family's; `None` for the generic reader.
    pub rules: Option<String>,
}

/// One picture of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Image {
    /// The largest version of it that the page names.
    pub url: String,
    /// What stands under it, without the credit.
    pub caption: Option<String>,
    /// Who took it: `MINH HẢI`, `Bệnh viện cung cấp`.
    pub credit: Option<String>,
}

/// What sort of piece an article is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Running text.
    #[default]
    Article,
    /// A story told by its pictures.
    Photo,
    /// A page about a film.
    Video,
    /// An eMagazine or long read.
    Longform,
    /// A report written while the thing goes on.
    Live,
}

/// Who read the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reader {
    /// The paper's own rules.
    Rules,
    /// The rules of a CMS family.
    Family,
    /// The reader that needs no rules.
    Generic,
}

impl Reader {
    /// The word that stands in the record.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Family => "family",
            Self::Generic => "generic",
        }
    }
}

/// Why a page gave no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Miss {
    /// The answer is a PDF, an image, JSON, or nothing at all.
    NotHtml,
    /// A list, a tag page, a teaser of the print edition.
    NotArticle,
    /// Nothing on the page is a headline.
    NoTitle,
    /// There is a headline and no text.
    NoBody,
    /// The text is shorter than anything worth a record.
    TooShort,
    /// The text comes by a script that only a browser runs.
    NeedsJavascript,
    /// The text is there with its letters swapped, to keep readers like this one out.
    Obfuscated,
    /// The page is not in the language that its paper is read in.
    WrongLanguage,
    /// The page is over 10 MiB ([`crate::limits::BODY_BYTES`]) or has more tags than any page of a newspaper
    /// ([`crate::limits::MOST_TAGS`]): a part of it would be a part of the article.
    TooLarge,
}

impl Miss {
    /// Every miss, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::NotHtml,
        Self::NotArticle,
        Self::NoTitle,
        Self::NoBody,
        Self::TooShort,
        Self::NeedsJavascript,
        Self::Obfuscated,
        Self::WrongLanguage,
        Self::TooLarge,
    ];

    /// The name by which reports know it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotHtml => "not_html",
            Self::NotArticle => "not_article",
            Self::NoTitle => "no_title",
            Self::NoBody => "no_body",
            Self::TooShort => "too_short",
            Self::NeedsJavascript => "needs_javascript",
            Self::Obfuscated => "obfuscated",
            Self::WrongLanguage => "wrong_language",
            Self::TooLarge => "too_large",
        }
    }

    /// One sentence for people.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::NotHtml => "the answer is not an HTML page",
            Self::NotArticle => "a list, tag or teaser page, not a single article",
            Self::NoTitle => "no headline found",
            Self::NoBody => "no article text found",
            Self::TooShort => "the text is too short to be an article",
            Self::NeedsJavascript => "the text comes by a script that only a browser runs",
            Self::Obfuscated => "the letters of the text are swapped",
            Self::WrongLanguage => "not in the language of its paper",
            Self::TooLarge => "over 10 MiB, or of more elements than any article",
        }
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An instant together with the offset it was printed in, so that the local day is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    at: Timestamp,
    offset: Offset,
}

impl When {
    /// An instant seen from an offset.
    #[must_use]
    pub fn new(at: Timestamp, offset: Offset) -> Self {
        Self { at, offset }
    }

    /// A civil time in an offset; `None` when it lies outside of the years that can be written.
    #[must_use]
    pub fn from_civil(time: civil::DateTime, offset: Offset) -> Option<Self> {
        let at = offset.to_timestamp(time).ok()?;
        Some(Self { at, offset })
    }

    /// The instant.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        self.at
    }

    /// The offset it was printed in.
    #[must_use]
    pub fn offset(self) -> Offset {
        self.offset
    }

    /// The day on the calendar of its offset.
    #[must_use]
    pub fn day(self) -> civil::Date {
        self.at.to_zoned(TimeZone::fixed(self.offset)).date()
    }
}

/// RFC 3339 with the offset, to the second: `2025-06-17T13:43:02+07:00`.
impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = Timestamp::from_second(self.at.as_second()).unwrap_or(self.at);
        write!(f, "{}", second.display_with_offset(self.offset))
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
