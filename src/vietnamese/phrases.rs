//! Which short lines are furniture, and which of them begin a part of the page that is not the article?

/// Lines that head a list of other articles, a share bar, a comment form: all that follows them at their level is not the article.
const HEADINGS: [&str; 66] = [
    "tin liên quan",
    "tin bài liên quan",
    "tin, bài liên quan",
    "bài liên quan",
    "bài viết liên quan",
    "các bài liên quan",
    "tin cùng chuyên mục",
    "cùng chuyên mục",
    "bài cùng chuyên mục",
    "tin bài cùng chuyên mục",
    "tin cùng chủ đề",
    "cùng chủ đề",
    "có thể bạn quan tâm",
    "có thể bạn chưa biết",
    "bạn có thể quan tâm",
    "có thể bạn thích",
    "bạn quan tâm",
    "đọc thêm",
    "xem thêm",
    "đọc tiếp",
    "bài đọc tiếp",
    "tham khảo thêm",
    "đọc nhiều",
    "đọc nhiều nhất",
    "tin đọc nhiều",
    "tin xem nhiều",
    "xem nhiều",
    "xem nhiều nhất",
    "tin mới",
    "tin mới nhất",
    "tin khác",
    "các tin khác",
    "tin tức khác",
    "bài khác",
    "tin cũ hơn",
    "tin mới hơn",
    "các tin mới hơn",
    "các tin cũ hơn",
    "tin đã đưa",
    "các tin đã đưa",
    "tin nổi bật",
    "tiêu điểm",
    "bài nổi bật",
    "tin nóng",
    "tin địa phương",
    "tin trong ngày",
    "đừng bỏ lỡ",
    "đáng chú ý",
    "từ khóa",
    "từ khoá",
    "bình luận",
    "ý kiến bạn đọc",
    "ý kiến của bạn",
    "gửi bình luận",
    "chia sẻ bài viết",
    "chia sẻ bài viết này",
    "gửi ý kiến",
    "thảo luận",
    "mời bạn đọc xem thêm",
    "chủ đề liên quan",
    "video liên quan",
    "video nổi bật",
    "related news",
    "related articles",
    "read more",
    "you may also like",
];

/// Lines that are furniture wherever they stand, and whatever follows in them.
const LINES: [&str; 25] = [
    "theo dõi báo",
    "theo dõi chúng tôi",
    "mời quý độc giả theo dõi",
    "mời bạn đọc theo dõi",
    "mời độc giả theo dõi",
    "quý độc giả có thể theo dõi",
    "nhấn theo dõi",
    "follow us",
    "in bài này",
    "in bài viết",
    "gửi bài viết",
    "chia sẻ facebook",
    "chia sẻ qua",
    "chia sẻ lên",
    "lượt xem:",
    "số lượt xem",
    "copy link",
    "sao chép liên kết",
    "liên hệ quảng cáo",
    "được tài trợ",
    "nội dung đang được cập nhật",
    "nguồn tin:",
    "link bài gốc",
    "lấy link",
    "nhập chú thích ảnh",
];

/// A line of more words than these is a sentence, however it begins.
const MOST_OF_A_LINE: usize = 40;

/// The longest heading of furniture, in words.
const LONGEST: usize = 9;

/// Does a line head furniture? `key` is the line as [`fold`](super::text::fold) gives it; `more` are the headings that selectors.toml
/// adds, as [`bare`] gives them.
#[must_use]
pub fn heads_furniture(key: &str, more: &[String]) -> bool {
    if key.split(' ').take(LONGEST + 1).count() > LONGEST {
        return false;
    }
    let key = bare(key);
    HEADINGS.contains(&key) || more.iter().any(|h| h == key)
}

/// Is a line furniture by itself? `key` is the line as [`fold`](super::text::fold) gives it, and so are `more`, the lines that
/// selectors.toml adds.
#[must_use]
pub fn is_furniture(key: &str, more: &[String]) -> bool {
    if !key.chars().any(char::is_alphanumeric) || is_template(key) {
        return true;
    }
    let short = || key.split(' ').take(MOST_OF_A_LINE + 1).count() <= MOST_OF_A_LINE;
    (LINES.iter().any(|l| key.starts_with(l)) && short()) || is_count_of_readers(key) || more.iter().any(|l| key.starts_with(l.as_str()))
}

/// Does `line` send the reader to another article (`>> Xem thêm: …`)? `key` is the line as [`fold`](super::text::fold) gives it.
#[must_use]
pub fn points_elsewhere(line: &str, key: &str) -> bool {
    let folded = bare_start(key);
    [">>", "»", "►", "▶", "=>"].iter().any(|arrow| line.starts_with(arrow))
        || [
            "xem thêm:",
            "đọc thêm:",
            "xem thêm ",
            "đọc thêm ",
            "tin liên quan:",
            "bài liên quan:",
            "mời xem:",
            "xem tiếp:",
            "read more:",
            "see also:",
        ]
        .iter()
        .any(|p| folded.starts_with(p))
}

/// `{{ article.title }}`: a template that no script has filled.
fn is_template(line: &str) -> bool {
    line.split_once("{{").is_some_and(|(_, rest)| rest.contains("}}"))
}

/// `2,695 lượt xem`.
fn is_count_of_readers(folded: &str) -> bool {
    let Some((number, rest)) = folded.split_once(' ') else { return false };
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'));
    is_number && matches!(rest, "lượt xem" | "lượt đọc" | "bình luận" | "views" | "lượt thích")
}

/// A folded line without what is printed around a heading: colons, arrows, bullets, dots.
#[must_use]
pub fn bare(folded: &str) -> &str {
    bare_start(folded).trim_end_matches(|c: char| !c.is_alphanumeric())
}

fn bare_start(folded: &str) -> &str {
    folded.trim_start_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::super::text::fold;
    use super::*;

    #[test]
    fn headings_of_furniture_are_known_in_every_dress() {
        for line in [
            "Tin cùng chuyên mục",
            "TIN LIÊN QUAN:",
            ">> Có thể bạn quan tâm",
            "• Đọc thêm",
            "Từ khoá",
            "BÌNH LUẬN (3)".trim_end_matches(" (3)"),
        ] {
            assert!(heads_furniture(&fold(line), &[]), "{line}");
        }
        assert!(heads_furniture(&fold("Chuyện quê"), &["chuyện quê".to_owned()]));
    }

    #[test]
    fn sub_headings_of_a_story_head_no_furniture() {
        for line in [
            "Tin vui đến từ bản làng",
            "Đọc thêm sách là một thói quen tốt của học sinh vùng cao",
            "Xem thêm một mùa lúa",
            "Tiêu điểm của năm học",
        ] {
            assert!(!heads_furniture(&fold(line), &[]), "{line}");
        }
    }

    #[test]
    fn lines_of_dots_counters_and_calls_are_furniture() {
        for line in [
            ".",
            "* * *",
            "{{ article.adsMiddle }}",
            "Xem thêm {{related.title}}",
            "2,695 lượt xem",
            "Theo dõi Báo Lào Cai trên Google News",
            "In bài này",
        ] {
            assert!(is_furniture(&fold(line), &[]), "{line}");
        }
        for line in ["Theo dõi mực nước, xã báo cáo mỗi giờ.", "8h00: Nước bắt đầu rút", "12 lượt xe"] {
            assert!(!is_furniture(&fold(line), &[]), "{line}");
        }
    }
}
