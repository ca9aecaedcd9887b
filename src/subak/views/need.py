"""Need: one thing of a run that a person should look at, and what to type."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from subak.views.category_state import OF_CATEGORIES, CategoryState
from subak.views.failed_sites import FailedSite, is_of_a_site
from subak.views.item_failure import ItemFailure
from subak.views.proof import RefusedFact
from subak.views.status import Status
from subak.views.wording import count, middle, moment, shorten

_MOST_ITEMS = 3
_MOST_SITES = 5
_LONGEST = 220
_FAILED: Mapping[str, str] = MappingProxyType(
    {
        "settle": "its values could not be compared with the old ones",
        "draft": "it could not be written",
        "verify": "it did not pass the check",
        "review": "it could not be reviewed",
    }
)
_FINAL = ("InvalidAnswer", "UnusableContent", "ContextOverflow")


@dataclass(frozen=True, slots=True)
class Need:
    """Something to look at.

    Args:
        what: What happened, a sentence.
        why: The reason as it was told, "" where the sentence says it.
        meanwhile: What stands until then, a sentence.
        todo: What to do, in words, "" for nothing but the command.
        command: What to type, "" for nothing.
        can_wait: Nothing is lost by leaving it.
    """

    what: str
    why: str = ""
    meanwhile: str = ""
    todo: str = ""
    command: str = ""
    can_wait: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the need with the names of the outer contract."""
        return {
            "what": self.what,
            "why": self.why,
            "meanwhile": self.meanwhile,
            "todo": self.todo,
            "command": self.command,
            "can_wait": self.can_wait,
        }


def category_needs(states: Sequence[CategoryState], again: str) -> Iterator[Need]:
    """Yield the categories that could not be written.

    Args:
        again: What to type for another run.
    """
    for state in states:
        for failure in state.failures[:1]:
            yield Need(
                what=f"There is no new article on “{state.name}”:"
                f" {_FAILED.get(failure.stage, 'it failed')}.",
                why=shorten(failure.error, _LONGEST),
                meanwhile=f"{_last_article(state)} The other categories were not"
                " held up.",
                todo=shorten(failure.hint, _LONGEST),
                command=_look_into(failure) or again,
            )


def _last_article(state: CategoryState) -> str:
    if state.written is None:
        return "There was none before."
    if state.article == "kept":
        when = moment(state.written)
        return f"The one of {when} stays published, marked as older."
    return f"The last one is of {moment(state.written)}."


def _look_into(failure: ItemFailure) -> str:
    """Return what tells more, where the same would only fail again."""
    item = shlex.quote(f"{failure.stage}/{failure.item}")
    return f"subak why {item}" if failure.kind in _FINAL else ""


def site_needs(
    sites: Sequence[FailedSite], status: Status, again: str
) -> Iterator[Need]:
    """Yield the sites that could not be read, the first few of them."""
    last = {source.source: source.last_success for source in status.sources}
    for site in sites[:_MOST_SITES]:
        yield _site_need(site, _kept_words(last.get(site.source), status), again)
    if len(sites) > _MOST_SITES:
        more = count(len(sites) - _MOST_SITES, "more site")
        yield Need(f"{more} could not be read.", command="subak logs --failed")


def other_needs(failures: Sequence[ItemFailure], again: str) -> Iterator[Need]:
    """Yield what else failed, alike failures as one."""
    others = [
        one
        for one in failures
        if not is_of_a_site(one) and one.stage not in OF_CATEGORIES
    ]
    others.sort(key=_alike)
    for (stage, _), group in groupby(others, key=_alike):
        same = list(group)
        names = ", ".join(middle(one.item, 40) for one in same[:_MOST_ITEMS])
        more = f" and {len(same) - _MOST_ITEMS} more" if len(same) > _MOST_ITEMS else ""
        yield Need(
            what=f"{count(len(same), 'item')} failed at the step “{stage}”:"
            f" {names}{more}.",
            why=shorten(same[0].error, _LONGEST),
            meanwhile="The others were not held up.",
            todo=shorten(same[0].hint, _LONGEST),
            command=again if len(same) == 1 else "subak logs --failed",
        )


def refused_need(refused: Sequence[RefusedFact]) -> Need:
    """Return what was proposed and not proved, as one thing to look at."""
    by_item: dict[str, list[RefusedFact]] = {}
    for one in refused:
        by_item.setdefault(one.item, []).append(one)
    shown = [_refused_words(*pair) for pair in list(by_item.items())[:_MOST_ITEMS]]
    more = len(by_item) - _MOST_ITEMS
    shown += [f"and {count(more, 'more item')}"] if more > 0 else []
    noun = "value was" if len(refused) == 1 else "values were"
    return Need(
        what=f"{count(len(refused))} proposed {noun} refused, because no quote of"
        " the source proves them.",
        why="; ".join(shown),
        meanwhile="They are in no result; what was proved before stays.",
        command=f"subak why {shlex.quote(refused[0].item)}",
        can_wait=True,
    )


def _refused_words(item: str, refused: Sequence[RefusedFact]) -> str:
    fields = ", ".join(dict.fromkeys(one.field for one in refused[:_MOST_ITEMS]))
    more = f" and {len(refused) - _MOST_ITEMS} more" if len(refused) > 3 else ""
    reason = shorten(refused[0].reason, 80)
    return f"{middle(item, 60)}: {fields}{more} ({reason})"


def _kept_words(last: float | None, status: Status) -> str:
    if last is None:
        return "Nothing was ever read there."
    if last >= status.started:  # only some of its pages are gone
        return "What was read of them before stays in use."
    return f"What was read there until {moment(last)} stays in use."


def _site_need(site: FailedSite, meanwhile: str, again: str) -> Need:
    lost = [count(site.pages, "page")] if site.pages else []
    lost += ["its list of pages"] if site.is_unlisted else []
    return Need(
        what=f"The site {middle(site.url, 80)} could not be read"
        f" ({' and '.join(lost)} of the source “{shorten(site.source, 60)}”).",
        why=shorten(site.error, _LONGEST),
        meanwhile=meanwhile,
        todo=shorten(site.hint, _LONGEST),
        command=again,
    )


def _alike(failure: ItemFailure) -> tuple[str, str]:
    return failure.stage, failure.kind
