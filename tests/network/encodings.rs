//! Bodies that are packed wrongly, not as they say, or into next to nothing: none costs memory, none is taken for half an article.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

use crate::program::Told::{self, Article, Failed, Missed};
use crate::program::{article, judge_all, of_pages};
use crate::server::{Act, raw, reply};

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes).expect("memory takes it");
    gzip.finish().expect("memory takes it")
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
    deflate.write_all(bytes).expect("memory takes it");
    deflate.finish().expect("memory takes it")
}

/// A frame of one raw block (RFC 8878 §3.1.1).
fn zstd(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("short");
    let block = (length << 3 | 1).to_le_bytes();
    [&[0x28, 0xb5, 0x2f, 0xfd, 0xa0][..], &length.to_le_bytes(), &block[..3], bytes].concat()
}

/// Blocks that say "128 KiB of one byte" (RFC 8878 §3.1.1.2.2), four bytes each, behind a header for a window of 2 to this power.
fn zstd_bomb(window: u8, blocks: u32) -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, (window - 10) << 3];
    for n in 1..=blocks {
        let header = (128 * 1024) << 3 | 1 << 1 | u32::from(n == blocks);
        frame.extend_from_slice(&header.to_le_bytes()[..3]);
        frame.push(b'a');
    }
    frame
}

/// Bits, the lowest first.
#[derive(Default)]
struct Bits(Vec<u8>, usize);

impl Bits {
    fn put(&mut self, bits: u32, count: usize) {
        for at in 0..count {
            if self.1.is_multiple_of(8) {
                self.0.push(0);
            }
            let last = self.0.len() - 1;
            self.0[last] |= u8::from(bits >> at & 1 == 1) << (self.1 % 8);
            self.1 += 1;
        }
    }
}

/// A brotli stream (RFC 7932 §9) of these bytes as they are, at most 64 KiB, and then, so often, 16 MiB that repeat the last four.
fn brotli(bytes: &[u8], repeats: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(0b1111, 4); // a window of 2^24
    bits.put(0, 1 + 2); // not the last block; its length in four nibbles
    bits.put(u32::try_from(bytes.len() - 1).expect("short"), 16);
    bits.put(1, 1); // as they are
    bits.1 = bits.0.len() * 8;
    bits.0.extend_from_slice(bytes);
    bits.1 += bytes.len() * 8;
    for _ in 0..repeats {
        bits.put(2 << 1, 1 + 2); // not the last block; its length in six nibbles
        bits.put((1 << 24) - 1, 24);
        bits.put(0, 1 + 3 + 6 + 2 + 2); // packed; one type of each block; plain distances; one tree of each
        for (symbol, width) in [(u32::from(b'a'), 8), (391, 10), (0, 6)] {
            bits.put(0b0001, 4); // a code of this one symbol, which takes no bits
            bits.put(symbol, width);
        }
        bits.put((1 << 24) - 2118, 24); // one copy, as long as the block, from the last distance, which is four
    }
    bits.put(0b11, 2); // the last block is empty
    bits.0
}

fn encoded(encoding: &str, body: impl AsRef<[u8]>) -> Vec<Act> {
    reply("200 OK", &format!("Content-Type: text/html; charset=utf-8\r\nContent-Encoding: {encoding}\r\n"), body)
}

/// The same, without a length.
fn streamed(encoding: &str, body: &[u8]) -> Vec<Act> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: {encoding}\r\n\r\n");
    raw([head.as_bytes(), body].concat())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_packed_wrongly_is_no_article() {
    let page = article("Trang hỏng");
    let page = page.as_bytes();
    let (first, second) = page.split_at(page.len() / 2);
    let mut broken = gzip(page);
    broken[40] ^= 0xff;
    let mut wrong_sum = gzip(page);
    let sum = wrong_sum.len() - 8;
    wrong_sum[sum] ^= 0xff;
    let cut = |packed: Vec<u8>| packed[..packed.len() * 2 / 3].to_vec();
    let zeros = gzip(&vec![0; 10 << 20]);
    let rows: Vec<(&str, Vec<Act>, Told)> = vec![
        ("none of these: gzip", encoded("gzip", gzip(page)), Article),
        ("none of these: GZIP", encoded("GZip", gzip(page)), Article),
        ("none of these: x-gzip", encoded("x-gzip", gzip(page)), Article),
        ("none of these: zstd", encoded("zstd", zstd(page)), Article),
        ("none of these: brotli", encoded("br", brotli(page, 0)), Article),
        ("none of these: gzip without a length", streamed("gzip", &gzip(page)), Article),
        ("none of these: gzip in two parts", encoded("gzip", [gzip(first), gzip(second)].concat()), Article),
        ("none of these: nothing done", encoded("identity", page), Article),
        ("none of these: the charset for the encoding", encoded("utf-8", page), Article),
        ("none of these: an encoding that nobody did", encoded("bao-tinh", page), Article),
        ("a gzip cut short", encoded("gzip", cut(gzip(page))), Failed("cut_short")),
        ("a gzip cut short, without a length", streamed("gzip", &cut(gzip(page))), Failed("cut_short")),
        ("a gzip without its sum", encoded("gzip", &gzip(page)[..gzip(page).len() - 8]), Failed("cut_short")),
        ("a gzip in two parts, the second cut short", encoded("gzip", [gzip(first), cut(gzip(second))].concat()), Failed("cut_short")),
        ("a zstd cut short", encoded("zstd", cut(zstd(page))), Failed("cut_short")),
        ("a brotli cut short", encoded("br", cut(brotli(page, 0))), Failed("cut_short")),
        ("a gzip that is broken", encoded("gzip", broken), Failed("bad_encoding")),
        ("a gzip with a wrong sum", encoded("gzip", wrong_sum), Failed("bad_encoding")),
        ("a lie: not gzip", encoded("gzip", page), Failed("bad_encoding")),
        ("a lie: not zstd", encoded("zstd", page), Failed("bad_encoding")),
        ("a lie: not brotli", encoded("br", page), Failed("bad_encoding")),
        ("gzip in gzip", encoded("gzip, gzip", gzip(&gzip(page))), Failed("bad_encoding")),
        ("gzip in gzip, said once", encoded("gzip", gzip(&gzip(page))), Missed("not_html")),
        ("gzip in brotli", encoded("gzip, br", brotli(&gzip(page), 0)), Failed("bad_encoding")),
        ("gzip, not said", encoded("identity", gzip(page)), Missed("not_html")),
        ("deflate, not asked for", encoded("deflate", deflate(page)), Failed("bad_encoding")),
        ("an encoding unknown to us", encoded("bao-tinh", gzip(page)), Failed("bad_encoding")),
        ("a gzip bomb of 2 GiB", encoded("gzip", zeros.repeat(200)), Failed("too_large")),
        ("a gzip bomb of 10 MiB and a byte", encoded("gzip", gzip(&vec![b' '; (10 << 20) + 1])), Failed("too_large")),
        ("a zstd bomb of 2 GiB", encoded("zstd", zstd_bomb(21, 16_384)), Failed("too_large")),
        ("a zstd bomb with a window of 128 MiB", encoded("zstd", zstd_bomb(27, 16_384)), Failed("too_large")),
        ("a zstd bomb with a window of 2 GiB", encoded("zstd", zstd_bomb(31, 16_384)), Failed("bad_encoding")),
        ("a brotli bomb of 2 GiB", encoded("br", brotli(page, 128)), Failed("too_large")),
        ("a gzip bomb in a gzip", encoded("gzip", gzip(&zeros.repeat(200))), Missed("not_html")),
    ];
    judge_all(of_pages(rows).await).await;
}
