//! What is the one canonical spelling of an address, and which of them are one article?
//!
//! Two spellings of one article must give one id. What only tracks the reader goes; what is the article's identity stays
//! (`viewer.aspx?macm=39&mabb=222823`). An article whose slug was changed is still the same one where the paper numbers its articles:
//! a [`Link`] is an address with a [`Key`] that knows this.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use regex::Regex;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::paper::Paper;

/// An address in its canonical spelling, and the key under which it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Link {
    url: Url,
    key: Key,
}

impl Link {
    /// The link of an address of this paper.
    ///
    /// Where the address has the form of the paper's articles, and this form names the article's number (`(?<id>…)`), the key is made
    /// of the paper and the number, whatever the slug and the host say. Else it is made of the address, without its scheme, the `www.`,
    /// `m.` or `amp.` of its host, and the slash at its end.
    #[must_use]
    pub fn of(url: &Url, paper: &Paper) -> Self {
        let url = canonical(url, &paper.identity_query);
        let address = path_and_query(&url);
        let number = match paper.is_article(&address) {
            Some(true) => number(&paper.article_address, &address),
            _ => None,
        };
        let key = match number {
            Some(number) => Key::of(&format!("{}\n{number}", paper.id)),
            None => Key::of(&bare(&url)),
        };
        Self { url, key }
    }

    /// The canonical address.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The key under which it is remembered.
    #[must_use]
    pub fn key(&self) -> Key {
        self.key
    }
}

/// What makes an address this one and no other: 64 bits, XXH3, the same in every run and on every machine.
///
/// Among a million addresses two share a key with a chance of three in a hundred million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u64);

impl Key {
    /// Of what identifies the address: its canonical spelling, or its paper and its own number for the article.
    #[must_use]
    pub fn of(identity: &str) -> Self {
        Self(xxh3_64(identity.as_bytes()))
    }
}

/// 16 hex digits.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Key {
    type Err = std::num::ParseIntError;

    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(digits, 16).map(Self)
    }
}

/// The article's number in an address, with the letters before it and the ending behind it: `post` `404649` `.html`. A paper that
/// changed its system counts anew under another form, and 48437 of the old is not 48437 of the new.
fn number(forms: &[Regex], address: &str) -> Option<String> {
    let id = forms.iter().find_map(|form| form.captures(address)?.name("id"))?;
    let before = &address[..id.start()];
    let letters = before.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let behind = &address[id.end()..];
    let ending = behind.strip_prefix('.').map_or("", |rest| rest.split(['/', '?', '&', ';']).next().unwrap_or_default());
    Some(format!("{}\n{}\n{ending}", &before[letters..], id.as_str()))
}

/// An address without what does not make it another page.
fn bare(url: &Url) -> String {
    let mut host = url.host_str().unwrap_or_default();
    while let Some(rest) = ["www.", "m.", "amp."].iter().find_map(|p| host.strip_prefix(p)).filter(|rest| rest.contains('.')) {
        host = rest;
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{host}{port}{}{query}", url.path().trim_end_matches('/'))
}

/// Query parameters that say where the reader came from, and nothing of what is shown.
const TRACKERS: [&str; 34] = [
    "fbclid",
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "zarsrc",
    "zalo",
    "_ga",
    "_gl",
    "gidzl",
    "ref",
    "ref_src",
    "ref_url",
    "referrer",
    "source",
    "src",
    "from",
    "vgo_ee",
    "spm",
    "_openstat",
    "ocid",
    "cmpid",
    "ncid",
    "smid",
    "vn_source",
    "itm_source",
];

/// Query parameters that name a visit.
const SESSIONS: [&str; 7] = ["phpsessid", "jsessionid", "aspsessionid", "sessionid", "session_id", "sid", "cfid"];

/// The canonical spelling of `url`, idempotent. `identity` are the query parameters that the paper says are an article's identity: they
/// stay whatever their name.
///
/// Gone: fragment, user and password, default port, the dot at a host's end, trackers (`utm_*`, `fbclid` …), session ids, an empty
/// query, AMP spellings (`/amp/…`, `….amp`, `?amp=1`), doubled slashes in the path, percent signs where none is needed. A `www.` stays
/// or stays away, and so does the scheme `http`: whether both answer alike is for the server to say.
#[must_use]
pub fn canonical(url: &Url, identity: &[String]) -> Url {
    let mut out = url.clone();
    out.set_fragment(None);
    if !out.username().is_empty() || out.password().is_some() {
        let _ = out.set_username("");
        let _ = out.set_password(None);
    }
    if let Some(host) = out.host_str().filter(|host| host.ends_with('.')).map(|host| host.trim_end_matches('.').to_owned()) {
        let _ = out.set_host(Some(&host));
    }
    let path = plain_path(out.path());
    if path != out.path() {
        out.set_path(&path);
    }
    let Some(query) = url.query() else { return out };
    let kept: Vec<Cow<str>> = query.split('&').map(one_encoding).filter(|pair| stays(pair, identity)).collect();
    out.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    out
}

/// Percent-encoding in its one form (RFC 3986, 6.2.2): letters, digits, `-`, `_` and `~` stand for themselves, hex digits are
/// capitals. A `.` is left as it is: it could make an ending that was none. Text with a `%` that encodes nothing stays as it is.
fn one_encoding(text: &str) -> Cow<'_, str> {
    let mut pieces = text.split('%');
    let mut one = pieces.next().unwrap_or_default().to_owned();
    if one.len() == text.len() {
        return Cow::Borrowed(text);
    }
    for piece in pieces {
        let code = piece.get(..2).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some((hex, byte)) = code.and_then(|hex| Some((hex, u8::from_str_radix(hex, 16).ok()?))) else { return Cow::Borrowed(text) };
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            one.push(char::from(byte));
        } else {
            one.push('%');
            one.push_str(&hex.to_ascii_uppercase());
        }
        one.push_str(&piece[2..]);
    }
    Cow::Owned(one)
}

fn stays(pair: &str, identity: &[String]) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    if name.is_empty() {
        return false;
    }
    if identity.iter().any(|i| i == name) {
        return true;
    }
    let name = name.to_ascii_lowercase();
    let tracks = name.starts_with("utm_") || name.starts_with("vn_") || name.starts_with("itm_") || name.starts_with("at_");
    !tracks && !TRACKERS.contains(&name.as_str()) && !SESSIONS.contains(&name.as_str()) && !matches!(name.as_str(), "amp" | "outputtype")
}

/// A path longer than this, in bytes, stays as it is written: no article has one, and to spell it anew could take quadratic time.
const LONGEST_PATH: usize = 2_048;

/// A path without doubled slashes, session ids (`;jsessionid=…`, ASP.NET's `/(S(…))/`) and AMP, in one encoding. Until nothing changes, so that the whole is idempotent.
fn plain_path(path: &str) -> String {
    let mut path = path.to_owned();
    if path.len() > LONGEST_PATH {
        return path;
    }
    loop {
        let next = plain_once(&one_encoding(&path));
        if next == path {
            return path;
        }
        path = next;
    }
}

fn plain_once(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    for c in path.chars() {
        if !(c == '/' && plain.ends_with('/')) {
            plain.push(c);
        }
    }
    if let Some(at) = plain.to_ascii_lowercase().find(";jsessionid=") {
        plain.truncate(at);
    }
    if let Some((before, after)) = plain.split_once("/(S(").and_then(|(before, rest)| Some((before, rest.split_once("))")?.1))) {
        plain = format!("{before}/{}", after.trim_start_matches('/'));
    }
    let whole = plain.strip_prefix("/amp/").map(|rest| format!("/{rest}")).filter(|rest| rest.len() > 1);
    let whole =
        whole.or_else(|| plain.strip_suffix("/amp").or_else(|| plain.strip_suffix("/amp/")).filter(|r| !r.is_empty()).map(str::to_owned));
    let whole = whole
        .or_else(|| [".amp.html", ".amp.htm", ".amp"].iter().find_map(|end| plain.strip_suffix(end).map(|r| format!("{r}{}", &end[4..]))));
    whole.unwrap_or(plain)
}

/// Path and query of an address, as the patterns of selectors.toml see it.
#[must_use]
pub fn path_and_query(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canon(url: &str) -> String {
        canonical(&Url::parse(url).expect("a sound address"), &["ref".to_owned()]).into()
    }

    #[test]
    fn a_path_that_no_article_has_stays_as_it_is() {
        for endless in ["/amp", "/(S(x))", "/a.amp", "//"] {
            let url = format!("https://a.vn{}", endless.repeat(100_000));
            assert!(canon(&url) == url, "{endless}");
        }
    }

    #[test]
    fn what_tracks_the_reader_goes_and_identity_stays() {
        let rows = [
            ("https://a.vn/x-post1.html?utm_source=zalo&fbclid=1#top", "https://a.vn/x-post1.html"),
            ("https://a.vn:443/x", "https://a.vn/x"),
            ("http://a.vn:80/x", "http://a.vn/x"),
            ("https://u:p@a.vn/x", "https://a.vn/x"),
            ("https://a.vn//x///y", "https://a.vn/x/y"),
            ("https://b.vn/viewer.aspx?macm=39&macmp=39&mabb=222823&gidzl=q", "https://b.vn/viewer.aspx?macm=39&macmp=39&mabb=222823"),
            ("https://a.vn/amp/x.html", "https://a.vn/x.html"),
            ("https://a.vn/x/amp", "https://a.vn/x"),
            ("https://a.vn/x.amp.html", "https://a.vn/x.html"),
            ("https://a.vn/x.html;jsessionid=ABC?amp=1", "https://a.vn/x.html"),
            ("https://a.vn/x?PHPSESSID=1&page=2", "https://a.vn/x?page=2"),
            ("https://a.vn/x?ref=7", "https://a.vn/x?ref=7"),
            ("https://a.vn/?", "https://a.vn/"),
            ("https://A.VN/Ha-Noi", "https://a.vn/Ha-Noi"),
            ("https://a.vn./x", "https://a.vn/x"),
            ("https://a.vn/b%C3%a1o%2Dm%e1%ba%abu%2ehtm?q=%6d%26", "https://a.vn/b%C3%A1o-m%E1%BA%ABu%2Ehtm?q=m%26"),
            ("https://a.vn/báo", "https://a.vn/b%C3%A1o"),
            ("https://a.vn/100%/x", "https://a.vn/100%/x"),
            ("https://a.vn/(S(lit3py55t21z5v55vlm25s55))/x.aspx", "https://a.vn/x.aspx"),
        ];
        for (given, expected) in rows {
            assert_eq!(canon(given), expected, "{given}");
        }
    }

    proptest! {
        #[test]
        fn a_canonical_address_is_its_own_canonical_address(path in "([a-z/;.=A-Z%0-9()-]|%2[0-9a-fA-F]|/\\(S\\(){0,40}(amp)?[a-z/.]{0,6}", query in "([a-z=&_%]|%[0-9a-f]{2}){0,30}") {
            let url = Url::parse(&format!("https://a.vn/{path}?{query}")).expect("a sound address");
            let once = canonical(&url, &[]);
            prop_assert_eq!(canonical(&once, &[]), once);
        }
    }
}
