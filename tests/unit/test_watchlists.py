"""A watchlist that makes no sense is refused with its file and line, before anything is sent."""

import dataclasses
from pathlib import Path

import pytest

from trialhouse.alerts.watchlists import Watchlist, load_watchlists
from trialhouse.errors import SettingsInvalid
from trialhouse.settings import load_settings


def loaded(folder: Path, *texts: str) -> list[Watchlist]:
    for number, text in enumerate(texts):
        (folder / f"{number}.yml").write_text(text)
    return load_watchlists(dataclasses.replace(load_settings(), watchlists=folder))


def test_the_watchlist_that_comes_with_the_project_is_read() -> None:
    [watchlist] = load_watchlists(load_settings())
    assert watchlist.name == "stopped_trials"
    assert "STATUS_SUSPENDED" in watchlist.wish.events


def test_every_kind_of_wish_is_read(tmp_path: Path) -> None:
    [watchlist] = loaded(
        tmp_path,
        """
oncology:
  title: Oncology in Poland
  events: [STATUS_SUSPENDED, PCD_MOVED]
  severities: [P1, P2, P3]
  trials:
    nct_ids: [NCT01234567]
    sponsors: ["Novartis*"]
    conditions: [Melanoma]
    mesh_terms: [Neoplasms]
    interventions: [Pembrolizumab, Keytruda]
    countries: [Poland]
    phases: [PHASE2, PHASE3]
    where: enrollment_count > 100
  channel: {kind: email, connection: smtp_default, to: "a@example.org, b@example.org"}
  delivery: weekly
  storm_above: 5
""",
    )
    assert watchlist.wish.trials.sponsors == ("Novartis*",)
    assert watchlist.wish.delivery == "weekly"
    assert watchlist.place.endswith("0.yml:2")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a:\n  title: x\n  events:\n    - STATUS_SUSPENDED\n    - NOPE\n", 5, "'NOPE' is no type of event"),
        ("a:\n  title: x\n  severities: [P1,\n   P9]\n", 4, "severities"),
        ("a:\n  title: x\n  trials:\n    nct_ids:\n      - NCT12345678\n      - 7\n", 6, "nct_ids"),
        ("a:\n  title: x\n  trials:\n    phases: [PHASE9]\n", 4, "PHASE9"),
        ("a:\n  title: x\n  chanel: {}\n", 2, "unknown field `chanel`"),
        ("a:\n  severities: [P1]\n", 2, "missing required field `title`"),
        ("a:\n  title: x\n  title: y\n", 3, "title stands here twice"),
        ("a:\n  title: x\n  trials:\n    where: 'phase = '\n", 4, "no SQL condition"),
        ("a:\n  title: x\n  trials:\n    where: '1 = 1); drop table x; select (1'\n", 4, "SQL condition"),
        ("a:\n  title: x\n  channel:\n    kind: email\n", 4, "names its Airflow connection"),
        ("a:\n  title: x\n  channel:\n    kind: fax\n", 4, "fax"),
        ("a:\n  title: x\n  quiet_line: true\n  delivery: weekly\n", 2, "quiet line"),
        ("a:\n  title: [\n", 3, "expected the node content"),
        ("A b:\n  title: x\n", 1, "a name has small letters"),
        ("- a\n", 1, "mapping of names"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        loaded(tmp_path, text)
    assert str(refused.value).startswith(f"{tmp_path}/0.yml:{line}: ")
    assert what in str(refused.value)


def test_two_files_may_not_name_one_watchlist(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"1\.yml:1: a is a watchlist of .*0\.yml:1 too"):
        loaded(tmp_path, "a: {title: x}\n", "a: {title: y}\n")


def test_a_folder_without_watchlists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="no watchlist"):
        loaded(tmp_path)
