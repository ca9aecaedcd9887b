"""TraceFiles: each call of a run as files: what was asked, answered, and what it took.

For those who look at a night with grep and a file manager; the journal has it all.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import apsw

from subak.engine.aside import Aside
from subak.engine.events import Event
from subak.engine.storage import storage_error
from subak.engine.store import open_reader
from subak.errors import SubakError
from subak.views.exchange import Exchange, get_exchange

_KINDS = frozenset({"call.done", "call.failed"})
_UNFIT = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 60
_TRACE_ID = 12


@dataclass(slots=True)
class _Written:
    """What came of the files; touched by the writing thread, read after its end."""

    calls: int = 0
    missed: int = 0
    problem: SubakError | None = None
    reader: apsw.Connection | None = field(default=None, repr=False)


class TraceFiles:
    """A listener that writes files, in a thread of its own.

    Guarantees: a call that was answered becomes ``*_request.json``,
    ``*_response.txt`` and ``*_summary.json``, whole and without truncation; one that
    failed a ``*_summary.json``. No key of a server is in them, for the journal has
    none. A disk that is full costs files, never a call.
    Assumes: ``finish`` is called when the run has ended.

    Args:
        folder: Made when missing.
        journal: The file that the run writes.
    """

    def __init__(self, folder: Path, journal: Path) -> None:
        self._folder = folder
        self._journal = journal
        self._aside = Aside("subak-trace")
        self._written = _Written()

    @property
    def calls(self) -> int:
        """Return of how many calls there are files."""
        return self._written.calls

    def hears(self, kind: str) -> bool:
        """Tell whether it wants events of a kind."""
        return kind in _KINDS

    def __call__(self, event: Event) -> None:
        """Have the files of a call written soon."""
        self._aside.post(lambda: self._write(event))

    def finish(self) -> str:
        """Wait until all is written; return what is missing and why, "" for nothing."""
        self._aside.post(self._close)
        self._aside.finish()
        found = self._written
        if found.problem is None:
            return ""
        return f"{found.missed} calls have no trace files: {found.problem}"

    def _write(self, event: Event) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if event.kind == "call.failed":
                self._write_failed(event)
            else:
                key = str(event.data.get("key", ""))
                self._write_answered(get_exchange(self._read(), key))
        except SubakError as error:
            self._miss(error)
        except (OSError, apsw.Error) as error:
            self._miss(storage_error(error, self._folder))
        else:
            self._written.calls += 1

    def _miss(self, problem: SubakError) -> None:
        self._written.missed += 1
        self._written.problem = self._written.problem or problem

    def _read(self) -> apsw.Connection:
        if self._written.reader is None:
            self._written.reader = open_reader(self._journal)
        return self._written.reader

    def _close(self) -> None:
        if self._written.reader is not None:
            self._written.reader.close()

    def _write_answered(self, exchange: Exchange) -> None:
        call = exchange.call
        told = exchange.to_json()
        request = {
            "model": call.model,
            "url": _without_secrets(call.endpoint),
            "messages": told.pop("messages"),
            **exchange.settings,
        }
        del told["settings"]
        answer = str(told.pop("answer"))
        told["endpoint"] = _without_secrets(call.endpoint)
        stem = self._stem(call.started, call.item, call.stage, call.key)
        self._put(f"{stem}_request.json", _json(request))
        self._put(f"{stem}_response.txt", answer)
        self._put(f"{stem}_summary.json", _json({**told, "state": "answered"}))

    def _write_failed(self, event: Event) -> None:
        key = str(event.data.get("key", ""))
        told = {
            "version": 1,
            "key": key,
            "run": event.run,
            "stage": event.stage,
            "item": event.item,
            "state": "failed",
            "failed": event.ts,
            "error": event.data.get("error"),
            "message": event.data.get("message"),
            "slot": event.data.get("slot"),
        }
        stem = self._stem(event.ts, event.item, event.stage, key)
        self._put(f"{stem}_summary.json", _json(told))

    def _stem(self, ts: float, item: str, stage: str, key: str) -> str:
        moment = time.strftime("%Y%m%d_%H%M%S", time.localtime(ts))
        thousandth = int(ts * 1000) % 1000
        parts = (_name(item), _name(stage), key[:_TRACE_ID])
        return "_".join((f"{moment}_{thousandth:03}", *filter(None, parts)))

    def _put(self, name: str, text: str) -> None:
        data = text.encode("utf-8", "replace")
        (self._folder / name).write_bytes(data)


def _name(text: str) -> str:
    """Return a text as part of a file's name."""
    return _UNFIT.sub("-", text).strip("-.")[:_LONGEST_NAME]


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _without_secrets(url: str) -> str:
    """Return an address without a user, a password or a query."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if not host:
        return url
    return f"{parts.scheme}://{host}{port}{parts.path}"
