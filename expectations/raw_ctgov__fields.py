"""Fields filled on the last good day and no more: a record may empty one, a whole field may not vanish."""

from typing import TYPE_CHECKING

from trialhouse.drift import values_at

if TYPE_CHECKING:
    import duckdb
    from great_expectations import ExpectationSuite

# 2026-11-22: a field that vanishes from more than 0.1 % of the records that had it is a fault of the registry
# or of ours. Below 21 records it may be chance: a resumed trial loses its whyStopped, of which there are few.
SHARE_THAT_MAY_GO = 0.001
RECORDS_THAT_MAY_GO = 20

COLUMNS = ("path", "had_count", "lost_count", "allowed_count")
ID_COLUMNS = ("path",)
WHO_ACTS = (
    "a data engineer: compare records of today with those of the last good day (`trialhouse receipt`); if the"
    "  registry dropped the field, the typed record and the marts must follow it"
)
TABLE = "select path, sum(lost_count) from changed_fields where lost_count > 0 group by path order by path"


def table(connection: "duckdb.DuckDBPyConnection") -> list[dict[str, object]]:
    """One row a field that a changed record emptied: how many had it, how many lost it, how many may."""
    rows = [(path, int(lost_count)) for path, lost_count in connection.execute(TABLE).fetchall()]
    # Only fields lost by many records are counted in all others.
    many = [path for path, lost_count in rows if lost_count > RECORDS_THAT_MAY_GO]
    had = dict(zip(many, _had_counts(connection, many), strict=True))
    return [
        {
            "path": path,
            "had_count": had.get(path),
            "lost_count": lost_count,
            "allowed_count": max(RECORDS_THAT_MAY_GO, int(had.get(path, 0) * SHARE_THAT_MAY_GO)),
        }
        for path, lost_count in rows
    ]


def _had_counts(connection: "duckdb.DuckDBPyConnection", paths: list[str]) -> list[int]:
    """How many records filled each field on the last good day."""
    if not paths:
        return []
    marks = ", ".join(f"count(*) filter (list_count({values_at(path)}) > 0)" for path in paths)
    (counts,) = connection.execute(
        f"select {marks} from versions semi join before using (nct_id, content_hash)"
    ).fetchall()
    return list(counts)


def suite() -> "ExpectationSuite":
    """The rule for every field that a record of the last good day filled and has filled no more."""
    import great_expectations as gx
    import great_expectations.expectations as gxe

    return gx.ExpectationSuite(
        name="raw_ctgov__fields",
        expectations=[
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="allowed_count",
                column_B="lost_count",
                or_equal=True,
                description="no field vanished from more than 0.1 % of the records that had it",
                meta={"rule": "no_field_vanished"},
            ),
        ],
    )
