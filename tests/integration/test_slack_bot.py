"""With a bot's token: a thread a trial, its first message edited, nothing twice when Slack falls silent."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from alert_builders import DAY, REPLAYED, bot_connection, day, publish, suspended, watch
from trialhouse.alerts import alert_day
from trialhouse.alerts.channels import slack_bot
from trialhouse.alerts.messages import Payload
from trialhouse.errors import DeliveryFailed
from trialhouse.settings import Settings, load_settings
from trialhouse.slack_stand_in import TAKEN_THEN_CUT, TAKEN_THEN_SILENT, SlackStandIn, serving_slack

STOPS = """
stops:
  title: Trials that stopped
  severities: [P1, P2, P3]
  channel: {kind: slack, connection: a_bot, to: "#trials"}
"""
SUSPENDED = suspended(1)
RESUMED = ("resumed", "NCT90000001", day(2), "RECRUITING")
REASON = ("reason", "NCT90000001", day(1), "WHY")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    monkeypatch.setenv("TRIALHOUSE_REGISTRY_URL", REPLAYED)
    monkeypatch.setattr(slack_bot, "SECONDS_TO_ANSWER", 1)
    return watch(load_settings(), STOPS)


@pytest.fixture
def workspace(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackStandIn]:
    with serving_slack(settings.home / "slack", retry_after_seconds=0) as (address, slack):
        monkeypatch.setenv("AIRFLOW_CONN_A_BOT", bot_connection(address, timeout=1))
        yield slack


def headers(slack: SlackStandIn) -> list[str]:
    return [each["blocks"][0]["text"]["text"] for each in slack.channel]


def test_later_news_of_a_trial_is_a_reply_and_its_first_message_is_edited(
    settings: Settings, workspace: SlackStandIn
) -> None:
    publish(settings, [SUSPENDED, REASON, RESUMED])
    for number in range(3):
        alert_day(settings, day(number))
    first, second, third = workspace.channel
    assert [each.get("thread_ts") for each in (first, second, third)] == [None, first["ts"], first["ts"]]
    assert first["edits"] == 2
    assert first["blocks"][0]["text"]["text"] == "Resumed, now Recruiting: NCT90000001"


def test_the_first_message_says_how_the_trial_stands_whatever_came_last(
    settings: Settings, workspace: SlackStandIn
) -> None:
    publish(settings, [SUSPENDED, REASON])
    with duckdb.connect(settings.published_file) as con:
        con.execute("update marts.dim_trials set overall_status = 'SUSPENDED', why_stopped = 'No drug'")
        con.execute("update marts.fct_trial_events set event_type = 'PCD_MOVED' where event_key = 'reason'")
    for number in range(2):
        alert_day(settings, day(number))
    shown = json.dumps(workspace.channel[0]["blocks"])
    headline = "Primary completion moved (Suspended): NCT90000001"
    for part in (headline, "Reason given: No drug", "went on within a year"):
        assert part in shown


def test_blocks_that_slack_refuses_come_as_plain_text_and_are_not_tried_again(
    settings: Settings, workspace: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [SUSPENDED, REASON])
    alert_day(settings, DAY)
    with monkeypatch.context() as patch:
        patch.setattr("trialhouse.alerts.alerting.trial_message", _too_long)
        assert alert_day(settings, day(1)).sent == 1
    assert alert_day(settings, day(1)).sent == 0
    assert [each["text"] for each in workspace.channel] == ["too long", "too long"]


def _too_long(*_: object) -> Payload:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    return {"text": "too long", "blocks": blocks}


def test_a_trial_that_went_on_closes_its_thread(settings: Settings, workspace: SlackStandIn) -> None:
    again = ("again", "NCT90000001", day(3), "SUSPENDED")
    publish(settings, [SUSPENDED, RESUMED, again])
    for number in (0, 2, 3):
        alert_day(settings, day(number))
    assert [bool(each.get("thread_ts")) for each in workspace.channel] == [False, True, False]


def test_a_first_message_that_a_person_deleted_holds_nothing(
    settings: Settings, workspace: SlackStandIn
) -> None:
    publish(settings, [SUSPENDED, REASON])
    alert_day(settings, DAY)
    workspace.channel.clear()
    assert alert_day(settings, day(1)).sent == 1
    assert [each.get("thread_ts") for each in workspace.channel] == [None]


def test_an_edit_that_failed_comes_with_the_next_run(
    settings: Settings, workspace: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_answer(*_: object) -> None:
        raise OSError("no answer")

    publish(settings, [SUSPENDED, RESUMED])
    alert_day(settings, DAY)
    with monkeypatch.context() as patch:
        patch.setattr(slack_bot.SlackBot, "_update", no_answer)
        with pytest.raises(DeliveryFailed, match="could not be edited"):
            alert_day(settings, day(2))
    assert alert_day(settings, day(2)).sent == 0
    assert workspace.channel[0]["blocks"][0]["text"]["text"] == "Resumed, now Recruiting: NCT90000001"


def test_a_message_has_buttons_and_its_key(settings: Settings, workspace: SlackStandIn) -> None:
    publish(settings, [SUSPENDED])
    alert_day(settings, DAY)
    [message] = workspace.channel
    assert message["metadata"]["event_payload"] == {"key": f"stops:{SUSPENDED[0]}"}
    assert [each["action_id"] for each in message["blocks"][-1]["elements"]] == [
        "trialhouse_ack",
        "trialhouse_snooze",
    ]


@pytest.mark.parametrize("fault", [TAKEN_THEN_SILENT, TAKEN_THEN_CUT])
def test_what_slack_took_before_it_fell_silent_is_not_sent_again(
    settings: Settings, workspace: SlackStandIn, fault: int
) -> None:
    publish(settings, [SUSPENDED, suspended(2)])
    workspace.failures = [fault]
    with pytest.raises(DeliveryFailed, match="NCT90000001"):
        alert_day(settings, DAY)
    assert alert_day(settings, DAY).sent == 2
    assert headers(workspace) == ["Suspended: NCT90000001", "Suspended: NCT90000002"]


def test_a_channel_may_be_named_by_its_id(settings: Settings, workspace: SlackStandIn) -> None:
    publish(settings, [SUSPENDED])
    by_id = watch(settings, STOPS.replace("#trials", "C0001"))
    workspace.failures = [TAKEN_THEN_CUT]
    with pytest.raises(DeliveryFailed):
        alert_day(by_id, DAY)
    alert_day(by_id, DAY)
    assert headers(workspace) == ["Suspended: NCT90000001"]


def test_a_reply_that_was_taken_is_found_in_its_thread(settings: Settings, workspace: SlackStandIn) -> None:
    publish(settings, [SUSPENDED, REASON])
    alert_day(settings, DAY)
    workspace.failures = [TAKEN_THEN_CUT]
    with pytest.raises(DeliveryFailed):
        alert_day(settings, day(1))
    alert_day(settings, day(1))
    assert len(workspace.channel) == 2
    assert workspace.channel[0]["edits"] == 1


def test_a_token_that_may_not_read_can_repeat_one_message(
    settings: Settings, workspace: SlackStandIn
) -> None:
    publish(settings, [SUSPENDED])
    workspace.failures, workspace.may_read = [TAKEN_THEN_CUT], False
    with pytest.raises(DeliveryFailed):
        alert_day(settings, DAY)
    alert_day(settings, DAY)
    assert headers(workspace) == ["Suspended: NCT90000001"] * 2


@pytest.mark.parametrize("fault", [429, 500, 503])
def test_faults_of_slack_lose_and_repeat_nothing(
    settings: Settings, workspace: SlackStandIn, fault: int
) -> None:
    publish(settings, [SUSPENDED, suspended(2)])
    workspace.failures = [fault]
    try:
        alert_day(settings, DAY)
    except DeliveryFailed:
        alert_day(settings, DAY)
    assert headers(workspace) == ["Suspended: NCT90000001", "Suspended: NCT90000002"]


def test_a_storm_brings_its_file(settings: Settings, workspace: SlackStandIn) -> None:
    publish(settings, [(f"k{n}", f"NCT90000{n:03}", DAY, "SUSPENDED") for n in range(40)])
    alert_day(settings, DAY)
    [message] = workspace.channel
    [file] = workspace.files
    assert file["thread_ts"] == message["ts"]
    assert file["body"].count(b"NCT90000") == 40


def test_a_token_without_a_channel_says_what_to_set(
    settings: Settings, workspace: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [SUSPENDED])
    nowhere = watch(settings, "stops: {title: Stops, channel: {connection: a_bot}}")
    with pytest.raises(DeliveryFailed, match="which channel"):
        alert_day(nowhere, DAY)


def test_a_bad_token_stops_the_queue_and_shows_nothing(
    settings: Settings,
    workspace: SlackStandIn,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    import os

    publish(settings, [SUSPENDED])
    monkeypatch.setenv("AIRFLOW_CONN_A_BOT", os.environ["AIRFLOW_CONN_A_BOT"].replace("xoxb-", "secret-"))
    with pytest.raises(DeliveryFailed, match="invalid_auth"):
        alert_day(settings, DAY)
    assert "secret-made-up" not in caplog.text
