"""OllamaLines: the lines of one answer of Ollama, a JSON object each."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from subak.errors import BrokenAnswer, ConnectionLost
from subak.llm.faults import error_of, fault_in_stream
from subak.llm.http import HttpClient
from subak.llm.json_value import count_at, seconds_at, text_at
from subak.llm.model import Completion, FinishReason
from subak.llm.transcript import Transcript

_FINISH: Mapping[str, FinishReason] = {"stop": "stop", "length": "length"}
_NANO = 1e-9


class _Said(msgspec.Struct, gc=False):
    content: str | None = None
    thinking: str | None = None


class _Line(msgspec.Struct, gc=False):
    """What is read of a line; the counts only of the last one."""

    message: _Said | None = None
    model: str | None = None
    done: bool = False
    error: msgspec.Raw = msgspec.Raw(b"")


_LINE = msgspec.json.Decoder(_Line)


class OllamaLines:
    """Reads lines into a transcript; knows when the answer is whole."""

    def __init__(self, transcript: Transcript, http: HttpClient) -> None:
        self._transcript = transcript
        self._http = http
        self._is_done = False

    def take(self, lines: list[bytes]) -> bool:
        """Read the lines one read brought; tell whether any was progress.

        Raises:
            BrokenAnswer: One is not a line of a chat.
            SubakError: One is an error the server reports in its stream.
        """
        pieces: list[str] = []
        tokens = 0
        for data in lines:
            if not data.strip():
                continue
            said = self._read(data)
            if said.content:
                pieces.append(said.content)
                tokens += 1
            elif said.thinking:
                tokens += 1
        if tokens:
            self._transcript.add("".join(pieces), tokens)
        return tokens > 0 or self._is_done

    def completion(self) -> Completion:
        """Return the answer, if it came to its proper end.

        Raises:
            ConnectionLost: It was cut short; a part is never a result.
        """
        if not self._is_done:
            raise ConnectionLost(
                "the answer was cut short",
                where=self._http.base_url,
                hint="the server's own log tells why",
            )
        return self._transcript.completion()

    def _read(self, data: bytes) -> _Said:
        try:
            line = _LINE.decode(data)
        except msgspec.ValidationError as error:
            raise self._broken("is no chat message") from error
        except ValueError as error:
            raise self._broken("is not JSON") from error
        if line.error:
            fault = error_of(msgspec.json.decode(data))
            if fault:
                raise fault_in_stream(fault, self._http.base_url, self._http.key)
        if line.message is None:
            raise self._broken("is no chat message")
        if line.model:
            self._transcript.model = line.model
        if line.done:
            self._is_done = True
            self._finish(msgspec.json.decode(data))
        return line.message

    def _finish(self, value: Mapping[str, object]) -> None:
        reason = text_at(value, "done_reason")
        self._transcript.finish = _FINISH.get(reason, "unknown")
        counts = self._transcript.counts
        counts.tokens_in = count_at(value, "prompt_eval_count")
        counts.tokens_out = count_at(value, "eval_count")
        counts.tokens_cached = count_at(value, "prompt_eval_cached_count")
        counts.load_s = seconds_at(value, "load_duration", _NANO)
        counts.prompt_s = seconds_at(value, "prompt_eval_duration", _NANO)
        counts.generate_s = seconds_at(value, "eval_duration", _NANO)

    def _broken(self, what: str) -> BrokenAnswer:
        return BrokenAnswer(
            f"a line of Ollama's answer {what}",
            where=self._http.base_url,
            hint="subak doctor checks whether this is a model server",
        )
