"""Who was in the registry on a day, and the columns by which a sweep recognises a changed record.

A row of presence names the version of its record by the day under which the version lies in the lake: a date
costs next to nothing where a hash costs 16 bytes a trial and day.

The sweep columns catch, on the same day, what moves no post date: flips to UNKNOWN, sponsor renames, slipped
dates, enrolment, titles. Everything else is caught by the rolling re-read. They are taken from the versions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from trialhouse.lake import Lake
from trialhouse.record_type import section_types


@dataclass(frozen=True, slots=True)
class SweepColumn:
    """One listed field: our column, the registry's field piece, its place in the typed record."""

    name: str
    piece: str
    path: str


_STATUS = "protocolSection.statusModule"
_DESIGN = "protocolSection.designModule"
NCT_ID_PATH = "protocolSection.identificationModule.nctId"
POST_DATE_PATH = f"{_STATUS}.lastUpdatePostDateStruct.date"

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
    SweepColumn("last_update_post_date", "LastUpdatePostDate", POST_DATE_PATH),
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

SWEEP_QUESTION = {"fields": "|".join(["NCTId", *(column.piece for column in SWEEP_COLUMNS)])}


def sweep_select() -> str:
    """SQL select list that takes the sweep columns out of typed records."""
    return ", ".join(f"{column.path} as {column.name}" for column in SWEEP_COLUMNS)


def any_sweep_column_differs(left: str, right: str) -> str:
    """SQL condition: the two tables list the record differently."""
    return " or ".join(
        f"{left}.{column.name} is distinct from {right}.{column.name}" for column in SWEEP_COLUMNS
    )


def swept_rows(skeletons: str) -> str:
    """SQL: one row a listed id with its sweep columns, from a table expression of typed skeleton records."""
    return f"select {NCT_ID_PATH} as nct_id, {sweep_select()} from {skeletons}"


# ---------- what a lake holds

PRESENCE_TYPES = {"nct_id": "VARCHAR", "version_date": "DATE", "read_on": "DATE", "snapshot_date": "DATE"}
VERSION_TYPES = {"nct_id": "VARCHAR", "content_hash": "VARCHAR", "snapshot_date": "DATE"} | section_types()


def presence_rows(lake: Lake, days: Iterable[date]) -> str:
    """SQL: nct_id, content_hash, version_date, read_on, snapshot_date of every id listed on landed days.

    version_date: the day under which the version lies; nothing, like the hash, for a record never loaded. A
    version that is not there has a hash that says so: gates and tests stop at it.
    """
    files = [lake.presence_file(day) for day in days]
    versions = f"(select nct_id, content_hash, snapshot_date from ({version_rows(lake)}))"
    if any("content_hash" in pq.read_schema(file).names for file in files):
        return _presence_by_hash(files, versions)
    return f"""
        select
            present.nct_id,
            coalesce(versions.content_hash, 'no version of ' || present.version_date) as content_hash,
            present.version_date,
            present.read_on,
            present.snapshot_date
        from ({parquet_rows(files, PRESENCE_TYPES)}) as present
        left join {versions} as versions
            on present.nct_id = versions.nct_id and present.version_date = versions.snapshot_date
    """


def _presence_by_hash(files: list[Path], versions: str) -> str:
    """The same where a file was made before 0.3.0: there a hash stands instead of the version's day."""
    present = parquet_rows(files, PRESENCE_TYPES | {"content_hash": "VARCHAR"})
    return f"""
        select
            present.nct_id,
            coalesce(
                versions.content_hash, present.content_hash, 'no version of ' || present.version_date
            ) as content_hash,
            coalesce(present.version_date, named.snapshot_date) as version_date,
            present.read_on,
            present.snapshot_date
        from ({present}) as present
        left join {versions} as versions
            on present.nct_id = versions.nct_id and present.version_date = versions.snapshot_date
        left join {versions} as named
            on present.nct_id = named.nct_id and present.content_hash = named.content_hash
    """


def described_presence(lake: Lake, day: date) -> str:
    """SQL: nct_id, content_hash and the sweep columns of every id listed on a landed day."""
    return f"""
        select present.nct_id, present.content_hash, versions.* exclude (nct_id, content_hash)
        from ({presence_rows(lake, [day])}) as present
        left join (select nct_id, content_hash, {sweep_select()} from ({version_rows(lake)})) as versions
            on present.nct_id = versions.nct_id and present.content_hash = versions.content_hash
    """


def version_rows(lake: Lake, days: Iterable[date] | None = None) -> str:
    """SQL: every version of the lake, or those of some days, typed and nested, with the day it lies under.

    Not by `parquet_rows`: through its union DuckDB would read every field to give one.
    """
    files = lake.versions_files(lake.days() if days is None else list(days))
    return f"from {_read_parquet(files)}" if files else no_rows(VERSION_TYPES)


def parquet_rows(files: list[Path], columns: dict[str, str]) -> str:
    """SQL: the rows of Parquet files, or none; these columns are there whatever the files hold."""
    if not files:
        return no_rows(columns)
    return f"({no_rows(columns)}) union all by name (from {_read_parquet(files)})"


def no_rows(columns: dict[str, str]) -> str:
    empty = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in columns.items())
    return f"select {empty} limit 0"


def _read_parquet(files: list[Path]) -> str:
    return f"read_parquet({[str(file) for file in files]}, union_by_name = true, hive_partitioning = true)"
