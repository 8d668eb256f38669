//! What does the web answer to one request?
//!
//! One request, one reply, bounded in bytes and time. Nothing is followed and nothing is tried again here, so that each hop and
//! each retry passes the same door: robots.txt, the pace, and the guard over addresses in [`address`].

mod address;
mod failure;
mod packing;
mod settings;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, RequestBuilder, Response, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use url::{Host, Url};

pub use self::address::{Pin, PinError, is_public};
pub use self::failure::{CONNECTING, Failure};
use self::failure::{Stage, plain};
use self::packing::{Packing, breaks_off};
pub use self::settings::{Limits, Proxies, Settings, SettingsError};
use self::settings::{build, builder, roots};
use crate::limits::{DREGS, DREGS_BYTES, LARGE_AT_ONCE, LARGE_BYTES};
use crate::page::{Body, Page};

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
        Self { url, etag: None, last_modified: None, bound }
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
    /// The body, content encodings undone. Of pictures, films and PDFs only a beginning; of redirects and errors a beginning as it came,
    /// perhaps an empty one.
    pub body: Vec<u8>,
    /// When the headers were there.
    pub at: Timestamp,
    /// From the question to the headers.
    pub took: Duration,
    /// What a large body takes up.
    pub room: Room,
}

/// One of the few places for large bodies ([`LARGE_AT_ONCE`]), if it is needed. Whoever keeps the body keeps it, too; dropped, it is free.
#[derive(Debug, Clone, Default)]
pub struct Room(Option<Arc<OwnedSemaphorePermit>>);

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
        // A user's name and password are nobody's business, least of all in a record.
        let (asked, answered) = (without_user(asked), without_user(&self.url));
        Page {
            final_url: (answered != asked).then(|| answered.into()),
            url: Some(asked.into()),
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
    /// What is amiss with the machine's certificates; said when a certificate is refused.
    amiss: Option<String>,
    /// The places for large bodies.
    rooms: Arc<Semaphore>,
}

impl Fetcher {
    /// Reads the certificates and makes the clients; nothing is sent.
    ///
    /// # Errors
    ///
    /// When the settings can't be followed.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let agent = HeaderValue::from_str(&settings.user_agent).map_err(|_| SettingsError::UserAgent(settings.user_agent.clone()))?;
        let roots = roots(settings.cacert.as_ref())?;
        let proxies = settings.proxies.hosts();
        let guard = Arc::new(address::Guarded { allow_private: settings.allow_private, named: proxies.clone() });
        let base = || builder(&agent, &settings.limits);
        let open = build(&roots, || settings.proxies.apply(base().dns_resolver(guard.clone())))?;
        let mut pinned: Vec<(u16, Client)> = Vec::new();
        for port in settings.pins.iter().map(Pin::port) {
            if pinned.iter().all(|(known, _)| *known != port) {
                let of_port = settings.pins.iter().filter(|pin| pin.port() == port).cloned().collect();
                let resolver = Arc::new(address::Pinned(of_port));
                pinned.push((port, build(&roots, || Ok(base().dns_resolver(resolver.clone())))?.client));
            }
        }
        let pins = settings.pins.clone().into();
        Ok(Self {
            limits: settings.limits.clone(),
            allow_private: settings.allow_private,
            pins,
            proxies,
            open: open.client,
            pinned,
            amiss: open.amiss,
            rooms: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
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
        let late = Failure::Timeout { stage: "the whole answer", limit };
        let answer = timeout(limit, self.exchange(client, ask)).await;
        answer.unwrap_or(Err(late)).map_err(|failure| match (failure, &self.amiss) {
            (Failure::Tls(why), Some(amiss)) => {
                Failure::Tls(format!("{why}; the certificates of this machine can't be read ({amiss}), --cacert names others"))
            }
            (failure, _) => failure,
        })
    }

    /// The client that may ask for this address, if any may. A host that is a name is judged again by its addresses, when they
    /// are known; through a proxy, which alone knows them, this is all there is.
    fn door(&self, url: &Url) -> Result<&Client, Failure> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Failure::NotWeb(format!("{}: is neither http nor https", plain(url.scheme()))));
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
                name != "localhost" && !name.ends_with(".localhost") && !self.proxies.contains(&name)
            }
            None => return Err(Failure::NotWeb("it names no host".to_owned())),
        };
        if open || self.allow_private {
            Ok(&self.open)
        } else {
            Err(Failure::PrivateAddress(url.host_str().unwrap_or_default().to_owned()))
        }
    }

    async fn exchange(&self, client: &Client, ask: Ask<'_>) -> Result<Reply, Failure> {
        let asked = Instant::now();
        let response = request(client, ask).send().await.map_err(|error| failure::read(&error, Stage::Headers, &self.limits))?;
        let (at, took) = (Timestamp::now(), asked.elapsed());
        let size: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if size > self.limits.headers {
            return Err(Failure::HeaderTooLarge(self.limits.headers));
        }
        let headers = read_headers(response.headers());
        let status = response.status().as_u16();
        let mut room = Room::default();
        let body = if response.status().is_success() {
            let packing = Packing::of(response.headers())?;
            let has_end = response.version() > Version::HTTP_11
                || packing == Packing::Gzip
                || [header::CONTENT_LENGTH, header::TRANSFER_ENCODING].iter().any(|name| response.headers().contains_key(name));
            let bound = if is_never_text(headers.content_type.as_deref()) { Bound::First(DREGS_BYTES) } else { ask.bound };
            let packed = self.body(response, bound, &mut room).await?;
            self.make_room(&mut room, packing.size(&packed)).await;
            let body = packing.undo(packed, bound)?;
            self.make_room(&mut room, body.len()).await;
            if !has_end && matches!(bound, Bound::Whole(_)) && breaks_off(&body) {
                return Err(Failure::CutShort("the page breaks off, and nothing said how long it is".to_owned()));
            }
            body
        } else {
            let dregs = timeout(DREGS, self.body(response, Bound::First(DREGS_BYTES), &mut room)).await;
            dregs.ok().and_then(Result::ok).unwrap_or_default()
        };
        Ok(Reply { url: ask.url.clone(), status, headers, body, at, took, room })
    }

    /// Waits for a place if so many bytes are a large body's.
    async fn make_room(&self, room: &mut Room, bytes: usize) {
        if bytes > LARGE_BYTES && room.0.is_none() {
            // Nobody ever closes them.
            room.0 = Arc::clone(&self.rooms).acquire_owned().await.ok().map(Arc::new);
        }
    }

    async fn body(&self, mut response: Response, bound: Bound, room: &mut Room) -> Result<Vec<u8>, Failure> {
        let (Bound::Whole(most) | Bound::First(most)) = bound;
        let announced = response.content_length().map(|n| usize::try_from(n).unwrap_or(usize::MAX));
        if matches!(bound, Bound::Whole(_)) && announced.is_some_and(|n| n > most) {
            return Err(Failure::TooLarge(most));
        }
        let mut body = Vec::with_capacity(announced.unwrap_or_default().min(most).min(LARGE_BYTES));
        let mut started = Instant::now();
        loop {
            let limit = self.limits.silence;
            let piece = timeout(limit, response.chunk())
                .await
                .map_err(|_| Failure::Timeout { stage: "the next piece", limit })?
                .map_err(|error| failure::read(&error, Stage::Body, &self.limits))?;
            let Some(piece) = piece else { return Ok(body) };
            let left = most - body.len();
            if piece.len() > left {
                if let Bound::Whole(_) = bound {
                    return Err(Failure::TooLarge(most));
                }
                body.extend_from_slice(&piece[..left]);
                return Ok(body);
            }
            let waits = Instant::now();
            self.make_room(room, body.len() + piece.len()).await;
            started += waits.elapsed();
            body.extend_from_slice(&piece);
            let (have, passed) = (body.len() as u128, started.elapsed());
            if passed > self.limits.grace && have * 1000 < u128::from(self.limits.speed) * passed.as_millis() {
                return Err(Failure::TooSlow(self.limits.speed));
            }
        }
    }
}

fn request(client: &Client, ask: Ask<'_>) -> RequestBuilder {
    let mut request = client.get(without_user(ask.url));
    for (name, value) in [(header::IF_NONE_MATCH, ask.etag), (header::IF_MODIFIED_SINCE, ask.last_modified)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            request = request.header(name, value);
        }
    }
    request
}

fn read_headers(headers: &HeaderMap) -> Headers {
    let text = |name: HeaderName| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    Headers {
        content_type: text(header::CONTENT_TYPE),
        etag: text(header::ETAG),
        last_modified: text(header::LAST_MODIFIED),
        location: text(header::LOCATION),
        retry_after: text(header::RETRY_AFTER),
    }
}

/// Whether nobody will ever read this as text, so that its beginning is enough to say so.
fn is_never_text(content_type: Option<&str>) -> bool {
    let kind = content_type.unwrap_or_default().trim_start().to_ascii_lowercase();
    ["image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/msword", "application/vnd."]
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
