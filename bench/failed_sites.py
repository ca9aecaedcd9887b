"""judge_failures: the sites a run calls failed, against those that are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.crawl_run import CrawlRun
from bench.farm.site import Site
from bench.farm.truth import Truth
from bench.row import Check

_PARTIAL = 3


@dataclass(frozen=True, slots=True)
class FailureVerdict:
    """What a run said of its failures.

    Args:
        code: Its exit code.
        told: Kind and host of each site it listed -> the reason it gave.
        silent: Dead and hostile sites that it did not list.
        wrong: Sites it listed although all their pages can be had.
        expected: How many sites are dead or hostile.
    """

    code: int
    told: Mapping[str, str]
    silent: tuple[str, ...]
    wrong: tuple[str, ...]
    expected: int

    def check(self) -> Check:
        """Return the figure of the table."""
        unreasoned = sum(not reason for reason in self.told.values())
        is_met = self.code == _PARTIAL and not (self.silent or self.wrong or unreasoned)
        found = self.expected - len(self.silent)
        return Check(
            "farm: exit 3, dead and hostile sites listed with a reason",
            "all, and no other",
            f"exit {self.code}, {found} of {self.expected}, "
            f"{len(self.wrong)} wrong {list(self.wrong)[:3]}, silent "
            f"{list(self.silent)[:3]}, {unreasoned} without a reason",
            is_met,
        )


def judge_failures(
    run: CrawlRun, sites: Sequence[Site], truth: Truth
) -> FailureVerdict:
    """Compare a run's summary with the farm's truth."""
    by_name = {site.name: site for site in sites}
    listed = run.summary.get("failed_sites")
    told: dict[str, str] = {}
    hosts: set[str] = set()
    for entry in listed if isinstance(listed, list) else []:
        site = by_name[str(entry["source"])]
        hosts.add(site.host)
        told[f"{site.kind} {site.host}"] = f"{entry['reason']}: {entry['error']}"
    must, may = truth.must_fail(), truth.may_fail()
    kinds = {site.host: f"{site.kind} {site.host}" for site in sites}
    return FailureVerdict(
        code=run.code,
        told=told,
        silent=tuple(sorted(kinds[host] for host in must - hosts)),
        wrong=tuple(sorted(kinds[host] for host in hosts - must - may)),
        expected=len(must),
    )
