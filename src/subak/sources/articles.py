"""Articles: the way to a wiki's articles, its interface for programs."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from subak.errors import Gone
from subak.sources.polite import Polite
from subak.sources.reason import because
from subak.sources.request import Reply, Request

_JSON = frozenset({"application/json"})


class Articles:
    """Fetch articles through the interface, which robots.txt doesn't speak of."""

    def __init__(self, polite: Polite) -> None:
        self._polite = polite

    async def fetch(self, request: Request) -> Reply:
        """Return the article as JSON; redirects of titles are followed.

        Raises:
            Gone: There is no article of this title.
            SubakError: As for every page.
        """
        # The recipe names each article, so no budget of pages stands against it.
        asked = replace(request, types=_JSON, is_api=True, site="")
        try:
            return await self._polite.fetch(asked)
        except Gone as error:
            title = unquote(request.url.split("/")[-2]).replace("_", " ")
            missing = Gone(
                f"there is no article {title!r}",
                where=request.url,
                hint="search the wiki for it and copy the title into the recipe",
                status=error.status,
            )
            raise because("gone", missing) from error
