"""`subak doctor`."""

from __future__ import annotations

from pathlib import Path

from subak.cli.checkup import Checkup, check_all
from subak.cli.doctor import doctor_lines
from subak.cli.style import Style
from subak.llm.detect import Found
from subak.llm.model import EndpointInfo

NOW = 4_000_000_000.0
URL = "http://127.0.0.1:11434"


def _ollama(*models: str, slots: int | None = None) -> Found:
    info = EndpointInfo(URL, "", models, slots=slots, server="Ollama 0.9")
    return Found("ollama", info, tuple(f"ollama:{name}@{URL}" for name in models))


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
    assert "OLLAMA_NUM_PARALLEL=4" in _lines(
        check_all(tmp_path, [_ollama("m", slots=1)], NOW)
    )
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
