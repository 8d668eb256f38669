//! Which blocks does the whole page hold, and what stands around each?

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use ego_tree::NodeId;
use scraper::ElementRef;
use xxhash_rust::xxh3::xxh3_64;

use super::super::Subject;
use super::super::effort::spend;
use super::super::markup::attribute;
use super::super::walk::{Block, Verdict, Walk};
use super::hints::{self, Hint, Hints};
use crate::paper::Reason;

/// The page as blocks in page order, and the elements that they stand in.
pub(super) struct Outline {
    pub blocks: Vec<Block>,
    /// The scope that each block stands in, as a place in `scopes`.
    pub scope_of: Vec<usize>,
    /// Elements in page order; a parent stands before its children, and the first is the root.
    pub scopes: Vec<Scope>,
}

/// An element and the blocks below it.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// Its parent's place; its own for the root.
    pub parent: usize,
    pub tag: Tag,
    /// What its own name, class and id say.
    pub own: Hints,
    /// Its name and class as one number: elements of one make share it.
    pub signature: u64,
    /// The signatures of it and of all around it as one number: containers of one make share it.
    pub path: u64,
    /// The blocks below it: `first..end`.
    pub first: usize,
    pub end: usize,
}

/// The name of an element; of a long one as much as tells it from those that mean something.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tag([u8; 24]);

impl Tag {
    fn of(name: &str) -> Self {
        let mut tag = Self::default();
        tag.0.iter_mut().zip(name.bytes()).for_each(|(place, byte)| *place = byte);
        tag
    }

    /// As written in lower case.
    pub fn name(&self) -> &[u8] {
        let end = self.0.iter().position(|b| *b == 0).unwrap_or(self.0.len());
        &self.0[..end]
    }
}

#[derive(Default)]
struct Recorder {
    scopes: Vec<Scope>,
    place: HashMap<NodeId, usize, BuildHasherDefault<ByNumber>>,
    /// What has been read in class attributes: most elements of a page share theirs with others.
    classes: HashMap<u64, (Hints, u64), BuildHasherDefault<ByNumber>>,
}

/// Hashes what is a number already, as the ids of a tree are.
#[derive(Default)]
struct ByNumber(u64);

impl Hasher for ByNumber {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Recorder {
    fn see(&mut self, element: ElementRef) -> Hints {
        let e = element.value();
        let parent = element.parent().and_then(|p| self.place.get(&p.id()).copied()).unwrap_or(0);
        let class = attribute(e, "class").unwrap_or_default();
        let (by_class, make) = match class {
            "" => (Hints::default(), 0),
            _ => *self.classes.entry(xxh3_64(class.as_bytes())).or_insert_with(|| (hints::of_class(class), make(class))),
        };
        let own = hints::of(e, by_class);
        let signature = xxh3_64(e.name().as_bytes()).wrapping_add(make);
        let above = self.scopes.get(parent).map_or(0, |s| s.path);
        let path = (above ^ signature).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
        self.place.insert(element.id(), self.scopes.len());
        self.scopes.push(Scope { parent, tag: Tag::of(e.name()), own, signature, path, first: usize::MAX, end: 0 });
        own
    }
}

/// An element's classes as one number, in whichever order they stand; those with digits in them are names of single elements and do not
/// count.
fn make(class: &str) -> u64 {
    let shared = class.split_ascii_whitespace().filter(|class| !class.bytes().any(|b| b.is_ascii_digit()));
    shared.fold(0, |sum, class| sum.wrapping_add(xxh3_64(class.as_bytes())))
}

impl Outline {
    /// Walks the page's `<body>`.
    pub fn of(subject: &Subject) -> Self {
        let root = subject.html.root_element();
        let body = root.child_elements().find(|e| e.value().name() == "body").unwrap_or(root);
        let recorder = RefCell::new(Recorder::default());
        recorder.borrow_mut().see(body);
        let verdict = |element: ElementRef| {
            let own = recorder.borrow_mut().see(element);
            if own.has(Hint::Caption) { Verdict::Drop(Reason::Captions) } else { Verdict::Silent }
        };
        let mut walk = Walk::new(&verdict, super::super::rules::is_vietnamese(subject));
        walk.over(body);
        let blocks = std::mem::take(&mut walk.blocks);
        drop(walk);
        let recorder = recorder.into_inner();
        let mut scopes = recorder.scopes;
        let mut scope_of = Vec::with_capacity(blocks.len());
        for block in &blocks {
            let place = recorder.place.get(&block.node).or_else(|| recorder.place.get(&block.level)).copied().unwrap_or(0);
            scope_of.push(place);
        }
        for (at, place) in scope_of.iter().enumerate() {
            scopes[*place].first = scopes[*place].first.min(at);
            scopes[*place].end = at + 1;
        }
        for at in (1..scopes.len()).rev() {
            let Scope { parent, first, end, .. } = scopes[at];
            if end > 0 {
                let up = &mut scopes[parent];
                up.first = up.first.min(first);
                up.end = up.end.max(end);
            }
        }
        for scope in &mut scopes {
            scope.first = scope.first.min(scope.end);
        }
        Self { blocks, scope_of, scopes }
    }

    /// The scope and its ancestors, innermost first, without the root.
    pub fn chain(&self, from: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = Some(from);
        std::iter::from_fn(move || {
            let now = at?;
            spend(1);
            at = (now != 0).then(|| self.scopes[now].parent);
            Some(now)
        })
    }

    /// The container that holds a block beside its neighbours, lists, quotations and tables looked through.
    pub fn level_of(&self, block: usize) -> usize {
        let own = self.scope_of[block];
        let around = self.chain(self.scopes[own].parent);
        around.into_iter().find(|at| !is_neutral(self.scopes[*at].tag)).unwrap_or(0)
    }

    /// Hints of the element that holds a block and of those around it, `levels` in all.
    pub fn hints_around(&self, block: usize, levels: usize) -> Hints {
        self.chain(self.scope_of[block]).take(levels).fold(Hints::default(), |sum, s| sum.and(self.scopes[s].own))
    }
}

/// Elements that structure a text and hold no text of their own kind.
fn is_neutral(tag: Tag) -> bool {
    matches!(
        tag.name(),
        b"ul"
            | b"ol"
            | b"li"
            | b"dl"
            | b"dt"
            | b"dd"
            | b"blockquote"
            | b"p"
            | b"span"
            | b"font"
            | b"b"
            | b"strong"
            | b"em"
            | b"table"
            | b"tbody"
            | b"tr"
            | b"td"
    )
}
