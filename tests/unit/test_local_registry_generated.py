"""The generated registry: pure, plausible, and honest about what it changed."""

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import httpx
import pytest

from trialhouse.errors import SettingsInvalid
from trialhouse.local_registry import true_changes as kinds
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.publishing_days import (
    first_publishing_day,
    last_publishing_day,
    publishing_day_after,
    publishing_day_before,
)
from trialhouse.local_registry.server import running
from trialhouse.local_registry.true_changes import TrueChange

REGISTRY = GeneratedRegistry()
DAYS = REGISTRY.days()
GONE = (kinds.VANISHED, kinds.MERGED)
HASH_PROGRAM = """
import hashlib
from trialhouse.local_registry.generated import GeneratedRegistry
registry = GeneratedRegistry(size=60)
day = registry.days()[9]
print(hashlib.sha256(b"".join(registry.study(day, i) for i in registry.nct_ids(day))).hexdigest())
"""


@cache
def records(day: date) -> dict[str, dict[str, Any]]:
    """Every record of a day without the stamp that changes daily."""
    found = {}
    for nct_id in REGISTRY.nct_ids(day):
        study = json.loads(REGISTRY.study(day, nct_id) or b"")
        assert study["derivedSection"]["miscInfoModule"].pop("versionHolder") == day.isoformat()
        found[nct_id] = study
    return found


@cache
def truth(day: date) -> list[TrueChange]:
    return REGISTRY.changes(day)


def status_of(study: dict[str, Any]) -> dict[str, Any]:
    module: dict[str, Any] = study["protocolSection"]["statusModule"]
    return module


def values(day: date, *path: str) -> Counter[Any]:
    """How often each value stands at a path; lists count as their text."""
    found: Counter[Any] = Counter()
    for study in records(day).values():
        value: Any = study
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        found[str(value) if isinstance(value, list) else value] += 1
    return found


def hash_of(registry: GeneratedRegistry, day: date) -> str:
    return hashlib.sha256(b"".join(registry.study(day, i) or b"" for i in registry.nct_ids(day))).hexdigest()


def test_days_are_fourteen_weekdays_up_to_the_last() -> None:
    assert len(DAYS) == 14
    assert DAYS[-1] == date(2026, 11, 20)
    assert DAYS[0] == date(2026, 11, 3)
    assert all(day.weekday() < 5 for day in DAYS)


def test_same_seed_gives_the_same_bytes_in_another_process() -> None:
    there = subprocess.run([sys.executable, "-c", HASH_PROGRAM], capture_output=True, text=True, check=True)
    registry = GeneratedRegistry(size=60)
    assert there.stdout.strip() == hash_of(registry, registry.days()[9])


def test_day_is_the_same_in_whatever_order_days_are_asked_for() -> None:
    forwards, backwards = GeneratedRegistry(size=80), GeneratedRegistry(size=80)
    early = {day: hash_of(forwards, day) for day in forwards.days()}
    late = {day: hash_of(backwards, day) for day in reversed(backwards.days())}
    assert early == late


def test_record_depends_neither_on_the_size_nor_on_the_number_of_days() -> None:
    small, large = GeneratedRegistry(size=40, days=2), GeneratedRegistry(size=400, days=30)
    for nct_id in small.nct_ids(DAYS[-1]):
        assert small.study(DAYS[-1], nct_id) == large.study(DAYS[-1], nct_id)


def test_another_seed_is_another_registry() -> None:
    assert hash_of(GeneratedRegistry(size=20), DAYS[-1]) != hash_of(
        GeneratedRegistry(size=20, seed=8), DAYS[-1]
    )


def test_truth_is_what_a_diff_of_the_records_finds() -> None:
    for before, after in pairwise(DAYS):
        old, new = records(before), records(after)
        differing = {nct_id for nct_id in old.keys() | new.keys() if old.get(nct_id) != new.get(nct_id)}
        assert differing == {change.nct_id for change in truth(after)}


@pytest.mark.parametrize("seed", [1, 42])
def test_truth_holds_for_other_seeds(seed: int) -> None:
    registry = GeneratedRegistry(seed=seed, size=150)
    old = stampless(registry, DAYS[0])
    for day in DAYS[1:]:
        new = stampless(registry, day)
        differing = {nct_id for nct_id in old.keys() | new.keys() if old.get(nct_id) != new.get(nct_id)}
        assert differing == {change.nct_id for change in registry.changes(day)}
        old = new


def stampless(registry: GeneratedRegistry, day: date) -> dict[str, bytes]:
    """The day's records without the stamp that changes daily."""
    stamp = f'"versionHolder":"{day}"'.encode()
    return {i: (registry.study(day, i) or b"").replace(stamp, b"") for i in registry.nct_ids(day)}


def test_true_status_changes_are_those_the_records_show() -> None:
    for before, after in pairwise(DAYS):
        told = {(c.nct_id, c.before, c.after) for c in truth(after) if c.kind == kinds.STATUS}
        seen = {
            (i, status_of(records(before)[i])["overallStatus"], status_of(study)["overallStatus"])
            for i, study in records(after).items()
            if i in records(before)
        }
        assert told == {change for change in seen if change[1] != change[2]}


def test_true_dates_enrolment_and_results_are_those_the_records_show() -> None:
    paths = {
        "START_MOVED": ("statusModule", "startDateStruct"),
        "PCD_MOVED": ("statusModule", "primaryCompletionDateStruct"),
        "CD_MOVED": ("statusModule", "completionDateStruct"),
        kinds.RESULTS_POSTED: ("statusModule", "resultsFirstPostDateStruct"),
        kinds.OUTCOME_SWITCHED: ("outcomesModule", "primaryOutcomes"),
    }
    for before, after in pairwise(DAYS):
        for kind, (module, name) in paths.items():
            told = {change.nct_id for change in truth(after) if change.kind == kind}
            seen = {
                nct_id
                for nct_id, study in records(after).items()
                if nct_id in records(before)
                and study["protocolSection"].get(module, {}).get(name)
                != records(before)[nct_id]["protocolSection"].get(module, {}).get(name)
            }
            assert told == seen, (kind, after)


def test_silent_changes_move_no_date_and_all_others_do() -> None:
    for before, after in pairwise(DAYS):
        silent = {change.nct_id for change in truth(after) if change.is_silent}
        told = {c.nct_id for c in truth(after) if not c.is_silent and c.kind not in (*GONE, kinds.REAPPEARED)}
        for nct_id in silent | told:
            if nct_id not in records(before):
                continue
            old, new = status_of(records(before)[nct_id]), status_of(records(after)[nct_id])
            moved = old["lastUpdatePostDateStruct"] != new["lastUpdatePostDateStruct"]
            assert moved == (nct_id in told)
            assert not moved or new["lastUpdatePostDateStruct"]["date"] == after.isoformat()


def test_unknown_comes_two_years_after_the_verified_month_and_keeps_the_last_status() -> None:
    flips = [change for day in DAYS for change in truth(day) if change.after == "UNKNOWN"]
    assert len(flips) >= 3
    assert all(change.is_silent for change in flips)
    for study in records(DAYS[-1]).values():
        status = status_of(study)
        if status["overallStatus"] == "UNKNOWN":
            assert status["statusVerifiedDate"] <= "2024-10"
            assert status["lastKnownStatus"] in ("RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING")


def test_fortnight_shows_everything_and_no_day_shows_too_much() -> None:
    found: Counter[str] = Counter()
    for day in DAYS[1:]:
        told = Counter(change.kind for change in truth(day))
        found += told
        assert told[kinds.VANISHED] + told[kinds.MERGED] <= 2
        assert told[kinds.NEW_TRIAL] <= 6
        assert 10 <= len({change.nct_id for change in truth(day)}) <= 60
    for kind in (*GONE, kinds.REAPPEARED, kinds.ALIAS_ADDED, kinds.SPONSOR_RENAMED, kinds.RESULTS_POSTED):
        assert found[kind] >= 1, kind
    for kind in (
        "START_MOVED",
        "PCD_MOVED",
        "CD_MOVED",
        kinds.ENROLLMENT,
        kinds.SITES_ADDED,
        kinds.REFRESHED,
    ):
        assert found[kind] >= 5, kind
    targets = Counter(change.after for day in DAYS for change in truth(day) if change.kind == kinds.STATUS)
    stops = targets["SUSPENDED"] + targets["TERMINATED"] + targets["WITHDRAWN"]
    assert 13 <= stops <= 40
    assert targets["RECRUITING"] >= 10


def test_trials_pause_and_resume() -> None:
    moves = {(c.before, c.after) for day in DAYS for c in truth(day) if c.kind == kinds.STATUS}
    assert ("RECRUITING", "SUSPENDED") in moves
    assert ("SUSPENDED", "RECRUITING") in moves
    assert ("NOT_YET_RECRUITING", "RECRUITING") in moves


def test_merged_trial_answers_under_its_targets_id() -> None:
    alias, target = next(iter(REGISTRY.aliases(DAYS[-1]).items()))
    assert REGISTRY.study(DAYS[-1], alias) is None
    assert records(DAYS[-1])[target]["protocolSection"]["identificationModule"]["nctIdAliases"] == [alias]
    assert alias in records(DAYS[0])
    assert REGISTRY.aliases(DAYS[0]) == {}
    with running(REGISTRY) as address:
        answer = httpx.get(f"{address}/api/v2/studies/{alias}")
    assert (answer.status_code, answer.headers["location"]) == (301, f"/api/v2/studies/{target}")


def test_renamed_sponsor_flips_several_trials_on_one_day() -> None:
    renamed = Counter((day, c.after) for day in DAYS for c in truth(day) if c.kind == kinds.SPONSOR_RENAMED)
    assert len(renamed) == 2
    assert min(renamed.values()) >= 2


def test_sample_has_every_status_and_study_type() -> None:
    statuses = values(DAYS[-1], "protocolSection", "statusModule", "overallStatus")
    assert set(statuses) >= {
        "NOT_YET_RECRUITING", "RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING", "COMPLETED",
        "SUSPENDED", "TERMINATED", "WITHDRAWN", "UNKNOWN", "AVAILABLE", "WITHHELD",
    }  # fmt: skip
    study_types = values(DAYS[-1], "protocolSection", "designModule", "studyType")
    assert set(study_types) == {"INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS", None}
    phases = values(DAYS[-1], "protocolSection", "designModule", "phases")
    assert {"['NA']", "['PHASE1', 'PHASE2']", "['PHASE2', 'PHASE3']", "['EARLY_PHASE1']", None} <= set(phases)
    assert 60 <= values(DAYS[-1], "hasResults")[True] <= 250


def test_records_hold_together() -> None:
    for nct_id, study in records(DAYS[-1]).items():
        status = status_of(study)
        design = study["protocolSection"].get("designModule", {})
        enrolment = design.get("enrollmentInfo", {})
        if status["overallStatus"] == "WITHDRAWN":
            assert enrolment == {"count": 0, "type": "ACTUAL"}, nct_id
        if "whyStopped" in status:
            assert status["overallStatus"] in ("SUSPENDED", "TERMINATED", "WITHDRAWN")
        assert ("resultsSection" in study) == study["hasResults"] == ("resultsFirstSubmitDate" in status)
        assert ("phases" in design) == (design.get("studyType") == "INTERVENTIONAL")
        masking = design.get("designInfo", {}).get("maskingInfo", {})
        masked = {"NONE": 0, "SINGLE": 1, "DOUBLE": 2, "TRIPLE": 3, "QUADRUPLE": 4}[
            masking.get("masking", "NONE")
        ]
        assert len(masking.get("whoMasked", [])) == masked


def test_arms_and_interventions_name_each_other() -> None:
    for study in records(DAYS[-1]).values():
        module = study["protocolSection"].get("armsInterventionsModule", {})
        labels = {
            (arm["label"], name.partition(": ")[2])
            for arm in module.get("armGroups", [])
            for name in arm.get("interventionNames", [])
        }
        names = {
            (label, item["name"])
            for item in module.get("interventions", [])
            for label in item.get("armGroupLabels", [])
        }
        assert labels == names


def test_every_submission_is_posted_within_five_days() -> None:
    for study in records(DAYS[-1]).values():
        status = status_of(study)
        submitted = date.fromisoformat(status["lastUpdateSubmitDate"])
        posted = date.fromisoformat(status["lastUpdatePostDateStruct"]["date"])
        assert timedelta(days=1) <= posted - submitted <= timedelta(days=6)
        assert status["studyFirstSubmitDate"] <= status["studyFirstPostDateStruct"]["date"]
        assert status["studyFirstPostDateStruct"]["date"] <= posted.isoformat()


def test_actual_dates_are_past_and_in_order() -> None:
    for nct_id, study in records(DAYS[-1]).items():
        status = status_of(study)
        structs = [status.get(f"{name}DateStruct") for name in ("start", "primaryCompletion", "completion")]
        texts = [struct["date"] for struct in structs if struct]
        assert texts == sorted(texts), nct_id
        for struct in structs:
            if struct and struct.get("type") == "ACTUAL":
                assert struct["date"] <= status["lastUpdateSubmitDate"], nct_id


def test_dates_are_partial_or_untyped_now_and_then() -> None:
    starts = [status_of(study).get("startDateStruct", {}) for study in records(DAYS[-1]).values()]
    assert sum(bool(re.fullmatch(r"\d{4}-\d\d", start.get("date", ""))) for start in starts) > 100
    assert sum("date" in start and "type" not in start for start in starts) > 10


def test_post_dates_are_known_without_the_record() -> None:
    for nct_id, study in list(records(DAYS[-1]).items())[:100]:
        assert REGISTRY.posted_on(DAYS[-1], nct_id) == status_of(study)["lastUpdatePostDateStruct"]["date"]


def test_made_up_ids_look_like_no_real_ones() -> None:
    made_up = REGISTRY.nct_ids(DAYS[-1])[2:]
    assert all(re.fullmatch(r"NCT9\d{7}", nct_id) for nct_id in made_up)
    assert list(made_up) == sorted(set(made_up))


@pytest.mark.parametrize("nct_id", ["NCT90001000", "NCT9000001x", "NCT00000001", "NCT9", "NCT900000001"])
def test_unheard_of_ids_have_no_record(nct_id: str) -> None:
    assert REGISTRY.study(DAYS[-1], nct_id) is None


def test_large_registry_is_listed_without_living_its_trials() -> None:
    registry = GeneratedRegistry(size=50_000)
    ids = registry.nct_ids(DAYS[-1])
    assert 49_500 < len(ids) <= 50_002
    vanished = [
        set(registry.nct_ids(before)) - set(registry.nct_ids(after)) for before, after in pairwise(DAYS[:2])
    ]
    assert len(vanished[0]) < 100


@pytest.mark.parametrize(
    "options", [{"size": -1}, {"size": 1_000_001}, {"days": 0}, {"last_day": date(2026, 11, 21)}]
)
def test_impossible_registry_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(SettingsInvalid):
        GeneratedRegistry(**options)


def test_other_days_are_refused() -> None:
    with pytest.raises(SettingsInvalid):
        REGISTRY.nct_ids(date(2026, 11, 21))
    assert REGISTRY.changes(DAYS[0]) == []


def test_sample_is_served_whole_over_http() -> None:
    with running(GeneratedRegistry(size=50)) as address, httpx.Client(base_url=address) as client:
        answer = client.get(
            "/days/2026-11-20/api/v2/studies?pageSize=1000&countTotal=true&fields=NCTId,OverallStatus"
        )
        page = answer.json()
    assert page["totalCount"] == len(page["studies"])
    assert {"NCT07144072", "NCT07146087"} <= {
        study["protocolSection"]["identificationModule"]["nctId"] for study in page["studies"]
    }


def test_publishing_days_skip_weekends() -> None:
    friday, saturday, monday = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)
    assert first_publishing_day(saturday) == monday
    assert last_publishing_day(saturday) == last_publishing_day(saturday + timedelta(days=1)) == friday
    assert publishing_day_after(friday, 1) == monday
    assert publishing_day_after(friday, 3) == date(2026, 11, 25)
    for count in range(30):
        assert publishing_day_before(monday, count).weekday() < 5
    assert publishing_day_before(monday, 1) == friday
    assert publishing_day_before(friday, 5) == date(2026, 11, 13)
