"""The reader of literals: JSON5 in, values out, and never anything executed."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.errors import UserError
from subak.knowledge.settling.es_literal import read_literal

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: 1, 'b-c': 2, \"d\": 3, $e_1: 4,}", {"a": 1, "b-c": 2, "d": 3, "$e_1": 4}),
        ("{2020: 1, città: 2}", {"2020": 1, "città": 2}),
        (
            "[1, 2.5, .5, 5., -3, +4, 1e3, 1_000, 0x1F,]",
            [1, 2.5, 0.5, 5, -3, 4, 1000, 1000, 31],
        ),
        ("[true, false, null, undefined]", [True, False, None, None]),
        ("[Infinity, -Infinity]", [math.inf, -math.inf]),
        (
            r"""['it\'s', "a\n\x41\u00e9\
b", `two
lines`]""",
            ["it's", "a\nAéb", "two\nlines"],
        ),
        ("// one\n{ /* two\n lines */ a: /* x */ 1 // end\n}", {"a": 1}),
        ("\ufeff {url: 'https://x.example/a//b'}", {"url": "https://x.example/a//b"}),
        ("{}", {}),
        ("[]", []),
    ],
)
def test_literals_of_json5_are_read(text: str, value: object) -> None:
    """Unquoted keys, comments, trailing commas and all forms of numbers."""
    assert read_literal(text) == (value, len(text))


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("{a: f(1)}", "line 1 column 5", "expected a value"),
        ("{a: 1 + 2}", "line 1 column 7", "expected ',' or '}'"),
        ("[...others]", "line 1 column 2", "expected a value"),
        ("{a: process.env.KEY}", "line 1 column 5", "expected a value"),
        ("{\n  a: `x${1}`\n}", "line 2", "substitution"),
        ("{\n  a 1}", "line 2 column 5", "expected ':'"),
        ("{a: 'x", "line 1 column 7", "does not end"),
        ("['a\nb']", "line 1 column 4", "does not end"),
        (r"['\u12']", "line 1", "broken escape"),
        ("{a: 1", "line 1 column 6", "the text ends"),
        ("", "line 1 column 1", "the text ends"),
        ("{,}", "line 1 column 2", "expected a key"),
        ("[" * 100, "line 1 column 62", "nested deeper"),
    ],
)
def test_what_is_no_literal_is_an_error_with_its_place(
    text: str, place: str, message: str
) -> None:
    """Calls, expressions and spreads are told, not executed."""
    with pytest.raises(UserError) as caught:
        read_literal(text, where="a.js")
    assert caught.value.where.startswith(f"a.js {place}")
    assert message in caught.value.message
    assert caught.value.hint


@settings(deadline=None)
@given(_JSON)
def test_every_json_text_is_a_literal(value: object) -> None:
    """JSON is a part of the grammar, with or without escapes and indents."""
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=2)):
        assert read_literal(text) == (value, len(text))


@settings(deadline=None)
@given(st.text(alphabet="{}[]:,'\"`\\/*-+.eE_019aInfinityNaN$ \n", max_size=40))
def test_any_text_is_a_value_or_an_error(text: str) -> None:
    """Nothing else is raised, and the end lies inside the text."""
    try:
        _, end = read_literal(text)
    except UserError:
        return
    assert 0 < end <= len(text)
