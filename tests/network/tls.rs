//! A certificate that is not good is a failure, and nothing is ever sent past it.

use std::path::Path;
use std::sync::Arc;

use baotinh::fetch::{Ask, Bound, Failure, Fetcher, Reply, Settings};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use url::Url;

use crate::server::{Server, html};

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

/// A server whose certificate is for this name, until this year, signed by the authority or by itself.
async fn start(name: &str, until: i32, authority: Option<&Authority>) -> u16 {
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().expect("a key");
    let certificate = match authority {
        Some(authority) => params.signed_by(&key, &authority.issuer),
        None => params.self_signed(&key),
    };
    let chain = vec![certificate.expect("a certificate").der().clone()];
    let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, secret).expect("they belong together");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nin").await;
            let _ = stream.shutdown().await;
        }
    });
    port
}

async fn fetch(port: u16, cacert: Option<&Path>) -> Result<Reply, Failure> {
    let pin = format!("baotinhmau.vn:{port}:127.0.0.1").parse().expect("a pin");
    let settings = Settings { pins: vec![pin], cacert: cacert.map(Path::to_owned), ..Settings::default() };
    let url = Url::parse(&format!("https://baotinhmau.vn:{port}/")).expect("an address");
    Fetcher::new(&settings).expect("good settings").fetch(Ask::new(&url, Bound::Whole(100))).await
}

#[tokio::test]
async fn only_a_good_certificate_of_a_trusted_authority_is_good() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = folder.path().join("ca.pem");
    // A bundle of two: the second one counts too.
    std::fs::write(&bundle, [Authority::new().pem, authority.pem.clone()].concat()).expect("it is ours");
    let good = start("baotinhmau.vn", 4000, Some(&authority)).await;
    assert_eq!(fetch(good, Some(&bundle)).await.map(|reply| reply.body), Ok(b"in".to_vec()));
    let rows = [
        ("not trusted", good, None, "UnknownIssuer"),
        ("expired", start("baotinhmau.vn", 2001, Some(&authority)).await, Some(&bundle), "expired"),
        ("for another name", start("baokhac.vn", 4000, Some(&authority)).await, Some(&bundle), "not valid for name"),
        ("signed by itself", start("baotinhmau.vn", 4000, None).await, Some(&bundle), "UnknownIssuer"),
    ];
    for (fault, port, bundle, why) in rows {
        let failure = fetch(port, bundle.map(std::path::PathBuf::as_path)).await.expect_err(fault);
        assert_eq!(failure.name(), "tls", "{fault}: {failure}");
        assert!(failure.to_string().contains(why), "{fault}: {failure}");
        assert!(!failure.is_temporary(), "{fault}");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_no_tls_server() {
    let plain = Server::start(|_| html("in")).await;
    let failure = fetch(plain.port, None).await.expect_err("no handshake");
    assert!(matches!(failure.name(), "tls" | "reset"), "{failure}");
}
