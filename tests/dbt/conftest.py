"""One build of a small generated registry, for every test of the dbt project."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders import home_of
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.settings import Settings
from trialhouse.sync import sync_day
from trialhouse.warehouse import build_marts, write_manifest


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    source = GeneratedRegistry(size=60, days=3)
    with home_of(source, tmp_path_factory.mktemp("dbt")) as settings:
        for day in source.days():
            sync_day(settings, day)
        build_marts(settings, source.days()[-1])
        yield settings


@pytest.fixture(scope="session")
def manifest(built_home: Settings) -> dict[str, Any]:
    """dbt's own picture of the project."""
    read: dict[str, Any] = json.loads(Path(write_manifest(built_home)).read_text())
    return read
