"""Gates and flags on small made-up days: what passes, what stops, what the error tells, what is left."""

import json
import logging
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trialhouse import gates
from trialhouse.download import write_lines
from trialhouse.errors import BuildFailed, GateFailed
from trialhouse.lake import Lake, Manifest
from trialhouse.presence import NCT_ID_PATH, SWEEP_COLUMNS, version_rows
from trialhouse.raw_verdicts import held_days
from trialhouse.record_type import typed_records
from trialhouse.settings import Settings, load_settings

# Of Great Expectations' own imports; everything else counts.
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")

DAY = date(2026, 2, 17)
NEXT_DAY = date(2026, 2, 18)
BUILD = {
    "build_id": "build-1",
    "snapshot_date": "2026-02-17",
    "newest_snapshot_date": "2026-02-17",
    "snapshots_count": 1,
}
TRIALS = [f"NCT9000000{number}" for number in range(1, 6)]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    return load_settings()


# ---------- builders


def a_presence_row(nct_id: str, **changes: Any) -> dict[str, Any]:
    row = {
        "nct_id": nct_id,
        "content_hash": f"hash of {nct_id}",
        "overall_status": "RECRUITING",
        "study_type": "INTERVENTIONAL",
        "brief_title": f"A made-up trial {nct_id}",
        "lead_sponsor_name": "Example Pharma",
        "last_update_post_date": "2026-02-16",
    }
    return row | changes


def five_rows() -> list[dict[str, Any]]:
    return [a_presence_row(nct_id) for nct_id in TRIALS]


def write_parquet(file: Path, rows: list[dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(f"{name} varchar" for name in rows[0])
    with duckdb.connect() as con:
        con.execute(f"create table rows ({columns})")
        con.executemany(
            f"insert into rows values ({', '.join('?' * len(rows[0]))})", [[*row.values()] for row in rows]
        )
        con.execute(f"copy rows to '{file}' (format parquet)")


def a_record(row: dict[str, Any]) -> bytes:
    """A record that is listed as the row says."""
    record: dict[str, Any] = {"hasResults": False}
    for column in SWEEP_COLUMNS:
        if row.get(column.name) is not None:
            put(record, column.path.split("."), row[column.name])
    put(record, NCT_ID_PATH.split("."), row["nct_id"])
    return json.dumps(record).encode()


def put(record: dict[str, Any], names: list[str], value: Any) -> None:
    for name in names[:-1]:
        record = record.setdefault(name, {})
    record[names[-1]] = value


def write_versions(lake: Lake, day: date, rows: list[dict[str, Any]]) -> dict[str, date]:
    """Versions of contents that no earlier day has; returns under which day each row's version lies."""
    with duckdb.connect() as con:
        earlier = con.execute(
            f"select nct_id, content_hash, snapshot_date from ({version_rows(lake)})"
            " where snapshot_date <> ?",
            [day],
        ).fetchall()
        known = {(nct_id, content_hash): landed for nct_id, content_hash, landed in earlier}
        new = [
            row for row in rows if row["content_hash"] and (row["nct_id"], row["content_hash"]) not in known
        ]
        file = lake.versions_file(day)
        if new:
            file.parent.mkdir(parents=True, exist_ok=True)
            page = file.with_name("page-00001.jsonl.zst")
            write_lines(page, [a_record(row) for row in new])
            con.register("hashes", pa.Table.from_pylist(new))
            con.execute(f"""
                copy (
                    select nct_id, content_hash, studies.* from {typed_records([page])} as studies
                    inner join hashes on studies.{NCT_ID_PATH} = hashes.nct_id
                ) to '{file}' (format parquet)
            """)
    return {row["nct_id"]: known.get((row["nct_id"], row["content_hash"]), day) for row in rows}


def land(settings: Settings, day: date, rows: list[dict[str, Any]], **changes: Any) -> None:
    """A landed day: versions, presence, manifest."""
    lake = Lake(settings.lake)
    version_dates = write_versions(lake, day, rows)
    present = {
        "nct_id": [row["nct_id"] for row in rows],
        "version_date": [version_dates[row["nct_id"]] if row["content_hash"] else None for row in rows],
        "read_on": [day for _ in rows],
    }
    lake.presence_file(day).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(present), lake.presence_file(day))
    values: dict[str, Any] = {
        "snapshot_date": day,
        "data_timestamp": datetime(day.year, day.month, day.day, 9, 0, 5),
        "data_timestamp_after": datetime(day.year, day.month, day.day, 9, 0, 5),
        "api_version": "2.0.5",
        "sync_mode": "full",
        "landed_at": datetime(2026, 11, 22, tzinfo=UTC),
        "trialhouse_version": "0.1.0",
        "total_count": len(rows),
        "listed_count": len(rows),
        "studies_count": len(rows),
        "previous_snapshot_date": None,
        "files": {},
    }
    counts = {name: 0 for name in Manifest.__struct_fields__ if name.endswith("_count")}
    lake.write_manifest(Manifest(**(counts | values | changes)))


def write_marts(
    file: Path,
    trials: list[str] = TRIALS,
    days: tuple[date, ...] = (DAY,),
    events: list[tuple[str, str, str, str]] | None = None,
    more_stretches: tuple[str, ...] = (),
) -> None:
    """A warehouse file with the marts the gates read; events are (key, nct_id, type, new status) of DAY."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with duckdb.connect(file) as con:
        con.execute("create schema marts")
        con.execute("create table marts.dim_snapshots (snapshot_date date)")
        con.execute(
            "create table marts.dim_trials"
            " (nct_id varchar, overall_status varchar, brief_title varchar, last_snapshot_date date)"
        )
        con.execute("create table marts.fct_status_history (nct_id varchar, status varchar)")
        con.execute(
            "create table marts.fct_trial_events (event_key varchar, nct_id varchar, event_type varchar,"
            " snapshot_date date, before_value varchar, after_value varchar)"
        )
        for day in days:
            con.execute("insert into marts.dim_snapshots values (?)", [day])
        for nct_id in trials:
            con.execute(
                "insert into marts.dim_trials values (?, 'RECRUITING', 'Title', ?)", [nct_id, days[-1]]
            )
        for nct_id in (*trials, *more_stretches):
            con.execute("insert into marts.fct_status_history values (?, 'RECRUITING')", [nct_id])
        for key, nct_id, event_type, status in events or []:
            con.execute(
                "insert into marts.fct_trial_events values (?, ?, ?, ?, 'RECRUITING', ?)",
                [key, nct_id, event_type, DAY, status],
            )


def build(settings: Settings, **marts: Any) -> None:
    """A finished build over a landed day of five records."""
    land(settings, DAY, five_rows())
    write_marts(settings.build_file, **marts)
    (settings.build_folder / "build.json").write_text(json.dumps(BUILD))


def receipt(settings: Settings) -> Path:
    return settings.gate_receipt


# ---------- what arrived


def test_a_sound_day_passes_and_leaves_data_docs(settings: Settings) -> None:
    land(settings, DAY, five_rows())
    gates.check_raw(settings, DAY)
    for suite, unmet in {"raw_ctgov__studies": [], "raw_ctgov__snapshots": ["missing_counts"]}.items():
        folder = settings.gates_folder / "snapshot_date=2026-02-17" / suite
        rules = json.loads((folder / "validation_result.json").read_text())["results"]
        found = [rule["expectation_config"]["kwargs"]["column"] for rule in rules if not rule["success"]]
        assert found == unmet
        page = (folder / "index.html").read_text()
        assert "every" in page or "record" in page
        assert "../" not in page


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"nct_id": "NCT123"}, "every id is NCT and eight digits"),
        ({"nct_id": TRIALS[1]}, "no id arrives twice in a day"),
        ({"nct_id": None}, "every record has an id"),
        ({"brief_title": None}, "at least 99 % of records have brief_title"),
        ({"lead_sponsor_name": None}, "at least 99 % of records have lead_sponsor_name"),
        (
            {"last_update_post_date": "2026-02"},
            "at least 99 % of last update post dates are days (yyyy-mm-dd)",
        ),
    ],
)
def test_a_bad_record_stops_the_day(settings: Settings, changes: dict[str, Any], rule: str) -> None:
    rows = five_rows()
    rows[0] |= changes
    land(settings, DAY, rows)
    with pytest.raises(GateFailed) as failure:
        gates.check_raw(settings, DAY)
    assert f"rule: {rule} (" in str(failure.value)
    assert str(rows[0]["nct_id"]) in str(failure.value)


@pytest.mark.parametrize("changes", [{"overall_status": "HALTED"}, {"study_type": "PLAY"}])
def test_a_code_never_seen_before_is_flagged_and_does_not_stop_the_day(
    settings: Settings, caplog: pytest.LogCaptureFixture, changes: dict[str, Any]
) -> None:
    rows = five_rows()
    rows[0] |= changes
    land(settings, DAY, rows)
    with caplog.at_level(logging.INFO):
        gates.check_raw(settings, DAY)
    assert "suite=raw_ctgov__studies rows=5 broken=0 flags=1" in caplog.text
    assert held_days(settings) == set()


def test_a_record_in_quarantine_that_never_was_loaded_is_not_judged(settings: Settings) -> None:
    blank = dict.fromkeys(a_presence_row(TRIALS[0])) | {"nct_id": TRIALS[0]}
    land(settings, DAY, [*five_rows()[1:], blank])
    gates.check_raw(settings, DAY)


def two_days_in_which_a_field_vanishes(settings: Settings, had: int, lost: int) -> None:
    rows = [row | {"acronym": "TRIAL"} for row in rows_of(had)]
    land(settings, DAY, rows)
    changed = [row | {"content_hash": "new", "acronym": None} for row in rows[:lost]]
    land(settings, NEXT_DAY, [*changed, *rows[lost:]])


def test_a_field_that_vanishes_from_many_records_stops_the_day(settings: Settings) -> None:
    two_days_in_which_a_field_vanishes(settings, had=40, lost=21)
    with pytest.raises(GateFailed, match=r"identificationModule\.acronym") as failure:
        gates.check_raw(settings, NEXT_DAY)
    assert "'lost_count': 21" in str(failure.value)
    assert "hasResults" not in str(failure.value)


def test_a_field_that_a_few_records_empty_does_not_stop_the_day(settings: Settings) -> None:
    two_days_in_which_a_field_vanishes(settings, had=40, lost=20)
    gates.check_raw(settings, NEXT_DAY)


def test_a_few_stubs_in_a_large_day_do_not_stop_it(settings: Settings) -> None:
    rows = [a_presence_row(f"NCT9{number:07}") for number in range(200)]
    rows[7] |= {"brief_title": None, "study_type": None}
    land(settings, DAY, rows)
    gates.check_raw(settings, DAY)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"total_count": 6}, "as many records were listed as the registry said it has"),
        ({"data_timestamp_after": datetime(2026, 2, 18)}, "the registry did not move while it was read"),
        ({"studies_count": 0}, "the day has records"),
        ({"quarantined_count": 21}, "at most 20 records of a day could not be loaded"),
    ],
)
def test_an_unsound_manifest_stops_the_day(settings: Settings, changes: dict[str, Any], rule: str) -> None:
    land(settings, DAY, five_rows(), **changes)
    with pytest.raises(
        GateFailed, match="raw_ctgov__snapshots of 2026-02-17: 1 of 12 rules not met"
    ) as failure:
        gates.check_raw(settings, DAY)
    assert f"rule: {rule} (" in str(failure.value)


def rows_of(count: int) -> list[dict[str, Any]]:
    return [a_presence_row(f"NCT9{number:07}") for number in range(count)]


def test_twenty_vanished_records_pass_and_a_late_day_may_land(settings: Settings) -> None:
    land(settings, DAY, rows_of(25))
    land(settings, NEXT_DAY, rows_of(5), previous_snapshot_date=DAY)
    gates.check_raw(settings, NEXT_DAY)
    assert held_days(settings) == set()


def test_a_loss_that_lasts_is_not_forgiven_the_day_after(settings: Settings) -> None:
    third_day = date(2026, 2, 19)
    land(settings, DAY, rows_of(26))
    gates.check_raw(settings, DAY)
    for day in (NEXT_DAY, third_day):
        land(settings, day, rows_of(5))
        with pytest.raises(GateFailed, match="at most 20 records vanished in a day"):
            gates.check_raw(settings, day)
    assert held_days(settings) == {NEXT_DAY, third_day}


def test_an_earlier_day_nobody_judged_is_judged_too(settings: Settings) -> None:
    land(settings, DAY, five_rows(), total_count=6)
    land(settings, NEXT_DAY, five_rows())
    gates.check_raw(settings, NEXT_DAY)
    assert held_days(settings) == {DAY}


def test_the_failure_says_what_where_and_who_acts(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [a_presence_row(f"NCT9{number:07}", last_update_post_date="soon") for number in range(30)]
    land(settings, DAY, rows)
    with caplog.at_level(logging.ERROR), pytest.raises(GateFailed) as failure:
        gates.check_raw(settings, DAY)
    message = str(failure.value)
    assert "raw_ctgov__studies of 2026-02-17: 1 of 12 rules not met" in message
    assert "saw: 30 of 30 rows break it" in message
    assert message.count("'last_update_post_date': 'soon'") == 20
    page = settings.gates_folder / "snapshot_date=2026-02-17" / "raw_ctgov__studies" / "index.html"
    assert f"read more: {page}" in message
    assert "soon" in page.read_text()
    assert "who acts: a data engineer" in message
    assert message.endswith("published file is untouched")
    assert message in caplog.text


def test_a_second_run_replaces_the_first_verdict(settings: Settings) -> None:
    land(settings, DAY, [a_presence_row("NCT1")])
    with pytest.raises(GateFailed):
        gates.check_raw(settings, DAY)
    land(settings, DAY, five_rows())
    gates.check_raw(settings, DAY)
    folder = settings.gates_folder / "snapshot_date=2026-02-17" / "raw_ctgov__studies"
    assert sorted(file.name for file in folder.iterdir()) == ["index.html", "validation_result.json"]
    assert json.loads((folder / "validation_result.json").read_text())["success"] is True


def test_a_red_day_is_held_until_it_is_judged_green(settings: Settings) -> None:
    land(settings, DAY, [a_presence_row("NCT1")])
    with pytest.raises(GateFailed):
        gates.check_raw(settings, DAY)
    assert held_days(settings) == {DAY}
    land(settings, DAY, five_rows())
    gates.check_raw(settings, DAY)
    assert held_days(settings) == set()


# ---------- what is about to be published


def test_a_sound_build_gets_a_receipt(settings: Settings) -> None:
    build(settings)
    gates.check_marts(settings, DAY)
    assert json.loads(receipt(settings).read_text()) == {
        "build_id": "build-1",
        "snapshot_date": "2026-02-17",
        "passed": True,
    }


@pytest.mark.parametrize(
    ("marts", "rule", "row"),
    [
        ({"trials": TRIALS[:4]}, "one row for every record the lake ever saw", "'observed_value': 4"),
        ({"trials": []}, "no core mart is empty", "dim_trials: {'row_count': 0, 'least_row_count': 1}"),
        ({"days": (date(2026, 2, 16),)}, "every landed day up to this one", "'missing_days': '2026-02-17'"),
        ({"days": (date(2026, 2, 16),)}, "as new as the day being published", "2026-02-16"),
    ],
)
def test_an_unsound_build_gets_no_receipt(
    settings: Settings, marts: dict[str, Any], rule: str, row: str
) -> None:
    build(settings, **marts)
    receipt(settings).write_text('{"passed": true}')
    with pytest.raises(GateFailed) as failure:
        gates.check_marts(settings, DAY)
    assert rule in str(failure.value)
    assert row in str(failure.value)
    assert not receipt(settings).exists()


def test_a_mart_much_smaller_than_the_published_one_stops(settings: Settings) -> None:
    build(settings)
    write_marts(settings.published_file, more_stretches=tuple(f"NCT8{number:07}" for number in range(60)))
    with pytest.raises(GateFailed, match=r"fct_status_history: \{'row_count': 5, 'least_row_count': 15\}"):
        gates.check_marts(settings, DAY)


def test_a_mart_a_little_smaller_than_the_published_one_passes(settings: Settings) -> None:
    build(settings)
    write_marts(settings.published_file, more_stretches=tuple(f"NCT8{number:07}" for number in range(50)))
    gates.check_marts(settings, DAY)


def test_a_day_that_landed_during_the_build_does_not_matter(settings: Settings) -> None:
    build(settings)
    land(settings, NEXT_DAY, [a_presence_row("NCT90000077")])
    gates.check_marts(settings, DAY)


def test_a_held_day_is_not_missed_in_the_build(settings: Settings) -> None:
    build(settings)
    land(settings, date(2026, 2, 16), [a_presence_row("NCT1")])
    with pytest.raises(GateFailed):
        gates.check_raw(settings, date(2026, 2, 16))
    gates.check_marts(settings, DAY)


def test_a_record_lost_with_a_held_day_is_noticed(settings: Settings) -> None:
    build(settings)
    rows = [*five_rows(), a_presence_row("NCT90000006")]
    write_parquet(Lake(settings.lake).presence_file(DAY), rows)
    with pytest.raises(GateFailed, match=r"expect_table_row_count_to_equal \{'value': 6\}"):
        gates.check_marts(settings, DAY)


def test_a_rule_that_cannot_be_judged_stops_and_says_so(settings: Settings) -> None:
    build(settings)
    with duckdb.connect(settings.build_file) as con:
        con.execute("alter table marts.dim_trials alter last_snapshot_date type integer using 20260217")
    with pytest.raises(GateFailed, match=r"could not be judged: Could not parse"):
        gates.check_marts(settings, DAY)


def test_without_a_finished_build_there_is_nothing_to_judge(settings: Settings) -> None:
    with pytest.raises(BuildFailed, match="no finished build"):
        gates.check_marts(settings, DAY)
    settings.build_folder.mkdir()
    settings.build_receipt.write_text(json.dumps(BUILD))
    with pytest.raises(BuildFailed, match="there is no build to judge"):
        gates.check_marts(settings, DAY)


def test_a_build_made_for_another_day_is_not_judged(settings: Settings) -> None:
    build(settings)
    with pytest.raises(BuildFailed, match="the newest build was made for 2026-02-17: build 2026-02-18 again"):
        gates.check_marts(settings, NEXT_DAY)
    assert not receipt(settings).exists()


def test_judging_a_published_build_again_leaves_its_receipt(settings: Settings) -> None:
    build(settings)
    gates.check_marts(settings, DAY)
    settings.published_receipt.parent.mkdir(parents=True)
    settings.published_receipt.write_text(json.dumps(BUILD))
    settings.build_file.unlink()
    gates.check_marts(settings, DAY)
    assert receipt(settings).exists()


def test_registry_text_cannot_become_markup_in_data_docs(settings: Settings) -> None:
    land(settings, DAY, [a_presence_row("NCT90000001", overall_status="<img src=x onerror=alert(1)>")])
    gates.check_raw(settings, DAY)
    page = next(settings.gates_folder.rglob("raw_ctgov__studies/index.html")).read_text()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "default-src 'none'" in page.partition("<script")[0]


# ---------- flags


def test_stopped_trials_are_flagged_and_nothing_stops(settings: Settings) -> None:
    events = [
        ("key-1", TRIALS[0], "STATUS_SUSPENDED", "SUSPENDED"),
        ("key-2", TRIALS[1], "STATUS_OPENED", "RECRUITING"),
        ("key-3", TRIALS[2], "STATUS_WITHDRAWN", "WITHDRAWN"),
        ("key-4", TRIALS[3], "NEW_TRIAL", "SUSPENDED"),
    ]
    build(settings, events=events)
    assert gates.flag_status_changes(settings, DAY) == ["key-1", "key-3"]
    assert gates.flagged_event_keys(settings, DAY) == ["key-1", "key-3"]
    assert gates.flagged_days(settings) == [DAY]
    result = (
        settings.gates_folder / "snapshot_date=2026-02-17" / "fct_trial_events" / "validation_result.json"
    )
    named = json.loads(result.read_text())["results"][0]["result"]["partial_unexpected_index_list"]
    assert [row["nct_id"] for row in named] == [TRIALS[0], TRIALS[2]]


def test_more_than_twenty_stopped_trials_are_all_flagged(settings: Settings) -> None:
    events = [(f"key-{n:03}", TRIALS[0], "STATUS_SUSPENDED", "SUSPENDED") for n in range(150)]
    build(settings, events=events)
    assert len(gates.flag_status_changes(settings, DAY)) == 150


def test_a_quiet_day_flags_nothing(settings: Settings) -> None:
    build(settings)
    assert gates.flag_status_changes(settings, DAY) == []
    assert gates.flagged_event_keys(settings, DAY) == []


def test_a_published_day_can_be_flagged_again(settings: Settings) -> None:
    write_marts(settings.published_file, events=[("key-1", TRIALS[0], "STATUS_TERMINATED", "TERMINATED")])
    assert gates.flag_status_changes(settings, DAY) == ["key-1"]


def test_a_day_nobody_flagged_is_told_apart_from_a_quiet_one(settings: Settings) -> None:
    with pytest.raises(BuildFailed, match="nobody flagged the status changes of 2026-02-17"):
        gates.flagged_event_keys(settings, DAY)


def test_more_rows_than_a_message_names_are_in_a_file_until_the_rule_holds(settings: Settings) -> None:
    rows = [a_presence_row(f"NCT900000{number:02}", brief_title=None) for number in range(25)]
    land(settings, DAY, rows)
    with pytest.raises(GateFailed, match="25 of 25 rows break it") as failure:
        gates.check_raw(settings, DAY)
    file = settings.gates_folder / f"snapshot_date={DAY}" / "raw_ctgov__studies" / "has_brief_title.csv"
    assert f"all of them: {file}" in str(failure.value)
    assert str(failure.value).count("NCT900000") == 20
    with duckdb.connect() as con:
        listed = con.execute(f"select nct_id from '{file}' order by all").fetchall()
    assert listed == [(row["nct_id"],) for row in rows]
    land(settings, DAY, five_rows())
    gates.check_raw(settings, DAY)
    assert not file.exists()
