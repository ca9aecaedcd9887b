"""A labelled set of two documents, written to a folder."""

from __future__ import annotations

import json
from pathlib import Path

SCHEMA = """
[[facts]]
category = "tax"

[[facts.fields]]
name = "vat"
title = "VAT rate"
kind = "percent"
words = ["VAT"]

[[facts.fields]]
name = "company"
title = "Corporate tax"
kind = "percent"
words = ["corporate tax"]
"""
DOCUMENTS = {
    "norland.md": "# Norland\n\nThe VAT rate is 18 %.\n\nIts neighbour has 25 %.\n",
    "sudland.txt": "The corporate tax of Sudland is 21 percent.\n",
}
GOLD: dict[str, object] = {
    "title": "Two small countries",
    "documents": [
        {
            "file": "norland.md",
            "entity": "Norland",
            "language": "en",
            "gold": {"vat": 18, "company": None},
            "traps": {"vat": [25]},
            "previous": {"vat": 16},
        },
        {
            "file": "sudland.txt",
            "entity": "Sudland",
            "language": "en",
            "long": True,
            "gold": {"vat": None, "company": {"any": [21, 22]}},
        },
    ],
}


def write_set(folder: Path, gold: object = GOLD, schema: str = SCHEMA) -> Path:
    """Write the set and return its folder."""
    (folder / "documents").mkdir(parents=True)
    for name, text in DOCUMENTS.items():
        (folder / "documents" / name).write_text(text, encoding="utf-8")
    (folder / "schema.toml").write_text(schema, encoding="utf-8")
    (folder / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
    return folder
