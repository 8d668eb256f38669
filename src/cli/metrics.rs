//! What does Prometheus learn of a run?
//!
//! Its text exposition format 0.0.4, for the textfile collector of `node_exporter`: numbers of the last run, so gauges all.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use baotinh::report::{PaperReport, Report};

/// Whether the file can be written, before anything else is done.
pub fn check(file: &Path) -> io::Result<()> {
    let beside = beside(file);
    fs::write(&beside, "")?;
    fs::remove_file(beside)
}

/// Writes the file whole: beside it first, then by its name, so that nobody reads half of it.
pub fn write(file: &Path, report: &Report) -> io::Result<()> {
    let beside = beside(file);
    fs::write(&beside, text(report))?;
    fs::rename(beside, file)
}

/// A name that no collector of `*.prom` reads.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{}", std::process::id()));
    name.into()
}

type Count = fn(&PaperReport) -> u64;

const COUNTS: [(&str, &str, Count); 12] = [
    ("listings", "Listings that answered.", |site| site.listings),
    ("listed", "Articles that its listings named.", |site| site.listed),
    ("new", "Articles that nobody had seen before.", |site| site.new),
    ("written", "Articles written for the first time.", |site| site.written),
    ("updated", "Articles written again, since the paper changed them.", |site| site.updated),
    ("unchanged", "Articles looked at again and unchanged.", |site| site.unchanged),
    ("gone", "Addresses with nothing behind them any more.", |site| site.gone),
    ("passed_over", "Entries of listings without the form of an article.", |site| site.passed_over),
    ("requests", "Requests of every kind.", |site| site.requests),
    ("bytes", "Bytes of bodies.", |site| site.bytes),
    ("queued", "Addresses that wait.", |site| site.queued),
    ("unwell", "1 when the paper needs a look.", |site| u64::from(site.unwell.is_some())),
];

/// The whole file. Site ids and names need no escapes: they are letters, digits, `-` and `_`.
fn text(report: &Report) -> String {
    let mut text = String::new();
    let mut run = |name: &str, help: &str, value: String| {
        let _ = writeln!(text, "# HELP baotinh_run_{name} {help}\n# TYPE baotinh_run_{name} gauge\nbaotinh_run_{name} {value}");
    };
    run("start_time_seconds", "When the last run began, in Unix time.", report.started.as_second().to_string());
    run("duration_seconds", "How long it took.", format!("{:.3}", report.seconds));
    for (name, help, count) in COUNTS {
        head(&mut text, name, help);
        for site in &report.sites {
            let _ = writeln!(text, "baotinh_site_{name}{{site=\"{}\"}} {}", site.site, count(site));
        }
    }
    head(&mut text, "missed", "Pages that gave no article, by miss.");
    for site in &report.sites {
        for (miss, count) in &site.missed {
            let _ = writeln!(text, "baotinh_site_missed{{site=\"{}\",miss=\"{miss}\"}} {count}", site.site);
        }
    }
    head(&mut text, "read", "Article pages by who read them: the paper's rules, its family's, or the reader without rules.");
    for site in &report.sites {
        for (by, count) in &site.read {
            let _ = writeln!(text, "baotinh_site_read{{site=\"{}\",by=\"{by}\"}} {count}", site.site);
        }
    }
    head(&mut text, "lapses", "Article pages on which a rule failed, by its key in selectors.toml.");
    for site in &report.sites {
        for (rule, count) in &site.lapses {
            let _ = writeln!(text, "baotinh_site_lapses{{site=\"{}\",rule=\"{rule}\"}} {count}", site.site);
        }
    }
    head(&mut text, "failed", "Pages and listings that did not come, by failure.");
    for site in &report.sites {
        for (what, counts) in [("article", &site.failed), ("listing", &site.listings_failed)] {
            for (failure, count) in counts {
                let _ = writeln!(text, "baotinh_site_failed{{site=\"{}\",what=\"{what}\",failure=\"{failure}\"}} {count}", site.site);
            }
        }
    }
    text
}

fn head(text: &mut String, name: &str, help: &str) {
    let _ = writeln!(text, "# HELP baotinh_site_{name} {help}\n# TYPE baotinh_site_{name} gauge");
}

#[cfg(test)]
mod tests {
    use baotinh::report::{Ended, Happened, Subject};

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_each_line_is_a_sample_or_a_comment() {
        let mut report = Report::new(jiff::Timestamp::UNIX_EPOCH, ["baomau"]);
        report.sites[0].count(Happened::Failed(Subject::Listing, "http_503".into()));
        report.sites[0].count(Happened::Answered(7));
        report.end(Ended::Done, 0.25);
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("baotinh.prom");
        check(&file).expect("a writable folder");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
        fs::write(&file, "old").expect("room");
        write(&file, &report).expect("room");
        let text = fs::read_to_string(&file).expect("a file");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
        for line in
            ["baotinh_run_duration_seconds 0.250", "baotinh_site_bytes{site=\"baomau\"} 7", "baotinh_site_unwell{site=\"baomau\"} 1"]
        {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(text.contains("baotinh_site_failed{site=\"baomau\",what=\"listing\",failure=\"http_503\"} 1\n"));
        let sound = |line: &str| line.starts_with("# ") || line.rsplit_once(' ').is_some_and(|(_, value)| value.parse::<f64>().is_ok());
        assert!(text.lines().all(sound) && text.ends_with('\n'));
    }
}
