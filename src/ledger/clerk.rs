//! How do many lanes use one ledger?
//!
//! The [`Clerk`] is a thread that owns it; lanes send it errands and wait for the answers without blocking their own thread. It
//! commits when nobody waits, or when the group is full: so a lonely line is on the disk at once, and under load each flush carries
//! what came during the one before.

use tokio::sync::{mpsc, oneshot};

use super::{Fault, Ledger};
use crate::output::Finding;

type Errand = Box<dyn FnOnce(&mut Ledger) + Send>;

/// So many errands may wait; a lane that finds the line full waits in front of it.
const QUEUE: usize = 256;

/// The way to a ledger in its own thread. Cloning is cheap; the ledger is closed when the last clone has gone.
#[derive(Debug, Clone)]
pub struct Clerk {
    door: mpsc::Sender<Errand>,
}

impl Clerk {
    /// Gives a ledger its thread. The receiver tells how it ended, and what was not as we had left it: after the last clone has
    /// gone, or earlier when it had to stop.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn employ(ledger: Ledger) -> std::io::Result<(Self, oneshot::Receiver<Result<Vec<Finding>, Fault>>)> {
        let (door, errands) = mpsc::channel(QUEUE);
        let (tell, end) = oneshot::channel();
        std::thread::Builder::new().name("ledger".to_owned()).spawn(move || {
            // Nobody may be listening any more; then nobody wants to know.
            let _ = tell.send(serve(ledger, errands));
        })?;
        Ok((Self { door }, end))
    }

    /// Lets the ledger's thread do this, after what was asked for before, and brings the answer. The answer may come before the
    /// commit that makes it last.
    ///
    /// # Errors
    ///
    /// What the errand says; or [`Fault::Stopped`] when the ledger has stopped, the reason of which [`Clerk::employ`] tells.
    pub async fn ask<T: Send + 'static>(&self, errand: impl FnOnce(&mut Ledger) -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
        let (answer, answered) = oneshot::channel();
        let errand: Errand = Box::new(move |ledger| {
            // Whoever asked may have gone; what was asked for is done all the same.
            let _ = answer.send(errand(ledger));
        });
        self.door.send(errand).await.map_err(|_| Fault::Stopped)?;
        answered.await.unwrap_or(Err(Fault::Stopped))
    }
}

fn serve(mut ledger: Ledger, mut errands: mpsc::Receiver<Errand>) -> Result<Vec<Finding>, Fault> {
    while let Some(errand) = errands.blocking_recv() {
        errand(&mut ledger);
        while !ledger.is_full()
            && let Ok(errand) = errands.try_recv()
        {
            errand(&mut ledger);
        }
        ledger.commit()?;
    }
    ledger.close()
}
