"""langextract on one document after the other, in an environment of its own.

``python -m bench.eval.langextract_peer --url URL --key KEY --model NAME`` reads
documents as lines of JSON (name, text) from stdin and writes what was extracted of
each as a line to stdout. Imports nothing of subak.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping

import langextract as lx
from langextract.providers.openai import OpenAILanguageModel

_WHOLE = 1_000_000  # characters in one call: a document is not cut
_MOST_TOKENS = 1_500
_TASK = """Extract the tax facts of the country the text is about, as they are in \
force now. Use the exact words of the text. Classes: vat_standard, vat_reduced, \
corporate_tax, income_tax_top, tax_free_allowance, social_employee, social_employer, \
capital_gains (each with the attribute value, a number), currency (value: its name), \
has_income_tax (value: true or false), and income_tax_bracket for each bracket (from, \
to, rate; to is empty for the last). Leave out what the text does not state."""
# An invented country; what langextract asks its users to give.
_EXAMPLE = (
    "In Norland VAT is levied at 18 percent, with a reduced rate of 4 percent for "
    "bread. Companies pay corporate tax at 21 percent. Income up to 9,000 crowns is "
    "taxed at 11 percent, income above 9,000 crowns at 33 percent. Individuals pay "
    "income tax; its top rate is 33 percent. Employees pay 6.1 percent of their wage "
    "to social insurance, employers 14.2 percent. Capital gains are taxed at 17 "
    "percent. The currency is the crown."
)
_FOUND: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("vat_standard", "VAT is levied at 18 percent", {"value": "18"}),
    ("vat_reduced", "reduced rate of 4 percent", {"value": "4"}),
    ("corporate_tax", "corporate tax at 21 percent", {"value": "21"}),
    (
        "income_tax_bracket",
        "Income up to 9,000 crowns is taxed at 11 percent",
        {"from": "0", "to": "9000", "rate": "11"},
    ),
    (
        "income_tax_bracket",
        "income above 9,000 crowns at 33 percent",
        {"from": "9000", "to": "", "rate": "33"},
    ),
    ("has_income_tax", "Individuals pay income tax", {"value": "true"}),
    ("income_tax_top", "top rate is 33 percent", {"value": "33"}),
    ("social_employee", "Employees pay 6.1 percent of their wage", {"value": "6.1"}),
    ("social_employer", "employers 14.2 percent", {"value": "14.2"}),
    ("capital_gains", "gains are taxed at 17 percent", {"value": "17"}),
    ("currency", "The currency is the crown", {"value": "crown"}),
)


def main() -> None:
    """Extract from each document as it comes."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    for name in ("--url", "--key", "--model"):
        parser.add_argument(name, required=True)
    given = parser.parse_args()
    model = OpenAILanguageModel(
        model_id=given.model,
        api_key=given.key,
        base_url=f"{given.url}/v1",
        temperature=0.0,
        max_workers=1,
        max_output_tokens=_MOST_TOKENS,
    )
    for line in sys.stdin:
        row = json.loads(line)
        print(json.dumps(_answer(model, row["name"], row["text"])), flush=True)


def _answer(model: OpenAILanguageModel, name: str, text: str) -> dict[str, object]:
    started = time.monotonic()
    try:
        found = lx.extract(
            text_or_documents=text,
            prompt_description=_TASK,
            examples=[_example()],
            model=model,
            max_char_buffer=_WHOLE,
            show_progress=False,
        )
    # Whatever it raises is its answer to this document, not the end of the others.
    except Exception as error:  # noqa: BLE001
        return {"name": name, "problem": f"{type(error).__name__}: {error}"[:300]}
    seconds = time.monotonic() - started
    return {"name": name, "seconds": seconds, "found": list(_rows(found))}


def _example() -> lx.data.ExampleData:
    return lx.data.ExampleData(
        text=_EXAMPLE,
        extractions=[
            lx.data.Extraction(
                extraction_class=kind, extraction_text=text, attributes=dict(values)
            )
            for kind, text, values in _FOUND
        ],
    )


def _rows(found: lx.data.AnnotatedDocument) -> Iterator[dict[str, object]]:
    for each in found.extractions or ():
        place = each.char_interval
        yield {
            "class": each.extraction_class,
            "text": each.extraction_text,
            "attributes": each.attributes or {},
            "start": place.start_pos if place else None,
            "end": place.end_pos if place else None,
        }


if __name__ == "__main__":
    main()
