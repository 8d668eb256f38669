//! What does an operator get of a fault? Each case is the real program, asked for a faulty page and then for a sound one.
//!
//! The sound page stands on a server of its own, and is asked for last: what the program has used of memory by then, the fault has cost.

use std::fs;
use std::io::Read;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};

use crate::server::{Act, Server, html, reply};

/// So many programs run at a time: nearly all of their time they wait.
const AT_ONCE: usize = 16;

/// Beside the time that an answer may take: robots.txt, the second between two requests, and a machine that does much else.
const SLACK: Duration = Duration::from_secs(15);

/// The most memory that any fault may cost, in KiB.
pub const MEMORY: u64 = 150 * 1024;

/// What is told of the faulty page.
#[derive(Debug, Clone, Copy)]
pub enum Told {
    /// One line `failed: URL: why (NAME)`.
    Failed(&'static str),
    /// One line `miss: URL: NAME: why`.
    Missed(&'static str),
    /// Nothing: the article comes, and whole.
    Article,
}

/// One fault and what is to become of it.
pub struct Case {
    /// What is wrong, in words.
    pub fault: String,
    /// The faulty page.
    pub url: String,
    /// Flags beside the usual ones.
    pub flags: Vec<String>,
    pub told: Told,
    /// What `--timeout` says: seconds that an answer may take. Of a busy machine, 10 MiB may ask more than silence does.
    pub timeout: u32,
    /// Kept, so that it lives; what was asked of it can be looked at.
    pub server: Option<Server>,
}

/// The path of a question.
pub fn path(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

/// The port in the head of a question.
pub fn port(head: &str) -> &str {
    let host = head.lines().find(|line| line.to_ascii_lowercase().starts_with("host:")).unwrap_or_default();
    host.rsplit(':').next().unwrap_or_default().trim()
}

/// The page of an article with this headline, long enough to be taken for a whole one when half of it is missing.
pub fn article(title: &str) -> String {
    let body = "<p>Chợ phiên họp từ lúc trời còn mờ sương, người bán gánh rau, người mua dắt ngựa, ai cũng vội vàng.</p>\n".repeat(20);
    format!(
        "<!doctype html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body><article><h1>{title}</h1>\n{body}\
         <p>Tan chợ, hàng quán dọn về trước khi mưa xuống.</p></article></body></html>\n"
    )
}

impl Case {
    /// A server that answers so, whatever page is asked for; it has no robots.txt.
    pub async fn of_page(fault: &str, acts: Vec<Act>, told: Told) -> Self {
        Self::of_server(fault, move |_| acts.clone(), told).await
    }

    /// A server that answers so; it has no robots.txt.
    pub async fn of_server(fault: &str, answer: impl Fn(&str) -> Vec<Act> + Send + Sync + 'static, told: Told) -> Self {
        let answer = move |head: &str| if path(head) == "/robots.txt" { reply("404 Not Found", "", "") } else { answer(head) };
        Self::of(fault, Server::start(answer).await, told)
    }

    /// The page `/tin-post1.html` of this server.
    pub fn of(fault: &str, server: Server, told: Told) -> Self {
        let url = format!("http://baohong.vn:{}/tin-post1.html", server.port);
        let flags = vec!["--tries".to_owned(), "1".to_owned()];
        Self { fault: fault.to_owned(), url, flags, told, timeout: 2, server: Some(server) }
    }

    /// With more time for an answer.
    pub fn patient(self) -> Self {
        Self { timeout: 20, ..self }
    }

    /// Runs the program, and says all that is not as it should be.
    async fn judge(&self) -> Vec<String> {
        let (pid, peak) = (Arc::new(OnceLock::new()), Arc::new(OnceLock::new()));
        let sound = Server::start({
            let (pid, peak) = (Arc::clone(&pid), Arc::clone(&peak));
            move |head| {
                if path(head) == "/robots.txt" {
                    return reply("404 Not Found", "", "");
                }
                let _ = peak.set(peak_of(*pid.wait()));
                html(&article("Trang lành"))
            }
        })
        .await;
        let started = Instant::now();
        let mut child = self.command(sound.port).spawn().expect("it starts");
        pid.set(child.id()).expect("it is set once");
        let (out, told) = (drain(child.stdout.take()), drain(child.stderr.take()));
        let within = SLACK + Duration::from_secs(self.timeout.into());
        let status = loop {
            if let Some(status) = child.try_wait().expect("it is ours") {
                break status;
            }
            if started.elapsed() > within * 2 {
                child.kill().expect("it is ours");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        let output = Output { status, stdout: out.await.expect("a thread"), stderr: told.await.expect("a thread") };
        let mut amiss = self.amiss(&output);
        match sound.moments().first().map(|at| *at - started) {
            Some(took) if took <= within => {}
            Some(took) => amiss.push(format!("took {took:?}, more than {within:?}")),
            None => amiss.push("the sound page was never asked for".to_owned()),
        }
        if let Some(Some(peak)) = peak.get().filter(|peak| peak.is_some_and(|peak| peak > MEMORY)) {
            amiss.push(format!("took {peak} KiB of memory"));
        }
        amiss
    }

    fn command(&self, sound: u16) -> Command {
        let mut command = baotinh();
        let mut pins = vec![format!("baolanh.vn:{sound}:127.0.0.1")];
        pins.extend(self.server.as_ref().map(|server| format!("baohong.vn:{}:127.0.0.1", server.port)));
        command.args(["fetch", "--timeout", &self.timeout.to_string()]).args(pins.iter().flat_map(|pin| ["--resolve", pin.as_str()]));
        command.args(&self.flags).args([self.url.clone(), format!("http://baolanh.vn:{sound}/lanh-post2.html")]);
        command.current_dir(std::env::temp_dir());
        command
    }

    /// What of the streams and the exit code is not as it should be.
    fn amiss(&self, output: &Output) -> Vec<String> {
        let mut amiss = Vec::new();
        let (out, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let comes = matches!(self.told, Told::Article);
        if output.status.code() != Some(i32::from(!comes)) {
            amiss.push(format!("ended with {}", output.status));
        }
        if out.contains("hỏng") != comes || !out.contains("lành") || out.matches("mưa xuống").count() != 1 + usize::from(comes) {
            amiss.push(format!("printed {out:?}"));
        }
        let (begin, end) = match self.told {
            Told::Article => (String::new(), String::new()),
            Told::Failed(name) => ("failed: http".to_owned(), format!(" ({name})\n")),
            Told::Missed(name) => (format!("miss: {}: {name}: ", self.url), "\n".to_owned()),
        };
        if told.lines().count() != usize::from(!comes) || !told.starts_with(&begin) || !told.ends_with(&end) {
            amiss.push(format!("told {told:?}"));
        }
        if told.chars().any(|letter| letter != '\n' && steers(letter)) || out.chars().any(|letter| letter != '\n' && steers(letter)) {
            amiss.push(format!("gave a terminal what steers it: {told:?} {out:?}"));
        }
        amiss
    }
}

/// The program, without the proxies of this machine.
pub fn baotinh() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baotinh"));
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// All that comes out of a pipe, which is never left full.
pub fn drain(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    let mut pipe = pipe.expect("piped");
    spawn_blocking(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe");
        bytes
    })
}

/// Whether a terminal obeys this letter, or shows by it what follows in another order.
fn steers(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The most memory that a process has had so far, in KiB, where the system tells.
pub fn peak_of(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").trim().parse().ok()
}

/// A case for each row: what is wrong, how the server answers for the page, what is told. What is too large needs its time to be so.
pub async fn of_pages(rows: Vec<(&str, Vec<Act>, Told)>) -> Vec<Case> {
    let mut cases = Vec::new();
    for (fault, acts, told) in rows {
        let case = Case::of_page(fault, acts, told).await;
        cases.push(if matches!(told, Told::Failed("timeout" | "too_slow")) { case } else { case.patient() });
    }
    cases
}

/// Runs them all, many at a time, and tells of all that went wrong.
pub async fn judge_all(cases: Vec<Case>) {
    let seats = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for case in cases {
        let seats = Arc::clone(&seats);
        running.spawn(async move {
            let _seat = seats.acquire().await.expect("nobody closes it");
            let amiss = case.judge().await;
            (!amiss.is_empty()).then(|| format!("{}:\n    {}", case.fault, amiss.join("\n    ")))
        });
    }
    let amiss: Vec<String> = running.join_all().await.into_iter().flatten().collect();
    assert!(amiss.is_empty(), "{} of the faults:\n{}", amiss.len(), amiss.join("\n"));
}
