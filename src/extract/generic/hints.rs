//! What do an element's name, class and id say about what it holds?
//!
//! Class names are words in many languages, Vietnamese first; a name is cut into its words (`mostRead-list` is *most*, *read*,
//! *list*) and each word is looked up. A hint is never believed alone: a wrapper of the whole page may be called `has-sidebar`.

use std::fmt;

use scraper::node::Element;

/// What an element may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    Navigation,
    Footer,
    Header,
    Aside,
    Comments,
    Related,
    Teaser,
    Share,
    Ad,
    Newsletter,
    Paywall,
    Consent,
    Author,
    Date,
    Tags,
    Caption,
    Gallery,
    Widget,
    FactBox,
    Hidden,
    Lead,
    Body,
    Article,
    Quote,
    Title,
    Kicker,
    Tool,
    List,
    Embed,
}

impl Hint {
    /// Its word in explanations.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(h, _)| *h == self).map_or("", |(_, n)| n)
    }
}

const NAMES: [(Hint, &str); 29] = [
    (Hint::Navigation, "navigation"),
    (Hint::Footer, "footer"),
    (Hint::Header, "header"),
    (Hint::Aside, "aside"),
    (Hint::Comments, "comments"),
    (Hint::Related, "related"),
    (Hint::Teaser, "teaser"),
    (Hint::Share, "share"),
    (Hint::Ad, "ad"),
    (Hint::Newsletter, "newsletter"),
    (Hint::Paywall, "paywall"),
    (Hint::Consent, "consent"),
    (Hint::Author, "author"),
    (Hint::Date, "date"),
    (Hint::Tags, "tags"),
    (Hint::Caption, "caption"),
    (Hint::Gallery, "gallery"),
    (Hint::Widget, "widget"),
    (Hint::FactBox, "factbox"),
    (Hint::Hidden, "hidden"),
    (Hint::Lead, "lead"),
    (Hint::Body, "body"),
    (Hint::Article, "article"),
    (Hint::Quote, "quote"),
    (Hint::Title, "title"),
    (Hint::Kicker, "kicker"),
    (Hint::Tool, "tool"),
    (Hint::List, "list"),
    (Hint::Embed, "embed"),
];

/// Some hints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Hints(u32);

impl Hints {
    pub const fn with(self, hint: Hint) -> Self {
        Self(self.0 | 1 << hint as u32)
    }

    pub const fn has(self, hint: Hint) -> bool {
        self.0 & (1 << hint as u32) != 0
    }

    /// These without those.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub const fn any_of(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// These and those.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn of(hints: &[Hint]) -> Self {
        let mut all = Self(0);
        let mut at = 0;
        while at < hints.len() {
            all = all.with(hints[at]);
            at += 1;
        }
        all
    }

    pub fn first_of(self, hints: &[Hint]) -> Option<Hint> {
        hints.iter().copied().find(|h| self.has(*h))
    }
}

/// `[related teaser]`, for people.
impl fmt::Display for Hints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return Ok(());
        }
        let names: Vec<&str> = NAMES.iter().filter(|(h, _)| self.has(*h)).map(|(_, n)| *n).collect();
        write!(f, "[{}]", names.join(" "))
    }
}

/// What `WordPress` writes into an article's class (its tags, categories, author) names what it is about, not what it is.
const ABOUT: Hints = Hints::of(&[Hint::Tags, Hint::Kicker, Hint::Author, Hint::Date, Hint::Widget, Hint::Tool, Hint::Newsletter]);

/// Reads a class attribute.
pub(super) fn of_class(class: &str) -> Hints {
    let hints = words(class, Hints::default());
    if class.split_ascii_whitespace().any(|c| matches!(c, "hentry" | "type-post")) { hints.without(ABOUT) } else { hints }
}

/// Reads an element's name and all its attributes.
pub(super) fn of_element(e: &Element) -> Hints {
    of(e, e.attr("class").map(of_class).unwrap_or_default())
}

/// Reads an element's name and its other attributes; `by_class` is what its class attribute says.
pub(super) fn of(e: &Element, by_class: Hints) -> Hints {
    let mut hints = match e.name() {
        "article" => by_class.without(ABOUT),
        _ => by_class,
    }
    .and(of_name(e.name()));
    for (name, value) in e.attrs() {
        match name {
            "id" | "itemprop" | "role" | "rel" | "data-component" | "data-testid" | "data-component-name" => hints = words(value, hints),
            "aria-hidden" if value == "true" => hints = hints.with(Hint::Hidden),
            _ => {}
        }
    }
    hints
}

fn of_name(name: &str) -> Hints {
    let none = Hints::default();
    match name {
        "nav" | "menu" => none.with(Hint::Navigation),
        "footer" => none.with(Hint::Footer),
        "header" => none.with(Hint::Header),
        "aside" => none.with(Hint::Aside),
        "form" => none.with(Hint::Tool),
        "article" => none.with(Hint::Article),
        "figcaption" => none.with(Hint::Caption),
        "time" => none.with(Hint::Date),
        _ => none,
    }
}

/// Cuts a name into its words, at signs, at capitals and between letters and digits, and adds what each says.
fn words(name: &str, mut hints: Hints) -> Hints {
    let mut word = [0_u8; 24];
    let mut length = 0;
    let mut before = b' ';
    let mut last = [0_u8; 24];
    let mut last_length = 0;
    for byte in name.bytes().chain([b' ']) {
        let cut = !byte.is_ascii_alphabetic() || (byte.is_ascii_uppercase() && before.is_ascii_lowercase());
        if cut && length > 0 {
            let now = &word[..length];
            hints = one(now, hints);
            hints = two(&last[..last_length], now, hints);
            last = word;
            last_length = length;
            length = 0;
        }
        if byte.is_ascii_whitespace() {
            last_length = 0;
        }
        if byte.is_ascii_alphabetic() && length < word.len() {
            word[length] = byte.to_ascii_lowercase();
            length += 1;
        }
        before = byte;
    }
    hints
}

#[rustfmt::skip]
fn one(word: &[u8], hints: Hints) -> Hints {
    let hint = match word {
        b"nav" | b"navbar" | b"navigation" | b"menu" | b"breadcrumb" | b"breadcrumbs" | b"pagination" | b"pager" | b"topbar" | b"submenu" => Hint::Navigation,
        b"footer" | b"foot" | b"colophon" | b"copyright" => Hint::Footer,
        b"header" | b"masthead" => Hint::Header,
        b"sidebar" | b"aside" | b"complementary" | b"rail" | b"sidecol" => Hint::Aside,
        b"comment" | b"comments" | b"disqus" | b"commentaire" | b"comentario" | b"commenti" | b"reacties" | b"kommentarer" | b"komentarze" | b"komentar" | b"komentari" | b"yorum" | b"yorumlar" | b"kommentare" | b"kommentar" | b"commentaires" | b"comentarios" | b"binhluan" | b"respond" | b"replies" | b"viafoura" | b"coral" => Hint::Comments,
        b"related" | b"relate" | b"recommend" | b"recommended" | b"recommendation" | b"recommendations" | b"recirc" | b"recirculation" | b"readmore" | b"relatedposts" | b"mostread" | b"popular" | b"trending"
        | b"lienquan" | b"relatednews" | b"relatedarticles" | b"yarpp" | b"taboola" | b"outbrain" | b"zergnet" | b"ligatus" | b"plista" | b"seealso" | b"readalso" | b"crosslink" | b"crosslinks" | b"relacionadas" | b"relacionados" | b"relacionada" | b"correlati" | b"correlate" | b"correlato" | b"verwandt" | b"similaires" | b"gerelateerd" | b"relaterte" | b"relaterade" | b"relaterede" | b"souvisejici" | b"powiazane" | b"povezano" | b"ilgili" | b"terkait" | b"meistgelesen" | b"bacajuga" => Hint::Related,
        b"teaser" | b"teasers" | b"promo" | b"promos" | b"card" | b"cards" | b"carousel" | b"slider" | b"swiper" => Hint::Teaser,
        b"share" | b"sharing" | b"social" | b"socials" | b"sharebar" | b"addthis" | b"sharedaddy" | b"addtoany" | b"follow" | b"sharethis" | b"teilen" | b"partager" | b"partage" | b"compartir" | b"compartilhar" | b"condividi" | b"delen" | b"paylas" | b"bagikan" | b"sdilet" | b"chiase" => Hint::Share,
        b"ad" | b"ads" | b"advert" | b"advertisement" | b"adbox" | b"advertising" | b"adslot" | b"sponsor" | b"sponsored" | b"anzeige" | b"werbung" | b"quangcao" | b"banner" | b"dfp" | b"publicidad" | b"publicite" | b"reklam" | b"reklama" | b"annonce" | b"annons" | b"pubblicita" | b"publicidade" | b"advertentie" | b"reclame" | b"iklan" | b"mainos" | b"oglas" | b"hirdetes" | b"inserat" => Hint::Ad,
        b"newsletter" | b"newsletters" | b"signup" | b"subscribe" | b"subscription" | b"mailchimp" | b"optin" | b"whatsapp" => Hint::Newsletter,
        b"paywall" | b"regwall" | b"piano" | b"premium" | b"paygate" | b"abo" => Hint::Paywall,
        b"cookie" | b"cookies" | b"consent" | b"gdpr" | b"onetrust" | b"cmp" | b"modal" | b"popup" | b"overlay" | b"lightbox" | b"didomi" => Hint::Consent,
        b"author" | b"authors" | b"authorname" | b"byline" | b"bylines" | b"bio" | b"autor" | b"autoren" | b"contributor" | b"contributors" | b"tacgia" | b"writer" | b"auteur" | b"auteurs" | b"autore" | b"autores" | b"autori" | b"forfatter" | b"skribent" | b"szerzo" | b"yazar" | b"penulis" => Hint::Author,
        b"date" | b"time" | b"timestamp" | b"dateline" | b"published" | b"datetime" | b"datum" | b"fecha" | b"tarih" | b"tanggal" | b"pubdate" => Hint::Date,
        b"tags" | b"tag" | b"keywords" | b"topics" | b"taglist" | b"tagcloud" | b"schlagworte" | b"stichworte" | b"etiquetas" | b"etiketler" | b"tukhoa" => Hint::Tags,
        b"caption" | b"captions" | b"figcaption" | b"credit" | b"credits" | b"legend" | b"imagecaption" | b"photocredit" | b"bildunterschrift" | b"bildtext" | b"bildtekst" | b"didascalia" | b"legende" | b"leyenda" | b"onderschrift" | b"chuthich" => Hint::Caption,
        b"gallery" | b"slideshow" | b"galerie" | b"photogallery" => Hint::Gallery,
        b"widget" | b"widgets" | b"player" | b"poll" | b"quiz" | b"toolbar" | b"tools" | b"toolbox" | b"audio" | b"listen" | b"podcast" | b"jwplayer" => Hint::Widget,
        b"factbox" | b"infobox" | b"fact" | b"facts" | b"infokasten" | b"faktaruta" => Hint::FactBox,
        b"hidden" | b"invisible" | b"assistive" | b"noprint" | b"sronly" => Hint::Hidden,
        b"lead" | b"lede" | b"standfirst" | b"dek" | b"sapo" | b"intro" | b"excerpt" | b"summary" | b"subtitle" | b"subheadline" | b"subhead" | b"deck" | b"chapo" | b"ingress" | b"description" | b"vorspann" | b"subheading" | b"sottotitolo" | b"entradilla" | b"bajada" | b"spot" | b"perex" | b"leadtext" | b"introduction" | b"chapeau" | b"sumario" | b"resumen" | b"catenaccio" | b"manchet" | b"ozet" | b"underrubrik" => Hint::Lead,
        b"articlebody" | b"storybody" | b"bodytext" | b"fulltext" | b"maincontent" | b"postcontent" | b"entrycontent" | b"richtext" | b"wysiwyg" => Hint::Body,
        b"article" | b"story" | b"post" | b"entry" => Hint::Article,
        b"quote" | b"pullquote" | b"blockquote" | b"zitat" => Hint::Quote,
        b"title" | b"headline" | b"heading" => Hint::Title,
        b"kicker" | b"eyebrow" | b"overline" | b"dachzeile" | b"category" | b"categories" | b"rubric" | b"occhiello" | b"spitzmarke" | b"vignette" => Hint::Kicker,
        b"print" | b"button" | b"buttons" | b"btn" | b"tooltip" | b"dropdown" | b"search" | b"login" | b"dialog" | b"alert" => Hint::Tool,
        _ => return hints,
    };
    hints.with(hint)
}

fn two(last: &[u8], now: &[u8], hints: Hints) -> Hints {
    let hint = match (last, now) {
        (
            b"article" | b"story" | b"post" | b"entry" | b"main" | b"news" | b"body" | b"content",
            b"body" | b"content" | b"text" | b"main",
        ) => Hint::Body,
        (b"most", b"read" | b"popular" | b"viewed")
        | (b"read", b"more" | b"next" | b"also")
        | (b"see" | b"you" | b"more", b"also" | b"like" | b"stories" | b"news" | b"articles" | b"from" | b"on")
        | (b"also", b"read" | b"like")
        | (b"up", b"next")
        | (b"tin" | b"bai", b"lien" | b"khac" | b"cung" | b"moi")
        | (b"lien", b"quan")
        | (b"latest", b"news" | b"stories" | b"articles") => Hint::Related,
        (b"right" | b"side", b"column" | b"col" | b"rail" | b"bar") => Hint::Aside,
        (b"sr", b"only") | (b"visually", b"hidden") | (b"screen", b"reader") => Hint::Hidden,
        (b"sign", b"up") | (b"mail", b"form") => Hint::Newsletter,
        (b"tac", b"gia") => Hint::Author,
        (b"pull", b"quote") => Hint::Quote,
        (b"twitter", b"tweet") | (b"instagram" | b"tiktok" | b"fb", b"media" | b"embed" | b"post") | (b"bluesky", b"embed") => Hint::Embed,
        (b"fact" | b"info", b"box") => Hint::FactBox,
        _ => return hints,
    };
    hints.with(hint)
}
