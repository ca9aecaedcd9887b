"""api_routes: the JSON API of a dashboard, and the figures for Prometheus."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import apsw
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from subak.engine.holder import find_holder
from subak.errors import MissingExtra, StorageError, SubakError, UserError
from subak.web.answers import ANSWERS, Answer
from subak.web.dashboard import Dashboard
from subak.web.journal_reading import read_aside
from subak.web.page import Asked
from subak.web.rendering import workspace_address
from subak.web.watched import Watched

_OPENAPI = Path(__file__).parent / "openapi.json"
_START = "/api/v1"
_Endpoint = Callable[[Request], Awaitable[Response]]


def api_routes(dashboard: Dashboard) -> list[Route]:
    """Return the routes of the API."""
    routes = [
        Route(f"{_START}/{name}", _told(_endpoint(dashboard, name))) for name in ANSWERS
    ]
    return [
        Route(f"{_START}/openapi.json", _describe),
        Route(f"{_START}/workspaces", _told(_workspaces(dashboard))),
        *routes,
        Route(f"{_START}/{{name:path}}", _told(_unknown)),
        Route("/metrics", _told(_metrics(dashboard))),
    ]


def _endpoint(dashboard: Dashboard, name: str) -> _Endpoint:
    answer = ANSWERS[name]

    async def respond(request: Request) -> Response:
        watched = await _chosen(dashboard, request)
        is_alive = watched.is_alive

        def read(db: apsw.Connection) -> bytes:
            asked = Asked(
                workspace=watched.workspace,
                db=db,
                now=dashboard.clock.now(),
                is_alive=is_alive,
                query=dict(request.query_params),
            )
            return _encoded(answer(asked))

        return _json(await read_aside(watched.workspace, read))

    return respond


async def _chosen(dashboard: Dashboard, request: Request) -> Watched:
    """Return the workspace that the query names, or the only one.

    Raises:
        UserError: There are several and none is named.
    """
    name = request.query_params.get("workspace", "")
    if not name:
        found = await asyncio.to_thread(dashboard.workspaces.scan)
        if len(found) > 1:
            raise UserError(
                "there are several workspaces here",
                hint=f"add ?workspace={next(iter(found))}; {_START}/workspaces lists"
                " them",
            )
        name = next(iter(found))
    return dashboard.watched(name)


def _workspaces(dashboard: Dashboard) -> _Endpoint:
    async def respond(_: Request) -> Response:
        found = await asyncio.to_thread(dashboard.workspaces.scan)
        rows = [
            {
                "name": name,
                "folder": str(workspace.folder),
                "running": find_holder(workspace) is not None,
                "address": workspace_address(name),
            }
            for name, workspace in found.items()
        ]
        return _json(_encoded({"version": 1, "workspaces": rows}))

    return respond


def _metrics(dashboard: Dashboard) -> _Endpoint:
    async def respond(request: Request) -> Response:
        from subak.recipes.metrics import CONTENT_TYPE, render_metrics

        watched = await _chosen(dashboard, request)
        body = await asyncio.to_thread(render_metrics, watched.workspace)
        return Response(body, headers={"content-type": CONTENT_TYPE})

    return respond


async def _describe(_: Request) -> Response:
    return _json(await asyncio.to_thread(_OPENAPI.read_bytes))


async def _unknown(request: Request) -> Response:
    raise UserError(
        f"the API has no '{request.path_params['name']}'",
        hint=f"{_START}/openapi.json describes what there is",
    )


def _told(respond: _Endpoint) -> _Endpoint:
    """Tell errors made on purpose as JSON: what, where, and what to do next."""

    async def responding(request: Request) -> Response:
        try:
            return await respond(request)
        except SubakError as error:
            told = {"error": error.message, "where": error.where, "hint": error.hint}
            return _json(_encoded({"version": 1, **told}), _status_of(error))

    return responding


def _status_of(error: SubakError) -> int:
    if isinstance(error, MissingExtra):
        return 501
    is_ours = isinstance(error, StorageError) or not isinstance(error, UserError)
    return 500 if is_ours else 404


def _encoded(value: Answer) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace")


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json")
