//! How are we to speak to the network, and does that make sense?

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{self, HeaderValue};
use reqwest::{Certificate, Client, ClientBuilder, NoProxy, Proxy};
use thiserror::Error;
use url::Url;

use super::address::{self, Pin};
use super::{failure, packing};
use crate::limits;

/// What a reply may cost. How much that usually is, and why, stands in [`limits`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// [`limits::CONNECT`]
    pub connect: Duration,
    /// [`limits::ANSWER`]
    pub total: Duration,
    /// [`limits::SILENCE`]
    pub silence: Duration,
    /// [`limits::SPEED`]
    pub speed: u64,
    /// [`limits::SLOW_START`]
    pub grace: Duration,
    /// [`limits::BODY_BYTES`]
    pub body: usize,
    /// [`limits::HEADER_BYTES`]
    pub headers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: limits::CONNECT,
            total: limits::ANSWER,
            silence: limits::SILENCE,
            speed: limits::SPEED,
            grace: limits::SLOW_START,
            body: limits::BODY_BYTES,
            headers: limits::HEADER_BYTES,
        }
    }
}

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
            let Some((name, value)) = names.iter().find_map(|name| Some((*name, set(name)?))) else {
                return Ok(None);
            };
            let whole = if value.contains("://") { value.clone() } else { format!("http://{value}") };
            match Url::parse(&whole) {
                Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Some(url)),
                _ => Err(SettingsError::Proxy { variable: name, value }),
            }
        };
        let in_a_web_server = set("REQUEST_METHOD").is_some();
        let all = proxy(["ALL_PROXY", "all_proxy"])?;
        let http = proxy([if in_a_web_server { "http_proxy" } else { "HTTP_PROXY" }, "http_proxy"])?;
        let https = proxy(["HTTPS_PROXY", "https_proxy"])?;
        let except = set("NO_PROXY").or_else(|| set("no_proxy")).unwrap_or_default();
        Ok(Self { http: http.or_else(|| all.clone()), https: https.or(all), except })
    }

    pub(super) fn hosts(&self) -> Arc<[String]> {
        let hosts = [&self.http, &self.https].into_iter().flatten();
        hosts.filter_map(|url| url.host_str().map(address::key)).collect()
    }

    pub(super) fn apply(&self, mut builder: ClientBuilder) -> reqwest::Result<ClientBuilder> {
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

pub(super) fn builder(agent: &HeaderValue, limits: &Limits) -> ClientBuilder {
    let accept = [
        (header::ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        (header::ACCEPT_LANGUAGE, "vi,en;q=0.5"),
        (header::ACCEPT_ENCODING, packing::ACCEPTED),
    ];
    Client::builder()
        .user_agent(agent)
        .default_headers(accept.map(|(name, value)| (name, HeaderValue::from_static(value))).into_iter().collect())
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

/// A client, and what is amiss with the certificates that it trusts.
pub(super) struct Trusting {
    pub(super) client: Client,
    pub(super) amiss: Option<String>,
}

/// A client that trusts the machine's certificates and `roots`. A machine without any can still fetch by http, and by https what
/// `roots` vouch for; nothing is ever fetched unverified.
pub(super) fn build(roots: &[Certificate], builder: impl Fn() -> reqwest::Result<ClientBuilder>) -> Result<Trusting, SettingsError> {
    let roots = || roots.iter().cloned();
    match builder().and_then(|builder| builder.tls_certs_merge(roots()).build()) {
        Ok(client) => Ok(Trusting { client, amiss: None }),
        Err(error) => match builder().and_then(|builder| builder.tls_certs_only(roots()).build()) {
            Ok(client) => Ok(Trusting { client, amiss: Some(failure::chain(&error)) }),
            Err(error) => Err(SettingsError::Client(failure::chain(&error))),
        },
    }
}

pub(super) fn roots(path: Option<&PathBuf>) -> Result<Vec<Certificate>, SettingsError> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let pem = std::fs::read(path).map_err(|source| SettingsError::CacertUnreadable { path: path.clone(), source })?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(roots) if !roots.is_empty() => Ok(roots),
        _ => Err(SettingsError::CacertEmpty(path.clone())),
    }
}
