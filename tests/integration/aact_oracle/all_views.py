"""The views `all_*`: what a trial has of one thing, in one text."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from integration.aact_oracle.reading import Row

Rows = Mapping[str, list[Row]]


def every_row(_row: Row) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class View:
    table: str
    column: str
    distinct: bool = True
    where: Callable[[Row], bool] = every_row


VIEWS = {
    "all_browse_conditions": View("browse_conditions", "mesh_term"),
    "all_browse_interventions": View("browse_interventions", "mesh_term", distinct=False),
    "all_cities": View("facilities", "city"),
    "all_conditions": View("conditions", "name"),
    "all_countries": View("countries", "name", where=lambda row: not row["removed"]),
    "all_design_outcomes": View("design_outcomes", "measure"),
    "all_facilities": View("facilities", "name", distinct=False),
    "all_group_types": View("design_groups", "group_type"),
    "all_id_information": View("id_information", "id_value"),
    "all_intervention_types": View("interventions", "intervention_type", distinct=False),
    "all_interventions": View("interventions", "name", distinct=False),
    "all_keywords": View("keywords", "name"),
    "all_overall_official_affiliations": View("overall_officials", "affiliation", distinct=False),
    "all_overall_officials": View("overall_officials", "name", distinct=False),
    "all_primary_outcome_measures": View(
        "design_outcomes", "measure", where=lambda row: row["outcome_type"] == "primary"
    ),
    "all_secondary_outcome_measures": View(
        "design_outcomes", "measure", where=lambda row: row["outcome_type"] == "secondary"
    ),
    "all_sponsors": View("sponsors", "name"),
    "all_states": View("facilities", "state"),
}


def rows_of_view(view: View, tables: Rows) -> list[Row]:
    """One row for a trial with any row of the table, empty text when every value is null."""
    values: defaultdict[str, list[str]] = defaultdict(list)
    for row in tables[view.table]:
        if view.where(row):
            told = values[row["nct_id"]]
            if row[view.column] is not None:
                told.append(row[view.column])
    return [
        {"nct_id": nct_id, "names": "|".join(sorted(set(told) if view.distinct else told))}
        for nct_id, told in values.items()
    ]
