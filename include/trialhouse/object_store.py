"""An object store by its address: S3 and what speaks like it, Google Cloud Storage, Azure, or a folder."""

import errno
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import fs

from trialhouse.errors import SettingsInvalid, StoreUnavailable
from trialhouse.lake import remove

SCHEMES = ("s3", "gs", "abfs", "abfss", "file")
TRANSFERS_AT_ONCE = 8

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """Objects below one address; paths are relative to it, with slashes."""

    address: str
    file_system: fs.FileSystem
    prefix: str

    @classmethod
    def at(cls, address: str) -> "ObjectStore":
        """The store of an address as PyArrow reads it: `s3://bucket/prefix?region=eu-central-1`.

        Raises:
            SettingsInvalid: it is no address of a store, or holds a password.
        """
        require_store_address(address)
        try:
            file_system, prefix = fs.FileSystem.from_uri(address)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise SettingsInvalid(f"TRIALHOUSE_OBJECT_STORE is no address of a store: {error}") from error
        return cls(address, file_system, prefix.rstrip("/"))

    def objects(self, folder: str) -> dict[str, fs.FileInfo]:
        """Size and time of every object below a folder, by its path relative to that folder."""
        root = f"{self.prefix}/{folder}"
        with self._told(f"list {folder}"):
            found = self.file_system.get_file_info(
                fs.FileSelector(root, allow_not_found=True, recursive=True)
            )
        return {info.path[len(root) + 1 :]: info for info in found if info.type == fs.FileType.File}

    def read(self, path: str) -> bytes:
        with self._told(f"read {path}"), self.file_system.open_input_stream(f"{self.prefix}/{path}") as body:
            return bytes(body.read())

    def read_all(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Small objects, by path."""
        wanted = list(paths)
        return dict(zip(wanted, _at_once(self.read, wanted), strict=True))

    def write(self, path: str, body: bytes) -> None:
        """Replace one object as a whole: readers see the old or the new."""
        with self._told(f"write {path}"):
            self._make_parent(path)
            with self.file_system.open_output_stream(f"{self.prefix}/{path}") as out:
                out.write(body)

    def put(self, folder: str, root: Path, paths: Iterable[str]) -> int:
        """Copy files below `root` to a folder, and see that each arrived whole; returns bytes."""
        wanted = {path: (root / path).stat().st_size for path in paths}
        _at_once(lambda path: self._put_file(root / path, f"{folder}/{path}"), wanted)
        there = self.objects(folder) if wanted else {}
        for path, size in wanted.items():
            if path not in there or there[path].size != size:
                raise StoreUnavailable(f"{folder}/{path} did not arrive whole in {self.address}")
        return sum(wanted.values())

    def get(self, folder: str, root: Path, paths: Iterable[str]) -> None:
        """Copy objects of a folder below `root`; each file appears when it is whole."""
        _at_once(lambda path: self._get_file(f"{folder}/{path}", root / path), paths)

    def remove_folder(self, folder: str) -> None:
        with self._told(f"remove {folder}"):
            self.file_system.delete_dir(f"{self.prefix}/{folder}")

    def _put_file(self, file: Path, path: str) -> None:
        with self._told(f"write {path}"):
            self._make_parent(path)
            fs.copy_files(
                str(file), f"{self.prefix}/{path}", fs.LocalFileSystem(), self.file_system, use_threads=False
            )

    def _get_file(self, path: str, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}.unfinished")
        remove(unfinished)
        with self._told(f"read {path}"):
            fs.copy_files(
                f"{self.prefix}/{path}",
                str(unfinished),
                self.file_system,
                fs.LocalFileSystem(),
                use_threads=False,
            )
        unfinished.replace(file)

    def _make_parent(self, path: str) -> None:
        """Object stores have no folders; a folder that stands in for one does."""
        if isinstance(self.file_system, fs.LocalFileSystem):
            self.file_system.create_dir(f"{self.prefix}/{path}".rsplit("/", 1)[0], recursive=True)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """A full disk here is for the caller to tell; all else is the store's."""
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise StoreUnavailable(f"{self.address}: could not {what}: {error}") from error


def require_store_address(address: str) -> None:
    """Raises SettingsInvalid for what is no address of a store; keys come from the environment alone."""
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES:
        raise SettingsInvalid(f"TRIALHOUSE_OBJECT_STORE begins with one of {', '.join(SCHEMES)} and ://")
    if parts.username or parts.password:
        raise SettingsInvalid(
            "TRIALHOUSE_OBJECT_STORE must not hold keys, which would reach logs: set AWS_ACCESS_KEY_ID "
            "and AWS_SECRET_ACCESS_KEY, or what your store's client reads"
        )
    if not (parts.netloc or parts.path.strip("/")):
        raise SettingsInvalid("TRIALHOUSE_OBJECT_STORE names no bucket")


def _at_once(act: Callable[[str], Answer], each: Iterable[str]) -> list[Answer]:
    with ThreadPoolExecutor(TRANSFERS_AT_ONCE) as pool:
        return list(pool.map(act, each))
