"""read_wikipedia: an article as MediaWiki's REST API gives it becomes its text.

Runs in workers. The HTML is Parsoid's: its classes and properties tell what is
article and what is apparatus (marks of references, edit links, navigation).
"""

from __future__ import annotations

import re

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode
from yarl import URL

from subak.errors import UnusableContent
from subak.sources.address import find_address, is_same_site
from subak.sources.raw_page import RawPage, ReadPage
from subak.sources.visible import drop, drop_invisible, is_deeper, looks_bottomless
from subak.sources.whole_text import structured_text

MAX_CHARS = 8_000_000
MAX_DEPTH = 250
_MAX_LINKS = 500
_DISAMBIGUATION = (
    "meta[property='mw:PageProp/disambiguation'], #disambigbox, .dmbox-disambig, "
    "link[rel='mw:PageProp/Category'][href$='Disambiguation_pages']"
)
# What stands on the page but is not the article, in the wikis of several languages.
_APPARATUS = (
    "link, meta, figure, audio, video, .mw-editsection, sup.reference, "
    "[typeof~='mw:Extension/ref'], [typeof~='mw:Extension/references'], .references, "
    ".reflist, .refbegin, .mw-references-wrap, .mw-cite-backlink, .mw-ext-cite-error, "
    ".Inline-Template, sup.noprint, .noprint, .navbox, .navbox-styles, .navbox-inner, "
    ".vertical-navbox, .sidebar, .side-box, .sistersitebox, .hatnote, .rellink, "
    ".dablink, .homonymie, .bandeau-container, .metadata, .ambox, .tmbox, .ombox, "
    ".stub, .asbox, .portalbox, .portal-bar, .authority-control, #normdaten, "
    ".NavFrame, .catlinks, .shortdescription, .toc, #toc, .mw-kartographer-map, "
    ".thumb, .gallery, .geo-nondefault, .mw-empty-elt, [role=navigation], [role=note]"
)
_APPENDIX = re.compile(
    r"(?:references?|notes?|footnotes?|citations?|sources|further reading|"
    r"external links?|see also|bibliography|einzelnachweise|weblinks|literatur|"
    r"siehe auch|références|notes et références|voir aussi|liens externes|"
    r"referensi|catatan kaki|lihat pula|lihat juga|pranala luar|bacaan lanjutan|"
    r"referencias|véase también|enlaces externos|note|voci correlate|"
    r"collegamenti esterni)",
    re.IGNORECASE,
)
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?=$|-)")
_FEWEST_LETTERS = 40


class _Licence(msgspec.Struct):
    url: str = ""
    title: str = ""


class _Revision(msgspec.Struct):
    id: int = 0
    timestamp: str = ""


class _Article(msgspec.Struct):
    html: str
    title: str
    key: str = ""
    latest: _Revision = msgspec.field(default_factory=_Revision)
    license: _Licence = msgspec.field(default_factory=_Licence)


def read_wikipedia(payload: bytes) -> bytes:
    """Return a ReadPage for a RawPage of the REST API's JSON, both as MessagePack.

    Raises:
        UnusableContent: Not that JSON, a disambiguation page, or without text.
    """
    page = msgspec.msgpack.decode(payload, type=RawPage)
    try:
        article = msgspec.json.decode(page.body, type=_Article)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unusable("the answer is not an article of a MediaWiki", page) from error
    return msgspec.msgpack.encode(_read(article, page))


def _read(article: _Article, page: RawPage) -> ReadPage:
    tree = _parse(article, page)
    if tree.css_first(_DISAMBIGUATION) is not None:
        raise UnusableContent(
            f"{article.title!r} only lists articles that could be meant",
            where=page.url,
            hint="put the full title of the one you mean into titles: "
            + ", ".join(_choices(tree)),
        )
    url = _human_address(tree, article, URL(page.url))
    links = _links(tree, URL(url))
    language = _language(tree)
    text = _text(tree)
    if sum(map(str.isalnum, text)) < _FEWEST_LETTERS:
        raise _unusable("the article has no text", page)
    return ReadPage(
        text=f"# {_folded(article.title)}\n\n{text}",
        title=_folded(article.title),
        language=language,
        published=_date(article.latest.timestamp),
        links=links,
        url=url,
        licence=_folded(f"{article.license.title} {article.license.url}"),
        revision=str(article.latest.id) if article.latest.id else "",
    )


def _parse(article: _Article, page: RawPage) -> LexborHTMLParser:
    if len(article.html) > MAX_CHARS or looks_bottomless(article.html):
        raise _unusable("the article is too large or nested too deep", page)
    tree = LexborHTMLParser(article.html)
    if is_deeper(tree, MAX_DEPTH):
        raise _unusable("the article is nested too deep", page)
    return tree


def _text(tree: LexborHTMLParser) -> str:
    body = tree.body
    if body is None:
        return ""
    drop_invisible(tree)
    drop(body, tree.css(_APPARATUS))
    drop(body, [node for node in body.css("section") if _is_appendix(node)])
    return structured_text(body)


def _is_appendix(section: LexborNode) -> bool:
    """Tell whether a section is apparatus by its heading, or only a heading."""
    heading = section.css_first(_HEADINGS)
    if heading is None:
        return False
    title = heading.text(strip=True)
    if _APPENDIX.fullmatch(title):
        return True
    return len(section.text(strip=True)) <= len(title)


def _choices(tree: LexborHTMLParser) -> list[str]:
    links = tree.css("li a[title]")[:3]
    return [repr(link.attributes.get("title") or "") for link in links]


def _human_address(tree: LexborHTMLParser, article: _Article, api: URL) -> str:
    """Return the page people read; only the wiki's own host is believed."""
    told = tree.css_first("link[rel='dc:isVersionOf']")
    href = (told.attributes.get("href") or "") if told is not None else ""
    address = find_address(href, api) if href else None
    if address is not None and is_same_site(URL(address), api):
        return address
    key = article.key or article.title.replace(" ", "_")
    return str(api.origin() / "wiki" / key)


def _links(tree: LexborHTMLParser, page: URL) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for node in tree.css("a[rel~='mw:WikiLink'], a[rel~='mw:ExtLink']"):
        link = find_address(node.attributes.get("href") or "", page)
        if link is not None and link != str(page):
            found[link] = None
        if len(found) == _MAX_LINKS:
            break
    return tuple(found)


def _language(tree: LexborHTMLParser) -> str:
    for node in (tree.body, tree.css_first("html")):
        given = (node.attributes.get("lang") or "") if node is not None else ""
        if match := _LANGUAGE.match(given):
            return match[0].lower()
    return ""


def _date(timestamp: str) -> str:
    match = _ISO_DATE.match(timestamp)
    return match[0] if match else ""


def _folded(text: str) -> str:
    return " ".join(text.split())


def _unusable(message: str, page: RawPage) -> UnusableContent:
    return UnusableContent(
        message,
        where=page.url,
        hint="check the title, and the url if you gave one, of the wikipedia source",
    )
