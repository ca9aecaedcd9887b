"""Model: what stages ask; answers come from the journal or, once, from a server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from subak.engine.clock import Clock
from subak.engine.context import current_task
from subak.engine.limiter import CallNeed, LimiterStatistics
from subak.engine.retry import RetryPolicy
from subak.errors import (
    Exhausted,
    LoopingAnswer,
    Retryable,
    Unreachable,
)
from subak.llm.call import Answered, Call, Failed
from subak.llm.call_log import CallLog
from subak.llm.model import Completion, EndpointInfo, ModelId, Prompt
from subak.llm.pool import Pool
from subak.llm.tokens import estimate_prompt

_LOOSER_TEMPERATURE = 0.6
_LOOSER_SAMPLE = 1_000
_MOST_BLAME = 6.0
_DEADLINE_S = 1_800.0
_MOST_MISSED = 50_000
_MANY_WAITING = 64  # they keep the server busy while a commit is held back
_CHEAP_S = 0.1  # a call that took longer is not risked for a commit
_PAUSES = RetryPolicy(first_s=0.5, cap_s=20.0)


@dataclass(frozen=True, slots=True)
class ModelStatistics:
    """A snapshot of a model: an entry for each server that was asked."""

    model: ModelId
    endpoints: tuple[LimiterStatistics, ...]


@dataclass(slots=True)
class _Flight:
    """One request under way, and those who wait for its answer."""

    completion: Completion | None = None
    loop: LoopingAnswer | None = None
    _landed: asyncio.Event | None = None

    async def wait(self) -> None:
        """Return when it has landed."""
        if self._landed is None:
            self._landed = asyncio.Event()
        await self._landed.wait()

    def land(self) -> None:
        """Let all who wait go on."""
        if self._landed is not None:
            self._landed.set()


class Model:
    """Answers prompts: from the journal, from an equal request in flight, or anew.

    Guarantees:
        An answer is returned only after the journal has committed it. Equal requests
        at the same time make one call. A caller that is cancelled or fails takes
        nobody with it: the next in line makes the call itself. A call that is refused
        or finds no server waits at the gate and tries again; one that fails by itself
        does so after six failures.
    Assumes:
        One event loop.
    """

    def __init__(self, pool: Pool, log: CallLog, clock: Clock) -> None:
        self._pool = pool
        self._log = log
        self._clock = clock
        self._rng = Random(0)
        self._flights: dict[str, _Flight] = {}
        self._keys: dict[int, tuple[Prompt, str]] = {}
        self._missed: set[str] = set()
        ids = dict.fromkeys(member.model_id for member in pool.members)
        self._id, *self._other_ids = ids

    @property
    def id(self) -> ModelId:
        """Identify the model; part of every call's key."""
        return self._id

    async def probe(self) -> EndpointInfo:
        """Ask the server about itself.

        Raises:
            Unreachable: Nothing answers there.
            UserError: It answers, but has no such model.
        """
        return await self._pool.probe()

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt.

        A model that loops is asked once more, sampling more loosely.

        Raises:
            Terminal: The same prompt would fail again, or has failed too often.
            Unreachable: No server answers any more.
            Interrupted: Nothing more is to be sent.
        """
        # By identity, which costs no hash; kept alive, so that it stays its own.
        known = self._keys.pop(id(prompt), None)
        key = prompt.key(self._id) if known is None else known[1]
        if key not in self._missed:
            found = self._find(prompt, key)
            if found is not None:
                return found
        try:
            return await self._answer(prompt, prompt, key)
        except LoopingAnswer:
            # Kept as the answer to the prompt: nobody looks for it by another key.
            return await self._answer(prompt, _looser(prompt), key)

    def recall(self, prompts: Sequence[Prompt]) -> list[Completion | None]:
        """Return the answers the journal has, None where a call is needed.

        Nothing is waited for and no event told; while answers are to be made anew,
        none is found.
        """
        if current_task().refresh:
            return [None] * len(prompts)
        own = [prompt.key(self._id) for prompt in prompts]
        found = self._recall(own)
        for id_ in self._other_ids:
            missing = [index for index, answer in enumerate(found) if answer is None]
            others = self._recall([prompts[index].key(id_) for index in missing])
            for index, answer in zip(missing, others, strict=True):
                found[index] = answer
        self._note_missed(prompts, own, found)
        return found

    def statistics(self) -> ModelStatistics:
        """Return the present numbers."""
        return ModelStatistics(self._id, self._pool.statistics())

    def ease(self, most: int | None) -> None:
        """Send each server at most so many calls at once, None for no such bound."""
        self._pool.ease(most)

    def drain(self) -> None:
        """Send nothing more; calls under way finish, all others raise Interrupted."""
        self._pool.drain()

    async def close(self) -> None:
        """Let go of the endpoints."""
        await self._pool.close()

    def _recall(self, keys: Sequence[str]) -> list[Completion | None]:
        answers = self._log.find_all(keys) if keys else {}
        return [answers.get(key) for key in keys]

    def _note_missed(
        self,
        prompts: Sequence[Prompt],
        keys: Sequence[str],
        found: Sequence[Completion | None],
    ) -> None:
        """Remember what is not there, so that ``complete`` need not look again.

        Only until it is answered: another who asks the same then finds the answer.
        """
        if max(len(self._keys), len(self._missed)) > _MOST_MISSED:  # nobody asked
            self._keys.clear()
            self._missed.clear()
        for prompt, key, answer in zip(prompts, keys, found, strict=True):
            if answer is None:
                self._keys[id(prompt)] = (prompt, key)
                self._missed.add(key)

    def _find(self, prompt: Prompt, key: str) -> Completion | None:
        """Return the journal's answer, and tell; None while answers are made anew."""
        if current_task().refresh:
            return None
        found = self._look_up(prompt, key)
        if found is not None:
            self._log.cached(key)
        return found

    def _look_up(self, prompt: Prompt, key: str) -> Completion | None:
        found = self._log.find(key)
        for id_ in self._other_ids:
            if found is not None:
                break
            found = self._log.find(prompt.key(id_))
        return found

    async def _answer(self, asked: Prompt, sent: Prompt, key: str) -> Completion:
        """Answer by a call, or by that of another who asks the same now."""
        while (flight := self._flights.get(key)) is not None:
            # Unbounded on purpose: the leader lands whatever happens to it.
            await flight.wait()
            if flight.completion is not None:
                self._log.cached(key)
                return replace(flight.completion, from_cache=True)
            if flight.loop is not None:
                raise flight.loop
        flight = self._flights[key] = _Flight()
        try:
            flight.completion = await self._call(asked, sent, key)
            return flight.completion
        except LoopingAnswer as error:
            flight.loop = error
            raise
        finally:
            del self._flights[key]
            flight.land()

    async def _call(self, asked: Prompt, sent: Prompt, key: str) -> Completion:
        need = CallNeed(estimate_prompt(sent.messages), sent.prefix)
        call = Call(asked, sent, self._id, key, need)
        if current_task().refresh:
            call.is_repeat = self._look_up(asked, key) is not None
        begun = self._clock.monotonic()
        while True:
            outcome = await self._pool.send(call)
            if isinstance(outcome, Answered):
                is_patient = self._is_patient(outcome)
                await self._log.answered(call, outcome, is_patient=is_patient)
                self._missed.discard(key)
                return outcome.completion
            call.blame += outcome.blame
            self._check(call, outcome, begun)
            await self._pause(call, outcome)

    def _is_patient(self, answered: Answered) -> bool:
        """Tell whether the disk may be spared: many wait, and little is at stake."""
        is_cheap = answered.completion.timing.seconds < _CHEAP_S
        return is_cheap and self._pool.waiting >= _MANY_WAITING

    def _check(self, call: Call, failed: Failed, begun: float) -> None:
        """Raise what ends the call: a final error, or too many of the others."""
        error = failed.error
        if not isinstance(error, Retryable):
            raise error
        is_looping = isinstance(error, LoopingAnswer)
        if is_looping and call.sent.temperature < _LOOSER_TEMPERATURE:
            raise error
        if call.blame >= _MOST_BLAME:
            raise Exhausted(
                f"given up after {call.tries} tries, at last: {error.message}",
                where=error.where,
                hint="subak logs --failed shows each of them",
            ) from error
        waited_s = self._clock.monotonic() - max(begun, self._pool.succeeded_at)
        if waited_s > _DEADLINE_S:
            raise Unreachable(
                f"no call was answered for {waited_s / 60:.0f} minutes, "
                f"at last: {error.message}",
                where=error.where,
                hint="see subak doctor; the same command goes on where this stopped",
            ) from error

    async def _pause(self, call: Call, failed: Failed) -> None:
        if failed.is_refusal:  # the limits themselves make it wait
            return
        failures = max(1, round(call.blame))
        error = failed.error
        if isinstance(error, Retryable):
            await self._clock.sleep(_PAUSES.delay(failures, error, self._rng))


def _looser(prompt: Prompt) -> Prompt:
    return replace(
        prompt,
        temperature=max(prompt.temperature, _LOOSER_TEMPERATURE),
        sample=prompt.sample + _LOOSER_SAMPLE,
    )
