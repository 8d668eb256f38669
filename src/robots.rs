//! May we ask this host for this page, how often, and where does it list its pages?
//!
//! RFC 9309, with the two records that newspapers add to it: `Crawl-delay` and `Sitemap`. The parser is our own: the one package
//! at hand (`texting_robots` 0.2) lets an empty `Disallow:` outweigh `Disallow: /` in the same group, takes `$` for an anchor
//! anywhere in a path, tells `%7e` from `~`, drops a rule that is not UTF-8, and does not know itself in `baotinh/1.0`.

use std::time::Duration;

use url::{Position, Url};

use crate::limits::{CRAWL_DELAY, ROBOTS_BYTES};

/// What became of the question for a robots.txt, redirects followed.
#[derive(Debug, Clone, Copy)]
pub enum Answer<'a> {
    /// The host answered: the status of the last reply, and its body.
    Replied(u16, &'a [u8]),
    /// More than [`ROBOTS_REDIRECTS`](crate::limits::ROBOTS_REDIRECTS) redirects, or one that leads nowhere.
    Astray,
    /// No name, no connection, no valid certificate, a timeout, a reset, a reply cut short.
    Silent,
}

/// What one host's robots.txt says to one crawler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Robots {
    verdict: Verdict,
    delay: Option<Duration>,
    sitemaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    /// Sorted so that the first rule that fits decides: longest first, `Allow` before `Disallow`.
    Rules(Vec<Rule>),
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    /// In the spelling of [`spell`]; `*` stands for anything.
    path: String,
    /// The rule ended in `$`.
    whole: bool,
    allow: bool,
}

impl Robots {
    /// No rules: everything is allowed.
    #[must_use]
    pub fn open() -> Self {
        Self { verdict: Verdict::Rules(Vec::new()), delay: None, sitemaps: Vec::new() }
    }

    /// Everything is disallowed, because nobody could say what is allowed.
    #[must_use]
    pub fn closed() -> Self {
        Self { verdict: Verdict::Closed, delay: None, sitemaps: Vec::new() }
    }

    /// What the answer means to the crawler with this product token (RFC 9309 §2.3.1): a file gives its rules; a missing one
    /// (4xx, too many redirects) none; a host that is in trouble (5xx, 429, silence) has closed.
    #[must_use]
    pub fn from_answer(token: &str, answer: Answer<'_>) -> Self {
        match answer {
            Answer::Replied(200..=299, body) => Self::read(token, body),
            Answer::Replied(300..=399 | 400..=428 | 430..=499, _) | Answer::Astray => Self::open(),
            Answer::Replied(..) | Answer::Silent => Self::closed(),
        }
    }

    /// The rules of a robots.txt for the crawler with this product token, in any case. At most [`ROBOTS_BYTES`] bytes are looked at.
    #[must_use]
    pub fn read(token: &str, file: &[u8]) -> Self {
        let file = &file[..file.len().min(ROBOTS_BYTES)];
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let (mut ours, mut everyones) = (Group::default(), Group::default());
        let mut sitemaps = Vec::new();
        // Whom the lines now read are for, and whether another `User-agent` line would still join them.
        let (mut for_us, mut for_all, mut heading) = (false, false, false);
        for (record, value) in file.split(|b| matches!(b, b'\n' | b'\r')).filter_map(record) {
            match record {
                Record::Agent => {
                    if !heading {
                        (for_us, for_all, heading) = (false, false, true);
                    }
                    for_all |= value.first() == Some(&b'*');
                    let named = product_token(value);
                    for_us |= !named.is_empty() && named.eq_ignore_ascii_case(token.as_bytes());
                    ours.named |= for_us;
                }
                Record::Sitemap => sitemaps.push(String::from_utf8_lossy(value).into_owned()),
                Record::Allow | Record::Disallow | Record::Delay => {
                    heading = false;
                    for (group, takes) in [(&mut ours, for_us), (&mut everyones, for_all)] {
                        if takes {
                            group.take(&record, value);
                        }
                    }
                }
            }
        }
        let mut group = if ours.named { ours } else { everyones };
        group.rules.sort_by_key(|rule| (std::cmp::Reverse(rule.path.len()), !rule.allow));
        Self { verdict: Verdict::Rules(group.rules), delay: group.delay, sitemaps }
    }

    /// Whether this address may be fetched. The longest rule that fits decides, `Allow` where two are as long (RFC 9309 §2.2.2).
    /// `/robots.txt` itself is always allowed.
    #[must_use]
    pub fn allows(&self, url: &Url) -> bool {
        if url.path() == "/robots.txt" {
            return true;
        }
        match &self.verdict {
            Verdict::Closed => false,
            Verdict::Rules(rules) if rules.is_empty() => true,
            Verdict::Rules(rules) => {
                let path = spell(url[Position::BeforePath..Position::AfterQuery].as_bytes(), false);
                rules.iter().find(|rule| rule.fits(&path)).is_none_or(|rule| rule.allow)
            }
        }
    }

    /// Whether the host closed because nobody could read its robots.txt, rather than by a rule.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.verdict == Verdict::Closed
    }

    /// The least time between two requests that the host asks for; at most a day.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.delay
    }

    /// The sitemaps named in the file, whichever group they stand in, in its order; `at` is where the file was found, for the
    /// papers that write `Sitemap: /sitemap.xml`. Lines that name no web address are left out.
    pub fn sitemaps(&self, at: &Url) -> impl Iterator<Item = Url> {
        self.sitemaps.iter().filter_map(|line| at.join(line).ok()).filter(|url| matches!(url.scheme(), "http" | "https"))
    }
}

/// The product token at the beginning of a User-Agent: `baotinh` of `baotinh/0.1.0 (+mailto:…)`.
#[must_use]
pub fn product_token(agent: &[u8]) -> &[u8] {
    let end = agent.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')));
    &agent[..end.unwrap_or(agent.len())]
}

#[derive(Default)]
struct Group {
    named: bool,
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

impl Group {
    fn take(&mut self, record: &Record, value: &[u8]) {
        match record {
            Record::Delay => self.delay = self.delay.max(delay(value)),
            // An empty rule says nothing (RFC 9309 §2.2: "empty-pattern").
            Record::Allow | Record::Disallow if value.is_empty() => {}
            Record::Allow | Record::Disallow => {
                let (path, whole) = match value.strip_suffix(b"$") {
                    Some(path) => (path, true),
                    None => (value, false),
                };
                self.rules.push(Rule { path: spell(path, true), whole, allow: matches!(record, Record::Allow) });
            }
            Record::Agent | Record::Sitemap => {}
        }
    }
}

enum Record {
    Agent,
    Allow,
    Disallow,
    Sitemap,
    /// Not in the RFC. Crawlers that know it, as we do, read it as a rule of its group, so it ends the group's heading.
    Delay,
}

/// One line, without its comment. The misspellings are those that Google's open parser forgives, the missing colon among them.
fn record(line: &[u8]) -> Option<(Record, &[u8])> {
    let line = line.split(|b| *b == b'#').next().unwrap_or_default().trim_ascii();
    let end = line.iter().position(|b| *b == b':').or_else(|| line.iter().position(u8::is_ascii_whitespace))?;
    let key = line[..end].trim_ascii().to_ascii_lowercase();
    let value = line[end + 1..].trim_ascii();
    let record = match key.as_slice() {
        b"user-agent" | b"useragent" | b"user agent" => Record::Agent,
        b"allow" => Record::Allow,
        b"disallow" | b"dissallow" | b"dissalow" | b"disalow" | b"diasllow" | b"disallaw" => Record::Disallow,
        b"sitemap" | b"site-map" => Record::Sitemap,
        b"crawl-delay" | b"crawldelay" | b"crawl delay" => Record::Delay,
        _ => return None,
    };
    Some((record, value))
}

/// Seconds, with a point or a comma.
fn delay(value: &[u8]) -> Option<Duration> {
    let seconds: f64 = std::str::from_utf8(value).ok()?.replace(',', ".").parse().ok()?;
    if seconds.is_nan() || seconds <= 0.0 {
        return None;
    }
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(CRAWL_DELAY).min(CRAWL_DELAY))
}

/// One spelling for all that RFC 9309 §2.2.2 takes for the same path: unreserved characters plain, all others beyond printable
/// ASCII as `%XX` in upper case. `*` and `$` are `%2A` and `%24`, but for the `*` of a rule, which stands for anything.
fn spell(path: &[u8], rule: bool) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut spelt = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let escaped = byte == b'%';
        let byte = match (escaped, after) {
            (true, [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                rest = after;
                16 * nibble(*high) + nibble(*low)
            }
            (true, _) => {
                // A percent sign that escapes nothing stays as it is, in the rule as in the address.
                spelt.push('%');
                continue;
            }
            (false, _) => byte,
        };
        let unreserved = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        let plain = !escaped && byte.is_ascii_graphic() && byte != b'$' && (rule || byte != b'*');
        if unreserved || plain {
            spelt.push(char::from(byte));
        } else {
            spelt.push('%');
            spelt.push(char::from(HEX[usize::from(byte >> 4)]));
            spelt.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    spelt
}

fn nibble(hex: u8) -> u8 {
    match hex {
        b'0'..=b'9' => hex - b'0',
        b'a'..=b'f' => hex - b'a' + 10,
        _ => hex - b'A' + 10,
    }
}

impl Rule {
    /// Whether the rule fits the beginning of the path, or all of it if the rule ended in `$`. Each piece between two `*` is
    /// looked for from where the one before it ended, so no rule takes longer than one walk over the path.
    fn fits(&self, path: &str) -> bool {
        let mut pieces = self.path.split('*');
        let first = pieces.next().unwrap_or_default();
        let Some(mut rest) = path.strip_prefix(first) else {
            return false;
        };
        let mut last = None;
        for piece in pieces {
            if let Some(piece) = last.replace(piece) {
                match rest.find(piece) {
                    Some(at) => rest = &rest[at + piece.len()..],
                    None => return false,
                }
            }
        }
        match (last, self.whole) {
            (None, false) => true,
            (None, true) => rest.is_empty(),
            (Some(piece), false) => rest.contains(piece),
            (Some(piece), true) => rest.ends_with(piece),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://baotinhmau.vn/").expect("an address").join(path).expect("a path")
    }

    fn read(file: &str) -> Robots {
        Robots::read("baotinh", file.as_bytes())
    }

    /// Rows of: file, address, is it allowed?
    fn check(rows: &[(&str, &str, bool)]) {
        for (file, path, allowed) in rows {
            assert_eq!(read(file).allows(&url(path)), *allowed, "{path} under {file:?}");
        }
    }

    #[test]
    fn the_longest_rule_decides_and_allow_wins_a_draw() {
        check(&[
            ("User-agent: *\nDisallow: /tin/\nAllow: /tin/moi/", "/tin/moi/1.html", true),
            ("User-agent: *\nAllow: /tin/moi/\nDisallow: /tin/", "/tin/cu/1.html", false),
            ("User-agent: *\nDisallow: /tin\nAllow: /tin", "/tin", true),
            ("User-agent: *\nAllow: /\nDisallow: /a", "/a", false),
            ("User-agent: *\nAllow: /a/\nDisallow: /*.htm$", "/a/1.htm", false),
            ("User-agent: *\nDisallow: /", "/robots.txt", true),
            ("User-agent: *\nDisallow: /tim?q=", "/tim?q=b%C3%A3o", false),
            ("User-agent: *\nDisallow: /tim?q=", "/tim", true),
            ("User-agent: *\nDisallow: /Tin", "/tin", true),
        ]);
    }

    #[test]
    fn an_empty_rule_says_nothing() {
        check(&[
            ("User-agent: *\nDisallow:", "/a", true),
            ("User-agent: *\nDisallow:\nDisallow: /", "/a", false),
            ("User-agent: *\nDisallow: /\nAllow:", "/a", false),
            ("User-agent: baotinh\n\nUser-agent: *\nDisallow: /", "/a", false),
            ("User-agent: baotinh\nAllow:\nUser-agent: *\nDisallow: /", "/a", true),
            ("", "/a", true),
            ("Disallow: /", "/a", true),
        ]);
    }

    #[test]
    fn star_and_dollar_mean_what_the_rfc_says() {
        check(&[
            ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", false),
            ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x=1", true),
            ("User-agent: *\nDisallow: /*.pdf", "/a/b.pdf?x=1", false),
            ("User-agent: *\nDisallow: *.pdf", "/a/b.pdf", false),
            ("User-agent: *\nDisallow: /a*b*c", "/axxbyyczz", false),
            ("User-agent: *\nDisallow: /a*b*c", "/axxcyybzz", true),
            ("User-agent: *\nDisallow: /a**b", "/ab", false),
            ("User-agent: *\nDisallow: /*a$", "/aba", false),
            ("User-agent: *\nDisallow: /ab*ab$", "/ab", true),
            ("User-agent: *\nDisallow: /$", "/", false),
            ("User-agent: *\nDisallow: /$", "/a", true),
            ("User-agent: *\nDisallow: /*$", "/a", false),
            // In the middle it is only a letter.
            ("User-agent: *\nDisallow: /a$b", "/a$b", false),
            ("User-agent: *\nDisallow: /a$b", "/a", true),
            ("User-agent: *\nDisallow: /a%24", "/a$", false),
            ("User-agent: *\nDisallow: /a%2A", "/a*", false),
            ("User-agent: *\nDisallow: /a%2A", "/ab", true),
        ]);
    }

    #[test]
    fn two_spellings_of_one_path_are_one_path() {
        check(&[
            // The table of RFC 9309 §2.2.2.
            ("User-agent: *\nDisallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", false),
            ("User-agent: *\nDisallow: /foo/bar/%E3%83%84", "/foo/bar/%e3%83%84", false),
            ("User-agent: *\nDisallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", false),
            ("User-agent: *\nDisallow: /foo/bar/%62%61%7A", "/foo/bar/baz", false),
            ("User-agent: *\nDisallow: /%7Ebao", "/~bao", false),
            ("User-agent: *\nDisallow: /thời-sự", "/th%E1%BB%9Di-s%E1%BB%B1/1.html", false),
            // A reserved character and its escape are two different things.
            ("User-agent: *\nDisallow: /a%2Fb", "/a/b", true),
            ("User-agent: *\nDisallow: /a%2fb", "/a%2Fb", false),
            ("User-agent: *\nDisallow: /100%", "/100%", false),
        ]);
    }

    #[test]
    fn a_group_is_ours_by_its_product_token_alone() {
        check(&[
            ("User-agent: baotinh\nDisallow: /a\nUser-agent: *\nDisallow: /", "/b", true),
            ("User-agent: BaoTinh\nDisallow: /a", "/a", false),
            ("User-agent: baotinh/1.0\nDisallow: /a", "/a", false),
            ("User-agent: baotinh 2 (+x)\nDisallow: /a", "/a", false),
            ("User-agent: bao\nDisallow: /", "/a", true),
            ("User-agent: baotinhbot\nDisallow: /", "/a", true),
            ("User-agent: Mozilla baotinh\nDisallow: /", "/a", true),
            ("User-agent:\nDisallow: /", "/a", true),
        ]);
    }

    #[test]
    fn groups_of_one_name_are_merged_and_shared_headings_are_shared() {
        check(&[
            ("User-agent: baotinh\nDisallow: /a\n\nUser-agent: x\nDisallow: /c\n\nUser-agent: baotinh\nDisallow: /b", "/a", false),
            ("User-agent: baotinh\nDisallow: /a\n\nUser-agent: x\nDisallow: /c\n\nUser-agent: baotinh\nDisallow: /b", "/b", false),
            ("User-agent: baotinh\nDisallow: /a\n\nUser-agent: x\nDisallow: /c\n\nUser-agent: baotinh\nDisallow: /b", "/c", true),
            ("User-agent: x\nUser-agent: baotinh\nDisallow: /a", "/a", false),
            ("User-agent: baotinh\n\n# a note\nSitemap: /s.xml\nFoo: bar\nUser-agent: x\nDisallow: /a", "/a", false),
            ("User-agent: *\nCrawl-delay: 10\nUser-agent: x\nDisallow: /", "/a", true),
            ("User-agent: *\nDisallow: /a\nUser-agent: *\nDisallow: /b", "/a", false),
        ]);
    }

    #[test]
    fn line_ends_marks_comments_and_slips_are_forgiven() {
        check(&[
            ("\u{feff}User-agent: *\r\nDisallow: /a\r\n", "/a", false),
            ("User-agent: *\rDisallow: /a", "/a", false),
            ("  user-AGENT :  *  # everybody\n\tdisallow:/a#x\n", "/a", false),
            ("User-agent: *\nDisallow /a", "/a", false),
            ("Useragent: *\nDissallow: /a", "/a", false),
            ("<html><body>Disallow: /</body></html>", "/a", true),
        ]);
    }

    #[test]
    fn bytes_that_are_no_text_do_not_open_a_door() {
        let robots = Robots::read("baotinh", b"User-agent: *\nDisallow: /tin-\xff\nDisallow: /a\x00b\nDisallow: /c");
        assert!(!robots.allows(&url("/tin-%FF")));
        assert!(!robots.allows(&url("/c")));
        assert!(robots.allows(&url("/tin-1")));
    }

    #[test]
    fn no_more_is_read_than_the_limit() {
        let mut file = b"User-agent: *\nDisallow: /a\n".to_vec();
        file.resize(ROBOTS_BYTES, b'\n');
        file.extend_from_slice(b"Disallow: /b\n");
        let robots = Robots::read("baotinh", &file);
        assert!(!robots.allows(&url("/a")));
        assert!(robots.allows(&url("/b")));
    }

    #[test]
    fn a_rule_of_many_stars_takes_no_time() {
        let file = format!("User-agent: *\nDisallow: /{}b$", "a*".repeat(100_000));
        assert!(read(&file).allows(&url(&format!("/{}", "a".repeat(10_000)))));
    }

    #[test]
    fn a_hostile_file_costs_no_more_than_its_first_bytes() {
        let noise: Vec<u8> = (0..1_u32 << 20).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let rules = |rule: &str| format!("User-agent: *\nDisallow: /a\n{}", format!("Disallow: {rule}\n").repeat(1_000_000 / 8));
        let files = [
            format!("User-agent: *\nDisallow: /a\nDisallow: /{}", "b".repeat(50 << 20)).into_bytes(),
            [b"User-agent: *\nDisallow: /a\n".as_slice(), &noise].concat(),
            rules("/x").into_bytes(),
            rules("/*x*y*z").into_bytes(),
            rules("/%").into_bytes(),
            format!("{}Disallow: /a\n", "User-agent: *\n".repeat(20_000)).into_bytes(),
            format!("User-agent: *\nDisallow: /a\n{}", "Sitemap: /s.xml\n".repeat(20_000)).into_bytes(),
        ];
        let long = url(&format!("/{}", "c".repeat(2_000)));
        for file in files {
            let robots = Robots::read("baotinh", &file);
            assert!(!robots.allows(&url("/a")) && robots.allows(&long), "{}", String::from_utf8_lossy(&file[..40]));
        }
    }

    #[test]
    fn a_delay_is_the_longest_of_our_group_and_at_most_a_day() {
        let delays = [
            ("User-agent: *\nCrawl-delay: 10", Some(10_000)),
            ("User-agent: *\nCrawl-delay: 0.5", Some(500)),
            ("User-agent: *\nCrawl-delay: 0,5", Some(500)),
            ("User-agent: *\nCrawl-delay: 2\nUser-agent: baotinh\nDisallow: /x", None),
            ("User-agent: baotinh\nCrawl-delay: 2\nUser-agent: baotinh\nCrawl-delay: 3", Some(3000)),
            ("User-agent: *\nCrawl-delay: 1e300", Some(86_400_000)),
            ("User-agent: *\nCrawl-delay: inf", Some(86_400_000)),
            ("User-agent: *\nCrawl-delay: -4", None),
            ("User-agent: *\nCrawl-delay: nan", None),
            ("User-agent: *\nCrawl-delay: soon", None),
            ("User-agent: *\nCrawl-delay: 0", None),
        ];
        for (file, millis) in delays {
            assert_eq!(read(file).crawl_delay(), millis.map(Duration::from_millis), "{file:?}");
        }
    }

    #[test]
    fn sitemaps_stand_anywhere_and_lead_only_to_the_web() {
        let robots = read(
            "Sitemap: https://baotinhmau.vn/sitemap.xml\nUser-agent: x\nDisallow: /\nsitemap: /tin.xml\nSitemap: file:///etc/passwd\nSitemap: http://[",
        );
        let found: Vec<String> = robots.sitemaps(&url("/robots.txt")).map(String::from).collect();
        assert_eq!(found, ["https://baotinhmau.vn/sitemap.xml", "https://baotinhmau.vn/tin.xml"]);
    }

    #[test]
    fn a_missing_file_opens_and_a_host_in_trouble_closes() {
        let rows = [
            (Answer::Replied(200, b"User-agent: *\nDisallow: /a".as_slice()), false),
            (Answer::Replied(200, b"".as_slice()), true),
            (Answer::Replied(304, b"".as_slice()), true),
            (Answer::Replied(401, b"User-agent: *\nDisallow: /".as_slice()), true),
            (Answer::Replied(403, b"".as_slice()), true),
            (Answer::Replied(404, b"".as_slice()), true),
            (Answer::Replied(410, b"".as_slice()), true),
            (Answer::Replied(429, b"".as_slice()), false),
            (Answer::Replied(500, b"".as_slice()), false),
            (Answer::Replied(503, b"".as_slice()), false),
            (Answer::Replied(999, b"".as_slice()), false),
            (Answer::Astray, true),
            (Answer::Silent, false),
        ];
        for (answer, allowed) in rows {
            assert_eq!(Robots::from_answer("baotinh", answer).allows(&url("/a")), allowed, "{answer:?}");
        }
        assert!(Robots::from_answer("baotinh", Answer::Silent).is_closed());
        assert!(!read("User-agent: *\nDisallow: /").is_closed());
    }

    #[test]
    fn a_token_is_the_name_before_the_version() {
        assert_eq!(product_token(b"baotinh/0.1.0 (+mailto:a@b.vn)"), b"baotinh");
        assert_eq!(product_token(b"Acme_News-bot 2"), b"Acme_News-bot");
        assert_eq!(product_token(b"(none)"), b"");
    }
}
