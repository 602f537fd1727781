"""The same models on Spark: their SQL, written for DuckDB, is translated when dbt-spark executes it."""
