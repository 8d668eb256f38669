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
mod reason;
pub(super) mod second_look;
mod witness;

use std::collections::HashSet;

use scraper::ElementRef;
use url::Url;

use super::chain::Chain;
use super::rules;
use super::story;
use super::walk::{Block, Dropped, What};
use super::{ReadBy, Subject};
use crate::article::{Article, Miss, Reader};
use crate::vietnamese::text::language_of;
use body::letters;
use fields::Printed;
use hints::Hint;
use outline::Outline;
use reason::Reason;

/// One block of a page and what the generic reader made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The block's text; a picture's address.
    pub text: String,
    /// Whether it is in the article.
    pub kept: bool,
    /// Why: a name of the documentation.
    pub reason: &'static str,
    /// The key in selectors.toml of the rule that says so, where one does: `families.epi.drop.related`.
    pub rule: Option<String>,
    /// Where it stands: the element's path, for people.
    pub path: String,
}

/// Reads the page without any rule.
pub(super) fn read(subject: &Subject) -> (Result<Article, Miss>, Dropped) {
    let mut outline = Outline::of(subject);
    let verdicts = judge::judge(subject, &outline);
    if is_list(subject, &outline, &verdicts) {
        return (Err(Miss::NotArticle), Dropped::default());
    }
    if is_wall(&outline, &verdicts) {
        return (Err(Miss::NoBody), Dropped::default());
    }
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
    let article = if fields::is_vietnamese(subject, story.language) {
        rules::article(subject, &none, title, story, by)
    } else {
        fields::article(subject, &printed, title, story, by)
    };
    (Ok(article), Dropped::default())
}

/// From so many headlines that are links on, a page that does not say that it is an article may be a list of articles.
const LIST: usize = 19;

/// The fewest letters that a story has beside so many headlines, on a page that does not say that it is an article.
const STORY: f32 = 2000.0;

/// Is the page a list of articles? It calls itself no article, knows no day, and holds many headlines beside little text.
fn is_list(subject: &Subject, outline: &Outline, verdicts: &[Reason]) -> bool {
    let meta = subject.meta;
    let declared = meta.ld.is_article || meta.first(&["og:type"]) == Some("article") || meta.published().next().is_some();
    if declared || subject.url.is_some_and(names_an_article) {
        return false;
    }
    let texts = || outline.blocks.iter().zip(verdicts).filter(|(b, _)| !matches!(b.what, What::Picture(..) | What::Caption(_)));
    let story: f32 = texts().filter(|(_, v)| v.keeps()).map(|(b, _)| letters(&b.text)).sum();
    let leads = |b: &Block| b.linked * 10 >= b.chars * 8 && (25.0..250.0).contains(&letters(&b.text));
    let headlines: HashSet<&str> = texts().filter(|(b, _)| leads(b)).map(|(b, _)| b.text.as_str()).collect();
    story < STORY && headlines.len() >= LIST
}

/// Does the last part of the address hold a headline, of six words or more, or a number of four digits or more?
fn names_an_article(url: &Url) -> bool {
    let last = url.path_segments().and_then(|mut parts| parts.rfind(|p| !p.is_empty())).unwrap_or_default();
    let is_number = |word: &str| word.len() >= 4 && word.bytes().all(|b| b.is_ascii_digit());
    last.split(['-', '_']).filter(|w| !w.is_empty()).count() >= 6 || last.split(|c: char| !c.is_ascii_digit()).any(is_number)
}

/// A call to agree to something has fewer letters than this.
const WALL: f32 = 1500.0;

/// Does all that would be the text stand in a box of consent, as on a page that shows nothing else before one agrees?
fn is_wall(outline: &Outline, verdicts: &[Reason]) -> bool {
    let kept = || (0..verdicts.len()).filter(|at| verdicts[*at].keeps() && !matches!(outline.blocks[*at].what, What::Picture(..)));
    let in_box = |at: usize| outline.hints_around(at, 4).has(Hint::Consent);
    kept().next().is_some()
        && kept().map(|at| letters(&outline.blocks[at].text)).sum::<f32>() < WALL
        && kept().filter(|at| verdicts[*at] != Reason::Title).all(in_box)
}

fn title(subject: &Subject) -> Option<String> {
    let said = subject.meta.description().or_else(|| subject.meta.page_title.clone()).unwrap_or_default();
    if fields::is_vietnamese(subject, language_of(&said)) { rules::title(subject, &Chain::none()) } else { fields::title(subject) }
}

/// Lists every block of the page with the verdict of the generic reader.
pub(super) fn explain(subject: &Subject) -> Vec<Explained> {
    let outline = Outline::of(subject);
    let verdicts = judge::judge(subject, &outline);
    let title = title(subject).unwrap_or_default();
    let kept: Vec<_> =
        outline.blocks.iter().zip(&verdicts).filter(|(_, v)| v.keeps() && **v != Reason::Lead).map(|(b, _)| b.clone()).collect();
    let lead = verdicts.iter().position(|v| *v == Reason::Lead).map(|at| outline.blocks[at].text.clone());
    let mut gone = rules::story_of(subject, &Chain::none(), &title, lead, kept).gone.into_iter();
    let mut out = Vec::with_capacity(verdicts.len());
    for (block, reason) in outline.blocks.iter().zip(verdicts) {
        let why = if reason.keeps() && reason != Reason::Lead { gone.next().flatten() } else { None };
        out.push(Explained {
            text: match &block.what {
                What::Picture(p, _) => p.address.clone(),
                _ => block.text.clone(),
            },
            kept: reason.keeps() && why.is_none(),
            reason: why.map_or_else(|| reason.name(), story::Why::name),
            rule: None,
            path: subject.html.tree.get(block.node).and_then(ElementRef::wrap).map(super::explain::path).unwrap_or_default(),
        });
    }
    out
}

#[cfg(test)]
mod tests;
