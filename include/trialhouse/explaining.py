"""Why somebody was told of an event: its two versions, their bytes, the code; and the event made again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import duckdb

from trialhouse.alerts.watchlists import event_words
from trialhouse.cli_diff import diff_page
from trialhouse.errors import BuildFailed, EventDiffers, SettingsInvalid
from trialhouse.lake import remove
from trialhouse.receipts import receipts_of
from trialhouse.settings import Settings
from trialhouse.untrusted_text import one_line
from trialhouse.warehouse import build_marts, published_build

SHORTEST_KEY = 8
Event = dict[str, Any]

# The newest stretch of days on which we saw a content, begun on or before a day.
VERSION = """
    select version_number, content_hash, source, clock, dated_on, last_day, submitted_on, posted_on
    from marts.fct_trial_versions
    where nct_id = $nct_id and content_hash = $content_hash and dated_on <= $day and not is_overruled
    order by source = 'SNAPSHOTS' desc, dated_on desc
    limit 1
"""


def explanation_of(settings: Settings, key: str) -> Iterator[str]:
    """The lines of the page; `key` may be the beginning of an event's key.

    Raises:
        SettingsInvalid: no event has that key, or several have.
        LakeDamaged: a raw file is not what its manifest says.
    """
    with duckdb.connect(str(settings.published_file), read_only=True) as con:
        event = find_event(con, key)
        yield from _event_lines(con, event)
        versions = [_version(con, event, side) for side in ("from_content_hash", "to_content_hash")]
        yield from _version_lines(versions)
        if all(versions) and versions[0] != versions[1]:
            earlier, later = (version["version_number"] for version in versions if version)
            yield "\nwhat changed"
            con.execute("set schema = 'marts'")
            yield from (f"  {line}" for line in diff_page(con, event["nct_id"], earlier, later))
    for version in versions:
        if version:
            yield "\nwhere it came from"
            for receipt in receipts_of(settings, event["nct_id"], version["content_hash"]):
                yield from (f"  {line}" for line in receipt.lines())
    yield from _rule_lines(settings, event)


def replay_event(settings: Settings, key: str) -> Iterator[str]:
    """Make every mart again from the lake, beside what is published, and compare the event's row.

    Raises:
        EventDiffers: names each column that is not the same, or that the event was not made.
    """
    with duckdb.connect(str(settings.published_file), read_only=True) as con:
        event = find_event(con, key)
        ((trials,),) = con.execute("select count(*) from marts.dim_trials").fetchall()
    receipt = published_build(settings)
    if receipt is None:
        raise BuildFailed("nothing is published yet: publish a build first")
    yield f"making all marts of {trials:,} trials again from {settings.lake} ..."
    again = _made_again(settings, receipt.newest_snapshot_date, event["event_key"])
    if again is None:
        raise EventDiffers(f"{event['event_key']}: the lake does not make this event")
    differing = [name for name in event if event[name] != again[name]]
    if differing:
        raise EventDiffers(
            "\n".join(
                f"{name}: published {_shown(event[name])}, from the lake {_shown(again[name])}"
                for name in differing
            )
        )
    yield f"{event['event_key']}: the same, all {len(event)} columns"


def find_event(con: duckdb.DuckDBPyConnection, key: str) -> Event:
    """The event whose key begins so."""
    if len(key) < SHORTEST_KEY:
        raise SettingsInvalid(f"give at least {SHORTEST_KEY} characters of the event's key, not {key!r}")
    found = _rows(
        con, "select * from marts.fct_trial_events where starts_with(event_key, $key)", {"key": key}
    )
    if not found:
        raise SettingsInvalid(
            f"no published event has the key {key}; keys stand in fct_trial_events.event_key"
        )
    if len(found) > 1:
        raise SettingsInvalid(f"{len(found)} events have keys that begin with {key}: give more of it")
    return found[0]


def _made_again(settings: Settings, day: date, event_key: str) -> Event | None:
    scratch = replace(settings, home=settings.home / f"replay-{uuid4().hex[:8]}")
    scratch.home.mkdir()
    try:
        for shared in ("lake", "gates"):
            if (settings.home / shared).exists():
                (scratch.home / shared).symlink_to(settings.home / shared)
        build_marts(scratch, day)
        with duckdb.connect(str(scratch.build_file), read_only=True) as con:
            query = "select * from marts.fct_trial_events where event_key = $key"
            found = _rows(con, query, {"key": event_key})
        return found[0] if found else None
    finally:
        remove(scratch.home)


def _event_lines(con: duckdb.DuckDBPyConnection, event: Event) -> Iterator[str]:
    titles = con.execute(
        "select brief_title from marts.dim_trials where nct_id = $1", [event["nct_id"]]
    ).fetchall()
    yield f"event      {event['event_key']}"
    meaning = event_words()[event["event_type"]].meaning
    yield f"type       {event['event_type']}, {event['severity']}: {meaning}"
    yield f"trial      {event['nct_id']} {_shown(titles[0][0] if titles else None)}"
    yield f"field      {_shown(event['path'])}"
    yield f"was        {_shown(event['before_value'])}"
    yield f"is         {_shown(event['after_value'])}"
    yield f"reason     {_shown(event['why_stopped'])}"
    yield f"submitted  {event['submitted_on']} (the sponsor's clock)"
    yield f"posted     {event['posted_on']} (the registry's clock)"
    yield f"seen       after {event['observed_after']}, by {event['observed_at']} (data timestamps)"
    yield f"silent     {'yes: changed without a new version' if event['is_silent'] else 'no'}"
    yield f"details    {_shown(event['details'])}"


def _version(con: duckdb.DuckDBPyConnection, event: Event, side: str) -> Event | None:
    asked = {"nct_id": event["nct_id"], "content_hash": event[side], "day": event["snapshot_date"]}
    found = _rows(con, VERSION, asked) if event[side] else []
    return found[0] if found else None


def _version_lines(versions: list[Event | None]) -> Iterator[str]:
    for name, version in zip(("before", "after"), versions, strict=True):
        if version is None:
            yield f"{name:<10} no version"
            continue
        until = version["last_day"] or "now"
        yield (
            f"{name:<10} version {version['version_number']}, {version['content_hash']},"
            f" {version['source']} by {version['clock']}: {version['dated_on']} to {until}"
        )


def _rule_lines(settings: Settings, event: Event) -> Iterator[str]:
    receipt = published_build(settings)
    yield "\nmade by"
    yield f"  rule     {event['event_type']} of dbt_project/seeds/event_types.csv, model fct_trial_events"
    if receipt:
        yield f"  build    {receipt.build_id} of {receipt.newest_snapshot_date}"
        yield f"  code     {receipt.code} (hash of dbt_project and include)"
    yield f"  again    trialhouse replay {event['event_key']}"


def _rows(con: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any]) -> list[Event]:
    cursor = con.execute(query, values)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _shown(value: object) -> str:
    """Untrusted text for a terminal."""
    return "nothing" if value is None else one_line(str(value))
