//! What does a newspaper of the demo publish, and what must a reader find in it?
//!
//! The papers, their people and their news are invented; `*.toml` beside this file holds them as data. Pure: the same paper, hour and
//! edition give the same bytes.

use baotinh::article::{Article, Image, Kind, Reader, VIETNAM, When};
use baotinh::vietnamese::text::strip_marks;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use serde::Deserialize;

/// The three papers, each of another family.
pub const PAPERS: [&str; 3] = [include_str!("suoingan.toml"), include_str!("benpha.toml"), include_str!("doiche.toml")];

/// The second edition follows the first after so long: articles up to six hours old are then looked at once more.
pub const BETWEEN_EDITIONS: SignedDuration = SignedDuration::from_hours(6);

/// A newspaper as its file holds it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Newspaper {
    /// As selectors.toml would call it.
    pub id: String,
    /// As its readers call it.
    pub name: String,
    /// In `.example`, where nobody lives (RFC 2606 §3).
    pub host: String,
    /// Whose pages its pages look like.
    pub family: Family,
    /// Where it is read.
    pub province: String,
    /// The mark before its leads, as printed.
    pub dateline: Option<String>,
    /// The pace that selectors.toml grants.
    pub requests_per_second: f64,
    /// The pace that its own robots.txt asks for, in seconds.
    pub crawl_delay: Option<f64>,
    /// Its rubrics.
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
    /// The newest first.
    #[serde(rename = "story")]
    pub stories: Vec<Story>,
    /// Links in its lists that lead to no article.
    #[serde(rename = "dead_end", default)]
    pub dead_ends: Vec<DeadEnd>,
}

/// A link in a list that leads to no article.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadEnd {
    /// Below the host; its form is that of an article.
    pub path: String,
    /// What the list says of it.
    pub title: String,
    /// Why it leads nowhere.
    pub because: Because,
}

/// Why a link leads to no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Because {
    /// It was withdrawn: 404.
    Withdrawn,
    /// robots.txt asks to leave it alone. It answers whoever asks all the same.
    Disallowed,
}

impl Newspaper {
    /// How many requests a second it bears: what selectors.toml grants, or less when its robots.txt asks for it.
    pub fn pace(&self) -> f64 {
        self.crawl_delay.map_or(self.requests_per_second, |delay| self.requests_per_second.min(1.0 / delay))
    }
}

/// Which system makes the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// `ePi`: captions in tables, `… ảnh 1`, the lead outside of the body.
    Epi,
    /// `FCKeditor`: captions are centred paragraphs like any other, no lead, the mark `(BPO) - ` in bold.
    Fck,
    /// Addresses with year and month, letters as entities, the lead as the first bold paragraph.
    Ms,
}

impl Family {
    /// Its id in selectors.toml.
    pub fn id(self) -> &'static str {
        match self {
            Self::Epi => "epi",
            Self::Fck => "fck",
            Self::Ms => "ms",
        }
    }

    /// The form of its articles' addresses, as selectors.toml has it.
    pub fn article_address(self) -> &'static str {
        match self {
            Self::Epi => r"-post(?<id>\d+)\.html$",
            Self::Fck => r"-a(?<id>\d+)\.html$",
            Self::Ms => r"/\d{6}/[^/?]+-(?<id>[0-9a-f]{7})/?$",
        }
    }

    /// The query parameter that turns the pages of a list.
    pub fn page_parameter(self) -> &'static str {
        match self {
            Self::Epi => "page",
            Self::Fck => "trang",
            Self::Ms => "p",
        }
    }
}

/// A rubric.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// In addresses.
    pub slug: String,
    /// In print.
    pub name: String,
}

/// An article as it was written, before any page is wrapped around it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// The slug of its rubric.
    pub section: String,
    /// The edition in which it appears first.
    #[serde(default = "first")]
    pub edition: u8,
    /// The headline.
    pub title: String,
    /// The sapo, without the mark.
    pub lead: String,
    /// Paragraphs with a blank line between; `## ` begins a sub-heading.
    pub text: String,
    /// Captions, with the photographer behind a bar.
    #[serde(default)]
    pub pictures: Vec<String>,
    /// Who wrote it, with ` - ` between names.
    pub byline: Option<String>,
    /// The agency that it is from.
    pub source: Option<String>,
    /// Keywords.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What the second edition puts right.
    pub correction: Option<Correction>,
    /// Where it stood before: a path or a part of one, which answers 301.
    pub moved_from: Option<String>,
}

fn first() -> u8 {
    1
}

/// A figure that was wrong.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// As the first edition had it.
    pub from: String,
    /// As it should have been.
    pub to: String,
}

/// A part of a story's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A sub-heading.
    Heading(String),
    /// The picture with this number, from 0.
    Picture(usize),
}

/// A picture of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture<'a> {
    /// What stands under it.
    pub caption: &'a str,
    /// Who took it.
    pub credit: Option<&'a str>,
}

impl Picture<'_> {
    /// Caption and credit as one line, as papers print them.
    pub fn line(self) -> String {
        match self.credit {
            Some(credit) => format!("{} Ảnh: {credit}", self.caption),
            None => self.caption.to_owned(),
        }
    }
}

impl Story {
    /// Its pictures in page order.
    pub fn pictures(&self) -> impl ExactSizeIterator<Item = Picture<'_>> {
        self.pictures.iter().map(|line| match line.split_once(" | ") {
            Some((caption, credit)) => Picture { caption, credit: Some(credit) },
            None => Picture { caption: line, credit: None },
        })
    }

    /// The line that says who made it, as papers print it.
    pub fn byline(&self) -> Option<String> {
        let what = if self.pictures.is_empty() { "Bài" } else { "Tin, ảnh" };
        self.byline.as_ref().map(|names| format!("{what}: {names}"))
    }
}

/// A newspaper at one address, in one edition: what a server serves.
#[derive(Debug, Clone, Copy)]
pub struct Issue<'a> {
    /// Whose.
    pub paper: &'a Newspaper,
    /// Where on this machine.
    pub port: u16,
    /// When the first edition comes out.
    pub now: Timestamp,
    /// 1, or 2 with its news and corrections.
    pub edition: u8,
}

impl<'a> Issue<'a> {
    /// `http://baosuoingan.example:40123`
    pub fn origin(&self) -> String {
        format!("http://{}:{}", self.paper.host, self.port)
    }

    /// What has appeared, the newest first.
    pub fn stories(&self) -> impl Iterator<Item = &'a Story> + use<'a> {
        let edition = self.edition;
        self.paper.stories.iter().filter(move |story| story.edition <= edition)
    }

    /// The stories of a rubric, the newest first.
    pub fn stories_of(&self, section: &str) -> Vec<&'a Story> {
        self.stories().filter(|story| story.section == section).collect()
    }

    /// The rubric that a story stands in.
    pub fn section(&self, story: &Story) -> &'a Section {
        self.paper.sections.iter().find(|section| section.slug == story.section).expect("every story's section is declared")
    }

    /// How many stories are newer; it gives the story its number and its hour.
    fn place(&self, story: &Story) -> usize {
        self.paper.stories.iter().position(|other| std::ptr::eq(other, story)).expect("the story is this paper's")
    }

    /// The path of its page.
    pub fn path(&self, story: &Story) -> String {
        let number = 70_200 - self.place(story);
        let slug = slug(&story.title);
        match self.paper.family {
            Family::Epi => format!("/{slug}-post{number}.html"),
            Family::Fck => format!("/{slug}-a{number}.html"),
            Family::Ms => self.below_month(story, &format!("{slug}-{}", seven_digits(number))),
        }
    }

    /// The path under which it was known before.
    pub fn old_path(&self, story: &Story) -> Option<String> {
        let old = story.moved_from.as_ref()?;
        let number = 70_200 - self.place(story);
        Some(match self.paper.family {
            // A new number: to a crawler another article, until it is told.
            Family::Epi => format!("/{old}"),
            // Another slug before the same number.
            Family::Fck => format!("/{old}-a{number}.html"),
            Family::Ms => self.below_month(story, &format!("{old}-{}", seven_digits(number))),
        })
    }

    fn below_month(&self, story: &Story, name: &str) -> String {
        format!("/{}/{}/{name}/", story.section, self.published(story).strftime("%Y%m"))
    }

    /// The whole address of its page.
    pub fn address(&self, story: &Story) -> String {
        self.origin() + &self.path(story)
    }

    /// The address of one of its pictures.
    pub fn picture_address(&self, story: &Story, picture: usize) -> String {
        let day = self.published(story).strftime("%Y/%m/%d").to_string();
        format!("{}/images/{day}/{}-{}.jpg", self.origin(), slug(&story.title), picture + 1)
    }

    /// When an edition comes out, to the minute, on Vietnam's clock.
    pub fn hour(&self, edition: u8) -> Zoned {
        let at = self.now + BETWEEN_EDITIONS * i32::from(edition.saturating_sub(1));
        let minute = Timestamp::from_second(at.as_second() / 60 * 60).expect("a moment rounded down is a moment");
        minute.to_zoned(TimeZone::fixed(VIETNAM))
    }

    /// When it appeared, to the minute, on Vietnam's clock.
    pub fn published(&self, story: &Story) -> Zoned {
        // Not of the last ten minutes: a printed date so near to the fetch is taken for a clock.
        let minutes = 26 + 127 * i64::try_from(self.place(story)).expect("a paper of the demo is small");
        &self.hour(story.edition) - minutes.minutes()
    }

    /// When it was changed last.
    pub fn modified(&self, story: &Story) -> Zoned {
        if self.is_corrected(story) { self.hour(self.edition) } else { self.published(story) }
    }

    /// Whether this edition has put something right in it.
    pub fn is_corrected(&self, story: &Story) -> bool {
        self.edition > 1 && story.correction.is_some()
    }

    /// Its text with its pictures: each stands behind a paragraph, all of them before the last one.
    pub fn blocks(&self, story: &Story) -> Vec<Block> {
        let parts: Vec<&str> = story.text.split("\n\n").map(str::trim).collect();
        let mut blocks = Vec::new();
        let mut pictures = (0..story.pictures.len()).map(Block::Picture);
        for (place, part) in parts.iter().enumerate() {
            if place + 1 == parts.len() {
                blocks.extend(pictures.by_ref());
            }
            if let Some(heading) = part.strip_prefix("## ") {
                blocks.push(Block::Heading(heading.to_owned()));
            } else {
                blocks.push(Block::Paragraph(self.corrected(story, part)));
                blocks.extend(pictures.next());
            }
        }
        blocks
    }

    fn corrected(&self, story: &Story, text: &str) -> String {
        match &story.correction {
            Some(Correction { from, to }) if self.is_corrected(story) => text.replace(from, to),
            _ => text.to_owned(),
        }
    }

    /// What must be read from its page, whatever the page wraps around it; the key is the reader's own affair.
    pub fn promise(&self, story: &Story) -> Article {
        let family = self.paper.family;
        let when = |at: &Zoned| When::new(at.timestamp(), VIETNAM);
        let blocks = self.blocks(story);
        let told = blocks.iter().filter_map(|block| match block {
            Block::Paragraph(text) | Block::Heading(text) => Some(text.as_str()),
            Block::Picture(_) => None,
        });
        let text: Vec<&str> = std::iter::once(story.lead.as_str()).chain(told).collect();
        let picture = |(number, picture): (usize, Picture)| Image {
            url: self.picture_address(story, number),
            caption: Some(picture.caption.to_owned()),
            credit: picture.credit.map(str::to_owned),
        };
        Article {
            url: Some(self.address(story)),
            key: None,
            kind: Kind::Article,
            title: story.title.clone(),
            lead: (family != Family::Fck).then(|| story.lead.clone()),
            dateline: self.paper.dateline.clone(),
            authors: story.byline.iter().flat_map(|names| names.split(" - ")).map(str::to_owned).collect(),
            source: story.source.clone(),
            published: Some(when(&self.published(story))),
            modified: (family == Family::Epi).then(|| when(&self.modified(story))),
            section: vec![self.section(story).name.clone()],
            tags: story.tags.clone(),
            language: Some("vi".to_owned()),
            text: text.join("\n\n"),
            images: story.pictures().enumerate().map(picture).collect(),
            by: Reader::Family,
            rules: Some(family.id().to_owned()),
        }
    }
}

/// A number as the ms system prints it. The factor is odd, so no two numbers give the same digits.
fn seven_digits(number: usize) -> String {
    format!("{:07x}", number * 2_654_435 % (1 << 28))
}

/// Reads the papers of the demo.
pub fn papers() -> Vec<Newspaper> {
    PAPERS.iter().map(|file| toml::from_str(file).expect("the papers' files are held to their form by a test")).collect()
}

/// `Cầu treo bản Nậm Kha` as it stands in an address: `cau-treo-ban-nam-kha`.
pub fn slug(title: &str) -> String {
    let plain = strip_marks(&title.to_lowercase());
    let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}
