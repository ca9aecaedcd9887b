"""Resources: what the stages of a run close over, opened and closed together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from subak.engine.blobs import Blobs
from subak.engine.clock import Clock
from subak.engine.journal import Journal
from subak.engine.offload import Executor, InlineExecutor, ProcessExecutor
from subak.engine.store import Store
from subak.engine.workspace import Workspace
from subak.errors import UserError
from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.listing_memory import ListingMemory
from subak.knowledge.documents.robots_memory import RobotsMemory
from subak.knowledge.search.catalogue import Catalogue
from subak.knowledge.search.index import Index
from subak.knowledge.search.semantic import FUNCTIONS as EMBEDDING
from subak.knowledge.search.semantic import Embedder, is_installed
from subak.llm.client import Model
from subak.llm.open_model import open_model
from subak.llm.tuning_memory import TuningMemory
from subak.recipes.schema import FetchSection, Recipe
from subak.sources.client import FetchClient
from subak.sources.fetch_limits import FetchLimits
from subak.sources.open_ways import open_ways
from subak.sources.polite import Polite
from subak.sources.readers import FUNCTIONS
from subak.sources.user_agent import user_agent
from subak.sources.ways import Ways

PROMPTS = Path(__file__).parent / "prompts"


@dataclass(frozen=True, slots=True)
class Durable:
    """Where a run's results go: opened by whoever holds the workspace."""

    store: Store
    journal: Journal
    clock: Clock


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What flags and settings decide, over the recipe.

    Args:
        model: Model spec.
        max_parallel: Upper bound of calls at once, None for none.
        contact: Mail or URL for the user agent.
        workers: Processes for CPU work; None for one a processor, 0 for none.
        is_semantic: Passages are embedded, where the extra for it is installed.
    """

    model: str
    max_parallel: int | None
    contact: str
    workers: int | None = None
    is_semantic: bool = False


@dataclass(frozen=True, slots=True)
class Resources:
    """Everything a graph needs besides the recipe."""

    workspace: Workspace
    store: Store
    journal: Journal
    clock: Clock
    blobs: Blobs
    archive: Archive
    index: Index
    catalogue: Catalogue
    listings: ListingMemory
    executor: Executor
    polite: Polite
    ways: Ways
    model: Model
    embedder: Embedder | None = None
    reviewer: Model | None = None

    def template(self, name: str) -> str:
        """Return a prompt, see ``read_template``."""
        return read_template(self.workspace, name)

    def title_of(self, document: str) -> str:
        """Return the title of a stored document, "" when there is none."""
        found = self.archive.find(document)
        return "" if found is None else found.title


def read_template(workspace: Workspace, name: str) -> str:
    """Return a prompt: the workspace's own, else the one that ships.

    Raises:
        UserError: The workspace's own cannot be read.
    """
    own = workspace.folder / "prompts" / f"{name}.md"
    path = own if own.is_file() else PROMPTS / f"{name}.md"
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"cannot read the prompt: {error}",
            where=str(path),
            hint="delete it to use the one that ships",
        ) from error


@asynccontextmanager
async def open_resources(
    recipe: Recipe,
    workspace: Workspace,
    surroundings: Surroundings,
    durable: Durable,
) -> AsyncIterator[Resources]:
    """Open what the recipe needs; nothing is sent or started before it is used.

    Raises:
        UserError: The model spec is wrong.
        StorageError: The workspace cannot be used.
    """
    store, journal, clock = durable.store, durable.journal, durable.clock
    async with AsyncExitStack() as stack:
        blobs = Blobs(workspace.blobs)
        stack.push_async_callback(blobs.close)
        archive = Archive(store, blobs, clock)
        await archive.open()
        listings = ListingMemory(store, clock)
        await listings.open()
        index = Index(store)
        executor = _executor(surroundings.workers)
        stack.push_async_callback(executor.close)
        embedder = _embedder(surroundings)
        if embedder is not None:
            stack.push_async_callback(embedder.close)
        client = _fetch_client(recipe.fetch, surroundings, clock)
        stack.push_async_callback(client.close)
        stack.callback(_tell_requests, client, journal)
        robots = RobotsMemory(store, clock)
        await robots.open()
        polite = Polite(client, clock, memory=robots)
        ways = await stack.enter_async_context(
            open_ways(
                polite,
                workspace.folder,
                user_agent(surroundings.contact),
                clock,
                client.limits,
            )
        )
        model = _model(surroundings, durable)
        stack.push_async_callback(model.close)
        yield Resources(
            workspace=workspace,
            store=store,
            journal=journal,
            clock=clock,
            blobs=blobs,
            archive=archive,
            index=index,
            catalogue=Catalogue(store, index),
            listings=listings,
            executor=executor,
            polite=polite,
            ways=ways,
            model=model,
            embedder=embedder,
            reviewer=_reviewer(recipe, surroundings, durable, stack),
        )


def _tell_requests(client: FetchClient, journal: Journal) -> None:
    if client.sent:
        journal.emit("fetch.counted", requests=client.sent)


def _executor(workers: int | None) -> Executor:
    return (
        InlineExecutor(FUNCTIONS)
        if workers == 0
        else ProcessExecutor(FUNCTIONS, workers)
    )


def _embedder(surroundings: Surroundings) -> Embedder | None:
    """Return one with a single worker, so that reading pages never waits for it."""
    if not (surroundings.is_semantic and is_installed()):
        return None
    if surroundings.workers == 0:
        return Embedder(InlineExecutor(EMBEDDING))
    return Embedder(ProcessExecutor(EMBEDDING, 1))


def _fetch_client(
    fetch: FetchSection, surroundings: Surroundings, clock: Clock
) -> FetchClient:
    limits = FetchLimits(total_s=fetch.timeout_s, max_bytes=fetch.max_bytes)
    return FetchClient(user_agent(surroundings.contact), clock, limits)


def _model(surroundings: Surroundings, durable: Durable) -> Model:
    return open_model(
        surroundings.model,
        journal=durable.journal,
        clock=durable.clock,
        cap=surroundings.max_parallel,
        memory=TuningMemory(),
    )


def _reviewer(
    recipe: Recipe, surroundings: Surroundings, durable: Durable, stack: AsyncExitStack
) -> Model | None:
    if not recipe.review.model:
        return None
    model = _model(replace(surroundings, model=recipe.review.model), durable)
    stack.push_async_callback(model.close)
    return model
