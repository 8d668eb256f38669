//! What does each system of pages wrap around a story or a list, the same for all?

use jiff::Zoned;

use super::newspaper::{Because, DeadEnd, Family, Issue, Section, Story};
use super::{epi, fck, ms};

/// A page that lists stories.
#[derive(Debug)]
pub struct List<'a> {
    /// The rubric; without one it is the front page.
    pub section: Option<&'a Section>,
    /// What it names, the newest first.
    pub stories: Vec<&'a Story>,
    /// From 1.
    pub page: usize,
    /// How many there are.
    pub pages: usize,
}

impl List<'_> {
    /// The path and query of another page of it.
    pub fn path(&self, family: Family, page: usize) -> String {
        let slug = self.section.map(|section| format!("{}/", section.slug)).unwrap_or_default();
        if page == 1 { format!("/{slug}") } else { format!("/{slug}?{}={page}", family.page_parameter()) }
    }

    /// The path and query of the page after this one.
    pub fn next(&self, family: Family) -> Option<String> {
        (self.page < self.pages).then(|| self.path(family, self.page + 1))
    }
}

/// The page of a story.
pub fn article(issue: &Issue, story: &Story) -> String {
    match issue.paper.family {
        Family::Epi => epi::article(issue, story),
        Family::Fck => fck::article(issue, story),
        Family::Ms => ms::article(issue, story),
    }
}

/// A page that lists stories.
pub fn list(issue: &Issue, list: &List) -> String {
    match issue.paper.family {
        Family::Epi => epi::list(issue, list),
        Family::Fck => fck::list(issue, list),
        Family::Ms => ms::list(issue, list),
    }
}

/// Text between tags or in an attribute.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Other stories, as every page advertises them: those that follow this one, from the end back to the beginning.
pub fn others<'a>(issue: &Issue<'a>, story: &Story, many: usize) -> Vec<&'a Story> {
    let all: Vec<&Story> = issue.stories().collect();
    let here = all.iter().position(|other| std::ptr::eq(*other, story)).unwrap_or(0);
    all.iter().cycle().skip(here + 1).take(many.min(all.len() - 1)).copied().collect()
}

/// Links of lists that lead to no article.
pub fn dead_ends(issue: &Issue) -> String {
    let link = |end: &DeadEnd| format!("<li><a href=\"{}{}\">{}</a></li>", issue.origin(), end.path, escape(&end.title));
    issue.paper.dead_ends.iter().map(link).collect()
}

/// The paths that robots.txt asks to leave alone, beside the search.
pub fn disallowed(issue: &Issue) -> impl Iterator<Item = String> {
    let closed = issue.paper.dead_ends.iter().filter(|end| end.because == Because::Disallowed);
    closed.map(|end| end.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/")))
}

/// `Thứ Bảy`
pub fn weekday(at: &Zoned) -> &'static str {
    const DAYS: [&str; 7] = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"];
    DAYS[usize::try_from(at.weekday().to_monday_zero_offset()).expect("a weekday is no negative number")]
}

/// Every class and id of a page under another name, as after a new coat of paint: the words stay, the rules no longer fit.
pub fn renamed(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((at, mark)) = [" class=\"", " id=\""].iter().filter_map(|mark| Some((rest.find(mark)?, *mark))).min() {
        let (before, value) = rest.split_at(at + mark.len());
        out.push_str(before);
        let (names, after) = value.split_once('"').unwrap_or((value, ""));
        let new: Vec<String> = names.split_ascii_whitespace().map(|name| format!("v2-{:x}", name_number(name))).collect();
        out.push_str(&new.join(" "));
        out.push('"');
        rest = after;
    }
    out + rest
}

fn name_number(name: &str) -> u32 {
    name.bytes().fold(17, |sum, byte| (sum * 31 + u32::from(byte)) % 0xffff)
}
