"""Dashboard: the web application behind the door: pages, live changes, forms, API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import apsw
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from subak.engine.clock import Clock
from subak.engine.holder import find_holder
from subak.errors import StorageError, SubakError, UserError
from subak.web.forms import read_form
from subak.web.journal_reading import read_aside
from subak.web.page import Asked, Page, Shown
from subak.web.rendering import Rendering, workspace_address
from subak.web.run_control import Command
from subak.web.secret import Secret
from subak.web.watched import Watched
from subak.web.workspaces import Workspaces

NOW = Page("now", "", "Now", None, place=0, is_live=True)
_TROUBLE = Page("trouble", "", "That did not work", None)
_LOOKED_AT = 8
_FOREVER = {"cache-control": "private, max-age=31536000, immutable"}


@dataclass(slots=True)
class Dashboard:
    """What is shown of the workspaces below a folder, and by which pages.

    Guarantees: each workspace is looked at by one task; after a first look only while
    somebody watches.
    Assumes: used within ``open``, by one event loop.
    """

    workspaces: Workspaces
    pages: Sequence[Page]
    secret: Secret
    clock: Clock
    rendering: Rendering = field(init=False)
    _watched: dict[Path, Watched] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _group: asyncio.TaskGroup | None = None

    def __post_init__(self) -> None:
        """Read the templates."""
        self.rendering = Rendering((NOW, *self.pages))

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Let workspaces be watched while the block runs.

        The first look at a run reads all of it, later ones what is new: it is made
        before somebody asks.
        """
        async with asyncio.TaskGroup() as group:
            self._group = group
            try:
                for name in list(self.workspaces.scan())[:_LOOKED_AT]:
                    self.watched(name).stream.look_once()
                yield
            finally:
                await self.close()
                for task in self._tasks:
                    task.cancel()
                self._tasks.clear()
                self._watched.clear()
                self._group = None

    async def close(self) -> None:
        """End the streams, so that their connections can be closed."""
        for watched in self._watched.values():
            await watched.stream.close()

    def watched(self, name: str) -> Watched:
        """Return the workspace of that name, ready to be watched.

        Raises:
            UserError: There is none.
        """
        workspace = self.workspaces.get(name)
        found = self._watched.get(workspace.folder)
        if found is None:
            assert self._group is not None  # used within ``open``
            form = self.secret.form
            found = Watched(name, workspace, self.rendering, form, self.clock)
            self._watched[workspace.folder] = found
            self._tasks.append(self._group.create_task(found.stream.work()))
        return found

    def app(self, others: Sequence[Route] = ()) -> Starlette:
        """Return the ASGI application.

        Args:
            others: Further routes, of the API.
        """

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            async with self.open():
                yield

        below = "/w/{workspace}/"
        routes = [
            Route("/", self._first),
            Route("/static/{name}", self._static),
            *others,
            Route(below, self._now),
            Route(f"{below}stream", self._stream),
            Route(f"{below}do/{{what}}", self._do, methods=["POST"]),
            *(self._route(page) for page in self.pages),
        ]
        handlers = {404: self._nowhere, SubakError: self._trouble}
        return Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)

    def _route(self, page: Page) -> Route:
        async def show(request: Request) -> Response:
            return await self._show(page, request)

        methods = ["GET", "POST"] if page.takes_form else ["GET"]
        return Route(f"/w/{{workspace}}/{page.path}", show, methods=methods)

    async def _first(self, _: Request) -> Response:
        """Lead to the one workspace, or list them."""
        found = await asyncio.to_thread(self.workspaces.scan)
        if len(found) == 1:
            return _go(workspace_address(next(iter(found))))
        rows = [
            {
                "name": name,
                "href": workspace_address(name),
                "is_alive": find_holder(workspace) is not None,
                "words": str(workspace.folder),
            }
            for name, workspace in found.items()
        ]
        html = self.rendering.bare(
            "bare.html.j2", title="Workspaces", message="", hint="", workspaces=rows
        )
        return HTMLResponse(html)

    async def _static(self, request: Request) -> Response:
        asset = self.rendering.assets.get(request.path_params["name"])
        if asset is None:
            return PlainTextResponse("there is no such file\n", 404)
        return Response(asset.body, media_type=asset.media_type, headers=_FOREVER)

    async def _now(self, request: Request) -> Response:
        watched = self.watched(request.path_params["workspace"])
        frame = await watched.stream.frame()
        around = watched.around(
            has_more=self.workspaces.has_more,
            is_alive=watched.is_alive,
            shown=frame.id,
        )
        shown = Shown("now.html.j2", {"fragments": frame.look.fragments})
        return HTMLResponse(self.rendering.page(NOW, shown, around))

    async def _stream(self, request: Request) -> Response:
        watched = self.watched(request.path_params["workspace"])
        shown = request.query_params.get("after", "")
        last = request.headers.get("last-event-id", shown)
        return StreamingResponse(
            watched.stream.watch(last),
            media_type="text/event-stream",
            headers={"x-accel-buffering": "no"},
        )

    async def _do(self, request: Request) -> Response:
        """Start, stop or repeat, then show how that went."""
        watched = self.watched(request.path_params["workspace"])
        form = await read_form(request, self.secret)
        what = request.path_params["what"]
        if what == "stop":
            await watched.stop(at_once=form.get("how") == "now")
        elif what in ("start", "again"):
            command = await self._command(watched)
            if what == "start":
                await watched.control.start(command)
            else:
                stage, item = form.get("stage", ""), form.get("item", "")
                await watched.control.again(command, stage, item)
        else:
            raise UserError(f"the dashboard cannot do '{what}'", hint="go back")
        watched.stream.look_soon()
        return _go(workspace_address(watched.name))

    async def _command(self, watched: Watched) -> Command:
        """Return what runs the recipe of a workspace.

        Raises:
            UserError: It is not known.
        """
        if watched.workspace.journal.exists():
            found = await read_aside(watched.workspace, watched.find_command)
        else:
            found = watched.find_command(None)
        if found is None:
            raise UserError(
                "it is not known which recipe this workspace belongs to",
                where=str(watched.workspace.folder),
                hint="run it once on the command line: subak run RECIPE",
            )
        return found

    async def _show(self, page: Page, request: Request) -> Response:
        watched = self.watched(request.path_params["workspace"])
        if not watched.workspace.journal.exists():
            return await self._now(request)  # says that nothing was run yet
        is_form = request.method == "POST"
        form = await read_form(request, self.secret) if is_form else None
        is_alive = watched.is_alive

        def read(db: apsw.Connection) -> Shown | str:
            assert page.read is not None  # only "Now" has none
            fields = {
                name: str(value)
                for name, value in request.path_params.items()
                if name != "workspace"
            }
            asked = Asked(
                workspace=watched.workspace,
                db=db,
                now=self.clock.now(),
                is_alive=is_alive,
                path=fields,
                query=dict(request.query_params),
                form=form,
            )
            shown = page.read(asked)
            around = watched.around(
                has_more=self.workspaces.has_more,
                is_alive=is_alive,
                can_start=not is_alive and watched.find_command(db) is not None,
            )
            if shown.go_to is not None:
                return shown
            # Values may read from the journal while they are shown.
            return self.rendering.page(page, shown, around)

        made = await read_aside(watched.workspace, read)
        if isinstance(made, str):
            return HTMLResponse(made)
        assert made.go_to is not None
        name, values = made.go_to
        return _go(self.rendering.address(watched.name, name, values))

    async def _nowhere(self, request: Request, _: Exception) -> Response:
        html = self.rendering.bare(
            "bare.html.j2",
            title="There is no such page",
            message=request.url.path,
            hint="",
            workspaces=[],
        )
        return HTMLResponse(html, 404)

    async def _trouble(self, request: Request, error: Exception) -> Response:
        """Tell an error made on purpose: what, where, and what to do next."""
        assert isinstance(error, SubakError)
        is_ours = isinstance(error, StorageError) or not isinstance(error, UserError)
        status = 500 if is_ours else 404 if request.method == "GET" else 400
        name = request.path_params.get("workspace", "")
        values: Mapping[str, object] = {
            "message": error.message,
            "where": error.where,
            "hint": error.hint,
        }
        if name not in {one.name for one in self._watched.values()}:
            values = {**values, "title": "That did not work", "workspaces": []}
            return HTMLResponse(self.rendering.bare("bare.html.j2", **values), status)
        watched = self.watched(name)
        around = watched.around(
            has_more=self.workspaces.has_more, is_alive=watched.is_alive
        )
        shown = Shown("error.html.j2", values)
        return HTMLResponse(self.rendering.page(_TROUBLE, shown, around), status)


def _go(place: str) -> Response:
    return RedirectResponse(place, 303)
