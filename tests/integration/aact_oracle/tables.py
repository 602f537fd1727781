"""All tables of all records."""

from collections.abc import Iterable
from typing import Any

from integration.aact_oracle import outcomes, participants, places, protocol, studies
from integration.aact_oracle.all_views import VIEWS, rows_of_view
from integration.aact_oracle.calculated import read_calculated_values
from integration.aact_oracle.reading import Record, study_of

TABLES = (
    "baseline_counts",
    "baseline_measurements",
    "brief_summaries",
    "browse_conditions",
    "browse_interventions",
    "central_contacts",
    "conditions",
    "countries",
    "design_group_interventions",
    "design_groups",
    "design_outcomes",
    "designs",
    "detailed_descriptions",
    "documents",
    "drop_withdrawals",
    "eligibilities",
    "facilities",
    "facility_contacts",
    "facility_investigators",
    "id_information",
    "intervention_other_names",
    "interventions",
    "ipd_information_types",
    "keywords",
    "links",
    "milestones",
    "outcome_analyses",
    "outcome_analysis_groups",
    "outcome_counts",
    "outcome_measurements",
    "outcomes",
    "overall_officials",
    "participant_flows",
    "pending_results",
    "provided_documents",
    "reported_event_totals",
    "reported_events",
    "responsible_parties",
    "result_agreements",
    "result_contacts",
    "result_groups",
    "retractions",
    "sponsors",
    "studies",
    "study_references",
)

# Outcomes bring their groups; the other groups come before what speaks of them; derived values come last.
READERS = (
    studies.read_studies,
    studies.read_descriptions,
    studies.read_designs,
    studies.read_eligibilities,
    studies.read_responsible_parties,
    studies.read_result_information,
    studies.read_pending_results,
    protocol.read_arms_and_interventions,
    protocol.read_design_outcomes,
    protocol.read_conditions_and_keywords,
    protocol.read_mesh_terms,
    protocol.read_sponsors,
    protocol.read_ids,
    protocol.read_references,
    protocol.read_provided_documents,
    protocol.read_ipd_types,
    places.read_contacts_and_officials,
    places.read_facilities,
    places.read_countries,
    outcomes.read_outcomes,
    participants.read_study_wide_groups,
    participants.read_baseline,
    participants.read_participant_flow,
    participants.read_adverse_events,
    read_calculated_values,
)


def aact_tables(records: Iterable[Record]) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table and view AACT would give for these records, right where AACT is wrong."""
    tables: dict[str, list[dict[str, Any]]] = {table: [] for table in (*TABLES, "calculated_values")}
    for record in records:
        study = study_of(record)
        for read in READERS:
            read(study)
        for table, rows in study.tables.items():
            tables[table].extend(rows)
    return tables | {name: rows_of_view(view, tables) for name, view in VIEWS.items()}
