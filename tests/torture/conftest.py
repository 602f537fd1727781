"""A run that nothing disturbs, and the table of figures that `make torture` ends with."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from torture.child_runs import Undisturbed, run_undisturbed
from torture.slack_picture import slack_picture
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.server import running
from trialhouse.slack_stand_in import serving_slack

Figures = dict[str, Any]
FIGURES = pytest.StashKey[Figures]()


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> Figures:
    """What was counted, by its name; the last of two that write the same name stays."""
    return pytestconfig.stash.setdefault(FIGURES, {})


@pytest.fixture(autouse=True)
def _timed(request: pytest.FixtureRequest, figures: Figures) -> Iterator[None]:
    started = time.monotonic()
    yield
    figures[f"seconds, {request.node.name}"] = round(time.monotonic() - started)


@pytest.fixture(scope="session")
def undisturbed(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Undisturbed]:
    """Two days built, published, told; three in torture. With this seed a trial vanishes, another is new."""
    registry = GeneratedRegistry(seed=1670, size=60, days=3 if _is_torture(pytestconfig) else 2)
    folder = tmp_path_factory.mktemp("undisturbed")
    with running(registry) as address, serving_slack(folder / "slack") as (slack_address, slack):
        done = run_undisturbed(address, registry.days(), folder, "alert", slack_address=slack_address)
        yield replace(done, told=slack_picture(slack))


def _is_torture(config: pytest.Config) -> bool:
    return bool(config.getoption("markexpr") == "torture")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    counted = config.stash.get(FIGURES, {})
    if not _is_torture(config) or not counted:
        return
    terminalreporter.section("figures")
    for name, value in counted.items():
        terminalreporter.write_line(f"{name:<72} {value}")
