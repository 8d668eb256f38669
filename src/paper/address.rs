//! Whose address is this, and where does a paper list its articles?

use std::collections::HashMap;
use std::fmt;

use jiff::civil::Date;
use url::Url;

use super::fault::{Shown, Wrong};

/// A host of a paper, or the part of a host below a path: `baolaocai.vn`, `baocantho.com.vn/khmer`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Host {
    name: String,
    path: String,
}

impl Host {
    /// The name as it stands in an address: lower case, in its ASCII form (`xn--…`).
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path below which the addresses are the paper's, without a slash at its end; empty for all of the host.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Reads a host as it stands in selectors.toml; else what is wrong with it and what would be right.
    pub(super) fn read(text: &str) -> Result<Self, Wrong> {
        let (name, path) = text.split_at(text.find('/').unwrap_or(text.len()));
        let what = if text.contains("://") {
            "a host stands without http:// or https://"
        } else if name.to_lowercase() != name {
            "a host is written in lower case"
        } else if name.starts_with("www.") {
            "www. is left out: a host stands for its www., m. and amp. too"
        } else if port(name).is_some() {
            "a host stands without a port"
        } else {
            return Self::of(name, path);
        };
        Err(Wrong::new(what, format!("write \"{}\"", in_house_form(text))))
    }

    fn of(name: &str, path: &str) -> Result<Self, Wrong> {
        let no_host = || Wrong::new("this is no host", "a host is written as \"baolaocai.vn\" or \"baocantho.com.vn/khmer\"");
        let url = Url::parse(&format!("https://{name}{path}")).map_err(|_| no_host())?;
        let ascii = url.host_str().ok_or_else(no_host)?;
        let as_written = !name.is_ascii() || ascii == name;
        let plain = url.username().is_empty() && url.query().is_none() && url.fragment().is_none();
        if !as_written || !plain || !(ascii.contains('.') || ascii == "localhost") {
            return Err(no_host());
        }
        let right = one_slash_each(url.path());
        if right != path {
            let what = "the path after a host has one slash before each part and none at its end";
            return Err(Wrong::new(what, format!("write \"{name}{right}\"")));
        }
        Ok(Self { name: ascii.to_owned(), path: right })
    }
}

fn port(name: &str) -> Option<(&str, &str)> {
    name.split_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
}

fn one_slash_each(path: &str) -> String {
    path.split('/').filter(|part| !part.is_empty()).fold(String::new(), |path, part| path + "/" + part)
}

/// The host of an address as it would stand in the file.
fn in_house_form(text: &str) -> String {
    let bare = text.split_once("://").map_or(text, |(_, rest)| rest);
    let (name, path) = bare.split_at(bare.find('/').unwrap_or(bare.len()));
    let name = port(name).map_or(name, |(name, _)| name).to_lowercase();
    format!("{}{}", name.strip_prefix("www.").unwrap_or(&name), one_slash_each(path))
}

/// As it stands in an address: `baocantho.com.vn/khmer`.
impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.name, self.path)
    }
}

/// The hosts of all papers, current and old.
#[derive(Debug, Default)]
pub(super) struct HostBook {
    /// For each name the paths below it, the longest first, and the place of the paper in the file.
    papers: HashMap<String, Vec<(String, usize)>>,
}

impl HostBook {
    /// Gives a host that nobody else has to the paper at a place of the file.
    pub(super) fn enter(&mut self, host: &Host, paper: usize) {
        let paths = self.papers.entry(host.name.clone()).or_default();
        paths.push((host.path.clone(), paper));
        paths.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
    }

    /// The place of the paper that an address belongs to.
    pub(super) fn find(&self, url: &Url) -> Option<usize> {
        let below = |(path, _): &&(String, usize)| {
            let rest = url.path().strip_prefix(path.as_str());
            rest.is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with('/'))
        };
        spellings(url.host_str()?).find_map(|name| self.papers.get(name)?.iter().find(below)).map(|(_, paper)| *paper)
    }
}

/// The names under which a host may stand in the file: itself, then without the `www.`, `m.` or `amp.` before it.
pub(super) fn spellings(host: &str) -> impl Iterator<Item = &str> {
    let host = host.strip_suffix('.').unwrap_or(host);
    std::iter::successors(Some(host), |host| ["www.", "m.", "amp."].iter().find_map(|prefix| host.strip_prefix(prefix)))
}

/// Where a sitemap stands. The address may hold the day for which it lists articles: `{yyyy}` (2025), `{mm}` (06), `{m}` (6),
/// `{dd}` (09).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitemap {
    pattern: String,
}

impl Sitemap {
    /// The address as it stands in selectors.toml.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether the address is another one for other days.
    #[must_use]
    pub fn has_day(&self) -> bool {
        self.pattern.contains('{')
    }

    /// The address for a day.
    ///
    /// # Panics
    ///
    /// Never for a sitemap out of a rulebook: its pattern was tried when it was read, and a day puts only digits into its path.
    #[must_use]
    pub fn on(&self, day: Date) -> Url {
        Url::parse(&fill(&self.pattern, day)).expect("the pattern was tried when it was read")
    }

    /// Reads an address with its patterns; else what is wrong with it and what would be right.
    pub(super) fn read(text: &str) -> Result<(Self, Url), Wrong> {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once('{') {
            let end = after.find('}').map_or(after.len(), |at| at + 1);
            let pattern = format!("{{{}", &after[..end]);
            if !PATTERNS.contains(&pattern.as_str()) {
                let what = format!("unknown pattern {} in a sitemap", Shown(&pattern));
                return Err(Wrong::new(what, format!("known are {}", PATTERNS.join(" "))));
            }
            rest = &after[end..];
        }
        if text.split_once('{').is_some_and(|(fixed, _)| !has_path(fixed)) {
            return Err(Wrong::new("the day of a sitemap stands in the host", "it belongs into the path"));
        }
        let sample = read_url(&fill(text, Date::constant(2025, 7, 1)))?;
        Ok((Self { pattern: text.to_owned() }, sample))
    }
}

const PATTERNS: [&str; 4] = ["{yyyy}", "{mm}", "{m}", "{dd}"];

fn fill(pattern: &str, day: Date) -> String {
    pattern
        .replace("{yyyy}", &format!("{:04}", day.year()))
        .replace("{mm}", &format!("{:02}", day.month()))
        .replace("{m}", &day.month().to_string())
        .replace("{dd}", &format!("{:02}", day.day()))
}

fn has_path(address: &str) -> bool {
    address.split_once("://").is_some_and(|(_, rest)| rest.contains('/'))
}

/// An address that can be asked for; else what is wrong with it and what would be right.
pub(super) fn read_url(text: &str) -> Result<Url, Wrong> {
    const WHOLE: &str = "write it whole, as \"https://baolaocai.vn/\"";
    let url = Url::parse(text).map_err(|reason| Wrong::new(format!("this is no address ({reason})"), WHOLE))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(Wrong::new(format!("{}: is no address of the web", Shown(other)), WHOLE)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("the tests write sound addresses")
    }

    #[test]
    fn a_host_is_read_in_its_one_spelling() {
        for (text, name, path) in [
            ("baolaocai.vn", "baolaocai.vn", ""),
            ("baocantho.com.vn/khmer", "baocantho.com.vn", "/khmer"),
            ("báo.vn", "xn--bo-mia.vn", ""),
            ("xn--bo-mia.vn", "xn--bo-mia.vn", ""),
            ("127.0.0.2", "127.0.0.2", ""),
            ("localhost", "localhost", ""),
        ] {
            let host = Host::read(text).expect(text);
            assert_eq!((host.name(), host.path()), (name, path), "{text}");
        }
    }

    #[test]
    fn a_host_that_is_none_gets_its_right_spelling() {
        for (text, hint) in [
            ("https://www.BaoLaoCai.vn:443/Khmer/", "write \"baolaocai.vn/Khmer\""),
            ("http://baolaocai.vn", "write \"baolaocai.vn\""),
            ("BaoLaoCai.vn", "write \"baolaocai.vn\""),
            ("www.baolaocai.vn", "write \"baolaocai.vn\""),
            ("baolaocai.vn:8080", "write \"baolaocai.vn\""),
            ("baolaocai.vn/", "write \"baolaocai.vn\""),
            ("baocantho.com.vn//khmer/", "write \"baocantho.com.vn/khmer\""),
            ("baolaocai", "a host is written as \"baolaocai.vn\" or \"baocantho.com.vn/khmer\""),
            ("bao lao cai.vn", "a host is written as \"baolaocai.vn\" or \"baocantho.com.vn/khmer\""),
            ("baolaocai.vn/?x=1", "a host is written as \"baolaocai.vn\" or \"baocantho.com.vn/khmer\""),
            ("me@baolaocai.vn", "a host is written as \"baolaocai.vn\" or \"baocantho.com.vn/khmer\""),
        ] {
            assert_eq!(Host::read(text).map_err(|wrong| wrong.hint), Err(hint.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_dated_sitemap_has_an_address_for_each_day() {
        let (sitemap, _) = Sitemap::read("https://sggp.org.vn/sitemaps/news-{yyyy}-{m}.xml?d={mm}{dd}").expect("it is sound");
        assert!(sitemap.has_day());
        assert_eq!(sitemap.on(Date::constant(2025, 6, 9)), url("https://sggp.org.vn/sitemaps/news-2025-6.xml?d=0609"));
    }

    #[test]
    fn a_day_has_no_place_in_a_host_or_port() {
        for text in ["https://{yyyy}.vn/", "https://a.vn:{yyyy}/", "https://a{m}.vn"] {
            assert_eq!(
                Sitemap::read(text).map(|_| ()).map_err(|wrong| wrong.what),
                Err("the day of a sitemap stands in the host".to_owned())
            );
        }
    }
}
