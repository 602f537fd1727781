#!/usr/bin/env bash
# Run once by PostgreSQL's container, on an empty volume: a database and a role each for Airflow and for the outbox.
set -euo pipefail
psql -v ON_ERROR_STOP=1 --no-password --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    -v airflow_password="$AIRFLOW_DB_PASSWORD" -v outbox_password="$OUTBOX_DB_PASSWORD" <<'SQL'
create role airflow login password :'airflow_password';
create role outbox login password :'outbox_password';
create database airflow owner airflow;
create database outbox owner outbox;
revoke connect on database airflow, outbox from public;
SQL
