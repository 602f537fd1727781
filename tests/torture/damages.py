"""Random damages to a record: to its tree, to its text, to its bytes. One seed, the same damages.

What Python's JSON cannot write is put in as a marker and becomes bytes when the record is written. Whatever
is done, the brackets and quotation marks of the whole still pair up.
"""

import json
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

LONG_TEXT = 2 * 1024 * 1024
VALUES: tuple[Any, ...] = (None, True, 0, -1, 7.5, "text", [], {}, [1, "a"], {"a": 1}, [None], [[]])
NUMBERS = (
    *("1e400", "-1e400", "1e308", "1e-400", "5E3", "-0", "-0.0", "1.0", "12.5", "0.1234567890123456789"),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616"),
    *("1" + "0" * 40, "-" + "9" * 400, "12345678901234567890.5", "NaN", "-Infinity", "01", "+1", "0x1F"),
)
BYTES = (
    *(rb'"a lone \ud800 surrogate"', rb'"\udc00"', rb'"\ud83d\ud83d\ude00"', rb'"\ud83d\ude00"'),
    *(b'"caf\xe9"', b'"\xff\xfe"', b'"\xc0\xaf"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b'"\xe2\x82"'),
    *(b'"one\x01two\x1f"', b'"tab\there"', b'"raw \x00"', b'"break\nhere"', b'"return\r\nhere"', b'"\x7f"'),
    *(rb'"a \u0000 b"', rb'"\u2028\/\b\f"', rb'"bad \x escape"', rb'"\u12"', b'"\xef\xbb\xbfmark"'),
)
TEXTS = ("", " ", "null", "0", "{}", "\u202edoc", "🩺" * 50, "a'b\"c\\d", "\n\t", "x" * 70_000, "\u0000")
WRONG_IDS = (
    *("", "NCT", "nct90000001", "NCT9000001", "NCT900000012", " NCT90000001", "NCT90000001\n", "EUCT2023-1"),
    *("NCT9000000\u0661", "NCT\uff19\uff10000001", 7, None, True, ["NCT90000001"], {"nctId": "NCT90000001"}),
)
KEYS = ("", "\u0000", "nctid", "NCTID", "brief Title", "a.b", 'quo"te', "__proto__", "ключ", "k" * 5_000)


@dataclass
class Damaged:
    """A record under damage: the one item of `tree`. `markers` stand in it for bytes."""

    tree: list[Any]
    draw: random.Random
    markers: list[tuple[bytes, bytes]] = field(default_factory=list)
    indent: int | None = None

    def raw(self, body: bytes) -> str:
        """A text, or a key, that stands for these bytes until the record is written."""
        marker = f"@@{len(self.markers)}@@"
        self.markers.append((f'"{marker}"'.encode(), body))
        return marker

    def written(self) -> bytes:
        record = self.tree[0] if self.tree else {}
        body = json.dumps(record, ensure_ascii=False, indent=self.indent).encode()
        for marker, replacement in reversed(self.markers):
            body = body.replace(marker, replacement)
        return body

    def place(self) -> tuple[Any, Any]:
        """A container and a key of it, at any depth below the whole record."""
        node: Any = self.tree
        key: Any = 0
        while isinstance(node[key], (dict, list)) and node[key]:
            if node is not self.tree and self.draw.random() < 0.12:
                break
            node = node[key]
            key = self._key_of(node)
        return node, key

    def _key_of(self, node: Any) -> Any:
        """A larger part is hit more often."""
        if isinstance(node, list):
            return self.draw.randrange(len(node))
        sizes = [1 + len(part) if isinstance(part, (list, dict)) else 1 for part in node.values()]
        return self.draw.choices(list(node), sizes)[0]

    def put(self, value: Any) -> None:
        node, key = self.place()
        node[key] = value

    def an_object(self) -> dict[str, Any]:
        """One of the objects in it, or one of no consequence."""
        return self.draw.choice(list(_objects(self.tree)) or [{}])

    def any_of(self, values: tuple[Any, ...]) -> Any:
        return deepcopy(self.draw.choice(values))


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    if isinstance(node, (dict, list)):
        for item in node.values() if isinstance(node, dict) else node:
            yield from _objects(item)


def _drop(record: Damaged) -> None:
    node, key = record.place()
    del node[key]


def _wrap(record: Damaged) -> None:
    node, key = record.place()
    node[key] = [node[key]]


def _nest(record: Damaged) -> None:
    depth = record.draw.randint(10, 2_000)
    start, end = record.any_of(((b"[", b"]"), (b'{"a":', b"}"), (b'[{"b":', b"}]")))
    record.put(record.raw(start * depth + b"1" + end * depth))


def _empty(record: Damaged) -> None:
    node, key = record.place()
    node[key] = type(node[key])() if isinstance(node[key], (str, list, dict)) else ""


def _add_unknown_field(record: Damaged) -> None:
    value = record.any_of((*VALUES, record.raw(record.any_of(NUMBERS[:10]).encode())))
    record.an_object()[record.any_of(("newField", "newerField", *KEYS))] = value


def _repeat_key(record: Damaged) -> None:
    """The same key again, with the same or another value, before or after all others."""
    found = record.an_object()
    if found:
        key = record.draw.choice(list(found))
        value = record.any_of((found[key], *VALUES))
        again = {record.raw(json.dumps(key).encode()): value}
        others = dict(found)
        found.clear()
        found.update({**again, **others} if record.draw.random() < 0.5 else {**others, **again})


def _spell_key_otherwise(record: Damaged) -> None:
    """Instead of a key, or beside it."""
    found = record.an_object()
    if found:
        key = record.draw.choice(list(found))
        value = found[key] if record.draw.random() < 0.5 else found.pop(key)
        found[record.any_of((key.upper(), key.capitalize(), f" {key}", f"{key}\u0000", *KEYS))] = value


def _mix(record: Damaged) -> None:
    """A piece of the record in the place of another one."""
    node, key = record.place()
    record.put(deepcopy(node[key]))


def _repeat_item(record: Damaged) -> None:
    node, key = record.place()
    if isinstance(node[key], list):
        node[key] = node[key] * record.draw.randint(2, 40)


def _drop_part(record: Damaged) -> None:
    """A whole section, or a whole module."""
    whole = record.tree[0] if record.tree and isinstance(record.tree[0], dict) else {}
    protocol = whole.get("protocolSection")
    part = record.draw.choice([whole, protocol if isinstance(protocol, dict) else whole])
    if part:
        del part[record.draw.choice(list(part))]


def _change_id(record: Damaged) -> None:
    for found in _objects(record.tree):
        if "nctId" in found:
            found["nctId"] = record.any_of(WRONG_IDS)
            return


def _drop_id(record: Damaged) -> None:
    for found in _objects(record.tree):
        found.pop("nctId", None)


def _replace_whole(record: Damaged) -> None:
    record.tree[0] = record.any_of((*VALUES, *TEXTS))


def _indent(record: Damaged) -> None:
    record.indent = record.draw.choice([0, 1, 4])


DAMAGES: dict[Callable[[Damaged], None], int] = {
    lambda record: record.put(record.any_of(VALUES)): 12,
    lambda record: record.put(None): 6,
    lambda record: record.put(record.raw(record.any_of(NUMBERS).encode())): 8,
    lambda record: record.put(record.raw(record.any_of(BYTES))): 8,
    lambda record: record.put(record.any_of(TEXTS)): 8,
    lambda record: record.put("x" * LONG_TEXT): 1,
    _drop: 8,
    _wrap: 4,
    _nest: 6,
    _empty: 6,
    _add_unknown_field: 10,
    _repeat_key: 6,
    _spell_key_otherwise: 6,
    _mix: 6,
    _repeat_item: 3,
    _drop_part: 4,
    _change_id: 3,
    _drop_id: 1,
    _replace_whole: 1,
    _indent: 4,
}


def damaged_copy(record: Any, nct_id: str, seed: int) -> bytes:
    """A copy of a record under an id of its own, with one to three damages, mostly one."""
    copy = deepcopy(record)
    copy["protocolSection"]["identificationModule"]["nctId"] = nct_id
    damaged = Damaged([copy], random.Random(seed))
    count = damaged.draw.choice([1, 1, 1, 1, 2, 2, 3])
    for damage in damaged.draw.choices(list(DAMAGES), list(DAMAGES.values()), k=count):
        damage(damaged)
        if not damaged.tree:
            break
    return damaged.written()
