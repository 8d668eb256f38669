//! A server that answers whatever a test tells it to.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does once a question has come, in order; after the last it closes.
#[derive(Debug, Clone)]
pub enum Act {
    Send(Vec<u8>),
    /// Says nothing for a while, shorter than the test's limits.
    Stall(Duration),
    /// Sends these bytes until the other side has had enough.
    Forever(Vec<u8>),
    /// Breaks the connection off, what is on its way included.
    Reset,
}

/// A running server; it stops with the test's runtime.
pub struct Server {
    pub port: u16,
    asked: Arc<Mutex<Vec<(Instant, String)>>>,
}

impl Server {
    /// `answer` gets the head of each question, `GET /path HTTP/1.1` first.
    pub async fn start(answer: impl Fn(&str) -> Vec<Act> + Send + Sync + 'static) -> Self {
        Self::start_rude(|_| false, answer).await
    }

    /// A server that breaks off those connections at once of whose number (the first is 1) `is_unwelcome` says so.
    pub async fn start_rude(
        is_unwelcome: impl Fn(usize) -> bool + Send + 'static,
        answer: impl Fn(&str) -> Vec<Act> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (heads, answer) = (Arc::clone(&asked), Arc::new(answer));
        tokio::spawn(async move {
            let mut number = 0;
            while let Ok((mut stream, _)) = listener.accept().await {
                number += 1;
                if is_unwelcome(number) {
                    perform(stream, vec![Act::Reset]).await;
                    continue;
                }
                let (heads, answer) = (Arc::clone(&heads), Arc::clone(&answer));
                tokio::spawn(async move {
                    let head = read_head(&mut stream).await;
                    heads.lock().expect("no test panics with it").push((Instant::now(), head.clone()));
                    perform(stream, answer(&head)).await;
                });
            }
        });
        Self { port, asked }
    }

    /// The first lines of the questions so far, without the version: `GET /robots.txt`.
    pub fn asked(&self) -> Vec<String> {
        let first = |head: &String| head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
        self.heads().iter().map(first).collect()
    }

    /// The whole heads of the questions so far.
    pub fn heads(&self) -> Vec<String> {
        self.asked.lock().expect("no test panics with it").iter().map(|(_, head)| head.clone()).collect()
    }

    /// When the questions came.
    pub fn moments(&self) -> Vec<Instant> {
        self.asked.lock().expect("no test panics with it").iter().map(|(at, _)| *at).collect()
    }
}

/// The head of a question; of a TLS hello, which has no end that we know, its first byte.
pub async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
        if head[0] == 0x16 {
            break;
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

async fn perform(mut stream: TcpStream, acts: Vec<Act>) {
    for act in acts {
        if matches!(act, Act::Reset) {
            let _ = stream.set_zero_linger();
            return;
        }
        if act.perform(&mut stream).await.is_err() {
            return;
        }
    }
}

impl Act {
    /// Does it on any stream; only a bare connection can be reset.
    pub async fn perform(self, stream: &mut (impl AsyncWrite + Unpin)) -> std::io::Result<()> {
        match self {
            Self::Send(bytes) => {
                stream.write_all(&bytes).await?;
                stream.flush().await
            }
            Self::Stall(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            Self::Forever(bytes) => loop {
                stream.write_all(&bytes).await?;
            },
            Self::Reset => Err(std::io::ErrorKind::ConnectionReset.into()),
        }
    }
}

/// An answer with its length.
pub fn reply(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<Act> {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    vec![Act::Send(bytes)]
}

/// A good page.
pub fn html(body: &str) -> Vec<Act> {
    reply("200 OK", "Content-Type: text/html; charset=utf-8\r\n", body)
}

pub fn redirect(to: &str) -> Vec<Act> {
    reply("302 Found", &format!("Location: {to}\r\n"), "")
}

/// Bytes as they are.
pub fn raw(bytes: impl AsRef<[u8]>) -> Vec<Act> {
    vec![Act::Send(bytes.as_ref().to_vec())]
}
