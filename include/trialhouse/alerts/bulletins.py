"""Messages about many trials, or none: digest, storm, quiet day, failed gate. No I/O but the file of events.

A bulletin shows what fits a screen; the file beside the warehouse has every event.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from trialhouse.alerts import blocks
from trialhouse.alerts.messages import Payload, change_line, headline
from trialhouse.alerts.news import News
from trialhouse.alerts.watchlists import event_words
from trialhouse.lake import write_atomically

# Slack refuses messages of some 13 000 characters in all (bolt-js#2509).
MOST_LINES_A_TYPE = 5
MOST_TYPES = 6
MOST_GROUPS = 10
MOST_LINKS = 8
AFTER_PUBLISHING = {"export_parquet"}
SEND_ALERTS = "send_alerts"
FILE_COLUMNS = (
    "event_key",
    "event_type",
    "severity",
    "snapshot_date",
    "nct_id",
    "brief_title",
    "before_value",
    "after_value",
    "why_stopped",
    "lead_sponsor_name",
    "phase_label",
)


def digest_message(title: str, news: Sequence[News], file: str) -> Payload:
    """All events of a day or a week, by type, the most urgent first."""
    summary = f"{title}: {_counted(news)}, {_days(news)}"
    found = [blocks.header(summary)]
    by_type: dict[str, list[News]] = {}
    for each in sorted(news, key=lambda each: (each.severity, each.event_type)):
        by_type.setdefault(each.event_type, []).append(each)
    for event_type, of_type in list(by_type.items())[:MOST_TYPES]:
        found += _type_blocks(event_type, of_type)
    if len(by_type) > MOST_TYPES:
        found.append(blocks.plain_section(f"… and {len(by_type) - MOST_TYPES} more types of events"))
    return _bulletin(summary, found, news, file)


def storm_message(title: str, news: Sequence[News], file: str) -> Payload:
    """So many trials in one run that nobody reads one message each: counted by reason and by sponsor."""
    trials = {each.nct_id: each for each in news}
    summary = f"Storm: {len(trials)} trials at once. {title}"
    kinds = Counter(headline([each]) for each in trials.values())
    reasons = Counter(each.stop_reason_label or _reason(each) for each in trials.values())
    sponsors = Counter(each.lead_sponsor_name or "no sponsor given" for each in trials.values())
    found = [blocks.header(summary)]
    for name, counts in (("What", kinds), ("Reason given", reasons), ("Sponsor", sponsors)):
        found += [blocks.markup_section(f"*{name}*"), blocks.lines_section(_most_common(counts))]
    return _bulletin(summary, found, news, file)


def quiet_message(title: str, day: date, data_timestamp: str, kept_back: int = 0) -> Payload:
    """Proof of life: nothing happened, and we looked.

    kept_back: events that are told to nobody: of muted trials, or taken back before anybody heard.
    """
    but = f" ({kept_back} of muted trials or taken back)" if kept_back else ""
    text = f"{title}: 0 events{but}, data as of {data_timestamp}"
    return {"text": text, "unfurl_links": False, "blocks": [blocks.footer(f"{text} ({day})")]}


def gate_message(day: date, failure: str, page: str) -> Payload:
    """For those who keep the pipeline, in a channel of their own.

    failure: what the gate said, line by line; it may hold registry text.
    """
    summary = f"Held: {day} of the registry did not pass its gate"
    lines = [line for line in failure.splitlines() if line.strip()]
    found = [
        blocks.header(summary),
        blocks.markup_section("*No change alerts were sent for this day.* Readers keep what was published."),
        blocks.lines_section(lines),
        blocks.plain_section(f"all suites of the day: {page}"),
        blocks.footer(f"trialhouse gate explain {day} · trialhouse gate release {day} --rule … --reason …"),
    ]
    return {"text": f"{summary}; no change alerts were sent", "unfurl_links": False, "blocks": found}


def stopped_message(day: date, failed_tasks: Sequence[str]) -> Payload:
    """A step that failed although no gate held the day."""
    if SEND_ALERTS in failed_tasks:
        summary = f"{day} is published, but not all alerts of it were sent"
        so = "What was not taken waits in the outbox and comes with the next run of ctgov_alert."
    elif set(failed_tasks) <= AFTER_PUBLISHING:
        summary, so = f"{day} is published, but not all of it", "Readers of the file and alerts have the day."
    else:
        summary = f"Stopped: {day} did not get through; no change alerts were sent"
        so = "*No change alerts were sent for this day.* Readers keep what was published."
    found = [
        blocks.header(summary),
        blocks.markup_section(so),
        blocks.lines_section([f"failed: {task}; its log says why and who acts" for task in failed_tasks]),
    ]
    return {"text": summary, "unfurl_links": False, "blocks": found}


def flags_message(day: date, flags: Sequence[str], page: str) -> Payload:
    """What was odd on a day that went on."""
    flagged = "1 flag" if len(flags) == 1 else f"{len(flags)} flags"
    summary = f"{flagged} on {day}; the day went on"
    found = [
        blocks.header(summary),
        blocks.lines_section(flags),
        blocks.footer(f"all suites of the day: {page}"),
    ]
    return {"text": summary, "unfurl_links": False, "blocks": found}


def write_events_file(file: Path, news: Sequence[News]) -> None:
    """Every event of a bulletin as CSV; cells that a spreadsheet would compute begin with an apostrophe."""
    import pyarrow as pa
    from pyarrow import csv

    table = pa.table(
        {name: [_cell(getattr(each, name)) for each in news] for name in FILE_COLUMNS},
        schema=pa.schema([(name, pa.string()) for name in FILE_COLUMNS]),
    )
    buffer = pa.BufferOutputStream()
    csv.write_csv(table, buffer)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, buffer.getvalue().to_pybytes())


def _cell(value: object) -> str | None:
    text = None if value is None else str(value)
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text


def _bulletin(summary: str, found: list[blocks.Block], news: Sequence[News], file: str) -> Payload:
    newest = max((each.observed_at for each in news if each.observed_at), default=None)
    found.append(blocks.plain_section(f"every event: {file}"))
    found.append(blocks.footer(f"{_counted(news)} · data {blocks.moment(newest)}"))
    return {"text": summary, "unfurl_links": False, "blocks": found}


def _type_blocks(event_type: str, news: Sequence[News]) -> list[blocks.Block]:
    """Links in markup, made of ids; titles and values below, in plain text."""
    trials = list(dict.fromkeys(each.nct_id for each in news))
    links = " · ".join(blocks.study_link(nct_id) for nct_id in trials[:MOST_LINKS])
    more = f" and {len(trials) - MOST_LINKS} more" if len(trials) > MOST_LINKS else ""
    words = event_words().get(event_type)
    heading = f"*{words.label if words else blocks.safe_code(event_type)}* ({len(news)})"
    lines = [
        f"{each.nct_id} {(each.brief_title or 'no title')[:70]}: {change_line(each)}"
        for each in news[:MOST_LINES_A_TYPE]
    ]
    return [blocks.markup_section(f"{heading}\n{links}{more}"), blocks.lines_section(lines)]


def _reason(news: News) -> str:
    return "none given" if not news.why_stopped else "given, see the file"


def _most_common(counts: "Counter[str]") -> list[str]:
    lines = [f"{count} x {name}" for name, count in counts.most_common(MOST_GROUPS)]
    return [*lines, f"… and {len(counts) - MOST_GROUPS} more"] if len(counts) > MOST_GROUPS else lines


def _counted(news: Sequence[News]) -> str:
    trials = len({each.nct_id for each in news})
    events = "1 event" if len(news) == 1 else f"{len(news):,} events"
    return f"{events} of {'1 trial' if trials == 1 else f'{trials:,} trials'}"


def _days(news: Sequence[News]) -> str:
    first, last = (extreme(each.snapshot_date for each in news) for extreme in (min, max))
    return str(first) if first == last else f"{first} to {last}"
