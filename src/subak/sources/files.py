"""FilesSource: texts, pages and PDFs that lie on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Container, Iterator
from dataclasses import replace

from subak.errors import Problem, RecipeError, UnusableContent
from subak.sources.disk import SCHEME, Disk, FoundFile
from subak.sources.reach import Reach
from subak.sources.source import Target
from subak.sources.spec import SourceSpec


class FilesSource:
    """Lists the files a recipe's globs mean."""

    def __init__(self, spec: SourceSpec, reach: Reach) -> None:
        self._spec = spec
        self._reach = reach

    async def targets(self) -> AsyncIterator[Target]:
        """Yield the files glob by glob, sorted, each once; then those now gone.

        Raises:
            RecipeError: No glob.
            Refused: A glob leads out of the workspace.
            UnusableContent: No file is there.
        """
        spec = self._spec
        where = spec.key_path or spec.name
        if not spec.paths:
            hint = 'add paths = ["texts/**/*.md"]'
            raise RecipeError([Problem(f"{where}.paths", "is missing", hint)])
        entity = "".join(spec.entities[:1])
        found = dict(self._found())
        if not found:
            raise UnusableContent(
                f"no file is there: {', '.join(spec.paths)}",
                where=where,
                hint="txt, md, html and pdf files are read; see where the paths lead",
            )
        taken = list(found.values())[: spec.limit]
        for file in (*taken, *self._gone(where, found)):
            target = spec.to_target(file.url, entity)
            yield replace(target, way="file", hint=file.state)

    def _found(self) -> Iterator[tuple[str, FoundFile]]:
        disk = Disk(self._reach.folder)
        for glob in self._spec.paths:
            for file in disk.find(glob):
                if self._spec.selects(file.url):
                    yield file.url, file

    def _gone(self, source: str, found: Container[str]) -> Iterator[FoundFile]:
        known = self._reach.known
        for url in known.of(source) if known is not None else ():
            if url.startswith(SCHEME) and url not in found:
                yield FoundFile(url, "")
