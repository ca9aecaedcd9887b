"""caring: a run's machine is felt, told of and spared, with virtual sensors."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from subak.api import report
from subak.engine.journal import Journal
from subak.engine.limiter import LimiterStatistics
from subak.engine.sensors import Reading
from subak.engine.store import Store, open_reader
from subak.engine.workspace import Workspace
from subak.errors import RecipeError, UserError
from subak.llm.client import ModelStatistics
from subak.llm.machine_sensors import MachineSensors
from subak.llm.model import ModelId
from subak.recipes.caring import care_options, caring
from subak.recipes.load import parse_recipe
from subak.testing.clock import VirtualClock
from subak.views.machine_care import MachineCare, read_machine_care
from tests.recipes.test_load import GOOD

GIB = 1024**3


@dataclass
class _Heats:
    """Sensors that feel one heat after the other, then the last one for ever."""

    heats: list[float]

    def read(self) -> Reading:
        """Take the next."""
        heat = self.heats.pop(0) if len(self.heats) > 1 else self.heats[0]
        return Reading(0.25, 8 * GIB, 4 * GIB, heat)


@dataclass
class _Bounded:
    """What a Model is to whoever spares the machine."""

    limit: int = 8
    asked: list[int | None] = field(default_factory=list)

    def statistics(self) -> ModelStatistics:
        """Return one server that obeys."""
        most = self.asked[-1] if self.asked else None
        limit = self.limit if most is None else min(self.limit, most)
        return ModelStatistics(
            ModelId("fake"), (LimiterStatistics("fake", limit, 0, 0, 0),)
        )

    def ease(self, most: int | None) -> None:
        """Note it."""
        self.asked.append(most)


def _live(
    folder: Path, section: str, heats: list[float], seconds: float
) -> MachineCare:
    """Spend virtual time with these sensors; return what the journal says of it."""
    recipe = parse_recipe(GOOD + section)
    model = _Bounded()

    async def scenario() -> str:
        clock = VirtualClock()
        store = Store.open(Workspace(folder).journal)
        journal = Journal(store, clock)
        run = await journal.begin_run("small", "d", "{}")
        with caring(recipe, model, journal, clock, _Heats(heats)):
            await clock.sleep(seconds)
        await store.close()
        return run.id

    run = asyncio.run(scenario())
    database = open_reader(Workspace(folder).journal)
    try:
        care = read_machine_care(database, run)
    finally:
        database.close()
    assert [one.most for one in care.easings] == model.asked
    return care


def test_hot_machine_gets_fewer_calls_and_the_journal_says_why(tmp_path: Path) -> None:
    """Half as many at once, told in words; back when it has been cool for a minute."""
    section = "[machine]\nmax_temperature_c = 85\n"
    care = _live(tmp_path, section, [70.0, 91.0, 91.0, 70.0], 120)
    assert [one.words for one in care.easings] == [
        "8 -> 4: 91 °C, above 85",
        "4 -> 8: 70 °C, 80 or less",
    ]


def test_samples_are_few(tmp_path: Path) -> None:
    """A row a minute, with the most that was felt in it."""
    care = _live(tmp_path, "", [50.0, 60.0, 55.0], 600)
    assert 9 <= len(care.samples) <= 11
    assert care.samples[0].temperature_c == 60.0
    assert care.words.startswith("processors 25% busy, at least ")


def test_short_run_keeps_no_sample(tmp_path: Path) -> None:
    """Of a few seconds there is nothing to tell."""
    assert _live(tmp_path, "", [50.0], 4).samples == ()


def test_quiet_hours_are_meant_in_the_zone_of_the_schedule() -> None:
    """The section's zone, else that of the schedule."""
    text = '[machine]\nquiet_hours = "22:00-06:00"\n[schedule]\nat = "06:00"\n'
    options = care_options(parse_recipe(GOOD + text + 'timezone = "Asia/Makassar"\n'))
    assert options.quiet is not None
    night = datetime(2026, 11, 22, 23, 0, tzinfo=ZoneInfo("Asia/Makassar"))
    assert options.quiet.is_quiet(night.timestamp())


def test_mistakes_in_the_section_are_told() -> None:
    """Hours that are none with their place; a zone that is none before the run."""
    with pytest.raises(RecipeError) as caught:
        parse_recipe(GOOD + '[machine]\nquiet_hours = "late"\n')
    assert caught.value.problems[0].path == "machine.quiet_hours"
    zone = '[machine]\nquiet_hours = "22:00-06:00"\ntimezone = "Asia/Nowhere"\n'
    with pytest.raises(UserError, match="no time zone"):
        care_options(parse_recipe(GOOD + zone))


def test_own_sensors_feel_something() -> None:
    """This machine has memory; its heat may not be shown."""
    reading = MachineSensors().read()
    assert 0 < reading.memory_free_bytes <= reading.memory_bytes
    assert 0 <= reading.cpu <= 1


def test_report_tells_how_the_machine_fared(tmp_path: Path) -> None:
    """Use, memory and heat of the run, and each change with its reason."""
    section = "[machine]\nmax_temperature_c = 85\n"
    _live(tmp_path, section, [91.0], 100)
    html = report(tmp_path).read_text(encoding="utf-8")
    assert "processors 25% busy" in html
    assert "8 -&gt; 4: 91 °C, above 85" in html
