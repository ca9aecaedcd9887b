"""The JSON API: what it answers is what its OpenAPI file says, for real runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

import fastjsonschema
import pytest

from subak import api
from subak.web import answers
from subak.web.answers import ANSWERS
from tests.job.serving import served, write_job
from tests.views.sample import write_synthetic_run
from tests.web.asking import Answer, open_dashboard

_FILE = Path(answers.__file__).parent / "openapi.json"
_DESCRIBED = json.loads(_FILE.read_text(encoding="utf-8"))
Validator = Callable[[object], object]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two runs of a small recipe: a page is missing, then a value changes."""
    path = tmp_path_factory.mktemp("api") / "job"
    with served() as (site, _):
        recipe = write_job(path, site, "echo")
        del site.pages["/kenya"]
        api.run(api.RunRequest(str(recipe), workers=0))
        page = str(site.pages["/italy"])
        site.pages["/italy"] = page.replace("tax is 22 percent", "tax is 21 percent")
        api.run(api.RunRequest(str(recipe), workers=0))
        yield path


def _ask(folder: Path, *paths: str) -> list[Answer]:
    async def asking() -> list[Answer]:
        async with open_dashboard(folder, ()) as visitor:
            return [await visitor.get(f"/api/v1/{path}") for path in paths]

    return asyncio.run(asking())


def _validator(name: str) -> Validator:
    """Return what checks an answer of that path against the file."""
    reference = _DESCRIBED["paths"][f"/{name}"]["get"]["responses"]["200"]["$ref"]
    response = _DESCRIBED["components"]["responses"][reference.rpartition("/")[2]]
    schema = response["content"]["application/json"]["schema"]
    checked: Validator = fastjsonschema.compile(
        {"allOf": [schema], "components": _DESCRIBED["components"]}
    )
    return checked


def _rows(answer: Answer) -> list[dict[str, object]]:
    rows = answer.json()["rows"]
    assert isinstance(rows, list)
    return rows


def _asked(folder: Path) -> Mapping[str, list[dict[str, object]]]:
    """Return good parameters for every path, made of what others answer."""
    runs, documents, calls, failures = map(
        _rows, _ask(folder, "runs", "documents", "calls?run=", "failures")
    )
    (articles,) = _ask(folder, "articles")
    listed = articles.json()["articles"]
    assert isinstance(listed, list)
    newest, first = (run["run"] for run in runs)
    (calls_answer,) = _ask(folder, f"calls?run={first}")
    calls = _rows(calls_answer)
    place = {"stage": failures[0]["stage"], "item": failures[0]["item"]}
    made = {"run": first, "stage": calls[0]["stage"], "item": calls[0]["item"]}
    return {
        "workspaces": [{}],
        "status": [{}, {"run": first}],
        "runs": [{}, {"page": 2, "size": 1}],
        "run": [{}],
        "compare": [{"earlier": first, "later": newest}],
        "tasks": [{}, {"stage": "facts", "state": "done"}, {"text": "ITALY"}],
        "failures": [{}],
        "calls": [{"run": first}, {"run": first, "order": "slowest"}],
        "trace": [place, made, {"call": calls[0]["key"]}],
        "documents": [{}, {"text": "germany"}],
        "document": [{"id": one["document"]} for one in documents if one["document"]],
        "facts": [{}, {"category": "tax", "size": 2}],
        "changes": [{}],
        "refused": [{}, {"run": first}],
        "articles": [{}],
        "article": [{"slug": one["slug"]} for one in listed],
        "search": [{"q": "value added tax"}, {"q": "nothing of that kind"}],
    }


def test_every_answer_is_as_described(folder: Path) -> None:
    """For each path of the file: real answers pass its schema, and there are rows."""
    asked = _asked(folder)
    assert {f"/{name}" for name in asked} == set(_DESCRIBED["paths"])
    for name, queries in asked.items():
        assert queries, name
        check = _validator(name)
        answers_ = _ask(folder, *(f"{name}?{urlencode(query)}" for query in queries))
        for query, answer in zip(queries, answers_, strict=True):
            assert answer.status == 200, (name, query, answer.text)
            assert answer.headers["content-type"] == "application/json"
            check(answer.json())


def test_every_answer_has_its_path_in_the_file() -> None:
    """Nothing is served that is not described."""
    described = {path.lstrip("/") for path in _DESCRIBED["paths"]}
    assert described == {"workspaces", *ANSWERS}
    assert _DESCRIBED["openapi"].startswith("3.1")
    for path in _DESCRIBED["paths"].values():
        assert path["get"]["summary"].endswith(".")


def test_answers_say_what_happened(folder: Path) -> None:
    """The second run: one value changed, one page is missing, and both are told."""
    changes, failures, found = _ask(
        folder, "changes", "failures", "search?q=value+added+tax+Germany&limit=1"
    )
    changed = {(row["entity"], row["field"], row["was"]) for row in _rows(changes)}
    assert ("Italy", "vat", 22) in changed
    (failed,) = _rows(failures)
    assert failed["item"] == "Kenya"
    assert failed["hint"]
    hits = found.json()["hits"]
    assert isinstance(hits, list)
    (hit,) = hits
    assert "19 percent" in hit["text"]


def test_pages_of_a_long_list_make_up_the_whole(folder: Path) -> None:
    """No task is missed between two pages, none told twice."""
    (whole,) = _ask(folder, "tasks?size=500")
    pages = _ask(folder, *(f"tasks?size=5&page={n}" for n in range(1, 30)))
    told = [(row["stage"], row["item"]) for page in pages for row in _rows(page)]
    assert sorted(told) == sorted((r["stage"], r["item"]) for r in _rows(whole))
    assert len(told) == whole.json()["total"]


def test_file_is_served(folder: Path) -> None:
    """Programs find the description beside what it describes."""
    (answer,) = _ask(folder, "openapi.json")
    assert answer.json() == _DESCRIBED


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nonsense", "openapi.json"),
        ("run?run=nope", "subak status"),
        ("document", "?id="),
        ("document?id=nope", ""),
        ("trace?call=zz", ""),
        ("calls?order=up", "slowest"),
        ("status?workspace=nope", ""),
        ("article?slug=nope", ""),
    ],
)
def test_error_is_an_object_with_a_way_out(folder: Path, path: str, said: str) -> None:
    """404, what, where and what to do, in the described form."""
    (answer,) = _ask(folder, path)
    told = answer.json()
    assert answer.status == 404
    assert set(told) == {"version", "error", "where", "hint"}
    assert told["hint"]
    assert said in str(told["hint"])


def test_workspace_is_named_where_there_are_several(tmp_path: Path) -> None:
    """Nothing is guessed; the error says which there are."""
    for name in ("intel", "tax"):
        write_synthetic_run(tmp_path / name, items=5)
    vague, clear, listed = _ask(
        tmp_path, "runs", f"runs?workspace={quote('tax')}", "workspaces"
    )
    assert vague.status == 404
    assert "workspace=" in str(vague.json()["hint"])
    assert clear.status == 200
    rows = listed.json()["workspaces"]
    assert isinstance(rows, list)
    assert [row["name"] for row in rows] == ["intel", "tax"]
