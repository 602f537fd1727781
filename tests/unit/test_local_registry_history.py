"""Histories: what was submitted, and what each version said then."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from trialhouse.local_registry import true_changes as kinds
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.past_versions import past_versions, version_list
from trialhouse.local_registry.reference_trials import EXOSOME_TRIAL, FRAILTY_TRIAL
from trialhouse.local_registry.replayed import ReplayedRegistry
from trialhouse.local_registry.server import running

REGISTRY = GeneratedRegistry(size=400)
DAYS = REGISTRY.days()
REPLAYED_DAYS = [date(2026, 11, day) for day in (16, 17, 18, 19)]


def a_record(submitted: str | None = "2026-11-10", status: str = "RECRUITING", **modules: Any) -> bytes:
    """A small record; each other argument is a module of the protocol."""
    protocol = {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A trial"},
        "statusModule": {"overallStatus": status, "studyFirstSubmitDate": "2026-01-02"},
        "designModule": {"studyType": "INTERVENTIONAL"},
    }
    if submitted:
        protocol["statusModule"]["lastUpdateSubmitDate"] = submitted
    return json.dumps({"protocolSection": protocol | modules}).encode()


def with_sections(**sections: Any) -> bytes:
    return json.dumps(json.loads(a_record()) | sections).encode()


def status_of(record: bytes | None) -> dict[str, Any]:
    assert record is not None
    module: dict[str, Any] = json.loads(record)["protocolSection"]["statusModule"]
    return module


def stampless(record: bytes | None, day: str) -> bytes:
    assert record is not None
    return record.replace(f'"versionHolder":"{day}"'.encode(), b"")


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with running(REGISTRY) as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.fixture
def replayed(tmp_path: Path) -> ReplayedRegistry:
    """A trial that is updated, changed silently, gone for a day, and updated again."""
    first, updated = a_record("2026-11-10"), a_record("2026-11-13", "SUSPENDED")
    other = first.replace(b"NCT00000001", b"NCT00000002")
    silent = a_record("2026-11-13", "SUSPENDED", sponsorCollaboratorsModule={"leadSponsor": {"name": "New"}})
    for day, records in zip(
        REPLAYED_DAYS, ([first], [updated, other], [other], [silent, other]), strict=True
    ):
        (tmp_path / f"{day}.jsonl").write_bytes(b"\n".join(records))
    return ReplayedRegistry(tmp_path)


def test_first_version_has_no_labels_and_later_ones_name_what_changed() -> None:
    versions = past_versions(
        [
            a_record("2026-11-10"),
            a_record("2026-11-12", conditionsModule={"conditions": ["Pain"]}),
            a_record("2026-11-13", "SUSPENDED", eligibilityModule={"sex": "ALL"}),
        ]
    )
    assert [version.module_labels for version in versions] == [
        (),
        ("Study Status", "Conditions"),
        ("Study Status", "Conditions", "Eligibility"),
    ]
    assert [version.status for version in versions] == ["RECRUITING", "RECRUITING", "SUSPENDED"]
    assert {version.study_type for version in versions} == {"INTERVENTIONAL"}


@pytest.mark.parametrize(
    ("section", "module", "label"),
    [
        ("protocolSection", "ipdSharingStatementModule", "IPDSharing"),
        ("resultsSection", "outcomeMeasuresModule", "Outcome Measures (Results)"),
        ("documentSection", "largeDocumentModule", "Document Section"),
    ],
)
def test_labels_are_the_registrys_words(section: str, module: str, label: str) -> None:
    before = with_sections()
    whole = json.loads(before).get(section, {}) | {module: {"x": 1}}
    assert past_versions([before, with_sections(**{section: whole})])[1].module_labels == (label,)


def test_null_empty_and_absent_modules_are_the_same() -> None:
    records = [a_record(), a_record(outcomesModule={}), a_record(outcomesModule=None)]
    assert [version.module_labels for version in past_versions(records)] == [(), (), ()]


def test_version_is_dated_by_its_submission() -> None:
    assert [v.date for v in past_versions([a_record(None), a_record("2026-11-10")])] == [
        "2026-01-02",
        "2026-11-10",
    ]


def test_record_without_status_or_type_has_neither_in_its_history() -> None:
    versions = past_versions([b'{"protocolSection": null, "hasResults": false}'])
    assert version_list(versions) == [{"version": 0, "date": "", "status": "", "moduleLabels": ()}]


def test_generated_versions_are_submissions_in_order() -> None:
    several = 0
    for nct_id in REGISTRY.nct_ids(DAYS[-1]):
        versions = REGISTRY.history(DAYS[-1], nct_id)
        dates = [version.date for version in versions]
        assert versions[0].module_labels == ()
        assert dates == sorted(set(dates))
        assert dates[0] == status_of(versions[0].record)["studyFirstSubmitDate"]
        assert dates[-1] == status_of(REGISTRY.study(DAYS[-1], nct_id))["lastUpdateSubmitDate"]
        assert all("Study Status" in version.module_labels for version in versions[1:])
        several += len(versions) > 3
    assert several > 100


def test_generated_version_says_what_the_record_said_that_day() -> None:
    first, last = DAYS[0], DAYS[-1]
    both = set(REGISTRY.nct_ids(first)) & set(REGISTRY.nct_ids(last))
    known = 0
    for nct_id in sorted(both):
        early = REGISTRY.history(first, nct_id)
        assert REGISTRY.history(last, nct_id)[: len(early)] == early
        posted = status_of(early[-1].record)["lastUpdatePostDateStruct"]["date"]
        if posted == first.isoformat():
            assert early[-1].record == REGISTRY.study(first, nct_id)
            known += 1
    assert known >= 3


def test_silent_changes_make_no_version() -> None:
    silent_kinds = (kinds.STATUS, kinds.SPONSOR_RENAMED)
    seen = set()
    for before, day in pairwise(DAYS):
        changes = REGISTRY.changes(day)
        loud = {change.nct_id for change in changes if not change.is_silent}
        for change in changes:
            if change.is_silent and change.kind in silent_kinds and change.nct_id not in loud:
                assert REGISTRY.history(day, change.nct_id) == REGISTRY.history(before, change.nct_id)
                seen.add(change.kind)
    assert seen == set(silent_kinds)


def test_clock_never_shows_in_a_version() -> None:
    unknown = [
        i
        for i in REGISTRY.nct_ids(DAYS[-1])
        if status_of(REGISTRY.study(DAYS[-1], i))["overallStatus"] == "UNKNOWN"
    ]
    assert unknown
    for nct_id in unknown:
        assert all(version.status != "UNKNOWN" for version in REGISTRY.history(DAYS[-1], nct_id))


def test_reference_trials_have_their_versions() -> None:
    assert [v.status for v in REGISTRY.history(DAYS[-1], FRAILTY_TRIAL)] == ["NOT_YET_RECRUITING"]
    assert [v.status for v in REGISTRY.history(DAYS[0], EXOSOME_TRIAL)] == ["RECRUITING"]
    suspended = REGISTRY.history(DAYS[-1], EXOSOME_TRIAL)
    assert [v.status for v in suspended] == ["RECRUITING", "SUSPENDED"]
    assert suspended[1].module_labels == ("Study Status",)


def test_reference_trials_have_none_before_they_exist() -> None:
    early = GeneratedRegistry(size=0, last_day=date(2020, 1, 3))
    assert early.history(date(2020, 1, 3), EXOSOME_TRIAL) == []


def test_trial_that_is_not_there_has_no_history() -> None:
    gone = next(change for day in DAYS for change in REGISTRY.changes(day) if change.kind == kinds.MERGED)
    assert REGISTRY.history(DAYS[0], gone.nct_id)
    assert REGISTRY.history(DAYS[-1], gone.nct_id) == []
    assert REGISTRY.history(DAYS[-1], "NCT00000001") == []


def test_replayed_versions_are_new_submission_dates(replayed: ReplayedRegistry) -> None:
    versions = replayed.history(REPLAYED_DAYS[-1], "NCT00000001")
    assert [(v.date, v.status, v.module_labels) for v in versions] == [
        ("2026-11-10", "RECRUITING", ()),
        ("2026-11-13", "SUSPENDED", ("Study Status",)),
    ]
    assert versions[1].record == replayed.study(REPLAYED_DAYS[1], "NCT00000001")


def test_replayed_history_ends_on_the_day_asked_for(replayed: ReplayedRegistry) -> None:
    counts = [len(replayed.history(day, "NCT00000001")) for day in REPLAYED_DAYS]
    assert counts == [1, 2, 0, 2]
    assert [len(replayed.history(day, "NCT00000002")) for day in REPLAYED_DAYS] == [0, 1, 1, 1]


def test_history_interface_lists_the_changes(client: httpx.Client) -> None:
    changes = client.get(f"/api/int/studies/{EXOSOME_TRIAL}/history").json()["changes"]
    assert list(changes[0]) == ["version", "date", "status", "studyType", "moduleLabels"]
    assert changes[0] == {
        "version": 0,
        "date": "2025-08-22",
        "status": "RECRUITING",
        "studyType": "INTERVENTIONAL",
        "moduleLabels": [],
    }
    early = client.get(f"/days/{DAYS[0]}/api/int/studies/{EXOSOME_TRIAL}/history").json()
    assert early == {"changes": changes[:1]}


def test_history_interface_gives_each_version_byte_for_byte(client: httpx.Client) -> None:
    nct_id = max(REGISTRY.nct_ids(DAYS[-1]), key=lambda i: len(REGISTRY.history(DAYS[-1], i)))
    for number, version in enumerate(REGISTRY.history(DAYS[-1], nct_id)):
        answer = client.get(f"/api/int/studies/{nct_id}/history/{number}")
        assert answer.content == b'{"studyVersion":%d,"study":%b}' % (number, version.record)


def test_study_comes_with_its_history_if_asked(client: httpx.Client) -> None:
    plain = client.get(f"/api/int/studies/{FRAILTY_TRIAL}").json()
    full = client.get(f"/api/int/studies/{FRAILTY_TRIAL}?history=true").json()
    changes = client.get(f"/api/int/studies/{FRAILTY_TRIAL}/history").json()
    assert plain == {"study": json.loads(REGISTRY.study(DAYS[-1], FRAILTY_TRIAL) or b"")}
    assert full == plain | {"history": changes}


@pytest.mark.parametrize(
    "path",
    [
        "NCT00000001",
        "NCT00000001/history",
        "NCT00000001/history/0",
        f"{FRAILTY_TRIAL}/history/1",
        f"{FRAILTY_TRIAL}/history/last",
    ],
)
def test_unknown_trials_and_versions_are_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(f"/api/int/studies/{path}").status_code == 404


def test_malformed_id_is_a_bad_request(client: httpx.Client) -> None:
    assert client.get("/api/int/studies/trial/history").status_code == 400


def test_known_trial_without_history_has_no_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(REGISTRY, "history", lambda day, nct_id: [])
    with running(REGISTRY) as address:
        answer = httpx.get(f"{address}/api/int/studies/{FRAILTY_TRIAL}/history")
    assert answer.json() == {"changes": []}
