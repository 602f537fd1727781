"""How the registry describes its own fields and codes, and how that differs from one day to another."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import orjson

from trialhouse.errors import LakeDamaged, RegistryChanged, RegistryUnavailable
from trialhouse.lake import Lake, write_atomically
from trialhouse.records import hash_of
from trialhouse.registry import DESCRIPTIONS, Registry

log = logging.getLogger(__name__)

SAME, CAME, WENT, NOT_ANSWERED = "same", "came", "went", "not answered"
# What names an entry of a list, and lists whose own name says nothing.
NAMES = ("name", "type", "value")
PLAIN_LISTS = ("children", "values")
ORDER = "(the order of entries)"


def ask_descriptions(registry: Registry) -> dict[str, bytes]:
    """The registry's descriptions as canonical JSON, by name; one that it does not give is left out."""
    return {name: body for name in DESCRIPTIONS if (body := _description(registry, name))}


def _description(registry: Registry, name: str) -> bytes | None:
    try:
        body = registry.description(name)
        return None if body is None else orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    except (RegistryChanged, RegistryUnavailable, orjson.JSONDecodeError) as error:
        log.warning("no description to compare with name=%s error=%s", name, error)
        return None


def keep_descriptions(lake: Lake, descriptions: Mapping[str, bytes]) -> dict[str, str]:
    """Write each answer under its hash, once for all days that have it; returns the hashes by name."""
    hashes = {name: hash_of(body) for name, body in descriptions.items()}
    for name, hashed in hashes.items():
        if not lake.description_file(hashed).exists():
            write_atomically(lake.description_file(hashed), descriptions[name])
    return hashes


def description_changes(lake: Lake, day: date, good_days: Iterable[date]) -> list[dict[str, str]]:
    """Rows answer, change, entry: what came and went since the newest good day that has the answer.

    Raises:
        LakeDamaged: an answer is missing or cannot be read.
    """
    return [
        {"answer": name, "change": change, "entry": entry}
        for name in DESCRIPTIONS
        for change, entry in _changes(lake, name, day, good_days)
    ]


def _changes(lake: Lake, name: str, day: date, good_days: Iterable[date]) -> list[tuple[str, str]]:
    now = lake.manifest(day).descriptions.get(name)
    known = (lake.manifest(each).descriptions.get(name) for each in sorted(good_days, reverse=True))
    before = next(filter(None, known), now)
    if now is None:
        return [(NOT_ANSWERED, "")]
    if now == before or before is None:
        return [(SAME, "")]
    old, new = (set(_entries(_kept(lake, each), "")) for each in (before, now))
    differing = [(CAME, each) for each in sorted(new - old)] + [(WENT, each) for each in sorted(old - new)]
    return differing or [(CAME, ORDER)]


def _kept(lake: Lake, hashed: str) -> Any:
    file = lake.description_file(hashed)
    try:
        return orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise LakeDamaged(f"{file} is unreadable ({error}); restore it from a backup") from error


def _entries(node: Any, path: str) -> Iterator[str]:
    """A line for every entry of a list and every value, with the names above it."""
    if isinstance(node, dict):
        for key, item in node.items():
            below = path if key in PLAIN_LISTS else f"{path}.{key}"
            yield from _entries(item, below)
    elif isinstance(node, list):
        for item in node:
            if not isinstance(item, dict):
                yield f"{path}: {item}"
                continue
            label = next((str(item[name]) for name in NAMES if name in item), "")
            named = f"{path}.{label}" if path else label
            yield named
            yield from _entries(item, named)
    else:
        yield f"{path}: {node}"
