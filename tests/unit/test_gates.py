"""Gates and flags on small made-up days: what passes, what stops, what the error tells, what is left."""

import json
import logging
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from landed_days import BUILD, TRIALS, a_presence_row, build, five_rows, land, rows_of, write_marts
from trialhouse import gates
from trialhouse.data_docs import SuiteCounts, day_page
from trialhouse.errors import BuildFailed, GateFailed
from trialhouse.judging import stored_verdicts, table_of
from trialhouse.lake import Lake
from trialhouse.raw_verdicts import held_days
from trialhouse.settings import Settings, load_settings

# Of Great Expectations' own imports; everything else counts.
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")

DAY = date(2026, 2, 17)
NEXT_DAY = date(2026, 2, 18)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    return load_settings()


# ---------- builders


def write_parquet(file: Path, rows: list[dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(f"{name} varchar" for name in rows[0])
    with duckdb.connect() as con:
        con.execute(f"create table rows ({columns})")
        con.executemany(
            f"insert into rows values ({', '.join('?' * len(rows[0]))})", [[*row.values()] for row in rows]
        )
        con.execute(f"copy rows to '{file}' (format parquet)")


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
        GateFailed, match="raw_ctgov__snapshots of 2026-02-17: 1 of 15 rules not met"
    ) as failure:
        gates.check_raw(settings, DAY)
    assert f"rule: {rule} (" in str(failure.value)


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
    assert f"all suites of the day: {page.parent.with_name('index.html')}" in message
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


def test_a_metric_out_of_its_range_is_told_and_stops_nothing(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    build(settings, metrics=[("rule.no_sites", 50, True), ("day.new", 5, False)])
    gates.check_marts(settings, DAY)
    assert receipt(settings).exists()
    assert "not so: every metric is about what it was on the 28 days before" in caplog.text
    (verdict,) = [each for each in stored_verdicts(settings, DAY) if each.suite.__name__.endswith("metrics")]
    (rule,) = verdict.raised_flags
    assert rule["result"]["partial_unexpected_index_list"] == [
        {"metric": "rule.no_sites", "counted": 50, "least_before": 4, "most_before": 6, "is_unusual": True}
    ]


def test_texts_that_give_no_criteria_are_told_and_stop_nothing(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    trials = [row["nct_id"] for row in rows_of(6)]
    land(settings, DAY, rows_of(6))
    write_marts(settings.build_file, trials=trials)
    settings.build_receipt.write_text(json.dumps(BUILD))
    gates.check_marts(settings, DAY)
    assert "not so: at least 95 % of the texts with both headings give criteria of both kinds" in caplog.text


@pytest.mark.parametrize("kinds", [[], ["INCLUSION"]])
def test_a_text_is_read_when_it_gives_criteria_of_both_kinds(settings: Settings, kinds: list[str]) -> None:
    build(settings)
    with duckdb.connect(settings.build_file) as con:
        for kind in ("INCLUSION", "EXCLUSION"):
            con.execute("insert into marts.fct_trial_criteria values (?, ?, 'ITEM')", [TRIALS[0], kind])
        for kind in kinds:
            con.execute("insert into marts.fct_trial_criteria values (?, ?, 'ITEM')", [TRIALS[1], kind])
        table = table_of(con, "fct_trial_criteria")
    assert table[["texts_count", "unread_count", "allowed_count"]].to_numpy().tolist() == [[5, 4, 5]]


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


def test_a_page_a_day_leads_to_every_suite_with_its_counts(settings: Settings) -> None:
    land(settings, DAY, [a_presence_row("NCT1", overall_status="HALTED")])
    with pytest.raises(GateFailed):
        gates.check_raw(settings, DAY)
    folder = settings.gates_folder / "snapshot_date=2026-02-17"
    page = (folder / "index.html").read_text()
    links = re.findall(r'href="([^"]+)">(\w+)</a></td>((?:<td>\d+</td>)+)', page)
    counts = {suite: [int(count) for count in re.findall(r"\d+", cells)] for _, suite, cells in links}
    assert counts == {
        "raw_ctgov__aliases": [1, 0, 0, 0],
        "raw_ctgov__descriptions": [1, 0, 0, 1],
        "raw_ctgov__snapshots": [14, 0, 0, 1],
        "raw_ctgov__studies": [10, 1, 0, 1],
    }
    assert all((folder / link).exists() for link, *_ in links)
    assert "default-src 'none'" in page
    assert 'class="red"' in page


def test_a_suite_named_like_markup_is_escaped_on_the_page_of_the_day() -> None:
    page = day_page(DAY, [SuiteCounts("<b>", 1, 0, 0, 0)])
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


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
