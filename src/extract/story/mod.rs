//! What of these blocks is the story, and what are its captions, credits, bylines and marks?
//!
//! The text rules that no selector can say, in one order: pictures and captions, lines that are furniture, what follows a heading of
//! furniture, the dateline, the byline and source at the end. Each block that goes, goes for a reason with a name.

mod captions;
mod ending;

use std::collections::HashSet;

use ego_tree::NodeId;
use url::Url;

use super::effort::spend;
use super::picture_line::{self, PictureLine, Titles};
use super::walk::{Block, What};
use crate::article::Image;
use crate::paper::{CaptionAfterPicture, FirstParagraph};
use crate::vietnamese::text::{fold, language_of};
use crate::vietnamese::{byline, dateline, dates, phrases};

/// Why a block is not in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Why {
    /// It stands under a picture.
    Caption,
    /// It is the `<title> ảnh N` line of a picture.
    PictureLine,
    /// It is the headline again.
    Title,
    /// It is the lead again, or the line before it again.
    Repeated,
    /// It is a dot, a counter, a call to follow the paper.
    Furniture,
    /// It leads to another article, or follows a heading that begins such a list.
    Related,
    /// It names who wrote the article.
    Byline,
    /// It names the agency that the article is from.
    Source,
    /// It is the paper's mark.
    Dateline,
}

impl Why {
    /// The word by which explanations know it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Caption => "caption",
            Self::PictureLine => "picture_line",
            Self::Title => "title",
            Self::Repeated => "repeated",
            Self::Furniture => "furniture_line",
            Self::Related => "related",
            Self::Byline => "byline",
            Self::Source => "source",
            Self::Dateline => "dateline",
        }
    }
}

/// What the page told before its body is looked at.
pub(super) struct Around<'a> {
    /// The headline in all its spellings.
    pub titles: &'a Titles,
    /// The lead, when it stands outside of the body.
    pub lead: Option<String>,
    /// Whether the body's first paragraph is the lead.
    pub first_is_lead: Option<FirstParagraph>,
    /// The paper's marks, without brackets and dash.
    pub datelines: &'a [String],
    /// Headings of furniture that selectors.toml adds, folded and bare.
    pub headings: &'a [String],
    /// Lines of furniture that selectors.toml adds, folded.
    pub lines: &'a [String],
    pub captions: CaptionAfterPicture,
    /// What the picture's addresses are relative to.
    pub base: Option<&'a Url>,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub lead: Option<String>,
    pub dateline: Option<String>,
    /// Lead and body, paragraphs apart by a blank line.
    pub text: String,
    /// What the letters of the text say that it is written in.
    pub language: Option<&'static str>,
    pub authors: Vec<String>,
    pub source: Option<String>,
    pub images: Vec<Image>,
    /// How many blocks of the body are text.
    pub paragraphs: usize,
    /// How many of them stand directly after a picture.
    pub under_pictures: usize,
    /// How many blocks went as captions, by rule or by judgement.
    pub captions: u32,
    /// For each block that was looked at, why it is not text.
    pub gone: Vec<Option<Why>>,
}

/// The blocks at work, each with the reason why it is not text.
pub(super) struct Draft {
    pub blocks: Vec<Block>,
    pub gone: Vec<Option<Why>>,
    /// The text of each block as it is compared.
    pub keys: Vec<String>,
}

impl Draft {
    fn new(blocks: Vec<Block>) -> Self {
        let gone = vec![None; blocks.len()];
        let keys = blocks.iter().map(|b| fold(&b.text)).collect();
        Self { blocks, gone, keys }
    }

    /// Gives a block another text.
    fn rewrite(&mut self, at: usize, text: String) {
        self.keys[at] = fold(&text);
        self.blocks[at].text = text;
    }

    /// Takes a block out of the text, unless a rule keeps it.
    fn drop(&mut self, at: usize, why: Why) {
        if !self.blocks[at].kept && self.gone[at].is_none() {
            self.gone[at] = Some(why);
        }
    }

    /// Is this block text that has not gone?
    fn is_text(&self, at: usize) -> bool {
        spend(1);
        self.gone[at].is_none() && !matches!(self.blocks[at].what, What::Picture(..) | What::Caption(_))
    }

    fn texts(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.blocks.len()).filter(|at| self.is_text(*at))
    }
}

/// Reads the story of some blocks.
pub(super) fn read(blocks: Vec<Block>, around: &Around) -> Story {
    let mut draft = Draft::new(blocks);
    let mut story = Story { lead: around.lead.clone().filter(|l| !around.titles.is_title(l)), ..Story::default() };
    take_mark_of_lead(&mut story, around);
    drop_titles(&mut draft, around);
    story.images = captions::settle(&mut draft, around);
    drop_lines(&mut draft, around);
    cut_furniture(&mut draft, around);
    drop_repeats(&mut draft, &mut story, around);
    let mark_at_the_end = ending::settle(&mut draft, &mut story, around);
    take_mark(&mut draft, &mut story, around);
    story.dateline = story.dateline.take().or(mark_at_the_end);
    take_lead(&mut draft, &mut story, around);
    write(&draft, &mut story);
    story
}

fn take_mark_of_lead(story: &mut Story, around: &Around) {
    let Some(lead) = &story.lead else { return };
    if let Some(marked) = dateline::split(lead, around.datelines) {
        story.dateline = Some(marked.mark.to_owned());
        story.lead = Some(marked.rest.to_owned());
    }
}

/// The headline printed again, and the `<title> ảnh N` lines; a caption glued to one stays in its place as a caption.
fn drop_titles(draft: &mut Draft, around: &Around) {
    let alts = picture_lines_in_alts(draft);
    for at in 0..draft.blocks.len() {
        let block = &draft.blocks[at];
        if matches!(block.what, What::Picture(..)) {
            continue;
        }
        let is_caption = matches!(block.what, What::Caption(_));
        match around.titles.picture_line(&block.text) {
            Some(PictureLine::Alone) => {
                draft.gone[at] = Some(Why::PictureLine);
            }
            Some(PictureLine::Caption(rest)) => {
                let rest = rest.to_owned();
                draft.rewrite(at, rest);
                if !is_caption {
                    draft.blocks[at].what = What::Caption(0);
                }
            }
            None if alts.contains(&draft.keys[at]) => draft.gone[at] = Some(Why::PictureLine),
            None if !is_caption && around.titles.has_key(&draft.keys[at]) => draft.drop(at, Why::Title),
            None => {}
        }
    }
}

/// What pictures say of themselves that ends as a picture line does (`giá hoa - Ảnh 1.`), folded: some papers put a key word there
/// instead of the headline.
fn picture_lines_in_alts(draft: &Draft) -> HashSet<String> {
    let pictures = draft.blocks.iter().filter_map(|b| match &b.what {
        What::Picture(picture, _) => Some(picture),
        _ => None,
    });
    pictures.flat_map(|p| &p.words).filter(|w| picture_line::ends_as_one(w)).map(|w| fold(w)).collect()
}

/// Lines that are furniture wherever they stand, and paragraphs that are nothing but a link to another article.
fn drop_lines(draft: &mut Draft, around: &Around) {
    let mut is_first = true;
    for at in 0..draft.blocks.len() {
        if !draft.is_text(at) || matches!(draft.blocks[at].what, What::Byline) {
            continue;
        }
        let (block, key) = (&draft.blocks[at], draft.keys[at].as_str());
        let linked = block.linked * 10 >= block.chars * 8;
        let leads_away = linked && !matches!(block.what, What::Row) && block.text.split(' ').count() > 3;
        // A title has no full stop; without a link, what has one is an answer or a sentence behind an arrow.
        let points = block.text.starts_with(">>") && !block.text.ends_with('.');
        let sends_away = (block.linked * 3 >= block.chars || points) && phrases::points_elsewhere(&block.text, key);
        let is_clock = is_first && dates::is_line(&block.text);
        is_first &= is_clock;
        if phrases::is_furniture(key, around.lines) || is_clock || names_a_film(&block.text, key) {
            draft.drop(at, Why::Furniture);
        } else if leads_away || sends_away {
            draft.drop(at, Why::Related);
        }
    }
}

/// `Video: Chợ phiên buổi sớm`: what a film is called, and not who made it.
fn names_a_film(text: &str, key: &str) -> bool {
    (key.starts_with("video:") || key.starts_with("clip:")) && key.split(' ').count() <= 30 && byline::signed(text).is_none()
}

/// Headings such as "Tin cùng chuyên mục" and what follows them, up to where the story goes on at its own level.
fn cut_furniture(draft: &mut Draft, around: &Around) {
    // Where the story's own lines stand, of all that came before.
    let mut levels: HashSet<NodeId> = HashSet::new();
    let mut at = 0;
    while at < draft.blocks.len() {
        let heads = draft.is_text(at) && !draft.blocks[at].kept && phrases::heads_furniture(&draft.keys[at], around.headings);
        if !heads {
            if draft.is_text(at) {
                levels.insert(draft.blocks[at].level);
            }
            at += 1;
            continue;
        }
        draft.drop(at, Why::Related);
        let end = (at + 1..draft.blocks.len()).find(|next| goes_on(draft, at, *next, &levels)).unwrap_or(draft.blocks.len());
        for next in at + 1..end {
            if draft.is_text(next) {
                draft.drop(next, Why::Related);
            }
        }
        at = end;
    }
}

/// The fewest characters of a paragraph that shows that the story goes on after a list of other articles at its own level.
const GOES_ON: usize = 90;

/// Is `next` a line of the story again, after the heading of furniture at `heading`? A heading inside of a box ends with its box: the
/// story goes on at the first line that stands where its lines stood before. A heading among the story's own paragraphs is followed
/// by the others' titles at the same level: there it takes a long paragraph without links.
fn goes_on(draft: &Draft, heading: usize, next: usize, levels: &HashSet<NodeId>) -> bool {
    spend(1);
    let block = &draft.blocks[next];
    if block.kept {
        return true;
    }
    if !draft.is_text(next) || block.linked * 3 >= block.chars || !levels.contains(&block.level) {
        return false;
    }
    let boxed = !levels.contains(&draft.blocks[heading].level);
    boxed || (matches!(block.what, What::Paragraph) && block.chars >= GOES_ON)
}

/// The lead printed again at the head of the body, and of two adjacent lines that are the same, the second.
///
/// The lead has lost its mark by now; printed again it may still have one.
fn drop_repeats(draft: &mut Draft, story: &mut Story, around: &Around) {
    let lead = story.lead.as_deref().map(fold);
    let mut last = lead.clone();
    let texts: Vec<usize> = draft.texts().collect();
    for (seen, at) in texts.into_iter().enumerate() {
        let text = draft.blocks[at].text.as_str();
        let mut key = std::mem::take(&mut draft.keys[at]);
        let mut again_lead = seen < 3 && lead.as_ref() == Some(&key);
        if let Some(marked) = dateline::split(text, around.datelines).filter(|_| seen < 3 && !again_lead) {
            let bare = fold(marked.rest);
            if lead.as_ref() == Some(&bare) {
                story.dateline.get_or_insert_with(|| marked.mark.to_owned());
                (key, again_lead) = (bare, true);
            }
        }
        if let Some(whole) = story.lead.as_deref().filter(|l| seen < 3 && is_cut_short(l, text)).map(|_| text.to_owned()) {
            story.lead = Some(whole);
            again_lead = true;
        }
        draft.keys[at].clone_from(&key);
        if Some(&key) == last.as_ref() && key.chars().count() > 12 || again_lead {
            draft.drop(at, Why::Repeated);
        } else {
            last = Some(key);
        }
    }
}

/// The fewest characters of a lead that can be told to be the beginning of a paragraph.
const LONG_ENOUGH: usize = 40;

/// Is `lead` the beginning of `paragraph`, cut in the middle of its sentence, as descriptions for search engines are?
fn is_cut_short(lead: &str, paragraph: &str) -> bool {
    let bare = lead.trim_end_matches(['.', '…', ' ']);
    let cut = bare.len() + 1 < lead.len() || lead.ends_with('…') || !lead.ends_with(['.', '!', '?', '”', '"', ')']);
    cut && bare.chars().count() >= LONG_ENOUGH && bare.len() < paragraph.len() && fold(paragraph).starts_with(&fold(bare))
}

/// The paper's mark at the beginning of the body.
fn take_mark(draft: &mut Draft, story: &mut Story, around: &Around) {
    let first: Vec<usize> = draft.texts().take(2).collect();
    for at in first {
        let text = draft.blocks[at].text.clone();
        if dateline::is_mark(&text, around.datelines) {
            story.dateline.get_or_insert_with(|| text.trim_end_matches(['-', '–', '—', ' ']).to_owned());
            draft.drop(at, Why::Dateline);
            continue;
        }
        if let Some(marked) = dateline::split(&text, around.datelines) {
            story.dateline.get_or_insert_with(|| marked.mark.to_owned());
            let block = &mut draft.blocks[at];
            let left = marked.rest.chars().filter(|c| !c.is_whitespace()).count();
            block.style.bold |= block.bold > 0 && block.bold * 10 >= left * 9;
            let rest = String::from(marked.rest);
            draft.rewrite(at, rest);
        }
        break;
    }
}

/// The body's first paragraph, where the rules say that it is the lead.
fn take_lead(draft: &mut Draft, story: &mut Story, around: &Around) {
    if story.lead.is_some() {
        return;
    }
    let Some(how) = around.first_is_lead else { return };
    let Some(at) = draft.texts().next() else { return };
    let block = &draft.blocks[at];
    let fits = matches!(block.what, What::Paragraph | What::Heading(_)) && (how == FirstParagraph::Any || block.style.bold);
    if fits && block.text.split(' ').count() >= SHORTEST_LEAD {
        story.lead = Some(block.text.clone());
        draft.gone[at] = Some(Why::Repeated);
    }
}

/// A bold first line of fewer words is a sub-heading and no lead.
const SHORTEST_LEAD: usize = 8;

/// Lead and body: paragraphs apart by a blank line, lines of one paragraph by a line break.
fn write(draft: &Draft, story: &mut Story) {
    let mut text = story.lead.clone().unwrap_or_default();
    let mut before: Option<usize> = None;
    // Whether the nearest block above, captions looked through, is a picture.
    let mut under_picture = false;
    for (at, block) in draft.blocks.iter().enumerate() {
        if !draft.is_text(at) || block.text.is_empty() {
            if !matches!(draft.gone[at], Some(Why::Caption | Why::PictureLine)) {
                under_picture = matches!(block.what, What::Picture(..));
            }
            continue;
        }
        let same = block.continues && before.is_some_and(|b| draft.blocks[b].node == block.node);
        if !text.is_empty() {
            text.push_str(if same { "\n" } else { "\n\n" });
        }
        text.push_str(&block.text);
        before = Some(at);
        story.paragraphs += 1;
        story.under_pictures += usize::from(std::mem::take(&mut under_picture));
    }
    story.captions = u32::try_from(draft.gone.iter().filter(|g| **g == Some(Why::Caption)).count()).unwrap_or(u32::MAX);
    story.language = language_of(&text);
    story.text = text;
    story.gone.clone_from(&draft.gone);
}

#[cfg(test)]
mod tests {
    use scraper::{ElementRef, Html};

    use super::super::walk::{Verdict, Walk};
    use super::*;

    /// The story of a body that no rule is there for, below a lead that the page prints by itself.
    fn told(body: &str, lead: Option<&str>) -> Story {
        let page = Html::parse_fragment(body);
        let verdict = |_: ElementRef| Verdict::Silent;
        let mut walk = Walk::new(&verdict, true);
        walk.over(page.root_element());
        let base = Url::parse("https://a.vn/").expect("a sound address");
        let around = Around {
            titles: &Titles::new(["Hội làng mở sớm"]),
            lead: lead.map(str::to_owned),
            first_is_lead: Some(FirstParagraph::Bold),
            datelines: &["LSO".to_owned(), "Baothanhhoa.vn".to_owned()],
            headings: &[],
            lines: &[],
            captions: CaptionAfterPicture::Centred,
            base: Some(&base),
        };
        read(std::mem::take(&mut walk.blocks), &around)
    }

    fn captions(story: &Story) -> Vec<(&str, Option<&str>, Option<&str>)> {
        let short = |url: &'_ str| url.rsplit('/').next().map_or(0, |name| url.len() - name.len());
        story.images.iter().map(|i| (&i.url[short(&i.url)..], i.caption.as_deref(), i.credit.as_deref())).collect()
    }

    #[test]
    fn a_lead_that_the_body_prints_again_with_its_mark_stands_once() {
        let lead = "(Baothanhhoa.vn) - Sáng nay, làng mở hội trước mùa gặt hai tuần.";
        let story = told(&format!("<p>{lead}</p><p>Trống nổi từ bốn giờ sáng.</p>"), Some(lead));
        assert_eq!(story.text, "Sáng nay, làng mở hội trước mùa gặt hai tuần.\n\nTrống nổi từ bốn giờ sáng.");
        let bare = "Sáng nay, làng mở hội trước mùa gặt hai tuần.";
        let story = told(&format!("<p>{lead}</p><p>Trống nổi từ bốn giờ sáng.</p>"), Some(bare));
        assert_eq!(story.text, "Sáng nay, làng mở hội trước mùa gặt hai tuần.\n\nTrống nổi từ bốn giờ sáng.");
        assert_eq!(story.dateline.as_deref(), Some("(Baothanhhoa.vn)"));
    }

    #[test]
    fn a_lead_cut_short_is_made_whole_by_the_paragraph_that_it_begins() {
        let whole = "Sáng nay, làng mở hội trước mùa gặt hai tuần, có trống và có rước nước.";
        for lead in ["Sáng nay, làng mở hội trước mùa gặt hai tuần, có...", "Sáng nay, làng mở hội trước mùa gặt hai tuần, có trố"]
        {
            let story = told(&format!("<p>{whole}</p><p>Trống nổi từ bốn giờ sáng.</p>"), Some(lead));
            assert_eq!(story.lead.as_deref(), Some(whole));
            assert_eq!(story.text, format!("{whole}\n\nTrống nổi từ bốn giờ sáng."));
        }
        let lead = "Sáng nay, làng mở hội trước mùa gặt hai tuần.";
        let story = told(&format!("<p>{lead} Trống nổi từ bốn giờ sáng.</p>"), Some(lead));
        assert_eq!(story.lead.as_deref(), Some(lead));
    }

    #[test]
    fn a_bold_first_paragraph_is_the_lead_though_its_mark_is_not_bold() {
        let story = told("<p>LSO - <strong>Làng mở hội sớm hai tuần so với năm ngoái.</strong></p><p>Trống nổi từ bốn giờ.</p>", None);
        assert_eq!(story.lead.as_deref(), Some("Làng mở hội sớm hai tuần so với năm ngoái."));
        let story = told("<p><strong>LSO</strong> - Làng mở hội sớm hai tuần so với năm ngoái.</p><p>Trống nổi từ bốn giờ.</p>", None);
        assert_eq!(story.lead, None);
    }

    #[test]
    fn captions_below_pictures_side_by_side_belong_to_the_picture_above_each() {
        let row = |captions: &str| {
            format!(
                "<table><tr><td><img src='1.jpg'></td><td><img src='2.jpg'></td></tr><tr>{captions}</tr></table><p>Hội tan lúc chiều.</p>"
            )
        };
        let story = told(&row("<td>Ném còn.</td><td>Kéo co.</td>"), None);
        assert_eq!(captions(&story), [("1.jpg", Some("Ném còn."), None), ("2.jpg", Some("Kéo co."), None)]);
        let story = told(&row("<td colspan='2'>Ném còn và kéo co.</td>"), None);
        assert_eq!(captions(&story), [("1.jpg", None, None), ("2.jpg", Some("Ném còn và kéo co."), None)]);
        let story = told(&row("<td colspan='2'><p>Ném còn và kéo co.</p><p>Ảnh: P.V</p></td>"), None);
        assert_eq!(captions(&story)[1], ("2.jpg", Some("Ném còn và kéo co."), Some("P.V")));
    }

    #[test]
    fn a_line_that_signs_for_the_words_is_no_credit_of_the_picture_above_it() {
        let story = told("<p>Hội tan lúc chiều.</p><p><img src='1.jpg'></p><p align='right'><b>Bài, ảnh: HẢI YẾN</b></p>", None);
        assert_eq!((captions(&story), story.authors.as_slice()), (vec![("1.jpg", None, None)], ["HẢI YẾN".to_owned()].as_slice()));
        let story = told("<p>Hội tan lúc chiều.</p><p><img src='1.jpg'></p><p align='right'><b>Ảnh: HẢI YẾN</b></p>", None);
        assert_eq!((captions(&story), story.authors.as_slice()), (vec![("1.jpg", None, Some("HẢI YẾN"))], [].as_slice()));
    }

    #[test]
    fn a_reporter_in_brackets_on_a_line_of_his_own_is_no_text() {
        let story = told(
            "<h3>Mở phà</h3><p>Phà chạy thêm hai chuyến.</p><p><b>(VĂN PHIN)</b></p><h3>Đóng đường</h3><p>Đường đóng một làn.</p>",
            None,
        );
        assert_eq!(story.text, "Mở phà\n\nPhà chạy thêm hai chuyến.\n\nĐóng đường\n\nĐường đóng một làn.");
        assert_eq!(story.authors, ["VĂN PHIN"]);
        let story = told("<p>Phà chạy thêm hai chuyến. (TTXVN)</p><p>Đường đóng một làn. (K.P)</p><p>Chợ mở lại từ sáng.</p>", None);
        assert_eq!(story.text, "Phà chạy thêm hai chuyến.\n\nĐường đóng một làn.\n\nChợ mở lại từ sáng.");
        assert_eq!((story.source.as_deref(), story.authors.as_slice()), (Some("TTXVN"), ["K.P".to_owned()].as_slice()));
        let story = told("<p>Phà chạy thêm hai chuyến.</p><p>(CÒN NỮA)</p><p>Đường đóng một làn.</p>", None);
        assert_eq!((story.text.contains("(CÒN NỮA)"), story.authors.len()), (true, 0));
    }
    #[test]
    fn dates_above_the_story_and_names_of_films_are_no_text() {
        let body =
            "<p>Thứ 5, 13/03/2025 | 08:33:10</p><p>Phà chạy thêm hai chuyến.</p><p>Video: Phà rời bến lúc sáng sớm</p><p>Đường thông.</p>";
        assert_eq!(told(body, None).text, "Phà chạy thêm hai chuyến.\n\nĐường thông.");
        let body = "<p>Phà chạy thêm hai chuyến.</p><p>8h30 ngày 13/3/2025</p><p>Đường thông.</p>";
        assert!(told(body, None).text.contains("8h30 ngày 13/3/2025"));
    }

    #[test]
    fn an_arrow_before_a_sentence_sends_nobody_away() {
        let story = told("<p>&gt;&gt; Bến cần nhất là người lái phà.</p><p>&gt;&gt; Bến phà mới mở cửa</p><p>Đường thông.</p>", None);
        assert_eq!(story.text, ">> Bến cần nhất là người lái phà.\n\nĐường thông.");
    }

    #[test]
    fn each_of_some_poems_is_signed_below_it() {
        let signed = |name: &str| format!("<p style='text-align:right'><b>{name}</b></p>");
        let body = format!(
            "<p><b>Gửi sông</b></p><p>Sông trôi không kịp gọi tên</p>{}<p><b>Ga chiều</b></p><p>đợi một tiếng còi</p>{}",
            signed("Lò Văn Ỏn"),
            signed("Hà Vi")
        );
        let story = told(&body, None);
        assert_eq!(story.text, "Gửi sông\n\nSông trôi không kịp gọi tên\n\nGa chiều\n\nđợi một tiếng còi");
        assert_eq!(story.authors, ["Lò Văn Ỏn", "Hà Vi"]);
    }

    #[test]
    fn a_paragraph_centred_behind_a_frame_is_a_caption_only_when_short() {
        let frame = "<table><tr><td><img src='1.jpg'></td></tr><tr><td>&nbsp;</td></tr></table>";
        let long = "Mỗi ngôi nhà rộng năm mươi mét vuông; trong đó quỹ của xã hỗ trợ một nửa, phần còn lại do dòng họ và bà con đóng góp ngày công lao động.";
        let story = told(&format!("{frame}<div align='center'><p>{long}</p></div><p>Đường thông.</p>"), None);
        assert_eq!(story.text, format!("{long}\n\nĐường thông."));
        let story = told(&format!("{frame}<p align='center'>Nhà mới ở bản.</p><p>Đường thông.</p>"), None);
        assert_eq!(captions(&story), [("1.jpg", Some("Nhà mới ở bản."), None)]);
    }

    #[test]
    fn the_mark_at_the_beginning_comes_before_the_one_at_the_end() {
        let story = told("<p>(LSO) - Phà chạy thêm hai chuyến.</p><p>Đường thông. LSO</p>", None);
        assert_eq!((story.dateline.as_deref(), story.text.as_str()), (Some("(LSO)"), "Phà chạy thêm hai chuyến.\n\nĐường thông."));
    }
}
