"""The news of one trial as a Slack message. No I/O.

The wording never says that a trial was halted on a day: we only know between which two readings its record
changed.
"""

from collections.abc import Sequence
from typing import Any

from trialhouse.alerts import blocks
from trialhouse.alerts.news import News
from trialhouse.alerts.watchlists import EventWords, event_words
from trialhouse.code_lists import AGENCY_CLASS, ENROLLMENT_TYPE, STATUS, words_of

TITLE_CHARACTERS = 600
REASON_CHARACTERS = 1200
MOST_STATUS_MOVES = 10
STOPS = ("STATUS_SUSPENDED", "STATUS_TERMINATED", "STATUS_WITHDRAWN", "WHY_STOPPED_ADDED")
STOPPED = ("SUSPENDED", "TERMINATED", "WITHDRAWN")
RESUMED = {"STATUS_RESUMED": "Resumed, now ", "STATUS_REVERTED": "Open again, now "}
MOST_FLAGS_NAMED = 4
ODDS_SOURCE = "records that ctcovidstop collected 2010 to 2022"

Payload = dict[str, Any]


def trial_message(news: Sequence[News], build_id: str, dashboard_url: str = "") -> Payload:
    """The message for one trial's news of one run, oldest first; the last status says how it now stands.

    dashboard_url: of a trial's page, with `{nct_id}`.
    """
    last = news[-1]
    nct_id = blocks.safe_nct_id(last.nct_id)
    summary = f"{headline(news)}{_stands(news)}: {nct_id}"
    moves = [_status_move(each) for each in news if _is_status(each)][-MOST_STATUS_MOVES:]
    found = [
        blocks.header(summary),
        blocks.markup_section("\n".join([_links(nct_id, dashboard_url), *moves])),
        blocks.plain_section(last.brief_title or "no title", TITLE_CHARACTERS),
    ]
    others = [change_line(each) for each in news if not _is_status(each)]
    if others:
        found.append(blocks.lines_section(others))
    found += [blocks.plain_section(text, REASON_CHARACTERS) for text in _reason_and_odds(news)]
    found += [blocks.fields_section(_facts(last)), blocks.footer(_footer(last, build_id))]
    return {
        "text": f"{summary}, record changed, first seen {_interval(last)}",
        "unfurl_links": False,
        "blocks": found,
    }


def _stands(news: Sequence[News]) -> str:
    """How the trial stands, where its news does not say so: later news are what a thread's head shows."""
    if news[-1].status_now is None or any(_is_status(each) for each in news):
        return ""
    return f" ({_status_words(news[-1].status_now)})"


def headline(news: Sequence[News]) -> str:
    """The registry's word for the newest status, which people search for; else the type."""
    statuses = [each for each in news if _is_status(each)]
    if statuses:
        again = RESUMED.get(statuses[-1].event_type, "")
        return f"{again}{_status_words(statuses[-1].after_value)}"
    types = list(dict.fromkeys(each.event_type for each in news))
    shown = _words(types[0]).label
    return shown if len(types) == 1 else f"{shown} and {len(types) - 1} more"


def change_line(news: News) -> str:
    """One event in a line of untrusted text: what it is, was → now, by how many days."""
    was, now = (_value_words(news, value) for value in (news.before_value, news.after_value))
    moved = news.details.get("days_moved")
    by = f" ({moved:+} days)" if isinstance(moved, int) else ""
    silent = ", without a new version" if news.is_silent else ""
    return f"{_words(news.event_type).meaning}: {was} → {now}{by}{silent}"


def _is_status(news: News) -> bool:
    return news.event_type.startswith("STATUS_")


def _links(nct_id: str, dashboard_url: str) -> str:
    study = blocks.STUDY_URL.format(nct_id=nct_id)
    links = [blocks.study_link(nct_id), f"<{study}?tab=history|history>"]
    if dashboard_url:
        links.append(f"<{dashboard_url.replace('{nct_id}', nct_id)}|dashboard>")
    return " · ".join(links)


def _status_move(news: News) -> str:
    """Only ids, codes and our own words: it is markup."""
    return f"was: {_labelled(news.before_value)}{_since(news)}  →  now: *{_labelled(news.after_value)}*"


def _since(news: News) -> str:
    days = news.details.get("days_in_previous_status")
    if not isinstance(days, int):
        return ""
    at_least = "" if news.details.get("is_previous_status_start_known") else "at least "
    return f" for {at_least}{days:,} d"


def _reason_and_odds(news: Sequence[News]) -> list[str]:
    """Of a trial that stopped and did not go on again: the newest reason, and a suspension's odds."""
    statuses = [each for each in news if _is_status(each)]
    stops = [each for each in news if each.event_type in STOPS]
    last = statuses[-1] if statuses else news[-1]
    if (statuses and last.event_type not in STOPS) or not (stops or last.status_now in STOPPED):
        return []
    reason = (_reason_of(stops[-1]) if stops else last.why_stopped_now or "").strip()
    given = f"Reason given: {reason}" if reason else "No reason given in this version"
    return [given, *([_odds(last)] if last.share_restarted_within_365_days is not None else [])]


def _reason_of(stop: News) -> str:
    told = stop.after_value if stop.event_type == "WHY_STOPPED_ADDED" else stop.why_stopped
    return told or ""


def _odds(news: News) -> str:
    share = news.share_restarted_within_365_days or 0
    return (
        f"Odds: of {news.similar_pauses_count:,} suspensions with such a reason ({news.stop_reason_label}) "
        f"{share:.0%} went on within a year; {ODDS_SOURCE}"
    )


def _facts(news: News) -> list[str]:
    facts = {
        "Phase": news.phase_label,
        "Sponsor": _with_detail(news.lead_sponsor_name, _label(AGENCY_CLASS, news.lead_sponsor_class)),
        "Enrolment": _with_detail(
            _number(news.enrollment_count), _label(ENROLLMENT_TYPE, news.enrollment_type)
        ),
        "Sites": _sites(news),
        "Primary completion": news.primary_completion_date_text,
        "Flags": _flags(news),
    }
    return [f"{name}: {value or 'not given'}" for name, value in facts.items()]


def _flags(news: News) -> str:
    named = ", ".join(flag.replace("_", " ") for flag in news.quality_flags[:MOST_FLAGS_NAMED])
    more = len(news.quality_flags) - MOST_FLAGS_NAMED
    return (f"{named} and {more} more" if more > 0 else named) or "none"


def _with_detail(value: str | None, detail: str | None) -> str | None:
    return f"{value} ({detail})" if value and detail else value


def _number(count: int | None) -> str | None:
    return None if count is None else f"{count:,}"


def _sites(news: News) -> str | None:
    """How many, and where: one country by name, several by number."""
    countries = news.countries or []
    if news.sites_count is None:
        return None
    where = countries[0] if len(countries) == 1 else f"{len(countries)} countries"
    sites = "1 site" if news.sites_count == 1 else f"{_number(news.sites_count)} sites"
    return _with_detail(sites, where if countries else None)


def _footer(news: News, build_id: str) -> str:
    data = blocks.moment(news.observed_at)
    made = f"data {data} · run {build_id[:8]} · event {news.event_key[:8]}"
    return f"Record changed, first seen {_interval(news)} · {made}"


def _interval(news: News) -> str:
    if news.observed_after is None:
        return f"by {blocks.moment(news.observed_at)}"
    return f"between {blocks.moment(news.observed_after)} and {blocks.moment(news.observed_at)}"


def _words(event_type: str) -> EventWords:
    """A type nobody knows shows itself, in plain text only."""
    return event_words().get(event_type) or EventWords(event_type, event_type)


def _status_words(status: str | None) -> str:
    words = words_of(STATUS, status)
    return words.label if words else blocks.safe_code(status)


def _value_words(news: News, value: str | None) -> str:
    if value is None:
        return "nothing"
    return _status_words(value) if _is_status(news) else value


def _labelled(status: str | None) -> str:
    """Plain words with the registry's where they differ; a code nobody knows stands alone."""
    words = words_of(STATUS, status)
    if words is None:
        return blocks.safe_code(status)
    same = words.label == words.plain_label
    return words.plain_label if same else f"{words.plain_label} ({words.label})"


def _label(code_list: str, code: str | None) -> str | None:
    """The registry's word for a code; a code nobody knows shows itself, in plain text only."""
    words = words_of(code_list, code)
    return words.label if words else code
