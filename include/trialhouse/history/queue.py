"""Which trials' histories to read next: named, begun, lately changed, late phases, at last those refused."""

from dataclasses import dataclass
from datetime import date

import duckdb

from trialhouse.errors import SettingsInvalid
from trialhouse.history.plan import WANTED_LABELS
from trialhouse.lake import Lake
from trialhouse.presence import POST_DATE_PATH, presence_rows, version_rows

TRIALS_PER_RUN = 100
RECENT_DAYS = 30

_RECENT = 2
# A trial that was refused is asked for again when nothing else is left, longest ago first, or when its
# record changes: it must never hold up the others.
_REFUSED_BEFORE = 8

_IS_READ = "listed_content_hash is not distinct from content_hash"
_IS_DONE = f"""coalesce(
    not has_gaps and {_IS_READ} and list_has_all(planned_labels, $labels::varchar[]), false
)"""

_KNOWN_VERSIONS = """(
    select list(version_number) from landed_versions where landed_versions.nct_id = candidates.nct_id
)"""


@dataclass(frozen=True, slots=True)
class HistoryWish:
    """What a run is asked for; nct_ids come first, labels are the plan, `None` is the newest landed day."""

    nct_ids: tuple[str, ...] = ()
    only_named: bool = False
    limit: int = TRIALS_PER_RUN
    labels: tuple[str, ...] = WANTED_LABELS
    snapshot_date: date | None = None


@dataclass(frozen=True, slots=True)
class QueuedTrial:
    """A trial to read: the hash of its record on the day, and the versions the lake has."""

    nct_id: str
    listed_content_hash: str | None
    known_versions: frozenset[int]


def queue_trials(
    con: duckdb.DuckDBPyConnection, lake: Lake, day: date, wish: HistoryWish, begun: list[str]
) -> list[QueuedTrial]:
    """The next trials in order; one is done as long as its record is what it was when all of it was read.

    Wants the views of `define_landed_tables`.

    Raises:
        SettingsInvalid: no record has landed.
    """
    _define_listed(con, lake, day)
    rows = con.execute(
        _next_trials(day),
        {
            "named": list(wish.nct_ids),
            "only_named": wish.only_named,
            "begun": begun,
            "labels": list(wish.labels),
            "limit": wish.limit,
        },
    ).fetchall()
    return [QueuedTrial(nct_id, content_hash, frozenset(known or [])) for nct_id, content_hash, known in rows]


def _define_listed(con: duckdb.DuckDBPyConnection, lake: Lake, day: date) -> None:
    """A view of the day's trials: content hash, post date, phases."""
    if not lake.versions_files(lake.days()):
        raise SettingsInvalid(f"no record has landed in {lake.root}; run `trialhouse sync` first")
    con.execute(f"""
        create or replace temp view listed as
        select
            present.nct_id,
            present.content_hash,
            versions.posted_on,
            versions.phases
        from ({presence_rows(lake, [day])}) as present
        left join (
            select
                nct_id,
                content_hash,
                try_cast({POST_DATE_PATH} as date) as posted_on,
                protocolSection.designModule.phases as phases
            from ({version_rows(lake)})
        ) as versions using (nct_id, content_hash)
    """)


def _next_trials(day: date) -> str:
    """SQL: the trials that are not done, in order; wants named, begun, labels and limit."""
    return f"""
        with named as (
            select unnest($named::varchar[]) as nct_id, generate_subscripts($named::varchar[], 1) as place
        ),
        candidates as (
            select *, {_rank(day)} as rank
            from listed
            full join named using (nct_id)
            left join landed_trials using (nct_id)
        )
        select nct_id, content_hash, {_KNOWN_VERSIONS}
        from candidates
        where not {_IS_DONE} and (place is not null or not $only_named)
        order by
            rank,
            place,
            if(rank = {_RECENT}, posted_on, null) desc,
            if(rank = {_REFUSED_BEFORE}, fetched_at, null),
            nct_id
        limit $limit
    """


def _rank(day: date) -> str:
    """SQL: which group a candidate belongs to; 0 goes first."""
    return f"""
        case
            when has_gaps and {_IS_READ} then {_REFUSED_BEFORE}
            when place is not null then 0
            when list_contains($begun::varchar[], nct_id) then 1
            when posted_on >= date '{day}' - {RECENT_DAYS} then {_RECENT}
            when list_has_any(phases, ['PHASE4', 'PHASE3']) then 3
            when list_contains(phases, 'PHASE2') then 4
            when list_contains(phases, 'PHASE1') then 5
            when list_contains(phases, 'EARLY_PHASE1') then 6
            else 7
        end
    """
