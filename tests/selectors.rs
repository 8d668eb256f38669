//! What does a selectors.toml say, and what is told of one that is unsound?

use baotinh::paper::{CaptionAfterPicture, Evidence, Family, Field, FirstParagraph, Paper, Reason, Rulebook, Source};
use proptest::prelude::*;
use scraper::Html;
use url::Url;

const SOUND: &str = include_str!("selectors/sound.toml");

fn sound() -> Rulebook {
    Rulebook::read(SOUND, "sound.toml").expect("a file without a fault")
}

/// Every fault of a text as the operator sees it, without the name of the file.
fn faults(toml: &str) -> Vec<String> {
    match Rulebook::read(toml, "selectors.toml") {
        Ok(_) => Vec::new(),
        Err(faults) => faults.as_slice().iter().map(ToString::to_string).collect(),
    }
}

/// The faults of a sound file with one more line, its 4th, in the table of a paper.
fn faults_in_paper(line: &str) -> Vec<String> {
    faults(&format!("[papers.baolaocai]\nname = \"Báo Lào Cai\"\nhosts = [\"baolaocai.vn\"]\n{line}\n"))
}

/// The faults of a sound file with one more line, its 3rd, in the table of a family.
fn faults_in_family(line: &str) -> Vec<String> {
    let paper = "[papers.baolaocai]\nname = \"Báo Lào Cai\"\nhosts = [\"baolaocai.vn\"]";
    faults(&format!("[families.epi]\ntake.body = \"div.cms-body\"\n{line}\n{paper}\n"))
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("the tests write sound addresses")
}

#[test]
fn the_built_in_rulebook_is_sound_and_read_once() {
    assert!(!Rulebook::built_in().papers().is_empty());
    assert!(std::ptr::eq(Rulebook::built_in(), Rulebook::built_in()));
}

#[test]
fn threads_may_share_a_rulebook() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(Rulebook::built_in());
}

#[test]
fn papers_and_families_keep_the_order_of_the_file() {
    let book = sound();
    let papers: Vec<&str> = book.papers().iter().map(|paper| paper.id.as_str()).collect();
    assert_eq!(papers, ["baolaocai", "baocantho", "baocantho-khmer", "baocantho-mobile"]);
    let families: Vec<&str> = book.families().iter().map(Family::id).collect();
    assert_eq!(families, ["epi", "ms"]);
}

#[test]
fn all_that_is_said_of_a_paper_is_known_of_it() {
    let book = sound();
    let paper = book.paper("baolaocai").expect("it stands in the file");
    assert_eq!(paper.name, "Báo Lào Cai");
    assert_eq!(paper.province.as_deref(), Some("Lào Cai"));
    assert_eq!(paper.provinces_before, ["Lào Cai", "Yên Bái"]);
    assert_eq!(paper.hosts[0].to_string(), "baolaocai.vn");
    assert_eq!(paper.old_hosts[0].to_string(), "baoyenbai.com.vn");
    assert_eq!(paper.family.as_deref(), Some("epi"));
    assert_eq!(paper.evidence, Evidence::Page);
    assert_eq!(paper.language, "vi");
    assert_eq!(paper.datelines, ["LCĐT", "YBĐT"]);
    assert_eq!(paper.identity_query, ["mabb"]);
    assert_eq!(paper.start_pages, [url("https://baolaocai.vn/")]);
    assert!(paper.feeds.is_empty());
    let day = "2025-06-09".parse().expect("a day");
    assert_eq!(paper.sitemaps[0].on(day), url("https://baolaocai.vn/sitemaps/news-2025-6.xml"));
    assert_eq!(paper.rules.older[0].family.as_deref(), Some("ms"));
    assert!(paper.rules.is_empty(), "it has none of its own for today");
}

#[test]
fn a_pace_is_the_papers_own_or_the_default() {
    let pace = |toml: &str, id| Rulebook::read(toml, "").expect("sound").paper(id).map(|paper| paper.requests_per_second);
    assert_eq!(pace(SOUND, "baolaocai"), Some(1.0));
    assert_eq!(pace(SOUND, "baocantho"), Some(2.0));
    assert_eq!(pace("[papers.a]\nname = \"A\"\nhosts = [\"a.vn\"]", "a"), Some(1.0));
}

#[test]
fn a_family_says_where_each_field_is_in_order() {
    let book = sound();
    let epi = &book.family("epi").expect("it stands in the file").rules;
    assert!(matches!(&epi.take[Field::Title], [Source::Select { attribute: None, .. }]));
    assert!(matches!(
        &epi.take[Field::Published],
        [Source::Select { attribute: Some(datetime), .. }, Source::Meta(meta), Source::Select { attribute: None, .. }]
            if datetime == "datetime" && meta == "article:published_time"
    ));
    assert!(matches!(&epi.take[Field::Body], [Source::Select { .. }, Source::ScriptString(name)] if name == "outputData"));
    assert!(matches!(&epi.take[Field::Lead], [_, Source::FirstParagraph(FirstParagraph::Bold)]));
    assert!(matches!(&epi.take[Field::Section], [Source::AddressSegment(1)]));
    assert!(epi.take[Field::Tags].is_empty());
    assert_eq!(epi.text.furniture_headings, ["Tin bài liên quan"]);
    assert_eq!(epi.text.caption_after_picture, Some(CaptionAfterPicture::Never));
    assert_eq!(book.text().source_names, ["TTXVN"]);
    assert_eq!(epi.older[0].until, Some("2021-06-30".parse().expect("a day")));
}

#[test]
fn the_selectors_of_one_reason_match_as_one() {
    let book = sound();
    let drop = &book.family("epi").expect("it stands in the file").rules.drop;
    let page = Html::parse_fragment("<figcaption>1</figcaption><table><tr><td class=caption>2<td>3</table>");
    let captions = drop[Reason::Captions].as_ref().expect("two selectors");
    let text: Vec<String> = page.select(captions).map(|node| node.text().collect()).collect();
    assert_eq!(text, ["1", "2"]);
    assert!(drop[Reason::Ads].is_none());
    let reasons: Vec<Reason> = drop.iter().map(|(reason, _)| reason).collect();
    assert_eq!(reasons, [Reason::Captions, Reason::Related]);
}

#[test]
fn an_address_tells_its_paper() {
    let book = sound();
    for (address, paper) in [
        ("https://baolaocai.vn/a-post1.html", Some("baolaocai")),
        ("http://www.baolaocai.vn/", Some("baolaocai")),
        ("https://m.baolaocai.vn/a", Some("baolaocai")),
        ("https://amp.baolaocai.vn:8443/a", Some("baolaocai")),
        ("https://BAOLAOCAI.VN./a", Some("baolaocai")),
        ("https://baoyenbai.com.vn/41/89163/Bao.aspx", Some("baolaocai")),
        ("https://baocantho.com.vn/khmer/detail-a1.html", Some("baocantho-khmer")),
        ("https://www.baocantho.com.vn/khmer", Some("baocantho-khmer")),
        ("https://baocantho.com.vn/khmer-le-hoi-a1.html", Some("baocantho")),
        ("https://baocantho.com.vn/thoi-su/a1.html", Some("baocantho")),
        ("https://m.cantho.example/a", Some("baocantho-mobile")),
        ("https://www.cantho.example/a", Some("baocantho")),
        ("https://mysql.baolaocai.vn/a", None),
        ("https://notbaolaocai.vn/a", None),
        ("https://baolaocai.vn.example/a", None),
        ("data:text/html,a", None),
    ] {
        assert_eq!(book.paper_of(&url(address)).map(|paper| paper.id.as_str()), paper, "{address}");
    }
}

#[test]
fn a_word_nearly_right_finds_the_paper_that_was_meant() {
    let book = sound();
    for (word, paper) in [
        ("baolaoca", Some("baolaocai")),
        ("laocai", Some("baolaocai")),
        ("baolaocai.vn", Some("baolaocai")),
        ("https://baoyenbai.com.vn/", Some("baolaocai")),
        ("baoyenbai.vn", Some("baolaocai")),
        ("baocantho_khmer", Some("baocantho-khmer")),
        ("tuoitre", None),
        ("", None),
    ] {
        assert_eq!(book.nearest(word), paper, "{word:?}");
    }
}

#[test]
fn an_address_tells_whether_it_is_an_article_and_its_number() {
    let book = sound();
    let lao_cai = book.paper("baolaocai").expect("it stands in the file");
    let can_tho = book.paper("baocantho").expect("it stands in the file");
    let told = |paper: &Paper, address| (paper.is_article(address), paper.article_number(address).map(str::to_owned));
    let number = || Some("404649".to_owned());
    assert_eq!(told(lao_cai, "/song-dep-post404649.html"), (Some(true), number()));
    assert_eq!(told(lao_cai, "/tu-khoa/song-dep-post404649.html"), (Some(false), number()));
    assert_eq!(told(lao_cai, "/thoi-su/"), (Some(false), None));
    assert_eq!(told(can_tho, "/thoi-su/"), (None, None));
}

#[test]
fn text_of_the_file_is_nfc_however_the_editor_wrote_it() {
    let toml = "[text]\nsource_names = [\" B\u{61}\u{301}o \"]\n[papers.a]\nname = \"B\u{61}\u{301}o\"\nhosts = [\"a.vn\"]";
    let book = Rulebook::read(toml, "").expect("sound");
    assert_eq!(book.text().source_names, ["Báo"]);
    assert_eq!(book.papers()[0].name, "Báo");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of examples")]
fn a_fault_in_a_paper_is_told_with_its_place_and_cure() {
    let known = "name, hosts, old_hosts, start_pages, feeds, sitemaps, same_server_as, identity_query, evidence, province, \
                 provinces_before, family, language, datelines, article_address, not_article_address, requests_per_second, take, \
                 drop, keep, text, older";
    for (line, fault) in [
        ("host = \"a.vn\"", "4:1: unknown key \"host\" in papers.baolaocai — did you mean \"hosts\"?"),
        ("wheather = 1", &format!("4:1: unknown key \"wheather\" in papers.baolaocai — known here: {known}")),
        ("captions = \"td\"", "4:1: unknown key \"captions\" in papers.baolaocai — did you mean \"drop.captions\"?"),
        ("datelines = [\"LCĐT\", 5]", "4:22: papers.baolaocai.datelines: expected a mark in quotes, found a whole number"),
        ("datelines = \"(CTO) - \"", "4:13: \"(CTO) -\": a dateline stands without its brackets and dash — write \"CTO\""),
        (
            "take = \"h1\"",
            "4:8: papers.baolaocai.take: expected a table, found a string — write [papers.baolaocai.take], and what belongs to it below",
        ),
        ("province = \"Lao Cai\"", "4:12: \"Lao Cai\" is no province since 1 July 2025 — did you mean \"Lào Cai\"?"),
        (
            "province = \"Yên Bái\"",
            "4:12: \"Yên Bái\" is no province since 1 July 2025 — it went into \"Lào Cai\": write that, and \"Yên Bái\" under provinces_before",
        ),
        ("provinces_before = [\"Lào Cai\", \"Yen Bai\"]", "4:32: \"Yen Bai\" was no province before July 2025 — did you mean \"Yên Bái\"?"),
        (
            "old_hosts = [\"baolaocai.vn\"]",
            "4:14: \"baolaocai.vn\" is a host of papers.baolaocai already (line 3) — a host is one paper's; a second edition on it is told by its path: \"baocantho.com.vn/khmer\"",
        ),
        (
            "old_hosts = [\"https://yenbai.vn/\"]",
            "4:14: \"https://yenbai.vn/\": a host stands without http:// or https:// — write \"yenbai.vn\"",
        ),
        ("old_hosts = [\"BaoYenBai.vn\"]", "4:14: \"BaoYenBai.vn\": a host is written in lower case — write \"baoyenbai.vn\""),
        (
            "old_hosts = [\"yenbai.vn/tin/\"]",
            "4:14: \"yenbai.vn/tin/\": the path after a host has one slash before each part and none at its end — write \"yenbai.vn/tin\"",
        ),
        ("family = \"ms\"", "4:10: unknown family \"ms\" — write its rules under [families.ms]"),
        (
            "evidence = \"pages\"",
            "4:12: papers.baolaocai.evidence: \"pages\" is none of \"page\", \"code\", \"guess\" — did you mean \"page\"?",
        ),
        ("evidence = \"seen\"", "4:12: papers.baolaocai.evidence: \"seen\" is none of \"page\", \"code\", \"guess\""),
        ("language = \"vi_VN\"", "4:12: \"vi_VN\" is no language tag — write a language tag such as \"vi\", \"en\", \"km\" or \"zh-Hans\""),
        ("language = \"vn\"", "4:12: \"vn\" is no language tag — that is a country: the language is \"vi\""),
        ("article_address = '-post(\\d+'", "4:19: pattern `-post(\\d+` is no regular expression: unclosed group"),
        (
            "article_address = '(?!tag)\\d+'",
            "4:19: pattern `(?!tag)\\d+` is no regular expression: look-around, including look-ahead and look-behind, is not supported — name the addresses that are none under not_article_address instead",
        ),
        (
            "article_address = ['\\d', '\\w{1,1000}{1,1000}']",
            "4:26: pattern `\\w{1,1000}{1,1000}` is no regular expression: it is too large when compiled — make its repeated parts smaller: {1,1000} costs a thousand",
        ),
        (
            "not_article_address = '^https://baolaocai.vn/tag'",
            "4:23: pattern `^https://baolaocai.vn/tag` names a whole address — it is matched on path and query alone, such as /kinh-te/a-post1.html?page=2",
        ),
        (
            "start_pages = [\"/\"]",
            "4:16: \"/\": this is no address (relative URL without a base) — write it whole, as \"https://baolaocai.vn/\"",
        ),
        (
            "feeds = [\"ftp://baolaocai.vn/rss\"]",
            "4:10: \"ftp://baolaocai.vn/rss\": ftp: is no address of the web — write it whole, as \"https://baolaocai.vn/\"",
        ),
        (
            "sitemaps = [\"https://baolaocai.com/s.xml\"]",
            "4:13: \"https://baolaocai.com/s.xml\": this is on no host of the paper — its hosts are baolaocai.vn; add \"baolaocai.com\" to hosts if it is the paper's",
        ),
        (
            "old_hosts = [\"yenbai.vn\"]\nfeeds = [\"https://yenbai.vn/rss\"]",
            "5:10: \"https://yenbai.vn/rss\": this is on an old host of the paper — move \"yenbai.vn\" from old_hosts to hosts if it still answers",
        ),
        (
            "sitemaps = [\"https://baolaocai.vn/{yyy}.xml\"]",
            "4:13: \"https://baolaocai.vn/{yyy}.xml\": unknown pattern {yyy} in a sitemap — known are {yyyy} {mm} {m} {dd}",
        ),
        (
            "sitemaps = [\"https://baolaocai.vn/{yyyy\"]",
            "4:13: \"https://baolaocai.vn/{yyyy\": unknown pattern {yyyy in a sitemap — known are {yyyy} {mm} {m} {dd}",
        ),
        (
            "sitemaps = [\"https://a{yyyy}.vn/\"]",
            "4:13: \"https://a{yyyy}.vn/\": the day of a sitemap stands in the host — it belongs into the path",
        ),
        ("requests_per_second = \"1\"", "4:23: papers.baolaocai.requests_per_second: expected a number, found a string"),
        ("same_server_as = \"baobackan\"", "4:18: same_server_as: unknown paper \"baobackan\""),
        ("same_server_as = \"baolaoca\"", "4:18: same_server_as: unknown paper \"baolaoca\" — did you mean \"baolaocai\"?"),
        ("same_server_as = \"baolaocai\"", "4:18: same_server_as: a paper names itself — name the other paper, or take the line away"),
        ("name = \"Lào Cai\"", "4:1: duplicate key \"name\" — it stands in the file before: make one of the two"),
        ("[papers.baolaocai]", "4:9: duplicate key \"baolaocai\" — it stands in the file before: make one of the two"),
        (
            "[papers.Bao_Moi]\nname = \"Báo Mới\"\nhosts = [\"baomoi.vn\"]",
            "4:9: \"Bao_Moi\" is no id — an id has lower-case letters a to z, digits and hyphens alone, such as \"baolaocai\"",
        ),
        ("[papers.baomoi]\nhosts = [\"baomoi.vn\"]", "4:9: papers.baomoi has no name — write name = \"Báo Lào Cai\""),
        ("[papers.baomoi]\nname = \"Báo Mới\"", "4:9: papers.baomoi has no hosts — write hosts = [\"baolaocai.vn\"], the main one first"),
        (
            "[papers.baomoi]\nname = \"Báo Mới\"\nhosts = [\"baomoi.vn\", \"baolaocai.vn\"]",
            "6:23: \"baolaocai.vn\" is a host of papers.baolaocai already (line 3) — a host is one paper's; a second edition on it is told by its path: \"baocantho.com.vn/khmer\"",
        ),
        ("[defaults]\npace = 1", "5:1: unknown key \"pace\" in defaults — known here: requests_per_second"),
        (
            "[text]\ncaption_after_picture = \"never\"",
            "5:1: unknown key \"caption_after_picture\" in text — it belongs to one family or paper: text.caption_after_picture under [families.…] or [papers.…]",
        ),
        (
            "[text]\nfurniture_lines = [\" \"]",
            "5:20: text.furniture_lines: a phrase belongs here, and the quotes are empty — write one, or take the empty quotes away",
        ),
        ("[familys.x]", "4:2: unknown key \"familys\" at the top of the file — did you mean \"families\"?"),
    ] {
        assert_eq!(faults_in_paper(line), [fault], "{line}");
    }
}

#[test]
fn a_fault_in_a_family_is_told_with_its_place_and_cure() {
    for (line, fault) in [
        ("take.tittle = \"h1\"", "3:6: unknown key \"tittle\" in families.epi.take — did you mean \"title\"?"),
        (
            "take.weather = \"h1\"",
            "3:6: unknown key \"weather\" in families.epi.take — known here: title, lead, body, author, source, published, modified, section, tags, images, dateline",
        ),
        ("title = \"h1\"", "3:1: unknown key \"title\" in families.epi — did you mean \"take.title\"?"),
        ("drop.caption = \"td\"", "3:6: unknown key \"caption\" in families.epi.drop — did you mean \"captions\"?"),
        (
            "drop.junk = \"td\"",
            "3:6: unknown key \"junk\" in families.epi.drop — known here: captions, related, social, ads, byline, widgets",
        ),
        (
            "text.caption_after_picture = \"centered\"",
            "3:30: families.epi.text.caption_after_picture: \"centered\" is none of \"never\", \"centred\", \"always\" — did you mean \"centred\"?",
        ),
        (
            "take.title = { select = \"time\", atribute = \"x\" }",
            "3:33: unknown key \"atribute\" in families.epi.take.title — did you mean \"attribute\"?",
        ),
        (
            "take.title = { select = \"h1\", meta = \"x\" }",
            "3:14: families.epi.take.title: one source names both select and meta — write two, in the order to try them: [{ select = … }, { meta = … }]",
        ),
        (
            "take.title = [{ meta = \"x\", attribute = \"y\" }]",
            "3:15: families.epi.take.title: an attribute beside meta — attribute goes with select alone: { select = \"time\", attribute = \"datetime\" }",
        ),
        (
            "take.title = [{ attribute = \"y\" }]",
            "3:15: families.epi.take.title: a source that says not where to look — write one of select, meta, script_string, first_paragraph, address_segment in it",
        ),
        (
            "take.title = [true]",
            "3:15: families.epi.take.title: expected a selector in quotes or a table such as { meta = \"author\" }, found true or false",
        ),
        (
            "take.section = { address_segment = 0 }",
            "3:36: families.epi.take.section.address_segment: a segment is a whole number from 1 to 20 — 1 is the first part of the path: kinh-te in /kinh-te/a-post1.html",
        ),
        (
            "take.lead = { first_paragraph = \"bolt\" }",
            "3:33: families.epi.take.lead.first_paragraph: \"bolt\" is none of \"bold\", \"any\" — did you mean \"bold\"?",
        ),
        (
            "keep = [\"\"]",
            "3:9: families.epi.keep: a selector belongs here, and the quotes are empty — write one, or take the empty quotes away",
        ),
        (
            "older = 1",
            "3:9: families.epi.older: expected a list of tables, found a whole number — write [[families.epi.older]] with two brackets on each side",
        ),
        ("[families.ms]", "3:11: families.ms has no take.body — write take.body = \"…\", the selector of the element that holds the text"),
        (
            "[families.ms]\ntake.body = []",
            "3:11: families.ms has no take.body — write take.body = \"…\", the selector of the element that holds the text",
        ),
        (
            "[[families.epi.older]]\nuntil = 2021-06-30",
            "3:1: an older era of families.epi has no rules — write its take.… and drop.…, or the family it ran on: nothing of today's rules is valid in it",
        ),
        (
            "[[families.epi.older]]\ntake.body = \"p\"",
            "3:1: an older era of families.epi says not when it was — write until = 2021-06-30, the last day on which these rules were in force",
        ),
        (
            "[[families.epi.older]]\nuntil = 2021-06-30\ntake.title = \"p\"",
            "3:1: an older era of families.epi has no take.body — write take.body = \"…\", the selector of the element that holds the text",
        ),
        (
            "[[families.epi.older]]\nuntil = \"2021-06-30\"\ntake.body = \"p\"",
            "4:9: families.epi.older.until: expected a day, found a string — write it as 2021-06-30, without quotes and without a time",
        ),
        (
            "[[families.epi.older]]\nuntil = 2021-06-30T10:00:00\ntake.body = \"p\"",
            "4:9: families.epi.older.until is not a day alone — write it as 2021-06-30, without quotes and without a time",
        ),
        (
            "[[families.epi.older]]\nuntil = 2021-06-31\ntake.body = \"p\"",
            "4:9: no TOML: invalid date, expected day between 01 and 30 — write a day as 2021-06-30",
        ),
        (
            "[[families.epi.older]]\nuntil = 2021-06-30\nfamily = \"epi\"",
            "5:10: an older era of families.epi runs on epi itself — take the line away, or name the family of that day",
        ),
        ("[[families.epi.older]]\nuntil = 2021-06-30\nfamily = \"epa\"", "5:10: unknown family \"epa\" — did you mean \"epi\"?"),
        (
            "[[families.epi.older]]\nuntil = 2020-01-01\ntake.body = \"p\"\n[[families.epi.older]]\nuntil = 2021-06-30\ntake.body = \"p\"",
            "7:9: the older eras of families.epi are out of order — the newest stands first: each until is before the one above it",
        ),
    ] {
        assert_eq!(faults_in_family(line), [fault], "{line}");
    }
    assert_eq!(
        faults("[families.epi]\ntake.body = [{ first_paragraph = \"any\" }]\n[papers.aaa]\nname = \"A\"\nhosts = [\"a.vn\"]\n"),
        [
            "2:14: families.epi.take.body: the body cannot be its own first paragraph — write the selector of the element that holds the text"
        ]
    );
}

#[test]
fn a_selector_that_is_no_css_is_shown_with_where_it_breaks() {
    let words = "CSS does not look at words: name the box by class or id, or put the words into text.furniture_headings (it and \
                 all after it goes) or text.furniture_lines (that line goes)";
    for (css, fault) in [
        ("h1..x", "selector `h1..x` is no CSS from `..x` on — one dot begins a class name: .name".to_owned()),
        ("p:contains('x')", format!("selector `p:contains('x')` is no CSS from `:contains('x')` on — {words}")),
        ("div:has(p:-soup-contains('x'))", format!("selector `div:has(p:-soup-contains('x'))` is no CSS from `:-soup-contains('x'))` on — {words}")),
        ("//div[@class='x']", "`//div[@class='x']` is XPath, not CSS — write div.name for //div[@class=\"name\"], #name for //*[@id=\"name\"], a > b for a/b".to_owned()),
        ("li:eq(2)", "selector `li:eq(2)` is no CSS from `:eq(2)` on — :eq is jQuery's: CSS has :first-of-type, :last-of-type and :nth-of-type(n), counted from 1".to_owned()),
        ("h1::text", "selector `h1::text` is no CSS from `::text` on — leave ::text out: it is always the text that is taken".to_owned()),
        ("a::attr(href)", "selector `a::attr(href)` is no CSS from `::attr(href)` on — write { select = \"…\", attribute = \"…\" }".to_owned()),
        ("p:frist-child", "selector `p:frist-child` is no CSS from `:frist-child` on — did you mean :first-child?".to_owned()),
        (".lg:span-4", "selector `.lg:span-4` is no CSS from `:span-4` on — no such pseudo-class is known here; a colon that belongs to a class name is written '.lg\\:name', in single quotes".to_owned()),
        ("p.1a", "selector `p.1a` is no CSS from `.1a` on — a name that begins with a digit is written [class~=\"1abc\"] or [id=\"1abc\"]".to_owned()),
        ("p[title=a b]", "selector `p[title=a b]` is no CSS from `b]` on — a value with other marks than letters and digits stands in quotes: [name=\"a value\"]".to_owned()),
        ("<p>", "selector `<p>` is no CSS — a selector is not HTML: write div.name for <div class=\"name\">".to_owned()),
        ("div >", "selector `div >` is no CSS from `>` on — a selector belongs on both sides of > + ~ and of each comma".to_owned()),
        ("p[title", "selector `p[title` opens [ and never closes it".to_owned()),
    ] {
        let line = format!("drop.ads = [\"p.ad\", \"{css}\", \"p.more\"]");
        assert_eq!(faults_in_family(&line), [format!("3:21: {fault}")], "{css}");
    }
}

#[test]
fn a_pace_is_above_nothing_and_at_most_fifty() {
    for pace in ["0", "-1", "50.5", "nan", "inf", "99999999999999999999"] {
        let fault =
            "4:23: papers.baolaocai.requests_per_second: a pace is a number above 0 and at most 50 — 0.5 is one request in two seconds";
        assert_eq!(faults_in_paper(&format!("requests_per_second = {pace}")), [fault], "{pace}");
    }
    for pace in ["0.01", "1", "50", "0x10", "1_0.5"] {
        assert_eq!(faults_in_paper(&format!("requests_per_second = {pace}")), [""; 0], "{pace}");
    }
}

#[test]
fn a_server_is_named_by_one_of_its_papers() {
    let paper = |id: &str, other: &str| format!("[papers.{id}]\nname = \"A\"\nhosts = [\"{id}.vn\"]\nsame_server_as = \"{other}\"\n");
    let toml = paper("aaa", "bbb") + &paper("bbb", "aaa");
    let hint = "let all papers of a server name one of them, and that one none";
    assert_eq!(
        faults(&toml),
        [
            format!("4:18: same_server_as: \"bbb\" itself shares the server of \"aaa\" — {hint}"),
            format!("8:18: same_server_as: \"aaa\" itself shares the server of \"bbb\" — {hint}"),
        ]
    );
}

#[test]
fn a_file_without_a_paper_is_told() {
    let fault = "1:1: no paper in this file — a paper is a table such as [papers.baolaocai]";
    for toml in ["", "\n# nothing\n", "[families.epi]\ntake.body = \"p\"\n", "[papers]\n"] {
        assert_eq!(faults(toml), [fault], "{toml:?}");
    }
}

#[test]
fn text_that_is_no_toml_is_told_line_by_line() {
    let toml = "[papers.aaa]\nname = Báo\nhosts = [\"a.vn\" \"b.vn\"]\narticle_address = \"-post\\d+\"\n";
    assert_eq!(
        faults(toml),
        [
            "2:8: no TOML: string values must be quoted, expected literal string — words stand in quotes: name = \"Báo Lào Cai\"",
            "3:17: no TOML: missing comma between array elements, expected `,`",
            "4:26: no TOML: missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\\`, `\"`, `x`, `u`, `U` — put what has a backslash in it in single quotes: '-post(?<id>\\d+)\\.html$'",
        ]
    );
    assert_eq!(
        faults("[papers.aaa]\nname = \"A\nhosts = [\"a.vn\"]\n"),
        ["2:10: no TOML: invalid basic string, expected `\"` — close the quotes"]
    );
}

#[test]
fn a_line_that_is_no_toml_hides_no_fault_of_another_table_and_invents_none() {
    let toml = "[papers.aaa\nname = \"A\"\nhosts = [\"a.vn\"]\n[papers.bbb]\nname = 5\nfamily = \"epi\"\n";
    assert_eq!(
        faults(toml),
        [
            "1:12: no TOML: unclosed table, expected `]` — close the bracket: ]",
            "5:8: papers.bbb.name: expected a name in quotes, found a whole number",
        ]
    );
}

#[test]
fn every_fault_of_a_file_is_told_at_once_in_the_order_of_its_lines() {
    let toml = "[papers.aaa]\nname = 1\nhosts = \"A.vn\"\n[families.epi]\nabuot = \"x\"\n[papers.bbb]\nkeep = \"p..x\"\n";
    let faults = Rulebook::read(toml, "my.toml").expect_err("it has seven faults");
    let lines = [
        "my.toml:2:8: papers.aaa.name: expected a name in quotes, found a whole number",
        "my.toml:3:9: \"A.vn\": a host is written in lower case — write \"a.vn\"",
        "my.toml:4:11: families.epi has no take.body — write take.body = \"…\", the selector of the element that holds the text",
        "my.toml:5:1: unknown key \"abuot\" in families.epi — did you mean \"about\"?",
        "my.toml:6:9: papers.bbb has no name — write name = \"Báo Lào Cai\"",
        "my.toml:6:9: papers.bbb has no hosts — write hosts = [\"baolaocai.vn\"], the main one first",
        "my.toml:7:8: selector `p..x` is no CSS from `..x` on — one dot begins a class name: .name",
    ];
    assert_eq!(faults.to_string(), lines.join("\n"));
    assert_eq!((faults.as_slice()[4].line, faults.as_slice()[4].column), (6, 9));
}

#[test]
fn columns_count_characters_and_windows_lines_are_lines() {
    let toml = "\u{feff}[papers.aaa]\r\nname = \"Điện Biên\"\r\nhosts = [\"điệnbiên.vn\", \"B.vn\"]\r\n";
    assert_eq!(faults(toml), ["3:25: \"B.vn\": a host is written in lower case — write \"b.vn\""]);
    assert_eq!(faults("\u{feff}papers = 1"), ["1:10: papers: expected a table, found a whole number"]);
}

#[test]
fn words_of_the_file_cannot_steer_a_terminal() {
    let told = faults("[papers.\"\\u001b[31m\"]\nname = \"A\"\nhosts = [\"a.vn\\u200b\\u001b\"]\nfamily = \"\\u202e\"\n").join("\n");
    assert!(told.contains("\\u{1b}[31m") && told.contains("\\u{202e}"), "{told}");
    assert!(!told.contains(['\u{1b}', '\u{202e}', '\u{200b}']), "{told:?}");
}

#[test]
fn brackets_a_hundred_thousand_deep_are_a_fault_and_no_crash() {
    for deep in [
        "[".repeat(100_000),
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a=".repeat(100_000)),
        "a.".repeat(100_000) + "a = 1",
    ] {
        assert!(!faults(&deep).is_empty());
    }
    for css in [":not(", ":is(", "[", "(", "a>", "a:has("] {
        assert!(!faults_in_family(&format!("keep = '{}'", css.repeat(20_000))).is_empty(), "{css}");
    }
    assert!(!faults_in_paper(&format!("article_address = '{}'", "(".repeat(100_000))).is_empty());
}

/// A cut, a doubling or a foreign piece somewhere in a text.
fn edited(text: &str, at: usize, length: usize, piece: &str) -> String {
    let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let (start, end) = (boundary(at % text.len()), boundary(at % text.len() + length));
    format!("{}{piece}{}", &text[..start], &text[end..])
}

/// Reads it, and when it is unsound each fault is a line of the text.
fn read_anything(toml: &str) -> Result<(), TestCaseError> {
    if let Err(faults) = Rulebook::read(toml, "any.toml") {
        prop_assert!(!faults.as_slice().is_empty());
        let places: Vec<(usize, usize)> = faults.as_slice().iter().map(|fault| (fault.line, fault.column)).collect();
        prop_assert!(places.is_sorted());
        prop_assert!(places.iter().all(|&(line, column)| (1..=toml.split('\n').count()).contains(&line) && column >= 1));
        prop_assert!(faults.to_string().lines().all(|line| line.starts_with("any.toml:")));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}", lines in proptest::collection::vec("[\\[\\]a-c.=\"'{}, \n0-9-]{0,12}", 0..20)) {
        read_anything(&text)?;
        read_anything(&lines.join("\n"))?;
    }

    #[test]
    fn no_edit_of_a_sound_file_makes_the_reader_panic(
        edits in proptest::collection::vec((any::<usize>(), 0..40usize, "[\\[\\]a-z.=\"'{}, \n\\\\#()|ĐẾ\u{301}\u{0}]{0,6}"), 1..6)
    ) {
        let text = edits.iter().fold(SOUND.to_owned(), |text, (at, length, piece)| edited(&text, *at, *length, piece));
        read_anything(&text)?;
    }

    #[test]
    fn no_value_makes_the_reader_panic(
        key in proptest::sample::select(vec!["hosts", "article_address", "sitemaps", "start_pages", "keep", "take.title", "language", "datelines", "family", "same_server_as"]),
        value in "[a-z0-9.:#/\\[\\]()>~+*={}|^$@,\\\\ ĐẾ\"-]{0,30}",
    ) {
        let value = value.replace(['\\', '"'], "\\\\");
        read_anything(&format!("[papers.a]\nname = \"A\"\n{key} = \"{value}\"\n"))?;
        read_anything(&format!("[papers.a]\nname = \"A\"\nhosts = [\"a.vn\"]\n{key} = \"https://a.vn/{value}\"\n"))?;
    }
}

#[test]
fn each_key_is_found_on_its_line() {
    let toml = "[families.mau]\ntake.body = [\n    \"article\",\n]\n\n[papers.baomau]\nname = \"Báo Mẫu\"\nhosts = [\"baomau.vn\"]\n\
                [papers.baomau.take]\nlead = \"h2\"\n[[papers.baomau.older]]\nuntil = 2021-06-30\ntake.body = \"div\"\n";
    let book = Rulebook::read(toml, "t.toml").expect("sound rules");
    for (key, line) in [
        ("families.mau", Some(1)),
        ("families.mau.take.body", Some(2)),
        ("papers.baomau", Some(6)),
        ("papers.baomau.take.lead", Some(10)),
        ("papers.baomau.older[0].take.body", Some(13)),
        ("papers.baomau.take.body", None),
        ("papers.khac", None),
    ] {
        assert_eq!(book.line(key), line, "{key}");
    }
}
