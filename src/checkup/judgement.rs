//! What do the pages of a paper say together, and what is to be done?

use std::collections::BTreeMap;

use super::{Agreement, Checkup, FIELDS, Listing, Loss, Problem, Rule, SCHEMA, Summary, Verdict, look, record_key};
use crate::article::{Miss, Reader};
use crate::paper::{Field, Paper, Rulebook};

/// Of fewer pages nobody can say what all pages lack: what they lack is noted and nothing is held against the rules.
const FEW: usize = 3;

/// Fields that every article has. Others some papers never print, and only a rule of the paper's own says that it does.
const ALWAYS: [Field; 2] = [Field::Title, Field::Published];

/// A paper while it is judged.
struct Judge<'a> {
    seen: &'a Checkup,
    book: &'a Rulebook,
    paper: Option<&'a Paper>,
    problems: Vec<Problem>,
}

impl Checkup {
    /// What was seen, and what it means; `book` holds the rules that the pages were read by.
    #[must_use]
    pub fn summary(&self, book: &Rulebook) -> Summary {
        let paper = self.site.as_deref().and_then(|site| book.paper(site));
        let mut judge = Judge { seen: self, book, paper, problems: Vec::new() };
        let nothing_came = judge.listings() | judge.pages();
        judge.readers();
        judge.fields();
        judge.texts();
        let mut problems = judge.problems;
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.verdict));
        let worst = problems.first().map_or(Verdict::Fits, |problem| problem.verdict);
        let is_closed = paper.is_some_and(|paper| !paper.lists_articles()) && self.tried == 0 && !self.stopped;
        let verdict = match worst {
            _ if is_closed => Verdict::Closed,
            Verdict::Fits if self.stopped && self.articles().0 < FEW => Verdict::Unfinished,
            _ if self.stopped && !nothing_came && self.tried == 0 => Verdict::Unfinished,
            worst => worst,
        };
        if is_closed {
            for problem in &mut problems {
                problem.verdict = Verdict::Closed;
            }
        }
        let mut failed: BTreeMap<String, usize> = BTreeMap::new();
        let lists = self.listings.iter().filter_map(|listing| Some(&listing.outcome.as_ref().err()?.1));
        for name in lists.chain(self.failed.iter().map(|(_, _, name)| name)) {
            *failed.entry(name.clone()).or_default() += 1;
        }
        let ((listings_answered, listings), (read, pages)) = (self.listings(), self.articles());
        Summary {
            schema: SCHEMA,
            site: self.site.clone(),
            verdict,
            listings,
            listings_answered,
            articles_found: self.found,
            pages,
            read,
            by: self.by,
            filled: self.filled,
            missed: self.missed.clone(),
            failed,
            agreement: self.agreement().map(|f1| (f1 * 100.0).round() / 100.0),
            problems,
        }
    }
}

impl Judge<'_> {
    /// What the listings gave; whether none of them came.
    fn listings(&mut self) -> bool {
        let failed = |listing: &&Listing| listing.outcome.is_err();
        let all_lost = !self.seen.listings.is_empty() && self.seen.listings.iter().all(|listing| failed(&listing));
        let is_up = self.seen.listings.iter().any(|listing| listing.outcome.as_ref().is_err_and(|(loss, _)| *loss == Loss::Gone));
        let mut by_reason: BTreeMap<(&str, &str), Vec<&Listing>> = BTreeMap::new();
        for listing in self.seen.listings.iter().filter(failed) {
            let name = listing.outcome.as_ref().err().map_or("", |(_, name)| name);
            by_reason.entry((listing.key, name)).or_default().push(listing);
        }
        for ((key, name), listings) in by_reason {
            let loss = listings[0].outcome.as_ref().err().map_or(Loss::Gone, |(loss, _)| *loss);
            let verdict = if all_lost && (loss == Loss::Gone || !is_up) { worst(loss) } else { Verdict::Look };
            let what = format!("{} did not come ({name})", counted(listings.len(), "listing"));
            self.tell(verdict, what, advice_for_listing(loss), vec![self.own(key)], listings.iter().map(|l| l.url.clone()));
        }
        let (answered, _) = self.seen.listings();
        if answered > 0 && self.seen.found == 0 {
            self.no_articles();
        }
        all_lost
    }

    /// Listings that came and name no article.
    fn no_articles(&mut self) {
        let others: usize = self.seen.listings.iter().filter_map(|listing| listing.outcome.as_ref().ok()).map(|(_, others)| others).sum();
        let urls: Vec<String> = self.seen.listings.iter().filter(|l| l.outcome.is_ok()).map(|l| l.url.clone()).collect();
        let key = self.seen.listings.iter().find(|listing| listing.outcome.is_ok()).map_or("start_pages", |listing| listing.key);
        let (what, advice, rules) = if others > 0 {
            let own =
                if others == 1 { "1 address in its listings is".to_owned() } else { format!("{others} addresses in its listings are") };
            let what = format!("{own} its own, and none has the form of its articles");
            (what, "write the form that the addresses of its articles have now", vec![self.own("article_address")])
        } else {
            let what = "its listings came, and no article is named in them".to_owned();
            let advice = "look there for the articles: either they are elsewhere now, or their addresses have another form";
            (what, advice, vec![self.own(key), self.own("article_address")])
        };
        self.tell(Verdict::Broken, what, advice, rules, urls);
    }

    /// Pages that did not come, and pages that gave no article; whether none came.
    fn pages(&mut self) -> bool {
        let (read, tried) = self.seen.articles();
        let gone = self.seen.failed.len();
        let all_lost = gone > 0 && gone == tried;
        if all_lost || gone * 2 > tried {
            let loss = self.seen.failed[0].1;
            let verdict = if all_lost { worst(loss) } else { Verdict::Look };
            let what = format!("{gone} of {} did not come ({})", counted(tried, "page"), self.seen.failed[0].2);
            let places = self.seen.failed.iter().map(|(place, ..)| place.clone());
            self.tell(verdict, what, advice_for_page(loss), Vec::new(), places);
        }
        let missed: usize = self.seen.missed.values().sum();
        let names = |counts: fn(&str) -> bool| {
            let counted = self.seen.missed.iter().filter(|(name, _)| counts(name));
            counted.map(|(name, times)| format!("{name} {times}")).collect::<Vec<String>>().join(", ")
        };
        let by_rules_alone = |name: &str| Miss::ALL.iter().any(|miss| miss.name() == name && !look::is_no_fault_of_rules(*miss));
        let (names, names_by_rules) = (names(|_| true), names(by_rules_alone));
        let (by_rules, places) = self.seen.lost_by_rules.clone();
        if by_rules > 0 {
            let verdict = if by_rules * 2 > tried - gone { Verdict::Broken } else { Verdict::Look };
            let what = format!("{by_rules} of {} gave no article ({names_by_rules})", counted(tried, "page"));
            let rules = [self.rules_of(Field::Body), self.rules_of(Field::Title)].concat();
            self.tell(verdict, what, "write where headline and body of these pages stand", rules, places);
        } else if missed > 0 && read == 0 {
            let what = format!("none of {} gave an article ({names})", counted(tried - gone, "page"));
            let advice = "see whether these pages are articles; what is none can be told by its address";
            let rules = vec![self.own("article_address"), self.own("not_article_address")];
            self.tell(Verdict::Look, what, advice, rules, Vec::new());
        }
        all_lost
    }

    /// Pages that others read than the rules that should have; a paper without rules is noted.
    fn readers(&mut self) {
        let (read, _) = self.seen.articles();
        let all: usize = self.seen.lapses.values().map(|lapses| lapses.times).sum();
        for lapses in self.seen.lapses.values() {
            let verdict = if all * 2 > read { Verdict::Broken } else { Verdict::Look };
            let place = lapses.first.place.as_ref().map(|place| format!(" with {place}")).unwrap_or_default();
            let by = self.seen.reader().map_or("nobody", Reader::name);
            let (times, how) = (lapses.times, lapses.first.how);
            let what = format!("on {times} of {} its rule{place} {how}; read by {by}", counted(read, "article"));
            let rule = Rule { key: lapses.first.rule.clone(), line: lapses.first.line };
            self.tell(verdict, what, "write the selector of the element that holds it now", vec![rule], lapses.at.clone());
        }
        let without = self.seen.by[Reader::Generic as usize];
        if without > 0 && all == 0 && self.paper.is_some() {
            let what = format!("read without rules: {without} of {}", counted(read, "article"));
            self.tell(
                Verdict::Fits,
                what,
                "name its family, or write take.body (--explain shows where the text stands)",
                vec![self.own("family")],
                Vec::new(),
            );
        }
    }

    /// Fields that no page has, dates that most pages lack, and rules of the paper's own that found nothing.
    fn fields(&mut self) {
        let pages = self.seen.by[Reader::Rules as usize] + self.seen.by[Reader::Family as usize];
        for (at, field) in FIELDS.into_iter().enumerate().filter(|_| pages > 0) {
            let (filled, (pointed, found)) = (self.seen.filled_by_rules[at], self.seen.pointed[at]);
            let is_own = self.paper.is_some_and(|paper| !paper.rules.take[field].is_empty());
            let verdict = |expected: bool| if pages >= FEW && expected { Verdict::Look } else { Verdict::Fits };
            let name = record_key(field);
            let rules = self.rules_of(field);
            if filled == 0 || field == Field::Published && filled * 2 < pages {
                let what = format!("{name} on {filled} of {}", counted(pages, "article"));
                let advice = if rules.iter().any(|rule| rule.line.is_some()) {
                    "none of its places holds it: write where it stands now"
                } else {
                    "if the pages print it, write where it stands"
                };
                self.tell(verdict(is_own || ALWAYS.contains(&field)), what, advice, rules, Vec::new());
            } else if is_own && pointed > 0 && found == 0 {
                let what = format!("its rules for {name} matched on none of {}; it came from elsewhere", counted(pointed, "article"));
                self.tell(verdict(true), what, "write where it stands now, or take the rule out", rules, Vec::new());
            }
        }
    }

    /// Texts that are others than the reader without rules finds.
    fn texts(&mut self) {
        let (doubtful, all) = (self.seen.doubtful.len(), self.seen.agreements.len());
        if doubtful == 0 {
            return;
        }
        let median = self.seen.agreement().unwrap_or(1.0);
        let verdict = if median < look::ALIKE { Verdict::Look } else { Verdict::Fits };
        let sum = |of: fn(&Agreement) -> usize| self.seen.agreements.iter().map(of).sum::<usize>();
        let (shared, rules, generic) = (sum(|a| a.shared), sum(|a| a.rules), sum(|a| a.generic));
        let what = format!(
            "the rules keep {rules} words of {}, the reader without rules {generic}, {shared} of them the same",
            counted(all, "article")
        );
        let (advice, keys) = if generic > rules {
            ("see with --explain whether text is lost", self.rules_of(Field::Body))
        } else {
            let family = self.paper.and_then(|paper| paper.family.as_deref()).map(|family| self.rule(format!("families.{family}.drop")));
            ("see with --explain whether furniture is kept", std::iter::once(self.own("drop")).chain(family).collect())
        };
        self.tell(verdict, what, advice, keys, self.seen.doubtful.clone());
    }

    fn tell(&mut self, verdict: Verdict, what: String, advice: &str, rules: Vec<Rule>, pages: impl IntoIterator<Item = String>) {
        let pages = pages.into_iter().take(super::EXAMPLES).collect();
        let rules = if self.paper.is_some() { rules } else { Vec::new() };
        self.problems.push(Problem { verdict, what, advice: advice.to_owned(), rules, pages });
    }

    fn rule(&self, key: String) -> Rule {
        Rule { line: self.book.line(&key), key }
    }

    /// A key of the paper itself.
    fn own(&self, key: &str) -> Rule {
        self.rule(format!("papers.{}.{key}", self.seen.site.as_deref().unwrap_or_default()))
    }

    /// The keys that say where a field stands, the paper's own first; where there is none yet, the paper's own that would say it.
    fn rules_of(&self, field: Field) -> Vec<Rule> {
        let own = self.own(&format!("take.{}", field.name()));
        let family = self.paper.and_then(|paper| paper.family.as_deref());
        let family = family.map(|family| self.rule(format!("families.{family}.take.{}", field.name())));
        let known: Vec<Rule> = [Some(own.clone()), family].into_iter().flatten().filter(|rule| rule.line.is_some()).collect();
        if known.is_empty() { vec![own] } else { known }
    }
}

fn worst(loss: Loss) -> Verdict {
    match loss {
        Loss::Forbidden => Verdict::Forbidden,
        Loss::Silent => Verdict::Down,
        Loss::Gone => Verdict::Broken,
    }
}

fn advice_for_listing(loss: Loss) -> &'static str {
    match loss {
        Loss::Forbidden => "its robots.txt does not want us there: take the address out, or ask the paper",
        Loss::Silent => "try again later; if it stays so, see whether the paper has moved to another host",
        Loss::Gone => "write where the paper lists its articles now",
    }
}

fn advice_for_page(loss: Loss) -> &'static str {
    match loss {
        Loss::Forbidden => "its robots.txt does not want us there: leave the paper, or ask it",
        Loss::Silent => "try again later",
        Loss::Gone => "open one of them in a browser: the paper may have moved, or keep programs out",
    }
}

/// `1 page`, `2 pages`.
fn counted(many: usize, what: &str) -> String {
    format!("{many} {what}{}", if many == 1 { "" } else { "s" })
}
