"""A person lets a held day go on: for what the rule saw, with a reason, and for nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from builders import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    MadeUpRegistry,
    a_study,
    build_and_publish,
    home_of,
    rows_of,
)
from trialhouse import gates
from trialhouse.cli import app
from trialhouse.errors import BuildFailed, GateFailed, SettingsInvalid
from trialhouse.judging import stored_verdicts
from trialhouse.raw_verdicts import held_days
from trialhouse.releases import releases_of
from trialhouse.settings import Settings
from trialhouse.sync import sync_day
from trialhouse.warehouse import build_marts

FEW_VANISHED = "raw_ctgov__snapshots.few_vanished"
STAYING = [a_study(f"NCT9000000{number}") for number in range(3)]
LEAVING = [a_study(f"NCT900001{number:02}") for number in range(24)]


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Settings]:
    """Monday is published; on Tuesday 24 trials are gone, on Wednesday too."""
    registry = MadeUpRegistry({MONDAY: [*STAYING, *LEAVING], TUESDAY: STAYING, WEDNESDAY: STAYING})
    with home_of(registry, tmp_path) as settings:
        sync_day(settings, MONDAY)
        gates.check_raw(settings, MONDAY)
        for day in (TUESDAY, WEDNESDAY):
            sync_day(settings, day)
            with pytest.raises(GateFailed, match=f"trialhouse gate release {day} --rule {FEW_VANISHED}"):
                gates.check_raw(settings, day)
        yield settings


def trialhouse(settings: Settings, *arguments: str) -> str:
    environment = {"TRIALHOUSE_HOME": str(settings.home)}
    answer = CliRunner().invoke(app, ["gate", *arguments], env=environment)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_a_released_day_and_those_held_for_the_same_loss_are_published(held: Settings) -> None:
    assert held_days(held) == {TUESDAY, WEDNESDAY}
    assert "24" in trialhouse(held, "explain", str(TUESDAY))
    said = ("--rule", FEW_VANISHED, "--reason", "A sponsor withdrew <all> of its records", "--by", "Ada")
    answer = trialhouse(held, "release", str(TUESDAY), *said)
    assert f"{TUESDAY} goes on" in answer
    assert f"{WEDNESDAY} goes on" in answer
    assert held_days(held) == set()
    build_and_publish(held, WEDNESDAY)
    vanished = rows_of(
        held,
        "select snapshot_date, count(*) from marts.fct_trial_events where event_type = 'VANISHED' group by 1",
    )
    assert vanished == [(TUESDAY, 24)]
    assert rows_of(
        held, "select snapshot_date, release_number, rule, reason, person from marts.fct_gate_releases"
    ) == [(TUESDAY, 1, FEW_VANISHED, "A sponsor withdrew <all> of its records", "Ada")]
    explained = trialhouse(held, "explain", str(TUESDAY))
    assert f"no rule that {TUESDAY} broke holds it" in explained
    assert f"released: {FEW_VANISHED} by Ada on " in explained


def test_a_day_does_not_release_itself(held: Settings) -> None:
    for _ in range(2):
        with pytest.raises(GateFailed, match="few_vanished"):
            gates.check_raw(held, TUESDAY)
    with pytest.raises(BuildFailed, match="a gate holds it"):
        build_marts(held, TUESDAY)


@pytest.mark.parametrize(
    ("rule", "reason", "person", "message"),
    [
        ("raw_ctgov__snapshots.all_listed", "It is", "Ada", f"rules that do: {FEW_VANISHED}"),
        (FEW_VANISHED, " ", "Ada", "needs a reason"),
        (FEW_VANISHED, "It is", "", "needs a reason"),
    ],
)
def test_a_release_without_a_broken_rule_a_reason_or_a_person_is_refused(
    held: Settings, rule: str, reason: str, person: str, message: str
) -> None:
    with pytest.raises(SettingsInvalid, match=message):
        gates.release_rule(held, TUESDAY, rule, reason, person)
    assert releases_of(held, TUESDAY) == []


def test_a_release_holds_for_what_the_rule_saw_alone(held: Settings) -> None:
    gates.release_rule(held, TUESDAY, FEW_VANISHED, "It is", "Ada")
    (verdict,) = [each for each in stored_verdicts(held, TUESDAY) if each.released_rules]
    assert verdict.broken_rules == []
    (rule,) = verdict.released_rules
    assert verdict.release_of(rule) == releases_of(held, TUESDAY)[0]
    assert verdict.release_of({**rule, "seen": "another loss"}) is None
    assert verdict.release_of({**rule, "result": {}}) is None
    assert [each for each in stored_verdicts(held, WEDNESDAY) if each.released_rules] == []
