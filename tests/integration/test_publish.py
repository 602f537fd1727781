"""Publishing under the eyes of readers, and the three ways it must not happen."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from uuid import uuid4

import duckdb
import msgspec
import pytest

from trialhouse.errors import BuildFailed, GateFailed
from trialhouse.lake import write_atomically
from trialhouse.publish import export_parquet, publish
from trialhouse.settings import PUBLISHED_VERSIONS_KEPT, Settings, load_settings
from trialhouse.warehouse import BuildReceipt, published_build

DAY = date(2026, 1, 5)
ROWS = 20_000

# Two marts of one build always agree; a torn file, a missing one or a mix of builds would not.
READER = """
import sys, time
import duckdb
reads = 0
versions = set()
print("reading", flush=True)
while not sys.stdin.closed and reads < 100_000:
    with duckdb.connect(sys.argv[1], read_only=True) as con:
        (sums,) = con.execute(
            "select (select sum(build) from marts.left_rows), (select sum(build) from marts.right_rows),"
            " (select count(*) from marts.left_rows), (select max(build) from marts.left_rows)"
        ).fetchall()
    assert sums[0] == sums[1] == sums[2] * sums[3], sums
    versions.add(sums[3])
    reads += 1
    if __import__("select").select([sys.stdin], [], [], 0)[0]:
        break
print(reads, len(versions), flush=True)
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    return load_settings()


def a_gated_build(settings: Settings, number: int, *, gate: dict[str, object] | None = None) -> BuildReceipt:
    """A build file of two marts that both carry the number of the build."""
    settings.build_folder.mkdir(parents=True, exist_ok=True)
    settings.build_file.unlink(missing_ok=True)
    with duckdb.connect(str(settings.build_file)) as con:
        con.execute("create schema marts")
        con.execute("create view marts.dim_trials as select 'NCT90000001' as nct_id")
        con.execute("create table marts.dim_snapshots (snapshot_date date)")
        for mart in ("left_rows", "right_rows"):
            con.execute(f"create table marts.{mart} as select {number} as build from range({ROWS})")
    receipt = BuildReceipt(uuid4().hex, DAY, DAY, 1)
    write_atomically(settings.build_receipt, msgspec.json.encode(receipt))
    passed = {"build_id": receipt.build_id, "passed": True} if gate is None else gate
    write_atomically(settings.gate_receipt, json.dumps(passed).encode())
    return receipt


def published_number(settings: Settings) -> int:
    with duckdb.connect(str(settings.published_file), read_only=True) as con:
        (row,) = con.execute("select max(build) from marts.left_rows").fetchall()
    return int(row[0])


def test_readers_loop_through_twenty_publishes_without_an_error_or_a_torn_read(settings: Settings) -> None:
    a_gated_build(settings, 0)
    publish(settings)
    command = [sys.executable, "-c", READER, str(settings.published_file)]
    readers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
    for number in range(1, 21):
        a_gated_build(settings, number)
        publish(settings)
        assert published_number(settings) == number
    for reader in readers:
        answer, _ = reader.communicate("stop\n", timeout=60)
        assert reader.returncode == 0
        reads, versions = map(int, answer.split())
        assert reads >= 20
        assert versions > 1


def test_two_versions_are_kept_and_the_published_file_is_the_newest(settings: Settings) -> None:
    for number in range(6):
        a_gated_build(settings, number)
        publish(settings)
    kept = list(settings.published_versions.iterdir())
    assert len(kept) == PUBLISHED_VERSIONS_KEPT == 2
    assert published_number(settings) == 5
    assert any((version / "trials.duckdb").samefile(settings.published_file) for version in kept)


def test_the_marts_are_there_as_parquet(settings: Settings) -> None:
    a_gated_build(settings, 7)
    publish(settings)
    assert not settings.published_parquet.exists()
    export_parquet(settings)
    files = sorted(file.name for file in settings.published_parquet.glob("*.parquet"))
    names = ("dim_snapshots", "dim_trials", "left_rows", "right_rows")
    assert files == [f"{name}.parquet" for name in names]
    rows = duckdb.sql(f"select count(*), max(build) from '{settings.published_parquet}/left_rows.parquet'")
    assert rows.fetchall() == [(ROWS, 7)]


def test_publishing_a_build_twice_changes_nothing(settings: Settings) -> None:
    receipt = a_gated_build(settings, 1)
    publish(settings)
    before = settings.published_file.stat()
    assert publish(settings) == receipt == published_build(settings)
    after = settings.published_file.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_killed_export_leaves_the_former_files_and_is_finished_by_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_gated_build(settings, 1)
    publish(settings)
    export_parquet(settings)
    a_gated_build(settings, 2)
    publish(settings)
    left_rows = f"select max(build) from '{settings.published_parquet}/left_rows.parquet'"
    with monkeypatch.context() as patch:
        patch.setattr("trialhouse.publish._link_parquet", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            export_parquet(settings)
    assert duckdb.sql(left_rows).fetchall() == [(1,)]
    export_parquet(settings)
    assert duckdb.sql(left_rows).fetchall() == [(2,)]


def test_without_a_published_build_nothing_is_exported(settings: Settings) -> None:
    with pytest.raises(BuildFailed, match="nothing is published yet"):
        export_parquet(settings)


@pytest.mark.parametrize("step", ["_swap_in", "_prune"])
def test_a_killed_publish_is_finished_by_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    a_gated_build(settings, 1)
    publish(settings)
    a_gated_build(settings, 2)
    with monkeypatch.context() as patch:
        patch.setattr(f"trialhouse.publish.{step}", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish(settings)
    assert published_number(settings) == (2 if step == "_prune" else 1)
    publish(settings)
    assert published_number(settings) == 2


@pytest.mark.parametrize("gate", [{"build_id": "another", "passed": True}, {"passed": True}])
def test_a_build_that_no_gate_let_pass_is_refused(settings: Settings, gate: dict[str, object]) -> None:
    a_gated_build(settings, 1)
    publish(settings)
    a_gated_build(settings, 2, gate=gate)
    with pytest.raises(GateFailed, match="has not passed its gate"):
        publish(settings)
    assert published_number(settings) == 1


def test_without_a_build_nothing_is_published(settings: Settings) -> None:
    with pytest.raises(BuildFailed, match="no finished build"):
        publish(settings)
    assert not settings.published_file.exists()
