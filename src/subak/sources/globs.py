"""Globs: which pages of a site a recipe takes."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from yarl import URL


@dataclass(frozen=True, slots=True)
class Globs:
    """Rules over addresses, where ``*`` matches ``/`` too.

    ``/tax/*`` looks at the path alone; ``//press.example/*`` names a host as well,
    and so lets a listing lead there.

    Args:
        include: To take, none means all.
        exclude: To leave out; wins over ``include``.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def take(self, url: URL) -> bool:
        """Tell whether the rules take this URL."""
        if any(_matches(url, glob) for glob in self.exclude):
            return False
        return not self.include or any(_matches(url, glob) for glob in self.include)

    def take_host(self, url: URL) -> bool:
        """Tell whether a rule names this URL's host and takes it."""
        named = [glob for glob in self.include if _names_host(glob)]
        return any(_matches(url, glob) for glob in named) and self.take(url)


def _names_host(glob: str) -> bool:
    return glob.startswith(("//", "http://", "https://"))


def _matches(url: URL, glob: str) -> bool:
    if not _names_host(glob):
        return fnmatchcase(url.path, glob)
    _, _, rule = glob.partition("//")
    host, slash, path = rule.partition("/")
    return fnmatchcase(url.host or "", host.partition(":")[0]) and (
        not slash or fnmatchcase(url.path, f"/{path}")
    )
