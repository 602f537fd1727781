"""Files that only their owner reads: passwords and keys made at random, once."""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_once(file: Path, content: Mapping[str, str]) -> dict[str, str]:
    """Write a private JSON file unless there is one, and return what it holds.

    Written under another name and linked, so that of two processes one wins and both read the same.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent) as draft:  # mode 0600
            json.dump(content, draft)
            draft.flush()
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, file)
    kept: dict[str, str] = json.loads(file.read_text())
    return kept
