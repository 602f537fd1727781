"""A filesystem of a few MB that can be filled: a tmpfs in a mount namespace that ends with its holder."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

BLOCK = 4096
HOLD = 'mount -t tmpfs -o size="$1" small-disk "$0" && echo mounted && exec cat'


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """`folder`: where it is mounted in the namespaces of `holder`. `seen`: the same folder from outside."""

    folder: Path
    holder: int

    @property
    def seen(self) -> Path:
        return Path("/proc", str(self.holder), "root", *self.folder.parts[1:])

    def free(self) -> int:
        return shutil.disk_usage(self.seen).free

    @contextmanager
    def filled_but(self, bytes_left: int) -> Iterator[None]:
        """Put a file on it that leaves so many bytes, for a while."""
        filler = self.seen / "filler"
        with filler.open("wb") as content:
            for _ in range((self.free() - bytes_left) // BLOCK):
                content.write(bytes(BLOCK))
        yield
        filler.unlink()


@contextmanager
def small_disk(folder: Path, size_bytes: int) -> Iterator[SmallDisk]:
    """Mount it; where that is not permitted the test is skipped and says why."""
    folder.mkdir()
    command = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        HOLD,
        str(folder),
        str(size_bytes),
    ]
    try:
        holder = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    except OSError as error:
        pytest.skip(f"a small filesystem cannot be mounted here: {error}")
    with holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stderr is not None
        if holder.stdout.readline() != "mounted\n":
            pytest.skip(f"a small filesystem cannot be mounted here: {holder.stderr.read().strip()}")
        try:
            yield SmallDisk(folder, holder.pid)
        finally:
            holder.stdin.close()
