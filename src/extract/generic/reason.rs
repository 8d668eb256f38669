//! Which names do the judgements of the generic reader bear?

use super::hints::Hint;

/// Why a block is or is not in the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Kept: it stands in the body.
    InBody,
    /// Kept: the page's own metadata holds it as the article's text.
    Witnessed,
    /// Kept: a picture in the body.
    Picture,
    /// Kept: it is the lead.
    Lead,
    /// It stands outside of the body.
    Outside,
    /// Its element says that it is furniture.
    Named(Hint),
    /// Most of it is links.
    Links,
    /// The page's own metadata holds the article's text, and this is not in it.
    NotWitnessed,
    /// It is the headline.
    Title,
    /// It, or the heading that it follows, begins a list of other articles, a form, comments.
    UnderHeading,
    /// It calls the reader to read something else.
    Elsewhere,
    /// It calls the reader to subscribe, to follow, to pay.
    Subscribe,
    /// It asks for consent, or says that something could not be shown.
    Consent,
    /// It is a label: "advertisement", "share", a date, a copyright.
    Label,
    /// It stands on the page more than once.
    Repeated,
    /// It is one of a row of boxes that each lead to another article.
    Teaser,
    /// It says who wrote the article.
    Byline,
    /// It stands before or after the story's paragraphs, in a part of another make.
    Beside,
    /// It stands between headline and story and is no paragraph: a date, a name, a count.
    Header,
    /// A heading that nothing follows.
    EmptyHeading,
    /// It stands in another `<article>` than the headline.
    OtherArticle,
}

impl Reason {
    pub const fn keeps(self) -> bool {
        matches!(self, Self::InBody | Self::Picture | Self::Lead | Self::Witnessed)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::InBody => "in_body",
            Self::Witnessed => "witnessed",
            Self::Picture => "picture",
            Self::Lead => "lead",
            Self::Outside => "outside_body",
            Self::Named(hint) => hint.name(),
            Self::Links => "links",
            Self::NotWitnessed => "not_witnessed",
            Self::Title => "title",
            Self::UnderHeading => "under_furniture_heading",
            Self::Elsewhere => "leads_elsewhere",
            Self::Subscribe => "subscribe",
            Self::Consent => "consent",
            Self::Label => "label",
            Self::Repeated => "repeated",
            Self::Teaser => "teaser",
            Self::Byline => "byline",
            Self::Beside => "beside_body",
            Self::Header => "header_line",
            Self::EmptyHeading => "empty_heading",
            Self::OtherArticle => "other_article",
        }
    }
}
