"""`trialhouse diff`: what a version of a record says otherwise than another, as a page of text."""

from collections.abc import Iterator
from itertools import groupby, takewhile
from textwrap import indent, shorten
from typing import Annotated, Any

import duckdb
import typer

from trialhouse.cli_shared import plain_errors, published_file
from trialhouse.errors import SettingsInvalid
from trialhouse.untrusted_text import one_line

HEADINGS = {
    "MAJOR": "What the trial is and how it stands",
    "MINOR": "What else it says",
    "ADMINISTRATIVE": "How the record is kept",
    "CHURN": "Nothing that anybody said",
}
LONGEST = 300
BEFORE_A_DIFFERENCE = 60

VersionArgument = Annotated[
    int | None, typer.Argument(help="Number in trial_versions; default: the last two.")
]


@plain_errors
def diff(
    nct_id: Annotated[str, typer.Argument(help="NCT and eight digits.")],
    earlier: VersionArgument = None,
    later: VersionArgument = None,
) -> None:
    """Tell what changed between two versions of a record, item by item, what matters most first."""
    file = published_file()
    with duckdb.connect(str(file), read_only=True) as con:
        for line in diff_page(con, nct_id, earlier, later):
            typer.echo(line)


def diff_page(
    con: duckdb.DuckDBPyConnection, nct_id: str, earlier: int | None = None, later: int | None = None
) -> Iterator[str]:
    """The lines of the page; without numbers of the last two versions whose content is known.

    Raises:
        SettingsInvalid: the trial has no such versions, or one number is missing.
    """
    if earlier is not None and later is None:
        raise SettingsInvalid("name both versions, or none for the last two")
    asked = [number for number in (earlier, later) if number is not None]
    versions = {row["version_number"]: row for row in _rows(con, _VERSIONS, [nct_id, asked])}
    if earlier is None or later is None:
        if len(versions) < 2:
            raise SettingsInvalid(
                f"{nct_id} has {len(versions)} versions whose content is known: nothing to compare"
            )
        earlier, later = list(versions)[-2:]
    for number in (earlier, later):
        if number not in versions:
            known = ", ".join(map(str, versions)) or "none"
            raise SettingsInvalid(
                f"{nct_id} has no version {number} whose content is known; there is: {known}"
            )
    yield f"{nct_id} {_plain(versions[later]['brief_title'])}"
    yield f"  from version {earlier}, {_dated(versions[earlier])}"
    yield f"  to version   {later}, {_dated(versions[later])}"
    changes = _rows(con, "select * from trial_diff(?, ?, ?)", [nct_id, earlier, later])
    for materiality, of_one in groupby(changes, key=lambda change: change["materiality"]):
        yield f"\n{HEADINGS[materiality]}"
        yield from (line for change in of_one for line in change_lines(change))
    if not changes:
        yield "\nThey say the same."


_VERSIONS = """
    select version_number, clock, dated_on, submitted_on, posted_on, brief_title
    from trial_versions(?)
    where content_hash is not null and (not is_overruled or version_number in (select unnest(?)))
    order by version_number
"""


def _rows(con: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[dict[str, Any]]:
    cursor = con.execute(query, values)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _dated(version: dict[str, Any]) -> str:
    told = {"OBSERVED": "first seen", "POSTED": "posted", "SUBMITTED": "submitted"}[version["clock"]]
    return f"{told} {version['dated_on']} (submitted {version['submitted_on'] or 'on a day not given'})"


def change_lines(change: dict[str, Any]) -> Iterator[str]:
    """One change: what, how, and what stood and stands there."""
    kind = None if change["kind"] in ("TRIAL", "DATE") else change["kind"]
    what = " ".join(filter(None, (kind, change["field"]))).lower().replace("_", " ") or "record"
    how = change["change_type"].lower().replace("_", " ")
    days = f" by {change['days_moved']} days" if change["days_moved"] else ""
    part = f" [{change['part'].lower()}]" if change["part"] else ""
    churn = f" ({change['churn_class'].lower()})" if change["churn_class"] else ""
    review = " (for a person to judge)" if change["needs_review"] else ""
    yield f"  {what}{part}: {how}{days}{churn}{review}"
    if kind and change["field"] and change["item"] and change["item"] != change["after_value"]:
        yield f"      of {_plain(change['item'])}"
    values = [value and one_line(value) for value in (change["before_value"], change["after_value"])]
    skipped = _skipped(*values)
    for sign, value in zip("-+", values, strict=True):
        if value is not None:
            yield indent(("… " if skipped else "") + shorten(value[skipped:], LONGEST), f"    {sign} ")


def _skipped(was: str | None, now: str | None) -> int:
    """How much two long texts that begin alike can leave out in front of where they differ."""
    if not was or not now or max(len(was), len(now)) <= LONGEST:
        return 0
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(was, now, strict=False))
    return max(sum(1 for _ in alike) - BEFORE_A_DIFFERENCE, 0)


def _plain(text: str | None) -> str:
    """Untrusted text for a terminal, not longer than a few lines."""
    return shorten(one_line(text or ""), LONGEST)
