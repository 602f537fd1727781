#!/usr/bin/env bash
# Dump each database to $BACKUPS once a day (`once`: now, and end); the newest fourteen of each are kept.
# Restore: pg_restore --clean --if-exists --dbname outbox outbox-DATE.dump
set -euo pipefail
keep=14

dump() {
    file="$BACKUPS/$1-$(date -u +%Y-%m-%dT%H%M%S).dump"
    pg_dump --no-password --format custom --file "$file.unfinished" "$1"
    mv "$file.unfinished" "$file"
    echo "backup: $file"
    find "$BACKUPS" -name "$1-*.dump" | sort -r | tail -n "+$((keep + 1))" | xargs -r rm --
}

while true; do
    dump airflow
    dump outbox
    if [ "${1:-}" = once ]; then exit 0; fi
    sleep 86400 &
    wait $!
done
