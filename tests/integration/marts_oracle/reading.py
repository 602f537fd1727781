"""Every row that the marts must have of one record."""

from collections.abc import Callable

from integration.marts_oracle import measures, protocol, results, trials
from integration.marts_oracle.values import Record, Row, plain

ROWS_OF_MART: dict[str, Callable[[Record], list[Row]]] = {
    "dim_trials": lambda record: [trials.trial(record)],
    "fct_trial_identifiers": trials.identifiers,
    "fct_trial_arms": protocol.arms,
    "fct_trial_interventions": protocol.interventions,
    "fct_trial_sites": protocol.sites,
    "fct_trial_sponsors": protocol.sponsors,
    "fct_trial_conditions": protocol.conditions,
    "fct_planned_outcomes": protocol.planned_outcomes,
    "fct_trial_mesh_terms": protocol.mesh_terms,
    "fct_trial_countries": protocol.countries,
    "fct_trial_references": protocol.references,
    "fct_trial_links": protocol.links,
    "fct_trial_documents": protocol.documents,
    "fct_trial_contacts": protocol.contacts,
    "fct_unposted_result_events": results.unposted_events,
    "fct_violation_events": results.violation_events,
    "fct_result_submissions": results.submissions,
    "fct_result_groups": results.groups,
    "fct_participant_flow": results.participant_flow,
    "fct_baseline_measures": measures.baseline_measures,
    "fct_baseline_measurements": measures.baseline_measurements,
    "fct_result_outcomes": results.outcomes,
    "fct_outcome_measurements": measures.outcome_measurements,
    "fct_result_denominators": measures.denominators,
    "fct_outcome_analyses": results.analyses,
    "fct_adverse_events": results.adverse_events,
}


def rows_of(record: Record) -> dict[str, list[Row]]:
    """The rows of each mart, column by column; every row starts with the trial's id."""
    texts_plain = plain(record)
    nct_id = texts_plain["protocolSection"]["identificationModule"]["nctId"]
    return {
        mart: [{"nct_id": nct_id, **row} for row in rows(texts_plain)] for mart, rows in ROWS_OF_MART.items()
    }
