"""What changed from one built day to the next, in whatever order days land and whichever are held."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import MONDAY, a_study
from trialhouse.download import write_lines
from trialhouse.duckdb_session import working_connection
from trialhouse.lake import Lake
from trialhouse.landing import land
from trialhouse.landing_tables import LandingTables
from trialhouse.presence_changes import create_presence_changes, presence_files
from trialhouse.reading import Reading, index_records, listing_of
from trialhouse.registry import DataVersion

TRIALS = ("NCT90000001", "NCT90000002", "NCT90000003")
DAYS = [MONDAY + timedelta(days=number) for number in range(5)]

Change = tuple[str, date, str | None]


@dataclass(frozen=True)
class TrialDay:
    """What the registry has of a trial on a day (nothing: not listed), and whether a sweep reads it."""

    title: str | None
    is_read: bool


trial_days = st.builds(TrialDay, st.sampled_from([None, "A", "B"]), st.booleans())
days_of_trials = st.fixed_dictionaries(
    {day: st.fixed_dictionaries(dict.fromkeys(TRIALS, trial_days)) for day in DAYS}
)


class SmallLake:
    """A lake whose days land in any order, and in plain Python what each day's presence must say."""

    def __init__(self, root: Path) -> None:
        self.lake = Lake(root / "lake")
        self.spill = root / "spill"
        self.rows: dict[date, dict[str, str]] = {}
        self.read: dict[date, set[str]] = {}
        self.hashes: dict[tuple[str, str], str] = {}

    def land(self, day: date, trials: dict[str, TrialDay]) -> None:
        before = self.rows.get(max((known for known in self.rows if known < day), default=day), {})
        listed = {nct_id: trial for nct_id, trial in trials.items() if trial.title}
        read = {nct_id for nct_id, trial in listed.items() if trial.is_read or nct_id not in before}
        self.read[day] = read
        self.rows[day] = {
            nct_id: str(trial.title) if nct_id in read else before[nct_id] for nct_id, trial in listed.items()
        }
        page = self.lake.root / f"page-{day}.jsonl.zst"
        page.parent.mkdir(parents=True, exist_ok=True)
        write_lines(
            page,
            [
                json.dumps(a_study(nct_id, identificationModule__briefTitle=listed[nct_id].title)).encode()
                for nct_id in sorted(read)
            ],
        )
        index = index_records([page])
        for nct_id, content_hash in zip(
            index["nct_id"].to_pylist(), index["content_hash"].to_pylist(), strict=True
        ):
            self.hashes[nct_id, str(listed[nct_id].title)] = content_hash
        version = DataVersion("2.0.5", datetime(day.year, day.month, day.day, 9))
        reading = Reading(
            version=version,
            sync_mode="sweep",
            total_count=len(listed),
            listed_count=len(listed),
            listed=listing_of(set(listed)),
            record_pages=[page],
            lines_count=len(index),
            index=index,
        )
        with working_connection(self.spill) as con:
            land(LandingTables(self.lake, day, con, set()), reading, version)

    def expected(self, built: list[date]) -> set[Change]:
        """The newest content read on a built day up to each; where none was, what its presence carries."""
        changes: set[Change] = set()
        for nct_id in TRIALS:
            last_read: str | None = None
            before: str | None = None
            for day in built:
                now = self.rows[day].get(nct_id)
                if now is not None:
                    last_read = now if nct_id in self.read[day] else last_read
                    now = last_read or now
                if now != before:
                    changes.add((nct_id, day, self.hashes[nct_id, now] if now else None))
                before = now
        return changes

    def found(self, built: list[date]) -> set[Change]:
        with duckdb.connect() as con:
            create_presence_changes(con, "changes", self.lake, built)
            rows = con.execute("select nct_id, snapshot_date, content_hash from changes").fetchall()
        assert len(rows) == len(set(rows))
        return set(rows)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=days_of_trials, order=st.permutations(DAYS), held=st.sets(st.sampled_from(DAYS), max_size=2))
def test_changes_are_those_that_a_look_at_each_day_finds(
    days: dict[date, dict[str, TrialDay]], order: list[date], held: set[date], tmp_path_factory: object
) -> None:
    lake = SmallLake(tmp_path_factory.mktemp("lake"))  # type: ignore[attr-defined]
    for day in order:
        lake.land(day, days[day])
    built = [day for day in DAYS if day not in held]
    assert lake.found(built) == lake.expected(built)


def all_listed(title: str) -> dict[str, TrialDay]:
    return {nct_id: TrialDay(title, is_read=True) for nct_id in TRIALS}


def test_days_that_landed_in_order_are_told_by_their_changes_alone(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path)
    for day in DAYS[:3]:
        lake.land(day, all_listed("A") | {TRIALS[0]: TrialDay(str(day), is_read=True)})
    assert presence_files(lake.lake, DAYS[:3]) == [
        lake.lake.presence_file(DAYS[0]),
        lake.lake.changes_file(DAYS[1]),
        lake.lake.changes_file(DAYS[2]),
    ]
    assert lake.found(DAYS[:3]) == lake.expected(DAYS[:3])


def test_a_content_that_was_carried_is_that_of_the_newest_day_read_before(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path)
    monday, tuesday, wednesday = DAYS[:3]
    lake.land(monday, all_listed("A"))
    lake.land(wednesday, {nct_id: TrialDay("B", is_read=False) for nct_id in TRIALS})
    lake.land(tuesday, all_listed("B"))
    content = lake.hashes[TRIALS[0], "B"]
    changes = [(day, found) for nct_id, day, found in sorted(lake.found(DAYS[:3])) if nct_id == TRIALS[0]]
    assert changes == [(monday, lake.hashes[TRIALS[0], "A"]), (tuesday, content)]


def test_a_trial_that_only_a_held_day_lists_never_was(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path)
    monday, tuesday, wednesday, thursday = DAYS[:4]
    lake.land(wednesday, all_listed("A"))
    for day in (tuesday, monday, thursday):
        lake.land(day, all_listed("A") | {TRIALS[0]: TrialDay(None, is_read=False)})
    built = [monday, tuesday, thursday]
    assert {nct_id for nct_id, _, _ in lake.found(built)} == set(TRIALS[1:])
    assert lake.found(built) == lake.expected(built)
