"""Those who keep the pipeline hear of held days, failed steps and flags in a channel of their own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from alert_builders import webhook_connection
from builders import MONDAY, TUESDAY, MadeUpRegistry, a_study, build_and_publish, home_of
from trialhouse.alerts import tell_data_team
from trialhouse.errors import DeliveryFailed, GateFailed
from trialhouse.settings import Settings
from trialhouse.slack_stand_in import SlackStandIn, serving_slack
from trialhouse.sync import sync_day

BROKEN = a_study("NCT90000001", identificationModule__briefTitle=None)
ODD = a_study("NCT90000001", statusModule__overallStatus="ON_HOLD")


@pytest.fixture
def slack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackStandIn]:
    with serving_slack(tmp_path / "slack") as (address, workspace):
        monkeypatch.setenv("AIRFLOW_CONN_TRIALHOUSE_DATA_SLACK", webhook_connection(address))
        yield workspace


def said(slack: SlackStandIn) -> list[str]:
    return slack.messages_file.read_text().splitlines()


def land(settings: Settings) -> None:
    for day in (MONDAY, TUESDAY):
        sync_day(settings, day)
    build_and_publish(settings, MONDAY)


def test_a_held_day_is_told_with_its_rule_and_that_no_alert_was_sent(
    tmp_path: Path, slack: SlackStandIn
) -> None:
    registry = MadeUpRegistry({MONDAY: [a_study()], TUESDAY: [BROKEN]})
    with home_of(registry, tmp_path) as settings:
        land(settings)
        with pytest.raises(GateFailed):
            build_and_publish(settings, TUESDAY)
        assert tell_data_team(settings, TUESDAY, ["check_raw"]) == 1
        assert tell_data_team(settings, TUESDAY, ["check_raw"]) == 0
    (message,) = map(json.loads, said(slack))
    assert message["text"] == (
        f"Held: {TUESDAY} of the registry did not pass its gate; no change alerts were sent"
    )
    shown = json.dumps(message)
    for part in (
        "records have brief_title",
        f"snapshot_date={TUESDAY}/index.html",
        "trialhouse gate explain",
    ):
        assert part in shown


def test_a_step_that_failed_without_a_gate_is_told(tmp_path: Path, slack: SlackStandIn) -> None:
    with home_of(MadeUpRegistry({MONDAY: [a_study()]}), tmp_path) as settings:
        assert tell_data_team(settings, MONDAY, ["land_studies"]) == 1
    assert "failed: land_studies" in said(slack)[0]


def test_what_was_flagged_on_a_day_that_went_on_is_told(tmp_path: Path, slack: SlackStandIn) -> None:
    registry = MadeUpRegistry({MONDAY: [a_study()], TUESDAY: [ODD]})
    with home_of(registry, tmp_path) as settings:
        land(settings)
        build_and_publish(settings, TUESDAY)
        assert tell_data_team(settings, TUESDAY, []) == 1
    assert f"on {TUESDAY}; the day went on" in said(slack)[0]
    assert "known_status" in said(slack)[0]


def test_a_channel_that_is_down_hears_of_it_later(tmp_path: Path, slack: SlackStandIn) -> None:
    with home_of(MadeUpRegistry({MONDAY: [a_study()]}), tmp_path) as settings:
        slack.failures = [500]
        with pytest.raises(DeliveryFailed):
            tell_data_team(settings, MONDAY, ["build_marts"])
        assert tell_data_team(settings, MONDAY, []) == 1
    assert len(said(slack)) == 1


def test_without_a_channel_nobody_is_told_and_nothing_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_TRIALHOUSE_DATA_SLACK", raising=False)
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    with home_of(MadeUpRegistry({MONDAY: [a_study()]}), tmp_path) as settings:
        assert tell_data_team(settings, MONDAY, ["build_marts"]) == 0
        assert not Path(settings.outbox_url.removeprefix("sqlite:///")).exists()
