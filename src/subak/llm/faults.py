"""What a model server's refusals mean, in our error tree."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from subak.errors import (
    BrokenAnswer,
    ContextOverflow,
    Overloaded,
    Refused,
    ServerFailed,
    SubakError,
    TimedOut,
    UserError,
)
from subak.llm.key import ApiKey
from subak.llm.rate_limits import wait_in

_OVERFLOW_CODES = frozenset({"exceed_context_size_error", "context_length_exceeded"})
_OVERFLOW_WORDS = re.compile(
    r"maximum context length|context (size|length|window)|prompt (is )?too long",
    re.IGNORECASE,
)
_SHOWN_CHARS = 240


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer: its headers, and its body where nobody has taken that.

    The headers' names are in lower case.
    """

    where: str
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def fault_of(reply: Reply, key: ApiKey, now: float) -> SubakError:
    """Return the error that a refusal stands for.

    Args:
        reply: What the server said.
        key: Never shown; its origin is named when it was not accepted.
        now: Seconds since the epoch, for a Retry-After that is a date.
    """
    error = error_in(reply.body)
    said = key.redact(error.message or _one_line(reply.body))
    status = f"HTTP {reply.status}" + (f": {said}" if said else "")
    overflow = _overflow(error, reply)
    if overflow is not None:
        return overflow
    if reply.status in {429, 503}:
        return Overloaded(
            f"the model server is busy ({status})",
            where=reply.where,
            hint="subak doctor shows how many requests it works on at once",
            retry_after_s=wait_in(reply.headers, now),
            is_rate_limit=reply.status == 429,
        )
    if reply.status in {401, 403}:
        return _no_access(reply, key, status)
    return _by_class(reply, status)


def _by_class(reply: Reply, status: str) -> SubakError:
    if reply.status in {408, 504}:
        return TimedOut(f"the model server gave up ({status})", where=reply.where)
    if reply.status >= 500 or reply.status in {409, 425}:
        return ServerFailed(
            f"the model server failed ({status})",
            where=reply.where,
            hint="its own log tells why",
        )
    if 300 <= reply.status < 400:
        target = reply.headers.get("location", "somewhere else")
        return UserError(
            f"the model server redirects to {target}",
            where=reply.where,
            hint="put that address into the model spec",
        )
    if reply.status == 404:
        return UserError(
            f"no such address or model ({status})",
            where=reply.where,
            hint="subak doctor lists the servers and models that answer",
        )
    return Refused(
        f"the model server refused the request ({status})",
        where=reply.where,
        hint="subak logs --failed shows the request",
    )


def _no_access(reply: Reply, key: ApiKey, status: str) -> UserError:
    if key.value:
        message, hint = "does not accept the API key", f"check the key in {key.origin}"
    else:
        message, hint = (
            "wants an API key",
            f"export {key.origin or 'SUBAK_API_KEY'}=...",
        )
    return UserError(
        f"the model server {message} ({status})", where=reply.where, hint=hint
    )


@dataclass(frozen=True, slots=True)
class ServerError:
    """The error object of a JSON body; empty where there is none."""

    message: str = ""
    code: str = ""
    param: str = ""
    tokens_in: int | None = None
    context: int | None = None

    def __bool__(self) -> bool:
        return bool(self.message or self.code)


def error_in(body: bytes) -> ServerError:
    """Return the error a JSON body carries, in the forms servers use."""
    try:
        value = json.loads(body)
    except ValueError:
        return ServerError()
    return error_of(value)


def error_of(value: object) -> ServerError:
    """Return the error a parsed JSON object carries."""
    if not isinstance(value, dict):
        return ServerError()
    found = value.get("error", value.get("detail"))
    if found is None and value.get("object") == "error":
        found = value
    if isinstance(found, str):
        return ServerError(message=_one_line(found.encode()))
    if not isinstance(found, dict):
        return ServerError()
    code = found.get("type")
    if found.get("code") in _OVERFLOW_CODES:
        code = found.get("code")
    return ServerError(
        message=_one_line(str(found.get("message", "unnamed error")).encode()),
        code=str(code or found.get("code") or ""),
        param=str(found.get("param") or ""),
        tokens_in=_count(found.get("n_prompt_tokens")),
        context=_count(found.get("n_ctx")),
    )


def fault_in_stream(error: ServerError, where: str, key: ApiKey) -> SubakError:
    """Return what an error object inside a 200 answer stands for."""
    overflow = _overflow(error, Reply(where, 400))
    if overflow is not None:
        return overflow
    said = key.redact(error.message)
    return BrokenAnswer(
        f"the model server answered with an error: {said}",
        where=where,
        hint="its own log tells why",
    )


def _overflow(error: ServerError, reply: Reply) -> ContextOverflow | None:
    if reply.status not in {400, 413, 422}:
        return None
    if error.code not in _OVERFLOW_CODES and not _OVERFLOW_WORDS.search(error.message):
        return None
    if error.tokens_in is not None and error.context is not None:
        message = (
            f"the prompt has {error.tokens_in} tokens, "
            f"the model's context holds {error.context}"
        )
    else:
        message = f"the prompt does not fit the model's context: {error.message}"
    return ContextOverflow(
        message,
        where=reply.where,
        hint="give the server a larger context, or ask less (recipe: max_chars)",
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _one_line(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    printable = "".join(char if char.isprintable() else " " for char in text)
    line = " ".join(printable.split())
    return line if len(line) <= _SHOWN_CHARS else f"{line[:_SHOWN_CHARS]}..."
