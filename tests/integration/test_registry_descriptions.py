"""The registry's description of its own fields and codes: kept, compared, its changes held for a person."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from builders import MONDAY, TUESDAY, WEDNESDAY, MadeUpRegistry, home_of
from faults.registries import FOR_EVER, steady
from trialhouse import gates
from trialhouse.errors import GateFailed, LakeDamaged
from trialhouse.judging import stored_verdicts
from trialhouse.lake import Lake
from trialhouse.local_registry import descriptions, server
from trialhouse.local_registry.faults import Fault
from trialhouse.raw_verdicts import held_days
from trialhouse.settings import Settings
from trialhouse.sync import sync_day

REGISTRY = MadeUpRegistry({day: steady(range(30)) for day in (MONDAY, TUESDAY, WEDNESDAY)})
SAME = "raw_ctgov__descriptions.same_descriptions"
TREE, ENUMS = descriptions.field_tree(), descriptions.enums()


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Monday is landed and good."""
    with home_of(REGISTRY, tmp_path) as settings:
        sync_day(settings, MONDAY)
        gates.check_raw(settings, MONDAY)
        yield settings


def told(settings: Settings, day: Any) -> str:
    sync_day(settings, day)
    with pytest.raises(GateFailed) as failure:
        gates.check_raw(settings, day)
    return str(failure.value)


def another_tree() -> list[dict[str, Any]]:
    """A field came and another one went."""
    tree = deepcopy(TREE)
    identification = tree[0]["children"][0]["children"]
    identification[0]["name"] = "newId"
    return tree


def flags_of(settings: Settings, day: Any) -> set[str]:
    verdicts = stored_verdicts(settings, day)
    return {each.name_of(rule) for each in verdicts for rule in each.raised_flags}


def test_descriptions_are_kept_once_and_named_by_each_day(settings: Settings) -> None:
    sync_day(settings, TUESDAY)
    lake = Lake(settings.lake)
    hashes = lake.manifest(MONDAY).descriptions
    assert hashes.keys() == {"metadata", "enums"}
    assert lake.manifest(TUESDAY).descriptions == hashes
    files = {file.stem for file in (settings.lake / "descriptions").iterdir()}
    assert files == set(hashes.values())


def test_a_field_that_came_or_went_holds_the_day_and_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "field_tree", another_tree)
    message = told(settings, TUESDAY)
    above = "protocolSection.identificationModule"
    assert f"metadata, {above}.newId: {{'change': 'came'}}" in message
    assert f"metadata, {above}.nctId: {{'change': 'went'}}" in message
    assert "briefTitle" not in message
    assert f"trialhouse gate release {TUESDAY} --rule {SAME}" in message


def test_a_code_that_came_holds_the_day_and_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    enums = deepcopy(ENUMS)
    status = next(each for each in enums if each["type"] == "OverallStatus")
    status["values"].append({"value": "HALTED\nrelease it"})
    monkeypatch.setattr(server, "enums", lambda: enums)
    assert "enums, OverallStatus.HALTED release it: {'change': 'came'}" in told(settings, TUESDAY)


def test_another_order_is_another_description(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "enums", lambda: ENUMS[::-1])
    assert "enums, (the order of entries): {'change': 'came'}" in told(settings, TUESDAY)


def test_the_order_of_names_in_an_entry_is_no_change(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned = [dict(reversed(each.items())) for each in ENUMS]
    monkeypatch.setattr(server, "enums", lambda: turned)
    sync_day(settings, TUESDAY)
    gates.check_raw(settings, TUESDAY)


def test_a_person_releases_a_new_description_and_later_days_are_compared_with_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "field_tree", another_tree)
    told(settings, TUESDAY)
    told(settings, WEDNESDAY)
    gates.release_rule(settings, TUESDAY, SAME, "release notes of January", "Ada")
    gates.judge_held_days_anew(settings, TUESDAY)
    assert held_days(settings) == set()


def test_a_registry_that_does_not_describe_itself_flags_the_day(tmp_path: Path) -> None:
    faults = [Fault("text_400", 1, FOR_EVER, endpoint="descriptions")]
    with home_of(REGISTRY, tmp_path, faults=faults) as settings:
        sync_day(settings, MONDAY)
        gates.check_raw(settings, MONDAY)
        assert Lake(settings.lake).manifest(MONDAY).descriptions == {}
        assert "raw_ctgov__descriptions.has_descriptions" in flags_of(settings, MONDAY)
    with home_of(REGISTRY, tmp_path) as settings:
        sync_day(settings, TUESDAY)
        gates.check_raw(settings, TUESDAY)
        assert "raw_ctgov__descriptions.has_descriptions" not in flags_of(settings, TUESDAY)


@pytest.mark.parametrize("name", ["html", "json_of_another_shape"])
def test_a_description_nobody_can_read_is_no_reason_to_lose_the_day(tmp_path: Path, name: str) -> None:
    with home_of(REGISTRY, tmp_path, faults=[Fault(name, 1, endpoint="descriptions")]) as settings:
        assert sync_day(settings, MONDAY).landed
        gates.check_raw(settings, MONDAY)


def test_a_description_lost_from_the_lake_is_a_damage(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in (settings.lake / "descriptions").iterdir():
        file.unlink()
    monkeypatch.setattr(server, "field_tree", another_tree)
    sync_day(settings, TUESDAY)
    with pytest.raises(LakeDamaged, match="descriptions"):
        gates.check_raw(settings, TUESDAY)
