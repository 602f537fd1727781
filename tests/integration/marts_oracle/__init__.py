"""What every mart about a record must hold, read from the JSON and the contracts by plain Python."""

from integration.marts_oracle.comparing import PERSONAL_MARTS, TableReport, compare, report_text
from integration.marts_oracle.every_field import study_with_every_field
from integration.marts_oracle.leaves import lost_leaves
from integration.marts_oracle.reading import ROWS_OF_MART, rows_of
from integration.marts_oracle.sources import paths_without_column

__all__ = [
    "PERSONAL_MARTS",
    "ROWS_OF_MART",
    "TableReport",
    "compare",
    "lost_leaves",
    "paths_without_column",
    "report_text",
    "rows_of",
    "study_with_every_field",
]
