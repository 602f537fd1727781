"""Outboxes made before 0.3 had one table of messages, each about one event, and no days: taken over, once."""

from sqlalchemy import Connection, Table, inspect, literal, select, table, text
from sqlalchemy import column as named

FORMER = "messages"


def adopt_former_messages(connection: Connection, messages: Table, events: Table) -> None:
    """Copy what is there, sent or not, and put the former table aside as `messages_before_0_3`."""
    kept = ("watchlist", "nct_id", "snapshot_date", "payload", "status", "created_at", "sent_at", "attempts")
    former = table(FORMER, named("event_key"), *map(named, kept))
    if not inspect(connection).has_table(FORMER):
        return
    connection.execute(
        messages.insert().from_select(
            ["message_key", "kind", *kept],
            select(former.c.event_key, literal("trial"), *(former.c[name] for name in kept)),
        )
    )
    connection.execute(
        events.insert().from_select(
            ["watchlist", "event_key", "nct_id", "snapshot_date", "fate", "message_id"],
            select(
                messages.c.watchlist,
                messages.c.message_key,
                messages.c.nct_id,
                messages.c.snapshot_date,
                literal("in_message"),
                messages.c.message_id,
            ),
        )
    )
    connection.execute(text(f"alter table {FORMER} rename to messages_before_0_3"))


def adopt_former_watermarks(connection: Connection, watermarks: Table, told_days: Table) -> None:
    """A watchlist of which no day is known has heard of all up to its watermark."""
    known = select(told_days.c.watchlist)
    missing = select(watermarks.c.watchlist, watermarks.c.snapshot_date).where(
        watermarks.c.watchlist.not_in(known)
    )
    connection.execute(told_days.insert().from_select(["watchlist", "snapshot_date"], missing))
