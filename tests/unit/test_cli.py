"""The command line: help one can work from, plain errors, exit codes."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from builders import MONDAY, TUESDAY, MadeUpRegistry, a_study, home_of
from trialhouse.cli import app
from trialhouse.data_dictionary import DICTIONARY_FILE, data_dictionary
from trialhouse.errors import SettingsInvalid, TrialhouseError
from trialhouse.status import missing_weekdays

RUN = CliRunner()
COMMANDS = [
    *("sync", "build", "publish", "alert", "status", "describe", "sql", "run", "up", "registry"),
    *("record-type", "data-dictionary", "dbt-docs", "dashboards"),
]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")


def test_help_names_every_command() -> None:
    answer = RUN.invoke(app, ["--help"])
    assert answer.exit_code == 0
    for command in COMMANDS:
        assert f" {command} " in answer.output


@pytest.mark.parametrize("command", [*COMMANDS, "registry serve"])
def test_every_command_explains_itself(command: str) -> None:
    answer = RUN.invoke(app, [*command.split(), "--help"])
    assert answer.exit_code == 0
    assert "Usage" in answer.output


def test_every_error_has_its_own_exit_code() -> None:
    errors = TrialhouseError.__subclasses__()
    assert len({error.exit_code for error in errors}) == len(errors) >= 9
    assert all(error.exit_code > 1 for error in errors)


@pytest.mark.parametrize("command", [["build"], ["alert"], ["sql", "select 1"], ["dashboards"]])
def test_an_empty_home_gets_a_plain_answer(command: list[str]) -> None:
    answer = RUN.invoke(app, command)
    assert answer.exit_code == SettingsInvalid.exit_code
    assert "nothing" in answer.output
    assert "Traceback" not in answer.output


def test_status_of_an_empty_home_says_so() -> None:
    assert "nothing yet" in RUN.invoke(app, ["status"]).output


@pytest.mark.parametrize(
    ("variable", "value"),
    [("TRIALHOUSE_SYNC_MODE", "half"), ("TRIALHOUSE_SECONDS_BETWEEN_REQUESTS", "soon")],
)
def test_a_setting_that_makes_no_sense_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    answer = RUN.invoke(app, ["status"])
    assert answer.exit_code == SettingsInvalid.exit_code
    assert variable in answer.output


def test_sync_lands_a_day_and_then_has_nothing_new(tmp_path: Path) -> None:
    registry = MadeUpRegistry({MONDAY: [a_study()], TUESDAY: [a_study(), a_study("NCT90000002")]})
    with home_of(registry, tmp_path):
        for expected in ("landed 2026-01-05: 1 records, 1 new", "nothing new for 2026-01-05"):
            answer = RUN.invoke(app, ["sync", "--date", "2026-01-05"])
            assert answer.exit_code == 0, answer.output
            assert expected in answer.output
        assert RUN.invoke(app, ["sync"]).exit_code == SettingsInvalid.exit_code
        late = RUN.invoke(app, ["build", "--date", "2026-01-06"])
        assert "2026-01-06 has not landed" in late.output


def test_missing_weekdays_skip_weekends() -> None:
    landed = [date(2026, 1, 2), date(2026, 1, 5), date(2026, 1, 8)]
    assert missing_weekdays(landed) == [date(2026, 1, 6), date(2026, 1, 7)]


def test_the_committed_data_dictionary_is_what_the_project_says() -> None:
    assert DICTIONARY_FILE.read_text(encoding="utf-8") == data_dictionary(), "run `make docs`"
