"""The house rules that a machine can check."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
SOURCE = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
BENCH = sorted((ROOT / "bench").rglob("*.py"))
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "handler"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCE + TESTS + BENCH, ids=_name)
def test_file_size_stays_readable(path: Path) -> None:
    """No file is longer than a person reads in one sitting."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_FILE_LINES


@pytest.mark.parametrize("path", SOURCE + BENCH, ids=_name)
def test_function_size_stays_readable(path: Path) -> None:
    """No function is longer than a screen."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        f"{node.name}: {(node.end_lineno or node.lineno) - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert long == []


@pytest.mark.parametrize("path", SOURCE, ids=_name)
def test_module_says_what_it_owns(path: Path) -> None:
    """Every module opens with a docstring, and no name is a drawer for leftovers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert path.stem not in FORBIDDEN_NAMES


def test_broad_except_stands_once() -> None:
    """Only the runner's task boundary turns any exception into a value."""
    found = [
        _name(path)
        for path in SOURCE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type)
    ]
    assert found == ["src/subak/engine/boundary.py"]


def _is_broad(caught: ast.expr | None) -> bool:
    """Tell whether an except clause catches everything: bare, by name, in a tuple."""
    if caught is None:
        return True
    names = {node.id for node in ast.walk(caught) if isinstance(node, ast.Name)}
    return bool(names & {"Exception", "BaseException"})


def test_import_is_light() -> None:
    """`import subak` loads neither the web nor the model stack."""
    code = (
        "import sys, subak; "
        "heavy = {'aiohttp', 'trafilatura', 'lxml', 'rich', 'jinja2', 'apsw'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


def test_import_of_a_run_is_light() -> None:
    """What a run of documents alone doesn't need isn't there before it is used."""
    code = (
        "import sys, subak.api; "
        "heavy = {'numpy', 'jinja2', 'babel', 'psutil', 'smtplib', 'trafilatura',"
        " 'subak.answering.face', 'subak.evaluation.face', 'subak.views.report',"
        " 'subak.recipes.exporting', 'subak.recipes.result_stages'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


def test_public_names_load() -> None:
    """Everything that is promised is there."""
    import subak
    from subak import testing

    for module in (subak, testing):
        assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_core_stays_small_to_install() -> None:
    """The core needs at most fifty distributions, extras apart."""
    wanted, seen = ["subak"], set[str]()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        needed = map(Requirement, metadata.requires(name) or [])
        wanted += [
            each.name.lower().replace("_", "-")
            for each in needed
            if each.marker is None or each.marker.evaluate({"extra": ""})
        ]
    assert len(seen) - 1 <= 50, sorted(seen)
