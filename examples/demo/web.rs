//! How does a web of newspapers answer on this machine alone?
//!
//! Every host of the demo is a name that leads to one port of 127.0.0.1; which paper is meant, the `Host` header says. Tests take this
//! web too (`#[path = "../examples/demo/web.rs"] mod web;`): its papers can be given other manners.

#[path = "epi.rs"]
mod epi;
#[path = "fck.rs"]
mod fck;
#[path = "ms.rs"]
pub mod ms;
#[path = "newspaper.rs"]
pub mod newspaper;
#[path = "site.rs"]
pub mod site;
#[path = "skeleton.rs"]
pub mod skeleton;

use std::ops::Range;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use baotinh::fetch::Pin;
use jiff::Timestamp;
use tokio::net::TcpListener;

use newspaper::{Family, Issue, Newspaper};
use site::{Answer, Document};

/// How the web behaves.
#[derive(Debug, Clone, Default)]
pub struct Manners {
    /// How long an answer takes, in milliseconds; each address has its own time out of these. Empty is at once.
    pub latency: Range<u64>,
    /// What goes wrong.
    pub troubles: Vec<Trouble>,
    /// The ids of papers that have renamed every class of their pages.
    pub renamed: Vec<String>,
}

/// Something that goes wrong at one address.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// The id of the paper.
    pub paper: String,
    /// A part of the path.
    pub path: String,
    /// What happens.
    pub what: What,
    /// How often, before all is well.
    pub times: usize,
}

/// What may go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The answer comes so much later.
    Late(Duration),
    /// 503, and the wish to be left alone for so many seconds.
    Busy(u64),
}

/// A question that the web was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The id of the paper; empty for a host that is nobody's.
    pub paper: String,
    /// Path and query.
    pub path: String,
    /// What it answered.
    pub status: u16,
    /// Whether the asker knew a version of the page and said so.
    pub conditional: bool,
    /// When.
    pub at: Instant,
}

/// Newspapers on one port. They answer as long as the runtime lives.
#[derive(Debug, Clone)]
pub struct Web {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    papers: Vec<Newspaper>,
    manners: Manners,
    port: u16,
    now: Timestamp,
    edition: AtomicU8,
    asked: Mutex<Vec<Asked>>,
}

impl Web {
    /// Opens the papers on a free port of 127.0.0.1, in their first edition, as if it were `now`.
    ///
    /// # Errors
    ///
    /// When the system gives no port.
    pub async fn open(papers: Vec<Newspaper>, now: Timestamp, manners: Manners) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let inner = Inner { papers, manners, port, now, edition: AtomicU8::new(1), asked: Mutex::default() };
        let web = Self { inner: Arc::new(inner) };
        let router = Router::new().fallback(answer).with_state(web.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(web)
    }

    /// Brings out the next edition: its news, its corrections.
    pub fn next_edition(&self) {
        self.inner.edition.fetch_add(1, Ordering::Relaxed);
    }

    /// The papers as they stand now.
    pub fn issues(&self) -> impl Iterator<Item = Issue<'_>> {
        self.issues_of(self.inner.edition.load(Ordering::Relaxed))
    }

    /// The papers as they stood in each edition so far.
    pub fn editions(&self) -> Vec<Issue<'_>> {
        (1..=self.inner.edition.load(Ordering::Relaxed)).flat_map(|edition| self.issues_of(edition)).collect()
    }

    fn issues_of(&self, edition: u8) -> impl Iterator<Item = Issue<'_>> {
        self.inner.papers.iter().map(move |paper| Issue { paper, port: self.inner.port, now: self.inner.now, edition })
    }

    /// A selectors.toml for the papers: the families of the real one, and a few lines for each of them.
    pub fn selectors(&self) -> String {
        let real = include_str!("../../selectors.toml");
        let families = real.split_once("\n[papers.").map_or(real, |(families, _)| families);
        self.issues().fold(families.to_owned(), |file, issue| file + "\n" + &entry(&issue))
    }

    /// Where the hosts of the papers lead, as `--resolve` would say it.
    pub fn pins(&self) -> Vec<Pin> {
        let pin = |paper: &Newspaper| format!("{}:{}:127.0.0.1", paper.host, self.inner.port).parse().expect("a host, a port, an address");
        self.inner.papers.iter().map(pin).collect()
    }

    /// The questions so far, in their order.
    pub fn asked(&self) -> Vec<Asked> {
        self.log().clone()
    }

    fn log(&self) -> std::sync::MutexGuard<'_, Vec<Asked>> {
        self.inner.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What goes wrong with a question that comes now.
    fn trouble(&self, paper: &Newspaper, path: &str) -> Option<What> {
        let trouble = self.inner.manners.troubles.iter().find(|trouble| trouble.paper == paper.id && path.contains(&trouble.path))?;
        let before = self.log().iter().filter(|asked| asked.paper == paper.id && asked.path == path).count();
        (before < trouble.times).then_some(trouble.what)
    }
}

/// What selectors.toml has to know of a paper on a known system. Of the second one no list is named: robots.txt and the front page lead
/// to all of them.
pub fn entry(issue: &Issue) -> String {
    let (paper, origin) = (issue.paper, issue.origin());
    let lists = match paper.family {
        Family::Epi => format!("feeds = [\"{origin}/rss/home.rss\"]\nsitemaps = [\"{origin}/sitemaps/news-{{yyyy}}-{{m}}.xml\"]\n"),
        Family::Fck => String::new(),
        Family::Ms => format!("feeds = [\"{origin}/rss/tin-moi.rss\"]\n"),
    };
    let mark = paper.dateline.as_ref().map(|mark| format!("datelines = [\"{}\"]\n", mark.trim_matches(['(', ')'])));
    format!(
        "[papers.{id}]\nname = \"{name}\"\nprovince = \"{province}\"\nhosts = [\"{host}\"]\nfamily = \"{family}\"\nevidence = \"page\"\n{mark}\
         article_address = '{form}'\nstart_pages = [\"{origin}/\"]\n{lists}requests_per_second = {pace}\n",
        id = paper.id,
        name = paper.name,
        province = paper.province,
        host = paper.host,
        family = paper.family.id(),
        mark = mark.unwrap_or_default(),
        form = paper.family.article_address(),
        pace = paper.requests_per_second,
    )
}

async fn answer(State(web): State<Web>, request: Request) -> Response {
    let at = Instant::now();
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let headers = request.headers();
    let conditional = headers.contains_key(header::IF_NONE_MATCH) || headers.contains_key(header::IF_MODIFIED_SINCE);
    let issue = web.issues().find(|issue| issue.paper.host == host);
    let trouble = issue.and_then(|issue| web.trouble(issue.paper, &path));
    let response = issue.map_or(StatusCode::MISDIRECTED_REQUEST.into_response(), |issue| match trouble {
        Some(What::Busy(seconds)) => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, seconds.to_string())]).into_response(),
        _ => respond(&web, &issue, &path, headers),
    });
    let paper = issue.map(|issue| issue.paper.id.clone()).unwrap_or_default();
    web.log().push(Asked { paper, path: path.clone(), status: response.status().as_u16(), conditional, at });
    let late = if let Some(What::Late(time)) = trouble { time } else { Duration::ZERO };
    tokio::time::sleep(late + latency(&web.inner.manners.latency, &path)).await;
    response
}

/// Each address has its own time, the same each time.
fn latency(range: &Range<u64>, path: &str) -> Duration {
    let spread = range.end.saturating_sub(range.start).max(1);
    let place = path.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    Duration::from_millis(if range.is_empty() { 0 } else { range.start + place % spread })
}

fn respond(web: &Web, issue: &Issue, path: &str, asked: &HeaderMap) -> Response {
    let document = match site::answer(issue, path) {
        Answer::Moved(to) => return (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response(),
        Answer::NotFound => return (StatusCode::NOT_FOUND, "Không tìm thấy trang").into_response(),
        Answer::Document(document) => document,
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, document.content_type.parse().expect("a header's value"));
    if let Some((name, said, value)) = validator(issue, path, &document) {
        let known = asked.get(said).is_some_and(|known| known.as_bytes() == value.as_bytes());
        headers.insert(name, value.parse().expect("a header's value"));
        if known {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
    }
    let mut body = document.body;
    if web.inner.manners.renamed.contains(&issue.paper.id) && document.content_type.starts_with("text/html") {
        body = skeleton::renamed(&String::from_utf8_lossy(&body)).into_bytes();
    }
    if asked.get(header::ACCEPT_ENCODING).and_then(|taken| taken.to_str().ok()).is_some_and(|taken| taken.contains("gzip")) {
        headers.insert(header::CONTENT_ENCODING, "gzip".parse().expect("a header's value"));
        body = site::gzip(&body);
    }
    (headers, Body::from(body)).into_response()
}

/// By what this paper lets a page be asked for again: its header, the header that asks by it, and its value. One paper sends an `ETag`,
/// one a date, one nothing.
fn validator(issue: &Issue, path: &str, document: &Document) -> Option<(header::HeaderName, header::HeaderName, String)> {
    let changed = document.changed?;
    match issue.paper.family {
        Family::Epi => Some((header::ETAG, header::IF_NONE_MATCH, format!("\"{}-{}\"", path.len(), changed.as_second()))),
        Family::Fck => Some((header::LAST_MODIFIED, header::IF_MODIFIED_SINCE, changed.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())),
        Family::Ms => None,
    }
}
