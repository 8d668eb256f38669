//! Which lines stand on several pages of a host, and so belong to none of its articles?
//!
//! Who reads many pages of one host sees what no single page shows: a line that comes again on pages that differ otherwise is furniture,
//! though it looks like the story and bears no telling mark. The memory keeps a number for each line of the last articles of each host,
//! bounded in lines, pages and hosts, and can be written down and read again.
//!
//! What must not vanish: an article that is read again (it is known by its key), a story printed at several addresses (pages that share
//! most of what they say are one story), headings and rows of tables that come again each week (too short, or of cells), and the last
//! words of an article that is nothing but such lines.

use std::collections::{HashMap, HashSet, VecDeque};

use serde::{Deserialize, Serialize};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::article::{Article, Reader};
use crate::vietnamese::text::fold;

/// So many articles of a host are remembered; the oldest is forgotten first.
const PAGES: usize = 24;

/// So many lines of an article, from its beginning.
const LINES: usize = 400;

/// So many hosts; the one not seen for the longest time is forgotten first.
const HOSTS: usize = 512;

/// On so many other articles a line must stand to be furniture.
const ENOUGH: usize = 2;

/// Lines shorter than this, in letters, come again by chance, or are the headings of a column.
const SHORTEST: usize = 40;

/// An article of fewer words is none: of one that would be left with fewer, nothing goes.
const LEAST: usize = 8;

/// What has been read of some hosts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    hosts: HashMap<String, Host>,
    /// How many articles have been read.
    clock: u64,
}

/// The last articles of a host, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Host {
    articles: VecDeque<Known>,
    /// When the last was read.
    seen: u64,
}

/// An article as it is remembered: the hash of its key, and its lines, sorted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Known(u64, Vec<Line>);

/// A line as it is remembered: 48 bits of its hash, then its length in letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct Line(u64);

impl Memory {
    /// The name by which explanations know why a line went.
    pub const REASON: &str = "on_other_pages";

    /// Takes out of an article the lines that stand on several other articles of its host, remembers the article as it was, and gives
    /// back what went. An article that rules have read is theirs to answer for, and stays as it is. `site` is the id of its paper, where that is known; else its address tells the host. An article that has neither
    /// stays as it is.
    pub fn sift(&mut self, site: Option<&str>, article: &mut Article) -> Vec<String> {
        if article.by != Reader::Generic {
            return Vec::new();
        }
        let Some(host) = site.map(str::to_owned).or_else(|| host_of(article)) else { return Vec::new() };
        let known = Known::of(article);
        let furniture = self.hosts.get(&host).map(|host| host.furniture(&known)).unwrap_or_default();
        self.learn(&host, known);
        if furniture.is_empty() { Vec::new() } else { take_out(&furniture, article) }
    }

    /// What is known of a host, written down; `None` where nothing is.
    #[must_use]
    pub fn written(&self, host: &str) -> Option<Vec<u8>> {
        serde_json::to_vec(self.hosts.get(host)?).ok()
    }

    /// Reads again what [`written`](Self::written) gave. What is damaged is as good as nothing: false.
    pub fn read_again(&mut self, host: &str, written: &[u8]) -> bool {
        let Ok(mut known) = serde_json::from_slice::<Host>(written) else { return false };
        known.articles.truncate(PAGES);
        known.articles.iter_mut().for_each(|article| article.1.truncate(LINES));
        self.clock = self.clock.max(known.seen);
        self.hosts.insert(host.to_owned(), known);
        true
    }

    fn learn(&mut self, host: &str, article: Known) {
        self.clock += 1;
        if !self.hosts.contains_key(host) && self.hosts.len() >= HOSTS {
            let oldest = self.hosts.iter().min_by_key(|(_, h)| h.seen).map(|(name, _)| name.clone());
            oldest.and_then(|name| self.hosts.remove(&name));
        }
        let known = self.hosts.entry(host.to_owned()).or_default();
        known.seen = self.clock;
        known.articles.retain(|other| other.0 != article.0);
        if known.articles.len() >= PAGES {
            known.articles.pop_front();
        }
        known.articles.push_back(article);
    }
}

impl Host {
    /// The lines of an article that stand on enough other stories.
    fn furniture(&self, article: &Known) -> HashSet<Line> {
        let others: Vec<&Known> = self.articles.iter().filter(|other| other.0 != article.0 && !other.is_story_of(article)).collect();
        let stands = |line: &&Line| {
            let mut stories: Vec<&Known> = Vec::new();
            for other in others.iter().filter(|other| other.1.binary_search(line).is_ok()) {
                if !stories.iter().any(|story| story.is_story_of(other)) {
                    stories.push(other);
                }
            }
            stories.len() >= ENOUGH
        };
        article.1.iter().filter(stands).copied().collect()
    }
}

impl Known {
    fn of(article: &Article) -> Self {
        let name = article.key.as_deref().or(article.url.as_deref()).unwrap_or(&article.title);
        let mut lines: Vec<Line> = article.text.lines().filter_map(Line::of).take(LINES).collect();
        lines.sort_unstable();
        lines.dedup();
        Self(xxh3_64(name.as_bytes()), lines)
    }

    /// Do both tell one story: share they more than half of what the shorter one says? One line alone, which may be furniture, tells that
    /// only where there is no other.
    fn is_story_of(&self, other: &Self) -> bool {
        let shared: Vec<&Line> = self.1.iter().filter(|line| other.1.binary_search(line).is_ok()).collect();
        let letters: u64 = shared.iter().map(|line| line.letters()).sum();
        let shorter = self.letters().min(other.letters());
        2 * letters > shorter && (shared.len() > 1 || self.1 == other.1)
    }

    fn letters(&self) -> u64 {
        self.1.iter().copied().map(Line::letters).sum()
    }
}

impl Line {
    /// `None` for a line that tells nothing: a short one, and a row of a table.
    fn of(line: &str) -> Option<Self> {
        if line.contains('\t') {
            return None;
        }
        let letters = line.chars().count();
        let length = u64::try_from(letters).unwrap_or(u64::MAX).min(0xFFFF);
        (letters >= SHORTEST).then(|| Self(xxh3_64(fold(line).as_bytes()) & !0xFFFF | length))
    }

    fn letters(self) -> u64 {
        self.0 & 0xFFFF
    }
}

/// The host of an article's address, `www.` and `m.` apart.
fn host_of(article: &Article) -> Option<String> {
    let url = Url::parse(article.url.as_deref()?).ok()?;
    let host = url.host_str()?;
    Some(["www.", "m.", "amp."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(host).to_owned())
}

/// Takes the lines out of the text, and out of the lead where that is one of them, unless hardly anything would be left; what went.
fn take_out(furniture: &HashSet<Line>, article: &mut Article) -> Vec<String> {
    let stays = |line: &&str| Line::of(line).is_none_or(|line| !furniture.contains(&line));
    let sifted = |paragraphs: &str| {
        let paragraphs = paragraphs.split("\n\n").map(|paragraph| paragraph.lines().filter(stays).collect::<Vec<_>>().join("\n"));
        paragraphs.filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n")
    };
    let text = sifted(&article.text);
    if text.split_whitespace().take(LEAST).count() < LEAST {
        return Vec::new();
    }
    let gone = article.text.lines().filter(|line| !stays(line)).map(str::to_owned).collect();
    article.lead = article.lead.take().map(|lead| sifted(&lead)).filter(|lead| !lead.is_empty());
    article.text = text;
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Kind, Reader};

    const CALL: &str = "Support the valley's only newspaper with a small gift today.";
    const STORIES: [&str; 5] = [
        "The bridge in the north was closed on Monday morning after the flood.",
        "Whoever wants to fish in the lake this summer needs a licence from the town.",
        "A choir of ninety voices sang on the market square until after midnight.",
        "The school at the foot of the hill gets a new roof before the winter comes.",
        "Two brothers have opened the first bakery that the upper valley ever had.",
    ];

    fn article(url: &str, lines: &[&str]) -> Article {
        Article {
            url: Some(url.to_owned()),
            key: None,
            kind: Kind::Article,
            title: String::from("News"),
            lead: None,
            dateline: None,
            authors: Vec::new(),
            source: None,
            published: None,
            modified: None,
            section: Vec::new(),
            tags: Vec::new(),
            language: None,
            text: lines.join("\n\n"),
            images: Vec::new(),
            by: Reader::Generic,
            rules: None,
        }
    }

    /// Sifts an article of the valley's paper; its text then.
    fn sifted(memory: &mut Memory, number: usize, lines: &[&str]) -> String {
        let mut article = article(&format!("https://www.valley.example/{number}"), lines);
        memory.sift(None, &mut article);
        article.text
    }

    #[test]
    fn a_line_on_two_other_articles_of_its_host_is_furniture() {
        let mut memory = Memory::default();
        for (number, story) in STORIES.iter().enumerate() {
            let left = sifted(&mut memory, number, &[story, CALL]);
            assert_eq!(left.contains(CALL), number < 2, "{number}");
            assert!(left.contains(story));
        }
        let mut elsewhere = article("https://other.example/1", &[STORIES[0], CALL]);
        assert_eq!(memory.sift(None, &mut elsewhere), Vec::<String>::new(), "another host has its own memory");
        let mut of_paper = article("https://www.valley.example/9", &[STORIES[0], CALL]);
        assert_eq!(memory.sift(Some("valley"), &mut of_paper), Vec::<String>::new(), "and so has a paper");
    }

    #[test]
    fn what_went_is_told_and_a_lead_that_went_is_none() {
        let mut memory = Memory::default();
        sifted(&mut memory, 0, &[CALL, STORIES[0]]);
        sifted(&mut memory, 1, &[CALL, STORIES[1]]);
        let mut last = article("https://valley.example/2", &[&CALL.to_uppercase(), STORIES[2]]);
        last.lead = Some(CALL.to_uppercase());
        assert_eq!(memory.sift(None, &mut last), [CALL.to_uppercase()]);
        assert_eq!((last.lead, last.text.as_str()), (None, STORIES[2]));
    }

    #[test]
    fn an_article_read_again_and_again_keeps_its_lines() {
        let mut memory = Memory::default();
        for _ in 0..5 {
            assert_eq!(sifted(&mut memory, 1, &STORIES), STORIES.join("\n\n"));
        }
        let renamed = |slug: &str| Article { key: Some(String::from("0a1b")), ..article(slug, &STORIES[..2]) };
        for slug in ["https://valley.example/a", "https://valley.example/b", "https://valley.example/c"] {
            assert_eq!(memory.sift(None, &mut renamed(slug)), Vec::<String>::new(), "{slug}");
        }
    }

    #[test]
    fn a_story_printed_at_several_addresses_stays_whole_and_its_furniture_goes() {
        let mut memory = Memory::default();
        for number in 0..4 {
            assert_eq!(sifted(&mut memory, number, &STORIES[..3]), STORIES[..3].join("\n\n"), "{number}");
        }
        for number in 4..7 {
            assert_eq!(sifted(&mut memory, number, &STORIES[4..]), STORIES[4], "a story of one line, {number}");
        }
        let mut memory = Memory::default();
        sifted(&mut memory, 0, &[STORIES[3], CALL]);
        sifted(&mut memory, 1, &[STORIES[4], CALL]);
        for number in 2..5 {
            let story = [STORIES[0], STORIES[1], STORIES[2]];
            assert_eq!(sifted(&mut memory, number, &[&story[..], &[CALL]].concat()), story.join("\n\n"), "{number}");
        }
    }

    #[test]
    fn headings_rows_and_the_last_words_of_an_article_stay() {
        let row = "Station at the northern bridge of the upper valley\tMonday\tTuesday";
        let mut memory = Memory::default();
        for (number, story) in STORIES.iter().enumerate() {
            let lines = [*story, "The weather in the valley", row];
            assert_eq!(sifted(&mut memory, number, &lines), lines.join("\n\n"));
        }
        sifted(&mut memory, 7, &[CALL, STORIES[0]]);
        sifted(&mut memory, 8, &[CALL, STORIES[1]]);
        assert_eq!(sifted(&mut memory, 9, &[CALL]), CALL);
    }

    #[test]
    fn memory_is_bounded() {
        let mut memory = Memory::default();
        let lines: Vec<String> = (0..LINES * 2).map(|number| format!("{CALL} Number {number}.")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        for number in 0..PAGES * 3 {
            sifted(&mut memory, number, &lines);
        }
        let known = &memory.hosts["valley.example"];
        assert_eq!((known.articles.len(), known.articles[0].1.len()), (PAGES, LINES));
        for number in 0..HOSTS + 5 {
            memory.sift(None, &mut article(&format!("https://{number}.example/"), &STORIES));
        }
        assert_eq!(memory.hosts.len(), HOSTS);
        assert!(!memory.hosts.contains_key("valley.example"), "the host not seen for the longest time goes first");
    }

    #[test]
    fn memory_can_be_written_down_and_read_again() {
        let mut memory = Memory::default();
        sifted(&mut memory, 0, &[STORIES[0], CALL]);
        sifted(&mut memory, 1, &[STORIES[1], CALL]);
        let written = memory.written("valley.example").expect("the host is known");
        let mut again = Memory::default();
        assert!(again.read_again("valley.example", &written));
        assert_eq!(sifted(&mut again, 2, &[STORIES[2], CALL]), STORIES[2]);
        assert!(!again.read_again("valley.example", b"{"));
        assert_eq!(again.written("other.example"), None);
    }
}
