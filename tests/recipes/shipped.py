"""Shipped recipes, copied as `subak init` does and turned to what a test serves."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from subak.recipes.starter import write_starter
from subak.testing.wiki import FakeWiki

LIST = 'list = "sources.csv"\n'
LOOPBACK = 'allow_hosts = ["127.0.0.0/8"]'
_ENTITIES = re.compile(r"entities = \[[^\]]*\]")
_MODEL = re.compile(r'^use = "[^"]*"', re.MULTILINE)


def start(
    name: str,
    folder: Path,
    model: str = "echo",
    replaced: Mapping[str, str] | None = None,
) -> Path:
    """Write a shipped recipe into a folder; return the recipe's path.

    Args:
        replaced: What stands in the recipe or its list -> what shall stand there.
    """
    for path in write_starter(name, folder):
        text = path.read_text(encoding="utf-8")
        for old, new in (replaced or {}).items():
            text = text.replace(old, new)
        if path.name == "recipe.toml":
            text = _MODEL.sub(f'use = "{model}"', text, count=1)
        path.write_text(text, encoding="utf-8")
    return folder / "recipe.toml"


def start_with_wiki(
    name: str, folder: Path, wiki: FakeWiki, entities: Sequence[str], model: str
) -> Path:
    """Write a shipped recipe that reads these entities' articles of a fake wiki."""
    path = start(name, folder, model)
    text = path.read_text(encoding="utf-8")
    kind = 'kind = "wikipedia"\n'
    text = text.replace(kind, f'{kind}url = "{wiki.api}"\n{LOOPBACK}\n')
    listed = ", ".join(f'"{entity}"' for entity in entities)
    path.write_text(_ENTITIES.sub(f"entities = [{listed}]", text), encoding="utf-8")
    return path


def python_of(page: str) -> str:
    """Return the Python that a page of the docs shows."""
    docs = Path(__file__).parents[2] / "docs"
    text = (docs / page).read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return str(code)


def facts_in(folder: Path) -> dict[tuple[str, str], dict[str, object]]:
    """Return the published facts by entity and field."""
    content = json.loads((folder / "out" / "facts.json").read_bytes())
    return {(row["entity"], row["field"]): row for row in content["facts"]}
