"""Exchange: one request for an answer, from its arrival to its last byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from bench.server.admission import Refusal, hint_header
from bench.server.draw import draw, draw_lognormal
from bench.server.engine import Sequence
from bench.server.faces import Spent, face_of
from bench.server.faults import Fault
from bench.server.prefix_cache import CHARS_PER_TOKEN
from bench.server.request import ChatRequest, Dialect
from bench.server.wording import broken, instance, pieces, plain_object, prose

if TYPE_CHECKING:
    from bench.server.stand import Stand


class Line(Protocol):
    """The connection an answer goes out on."""

    def reply(self, status: int, body: bytes, extra: str = "") -> None:
        """Send a whole answer."""
        ...

    def open_stream(self, content_type: str) -> None:
        """Send the head of an answer in chunks."""
        ...

    def send_chunk(self, data: bytes) -> None:
        """Send one chunk."""
        ...

    def close_stream(self, data: bytes) -> None:
        """Send the last chunk and the end mark."""
        ...

    def abort(self) -> None:
        """Break the connection off."""
        ...

    def done(self) -> None:
        """Hear that the exchange is over."""
        ...


class Exchange(Sequence):
    """Takes a request through admission, faults and engine, and words the answer."""

    def __init__(
        self, stand: Stand, line: Line, request: ChatRequest, dialect: Dialect
    ) -> None:
        self._stand = stand
        self._line = line
        self._request = request
        self._face = face_of(dialect)
        self._dialect = dialect
        self._item = request.item
        self._fault: Fault = "none"
        self._is_over = False
        self._is_open = False
        self._pieces: list[str] = []
        self._sent = 0
        self._pace = 0.0
        self._due = 0.0
        prompt = request.prompt
        settings = stand.settings
        length = draw_lognormal(
            settings.tokens_out, settings.spread, settings.seed, self._item
        )
        super().__init__(
            prompt, max(1, len(prompt) // CHARS_PER_TOKEN), max(1, round(length))
        )

    def start(self) -> None:
        """Let the request in, turn it away, or let it fail."""
        stand = self._stand
        in_flight = stand.statistics.enter(self._item)
        refusal = stand.admission.refuse(in_flight, stand.engine.waiting)
        if refusal is not None:
            self._turn_away(refusal)
            return
        self._fault = stand.faults.next(self._item)
        if self._fault != "none":
            stand.statistics.faults[self._fault] += 1
        if self._fault == "refused":
            self._turn_away(Refusal(stand.settings.busy_status))
        elif self._fault == "failed":
            self._refuse(500, "injected failure")
        elif self._fault != "hung":
            self._submit()

    def client_left(self) -> None:
        """Free what the request holds: its client is gone."""
        if not self._is_over:
            self._stand.engine.withdraw(self)
            self._end("gone")

    def began(self) -> None:
        """Word the answer; tell the client that it begins."""
        text = self._text()
        self._pieces = list(pieces(text, self.tokens_out))
        if self._is_streamed:
            self._is_open = True
            self._line.open_stream(self._face.content_type)
            if first := self._face.begin():
                self._line.send_chunk(first)

    def produced(self, count: int) -> None:
        """Send what is there, if the client wants a stream of tokens."""
        start, self._sent = self._sent, self._sent + count
        if not self._is_open or self._stand.settings.streaming == "lump":
            return
        text = "".join(self._pieces[start : self._sent])
        if text:
            self._line.send_chunk(self._face.piece(text))

    def ended(self) -> None:
        """Send the rest and count the answer."""
        if self._is_over:
            return
        if self._fault == "reset":
            self._end("reset")
            self._line.abort()
            return
        spent = Spent(self.tokens_in, self.tokens_out, self.tokens_cached)
        statistics = self._stand.statistics
        statistics.tokens_in += self.tokens_in
        statistics.tokens_cached += self.tokens_cached
        statistics.tokens_out += self.tokens_out
        if self._is_open:
            rest = b""
            if self._stand.settings.streaming == "lump":
                rest = self._face.piece("".join(self._pieces))
            self._line.close_stream(rest + self._face.end(spent))
        else:
            self._line.reply(200, self._face.whole("".join(self._pieces), spent))
        if self._fault == "none":
            statistics.answer(self._item)
        self._end("200")

    @property
    def _is_streamed(self) -> bool:
        wanted = self._request.stream
        if self._dialect == "ollama" and wanted is None:
            return True
        return bool(wanted) and self._dialect != "gateway"

    def _submit(self) -> None:
        settings = self._stand.settings
        seconds = settings.base_ms / 1000
        if seconds <= 0:
            self._stand.engine.submit(self)
        elif settings.token_ms or settings.streaming == "lump":
            self._later(seconds, self._arrive)
        else:
            self.began()
            self._pace = seconds / self.tokens_out
            self._due = self._stand.loop.time()
            self._later(self._pace, self._take_token)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        self._stand.loop.call_later(seconds, act)

    def _arrive(self) -> None:
        if not self._is_over:
            self._stand.engine.submit(self)

    def _take_token(self) -> None:
        """Produce one token; each is due at its own time, however late the last was."""
        if self._is_over:
            return
        self.left -= 1
        self.produced(1)
        if self.left <= 0:
            self.ended()
            return
        self._due += self._pace
        self._later(self._due + self._pace - self._stand.loop.time(), self._take_token)

    def _text(self) -> str:
        request = self._request
        if request.schema is not None:
            text = json.dumps(instance(request.schema, self._item))
        elif request.wants_json:
            text = plain_object(self._item)
        else:
            text = prose(self._item, self.tokens_out)
        return broken(text) if self._fault == "broken" else text

    def _turn_away(self, refusal: Refusal) -> None:
        settings = self._stand.settings
        calls = self._stand.statistics.calls_by_item[self._item]
        chance = draw(settings.seed, self._item, calls, "hint")
        extra = hint_header(settings.retry_after, refusal.wait_s, chance)
        self._refuse(refusal.status, "too many requests", extra)

    def _refuse(self, status: int, message: str, extra: str = "") -> None:
        error: object = message
        if self._dialect == "openai":
            error = {"message": message, "type": "stand_in", "code": status}
        self._line.reply(status, json.dumps({"error": error}).encode(), extra)
        self._end(str(status))

    def _end(self, status: str) -> None:
        self._is_over = True
        self._stand.statistics.leave(status)
        self._line.done()
