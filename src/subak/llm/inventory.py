"""What a server offers: its models, slots and context, asked in its own dialect."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from subak.errors import SubakError, UserError
from subak.llm.http import HttpClient
from subak.llm.json_value import count_at, encode, object_at, objects_at, text_at
from subak.llm.model import EndpointInfo

_NOTHING: Mapping[str, object] = {}
_ONE_AT_A_TIME = ("mllama", "qwen3vl", "qwen35", "qwen3next", "lfm2", "nemotron_h")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How a server holds a model in memory.

    Args:
        is_loaded: False means that the first answer waits for the loading.
        context_tokens: What it was loaded with, 0 where that is not told.
    """

    is_loaded: bool
    context_tokens: int = 0


async def describe_openai(
    http: HttpClient, name: str = "", timeout_s: float = 5.0
) -> EndpointInfo:
    """Ask an OpenAI-compatible server; llama.cpp also tells slots and context.

    Raises:
        SubakError: It does not answer, or not like such a server.
    """
    prefix = "" if urlsplit(http.base_url).path else "/v1"
    listing = await http.get(f"{prefix}/models", timeout_s)
    models = objects_at(listing, "data")
    props = await _props(http, timeout_s) if _is_llama_cpp(models) else _NOTHING
    settings = object_at(props, "default_generation_settings")
    return EndpointInfo(
        url=http.base_url,
        model=name,
        available=tuple(text_at(model, "id") for model in models),
        slots=count_at(props, "total_slots"),
        context_tokens=count_at(settings, "n_ctx") or _context(models, name),
        server=_kind(models, props),
    )


async def describe_ollama(
    http: HttpClient, name: str = "", timeout_s: float = 5.0
) -> EndpointInfo:
    """Ask an Ollama server for its version and models, and for one model's context.

    Raises:
        SubakError: It does not answer, or not like Ollama.
    """
    version = await http.get("/api/version", timeout_s)
    tags = await http.get("/api/tags", timeout_s)
    available = tuple(text_at(model, "name") for model in objects_at(tags, "models"))
    longest, family = None, ""
    if name and has_model(available, name):
        longest, family = await _ollama_model(http, name, timeout_s)
    one = f" ({family}: one request at a time)" if is_one_at_a_time(family) else ""
    return EndpointInfo(
        url=http.base_url,
        model=name,
        available=available,
        context_tokens=longest,
        server=f"Ollama {text_at(version, 'version')}".strip() + one,
    )


async def loaded_in_ollama(
    http: HttpClient, name: str, timeout_s: float = 5.0
) -> Loaded | None:
    """Tell how Ollama holds a model in memory; None where it does not say.

    Raises:
        SubakError: It does not answer.
    """
    listing = await http.get("/api/ps", timeout_s)
    if "models" not in listing:
        return None
    for model in objects_at(listing, "models"):
        if has_model((text_at(model, "name"), text_at(model, "model")), name):
            return Loaded(True, count_at(model, "context_length") or 0)
    return Loaded(False)


def is_one_at_a_time(family: str) -> bool:
    """Tell whether Ollama serves a family of models one request after the other.

    Its scheduler says "model architecture does not currently support parallel
    requests" of these, whatever OLLAMA_NUM_PARALLEL is.
    """
    return family.startswith(_ONE_AT_A_TIME)


async def describe_gateway(
    http: HttpClient, name: str = "", timeout_s: float = 5.0
) -> EndpointInfo:
    """Ask a /chat gateway for its health and models.

    Raises:
        SubakError: It does not answer, or not like a gateway.
    """
    await http.get("/health", timeout_s)
    try:
        listing = await http.get("/models", timeout_s)
    except SubakError:
        listing = _NOTHING
    models = objects_at(listing, "models") or objects_at(listing, "data")
    return EndpointInfo(
        url=http.base_url,
        model=name,
        available=tuple(
            text_at(model, "name") or text_at(model, "id") for model in models
        ),
        server="gateway",
    )


def has_model(available: Sequence[str], name: str) -> bool:
    """Tell whether a server that lists these models can mean this name.

    Ollama lists tags ("llama3:latest" for "llama3"), llama.cpp file paths.
    """
    return any(
        name
        in {full, full.removesuffix(":latest"), _stem(full), PurePosixPath(full).name}
        for full in available
    )


def no_such_model(name: str, available: Sequence[str], where: str) -> UserError:
    """Return the error that lists what a server has instead."""
    names = sorted(
        {_stem(full) if full.endswith(".gguf") else full for full in available}
    )
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    guess = f"did you mean '{close[0]}'? " if close else ""
    listed = ", ".join(names[:12]) if names else "none"
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return UserError(
        f"the server has no model '{name}'",
        where=where,
        hint=f"{guess}it has: {listed}{more}",
    )


async def _ollama_model(
    http: HttpClient, name: str, timeout_s: float
) -> tuple[int | None, str]:
    """Return a model's longest context and its family."""
    try:
        shown = await http.ask("/api/show", encode({"model": name}), timeout_s)
    except SubakError:
        return None, ""
    facts = object_at(shown, "model_info")
    family = text_at(facts, "general.architecture")
    return count_at(facts, f"{family}.context_length"), family


async def _props(http: HttpClient, timeout_s: float) -> Mapping[str, object]:
    try:
        return await http.get("/props", timeout_s)
    except SubakError:
        return _NOTHING


def _is_llama_cpp(models: Sequence[Mapping[str, object]]) -> bool:
    return any(text_at(model, "owned_by") == "llamacpp" for model in models)


def _context(models: Sequence[Mapping[str, object]], name: str) -> int | None:
    for model in models:
        if len(models) == 1 or text_at(model, "id") == name:
            found = count_at(model, "max_model_len")
            return found or count_at(object_at(model, "meta"), "n_ctx")
    return None


def _kind(models: Sequence[Mapping[str, object]], props: Mapping[str, object]) -> str:
    owners = {text_at(model, "owned_by") for model in models}
    if "llamacpp" in owners:
        return f"llama.cpp {text_at(props, 'build_info')}".strip()
    if owners & {"organization_owner", "organization-owner"}:
        return "LM Studio"
    return "vLLM" if "vllm" in owners else ""


def _stem(full: str) -> str:
    return PurePosixPath(full.replace("\\", "/")).name.removesuffix(".gguf")
