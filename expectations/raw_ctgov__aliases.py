"""Former ids that a record names as its own although the registry lists them still: a trial counted twice."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

ID_COLUMNS = ("nct_id", "alias_nct_id")
WHO_ACTS = (
    "a data engineer: look at both records on the registry's pages; leave the day held while a merge is half"
    " done, release it if both are meant to be there"
)
# 2026-11-23: none among 2 901 real records, of which 19 have aliases. What the last good day had already, a
# person has released.
TABLE = """
    with

    named as (
        select
            nct_id,
            content_hash,
            unnest(protocolSection.identificationModule.nctIdAliases) as alias_nct_id
        from versions
    ),

    named_today as (
        select named.nct_id, named.alias_nct_id
        from named
        semi join today using (nct_id, content_hash)
        where named.alias_nct_id in (select nct_id from today)
    ),

    named_before as (
        select named.nct_id, named.alias_nct_id
        from named
        semi join before using (nct_id, content_hash)
        where named.alias_nct_id in (select nct_id from before)
    )

    select distinct nct_id, alias_nct_id, true as is_listed
    from named_today
    where
        not $has_good_day
        or (nct_id, alias_nct_id) not in (select (nct_id, alias_nct_id) from named_before)
    order by all
"""


def suite() -> "ExpectationSuite":
    """The rule for every former id that is listed."""
    import great_expectations as gx
    import great_expectations.expectations as gxe

    return gx.ExpectationSuite(
        name="raw_ctgov__aliases",
        expectations=[
            gxe.ExpectColumnValuesToBeInSet(
                column="is_listed",
                value_set=[False],
                description="no former id of a record is listed as a record of its own",
                meta={"rule": "no_alias_is_listed"},
            ),
        ],
    )
