//! What page does this address give, all manners kept?
//!
//! The small conductor, for single pages. Each hop passes one door: the guard over addresses, robots.txt, the host's turn, one
//! [`fetch`](crate::fetch). A redirect is a new hop through the same door, with the robots.txt and the pace of the host it leads
//! to. A `<meta http-equiv="refresh">` is no redirect: papers use it to reload their front pages.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::{Mutex as Turns, OnceCell};
use tokio::time::Instant;
use url::Url;

use crate::fetch::{self, Ask, Bound, Fetcher, Reply};
use crate::limits::{ADDRESS_BYTES, PATIENCE, REDIRECTS, RETRY_AFTER, ROBOTS_BYTES, ROBOTS_REDIRECTS, TURN};
use crate::pace::{self, Outcome, Pace};
use crate::page::Page;
use crate::paper::{self, Paper, Rulebook};
use crate::robots::{self, Answer, Robots};

/// How to visit.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How to speak to the network.
    pub fetch: fetch::Settings,
    /// Neither ask for robots.txt nor obey it.
    pub ignore_robots: bool,
    /// The gap between two requests to a host that is no paper's.
    pub gap: Duration,
    /// Whose papers are visited at the pace that they are granted there.
    pub book: Option<&'static Rulebook>,
    /// How often one hop is tried before its temporary failure is final; at least once.
    pub tries: u32,
    /// A `Retry-After` longer than this is not waited for: the failure is final at once.
    pub patience: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        let fetch = fetch::Settings::default();
        Self { fetch, ignore_robots: false, gap: pace::GAP, book: None, tries: 3, patience: PATIENCE }
    }
}

/// Why an address gave no page. Each begins with the address that failed, which after a redirect is not the one asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// No whole answer came.
    #[error("{url}: {cause}")]
    NoAnswer {
        /// The hop that failed.
        url: Url,
        /// Why, the last time it was tried.
        cause: fetch::Failure,
    },
    /// The answer was no page: 404, 500, a 304 that nobody asked for, a redirect that leads nowhere.
    #[error("{url}: the server answered {status}{}", retry(*.retry_after))]
    Status {
        /// The hop that failed.
        url: Url,
        /// The status.
        status: u16,
        /// How long the server wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// A rule of the host's robots.txt.
    #[error("{url}: its robots.txt disallows it; --ignore-robots fetches it all the same")]
    RobotsDisallowed {
        /// The hop that is not allowed.
        url: Url,
    },
    /// The robots.txt can't be read, which closes the host (RFC 9309 §2.3.1.4).
    #[error("{url}: not asked, since its robots.txt gave no answer ({why})")]
    RobotsUnreachable {
        /// The hop that is not allowed.
        url: Url,
        /// What became of it.
        why: String,
    },
    /// Its host wants to be left alone for longer than anybody waits: a `Retry-After` that an earlier page got, or a `Crawl-delay`.
    #[error("{url}: not asked, since its host wants to be left alone for {} s more", wait.as_secs())]
    LeftAlone {
        /// The hop that was not asked for.
        url: Url,
        /// How long.
        wait: Duration,
    },
    /// A redirect to where we have been.
    #[error("{url}: redirected in a circle")]
    RedirectLoop {
        /// Where the circle closes.
        url: Url,
    },
    /// More than [`REDIRECTS`].
    #[error("{url}: redirected more than {REDIRECTS} times")]
    TooManyRedirects {
        /// Where we stopped.
        url: Url,
    },
    /// A redirect to what is no address of the web: `file:`, `javascript:`, nonsense.
    #[error("{url}: redirected to `{to}`, which is no address of the web")]
    BadRedirect {
        /// Who redirects.
        url: Url,
        /// Whereto, fit for a terminal.
        to: String,
    },
}

impl Failure {
    /// The name as reports have it: `tls`, `http_404`, `redirect_loop`.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::NoAnswer { cause, .. } => cause.name().into(),
            Self::Status { status, .. } => format!("http_{status}").into(),
            Self::RobotsDisallowed { .. } => "robots_disallowed".into(),
            Self::RobotsUnreachable { .. } => "robots_unreachable".into(),
            Self::LeftAlone { .. } => "left_alone".into(),
            Self::RedirectLoop { .. } => "redirect_loop".into(),
            Self::TooManyRedirects { .. } => "too_many_redirects".into(),
            Self::BadRedirect { .. } => "bad_redirect".into(),
        }
    }

    /// Whether the address may give a page at another time.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::NoAnswer { cause, .. } => cause.is_temporary(),
            Self::Status { status, .. } => is_strain(*status),
            Self::RobotsUnreachable { .. } | Self::LeftAlone { .. } => true,
            _ => false,
        }
    }
}

fn retry(after: Option<Duration>) -> String {
    after.map(|after| format!(" and wants to be left alone for {} s", after.as_secs())).unwrap_or_default()
}

/// A status by which a server says that it can't, not that it won't: 408, 425, 429, 5xx.
#[must_use]
pub fn is_strain(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599)
}

/// Visits pages, and remembers of each host its pace and its robots.txt, as long as it lives.
#[derive(Debug)]
pub struct Visitor {
    fetcher: Fetcher,
    settings: Settings,
    /// As hosts' robots.txt know us.
    token: String,
    /// Of each paper by its id: the number of its server, and the gap there.
    servers: HashMap<&'static str, (usize, Duration)>,
    paces: Mutex<HashMap<Server, Arc<Turns<Pace>>>>,
    /// By scheme, host and port, as RFC 9309 §2.3 says.
    rules: Mutex<HashMap<String, Arc<OnceCell<Rules>>>>,
}

/// What has one pace.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Server {
    /// That of papers, by its number.
    Papers(usize),
    /// By name, whatever the port: one machine.
    Host(String),
}

/// A host's robots.txt, and what became of the question when it gave no answer.
#[derive(Debug)]
struct Rules {
    robots: Robots,
    silence: Option<Silence>,
}

#[derive(Debug, Clone)]
enum Silence {
    Failed(fetch::Failure),
    /// A redirect of it led to where there is no answer.
    Elsewhere(fetch::Failure),
    Status(u16),
    LeftAlone(Duration),
}

/// Why a hop brought no reply.
enum Unanswered {
    Failed(fetch::Failure),
    /// Its turn comes so much later than anybody waits.
    LeftAlone(Duration),
}

impl Unanswered {
    fn at(self, url: &Url) -> Failure {
        let url = url.clone();
        match self {
            Self::Failed(cause) => Failure::NoAnswer { url, cause },
            Self::LeftAlone(wait) => Failure::LeftAlone { url, wait },
        }
    }
}

impl Visitor {
    /// Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// When the settings can't be followed.
    pub fn new(settings: Settings) -> Result<Self, fetch::SettingsError> {
        if settings.ignore_robots {
            tracing::warn!("robots.txt is neither asked for nor obeyed, since --ignore-robots says so");
        }
        let token = String::from_utf8_lossy(robots::product_token(settings.fetch.user_agent.as_bytes())).into_owned();
        let fetcher = Fetcher::new(&settings.fetch)?;
        let servers = settings.book.map(servers).unwrap_or_default();
        Ok(Self { fetcher, settings, token, servers, paces: Mutex::default(), rules: Mutex::default() })
    }

    /// The page at this address, redirects followed. Its status is 2xx; what is in it, nobody has looked at.
    ///
    /// # Errors
    ///
    /// When it gave none. Temporary failures have been tried again by then.
    pub async fn visit(&self, asked: &Url) -> Result<Page, Failure> {
        let mut behind: Vec<Url> = Vec::new();
        let mut url = bare(asked.clone());
        loop {
            self.obey_robots(&url).await?;
            let reply = self.ask(&url, Bound::Whole(self.settings.fetch.limits.body)).await.map_err(|unasked| unasked.at(&url))?;
            let Some(to) = reply.redirect() else {
                return page(reply, asked);
            };
            let next = lead(&url, to).ok_or_else(|| Failure::BadRedirect { url: url.clone(), to: printable(to) })?;
            behind.push(url);
            if behind.contains(&next) {
                return Err(Failure::RedirectLoop { url: next });
            }
            if behind.len() > REDIRECTS {
                return Err(Failure::TooManyRedirects { url: next });
            }
            url = next;
        }
    }

    async fn obey_robots(&self, url: &Url) -> Result<(), Failure> {
        if self.settings.ignore_robots || !is_web(url) {
            return Ok(());
        }
        let cell = Arc::clone(lock(&self.rules).entry(url.origin().ascii_serialization()).or_default());
        let rules = cell.get_or_init(|| self.ask_robots(url)).await;
        if rules.robots.allows(url) {
            return Ok(());
        }
        let url = url.clone();
        Err(match &rules.silence {
            None => Failure::RobotsDisallowed { url },
            // What keeps us from the file would keep us from the page: that is the fault to name.
            Some(Silence::Failed(cause)) if concerns_host(cause) => Failure::NoAnswer { url, cause: cause.clone() },
            Some(Silence::Failed(cause) | Silence::Elsewhere(cause)) => Failure::RobotsUnreachable { url, why: cause.to_string() },
            Some(Silence::LeftAlone(wait)) => Failure::LeftAlone { url, wait: *wait },
            Some(Silence::Status(status)) => Failure::RobotsUnreachable { url, why: format!("http {status}") },
        })
    }

    /// Asks for the robots.txt that rules over this address, redirects followed, and slows the host's pace to its `Crawl-delay`.
    async fn ask_robots(&self, url: &Url) -> Rules {
        let mut at = url.clone();
        at.set_path("/robots.txt");
        at.set_query(None);
        let mut hops = 0;
        let (robots, silence) = loop {
            match self.ask(&at, Bound::First(ROBOTS_BYTES)).await {
                Err(cause) => {
                    let silence = match cause {
                        Unanswered::Failed(cause) if hops > 0 => Silence::Elsewhere(cause),
                        Unanswered::Failed(cause) => Silence::Failed(cause),
                        Unanswered::LeftAlone(wait) => Silence::LeftAlone(wait),
                    };
                    break (Robots::from_answer(&self.token, Answer::Silent), Some(silence));
                }
                Ok(reply) => match reply.redirect().map(|to| lead(&at, to)) {
                    None => {
                        let robots = Robots::from_answer(&self.token, Answer::Replied(reply.status, &reply.body));
                        let silence = robots.is_closed().then_some(Silence::Status(reply.status));
                        break (robots, silence);
                    }
                    Some(Some(next)) if hops < ROBOTS_REDIRECTS => {
                        hops += 1;
                        at = next;
                    }
                    Some(_) => break (Robots::from_answer(&self.token, Answer::Astray), None),
                },
            }
        };
        if let Some(delay) = robots.crawl_delay() {
            self.pace(url).lock().await.obey_crawl_delay(delay);
        }
        Rules { robots, silence }
    }

    /// One hop: waits for the turn and asks; while the failure is a temporary one, waits longer and asks again.
    async fn ask(&self, url: &Url, bound: Bound) -> Result<Reply, Unanswered> {
        let pace = self.pace(url);
        let mut tries = 0;
        loop {
            self.turn(&mut *pace.lock().await).await?;
            let answer = self.fetcher.fetch(Ask::new(url, bound)).await;
            tries += 1;
            let mut wait = Duration::ZERO;
            let again = match &answer {
                Ok(reply) => {
                    wait = asked_wait(reply).unwrap_or_default();
                    is_strain(reply.status)
                }
                Err(failure) => failure.is_temporary(),
            };
            {
                let mut pace = pace.lock().await;
                match &answer {
                    Ok(reply) if !again => pace.note(Outcome::Answered(reply.took)),
                    Err(_) if !again => {}
                    _ => pace.note(Outcome::Strained),
                }
                if !wait.is_zero() {
                    pace.hold_for(wait);
                }
            }
            if !again || tries >= self.settings.tries || wait > self.settings.patience {
                return answer.map_err(Unanswered::Failed);
            }
            let pause = pace::pause(tries, fastrand::f64());
            tracing::debug!(%url, tries, pause_ms = pause.as_millis(), "trying again");
            tokio::time::sleep(pause).await;
        }
    }

    /// Waits for the host's turn and takes it, unless it lies further away than patience lasts. A gap of the host's own is waited for
    /// up to [`TURN`], since it is there before every page.
    async fn turn(&self, pace: &mut Pace) -> Result<(), Unanswered> {
        while let Err(due) = pace.try_turn() {
            let wait = due.saturating_duration_since(Instant::now());
            if wait > self.settings.patience.max(pace.gap().min(TURN)) {
                return Err(Unanswered::LeftAlone(wait));
            }
            tokio::time::sleep_until(due).await;
        }
        Ok(())
    }

    fn pace(&self, url: &Url) -> Arc<Turns<Pace>> {
        let paper = self.settings.book.and_then(|book| book.paper_of(url));
        let of_papers = paper.and_then(|paper| self.servers.get(paper.id.as_str())).map(|(number, gap)| (Server::Papers(*number), *gap));
        let (server, gap) = of_papers.unwrap_or_else(|| {
            let host = url.host_str().unwrap_or_default();
            (Server::Host(host.strip_suffix('.').unwrap_or(host).to_owned()), self.settings.gap)
        });
        Arc::clone(lock(&self.paces).entry(server).or_insert_with(|| Arc::new(Turns::new(Pace::new(gap)))))
    }
}

/// The server of each paper, and the gap there.
fn servers(book: &'static Rulebook) -> HashMap<&'static str, (usize, Duration)> {
    let papers: Vec<&Paper> = book.papers().iter().collect();
    let of_server = |(number, places): (usize, Vec<usize>)| {
        let gap = paper::gap(places.iter().map(|place| papers[*place])).unwrap_or(pace::GAP);
        places.into_iter().map(move |place| (book.papers()[place].id.as_str(), (number, gap)))
    };
    paper::by_server(&papers).into_iter().enumerate().flat_map(of_server).collect()
}

/// What a host's server asks us to wait before anything else, if it does; more than a day is a day.
pub(crate) fn asked_wait(reply: &Reply) -> Option<Duration> {
    if !is_strain(reply.status) {
        return None;
    }
    let asked = pace::retry_after(reply.headers.retry_after.as_deref()?, Timestamp::now())?;
    Some(asked.min(RETRY_AFTER))
}

/// A 206 that nobody asked for is a part of a page, and a part is no page.
fn page(reply: Reply, asked: &Url) -> Result<Page, Failure> {
    match reply.status {
        200..=205 | 207..=299 => Ok(reply.into_page(asked)),
        status => Err(Failure::Status { status, retry_after: asked_wait(&reply), url: reply.url }),
    }
}

/// Where a redirect leads, if to the web; an address of more than [`ADDRESS_BYTES`] is none.
pub(crate) fn lead(from: &Url, to: &str) -> Option<Url> {
    from.join(to).ok().filter(|url| is_web(url) && url.as_str().len() <= ADDRESS_BYTES).map(bare)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// As it goes over the wire: without fragment, user and password.
fn bare(mut url: Url) -> Url {
    url.set_fragment(None);
    // Both fail only for addresses without a host, which no address of the web is.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// Whether the fault lies with the host, and not with its robots.txt.
fn concerns_host(cause: &fetch::Failure) -> bool {
    use fetch::Failure as F;
    matches!(
        cause,
        F::Dns(_) | F::PrivateAddress(_) | F::Connect(_) | F::Tls(_) | F::NotWeb(_) | F::Timeout { stage: fetch::CONNECTING, .. }
    )
}

fn printable(text: &str) -> String {
    text.chars().take(200).flat_map(char::escape_debug).collect()
}

/// A map that a panicking thread left behind is still whole: entries are put in, and never changed.
fn lock<T>(map: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}
