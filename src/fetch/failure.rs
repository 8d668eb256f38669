//! Why did a request bring no whole answer?

use std::error::Error as StdError;
use std::io::{self, ErrorKind};
use std::net::IpAddr;
use std::time::Duration;

use thiserror::Error;

/// The stage of a [`Failure::Timeout`] before anything was asked.
pub const CONNECTING: &str = "connecting";

/// Why one request brought no whole answer. A status such as 404 is an answer and none of these.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// The name leads to no address.
    #[error("the name was not found: {0}")]
    Dns(String),
    /// The address, or one of the name's, is not on the public internet.
    #[error("{0} is not on the public internet; --allow-private or --resolve open it")]
    PrivateAddress(String),
    /// Not an address that this program asks for.
    #[error("not an address of the web: {0}")]
    NotWeb(String),
    /// Nobody answered at the address, or the proxy did not let us through.
    #[error("no connection: {0}")]
    Connect(String),
    /// The certificate is not good for the name, or no common ground was found.
    #[error("the certificate or handshake was refused: {0}")]
    Tls(String),
    /// Longer than the limit that `stage` has.
    #[error("{stage} took longer than {} s", limit.as_secs_f32())]
    Timeout {
        /// [`CONNECTING`], `the whole answer`, `the next piece`.
        stage: &'static str,
        /// What it may take.
        limit: Duration,
    },
    /// The body drips slower than the least speed.
    #[error("the body came slower than {0} bytes a second")]
    TooSlow(u64),
    /// The connection broke before the headers were there, or by a reset later.
    #[error("the connection broke off: {0}")]
    Reset(String),
    /// The body ended before its announced end.
    #[error("the body was cut short: {0}")]
    CutShort(String),
    /// The body, content encodings undone, is larger than the limit.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The headers are larger than the limit, or too many.
    #[error("the headers are larger than {0} bytes, or too many")]
    HeaderTooLarge(usize),
    /// A content encoding that is broken, or that was not asked for.
    #[error("the content encoding can't be undone: {0}")]
    BadEncoding(String),
    /// What came is not HTTP.
    #[error("the answer is not HTTP: {0}")]
    NotHttp(String),
}

impl Failure {
    /// The name as reports have it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Dns(_) => "dns",
            Self::PrivateAddress(_) => "private_address",
            Self::NotWeb(_) => "not_web",
            Self::Connect(_) => "connect",
            Self::Tls(_) => "tls",
            Self::Timeout { .. } => "timeout",
            Self::TooSlow(_) => "too_slow",
            Self::Reset(_) => "reset",
            Self::CutShort(_) => "cut_short",
            Self::TooLarge(_) => "too_large",
            Self::HeaderTooLarge(_) => "header_too_large",
            Self::BadEncoding(_) => "bad_encoding",
            Self::NotHttp(_) => "not_http",
        }
    }

    /// Whether the same question may get an answer a little later. A broken encoding or reply counts: half-broken gateways give
    /// them now and then. A wrong certificate and a page that is too large do not: asking again would only repeat them.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Dns(_)
            | Self::Connect(_)
            | Self::Timeout { .. }
            | Self::TooSlow(_)
            | Self::Reset(_)
            | Self::CutShort(_)
            | Self::BadEncoding(_)
            | Self::NotHttp(_) => true,
            Self::PrivateAddress(_) | Self::NotWeb(_) | Self::Tls(_) | Self::TooLarge(_) | Self::HeaderTooLarge(_) => false,
        }
    }
}

/// Why a name gave no address to connect to. Travels inside reqwest's error from the resolver to [`read`].
#[derive(Debug, Error)]
pub(super) enum Unresolved {
    #[error("{0}")]
    Dns(io::Error),
    #[error("{name} leads to {address}")]
    Private { name: String, address: IpAddr },
}

/// How far an exchange had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Headers,
    Body,
}

/// The name for an error of reqwest, by the types in its chain of causes.
pub(super) fn read(error: &reqwest::Error, stage: Stage, limits: &super::Limits) -> Failure {
    let mut last: &(dyn StdError + 'static) = error;
    let (mut hyper, mut io) = (None, None);
    let mut next = error.source();
    while let Some(cause) = next {
        if let Some(unresolved) = cause.downcast_ref::<Unresolved>() {
            return match unresolved {
                Unresolved::Dns(why) => Failure::Dns(plain(&why.to_string())),
                Unresolved::Private { .. } => Failure::PrivateAddress(plain(&unresolved.to_string())),
            };
        }
        hyper = hyper.or_else(|| cause.downcast_ref::<hyper::Error>());
        // The innermost kind says most; those around it say "other".
        io = cause.downcast_ref::<io::Error>().map(io::Error::kind).or(io);
        last = cause;
        next = inner(cause);
    }
    let why = plain(&last.to_string());
    match hyper {
        _ if error.is_timeout() => Failure::Timeout { stage: CONNECTING, limit: limits.connect },
        _ if error.is_connect() => connecting(io, why),
        Some(hyper) if hyper.is_parse_too_large() => Failure::HeaderTooLarge(limits.headers),
        // An unreadable chunk is a parse error too, but in the middle of a body.
        Some(hyper) if hyper.is_parse() && stage == Stage::Headers => Failure::NotHttp(why),
        Some(_) if io.is_some_and(is_break) => Failure::Reset(why),
        Some(_) if stage == Stage::Headers => Failure::Reset(why),
        Some(_) => Failure::CutShort(why),
        // No hyper in it: the decoder of the content encoding speaks.
        None if io == Some(ErrorKind::UnexpectedEof) => Failure::CutShort(why),
        None if stage == Stage::Body => Failure::BadEncoding(why),
        None => Failure::NotWeb(why),
    }
}

/// rustls reports what it does not like about the other side as invalid data; no TCP connect does.
fn connecting(io: Option<ErrorKind>, why: String) -> Failure {
    match io {
        Some(ErrorKind::InvalidData) => Failure::Tls(why),
        Some(kind) if is_break(kind) || kind == ErrorKind::UnexpectedEof => Failure::Reset(why),
        _ => Failure::Connect(why),
    }
}

fn is_break(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe)
}

/// The next cause. An I/O error that wraps another error names as its source what is behind that one, and so passes over it.
fn inner<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|cause| cause as _).or_else(|| error.source())
}

/// The innermost cause of an error of reqwest, whose own words say little.
pub(super) fn chain(error: &reqwest::Error) -> String {
    let mut last: &(dyn StdError + 'static) = error;
    while let Some(cause) = inner(last) {
        last = cause;
    }
    plain(&last.to_string())
}

/// What a stranger had a hand in, fit for a terminal and a log line: no control characters, at most 200 characters.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}
