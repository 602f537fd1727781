"""What the build says of past days: on three of them the registry as of then is what the lake listed then."""

import random
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from trialhouse.presence import presence_rows

if TYPE_CHECKING:
    import duckdb
    from great_expectations import ExpectationSuite

    from trialhouse.lake import Lake

# 2026-11-23: all days of a year would cost more than the build; with three a run most are seen within months.
DAYS_LOOKED_AT = 3

COUNTS = ("missing_count", "added_count", "differing_count")

COLUMNS = ("snapshot_date", *COUNTS)
ID_COLUMNS = ("snapshot_date",)
WHO_ACTS = "a developer: compare `trials_as_of` of that day with its presence; the build changed the past"


def past_days(days: Iterable[date], day: date) -> list[date]:
    """Up to three of the days before `day`: by chance, but always the same ones for the same day."""
    earlier = sorted(known for known in days if known < day)
    chance = random.Random(day.isoformat())
    return sorted(chance.sample(earlier, min(DAYS_LOOKED_AT, len(earlier))))


def table(
    connection: "duckdb.DuckDBPyConnection", lake: "Lake", built_days: list[date], day: date
) -> list[dict[str, object]]:
    """One row a past day: trials the build lacks, has too many, or with another content."""
    return [_compared(connection, lake, built_days, each) for each in past_days(built_days, day)]


def _compared(
    connection: "duckdb.DuckDBPyConnection", lake: "Lake", built_days: list[date], day: date
) -> dict[str, object]:
    """A record that was not read on a day has the content of the newest built day on which it was.

    Only where no day landed late or is held is that also what was known when the day landed.
    """
    earlier = [known for known in built_days if known <= day]
    is_regular = all(
        lake.manifest(after).previous_snapshot_date == before for before, after in pairwise(earlier)
    )
    (counts,) = connection.execute(f"""
        select
            count(*) filter (said.nct_id is null),
            count(*) filter (listed.nct_id is null),
            count(*) filter (
                said.content_hash <> listed.content_hash
                and ({is_regular} or listed.read_on = listed.snapshot_date)
            )
        from (from ({presence_rows(lake, [day])}) where content_hash is not null) as listed
        full outer join (select nct_id, content_hash from trials_as_of(date '{day}')) as said
            on listed.nct_id = said.nct_id
    """).fetchall()
    return {"snapshot_date": day, **dict(zip(COUNTS, counts, strict=True))}


def suite() -> "ExpectationSuite":
    """The rules for each of the days."""
    import great_expectations as gx
    import great_expectations.expectations as gxe

    words = (
        "every trial that was listed on a past day is there as of that day",
        "no trial is there as of a past day that was not listed on it",
        "as of a past day every trial has the content that it had then",
    )
    return gx.ExpectationSuite(
        name="trials_as_of",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column=column,
                max_value=0,
                description=description,
                meta={"rule": f"no_{column}"},
            )
            for column, description in zip(COUNTS, words, strict=True)
        ],
    )
