"""Why an event was told, down to the bytes; and the event made again from the lake."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from builders import MONDAY, TUESDAY, MadeUpRegistry, a_study, build_and_publish, home_of
from trialhouse.download import read_lines
from trialhouse.errors import EventDiffers, SettingsInvalid
from trialhouse.explaining import explanation_of, replay_event
from trialhouse.settings import Settings
from trialhouse.sync import sync_day

STOPPED = a_study(
    statusModule__overallStatus="SUSPENDED",
    statusModule__whyStopped="Safety\x1b[31m review",
    statusModule__lastUpdateSubmitDate="2026-01-05",
    statusModule__lastUpdatePostDateStruct={"date": "2026-01-06", "type": "ACTUAL"},
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    registry = MadeUpRegistry(
        {MONDAY: [a_study(), a_study("NCT90000002")], TUESDAY: [STOPPED, a_study("NCT90000002")]}
    )
    with home_of(registry, tmp_path_factory.mktemp("explained")) as found:
        for day in (MONDAY, TUESDAY):
            sync_day(found, day)
            build_and_publish(found, day)
        yield found


def suspension(settings: Settings) -> str:
    with duckdb.connect(str(settings.published_file), read_only=True) as con:
        query = "select event_key from marts.fct_trial_events where event_type = 'STATUS_SUSPENDED'"
        ((key,),) = con.execute(query).fetchall()
    return str(key)


def page(settings: Settings) -> str:
    return "\n".join(explanation_of(settings, suspension(settings)[:10]))


def test_the_page_says_what_happened_by_all_three_clocks(settings: Settings) -> None:
    shown = page(settings)
    for part in (
        "STATUS_SUSPENDED, P1: Stopped early but may start again",
        "was        RECRUITING\nis         SUSPENDED",
        "submitted  2026-01-05",
        "posted     2026-01-06",
        "before     version 1, ",
        "after      version 2, ",
        "      - RECRUITING\n      + SUSPENDED",
        "silent     no",
        "model fct_trial_events",
    ):
        assert part in shown, part
    assert "\x1b" not in shown


def test_the_bytes_it_names_are_there_and_are_the_records(settings: Settings) -> None:
    shown = page(settings)
    files = [Path(name) for name in re.findall(r"raw file +(\S+)", shown)]
    hashes = re.findall(r"sha256 +([0-9a-f]{64})", shown)
    lines = [int(number) for number in re.findall(r"line (\d+), \d+ bytes", shown)]
    assert len(files) == len(hashes) == len(lines) == 2
    for file, sha256 in zip(files, hashes, strict=True):
        assert hashlib.sha256(file.read_bytes()).hexdigest() == sha256
    before, after = (read_lines(file)[line - 1] for file, line in zip(files, lines, strict=True))
    assert b"RECRUITING" in before
    assert b"SUSPENDED" in after


def test_a_key_that_is_unknown_short_or_of_several_is_refused(settings: Settings) -> None:
    for key, what in (("0" * 32, "no published event"), ("abc", "at least 8"), ("", "at least 8")):
        with pytest.raises(SettingsInvalid, match=what):
            list(explanation_of(settings, key))


def test_an_event_made_again_is_the_same_and_leaves_nothing_behind(settings: Settings) -> None:
    before = settings.published_file.read_bytes()
    assert "the same, all" in list(replay_event(settings, suspension(settings)))[-1]
    assert settings.published_file.read_bytes() == before
    assert not list(settings.home.glob("replay-*"))


def test_an_event_that_somebody_changed_is_found_out(settings: Settings) -> None:
    """The last test of this home: it tampers with what is published."""
    key = suspension(settings)
    with duckdb.connect(str(settings.published_file)) as con:
        con.execute("update marts.fct_trial_events set after_value = 'COMPLETED' where event_key = $1", [key])
    with pytest.raises(EventDiffers, match="after_value: published COMPLETED, from the lake SUSPENDED"):
        list(replay_event(settings, key))
    with duckdb.connect(str(settings.published_file)) as con:
        con.execute(f"update marts.fct_trial_events set event_key = '{'f' * 32}' where event_key = $1", [key])
    with pytest.raises(EventDiffers, match="does not make this event"):
        list(replay_event(settings, "f" * 32))
    assert not list(settings.home.glob("replay-*"))
