"""Call: one prompt on its way to an answer, over however many tries it takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from subak.engine.gate import Gate
from subak.engine.limiter import CallNeed
from subak.errors import Interrupted, SubakError
from subak.llm.member import Member
from subak.llm.model import Completion, ModelId, Prompt


@dataclass(slots=True)
class Call:
    """What is asked, and what has become of it so far.

    Args:
        asked: The prompt whose answer is wanted, and kept by its key.
        sent: The prompt as it is sent; another one after an answer that looped.
        id: Identifies the model it is asked of.
        key: The prompt's key for that model.
        need: What its limiter is told.
        is_repeat: An equal request has been answered before.
        blame: Failures of its own, in parts; its share in those of the load is small.
        tries: How often it was sent.
        cuts: How often it was given up because the server was silent.
        avoid: Where it failed last.
    """

    asked: Prompt
    sent: Prompt
    id: ModelId
    key: str
    need: CallNeed
    is_repeat: bool = False
    blame: float = 0.0
    tries: int = 0
    cuts: int = 0
    avoid: Gate | None = field(default=None)

    def key_at(self, member: Member) -> str:
        """Return the prompt's key for the model of a member."""
        if member.model_id == self.id:
            return self.key
        return self.asked.key(member.model_id)


@dataclass(frozen=True, slots=True)
class Answered:
    """A try that brought an answer."""

    completion: Completion
    member: Member
    slot: int
    started: float


@dataclass(frozen=True, slots=True)
class Failed:
    """A try that brought none.

    Args:
        error: Why.
        blame: How much of it is the call's own fault; 6 in all are too much.
        is_refusal: The server did not take it: nothing speaks against asking again at
            once, as soon as the limiter permits.
    """

    error: SubakError
    blame: float = 0.0
    is_refusal: bool = False


Outcome = Answered | Failed


def left_undone() -> Interrupted:
    """Return the error of a call that is not sent because all is coming to its end."""
    return Interrupted("not sent any more", hint="run the same command again to go on")
