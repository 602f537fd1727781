"""The tables of the outbox: what was told, what is on its way, where, what nobody wants to hear."""

from sqlalchemy import JSON, Column, Date, DateTime, Integer, MetaData, String, Table, Text, UniqueConstraint

# What became of an event: in a message, waiting for the digest, not told because a person muted the trial,
# or because the next day took it back before anybody heard of it.
IN_MESSAGE, FOR_DIGEST, MUTED, CANCELLED = "in_message", "for_digest", "muted", "cancelled"
# What became of a message.
PENDING, SENT, REFUSED = "pending", "sent", "refused"
NAME_CHARACTERS = 200

METADATA = MetaData()
MESSAGES = Table(
    "outgoing_messages",
    METADATA,
    Column("message_id", Integer, primary_key=True, autoincrement=True),
    Column("watchlist", String(100), nullable=False),
    Column("message_key", String(200), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("nct_id", String(20)),
    Column("snapshot_date", Date, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("status", String(10), nullable=False, default=PENDING, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("first_tried_at", DateTime(timezone=True)),
    Column("sent_at", DateTime(timezone=True)),
    Column("attempts", Integer, nullable=False, default=0),
    Column("last_error", Text),
    UniqueConstraint("watchlist", "message_key"),
)
EVENTS = Table(
    "told_events",
    METADATA,
    Column("watchlist", String(100), primary_key=True),
    Column("event_key", String(200), primary_key=True),
    Column("nct_id", String(20), nullable=False),
    Column("snapshot_date", Date, nullable=False),
    Column("fate", String(12), nullable=False),
    Column("message_id", Integer, index=True),
)
THREADS = Table(
    "threads",
    METADATA,
    Column("watchlist", String(100), primary_key=True),
    Column("nct_id", String(20), primary_key=True),
    Column("channel", String(50), nullable=False),
    Column("ts", String(50), nullable=False),
    Column("shown_message_id", Integer, nullable=False),
    Column("newest_message_id", Integer, nullable=False),
)
MUTES = Table(
    "mutes",
    METADATA,
    Column("mute_id", Integer, primary_key=True, autoincrement=True),
    Column("nct_id", String(20), nullable=False, index=True),
    Column("watchlist", String(100), nullable=False, default=""),
    Column("until", Date),
    Column("person", String(NAME_CHARACTERS), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
)
TOLD_DAYS = Table(
    "told_days",
    METADATA,
    Column("watchlist", String(100), primary_key=True),
    Column("snapshot_date", Date, primary_key=True),
)
WATERMARKS = Table(
    "watermarks",
    METADATA,
    Column("watchlist", String(100), primary_key=True),
    Column("snapshot_date", Date, nullable=False),
)
