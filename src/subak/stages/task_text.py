"""TaskText: the template of a prompt, checked before the first document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from subak.errors import UserError


@dataclass(frozen=True, slots=True)
class TaskText:
    """A Jinja template that says what to do with a text.

    Args:
        name: Its file in ``prompts/``, for messages.
        template: The text; a page has no part in it.
        may_use: The names it is given, for messages.
    """

    name: str
    template: str
    may_use: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Return a hash of the template."""
        data = self.template.encode()
        return hashlib.blake2b(data, digest_size=16).hexdigest()

    def render(self, **values: str | int) -> str:
        """Return the task.

        Raises:
            UserError: The template is wrong or uses an unknown name.
        """
        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        try:
            return environment.from_string(self.template).render(values).strip()
        except TemplateError as error:
            raise UserError(
                f"the template cannot be used: {error}",
                where=f"prompts/{self.name}.md",
                hint="it may use "
                + ", ".join(f"{{{{ {name} }}}}" for name in self.may_use),
            ) from error
