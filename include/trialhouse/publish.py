"""Put a gated build before the readers: one rename, so that nobody ever sees half a warehouse.

warehouse/trials.duckdb                    what readers open, read-only
warehouse/parquet -> versions/.../parquet  the same marts as Parquet, written after the file is published
warehouse/versions/D_BUILD/                the newest two, this one among them
warehouse/quality/D.json                   what was counted, flagged and gated of each day (quality_diary.py)
"""

import logging
import os
from pathlib import Path

import duckdb
import msgspec

from trialhouse.errors import BuildFailed, GateFailed
from trialhouse.lake import exclusive, remove, write_atomically
from trialhouse.quality_diary import write_diary
from trialhouse.room import shortage_is_told
from trialhouse.settings import PUBLISHED_VERSIONS_KEPT, Settings
from trialhouse.warehouse import BuildReceipt, finished_build, published_build

log = logging.getLogger(__name__)


def publish(settings: Settings) -> BuildReceipt:
    """Swap the gated build in; a build that is published already is left as it is.

    A run killed at any point is finished by the next call.

    Raises:
        BuildFailed: there is no build.
        GateFailed: the build has not passed its gate; the published file is untouched.
    """
    with shortage_is_told(settings.home), exclusive(settings.build_lock):
        receipt = _gated_build(settings)
        if published_build(settings) == receipt:
            log.info("published already build_id=%s", receipt.build_id)
        else:
            _publish(settings, receipt)
        write_diary(settings, receipt.snapshot_date)
    return receipt


def _publish(settings: Settings, receipt: BuildReceipt) -> None:
    version = _version_folder(settings, receipt)
    version.mkdir(parents=True, exist_ok=True)
    if settings.build_file.exists():
        settings.build_file.replace(version / "trials.duckdb")
    _swap_in(settings, version)
    write_atomically(settings.published_receipt, msgspec.json.encode(receipt))
    _prune(settings, version)
    log.info("published build_id=%s newest=%s", receipt.build_id, receipt.newest_snapshot_date)


def _version_folder(settings: Settings, receipt: BuildReceipt) -> Path:
    return settings.published_versions / f"{receipt.newest_snapshot_date}_{receipt.build_id}"


def _gated_build(settings: Settings) -> BuildReceipt:
    receipt = finished_build(settings)
    gate = msgspec.json.decode(settings.gate_receipt.read_bytes()) if settings.gate_receipt.exists() else {}
    if gate.get("build_id") != receipt.build_id or gate.get("passed") is not True:
        raise GateFailed("this build has not passed its gate; the published file is untouched")
    return receipt


def export_parquet(settings: Settings) -> None:
    """Write every mart of the published build as one Parquet file of its name; done already, nothing happens.

    It comes after publishing, because writing all that costs longer than building it and nobody waits for it
    who reads the file or an alert. Until then readers of Parquet have the build before.

    Raises:
        BuildFailed: nothing is published.
    """
    with shortage_is_told(settings.home), exclusive(settings.build_lock):
        receipt = published_build(settings)
        if receipt is None:
            raise BuildFailed("nothing is published yet: publish a build first")
        version = _version_folder(settings, receipt)
        unfinished = version / "parquet.unfinished"
        if not (version / "parquet").exists():
            remove(unfinished)
            unfinished.mkdir()
            _write_parquet(version / "trials.duckdb", unfinished)
            unfinished.rename(version / "parquet")
        _link_parquet(settings, version)


def _write_parquet(file: Path, folder: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as con:
        for name in exported_marts(con):
            con.execute(f"copy marts.{name} to '{folder / name}.parquet' (format parquet, compression zstd)")


def exported_marts(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The marts that leave the file: every table, and the trials; other views would take the whole memory."""
    tables = con.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' order by table_name"
    ).fetchall()
    return ["dim_trials", *(name for (name,) in tables)]


def _swap_in(settings: Settings, version: Path) -> None:
    file_beside = settings.warehouse_folder / ".trials.duckdb.next"
    remove(file_beside)
    os.link(version / "trials.duckdb", file_beside)
    file_beside.replace(settings.published_file)


def _link_parquet(settings: Settings, version: Path) -> None:
    link_beside = settings.warehouse_folder / ".parquet.next"
    link_beside.unlink(missing_ok=True)
    link_beside.symlink_to((version / "parquet").relative_to(settings.warehouse_folder))
    link_beside.replace(settings.published_parquet)


def _prune(settings: Settings, newest: Path) -> None:
    """Keep the newest versions; a reader that has an older one open keeps it until it closes."""
    older = sorted(
        (folder for folder in settings.published_versions.iterdir() if folder != newest),
        key=lambda folder: folder.stat().st_mtime,
        reverse=True,
    )
    for folder in older[PUBLISHED_VERSIONS_KEPT - 1 :]:
        remove(folder)
