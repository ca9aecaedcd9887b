"""How a run ends on the screen: its numbers, its failures, and its exit code."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from subak.cli.output import Output
from subak.cli.style import Style
from subak.errors import NotNow
from subak.views.deadline import RunDeadline
from subak.views.failed_sites import FailedSite, is_of_a_site
from subak.views.fetches import FetchCounts
from subak.views.parallel import Parallel
from subak.views.summary import FactCounts, RunSummary
from subak.views.wording import count, duration, middle, shorten, size

EXIT_CODES = {"done": 0, "partial": 3, "failed": 3, "interrupted": 130}
SHOWN_FAILURES = 10
SHOWN_SITES = 200
_FATES = ("new", "changed", "unchanged", "spared", "removed", "copies", "failed")


def end(summary: RunSummary, output: Output, *, as_json: bool) -> int:
    """Tell what came of a run and return the exit code."""
    if as_json:
        output.json(summary.to_json())
    else:
        _tell(summary, output)
    return EXIT_CODES.get(summary.status, 1)


def stand_back(reason: NotNow, recipe: str, output: Output, *, as_json: bool) -> int:
    """Tell why a scheduled run did not begin and return the exit code: all is well."""
    if as_json:
        told = {"version": 1, "recipe": recipe, "status": "skipped"}
        output.json({**told, "reason": reason.message})
    else:
        output.note(reason.message)
        output.note(f"next: {reason.hint}")
    return reason.exit_code


def headline(summary: RunSummary) -> str:
    """Return one line: calls, facts, time."""
    calls = summary.calls
    return ", ".join(
        (
            count(calls.sent, "call"),
            f"{calls.repeated} repeated",
            f"{count(summary.facts.proved, 'fact')} proved",
            f"{summary.facts.refused} refused",
            duration(summary.seconds),
        )
    )


def parallel_line(parallel: Parallel) -> str:
    """Return how many calls ran at once, and what that brought."""
    return (
        f"{'parallel':<12} {parallel.mean:.1f} calls at once on average, "
        f"{parallel.peak} at most, {parallel.speedup:.1f}x one by one"
    )


def pages_line(fetch: FetchCounts, width: int = 12) -> str:
    """Return what became of the pages, behind a word as wide as its column."""
    fates = ((getattr(fetch, name), name) for name in _FATES)
    told = ", ".join(f"{count(number)} {name}" for number, name in fates if number)
    line = f"{'pages':<{width}} {count(fetch.pages)}" + (f": {told}" if told else "")
    if not fetch.requests:
        return line
    return f"{line}; {size(fetch.bytes)} in {count(fetch.requests, 'request')}"


def values_line(facts: FactCounts) -> str:
    """Return what changed against the last publication, "" when nothing did."""
    told = [
        f"{facts.changed:,} changed" if facts.changed else "",
        f"{facts.kept:,} kept, not confirmed" if facts.kept else "",
        f"{facts.conflicts:,} with sources that differ" if facts.conflicts else "",
    ]
    said = "; ".join(filter(None, told))
    return f"{'values':<12} {said}" if said else ""


def site_lines(sites: Sequence[FailedSite], style: Style, shown: int) -> list[str]:
    """Return a line for each failed site, and once for alike ones what to do."""
    lines: list[str] = []
    for hint, alike in groupby(sites[:shown], key=lambda site: site.hint):
        lines += [f"{style.bad('failed')}       {site_words(site)}" for site in alike]
        lines += [f"             next: {hint}"] if hint else []
    if len(sites) > shown:
        more = count(len(sites) - shown, "site")
        lines.append(f"             and {more} more: subak report --open")
    return lines


def deadline_lines(deadline: RunDeadline | None) -> list[str]:
    """Return what was left for the next run at the deadline, nothing when nothing."""
    if deadline is None or not deadline.left:
        return []
    shown = ", ".join(deadline.left[:SHOWN_FAILURES])
    hidden = len(deadline.left) - SHOWN_FAILURES
    more = f" and {hidden} more" if hidden > 0 else ""
    return [
        f"{'left':<12} not begun by {deadline.told}: {shown}{more}",
        "next         run the same command again for what is left",
    ]


def last_lines(summary: RunSummary, failed: int) -> list[str]:
    """Return what is not shown of so many failures, and how to go on."""
    hidden = failed - SHOWN_FAILURES
    lines: list[str] = []
    if hidden > 0:
        lines.append(f"             and {hidden} more: subak logs --failed")
    if summary.status == "interrupted":
        lines.append("next         run the same command again to go on")
    return lines


def site_words(site: FailedSite) -> str:
    """Return a site in one line: source, address, reason in words, pages."""
    reason = "" if site.reason in ("", site.error) else f"{site.reason}: "
    lost = [count(site.pages, "page")] if site.pages else []
    lost += ["its list of pages"] if site.is_unlisted else []
    more = f", {count(site.kinds - 1, 'more reason')}" if site.kinds > 1 else ""
    return (
        f"{shorten(site.source, 40)}  {middle(site.url, 80)}  "
        f"{reason}{shorten(site.error, 160)} ({' and '.join(lost)}{more})"
    )


def _tell(summary: RunSummary, output: Output) -> None:
    style = output.style
    tasks = summary.tasks
    state = style.state(summary.status, f"{summary.status:<12}")
    output.line(f"{state} {headline(summary)}")
    output.line(
        f"{'tasks':<12} {tasks.done} done, {tasks.cached} cached, "
        f"{tasks.failed} failed, {tasks.skipped} skipped"
    )
    if summary.calls.sent:
        output.line(parallel_line(summary.parallel))
    if summary.fetch.pages:
        output.line(pages_line(summary.fetch))
    if told := values_line(summary.facts):
        output.line(told)
    for line in site_lines(summary.failed_sites, style, SHOWN_SITES):
        output.line(line)
    others = [one for one in summary.failures if not is_of_a_site(one)]
    for failure in others[:SHOWN_FAILURES]:
        output.line(f"{style.bad('failed')}       {failure.item} ({failure.stage})")
        output.line(f"             {failure.error}")
        if failure.hint:
            output.line(f"             next: {failure.hint}")
    for line in deadline_lines(summary.deadline):
        output.line(line)
    for line in last_lines(summary, len(others)):
        output.line(line)
