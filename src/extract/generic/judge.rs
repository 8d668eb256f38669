//! Is this block part of the article, and for which reason?

use super::super::Subject;
use super::super::walk::What;
use super::body::{self, letters};
use super::hints::Hint;
use super::outline::Outline;
use super::witness::Witness;

/// Why a block is or is not in the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Kept: it stands in the body.
    InBody,
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
}

impl Reason {
    pub const fn keeps(self) -> bool {
        matches!(self, Self::InBody | Self::Picture | Self::Lead)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::InBody => "in_body",
            Self::Picture => "picture",
            Self::Lead => "lead",
            Self::Outside => "outside_body",
            Self::Named(_) => "named_furniture",
            Self::Links => "links",
        }
    }
}

/// A verdict for each block.
pub(super) fn judge(subject: &Subject, outline: &Outline) -> Vec<Reason> {
    let weights = body::weigh(outline);
    let body = body::find(outline, &weights);
    let region = &outline.scopes[body.scope];
    let mut out = Vec::with_capacity(outline.blocks.len());
    let description = subject.meta.description().map(|d| Witness::of(&d)).unwrap_or_default();
    for (at, block) in outline.blocks.iter().enumerate() {
        let place = outline.scope_of[at];
        let inside = (region.first..region.end).contains(&at);
        #[expect(clippy::cast_precision_loss, reason = "letters of a block")]
        let linked = if block.chars == 0 { 0.0 } else { block.linked as f32 / block.chars as f32 };
        let reason = if !inside {
            let before = at < region.first && region.first - at < 40;
            if before && letters(&block.text) > 60.0 && linked < 0.3 && description.bears_out(&block.text) > 0.7 {
                Reason::Lead
            } else {
                Reason::Outside
            }
        } else if let Some(hint) = body.furniture[place] {
            Reason::Named(hint)
        } else if matches!(block.what, What::Picture(..)) {
            Reason::Picture
        } else if linked > 0.8 {
            Reason::Links
        } else {
            Reason::InBody
        };
        out.push(reason);
    }
    out
}
