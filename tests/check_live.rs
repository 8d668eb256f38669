//! Does `baotinh check --live` say of each paper what its operator has to know?

#![cfg(feature = "crawl")]

#[expect(dead_code, reason = "the demo's web can do more than is asked of it here")]
#[path = "../examples/demo/web.rs"]
mod web;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use web::{Manners, Web, newspaper};

/// A folder with this selectors.toml.
fn home(rules: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("selectors.toml"), rules).expect("room");
    folder
}

fn check(home: &Path, pin: &str, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baotinh"));
    command.args(["check", "--live", "--resolve", pin]).args(more).current_dir(home);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(variable);
    }
    command
}

/// Runs it to its end, beside the newspapers: its exit code, stdout and stderr.
async fn run(mut command: Command) -> (Option<i32>, String, String) {
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("a thread").expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The demo's papers, of which some have renamed the classes of their pages; their rules, at a pace that a test can wait for.
async fn demo(renamed: &[&str]) -> (Web, String, String) {
    let renamed = renamed.iter().map(|id| (*id).to_owned()).collect();
    let web = Web::open(newspaper::papers(), Timestamp::now(), Manners { renamed, ..Manners::default() }).await.expect("a free port");
    let lines = web.selectors();
    let rules = lines.lines().map(|line| if line.starts_with("requests_per_second") { "requests_per_second = 50" } else { line });
    let port = web.issues().next().expect("a paper").port;
    (web.clone(), rules.collect::<Vec<_>>().join("\n"), format!("*:{port}:127.0.0.1"))
}

fn objects(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

/// The keys of an object, sorted.
fn keys(object: &Value) -> Vec<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// The keys of a line, as the README has them.
const KEYS: [&str; 14] = [
    "schema",
    "site",
    "verdict",
    "listings",
    "listings_answered",
    "articles_found",
    "pages",
    "read",
    "by",
    "filled",
    "missed",
    "failed",
    "agreement",
    "problems",
];

fn sorted(mut keys: Vec<&str>) -> Vec<&str> {
    keys.sort_unstable();
    keys
}

/// The number of the line on which these words stand first.
fn line_of(rules: &str, words: &str) -> usize {
    rules.lines().position(|line| line.starts_with(words)).expect("the words stand in the rules") + 1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn papers_whose_rules_fit_are_seen_to() {
    let (web, rules, pin) = demo(&[]).await;
    let home = home(&rules);
    let (code, out, told) = run(check(home.path(), &pin, &["--json", "--articles", "4"])).await;
    assert_eq!((code, told.as_str()), (Some(0), ""), "{out}");
    let papers = objects(&out);
    assert_eq!(papers.iter().map(|paper| paper["site"].as_str().expect("an id")).collect::<Vec<_>>(), ["suoingan", "benpha", "doiche"]);
    for paper in &papers {
        assert_eq!((&paper["verdict"], &paper["pages"], &paper["by"]["generic"]), (&json!("fits"), &json!(4), &json!(0)), "{paper}");
        assert_eq!(keys(paper), sorted(KEYS.to_vec()));
        assert_eq!(keys(&paper["by"]), ["family", "generic", "rules"]);
        assert_eq!(keys(&paper["filled"]), sorted(vec!["title", "lead", "authors", "published", "section", "tags", "images"]));
        assert!(paper["agreement"].as_f64().is_some_and(|f1| f1 > 0.9), "{paper}");
    }
    let places = KEYS.map(|key| out.find(&format!("\"{key}\":")).expect("it is there"));
    assert!(places.is_sorted(), "{out}");
    let readme = include_str!("../README.md").split("### check").nth(1).expect("the chapter on check");
    let told = KEYS.map(|key| readme.find(&format!("| `{key}`")).or_else(|| readme.find(&format!(", `{key}`"))).expect(key));
    assert!(told.is_sorted(), "the README has the keys in another order");
    assert!(!home.path().join("output").exists());
    assert_eq!(web.asked().iter().filter(|asked| asked.path == "/robots.txt").count(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_that_renamed_its_classes_is_broken_and_its_rule_is_named() {
    let (_web, rules, pin) = demo(&["suoingan"]).await;
    let home = home(&rules);
    let (code, out, _) = run(check(home.path(), &pin, &[])).await;
    assert_eq!(code, Some(1));
    let row: Vec<&str> = out.lines().find(|line| line.starts_with("suoingan")).expect("its row").split_whitespace().collect();
    assert_eq!((row[4], row.last()), ("generic", Some(&"broken")), "{out}");
    let line = out.lines().find(|line| line.starts_with("broken: suoingan: ")).expect("its problem");
    let rule = format!("families.epi.take.body (selectors.toml:{})", line_of(&rules, "take.body"));
    assert!(line.contains(&rule) && line.contains("http://baosuoingan.example:"), "{line}");
    assert_eq!(out.lines().filter(|line| line.ends_with("fits")).count(), 2, "{out}");
    let (code, out, _) = run(check(home.path(), &pin, &["suoingan", "--json"])).await;
    let papers = objects(&out);
    assert_eq!((code, papers.len()), (Some(1), 1));
    let (paper, problem) = (&papers[0], &papers[0]["problems"][0]);
    // One of the five was withdrawn since its list was made.
    assert_eq!((&paper["pages"], &paper["failed"]), (&json!(5), &json!({"http_404": 1})));
    assert_eq!((&paper["by"], &paper["verdict"]), (&json!({"rules": 0, "family": 0, "generic": 4}), &json!("broken")));
    assert_eq!(keys(problem), sorted(vec!["verdict", "what", "advice", "rules", "pages"]));
    assert_eq!(problem["rules"], json!([{"key": "families.epi.take.body", "line": line_of(&rules, "take.body")}]));
}

/// The rules of a paper that answers at this port.
fn paper(id: &str, port: u16, lists: &str) -> String {
    format!(
        "[papers.{id}]\nname = \"Báo\"\nhosts = [\"{id}.example\"]\nrequests_per_second = 50\ntake.body = \"div\"\n\
         article_address = '-post(?<id>\\d+)\\.html$'\n{}",
        lists.replace("ORIGIN", &format!("http://{id}.example:{port}"))
    )
}

async fn serve(router: Router) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

async fn answer(headers: HeaderMap, uri: Uri) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).and_then(|host| host.split('.').next()).unwrap_or_default();
    match (host, uri.path()) {
        ("cam", "/robots.txt") => "User-agent: *\nDisallow: /\n".into_response(),
        ("doi", "/") => Html("<a href=/trau-ve-ban-muon-bai1.html>x</a>").into_response(),
        ("doi", "/rss") => {
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><item><link>http://doi.example/trau-ve-ban-muon-bai1.html</link></item>\
             </channel></rss>"
                .into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_trouble_has_its_verdict_and_says_what_to_do() {
    let port = serve(Router::new().fallback(answer)).await;
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a free port").local_addr().expect("it is bound").port();
    let rules = [
        paper("lac", port, "start_pages = [\"ORIGIN/moi\", \"ORIGIN/cu\"]\n"),
        paper("cam", port, "start_pages = \"ORIGIN/\"\n"),
        paper("vang", nobody, "start_pages = \"ORIGIN/\"\n"),
        paper("doi", port, "start_pages = \"ORIGIN/\"\nfeeds = \"ORIGIN/rss\"\n"),
        paper("dong", port, ""),
    ];
    let home = home(&rules.concat());
    let pins = [format!("*:{port}:127.0.0.1"), format!("*:{nobody}:127.0.0.1"), "*:443:127.0.0.1".to_owned()];
    let more = ["--resolve", &pins[1], "--resolve", &pins[2]];
    let (code, out, told) = run(check(home.path(), &pins[0], &more)).await;
    assert_eq!((code, told.as_str()), (Some(1), ""));
    let expected = "\
SITE  LISTS  FOUND  READ  BY  T  L  A  D  S  G  I  AGREE  VERDICT
lac     0/2      0   0/0  -   -  -  -  -  -  -  -      -  broken
cam     0/1      0   0/0  -   -  -  -  -  -  -  -      -  forbidden
vang    0/1      0   0/0  -   -  -  -  -  -  -  -      -  down
doi     2/2      0   0/0  -   -  -  -  -  -  -  -      -  broken
T title, L lead, A authors, D date, S section, G tags, I images: articles with it
AGREE: how far the rules keep the words that the reader without rules keeps

broken: lac: 2 listings did not come (http_404) — write where the paper lists its articles now: papers.lac.start_pages (selectors.toml:7); \
seen at http://lac.example:PORT/moi
forbidden: cam: 1 listing did not come (robots_disallowed) — its robots.txt does not want us there: take the address out, or ask the paper: \
papers.cam.start_pages (selectors.toml:14); seen at http://cam.example:PORT/
down: vang: 1 listing did not come (connect) — try again later; if it stays so, see whether the paper has moved to another host: \
papers.vang.start_pages (selectors.toml:21); seen at http://vang.example:NOBODY/
broken: doi: 1 address in its listings is its own, and none has the form of its articles — write the form that the addresses of its articles \
have now: papers.doi.article_address (selectors.toml:27); seen at http://doi.example:PORT/rss
";
    let out = out.replace(&port.to_string(), "PORT").replace(&nobody.to_string(), "NOBODY");
    assert_eq!(out, expected);
    // A closed paper is looked at when it is named, and being closed is no trouble.
    let (code, out, _) = run(check(home.path(), &pins[0], &["dong", "--resolve", &pins[2]])).await;
    assert_eq!((code, out.lines().nth(1).and_then(|row| row.split_whitespace().last())), (Some(0), Some("closed")), "{out}");
    let (code, out, told) = run(check(home.path(), &pins[0], &["lat"])).await;
    let line = "baotinh: lat: no such site in selectors.toml: did you mean lac? (`baotinh sites` prints them all)\n";
    assert_eq!((code, out.as_str(), told.as_str()), (Some(2), "", line));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_ends_it_with_what_was_seen_by_then() {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let silent = move |uri: Uri| {
        let tell = tell.clone();
        async move {
            if uri.path() == "/robots.txt" {
                return StatusCode::NOT_FOUND;
            }
            tell.send(()).expect("the test listens");
            std::future::pending().await
        }
    };
    let (port, quick) = (serve(Router::new().fallback(silent)).await, serve(Router::new().fallback(answer)).await);
    let list = "start_pages = \"ORIGIN/\"\n";
    let home = home(&(paper("cham", port, list) + &paper("lac", quick, list)));
    let pins = [format!("*:{port}:127.0.0.1"), format!("*:{quick}:127.0.0.1")];
    let child = check(home.path(), &pins[0], &["--resolve", &pins[1]]).spawn().expect("it starts");
    told.recv().await.expect("a page is asked for");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(kill.success());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await.expect("a thread").expect("it ends");
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(130), "{out}");
    assert!(out.lines().any(|row| row.starts_with("cham ") && row.ends_with("unfinished")), "{out}");
    assert!(out.lines().any(|row| row.starts_with("lac ")), "{out}");
}
