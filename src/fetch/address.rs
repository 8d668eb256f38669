//! May we connect to this address, and which addresses does this name lead to?
//!
//! The judgement falls on resolved addresses at the moment of connecting, so a name that changes its mind between two questions
//! (DNS rebinding) gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;
use url::{Host, Url};

use super::failure::Unresolved;

/// Whether the address is one of the public internet: globally reachable in IANA's special-purpose registries (RFC 6890 and its
/// successors), and, where an IPv6 address carries an IPv4 address inside, that one too.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127 | 224.., ..]              // this network, private, loopback, multicast and reserved
            | [100, 64..=127, ..]               // shared by carriers
            | [169, 254, ..]                    // link-local
            | [172, 16..=31, ..]                // private
            | [192, 0, 0 | 2, _]                // protocol assignments, documentation
            | [192, 88, 99, _]                  // 6to4 relays
            | [192, 168, ..]                    // private
            | [198, 18 | 19, ..]                // benchmarks
            | [198, 51, 100, _]                 // documentation
            | [203, 0, 113, _] // documentation
    )
}

/// Only `2000::/3` is handed out; all else is refused, but for the two ways in which a public IPv4 address is written in IPv6.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let last_two = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match address.segments() {
        // IPv4-mapped (::ffff:0:0/96) and NAT64 (64:ff9b::/96). IPv4-compatible (::/96) has nobody behind it.
        // 2002::/16 is 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            is_public_v4(last_two(high, low))
        }
        // Protocol assignments, Teredo and ORCHID among them (2001::/23); documentation (2001:db8::/32, 3fff::/20).
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// One `HOST:PORT:ADDRESS[,ADDRESS]…`, as curl's `--resolve`: whoever asks for this host at this port is connected to these
/// addresses, public or not. The host `*` is every host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    host: String,
    port: u16,
    addresses: Vec<IpAddr>,
}

/// What is wrong with a [`Pin`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PinError {
    /// Fewer than three parts.
    #[error("is not HOST:PORT:ADDRESS")]
    Shape,
    /// The host is neither a name, nor an address, nor `*`.
    #[error("`{0}` is not the name of a host")]
    Host(String),
    /// Not a number from 1 to 65535.
    #[error("`{0}` is not a port")]
    Port(String),
    /// Not an IPv4 or IPv6 address.
    #[error("`{0}` is not an IP address")]
    Address(String),
}

impl FromStr for Pin {
    type Err = PinError;

    fn from_str(typed: &str) -> Result<Self, PinError> {
        // A host that is an IPv6 address stands in brackets, since it has colons of its own.
        let end = if typed.starts_with('[') { typed.find(']').map(|at| at + 1) } else { typed.find(':') };
        let (host, rest) = end.and_then(|at| typed.split_at_checked(at)).ok_or(PinError::Shape)?;
        let (port, addresses) = rest.strip_prefix(':').and_then(|rest| rest.split_once(':')).ok_or(PinError::Shape)?;
        let name = match host {
            "*" => host.to_owned(),
            _ => Host::parse(host).map(|host| key(&host.to_string())).map_err(|_| PinError::Host(host.to_owned()))?,
        };
        let number = port.parse().ok().filter(|port| *port != 0).ok_or_else(|| PinError::Port(port.to_owned()))?;
        let addresses = addresses
            .split(',')
            .map(|typed| {
                let bare = typed.strip_prefix('[').and_then(|typed| typed.strip_suffix(']')).unwrap_or(typed);
                bare.parse().map_err(|_| PinError::Address(typed.to_owned()))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { host: name, port: number, addresses })
    }
}

impl Pin {
    /// The port it is for.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Whether it says where this address leads. An address that is a number leads to itself alone.
    pub(super) fn covers(&self, url: &Url) -> bool {
        let host = match url.host() {
            Some(Host::Domain(name)) => key(name),
            Some(Host::Ipv4(v4)) => return self.opens(&v4.to_string(), v4.into(), url),
            Some(Host::Ipv6(v6)) => return self.opens(&format!("[{v6}]"), v6.into(), url),
            None => return false,
        };
        url.port_or_known_default() == Some(self.port) && (self.host == "*" || self.host == host)
    }

    fn opens(&self, host: &str, address: IpAddr, url: &Url) -> bool {
        url.port_or_known_default() == Some(self.port) && (self.host == "*" || self.host == host) && self.addresses.contains(&address)
    }
}

/// A host's name as one spelling: lower case, without the dot that may end it.
pub(super) fn key(host: &str) -> String {
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// Answers from the pins of one port, and from nothing else.
pub(super) struct Pinned(pub(super) Arc<[Pin]>);

impl Resolve for Pinned {
    fn resolve(&self, name: Name) -> Resolving {
        let name = key(name.as_str());
        let pin = self.0.iter().find(|pin| pin.host == name).or_else(|| self.0.iter().find(|pin| pin.host == "*"));
        // Port 0 stands for the port of the address asked for.
        let found: Vec<SocketAddr> = pin.iter().flat_map(|pin| &pin.addresses).map(|ip| SocketAddr::new(*ip, 0)).collect();
        Box::pin(std::future::ready(Ok(Box::new(found.into_iter()) as Addrs)))
    }
}

/// Asks the system, and keeps the public ones of its answers.
pub(super) struct Guarded {
    /// Keep them all.
    pub(super) allow_private: bool,
    /// Hosts that the operator himself named, whatever their addresses: the proxies.
    pub(super) named: Arc<[String]>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let any = self.allow_private || self.named.contains(&key(name.as_str()));
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(Unresolved::Dns)?;
            let kept = judge(name.as_str(), found, any)?;
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

fn judge(name: &str, found: impl Iterator<Item = SocketAddr>, any: bool) -> Result<Vec<SocketAddr>, Unresolved> {
    let mut refused = None;
    let kept: Vec<SocketAddr> = found
        .filter(|address| {
            let open = any || is_public(address.ip());
            if !open {
                refused = Some(address.ip());
            }
            open
        })
        .collect();
    match refused {
        Some(address) if kept.is_empty() => Err(Unresolved::Private { name: name.to_owned(), address }),
        _ => Ok(kept),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        let private = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:8.8.8.8",
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::8.8.8.8",
            "100::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2002:c0a8:101::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:f5ff:fffe",
            "2001:10::1",
            "2001:20::1",
            "2001:2::1",
            "2001:db8::1",
            "3fff::1",
            "5f00::1",
            "4000::1",
        ];
        for address in private {
            assert!(!is_public(address.parse().expect(address)), "{address}");
        }
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "126.0.0.1",
            "128.0.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "203.113.0.1",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
            "2001:200::1",
            "2400:cb00::1",
            "2606:4700::1111",
            "3ffe::1",
        ];
        for address in public {
            assert!(is_public(address.parse().expect(address)), "{address}");
        }
    }

    #[test]
    fn a_name_with_public_and_private_addresses_leads_to_the_public_ones() {
        let both = ["10.0.0.1:0", "8.8.8.8:0"].map(|a| a.parse::<SocketAddr>().expect(a));
        assert_eq!(judge("a.vn", both.into_iter(), false).expect("one is public"), [both[1]]);
        assert_eq!(judge("a.vn", both.into_iter(), true).expect("all are kept"), both);
        let refused = judge("a.vn", both.into_iter().take(1), false).expect_err("none is public");
        assert_eq!(refused.to_string(), "a.vn leads to 10.0.0.1");
    }

    /// Answers with this machine, and from the second question on with another one.
    struct Fickle(std::sync::atomic::AtomicUsize);

    impl Resolve for Fickle {
        fn resolve(&self, _: Name) -> Resolving {
            let first = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
            let address = if first { Ipv4Addr::LOCALHOST } else { Ipv4Addr::new(127, 9, 9, 9) };
            Box::pin(std::future::ready(Ok(Box::new(std::iter::once(SocketAddr::from((address, 0)))) as Addrs)))
        }
    }

    #[tokio::test]
    async fn what_was_judged_is_what_is_connected_to() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let fickle = Arc::new(Fickle(0.into()));
        let limits = super::super::Limits::default();
        let agent = reqwest::header::HeaderValue::from_static("x");
        let client = super::super::settings::builder(&agent, &limits).dns_resolver(Arc::clone(&fickle)).build().expect("a client");
        let asked = tokio::spawn(client.get(format!("http://baomau.vn:{port}/")).send());
        let (_, from) = listener.accept().await.expect("it connects here");
        assert_eq!(from.ip(), Ipv4Addr::LOCALHOST);
        assert!(asked.await.expect("it ends").is_err());
        assert_eq!(fickle.0.load(std::sync::atomic::Ordering::Relaxed), 1);
    }

    #[test]
    fn a_pin_is_read_as_curl_reads_it() {
        let pin: Pin = "BaoTinhMau.vn:443:127.0.0.1".parse().expect("a pin");
        assert_eq!(pin, Pin { host: "baotinhmau.vn".into(), port: 443, addresses: vec!["127.0.0.1".parse().expect("an address")] });
        let several: Pin = "*:80:[::1],10.0.0.1".parse().expect("a pin");
        assert_eq!(several.addresses.len(), 2);
        let v6: Pin = "[::1]:8080:::1".parse().expect("a pin");
        assert_eq!((v6.host.as_str(), v6.port), ("[::1]", 8080));
        for (typed, wrong) in [
            ("", "is not HOST:PORT:ADDRESS"),
            ("a.vn:80", "is not HOST:PORT:ADDRESS"),
            ("[::1", "is not HOST:PORT:ADDRESS"),
            ("a b:80:127.0.0.1", "`a b` is not the name of a host"),
            (":80:127.0.0.1", "`` is not the name of a host"),
            ("a.vn:0:127.0.0.1", "`0` is not a port"),
            ("a.vn:https:127.0.0.1", "`https` is not a port"),
            ("a.vn:80:b.vn", "`b.vn` is not an IP address"),
            ("a.vn:80:", "`` is not an IP address"),
        ] {
            assert_eq!(typed.parse::<Pin>().expect_err(typed).to_string(), wrong, "{typed}");
        }
    }

    #[test]
    fn a_pin_covers_its_host_at_its_port_alone() {
        let rows = [
            ("a.vn:80:127.0.0.1", "http://a.vn/x", true),
            ("a.vn:80:127.0.0.1", "http://A.vn./x", true),
            ("a.vn:80:127.0.0.1", "https://a.vn/", false),
            ("a.vn:80:127.0.0.1", "http://a.vn:8080/", false),
            ("a.vn:80:127.0.0.1", "http://www.a.vn/", false),
            ("*:80:127.0.0.1", "http://b.vn/", true),
            ("*:80:127.0.0.1", "http://127.0.0.1/", true),
            ("*:80:127.0.0.1", "http://2130706433/", true),
            ("*:80:127.0.0.1", "http://10.0.0.1/", false),
            ("[::1]:80:::1", "http://[::1]/", true),
            ("[::1]:80:::1", "http://[::2]/", false),
        ];
        for (pin, url, covers) in rows {
            let (pin, url): (Pin, Url) = (pin.parse().expect(pin), url.parse().expect(url));
            assert_eq!(pin.covers(&url), covers, "{pin:?} {url}");
        }
    }
}
