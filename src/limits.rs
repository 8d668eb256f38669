//! How much of the web is too much? Every bound on what a stranger may send, each with its reason.
//!
//! What hits a bound is named and left: an answer is then a failure, a page a miss, of a listing the rest is left out and counted. No
//! part of an article ever passes for the whole.

use std::time::Duration;

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;

// One answer.

/// Name, connection and handshake together. A host that is up answers in one round trip of at most half a second; three lost packets
/// with their repeats fit into fifteen seconds.
pub const CONNECT: Duration = Duration::from_secs(15);
/// From the question to the last byte. A page of 10 MiB at the speed of a bad line (200 kB/s) takes fifty seconds.
pub const ANSWER: Duration = Duration::from_secs(MINUTE);
/// Between two pieces of a body. The server that says nothing for so long has forgotten us.
pub const SILENCE: Duration = Duration::from_secs(20);
/// Bytes a second that a body must make on average after [`SLOW_START`]. Slower, an article of 80 kB takes more than a minute.
pub const SPEED: u64 = 1024;
/// How long a body may be slower than that, since connections start slowly.
pub const SLOW_START: Duration = Duration::from_secs(10);
/// Bytes of a body, content encodings undone. The largest real article page seen has 2 MB; a sitemap of 50,000 addresses, 8 MB.
pub const BODY_BYTES: usize = 10 << 20;
/// A body of more bytes than this is a large one. Hardly any page of a paper is; sitemaps may be.
pub const LARGE_BYTES: usize = 512 << 10;
/// So many large bodies are held at once: read, a page takes up to ten times its size.
pub const LARGE_AT_ONCE: usize = 1;
/// Bytes of all header names and values. Servers themselves take 8 to 32 KiB; hyper adds a limit of 100 headers.
pub const HEADER_BYTES: usize = 64 << 10;
/// Bytes of a body that nobody will read as text, and of one whose status says that it is no page: as much as keeps the connection in
/// use when it is small.
pub const DREGS_BYTES: usize = 64 << 10;
/// How long such a body may take: it is read for the sake of the connection alone.
pub const DREGS: Duration = Duration::from_secs(2);

// On the way to it.

/// Redirects to a page. Browsers follow twenty; no paper needs more than three.
pub const REDIRECTS: usize = 10;
/// Redirects to a robots.txt: RFC 9309 §2.3.1.2. A file further away than that is taken as missing.
pub const ROBOTS_REDIRECTS: usize = 5;
/// Bytes of a robots.txt: RFC 9309 §2.5 asks for at least 500 KiB. What comes after them is not there.
pub const ROBOTS_BYTES: usize = 500 << 10;
/// A `Crawl-delay` of more than a day is a day: the number is a mistake or a way of saying no, for which there is `Disallow`.
pub const CRAWL_DELAY: Duration = Duration::from_secs(DAY);
/// The longest `Retry-After` that is obeyed to the letter; what is longer is a mistake, and a day is patience enough.
pub const RETRY_AFTER: Duration = Duration::from_secs(DAY);
/// A `Retry-After`, or the pause before another try, is waited for up to this; what lies further away is for another run.
pub const PATIENCE: Duration = Duration::from_secs(MINUTE);
/// A gap between two requests that a host wants is waited for up to this, since it is there before every page. The papers' own
/// `Crawl-delay`s are of 1 to 60 seconds.
pub const TURN: Duration = Duration::from_secs(10 * MINUTE);

// One page, before it is parsed.

/// Elements nested deeper than this lose their tags and keep their text. Source: the limit of Chrome's parser; no news page comes near.
pub const DEEPEST: usize = 512;
/// Attributes of one tag beyond this many are left out.
pub const MOST_ATTRIBUTES: usize = 256;
/// Formatting elements (`<b>`, `<font>` …) open at once beyond this many lose their tags: a parser opens all of them anew in each paragraph.
pub const MOST_FORMATTING: usize = 24;
/// `<html>` and `<body>` tags beyond this many are left out: all that a further one does is to give its attributes to the one element.
pub const MOST_ROOTS: usize = 16;
/// How far down the open elements an end tag looks for its own.
pub const LOOK_BACK: usize = 64;
/// A page ends at its first tag beyond so many, comments counted. The largest pages of papers, tables of examination results, have
/// 30,000; a parsed element takes about 400 bytes.
pub const MOST_TAGS: usize = 150_000;
/// A page ends at its first tag beyond so many that were left out.
pub const MOST_LEFT_OUT: usize = 4 * MOST_TAGS;
/// A page ends behind so many attributes and names of classes in all: the parser keeps a table of their names that gets slow.
pub const MOST_NAMES: usize = 250_000;

// One saved page, and what it is saved in.

/// Bytes of a line of JSON or a record of an archive. A page of [`BODY_BYTES`] in JSON, each of its bytes escaped, takes more; none of
/// the web does.
pub const RECORD_BYTES: usize = 3 * BODY_BYTES;
/// Bytes of what a saved page calls its id or its address.
pub const LABEL_BYTES: usize = 4 << 10;

// One listing, and the addresses in it.

/// Bytes of an address. A slug of 120 Vietnamese letters, percent-encoded, takes 1,080.
pub const ADDRESS_BYTES: usize = 2_048;
/// Segments of a path. The deepest of the papers has six.
pub const SEGMENTS: usize = 12;
/// Parameters of a query. The richest of the papers has four.
pub const PARAMETERS: usize = 8;
/// The first year in which a listing of a day may lie: the oldest paper is on the web since then.
pub const FIRST_YEAR: i16 = 1997;
/// Following pages of one listing. At 20 articles each that is a thousand; what is older stands in the sitemaps.
pub const FOLLOWING_PAGES: u16 = 50;
/// Sitemap indexes below one another. The protocol has one level; two more are for those who do not know that.
pub const INDEX_DEPTH: u16 = 3;
/// Article links of one HTML page. The longest front pages have 200.
pub const PAGE_LINKS: usize = 2_000;
/// Entries of a feed. Feeds of the papers have 20 to 100.
pub const FEED_ENTRIES: usize = 2_000;
/// Entries of a sitemap: sitemaps.org allows 50,000.
pub const SITEMAP_ENTRIES: usize = 50_000;
/// Bytes of a sitemap, its compression undone. sitemaps.org allows 50 MiB, but the 50,000 addresses that it allows take 8 MB, and each
/// reader holds so much in memory.
pub const SITEMAP_BYTES: usize = 16 << 20;
/// Bytes of one tag of a feed. Longer ones hold more attributes than a reader that compares them pairwise can take.
pub const TAG_BYTES: usize = 16 << 10;
/// Tags of a feed, or objects of one in JSON: what its reader makes of each takes up to a thousand bytes. Feeds of a thousand entries have
/// 20,000.
pub const FEED_TAGS: usize = 60_000;
/// Elements of a feed within one another. The deepest sound ones have about 30, with XHTML in their entries.
pub const FEED_DEPTH: usize = 200;
/// Other listings that one page may name: its menu, its feeds, its next page.
pub const LISTINGS: usize = 300;

// What a paper may leave in the memory of the crawl.

/// Addresses of one paper that wait. The largest archive seen has fewer articles; a trap has more.
pub const WAITING: usize = 200_000;
