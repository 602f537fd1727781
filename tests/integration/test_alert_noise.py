"""What keeps a channel worth reading: storms, digests, mutes, changes taken back, one message a trial."""

import csv
import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from alert_builders import (
    DAY,
    REPLAYED,
    Event,
    day,
    flag,
    outbox_rows,
    publish,
    slack,
    suspended,
    told,
    watch,
    webhook_connection,
)
from trialhouse.alerts import alert_day
from trialhouse.alerts.freshness import require_fresh, weekday_hours
from trialhouse.alerts.mutes import mute, unmute
from trialhouse.alerts.outbox import Outbox
from trialhouse.errors import DeliveryFailed, GateFailed
from trialhouse.settings import Settings, load_settings

EVERYTHING = "every: {title: Everything, severities: [P1, P2, P3]}"
WITH_QUIET_LINE = EVERYTHING.replace("}", ", quiet_line: true}")
DAILY = "daily: {title: Oncology, delivery: daily}"
WEEKLY = "weekly: {title: Oncology, delivery: weekly}"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    monkeypatch.setenv("TRIALHOUSE_REGISTRY_URL", REPLAYED)
    return load_settings()


def many(count: int, when: date = DAY) -> list[Event]:
    return [(f"{when}-{number:03}", f"NCT90000{number:03}", when, "SUSPENDED") for number in range(count)]


def texts(messages: Path) -> list[str]:
    return [json.loads(line)["text"] for line in messages.read_text().splitlines()]


# ---------- storms


def test_a_storm_is_one_message_with_a_file(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, many(68))
    with slack(settings, monkeypatch) as messages:
        assert alert_day(settings, DAY).sent == 1
        assert alert_day(settings, DAY).sent == 0
        assert texts(messages) == ["Storm: 68 trials at once. Trials that stopped, or went on again"]
    [file] = (settings.warehouse_folder / "alerts" / "stopped_trials").glob("*.csv")
    with file.open(newline="") as rows:
        assert len({row["nct_id"] for row in csv.DictReader(rows)}) == 68


def test_a_storm_is_also_what_is_far_beyond_the_usual(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = [suspended(1, day(number)) for number in range(21)]
    publish(settings, [*usual, *many(11, day(21))])
    with slack(settings, monkeypatch) as messages:
        for number in range(21):
            alert_day(settings, day(number))
        alert_day(settings, day(21))
        assert texts(messages)[-1].startswith("Storm: 11 trials")
        assert len(texts(messages)) == 22


def test_what_a_spreadsheet_would_compute_is_text_in_the_file(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, many(40))
    with duckdb.connect(settings.published_file) as con:
        con.execute("update marts.dim_trials set brief_title = '=cmd|calc'")
    with slack(settings, monkeypatch):
        alert_day(settings, DAY)
    [file] = (settings.warehouse_folder / "alerts" / "stopped_trials").glob("*.csv")
    assert "'=cmd|calc" in file.read_text()


# ---------- digests


def test_a_daily_digest_is_one_message_a_day(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, [suspended(1), suspended(2), suspended(3, day(1))])
    daily = watch(settings, DAILY)
    with slack(daily, monkeypatch) as messages:
        assert alert_day(daily, DAY).sent == 1
        assert alert_day(daily, DAY).sent == 0
        assert alert_day(daily, day(1)).sent == 1
        assert texts(messages) == [
            "Oncology: 2 events of 2 trials, 2026-02-17",
            "Oncology: 1 event of 1 trial, 2026-02-18",
        ]


def test_a_weekly_digest_is_told_with_the_first_day_after_its_week(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tuesday, friday, monday, next_monday = DAY, day(3), day(6), day(13)
    events = [suspended(1, tuesday), suspended(2, friday), suspended(3, monday)]
    publish(settings, events)
    flag(settings, next_monday, [])
    weekly = watch(settings, WEEKLY)
    with slack(weekly, monkeypatch) as messages:
        assert [alert_day(weekly, when).sent for when in (tuesday, friday)] == [0, 0]
        assert alert_day(weekly, monday).sent == 1
        assert alert_day(weekly, next_monday).sent == 0
        assert texts(messages) == ["Oncology: 3 events of 3 trials, 2026-02-17 to 2026-02-23"]


# ---------- mutes


def test_of_a_muted_trial_only_what_is_urgent_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = ("why", "NCT90000001", DAY, "WHY")
    publish(settings, [why, suspended(2)])
    every = watch(settings, EVERYTHING)
    outbox = Outbox(settings.outbox_url)
    mute(outbox, "NCT90000001", "Ann")
    mute(outbox, "NCT90000002", "Ann")
    with slack(every, monkeypatch) as messages:
        assert alert_day(every, DAY).sent == 1
        assert told(messages) == ["NCT90000002"]
        assert unmute(outbox, "NCT90000001")
        assert alert_day(every, DAY).sent == 0


def test_a_snooze_ends_by_itself(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    events = [("a", "NCT90000001", DAY, "WHY"), ("b", "NCT90000001", day(2), "WHY")]
    publish(settings, events)
    every = watch(settings, EVERYTHING)
    mute(Outbox(settings.outbox_url), "NCT90000001", "Ann", until=day(2), watchlist="every")
    with slack(every, monkeypatch):
        assert [alert_day(every, when).sent for when in (DAY, day(2))] == [0, 1]


def test_what_is_urgent_ends_a_snooze(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    urgent = ("b", "NCT90000001", day(1), "TERMINATED")
    publish(settings, [("a", "NCT90000001", DAY, "WHY"), urgent, ("c", "NCT90000001", day(2), "WHY")])
    every = watch(settings, EVERYTHING)
    mute(Outbox(settings.outbox_url), "NCT90000001", "Ann", until=day(30))
    with slack(every, monkeypatch):
        assert [alert_day(every, day(number)).sent for number in range(3)] == [0, 1, 1]


def test_what_is_urgent_does_not_end_an_acknowledgement(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [("a", "NCT90000001", DAY, "TERMINATED"), ("b", "NCT90000001", day(1), "WHY")])
    every = watch(settings, EVERYTHING)
    mute(Outbox(settings.outbox_url), "NCT90000001", "Ann")
    with slack(every, monkeypatch):
        assert [alert_day(every, when).sent for when in (DAY, day(1))] == [1, 0]


def test_a_day_whose_news_is_all_muted_is_quiet_and_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [("a", "NCT90000001", DAY, "WHY")])
    every = watch(settings, WITH_QUIET_LINE)
    mute(Outbox(settings.outbox_url), "NCT90000001", "Ann")
    with slack(every, monkeypatch) as messages:
        assert [alert_day(every, DAY).sent for _ in range(2)] == [1, 0]
        assert "0 events (1 of muted trials or taken back)" in messages.read_text()


def test_a_day_whose_message_waits_is_not_called_quiet(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(1)])
    every = watch(settings, WITH_QUIET_LINE)
    for _ in range(2):
        with pytest.raises(DeliveryFailed):
            alert_day(every, DAY)
    assert [row.kind for row in outbox_rows(settings)] == ["trial"]


# ---------- taken back


SUSPENDED = ("a", "NCT90000001", DAY, "SUSPENDED")
BACK = ("b", "NCT90000001", day(1), "RECRUITING")


def test_a_change_taken_back_before_anybody_heard_of_it_is_not_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [SUSPENDED])
    with pytest.raises(DeliveryFailed):
        alert_day(settings, DAY)
    publish(settings, [SUSPENDED, BACK], taken_back=["a", "b"])
    with slack(settings, monkeypatch) as messages:
        alert_day(settings, day(1))
        assert told(messages) == []
    assert [row.status for row in outbox_rows(settings) if row.kind == "trial"] == ["cancelled"]


def test_a_change_that_was_told_is_told_again_when_it_is_taken_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [SUSPENDED])
    with slack(settings, monkeypatch) as messages:
        alert_day(settings, DAY)
        publish(settings, [SUSPENDED, BACK], taken_back=["a", "b"])
        alert_day(settings, day(1))
        assert [text.split(":")[0] for text in texts(messages)] == ["Suspended", "Resumed, now Recruiting"]


def test_what_takes_back_something_told_survives_a_channel_that_is_down_and_a_mute(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [SUSPENDED])
    with slack(settings, monkeypatch):
        alert_day(settings, DAY)
    mute(Outbox(settings.outbox_url), "NCT90000001", "Ann")
    publish(settings, [SUSPENDED, BACK], taken_back=["a", "b"])
    monkeypatch.delenv("AIRFLOW_CONN_TRIALHOUSE_SLACK")
    with pytest.raises(DeliveryFailed):
        alert_day(settings, day(1))
    with slack(settings, monkeypatch) as messages:
        assert alert_day(settings, day(1)).sent == 1
        assert texts(messages)[-1].startswith("Resumed, now Recruiting")


def test_what_waited_for_a_digest_is_told_when_the_watchlist_turns_instant(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(1)])
    flag(settings, day(1), [])
    with slack(settings, monkeypatch) as messages:
        assert alert_day(watch(settings, "list: {title: L, delivery: weekly}"), DAY).sent == 0
        assert alert_day(watch(settings, "list: {title: L}"), day(1)).sent == 1
        assert told(messages) == ["NCT90000001"]


def test_a_condition_that_does_not_fit_stops_its_own_watchlist_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(1)])
    lists = watch(settings, "a: {title: A, trials: {where: nope = 1}}\nb: {title: B}")
    with slack(lists, monkeypatch) as messages:
        with pytest.raises(DeliveryFailed, match="does not fit dim_trials"):
            alert_day(lists, DAY)
        assert told(messages) == ["NCT90000001"]


def test_a_pair_seen_at_once_is_told_to_nobody(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    flag(settings, day(-1), [])
    publish(settings, [])
    every = watch(settings, EVERYTHING)
    with slack(every, monkeypatch) as messages:
        alert_day(every, day(-1))
        publish(settings, [SUSPENDED, BACK], taken_back=["a", "b"])
        alert_day(every, day(1))
        assert told(messages) == []


# ---------- one channel must not hold another


def test_what_stops_one_watchlist_does_not_stop_the_others(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(1)])
    two = watch(settings, "broken: {title: B, channel: {connection: nowhere}}\nworks: {title: W}")
    with slack(two, monkeypatch) as messages:
        with pytest.raises(DeliveryFailed, match="nowhere"):
            alert_day(two, DAY)
        assert told(messages) == ["NCT90000001"]
        monkeypatch.setenv("AIRFLOW_CONN_NOWHERE", webhook_connection("http://127.0.0.1:9"))
        with pytest.raises(DeliveryFailed, match="NCT90000001"):
            alert_day(two, DAY)
        assert told(messages) == ["NCT90000001"]


def test_trials_are_chosen_by_what_they_are(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, [suspended(number) for number in range(1, 8)])
    with duckdb.connect(settings.published_file) as con:
        con.execute("insert into marts.fct_trial_sponsors values ('NCT90000001', 'ACME_Pharma Ltd')")
        con.execute("insert into marts.fct_trial_conditions values ('NCT90000002', 'Skin Melanoma')")
        con.execute(
            "insert into marts.fct_trial_mesh_terms values"
            " ('NCT90000003', 'CONDITION', 'ANCESTOR', 'Neoplasms'),"
            " ('NCT90000004', 'INTERVENTION', 'TERM', 'Pembrolizumab')"
        )
        con.execute(
            "insert into marts.fct_trial_interventions values ('NCT90000005', 'MK-3475', ['Keytruda'])"
        )
        con.execute("insert into marts.fct_trial_countries values ('NCT90000006', 'Poland', false)")
    wishes = {
        "sponsors: ['acme_pharma*']": "NCT90000001",
        "conditions: ['*melanoma']": "NCT90000002",
        "mesh_terms: [neoplasms]": "NCT90000003",
        "interventions: [pembrolizumab]": "NCT90000004",
        "interventions: [keytruda]": "NCT90000005",
        "countries: [poland]": "NCT90000006",
        "nct_ids: [NCT90000007]": "NCT90000007",
    }
    lines = [f"w{n}: {{title: W, trials: {{{wish}}}}}" for n, wish in enumerate(wishes)]
    chosen = watch(settings, "\n".join(lines))
    with slack(chosen, monkeypatch) as messages:
        assert alert_day(chosen, DAY).sent == 7
        assert told(messages) == list(wishes.values())


def test_what_leaves_a_watchlist_is_news_to_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, [suspended(number) for number in range(1, 6)])
    left = {
        "sponsors: [acme]": ("SPONSOR_CHANGED", "Acme", "{}"),
        "countries: [poland]": ("COUNTRY_REMOVED", None, '{"item": "Poland"}'),
        "interventions: [placebo]": ("INTERVENTION_REMOVED", None, '{"item": "Placebo"}'),
        "phases: [PHASE1]": ("PHASE_CHANGED", "PHASE1 | PHASE2", "{}"),
    }
    with duckdb.connect(settings.published_file) as con:
        for number, changes in enumerate(left.values(), start=1):
            con.execute(
                "update marts.fct_trial_events set event_type = $2, before_value = $3, details = $4"
                " where nct_id = 'NCT9000000' || $1",
                [number, *changes],
            )
    lists = watch(settings, "\n".join(f"w{n}: {{title: W, trials: {{{w}}}}}" for n, w in enumerate(left)))
    with slack(lists, monkeypatch) as messages:
        assert alert_day(lists, DAY).sent == 4
        assert told(messages) == [f"NCT9000000{number}" for number in range(1, 5)]


def test_small_slips_can_be_left_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, [suspended(number) for number in range(1, 5)])
    with duckdb.connect(settings.published_file) as con:
        for number, moved in ((1, 180), (2, 179), (3, -400)):
            con.execute(
                "update marts.fct_trial_events set event_type = 'PCD_MOVED',"
                " details = json_object('days_moved', $2::int) where nct_id = 'NCT9000000' || $1",
                [number, moved],
            )
    slips = watch(settings, "slips: {title: Slips, moved_later_by: 180}")
    with slack(slips, monkeypatch) as messages:
        alert_day(slips, DAY)
        assert told(messages) == ["NCT90000001", "NCT90000004"]


def test_many_trials_of_a_sponsor_are_one_message(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(number) for number in range(1, 5)])
    with duckdb.connect(settings.published_file) as con:
        con.execute("update marts.dim_trials set lead_sponsor_name = 'Acme' where nct_id <> 'NCT90000004'")
    grouped = watch(settings, "list: {title: L, one_message_a_sponsor_from: 3}")
    with slack(grouped, monkeypatch) as messages:
        assert alert_day(grouped, DAY).sent == 2
        assert [text.split(",")[0] for text in texts(messages)] == [
            "Acme: 3 events of 3 trials",
            "Suspended: NCT90000004",
        ]
        assert alert_day(grouped, DAY).sent == 0


# ---------- freshness


def test_old_data_of_a_live_registry_is_told_with_the_next_fresh_day(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, [suspended(1)])
    live = replace(settings, registry_url="https://registry.example.org/api/v2")
    with slack(settings, monkeypatch) as messages:
        with pytest.raises(GateFailed, match="no change alerts are sent"):
            alert_day(live, DAY)
        assert told(messages) == []
        assert outbox_rows(settings) == []


def test_hours_of_weekends_do_not_make_data_old() -> None:
    friday, monday = datetime(2026, 2, 20, 14), datetime(2026, 2, 23, 15)
    assert weekday_hours(friday, monday) == 25
    require_fresh(friday, monday)
    with pytest.raises(GateFailed):
        require_fresh(datetime(2026, 2, 19, 14), monday)
