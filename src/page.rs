//! What did the web, or a saved file, answer?

use jiff::Timestamp;

/// One answer, from wherever it came: the crawl, `fetch`, a saved file or an archive.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The address that was asked for, or that the file says it was saved from.
    pub url: Option<String>,
    /// The address that answered in the end, when it is another one.
    pub final_url: Option<String>,
    /// The HTTP status; `None` for a saved page.
    pub status: Option<u16>,
    /// The `Content-Type` header as sent.
    pub content_type: Option<String>,
    /// The `ETag` header as sent.
    pub etag: Option<String>,
    /// The `Last-Modified` header as sent.
    pub last_modified: Option<String>,
    /// When it was fetched; `None` when nobody wrote it down.
    pub fetched_at: Option<Timestamp>,
    /// The body, content encodings undone.
    pub body: Body,
}

/// A body as it arrived.
#[derive(Debug, Clone)]
pub enum Body {
    /// Bytes whose charset is still to be found.
    Bytes(Vec<u8>),
    /// Text that somebody decoded before (a `.jsonl` record).
    Text(String),
}

impl Default for Body {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}
