//! What did the pages of each paper show in its last runs, and where is that kept? In notes beside the frontier, as JSON.

use crate::ledger::{Clerk, Fault, Ledger, Line};
use crate::output::Place;
use crate::paper::Paper;
use crate::report::drift::History;

fn name_of(site: &str) -> String {
    format!("history/{site}")
}

/// What is remembered of these papers, in their order; nothing, where the ledger has stopped.
pub(super) async fn recall(clerk: &Clerk, papers: &[&'static Paper]) -> Vec<History> {
    let members = papers.to_vec();
    let read = move |ledger: &mut Ledger| members.iter().map(|paper| of_paper(ledger, paper)).collect();
    let histories: Result<Vec<History>, Fault> = clerk.ask(read).await;
    histories.unwrap_or_else(|fault| {
        tracing::debug!(%fault, "the papers' histories were not read");
        vec![History::default(); papers.len()]
    })
}

fn of_paper(ledger: &mut Ledger, paper: &Paper) -> Result<History, Fault> {
    let note = ledger.frontier(|frontier| frontier.note(&name_of(&paper.id)))?;
    let history = note.map(|json| serde_json::from_slice(&json)).transpose();
    Ok(history
        .unwrap_or_else(|fault| {
            tracing::warn!(site = paper.id, %fault, "what its pages used to show can't be read; it is learnt anew");
            None
        })
        .unwrap_or_default())
}

/// Keeps what is remembered, and writes the line of the run. A ledger that has stopped takes it no more, and says why when it is closed.
pub(super) async fn note(clerk: &Clerk, histories: Vec<(String, History)>, line: String) {
    let write = move |ledger: &mut Ledger| {
        for (site, history) in histories.iter().filter(|(_, history)| *history != History::default()) {
            let json = serde_json::to_vec(history).expect("counts, times and texts are always JSON");
            ledger.frontier(|frontier| frontier.leave_note(&name_of(site), &json))?;
        }
        ledger.write(Line { place: Place::Runs, text: &line })
    };
    if let Err(fault) = clerk.ask(write).await {
        tracing::debug!(%fault, "the run's line was not written");
    }
}
