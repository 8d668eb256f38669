//! Which addresses does this pattern mean?

use regex::{Regex, RegexBuilder};

use super::fault::Shown;
use super::read::Reader;
use super::section::{Placed, Section};

impl Reader<'_> {
    /// Patterns of addresses. Many papers have the same one, which is compiled once.
    pub(super) fn patterns(&mut self, section: &mut Section<'_>, key: &'static str) -> Vec<Regex> {
        let list = section.strings(key, "a pattern", &mut self.findings);
        list.into_iter().filter_map(|pattern| self.pattern(&pattern)).collect()
    }

    fn pattern(&mut self, pattern: &Placed<&str>) -> Option<Regex> {
        // Some thousand times what a pattern of an address needs, and little enough that a thousand of them do no harm.
        const LARGEST: usize = 1 << 20;
        if let Some(known) = self.patterns_known.get(pattern.it) {
            return Some(known.clone());
        }
        let shown = Shown(pattern.it);
        if pattern.it.contains("://") {
            let hint = "it is matched on path and query alone, such as /kinh-te/a-post1.html?page=2".to_owned();
            self.findings.wrong(pattern.at, format!("pattern `{shown}` names a whole address"), hint);
            return None;
        }
        match RegexBuilder::new(pattern.it).size_limit(LARGEST).build() {
            Ok(regex) => {
                self.patterns_known.insert(pattern.it.to_owned(), regex.clone());
                Some(regex)
            }
            Err(error) => {
                let (reason, hint) = regex_fault(&error);
                self.findings.wrong(pattern.at, format!("pattern `{shown}` is no regular expression: {reason}"), hint);
                None
            }
        }
    }
}

/// What the regex crate draws over several lines, in one; and what would be right.
fn regex_fault(error: &regex::Error) -> (String, Option<String>) {
    match error {
        regex::Error::CompiledTooBig(_) => {
            ("it is too large when compiled".to_owned(), Some("make its repeated parts smaller: {1,1000} costs a thousand".to_owned()))
        }
        other => {
            let drawn = other.to_string();
            let reason = drawn.rsplit("error: ").next().unwrap_or(&drawn).replace('\n', " ");
            let hint =
                reason.starts_with("look-around").then(|| "name the addresses that are none under not_article_address instead".to_owned());
            (Shown(reason.trim()).to_string(), hint)
        }
    }
}
