"""Made-up news, a made-up published file that holds it, and a stand-in Slack that hears of it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select

from trialhouse.alerts.news import News
from trialhouse.alerts.outbox import Outbox
from trialhouse.alerts.outbox_tables import MESSAGES
from trialhouse.settings import Settings
from trialhouse.slack_stand_in import running_slack

DAY = date(2026, 2, 17)
# Of a registry that has its past days: made-up days are older than what is news of a live one.
REPLAYED = "http://127.0.0.1:9/days/{snapshot_date}/api/v2"

# An event of the made-up file: key, trial, day, new status.
Event = tuple[str, str, date, str]

TABLES = """
    create schema marts;
    create table marts.dim_snapshots (snapshot_date date, data_timestamp timestamp);
    create table marts.fct_trial_events (
        event_key varchar, event_type varchar, severity varchar, nct_id varchar, snapshot_date date,
        before_value varchar, after_value varchar, why_stopped varchar, details varchar,
        observed_after timestamp, observed_at timestamp, is_silent boolean
    );
    create table marts.dim_trials (
        nct_id varchar, brief_title varchar, overall_status varchar, why_stopped varchar, stop_reason varchar,
        phases varchar[], phase_label varchar, lead_sponsor_name varchar,
        lead_sponsor_class varchar, enrollment_count bigint, enrollment_type varchar,
        primary_completion_date_text varchar, sites_count bigint, countries varchar[], quality_flags varchar[]
    );
    create table marts.dim_stop_reasons (
        stop_reason varchar, stop_reason_label varchar, suspended_count bigint,
        share_restarted_within_365_days double
    );
    insert into marts.dim_stop_reasons values ('BLANK', 'None given', 293, 0.4539);
    create table marts.fct_trial_sponsors (nct_id varchar, sponsor_name varchar);
    create table marts.fct_trial_conditions (nct_id varchar, condition_name varchar);
    create table marts.fct_trial_countries (nct_id varchar, country varchar, is_removed boolean);
    create table marts.fct_trial_mesh_terms (
        nct_id varchar, subject varchar, relation varchar, mesh_term varchar
    );
    create table marts.fct_trial_interventions (
        nct_id varchar, intervention_name varchar, other_names varchar[]
    );
"""


def news_of(**changes: Any) -> News:
    """A suspension, but for the changes."""
    values: dict[str, Any] = {
        "event_key": "key-1",
        "event_type": "STATUS_SUSPENDED",
        "severity": "P1",
        "snapshot_date": date(2026, 2, 18),
        "nct_id": "NCT90000001",
        "before_value": "RECRUITING",
        "after_value": "SUSPENDED",
        "why_stopped": "Drug supply",
        "details": {},
        "observed_after": datetime(2026, 2, 17, 9, 0, 5),
        "observed_at": datetime(2026, 2, 18, 9, 0, 5),
        "is_silent": False,
        "brief_title": "A made-up trial",
        "status_now": "SUSPENDED",
        "why_stopped_now": "Drug supply",
        "phase_label": "Phase 2",
        "lead_sponsor_name": "Example Pharma",
        "lead_sponsor_class": "INDUSTRY",
        "enrollment_count": 1200,
        "enrollment_type": "ESTIMATED",
        "primary_completion_date_text": "2027-12-31",
        "sites_count": 3,
        "countries": ["Poland", "Spain"],
        "quality_flags": [],
        "stop_reason_label": None,
        "similar_pauses_count": None,
        "share_restarted_within_365_days": None,
    }
    return News(**(values | changes))


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def suspended(number: int, when: date = DAY) -> Event:
    return (f"{when}-{number:02}", f"NCT9000000{number}", when, "SUSPENDED")


def publish(settings: Settings, events: Sequence[Event], *, taken_back: Sequence[str] = ()) -> None:
    """A published file of ten days with these events; every day's are judged.

    taken_back: keys of those that the next day takes back, or that take one back.
    """
    settings.warehouse_folder.mkdir(parents=True, exist_ok=True)
    settings.published_file.unlink(missing_ok=True)
    with duckdb.connect(settings.published_file) as con:
        con.execute(TABLES)
        for number in range(-1, 40):
            seen = _seen(day(number))
            con.execute("insert into marts.dim_snapshots values (?, ?)", [day(number), seen])
        for event in events:
            _add_event(con, event, is_taken_back=event[0] in taken_back)
        statuses = {nct_id: status for _, nct_id, _, status in sorted(events, key=lambda each: each[2])}
        for nct_id in statuses:
            con.execute(
                "insert into marts.dim_trials values (?, 'A <made-up> trial', ?, null, 'BLANK', ['PHASE2'],"
                " 'Phase 2', 'Corp', 'OTHER', 20, 'ACTUAL', '2027-12', 1, ['Peru'], ['no_sites'])",
                [nct_id, statuses[nct_id]],
            )
    for when in {when for _, _, when, _ in events}:
        flag(settings, when, [key for key, _, its_day, _ in events if its_day == when])


def _add_event(con: duckdb.DuckDBPyConnection, event: Event, *, is_taken_back: bool) -> None:
    key, nct_id, when, status = event
    details = {"stop_reason": "BLANK", "is_taken_back_or_takes_back": is_taken_back}
    severity = "P3" if is_taken_back else "P2" if status == "WHY" else "P1"
    names = {"RECRUITING": "STATUS_RESUMED", "WHY": "WHY_STOPPED_ADDED"}
    event_type = names.get(status, f"STATUS_{status}")
    con.execute(
        "insert into marts.fct_trial_events values (?, ?, ?, ?, ?, 'RECRUITING', ?, null, ?, ?, ?, false)",
        [
            *(key, event_type, severity, nct_id, when, status, json.dumps(details)),
            *(_seen(when - timedelta(days=1)), _seen(when)),
        ],
    )


def _seen(when: date) -> datetime:
    return datetime(when.year, when.month, when.day, 9)


def flag(settings: Settings, when: date, keys: list[str]) -> None:
    file = settings.gates_folder / f"snapshot_date={when}" / "flagged.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(keys))


def watch(settings: Settings, text: str) -> Settings:
    """The same settings with these watchlists."""
    from dataclasses import replace

    file = settings.home / "watchlists.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return replace(settings, watchlists=file)


def webhook_connection(address: str) -> str:
    return json.dumps(
        {"conn_type": "slackwebhook", "host": f"{address}/services", "password": "T000/B000/XXX"}
    )


def bot_connection(address: str, timeout: int = 30) -> str:
    extra = {"base_url": f"{address}/api/", "timeout": timeout}
    return json.dumps({"conn_type": "slack", "password": "xoxb-made-up", "extra": extra})


@contextmanager
def slack(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, failures: Sequence[int] = ()
) -> Iterator[Path]:
    """The stand-in, with the Airflow connection pointing at it; yields the file of messages."""
    with running_slack(settings.home / "slack", failures, retry_after_seconds=0) as (address, messages):
        monkeypatch.setenv("AIRFLOW_CONN_TRIALHOUSE_SLACK", webhook_connection(address))
        yield messages


def told(messages: Path) -> list[str]:
    """The trials of the messages Slack has, in order."""
    payloads = map(json.loads, messages.read_text().splitlines())
    headers = [each["blocks"][0] for each in payloads if each.get("blocks")]
    return [block["text"]["text"][-11:] for block in headers if block["type"] == "header"]


def outbox_rows(settings: Settings) -> list[Any]:
    with Outbox(settings.outbox_url).engine.begin() as con:
        return list(con.execute(select(MESSAGES).order_by(MESSAGES.c.message_id)))
