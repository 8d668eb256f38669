//! Is it true, what the demo shows: each story in the output once for each revision, exactly, nothing of what stood around it, and no
//! paper upset?

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use baotinh::page::Page;
use baotinh::record::{Provenance, Record};
use baotinh::report::{PaperReport, Report};

use super::web::newspaper::{Because, Family, Issue, Story};
use super::web::{Asked, Web};

/// Some requests more than the pace may have left when a run is cut into seconds: one at its beginning, and timers wake late.
const EARLY: f64 = 1.5;

/// One crawl, and what the papers saw of it.
#[derive(Debug)]
pub struct Run {
    /// What the program says of it.
    pub report: Report,
    /// What the servers say of it.
    pub asked: Vec<Asked>,
}

/// What was promised and not kept.
#[derive(Debug, Default)]
pub struct Proof {
    faults: Vec<String>,
    /// Paper and path of each page that was brought home.
    known: HashSet<(String, String)>,
}

impl Proof {
    /// Looks at a run that is to have brought home all that this edition has and no more.
    pub fn edition(&mut self, web: &Web, run: &Run) {
        for issue in web.issues() {
            let report = run.report.sites.iter().find(|site| site.site == issue.paper.id);
            self.faults.extend(report.map_or_else(|| Some(format!("{}: not crawled", issue.paper.id)), |report| counts(&issue, report)));
            let asked: Vec<&Asked> = run.asked.iter().filter(|asked| asked.paper == issue.paper.id).collect();
            self.faults.extend(manners(&issue, &asked).into_iter().map(|fault| format!("{}: {fault}", issue.paper.id)));
            let known = |asked: &Asked| self.known.contains(&(asked.paper.clone(), asked.path.clone()));
            let bald = asked.iter().filter(|asked| issue.paper.family != Family::Ms && known(asked) && !asked.conditional);
            self.faults.extend(bald.map(|asked| format!("{}: {} was known, and asked for whole again", asked.paper, asked.path)));
        }
        let home = run.asked.iter().filter(|asked| asked.status == 200);
        self.known.extend(home.map(|asked| (asked.paper.clone(), asked.path.clone())));
    }

    /// What is wrong, in the runs and in the records that they wrote.
    pub fn faults(self, web: &Web, records: &[Record]) -> Vec<String> {
        let mut faults = self.faults;
        let mut found: BTreeMap<(String, u32), Vec<&Record>> = BTreeMap::new();
        for record in records {
            found.entry((record.url.as_deref().unwrap_or_default().to_owned(), record.revision)).or_default().push(record);
        }
        for (issue, story, revision) in web.editions().iter().flat_map(due) {
            match found.remove(&(issue.address(story), revision)).as_deref() {
                None => faults.push(format!("revision {revision} is missing: {}", issue.address(story))),
                Some([record]) => faults.extend(difference(issue, story, record)),
                Some(several) => faults.push(format!("revision {revision} stands {} times: {}", several.len(), issue.address(story))),
            }
        }
        faults.extend(found.keys().map(|(url, revision)| format!("nobody published revision {revision} of {url}")));
        faults
    }
}

/// What a run over this edition has to write: its new stories, and again those that it puts right.
fn due<'i, 'a>(issue: &'i Issue<'a>) -> impl Iterator<Item = (&'i Issue<'a>, &'a Story, u32)> {
    let new = issue.stories().filter(|story| story.edition == issue.edition).map(|story| (story, 1));
    let right = issue.stories().filter(|story| issue.is_corrected(story)).map(|story| (story, 2));
    new.chain(right).map(move |(story, revision)| (issue, story, revision))
}

/// What the program counted otherwise.
fn counts(issue: &Issue, report: &PaperReport) -> Option<String> {
    let times = |wanted: u32| due(issue).filter(|(_, _, revision)| *revision == wanted).count() as u64;
    let (written, updated) = (times(1), times(2));
    if (report.written, report.updated) != (written, updated) {
        return Some(format!("{}: wrote {} and {} again, not {written} and {updated}", report.site, report.written, report.updated));
    }
    report.unwell.as_ref().map(|why| format!("{}: unwell: {why}", report.site))
}

/// What the paper would complain of.
fn manners(issue: &Issue, asked: &[&Asked]) -> Vec<String> {
    let mut faults = Vec::new();
    let (Some(first), Some(last)) = (asked.first(), asked.last()) else { return vec!["never asked".to_owned()] };
    if issue.edition == 1 && first.path != "/robots.txt" {
        faults.push(format!("{} was asked for before robots.txt", first.path));
    }
    let closed = issue.paper.dead_ends.iter().filter(|end| end.because == Because::Disallowed);
    faults.extend(closed.filter(|end| asked.iter().any(|a| a.path == end.path)).map(|end| format!("{} is disallowed", end.path)));
    // Who asks at the old address of a story is led to the new one, which another list may have named before.
    let mut seen = HashSet::new();
    let moved: Vec<String> = issue.stories().filter(|story| story.moved_from.is_some()).map(|story| issue.path(story)).collect();
    let twice = asked.iter().filter(|asked| asked.status == 200 && !seen.insert(&asked.path) && !moved.contains(&asked.path));
    faults.extend(twice.map(|asked| format!("{} was brought home twice in one run", asked.path)));
    #[expect(clippy::cast_precision_loss, reason = "a demo asks some dozen questions")]
    let many = asked.len() as f64;
    let allowed = (last.at - first.at).as_secs_f64() * issue.paper.pace() + EARLY;
    if many > allowed {
        faults.push(format!("asked {many} times in {:.1} s", (last.at - first.at).as_secs_f64()));
    }
    faults
}

/// The records of `<output>/<site>/*.jsonl`, in the order in which they were written, paper by paper.
///
/// # Errors
///
/// When a file can't be read, or a line of it is no record.
pub fn records(web: &Web, output: &Path) -> io::Result<Vec<Record<'static>>> {
    let mut records = Vec::new();
    for issue in web.issues() {
        let folder = fs::read_dir(output.join(&issue.paper.id))?;
        let mut files = folder.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
        files.sort();
        for file in files {
            for line in fs::read_to_string(file)?.lines() {
                records.push(serde_json::from_str(line)?);
            }
        }
    }
    Ok(records)
}

/// What a record says otherwise than its story does.
fn difference(issue: &Issue, story: &Story, record: &Record) -> Option<String> {
    let promise = issue.promise(story);
    let of =
        Provenance { id: Some(&record.id), site: Some(&issue.paper.id), province: Some(&issue.paper.province), revision: record.revision };
    let page = Page::default();
    let mut expected = Record::new(&promise, &page, of);
    // What only the visit knows.
    expected.fetched_at.clone_from(&record.fetched_at);
    expected.http.clone_from(&record.http);
    (expected != *record).then(|| format!("{}\n  is    {}\n  should be {}", story.title, record.line(), expected.line()))
}
