"""`subak doctor`."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from subak.cli.checkup import Checkup, check_all
from subak.cli.doctor import doctor, doctor_lines
from subak.cli.machine_checks import open_files_check
from subak.cli.style import Style
from subak.llm.curve import Curve, Level
from subak.llm.detect import Found
from subak.llm.model import EndpointInfo
from subak.llm.tune import Tuning

NOW = 4_000_000_000.0
URL = "http://127.0.0.1:11434"


def _ollama(*models: str, slots: int | None = None) -> Found:
    info = EndpointInfo(URL, "", models, slots=slots, server="Ollama 0.9")
    return Found("ollama", info, tuple(f"ollama:{name}@{URL}" for name in models))


def _measured(*speeds: float, slots: int | None) -> Tuning:
    levels = tuple(Level(2**n, speed, 0.4, 4.0, 9) for n, speed in enumerate(speeds))
    return Tuning(EndpointInfo(URL, "m", slots=slots), Curve(levels), 0.5, "flat")


def _lines(checkup: Checkup) -> str:
    return "\n".join(doctor_lines(checkup, Style(is_on=False)))


def test_doctor_tells_servers_and_what_to_type(tmp_path: Path) -> None:
    """A server that answers is named with the spec to use it by."""
    found = check_all(tmp_path, [_ollama("qwen2.5:7b", slots=4)], NOW)
    shown = _lines(found)
    assert f"Ollama 0.9 at {URL}, 4 requests at once: ollama:qwen2.5:7b@" in shown
    assert shown.endswith(f"use   subak run RECIPE --model ollama:qwen2.5:7b@{URL}")


def test_doctor_says_what_to_change(tmp_path: Path) -> None:
    """One slot is named with the setting for more; no model with how to get one."""
    one = _lines(check_all(tmp_path, [_ollama("m", slots=1)], NOW))
    assert "OLLAMA_NUM_PARALLEL" in one
    assert "ollama pull" in _lines(check_all(tmp_path, [_ollama()], NOW))


def test_doctor_names_the_model_and_its_licence(tmp_path: Path) -> None:
    """Whose weights, under which licence, whether they are here or not."""
    shown = _lines(check_all(tmp_path, [], NOW))
    assert "Qwen2.5-Coder Instruct by the Qwen team (Apache-2.0), 1.12 GB" in shown
    assert "llama.cpp (MIT) by way of xllamacpp" in shown


def test_doctor_notices_a_clock_that_is_behind(tmp_path: Path) -> None:
    """A clock before the installation is told with its consequence."""
    checks = {check.name: check for check in check_all(tmp_path, [], 1000.0).checks}
    assert checks["clock"].verdict == "look"
    assert "set the clock" in checks["clock"].hint


def test_doctor_json_holds_the_same(tmp_path: Path) -> None:
    """Programs get the machine, every check and every spec."""
    found = check_all(tmp_path / "new", [_ollama("m")], NOW).to_json()
    assert found["version"] == 1
    machine, specs = found["machine"], found["models"]
    assert isinstance(machine, dict)
    assert machine["cores"] >= 1
    assert isinstance(specs, list)
    assert specs[0] == f"ollama:m@{URL}"


def test_doctor_tells_context_and_how_to_learn_slots(tmp_path: Path) -> None:
    """What a server does not publish is named with the command that finds it."""
    info = EndpointInfo(URL, "", ("m",), context_tokens=8192, server="Ollama 0.9")
    shown = _lines(check_all(tmp_path, [Found("ollama", info, ("ollama:m",))], NOW))
    assert f"Ollama 0.9 at {URL}, 8,192 tokens of context: ollama:m" in shown
    assert "next: its speed and slots: subak tune ollama:m" in shown


def test_doctor_tells_the_speed_that_was_measured(tmp_path: Path) -> None:
    """Alone, at its best, and the cure where one slot is all there is."""
    spec = f"ollama:m@{URL}"
    four = {spec: _measured(10.0, 19.0, 36.0, 36.5, slots=4)}
    found = check_all(tmp_path, [_ollama("m")], NOW, tunings=four)
    shown = _lines(found)
    assert f"{spec}: 10.0 tokens/s alone, 36.0 with 4 at once" in shown
    assert "first token after 400 ms, 4 slots" in shown
    assert "subak tune" not in shown
    assert found.to_json()["speeds"] == [
        {
            "model": spec,
            "slots": 4,
            "knee": 4,
            "levels": [
                {"parallel": 1, "tokens_per_s": 10.0},
                {"parallel": 2, "tokens_per_s": 19.0},
                {"parallel": 4, "tokens_per_s": 36.0},
                {"parallel": 8, "tokens_per_s": 36.5},
            ],
        }
    ]
    one = {spec: _measured(10.0, 10.1, 10.2, slots=1)}
    checks = check_all(tmp_path, [_ollama("m")], NOW, tunings=one).checks
    speed = next(check for check in checks if check.name == "speed")
    assert speed.verdict == "look"
    assert "no more with several at once" in speed.words


def test_doctor_warns_of_few_open_files() -> None:
    """A thousand calls need a thousand connections; what to type is said."""
    few = open_files_check(256)
    assert (few.verdict, few.hint.split()[0]) == ("look", "ulimit")
    assert "192 calls in flight" in few.words
    assert open_files_check(8192).verdict == "ok"
    assert open_files_check(None).verdict == "ok"


def test_doctor_warns_of_a_busy_machine(tmp_path: Path) -> None:
    """A loop that wakes late measures too low."""
    slow = check_all(tmp_path, [], NOW, late_s=0.05).checks
    quick = check_all(tmp_path, [], NOW, late_s=0.0001).checks
    assert [check.verdict for check in slow if check.name == "timers"] == ["look"]
    assert [check.verdict for check in quick if check.name == "timers"] == ["ok"]


def test_doctor_command_prints_one_object(tmp_path: Path) -> None:
    """The command itself, as programs call it."""
    words = ["--dir", str(tmp_path), "--json"]
    result = CliRunner().invoke(doctor, words, catch_exceptions=False)
    found = json.loads(result.stdout)
    names = {check["name"] for check in found["checks"]}
    assert {"subak", "disk", "clock", "open files", "timers"} <= names
    assert found["speeds"] == []
