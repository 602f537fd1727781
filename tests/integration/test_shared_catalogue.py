"""The published marts in a DuckLake on real PostgreSQL and real S3: many readers, more than one writer."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.test_publish import ROWS, a_gated_build
from postgres_server import PostgresServer, running_postgres
from s3_server import S3Server, running_s3
from trialhouse.errors import BuildFailed, SettingsInvalid, StoreUnavailable
from trialhouse.keeping import store_of
from trialhouse.publish import publish
from trialhouse.settings import Settings, load_settings
from trialhouse.shared_catalogue import share_published, shared_connection

PUBLICATIONS = 12

READER = """
import select, sys
from trialhouse.settings import load_settings
from trialhouse.shared_catalogue import shared_connection
reads, versions = 0, set()
print("reading", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    with shared_connection(load_settings(), read_only=True) as con:
        ((left, right, count, number),) = con.execute(
            "select (select sum(build) from shared.marts.left_rows),"
            " (select sum(build) from shared.marts.right_rows),"
            " (select count(*) from shared.marts.left_rows), (select max(build) from shared.marts.left_rows)"
        ).fetchall()
    assert left == right == count * number, (left, right, count, number)
    reads += 1
    versions.add(number)
print(reads, len(versions), flush=True)
"""
WRITER = """
import select, sys
from trialhouse.settings import load_settings
from trialhouse.shared_catalogue import shared_connection
with shared_connection(load_settings()) as con:
    con.execute("create schema shared.cohorts; create table shared.cohorts.mine (number integer)")
    print("writing", flush=True)
    written = 0
    while not select.select([sys.stdin], [], [], 0.1)[0]:
        con.execute(f"insert into shared.cohorts.mine values ({written})")
        written += 1
print(written, flush=True)
"""


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture
def catalogue(server: PostgresServer, tmp_path: Path) -> str:
    """A database of its own, over TCP and with a password, as from another machine."""
    server.create(tmp_path.name)
    return server.url(tmp_path.name)


@pytest.fixture
def settings(s3: S3Server, catalogue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIALHOUSE_OBJECT_STORE", s3.address(tmp_path.name))
    monkeypatch.setenv("TRIALHOUSE_SHARED_CATALOGUE", catalogue)
    return load_settings()


def share(settings: Settings, number: int) -> int:
    a_gated_build(settings, number)
    publish(settings)
    return share_published(settings)


def started(program: str) -> "subprocess.Popen[str]":
    """A process of its own, which says when it is ready; it ends when told to."""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline(), "it ended at once"
    return process


def ended(process: "subprocess.Popen[str]") -> list[int]:
    said, _ = process.communicate("stop\n", timeout=120)
    assert process.returncode == 0
    return [int(word) for word in said.split()]


def test_readers_and_another_writer_go_on_while_twelve_publications_come(settings: Settings) -> None:
    share(settings, 1)
    readers = [started(READER) for _ in range(2)]
    writer = started(WRITER)
    for number in range(2, PUBLICATIONS + 1):
        share(settings, number)
    outcomes = [ended(reader) for reader in readers]
    [written] = ended(writer)
    assert all(reads > 3 for reads, _ in outcomes), outcomes
    assert all(versions > 1 for _, versions in outcomes), outcomes
    with shared_connection(settings, read_only=True) as con:
        assert con.execute("select count(*), max(build) from shared.marts.left_rows").fetchall() == [
            (ROWS, PUBLICATIONS)
        ]
        assert con.execute("select count(*), count(distinct number) from shared.cohorts.mine").fetchall() == [
            (written, written)
        ]
    assert written > 0


def test_the_publication_before_can_still_be_read_and_older_files_are_gone(
    s3: S3Server, settings: Settings, tmp_path: Path
) -> None:
    snapshots = [share(settings, number) for number in (1, 2, 3)]
    assert share_published(settings) == snapshots[-1]
    with shared_connection(settings, read_only=True) as con:
        for number, snapshot in zip((2, 3), snapshots[1:], strict=True):
            before = f"select max(build) from shared.marts.left_rows at (version => {snapshot})"
            assert con.execute(before).fetchall() == [(number,)]
    files = store_of(settings).objects("shared/marts/left_rows")
    assert len(files) == 2


def test_every_mart_is_shared_as_it_is_published(settings: Settings) -> None:
    share(settings, 1)
    with shared_connection(settings, read_only=True) as con:
        con.execute(f"attach '{settings.published_file}' as published (read_only)")
        names = con.execute(
            "select table_name from information_schema.tables"
            " where table_catalog = 'published' and table_schema = 'marts'"
        ).fetchall()
        assert len(names) > 3
        for (name,) in names:
            for one, other in (("shared", "published"), ("published", "shared")):
                only = f"from {one}.marts.{name} except all from {other}.marts.{name}"
                assert con.execute(only).fetchall() == []


def test_a_catalogue_that_is_down_or_misnamed_is_told_without_its_password(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BuildFailed):
        share_published(settings)
    a_gated_build(settings, 1)
    publish(settings)
    monkeypatch.setenv("TRIALHOUSE_SHARED_CATALOGUE", "postgresql://me:hidden-word@127.0.0.1:9/nowhere")
    with pytest.raises(StoreUnavailable) as refused:
        share_published(load_settings())
    assert "hidden-word" not in str(refused.value)
    monkeypatch.setenv("TRIALHOUSE_SHARED_CATALOGUE", "mysql://somewhere")
    with pytest.raises(SettingsInvalid):
        share_published(load_settings())
