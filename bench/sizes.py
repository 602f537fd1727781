"""Bytes on disk."""

from pathlib import Path


def size_of(place: Path) -> int:
    """Bytes of a file, or of all files below a folder; a file linked twice counts once.

    A file may go while the others are counted.
    """
    sizes: dict[int, int] = {}
    for file in [place] if place.is_file() else place.resolve().rglob("*"):
        try:
            status = file.lstat()
        except FileNotFoundError:
            continue
        if not file.is_dir():
            sizes[status.st_ino] = status.st_size
    return sum(sizes.values())
