//! A certificate that is not good is a failure, and nothing is ever sent past it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::program::Told::{self, Article, Failed};
use crate::program::{Case, article, judge_all, path};
use crate::server::{Act, Server, html, raw, read_head, reply};

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "An authority of a test");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Self { issuer: Issuer::new(params, key), pem }
    }
}

/// A certificate, who vouches for it, and what is spoken behind it.
struct Tls<'a> {
    name: &'a str,
    /// The first and the last year.
    years: [i32; 2],
    /// Without one it is signed by itself.
    authority: Option<&'a Authority>,
    protocol: &'a str,
}

impl<'a> Tls<'a> {
    /// A good one.
    fn of(authority: &'a Authority) -> Self {
        Self { name: "baohong.vn", years: [2000, 4000], authority: Some(authority), protocol: "http/1.1" }
    }

    /// A server that answers so; after its last act it says goodbye, unless that is [`Act::Reset`].
    async fn start(self, acts: Vec<Act>) -> u16 {
        let mut params = CertificateParams::new(vec![self.name.to_owned()]).expect("a name");
        [params.not_before, params.not_after] = self.years.map(|year| date_time_ymd(year, 1, 1));
        let key = KeyPair::generate().expect("a key");
        let certificate = match self.authority {
            Some(authority) => params.signed_by(&key, &authority.issuer),
            None => params.self_signed(&key),
        };
        let chain = vec![certificate.expect("a certificate").der().clone()];
        let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, secret).expect("they belong together");
        config.alpn_protocols = vec![self.protocol.into()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, acts) = (acceptor.clone(), acts.clone());
                tokio::spawn(async move {
                    let mut stream = acceptor.accept(stream).await?;
                    let head = read_head(&mut stream).await;
                    let acts = if path(&head) == "/robots.txt" { reply("404 Not Found", "", "") } else { acts };
                    for act in acts {
                        act.perform(&mut stream).await?;
                    }
                    stream.shutdown().await
                });
            }
        });
        port
    }
}

/// The faulty page of this port, by TLS.
fn case(fault: &str, port: u16, cacert: Option<&Path>, told: Told) -> Case {
    let mut flags = vec!["--tries".to_owned(), "1".to_owned(), "--resolve".to_owned(), format!("baohong.vn:{port}:127.0.0.1")];
    flags.extend(cacert.iter().flat_map(|path| ["--cacert".to_owned(), path.display().to_string()]));
    Case { fault: fault.to_owned(), url: format!("https://baohong.vn:{port}/tin-post1.html"), flags, told, timeout: 2, server: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_good_certificate_of_a_trusted_authority_is_good() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = folder.path().join("ca.pem");
    // A bundle of two: the second one counts too.
    std::fs::write(&bundle, [Authority::new().pem, authority.pem.clone()].concat()).expect("it is ours");
    let page = html(&article("Trang hỏng"));
    let tls = || Tls::of(&authority);
    let good = tls().start(page.clone()).await;
    let rows = [
        ("none of these", good, Article),
        ("expired", Tls { years: [2000, 2001], ..tls() }.start(page.clone()).await, Failed("tls")),
        ("of the future", Tls { years: [3000, 4000], ..tls() }.start(page.clone()).await, Failed("tls")),
        ("for another name", Tls { name: "baokhac.vn", ..tls() }.start(page.clone()).await, Failed("tls")),
        ("for all names", Tls { name: "*.vn", ..tls() }.start(page.clone()).await, Failed("tls")),
        ("signed by itself", Tls { authority: None, ..tls() }.start(page.clone()).await, Failed("tls")),
        ("of a strange authority", Tls::of(&stranger).start(page.clone()).await, Failed("tls")),
    ];
    let mut cases: Vec<Case> = rows.map(|(fault, port, told)| case(fault, port, Some(&bundle), told)).into();
    cases.push(case("not trusted", good, None, Failed("tls")));
    judge_all(cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_breaks_below_http_is_named() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = folder.path().join("ca.pem");
    std::fs::write(&bundle, &authority.pem).expect("it is ours");
    let page = article("Trang hỏng");
    let half: String = page.chars().take(900).collect();
    // Without `<html>`: nothing but the missing goodbye tells that it is a part.
    let bare = half.replace("<html lang=\"vi\">", "");
    let cut = [raw(format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{bare}")), vec![Act::Reset]].concat();
    let plain = Server::start(move |_| html(&page)).await;
    let hanging = Server::start(|_| vec![Act::Stall(Duration::from_secs(60))]).await;
    let closing = Server::start(|_| Vec::new()).await;
    let resetting = Server::start(|_| vec![Act::Reset]).await;
    let alerting = Server::start(|_| raw([0x15, 3, 3, 0, 2, 2, 40])).await;
    let tls = || Tls::of(&authority);
    let rows = [
        ("no goodbye, and no length", tls().start(cut).await, Failed("cut_short")),
        ("HTTP/2 that is none", Tls { protocol: "h2", ..tls() }.start(raw("HTTP/1.1 200 OK\r\n\r\n")).await, Failed("robots_unreachable")),
        ("no TLS", plain.port, Failed("tls")),
        ("a handshake that hangs", hanging.port, Failed("timeout")),
        ("a handshake that is closed", closing.port, Failed("robots_unreachable")),
        ("a handshake that is reset", resetting.port, Failed("robots_unreachable")),
        ("a handshake that is refused", alerting.port, Failed("tls")),
    ];
    let mut cases: Vec<Case> = rows.map(|(fault, port, told)| case(fault, port, Some(&bundle), told)).into();
    let good = tls().start(html("in")).await;
    let mut case = case("TLS where none is", good, None, Failed("robots_unreachable"));
    case.url = case.url.replace("https:", "http:");
    cases.push(case);
    judge_all(cases).await;
}
