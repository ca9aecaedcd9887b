"""What servers' headers say about limits, in each form they use."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.engine.ending import RateLimits
from subak.llm.rate_limits import duration, limits_in, wait_in

NOW = 1_800_000_000.0
REQUESTS, TOKENS = "x-ratelimit-limit-requests", "x-ratelimit-limit-tokens"
RESET, RESET_TOKENS = "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens"
LEFT, LEFT_TOKENS = "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("250ms", 0.25),
        ("1h2m3.5s", 3723.5),
        ("1d", 86_400.0),
        ("7", 7.0),
        (" 7.66s ", 7.66),
        ("", None),
        ("soon", None),
        ("-1s", None),
        ("1x", None),
        ("nan", None),
    ],
)
def test_duration_is_understood(text: str, expected: float | None) -> None:
    """Go's way to write one, or a bare number of seconds."""
    assert duration(text) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({REQUESTS: "500"}, RateLimits(500, None)),
        ({REQUESTS: "500", TOKENS: "30000"}, RateLimits(500, 30000)),
        ({TOKENS: "6000", RESET_TOKENS: "700ms"}, RateLimits(None, 6000)),
        # A day's limit would make a pace of ten a minute of what allows all at once.
        ({REQUESTS: "14400", RESET: "2m59.56s", TOKENS: "6"}, RateLimits(None, 6)),
        ({REQUESTS: "14400", RESET: "2m59.56s"}, None),
        ({REQUESTS: "0"}, None),
        ({REQUESTS: "many"}, None),
    ],
)
def test_limits_of_a_minute_are_read(
    headers: Mapping[str, str], expected: RateLimits | None
) -> None:
    """Those of a day are not, they are no pace."""
    assert limits_in(headers) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": "soon", RESET: "2s"}, 2.0),
        ({RESET: "6m0s", LEFT: "12", RESET_TOKENS: "1s", LEFT_TOKENS: "0"}, 1.0),
        ({RESET: "20ms", LEFT: "0", RESET_TOKENS: "4s", LEFT_TOKENS: "0"}, 4.0),
        ({RESET: "6m0s", RESET_TOKENS: "1s"}, 1.0),
    ],
)
def test_time_to_wait_is_the_most_exact_one_told(
    headers: Mapping[str, str], expected: float | None
) -> None:
    """Milliseconds, seconds, or when what is used up comes back."""
    assert wait_in(headers, NOW) == expected


@given(
    st.dictionaries(st.sampled_from([REQUESTS, RESET, LEFT, "retry-after"]), st.text())
)
def test_no_header_breaks_the_reading(headers: dict[str, str]) -> None:
    """Whatever a server sends is a number or nothing."""
    wait, limits = wait_in(headers, NOW), limits_in(headers)
    assert wait is None or wait >= 0
    assert limits is None or (limits.requests or 1) > 0
