//! Which rules does this table hold?

use jiff::civil::Date;
use toml::Spanned;
use toml::de::DeValue;

use super::css;
use super::fault::Shown;
use super::read::Reader;
use super::rules::{CaptionAfterPicture, Drops, Field, FirstParagraph, Older, Reason, Rules, Source, Take, TextRules};
use super::section::{Section, bare, choice, mistyped, string};

/// Whose rules are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner<'a> {
    Paper(&'a str),
    Family(&'a str),
}

impl Owner<'_> {
    fn id(self) -> String {
        let (Self::Paper(id) | Self::Family(id)) = self;
        id.to_owned()
    }
}

/// Says for a key that stands at the wrong level where it belongs.
pub(super) fn place_of_rule(key: &str) -> Option<String> {
    let among = |prefix: &str| Some(format!("did you mean \"{prefix}.{key}\"?"));
    if Field::ALL.iter().any(|field| field.name() == key) {
        return among("take");
    }
    if Reason::ALL.iter().any(|reason| reason.name() == key) {
        return among("drop");
    }
    let is_text = matches!(key, "furniture_headings" | "furniture_lines" | "source_names" | "caption_after_picture");
    if is_text { among("text") } else { None }
}

impl Reader<'_> {
    /// The rules of a paper or family, with those of other days.
    pub(super) fn rules(&mut self, section: &mut Section<'_>, owner: Owner<'_>) -> Rules {
        let mut rules = self.rules_of_a_day(section, owner);
        let mut last: Option<Date> = None;
        for era in section.sections("older", &mut self.findings) {
            rules.older.extend(self.older(era, owner, &mut last));
        }
        if matches!(owner, Owner::Family(_)) && !names_body(section) {
            self.findings.missing(section.at, format!("{} has no take.body", section.path), BODY_HINT.to_owned());
        }
        rules
    }

    /// Rules of another day; `last` is the day of the era before it in the file.
    fn older(&mut self, mut era: Section<'_>, owner: Owner<'_>, last: &mut Option<Date>) -> Option<Older> {
        let until = era.day("until", &mut self.findings);
        let article_address = self.patterns(&mut era, "article_address");
        let family = self.family(&mut era, owner);
        let rules = self.rules_of_a_day(&mut era, owner);
        if !era.has_any(&["until", "article_address"]) {
            let hint = "write until = 2021-06-30, the last day on which these rules were in force".to_owned();
            self.findings.missing(era.at, format!("an older era of {} says not when it was", owner_path(&era)), hint);
        }
        if !era.has_any(&["family", "take", "drop", "keep", "text"]) {
            let hint = "write its take.… and drop.…, or the family it ran on: nothing of today's rules is valid in it".to_owned();
            self.findings.missing(era.at, format!("an older era of {} has no rules", owner_path(&era)), hint);
        } else if matches!(owner, Owner::Family(_)) && !era.has_any(&["family"]) && !names_body(&mut era) {
            self.findings.missing(era.at, format!("an older era of {} has no take.body", owner_path(&era)), BODY_HINT.to_owned());
        }
        if let Some(day) = &until {
            if last.is_some_and(|last| day.it >= last) {
                let what = format!("the older eras of {} are out of order", owner_path(&era));
                self.findings.wrong(day.at, what, "the newest stands first: each until is before the one above it".to_owned());
            }
            *last = Some(day.it);
        }
        era.done(place_of_rule, &mut self.findings);
        let until = until.map(|day| day.it);
        (until.is_some() || !article_address.is_empty()).then_some(Older { until, article_address, family, rules })
    }

    fn rules_of_a_day(&mut self, section: &mut Section<'_>, owner: Owner<'_>) -> Rules {
        let take = section.section("take", &mut self.findings).map(|take| self.take(take)).unwrap_or_default();
        let drop = section.section("drop", &mut self.findings).map(|drop| self.drops(drop)).unwrap_or_default();
        let keep = section.strings("keep", "a selector", &mut self.findings);
        let keep = css::compile(&keep, &mut self.findings);
        let text = section.section("text", &mut self.findings).map(|mut text| {
            let mut rules = self.text(&mut text);
            let (all, name) = (&CaptionAfterPicture::ALL, CaptionAfterPicture::name);
            rules.caption_after_picture = choice(&mut text, "caption_after_picture", all, name, &mut self.findings);
            text.done(|_| None, &mut self.findings);
            rules
        });
        Rules { id: owner.id(), take, drop, keep, text: text.unwrap_or_default(), older: Vec::new() }
    }

    /// The text rules that a file, a family and a paper can have alike.
    pub(super) fn text(&mut self, section: &mut Section<'_>) -> TextRules {
        let mut words = |key| bare(section.words(key, "a phrase", &mut self.findings));
        TextRules {
            furniture_headings: words("furniture_headings"),
            furniture_lines: words("furniture_lines"),
            source_names: words("source_names"),
            caption_after_picture: None,
        }
    }

    fn drops(&mut self, mut section: Section<'_>) -> Drops {
        let mut drops = Drops::default();
        for reason in Reason::ALL {
            let list = section.strings(reason.name(), "a selector", &mut self.findings);
            drops.set(reason, css::compile(&list, &mut self.findings));
        }
        section.done(|_| None, &mut self.findings);
        drops
    }

    fn take(&mut self, mut section: Section<'_>) -> Take {
        let mut take = Take::default();
        for field in Field::ALL {
            let items = section.items(field.name());
            take.set(field, items.into_iter().filter_map(|item| self.source(&section, field, item)).collect());
        }
        section.done(|_| None, &mut self.findings);
        take
    }

    fn source(&mut self, take: &Section<'_>, field: Field, item: &Spanned<DeValue<'_>>) -> Option<Source> {
        let path = take.path_of(field.name());
        match item.get_ref() {
            DeValue::String(_) => {
                let css = string(&path, item, "a selector", &mut self.findings)?;
                let selector = css::compile(&[css], &mut self.findings)?;
                Some(Source::Select { selector, attribute: None })
            }
            DeValue::Table(_) => {
                let table = take.enter(field.name(), item.span().start, item, &mut self.findings)?;
                self.source_table(table, field)
            }
            other => {
                let what = mistyped(&path, "a selector in quotes or a table such as { meta = \"author\" }", other);
                self.findings.wrong(item.span().start, what, None);
                None
            }
        }
    }

    fn source_table(&mut self, mut table: Section<'_>, field: Field) -> Option<Source> {
        const KINDS: [&str; 5] = ["select", "meta", "script_string", "first_paragraph", "address_segment"];
        let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| table.has_any(&[kind])).collect();
        let has_attribute = table.has_any(&["attribute"]);
        let source = self.source_in(&mut table);
        let (at, path) = (table.at, table.path.clone());
        let unknown = table.done(|_| None, &mut self.findings);
        let (what, hint) = match kinds.as_slice() {
            [] if unknown => return None,
            [] => ("a source that says not where to look".to_owned(), format!("write one of {} in it", KINDS.join(", "))),
            [first, second, ..] => (
                format!("one source names both {first} and {second}"),
                format!("write two, in the order to try them: [{{ {first} = … }}, {{ {second} = … }}]"),
            ),
            [kind] if has_attribute && *kind != "select" => (
                format!("an attribute beside {kind}"),
                "attribute goes with select alone: { select = \"time\", attribute = \"datetime\" }".to_owned(),
            ),
            ["first_paragraph"] if field == Field::Body => (
                "the body cannot be its own first paragraph".to_owned(),
                "write the selector of the element that holds the text".to_owned(),
            ),
            _ => return source,
        };
        self.findings.wrong(at, format!("{path}: {what}"), hint);
        None
    }

    fn source_in(&mut self, table: &mut Section<'_>) -> Option<Source> {
        let selector = table.strings("select", "a selector", &mut self.findings);
        let selector = css::compile(&selector, &mut self.findings);
        let attribute = table.word("attribute", "the name of an attribute", &mut self.findings);
        let meta = table.word("meta", "the name of a <meta>", &mut self.findings);
        let script = table.word("script_string", "a name in a script", &mut self.findings);
        let (all, name) = (&FirstParagraph::ALL, FirstParagraph::name);
        let paragraph = choice(table, "first_paragraph", all, name, &mut self.findings);
        let segment = self.address_segment(table);
        let attribute = attribute.map(|name| name.it);
        selector
            .map(|selector| Source::Select { selector, attribute })
            .or(meta.map(|name| Source::Meta(name.it)))
            .or(script.map(|name| Source::ScriptString(name.it)))
            .or(paragraph.map(Source::FirstParagraph))
            .or(segment.map(Source::AddressSegment))
    }

    fn address_segment(&mut self, table: &mut Section<'_>) -> Option<usize> {
        let number = table.number("address_segment", &mut self.findings)?;
        let found = (1..=20u8).find(|&n| f64::from(n).total_cmp(&number.it).is_eq());
        if found.is_none() {
            let what = format!("{}: a segment is a whole number from 1 to 20", table.path_of("address_segment"));
            self.findings.wrong(number.at, what, "1 is the first part of the path: kinh-te in /kinh-te/a-post1.html".to_owned());
        }
        found.map(usize::from)
    }

    /// The family that a paper, or an era, runs on.
    pub(super) fn family(&mut self, section: &mut Section<'_>, owner: Owner<'_>) -> Option<String> {
        let family = section.word("family", "the id of a family", &mut self.findings)?;
        if owner == Owner::Family(&family.it) {
            let hint = "take the line away, or name the family of that day".to_owned();
            self.findings.wrong(family.at, format!("an older era of {} runs on {} itself", owner_path(section), Shown(&family.it)), hint);
            return None;
        }
        self.families_named.push(family.clone());
        Some(family.it)
    }
}

const BODY_HINT: &str = "write take.body = \"…\", the selector of the element that holds the text";

fn names_body(section: &mut Section<'_>) -> bool {
    let body = |table: &toml::de::DeTable<'_>| match table.get("body").map(Spanned::get_ref) {
        Some(DeValue::Array(list)) => !list.is_empty(),
        found => found.is_some(),
    };
    match section.item("take").map(Spanned::get_ref) {
        Some(DeValue::Table(take)) => body(take),
        // Another fault tells what stands there.
        Some(_) => true,
        None => false,
    }
}

/// The path of the paper or family that an era is of.
fn owner_path(era: &Section<'_>) -> String {
    era.path.trim_end_matches(".older").to_owned()
}
