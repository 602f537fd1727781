"""Days that changed too much at once, or grew too much, or whose files are not what was landed: held."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from landed_days import land, rows_of
from trialhouse import drift, gates
from trialhouse.errors import GateFailed
from trialhouse.lake import Lake
from trialhouse.settings import Settings, load_settings

# Of Great Expectations' own imports; everything else counts.
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")

DAY = date(2026, 2, 17)
NEXT_DAY = date(2026, 2, 18)
ACRONYM = "protocolSection.identificationModule.acronym"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    return load_settings()


def changed(row: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**row, "content_hash": f"new {row['content_hash']}", **changes}


def two_days(settings: Settings, records: int, changed_count: int, next_day: date = NEXT_DAY) -> None:
    """The first records have another acronym on the next day."""
    rows = [row | {"acronym": "TRIAL"} for row in rows_of(records)]
    land(settings, DAY, rows)
    others = [changed(row, acronym="TRIAL 2") for row in rows[:changed_count]]
    land(settings, next_day, [*others, *rows[changed_count:]])


def told(settings: Settings, day: date = NEXT_DAY) -> str:
    with pytest.raises(GateFailed) as failure:
        gates.check_raw(settings, day)
    return str(failure.value)


def test_a_field_that_changed_in_many_records_holds_the_day_and_is_named(settings: Settings) -> None:
    two_days(settings, 60, 51)
    message = told(settings)
    assert "raw_ctgov__changes of 2026-02-18: 1 of 1 rules not met" in message
    assert f"{ACRONYM}: {{'allowed_count': 50, 'changed_count': 51}}" in message
    assert "no field changed in more than 1 % of all records" in message
    assert "briefTitle" not in message


def test_a_field_that_changed_in_fifty_records_of_a_small_registry_holds_no_day(settings: Settings) -> None:
    two_days(settings, 60, 50)
    gates.check_raw(settings, NEXT_DAY)


def test_a_field_no_longer_filled_is_a_field_that_changed(settings: Settings) -> None:
    rows = [row | {"acronym": "TRIAL"} for row in rows_of(60)]
    land(settings, DAY, rows)
    land(settings, NEXT_DAY, [changed(row, acronym=None) for row in rows])
    message = told(settings)
    assert f"{ACRONYM}: {{'allowed_count': 50, 'changed_count': 60}}" in message
    assert f"{ACRONYM}: {{'allowed_count': 20, 'lost_count': 60}}" in message


def test_records_that_changed_in_no_known_field_are_counted_too(settings: Settings) -> None:
    rows = rows_of(60)
    land(settings, DAY, rows)
    land(settings, NEXT_DAY, [changed(row) for row in rows])
    assert "(no known field): {'allowed_count': 50, 'changed_count': 60}" in told(settings)


def test_too_many_changed_records_hold_the_day(settings: Settings) -> None:
    rows = rows_of(60)
    land(settings, DAY, rows)
    titles = [changed(row, brief_title="Another") for row in rows[:26]]
    sponsors = [changed(row, lead_sponsor_name="Another") for row in rows[26:52]]
    land(settings, NEXT_DAY, [*titles, *sponsors, *rows[52:]])
    message = told(settings)
    assert "at most 3 % of all records changed in a day" in message
    assert "{'most_changed_count': 50, 'changed_count': 52}" in message
    assert "raw_ctgov__changes" not in message


def test_dates_that_every_update_moves_are_no_drift(settings: Settings) -> None:
    rows = rows_of(2000)
    land(settings, DAY, rows)
    updated = [changed(row, last_update_post_date="2026-02-18") for row in rows[:55]]
    land(settings, NEXT_DAY, [*updated, *rows[55:]])
    gates.check_raw(settings, NEXT_DAY)


def test_days_without_a_snapshot_between_allow_more_changes(settings: Settings) -> None:
    two_days(settings, 2000, 60, next_day=DAY + timedelta(days=3))
    gates.check_raw(settings, DAY + timedelta(days=3))


def test_a_long_pause_allows_no_more_than_a_month_of_changes(settings: Settings) -> None:
    later = DAY + timedelta(days=400)
    two_days(settings, 200, 100, next_day=later)
    assert "{'allowed_count': 60, 'changed_count': 100}" in told(settings, later)


def test_changes_are_counted_alike_batch_by_batch(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drift, "RECORDS_A_BATCH", 7)
    two_days(settings, 60, 51)
    assert f"{ACRONYM}: {{'allowed_count': 50, 'changed_count': 51}}" in told(settings)


def test_a_registry_that_grew_by_more_than_it_can_in_a_day_is_held(settings: Settings) -> None:
    land(settings, DAY, rows_of(10))
    land(settings, NEXT_DAY, rows_of(61))
    message = told(settings)
    assert "at most 1 % more records than on the last good day" in message
    assert "{'most_studies_count': 60, 'studies_count': 61}" in message


def test_fifty_new_records_of_a_small_registry_hold_no_day(settings: Settings) -> None:
    land(settings, DAY, rows_of(10))
    land(settings, NEXT_DAY, rows_of(60))
    gates.check_raw(settings, NEXT_DAY)


def test_a_former_id_that_is_still_listed_holds_the_day_once(settings: Settings) -> None:
    rows = rows_of(3)
    land(settings, DAY, rows)
    merged = changed(rows[0], aliases=[rows[1]["nct_id"], "NCT99999999"])
    land(settings, NEXT_DAY, [merged, *rows[1:]])
    message = told(settings)
    assert "no former id of a record is listed as a record of its own" in message
    assert f"saw: 1 of 1 rows break it\n    {rows[0]['nct_id']}, {rows[1]['nct_id']}: " in message
    gates.release_rule(settings, NEXT_DAY, "raw_ctgov__aliases.no_alias_is_listed", "Half merged", "Ada")
    gates.judge_held_days_anew(settings, NEXT_DAY)
    later = NEXT_DAY + timedelta(days=1)
    land(settings, later, [merged, *rows[1:]])
    gates.check_raw(settings, later)


def test_a_former_id_listed_on_the_first_day_of_all_holds_it(settings: Settings) -> None:
    rows = rows_of(3)
    land(settings, DAY, [rows[0] | {"aliases": [rows[1]["nct_id"]]}, *rows[1:]])
    assert "raw_ctgov__aliases.no_alias_is_listed" in told(settings, DAY)


def test_files_that_are_not_what_was_landed_hold_the_day(settings: Settings) -> None:
    lake = Lake(settings.lake)
    file = str(lake.presence_file(DAY).relative_to(lake.root))
    land(settings, DAY, rows_of(5), files={file: "another hash"})
    message = told(settings, DAY)
    assert "every file of the day is what its manifest says" in message
    assert "'damaged_count': 1" in message
