"""A month in which nothing goes wrong: how many messages each watchlist gets, none of them twice."""

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select

from alert_builders import webhook_connection
from builders import build_and_publish, home_of
from trialhouse.alerts import alert_day
from trialhouse.alerts.outbox import Outbox
from trialhouse.alerts.outbox_tables import EVENTS, MESSAGES
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.slack_stand_in import running_slack
from trialhouse.sync import sync_day

DAYS = 22
WATCHLISTS = Path(__file__).with_name("calm_month.yml")


@pytest.mark.torture
def test_a_calm_month_tells_each_event_once_a_watchlist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figures: dict[str, Any]
) -> None:
    monkeypatch.setenv("TRIALHOUSE_WATCHLISTS", str(WATCHLISTS))
    registry = GeneratedRegistry(size=600, days=DAYS)
    with home_of(registry, tmp_path) as settings, running_slack(tmp_path / "slack") as (address, messages):
        monkeypatch.setenv("AIRFLOW_CONN_TRIALHOUSE_SLACK", webhook_connection(address))
        for day in registry.days():
            sync_day(settings, day)
            build_and_publish(settings, day)
            alert_day(settings, day)
        arrived = len(messages.read_text().splitlines())
    with Outbox(settings.outbox_url).engine.begin() as con:
        sent = con.execute(select(MESSAGES.c.watchlist, MESSAGES.c.kind, MESSAGES.c.status)).all()
        told = con.execute(select(EVENTS.c.watchlist, EVENTS.c.event_key, EVENTS.c.fate)).all()
    assert {row.status for row in sent} == {"sent"}
    assert len(sent) == arrived
    with duckdb.connect(str(settings.published_file), read_only=True) as published:
        urgent = published.execute(
            "select event_key from marts.fct_trial_events where severity = 'P1'"
        ).fetchall()
    heard = [row.event_key for row in told if row.watchlist == "urgent" and row.fate == "in_message"]
    assert sorted(heard) == sorted(key for (key,) in urgent)
    for (watchlist, kind), count in sorted(Counter((row.watchlist, row.kind) for row in sent).items()):
        figures[f"calm month, 600 trials, {DAYS} days: {watchlist}, {kind}"] = (
            f"{count} messages, {count / DAYS:.1f} a day"
        )
