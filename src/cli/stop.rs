//! Has somebody asked us to stop?

use std::io;
use std::process::exit;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use tokio::runtime;
use tokio::sync::oneshot;

/// What asked us to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// What `kill` and systemd send.
    Terminate,
}

impl Signal {
    /// The exit code that tells of it: 128 and the signal's number, as shells have it.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

/// Listens for signals from now on. The first comes out of the receiver; a second ends the program at once.
///
/// # Errors
///
/// When the system lets nobody listen.
pub fn listen() -> io::Result<Receiver<Signal>> {
    let (tell, stops) = mpsc::channel();
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    // Before this returns: a signal that comes early must find us listening.
    let mut signals = {
        let _inside = runtime.enter();
        Signals::new()?
    };
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async move {
            let _ = tell.send(signals.next().await);
            exit(signals.next().await.exit_code().into());
        });
    })?;
    Ok(stops)
}

/// Listens for signals from now on, inside of a tokio runtime. The future is ready at the first, which is then in the receiver; a second
/// ends the program at once.
///
/// # Errors
///
/// When the system lets nobody listen.
pub fn first() -> io::Result<(impl Future<Output = ()>, oneshot::Receiver<Signal>)> {
    let mut signals = Signals::new()?;
    let (tell, told) = oneshot::channel();
    let stop = async move {
        let first = signals.next().await;
        let _ = tell.send(first);
        tokio::spawn(async move { exit(signals.next().await.exit_code().into()) });
    };
    Ok((stop, told))
}

/// The signals of this process, from its making on. It is made and asked inside of a tokio runtime.
#[cfg(unix)]
pub struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    ///
    /// When the system lets nobody listen.
    pub fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        // A file over the limit of `ulimit -f` is to be a fault of its writing, as a full disk is, and not our end. Once heard, the signal
        // stays harmless.
        #[cfg(target_os = "linux")]
        drop(signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()))?);
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// The next signal, whenever it comes.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

/// The signals of this process.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    ///
    /// When the system lets nobody listen.
    pub fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// The next signal, whenever it comes.
    pub async fn next(&mut self) -> Signal {
        // Where nobody can listen for it, Ctrl-C ends the program by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Signal::Interrupt
    }
}
