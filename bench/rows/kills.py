"""Kills: one job, killed with -9 at random moments until it is done."""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from bench.answered import read_answered
from bench.map_run import count_good, run_map
from bench.process import Child
from bench.row import Check, Conditions, Measured
from bench.rows_file import Job
from bench.server.settings import Settings
from bench.short_life import live_until
from bench.stand_in import StandIn

_SLOTS = 4
# 0.56 s an answer: about 3.6 rows a life, so that 1,000 rows last for 200 kills.
_SLOW = Settings(token_ms=16.0, tokens_out=35, slots=_SLOTS, publishes_slots=_SLOTS)
_FAST = Settings(token_ms=0.5, tokens_out=35, slots=_SLOTS, publishes_slots=_SLOTS)
_MOMENT_S = (0.05, 1.5)
_SEED = 11
_TIMEOUT_S = 600.0


@dataclass(slots=True)
class Tally:
    """What the lives came to.

    Args:
        kills: How often it was killed.
        lost: Calls under way at the kills: sent, and no answer in the journal.
        most_lost: Most of them at one kill.
        most_waiting: Most of them at one kill that the server had not answered.
        again: Calls for an item that an earlier life had asked for.
        repeated: Calls for an item whose answer was in the journal.
        answered: Items whose answer is in the journal.
        calls: How often each item was asked for.
        sent: When each item's answer was sent whole.
    """

    kills: int = 0
    lost: int = 0
    most_lost: int = 0
    most_waiting: int = 0
    again: int = 0
    repeated: int = 0
    answered: frozenset[str] = frozenset()
    calls: Mapping[str, int] = field(default_factory=dict)
    sent: Mapping[str, float] = field(default_factory=dict)

    def count_life(
        self,
        calls: Mapping[str, int],
        answered: frozenset[str],
        sent: Mapping[str, float],
    ) -> None:
        """Compare what a life asked for with what was known before it."""
        asked = {
            item: count - self.calls.get(item, 0)
            for item, count in calls.items()
            if count > self.calls.get(item, 0)
        }
        self.repeated += sum(asked[item] for item in asked.keys() & self.answered)
        self.again += sum(
            count if item in self.calls else count - 1 for item, count in asked.items()
        )
        lost = asked.keys() - answered
        self.lost += len(lost)
        self.most_lost = max(self.most_lost, len(lost))
        waiting = {item for item in lost if sent.get(item) == self.sent.get(item)}
        self.most_waiting = max(self.most_waiting, len(waiting))
        self.calls, self.answered, self.sent = calls, answered, sent


def measure(conditions: Conditions) -> Measured:
    """Kill the job again and again, then let it finish; count what was repeated."""
    rows, kills = conditions.pick(1_000, 60), conditions.pick(200, 8)
    moments = random.Random(_SEED)
    tally = Tally()
    with StandIn(_SLOW) as server:
        job = Job(conditions.folder / "job", server.spec, rows)
        job.prepare()
        is_ended = False
        while tally.kills < kills and not is_ended:
            is_ended = _live(job, server, moments.uniform(*_MOMENT_S))
            tally.kills += not is_ended
            tally.count_life(
                server.calls_by_item(), _answered(conditions, job), server.sent_whole()
            )
            if tally.kills % 20 == 0 or is_ended:
                known = len(tally.answered)
                conditions.say(f"{tally.kills} kills, {known} of {rows} answered")
        server.change(_FAST)
        last = run_map(job, _TIMEOUT_S)
        tally.count_life(
            server.calls_by_item(), _answered(conditions, job), server.sent_whole()
        )
        counts = server.counts()
    doubled = sum(count > 1 for count in read_answered(job.journal).values())
    good = count_good(job.output, job)
    return Measured(
        _checks(tally, rows, kills, (good, doubled, counts.peak)),
        {
            "rows": rows,
            "good": good,
            "doubled": doubled,
            "kills": tally.kills,
            "lost": tally.lost,
            "most_lost": tally.most_lost,
            "most_waiting": tally.most_waiting,
            "again": tally.again,
            "repeated": tally.repeated,
            "summary": dict(last.summary),
            "server": asdict(counts),
        },
        notes=(
            f"Each life is killed {_MOMENT_S[0]} to {_MOMENT_S[1]} s after its first "
            f"call reached the server (seed {_SEED}); the last one may finish.",
            "Under way at a kill: sent in that life, answer not in the journal. "
            "Answers the server sent in the instant of a kill count as under way: a "
            "call's place goes to the next one while its answer is written to the "
            "disk. Those it had not sent are never more than it works on at once.",
        ),
        commands=(job.typed(),),
    )


def _live(job: Job, server: StandIn, moment_s: float) -> bool:
    """Run until the moment, then kill; tell whether the job ended by itself."""
    with Child(job.command(), folder=job.folder, environment=job.environment) as child:
        return live_until(child, lambda: server.counts().calls, moment_s, {0})


def _answered(conditions: Conditions, job: Job) -> frozenset[str]:
    """Return the items whose answers are in a copy of the journal."""
    copy = conditions.folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in job.journal.parent.glob("journal.db*"):
        # The shared memory file is left behind: it belongs to the dead process.
        if not path.name.endswith("-shm"):
            shutil.copy(path, copy / path.name)
    found = copy / job.journal.name
    return frozenset(read_answered(found)) if found.exists() else frozenset()


def _checks(
    tally: Tally, rows: int, kills: int, ends: tuple[int, int, int]
) -> tuple[Check, ...]:
    good, doubled, peak = ends
    return (
        Check(
            f"kill -9 at {kills} random moments: output",
            "complete, in order",
            f"{good:,} of {rows:,} rows after {tally.kills} kills",
            good == rows and tally.kills == kills,
        ),
        Check(
            "kill -9: answers twice in the journal",
            "0",
            str(doubled),
            doubled == 0,
        ),
        Check(
            "kill -9: answered calls sent again",
            "0",
            str(tally.repeated),
            tally.repeated == 0,
        ),
        Check(
            "kill -9: calls sent again",
            "<= under way at the kills",
            f"{tally.again} of {tally.lost} under way "
            f"(at most {tally.most_lost} at a kill, {tally.most_waiting} of them "
            f"unanswered, {peak} at once)",
            tally.again <= tally.lost and tally.most_waiting <= peak,
        ),
    )
