"""Texts without NUL and in NFC, with everything else of a record byte for byte."""

import gzip
import json
import tempfile
from pathlib import Path
from typing import Any
from unicodedata import is_normalized, normalize

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builders import a_study, real_data
from trialhouse.download import read_lines, write_lines
from trialhouse.plain_texts import is_normal, plain_record, plain_text, typed_plain_records
from trialhouse.record_check import check_record

APART = "Cafe\u0301"
TOGETHER = "Café"

WILD = st.text(st.characters(codec="utf-8") | st.sampled_from('\0\u0301\u0338\u1100\u1161\u2126"\\/:u{}\n\r'))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (APART, TOGETHER),
        ("a\0b", "ab"),
        ("e\0\u0301", "é"),
        ("\u2126", "Ω"),
        ("**bold**\n* a", "**bold**\n* a"),
    ],
)
def test_plain_text_has_no_nul_and_one_spelling(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@pytest.mark.parametrize(
    "study",
    [
        b'{"a": "plain", "b": "\\"quoted\\" \\\\u0000"}',
        b'{"a": "\\u2265 5", "b": "\\ud83e\\ude7a"}',
        '{"a": "≥ 5 µg, 🩺"}'.encode(),
        b'{"a": 12345678901234567890, "b": 1.0, "c": -0.0, "d": 1e5, "e": null}',
    ],
)
def test_what_is_plain_stays_byte_for_byte(study: bytes) -> None:
    assert plain_record(study) == study


@pytest.mark.parametrize(
    ("study", "plain"),
    [
        ('{"a": "Cafe\u0301", "n": 1.10}', '{"a": "Café", "n": 1.10}'),
        (r'{"a": ["x\u0000", "\u0000"], "b" : "e\u0301"}', '{"a": ["x", ""], "b" : "é"}'),
        (r'{"a": "\"\u0000\\u0000\n"}', r'{"a": "\"\\u0000\n"}'),
        (r'{"k\u0000": 1, "Cafe\u0301" : "x\u0000"}', r'{"k\u0000": 1, "Cafe\u0301" : "x"}'),
        (r'{"a": "1\u0000", "a": "2"}', '{"a": "1", "a": "2"}'),
    ],
    ids=["accent apart", "list", "escapes", "keys stay", "key twice stays"],
)
def test_values_alone_are_made_plain(study: str, plain: str) -> None:
    assert plain_record(study.encode()).decode() == plain


@given(WILD, st.lists(WILD, max_size=3), WILD, st.booleans())
@example("e\0\u0301", ['":\0'], "\0", True)
def test_typed_text_is_the_sent_text_made_plain(
    title: str, conditions: list[str], unknown_key: str, escaped: bool
) -> None:
    record = a_study(identificationModule__briefTitle=title, conditionsModule__conditions=conditions)
    record["protocolSection"]["conditionsModule"][f"x{unknown_key}"] = {unknown_key: [unknown_key, 7, 0.1]}
    study = json.dumps(record, ensure_ascii=escaped).encode()
    before = check_record(study)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page-00001.jsonl.zst")
        write_lines(page, [study])
        body = page.read_bytes()
        [(typed_title, typed_conditions, count)] = typed(
            [page], Path(folder, "plain"), "identificationModule.briefTitle", "conditionsModule.conditions"
        )
        assert (page.read_bytes(), read_lines(page)) == (body, [study])
    assert typed_title == normalize("NFC", title.replace("\0", ""))
    assert typed_conditions == [normalize("NFC", text.replace("\0", "")) for text in conditions]
    assert count == 40
    assert check_record(study) == before
    plain = json.loads(plain_record(study))
    assert plain["protocolSection"]["conditionsModule"].keys() == (
        record["protocolSection"]["conditionsModule"].keys()
    )


def typed(pages: list[Path], folder: Path, *paths: str) -> list[tuple[Any, ...]]:
    """Values of typed records below protocolSection, with the enrolment, in the order of their ids."""
    columns = ", ".join(f"protocolSection.{path}" for path in (*paths, "designModule.enrollmentInfo.count"))
    records = typed_plain_records(pages, folder)
    order = "protocolSection.identificationModule.nctId"
    with duckdb.connect() as con:
        return con.execute(f"select {columns} from {records} order by {order}").fetchall()


def test_only_records_that_are_not_plain_are_copied(tmp_path: Path) -> None:
    titles = {"NCT90000001": "Plain", "NCT90000002": APART, "NCT90000003": "≥ 5", "NCT90000004": "a\0b"}
    studies = [
        json.dumps(a_study(nct_id, identificationModule__briefTitle=title)).encode()
        for nct_id, title in titles.items()
    ]
    pages = [tmp_path / "page-00001.jsonl.zst", tmp_path / "page-00002.jsonl.zst"]
    write_lines(pages[0], studies)
    write_lines(pages[1], [json.dumps(a_study("NCT90000005")).encode()])
    rows = typed(pages, tmp_path / "plain", "identificationModule.briefTitle")
    assert [title for title, _ in rows[:4]] == ["Plain", TOGETHER, "≥ 5", "ab"]
    assert len(rows) == 5
    [copied] = (tmp_path / "plain").iterdir()
    assert len(read_lines(copied)) == 2


def test_pages_that_are_plain_are_read_as_they_are(tmp_path: Path) -> None:
    page = tmp_path / "page-00001.jsonl.zst"
    write_lines(page, [json.dumps(a_study()).encode()])
    assert len(typed([page], tmp_path / "plain")) == 1
    assert not (tmp_path / "plain").exists()


def test_real_records_differ_in_their_texts_alone() -> None:
    changed = 0
    with gzip.open(real_data("ctgov/broad-2025-10.jsonl.gz")) as lines:
        for line in lines:
            plain = plain_record(line)
            if plain != line:
                changed += 1
                assert json.loads(plain) == json.loads(normalize("NFC", line.decode()))
    assert changed == 11


@given(WILD)
def test_the_quick_look_agrees_with_unicode(text: str) -> None:
    assert is_normal(text.encode()) == is_normalized("NFC", text)


def test_the_quick_look_knows_no_character_that_changes_another() -> None:
    """Accents, vowel signs and the second half of a Hangul syllable change the letter before them."""
    letters = "aAeEiIoOuUcCnNsSyY\u03b1\u0391\u03c9\u03c1\u0435\u0438\u0443\u1100\uac00\u304b"
    changing = [
        character
        for character in map(chr, range(0x80, 0x30000))
        if not 0xD800 <= ord(character) <= 0xDFFF
        and any(normalize("NFC", letter + character) != letter + character for letter in letters)
    ]
    assert len(changing) > 100
    for letter in letters:
        for character in changing:
            text = letter + character
            assert is_normal(text.encode()) == is_normalized("NFC", text)
