"""From flagged events to messages in the stand-in: once each, in order, whatever breaks on the way."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from alert_builders import (
    DAY,
    REPLAYED,
    day,
    flag,
    outbox_rows,
    publish,
    slack,
    suspended,
    told,
    watch,
    webhook_connection,
)
from trialhouse.alerts import AlertReport, alert_day, delivery
from trialhouse.alerts.channels import Outcome
from trialhouse.errors import BuildFailed, DeliveryFailed
from trialhouse.settings import PROJECT, Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outbox_url: str) -> Settings:
    """A home of its own; Airflow's too, for importing the Slack provider reads it."""
    monkeypatch.setenv("TRIALHOUSE_OUTBOX_URL", outbox_url)
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    monkeypatch.setenv("TRIALHOUSE_REGISTRY_URL", REPLAYED)
    monkeypatch.delenv("AIRFLOW_CONN_TRIALHOUSE_SLACK", raising=False)
    return load_settings()


# ---------- the road


def test_flagged_trials_are_told_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, [suspended(1), suspended(2)])
    with slack(settings, monkeypatch) as messages:
        assert alert_day(settings, DAY) == AlertReport(enqueued=2, sent=2)
        assert alert_day(settings, DAY) == AlertReport(enqueued=0, sent=0)
        assert told(messages) == ["NCT90000001", "NCT90000002"]
    body = messages.read_text()
    assert "A &lt;made-up&gt; trial" in body
    assert "first seen between 2026-02-16 09:00 and 2026-02-17 09:00" in body
    assert {row.status for row in outbox_rows(settings)} == {"sent"}


def test_a_proxy_is_not_asked_for_loopback(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, [suspended(1)])
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with slack(settings, monkeypatch):
        assert alert_day(settings, DAY).sent == 1


def test_the_first_run_starts_with_its_day(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, [suspended(1), suspended(2, day(1))])
    with slack(settings, monkeypatch) as messages:
        alert_day(settings, day(1))
        assert told(messages) == ["NCT90000002"]


def test_days_missed_since_the_last_alert_are_told_in_order(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(n + 1, day(n)) for n in (3, 0, 2, 1)])
    with slack(settings, monkeypatch) as messages:
        alert_day(settings, day(0))
        assert alert_day(settings, day(3)).sent == 3
        assert told(messages) == [f"NCT9000000{n}" for n in (1, 2, 3, 4)]


def test_an_older_day_can_be_told_by_hand(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, [suspended(1, day(0)), suspended(2, day(1)), suspended(3, day(2))])
    with slack(settings, monkeypatch) as messages:
        alert_day(settings, day(2))
        alert_day(settings, day(0))
        assert alert_day(settings, day(2)).sent == 0
        assert told(messages) == ["NCT90000003", "NCT90000001"]


def test_two_flags_of_one_trial_make_one_message(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, [("b", "NCT90000001", DAY, "TERMINATED"), ("a", "NCT90000001", DAY, "SUSPENDED")])
    with slack(settings, monkeypatch) as messages:
        assert alert_day(settings, DAY).sent == 1
        assert len(told(messages)) == 1
    assert [row.message_key for row in outbox_rows(settings)] == ["a"]


def test_a_quiet_day_is_told_in_one_line(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, [])
    flag(settings, DAY, [])
    with slack(settings, monkeypatch) as messages:
        assert alert_day(settings, DAY) == AlertReport(enqueued=1, sent=1)
        assert alert_day(settings, DAY) == AlertReport(enqueued=0, sent=0)
        assert "0 events, data as of 2026-02-17 09:00" in messages.read_text()


def test_a_quiet_day_of_a_quiet_watchlist_needs_no_slack(settings: Settings) -> None:
    publish(settings, [])
    flag(settings, DAY, [])
    assert alert_day(watch(settings, "quiet: {title: Quiet}"), DAY) == AlertReport(enqueued=0, sent=0)


# ---------- what breaks


def test_a_rate_limit_is_waited_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, [suspended(1), suspended(2)])
    with slack(settings, monkeypatch, failures=[429, 429]) as messages:
        assert alert_day(settings, DAY).sent == 2
        assert told(messages) == ["NCT90000001", "NCT90000002"]


def test_a_failing_slack_stops_the_queue_and_the_next_run_goes_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(1), suspended(2)])
    with slack(settings, monkeypatch, failures=[500]) as messages:
        with pytest.raises(DeliveryFailed, match=r"NCT90000001.*Status Code: 500.*stays in the outbox"):
            alert_day(settings, DAY)
        assert told(messages) == []
        assert [(row.status, row.attempts) for row in outbox_rows(settings)] == [
            ("pending", 1),
            ("pending", 0),
        ]
        assert alert_day(settings, DAY) == AlertReport(enqueued=0, sent=2)
        assert told(messages) == ["NCT90000001", "NCT90000002"]


def test_nobody_listening_keeps_the_message_and_the_secret(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    publish(settings, [suspended(1)])
    monkeypatch.setenv("AIRFLOW_CONN_TRIALHOUSE_SLACK", webhook_connection("http://127.0.0.1:9"))
    with pytest.raises(DeliveryFailed, match="Connection refused") as failure:
        alert_day(settings, DAY)
    assert "XXX" not in str(failure.value) + caplog.text
    assert outbox_rows(settings)[0].status == "pending"


def test_a_missing_connection_says_what_to_set(settings: Settings) -> None:
    publish(settings, [suspended(1)])
    with pytest.raises(DeliveryFailed, match="AIRFLOW_CONN_TRIALHOUSE_SLACK"):
        alert_day(settings, DAY)
    assert [row.status for row in outbox_rows(settings)] == ["pending"]


def test_a_day_left_by_a_failed_run_is_delivered_with_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(1), suspended(2, day(1))])
    with pytest.raises(DeliveryFailed):
        alert_day(settings, DAY)
    with slack(settings, monkeypatch) as messages:
        assert alert_day(settings, day(1)) == AlertReport(enqueued=1, sent=2)
        assert told(messages) == ["NCT90000001", "NCT90000002"]


def test_a_late_day_left_by_a_failed_run_is_delivered_with_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(1), suspended(3, day(2))])
    with slack(settings, monkeypatch) as messages:
        alert_day(settings, DAY)
        alert_day(settings, day(2))
        publish(settings, [suspended(1), suspended(2, day(1)), suspended(3, day(2)), suspended(4, day(3))])
        monkeypatch.delenv("AIRFLOW_CONN_TRIALHOUSE_SLACK")
        with pytest.raises(DeliveryFailed):
            alert_day(settings, day(1))
    with slack(settings, monkeypatch) as messages:
        assert alert_day(settings, day(3)) == AlertReport(enqueued=1, sent=2)
        assert told(messages)[-2:] == ["NCT90000002", "NCT90000004"]


def test_a_late_day_whose_own_run_never_came_is_delivered_with_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(1), suspended(3, day(2))])
    with slack(settings, monkeypatch) as messages:
        alert_day(settings, DAY)
        alert_day(settings, day(2))
        publish(settings, [suspended(1), suspended(2, day(1)), suspended(3, day(2)), suspended(4, day(3))])
        assert alert_day(settings, day(3)).sent == 2
        assert told(messages) == ["NCT90000001", "NCT90000003", "NCT90000002", "NCT90000004"]


def test_events_not_yet_published_are_not_forgotten(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag(settings, DAY, ["key-1"])
    with pytest.raises(DeliveryFailed, match="publish that day first"):
        alert_day(settings, DAY)
    publish(settings, [("key-1", "NCT90000001", DAY, "SUSPENDED")])
    with slack(settings, monkeypatch):
        assert alert_day(settings, day(0)).sent == 1


def test_a_day_nobody_flagged_is_refused(settings: Settings) -> None:
    publish(settings, [])
    with pytest.raises(BuildFailed, match="nobody flagged"):
        alert_day(settings, DAY)


def test_a_crash_between_two_sends_repeats_and_loses_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(1), suspended(2), suspended(3)])
    send = delivery._send
    sent: list[object] = []

    def crash_at_the_second(*asked: Any) -> Outcome:
        if sent:
            raise KeyboardInterrupt
        sent.append(asked)
        return send(*asked)

    with slack(settings, monkeypatch) as messages:
        monkeypatch.setattr(delivery, "_send", crash_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            alert_day(settings, DAY)
        assert told(messages) == ["NCT90000001"]
        monkeypatch.setattr(delivery, "_send", send)
        assert alert_day(settings, DAY).sent == 2
        assert told(messages) == ["NCT90000001", "NCT90000002", "NCT90000003"]


# ---------- processes of their own, as Airflow and the CLI are

ALERT = """
import sys, time
from datetime import date
from trialhouse.alerts import alert_day, delivery
from trialhouse.settings import load_settings

send = delivery._send
def slow(sender, connection, message):
    if message.message_id >= int(sys.argv[1]):
        time.sleep(60)
    return send(sender, connection, message)
delivery._send = slow
print(alert_day(load_settings(), date(2026, 2, 17)).sent)
"""


def start_alerting(hang_at_message: int) -> "subprocess.Popen[str]":
    """Another process doing the day, which hangs before it sends one of the messages."""
    path = os.pathsep.join([str(PROJECT / "include"), str(PROJECT)])
    return subprocess.Popen(
        [sys.executable, "-c", ALERT, str(hang_at_message)],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for(count: int, messages: Path) -> None:
    deadline = time.monotonic() + 60
    while len(told(messages)) < count:
        assert time.monotonic() < deadline, "no message came"
        time.sleep(0.05)


def test_a_killed_process_leaves_no_lock_and_no_repeat(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(n) for n in (1, 2, 3, 4)])
    with slack(settings, monkeypatch) as messages:
        with start_alerting(hang_at_message=3) as process:
            wait_for(2, messages)
            time.sleep(0.3)
            process.send_signal(signal.SIGKILL)
        assert alert_day(settings, DAY) == AlertReport(enqueued=0, sent=2)
        assert told(messages) == [f"NCT9000000{n}" for n in (1, 2, 3, 4)]


def test_two_processes_at_once_send_each_message_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(n) for n in range(1, 9)])
    with slack(settings, monkeypatch) as messages:
        with start_alerting(99) as first, start_alerting(99) as second:
            outputs = [process.communicate(timeout=60)[0] for process in (first, second)]
        assert sum(int(output.split()[-1]) for output in outputs) == 8
        assert told(messages) == [f"NCT9000000{n}" for n in range(1, 9)]
