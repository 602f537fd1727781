"""Every code a record can hold has words, and people never see a raw code that we know."""

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb
import jinja2
import orjson
import pytest

from builders import real_data
from trialhouse.code_lists import STATUS, Words, code_lists, codes, words_of
from trialhouse.record_type import load_record_enums
from trialhouse.settings import PROJECT

DBT_PROJECT = PROJECT / "dbt_project"
RAW_CODE = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)+")
LIST_NAME = re.compile(r"\b(?:labels?_of|word_for)\(\s*['\"](\w+)['\"]")


def seed(name: str) -> list[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


@cache
def list_of_path() -> dict[str, str]:
    return {row["path"]: row["code_list"] for row in seed("ctgov_coded_fields")}


def values_at(node: Any, names: list[str]) -> Iterator[str]:
    """Every value at a path of a record, through lists."""
    if isinstance(node, list):
        for item in node:
            yield from values_at(item, names)
    elif names and isinstance(node, dict):
        yield from values_at(node.get(names[0]), names[1:])
    elif isinstance(node, str):
        yield node


def test_every_coded_field_has_its_list_once() -> None:
    paths = [row["path"] for row in seed("ctgov_coded_fields")]
    assert sorted(paths) == sorted(load_record_enums())
    assert set(list_of_path().values()) == set(code_lists())


def test_every_code_of_a_field_has_exactly_one_row_in_its_list() -> None:
    rows = Counter((row["code_list"], row["code"]) for row in seed("ctgov_labels"))
    assert set(rows.values()) == {1}
    for path, field_codes in load_record_enums().items():
        assert codes(list_of_path()[path]) == field_codes, path


def test_no_words_are_empty_or_a_raw_code() -> None:
    for row in seed("ctgov_labels"):
        assert row["origin"] in {"registry", "trialhouse"}, row
        for words in (row["label"], row["plain_label"]):
            assert words == words.strip(), row
            assert words, row
            assert not RAW_CODE.fullmatch(words), row


def test_two_codes_of_a_list_never_share_their_words() -> None:
    for code_list, words_by_code in code_lists().items():
        for kind in ("label", "plain_label"):
            shared = Counter(getattr(words, kind) for words in words_by_code.values())
            assert max(shared.values()) == 1, (code_list, shared)


def test_one_code_has_the_same_words_in_every_list_of_statuses() -> None:
    for code_list in ("recruitment_status", "expanded_access_status"):
        for code, words in code_lists()[code_list].items():
            assert words == words_of(STATUS, code)


def test_every_status_says_what_it_means_for_the_course_of_a_trial() -> None:
    assert sorted(row["code"] for row in seed("ctgov_overall_statuses")) == sorted(codes(STATUS))


def test_every_code_of_every_real_record_has_words() -> None:
    names = {path: path.split(".") for path in list_of_path()}
    seen: dict[str, set[str]] = defaultdict(set)
    for file in sorted(real_data("ctgov").rglob("*.jsonl.gz")):
        with gzip.open(file) as lines:
            for line in lines:
                record = orjson.loads(line)
                for path, code_list in list_of_path().items():
                    seen[code_list].update(values_at(record, names[path]))
    assert seen.keys() == code_lists().keys()
    assert {name: found - set(codes(name)) for name, found in seen.items() if found - set(codes(name))} == {}


def test_a_code_nobody_knows_has_no_words() -> None:
    assert words_of(STATUS, "RECRUITING") == Words(label="Recruiting", plain_label="Enrolling")
    assert words_of(STATUS, "ON_HOLD") is None
    assert words_of(STATUS, None) is None


def test_every_model_asks_for_a_list_that_exists() -> None:
    """A map lookup in a list that is not there would quietly show raw codes."""
    for model in (DBT_PROJECT / "models").rglob("*.sql"):
        asked = set(LIST_NAME.findall(model.read_text(encoding="utf-8")))
        assert asked <= set(code_lists()), model.name


@pytest.mark.parametrize(
    ("code", "words"), [("'SUSPENDED'", "Paused"), ("'ON_HOLD'", "ON_HOLD"), ("null::varchar", None)]
)
def test_an_unknown_code_shows_itself_and_no_code_has_no_words(code: str, words: str | None) -> None:
    assert mapped(macro("label_of")("status", code)) == words


@pytest.mark.parametrize(
    ("codes_listed", "words"),
    [
        ("['SUSPENDED', 'ON_HOLD', null]", ["Paused", "ON_HOLD", None]),
        ("[]::varchar[]", []),
        ("null::varchar[]", None),
    ],
)
def test_a_list_of_codes_keeps_its_length_and_order(
    codes_listed: str, words: list[str | None] | None
) -> None:
    assert mapped(macro("labels_of")("status", codes_listed)) == words


def test_the_registrys_own_words_are_asked_for_by_name() -> None:
    assert mapped(macro("label_of")("status", "'SUSPENDED'", "mapped.labels")) == "Suspended"


def macro(name: str) -> Any:
    text = (DBT_PROJECT / "macros" / "label_of.sql").read_text(encoding="utf-8")
    return getattr(jinja2.Environment().from_string(text).module, name)


def mapped(expression: str) -> Any:
    with duckdb.connect() as con:
        con.execute(
            "create table mapped as select"
            " map {'status': map {'SUSPENDED': 'Suspended'}} as labels,"
            " map {'status': map {'SUSPENDED': 'Paused'}} as plain_labels"
        )
        ((value,),) = con.execute(f"select {expression} from mapped").fetchall()
        return value
