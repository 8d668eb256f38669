//! Which lines are furniture in the languages of the world's newspapers?
//!
//! Vietnamese has its own list in `vietnamese/phrases.rs`, which [`super::super::story`] asks. Here stand the same few calls (related
//! stories, newsletters, consent, payment, advertisement, sharing) in the other languages. They are what papers in general print; a
//! phrase of one paper does not belong here.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

/// What a line of furniture asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    /// To read another article.
    Elsewhere,
    /// To take a newsletter, follow the paper, install its app.
    Subscribe,
    /// To accept cookies, allow scripts, load a film.
    Consent,
    /// It says "advertisement", "share", "comment", "copyright".
    Label,
}

/// Headings and short lines that begin a list of other articles, comments, or a form. Compared folded, without signs around.
#[rustfmt::skip]
const HEADINGS: &[&str] = &[
    // English
    "related", "related stories", "related articles", "related story", "related article", "related content", "related news", "related coverage", "related posts", "related topics", "related links", "related video", "related videos",
    "more stories", "more news", "more on this story", "more from this section", "more like this", "more to read", "more to explore", "more top stories", "more coverage", "more headlines", "read more", "read next", "up next", "read also", "also read", "see also", "see more", "keep reading", "further reading",
    "you may also like", "you might also like", "you may like", "you might like", "you may be interested in", "recommended", "recommended stories", "recommended for you", "recommended reading", "recommended articles",
    "most read", "most popular", "most viewed", "most shared", "most commented", "popular", "popular stories", "popular now", "popular articles", "trending", "trending now", "trending stories", "trending topics", "top stories", "top news", "latest news", "latest stories", "latest headlines", "latest", "latest articles", "latest posts", "recent posts", "recent articles", "editors' picks", "editor's picks", "editors picks", "don't miss", "in case you missed it", "what to read next", "what others are reading", "other stories", "other news", "next article", "previous article", "next story", "previous story", "around the web", "from around the web", "from the web", "promoted stories", "sponsored stories", "sponsored content", "paid content", "suggested articles", "explore more", "explore more topics", "topics", "related tags", "tags", "filed under", "in this story", "in this article", "on this topic", "about the author", "about the authors", "comments", "leave a comment", "leave a reply", "post a comment", "join the conversation", "join the discussion", "share this", "share this article", "share this story", "share this post", "share", "follow us", "newsletter", "newsletters", "sign up", "our newsletters", "subscribe",
    // German
    "mehr zum thema", "mehr zu diesem thema", "mehr zu", "mehr dazu", "zum thema", "lesen sie auch", "lesen sie mehr", "lesen sie jetzt", "auch interessant", "das könnte sie auch interessieren", "das könnte dich auch interessieren", "das könnte sie interessieren", "weitere artikel", "weitere themen", "weitere meldungen", "weitere nachrichten", "weitere beiträge", "verwandte artikel", "verwandte themen", "ähnliche artikel", "ähnliche beiträge", "passend zum thema", "themen", "meistgelesen", "meistgelesene artikel", "meistgelesene beiträge", "neueste artikel", "aktuelle nachrichten", "mehr nachrichten", "mehr aus", "empfehlungen", "empfohlene artikel", "unsere empfehlungen", "empfehlungen der redaktion", "kommentare", "kommentar schreiben", "diskutieren sie mit", "artikel teilen", "teilen", "schlagworte", "stichworte", "über den autor", "zur person", "zur startseite", "mehr lesen", "nächster artikel", "das interessiert andere leser", "top-themen",
    // French
    "à lire aussi", "lire aussi", "a lire aussi", "à lire également", "lire également", "sur le même sujet", "sur le même thème", "dans la même rubrique", "articles liés", "articles similaires", "articles connexes", "à découvrir", "à voir aussi", "voir aussi", "les plus lus", "le plus lu", "plus d'articles", "vous aimerez aussi", "vous aimerez peut-être", "nos recommandations", "commentaires", "partager", "partager cet article", "thèmes", "sujets", "en savoir plus", "la suite après la publicité", "pour aller plus loin", "à ne pas manquer",
    // Spanish, Portuguese, Italian
    "lee también", "lea también", "te puede interesar", "puede interesarte", "también te puede interesar", "noticias relacionadas", "artículos relacionados", "más noticias", "más información", "lo más leído", "lo más visto", "lo último", "más sobre este tema", "temas relacionados", "temas", "comentarios", "compartir", "ver más", "leer más", "etiquetas", "archivado en", "no te pierdas",
    "leia também", "leia mais", "veja também", "saiba mais", "notícias relacionadas", "mais lidas", "mais notícias", "comentários", "compartilhe", "compartilhar", "tópicos", "relacionadas",
    "leggi anche", "leggi di più", "ti potrebbe interessare", "potrebbe interessarti", "potrebbero interessarti", "articoli correlati", "notizie correlate", "i più letti", "più letti", "altri articoli", "commenti", "condividi", "argomenti", "vedi anche", "correlati", "da non perdere",
    // Dutch, the North
    "lees ook", "lees meer", "lees verder", "meer over", "meer nieuws", "gerelateerd", "gerelateerde artikelen", "meest gelezen", "reacties", "deel dit artikel",
    "les også", "les mer", "mest lest", "flere saker", "relaterte saker", "relaterte artikler", "siste nytt", "emner", "kommentarer", "læs også", "læs mere", "mest læste", "relaterede artikler", "flere artikler", "emneord", "läs också", "läs även", "läs mer", "mest läst", "relaterade artiklar", "fler artiklar", "ämnen", "lue myös", "lue lisää", "luetuimmat", "aiheet", "mest lesið", "tengdar fréttir", "lestu meira", "fleiri fréttir",
    // The East
    "читайте также", "читать также", "читайте далее", "по теме", "материалы по теме", "новости по теме", "похожие статьи", "похожие материалы", "другие новости", "ещё по теме", "еще по теме", "смотрите также", "популярное", "самое читаемое", "комментарии", "теги", "поделиться", "рекомендуем", "вам может быть интересно", "последние новости",
    "читайте також", "за темою", "новини за темою", "коментарі",
    "čtěte také", "čtěte více", "přečtěte si také", "související články", "související", "mohlo by vás zajímat", "nejčtenější", "další články", "diskuse", "témata", "štítky", "doporučujeme", "související témata",
    "czytaj też", "czytaj także", "czytaj więcej", "zobacz też", "zobacz także", "polecamy", "najczęściej czytane", "powiązane artykuły", "komentarze", "tagi", "przeczytaj także",
    "olvassa el", "kapcsolódó cikkek", "ajánlott", "citește și", "citeşte şi", "articole similare", "διαβάστε επίσης", "διαβάστε ακόμα", "σχετικά άρθρα", "δείτε επίσης",
    "ilgili haberler", "ilgili haber", "benzer haberler", "ilginizi çekebilir", "çok okunanlar", "en çok okunanlar", "son haberler", "diğer haberler", "yorumlar", "etiketler", "bunları da beğenebilirsiniz", "daha fazla", "ayrıca okuyun",
    // Asia
    "baca juga", "baca selengkapnya", "artikel terkait", "berita terkait", "berita lainnya", "terpopuler", "terkait", "rekomendasi", "komentar", "simak juga", "lihat juga", "berita populer", "tag", "artikel lainnya",
    "関連記事", "関連ニュース", "関連リンク", "関連するニュース", "関連キーワード", "関連トピックス", "あわせて読みたい", "こちらもおすすめ", "おすすめ記事", "おすすめ", "人気記事", "ランキング", "アクセスランキング", "最新記事", "次に読みたい", "あなたにおすすめの記事", "この記事をシェア", "コメント", "トップニュース",
    "관련기사", "관련 기사", "관련뉴스", "많이 본 뉴스", "많이 본 기사", "추천기사", "인기기사", "댓글", "주요뉴스", "최신기사",
    "相关阅读", "相关新闻", "相关文章", "相關新聞", "延伸閱讀", "延伸阅读", "推荐阅读", "热门文章", "猜你喜欢", "更多新闻", "评论", "熱門新聞",
    "यह भी पढ़ें", "ये भी पढ़ें", "संबंधित खबरें", "और पढ़ें", "اقرأ أيضا", "اقرأ أيضاً", "مواضيع ذات صلة", "شاهد أيضا", "קראו גם", "อ่านเพิ่มเติม", "ข่าวที่เกี่ยวข้อง",
    // More of Europe
    "ezt is olvassa el", "ez is érdekelheti", "ajánlott cikkek", "további cikkek", "legolvasottabb", "hozzászólások", "citește mai mult", "pe aceeași temă", "vezi și", "știri similare", "cele mai citite", "comentarii", "recomandări",
    "вижте още", "прочетете още", "още по темата", "свързани новини", "най-четени", "коментари", "pročitajte još", "pročitajte i", "pročitaj još", "povezane vijesti", "povezani članci", "povezane vesti", "najčitanije", "komentari", "прочитајте још", "повезане вести", "најчитаније",
    "čítajte aj", "prečítajte si", "prečítajte si aj", "súvisiace články", "najčítanejšie", "diskusia", "preberite tudi", "preberite še", "sorodne novice", "najbolj brano", "διαβάστε περισσότερα", "σχετικά θέματα", "δημοφιλή", "σχόλια", "більше новин", "найпопулярніше", "також читайте",
    "skaitykite taip pat", "susiję straipsniai", "skaitomiausi", "lasi arī", "saistītie raksti", "lasītākie", "loe ka", "loe veel", "seotud artiklid", "loetumad", "lukijoiden suosikit", "aiheeseen liittyvää", "relaterat", "mest lästa", "relatert", "relateret", "seneste nyt",
    // More of Asia and Africa
    "ข่าวแนะนำ", "ข่าวล่าสุด", "บทความที่เกี่ยวข้อง", "baca lagi", "berita berkaitan", "artikel berkaitan", "paling popular", "basahin din", "kaugnay na balita", "soma pia", "soma zaidi", "habari zinazohusiana", "lees verder hier", "verwante artikels",
    "আরও পড়ুন", "আরো পড়ুন", "সম্পর্কিত খবর", "সর্বাধিক পঠিত", "மேலும் படிக்க", "தொடர்புடைய செய்திகள்", "ఇవి కూడా చదవండి", "हे पण वाचा", "हे ही वाचा", "संबंधित बातम्या", "संबंधित लेख", "ताज़ा खबरें", "مزید پڑھیں", "یہ بھی پڑھیں", "متعلقہ خبریں",
    "بیشتر بخوانید", "مطالب مرتبط", "اخبار مرتبط", "پربازدیدترین", "اقرأ المزيد", "اقرأ أيضًا", "أخبار ذات صلة", "موضوعات ذات صلة", "الأكثر قراءة", "تعليقات", "التعليقات", "כתבות נוספות", "עוד בנושא", "אולי יעניין אותך", "תגובות",
    "연관기사", "핫이슈", "推荐新闻", "相关报道", "相關報導", "相關文章", "推薦閱讀", "热点新闻", "最新文章", "熱門文章", "留言", "評論",
];

/// What a line that sends the reader to another article begins with; compared folded.
#[rustfmt::skip]
const ELSEWHERE: &[&str] = &[
    "read more:", "read more on", "read more about", "read more from", "read more »", "read also:", "also read:", "read next:", "read:", "see also:", "see more:", "related:", "related story:", "related stories:", "related article:", "related articles:", "related |", "related -", "more:", "more on this:", "watch:", "listen:", "don't miss:", "recommended:", "up next:", "keep reading:", "must read:", "more stories:", "you may also like:", "click here to read", "click here for more", "read the full story", "for more on this", "see related",
    "lesen sie auch", "lesen sie dazu", "lesen sie hier", "lesen sie mehr", "lesen sie außerdem", "mehr zum thema", "mehr dazu:", "mehr dazu lesen", "auch interessant:", "siehe auch", "lies auch", "das könnte sie auch", "hier lesen sie", "alles zum thema", "weiterlesen:", "mehr lesen", "zum thema:",
    "lire aussi", "à lire aussi", "a lire aussi", "à lire :", "lire :", "voir aussi", "lire également", "à lire également", "lire la suite", "à voir aussi", ">> lire", 
    "lee también", "lea también", "lee más", "leer más", "le puede interesar", "te puede interesar", "ver también", "más información:", "mira también", "lee aquí", "lea además",
    "leia também", "leia mais", "veja também", "saiba mais", "leggi anche", "leggi qui", "leggi di più", "vedi anche", "guarda anche", "potrebbe interessarti",
    "lees ook", "lees meer", "lees verder", "les også", "les mer", "læs også", "læs mere", "se også", "läs också", "läs även", "läs mer", "lue myös", "lestu meira", "sjá einnig",
    "читайте также", "читать также", "читайте:", "читайте ещё", "смотрите также", "читайте також", "подробнее:", "по теме:", "čtěte také", "čtěte i", "přečtěte si", "více zde", "mohlo by vás", "czytaj też", "czytaj także", "czytaj również", "czytaj więcej", "zobacz też", "zobacz także", "przeczytaj też", "przeczytaj także", "citește și", "citeşte şi", "olvasd el", "διαβάστε επίσης", "διαβάστε ακόμα",
    "ayrıca okuyun", "ilgili haber", "baca juga", "baca selengkapnya", "simak juga", "lihat juga", "【関連記事】", "関連記事", "【関連】", "【あわせて読みたい】", "あわせて読みたい", "관련기사", "相关阅读", "相关新闻", "延伸閱讀", "यह भी पढ़ें", "ये भी पढ़ें", "اقرأ أيضا",
    "relire :", "olvassa el", "ezt is olvassa", "citește mai mult", "vezi și", "прочетете още", "вижте още", "pročitajte i", "pročitajte još", "čítajte aj", "prečítajte si", "preberite tudi", "διαβάστε περισσότερα", "skaitykite taip pat", "lasi arī", "loe ka", "aiheesta lisää",
    "baca lagi", "basahin din", "soma pia", "আরও পড়ুন", "மேலும் படிக்க", "हे पण वाचा", "مزید پڑھیں", "یہ بھی پڑھیں", "بیشتر بخوانید", "اقرأ أيضاً", "اقرأ المزيد", "קראו גם", "อ่านเพิ่มเติม", "相关报道", "相關報導",
];

/// What a call to take a newsletter, to follow, to pay or to install begins with.
#[rustfmt::skip]
const SUBSCRIBE: &[&str] = &[
    "sign up for", "sign up to", "sign up here", "sign up now", "sign up and", "subscribe to", "subscribe now", "subscribe for", "subscribe here", "subscribe today", "get our newsletter", "get the latest", "get the best", "get breaking news", "get more from", "get more news", "get more stories", "get unlimited", "get email", "get news", "receive the latest", "receive our", "join our newsletter", "join our", "join the newsletter", "follow us", "follow our page", "follow our channel", "follow our live", "follow our coverage", "follow him on twitter", "follow her on twitter", "follow him on x", "follow me on", "like us on", "like our page", "like our facebook", "like and follow", "find us on", "download our", "download the app", "download the free", "download the latest", "install the app", "click here to subscribe", "click here to sign", "enter your email", "your email address", "by signing up", "by subscribing", "by clicking submit", "by clicking sign", "by clicking subscribe", "by clicking continue", "by clicking accept", "by clicking agree", "by clicking the button", "by clicking on the button", "by clicking \"", "by submitting", "by providing your", "by entering your", "thank you for signing", "thank you for subscribing", "thanks for signing", "thanks for subscribing", "you have been successfully", "already a subscriber", "already a member", "already have an account", "want to read more", "want more news", "want more stories", "want more like this", "to continue reading", "to read the full", "continue reading with", "support our journalism", "support independent journalism", "support quality journalism", "become a member", "become a subscriber", "be the first to know", "be the first to comment", "never miss a story", "stay up to date", "stay informed", "don't miss a", "check out our", "send us", "send tips", "send your", "email us", "contact us", "contact the author", "got a tip", "got a story", "have a tip", "have a story", "do you have a story", "reach us", "you can follow", "sign in to", "log in to", "register to", "register for free", "create a free account", "please enter", "please subscribe", "start your free", "try it free", "listen to this article", "listen to article", "choose your", "manage your",
    "jetzt abonnieren", "abonnieren sie", "newsletter abonnieren", "jetzt anmelden", "melden sie sich", "hier anmelden", "hier abonnieren", "folgen sie uns", "folge uns", "folgen sie unserem", "folgen sie der redaktion", "mit dem newsletter", "unser newsletter", "der newsletter", "mit unserem newsletter", "ihre e-mail", "ihre anmeldung", "bitte melden sie", "bitte loggen sie", "jetzt weiterlesen", "weiterlesen mit", "sie haben bereits ein abo", "sie haben bereits einen", "schon abonnent", "bereits abonnent", "testen sie jetzt", "testen sie uns", "testen sie 30", "laden sie die app", "laden sie unsere", "laden sie sich die app", "laden sie jetzt", "jetzt kostenlos", "jetzt herunterladen", "ich bin damit einverstanden, dass mir", "mit meiner anmeldung", "mit der registrierung", "mit ihrer anmeldung", "whatsapp-kanal", "keine nachricht mehr verpassen", "die wichtigsten nachrichten",
    "inscrivez-vous", "abonnez-vous", "s'abonner", "s'inscrire", "recevez chaque", "recevez nos", "recevez notre", "recevez gratuitement", "recevez les", "recevez toute", "suivez-nous", "téléchargez l'app", "téléchargez notre", "téléchargez gratuitement", "déjà abonné", "pour lire la suite", "en vous inscrivant", "votre adresse", "cet article est réservé", "il vous reste encore", "la newsletter", "notre newsletter",
    "suscríbete", "suscribete", "suscríbase", "recibe las noticias", "recibe nuestro", "recibe nuestra", "recibe en tu", "recibe gratis", "recibe cada", "recibe todas", "recibe toda", "recibir noticias", "recibir la newsletter", "recibir notificaciones", "regístrate", "síguenos", "siga a gente", "siga-nos", "sigue a nuestro", "sigue nuestro", "sigue nuestra", "sigue toda la información", "sigue toda la actualidad", "únete a nuestro", "únete a nuestra", "únete al canal", "únete gratis", "si quieres recibir", "apúntate", "descarga la app", "descarga nuestra", "descarga gratis", "descárgate", "assine", "inscreva-se", "cadastre-se", "receba as", "receba no seu", "receba em seu", "receba gratuitamente", "receba nossa", "siga o canal", "siga o nosso", "siga nosso", "siga nossa", "clique aqui", "baixe o app", "baixe o aplicativo", "baixe nosso", "iscriviti", "abbonati", "seguici", "ricevi le notizie", "ricevi la newsletter", "ricevi ogni", "ricevi gratis", "scarica l'app", "scarica la nostra", "scarica gratis", "clicca qui", "schrijf je in", "abonneer", "meld je aan", "volg ons", "download de", "meld deg på", "abonner", "følg oss", "tilmeld dig", "følg os", "bli abonnent", "prenumerera", "skráðu þig",
    "подпишитесь", "подписывайтесь", "следите за нами", "следите за нашими", "следите за новостями", "следите за главными", "присоединяйтесь к нам", "присоединяйтесь к нашему", "присоединяйтесь к каналу", "установите приложение", "установите наше", "přihlaste se", "odebírejte", "sledujte nás", "zapisz się", "subskrybuj", "obserwuj nas", "abone ol", "bizi takip", "bültenimize", "ikuti kami", "dapatkan berita", "dapatkan informasi", "dapatkan update", "ikuti berita", "langganan sekarang", "berlangganan sekarang", "メールマガジン", "会員登録", "この記事は有料", "有料会員", "無料会員", "ログインして", "登録すると", "フォロー", "구독하기", "구독 신청", "구독신청", "订阅", "訂閱", "关注我们",
    "iratkozzon fel", "töltse le", "abonează-te", "abonați-vă", "urmărește-ne", "абонирайте се", "последвайте ни", "pretplatite se", "pratite nas", "preuzmite aplikaciju", "prihláste sa", "sledujte nás na", "naročite se", "spremljajte nas", "εγγραφείτε", "ακολουθήστε", "підпишіться", "підписуйтесь", "стежте за нами", "prenumeruokite", "abonē", "telli", "tilaa uutiskirje", "seuraa meitä", "följ oss", "ladda ner appen", "last ned appen", "hent appen", "download onze app",
    "langgan", "ikuti kami di", "sundan kami", "fuata", "สมัครรับ", "ติดตามเรา", "सब्सक्राइब", "हमें फॉलो", "সাবস্ক্রাইব", "ہمیں فالو", "اشترك", "تابعونا", "تابعنا", "הירשמו", "הצטרפו", "عضو شوید", "ما را دنبال", "訂閱電子報", "加入會員", "立即订阅", "下载客户端",
];

/// What a line about cookies, scripts and films that do not load begins with.
#[rustfmt::skip]
const CONSENT: &[&str] = &[
    "we use cookies", "this site uses cookies", "this website uses cookies", "this site is protected by recaptcha", "our privacy policy", "our privacy notice", "privacy policy", "terms of use", "terms of service", "terms and conditions", "cookie settings", "manage cookies", "accept cookies", "accept all", "this video is not", "this video is no longer", "this video is unavailable", "this video is currently", "this video is private", "this video can't", "this video cannot", "this video can not", "video unavailable", "unable to load", "please enable", "please allow", "please turn on", "enable javascript", "your browser does not", "your browser doesn't", "javascript is disabled", "javascript is required", "javascript is not", "javascript is turned", "you need to enable", "to view this content", "to view this video", "to view this post", "to view this page", "to watch this video", "to see this content", "to see this video", "to see this post", "this content is hosted", "this content is not available", "an error occurred while", "an error occurred. ", "an error occurred, please", "an error has occurred. ", "an error has occurred, please", "an error has occurred while", "something went wrong. ", "something went wrong, please", "something went wrong while loading", "we're sorry, this", "we're sorry, but this", "we're sorry, the page", "we're sorry, there", "it looks like you're using", "it looks like you are using", "it looks like your browser", "this is embedded content", "external content", "view this post on instagram", "view on instagram", "view original tweet", "accept and continue", "allow cookies", "allow and continue", "for more information see our", "see our privacy",
    "an dieser stelle befindet sich ein externer", "an dieser stelle ist ein externer", "an dieser stelle steht ein", "an dieser stelle würde", "externer inhalt", "empfohlener redaktioneller inhalt", "empfohlener externer inhalt", "dieser inhalt kann", "dieser inhalt ist", "dieser inhalt wird", "hier finden sie einen externen inhalt", "hier finden sie externe inhalte", "ich bin damit einverstanden", "mit dem klick auf", "mit einem klick auf den", "mit einem klick wird", "wir benötigen ihre zustimmung", "wir verwenden cookies", "um diesen inhalt", "um dieses video", "um inhalte von", "um inhalte aus", "um inhalte anzu", "zur anzeige dieses", "zur anzeige des inhalts", "zur anzeige von inhalten", "diese webseite verwendet", "diese webseite nutzt", "diese website verwendet", "diese website nutzt", "bitte aktivieren", "bitte erlauben", "ihre zustimmung", "wenn sie diesen inhalt", "datenschutzhinweis", "datenschutzerklärung", "datenschutzeinstellungen", "cookies akzeptieren", "inhalte von drittanbietern", "an dieser stelle finden sie", "das laden des videos", "das laden des inhalts", "mit dem laden des",
    "ce contenu est", "ce contenu a été bloqué", "ce contenu n'est", "ce contenu n'a", "cette vidéo n'est", "cette vidéo est indisponible", "cette vidéo ne peut", "nous utilisons des cookies", "votre consentement", "pour afficher ce contenu", "veuillez accepter", "en cliquant sur \"", "en cliquant sur «", "en cliquant sur j'accepte", "en cliquant sur s'inscrire", "en cliquant sur accepter", "accepter les cookies", "este contenido no", "este contenido es exclusivo", "este contenido está", "utilizamos cookies", "para ver este", "al hacer clic en aceptar", "al hacer clic en suscrib", "al hacer clic en registr", "al hacer clic en enviar", "al hacer clic en \"", "este conteúdo é exclusivo", "este conteúdo não", "este conteúdo está", "questo contenuto è", "questo contenuto non", "utilizziamo i cookie", "per visualizzare questo", "deze inhoud is", "deze inhoud kan", "dit artikel bevat affiliate", "wij gebruiken cookies", "vi bruker informasjonskapsler", "vi bruker cookies", "vi använder cookies", "vi bruger cookies", "мы используем cookie", "мы используем файлы cookie", "мы используем куки", "для просмотра видео", "для просмотра этого", "для просмотра контента", "tento obsah je", "tento obsah není", "używamy plików cookie", "używamy ciasteczek", "bu site çerez", "bu sitede çerez", "bu web sitesi çerez", "çerez politikası", "çerez ayarları", "çerezler",
    "this content is available", "this content is only", "this content is for", "this content is currently", "this content could not", "weboldalunk cookie", "ez a weboldal", "acest site folosește cookie", "този сайт използва", "ova stranica koristi", "táto stránka používa", "spletno mesto uporablja", "ο ιστότοπος χρησιμοποιεί", "tämä sivusto käyttää", "šī vietne izmanto", "situs ini menggunakan", "このサイトはcookie", "当サイトでは", "javascriptを有効", "本网站使用", "本網站使用", "브라우저가 지원하지", "האתר משתמש", "يستخدم هذا الموقع",
];

/// Labels: the whole line, folded, without signs around.
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "advertisement", "advertisements", "advertising", "ad", "advert", "sponsored", "sponsored by", "promoted", "continue reading below", "story continues below", "story continues below advertisement", "story continues below this ad", "story continues", "article continues below", "article continues after advertisement", "article continues below advertisement", "advertisement - story continues below", "advertisement - scroll to continue", "scroll to continue", "scroll to continue with content", "scroll down for more", "scroll to continue reading", "report this ad", "skip advertisement", "continue reading", "continue reading the main story", "read more", "read less", "show more", "show less", "see more", "view more", "load more", "click to expand", "expand", "close", "open", "share", "tweet", "email", "e-mail", "print", "copy link", "copied", "link copied", "save", "saved", "reply", "like", "comment", "comments", "follow", "facebook", "twitter", "whatsapp", "linkedin", "reddit", "pinterest", "instagram", "youtube", "telegram", "messenger", "flipboard", "bluesky", "threads", "google news", "rss", "back to top", "top", "home", "menu", "search", "sign in", "log in", "subscribe", "sign up", "image", "images", "photo", "photos", "video", "videos", "play", "play video", "watch", "listen", "pause", "next", "previous", "gallery", "view gallery", "view all", "see all", "enlarge", "enlarge image", "toggle caption", "hide caption", "caption", "this article is more than 1 year old", "or", "all rights reserved", "advertiser content", "live", "new", "exclusive", "opinion", "updated", "published", "breaking", "breaking news", "topics", "tags",
    "anzeige", "werbung", "weiter nach der anzeige", "weiterlesen nach der anzeige", "nach der anzeige weiterlesen", "teilen", "drucken", "mailen", "merken", "vorlesen", "schließen", "mehr anzeigen", "weniger anzeigen", "kommentare", "zur startseite", "artikel anhören", "artikel teilen", "feedback", "foto", "bild", "quelle", "link kopieren", "kopieren", "zum anfang", "bildergalerie", "startseite", "anhören", "mehr", "weiterlesen",
    "publicité", "partager", "imprimer", "la suite après cette publicité", "commenter", "réagir", "écouter", "publicidad", "compartir", "imprimir", "comentarios", "publicidade", "continua após a publicidade", "compartilhar", "pubblicità", "condividi", "stampa", "advertentie", "delen", "annonse", "annonsørinnhold", "artikkelen fortsetter under annonsen", "del", "artiklen fortsætter efter annoncen", "annonce", "annons", "dela", "mainos", "auglýsing", "реклама", "поделиться", "reklama", "sdílet", "reklam", "paylaş", "iklan", "bagikan", "scroll to continue with content", "pr", "広告", "シェア", "ポスト", "印刷", "광고", "공유", "广告", "分享", "विज्ञापन",
    "hirdetés", "publicitate", "oglas", "oglasi", "реклама", "διαφήμιση", "διαφημιση", "uutismainos", "reklāma", "reklaam", "tangazo", "โฆษณา", "แชร์", "patalastas", "বিজ্ঞাপন", "விளம்பரம்", "जाहिरात", "اشتہار", "تبلیغات", "آگهی", "إعلان", "اعلان", "פרסומת", "廣告", "megosztás", "distribuie", "podijeli", "podeli", "zdieľať", "deli", "κοινοποίηση", "jaa", "dalintis", "dalīties", "jaga", "kongsi", "शेयर", "شیئر", "مشاركة", "שתפו",
];

/// Beginnings of lines about rights, whatever follows.
#[rustfmt::skip]
const RIGHTS: &[&str] = &[
    "©", "(c) 20", "copyright ©", "copyright 20", "copyright (c)", "all rights reserved", "this material may not be", "alle rechte vorbehalten", "tous droits réservés", "todos los derechos", "tutti i diritti", "все права защищены", "unauthorized use", "no part of this", "無断転載",
    "minden jog fenntartva", "toate drepturile rezervate", "всички права запазени", "sva prava pridržana", "sva prava zadržana", "všetky práva vyhradené", "všechna práva vyhrazena", "wszelkie prawa zastrzeżone", "vse pravice pridržane", "todos os direitos reservados", "alle rechten voorbehouden", "alle rettigheter", "alle rettigheder", "eftertryck förbjudet", "tüm hakları saklıdır", "hak cipta dilindungi", "版权所有", "版權所有", "著作権", "無断複製", "무단전재", "جميع الحقوق محفوظة", "כל הזכויות שמורות",
];

/// What lines about consent, commissions and gifts hold, wherever in them, and stories hardly ever.
#[rustfmt::skip]
const HELD: &[&str] = &[
    "affiliate link", "affiliate-link", "affiliatelink", "affiliate commission", "drittplattformen", "datenschutzerklärung", "cookie policy", "recaptcha", "enable javascript", "hat ihnen dieser artikel gefallen", "de cet article à lire",
];

/// What such lines hold too, and stories may: it counts where the line speaks to its reader.
#[rustfmt::skip]
const HELD_TO_READERS: &[&str] = &[
    "newsletter", "personenbezogene daten", "externen inhalt", "externer inhalt", "privacy policy", "terms of use", "nyhetsbrev", "nyhedsbrev", "nieuwsbrief", "uutiskirje", "hírlevél", "рассылк", "розсилк", "bülten", "boletín", "infolettre",
];

/// Words by which a paper speaks to its reader or of itself, as they stand between spaces; and the signs of an order.
#[rustfmt::skip]
const TO_READERS: &[&str] = &[
    "you", "your", "our", "us", "we", "subscribe", "subscribing", "sign", "inbox", "sie", "ihnen", "ihre", "ihrer", "ihrem", "ihren", "uns", "unser", "unsere", "unserem", "unseren", "unserer", "du", "dir", "dich", "dein", "deine", "hier", "abonnieren", "vous", "votre", "vos", "nous", "notre", "nos", "tu", "te", "tus", "su", "nuestro", "nuestra", "nuestros", "você", "seu", "sua", "nosso", "nossa", "ti", "tuo", "tua", "vostra", "nostra", "nostro", "iscriviti", "je", "jouw", "uw", "onze", "ons", "din", "ditt", "dine", "vår", "vårt", "våre", "vores", "deg", "dig", "sinun", "meidän", "twój", "nasz", "naszego", "ваш", "вашу", "вас", "нашу", "наш", "нас", "bizim", "size",
];

static HEADING_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| HEADINGS.iter().copied().collect());
static LABEL_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| LABELS.iter().copied().collect());

/// The beginnings of all calls by their first letter, the surest call first.
static CALLS: LazyLock<HashMap<char, Vec<(&'static str, Call)>>> = LazyLock::new(|| {
    let mut calls: HashMap<char, Vec<(&str, Call)>> = HashMap::new();
    let lists = [(ELSEWHERE, Call::Elsewhere), (SUBSCRIBE, Call::Subscribe), (CONSENT, Call::Consent), (RIGHTS, Call::Label)];
    for (phrase, call) in lists.iter().flat_map(|(list, call)| list.iter().map(move |phrase| (*phrase, *call))) {
        calls.entry(phrase.chars().next().unwrap_or_default()).or_default().push((phrase, call));
    }
    calls
});

/// One search for all of some phrases.
fn any_of(phrases: &[&str]) -> Regex {
    let phrases: Vec<String> = phrases.iter().map(|phrase| regex::escape(phrase)).collect();
    Regex::new(&phrases.join("|")).expect("escaped words are a sound pattern")
}

static HELD_ANYWHERE: LazyLock<Regex> = LazyLock::new(|| any_of(HELD));
static HELD_TO_READERS_ANYWHERE: LazyLock<Regex> = LazyLock::new(|| any_of(HELD_TO_READERS));
static TO_READERS_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| TO_READERS.iter().copied().collect());

/// A line of so few words is no sentence of a story.
const FEW: usize = 4;

/// Does a line ask its reader for consent or an address, by what it holds?
fn holds_a_call(key: &str) -> bool {
    let to_reader = || {
        let words = || key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words().take(FEW + 1).count() <= FEW || words().any(|word| TO_READERS_SET.contains(word))
    };
    HELD_ANYWHERE.is_match(key) || HELD_TO_READERS_ANYWHERE.is_match(key) && to_reader()
}

/// The line as it is compared: lower case, plain quotation marks, without signs around it.
pub(super) fn key(line: &str) -> String {
    let mut lower = String::with_capacity(line.len());
    for c in line.trim_matches(is_around).chars() {
        match c {
            '\0'..='~' => lower.push(c.to_ascii_lowercase()),
            '’' => lower.push('\''),
            _ => lower.extend(c.to_lowercase()),
        }
    }
    lower
}

/// A sign that may stand around a line and says nothing.
fn is_around(c: char) -> bool {
    !c.is_alphanumeric() && c != '©' && c != '【'
}

/// Does this line, as [`key`] gives it, begin a part of the page that is not the article?
pub(super) fn heads_furniture(key: &str) -> bool {
    HEADING_SET.contains(key)
}

/// Is this line, as [`key`] gives it, nothing but a label, or several apart by bars?
pub(super) fn is_label(key: &str) -> bool {
    LABEL_SET.contains(key) || key.is_empty() || key.contains('|') && key.split('|').all(|part| LABEL_SET.contains(part.trim()))
}

/// What a line, as [`key`] gives it, calls the reader to do.
pub(super) fn call(key: &str) -> Option<Call> {
    let bucket = CALLS.get(&key.chars().next()?).map(Vec::as_slice).unwrap_or_default();
    let begun = bucket.iter().find(|(phrase, _)| key.starts_with(phrase)).map(|(_, call)| *call);
    match begun {
        None | Some(Call::Label) if holds_a_call(key) => Some(Call::Consent),
        begun => begun,
    }
}

/// Is a short line, as [`key`] gives it, the name of a newsroom?
pub(super) fn is_desk(key: &str) -> bool {
    const DESKS: [&str; 11] = [
        "redaktion",
        "rédaction",
        "redacción",
        "redação",
        "redazione",
        "redactie",
        "redaksjonen",
        "redaktionen",
        "newsroom",
        "news desk",
        "staff",
    ];
    key.split_whitespace().count() <= 3 && DESKS.iter().any(|d| key.ends_with(d))
}

/// Does a line, as [`key`] gives it, begin as bylines do?
pub(super) fn is_byline(key: &str) -> bool {
    const BY: [&str; 24] = [
        "by ",
        "von ",
        "par ",
        "por ",
        "di ",
        "door ",
        "av ",
        "af ",
        "autor:",
        "author:",
        "text:",
        "written by",
        "posted by",
        "publisert",
        "published",
        "updated",
        "veröffentlicht",
        "aktualisiert",
        "stand:",
        "publié",
        "publicado",
        "pubblicato",
        "erschienen",
        "geschrieben",
    ];
    BY.iter().any(|b| key.starts_with(b))
}

/// Does a line at the end of a story, as [`key`] gives it, say who helped to write it?
pub(super) fn closes(key: &str) -> bool {
    const CLOSES: [&str; 12] = [
        "contributed to this report",
        "contributed to this story",
        "contributed to this article",
        "contributed reporting",
        "contributed to the reporting",
        "reported from",
        "reporting by",
        "editing by",
        "additional reporting",
        "is a freelance",
        "is a staff writer",
        "mit material von",
    ];
    CLOSES.iter().any(|c| key.contains(c))
}
