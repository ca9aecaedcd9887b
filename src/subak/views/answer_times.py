"""AnswerTimes: how long answers took so far, so that a question can be weighed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median

import apsw

from subak.engine.store import open_reader
from subak.errors import StorageError

_NEWEST = "SELECT seconds FROM call ORDER BY id DESC LIMIT ?"
_MOST = 50


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """What the newest calls took.

    Args:
        typical_s: The middle one.
        longest_s: The longest one.
        count: How many were looked at.
        is_of_questions: They were questions; else calls of runs, whose prompts differ.
    """

    typical_s: float
    longest_s: float
    count: int
    is_of_questions: bool


def read_answer_times(questions: Path, db: apsw.Connection) -> AnswerTimes | None:
    """Return what earlier questions took, else what calls of runs took.

    Args:
        questions: The journal of questions; it need not exist.
        db: That of the runs.
    """
    found = _seconds_of_questions(questions)
    is_of_questions = bool(found)
    found = found or _seconds(db)
    if not found:
        return None
    return AnswerTimes(median(found), max(found), len(found), is_of_questions)


def _seconds_of_questions(path: Path) -> list[float]:
    try:
        db = open_reader(path)
    except StorageError:
        return []
    try:
        return _seconds(db)
    finally:
        db.close()


def _seconds(db: apsw.Connection) -> list[float]:
    return [float(seconds) for (seconds,) in db.execute(_NEWEST, (_MOST,))]
