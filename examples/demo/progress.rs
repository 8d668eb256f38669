//! What does a crawl look like while it runs? A line a paper: how far it is, at which pace, and what it reads now.

use std::collections::HashMap;
use std::time::Duration;

use baotinh::crawl::Notice;
use baotinh::report::PaperReport;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::web::Web;

/// The lines, one for each paper. They vanish when the run has ended; where nobody looks, there are none.
#[derive(Debug)]
pub struct Progress {
    lines: HashMap<String, ProgressBar>,
    headlines: HashMap<String, String>,
    together: MultiProgress,
}

impl Progress {
    /// For a crawl of the papers of this web.
    pub fn new(web: &Web) -> Self {
        let together = MultiProgress::new();
        let style = ProgressStyle::with_template("  {prefix:14} {bar:16} {pos:>2}/{len:2} {msg}")
            .expect("a sound template")
            .progress_chars("━╸·");
        let line = |name: &str| {
            let line = together.add(ProgressBar::new(1).with_style(style.clone()).with_prefix(name.to_owned()));
            line.enable_steady_tick(Duration::from_millis(100));
            line
        };
        Self {
            lines: web.issues().map(|issue| (issue.paper.id.clone(), line(&issue.paper.name))).collect(),
            headlines: web
                .issues()
                .flat_map(|issue| issue.stories().map(move |story| (issue.address(story), story.title.clone())))
                .collect(),
            together,
        }
    }

    /// Shows what happened.
    pub fn show(&mut self, notice: Notice<'_>) {
        match notice {
            Notice::Counts(paper) => self.count(paper),
            Notice::Happened { site, url: Some(url), .. } => {
                if let (Some(line), Some(headline)) = (self.lines.get(site), self.headlines.get(url)) {
                    line.set_message(headline.chars().take(36).collect::<String>());
                }
            }
            Notice::Happened { .. } | Notice::Found(_) => {}
        }
    }

    fn count(&self, paper: &PaperReport) {
        let Some(line) = self.lines.get(&paper.site) else { return };
        let refused: u64 = paper.refused.values().sum();
        let done = paper.done() + refused;
        line.set_length((done + paper.queued).max(1));
        line.set_position(done);
    }

    /// Takes the lines away.
    pub fn end(self) {
        // A terminal that does not take this has nothing on it to take away.
        let _ = self.together.clear();
    }
}
