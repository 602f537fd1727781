"""Cutting pages and hashing records."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_study
from trialhouse.errors import RegistryChanged
from trialhouse.records import content_hash, cut_page, is_whole_json, read_record

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
    plain = read_record(json.dumps(record).encode())
    other = read_record(json.dumps(backwards, indent=2, ensure_ascii=False).encode())
    assert content_hash(plain) == content_hash(other)


LONE_SURROGATE = b'{"totalCount":2,"studies":[{"a":"\\ud800]}"},{"b":1}],"nextPageToken":"t"}'
FIVE_THOUSAND_BRACKETS = b'{"studies":[{"a":' + b"[" * 5000 + b"]" * 5000 + b'},\n{"b":1}]}'


@pytest.mark.parametrize("body", [LONE_SURROGATE, FIVE_THOUSAND_BRACKETS])
def test_one_study_that_no_strict_reader_takes_does_not_keep_the_others_from_being_cut(body: bytes) -> None:
    page = cut_page(body)
    assert page.studies[1:] == [b'{"b":1}']
    assert page.studies[0] in body


def test_the_envelope_is_read_around_such_a_study() -> None:
    page = cut_page(LONE_SURROGATE)
    assert (page.next_page_token, page.total_count) == ("t", 2)


@pytest.mark.parametrize("body", [LONE_SURROGATE, FIVE_THOUSAND_BRACKETS, b'{"a":1}', b"[1, 2]\n"])
def test_whole_json_is_told_from_cut_json(body: bytes) -> None:
    assert is_whole_json(body)
    assert not is_whole_json(body.rstrip()[:-1])
    assert not is_whole_json(body + b"}")
