"""Settings: the order of their sources, and where each value came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.errors import RecipeError
from subak.llm.pool_spec import parse_pool
from subak.recipes.settings import load_settings


def test_settings_later_source_wins_and_is_named(tmp_path: Path) -> None:
    """A flag beats the environment, which beats the workspace's file."""
    (tmp_path / "subak.toml").write_text('model = "echo"\ncontact = "me@example.org"\n')
    environ = {"SUBAK_MODEL": "ollama:qwen", "SUBAK_MAX_PARALLEL": "3"}
    loaded = load_settings(tmp_path, environ, {"model": None, "max_parallel": 2})
    assert loaded.settings.model == "ollama:qwen"
    assert loaded.settings.max_parallel == 2
    assert loaded.origin_of("model") == "SUBAK_MODEL"
    assert loaded.origin_of("max_parallel") == "flag"
    assert loaded.origin_of("contact") == str(tmp_path / "subak.toml")
    assert loaded.origin_of("log_style") == "built in"


def test_settings_unknown_key_is_refused(tmp_path: Path) -> None:
    """A typo in subak.toml is told with the key that was meant."""
    (tmp_path / "subak.toml").write_text('modl = "echo"\n')
    with pytest.raises(RecipeError, match="did you mean 'model'"):
        load_settings(tmp_path, {}, {})


def test_settings_bad_number_in_the_environment_is_refused(tmp_path: Path) -> None:
    """The variable at fault is named."""
    with pytest.raises(RecipeError, match="SUBAK_MAX_PARALLEL"):
        load_settings(tmp_path, {"SUBAK_MAX_PARALLEL": "many"}, {})


def test_settings_name_several_servers_as_one_model(tmp_path: Path) -> None:
    """What a name stands for is read as a pool when it is used."""
    (tmp_path / "subak.toml").write_text(
        '[models]\nfarm = "ollama:a + ollama:a@gpu:11434 | echo"\n', encoding="utf-8"
    )
    settings = load_settings(tmp_path, {}, {}).settings
    pool = parse_pool(settings.models["farm"])
    assert [len(tier) for tier in pool.tiers] == [2, 1]
