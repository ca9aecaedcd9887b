"""Face: how a site of the demo web looks, with the furniture real sites have."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

Menu = Mapping[str, str]  # path -> name shown
_NEWSLETTER = {
    "en": ("Newsletter", "Subscribe to receive our weekly round-up."),
    "it": ("Notiziario", "Iscriviti per ricevere il nostro riepilogo settimanale."),
    "id": ("Buletin", "Berlangganan untuk menerima rangkuman mingguan kami."),
}


@dataclass(frozen=True, slots=True)
class Face:
    """What all pages of a site share.

    Args:
        name: Names the site in the recipe.
        title: Shown at the top of each page.
        motto: One sentence below it.
        credit: Whose text it is, shown at the foot.
        language: Of its pages.
    """

    name: str
    title: str
    motto: str
    credit: str
    language: str = "en"

    def page(
        self, title: str, body: str, menu: Menu, *, language: str = "", date: str = ""
    ) -> str:
        """Return a page around its main part, which is HTML."""
        language = language or self.language
        heading, invitation = _NEWSLETTER[language]
        published = (
            f'<meta property="article:published_time" content="{date}">' if date else ""
        )
        return (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            f"<title>{_text(title)}</title>"
            f'<meta name="description" content="{_text(self.motto)}">{published}'
            "<style>.cookies{display:none}</style></head><body>"
            f'<header><a href="/">{_text(self.title)}</a>'
            f"<nav><ul>{_links(menu)}</ul></nav></header>"
            '<div class="cookies">We use cookies to make this site better. '
            "<button>Accept all</button></div>"
            f"{body}<aside><h3>{heading}</h3><p>{invitation}</p></aside>"
            f"<footer>Text: {_text(self.credit)}. "
            '<a href="/about.html">About</a> · <a href="/privacy.html">Privacy</a>'
            "</footer></body></html>"
        )

    def front(self, menu: Menu) -> str:
        """Return the front page."""
        body = f"<main><h1>{_text(self.title)}</h1><p>{_text(self.motto)}</p>"
        return self.page(self.title, f"{body}<ul>{_links(menu)}</ul></main>", menu)

    def sitemap(self, base: str, menu: Menu) -> str:
        """Return sitemap.xml."""
        urls = "".join(f"<url><loc>{base}{path}</loc></url>" for path in ("/", *menu))
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            f"{urls}</urlset>"
        )

    def feed(self, base: str, menu: Menu) -> str:
        """Return the RSS feed."""
        items = "".join(
            f"<item><title>{_text(name)}</title><link>{base}{path}</link></item>"
            for path, name in menu.items()
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
            f"<title>{_text(self.title)}</title><link>{base}/</link>"
            f"<description>{_text(self.motto)}</description>{items}</channel></rss>"
        )


def _links(menu: Menu) -> str:
    return "".join(
        f'<li><a href="{path}">{_text(name)}</a></li>' for path, name in menu.items()
    )


def _text(text: str) -> str:
    return html.escape(text)
