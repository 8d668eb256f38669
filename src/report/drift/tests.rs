//! Is every change of a paper's pages seen, and nothing that is none?

use super::*;
use crate::extract::{How, Lapse};
use crate::paper::{Field, Reason};

const DAY: i64 = 24 * 3600;

fn at(run: i64) -> Timestamp {
    // Four runs a day.
    Timestamp::from_second(1_770_000_000 + run * DAY / 4).expect("a moment of our time")
}

fn share_of(shown: u32, of: u32) -> Share {
    Share { shown, of }
}

/// A run of so many pages, of which so many show the sign.
fn run(sign: Sign, shown: u32, of: u32) -> Tally {
    let lacking = (shown..of).map(|page| format!("http://baomau.vn/{page}")).take(3).collect();
    Tally { signs: [(sign, share_of(shown, of))].into(), lacking: [(sign, lacking)].into(), ..Tally::default() }
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that a judge asks for")]
fn any_rule(_: Sign) -> Option<String> {
    Some("families.mau.take.author (line 7)".to_owned())
}

/// A paper that has had these runs, and the number of the next one.
fn after(runs: &[Tally]) -> (History, i64) {
    let mut history = History::default();
    let mut number = 0;
    for run in runs {
        assert_eq!(history.judge(run, at(number), any_rule), [], "in run {number}");
        number += 1;
    }
    (history, number)
}

const AUTHOR: Sign = Sign::Filled(Field::Author);
const CAPTIONS: Sign = Sign::Dropped(Reason::Captions);

/// Numbers that look like chance and are the same each time (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 32) % u64::from(most)).expect("less than most")
    }

    /// Of so many pages, how many show what `percent` of all show.
    fn shown(&mut self, percent: u32, of: u32) -> u32 {
        (0..of).filter(|_| self.below(100) < percent).count().try_into().expect("not more than of")
    }
}

#[test]
fn a_paper_that_stays_as_it_is_never_drifts_whatever_chance_does() {
    let mut dice = Dice(0x5eed_0001);
    for paper in 0..24 {
        let percents: Vec<(Sign, u32)> = Sign::all().map(|sign| (sign, 3 + dice.below(98))).collect();
        let most = 1 + dice.below(24);
        let mut history = History::default();
        for number in 0..120 {
            let pages = dice.below(most + 1);
            // Some days are a little unlike others: a holiday has more photographs and fewer reporters.
            let mood = dice.below(11);
            let mut signs = BTreeMap::new();
            for (sign, percent) in percents.iter().filter(|_| pages > 0) {
                signs.insert(*sign, share_of(dice.shown((percent + mood).saturating_sub(5), pages), pages));
            }
            let words = (0..pages).map(|_| (0..4).map(|_| dice.below(200)).sum::<u32>() * dice.below(4) / 2 + 40).collect();
            let tally = Tally { signs, words, ..Tally::default() };
            assert_eq!(history.judge(&tally, at(number), any_rule), [], "paper {paper} in run {number}");
        }
    }
}

#[test]
fn a_sign_that_is_gone_is_seen_as_soon_as_chance_can_be_ruled_out() {
    // Pages before, usual share in percent, pages a run: the number of pages at which it is seen. After 16 pages nobody knows yet what
    // is usual: it is seen late.
    let rows =
        [(100, 100, 5, 5), (20, 100, 9, 9), (20, 100, 1, 10), (200, 100, 2, 6), (100, 90, 12, 12), (200, 50, 10, 40), (16, 100, 16, 64)];
    for (before, percent, a_run, expected) in rows {
        let known: Vec<Tally> = (0..before / 4).map(|_| run(AUTHOR, 4 * percent / 100, 4)).collect();
        let known = if percent == 90 { (0..before / 10).map(|_| run(AUTHOR, 9, 10)).collect() } else { known };
        let (mut history, first) = after(&known);
        let seen = (1..30)
            .find(|n| !history.judge(&run(AUTHOR, 0, a_run), at(first + n), any_rule).is_empty())
            .map_or(0, |n| n * i64::from(a_run));
        assert_eq!(seen, expected, "{before} pages with {percent} %, then none, {a_run} a run");
    }
}

#[test]
fn what_has_drifted_stays_so_until_it_is_mended() {
    let (mut history, first) = after(&vec![run(CAPTIONS, 8, 8); 12]);
    let drifts = history.judge(&run(CAPTIONS, 0, 6), at(first), any_rule);
    assert_eq!((drifts.len(), drifts[0].since, drifts[0].usual, drifts[0].now), (1, at(first), share_of(96, 96), share_of(0, 6)));
    for number in 1..40 {
        // Some pages show it by chance, some runs have no page at all.
        let tally = if number % 3 == 0 { Tally::default() } else { run(CAPTIONS, u32::from(number % 7 == 0), 2) };
        let json = serde_json::to_vec(&history).expect("JSON");
        history = serde_json::from_slice(&json).expect("what was written down");
        let drifts = history.judge(&tally, at(first + number), any_rule);
        assert_eq!((drifts.len(), drifts[0].since), (1, at(first)), "run {number}");
    }
    let mended: Vec<usize> = (40..45).map(|number| history.judge(&run(CAPTIONS, 2, 2), at(first + number), any_rule).len()).collect();
    assert_eq!(mended, [0, 0, 0, 0, 0]);
    // The broken weeks have taught it nothing: broken again, it is seen again.
    assert_eq!(history.judge(&run(CAPTIONS, 0, 8), at(first + 45), any_rule).len(), 1);
}

#[test]
fn what_lasts_for_two_weeks_and_sixty_pages_is_the_new_usual_and_said_once() {
    let (mut history, first) = after(&vec![run(AUTHOR, 8, 8); 12]);
    let told: Vec<(i64, bool)> = (0..80)
        .flat_map(|number| {
            let drifts = history.judge(&run(AUTHOR, 0, 2), at(first + number), any_rule);
            drifts.into_iter().map(move |drift| (number, drift.accepted)).collect::<Vec<_>>()
        })
        .collect();
    let (seen, accepted) = (told[0].0, told[told.len() - 1]);
    assert_eq!((seen, accepted), (2, (2 + 14 * 4, true)));
    assert_eq!(told.iter().filter(|(_, accepted)| *accepted).count(), 1);
    assert_eq!(i64::try_from(told.len()), Ok(accepted.0 - seen + 1), "and between the two it is told each time");
}

fn failing(of: u32, alone: bool) -> Tally {
    let lapse = Lapse { rule: "families.mau.take.body".to_owned(), line: Some(9), place: None, how: How::Absent { alone } };
    Tally { lapses: vec![(lapse, of.into())], ..run(Sign::OwnRules, 0, of) }
}

#[test]
fn a_paper_whose_rules_read_nothing_is_unwell_at_once() {
    // What is known of it: pages, and those that its rules read. Then pages of a run that none of its rules read: is it seen?
    let rows = [
        ((0, 0), failing(1, false), true),
        ((10, 10), failing(1, false), false),
        ((10, 10), failing(1, true), true),
        ((10, 10), failing(2, false), true),
        ((200, 200), failing(1, false), false),
        ((200, 200), failing(1, true), true),
        ((200, 190), failing(1, false), false),
        ((200, 190), failing(2, false), true),
        ((200, 60), failing(3, true), false),
    ];
    for ((of, shown), tally, expected) in rows {
        let known = if of == 0 { vec![] } else { vec![run(Sign::OwnRules, shown / 10, of / 10); 10] };
        let (mut history, next) = after(&known);
        let drifts = history.judge(&tally, at(next), any_rule);
        assert_eq!(!drifts.is_empty(), expected, "{shown} of {of}, then {tally:?}");
    }
}

#[test]
fn rules_that_read_nothing_never_become_usual_and_are_well_when_they_read_again() {
    let (mut history, next) = after(&vec![run(Sign::OwnRules, 10, 10); 5]);
    for number in 0..200 {
        let drifts = history.judge(&failing(2, true), at(next + number), any_rule);
        assert_eq!((drifts.len(), drifts[0].accepted, drifts[0].since), (1, false, at(next)));
    }
    assert_eq!(history.judge(&run(Sign::OwnRules, 0, 0), at(next + 200), any_rule).len(), 1, "no news is no cure");
    assert_eq!(history.judge(&run(Sign::OwnRules, 3, 3), at(next + 201), any_rule), []);
}

#[test]
fn a_rule_that_is_taken_away_takes_its_drift_with_it() {
    let (mut history, next) = after(&vec![run(Sign::Rule(Field::Tags), 8, 8); 12]);
    assert_eq!(history.judge(&run(Sign::Rule(Field::Tags), 0, 8), at(next), any_rule).len(), 1);
    assert_eq!(history.judge(&Tally::default(), at(next + 1), |_| None), []);
}

#[test]
fn texts_that_shrink_or_swell_are_seen_by_their_words() {
    let told = |later: u32| {
        let words = |middle: u32| Tally { words: (0..10).map(|n| middle + n * middle / 10).collect(), ..run(AUTHOR, 10, 10) };
        let (mut history, next) = after(&vec![words(300); 12]);
        history.judge(&words(later), at(next), any_rule).into_iter().map(|drift| drift.to_string()).collect::<Vec<_>>()
    };
    let day = "2026-02-05 02:40 UTC";
    assert_eq!(told(320), [""; 0]);
    assert_eq!(told(40), [format!("texts have less than half of their usual 450 words on 10 of 10 pages since {day}")]);
    assert_eq!(told(950), [format!("texts have more than twice of their usual 450 words on 10 of 10 pages since {day}")]);
}

#[test]
fn a_drift_is_told_with_its_rule_its_figures_and_its_pages() {
    let told = |sign: Sign, tally: &Tally, known: &Tally| {
        let (mut history, next) = after(&vec![known.clone(); 12]);
        let drifts = history.judge(tally, at(next), any_rule);
        drifts.iter().find(|drift| drift.sign == sign).expect("it is seen").to_string()
    };
    let day = "since 2026-02-05 02:40 UTC";
    let pages = "such as http://baomau.vn/0 http://baomau.vn/1 http://baomau.vn/2";
    let rows = [
        (
            Sign::OwnRules,
            failing(3, true),
            format!("families.mau.take.body (line 9) finds nothing on the page: so on 3 of 3 pages {day}, read without it, {pages}"),
        ),
        (
            Sign::Rule(Field::Author),
            run(Sign::Rule(Field::Author), 0, 6),
            format!("families.mau.take.author (line 7) finds the author on 0 of 6 pages {day}, usually 100 %, {pages}"),
        ),
        (AUTHOR, run(AUTHOR, 0, 6), format!("author on 0 of 6 pages {day}, usually 100 % (families.mau.take.author (line 7)), {pages}")),
    ];
    for (sign, tally, expected) in rows {
        assert_eq!(told(sign, &tally, &run(sign, 8, 8)), expected);
    }
}

#[test]
fn the_history_stays_small() {
    let mut history = History::default();
    for number in 0..3000 {
        history.judge(&run(AUTHOR, 1, 1 + u32::try_from(number % 3).expect("small")), at(number), any_rule);
    }
    let pages: u32 = history.runs.iter().map(Tally::pages).sum();
    assert!((REMEMBERED..REMEMBERED + 2 * TOGETHER).contains(&pages) && history.runs.len() < 75, "{pages} pages in {}", history.runs.len());
}
