//! Does `baotinh extract` keep the order, go on after damage, and say what happened?

#![cfg(feature = "crawl")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A page as the ePi system makes it.
fn page(number: usize) -> String {
    let body = "Sáng nay, bà con bản Nậm Lúc ra đồng gặt lúa sớm để tránh mưa lũ cuối vụ. Các tổ đổi công giúp nhau gặt, \
                tuốt và chở thóc về kho trước khi trời tối, nhà nào neo người được làm trước. "
        .repeat(3);
    format!(
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Tin số {number}</title>\
         <link rel=\"canonical\" href=\"https://baolaocai.vn/tin-so-post{number}.html\"></head><body>\
         <h1 class=\"article__title cms-title\">Tin số {number}</h1>\
         <div class=\"article__sapo cms-desc\">Mở đầu của tin số {number}.</div>\
         <div class=\"article__body cms-body\"><p>{body}</p><p>{body}</p></div></body></html>"
    )
}

fn line(id: &str, html: &str) -> String {
    json!({"id": id, "url": "https://baolaocai.vn/tin-so-post1.html", "html": html}).to_string()
}

fn baotinh() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baotinh"));
    // No selectors.toml here: the rules built in.
    command.current_dir(std::env::temp_dir()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

/// Runs `baotinh extract` in a folder with these words after it.
fn extract(folder: &TempDir, words: &[&str]) -> Output {
    baotinh().arg("extract").args(words).current_dir(folder).output().expect("it runs")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn records(output: &Output) -> Vec<Value> {
    out(output).lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
}

#[test]
fn a_page_gives_its_record_and_nothing_is_told() {
    let output = extract(&folder(&[("a.html", &page(7))]), &["a.html"]);
    assert_eq!((output.status.code(), told(&output).as_str()), (Some(0), ""));
    let schema: Value = serde_json::from_str(include_str!("../record.schema.json")).expect("JSON");
    let records = records(&output);
    assert_eq!(records.len(), 1);
    jsonschema::draft202012::validate(&schema, &records[0]).expect("the record keeps the promise");
    assert_eq!(records[0]["title"], "Tin số 7");
}

#[test]
fn records_come_out_in_the_order_in_which_pages_went_in() {
    // Pages of very different weight, so that their reading takes differently long.
    let heavy = |number: usize| page(number).replace("</body>", &format!("{}</body>", "<i></i>".repeat(number * 7919 % 4001)));
    let lines: Vec<String> = (0..300).map(|number| line(&number.to_string(), &heavy(number))).collect();
    let folder = folder(&[("p.jsonl", &lines.join("\n"))]);
    for jobs in ["1", "2", "8"] {
        let output = extract(&folder, &["--jobs", jobs, "p.jsonl"]);
        assert_eq!((output.status.code(), told(&output).as_str()), (Some(0), ""));
        let ids: Vec<usize> = records(&output).iter().map(|record| record["id"].as_str().expect("id").parse().expect("a number")).collect();
        assert!(ids.iter().copied().eq(0..300), "{jobs} jobs: {ids:?}");
    }
}

#[test]
fn several_paths_are_read_one_after_another() {
    let folder = folder(&[("b.jsonl", &line("b", &page(1))), ("a.jsonl", &line("a", &page(2)))]);
    let output = extract(&folder, &["b.jsonl", "a.jsonl", "b.jsonl"]);
    let ids: Vec<Value> = records(&output).iter().map(|record| record["id"].clone()).collect();
    assert_eq!(ids, ["b", "a", "b"]);
}

#[test]
fn a_bad_record_is_named_and_never_stops_the_rest() {
    let lines = [line("1", &page(1)), "{\"id\":\"2\"".into(), line("3", ""), line("4", &page(4))].join("\n");
    let output = extract(&folder(&[("p.jsonl", &lines)]), &["p.jsonl"]);
    assert_eq!(output.status.code(), Some(1));
    let ids: Vec<Value> = records(&output).iter().map(|record| record["id"].clone()).collect();
    assert_eq!(ids, ["1", "4"]);
    assert_eq!(
        told(&output),
        "damaged: p.jsonl:2: not a record of a page at column 9: EOF while parsing an object\n\
         miss: p.jsonl:3: not_html: the answer is not an HTML page\n"
    );
    let quiet = extract(&folder(&[("p.jsonl", &lines)]), &["-q", "p.jsonl"]);
    assert_eq!((quiet.status.code(), told(&quiet).as_str()), (Some(1), ""));
    assert_eq!(out(&quiet), out(&output));
}

#[test]
fn an_id_comes_back_as_it_was_written() {
    let ids = ["12345678901234567890123", "1e5", "-7", "1.50", "\"a/\\u0062\"", "null"];
    let lines: Vec<String> = ids.iter().map(|id| line("ID", &page(1)).replace("\"ID\"", id)).collect();
    let output = extract(&folder(&[("p.jsonl", &lines.join("\n"))]), &["p.jsonl"]);
    let read: Vec<Value> = records(&output).iter().map(|record| record["id"].clone()).collect();
    assert_eq!(read[..5], ["12345678901234567890123", "1e5", "-7", "1.50", "a/b"]);
    let wrong = extract(&folder(&[("p.jsonl", "{\"html\": \"\", \"id\": [1]}")]), &["p.jsonl"]);
    assert_eq!(told(&wrong), "damaged: p.jsonl:1: not a record of a page at column 20: `id` is a string or a number\n");
}

#[test]
fn a_file_that_is_neither_page_nor_record_is_one_miss() {
    let script = "import os\nfor line in open(\"a\"):\n    print(line)\n";
    let output = extract(
        &folder(&[("a.png", "\u{fffd}PNG\n\n\n"), ("b.py", script), ("c.pdf", "%PDF-1.4\n1 0 obj\n")]),
        &["a.png", "b.py", "c.pdf"],
    );
    let miss = |name| format!("miss: {name}: not_html: the answer is not an HTML page\n");
    assert_eq!(told(&output), ["a.png", "b.py", "c.pdf"].map(miss).concat());
}

#[test]
fn a_file_of_rules_has_a_bound_and_its_letters_are_utf_8() {
    let folder = folder(&[("p.html", &page(1))]);
    let output = extract(&folder, &["--selectors", "/dev/zero", "p.html"]);
    assert_eq!((output.status.code(), told(&output).as_str()), (Some(2), "baotinh: /dev/zero: longer than 16 MiB: no file of rules is\n"));
    std::fs::write(folder.path().join("s.toml"), b"# Tin\n# \xc4\x90\xff\n").expect("room");
    let output = extract(&folder, &["--selectors", "s.toml", "p.html"]);
    assert_eq!((output.status.code(), told(&output).as_str()), (Some(2), "baotinh: s.toml:2:4: not UTF-8: save the file as UTF-8\n"));
}

#[test]
fn what_is_told_can_be_json() {
    let folder = folder(&[("p.jsonl", "{}\n{\"html\":\"\"}")]);
    let output = extract(&folder, &["--log-format", "json", "-v", "p.jsonl"]);
    let lines: Vec<Value> = told(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let kinds: Vec<&Value> = lines.iter().map(|line| &line["kind"]).collect();
    assert_eq!(kinds, ["damaged", "miss", "summary"]);
    assert_eq!((&lines[1]["place"], &lines[1]["miss"]), (&json!("p.jsonl:2"), &json!("not_html")));
}

#[test]
fn a_summary_comes_when_it_is_asked_for() {
    let folder = folder(&[("p.jsonl", &format!("{}\n{{}}\n{}", line("1", &page(1)), line("3", "")))]);
    let told = told(&extract(&folder, &["-v", "p.jsonl"]));
    assert_eq!(told.lines().last(), Some("1 article, 1 miss (not_html 1), 1 damaged"));
}

#[test]
fn the_name_of_a_file_cannot_steer_the_terminal() {
    let folder = folder(&[("\u{1b}[2J\u{202e}.html", "")]);
    let output = extract(&folder, &["."]);
    assert_eq!(told(&output), "miss: ./\\u{1b}[2J\\u{202e}.html: not_html: the answer is not an HTML page\n");
}

#[test]
fn standard_input_is_read_with_and_without_a_dash() {
    for words in [&["extract", "-"][..], &["extract"]] {
        let mut child = baotinh().args(words).stdin(Stdio::piped()).spawn().expect("it runs");
        let input = line("vn/1", &page(1));
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
        assert_eq!(records(&output)[0]["id"], "vn/1");
    }
}

#[test]
fn who_writes_a_page_and_waits_gets_its_record() {
    let mut child = baotinh().args(["extract", "-"]).stdin(Stdio::piped()).spawn().expect("it runs");
    let mut input = child.stdin.take().expect("a pipe");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    for number in 0..3 {
        writeln!(input, "{}", line(&number.to_string(), &page(number))).expect("it reads");
        let mut record = String::new();
        output.read_line(&mut record).expect("it answers before the next page is there");
        let record: Value = serde_json::from_str(&record).expect("a record");
        assert_eq!(record["id"], json!(number.to_string()));
    }
    drop(input);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn the_address_of_a_page_can_be_given() {
    let nameless = page(9).replace("rel=\"canonical\"", "rel=\"x\"");
    let folder = folder(&[("a.html", &nameless)]);
    let url = "https://baolaocai.vn/tin-so-post9.html";
    let output = extract(&folder, &["--url", url, "a.html"]);
    let record = &records(&output)[0];
    assert_eq!((&record["url"], &record["site"], &record["province"]), (&json!(url), &json!("baolaocai"), &json!("Lào Cai")));
}

#[test]
fn what_cannot_be_run_is_said_in_a_line_and_exit_code_2() {
    let folder = folder(&[("a.html", &page(1)), ("bad.toml", "[papers.x]\nnam = 1\n")]);
    for (words, start) in [
        (&["no.html"][..], "baotinh: no.html: no such file or folder\n"),
        (&["a.html", "no.html"], "baotinh: no.html: no such file or folder\n"),
        (&["--url", "baolaocai.vn/x", "a.html"], "baotinh: baolaocai.vn/x: no address: did you mean https://baolaocai.vn/x?\n"),
        (&["--url", "https://a.vn", "."], "baotinh: --url is the address of one page: give one PATH with it\n"),
        (&["--url", "https://a.vn", "a.html", "a.html"], "baotinh: --url is the address of one page: give one PATH with it\n"),
        (&["--selectors", "no.toml", "a.html"], "baotinh: no.toml: cannot be read: "),
        (&["--selectors", "bad.toml", "a.html"], "baotinh: bad.toml:"),
        (&["--format", "xml", "a.html"], "error: invalid value 'xml'"),
        (&["--jobs", "0", "a.html"], "error: invalid value '0'"),
    ] {
        let output = extract(&folder, words);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{words:?}");
        assert!(told(&output).starts_with(start), "{words:?}: {}", told(&output));
    }
}

#[test]
fn every_format_is_what_it_is_called() {
    let folder = folder(&[("a.html", &page(1)), ("b.html", &page(2))]);
    let json: Value = serde_json::from_slice(&extract(&folder, &["--format", "json", "."]).stdout).expect("JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(2));
    let text = out(&extract(&folder, &["--format", "text", "."]));
    assert!(text.starts_with("Tin số 1\n\n") && text.contains("\n----------------------------------------\n\nTin số 2\n\n"), "{text}");
    let markdown = out(&extract(&folder, &["--format", "markdown", "."]));
    assert!(markdown.starts_with("# Tin số 1\n\n") && markdown.contains("\n---\n\n# Tin số 2\n\n"), "{markdown}");
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let lines: Vec<String> = (0..2000).map(|number| line(&number.to_string(), &page(number))).collect();
    let folder = folder(&[("p.jsonl", &lines.join("\n"))]);
    let mut child = baotinh().args(["extract", "p.jsonl"]).current_dir(&folder).spawn().expect("it runs");
    let mut first = String::new();
    BufReader::with_capacity(1024, child.stdout.take().expect("a pipe")).read_line(&mut first).expect("a line");
    assert!(first.starts_with("{\"schema\":1,\"id\":\"0\""), "{first}");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), told(&output).as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn an_interrupt_gives_what_is_in_hand_and_exit_code_130() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let mut child = baotinh().args(["extract", "-"]).stdin(Stdio::piped()).spawn().expect("it runs");
        let mut input = child.stdin.take().expect("a pipe");
        writeln!(input, "{}", line("1", &page(1))).expect("it reads");
        let mut record = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut record).expect("a record");
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        assert_eq!(child.wait().expect("it ends").code(), Some(code));
        drop(input);
    }
}

#[test]
fn check_and_sites_speak_of_the_rules() {
    let folder = folder(&[("bad.toml", "[papers.x]\nnam = 1\n")]);
    let run = |words: &[&str]| baotinh().args(words).current_dir(&folder).output().expect("it runs");
    let sound = run(&["check"]);
    assert_eq!(sound.status.code(), Some(0));
    assert!(out(&sound).starts_with("the rules built into the program: sound ("), "{}", out(&sound));
    let bad = run(&["check", "--selectors", "bad.toml"]);
    assert_eq!((bad.status.code(), out(&bad).as_str()), (Some(2), ""));
    assert!(told(&bad).lines().all(|line| line.starts_with("baotinh: bad.toml:")), "{}", told(&bad));
    let sites = out(&run(&["sites"]));
    assert!(sites.lines().any(|line| line.starts_with("baolaocai ") && line.ends_with("baolaocai.vn")), "{sites}");
}

#[test]
fn help_shows_every_command_with_examples() {
    for (words, part) in [
        (&["--help"][..], "extract"),
        (&["extract", "--help"], "baotinh extract --format text page.html"),
        (&["--version"], concat!("baotinh ", env!("CARGO_PKG_VERSION"))),
    ] {
        let output = baotinh().args(words).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0));
        assert!(out(&output).contains(part), "{}", out(&output));
    }
    assert_eq!(baotinh().output().expect("it runs").status.code(), Some(2));
    assert_eq!(baotinh().arg("exract").output().expect("it runs").status.code(), Some(2));
}

/// A page of a small paper that no rule knows, with a call that it prints on each.
fn with_call(host: &str, number: usize) -> String {
    let story =
        format!("The council of village number {number} has met for the {number}th time this year to talk about its {number} wells. ");
    let call = "Every reader who gives one hour of work a month keeps this small paper of the valley alive and free.";
    let html = format!(
        "<html lang=en><head><title>Village {number} talks about wells</title></head><body><article><h1>Village {number} talks about wells</h1>\
         <p>{story}</p><p>{story}It will meet again when the snow has gone.</p><p>{call}</p></article></body></html>"
    );
    json!({"id": number.to_string(), "url": format!("https://{host}/village-number-{number}-talks-about-its-wells"), "html": html})
        .to_string()
}

#[test]
fn a_line_on_several_pages_of_a_host_goes_from_the_later_ones_however_many_are_read_at_once() {
    let pages: Vec<String> = (0..40).map(|number| with_call("valley.example", number)).collect();
    let folder = folder(&[("p.jsonl", &pages.join("\n"))]);
    let with_call = |words: &[&str]| -> Vec<usize> {
        let found = records(&extract(&folder, words));
        assert_eq!(found.len(), 40);
        let has = |record: &Value| record["text"].as_str().expect("a text").contains("one hour of work");
        found.iter().enumerate().filter(|(_, record)| has(record)).map(|(at, _)| at).collect()
    };
    let alone = out(&extract(&folder, &["--jobs", "1", "p.jsonl"]));
    assert_eq!(with_call(&["p.jsonl"]), [0, 1]);
    for jobs in ["2", "7"] {
        assert_eq!(out(&extract(&folder, &["--jobs", jobs, "p.jsonl"])), alone, "{jobs} jobs");
    }
    assert_eq!(with_call(&["--no-memory", "p.jsonl"]).len(), 40);
    let told = told(&extract(&folder, &["-v", "p.jsonl"]));
    assert_eq!(told.matches("on_other_pages").count(), 38, "{told}");
}

#[test]
fn a_line_on_pages_of_different_hosts_or_on_one_page_read_often_stays() {
    let elsewhere: Vec<String> = (0..9).map(|number| with_call(&format!("valley-{number}.example"), number)).collect();
    let again: Vec<String> = (0..9).map(|_| with_call("valley.example", 1)).collect();
    for pages in [elsewhere, again] {
        let output = extract(&folder(&[("p.jsonl", &pages.join("\n"))]), &["p.jsonl"]);
        assert_eq!(out(&output).matches("one hour of work").count(), 9);
    }
}
