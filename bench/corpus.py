"""Grow real records to any number: python bench/corpus.py FOLDER SIZE

FOLDER/page-00001.jsonl.zst and so on, 1 000 records a page, one a line, sorted by id. Templates are the
records of `shared/data` beside the checkout (or TRIALHOUSE_REAL_DATA); without them, made-up records of the
generated registry. Each copy has its own id, and names in it that are rare among the templates vary from copy
to copy, so that a grown registry has sponsors, sites, drugs and title words that few trials share, as a real
one does. Sizes, results and sites are distributed as among the templates.
"""

import gzip
import itertools
import json
import os
import re
import string
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from trialhouse.download import PAGE_SIZE, write_lines
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.record_type import leaf_paths, load_record_enums, load_record_type
from trialhouse.settings import PROJECT

REAL_FILES = ("broad-2025-10.jsonl.gz", "rare-traits.jsonl.gz")
GENERATED_TEMPLATES = 2_000
# A word that one template has may be in one trial of a registry or in hundreds: so many copies share it.
SHARING = (1, 4, 20, 80, 300)
MOST_TEMPLATES_WITH_A_RARE_WORD = 2

_WORD = re.compile(r"[A-Za-z]{5,}")
_MESH = re.compile(rb'"id":"([DC][0-9]+)","term":"((?:[^"\\]|\\.)*)"')

# Bytes that every copy has, or the name of what varies (`_varying`).
Piece = bytes | str
OWN_ID = "own id"


@dataclass(frozen=True, slots=True)
class Template:
    """A record cut where its copies differ: `constants`, and between two of them what `varying` names."""

    constants: tuple[bytes, ...]
    varying: tuple[str, ...]

    def copy(self, nct_id: str, number: int) -> bytes:
        """The record of another trial: copy `number` of this template, a JSON object on one line."""
        found = _varying(number) | {OWN_ID: nct_id.encode()}
        pieces = [b""] * (2 * len(self.varying) + 1)
        pieces[::2] = self.constants
        pieces[1::2] = [found[name] for name in self.varying]
        return b"".join(pieces)


def main() -> None:
    """Write the pages in two processes."""
    folder, size = Path(sys.argv[1]), int(sys.argv[2])
    write_corpus(folder, size)
    files = sorted(folder.glob("page-*.jsonl.zst"))
    print(f"{size} records, {len(files)} pages, {sum(file.stat().st_size for file in files) / 1e6:.0f} MB")


def write_corpus(folder: Path, size: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pages = range(-(-size // PAGE_SIZE))
    with Pool(os.cpu_count()) as pool:
        pool.starmap(_write_page, [(folder, page, size) for page in pages], chunksize=1)


def _write_page(folder: Path, page: int, size: int) -> None:
    numbers = range(page * PAGE_SIZE, min(size, (page + 1) * PAGE_SIZE))
    write_lines(folder / f"page-{page + 1:05d}.jsonl.zst", [record(number) for number in numbers])


def record(number: int) -> bytes:
    """The record of the trial `number` (from 0) of every corpus, whatever its size."""
    cut = templates()
    return cut[number % len(cut)].copy(nct_id_of(number), number // len(cut))


def nct_id_of(number: int) -> str:
    """Ids that nobody mistakes for real ones."""
    return f"NCT9{number:07d}"


@cache
def templates() -> list[Template]:
    """Every template, cut; the same in every process."""
    rare = _rare_words(_template_records())
    return [_cut(study, rare) for study in _template_records()]


@cache
def _template_records() -> list[bytes]:
    folder = Path(os.environ.get("TRIALHOUSE_REAL_DATA", PROJECT.parent / "shared" / "data")) / "ctgov"
    if folder.exists():
        return [line.strip() for name in REAL_FILES for line in gzip.open(folder / name)]
    registry = GeneratedRegistry(size=GENERATED_TEMPLATES, days=1)
    (day,) = registry.days()
    return [study for nct_id in registry.nct_ids(day) if (study := registry.study(day, nct_id))]


# ---------- what differs from copy to copy


def _rare_words(records: list[bytes]) -> set[str]:
    """Words of names that few templates have; none that a field, a code, a country or MeSH uses."""
    counted: Counter[str] = Counter()
    codes = itertools.chain.from_iterable(load_record_enums().values())
    kept = set(_words([*codes, *leaf_paths(load_record_type())]))
    for study in records:
        document = json.loads(study)
        counted.update(set(_words(_names(document["protocolSection"]))))
        kept.update(_words(_places_and_terms(document)))
    return {word for word, count in counted.items() if count <= MOST_TEMPLATES_WITH_A_RARE_WORD} - kept


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _WORD.findall(text)


def _names(protocol: dict[str, Any]) -> Iterator[str]:
    identification = protocol["identificationModule"]
    yield identification.get("briefTitle", "")
    yield identification.get("officialTitle", "")
    yield protocol.get("sponsorCollaboratorsModule", {}).get("leadSponsor", {}).get("name", "")
    yield from protocol.get("conditionsModule", {}).get("conditions", [])
    yield from protocol.get("conditionsModule", {}).get("keywords", [])
    for intervention in protocol.get("armsInterventionsModule", {}).get("interventions", []):
        yield intervention.get("name", "")
    for location in protocol.get("contactsLocationsModule", {}).get("locations", []):
        yield location.get("facility", "")


def _places_and_terms(document: dict[str, Any]) -> Iterator[str]:
    for location in document["protocolSection"].get("contactsLocationsModule", {}).get("locations", []):
        yield from (location.get(name, "") for name in ("country", "state", "status"))
    yield json.dumps(document.get("derivedSection", {}), ensure_ascii=False)
    yield " ".join(document)


def _cut(study: bytes, rare: set[str]) -> Template:
    own_id = json.loads(study)["protocolSection"]["identificationModule"]["nctId"].encode()
    copied_id: list[Piece] = [OWN_ID]
    found = [
        *((each.span(), copied_id) for each in re.finditer(own_id, study)),
        *((each.span(), _varying_term(each)) for each in _MESH.finditer(study)),
        *(
            (each.span(), _varying_word(each[0]))
            for each in re.finditer(_WORD.pattern.encode(), study)
            if each[0].decode() in rare
        ),
    ]
    pieces: list[Piece] = []
    end = 0
    for (start, stop), inside in sorted(found, key=lambda each: each[0]):
        if start >= end:
            pieces += [study[end:start], *inside]
            end = stop
    return _template([*pieces, study[end:]])


def _template(pieces: list[Piece]) -> Template:
    constants, varying = [b""], list[str]()
    for piece in pieces:
        if isinstance(piece, bytes):
            constants[-1] += piece
        else:
            varying.append(piece)
            constants.append(b"")
    return Template(tuple(constants), tuple(varying))


def _varying_word(word: bytes) -> list[Piece]:
    return [word, f"word {_sharing(word)}"]


def _varying_term(found: re.Match[bytes]) -> list[Piece]:
    """A MeSH term; many trials share one, so it changes less often than words do."""
    mesh_id, term = found.groups()
    if mesh_id in _common_terms():
        return [found[0]]
    sharing = max(80, _sharing(mesh_id))
    return [b'"id":"' + mesh_id, f"MeSH id {sharing}", b'","term":"' + term, f"MeSH term {sharing}", b'"']


@lru_cache(maxsize=1)
def _varying(number: int) -> dict[str, bytes]:
    """What differs in a copy: letters behind a word or a term that change every so many copies."""
    varying: dict[str, bytes] = {}
    for sharing in SHARING:
        variant = number // sharing
        varying[f"word {sharing}"] = _letters(variant)
        varying[f"MeSH id {sharing}"] = str(variant).encode() if variant else b""
        varying[f"MeSH term {sharing}"] = b" " + _letters(variant) if variant else b""
    return varying


@cache
def _common_terms() -> set[bytes]:
    counted: Counter[bytes] = Counter()
    for study in _template_records():
        counted.update({mesh_id for mesh_id, _ in _MESH.findall(study)})
    return {mesh_id for mesh_id, count in counted.items() if count > MOST_TEMPLATES_WITH_A_RARE_WORD}


def _sharing(name: bytes) -> int:
    return SHARING[zlib.crc32(name) % len(SHARING)]


def _letters(variant: int) -> bytes:
    """0 gives none, 1 "a", 27 "aa"."""
    letters = ""
    while variant:
        variant, place = divmod(variant - 1, 26)
        letters = string.ascii_lowercase[place] + letters
    return letters.encode()


if __name__ == "__main__":
    main()
