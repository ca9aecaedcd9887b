"""server_checks: the model servers that answer, their slots, speed, and the cure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from subak.cli.check import Check
from subak.views.wording import count, duration

if TYPE_CHECKING:
    from subak.llm.detect import Found
    from subak.llm.tune import Tuning

_MOST_NAMES = 5
_PULL = "ollama pull qwen2.5:7b"


def server_checks(
    servers: Sequence[Found], tunings: Mapping[str, Tuning], *, has_embedded: bool
) -> list[Check]:
    """Tell what each server offers, and what was measured of it.

    Args:
        tunings: What was measured, by the spec it was measured with.
        has_embedded: Whether a model of our own is at hand.
    """
    if not servers:
        return [_no_server(has_embedded=has_embedded)]
    checks: list[Check] = []
    for server in servers:
        tuning = tunings.get(server.specs[0]) if server.specs else None
        checks.append(_server(server, is_measured=tuning is not None))
        if tuning is not None:
            checks.append(_speed(server.specs[0], tuning))
    return checks


def _server(server: Found, *, is_measured: bool) -> Check:
    info = server.info
    name = info.server or server.provider
    if not server.specs:
        hint = _PULL if server.provider == "ollama" else "load a model into it"
        return Check("model server", "look", f"{name} at {info.url}: no model", hint)
    slots = f", {count(info.slots, 'request')} at once" if info.slots else ""
    context = (
        f", {count(info.context_tokens, 'token')} of context"
        if info.context_tokens
        else ""
    )
    shown = ", ".join(server.specs[:_MOST_NAMES])
    rest = len(server.specs) - _MOST_NAMES
    more = f" and {rest} more" if rest > 0 else ""
    hint = "" if is_measured else _hint(server)
    words = f"{name} at {info.url}{slots}{context}: {shown}{more}"
    return Check("model server", "look" if info.slots == 1 else "ok", words, hint)


def _hint(server: Found) -> str:
    """Return the cure for one slot, or how to find out where none are published."""
    from subak.llm.advice import advice

    if server.info.slots is None:
        return f"its speed and slots: subak tune {server.specs[0]}"
    return advice(server.info, server.info.slots) if server.info.slots == 1 else ""


def _speed(spec: str, tuning: Tuning) -> Check:
    """Tell how fast the first model of a server is, alone and at its best."""
    from subak.llm.verdict import judge

    curve = tuning.curve
    knee = curve.knee
    if knee is None:
        return Check("speed", "look", f"{spec}: no answer", f"subak tune {spec}")
    alone = curve.levels[0]
    first = alone.first_token_s
    begins = f", first token after {duration(first)}" if first is not None else ""
    faster = (
        f", {knee.tokens_per_s:,.1f} with {knee.parallel} at once"
        if knee.parallel > 1
        else ", no more with several at once"
    )
    slots = f", {count(tuning.slots, 'slot')}" if tuning.slots else ""
    words = f"{spec}: {alone.tokens_per_s:,.1f} tokens/s alone{faster}{begins}{slots}"
    verdict = judge(tuning)
    is_one = tuning.slots == 1
    return Check("speed", "look" if is_one else "ok", words, verdict.advice)


def _no_server(*, has_embedded: bool) -> Check:
    words = "none answers on the usual ports of this machine"
    if has_embedded:
        hint = "not needed: `--model embedded` works here; a server may be faster"
        return Check("model server", "ok", words, hint)
    hint = "start one (Ollama, llama.cpp), or try `subak demo --fast`, which needs none"
    return Check("model server", "missing", words, hint)
