//! What did the web, or a saved file, answer?

use jiff::Timestamp;
use url::Url;

use crate::charset::{self, Text};

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

impl Page {
    /// The body as Unicode, with the charset found.
    ///
    /// Text that was decoded before passes through without a copy. Linear in the size of the body; never panics.
    #[must_use]
    pub fn text(&self) -> Text<'_> {
        match &self.body {
            Body::Text(text) => charset::decoded(text),
            Body::Bytes(bytes) => charset::decode(bytes, self.content_type.as_deref(), self.tld().as_deref()),
        }
    }

    /// How many bytes the body has.
    #[must_use]
    pub fn size(&self) -> usize {
        match &self.body {
            Body::Bytes(bytes) => bytes.len(),
            Body::Text(text) => text.len(),
        }
    }

    /// The last label of the host that answered: `vn`.
    fn tld(&self) -> Option<String> {
        let url = Url::parse(self.final_url.as_deref().or(self.url.as_deref())?).ok()?;
        let label = url.domain()?.trim_end_matches('.').rsplit('.').next()?;
        Some(label.to_owned())
    }
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
