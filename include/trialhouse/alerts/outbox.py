"""Messages on their way to Slack, in a database of their own: SQLite by default, Postgres by URL.

Every write happens in `locked`: SQLite by `BEGIN IMMEDIATE`, Postgres by a row lock on the watchlist's
watermark. So one process at a time sends for a watchlist, and a killed one leaves no lock and no half change.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    func,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import NullPool

# Another process may be sending, and Slack may make it wait: far longer than any such wait.
SECONDS_TO_WAIT_FOR_LOCK = 600

METADATA = MetaData()
MESSAGES = Table(
    "messages",
    METADATA,
    Column("message_id", Integer, primary_key=True, autoincrement=True),
    Column("watchlist", String(100), nullable=False),
    Column("event_key", String(200), nullable=False),
    Column("nct_id", String(20), nullable=False),
    Column("snapshot_date", Date, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("status", String(10), nullable=False, default="pending", index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    Column("attempts", Integer, nullable=False, default=0),
    Column("last_error", Text),
    UniqueConstraint("watchlist", "event_key"),
)
WATERMARKS = Table(
    "watermarks",
    METADATA,
    Column("watchlist", String(100), primary_key=True),
    Column("snapshot_date", Date, nullable=False),
)
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message nobody has seen yet; `event_key` names it within its watchlist."""

    event_key: str
    nct_id: str
    snapshot_date: date
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PendingMessage:
    """The next message to send."""

    message_id: int
    nct_id: str
    payload: dict[str, Any]


class Outbox:
    """The two tables; made when first opened."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        METADATA.create_all(self.engine)

    @contextmanager
    def locked(self, watchlist: str) -> Iterator[Connection]:
        """One transaction in which nobody else writes to this watchlist."""
        with self.engine.begin() as connection:
            same = WATERMARKS.c.watchlist == watchlist
            connection.execute(select(WATERMARKS).where(same).with_for_update()).all()
            yield connection

    def watermark(self, watchlist: str, *, first: date) -> date:
        """The last day whose events were all delivered; `first` for a watchlist never seen before."""
        with self.engine.begin() as connection:
            connection.execute(self._insert_new(WATERMARKS).values(watchlist=watchlist, snapshot_date=first))
            same = WATERMARKS.c.watchlist == watchlist
            known: date = connection.execute(select(WATERMARKS.c.snapshot_date).where(same)).scalar_one()
            return known

    def move_watermark(self, watchlist: str, day: date) -> None:
        """Forward only: alerting an old day again forgets nothing."""
        behind = (WATERMARKS.c.watchlist == watchlist) & (WATERMARKS.c.snapshot_date < day)
        with self.locked(watchlist) as connection:
            connection.execute(update(WATERMARKS).where(behind).values(snapshot_date=day))

    def enqueue(self, watchlist: str, messages: Iterable[NewMessage]) -> int:
        """Add all messages or, after a crash, none; known ones are left alone. Returns how many are new."""
        with self.locked(watchlist) as connection:
            return sum(self._add(connection, watchlist, message) for message in messages)

    def counts(self) -> tuple[int, int]:
        """How many messages wait, how many were sent."""
        with self.engine.begin() as connection:
            by_status = select(MESSAGES.c.status, func.count().label("messages")).group_by(MESSAGES.c.status)
            counts = {row.status: row.messages for row in connection.execute(by_status)}
        return counts.get("pending", 0), counts.get("sent", 0)

    def _add(self, connection: Connection, watchlist: str, message: NewMessage) -> int:
        row = {
            "watchlist": watchlist,
            "event_key": message.event_key,
            "nct_id": message.nct_id,
            "snapshot_date": message.snapshot_date,
            "payload": message.payload,
            "created_at": datetime.now(UTC),
        }
        return connection.execute(self._insert_new(MESSAGES).values(row)).rowcount

    def _insert_new(self, table: Table) -> Any:
        """An insert that leaves rows with a known key alone; the two dialects spell it alike."""
        return INSERT[self.engine.dialect.name](table).on_conflict_do_nothing()


def next_pending(connection: Connection, watchlist: str) -> PendingMessage | None:
    """The oldest message not yet sent."""
    row = connection.execute(
        select(MESSAGES.c.message_id, MESSAGES.c.nct_id, MESSAGES.c.payload)
        .where(MESSAGES.c.watchlist == watchlist, MESSAGES.c.status == "pending")
        .order_by(MESSAGES.c.message_id)
        .limit(1)
    ).first()
    return None if row is None else PendingMessage(row.message_id, row.nct_id, row.payload)


def mark_sent(connection: Connection, message: PendingMessage) -> None:
    _record_attempt(connection, message, status="sent", sent_at=datetime.now(UTC), last_error=None)


def mark_refused(connection: Connection, message: PendingMessage, error: str) -> None:
    """It stays pending; the error says why."""
    _record_attempt(connection, message, last_error=error)


def _record_attempt(connection: Connection, message: PendingMessage, **values: object) -> None:
    connection.execute(
        update(MESSAGES)
        .where(MESSAGES.c.message_id == message.message_id)
        .values(attempts=MESSAGES.c.attempts + 1, **values)
    )


def _engine(url: str) -> Engine:
    """No pool: a run opens the outbox a few times a day, and forked tasks must not share connections."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, poolclass=NullPool)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, poolclass=NullPool, connect_args={"timeout": SECONDS_TO_WAIT_FOR_LOCK})
    # Python's driver would begin only at the first write, and not with a lock.
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("begin immediate"))
    return engine
