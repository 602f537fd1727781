"""How the registry describes its fields and codes: as on the last good day, or a person looks first."""

from typing import TYPE_CHECKING

from trialhouse.contract import CAME, NOT_ANSWERED, WENT

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

COLUMNS = ("answer", "entry", "change")
ID_COLUMNS = ("answer", "entry")
# 2026-11-23: the registry changes its description a few times a year, and says so in its release notes.
WHO_ACTS = (
    "a data engineer: read the registry's release notes; fields and codes that came belong into the typed"
    " record (`trialhouse record-type`), columns of those that went stay empty from now on; then release"
)


def suite() -> "ExpectationSuite":
    """The rules for every entry that differs."""
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.expectations.metadata_types import FailureSeverity

    return gx.ExpectationSuite(
        name="raw_ctgov__descriptions",
        expectations=[
            gxe.ExpectColumnValuesToNotBeInSet(
                column="change",
                value_set=[CAME, WENT],
                description="the registry describes its fields and codes as on the last good day",
                meta={"rule": "same_descriptions"},
            ),
            gxe.ExpectColumnValuesToNotBeInSet(
                column="change",
                value_set=[NOT_ANSWERED],
                description="the registry describes its fields and codes",
                meta={"rule": "has_descriptions"},
                severity=FailureSeverity.WARNING,
            ),
        ],
    )
