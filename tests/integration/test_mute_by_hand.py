"""Acknowledging and snoozing: by the command line and by a click in Slack."""

import json
import time
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from slack_sdk.signature import SignatureVerifier
from typer.testing import CliRunner

from alert_builders import publish, suspended
from trialhouse.alerts.interactivity import SECRET, clicks_app
from trialhouse.alerts.mutes import mutes
from trialhouse.alerts.outbox import Outbox
from trialhouse.cli import app
from trialhouse.errors import SettingsInvalid
from trialhouse.loopback import serving
from trialhouse.settings import Settings, load_settings
from trialhouse.slack_stand_in import serving_slack


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    return load_settings()


def said(*arguments: str) -> str:
    return CliRunner().invoke(app, ["alerts", *arguments]).output


def standing(settings: Settings) -> list[tuple[str, str, str | None, str]]:
    found = mutes(Outbox(settings.outbox_url))
    return [(m.nct_id, m.watchlist, str(m.until) if m.until else None, m.person) for m in found]


# ---------- the command line


def test_a_trial_is_acknowledged_snoozed_and_told_of_again(settings: Settings) -> None:
    said("ack", "NCT90000001", "--by", "Ann")
    said("snooze", "NCT90000002", "--until", "2026-03-01", "--watchlist", "stopped_trials", "--by", "Ben")
    assert standing(settings) == [
        ("NCT90000001", "", None, "Ann"),
        ("NCT90000002", "stopped_trials", "2026-03-01", "Ben"),
    ]
    assert "NCT90000002  until 2026-03-01  stopped_trials  by Ben" in said("mutes")
    assert "everything is told again" in said("unmute", "NCT90000001")
    assert "neither acknowledged nor snoozed" in said("unmute", "NCT90000001")
    assert len(standing(settings)) == 1


def test_the_newest_word_counts(settings: Settings) -> None:
    said("ack", "NCT90000001", "--by", "Ann")
    said("snooze", "NCT90000001", "--until", "2026-03-01", "--by", "Ben")
    assert standing(settings) == [("NCT90000001", "", "2026-03-01", "Ben")]


def test_what_is_no_trial_or_watchlist_is_refused(settings: Settings) -> None:
    assert "eight digits" in said("ack", "nct1")
    assert "there is no watchlist nope" in said("ack", "NCT90000001", "--watchlist", "nope")
    assert standing(settings) == []


def test_watchlists_are_listed_with_the_trials_they_watch(settings: Settings) -> None:
    publish(settings, [suspended(1), suspended(2)])
    assert "2 trials; P1, P2" in said("watchlists")


# ---------- a click in Slack


def click(action_id: str, value: str, response_url: str | None = None) -> str:
    user = {"id": "U1", "username": "ann"}
    payload = {"type": "block_actions", "user": user, "actions": [{"action_id": action_id, "value": value}]}
    return urlencode({"payload": json.dumps(payload | {"response_url": response_url})})


def signed(body: str, secret: str = "a secret", age_seconds: int = 0) -> dict[str, str]:
    timestamp = str(int(time.time()) - age_seconds)
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": str(signature),
        "Content-Type": "application/x-www-form-urlencoded",
    }


def test_a_click_mutes_and_only_slack_can_click(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "a secret")
    with serving(clicks_app(settings)) as address:
        url = f"{address}/slack/interactivity"
        ack = click("trialhouse_ack", "stopped_trials:NCT90000001")
        assert httpx.post(url, content=ack, headers=signed(ack, "another")).status_code == 401
        assert httpx.post(url, content=ack, headers=signed(ack, age_seconds=3600)).status_code == 401
        assert httpx.post(url, content=ack).status_code == 401
        assert standing(settings) == []
        assert httpx.post(url, content=ack, headers=signed(ack)).status_code == 200
        snooze = click("trialhouse_snooze", "stopped_trials:NCT90000002")
        assert httpx.post(url, content=snooze, headers=signed(snooze)).status_code == 200
        for body in (click("trialhouse_ack", "x; drop table mutes"), click("other", "a:NCT90000003"), "a=b"):
            assert httpx.post(url, content=body, headers=signed(body)).status_code == 400
    found = standing(settings)
    assert found[0] == ("NCT90000001", "stopped_trials", None, "ann")
    assert found[1][0] == "NCT90000002"
    assert found[1][2] is not None
    assert len(found) == 2


def test_who_clicked_is_told_that_it_was_heard(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, "a secret")
    with (
        serving_slack(tmp_path / "slack") as (slack_address, slack),
        serving(clicks_app(settings)) as address,
    ):
        ack = click("trialhouse_ack", "stopped_trials:NCT90000001", f"{slack_address}/services/T000/B000/XXX")
        assert (
            httpx.post(f"{address}/slack/interactivity", content=ack, headers=signed(ack)).status_code == 200
        )
    assert "NCT90000001: only what is urgent is told" in slack.messages_file.read_text()


def test_without_a_secret_nobody_listens(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET, raising=False)
    with pytest.raises(SettingsInvalid, match=SECRET):
        clicks_app(settings)
