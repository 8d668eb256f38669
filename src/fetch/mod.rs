//! What does the web answer to one request?
//!
//! One request, one reply, bounded in bytes and time. Nothing is followed and nothing is tried again here, so that each hop and
//! each retry passes the same door: robots.txt, the pace, and the guard over addresses in [`address`].

mod address;
mod failure;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, ClientBuilder, NoProxy, Proxy, Response};
use thiserror::Error;
use tokio::time::{Instant, timeout};
use url::{Host, Url};

pub use self::address::{Pin, PinError, is_public};
pub use self::failure::Failure;
use self::failure::{Stage, plain};
use crate::page::{Body, Page};

/// What a reply may cost. One place, each with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Name, connection and handshake together. A host that is up answers in one round trip of at most half a second; three
    /// lost packets with their repeats fit into fifteen seconds.
    pub connect: Duration,
    /// From the question to the last byte. A page of 10 MiB at the speed of a bad line (200 kB/s) takes fifty seconds.
    pub total: Duration,
    /// Between two pieces of a body. The server that says nothing for so long has forgotten us.
    pub silence: Duration,
    /// Bytes a second that a body must make on average after [`Limits::grace`]. Slower, an article of 80 kB takes more than a minute.
    pub speed: u64,
    /// How long a body may be slower than that, since connections start slowly.
    pub grace: Duration,
    /// Bytes of a body, content encodings undone. The largest real article page seen has 2 MB; a sitemap of 50,000 addresses, 8 MB.
    pub body: usize,
    /// Bytes of all header names and values. Servers themselves take 8 to 32 KiB; hyper adds a limit of 100 headers.
    pub headers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            total: Duration::from_secs(60),
            silence: Duration::from_secs(20),
            speed: 1024,
            grace: Duration::from_secs(10),
            body: 10 * 1024 * 1024,
            headers: 64 * 1024,
        }
    }
}

/// What is read of a body that nobody will read as text, and of one whose status says that it is no page: as much as keeps the
/// connection in use when it is small.
const DREGS: usize = 64 * 1024;

/// How long the body of a redirect or an error page may take, which is read for the sake of the connection only.
const DREGS_TIME: Duration = Duration::from_secs(2);

/// How to speak to the network.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What a reply may cost.
    pub limits: Limits,
    /// The `User-Agent` header, whole.
    pub user_agent: String,
    /// Let names and numbers lead to private networks.
    pub allow_private: bool,
    /// Hosts whose addresses the operator has named.
    pub pins: Vec<Pin>,
    /// A file of certificates (PEM) to trust beside the machine's own.
    pub cacert: Option<PathBuf>,
    /// The proxies to go through.
    pub proxies: Proxies,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            user_agent: concat!("baotinh/", env!("CARGO_PKG_VERSION")).to_owned(),
            allow_private: false,
            pins: Vec::new(),
            cacert: None,
            proxies: Proxies::default(),
        }
    }
}

/// What is wrong with [`Settings`], as one line for the operator.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// Characters that no header may hold.
    #[error("the user agent `{}`: no header can hold it; use letters, digits and punctuation", .0.escape_debug())]
    UserAgent(String),
    /// The file of certificates can't be read.
    #[error("{}: {source}", path.display())]
    CacertUnreadable {
        /// As it was named.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds no certificate, or one that is none.
    #[error("{}: no certificate in it; a PEM file has lines `-----BEGIN CERTIFICATE-----`", .0.display())]
    CacertEmpty(PathBuf),
    /// A variable of the environment that names no proxy.
    #[error("{variable}: `{}` is not the address of an http or https proxy", value.escape_debug())]
    Proxy {
        /// Its name.
        variable: &'static str,
        /// Its value.
        value: String,
    },
    /// What reqwest itself does not like.
    #[error("the network client can't be made: {0}")]
    Client(String),
}

/// The proxies that the environment names, as curl reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    http: Option<Url>,
    https: Option<Url>,
    except: String,
}

impl Proxies {
    /// `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, or the same in lower case. `variable` looks one up; pass
    /// `|name| std::env::var(name).ok()`. `HTTP_PROXY` in upper case is not read where `REQUEST_METHOD` is set, since a web
    /// server lets strangers set it there.
    ///
    /// # Errors
    ///
    /// When a variable that is set names no http or https proxy.
    pub fn named_by(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let proxy = |names: [&'static str; 2]| {
            let Some((name, value)) = names.iter().find_map(|name| Some((*name, set(name)?)))
            else {
                return Ok(None);
            };
            let whole = if value.contains("://") {
                value.clone()
            } else {
                format!("http://{value}")
            };
            match Url::parse(&whole) {
                Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Some(url)),
                _ => Err(SettingsError::Proxy {
                    variable: name,
                    value,
                }),
            }
        };
        let in_a_web_server = set("REQUEST_METHOD").is_some();
        let all = proxy(["ALL_PROXY", "all_proxy"])?;
        let http = proxy([
            if in_a_web_server {
                "http_proxy"
            } else {
                "HTTP_PROXY"
            },
            "http_proxy",
        ])?;
        let https = proxy(["HTTPS_PROXY", "https_proxy"])?;
        let except = set("NO_PROXY")
            .or_else(|| set("no_proxy"))
            .unwrap_or_default();
        Ok(Self {
            http: http.or_else(|| all.clone()),
            https: https.or(all),
            except,
        })
    }

    fn hosts(&self) -> Arc<[String]> {
        let hosts = [&self.http, &self.https].into_iter().flatten();
        hosts
            .filter_map(|url| url.host_str().map(address::key))
            .collect()
    }

    fn apply(&self, mut builder: ClientBuilder) -> reqwest::Result<ClientBuilder> {
        let except = || NoProxy::from_string(&self.except);
        if let Some(url) = &self.http {
            builder = builder.proxy(Proxy::http(url.clone())?.no_proxy(except()));
        }
        if let Some(url) = &self.https {
            builder = builder.proxy(Proxy::https(url.clone())?.no_proxy(except()));
        }
        Ok(builder)
    }
}

/// One question.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// What is asked for. A fragment is not sent, nor are a user's name and password.
    pub url: &'a Url,
    /// Answer only if it is another than this (`If-None-Match`).
    pub etag: Option<&'a str>,
    /// Answer only if it changed since (`If-Modified-Since`), in the server's own spelling.
    pub last_modified: Option<&'a str>,
    /// How much of the body.
    pub bound: Bound,
}

/// How much of a body is wanted, in bytes with content encodings undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// All of it; more than this many is [`Failure::TooLarge`].
    Whole(usize),
    /// The first so many; the rest stays on the wire.
    First(usize),
}

impl<'a> Ask<'a> {
    /// Asks for the whole page, whether it has changed or not.
    #[must_use]
    pub fn new(url: &'a Url, bound: Bound) -> Self {
        Self {
            url,
            etag: None,
            last_modified: None,
            bound,
        }
    }
}

/// One answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Reply {
    /// What was asked for.
    pub url: Url,
    /// The status.
    pub status: u16,
    /// The headers that somebody here reads.
    pub headers: Headers,
    /// The body, content encodings undone. Of redirects, errors, pictures, films and PDFs only a beginning, perhaps an empty one.
    pub body: Vec<u8>,
    /// When the headers were there.
    pub at: Timestamp,
    /// From the question to the headers.
    pub took: Duration,
}

/// The headers that somebody here reads, as sent; what is no UTF-8 in them is replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers {
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// `Location`.
    pub location: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
}

impl Reply {
    /// Where a redirect (301, 302, 303, 307, 308) leads, as written.
    #[must_use]
    pub fn redirect(&self) -> Option<&str> {
        match self.status {
            301 | 302 | 303 | 307 | 308 => self.headers.location.as_deref(),
            _ => None,
        }
    }

    /// The answer as a page that was asked for under `asked`, with or without redirects between.
    #[must_use]
    pub fn into_page(self, asked: &Url) -> Page {
        Page {
            final_url: (self.url != *asked).then(|| self.url.into()),
            url: Some(asked.to_string()),
            status: Some(self.status),
            content_type: self.headers.content_type,
            etag: self.headers.etag,
            last_modified: self.headers.last_modified,
            fetched_at: Some(self.at),
            body: Body::Bytes(self.body),
        }
    }
}

/// The door to the network. Connections are kept and shared; cloning is cheap.
#[derive(Debug, Clone)]
pub struct Fetcher {
    limits: Limits,
    allow_private: bool,
    pins: Arc<[Pin]>,
    /// Hosts that nobody may reach by way of being the operator's proxy.
    proxies: Arc<[String]>,
    open: Client,
    /// A client for each port that a pin names, since a resolver is told the name but not the port. They go straight to the
    /// address, proxy or not: whoever names an address wants that one.
    pinned: Vec<(u16, Client)>,
}

impl Fetcher {
    /// Reads the certificates and makes the clients; nothing is sent.
    ///
    /// # Errors
    ///
    /// When the settings can't be followed.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let agent = HeaderValue::from_str(&settings.user_agent)
            .map_err(|_| SettingsError::UserAgent(settings.user_agent.clone()))?;
        let roots = roots(settings.cacert.as_ref())?;
        let proxies = settings.proxies.hosts();
        let guard = Arc::new(address::Guarded {
            allow_private: settings.allow_private,
            named: proxies.clone(),
        });
        let base = || builder(&agent, &settings.limits);
        let open = build(&roots, || {
            settings.proxies.apply(base().dns_resolver(guard.clone()))
        })?;
        let mut pinned: Vec<(u16, Client)> = Vec::new();
        for port in settings.pins.iter().map(Pin::port) {
            if pinned.iter().all(|(known, _)| *known != port) {
                let of_port = settings
                    .pins
                    .iter()
                    .filter(|pin| pin.port() == port)
                    .cloned()
                    .collect();
                let resolver = Arc::new(address::Pinned(of_port));
                pinned.push((
                    port,
                    build(&roots, || Ok(base().dns_resolver(resolver.clone())))?,
                ));
            }
        }
        let pins = settings.pins.clone().into();
        Ok(Self {
            limits: settings.limits.clone(),
            allow_private: settings.allow_private,
            pins,
            proxies,
            open,
            pinned,
        })
    }

    /// Asks once. Redirects and errors are replies like any other.
    ///
    /// # Errors
    ///
    /// When no whole answer came within the limits.
    pub async fn fetch(&self, ask: Ask<'_>) -> Result<Reply, Failure> {
        let client = self.door(ask.url)?;
        let limit = self.limits.total;
        timeout(limit, self.exchange(client, ask))
            .await
            .unwrap_or(Err(Failure::Timeout {
                stage: "the whole answer",
                limit,
            }))
    }

    /// The client that may ask for this address, if any may. A host that is a name is judged again by its addresses, when they
    /// are known; through a proxy, which alone knows them, this is all there is.
    fn door(&self, url: &Url) -> Result<&Client, Failure> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Failure::NotWeb(format!(
                "{}: is neither http nor https",
                plain(url.scheme())
            )));
        }
        if let Some(pin) = self.pins.iter().find(|pin| pin.covers(url)) {
            let client = self.pinned.iter().find(|(port, _)| *port == pin.port());
            return Ok(client.map_or(&self.open, |(_, client)| client));
        }
        let open = match url.host() {
            Some(Host::Ipv4(v4)) => is_public(v4.into()),
            Some(Host::Ipv6(v6)) => is_public(v6.into()),
            Some(Host::Domain(name)) => {
                let name = address::key(name);
                name != "localhost"
                    && !name.ends_with(".localhost")
                    && !self.proxies.contains(&name)
            }
            None => return Err(Failure::NotWeb("it names no host".to_owned())),
        };
        if open || self.allow_private {
            Ok(&self.open)
        } else {
            Err(Failure::PrivateAddress(
                url.host_str().unwrap_or_default().to_owned(),
            ))
        }
    }

    async fn exchange(&self, client: &Client, ask: Ask<'_>) -> Result<Reply, Failure> {
        let mut request = client.get(without_user(ask.url));
        for (name, value) in [
            (header::IF_NONE_MATCH, ask.etag),
            (header::IF_MODIFIED_SINCE, ask.last_modified),
        ] {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
                request = request.header(name, value);
            }
        }
        let asked = Instant::now();
        let response = request
            .send()
            .await
            .map_err(|error| failure::read(&error, Stage::Headers, &self.limits))?;
        let (at, took) = (Timestamp::now(), asked.elapsed());
        let size: usize = response
            .headers()
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        if size > self.limits.headers {
            return Err(Failure::HeaderTooLarge(self.limits.headers));
        }
        let headers = read_headers(response.headers());
        let status = response.status().as_u16();
        let body = if response.status().is_success() {
            check_encoding(response.headers())?;
            let bound = if is_never_text(headers.content_type.as_deref()) {
                Bound::First(DREGS)
            } else {
                ask.bound
            };
            self.body(response, bound).await?
        } else {
            let dregs = timeout(DREGS_TIME, self.body(response, Bound::First(DREGS))).await;
            dregs.ok().and_then(Result::ok).unwrap_or_default()
        };
        Ok(Reply {
            url: ask.url.clone(),
            status,
            headers,
            body,
            at,
            took,
        })
    }

    async fn body(&self, mut response: Response, bound: Bound) -> Result<Vec<u8>, Failure> {
        let (Bound::Whole(most) | Bound::First(most)) = bound;
        let announced = response
            .content_length()
            .map(|n| usize::try_from(n).unwrap_or(usize::MAX));
        if matches!(bound, Bound::Whole(_)) && announced.is_some_and(|n| n > most) {
            return Err(Failure::TooLarge(most));
        }
        let mut body = Vec::with_capacity(announced.unwrap_or_default().min(most));
        let started = Instant::now();
        loop {
            let limit = self.limits.silence;
            let piece = timeout(limit, response.chunk())
                .await
                .map_err(|_| Failure::Timeout {
                    stage: "the next piece",
                    limit,
                })?
                .map_err(|error| failure::read(&error, Stage::Body, &self.limits))?;
            let Some(piece) = piece else { return Ok(body) };
            let room = most - body.len();
            if piece.len() > room {
                if let Bound::Whole(_) = bound {
                    return Err(Failure::TooLarge(most));
                }
                body.extend_from_slice(&piece[..room]);
                return Ok(body);
            }
            body.extend_from_slice(&piece);
            let (have, due) = (
                body.len() as u64,
                self.limits
                    .speed
                    .saturating_mul(started.elapsed().as_secs()),
            );
            if started.elapsed() > self.limits.grace && have < due {
                return Err(Failure::TooSlow(self.limits.speed));
            }
        }
    }
}

fn builder(agent: &HeaderValue, limits: &Limits) -> ClientBuilder {
    let accept = [
        (
            header::ACCEPT,
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        ),
        (header::ACCEPT_LANGUAGE, "vi,en;q=0.5"),
    ];
    Client::builder()
        .user_agent(agent)
        .default_headers(
            accept
                .map(|(name, value)| (name, HeaderValue::from_static(value)))
                .into_iter()
                .collect(),
        )
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(limits.connect)
        .http2_max_header_list_size(u32::try_from(limits.headers).unwrap_or(u32::MAX))
        // Papers drop an idle connection after 5 to 75 seconds; one that we drop first is never found dead.
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(4)
}

/// A client that trusts the machine's certificates and `roots`. A machine without any can still fetch by http, and by https what
/// `roots` vouch for; nothing is ever fetched unverified.
fn build(
    roots: &[Certificate],
    builder: impl Fn() -> reqwest::Result<ClientBuilder>,
) -> Result<Client, SettingsError> {
    let wrong = |error: &reqwest::Error| SettingsError::Client(failure::chain(error));
    let merged = builder()
        .map_err(|error| wrong(&error))?
        .tls_certs_merge(roots.iter().cloned())
        .build();
    merged.or_else(|error| {
        let alone = builder().and_then(|builder| builder.tls_certs_only(roots.iter().cloned()).build());
        let client = alone.map_err(|error| wrong(&error))?;
        let why = failure::chain(&error);
        tracing::warn!("https will fail: the certificates of this machine can't be read ({why}); name a bundle with --cacert");
        Ok(client)
    })
}

fn roots(path: Option<&PathBuf>) -> Result<Vec<Certificate>, SettingsError> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let pem = std::fs::read(path).map_err(|source| SettingsError::CacertUnreadable {
        path: path.clone(),
        source,
    })?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(roots) if !roots.is_empty() => Ok(roots),
        _ => Err(SettingsError::CacertEmpty(path.clone())),
    }
}

fn read_headers(headers: &HeaderMap) -> Headers {
    let text = |name: HeaderName| {
        headers
            .get(name)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Headers {
        content_type: text(header::CONTENT_TYPE),
        etag: text(header::ETAG),
        last_modified: text(header::LAST_MODIFIED),
        location: text(header::LOCATION),
        retry_after: text(header::RETRY_AFTER),
    }
}

/// reqwest takes away the header of an encoding that it undoes. One that is left over is twofold or was not asked for; words that
/// name no compression (`utf-8`, `none`) are a common slip and mean nothing.
fn check_encoding(headers: &HeaderMap) -> Result<(), Failure> {
    let Some(left) = headers.get(header::CONTENT_ENCODING) else {
        return Ok(());
    };
    let left = String::from_utf8_lossy(left.as_bytes()).to_ascii_lowercase();
    let compressed = [
        "gzip", "deflate", "compress", "br", "zstd", "bzip2", "lzma", "xz",
    ];
    let is_compressed = |word: &str| compressed.contains(&word.trim().trim_start_matches("x-"));
    if left.split(',').any(is_compressed) {
        Err(Failure::BadEncoding(plain(&left)))
    } else {
        Ok(())
    }
}

/// Whether nobody will ever read this as text, so that its beginning is enough to say so.
fn is_never_text(content_type: Option<&str>) -> bool {
    let kind = content_type
        .unwrap_or_default()
        .trim_start()
        .to_ascii_lowercase();
    [
        "image/",
        "audio/",
        "video/",
        "font/",
        "application/pdf",
        "application/zip",
        "application/msword",
        "application/vnd.",
    ]
    .iter()
    .any(|prefix| kind.starts_with(prefix) && !kind.contains("xml"))
}

fn without_user(url: &Url) -> Url {
    let mut url = url.clone();
    // Both fail only for addresses without a host, which the door has refused.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}
