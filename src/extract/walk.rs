//! What stands in this part of the page, block by block, in the order in which a reader meets it?
//!
//! One walk over the parsed tree, without recursion (pages may nest as deep as they like). What a rule drops is stepped over, never
//! cut out, and counted by its reason.

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};

use super::effort::spend;
use super::markup::{Marks, heading_level, is_block, silent, style_says_bold, style_says_italic};
use super::picture::{self, Picture};
use super::table::{self, TableRole};
use crate::paper::Reason;
use crate::vietnamese::{legacy, text};

/// One block of text, or a picture, as it stands on the page.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub what: What,
    /// Tidied text; empty for a picture.
    pub text: String,
    /// How its letters are set.
    pub style: Style,
    /// How many characters of the text are bold.
    pub bold: usize,
    /// How many characters of the text are inside links.
    pub linked: usize,
    /// How many characters the text has.
    pub chars: usize,
    /// Follows the block before it after a single line break, inside the same element.
    pub continues: bool,
    /// The element that holds it beside its neighbours: the parent of its paragraph, or the container of bare text.
    pub level: NodeId,
    /// The element whose block it is.
    pub node: NodeId,
    /// A rule says that this is content, whatever it looks like.
    pub kept: bool,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Paragraph,
    /// A heading of level 1 to 6.
    Heading(u8),
    ListItem,
    /// A table row; its cells stand apart by a tab.
    Row,
    /// Text that the markup says is a caption; the group ties it to the pictures of the same figure or table.
    Caption(u32),
    /// A picture and the figure or table that it is in.
    Picture(Box<Picture>, u32),
    /// A line that a rule says names who wrote the article.
    Byline,
}

/// How a block is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub bold: bool,
    pub italic: bool,
    pub align: Align,
}

/// Where a block stands on its line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Align {
    #[default]
    Start,
    Centre,
    End,
}

/// What a rule says about an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing: look inside.
    Silent,
    /// It is content, whatever it looks like.
    Keep,
    /// It is not content.
    Drop(Reason),
}

/// How many elements were stepped over, by reason.
pub type Dropped = [u32; Reason::ALL.len()];

/// The blocks below some elements, in page order.
pub(super) struct Walk<'r, F: Fn(ElementRef) -> Verdict> {
    verdict: &'r F,
    vietnamese: bool,
    pub blocks: Vec<Block>,
    pub dropped: Dropped,
    open: Open,
    group: u32,
}

/// The block being gathered, and what is in force around it.
#[derive(Default)]
struct Open {
    raw: String,
    chars: usize,
    bold: usize,
    italic: usize,
    linked: usize,
    continues: bool,
    /// The block's element and the one that holds it.
    place: Option<(NodeId, NodeId)>,
    frames: Vec<Frame>,
    in_bold: u32,
    in_italic: u32,
    in_link: u32,
    in_caption: u32,
    in_byline: u32,
    kept: u32,
    in_group: u32,
    aligns: Vec<Align>,
    lists: u32,
    heading: Vec<u8>,
}

/// What an element changed when it was opened, to be undone when it closes.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether closing the element undoes one thing")]
struct Frame {
    block: bool,
    bold: bool,
    italic: bool,
    link: bool,
    caption: bool,
    byline: bool,
    kept: bool,
    group: Option<u32>,
    align: bool,
    list_item: bool,
    heading: bool,
}

impl<'r, F: Fn(ElementRef) -> Verdict> Walk<'r, F> {
    /// A walk whose rules are `verdict`; `vietnamese` says whether `Ð` stands for `Đ`.
    pub fn new(verdict: &'r F, vietnamese: bool) -> Self {
        Self { verdict, vietnamese, blocks: Vec::new(), dropped: Dropped::default(), open: Open::default(), group: 0 }
    }

    /// Walks everything below `root`.
    pub fn over(&mut self, root: ElementRef) {
        let top = root.id();
        self.open.place = Some((top, top));
        let mut at: Option<NodeRef<Node>> = root.first_child();
        while let Some(node) = at {
            let descend = self.enter(node);
            at = match node.first_child().filter(|_| descend) {
                Some(child) => Some(child),
                None => self.leave_to_next(node, top, descend),
            };
        }
        self.flush(false);
    }

    /// Closes `node` and every ancestor that ends with it; gives the next node in page order.
    fn leave_to_next<'a>(&mut self, node: NodeRef<'a, Node>, top: NodeId, entered: bool) -> Option<NodeRef<'a, Node>> {
        if entered {
            self.leave(node);
        }
        let mut node = node;
        loop {
            if let Some(next) = node.next_sibling() {
                return Some(next);
            }
            node = node.parent()?;
            if node.id() == top {
                return None;
            }
            self.leave(node);
        }
    }

    /// Opens a node; says whether to look inside.
    fn enter(&mut self, node: NodeRef<Node>) -> bool {
        spend(1);
        match node.value() {
            Node::Text(text) => {
                self.gather(text);
                false
            }
            Node::Element(_) => match ElementRef::wrap(node) {
                Some(element) => self.enter_element(element),
                None => false,
            },
            _ => false,
        }
    }

    fn enter_element(&mut self, element: ElementRef) -> bool {
        let name = element.value().name();
        if silent(name) {
            return false;
        }
        let marks = Marks::of(element.value());
        if marks.hidden() {
            return false;
        }
        let verdict = (self.verdict)(element);
        let mut frame = Frame::default();
        match verdict {
            Verdict::Drop(reason) => {
                self.dropped[reason as usize] += 1;
                match reason {
                    Reason::Captions => frame.caption = true,
                    Reason::Byline => frame.byline = true,
                    _ => return false,
                }
            }
            Verdict::Keep => frame.kept = true,
            Verdict::Silent => frame.caption = name == "figcaption",
        }
        match name {
            "br" => {
                self.flush(true);
                return false;
            }
            "img" | "amp-img" => {
                self.picture(element);
                return false;
            }
            "table" if frame.caption || frame.byline => {}
            "table" => match table::role(element) {
                TableRole::Picture => frame.group = Some(self.new_group()),
                TableRole::Data => {
                    self.rows(element);
                    return false;
                }
                TableRole::Layout => {}
            },
            "figure" => frame.group = Some(self.new_group()),
            "td" | "th" | "caption" if self.in_picture_table(element) => frame.caption = true,
            _ => {}
        }
        self.push(element, name, &marks, frame);
        true
    }

    fn push(&mut self, element: ElementRef, name: &str, marks: &Marks, mut frame: Frame) {
        frame.block = is_block(name) || frame.caption || frame.byline;
        if frame.block {
            self.flush(false);
            self.open.place = Some((element.id(), element.parent().map_or(element.id(), |p| p.id())));
            let align = marks.alignment(name);
            frame.align = align.is_some();
            self.open.aligns.extend(align);
        }
        frame.list_item = matches!(name, "li" | "dt" | "dd");
        if let Some(level) = heading_level(name) {
            frame.heading = true;
            self.open.heading.push(level);
        }
        frame.bold = matches!(name, "b" | "strong") || style_says_bold(marks.style);
        frame.italic = matches!(name, "i" | "em" | "cite") || style_says_italic(marks.style);
        frame.link = marks.leads;
        let open = &mut self.open;
        open.in_bold += u32::from(frame.bold);
        open.in_italic += u32::from(frame.italic);
        open.in_link += u32::from(frame.link);
        open.in_caption += u32::from(frame.caption);
        open.in_byline += u32::from(frame.byline);
        open.kept += u32::from(frame.kept);
        open.lists += u32::from(frame.list_item);
        if let Some(group) = frame.group {
            frame.group = Some(std::mem::replace(&mut open.in_group, group));
        }
        open.frames.push(frame);
    }

    fn leave(&mut self, node: NodeRef<Node>) {
        if !node.value().is_element() {
            return;
        }
        let Some(frame) = self.open.frames.last().copied() else { return };
        if frame.block {
            self.flush(false);
            self.open.place = node.parent().map(|p| (p.id(), p.id()));
        }
        let open = &mut self.open;
        open.frames.pop();
        if frame.align {
            open.aligns.pop();
        }
        if frame.heading {
            open.heading.pop();
        }
        open.in_bold -= u32::from(frame.bold);
        open.in_italic -= u32::from(frame.italic);
        open.in_link -= u32::from(frame.link);
        open.in_caption -= u32::from(frame.caption);
        open.in_byline -= u32::from(frame.byline);
        open.kept -= u32::from(frame.kept);
        open.lists -= u32::from(frame.list_item);
        if let Some(before) = frame.group {
            open.in_group = before;
        }
    }

    fn gather(&mut self, raw: &str) {
        spend(raw.len());
        let open = &mut self.open;
        let solid = raw.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}').count();
        open.raw.push_str(raw);
        open.chars += solid;
        if open.in_bold > 0 {
            open.bold += solid;
        }
        if open.in_italic > 0 {
            open.italic += solid;
        }
        if open.in_link > 0 {
            open.linked += solid;
        }
    }

    /// Ends the block being gathered. `line` says that a `<br>` ended it, so that the next one may continue it.
    fn flush(&mut self, line: bool) {
        let open = &mut self.open;
        let empty = open.chars == 0;
        if !empty {
            let text = text::tidy(legacy_undone(&open.raw).as_deref().unwrap_or(&open.raw), self.vietnamese);
            if !text.is_empty() {
                let what = open.what();
                let (node, level) = open.place.expect("a walk knows its place before it gathers");
                self.blocks.push(Block {
                    what,
                    text,
                    style: open.style(),
                    bold: open.bold,
                    linked: open.linked,
                    chars: open.chars,
                    continues: open.continues,
                    level,
                    node,
                    kept: open.kept > 0,
                });
            }
        }
        open.raw.clear();
        (open.chars, open.bold, open.italic, open.linked) = (0, 0, 0, 0);
        open.continues = line && !empty;
    }

    fn picture(&mut self, element: ElementRef) {
        let Some(picture) = picture::read(element) else { return };
        self.flush(true);
        self.open.continues = false;
        let what = What::Picture(Box::new(picture), self.open.in_group);
        self.blocks.push(Block {
            what,
            text: String::new(),
            style: self.open.style(),
            bold: 0,
            linked: 0,
            chars: 0,
            continues: false,
            level: self.open.place.map_or(element.id(), |(_, level)| level),
            node: self.open.place.map_or(element.id(), |(node, _)| node),
            kept: self.open.kept > 0,
        });
    }

    /// A table of figures: one block a row, its cells apart by a tab.
    fn rows(&mut self, table: ElementRef) {
        self.flush(false);
        for (row, text) in table::rows(table, self.vietnamese) {
            self.blocks.push(Block {
                what: What::Row,
                chars: text.chars().filter(|c| !c.is_whitespace()).count(),
                text,
                style: Style::default(),
                bold: 0,
                linked: 0,
                continues: false,
                level: table.id(),
                node: row.id(),
                kept: self.open.kept > 0,
            });
        }
    }

    fn new_group(&mut self) -> u32 {
        self.group += 1;
        self.group
    }

    /// A cell without a picture of a table that shows pictures is their caption.
    fn in_picture_table(&self, cell: ElementRef) -> bool {
        self.open.in_group > 0 && !cell.descendent_elements().any(|e| e.value().name() == "img")
    }
}

/// The text in Unicode, when it is certain that its letters are those of a charset that browsers forgot, written as entities or among
/// Unicode text; only runs with letters that such charsets use and Vietnamese in Unicode does not need are judged.
fn legacy_undone(raw: &str) -> Option<String> {
    let mut high = false;
    for c in raw.chars() {
        match c {
            '\u{1ea0}'..='\u{1ef9}' => return None,
            '\u{a1}'..='\u{ff}' => high = true,
            _ => {}
        }
    }
    high.then(|| legacy::restore(raw)).flatten()
}

impl Open {
    fn what(&self) -> What {
        if self.in_byline > 0 {
            What::Byline
        } else if self.in_caption > 0 {
            What::Caption(self.in_group)
        } else if let Some(level) = self.heading.last() {
            What::Heading(*level)
        } else if self.lists > 0 {
            What::ListItem
        } else {
            What::Paragraph
        }
    }

    fn style(&self) -> Style {
        Style {
            bold: self.chars > 0 && self.bold * 10 >= self.chars * 9,
            italic: self.chars > 0 && self.italic * 10 >= self.chars * 9,
            align: self.aligns.last().copied().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::*;

    fn texts(html: &str) -> Vec<String> {
        let page = Html::parse_fragment(html);
        let verdict = |_: ElementRef| Verdict::Silent;
        let mut walk = Walk::new(&verdict, true);
        walk.over(page.root_element());
        walk.blocks.into_iter().map(|b| b.text).collect()
    }

    #[test]
    fn letters_of_a_forgotten_charset_written_as_entities_are_read() {
        let html = "<p>Héi nghÞ tæng kÕt c«ng t&#184;c n&#168;m vµ triÓn khai nhiÖm vô träng t©m cña tØnh, víi sù tham gia cña nhiÒu ®ång chÝ l·nh ®¹o.</p>";
        let expected =
            "Hội nghị tổng kết công tác năm và triển khai nhiệm vụ trọng tâm của tỉnh, với sự tham gia của nhiều đồng chí lãnh đạo.";
        assert_eq!(texts(html), [expected]);
    }

    #[test]
    fn bare_text_lines_and_paragraphs_are_blocks_in_page_order() {
        assert_eq!(texts("một<p>hai<br>ba</p>bốn<ul><li>năm</ul>"), ["một", "hai", "ba", "bốn", "năm"]);
    }

    #[test]
    fn a_page_nested_ten_thousand_deep_is_walked() {
        let html = format!("{}đáy{}", "<span>".repeat(10_000), "</span>".repeat(10_000));
        assert_eq!(texts(&html), ["đáy"]);
    }
}
