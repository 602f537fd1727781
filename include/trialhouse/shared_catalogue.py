"""The published marts as tables of a DuckLake: catalogue in PostgreSQL, data in the object store.

Each publication is one transaction: readers on any machine see the one before or this one, never a mix, and
others may write schemas of their own into the same catalogue meanwhile. DuckLake: https://ducklake.select
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import duckdb

from trialhouse.duckdb_session import load_extension, working_connection
from trialhouse.errors import BuildFailed, SettingsInvalid, StoreUnavailable
from trialhouse.lake import exclusive, remove
from trialhouse.publish import exported_marts
from trialhouse.settings import PUBLISHED_VERSIONS_KEPT, Settings
from trialhouse.warehouse import published_build

log = logging.getLogger(__name__)

CATALOGUE = "shared"
EXTENSIONS = ("httpfs", "postgres_scanner", "ducklake")
AUTHOR = "trialhouse"
# Of two writers that commit at once one tries again; by default so late that a busy one won every time.
COMMIT_RETRIES = "set ducklake_max_retry_count = 200; set ducklake_retry_backoff = 1.0"
LONGEST_MESSAGE = 500


def share_published(settings: Settings) -> int:
    """Replace schema `marts` of the shared catalogue by the published file's; returns DuckLake's snapshot id.

    What is shared already is left as it is. Files of publications older than the newest two are removed.

    Raises:
        SettingsInvalid: catalogue or store are not set, or are not what DuckDB can reach.
        BuildFailed: nothing is published.
        StoreUnavailable: the catalogue or the store did not take it; readers have the publication before.
    """
    with exclusive(settings.build_lock):
        receipt = published_build(settings)
        if receipt is None:
            raise BuildFailed("nothing is published yet: publish a build first")
        message = f"{receipt.newest_snapshot_date} {receipt.build_id}"
        with shared_connection(settings) as con:
            if _newest_publication(con)[1:] != (message,):
                _replace_marts(con, settings.published_file, message)
                _forget_older(con)
            (snapshot, _) = _newest_publication(con)
    log.info("shared build_id=%s snapshot=%d", receipt.build_id, snapshot)
    return snapshot


@contextmanager
def shared_connection(settings: Settings, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with the shared catalogue attached as `shared`.

    Raises:
        SettingsInvalid, StoreUnavailable: as share_published.
    """
    postgres, store = _postgres_secret(settings.shared_catalogue), _store_secret(settings.object_store)
    spill_folder = settings.spill_folder / f"{CATALOGUE}-{os.getpid()}"
    with _told(settings), _removed(spill_folder), working_connection(spill_folder) as con:
        for extension in EXTENSIONS:
            load_extension(con, extension)
        con.execute(COMMIT_RETRIES)
        con.execute(postgres)
        con.execute(store)
        con.execute(f"""
            create secret {CATALOGUE}_lake (
                type ducklake, metadata_path '', data_path '{_data_path(settings.object_store)}',
                metadata_parameters map {{'TYPE': 'postgres', 'SECRET': '{CATALOGUE}_postgres'}}
            )
        """)
        con.execute(f"attach 'ducklake:{CATALOGUE}_lake' as {CATALOGUE} {'(read_only)' if read_only else ''}")
        yield con


@contextmanager
def _removed(folder: Path) -> Iterator[None]:
    try:
        yield
    finally:
        remove(folder)


def _replace_marts(con: duckdb.DuckDBPyConnection, file: Path, message: str) -> None:
    with duckdb.connect(str(file), read_only=True) as published:
        names = exported_marts(published)
    former = con.execute(f"""
        select table_name from information_schema.tables
        where table_catalog = '{CATALOGUE}' and table_schema = 'marts' order by table_name
    """).fetchall()
    con.execute(f"attach '{file}' as published (read_only)")
    con.execute("begin")
    con.execute(f"create schema if not exists {CATALOGUE}.marts")
    for name in names:
        con.execute(f"create or replace table {CATALOGUE}.marts.{name} as from published.marts.{name}")
    for name in {name for (name,) in former} - set(names):
        con.execute(f"drop table {CATALOGUE}.marts.{name}")
    con.execute(f"call {CATALOGUE}.set_commit_message('{AUTHOR}', '{message}')")
    con.execute("commit")


def _newest_publication(con: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    """Snapshot id and message of our newest commit; (-1, '') where there is none."""
    return (_publications(con) or [(-1, "")])[0]


def _publications(con: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    return con.execute(f"""
        select snapshot_id, commit_message from {CATALOGUE}.snapshots()
        where author = '{AUTHOR}' order by snapshot_id desc
    """).fetchall()


def _forget_older(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what is older than the oldest publication that readers may still be in, and its files."""
    kept = _publications(con)[:PUBLISHED_VERSIONS_KEPT]
    older = con.execute(
        f"select list(snapshot_id) from {CATALOGUE}.snapshots() where snapshot_id < {kept[-1][0]}"
    ).fetchone()
    if older and older[0]:
        con.execute(f"call ducklake_expire_snapshots('{CATALOGUE}', versions => {older[0]})")
        con.execute(f"call ducklake_cleanup_old_files('{CATALOGUE}', cleanup_all => true)")


# ---------- addresses


def _postgres_secret(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres") or not (parts.hostname and parts.path.strip("/")):
        raise SettingsInvalid(
            "TRIALHOUSE_SHARED_CATALOGUE must be postgresql://user:password@host:port/database"
        )
    values = {
        "host": parts.hostname,
        "port": str(parts.port or 5432),
        "database": parts.path.strip("/"),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }
    return _secret(f"{CATALOGUE}_postgres", "postgres", values)


def _store_secret(address: str) -> str:
    """What DuckDB must know of the store that PyArrow reads out of the same address."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return "select 'a folder needs no key'"
    if parts.scheme != "s3":
        raise SettingsInvalid("a shared catalogue needs TRIALHOUSE_OBJECT_STORE at s3:// or file://")
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    endpoint = options.get("endpoint_override", "")
    values = {
        "key_id": os.environ.get("AWS_ACCESS_KEY_ID", ""),
        "secret": os.environ.get("AWS_SECRET_ACCESS_KEY", ""),
        "session_token": os.environ.get("AWS_SESSION_TOKEN", ""),
        "region": options.get("region") or os.environ.get("AWS_DEFAULT_REGION", ""),
        "endpoint": endpoint.split("://")[-1],
        "url_style": "path" if endpoint else "",
        "use_ssl": "false" if options.get("scheme") == "http" else "",
    }
    return _secret(f"{CATALOGUE}_store", "s3", values)


def _secret(name: str, kind: str, values: dict[str, str]) -> str:
    given = [f"{key} {_quoted(value)}" for key, value in values.items() if value]
    return f"create secret {name} (type {kind}, {', '.join(given)})"


def _data_path(address: str) -> str:
    parts = urlsplit(address)
    prefix = f"{parts.netloc}{parts.path}".rstrip("/")
    return f"{'s3://' if parts.scheme == 's3' else ''}{prefix}/shared/".replace("'", "''")


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@contextmanager
def _told(settings: Settings) -> Iterator[None]:
    """One error for what goes wrong between DuckDB, PostgreSQL and the store, without passwords."""
    try:
        yield
    except duckdb.Error as error:
        text = str(error)
        for hidden in (urlsplit(settings.shared_catalogue).password, os.environ.get("AWS_SECRET_ACCESS_KEY")):
            text = text.replace(unquote(hidden), "***") if hidden else text
        raise StoreUnavailable(f"the shared catalogue did not take it: {text[:LONGEST_MESSAGE]}") from None
