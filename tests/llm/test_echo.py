"""echo: every word it says stands in the prompt's documents."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.engine.clock import SystemClock
from subak.llm.echo import EchoEndpoint, echo
from subak.llm.foreign import fence
from subak.llm.model import Completion, Message, NoProgress, Prompt

PAGE = """# Taxes in Germany
The capital is Berlin. The standard VAT rate is 19 % and applies to most goods.
- Corporate income tax: 15 percent
- Currency: euro
| Withholding tax on dividends | 25% |
|---|---|
Companies file their return by 2026-07-31 at the latest.
There is no wealth tax in Germany.
The registration threshold is 25,000 EUR a year.
"""


def _property(kind: str, title: str, **more: object) -> dict[str, object]:
    return {"type": [kind, "null"], "title": title, **more}


def _ask(page: str, **properties: object) -> dict[str, object]:
    schema = json.dumps({"type": "object", "properties": properties})
    prompt = Prompt(
        (Message("user", f"{fence(page)}\nFill in the form."),), schema=schema
    )
    value = json.loads(echo(prompt))
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [
        ("vat_rate", _property("number", "Standard VAT rate"), 19),
        ("corporate_tax", _property("number", "Corporate income tax"), 15),
        ("currency", _property("string", "Currency"), "euro"),
        ("dividends", _property("number", "Withholding tax on dividends"), 25),
        ("filing", _property("string", "File return by", format="date"), "2026-07-31"),
        ("wealth_tax", _property("boolean", "Wealth tax"), False),
        ("wealth", {"enum": ["yes", "no", None], "title": "Wealth tax"}, "no"),
        ("threshold", _property("integer", "Registration threshold"), 25_000),
        ("capital", {"enum": ["Paris", "Berlin", None], "title": "Capital"}, "Berlin"),
        ("height", _property("number", "Highest mountain"), None),
        ("anthem", _property("string", "Anthem"), None),
    ],
)
def test_echo_reads_a_value_from_the_best_line(
    name: str, form: dict[str, object], expected: object
) -> None:
    """Each kind of value is read from the line about it, or is null."""
    assert _ask(PAGE, **{name: form}) == {name: expected}


def test_echo_answers_numbered_sentences_with_themselves() -> None:
    """Rewriting by echo changes nothing, so what was proved stays proved."""
    item = {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "text": {"type": "string"}},
    }
    lines = "[1] VAT in Germany is 19 %.\n[2] VAT in Spain is 21 %. It rose in 2012."
    assert _ask(lines, sentences={"type": "array", "items": item}) == {
        "sentences": [
            {"n": 1, "text": "VAT in Germany is 19 %."},
            {"n": 2, "text": "VAT in Spain is 21 %. It rose in 2012."},
        ]
    }


@given(st.text(), st.text(max_size=50))
def test_echo_prose_is_lines_of_the_document(page: str, task: str) -> None:
    """Without a schema nothing is said that the document doesn't say."""
    fenced = fence(page)
    answer = echo(Prompt((Message("user", f"{fenced}\n{task}"),)))
    assert all(line in fenced for line in answer.split("\n"))


@given(
    st.recursive(
        st.sampled_from(["string", "number", "integer", "boolean", "null"]).map(
            lambda kind: {"type": kind}
        ),
        lambda inner: (
            st.builds(lambda i: {"type": "array", "items": i}, inner)
            | st.builds(lambda i: {"type": "object", "properties": {"rate": i}}, inner)
        ),
        max_leaves=4,
    )
)
def test_echo_answers_any_schema(inner: dict[str, object]) -> None:
    """Whatever the form, there is an answer in JSON."""
    assert set(_ask(PAGE, tax_rate=inner)) == {"tax_rate"}


def test_echo_counts_tokens_and_is_cut_like_others() -> None:
    """Usage is about 4 characters a token; max_tokens holds."""

    async def scenario() -> Completion:
        endpoint = EchoEndpoint(SystemClock())
        prompt = Prompt((Message("user", PAGE),), max_tokens=10)
        return await endpoint.complete(prompt, NoProgress())

    completion = asyncio.run(scenario())
    assert completion.finish == "length"
    assert completion.usage.tokens_out == 10
    assert completion.usage.tokens_in == -(-len(PAGE) // 4)


def test_echo_points_at_lines_that_fit() -> None:
    """Entries with a quote are lines of the page, in its order, as many as allowed."""
    entry = {"type": "object", "properties": {"quote": {"type": "string"}}}
    entries = {"type": "array", "maxItems": 2, "items": entry, "title": "VAT dividends"}
    value = _ask(PAGE, entries=entries)
    assert value["entries"] == [
        {"quote": "The standard VAT rate is 19 % and applies to most goods."},
        {"quote": "25%"},
    ]
