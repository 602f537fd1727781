"""`/studies/metadata` and `/studies/enums`: how the registry describes its fields and codes."""

from collections.abc import Iterator
from typing import Any

from trialhouse.local_registry.field_pieces import PATH_BY_PIECE
from trialhouse.record_type import load_record_enums, load_record_type

TYPE_NAMES = {"VARCHAR": "text", "BOOLEAN": "boolean", "BIGINT": "integer", "DOUBLE": "float"}

_PIECE_BY_PATH = {path: piece for piece, path in PATH_BY_PIECE.items()}


def field_tree() -> list[dict[str, Any]]:
    """A node a field of the typed record, with its piece where it is known, and those below it."""
    return list(_nodes(load_record_type(), ""))


def _nodes(tree: dict[str, Any], above: str) -> Iterator[dict[str, Any]]:
    for name, node in tree.items():
        path = f"{above}.{name}" if above else name
        item = node[0] if isinstance(node, list) else node
        word = _piece(path) if isinstance(item, dict) else TYPE_NAMES[item]
        described: dict[str, Any] = {"name": name, "piece": _piece(path)}
        described["type"] = f"{word}[]" if isinstance(node, list) else word
        if path in load_record_enums():
            described["isEnum"] = True
        if isinstance(item, dict):
            described["children"] = list(_nodes(item, path))
        yield described


def enums() -> list[dict[str, Any]]:
    """The codes of every coded field; each field has its own list here."""
    return [
        {"type": _piece(path), "pieces": [_piece(path)], "values": [{"value": code} for code in codes]}
        for path, codes in load_record_enums().items()
    ]


def _piece(path: str) -> str:
    return _PIECE_BY_PATH.get(path, path)
