"""What is told of a deadline before a run: whether it will be met, what to cut."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from subak.recipes.outlook import Cut, Outlook
from subak.views.wording import count, duration

_SHOWN = 5


def outlook_lines(outlook: Outlook) -> list[str]:
    """Return the outlook as lines for people."""
    zone = ZoneInfo(outlook.deadline.zone)
    begin = datetime.fromtimestamp(outlook.begin, zone)
    lines = [
        f"until  {outlook.deadline.told} {zone},"
        f" {duration(outlook.available_s)} after {begin:%H:%M}",
        f"       {_verdict(outlook)}",
    ]
    return lines if outlook.verdict in ("met", "unknown") else lines + _cuts(outlook)


def _verdict(outlook: Outlook) -> str:
    if outlook.verdict == "unknown":
        return "not known yet: this recipe has not run as a whole so far"
    word = {
        "met": "will be met",
        "close": "may be missed",
        "missed": "will be missed",
    }[outlook.verdict]
    usual = f"a run takes {duration(outlook.usual_s)} as a rule"
    if not outlook.runs:
        return f"{word}: about {duration(outlook.usual_s)} of model time"
    longest = f"{duration(outlook.longest_s)} at most"
    return f"{word}: {usual}, {longest} ({count(outlook.runs, 'run')} looked at)"


def _cuts(outlook: Outlook) -> list[str]:
    lines = []
    if enough := outlook.enough:
        names = ", ".join(cut.name for cut in enough)
        saved = duration(sum(cut.seconds for cut in enough))
        lines.append(f"cut    without {names} ({saved}) there is time enough")
    for kind, cuts in (
        ("categories", outlook.categories),
        ("stages", outlook.stages),
    ):
        if cuts:
            lines.append(f"       {kind}: {_named(cuts)}")
    advised = (cut for cut in outlook.stages if cut.advice)
    lines += [f"       {cut.name} takes less with {cut.advice}" for cut in advised]
    return lines


def _named(cuts: Sequence[Cut]) -> str:
    shown = [f"{cut.name} {duration(cut.seconds)}" for cut in cuts[:_SHOWN]]
    more = len(cuts) - _SHOWN
    return ", ".join([*shown, *([f"and {more} more"] if more > 0 else [])])
