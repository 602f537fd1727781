"""Cutting pages and hashing records."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_study
from trialhouse.errors import RegistryChanged
from trialhouse.records import content_hash, cut_page, identify_record

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_studies_are_cut_byte_for_byte() -> None:
    first, second = b'{"a" : 1.50, "b":"\xc3\xa9"}', b'{ "c":[] }'
    page = cut_page(b'{"studies":[' + first + b" ,\n" + second + b'],"nextPageToken":"t","totalCount":7}')
    assert page.studies == [first, second]
    assert (page.next_page_token, page.total_count) == ("t", 7)


def test_a_line_break_between_tokens_becomes_a_blank() -> None:
    assert cut_page(b'{"studies":[{\n"a":1}]}').studies == [b'{ "a":1}']


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"studies":{}}', b'{"studies":[{]}', b""])
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(RegistryChanged, match="not a page of studies"):
        cut_page(body)


def test_version_holder_alone_changes_no_hash() -> None:
    days = [a_study(version_holder="2026-01-05"), a_study(version_holder="2026-01-06")]
    assert content_hash(days[0]) == content_hash(days[1])


def test_a_changed_status_changes_the_hash() -> None:
    assert content_hash(a_study()) != content_hash(a_study(statusModule__overallStatus="SUSPENDED"))


@given(extra=st.dictionaries(st.text("xyz", min_size=1), JSON_VALUES, max_size=3))
def test_key_order_and_white_space_never_matter(extra: dict[str, Any]) -> None:
    record = {**a_study(), **extra}
    backwards = dict(reversed(record.items()))
    plain = identify_record(json.dumps(record).encode())
    other = identify_record(json.dumps(backwards, indent=2, ensure_ascii=False).encode())
    assert plain == other


@pytest.mark.parametrize(
    "study",
    [
        b"{",
        b"{}",
        b'{"protocolSection":null}',
        json.dumps(a_study("nct90000001")).encode(),
        b"[1]",
        json.dumps(a_study("NCT900000012")).encode(),
    ],
)
def test_a_record_without_a_well_formed_id_is_refused(study: bytes) -> None:
    with pytest.raises(RegistryChanged):
        identify_record(study)
