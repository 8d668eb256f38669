//! What does the newcomer read? Eighty columns of plain words.

use std::io::{IsTerminal, Write as _};

use baotinh::record::Record;
use baotinh::report::PaperReport;

use super::proof::Run;
use super::web::newspaper::{Family, Issue, Story};
use super::web::{Asked, Web, entry, ms, skeleton};

/// A terminal is as wide as this at least.
const WIDTH: usize = 80;

/// A line on stdout. Whoever has closed it has seen enough: the program ends quietly.
macro_rules! tell {
    ($($line:tt)*) => {
        if writeln!(std::io::stdout(), $($line)*).is_err() {
            std::process::exit(0);
        }
    };
}

/// What stands there before anything moves.
pub fn opening(web: &Web) {
    tell!("\nThree newspapers that do not exist have opened on this machine (127.0.0.1):\n");
    for issue in web.issues() {
        let (paper, stories) = (issue.paper, issue.stories().count());
        let pace = match paper.crawl_delay {
            Some(delay) => format!("its robots.txt: Crawl-delay: {delay}"),
            None => format!("at most {} requests a second", paper.requests_per_second),
        };
        tell!("  {:15}{stories:2} stories   {:19}{pace}", paper.name, system(paper.family));
    }
    tell!("\nAll that baotinh is told of the last one, in selectors.toml. How pages of its");
    tell!("system are read stands there once for all its papers, under [families.ms].\n");
    if let Some(issue) = web.issues().last() {
        for line in entry(&issue).lines() {
            tell!("  {}", dim(line));
        }
    }
    heading("The first run");
}

/// Which system it is, in a newcomer's words.
fn system(family: Family) -> &'static str {
    match family {
        Family::Epi => "ePi system",
        Family::Fck => "FCKeditor system",
        Family::Ms => "system \"ms\"",
    }
}

/// What a run did, and what the papers saw of it.
pub fn run(web: &Web, run: &Run) {
    tell!("  {:15}{:>8}{:>12}{:>10}{:>11}{:>11}", "", "asked", "a second", "written", "corrected", "unchanged");
    for (issue, report) in web.issues().zip(&run.report.sites) {
        let asked: Vec<&Asked> = run.asked.iter().filter(|asked| asked.paper == issue.paper.id).collect();
        let seconds = asked.first().zip(asked.last()).map_or(0.0, |(first, last)| (last.at - first.at).as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "a demo asks some dozen questions")]
        let pace = asked.len().saturating_sub(1) as f64 / seconds.max(0.001);
        let pace = format!("{pace:.1} of {}", issue.paper.pace());
        tell!("  {:15}{:>8}{pace:>12}{:>10}{:>11}{:>11}", issue.paper.name, asked.len(), report.written, report.updated, report.unchanged);
    }
    tell!("");
    say(&found_in(&run.asked));
    say(&trouble(&run.report.sites, &run.asked));
    let (conditional, same) = known(&run.asked);
    if conditional > 0 {
        say(&format!(
            "{conditional} questions named the version that was known; {same} of these were answered \"304 not modified\", without the page."
        ));
    }
    say(&format!("The run took {:.1} s.", run.report.seconds));
}

/// Where the stories were listed.
fn found_in(asked: &[Asked]) -> String {
    let good = || asked.iter().filter(|asked| matches!(asked.status, 200 | 304));
    let times = |is: &dyn Fn(&str) -> bool| good().filter(|asked| is(&asked.path)).count();
    let feeds = times(&|path| path.starts_with("/rss/"));
    let sitemaps = times(&|path| path.contains("sitemap"));
    let lists =
        times(&|path| path.split('?').next().is_some_and(|path| path == "/" || path.matches('/').count() == 2 && path.ends_with('/')));
    format!("The lists it read: {feeds} feeds, {sitemaps} sitemaps, {lists} front, section and following pages.")
}

/// What did not go as it should, and what became of it.
fn trouble(reports: &[PaperReport], asked: &[Asked]) -> String {
    let answered = |status: u16| asked.iter().filter(|asked| asked.status == status).count();
    let gone: u64 = reports.iter().map(|report| report.gone).sum();
    let closed: u64 = reports.iter().flat_map(|report| report.refused.values()).sum();
    let parts = [
        (answered(301), "led to a new address"),
        (answered(503), "answered \"busy, come back in 1 s\" and was asked again"),
        (usize::try_from(gone).unwrap_or(usize::MAX), "was withdrawn (404)"),
        (usize::try_from(closed).unwrap_or(usize::MAX), "was left alone, as its robots.txt asks"),
    ];
    let said: Vec<String> = parts.iter().filter(|(times, _)| *times > 0).map(|(times, what)| format!("{times} {what}")).collect();
    if said.is_empty() { String::new() } else { format!("Of the addresses in them, {}.", said.join(", ")) }
}

/// How many questions were conditional, and how many of these saved a page.
fn known(asked: &[Asked]) -> (usize, usize) {
    let conditional = || asked.iter().filter(|asked| asked.conditional);
    (conditional().count(), conditional().filter(|asked| asked.status == 304).count())
}

/// What has happened between the runs.
pub fn next_edition(web: &Web) {
    heading("The second run, six hours later");
    for issue in web.issues() {
        for story in issue.stories().filter(|story| story.edition == issue.edition) {
            tell!("  {:15}new        {}", issue.paper.name, cut(&story.title, 50));
        }
        for story in issue.stories().filter(|story| issue.is_corrected(story)) {
            if let Some(correction) = &story.correction {
                tell!("  {:15}corrected  {}", issue.paper.name, cut(&story.title, 50));
                tell!("  {:26}{} is now {}", "", correction.from, correction.to);
            }
        }
    }
    tell!("");
    say("Lists are asked what is new, young stories whether they have changed, old stories nothing.");
}

/// The first record of each paper, and the correction.
pub fn records(web: &Web, records: &[Record]) {
    heading("The first records");
    for issue in web.issues() {
        if let Some(record) = records.iter().find(|record| record.site.as_deref() == Some(&issue.paper.id)) {
            card(record);
        }
    }
    for record in records.iter().filter(|record| record.revision > 1) {
        let before = records.iter().find(|other| other.url == record.url && other.revision + 1 == record.revision);
        let lines = |record: &Record| record.text.split("\n\n").map(str::to_owned).collect::<Vec<_>>();
        let old = before.map(lines).unwrap_or_default();
        tell!("  {}", bold(&format!("revision {} of \"{}\"", record.revision, cut(&record.title, 52))));
        for (old, new) in old.iter().zip(lines(record)).filter(|(old, new)| *old != new) {
            field("was", old);
            field("is", &new);
        }
        tell!("");
    }
}

fn card(record: &Record) {
    let images: Vec<String> = record
        .images
        .iter()
        .map(|image| {
            let credit = image.credit.as_ref().map(|credit| format!(" ({credit})")).unwrap_or_default();
            format!("{}{credit}", image.caption.as_deref().unwrap_or_default())
        })
        .collect();
    let mut paragraphs = record.text.split("\n\n");
    tell!("  {}", bold(&record.title));
    field("site", &format!("{}, {}", record.site.as_deref().unwrap_or_default(), record.province.as_deref().unwrap_or_default()));
    field("published", record.published.as_deref().unwrap_or_default());
    field("section", &record.section.join(" / "));
    field("dateline", record.dateline.as_deref().unwrap_or("null"));
    field("authors", &record.authors.join(", "));
    field("tags", &record.tags.join(", "));
    field("text", paragraphs.next().unwrap_or_default());
    tell!("{:15}{}", "", dim(&format!("… {} paragraphs more, {} words in all", paragraphs.count(), record.words)));
    for (number, image) in images.iter().enumerate() {
        field(if number == 0 { "images" } else { "" }, image);
    }
    field("extractor", &format!("{}, {}", record.extractor.by, record.extractor.rules.as_deref().unwrap_or("null")));
    tell!("");
}

/// A name and what stands behind it, wrapped.
fn field(name: &str, value: &str) {
    for (number, line) in wrapped(value, WIDTH - 16).into_iter().enumerate() {
        tell!("  {:13}{line}", if number == 0 { name } else { "" });
    }
}

/// What was seen, and what to do now.
pub fn closing(web: &Web, output: &str, records: usize) {
    heading("What you have seen");
    let stood = Wrapping::of(web);
    say(&format!(
        "{records} lines in {output}: each story once, the corrected one twice. Around them stood {} captions, {} lines like \"… ảnh 1\", {} headlines of other stories, {} share buttons and {} advertisements; none of these is in any text. This was compared, letter by letter, with what the papers had written.",
        stood.captions, stood.picture_lines, stood.headlines, stood.buttons, stood.advertisements
    ));
    tell!("  {}", bold("Now you"));
    tell!("  the records           head -n 1 {output}/*/*.jsonl");
    tell!("  what the runs did     cat {output}/runs.jsonl");
    tell!("  an article, now       baotinh fetch https://baolaocai.vn/<article>");
    tell!("  five of each paper    baotinh crawl --max-articles 5");
    tell!("  a paper of your own   add a few lines to selectors.toml, then baotinh check");
    tell!("\n  In a checkout, baotinh is: cargo run --release --\n");
}

/// What the pages wrapped around their stories, counted on the pages themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Wrapping {
    captions: usize,
    picture_lines: usize,
    headlines: usize,
    buttons: usize,
    advertisements: usize,
}

impl Wrapping {
    /// Of all pages of the papers as they stand now.
    fn of(web: &Web) -> Self {
        let pages = web.issues().flat_map(|issue| issue.stories().map(move |story| Self::of_page(&issue, story)));
        pages.fold(Self::default(), |all, page| Self {
            captions: all.captions + page.captions,
            picture_lines: all.picture_lines + page.picture_lines,
            headlines: all.headlines + page.headlines,
            buttons: all.buttons + page.buttons,
            advertisements: all.advertisements + page.advertisements,
        })
    }

    fn of_page(issue: &Issue, story: &Story) -> Self {
        let page = skeleton::article(issue, story);
        let page = ms::NAMES.iter().fold(page, |page, (letter, name)| page.replace(&format!("&{name};"), &letter.to_string()));
        let times = |needle: &str| page.matches(needle).count();
        Self {
            captions: story.pictures().map(|picture| times(picture.caption)).sum(),
            picture_lines: times(&format!("{} ảnh ", story.title)),
            headlines: issue.stories().filter(|other| other.title != story.title).map(|other| times(&other.title)).sum(),
            buttons: [">fb<", ">yt<", ">zl<", ">tw<"].iter().map(|button| times(button)).sum(),
            advertisements: times("Quảng cáo"),
        }
    }
}

fn heading(words: &str) {
    let rule = "━".repeat(WIDTH.saturating_sub(words.chars().count() + 4));
    tell!("\n{}\n", bold(&format!("━━ {words} {rule}")));
}

/// A sentence, wrapped.
fn say(words: &str) {
    for line in wrapped(words, WIDTH - 3) {
        tell!("  {line}");
    }
    if !words.is_empty() {
        tell!("");
    }
}

/// Lines of at most so many letters, broken between words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut().filter(|line| line.chars().count() + 1 + word.chars().count() <= width) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// So many letters of it.
fn cut(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters { text.to_owned() } else { text.chars().take(letters - 1).chain(['…']).collect() }
}

fn bold(text: &str) -> String {
    styled(text, "1")
}

fn dim(text: &str) -> String {
    styled(text, "2")
}

/// Colours go to terminals that want them (<https://no-color.org>).
fn styled(text: &str, code: &str) -> String {
    let wanted = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
