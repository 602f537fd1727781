"""A status change as a Slack message. No I/O.

Registry text goes only into `plain_text` objects, where Slack reads no links, mentions, formatting or emoji;
`&`, `<` and `>` are escaped there too. Markup objects hold our own words, ids and codes.

The wording never says that a trial was halted on a day: we only know between which two readings its record
changed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trialhouse.code_lists import AGENCY_CLASS, ENROLLMENT_TYPE, STATUS, words_of
from trialhouse.untrusted_text import one_line

STUDY_URL = "https://clinicaltrials.gov/study/{nct_id}"

# Slack takes 3 000 characters a section, 2 000 a field, 150 a header; a person in a channel reads far fewer.
TITLE_CHARACTERS = 600
REASON_CHARACTERS = 1200
FIELD_CHARACTERS = 400
CODE_CHARACTERS = 60
MOST_CHANGES = 10

NCT_ID = re.compile(r"NCT\d{8}")
CODE = re.compile(r"[A-Z][A-Z0-9_]*")
CUT_ENTITY = re.compile(r"&[a-z]{0,3}$")

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One flagged event with what a reader needs to judge it: columns of fct_trial_events and dim_trials.

    observed_after, observed_at: data timestamps of the two snapshots between which the record changed.
    """

    event_key: str
    snapshot_date: date
    nct_id: str
    previous_status: str | None
    status: str | None
    observed_after: datetime | None
    observed_at: datetime | None
    brief_title: str | None
    why_stopped: str | None
    phase_label: str | None
    lead_sponsor_name: str | None
    lead_sponsor_class: str | None
    enrollment_count: int | None
    enrollment_type: str | None
    sites_count: int | None
    countries: list[str] | None


def message(changes: Sequence[StatusChange]) -> dict[str, Any]:
    """The message for one trial's changes of one day; the last of them says how the trial now stands."""
    last = changes[-1]
    nct_id = _nct_id(last)
    summary = f"{_headline(last.status)}: {nct_id}"
    moves = "\n".join(_move(change) for change in changes[-MOST_CHANGES:])
    return {
        "text": f"{summary}, record changed, first seen {_interval(last)}",
        "unfurl_links": False,
        "blocks": [
            {"type": "header", "text": _plain(summary, 150)},
            {"type": "section", "text": _markup(f"<{STUDY_URL.format(nct_id=nct_id)}|{nct_id}>\n{moves}")},
            {"type": "section", "text": _plain(last.brief_title or "no title", TITLE_CHARACTERS)},
            {"type": "section", "text": _plain(_reason(last), REASON_CHARACTERS)},
            {"type": "section", "fields": _facts(last)},
            {"type": "context", "elements": [_plain(_footer(last), FIELD_CHARACTERS)]},
        ],
    }


def _nct_id(change: StatusChange) -> str:
    """The gate lets nothing but NCT ids pass; were there another one, it must not become markup."""
    return change.nct_id if NCT_ID.fullmatch(change.nct_id) else "no-nct-id"


def _move(change: StatusChange) -> str:
    return f"was: {_labelled(change.previous_status)}  →  now: *{_labelled(change.status)}*"


def _reason(change: StatusChange) -> str:
    reason = (change.why_stopped or "").strip()
    return f"Reason given: {reason}" if reason else "No reason given in this version"


def _facts(change: StatusChange) -> list[Block]:
    facts = {
        "Phase": change.phase_label,
        "Sponsor": _with_detail(change.lead_sponsor_name, _label(AGENCY_CLASS, change.lead_sponsor_class)),
        "Enrolment": _with_detail(
            _number(change.enrollment_count), _label(ENROLLMENT_TYPE, change.enrollment_type)
        ),
        "Sites": _sites(change),
    }
    return [_plain(f"{name}: {value or 'not given'}", FIELD_CHARACTERS) for name, value in facts.items()]


def _with_detail(value: str | None, detail: str | None) -> str | None:
    return f"{value} ({detail})" if value and detail else value


def _number(count: int | None) -> str | None:
    return None if count is None else f"{count:,}"


def _sites(change: StatusChange) -> str | None:
    """How many, and where: one country by name, several by number."""
    countries = change.countries or []
    if change.sites_count is None:
        return None
    where = countries[0] if len(countries) == 1 else f"{len(countries)} countries"
    sites = "1 site" if change.sites_count == 1 else f"{_number(change.sites_count)} sites"
    return _with_detail(sites, where if countries else None)


def _footer(change: StatusChange) -> str:
    return f"Record changed, first seen {_interval(change)} · data {_moment(change.observed_at)}"


def _interval(change: StatusChange) -> str:
    if change.observed_after is None:
        return f"by {_moment(change.observed_at)}"
    return f"between {_moment(change.observed_after)} and {_moment(change.observed_at)}"


def _moment(moment: datetime | None) -> str:
    """A data timestamp as the registry gives it; it names no time zone, so neither do we."""
    return "an unknown time" if moment is None else moment.strftime("%Y-%m-%d %H:%M")


def _headline(status: str | None) -> str:
    """The registry's word, short and known to those who search for it."""
    words = words_of(STATUS, status)
    return words.label if words else _code(status)


def _labelled(status: str | None) -> str:
    """Plain words with the registry's where they differ; a code nobody knows stands alone."""
    words = words_of(STATUS, status)
    if words is None:
        return _code(status)
    same = words.label == words.plain_label
    return words.plain_label if same else f"{words.plain_label} ({words.label})"


def _label(code_list: str, code: str | None) -> str | None:
    """The registry's word for a code; a code nobody knows shows itself, in plain text only."""
    words = words_of(code_list, code)
    return words.label if words else code


def _code(code: str | None) -> str:
    """A registry code is safe in markup by its alphabet; anything else is not a code."""
    return code if code and len(code) <= CODE_CHARACTERS and CODE.fullmatch(code) else "not given"


def _markup(text: str) -> Block:
    """`verbatim`: Slack links nothing but what we linked."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str, characters: int) -> Block:
    return {"type": "plain_text", "text": _shown(text, characters), "emoji": False}


def _shown(text: str, characters: int) -> str:
    """Text as Slack may show it: one line, escaped, cut to length between characters and never empty."""
    line = one_line(text) or "not given"
    escaped = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if len(escaped) <= characters:
        return escaped
    return CUT_ENTITY.sub("", escaped[: characters - 1]) + "…"
