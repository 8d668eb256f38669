//! Does the conductor see what a paper prints no more, and remember it from run to run?

use super::*;

#[test]
fn a_field_that_a_paper_prints_no_more_is_told_from_run_to_run_and_a_rehearsal_tells_nothing() {
    let (canned, folder) = (paper(24), folder());
    let tagged = |number: u32| {
        let page = article(number);
        Answer { body: page.body.replace("<h1>", "<meta name=news_keywords content=\"chợ phiên\"><h1>"), ..page }
    };
    (1..=24).for_each(|number| canned.set(&path_of(number), vec![tagged(number)]));
    let first = crawl(&canned, &folder);
    assert_eq!((first.written, first.filled.get("tags"), first.unwell), (24, Some(&24), None));
    let print = |numbers: std::ops::RangeInclusive<u32>| {
        canned.set("/rss", vec![feed(&numbers.clone().map(|number| (number, number % 28 + 1)).collect::<Vec<_>>())]);
        numbers.for_each(|number| canned.set(&path_of(number), vec![article(number)]));
    };
    // Five articles a run: after the first five nobody can be sure yet.
    print(25..=29);
    let second = crawl_at(60, &canned, Settings::new(folder.path()));
    assert_eq!((second.written, second.filled.get("tags"), second.unwell), (5, None, None));
    print(30..=34);
    let third = crawl_at(120, &canned, Settings::new(folder.path()));
    let why = third.unwell.expect("ten are enough");
    assert!(
        why.starts_with("tags on 0 of 10 pages since 2026-02-01 07:00 UTC, usually 100 %, such as https://baomau.vn/cho-phien-so-post")
    );
    assert!(why.ends_with("; look with `baotinh check --live baomau`"), "{why}");
    let nothing_new = crawl_at(180, &canned, Settings::new(folder.path()));
    assert_eq!((nothing_new.written, nothing_new.unwell.as_ref()), (0, Some(&why)));
    let rehearsed = crawl_at(190, &canned, Settings { dry_run: true, ..Settings::new(folder.path()) });
    assert_eq!(rehearsed.unwell, None);
    (35..=38).for_each(|number| canned.set(&path_of(number), vec![tagged(number)]));
    canned.set("/rss", vec![feed(&[(35, 1), (36, 2), (37, 3), (38, 4)])]);
    let mended = crawl_at(240, &canned, Settings::new(folder.path()));
    assert_eq!((mended.written, mended.unwell), (4, None));
}
