"""Tasks and calls: the list, one task, one call with prompt and answer."""

from __future__ import annotations

from tests.web.pages.looking import Looker
from tests.web.pages.two_mornings import EVIL


def test_tasks_are_filtered_and_failures_explained(
    looker: Looker, runs: list[str]
) -> None:
    """What failed stands with its reason and a way out; nothing else is shown."""
    look = looker.look("tasks", run=runs[1], state="failed")
    assert "1 task" in look.text
    assert "Nowhere" in look.text
    assert "Gone" in look.text
    one = looker.look("tasks", run=runs[1], stage="facts", q="germ")
    assert "1 task" in one.text


def test_tasks_of_the_newest_run_are_the_default(
    looker: Looker, runs: list[str]
) -> None:
    """Without a run the newest one's tasks are listed."""
    assert f"Of run {runs[1]}" in looker.look("tasks").text


def test_task_that_failed_tells_what_happened(looker: Looker, runs: list[str]) -> None:
    """A failure's page has the error, its place, and a button to run it again."""
    look = looker.look("task", run=runs[1], stage="fetch", item="Nowhere")
    assert "What went wrong" in look.text
    assert "What to do" in look.text
    assert 'name="item" value="Nowhere"' in look.html
    assert "form_token" in look.html


def test_task_shows_its_calls_and_what_it_made(looker: Looker, runs: list[str]) -> None:
    """A task's page leads to its call and shows the values it found."""
    look = looker.look("task", run=runs[0], stage="facts", item="Germany")
    assert list(look.links("call"))
    assert '"quote"' in look.text
    cached = looker.look("task", run=runs[1], stage="facts", item="Germany")
    assert "Its result was in the journal" in cached.text


def test_task_tells_why_when_asked(looker: Looker, runs: list[str]) -> None:
    """The comparison with the run before is made on demand only."""
    place = {"run": runs[1], "stage": "facts", "item": "Kenya"}
    assert "as subak why does" in looker.look("task", **place).text
    assert "changed" in looker.look("task", **place, why="1").text


def test_task_of_a_hostile_name_is_found(looker: Looker, runs: list[str]) -> None:
    """An item called like markup has a page of its own."""
    look = looker.look("task", run=runs[0], stage="facts", item=EVIL)
    assert EVIL in look.text


def test_call_shows_the_whole_prompt_and_answer(
    looker: Looker, runs: list[str]
) -> None:
    """A call's page has every message, the answer, timings and the tuner's state."""
    task = looker.look("task", run=runs[0], stage="facts", item="Germany")
    look = looker.follow(next(iter(task.links("call"))))
    for word in ("system", "user", "standard rate of value added tax is 19 percent"):
        assert word in look.text
    assert "Allowed at once" in look.text
    assert "answered once" in look.text


def test_call_is_found_by_the_beginning_of_its_key(
    looker: Looker, runs: list[str]
) -> None:
    """The short trace id of the log is enough."""
    task = looker.look("task", run=runs[0], stage="facts", item="Germany")
    key = next(iter(task.links("call"))).rpartition("/")[2]
    assert (
        looker.look("call", call=key[:12]).shown == looker.look("call", call=key).shown
    )
