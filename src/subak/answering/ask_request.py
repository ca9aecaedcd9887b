"""AskRequest: what is asked of a workspace."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from subak.errors import UserError
from subak.knowledge.search.filter import Narrowing

_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question and where to look for its answer.

    Args:
        question: In plain words, in any language.
        folder: The workspace whose documents answer.
        model: Model spec or name that overrides the recipe's.
        limit: Passages the model is shown at most.
        only: What the passages must be, see ``Filter``.
        refresh: Ask anew what was answered before.
    """

    question: str
    folder: Path = Path()
    model: str | None = None
    limit: int = 6
    only: Narrowing = field(default_factory=Narrowing)
    refresh: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no question.

        Raises:
            UserError: It is empty or too long.
        """
        if not self.question.strip():
            raise UserError("the question is empty", hint='subak ask "..."')
        if len(self.question) > _LONGEST:
            raise UserError(
                f"the question has more than {_LONGEST} characters",
                hint="ask in a sentence or two",
            )
