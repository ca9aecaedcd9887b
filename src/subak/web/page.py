"""Page: an address of the dashboard, and the function that reads what it shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import apsw

from subak.engine.workspace import Workspace

_FIELD = re.compile(r"\{(\w+)(:\w+)?\}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a page.

    Args:
        workspace: The folder that is looked at.
        db: Its journal, read-only and of this request alone; the core closes it.
        now: When it was asked, seconds since the epoch.
        is_alive: Whether a run holds the workspace right now.
        path: The fields of the page's path, decoded.
        query: What stands behind "?" in the address, the last of each name.
        form: The fields of a form that was sent here and whose origin was checked;
            None for a plain look, always so for pages without ``takes_form``.
    """

    workspace: Workspace
    db: apsw.Connection
    now: float
    is_alive: bool = False
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None

    def number(self, name: str, default: int = 1, *, most: int = 1_000_000) -> int:
        """Return a whole number of the query from 1 on, the default for any other."""
        digits = self.query.get(name, "")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            return default
        return min(max(int(digits), 1), most)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page answers.

    Args:
        template: File in ``web/templates`` or ``web/pages/templates``; it extends
            ``layout.html.j2``.
        values: What the template names, besides what every page has: ``link``,
            ``form_token``, ``title``, ``page``, ``near``, ``workspace_name``.
        title: Of this answer, where the page's own is too general.
        go_to: Name of the page and its fields to send the browser to instead of an
            answer, e.g. after a form.
    """

    template: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    title: str = ""
    status: int = 200
    go_to: tuple[str, Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a workspace.

    A SubakError raised while reading becomes a page that says what happened and what
    to do next: 404 for a UserError, else 500.

    Args:
        name: What links call it: ``link("run", run=ID)``.
        path: Below the workspace's own address, no slash first: "runs/{run}". A value
            that may hold a slash is written ``{item:path}``, as the last part.
        title: Short; stands in the navigation and the window's title.
        read: Makes the answer, in a thread of its own; None for "Now", which is made
            of what its watchers share.
        place: Order in the navigation, None to stay out of it.
        under: The page of the navigation that is marked while this one is shown.
        takes_form: Forms (POST with ``form_token``) may be sent here.
        is_live: The page has fragments that live.js replaces.
    """

    name: str
    path: str
    title: str
    read: Callable[[Asked], Shown] | None
    place: int | None = None
    under: str = ""
    takes_form: bool = False
    is_live: bool = False

    def address(self, values: Mapping[str, object]) -> str:
        """Return the path with its fields filled in, all other values as a query.

        Values that are None or "" are left out of the query.
        """
        named = {match[1] for match in _FIELD.finditer(self.path)}
        path = _FIELD.sub(lambda match: _quoted(match, values), self.path)
        rest = {
            name: str(value)
            for name, value in values.items()
            if name not in named and value is not None and value != ""
        }
        return f"{path}?{urlencode(rest)}" if rest else path


def _quoted(match: re.Match[str], values: Mapping[str, object]) -> str:
    return quote(str(values[match[1]]), safe="/" if match[2] == ":path" else "")
