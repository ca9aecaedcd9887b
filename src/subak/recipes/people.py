"""People: who is told of a run that has ended, as the recipe asks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import apsw
from yarl import URL

from subak.engine.workspace import Workspace
from subak.errors import SubakError, UserError
from subak.extras.notice import Messenger, Notice, notify
from subak.extras.order import Order
from subak.recipes.notify_section import NotifySection
from subak.recipes.resources import Durable
from subak.recipes.schema import Recipe
from subak.sources.guard import Guard


class People:
    """Tells people of a run; nothing that goes wrong in telling fails it.

    Raises:
        UserError: A secret that the recipe names isn't there; told before the work.
    """

    def __init__(self, recipe: Recipe, workspace: Workspace, durable: Durable) -> None:
        for section in recipe.notify:
            _secret(section, workspace)
        self._sections = recipe.notify
        self._workspace = workspace
        self._durable = durable

    async def tell(self, run: str) -> None:
        """Tell of a run that has ended."""
        if not self._sections:
            return
        store, journal = self._durable.store, self._durable.journal
        await store.flush()
        notice = make_notice(store.read(), run)
        is_trouble = notice.needs_person or notice.status == "failed"
        wanted = [one for one in self._sections if is_trouble or one.when == "always"]
        await notify(notice, list(self._messengers(wanted)), journal)
        await store.flush()

    def note_break(self, error: BaseException) -> None:
        """Note why a run could not go on; nothing where somebody stopped it."""
        if isinstance(error, SubakError):
            self._durable.journal.emit(
                "run.broken",
                error=type(error).__name__,
                message=str(error),
                hint=error.hint,
            )

    async def tell_break(self, error: BaseException, run: str) -> None:
        """Tell of a run that could not go on; nobody where somebody stopped it."""
        if isinstance(error, SubakError):
            await self.tell(run)

    def _messengers(self, sections: list[NotifySection]) -> Iterator[Messenger]:
        """Yield who is to be sent; of one that can't be made a warning is kept."""
        for section in sections:
            try:
                yield _messenger(section, self._workspace)
            except UserError as error:
                message = f"nobody was told by {section.kind}: {error}"
                self._durable.journal.emit("note", level="warning", message=message)


def make_notice(db: apsw.Connection, run: str) -> Notice:
    """Return what is to be told of a run."""
    # 1.4 MB and 0.06 s that a run which tells nobody does without.
    from subak.views.brief import brief, brief_title
    from subak.views.bulletin import read_bulletin
    from subak.views.recorded_run import read_recorded_run
    from subak.views.status import read_status

    recorded = read_recorded_run(db, run)
    status = read_status(db, recorded.run.id, is_alive=False)
    bulletin = read_bulletin(db, status, recorded)
    return Notice(
        title=brief_title(status, bulletin),
        text=brief(status, bulletin, Path(db.filename).resolve().parent.parent),
        recipe=status.summary.recipe,
        run=status.summary.run,
        status=status.summary.status,
        needs_person=bulletin.needs_person,
        facts={"bulletin": bulletin.to_json(), "summary": status.summary.to_json()},
    )


def _messenger(section: NotifySection, workspace: Workspace) -> Messenger:
    from subak.extras.mail import Mail
    from subak.extras.webhook import Webhook

    if section.kind == "command":
        return Order(section.command, workspace.folder, section.timeout_s)
    secret = _secret(section, workspace)
    if section.kind == "mail":
        return Mail(
            server=section.server,
            to=section.to,
            sender=section.sender,
            security=section.security,
            user=section.user,
            password=secret,
            timeout_s=section.timeout_s,
        )
    has_place = "{secret}" in section.url
    url = section.url.replace("{secret}", secret)
    guard = Guard.parse(section.allow_hosts, where="notify.allow_hosts")
    return Webhook(
        url=url,
        open_socket=guard.for_host(URL(url).host or "").open_socket,
        token="" if has_place else secret,
        timeout_s=section.timeout_s,
    )


def _secret(section: NotifySection, workspace: Workspace) -> str:
    """Return the password or token of a section, "" where it has none.

    Raises:
        UserError: It names a place that holds none.
    """
    if section.secret_env:
        value = os.environ.get(section.secret_env, "")
        origin, hint = section.secret_env, f"export {section.secret_env}=..."
    elif section.secret_file:
        file = workspace.folder / Path(section.secret_file).expanduser()
        value, origin = _read(file), str(file)
        hint = "put the secret alone into this file"
    else:
        return ""
    if not value.strip():
        raise UserError(
            "the secret of [[notify]] is not there", where=origin, hint=hint
        )
    return value.strip()


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            "the file with the secret of [[notify]] cannot be read",
            where=str(file),
            hint="put the secret alone into this file, or set secret_env",
        ) from error
