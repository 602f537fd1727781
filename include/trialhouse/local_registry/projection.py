"""The `fields` parameter: parts of a record, cut out of its bytes without decoding the rest."""

import re
from collections.abc import Callable
from functools import lru_cache
from types import GenericAlias
from typing import Any

import msgspec

from trialhouse.local_registry.field_pieces import PATH_BY_PIECE, SECTIONS_AND_MODULES

_SEPARATORS = re.compile(r"[,|]")
_DOTTED_PATH = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+")
_MODULE_PATHS = frozenset(SECTIONS_AND_MODULES.values())
_PATH_BY_FIELD_NAME = {path.rpartition(".")[2]: path for path in _MODULE_PATHS}

_PLAIN: Any = str | int | float | bool | None

Projector = Callable[[bytes], bytes]


class UnknownField(ValueError):
    """A name that is no piece, no module and no path of a record."""


class _Tree(dict[str, "_Tree"]):
    """Names of a level, each with its children; no children: the whole value is wanted."""


def split_list(text: str) -> list[str]:
    """The items of a comma- or pipe-separated parameter, without the blanks around them."""
    return [item.strip() for item in _SEPARATORS.split(text)]


def path_of(field: str) -> str:
    """The dotted path a field's name stands for; piece names are case-sensitive.

    Raises:
        UnknownField: there is no such field.
    """
    if field in PATH_BY_PIECE:
        return PATH_BY_PIECE[field]
    if field in _PATH_BY_FIELD_NAME:
        return _PATH_BY_FIELD_NAME[field]
    if _DOTTED_PATH.fullmatch(field) and ".".join(field.split(".")[:2]) in _MODULE_PATHS:
        return field
    raise UnknownField(field)


@lru_cache(maxsize=64)
def projector(fields: tuple[str, ...]) -> Projector:
    """A function from a record's bytes to the bytes of the asked fields and their parents.

    Raises:
        UnknownField: one of the names is no field.
    """
    decoder = msgspec.json.Decoder(_struct(_tree([path_of(field) for field in fields])))

    def project(record: bytes) -> bytes:
        kept = _without_absent(decoder.decode(record))
        return b"{}" if kept is msgspec.UNSET else msgspec.json.encode(kept)

    return project


def _tree(paths: list[str]) -> _Tree:
    """Paths as a tree; a path below another wanted one adds nothing."""
    root = _Tree()
    for path in sorted(set(paths)):
        node = root
        *parents, leaf = path.split(".")
        for name in parents:
            if name in node and not node[name]:
                break
            node = node.setdefault(name, _Tree())
        else:
            node.setdefault(leaf, _Tree())
    return root


def _struct(tree: _Tree) -> type[msgspec.Struct]:
    """A type that decodes the wanted fields only; leaves stay the registry's bytes."""
    names = {f"field_{number}": name for number, name in enumerate(tree)}
    fields = [(key, _field_type(tree[name]), msgspec.UNSET) for key, name in names.items()]
    return msgspec.defstruct("Projection", fields, rename=names)


def _field_type(children: _Tree) -> Any:
    """A leaf's bytes, an object, or a list of objects; a plain value where an object was asked is ignored."""
    if not children:
        return msgspec.Raw | msgspec.UnsetType
    inner: Any = _struct(children) | _PLAIN
    return inner | GenericAlias(list, (inner,)) | msgspec.UnsetType


def _without_absent(value: Any) -> Any:
    """The value without objects and lists that hold nothing of what was asked."""
    if isinstance(value, msgspec.Raw):
        return value
    if isinstance(value, list):
        items = [item for item in map(_without_absent, value) if item is not msgspec.UNSET]
        return items or msgspec.UNSET
    if not isinstance(value, msgspec.Struct):
        return msgspec.UNSET
    kept: Any = msgspec.UNSET
    for name in value.__struct_fields__:
        part = _without_absent(getattr(value, name))
        setattr(value, name, part)
        if part is not msgspec.UNSET:
            kept = value
    return kept
