"""Pieces of Slack messages that registry text cannot break, and cannot speak through. No I/O.

Registry text goes only into `plain_text` objects, where Slack reads no links, mentions, formatting or emoji;
`&`, `<` and `>` are escaped there too. Markup objects hold our own words, ids and codes.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from trialhouse.untrusted_text import one_line

STUDY_URL = "https://clinicaltrials.gov/study/{nct_id}"

# Slack takes 3 000 characters a section, 2 000 a field, 150 a header, 50 blocks; people read far fewer.
HEADER_CHARACTERS = 150
SECTION_CHARACTERS = 2900
FIELD_CHARACTERS = 400
LINE_CHARACTERS = 220

NCT_ID = re.compile(r"NCT\d{8}")
CODE = re.compile(r"[A-Z][A-Z0-9_]{0,59}")
CUT_ENTITY = re.compile(r"&[a-z]{0,3}$")

Block = dict[str, Any]


def header(text: str) -> Block:
    return {"type": "header", "text": _plain(text, HEADER_CHARACTERS)}


def plain_section(text: str, characters: int = SECTION_CHARACTERS) -> Block:
    return {"type": "section", "text": _plain(text, characters)}


def lines_section(lines: Sequence[str]) -> Block:
    """Untrusted lines one below the other, each cut; those that do not fit are counted."""
    shown: list[str] = []
    for place, line in enumerate(lines):
        rest = f"… and {len(lines) - place} more"
        if sum(map(len, shown)) + len(shown) + LINE_CHARACTERS + len(rest) > SECTION_CHARACTERS:
            shown.append(rest)
            break
        shown.append(_shown(line, LINE_CHARACTERS))
    text = "\n".join(shown) or _shown("", LINE_CHARACTERS)
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}


def markup_section(text: str) -> Block:
    """Our own words only. `verbatim`: Slack links nothing but what we linked."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def fields_section(fields: Sequence[str]) -> Block:
    return {"type": "section", "fields": [_plain(field, FIELD_CHARACTERS) for field in fields]}


def footer(text: str) -> Block:
    return {"type": "context", "elements": [_plain(text, FIELD_CHARACTERS)]}


def safe_nct_id(nct_id: str) -> str:
    """The gate lets nothing but NCT ids pass; were there another one, it must not become markup."""
    return nct_id if NCT_ID.fullmatch(nct_id) else "no-nct-id"


def safe_code(code: str | None) -> str:
    """A registry code is safe in markup by its alphabet; anything else is not a code."""
    return code if code and CODE.fullmatch(code) else "not given"


def study_link(nct_id: str) -> str:
    safe = safe_nct_id(nct_id)
    return f"<{STUDY_URL.format(nct_id=safe)}|{safe}>"


def moment(when: datetime | None) -> str:
    """A data timestamp as the registry gives it; it names no time zone, so neither do we."""
    return "an unknown time" if when is None else when.strftime("%Y-%m-%d %H:%M")


def _plain(text: str, characters: int) -> Block:
    return {"type": "plain_text", "text": _shown(text, characters), "emoji": False}


def _shown(text: str, characters: int) -> str:
    """Text as Slack may show it: one line, escaped, cut to length between characters and never empty."""
    line = one_line(text) or "not given"
    escaped = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if len(escaped) <= characters:
        return escaped
    return CUT_ENTITY.sub("", escaped[: characters - 1]) + "…"
