//! How does a fuzzer write, in few bytes, a page that a reader has to take apart?
//!
//! Two ways: bytes that stand for the pieces of which newspapers' pages are made, and text in which pieces are repeated.

/// The longest text that [`repeated`] makes, in bytes.
const LONGEST: usize = 192 << 10;

/// A text in which `0x01 n` (n a byte) repeats what stands before it, back to the last such mark, 2ⁿ times (n modulo 15); a `#` in it
/// is the number of the time, so that names differ.
pub fn repeated(data: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = data;
    while let Some(at) = rest.iter().position(|byte| *byte == 1) {
        let piece = String::from_utf8_lossy(&rest[..at]);
        let times = rest.get(at + 1).map_or(1, |n| 1_usize << (n % 15));
        for time in 0..times {
            if out.len() + piece.len() > LONGEST {
                break;
            }
            out.push_str(&piece.replace('#', &time.to_string()));
        }
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    out.push_str(&String::from_utf8_lossy(rest));
    out
}

/// The frames of pages that the built-in rules know, each with its address: `{}` is where the story goes.
const FRAMES: [(&str, &str); 8] = [
    (
        "https://baolaocai.vn/mua-lua-post401122.html",
        "<h1 class='article__title cms-title'>Mùa lúa</h1><div class='article__sapo cms-desc'>LCĐT - Bà con ra đồng.</div>\
         <div class='article__body cms-body'>{}</div>",
    ),
    (
        "https://baocantho.com.vn/mua-lua-a196801.html",
        "<h1 class='title'>Mùa lúa</h1><div id='newscontents'><div class='content-fck'>{}</div></div>",
    ),
    (
        "https://baothainguyen.vn/xa-hoi/202510/mua-lua-1f0c7aa/",
        "<h1 class='media-heading title5'>Mùa lúa</h1><div id='content' class='content-detail'><div class='td-post-content'>{}</div></div>",
    ),
    ("https://baoquangninh.vn/mua-lua-post3351208.html", "<h1 class='name'>Mùa lúa</h1><div id='content-detail'>{}</div>"),
    (
        "https://hanoimoi.vn/mua-lua-700001.html",
        "<h1 class='sc-longform-header-title'>Mùa lúa</h1><div class='b-maincontent'><article class='entry'>{}</article></div>",
    ),
    ("https://baothanhhoa.vn/mua-lua-25801.htm", "<h1 class='pTitle'>Mùa lúa</h1><div id='main-detail'>{}</div>"),
    ("https://baomau.example.vn/mua-lua-12345.html", "<h1>Mùa lúa</h1><div class='noi-dung'>{}</div>"),
    ("", "<title>Mùa lúa - Báo Mẫu</title><article><h1>Mùa lúa</h1>{}</article><aside>{}</aside>"),
];

/// The pieces of a story: markup, and lines that mean something beside others.
const PIECES: [&str; 119] = [
    "<p>",
    "</p>",
    "<br>",
    "<div>",
    "</div>",
    "<b>",
    "</b>",
    "<strong>",
    "</strong>",
    "<em>",
    "</em>",
    "<span>",
    "</span>",
    "<h2>",
    "</h2>",
    "<ul><li>",
    "<li>",
    "</ul>",
    "<table><tr><td>",
    "<td>",
    "<tr><td>",
    "</table>",
    "<blockquote>",
    "</blockquote>",
    "<a href='/b-post2.html'>",
    "</a>",
    "<figure>",
    "</figure>",
    "<figcaption>",
    "</figcaption>",
    "<img src='/a.jpg'>",
    "<img src='/b.jpg' alt='Ruộng lúa'>",
    "<img data-src='/c.jpg' srcset='/d.jpg 2x, /e.jpg 640w'>",
    "<picture><source srcset='/f.webp 1x'>",
    "</picture>",
    "<p style='text-align:right'>",
    "<p class='author'>",
    "<p class='caption'>",
    "<div class='related'>",
    "<div class='box-tin-lien-quan'>",
    "<div style='display:none'>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<iframe src='/v'></iframe>",
    "<video><source src='/v.mp4'></video>",
    "<time datetime='2026-03-07T08:01:00+07:00'>",
    "</time>",
    "&nbsp;",
    "&amp;",
    "&#8203;",
    "&#x1F600;",
    " ",
    "\n",
    ".",
    ", ",
    " - ",
    " – ",
    ": ",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "“",
    "”",
    "…",
    "!",
    "?",
    "/",
    "•",
    "* ",
    ">>",
    "#",
    "1",
    "2",
    "07/03/2026",
    "08:01",
    "Thứ Bảy",
    "LCĐT - ",
    "(CTO) - ",
    "BTNO",
    "TTXVN",
    "(TTXVN)",
    "Theo TTXVN",
    "Theo ",
    "Nguồn: ",
    "Ảnh: ",
    "Ảnh: MINH HẢI",
    "Tin, ảnh: ",
    "P.V",
    "K.Vân",
    "(VĂN PHIN)",
    "Lò Mai",
    "Nhóm PV",
    "Mùa lúa",
    "Mùa lúa ảnh 1",
    "Bà con ra đồng từ sáng sớm.",
    "Trong ảnh: ",
    "Ảnh minh họa",
    "Năm nay lúa chín sớm hơn mọi năm, cả thung lũng vàng rực khi nắng lên.",
    "Tin cùng chuyên mục",
    "Có thể bạn quan tâm",
    "Xem thêm:",
    "Đọc thêm",
    "Chia sẻ",
    "fb",
    "Hotline: ",
    "In bài này",
    "(Còn nữa)",
    "8h00: ",
    "Bài 1: ",
    "e\u{301}",
    "Ð",
    "\u{200b}",
    "\u{a0}",
    "\u{85}",
    "\u{1b}[31m",
];

/// A page and its address from the numbers of its pieces. The first byte chooses the frame; bytes beyond the pieces are letters.
pub fn story(data: &[u8]) -> (Option<String>, String) {
    let (frame, numbers) = data.split_first().unwrap_or((&0, &[]));
    let (url, frame) = FRAMES[usize::from(*frame) % FRAMES.len()];
    let mut story = String::new();
    for number in numbers {
        match PIECES.get(usize::from(*number)) {
            Some(piece) => story.push_str(piece),
            None => story.push(letter(*number)),
        }
    }
    let page = format!("<!doctype html><html lang='vi'><body>{}</body></html>", frame.replace("{}", &story));
    (Some(url).filter(|url| !url.is_empty()).map(str::to_owned), page)
}

/// A letter of Vietnamese, the most frequent ones at the end.
fn letter(number: u8) -> char {
    const LETTERS: [char; 24] =
        ['ế', 'ạ', 'ộ', 'ợ', 'ứ', 'à', 'ó', 'í', 'Đ', 'H', 'N', 'T', 'đ', 'a', 'n', 'h', 'i', 't', 'c', 'g', 'o', 'u', 'm', ' '];
    LETTERS[usize::from(number) % LETTERS.len()]
}
