"""The whole road in one process: a registry, a stand-in for Slack, and the real DAGs day after day."""

import json
import logging
import os
import re
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from trialhouse.errors import DeliveryFailed, GateFailed
from trialhouse.lake import Lake
from trialhouse.settings import DEFAULT_HOME, LIVE_REGISTRY_URL, Settings, load_settings

QUERIES = (
    "select overall_status_plain_label, count(*) as trials from dim_trials group by all order by trials desc",
    "select snapshot_date, nct_id, event_type, before_value, after_value from fct_trial_events"
    " where severity = 'P1' order by snapshot_date desc",
    "select status, status_from, status_to, status_days, why_stopped from fct_status_history"
    " where nct_id = '{nct_id}' order by status_from",
)


@dataclass(frozen=True, slots=True)
class RunningRegistry:
    """A registry to run for: what it is called, where it answers, which days it has (none: its present)."""

    name: str
    url: str
    days: list[date]


def run_whole_road(registry: str) -> None:
    """Run ingest, build and alert for every day of `sample`, `live` or a folder of daily files.

    Raises:
        GateFailed: a gate held one day or more; the other days are published.
    """
    started = time.monotonic()
    with _running_registry(registry) as source:
        settings = _enter_home_of(source)
        with _slack(settings) as messages_file:
            already_sent = len(_messages(messages_file))
            held = _run_days(settings, source)
            sent = _messages(messages_file)
    _show_messages(sent[already_sent:], already_sent)
    _show_result(settings, time.monotonic() - started)
    if held:
        raise GateFailed(f"held: {', '.join(str(day) for day in held)}; each reason is above")


def airflow_over(registry: str, port: int) -> None:
    """Airflow's own services on a registry, until Ctrl-C; nothing runs before `ctgov_ingest` is unpaused."""
    from trialhouse.airflow_services import airflow_up

    with _running_registry(registry) as source:
        settings = _enter_home_of(source)
        with _slack(settings):
            if settings.registry_can_replay:
                first, last = source.days[0], source.days[-1]
                _say(f"unpause ctgov_ingest, then trigger it with partition keys {first} to {last}")
            airflow_up(settings, port, tell=_say)


def _say(line: str, end: str = "\n") -> None:
    """Speak to the person even while Airflow has taken stdout for its own log."""
    sys.__stdout__.write(line + end)  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]


# ---------- what the road runs on


@contextmanager
def _running_registry(registry: str) -> Iterator[RunningRegistry]:
    """The live registry's present, or days served on loopback for as long as they are needed."""
    if registry == "live":
        yield RunningRegistry("clinicaltrials.gov", LIVE_REGISTRY_URL, [])
        return
    from trialhouse.local_registry import open_source
    from trialhouse.local_registry.server import running

    opened = open_source(registry)
    name = registry if registry == "sample" else f"replayed {Path(registry).resolve()}"
    with running(opened) as address:
        yield RunningRegistry(name, f"{address}/days/{{snapshot_date}}/api/v2", list(opened.days()))


def _live_day(settings: Settings) -> date:
    """The day a live registry serves now."""
    from trialhouse.pace import Pace
    from trialhouse.registry import Registry

    lake = Lake(settings.lake)
    pace = Pace(lake.pace_file, settings.seconds_between_requests)
    _say(f"asking {settings.registry_url} ...")
    with lake.writer_lock(), Registry(settings.registry_url, pace) as registry:
        return registry.version().snapshot_date


def _enter_home_of(source: RunningRegistry) -> Settings:
    """Point the environment at this registry and at a home that holds no other one."""
    home = os.environ.get("TRIALHOUSE_HOME")
    if home is None:
        home = str(_home_for(source.name))
    os.environ.update(
        TRIALHOUSE_HOME=home, TRIALHOUSE_REGISTRY_URL=source.url, TRIALHOUSE_REGISTRY_NAME=source.name
    )
    settings = load_settings()
    _say(f"registry  {source.name}\nhome      {settings.home}")
    return settings


def _home_for(registry_name: str) -> Path:
    """The default home, unless another registry lives there already: then one beside it."""
    if Lake(DEFAULT_HOME / "lake" / "ctgov").owner() in (None, registry_name):
        return DEFAULT_HOME
    slug = re.sub(r"[^A-Za-z0-9]+", "-", Path(registry_name).name).strip("-").lower()
    return DEFAULT_HOME.with_name(f"{DEFAULT_HOME.name}-{slug}")


@contextmanager
def _slack(settings: Settings) -> Iterator[Path]:
    """A stand-in for Slack, unless the registry is real or the environment names a connection.

    Real news is never told to a stand-in: without a connection it waits in the outbox.
    """
    from trialhouse.slack_stand_in import running_slack

    with running_slack(settings.home / "slack") as (address, messages_file):
        connection = {"conn_type": "slackwebhook", "host": f"{address}/services", "password": "T000/B000/XXX"}
        for conn_id in (settings.slack_conn_id, settings.data_conn_id):
            variable = f"AIRFLOW_CONN_{conn_id.upper()}"
            if variable not in os.environ and settings.registry_can_replay:
                _say(f"no {variable} is set: its messages go to {messages_file}")
                os.environ[variable] = json.dumps(connection)
        yield messages_file


# ---------- the days


def _run_days(settings: Settings, source: RunningRegistry) -> list[date]:
    """Every day in order; returns those a gate held."""
    from trialhouse.airflow_home import prepare_airflow

    _say("preparing Airflow ...")
    prepare_airflow(settings)
    _show_progress_of_long_work(settings)
    return [day for day in source.days or [_live_day(settings)] if not _run_day(settings, day)]


def _run_day(settings: Settings, day: date) -> bool:
    """One day through the three DAGs; False when a gate held it."""
    from trialhouse.airflow_home import run_day
    from trialhouse.gates import flagged_days, flagged_event_keys
    from trialhouse.warehouse import awaits_build

    started = time.monotonic()
    _say(f"{day}", end="")
    run_day("ctgov_ingest", day)
    _say(_counts(settings, day), end="")
    try:
        if awaits_build(settings, day) or day not in flagged_days(settings):
            _run_and_go_on("ctgov_build", day)
        _run_and_go_on("ctgov_alert", day)
    except GateFailed as error:
        _say(f"  HELD\n{error}")
        return False
    _say(f"  {len(flagged_event_keys(settings, day)):>3} flagged  {time.monotonic() - started:5.1f} s")
    return True


def _run_and_go_on(dag_id: str, day: date) -> None:
    """One DAG; messages that were not accepted wait in the outbox and hold nothing."""
    from trialhouse.airflow_home import run_day

    try:
        run_day(dag_id, day)
    except DeliveryFailed as error:
        _say(f"\n{error}")


def _counts(settings: Settings, day: date) -> str:
    manifest = Lake(settings.lake).manifest(day)
    return (
        f"  {manifest.studies_count:>6} records  {manifest.new_count:>4} new"
        f"  {manifest.returned_count:>3} returned  {manifest.changed_count:>4} changed"
        f"  {manifest.vanished_count:>3} vanished  {manifest.silent_changed_count:>3} silent"
    )


def _show_progress_of_long_work(settings: Settings) -> None:
    """Airflow keeps our log in its file; work of many minutes also tells the person how far it is."""
    handler = logging.StreamHandler(sys.__stdout__)
    handler.setFormatter(logging.Formatter("\n  %(message)s"))
    logging.getLogger("trialhouse.download" if settings.registry_can_replay else "trialhouse").addHandler(
        handler
    )


# ---------- what the person sees at the end


def _messages(messages_file: Path) -> list[dict[str, Any]]:
    if not messages_file.exists():
        return []
    return [json.loads(line) for line in messages_file.read_text(encoding="utf-8").splitlines()]


def _show_messages(messages: list[dict[str, Any]], already_sent: int) -> None:
    _say(f"\nSlack: {len(messages)} messages delivered in this run, {already_sent} in earlier ones")
    for message in messages:
        _say(f"  {message['text']}")
        said = [block["text"]["text"] for block in message["blocks"][2:4] if "text" in block]
        for text in said:
            _say(f"      {textwrap.shorten(text, 90)}")


def _show_result(settings: Settings, seconds: float) -> None:
    import duckdb

    if not settings.published_file.exists():
        _say("\nnothing is published")
        return
    with duckdb.connect(str(settings.published_file), read_only=True) as con:
        newest = con.execute(
            "select nct_id from marts.fct_trial_events where severity = 'P1'"
            " order by snapshot_date desc, nct_id limit 1"
        ).fetchone()
    nct_id = newest[0] if newest else "NCT07146087"
    _say(f"\npublished {settings.published_file}")
    _say(f"Parquet   {settings.published_parquet}")
    _say(f"gates     {settings.gates_folder}")
    _say(f"seconds   {seconds:.0f}\n\ntry next:")
    home = f"TRIALHOUSE_HOME={settings.home} " if settings.home != DEFAULT_HOME else ""
    for query in QUERIES:
        _say(f'  {home}.venv/bin/trialhouse sql "{query.format(nct_id=nct_id)}"')
