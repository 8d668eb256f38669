//! Which picture does this element show, in which sizes, and what does its markup say of it?

use scraper::{ElementRef, Node};

use super::effort::spend;
use super::markup::attribute;

/// A picture as its markup describes it; addresses are as written in the page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Picture {
    /// The largest version named.
    pub address: String,
    /// `alt`, `title`, `data-desc` and their like, in that order, empty ones left out.
    pub words: Vec<String>,
    /// What `data-desc`, `data-title` or `data-caption` say stands under it.
    pub described: Option<String>,
    /// `data-author`: who took it.
    pub author: Option<String>,
}

/// Attributes that name the original of a picture, the largest first. Sources: `VCCorp` `data-original`, ePi
/// `data-photo-original-src`, `WordPress` `data-orig-file` and `data-large-file`.
const ORIGINALS: [&str; 7] =
    ["data-original", "data-photo-original-src", "data-original-src", "data-orig-file", "data-large-file", "data-full", "data-full-src"];

/// Attributes in which scripts keep the address until the picture comes into view.
const LAZY: [&str; 4] = ["data-src", "data-lazy-src", "data-lazy", "data-url"];

/// Pictures no wider or higher than this many pixels are icons.
const ICON: u32 = 60;

/// No picture comes in more versions than these.
const MOST_SOURCES: usize = 32;

/// Reads an `<img>`; `None` for icons, spacers and pixels that count readers.
pub(super) fn read(img: ElementRef) -> Option<Picture> {
    let e = img.value();
    if is_icon(img) {
        return None;
    }
    let around = Around::of(img);
    let address = around
        .metadata
        .clone()
        .or_else(|| ORIGINALS.iter().find_map(|a| usable(attribute(e, a))))
        .or_else(|| around.link.clone())
        .or_else(|| {
            largest(around.sources.iter().map(String::as_str).chain(["srcset", "data-srcset"].iter().filter_map(|a| attribute(e, a))))
        })
        .or_else(|| LAZY.iter().find_map(|a| usable(attribute(e, a))))
        .or_else(|| usable(attribute(e, "src")))?;
    if is_ornament(&address) {
        return None;
    }
    let described = ["data-desc", "data-caption", "data-title"]
        .iter()
        .find_map(|a| attribute(e, a))
        .map(str::to_owned)
        .or(around.described)
        .filter(|d| !d.trim().is_empty());
    let words = ["alt", "title"].iter().filter_map(|a| attribute(e, a)).filter(|w| !w.trim().is_empty()).map(str::to_owned).collect();
    let author = attribute(e, "data-author").filter(|a| !a.trim().is_empty()).map(str::to_owned);
    Some(Picture { address, words, described, author })
}

/// What the elements around a picture say of it.
#[derive(Default)]
struct Around {
    /// `<a href>` to a picture file: the larger version that opens on a click.
    link: Option<String>,
    /// `srcset`s of the `<source>`s of a `<picture>`.
    sources: Vec<String>,
    /// `<meta itemprop="url">` of a schema.org `ImageObject`.
    metadata: Option<String>,
    /// `data-desc` or `data-title` of the link.
    described: Option<String>,
}

impl Around {
    /// Looks at no more than five ancestors, up to the figure.
    fn of(img: ElementRef) -> Self {
        let mut around = Self::default();
        for ancestor in img.ancestors().take(5).filter_map(ElementRef::wrap) {
            let e = ancestor.value();
            match e.name() {
                "a" => {
                    around.link = usable(attribute(e, "href")).filter(|a| is_picture_file(a));
                    around.described = ["data-desc", "data-title", "data-caption"].iter().find_map(|a| attribute(e, a)).map(str::to_owned);
                }
                "picture" => around.sources.extend(sources(ancestor)),
                "figure" => {
                    if attribute(e, "itemtype").is_some_and(|t| t.contains("ImageObject")) {
                        around.metadata = image_object(ancestor);
                    }
                    break;
                }
                "table" | "article" | "section" | "body" => break,
                _ => {}
            }
        }
        around
    }
}

fn sources(picture: ElementRef) -> Vec<String> {
    picture
        .child_elements()
        .filter(|e| e.value().name() == "source")
        .take(MOST_SOURCES)
        .filter_map(|e| attribute(e.value(), "srcset").or_else(|| attribute(e.value(), "data-srcset")))
        .map(str::to_owned)
        .collect()
}

/// The address that a figure's own microdata gives; only where it shows one picture.
fn image_object(figure: ElementRef) -> Option<String> {
    let mut pictures = 0;
    let mut address = None;
    for e in figure.descendants().filter_map(|n| match n.value() {
        Node::Element(e) => Some(e),
        _ => None,
    }) {
        spend(1);
        pictures += u32::from(e.name() == "img");
        if pictures > 1 {
            return None;
        }
        if e.name() == "meta" && attribute(e, "itemprop") == Some("url") {
            address = address.or_else(|| usable(attribute(e, "content")));
        }
    }
    address
}

/// The candidate with the greatest width or density of some `srcset`s.
fn largest<'a>(srcsets: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut best: Option<(f64, &str)> = None;
    for candidate in srcsets.flat_map(candidates) {
        let mut words = candidate.split_whitespace();
        let Some(address) = words.next() else { continue };
        let size = words.next().and_then(|d| d.trim_end_matches(['w', 'x', 'h']).parse().ok()).unwrap_or(1.0);
        if usable(Some(address)).is_some() && best.is_none_or(|(s, _)| size > s) {
            best = Some((size, address));
        }
    }
    best.map(|(_, address)| address.to_owned())
}

/// Splits a `srcset` at the commas that end a candidate: those followed by white space, since addresses hold commas too.
fn candidates(srcset: &str) -> impl Iterator<Item = &str> {
    srcset
        .split_inclusive(|c: char| c.is_whitespace())
        .scan(0_usize, |end, part| {
            *end += part.len();
            Some((*end, part))
        })
        .filter(|(_, part)| part.trim_end().ends_with(','))
        .map(|(end, _)| end)
        .chain(std::iter::once(srcset.len()))
        .scan(0_usize, move |start, end| {
            let piece = &srcset[*start..end];
            *start = end;
            Some(piece.trim().trim_end_matches(','))
        })
}

fn usable(address: Option<&str>) -> Option<String> {
    let address = address?.trim();
    let useless = address.is_empty()
        || address.starts_with("data:")
        || address.starts_with("javascript:")
        || address.starts_with('#')
        || address.starts_with("about:");
    (!useless).then(|| address.to_owned())
}

fn is_picture_file(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('.')
        .next()
        .is_some_and(|end| ["jpg", "jpeg", "png", "gif", "webp", "avif", "bmp", "jfif"].iter().any(|known| end.eq_ignore_ascii_case(known)))
}

fn is_icon(img: ElementRef) -> bool {
    let small = |name: &str| {
        attribute(img.value(), name).and_then(|v| v.trim().trim_end_matches("px").parse::<u32>().ok()).is_some_and(|v| v <= ICON)
    };
    small("width")
        || small("height")
        || attribute(img.value(), "class")
            .unwrap_or_default()
            .split_ascii_whitespace()
            .any(|c| matches!(c, "icon" | "emoji" | "avatar" | "isauthor" | "logo"))
}

/// Spacers, counters and signs by the names of their files.
fn is_ornament(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    ["spacer.", "blank.", "pixel.", "loading.", "icon-", "icon_", "ico_", "ico-", "logo.", "no-image.", "noimage."]
        .iter()
        .any(|s| file.starts_with(s))
        || address.contains("facebook.com/tr")
}

#[cfg(test)]
mod tests {
    use scraper::{Html, Selector};

    use super::*;

    fn read_first(html: &str) -> Option<Picture> {
        let page = Html::parse_fragment(html);
        let img = Selector::parse("img").expect("a sound selector");
        let element = page.select(&img).next().expect("the sample holds a picture");
        read(element)
    }

    fn address(html: &str) -> Option<String> {
        read_first(html).map(|p| p.address)
    }

    #[test]
    fn the_largest_version_named_wins() {
        let rows = [
            (r#"<img src="/s.jpg">"#, "/s.jpg"),
            (r#"<img src="data:image/gif;base64,R0" data-src="/lazy.jpg">"#, "/lazy.jpg"),
            (r#"<img src="/thumb.jpg" data-original="/whole.jpg">"#, "/whole.jpg"),
            (r#"<img src="/s.jpg" data-photo-original-src="">"#, "/s.jpg"),
            (r#"<a href="/big.jpg"><img src="/s.jpg"></a>"#, "/big.jpg"),
            (r#"<a href="/story.html"><img src="/s.jpg"></a>"#, "/s.jpg"),
            (r#"<img src="/s.jpg" srcset="/a.jpg 320w, /b,c.jpg 1200w, /d.jpg 640w">"#, "/b,c.jpg"),
            (r#"<picture><source data-srcset="/a.jpg?w=1 1x, /a.jpg?w=2 2x"><img src="data:x" data-src="/s.jpg"></picture>"#, "/a.jpg?w=2"),
            (
                r#"<figure itemtype="http://schema.org/ImageObject"><meta itemprop="url" content="/o.jpg"><img src="/s.jpg"></figure>"#,
                "/o.jpg",
            ),
        ];
        for (html, expected) in rows {
            assert_eq!(address(html).as_deref(), Some(expected), "{html}");
        }
    }

    #[test]
    fn icons_and_spacers_are_no_pictures() {
        for html in [r#"<img src="/x.png" width="16">"#, r#"<img src="/spacer.gif">"#, r#"<img src="data:image/gif;base64,R0">"#, "<img>"] {
            assert_eq!(read_first(html), None, "{html}");
        }
    }

    #[test]
    fn the_description_of_the_link_is_the_pictures() {
        let picture = read_first(r#"<a class="photo" href="/b.jpg" data-desc="Cầu mới."><img src="/s.jpg" alt="Bài ảnh 1"></a>"#);
        let picture = picture.expect("a picture");
        assert_eq!(picture.described.as_deref(), Some("Cầu mới."));
        assert_eq!(picture.words, ["Bài ảnh 1"]);
    }
}
