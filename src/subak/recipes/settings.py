"""Settings of a person and a workspace, and where each value comes from.

Order, later wins: built in, ``subak.toml`` in the workspace, the user's config file,
``SUBAK_*`` in the environment, flags.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import platformdirs
from msgspec import Struct, structs

from subak.errors import Problem, RecipeError, UserError
from subak.recipes.check import find_problems
from subak.recipes.schema import says

_TRUTHS = ("true", "false", "1", "0")


class Telemetry(Struct, forbid_unknown_fields=True, frozen=True):
    """What is told of each run to machines that watch others."""

    otlp: Annotated[
        str,
        says("URL of an OpenTelemetry collector; the trace of a run is sent there."),
    ] = ""
    metrics_file: Annotated[
        str, says("File for Prometheus's node_exporter, written when a run ends.")
    ] = ""


class Settings(Struct, forbid_unknown_fields=True, frozen=True):
    """What a person may set once for all recipes."""

    model: Annotated[str, says("Model for recipes that name none.")] = "embedded"
    max_parallel: Annotated[
        int | None, says("Upper bound of calls at once, for every recipe.")
    ] = None
    contact: Annotated[str, says("Mail or URL for the user agent.")] = ""
    log_style: Annotated[
        Literal["plain", "classic", "json"], says("How lines look off a terminal.")
    ] = "plain"
    semantic: Annotated[
        bool,
        says("Embed passages for `subak search`, where the extra `semantic` is there."),
    ] = True
    models: Annotated[
        dict[str, str],
        says("Names for model specs, or for several joined by ` + ` and ` | `."),
    ] = msgspec.field(default_factory=dict)
    telemetry: Annotated[
        Telemetry, says("What is told of each run to other machines.")
    ] = Telemetry()


@dataclass(frozen=True, slots=True)
class Origin:
    """One setting's value as text, and where it was read."""

    key: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """Effective settings with the origin of each key."""

    settings: Settings
    origins: tuple[Origin, ...]

    def origin_of(self, key: str) -> str:
        """Return where a key's value was read ("built in", a file, a variable)."""
        return next(origin.source for origin in self.origins if origin.key == key)


def user_config_path() -> Path:
    """Return the user's config file; it need not exist."""
    return Path(platformdirs.user_config_dir("subak")) / "config.toml"


def load_settings(
    workspace: Path, environ: Mapping[str, str], flags: Mapping[str, object]
) -> Loaded:
    """Return the effective settings.

    Args:
        workspace: Folder that may hold a ``subak.toml``.
        environ: Environment; ``SUBAK_MODEL``, ``SUBAK_MAX_PARALLEL`` ...
        flags: Command line values; None means not given.

    Raises:
        RecipeError: A file has unknown or wrong keys.
        UserError: A file is not TOML.
    """
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    layers = [
        _file_layer(workspace / "subak.toml"),
        _file_layer(user_config_path()),
        _environment_layer(environ),
        (
            {key: value for key, value in flags.items() if value is not None},
            "flag",
        ),
    ]
    for layer, source in layers:
        for key, value in layer.items():
            values[key] = value
            sources[key] = f"SUBAK_{key.upper()}" if source == "environment" else source
    settings = msgspec.convert(values, Settings, strict=False)
    return Loaded(settings, tuple(_origins(settings, sources)))


def _origins(settings: Settings, sources: Mapping[str, str]) -> Iterator[Origin]:
    for field in structs.fields(Settings):
        value = getattr(settings, field.name)
        shown = msgspec.json.encode(value).decode()
        yield Origin(field.name, shown, sources.get(field.name, "built in"))


def _file_layer(path: Path) -> tuple[dict[str, object], str]:
    if not path.is_file():
        return {}, str(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UserError(f"cannot read the config: {error}", where=str(path)) from error
    problems = find_problems(Settings, data)
    if problems:
        raise RecipeError(problems, where=str(path))
    return data, str(path)


def _environment_layer(environ: Mapping[str, str]) -> tuple[dict[str, object], str]:
    layer: dict[str, object] = {}
    for key in ("model", "max_parallel", "contact", "log_style", "semantic"):
        text = environ.get(f"SUBAK_{key.upper()}", "")
        if text:
            layer[key] = text
    if "max_parallel" in layer and not str(layer["max_parallel"]).isdigit():
        problem = Problem("SUBAK_MAX_PARALLEL", "must be a whole number")
        raise RecipeError([problem], where="environment")
    if layer.get("semantic", "true") not in _TRUTHS:
        problem = Problem("SUBAK_SEMANTIC", "must be true or false")
        raise RecipeError([problem], where="environment")
    return layer, "environment"
