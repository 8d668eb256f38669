//! What is the article on a page that no rule knows?
//!
//! The reader of last resort, for any news page of the world. It walks the whole page once into blocks ([`outline`]), finds the
//! smallest part of the page that holds the story's paragraphs ([`body`]), and judges every block in it ([`judge`]): by where it
//! stands ([`hints`]), by what it says ([`phrases`]), by what else on the page says the same, and by what the page's own metadata
//! bears witness to ([`witness`]). Each judgement has a name ([`Reason`]), so that a page can be explained block by block.

mod body;
mod fields;
mod hints;
mod judge;
mod names;
mod offset;
mod outline;
mod phrases;
mod witness;

use super::rules::{self, Chain};
use super::story;
use super::walk::{Dropped, What};
use super::{ReadBy, Subject};
use crate::article::{Article, Miss, Reader};
use fields::Printed;
use judge::Reason;
use outline::Outline;

/// One block of a page and what the generic reader made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The block's text; a picture's address.
    pub text: String,
    /// Whether it is in the article.
    pub kept: bool,
    /// Why: a name of the documentation.
    pub reason: &'static str,
    /// Where it stands: the element's path, for people.
    pub path: String,
}

/// Reads the page without any rule.
pub(super) fn read(subject: &Subject) -> (Result<Article, Miss>, Dropped) {
    let mut outline = Outline::of(subject);
    let verdicts = judge::judge(subject, &outline);
    let headline = verdicts.iter().position(|v| *v == Reason::Title);
    let printed = Printed::of(&outline, headline);
    let none = Chain::none();
    let Some(title) = title(subject) else { return (Err(Miss::NoTitle), Dropped::default()) };
    let blocks = std::mem::take(&mut outline.blocks);
    let lead_at = verdicts.iter().position(|v| *v == Reason::Lead);
    let lead = lead_at.map(|at| blocks[at].text.clone());
    let kept: Vec<_> = blocks.into_iter().zip(&verdicts).filter(|(_, v)| v.keeps() && **v != Reason::Lead).map(|(b, _)| b).collect();
    if !kept.iter().any(|b| !matches!(b.what, What::Picture(..))) {
        return (Err(Miss::NoBody), Dropped::default());
    }
    let by = ReadBy { reader: Reader::Generic, rules: None };
    let story = rules::story_of(subject, &none, &title, lead, kept);
    let article = if fields::is_vietnamese(subject, &story.text) {
        rules::article(subject, &none, title, story, by)
    } else {
        fields::article(subject, &printed, title, story, by)
    };
    (Ok(article), Dropped::default())
}

fn title(subject: &Subject) -> Option<String> {
    if rules::is_vietnamese(subject) { rules::title(subject, &Chain::none()) } else { fields::title(subject) }
}

/// Lists every block of the page with the verdict of the generic reader.
pub(super) fn explain(subject: &Subject) -> Vec<Explained> {
    let outline = Outline::of(subject);
    let verdicts = judge::judge(subject, &outline);
    let title = title(subject).unwrap_or_default();
    let kept: Vec<_> = outline.blocks.iter().zip(&verdicts).filter(|(_, v)| v.keeps() && **v != Reason::Lead).map(|(b, _)| b.clone()).collect();
    let lead = verdicts.iter().position(|v| *v == Reason::Lead).map(|at| outline.blocks[at].text.clone());
    let mut gone = rules::story_of(subject, &Chain::none(), &title, lead, kept).gone.into_iter();
    let mut out = Vec::with_capacity(verdicts.len());
    for (at, (block, reason)) in outline.blocks.iter().zip(verdicts).enumerate() {
        let why = if reason.keeps() && reason != Reason::Lead { gone.next().flatten() } else { None };
        out.push(Explained {
            text: match &block.what {
                What::Picture(p, _) => p.address.clone(),
                _ => block.text.clone(),
            },
            kept: reason.keeps() && why.is_none(),
            reason: why.map_or_else(|| reason.name(), story::Why::name),
            path: format!("{} {}", kind_name(&block.what), outline.path(at)),
        });
    }
    out
}

fn kind_name(what: &What) -> &'static str {
    match what {
        What::Paragraph => "p",
        What::Heading(_) => "h",
        What::ListItem => "li",
        What::Row => "row",
        What::Caption(_) => "caption",
        What::Picture(..) => "picture",
        What::Byline => "byline",
    }
}
