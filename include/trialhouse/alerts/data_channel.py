"""News of the pipeline for those who keep it, in a channel of their own: days held or not landed, flags.

It says that no change alerts were sent, so that a quiet channel of alerts is not taken for a quiet day.
"""

import hashlib
import logging
import os
from datetime import date

from trialhouse.alerts.bulletins import flags_message, gate_message, stopped_message
from trialhouse.alerts.delivery import deliver
from trialhouse.alerts.messages import Payload
from trialhouse.alerts.outbox import NewMessage, Outbox
from trialhouse.alerts.watchlists import Channel
from trialhouse.errors import DeliveryFailed
from trialhouse.gate_messages import explanation
from trialhouse.judging import Verdict, stored_verdicts
from trialhouse.settings import Settings

log = logging.getLogger(__name__)

# No watchlist of YAML can have this name.
WATCHLIST = "_data_team"
# The tasks in which a gate holds a day.
GATES = {"check_raw", "check_marts", "flag_status_changes"}
# Flags that are news of trials, told by watchlists.
NEWS_OF_TRIALS = "fct_trial_events"


def tell_data_team(settings: Settings, day: date, failed_tasks: list[str]) -> int:
    """Tell what stopped a day or was flagged on it, each once; returns how many messages were sent.

    Raises:
        DeliveryFailed: the message was not accepted; it stays in the outbox.
    """
    if not _has_channel(settings):
        log.warning("no Airflow connection %s: nobody is told of %s", settings.data_conn_id, day)
        return 0
    outbox = Outbox(settings.outbox_url)
    outbox.begin_watchlist(WATCHLIST, day)
    payload = _news(settings, day, failed_tasks)
    if payload is not None:
        with outbox.locked(WATCHLIST) as connection:
            outbox.add_message(connection, WATCHLIST, NewMessage(_key(day, payload), "gate", day, payload))
    channel = Channel(connection=settings.data_conn_id, to=settings.data_channel)
    done = deliver(settings, outbox, WATCHLIST, channel)
    if done.refused:
        raise DeliveryFailed(f"the data channel never accepts {', '.join(done.refused)}")
    return done.sent


def _news(settings: Settings, day: date, failed_tasks: list[str]) -> Payload | None:
    verdicts = [
        verdict
        for verdict in stored_verdicts(settings, day)
        if verdict.result["suite_name"] != NEWS_OF_TRIALS
    ]
    page = str((settings.gates_folder / f"snapshot_date={day}" / "index.html").relative_to(settings.home))
    if any(verdict.broken_rules for verdict in verdicts) and not GATES.isdisjoint(failed_tasks):
        return gate_message(day, "\n".join(explanation(day, verdicts)), page)
    if failed_tasks:
        return stopped_message(day, failed_tasks)
    flags = [line for verdict in verdicts for line in _flags(verdict)]
    return flags_message(day, flags, page) if flags else None


def _flags(verdict: Verdict) -> list[str]:
    return [
        f"{verdict.name_of(rule)}: not so: {rule['expectation_config']['description']}"
        for rule in verdict.raised_flags
    ]


def _key(day: date, payload: Payload) -> str:
    """The same news of a day is told once, other news of it again."""
    said = repr(payload["blocks"]).encode()
    return f"{day}-{hashlib.blake2b(said, digest_size=8).hexdigest()}"


def _has_channel(settings: Settings) -> bool:
    from airflow.providers.common.compat.sdk import AirflowException, BaseHook

    if f"AIRFLOW_CONN_{settings.data_conn_id.upper()}" in os.environ:
        return True
    try:
        BaseHook.get_connection(settings.data_conn_id)
    except AirflowException:
        return False
    return True
