"""What arrived: every record of one day's presence that could be loaded. A red rule stops the day.

A code never seen before flags the day and does not stop it: the record is loaded as it is.
"""

from typing import TYPE_CHECKING

from trialhouse.code_lists import STATUS, STUDY_TYPE, codes

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

# The registry's `Status` and `StudyType` enums (API 2.0.5): a new code is a change a person should look at.
STATUSES = tuple(codes(STATUS))
STUDY_TYPES = tuple(codes(STUDY_TYPE))
# Withheld and stubbed records are a few in a thousand; a registry of 200 must survive two of them.
MOSTLY_FILLED = 0.99
DAY_PATTERN = r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$"

ID_COLUMNS = ("nct_id",)
WHO_ACTS = (
    "a data engineer: compare the named records with the registry's own pages; "
    "if the registry changed its format, adapt the code and build the day again"
)
TABLE = """
    select
        nct_id,
        content_hash,
        overall_status,
        study_type,
        brief_title,
        lead_sponsor_name,
        last_update_post_date
    from today
    where content_hash is not null
"""


def suite() -> "ExpectationSuite":
    """The rules for the rows of one day."""
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.expectations.metadata_types import FailureSeverity

    return gx.ExpectationSuite(
        name="raw_ctgov__studies",
        expectations=[
            gxe.ExpectTableRowCountToBeBetween(
                min_value=1, description="the day has records", meta={"rule": "has_records"}
            ),
            gxe.ExpectColumnValuesToNotBeNull(
                column="nct_id", description="every record has an id", meta={"rule": "has_id"}
            ),
            gxe.ExpectColumnValuesToMatchRegex(
                column="nct_id",
                regex=r"^NCT\d{8}$",
                description="every id is NCT and eight digits",
                meta={"rule": "id_is_nct"},
            ),
            gxe.ExpectColumnValuesToBeUnique(
                column="nct_id", description="no id arrives twice in a day", meta={"rule": "id_is_unique"}
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="overall_status",
                value_set=list(STATUSES),
                description="every status is one of the registry's 14",
                meta={"rule": "known_status"},
                severity=FailureSeverity.WARNING,
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="study_type",
                value_set=list(STUDY_TYPES),
                description="every study type is one of the registry's 3",
                meta={"rule": "known_study_type"},
                severity=FailureSeverity.WARNING,
            ),
            gxe.ExpectColumnValuesToMatchRegex(
                column="last_update_post_date",
                regex=DAY_PATTERN,
                mostly=MOSTLY_FILLED,
                description="at least 99 % of last update post dates are days (yyyy-mm-dd)",
                meta={"rule": "post_date_is_day"},
            ),
            *(
                gxe.ExpectColumnValuesToNotBeNull(
                    column=column,
                    mostly=MOSTLY_FILLED,
                    description=f"at least 99 % of records have {column}",
                    meta={"rule": f"has_{column}"},
                )
                for column in (
                    "overall_status",
                    "study_type",
                    "brief_title",
                    "lead_sponsor_name",
                    "last_update_post_date",
                )
            ),
        ],
    )
