"""A run killed with SIGKILL, again and again, ends in the home that a run never killed makes."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from builders import MONDAY, MadeUpRegistry, a_study, home_of
from torture.child_runs import ChildRuns, Undisturbed
from torture.home_picture import (
    count_rows,
    in_schema,
    lake_picture,
    parquet_rows,
    published_rows,
    require_sound,
)
from torture.slack_picture import slack_picture
from trialhouse.publish import publish
from trialhouse.settings import Settings
from trialhouse.slack_stand_in import SlackStandIn, serving_slack
from trialhouse.sync import sync_day
from trialhouse.warehouse import BuildReceipt, awaits_build, published_days

# Drawn so often: publishing takes a fifth of a second and would hardly ever be hit by chance.
WEIGHTS = {"sync": 30, "check_raw": 5, "build": 20, "check_marts": 5, "flag": 5, "publish": 15, "alert": 20}


@dataclass(frozen=True, slots=True)
class Victims:
    """Homes that are killed at random moments until all their days are done, one after the other.

    Each tells a Slack of its own what it published.
    """

    folder: Path
    reference: Undisturbed
    draw: random.Random
    slacks: dict[Path, tuple[str, SlackStandIn]]

    def kill(self, kills: int) -> tuple[list[Path], Counter[str]]:
        """Every home it took, the last one finished undisturbed, and the steps that the kills hit."""
        self.folder.mkdir()
        homes: list[Path] = []
        hits: Counter[str] = Counter()
        with ExitStack() as open_slacks:
            while hits.total() < kills:
                home = self.folder / f"killed-{len(homes)}"
                homes.append(home)
                self.slacks[home] = open_slacks.enter_context(serving_slack(home / "slack"))
                self._kill_until_done(home, kills, hits)
            last = self._runs(homes[-1])
            assert last.exit_code("alert", self.reference.days) == 0, last.last_words()
        return homes, hits

    def _kill_until_done(self, home: Path, kills: int, hits: Counter[str]) -> None:
        while hits.total() < kills:
            (wanted,) = self.draw.choices(list(WEIGHTS), list(WEIGHTS.values()))
            hit = self._runs(home).step_killed_in(
                "alert", self.reference.days, wanted, self.draw.random(), self.reference.seconds
            )
            if hit is None:
                return
            hits[hit] += 1
            require_sound(home)

    def _runs(self, home: Path) -> ChildRuns:
        return ChildRuns(
            self.reference.registry_address,
            home,
            self.folder / "children.log",
            slack_address=self.slacks[home][0],
        )


@pytest.mark.parametrize(
    ("kills", "chains"),
    [
        pytest.param(4, 1, id="a_few_kills"),
        pytest.param(200, 2, id="two_hundred_kills", marks=pytest.mark.torture),
    ],
)
def test_a_run_killed_at_random_moments_ends_like_one_never_killed(
    tmp_path: Path, undisturbed: Undisturbed, figures: dict[str, Any], kills: int, chains: int
) -> None:
    victims = [Victims(tmp_path / str(n), undisturbed, random.Random(n), {}) for n in range(chains)]
    with ThreadPoolExecutor(chains) as threads:
        results = list(threads.map(lambda each: each.kill(kills // chains), victims))
    hits = sum((hits for _, hits in results), Counter[str]())
    homes = [home for killed, _ in results for home in killed]
    never_killed = undisturbed.home_after[undisturbed.days[-1]]
    lake, rows = lake_picture(never_killed), published_rows(never_killed)
    for home in homes:
        assert lake_picture(home) == lake
        assert published_rows(home) == rows
        assert parquet_rows(home) == in_schema("marts", rows)
    told = [slack_picture(slack) for each in victims for _, slack in each.slacks.values()]
    assert told == [undisturbed.told] * len(homes)
    assert len(undisturbed.told) > 0
    assert hits.total() == kills
    figures["kills, by the step they hit"] = f"{hits.total()} {dict(hits)}"
    figures["kills: homes compared, days each, published rows each, messages each"] = (
        f"{len(homes)}, {len(undisturbed.days)}, {count_rows(rows)}, {len(undisturbed.told)}"
    )


class _Killed(BaseException):
    """As good as SIGKILL for what is on disk: nothing catches it."""


def test_a_day_whose_publishing_was_killed_half_way_still_awaits_its_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers of the file have it by then, readers of the receipt do not."""

    def killed(*_: Any, **__: Any) -> None:
        raise _Killed

    with home_of(MadeUpRegistry({MONDAY: [a_study()]}), tmp_path) as settings:
        sync_day(settings, MONDAY)
        make_gated_build(settings)
        with monkeypatch.context() as patch:
            patch.setattr("trialhouse.publish.write_atomically", killed)
            with pytest.raises(_Killed):
                publish(settings)
        assert published_days(settings) == {MONDAY}
        assert awaits_build(settings, MONDAY)


def make_gated_build(settings: Settings) -> None:
    """A build of nothing but the table that says which days it holds."""
    with duckdb.connect(str(settings.build_file)) as con:
        con.execute("create schema marts")
        con.execute(f"create table marts.dim_snapshots as select date '{MONDAY}' as snapshot_date")
    receipt = BuildReceipt("a_build", MONDAY, MONDAY, 1)
    settings.build_receipt.write_bytes(msgspec.json.encode(receipt))
    settings.gate_receipt.write_bytes(msgspec.json.encode({"build_id": receipt.build_id, "passed": True}))
