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
    /// What each paper is at: its pace, and the story.
    reading: HashMap<String, String>,
    together: MultiProgress,
}

impl Progress {
    /// For a crawl of the papers of this web.
    pub fn new(web: &Web) -> Self {
        let together = MultiProgress::new();
        let style =
            ProgressStyle::with_template("  {prefix:14} {bar:14} {pos:>2}/{len:2} {msg}").expect("a sound template").progress_chars("━╸·");
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
            reading: HashMap::new(),
            together,
        }
    }

    /// Shows what happened.
    pub fn show(&mut self, notice: Notice<'_>) {
        match notice {
            Notice::Counts(paper) => self.count(paper),
            Notice::Happened { site, url: Some(url), .. } => {
                if let Some(headline) = self.headlines.get(url) {
                    self.reading.insert(site.to_owned(), headline.chars().take(34).collect());
                }
            }
            Notice::Happened { .. } | Notice::Found(_) => {}
        }
    }

    fn count(&self, paper: &PaperReport) {
        let Some(line) = self.lines.get(&paper.site) else { return };
        let done = paper.done() + paper.refused.values().sum::<u64>();
        // Young stories are looked at again without being new.
        line.set_length(done.max(paper.new).max(1));
        line.set_position(done);
        line.set_message(format!("{:.1}/s  {}", paper.pace, self.reading.get(&paper.site).map_or("", String::as_str)));
    }

    /// Takes the lines away.
    pub fn end(self) {
        // A terminal that does not take this has nothing on it to take away.
        let _ = self.together.clear();
    }
}
