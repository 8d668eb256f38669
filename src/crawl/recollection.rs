//! What do the pages of earlier runs tell about a page of this one? The papers' memory, kept in the state from run to run.
//!
//! Of each paper it is one note, read when the run begins, written when the paper's lane ends and now and then before. Should the power
//! go in between, some pages are forgotten, and no more.

use std::sync::{Arc, Mutex, PoisonError};

use super::desk::Desk;
use crate::article::Article;
use crate::extract::Memory;
use crate::ledger::{Fault, Ledger};
use crate::paper::Paper;

/// The memory of all papers; none, where each page is to be read for itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Recollection(Option<Arc<Mutex<Memory>>>);

fn name(paper: &Paper) -> String {
    format!("memory/{}", paper.id)
}

impl Recollection {
    /// What earlier runs left of these papers.
    pub(super) fn of(ledger: &mut Ledger, papers: &[&'static Paper]) -> Result<Self, Fault> {
        let mut memory = Memory::default();
        for paper in papers {
            if let Some(note) = ledger.frontier(|frontier| frontier.note(&name(paper)))?
                && !memory.read_again(&paper.id, &note)
            {
                tracing::warn!(site = paper.id, "the memory of its pages is damaged: it begins anew");
            }
        }
        Ok(Self(Some(Arc::new(Mutex::new(memory)))))
    }

    /// Takes out of an article what stands on other pages of its paper, and remembers it.
    pub(super) fn sift(&self, paper: &Paper, article: &mut Article) {
        let Some(memory) = &self.0 else { return };
        // A memory at which somebody broke is still one of whole articles.
        let gone = memory.lock().unwrap_or_else(PoisonError::into_inner).sift(Some(&paper.id), article);
        for line in gone {
            tracing::debug!(site = paper.id, url = article.url, reason = Memory::REASON, line, "left out");
        }
    }

    /// Leaves what is known of these papers for the next run.
    pub(super) async fn keep(&self, desk: &Desk, papers: &[&'static Paper]) -> Result<(), Fault> {
        let Some(memory) = &self.0 else { return Ok(()) };
        let notes: Vec<(String, Vec<u8>)> = {
            let memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            papers.iter().filter_map(|paper| Some((name(paper), memory.written(&paper.id)?))).collect()
        };
        if notes.is_empty() { Ok(()) } else { desk.leave_notes(notes).await }
    }
}
