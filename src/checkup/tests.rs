//! Does each way in which a paper can fail its rules get its verdict, and a line that says what to do?

use crate::article::{Miss, Reader};
use crate::extract::{How, Lapse};
use crate::page::{Body, Page};
use crate::paper::Rulebook;

use super::{Agreement, Checkup, Listing, Look, Loss, Read, Summary, Verdict};

/// Pages, what they say together, what is seen, and the rules that it is about.
type Row = (Vec<Result<Read, Miss>>, Verdict, &'static str, &'static str);

/// Listings that were lost, whether another one came, and what that says.
type Lists = (&'static [(Loss, &'static str)], bool, Verdict);

const RULES: &str = "[families.mau]\ntake.body = \"article\"\ntake.tags = \"a.tag\"\n[papers.baomau]\nname = \"Báo Mẫu\"\n\
                     hosts = [\"baomau.vn\"]\nfamily = \"mau\"\nstart_pages = \"https://baomau.vn/\"\ntake.lead = \"h2\"\n\
                     [papers.dong]\nname = \"Báo Đóng\"\nhosts = [\"dong.vn\"]\n";

fn book() -> Rulebook {
    Rulebook::read(RULES, "t.toml").expect("sound rules")
}

/// A page on which all is as it should be.
fn good() -> Read {
    let agreement = Some(Agreement { shared: 95, rules: 100, generic: 100 });
    Read { by: Reader::Family, filled: [true; 7], agreement, words: 100, lapse: None, pointed: [Some(true); 7] }
}

fn look(number: usize, outcome: Result<Read, Miss>) -> Look {
    Look { place: format!("https://baomau.vn/{number}"), site: Some("baomau".to_owned()), outcome }
}

fn listing(outcome: Result<(usize, usize), (Loss, &str)>) -> Listing {
    let outcome = outcome.map_err(|(loss, name)| (loss, name.to_owned()));
    Listing { url: "https://baomau.vn/".to_owned(), key: "start_pages", outcome }
}

/// What these pages of one list say together.
fn judged(outcomes: Vec<Result<Read, Miss>>) -> Summary {
    let mut checkup = Checkup { found: outcomes.len(), ..Checkup::new(Some("baomau")) };
    checkup.listed(listing(Ok((outcomes.len(), 0))));
    outcomes.into_iter().enumerate().for_each(|(number, outcome)| checkup.saw(look(number, outcome)));
    checkup.summary(&book())
}

/// The worst problem: what was seen, and the keys with their lines.
fn worst(summary: &Summary) -> Option<(Verdict, String, String)> {
    let problem = summary.problems.first()?;
    let rules: Vec<String> = problem.rules.iter().map(|rule| format!("{}:{}", rule.key, rule.line.unwrap_or(0))).collect();
    Some((problem.verdict, problem.what.clone(), rules.join(" ")))
}

fn lapsed() -> Read {
    let lapse = Lapse { rule: "families.mau.take.body".to_owned(), line: Some(2), place: None, how: How::Absent { alone: false } };
    Read { by: Reader::Generic, agreement: None, lapse: Some(lapse), pointed: [None; 7], ..good() }
}

fn without(field: usize) -> Read {
    let mut read = good();
    read.filled[field] = false;
    read.pointed[field] = Some(false);
    read
}

#[test]
fn pages_that_their_rules_read_well_fit() {
    let summary = judged(vec![Ok(good()), Ok(good()), Err(Miss::NotArticle), Ok(without(5))]);
    assert_eq!((summary.verdict, summary.problems.as_slice()), (Verdict::Fits, [].as_slice()));
    assert_eq!((summary.pages, summary.read, summary.filled, summary.agreement), (4, 3, [3, 3, 3, 3, 3, 2, 3], Some(0.95)));
}

#[test]
fn what_some_pages_say_together_has_a_verdict_and_a_rule() {
    use Verdict::{Broken, Fits, Look};
    let other = Read { agreement: Some(Agreement { shared: 40, rules: 45, generic: 300 }), ..good() };
    let body = "families.mau.take.body:2";
    let rows: [Row; 9] = [
        (
            vec![Ok(lapsed()), Ok(lapsed()), Ok(good())],
            Broken,
            "on 2 of 3 articles its rule finds nothing on the page; read by generic",
            body,
        ),
        (vec![Ok(lapsed()), Ok(good()), Ok(good())], Look, "on 1 of 3 articles its rule finds nothing on the page; read by family", body),
        (
            vec![Err(Miss::NoBody), Err(Miss::NoBody), Err(Miss::NotArticle), Ok(good())],
            Look,
            "2 of 4 pages gave no article (no_body 2)",
            "families.mau.take.body:2 papers.baomau.take.title:0",
        ),
        (
            vec![Err(Miss::TooShort), Err(Miss::NotArticle)],
            Look,
            "none of 2 pages gave an article (not_article 1, too_short 1)",
            "papers.baomau.article_address:0 papers.baomau.not_article_address:0",
        ),
        (vec![Ok(without(1)); 3], Look, "lead on 0 of 3 articles", "papers.baomau.take.lead:9"),
        (vec![Ok(without(1)); 2], Fits, "lead on 0 of 2 articles", "papers.baomau.take.lead:9"),
        (vec![Ok(without(5)); 3], Fits, "tags on 0 of 3 articles", "families.mau.take.tags:3"),
        (vec![Ok(without(3)), Ok(without(3)), Ok(good())], Look, "published on 1 of 3 articles", "papers.baomau.take.published:0"),
        (
            vec![Ok(other.clone()), Ok(other), Ok(good())],
            Look,
            "the rules keep 190 words of 3 articles, the reader without rules 700, 175 of them the same",
            body,
        ),
    ];
    for (outcomes, verdict, what, rules) in rows {
        let summary = judged(outcomes);
        assert_eq!((summary.verdict, worst(&summary)), (verdict, Some((verdict, what.to_owned(), rules.to_owned()))));
    }
}

#[test]
fn a_rule_of_the_papers_own_that_never_matches_is_told_though_the_field_is_filled() {
    let mut read = good();
    read.pointed[1] = Some(false);
    let summary = judged(vec![Ok(read.clone()), Ok(read.clone()), Ok(read)]);
    let what = "its rules for lead matched on none of 3 articles; it came from elsewhere".to_owned();
    assert_eq!(worst(&summary), Some((Verdict::Look, what, "papers.baomau.take.lead:9".to_owned())));
}

#[test]
fn a_paper_whose_listings_do_not_come_is_what_the_worst_of_them_says() {
    use Loss::{Forbidden, Gone, Silent};
    let rows: [Lists; 6] = [
        (&[(Silent, "dns"), (Silent, "timeout")], false, Verdict::Down),
        (&[(Forbidden, "robots_disallowed")], false, Verdict::Forbidden),
        (&[(Gone, "http_404")], false, Verdict::Broken),
        (&[(Silent, "timeout"), (Gone, "http_404")], false, Verdict::Broken),
        (&[(Gone, "http_404")], true, Verdict::Look),
        (&[(Silent, "timeout")], true, Verdict::Look),
    ];
    for (lost, another, verdict) in rows {
        let mut checkup = Checkup::new(Some("baomau"));
        for lost in lost {
            checkup.listed(listing(Err(*lost)));
        }
        if another {
            checkup.listed(listing(Ok((3, 0))));
            checkup.found = 3;
            (0..3).for_each(|number| checkup.saw(look(number, Ok(good()))));
        }
        let summary = checkup.summary(&book());
        assert_eq!(summary.verdict, verdict, "{lost:?} {another}");
        assert_eq!(summary.problems[0].rules[0].line, Some(8));
    }
}

#[test]
fn articles_that_do_not_come_are_told_when_they_are_most() {
    for (lost, verdict) in [(1, Verdict::Fits), (3, Verdict::Look), (5, Verdict::Down)] {
        let mut checkup = Checkup { found: 5, ..Checkup::new(Some("baomau")) };
        checkup.listed(listing(Ok((5, 0))));
        for number in 0..5 {
            if number < lost {
                checkup.lost(format!("https://baomau.vn/{number}"), Loss::Silent, "timeout".to_owned());
            } else {
                checkup.saw(look(number, Ok(good())));
            }
        }
        let summary = checkup.summary(&book());
        assert_eq!((summary.verdict, summary.failed.get("timeout")), (verdict, Some(&lost)), "{lost}");
        assert!(summary.problems.iter().all(|problem| problem.pages.len() <= super::EXAMPLES));
    }
}

#[test]
fn a_closed_paper_and_one_that_nobody_looked_at_are_no_trouble() {
    let closed = Checkup::new(Some("dong"));
    assert_eq!(closed.summary(&book()).verdict, Verdict::Closed);
    let unseen = Checkup::unseen("baomau");
    assert_eq!(unseen.summary(&book()).verdict, Verdict::Unfinished);
    assert!(!Verdict::Closed.is_trouble() && !Verdict::Unfinished.is_trouble() && Verdict::Look.is_trouble());
}

#[test]
fn a_page_is_looked_at_with_its_rules_and_without() {
    let text = "Chợ phiên họp từ lúc trời còn mờ sương, người bán gánh rau, người mua dắt ngựa, ai cũng vội về. ".repeat(4);
    let page = |body: &str| Page {
        url: Some("https://baomau.vn/cho-phien-hop-som-hon-moi-nam-post12345.html".to_owned()),
        body: Body::Text(format!("<html lang=vi><title>Chợ phiên</title><h1>Chợ phiên</h1>{body}</html>")),
        ..Page::default()
    };
    let read = |body: &str| Look::at(&page(body), "x".to_owned(), &book());
    let fits = read(&format!("<h2>Chợ họp sớm.</h2><article><p>{text}</p><p>{text}</p></article>"));
    let seen = fits.outcome.clone().expect("an article");
    assert_eq!(
        (fits.verdict(), fits.site.as_deref(), seen.by, seen.filled[..2].to_vec()),
        (Verdict::Fits, Some("baomau"), Reader::Family, vec![true, true])
    );
    assert!(seen.agreement.is_some_and(|agreement| agreement.f1() > 0.9));
    let broken = read(&format!("<div class=moi><p>{text}</p><p>{text}</p></div>"));
    assert_eq!((broken.verdict(), broken.outcome.expect("an article").by), (Verdict::Broken, Reader::Generic));
    assert_eq!(read("").verdict(), Verdict::Broken);
}
