"""Days of a generated registry whose every change is known: which events are told, lost and made up."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from builders import build_and_publish, home_of, rows_of
from integration.events_oracle import (
    OF_THE_LISTING,
    OTHERS,
    TOLD,
    Event,
    counted,
    expected_events,
    suspended_beside,
)
from torture.amendments import Amendment, amendments, is_interventional
from torture.edited_source import EditedSource
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.settings import PROJECT
from trialhouse.sync import sync_day

SEED = 3
CUT_THEN_TERMINATED = PROJECT / "queries/09_targets_cut_then_terminated.sql"


class Amended:
    """Which record is amended how: those that the generated registry leaves alone."""

    def __init__(self, source: GeneratedRegistry) -> None:
        self.days = source.days()
        self.by_trial: dict[str, Amendment] = {}
        wanted = amendments(self.days)
        for nct_id in source.nct_ids(self.days[0]):
            if wanted and self._is_quiet(source, nct_id):
                self.by_trial[nct_id] = wanted.pop()
        assert not wanted, [each.name for each in wanted]

    def _is_quiet(
        self,
        source: GeneratedRegistry,
        nct_id: str,
    ) -> bool:
        bodies = [source.study(day, nct_id) for day in self.days]
        if None in bodies:
            return False
        records = [json.loads(body or b"{}") for body in bodies]
        for record in records:
            record["derivedSection"]["miscInfoModule"].pop("versionHolder")
        return is_interventional(records[0]) and all(record == records[0] for record in records)

    def edit(self, nct_id: str, day: date, record: dict[str, Any]) -> bool:
        amendment = self.by_trial.get(nct_id)
        if amendment is None:
            return False
        number = self.days.index(day)
        steps = [since for since in sorted(amendment.steps) if since <= number]
        if not steps:
            return False
        amendment.steps[steps[-1]](record, day)
        if steps[-1] > 0:
            said = self.days[steps[-1]].isoformat()
            status = record["protocolSection"]["statusModule"]
            status["lastUpdateSubmitDate"] = said
            status["lastUpdatePostDateStruct"] = {"date": said, "type": "ACTUAL"}
        return True

    def events(self) -> Counter[tuple[str, date, str]]:
        return Counter(
            (nct_id, self.days[number], event)
            for nct_id, amendment in self.by_trial.items()
            for number, event in amendment.events
        )


@pytest.mark.parametrize(
    ("days_count", "size"),
    [
        pytest.param(6, 330, id="six_days"),
        pytest.param(60, 600, id="a_quarter", marks=pytest.mark.torture),
    ],
)
def test_each_type_of_event_is_told_always_and_never_without_a_change(
    tmp_path: Path, figures: dict[str, Any], days_count: int, size: int
) -> None:
    generated = GeneratedRegistry(seed=SEED, size=size, days=days_count)
    amended = Amended(generated)
    registry = EditedSource(generated, amended.edit)
    with home_of(registry, tmp_path) as settings:
        for day in registry.days():
            sync_day(settings, day)
        build_and_publish(settings, registry.days()[-1])
    told = counted(rows_of(settings, TOLD))
    days = {
        day: {nct_id: _record(registry.study(day, nct_id)) for nct_id in registry.nct_ids(day)}
        for day in registry.days()
    }
    expected = counted(expected_events(days))
    assert (told - expected, expected - told) == (Counter(), Counter())
    of_amended = Counter(
        {
            (nct_id, day, event): count
            for (nct_id, day, event, *_), count in told.items()
            if nct_id in amended.by_trial
        }
    )
    assert of_amended == amended.events()
    beside = {(trial, day): others for trial, day, others in rows_of(settings, OTHERS)}
    assert beside == suspended_beside(days)
    assert any(beside.values())
    types = {kind for (kind,) in rows_of(settings, "select distinct event_type from marts.fct_trial_events")}
    assert types >= known_types() - OF_THE_LISTING - {"STATUS_UNKNOWN"}
    assert {row[0] for row in rows_of(settings, CUT_THEN_TERMINATED.read_text())} == cut_then_terminated(
        expected
    )
    figures["events: told, types"] = f"{told.total()}, {len({event[2] for event in told})}"


def cut_then_terminated(events: Iterable[Event]) -> set[str]:
    """Trials whose target was cut on a day on or before that of their termination."""
    terminated = {event[0]: event[1] for event in events if event[2] == "STATUS_TERMINATED"}
    cut = {
        trial
        for trial, day, kind, _, was, now in events
        if kind == "ENROLL_TARGET_CHANGED"
        and int((now or "").split()[0]) < int((was or "").split()[0])
        and day <= terminated.get(trial, date.min)
    }
    assert cut
    return cut


def known_types() -> set[str]:
    lines = (PROJECT / "dbt_project/seeds/event_types.csv").read_text().splitlines()[1:]
    return {line.split(",", 1)[0] for line in lines}


def _record(body: bytes | None) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(body or b"{}")
    record["derivedSection"]["miscInfoModule"].pop("versionHolder")
    return record
