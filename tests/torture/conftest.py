"""The table of figures that `make torture` ends with."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    counted = config.stash.get(FIGURES, {})
    if config.getoption("markexpr") != "torture" or not counted:
        return
    terminalreporter.section("figures")
    for name, value in counted.items():
        terminalreporter.write_line(f"{name:<72} {value}")
