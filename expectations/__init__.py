"""One Great Expectations suite per guarded table, in a file named after the table.

Every suite file has `ID_COLUMNS` (what names a row), `WHO_ACTS`, `suite(...)` and, where the table is one
query, `TABLE`. Great Expectations costs seconds to import, so only `suite` imports it.
"""
