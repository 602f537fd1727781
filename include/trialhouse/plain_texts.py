"""Typed texts are plain: without NUL characters and in Unicode's NFC. Raw records stay the bytes that came.

Few records need it (0.4 % of real ones, all for a letter and its accent sent apart), so DuckDB reads the raw
pages and, in the place of those few, their plain copies from small files beside.

Only string values are replaced, where they stand in the JSON: keys, numbers and a key given twice, which
DuckDB refuses, stay byte for byte.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from unicodedata import is_normalized, normalize

import orjson

from trialhouse.download import read_lines, write_lines
from trialhouse.presence import NCT_ID_PATH
from trialhouse.record_type import typed_records
from trialhouse.records import nct_id_of, read_record

NUL = "\0"

# Characters beyond ASCII that no normal form changes and that change no letter before them: a quick look
# spares nearly every record the slow one.
_ALWAYS_NORMAL = re.compile(
    "[\u00a0-\u02ff\u0370-\u0373\u0375-\u037d\u037f-\u0386\u0388-\u0482\u048a-\u052f\u2002-\u20cf"
    "\u2100-\u2125\u2127-\u2129\u212c-\u2328\u232b-\u2adb\u3000-\u3029\u4e00-\u9fff\uac00-\ud7a3]*"
)
_ASCII = bytes(range(128))

# The colon tells a key from a value.
_STRING = re.compile(rb'("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?', re.DOTALL)


def plain_text(text: str) -> str:
    """The text as people read it, in one spelling."""
    return normalize("NFC", text.replace(NUL, ""))


def is_plain(study: bytes) -> bool:
    """Whether every text of a record (JSON) is plain."""
    return plain_record(study) == study


def plain_record(study: bytes) -> bytes:
    """A record (JSON) with every text plain; the same bytes where all are."""
    if b"\\u" not in study and is_normal(study):
        return study
    return _STRING.sub(_with_plain_value, study)


def is_normal(text: bytes) -> bool:
    """Whether UTF-8 text is in Unicode's NFC."""
    if text.isascii():
        return True
    beyond_ascii = text.translate(None, _ASCII).decode()
    return bool(_ALWAYS_NORMAL.fullmatch(beyond_ascii)) or is_normalized("NFC", text.decode())


def _with_plain_value(found: re.Match[bytes]) -> bytes:
    string, colon = found.groups()
    if colon or (string.isascii() and b"\\u" not in string):
        return found[0]
    text = orjson.loads(string)
    plain = plain_text(text)
    return found[0] if plain == text else orjson.dumps(plain)


def typed_plain_records(
    pages: list[Path], folder: Path, not_plain: dict[Path, list[int]] | None = None
) -> str:
    """SQL table expression like `typed_records`, with every text plain; each record has an id that is one.

    folder: where plain copies are written; they must stay until the query has run. not_plain: the lines
    (from 0) of each page whose texts are not plain, where that is known.
    """
    plain_ids, plain_pages = list[str](), list[Path]()
    for page in pages if not_plain is None else not_plain:
        studies = read_lines(page)
        if not_plain is not None:
            studies = [studies[line] for line in not_plain[page]]
        plain = dict(_made_plain(studies))
        if plain:
            folder.mkdir(parents=True, exist_ok=True)
            write_lines(folder / page.name, list(plain.values()))
            plain_ids += plain
            plain_pages.append(folder / page.name)
    if not plain_pages:
        return typed_records(pages)
    replaced = ", ".join(f"'{nct_id}'" for nct_id in plain_ids)
    return (
        f"(select * from {typed_records(pages)} where {NCT_ID_PATH} not in ({replaced})"
        f" union all select * from {typed_records(plain_pages)})"
    )


def _made_plain(studies: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """Id and plain copy of the records that were not plain."""
    for study in studies:
        plain = plain_record(study)
        if plain != study:
            yield nct_id_of(read_record(study)), plain
