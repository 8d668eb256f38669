//! Who answers our requests: the web, or a test's canned replies?

use crate::fetch::{Ask, Failure, Fetcher, Reply};

/// One request, one reply; nothing is followed and nothing is tried again.
pub trait Network: Send + Sync + 'static {
    /// Asks once.
    ///
    /// # Errors
    ///
    /// When no whole answer came.
    fn ask(&self, ask: Ask<'_>) -> impl Future<Output = Result<Reply, Failure>> + Send;
}

impl Network for Fetcher {
    async fn ask(&self, ask: Ask<'_>) -> Result<Reply, Failure> {
        self.fetch(ask).await
    }
}
