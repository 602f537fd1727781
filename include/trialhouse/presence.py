"""The columns by which a sweep recognises a changed record, and the presence table they fill.

The columns catch, on the same day, what moves no post date: flips to UNKNOWN, sponsor renames, slipped dates,
enrolment, titles. Everything else is caught by the rolling re-read.
"""

from dataclasses import dataclass

from trialhouse.record_type import duckdb_type, type_at


@dataclass(frozen=True, slots=True)
class SweepColumn:
    """One listed field: our column, the registry's field piece, its place in the typed record."""

    name: str
    piece: str
    path: str


_STATUS = "protocolSection.statusModule"
_DESIGN = "protocolSection.designModule"

SWEEP_COLUMNS = (
    SweepColumn("overall_status", "OverallStatus", f"{_STATUS}.overallStatus"),
    SweepColumn("last_known_status", "LastKnownStatus", f"{_STATUS}.lastKnownStatus"),
    SweepColumn("why_stopped", "WhyStopped", f"{_STATUS}.whyStopped"),
    SweepColumn("status_verified_date", "StatusVerifiedDate", f"{_STATUS}.statusVerifiedDate"),
    SweepColumn("start_date", "StartDate", f"{_STATUS}.startDateStruct.date"),
    SweepColumn("start_date_type", "StartDateType", f"{_STATUS}.startDateStruct.type"),
    SweepColumn(
        "primary_completion_date", "PrimaryCompletionDate", f"{_STATUS}.primaryCompletionDateStruct.date"
    ),
    SweepColumn(
        "primary_completion_date_type",
        "PrimaryCompletionDateType",
        f"{_STATUS}.primaryCompletionDateStruct.type",
    ),
    SweepColumn("completion_date", "CompletionDate", f"{_STATUS}.completionDateStruct.date"),
    SweepColumn("completion_date_type", "CompletionDateType", f"{_STATUS}.completionDateStruct.type"),
    SweepColumn(
        "results_first_post_date", "ResultsFirstPostDate", f"{_STATUS}.resultsFirstPostDateStruct.date"
    ),
    SweepColumn("last_update_submit_date", "LastUpdateSubmitDate", f"{_STATUS}.lastUpdateSubmitDate"),
    SweepColumn("last_update_post_date", "LastUpdatePostDate", f"{_STATUS}.lastUpdatePostDateStruct.date"),
    SweepColumn(
        "lead_sponsor_name", "LeadSponsorName", "protocolSection.sponsorCollaboratorsModule.leadSponsor.name"
    ),
    SweepColumn(
        "lead_sponsor_class",
        "LeadSponsorClass",
        "protocolSection.sponsorCollaboratorsModule.leadSponsor.class",
    ),
    SweepColumn("brief_title", "BriefTitle", "protocolSection.identificationModule.briefTitle"),
    SweepColumn("acronym", "Acronym", "protocolSection.identificationModule.acronym"),
    SweepColumn("official_title", "OfficialTitle", "protocolSection.identificationModule.officialTitle"),
    SweepColumn("study_type", "StudyType", f"{_DESIGN}.studyType"),
    SweepColumn("phases", "Phase", f"{_DESIGN}.phases"),
    SweepColumn("enrollment_count", "EnrollmentCount", f"{_DESIGN}.enrollmentInfo.count"),
    SweepColumn("enrollment_type", "EnrollmentType", f"{_DESIGN}.enrollmentInfo.type"),
    SweepColumn("has_results", "HasResults", "hasResults"),
)
NCT_ID_PATH = "protocolSection.identificationModule.nctId"
POST_DATE = "last_update_post_date"

SWEEP_QUESTION = {"fields": "|".join(["NCTId", *(column.piece for column in SWEEP_COLUMNS)])}


def sweep_select() -> str:
    """SQL select list that takes the sweep columns out of typed records."""
    return ", ".join(f"{column.path} as {column.name}" for column in SWEEP_COLUMNS)


def sweep_names(table: str) -> str:
    """SQL select list of the sweep columns of `table`."""
    return ", ".join(f"{table}.{column.name}" for column in SWEEP_COLUMNS)


def sweep_types() -> dict[str, str]:
    """DuckDB type by sweep column."""
    return {column.name: duckdb_type(type_at(column.path)) for column in SWEEP_COLUMNS}


def any_sweep_column_differs(left: str, right: str) -> str:
    """SQL condition: the two tables list the record differently."""
    return " or ".join(
        f"{left}.{column.name} is distinct from {right}.{column.name}" for column in SWEEP_COLUMNS
    )


def swept_rows(skeletons: str) -> str:
    """SQL: one row a listed id with its sweep columns, from a table expression of typed skeleton records."""
    return f"select {NCT_ID_PATH} as nct_id, {sweep_select()} from {skeletons}"
