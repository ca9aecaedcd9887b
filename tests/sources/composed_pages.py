"""Pages of several kinds in the markup common software writes, with their content."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

WHO = ("The notary", "Our accountant", "A landlord", "The ferry line", "My employer")
DID = ("refused", "returned", "stamped", "recalculated", "postponed", "translated")
WHAT = ("the second form", "two certified copies", "a signed lease", "our deposit")
WHEN = ("on Tuesday.", "without notice.", "after three weeks.", "at the front desk.")
MENU = "".join(f'<li><a href="/m{n}">zzmenu item {n}</a></li>' for n in range(12))
HEADER = f'<header><a href="/">zzlogo</a><nav><ul>{MENU}</ul></nav></header>'
CONSENT = '<div class="cookie-banner"><p>zzcookie We use cookies, see here.</p></div>'
SIDE = "".join(f'<li><a href="/r{n}">zzside other thing {n}</a></li>' for n in range(6))
FOOTER = "<footer><p>zzfoot Copyright 2026. All rights reserved.</p></footer>"


@dataclass(frozen=True, slots=True)
class ComposedPage:
    """A page and every piece of its content, in order."""

    html: str
    content: tuple[str, ...]

    def share_found(self, text: str) -> float:
        """Return the F1 of a text by its words."""
        wanted, given = _words(" ".join(self.content)), _words(text)
        hits = (wanted & given).total()
        return 2 * hits / (wanted.total() + given.total())


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


class _Prose:
    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self.said: list[str] = []

    def __call__(self, sentences: int = 1) -> str:
        pick = self._random.choice
        text = " ".join(
            " ".join(pick(part) for part in (WHO, DID, WHAT, WHEN))
            for _ in range(sentences)
        )
        return self.note(text)

    def note(self, text: str) -> str:
        self.said.append(text)
        return text


def _page(title: str, body: str, prose: _Prose, aside: str = "") -> ComposedPage:
    side = f'<div class="sidebar"><ul>{SIDE}</ul></div>{aside}'
    html = (
        f'<!doctype html><html lang="en"><head><title>{title} - zzsite</title></head>'
        f"<body>{HEADER}{CONSENT}{body}{side}{FOOTER}</body></html>"
    )
    return ComposedPage(html, tuple(prose.said))


def forum() -> ComposedPage:
    """Return a thread as bulletin boards write it: every post beside its writer."""
    prose = _Prose("forum")
    title = prose.note("Visa for a long stay")
    posts = "".join(
        f'<div class="post bg{n % 2}" id="p{n}"><dl class="postprofile"><dt>zzuser</dt>'
        f"<dd>zzrank Member</dd><dd>zzposts {n}</dd></dl><div class='postbody'>"
        f'<div class="content">{prose(3)}<br><br>{prose(2)}</div></div>'
        f'<ul class="post-buttons"><li><a href="#q">zzquote</a></li></ul></div>'
        for n in range(8)
    )
    return _page(title, f"<h2>{title}</h2>{posts}", prose)


def answers() -> ComposedPage:
    """Return a question with answers, comments below each."""
    prose = _Prose("answers")
    title = prose.note("Deducting a home office twice")
    body = f'<h1>{title}</h1><div class="question"><p>{prose(3)}</p></div>'
    for n in range(5):
        body += (
            f'<div class="answer"><div class="votecell">zz{n}</div><div class="text">'
            f'<p>{prose(2)}</p><p>{prose(3)}</p></div><div class="post-menu"><a>zzshare'
            f'</a></div><ul class="comments"><li>{prose(2)}</li></ul></div>'
        )
    marked = f'<div itemscope itemtype="https://schema.org/QAPage">{body}</div>'
    return _page(title, marked, prose)


def cards() -> ComposedPage:
    """Return a catalogue: linked titles, a line each, prices."""
    prose = _Prose("cards")
    title = prose.note("All courses")
    items = "".join(
        f'<div class="card"><a href="/c{n}"><img alt="zz"></a><div class="card-body">'
        f'<h5><a href="/c{n}">{prose()}</a></h5><p>{prose()}</p>'
        f'<span class="price">{prose.note(f"{n + 20} EUR")}</span></div></div>'
        for n in range(12)
    )
    return _page(title, f'<h1>{title}</h1><div class="row">{items}</div>', prose)


def releases() -> ComposedPage:
    """Return a list of dated headlines."""
    prose = _Prose("releases")
    title = prose.note("Press releases")
    rows = "".join(
        f'<div class="views-row"><span>{prose.note(f"{n + 1} March 2025")}</span> '
        f'<a href="/n{n}">{prose()}</a></div>'
        for n in range(20)
    )
    return _page(title, f'<h1>{title}</h1><div class="view">{rows}</div>', prose)


def service() -> ComposedPage:
    """Return a firm's page: features, steps, voices, questions that unfold."""
    prose = _Prose("service")
    title = prose.note("Relocation made simple")
    body = f'<section class="hero"><h1>{title}</h1><p>{prose(2)}</p></section>'
    for heading in ("What we do", "How it works", "What clients say"):
        boxes = "".join(
            f'<div class="box"><h3>{prose()}</h3><div>{prose()}</div></div>'
            for _ in range(4)
        )
        body += f"<section><h2>{prose.note(heading)}</h2>{boxes}</section>"
    asked = "".join(
        f'<div class="item"><h3><button>{prose()}</button></h3><div class="collapse">'
        f"{prose(2)}</div></div>"
        for _ in range(5)
    )
    signup = '<section class="newsletter"><h2>zzSubscribe</h2><form>zz</form></section>'
    return _page(title, f'{body}<section class="faq">{asked}</section>{signup}', prose)


def team() -> ComposedPage:
    """Return people with a line each, in nothing but div elements."""
    prose = _Prose("team")
    title = prose.note("Our practice")
    people = "".join(
        f'<div class="member"><h4>{prose.note(f"Dr. Person {n}")}</h4>'
        f"<div>{prose.note('Partner')}</div><div>{prose()}</div></div>"
        for n in range(6)
    )
    address = f"<div>{prose.note('Main Street 12, 80331 Munich')}</div>"
    return _page(title, f"<div><h2>{title}</h2></div>{people}{address}", prose)


KINDS: tuple[Callable[[], ComposedPage], ...] = (
    forum,
    answers,
    cards,
    releases,
    service,
    team,
)
