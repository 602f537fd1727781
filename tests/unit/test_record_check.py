"""Which records can be loaded whole, and what is said of the others."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_study, real_data
from trialhouse.record_check import check_record
from trialhouse.records import content_hash, read_record


def check(record: Any) -> Any:
    return check_record(json.dumps(record).encode())


@pytest.mark.parametrize(
    ("study", "reason"),
    [
        (b"{", "not JSON"),
        (b"[1]", "not an object"),
        (b"{}", "no NCT id"),
        (b'{"protocolSection":null}', "no NCT id"),
        (json.dumps(a_study("nct90000001")).encode(), "not an NCT id"),
        (json.dumps(a_study("NCT900000012")).encode(), "not an NCT id"),
        (json.dumps(a_study(identificationModule__nctId=7)).encode(), "not an NCT id"),
        (b'{"protocolSection":"\xff"}', "not JSON"),
    ],
)
def test_a_record_without_a_well_formed_id_is_nobody(study: bytes, reason: str) -> None:
    checked = check_record(study)
    assert (checked.nct_id, checked.content_hash) == (None, None)
    assert checked.reason is not None
    assert checked.reason.startswith(reason)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"designModule__enrollmentInfo": ["not", "an", "object"]}, "Expected `object | null`, got `array`"),
        ({"designModule__enrollmentInfo__count": 12.5}, "Expected `int | null`, got `float`"),
        ({"designModule__enrollmentInfo__count": 12.0}, "Expected `int | null`, got `float`"),
        ({"designModule__enrollmentInfo__count": "12"}, "Expected `int | null`, got `str`"),
        ({"designModule__enrollmentInfo__count": 2**63}, "<= 9223372036854775807"),
        ({"identificationModule__briefTitle": {"a": 1}}, "Expected `str | null`, got `object`"),
        ({"identificationModule__briefTitle": 7}, "Expected `str | null`, got `int`"),
        ({"conditionsModule__conditions": ["Asthma", None]}, "Expected `str`, got `null`"),
        ({"statusModule__overallStatus": None}, "a stub: it has no overall status"),
        ({"statusModule": None}, "a stub: it has no overall status"),
    ],
)
def test_what_does_not_fit_is_refused_and_never_bent(changes: dict[str, Any], reason: str) -> None:
    checked = check(a_study(**changes))
    assert checked.nct_id == "NCT90000001"
    assert checked.content_hash is not None
    assert reason in str(checked.reason)


@pytest.mark.parametrize(
    "changes",
    [
        {"designModule": None},
        {"statusModule__overallStatus": "NEVER_SEEN_BEFORE"},
        {"identificationModule__briefTitle": "a\x00b"},
    ],
)
def test_missing_modules_and_unknown_codes_are_loaded(changes: dict[str, Any]) -> None:
    assert check(a_study(**changes)).reason is None


def test_unknown_fields_are_named_by_their_paths_and_refuse_nothing() -> None:
    record = a_study(armsInterventionsModule={"armGroups": [{"label": "A", "colour": {"deep": 1}}] * 2})
    checked = check(record | {"newSection": {"a": 1}})
    assert checked.reason is None
    assert checked.unknown_fields == (
        "newSection",
        "protocolSection.armsInterventionsModule.armGroups.colour",
    )


def test_an_unknown_field_does_not_hide_what_does_not_fit() -> None:
    record = a_study(designModule__enrollmentInfo="forty") | {"newSection": {"a": 1}}
    assert "does not fit its type" in check(record).reason


def test_too_deep_a_record_is_refused_without_a_hash() -> None:
    nested: list[Any] = []
    for _ in range(400):
        nested = [nested]
    checked = check(a_study() | {"deep": nested})
    assert (checked.nct_id, checked.content_hash) == ("NCT90000001", None)
    assert "no canonical form" in checked.reason


def test_every_real_record_fits_without_a_rest() -> None:
    count = 0
    for file in sorted(real_data("ctgov").rglob("*.jsonl.gz")):
        with gzip.open(file) as lines:
            for line in lines:
                checked = check_record(line.strip())
                assert (checked.reason, checked.unknown_fields) == (None, ())
                count += 1
    assert count > 4000


numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.none())


@given(title=st.text(), latitude=numbers, longitude=numbers, holder=st.text(max_size=3))
def test_the_quick_way_gives_the_hash_of_the_canonical_form(
    title: str, latitude: float | None, longitude: float | None, holder: str
) -> None:
    point = {"facility": title, "geoPoint": {"lon": longitude, "lat": latitude}}
    study = a_study(
        identificationModule__briefTitle=title,
        contactsLocationsModule={"locations": [point, {"geoPoint": None}]},
        version_holder=holder,
    )
    body = json.dumps(study).encode()
    assert check_record(body).content_hash == content_hash(read_record(body))


def test_the_hashes_of_real_records_are_those_of_their_canonical_form() -> None:
    for file in ("broad-2025-10", "rare-traits"):
        with gzip.open(real_data(f"ctgov/{file}.jsonl.gz")) as lines:
            for line in lines:
                assert check_record(line).content_hash == content_hash(json.loads(line))


def test_codes_that_no_list_holds_are_named_with_their_paths() -> None:
    study = a_study(statusModule__overallStatus="HALTED", designModule__phases=["PHASE2", "PHASE9", "PHASE9"])
    checked = check(study)
    assert (checked.reason, checked.unknown_fields) == (None, ())
    assert checked.unknown_codes == (
        ("protocolSection.designModule.phases", "PHASE9"),
        ("protocolSection.statusModule.overallStatus", "HALTED"),
    )
