"""write_recipe: a recipe folder that crawls the farm."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from bench.farm.planned import NETWORK
from bench.farm.site import Site

_RECIPE = """\
name = "farm"
title = "A farm of small sites"

[fetch]
contact = "https://example.org/farm"
{fetch}
[[source]]
kind = "index"
list = "sources.csv"
with_front = true
limit = {limit}
allow_hosts = ["{network}"]
"""


def write_recipe(
    folder: Path, sites: Sequence[Site], *, limit: int = 12, fetch: str = ""
) -> Path:
    """Write ``recipe.toml`` and ``sources.csv``; return the folder.

    Args:
        limit: Pages of each site at most.
        fetch: Further lines of the [fetch] section.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = _RECIPE.format(limit=limit, network=NETWORK, fetch=fetch)
    (folder / "recipe.toml").write_text(text, "utf-8")
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "url", "category"])
        writer.writerows([site.name, site.front_url, site.category] for site in sites)
    return folder
