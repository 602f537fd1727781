"""AACT's tables read from registry records by plain Python, from their description and not from our SQL."""

from integration.aact_oracle.calculated import US_COUNTRIES
from integration.aact_oracle.keys import PARENTS, with_keys_resolved
from integration.aact_oracle.tables import TABLES, aact_tables

__all__ = ["PARENTS", "TABLES", "US_COUNTRIES", "aact_tables", "with_keys_resolved"]
