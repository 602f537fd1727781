"""What a watchlist hears of: events of the published file that its trials had on some days."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from trialhouse.alerts.watchlists import Trials, Watchlist
from trialhouse.errors import SettingsInvalid

# One condition a kind of wish; `patterns` is bound to what the watchlist names, `candidates` are the events.
TRIALS_OF_KIND = {
    "nct_ids": "select nct_id from candidates where list_contains($patterns, nct_id)",
    "sponsors": """
        select nct_id from marts.fct_trial_sponsors semi join candidates using (nct_id)
        where list_bool_or([sponsor_name ilike p escape '\\' for p in $patterns])
    """,
    "conditions": """
        select nct_id from marts.fct_trial_conditions semi join candidates using (nct_id)
        where list_bool_or([condition_name ilike p escape '\\' for p in $patterns])
    """,
    "mesh_terms": """
        select nct_id from marts.fct_trial_mesh_terms semi join candidates using (nct_id)
        where list_bool_or([mesh_term ilike p escape '\\' for p in $patterns])
    """,
    "interventions": """
        select nct_id
        from (
            select nct_id, unnest(list_append(other_names, intervention_name)) as name
            from marts.fct_trial_interventions
            semi join candidates using (nct_id)
            union all
            select nct_id, mesh_term
            from marts.fct_trial_mesh_terms
            semi join candidates using (nct_id)
            where subject = 'INTERVENTION'
        )
        where list_bool_or([name ilike p escape '\\' for p in $patterns])
    """,
    "countries": """
        select nct_id from marts.fct_trial_countries semi join candidates using (nct_id)
        where not is_removed and list_bool_or([country ilike p escape '\\' for p in $patterns])
    """,
    "phases": "select nct_id from marts.dim_trials where list_has_any(phases, $patterns)",
}
# A trial that left what a watchlist watches is news to it too: it was of the kind before the event.
FORMERLY_OF_KIND = {
    "sponsors": """
        event_type in ('SPONSOR_CHANGED', 'SPONSOR_RENAMED')
        and list_bool_or([before_value ilike p escape '\\' for p in $patterns])
    """,
    "countries": """
        event_type = 'COUNTRY_REMOVED'
        and list_bool_or([(details ->> 'item') ilike p escape '\\' for p in $patterns])
    """,
    "interventions": """
        event_type in ('INTERVENTION_REMOVED', 'INTERVENTION_RENAMED')
        and list_bool_or([coalesce(before_value, details ->> 'item') ilike p escape '\\' for p in $patterns])
    """,
    "phases": "event_type = 'PHASE_CHANGED' and list_has_any(string_split(before_value, ' | '), $patterns)",
}
CANDIDATES = """
    create or replace temp table candidates as
    select *
    from marts.fct_trial_events as event
    where
        event.snapshot_date in (select unnest($days))
        and (
            (
                (len($types) = 0 or list_contains($types, event.event_type))
                and list_contains($severities, event.severity)
                and (
                    $moved_later_by is null
                    or event.event_type not in ('START_MOVED', 'PCD_MOVED', 'CD_MOVED')
                    or cast(event.details ->> 'days_moved' as bigint) >= $moved_later_by
                )
            )
            or exists (
                select 1
                from marts.fct_trial_events as told
                where
                    told.event_key in (select unnest($told))
                    and told.nct_id = event.nct_id
                    and told.snapshot_date < event.snapshot_date
                    and starts_with(event.event_type, 'STATUS_')
                    and cast(event.details ->> 'is_taken_back_or_takes_back' as boolean)
                    and cast(told.details ->> 'is_taken_back_or_takes_back' as boolean)
            )
        )
"""
ALL_TRIALS = """
    create or replace temp table candidates as
    select
        nct_id,
        cast(null as varchar) as event_type,
        cast(null as varchar) as before_value,
        cast(null as varchar) as details
    from marts.dim_trials
"""
NEWS = """
    select
        event.event_key,
        event.event_type,
        event.severity,
        event.snapshot_date,
        event.nct_id,
        event.before_value,
        event.after_value,
        event.why_stopped,
        event.details,
        event.observed_after,
        event.observed_at,
        event.is_silent,
        trial.brief_title,
        trial.overall_status as status_now,
        trial.why_stopped as why_stopped_now,
        trial.phase_label,
        trial.lead_sponsor_name,
        trial.lead_sponsor_class,
        trial.enrollment_count,
        trial.enrollment_type,
        trial.primary_completion_date_text,
        trial.sites_count,
        trial.countries,
        coalesce(trial.quality_flags, []) as quality_flags,
        reason.stop_reason_label,
        pauses.suspended_count as similar_pauses_count,
        pauses.share_restarted_within_365_days
    from {events} as event
    left join marts.dim_trials as trial on event.nct_id = trial.nct_id
    left join marts.dim_stop_reasons as reason
        on if(starts_with(event.event_type, 'STATUS_'), event.details ->> 'stop_reason', trial.stop_reason)
            = reason.stop_reason
    left join marts.dim_stop_reasons as pauses
        on
            reason.stop_reason = pauses.stop_reason
            and if(starts_with(event.event_type, 'STATUS_'), event.after_value, trial.overall_status)
            = 'SUSPENDED'
    order by event.snapshot_date, event.nct_id, event.severity, event.event_type, event.event_key
"""
TAKEN_BACK = """
    select event_key
    from marts.fct_trial_events
    where
        event_key in (select unnest($keys))
        and cast(details ->> 'is_taken_back_or_takes_back' as boolean)
"""


@dataclass(frozen=True, slots=True)
class News:
    """One event with what a reader needs to judge it: columns of fct_trial_events and dim_trials.

    observed_after, observed_at: data timestamps of the two snapshots between which the record changed.
    details: as docs/events.md says, by type. status_now, why_stopped_now: of the trial as published.
    similar_pauses_count, share_…: dim_stop_reasons of a suspension.
    """

    event_key: str
    event_type: str
    severity: str
    snapshot_date: date
    nct_id: str
    before_value: str | None
    after_value: str | None
    why_stopped: str | None
    details: dict[str, Any]
    observed_after: datetime | None
    observed_at: datetime | None
    is_silent: bool
    brief_title: str | None
    status_now: str | None
    why_stopped_now: str | None
    phase_label: str | None
    lead_sponsor_name: str | None
    lead_sponsor_class: str | None
    enrollment_count: int | None
    enrollment_type: str | None
    primary_completion_date_text: str | None
    sites_count: int | None
    countries: list[str] | None
    quality_flags: list[str]
    stop_reason_label: str | None
    similar_pauses_count: int | None
    share_restarted_within_365_days: float | None


class PublishedNews:
    """The published file, open for reading; close it when done."""

    def __init__(self, file: Path) -> None:
        self._con = duckdb.connect(str(file), read_only=True)
        self._con.execute("set enable_progress_bar = false")

    def __enter__(self) -> "PublishedNews":
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def of(self, watchlist: Watchlist, days: Collection[date], told: Collection[str]) -> list[News]:
        """Events of those days that the watchlist asks for, oldest first.

        told: keys of events it has heard of: what takes one of them back the next day is news too.

        Raises:
            SettingsInvalid: the SQL condition of the watchlist does not fit dim_trials.
        """
        wish = watchlist.wish
        self._con.execute(
            CANDIDATES,
            {
                "days": sorted(days),
                "types": list(wish.events),
                "severities": list(wish.severities),
                "told": sorted(told),
                "moved_later_by": wish.moved_later_by,
            },
        )
        self._keep_trials(wish.trials, watchlist.place)
        return self._news("candidates", {})

    def by_keys(self, keys: Collection[str]) -> list[News]:
        """Those of the events that are still there."""
        chosen = "(select * from marts.fct_trial_events where event_key in (select unnest($keys)))"
        return self._news(chosen, {"keys": sorted(keys)})

    def taken_back(self, keys: Collection[str]) -> set[str]:
        """Those of the events that the next day took back, or that took one back."""
        return {key for (key,) in self._con.execute(TAKEN_BACK, {"keys": sorted(keys)}).fetchall()}

    def watched_count(self, watchlist: Watchlist) -> int:
        """How many trials the watchlist has an eye on now."""
        self._con.execute(ALL_TRIALS)
        self._keep_trials(watchlist.wish.trials, watchlist.place)
        return int(self._con.execute("select count(*) from candidates").fetchall()[0][0])

    def data_timestamp(self, day: date) -> datetime | None:
        """Of the registry's data of a published day."""
        rows = self._con.execute(
            "select data_timestamp from marts.dim_snapshots where snapshot_date = $1", [day]
        ).fetchall()
        return rows[0][0] if rows else None

    def _keep_trials(self, trials: Trials, place: str) -> None:
        for kind, chosen in TRIALS_OF_KIND.items():
            names: Sequence[str] = getattr(trials, kind)
            if names:
                formerly = FORMERLY_OF_KIND.get(kind, "false")
                self._con.execute(
                    f"delete from candidates where nct_id not in ({chosen}"
                    f" union all select nct_id from candidates where {formerly})",
                    {"patterns": [_pattern(name) for name in names] if "ilike" in chosen else list(names)},
                )
        if trials.where:
            try:
                self._con.execute(
                    "delete from candidates"
                    f" where nct_id not in (select nct_id from marts.dim_trials where (\n{trials.where}\n))"
                )
            except duckdb.Error as error:
                what = str(error).splitlines()[0]
                raise SettingsInvalid(f"{place}: `where` does not fit dim_trials: {what}") from error

    def _news(self, events: str, parameters: dict[str, Any]) -> list[News]:
        cursor = self._con.execute(NEWS.format(events=events), parameters)
        names = [column[0] for column in cursor.description or []]
        rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
        return [News(**row | {"details": json.loads(row["details"] or "{}")}) for row in rows]


def _pattern(name: str) -> str:
    """A name as SQL's ILIKE wants it: `*` for anything, all else for itself."""
    for mark in "\\%_":
        name = name.replace(mark, f"\\{mark}")
    return name.replace("*", "%")
