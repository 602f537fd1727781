"""What outlives this machine: the lake, what gates said of its days, and the published Parquet, in a store.

lake/...                     as below the lake's own folder; what a receipt names, then the receipt
gates/..., quality/...       JSON of what gates and people said of days, as below the home
published/D_BUILD/*.parquet  the marts of the newest two publications
published/newest.json        which of them to read: folder, snapshot_date, tables; written last
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import msgspec

from trialhouse.errors import BuildFailed, LakeDamaged, SettingsInvalid
from trialhouse.history.store import BatchManifest, HistoryStore
from trialhouse.lake import Lake, Manifest, exclusive, sha256_of, write_atomically
from trialhouse.object_store import ObjectStore
from trialhouse.room import shortage_is_told
from trialhouse.settings import PUBLISHED_VERSIONS_KEPT, Settings
from trialhouse.warehouse import published_build

log = logging.getLogger(__name__)

LAKE = "lake"
PUBLISHED = "published"
NEWEST = f"{PUBLISHED}/newest.json"
OWNER = f"{LAKE}/registry.txt"
RECEIPTS = ("manifests/*.json", "history/batches/*/manifest.json")


class NewestPublication(msgspec.Struct, frozen=True):
    """Which folder below `published/` readers take; tables: names of its Parquet files."""

    folder: str
    snapshot_date: date
    build_id: str
    tables: list[str]


@dataclass(frozen=True, slots=True)
class Transfer:
    """Receipts (landed days and batches of history) that were copied, and the bytes of their files."""

    receipts: int
    size_bytes: int


def store_of(settings: Settings) -> ObjectStore:
    """Raises SettingsInvalid when no store is set."""
    if not settings.object_store:
        raise SettingsInvalid("set TRIALHOUSE_OBJECT_STORE to the address of a bucket first")
    return ObjectStore.at(settings.object_store)


def keep_lake(settings: Settings) -> Transfer:
    """Copy every landed day and batch of history that the store has not, and what was said of days.

    A day is in the store when its receipt is, which comes last. Files are compared with their receipt before.

    Raises:
        StoreUnavailable: nothing is lost; the next call goes on.
        LakeDamaged: a file here is not what its receipt says, or the store has days that this lake has not.
        SettingsInvalid: the store holds another registry's lake.
    """
    store, lake = store_of(settings), Lake(settings.lake)
    _claim(store, lake)
    here = _receipts_here(lake)
    there = _receipts_there(store)
    _refuse_other_lake(store, lake, here, there)
    size_bytes = 0
    for receipt in sorted(here.keys() - there):
        _require_intact(lake, here[receipt])
        size_bytes += store.put(LAKE, lake.root, [*here[receipt], *_descriptions_of(lake, receipt)])
        store.put(LAKE, lake.root, [receipt])
    _keep_notes(settings, store)
    transfer = Transfer(len(here.keys() - there), size_bytes)
    log.info("kept receipts=%d bytes=%d store=%s", transfer.receipts, size_bytes, store.address)
    return transfer


def fetch_lake(settings: Settings) -> Transfer:
    """Copy every day and batch of history that only the store has, and what was said of days.

    A file here that is not what its receipt says is replaced by the store's. Each file is compared with its
    receipt, which is written last: a call that dies leaves no half day.

    Raises:
        StoreUnavailable: what was fetched stays; the next call goes on.
        LakeDamaged: an object is not what its receipt says, or a day here differs from the store's.
        SettingsInvalid: the store holds another registry's lake.
    """
    store, lake = store_of(settings), Lake(settings.lake)
    with shortage_is_told(settings.home), lake.writer_lock():
        there = _receipts_there(store)
        if there:
            lake.claim(store.read(OWNER).decode())
        here = _receipts_here(lake)
        _refuse_other_receipts(store, lake, here.keys() & there)
        for receipt in sorted(here.keys() & there):
            _mend(store, lake, here[receipt])
        missing = sorted(there - here.keys())
        bodies = store.read_all(f"{LAKE}/{receipt}" for receipt in missing)
        size_bytes = sum(_fetch(store, lake, name, bodies[f"{LAKE}/{name}"]) for name in missing)
        _fetch_notes(settings, store)
    log.info("fetched receipts=%d bytes=%d store=%s", len(missing), size_bytes, store.address)
    return Transfer(len(missing), size_bytes)


def keep_published(settings: Settings) -> NewestPublication:
    """Copy the published Parquet into a folder of its own and point `newest.json` at it.

    Readers that began with the publication before end with it: the newest two stay.

    Raises:
        BuildFailed: nothing is published, or not written as Parquet yet.
        StoreUnavailable: readers still have the publication before; the next call begins this one anew.
    """
    store = store_of(settings)
    with exclusive(settings.build_lock):
        receipt, folder = published_build(settings), settings.published_parquet.resolve()
        if receipt is None or not folder.name == "parquet" or receipt.build_id not in str(folder):
            raise BuildFailed("the published build is not written as Parquet yet: trialhouse export-parquet")
        files = sorted(file.name for file in folder.glob("*.parquet"))
        name = folder.parent.name
        before = newest_publication(store)
        newest = NewestPublication(
            name, receipt.newest_snapshot_date, receipt.build_id, [Path(file).stem for file in files]
        )
        if before != newest:
            store.put(f"{PUBLISHED}/{name}", folder, files)
            store.write(NEWEST, msgspec.json.encode(newest))
            _prune(store, keep={name, before.folder} if before else {name})
    _keep_notes(settings, store)
    log.info("kept publication folder=%s tables=%d store=%s", name, len(files), store.address)
    return newest


def newest_publication(store: ObjectStore) -> NewestPublication | None:
    """What readers of the store have now."""
    if Path(NEWEST).name not in store.objects(PUBLISHED):
        return None
    return msgspec.json.decode(store.read(NEWEST), type=NewestPublication)


def _prune(store: ObjectStore, keep: set[str]) -> None:
    folders = {path.split("/")[0] for path in store.objects(PUBLISHED) if "/" in path}
    assert len(keep) <= PUBLISHED_VERSIONS_KEPT
    for folder in sorted(folders - keep):
        store.remove_folder(f"{PUBLISHED}/{folder}")


# ---------- receipts


def _receipts_here(lake: Lake) -> dict[str, dict[str, str]]:
    """Path of each receipt: sha256 by path of the files it names; paths are relative to the lake."""
    found = {
        str(lake.manifest_file(day).relative_to(lake.root)): lake.manifest(day).files for day in lake.days()
    }
    store = HistoryStore.of(lake)
    for number in store.batch_numbers():
        receipt = str(store.manifest_file(number).relative_to(lake.root))
        found[receipt] = _beside(receipt, store.manifest(number).files)
    return found


def _receipts_there(store: ObjectStore) -> set[str]:
    return {path for path in store.objects(LAKE) if any(fnmatch(path, pattern) for pattern in RECEIPTS)}


def _beside(receipt: str, files: dict[str, str]) -> dict[str, str]:
    """A batch names its files relative to its own folder."""
    folder = receipt.rsplit("/", 1)[0]
    return {f"{folder}/{name}": sha256 for name, sha256 in files.items()}


def _descriptions_of(lake: Lake, receipt: str) -> list[str]:
    """What the registry said of its fields and codes on a day; days share them."""
    if not receipt.startswith("manifests/"):
        return []
    return _description_paths(lake.manifest(date.fromisoformat(Path(receipt).stem)))


def _description_paths(manifest: Manifest) -> list[str]:
    return [f"descriptions/{hashed}.json" for hashed in manifest.descriptions.values()]


def _damaged(lake: Lake, sha256_by_path: dict[str, str]) -> list[str]:
    """Files that are missing or not what their receipt says."""
    return [
        path
        for path, sha256 in sha256_by_path.items()
        if not (file := lake.root / path).exists() or sha256_of(file) != sha256
    ]


def _require_intact(lake: Lake, sha256_by_path: dict[str, str]) -> None:
    for path in _damaged(lake, sha256_by_path):
        raise LakeDamaged(
            f"{lake.root / path} is not what its receipt says: restore it from a backup, or from the store "
            "with `trialhouse store fetch` if it was kept there"
        )


def _mend(store: ObjectStore, lake: Lake, sha256_by_path: dict[str, str]) -> None:
    if damaged := _damaged(lake, sha256_by_path):
        store.get(LAKE, lake.root, damaged)
        _require_intact(lake, {path: sha256_by_path[path] for path in damaged})
        log.warning("mended from the store: %s", ", ".join(damaged))


def _fetch(store: ObjectStore, lake: Lake, receipt: str, body: bytes) -> int:
    """One day or batch: its files, compared with the receipt, then the receipt. Returns bytes."""
    try:
        files, others = _files_named(receipt, body)
    except msgspec.DecodeError as error:
        raise LakeDamaged(f"{LAKE}/{receipt} in {store.address} cannot be read: {error}") from error
    store.get(LAKE, lake.root, [*files, *others])
    for path in _damaged(lake, files):
        raise LakeDamaged(f"{LAKE}/{path} in {store.address} is not what {receipt} says")
    write_atomically(lake.root / receipt, body)
    return sum((lake.root / path).stat().st_size for path in files)


def _files_named(receipt: str, body: bytes) -> tuple[dict[str, str], list[str]]:
    """sha256 by path of what a receipt vouches for, and what else belongs to it."""
    if receipt.startswith("manifests/"):
        manifest = msgspec.json.decode(body, type=Manifest)
        return manifest.files, _description_paths(manifest)
    return _beside(receipt, msgspec.json.decode(body, type=BatchManifest).files), []


# ---------- one store, one lake


def _claim(store: ObjectStore, lake: Lake) -> None:
    owner = lake.owner()
    if owner is None:
        raise SettingsInvalid(f"nothing has landed in {lake.root}: there is nothing to keep")
    if Path(OWNER).name not in store.objects(LAKE):
        store.write(OWNER, owner.encode())
    elif (theirs := store.read(OWNER).decode()) != owner:
        raise SettingsInvalid(f"{store.address} holds the registry {theirs!r}, not {owner!r}")


def _refuse_other_lake(store: ObjectStore, lake: Lake, here: Iterable[str], there: set[str]) -> None:
    """Two machines that land into one store would each overwrite what the other remembers."""
    if unknown := sorted(there - set(here)):
        raise LakeDamaged(
            f"{store.address} has what this lake has not ({', '.join(unknown[:3])}): was the disk of this "
            "machine set back, or does another one land into the same store? `trialhouse store fetch` "
            "brings it here"
        )
    _refuse_other_receipts(store, lake, set(here) & there)


def _refuse_other_receipts(store: ObjectStore, lake: Lake, receipts: set[str]) -> None:
    bodies = store.read_all(f"{LAKE}/{receipt}" for receipt in sorted(receipts))
    for receipt in sorted(receipts):
        if bodies[f"{LAKE}/{receipt}"] != (lake.root / receipt).read_bytes():
            raise LakeDamaged(
                f"{receipt} here is not the one in {store.address}: another machine landed it too. "
                "A person decides which lake is right; nothing was copied"
            )


# ---------- what was said of days


def _notes(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Folder in the store, folder here."""
    yield "gates", settings.gates_folder
    yield "quality", settings.quality_folder


def _keep_notes(settings: Settings, store: ObjectStore) -> None:
    for name, root in _notes(settings):
        there = store.objects(name)
        paths = [str(file.relative_to(root)) for file in sorted(root.rglob("*.json"))]
        store.put(name, root, [path for path in paths if _is_news(root / path, there.get(path))])


def _is_news(file: Path, kept: Any) -> bool:
    said = file.stat()
    return kept is None or kept.size != said.st_size or kept.mtime.astimezone(UTC).timestamp() < said.st_mtime


def _fetch_notes(settings: Settings, store: ObjectStore) -> None:
    for name, root in _notes(settings):
        store.get(name, root, [path for path in store.objects(name) if not (root / path).exists()])
