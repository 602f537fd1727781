"""The eligibility text of a record read line by line, to compare `fct_trial_criteria` with."""
# ruff: noqa: RUF001

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from integration import oracle
from integration.criteria_words import (
    ADMITS,
    CONNECTING,
    ENDS_IN_COLON,
    LABEL_ANYWHERE,
    LABEL_IN_CAPITALS,
    LABEL_OF_OTHER,
    LABEL_WITH_COLON,
    LABEL_WITHOUT_COLON,
    MARKER,
    NO_MARKER,
    NUMBER,
    REFUSES,
    RUNNING,
    TIGHT_MARKER,
    TITLE_NOUN,
    parts,
    pieces,
)
from integration.marts_oracle.values import plain_text

Kind = Literal["INCLUSION", "EXCLUSION", "OTHER"]
CriteriaRow = tuple[str, str | None, str, int | None, str | None, str]


def text_of(nct_id: str, record: oracle.Record) -> dict[str, Any]:
    """What the rows are read from: the record's id and its eligibility text, made plain."""
    text = oracle.module(record, "eligibilityModule").get("eligibilityCriteria")
    return {"nct_id": nct_id, "eligibility_module": {"eligibilityCriteria": text and plain_text(text)}}


@dataclass
class Line:
    """One line, or what of it is one thing."""

    text: str
    indent: int
    after_blank: bool
    marker: str | None = None
    opens: Kind | None = None
    is_label: bool = False
    admits: bool = False
    role: str = "ITEM"
    kind: Kind | None = None
    depth: int | None = None
    path: str | None = None

    @property
    def is_item_marked(self) -> bool:
        return self.marker is not None and not self.is_label

    @property
    def is_lead(self) -> bool:
        return self.marker is None and len(self.text) < 250 and bool(ENDS_IN_COLON.search(self.text))


def criteria_rows(record: dict[str, Any]) -> list[CriteriaRow]:
    """Rows (nct_id, kind, role, depth, item path, text) of a record's eligibility text, as they stand in it.

    1. A line without a letter or number is nothing. A heading parts from what follows its colon, criteria
       from each other at " • ", and a line "1. ... 2. ... 3. ..." of three or more into its items.
    2. A marker is a bullet, a number, a letter or a Roman numeral with "." or ")"; "E. coli" has none.
    3. A line without a marker goes on with the line right above if that has one, or if it begins with a
       small letter below other text; below a blank line, if it stands further in than the item above.
    4. A label ("Key Inclusion Criteria:") opens a kind anywhere: HEADING. A sentence with a colon that
       excludes, or names inclusion, opens it too: PREAMBLE. One that says who is eligible opens INCLUSION
       where nothing opened a kind before. Text under "Withdrawal criteria" has no kind, nor a title right
       above a label.
    5. Short text with a colon (or a title above a list or a label) is a HEADING; other text that ends in a
       colon, or stands first above a list, is a PREAMBLE; all else, and whatever has a marker, is an ITEM.
    6. An item stands under the nearest above it in its list with a smaller indent; a marker of another
       style right below an item that ends in a colon is an indent. Text at the margin begins a new list.
       Items are numbered under their heading and parent.
    """
    nct_id = str(record["nct_id"])
    text = (record.get("eligibility_module") or {}).get("eligibilityCriteria") or ""
    rows = joined([named(line) for line in lines_of(text)])
    give_kinds(rows)
    give_roles(rows)
    give_places(rows)
    return [
        (nct_id, None if row.kind == "OTHER" else row.kind, row.role, row.depth, row.path, row.text)
        for row in rows
    ]


def parse_rate(records: Iterable[dict[str, Any]]) -> tuple[int, int, list[str]]:
    """Texts with both headings, those of them that yield both lists, ids of the others.

    A heading is found here by a looser rule: up to three words, the word, then a colon or the line's end.
    """
    headed, failed = 0, []
    for record in records:
        text = (record.get("eligibility_module") or {}).get("eligibilityCriteria") or ""
        if all(has_heading(text, word) for word in ("inclusion", "exclusion")):
            headed += 1
            kinds = {kind for _, kind, role, *_ in criteria_rows(record) if role == "ITEM"}
            if not {"INCLUSION", "EXCLUSION"} <= kinds:
                failed.append(str(record["nct_id"]))
    return headed, headed - len(failed), failed


def has_heading(text: str, word: str) -> bool:
    return bool(re.search(rf"(?im)^\W*(?:\w+\W+){{0,3}}{word}(?:\s+criteri\w+)?\W*(?::|$)", text))


def lines_of(text: str) -> list[Line]:
    text = text.replace("\r", "").replace("\t", "    ").replace("\xa0", " ").replace("<!-- -->", "")
    lines: list[Line] = []
    after_blank = True
    for written in text.split("\n"):
        if re.search(r"[^\W_]", written):
            indent = len(written) - len(written.lstrip(" "))
            for number, part in enumerate(parts(written)):
                body = part.lstrip(" ")
                lines += [
                    Line(piece, indent if not number else 0, after_blank or number > 0)
                    for piece in pieces(body)
                ]
            after_blank = False
        elif not written.strip(" "):
            after_blank = True
    return lines


def named(line: Line) -> Line:
    """The line with its marker apart and the kind that it opens."""
    body = line.text
    found = None if NO_MARKER.match(body) else MARKER.match(body)
    if found and not re.search(rf"(?:^| ){NUMBER} +$", found.group()):
        found = TIGHT_MARKER.match(body) or found
    written = found.group() if found else ""
    line.marker = written.rstrip(" ").replace("\\", "") or None
    line.text = body[len(written) :].strip(" ")
    if len(body) < 250:
        open_kind(line, re.sub(r"[*_#\\]+", "", line.text.lower()).strip(" "))
    return line


def open_kind(line: Line, words: str) -> None:
    words = re.sub(r"non?[- ]?inclus", "exclus", words)
    kind = kind_said(words)
    if kind is None and line.marker is None and LABEL_OF_OTHER.fullmatch(words):
        kind = "OTHER"
    if kind and is_label(line, words):
        line.is_label, line.opens = True, kind
    elif line.is_lead and REFUSES.search(re.sub(r"\([^)]*\)", "", words)):
        line.opens = "EXCLUSION"
    elif line.is_lead and not re.search(r"(?:^| )not .*clusi", words):
        line.opens = kind
    line.admits = line.is_lead and "xclu" not in words and bool(ADMITS.search(words))


def kind_said(words: str) -> Kind | None:
    includes = re.search(r"(?:^|[^a-z])i?nclusi", words)
    if re.search(r"xclusi|esclusi|^excluded", words):
        return None if includes else "EXCLUSION"
    if re.search(r"(?:^|[^a-z])i?nclus(?:ion|ão|ión)|^included", words):
        return "INCLUSION"
    return None


def is_label(line: Line, words: str) -> bool:
    runs = bool(RUNNING.search(words))
    if (
        LABEL_ANYWHERE.fullmatch(words)
        or LABEL_IN_CAPITALS.fullmatch(line.text)
        or (LABEL_WITH_COLON.fullmatch(words) and not (line.marker and runs))
    ):
        return True
    if line.marker is not None or runs:
        return False
    return any(shape.fullmatch(words) for shape in (LABEL_WITHOUT_COLON, LABEL_OF_OTHER)) or bool(
        TITLE_NOUN.fullmatch(line.text)
    )


def joined(lines: list[Line]) -> list[Line]:
    """Lines that go on with the one above put to it."""
    rows: list[Line] = []
    above: str | None = None
    item_indent: int | None = None
    for number, line in enumerate(lines):
        is_next_marked = number + 1 < len(lines) and lines[number + 1].is_item_marked
        is_plain = line.marker is None and line.opens is None
        if line.after_blank:
            goes_on = item_indent is not None and line.indent > max(item_indent, 0)
            goes_on = goes_on and not (line.is_lead and is_next_marked)
        else:
            goes_on = above == "MARKED" or (above == "TEXT" and line.text[:1].islower())
        if is_plain and goes_on:
            rows[-1].text += ("\n\n" if line.after_blank else " ") + line.text
        else:
            rows.append(line)
        if line.opens or (line.marker is None and line.after_blank and line.indent == 0):
            item_indent = None
        elif line.is_item_marked:
            item_indent = line.indent
        if line.opens or line.is_item_marked or line.after_blank:
            above = "HEADING" if line.opens else "MARKED" if line.is_item_marked else "TEXT"
    return rows


def give_kinds(rows: list[Line]) -> None:
    kind: Kind | None = None
    has_opened = False
    for row in rows:
        if row.opens:
            kind, has_opened = row.opens, True
        elif row.admits and not has_opened:
            kind = "INCLUSION"
        row.kind = kind


def give_roles(rows: list[Line]) -> None:
    for number, row in enumerate(rows):
        below = rows[number + 1] if number + 1 < len(rows) else None
        row.role = role_of(row, rows[number - 1] if number else None, below)
        if row.role == "HEADING" and not row.is_label and below and below.is_label:
            row.kind = None


def role_of(row: Line, above: Line | None, below: Line | None) -> str:
    if row.is_label:
        return "HEADING"
    if row.opens:
        return "PREAMBLE"
    if row.marker is not None or below is None:
        return "ITEM"
    is_short = row.indent == 0 and len(row.text) < 80 and not CONNECTING.search(row.text)
    blanks = row.text.count(" ")
    if is_short and row.is_lead and blanks < 8:
        return "HEADING"
    is_above_list = below.is_item_marked or (below.is_label and (above is None or above.is_item_marked))
    if is_short and blanks < 5 and is_title(row.text) and is_above_list:
        return "HEADING"
    if row.is_lead:
        return "ITEM" if below.is_label else "PREAMBLE"
    stands_first = above is None or not above.is_item_marked
    is_between = bool(re.match(r"(?:and|or|and/or)[^a-z]*$", row.text, re.I))
    return "PREAMBLE" if below.is_item_marked and (stands_first or is_between) else "ITEM"


def is_title(text: str) -> bool:
    first = next((letter for letter in text if letter.isupper() or letter.islower()), "")
    return first.isupper() and len(text) > 1 and text[-1] not in ".;,:"


def give_places(rows: list[Line]) -> None:
    """Depth and item path, by a stack of the items that a row may stand under."""
    stack: list[tuple[int, str, Line]] = []
    counts: dict[tuple[int, Kind | None, str], int] = {}
    styles: dict[int, str] = {}
    inner: dict[tuple[int, str], bool] = {}
    heading = 0
    for number, row in enumerate(rows):
        if row.is_label or (row.marker is None and row.indent == 0):
            stack, styles, inner = [], {}, {}
        if row.role == "HEADING":
            heading = number + 1
            continue
        indent = 2 * row.indent + is_inner(rows, number, styles, inner)
        stack = [above for above in stack if above[0] < indent]
        row.depth = len(stack) + 1
        if row.role == "ITEM":
            prefix = f"{stack[-1][1]}." if stack else ""
            place = (heading, row.kind, f"{id(stack[-1][2])}" if stack else "")
            counts[place] = counts.get(place, 0) + 1
            row.path = f"{prefix}{counts[place]}"
            stack.append((indent, row.path, row))


def is_inner(
    rows: list[Line], number: int, styles: dict[int, str], inner: dict[tuple[int, str], bool]
) -> bool:
    """Whether a marker's style was first used, in its list, right below an item that ends in a colon."""
    row = rows[number]
    if row.marker is None:
        return False
    style = re.sub(r"[A-Za-zа-я]+", "a", re.sub(r"[0-9]+", "9", row.marker))
    styles.setdefault(row.indent, style)
    if (row.indent, style) not in inner:
        above = rows[number - 1] if number else None
        inner[row.indent, style] = (
            style != styles[row.indent]
            and above is not None
            and above.role == "ITEM"
            and above.indent == row.indent
            and bool(ENDS_IN_COLON.search(above.text))
        )
    return inner[row.indent, style]
