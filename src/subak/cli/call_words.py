"""One model call as lines for people: what was asked, what was answered."""

from __future__ import annotations

import json

from subak.cli.style import Style
from subak.views.exchange import Exchange
from subak.views.wording import count, duration, moment


def call_lines(exchange: Exchange, style: Style) -> list[str]:
    """Return a call's measures, its whole prompt and its whole answer."""
    call = exchange.call
    place = "/".join(part for part in (call.stage, call.item) if part)
    first = f", first token after {duration(call.first_token_s)}"
    return [
        f"{style.strong('call')} {call.key[:12]}  {place}",
        f"model   {call.model}",
        *([f"at      {call.endpoint}, slot {call.slot}"] if call.endpoint else []),
        f"when    {moment(call.started)}, run {call.run}",
        f"took    {duration(call.seconds)}"
        f"{first if call.first_token_s is not None else ''}"
        f", {exchange.tokens_per_s:.1f} tokens/s",
        f"tokens  {count(call.tokens_in)} in ({count(call.tokens_cached)} cached),"
        f" {count(call.tokens_out)} out, finish: {call.finish}",
        *_settings_lines(exchange),
        *(line for part in _parts(exchange) for line in _part_lines(*part, style)),
    ]


def _settings_lines(exchange: Exchange) -> list[str]:
    shown = [
        f"{name}={value if isinstance(value, str) else json.dumps(value)}"
        for name, value in exchange.settings.items()
        if value is not None and name != "schema"
    ]
    lines = [f"with    {', '.join(shown)}"] if shown else []
    schema = exchange.settings.get("schema")
    return [*lines, f"schema  {schema}"] if schema else lines


def _parts(exchange: Exchange) -> list[tuple[str, str]]:
    prompt = [(turn.role, turn.text) for turn in exchange.turns]
    return [*prompt, ("answer", exchange.answer)]


def _part_lines(title: str, text: str, style: Style) -> list[str]:
    return ["", style.faint(f"--- {title} ---"), *text.splitlines()]
