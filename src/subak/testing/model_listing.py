"""What a fake model server tells of itself: models, slots, context, version."""

from __future__ import annotations

from aiohttp import web

from subak.testing.model_settings import FakeSettings


def listing_routes(settings: FakeSettings) -> list[web.RouteDef]:
    """Return the routes by which clients ask a server about itself."""
    listing = _Listing(settings)
    return [
        web.get("/v1/models", listing.openai_models),
        web.get("/props", listing.props),
        web.get("/api/tags", listing.models),
        web.get("/models", listing.models),
        web.get("/api/version", listing.version),
        web.get("/api/ps", listing.ollama_loaded),
        web.post("/api/show", listing.ollama_model),
        web.get("/health", listing.health),
    ]


class _Listing:
    def __init__(self, settings: FakeSettings) -> None:
        self._settings = settings

    async def openai_models(self, _request: web.Request) -> web.Response:
        data = [
            {"id": name, "object": "model", "owned_by": self._settings.owner}
            for name in self._settings.models
        ]
        return web.json_response({"object": "list", "data": data})

    async def models(self, _request: web.Request) -> web.Response:
        names = [{"name": name} for name in self._settings.models]
        return web.json_response({"models": names})

    async def ollama_loaded(self, _request: web.Request) -> web.Response:
        tokens = self._settings.loaded_tokens
        names = self._settings.models if tokens else ()
        loaded = [{"name": name, "context_length": tokens} for name in names]
        return web.json_response({"models": loaded})

    async def ollama_model(self, request: web.Request) -> web.Response:
        asked = (await request.json()).get("model")
        if asked not in self._settings.models:
            error = {"error": f"model '{asked}' not found"}
            return web.json_response(error, status=404)
        family = self._settings.family
        facts = {
            "general.architecture": family,
            f"{family}.context_length": self._settings.context_tokens,
        }
        return web.json_response({"model_info": facts})

    async def props(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "total_slots": self._settings.slots or 4,
                "default_generation_settings": {"n_ctx": self._settings.context_tokens},
                "build_info": "fake",
            }
        )

    async def version(self, _request: web.Request) -> web.Response:
        return web.json_response({"version": "0.0.0-fake"})

    async def health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})
