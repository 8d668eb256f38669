//! A newspaper on this machine: a feed, a front page, articles that can be changed, and a memory of who asked for what.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use baotinh::crawl::{Notice, Settings};
use baotinh::paper::Rulebook;
use baotinh::report::{PaperReport, Report};
use tokio::sync::watch;

/// What stands at a path instead of what stands there usually.
#[derive(Clone)]
pub enum Instead {
    Status(u16),
    Redirect(String),
    /// This body, and its type.
    Body(&'static str, Vec<u8>),
}

#[derive(Default)]
struct Desk {
    /// Number and edition of each article.
    articles: BTreeMap<u32, u32>,
    instead: BTreeMap<String, Instead>,
    /// Path, and whether only a change was asked for.
    asked: Vec<(String, bool)>,
}

/// A running newspaper; it stops with its runtime.
#[derive(Clone)]
pub struct Newspaper {
    pub port: u16,
    desk: Arc<Mutex<Desk>>,
    knocks: watch::Sender<usize>,
}

impl Newspaper {
    /// With so many articles.
    pub async fn start(articles: u32) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let articles = (1..=articles).map(|number| (number, 1)).collect();
        let paper = Self { port, desk: Arc::new(Mutex::new(Desk { articles, ..Desk::default() })), knocks: watch::channel(0).0 };
        let app = Router::new().fallback(answer).with_state(paper.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        paper
    }

    fn desk<T>(&self, act: impl FnOnce(&mut Desk) -> T) -> T {
        act(&mut self.desk.lock().expect("no test panics with it"))
    }

    /// Changes an article, or prints a new one.
    pub fn print(&self, number: u32, edition: u32) {
        self.desk(|desk| desk.articles.insert(number, edition));
    }

    /// From now on something else stands at this path.
    pub fn instead(&self, path: &str, instead: Instead) {
        self.desk(|desk| desk.instead.insert(path.to_owned(), instead));
    }

    /// What was asked for since the last time: the path, and whether only a change was.
    pub fn take_asked(&self) -> Vec<(String, bool)> {
        self.desk(|desk| std::mem::take(&mut desk.asked))
    }

    /// Waits until it has been asked so often.
    pub async fn asked_for(&self, times: usize) {
        self.knocks.subscribe().wait_for(|knocks| *knocks >= times).await.expect("the newspaper is open");
    }

    /// Its rules, as a selectors.toml.
    pub fn rules(&self) -> String {
        format!(
            "[families.mau]\ntake.title = \"h1\"\ntake.body = \"div.bai\"\n[papers.baomau]\nname = \"Báo Mẫu\"\nhosts = [\"baomau.vn\"]\n\
             family = \"mau\"\nrequests_per_second = 50\nfeeds = [\"http://baomau.vn:{0}/rss\"]\nstart_pages = [\"http://baomau.vn:{0}/\"]\n\
             article_address = '-post(?<id>\\d+)\\.html$'\n",
            self.port
        )
    }

    pub fn book(&self) -> &'static Rulebook {
        Box::leak(Box::new(Rulebook::read(&self.rules(), "t.toml").expect("sound rules")))
    }

    /// Where its name leads, as `--resolve` has it.
    pub fn pin(&self) -> String {
        format!("*:{}:127.0.0.1", self.port)
    }

    /// A crawl of it into this folder, without a pace.
    pub fn settings(&self, folder: &std::path::Path) -> Settings {
        let mut settings = Settings::new(folder);
        settings.fetch.pins = vec![self.pin().parse().expect("a pin")];
        settings.gap = Some(std::time::Duration::ZERO);
        settings
    }

    pub async fn crawl(&self, settings: Settings) -> PaperReport {
        let report: Report =
            baotinh::crawl::run(settings, self.book(), |_: Notice<'_>| {}, std::future::pending()).await.expect("a sound crawl");
        report.sites.into_iter().next().expect("one paper")
    }
}

pub fn path_of(number: u32) -> String {
    format!("/cho-phien-so-post{number}.html")
}

async fn answer(State(paper): State<Newspaper>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().to_owned();
    let known = headers.get(header::IF_NONE_MATCH).map(|etag| etag.to_str().unwrap_or_default().to_owned());
    let (instead, page) = paper.desk(|desk| {
        desk.asked.push((path.clone(), known.is_some()));
        (desk.instead.get(&path).cloned(), page(desk, &path, paper.port))
    });
    paper.knocks.send_modify(|knocks| *knocks += 1);
    match (instead, page) {
        (Some(Instead::Status(status)), _) => StatusCode::from_u16(status).expect("a status").into_response(),
        (Some(Instead::Redirect(to)), _) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response(),
        (Some(Instead::Body(kind, body)), _) => ([(header::CONTENT_TYPE, kind)], body).into_response(),
        (None, None) => StatusCode::NOT_FOUND.into_response(),
        (None, Some((etag, _))) if known.as_deref() == Some(&etag) => StatusCode::NOT_MODIFIED.into_response(),
        (None, Some((etag, body))) => {
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()), (header::ETAG, etag)], body).into_response()
        }
    }
}

fn page(desk: &Desk, path: &str, port: u16) -> Option<(String, String)> {
    let editions: u32 = desk.articles.values().sum();
    let links = desk.articles.keys().rev().map(|number| format!("http://baomau.vn:{port}{}", path_of(*number)));
    let body = match path {
        "/rss" => {
            let items: String = links.flat_map(|link| ["<item><link>", &link, "</link></item>"].map(String::from)).collect();
            format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>x</title>{items}</channel></rss>")
        }
        "/" => {
            let items: String =
                links.take(5).flat_map(|link| ["<li><a href=\"", &link, "?utm_source=trang-nhat\">x</a>"].map(String::from)).collect();
            format!("<!doctype html><html lang=vi><title>Báo Mẫu</title><ul>{items}</ul>")
        }
        _ => {
            let (number, edition) = desk.articles.iter().find(|(number, _)| path_of(**number) == path)?;
            let text = "Chợ phiên họp từ lúc trời còn mờ sương, người bán gánh rau, người mua dắt ngựa, ai cũng vội. ".repeat(5);
            let body = format!(
                "<!doctype html><html lang=vi><h1>Chợ phiên số {number}</h1><div class=bai><p>{text}</p><p>Lần in {edition}. {text}</p></div>"
            );
            return Some((format!("\"{number}-{edition}\""), body));
        }
    };
    Some((format!("\"{path}-{editions}-{}\"", desk.articles.len()), body))
}
