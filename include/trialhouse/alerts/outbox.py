"""Messages on their way to people, in a database of their own: SQLite by default, Postgres by URL.

Every write happens in `locked`: SQLite by `BEGIN IMMEDIATE`, Postgres by a row lock on the watchlist's
watermark. So one process at a time sends for a watchlist, and a killed one leaves no lock and no half change.

    told_events        each event once a watchlist, and what became of it
    outgoing_messages  each message once a watchlist
    threads            where a trial's news is told in Slack, with a bot's token
    mutes              trials that a person acknowledged or snoozed
    told_days          days of which a watchlist has heard everything, from the day before its first on
    watermarks         the newest of them; its row is the lock
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, make_url, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import NullPool

from trialhouse.alerts.former_outbox import adopt_former_messages, adopt_former_watermarks
from trialhouse.alerts.outbox_tables import (
    CANCELLED,
    EVENTS,
    FOR_DIGEST,
    IN_MESSAGE,
    MESSAGES,
    METADATA,
    PENDING,
    REFUSED,
    SENT,
    THREADS,
    TOLD_DAYS,
    WATERMARKS,
)

# Another process may be sending, and Slack may make it wait: far longer than any such wait.
SECONDS_TO_WAIT_FOR_LOCK = 600
# Any number of our own: Postgres lets two processes make one table at a time, and the second fails.
LOCK_OF_TABLES = 7_146_087

INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event a watchlist has not heard of."""

    event_key: str
    nct_id: str
    snapshot_date: date


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message nobody has seen yet; `message_key` names it within its watchlist.

    kind: trial, sponsor, digest, storm, quiet or gate. nct_id: of a message about one trial.
    """

    message_key: str
    kind: str
    snapshot_date: date
    payload: dict[str, Any]
    nct_id: str | None = None
    events: tuple[NewEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingMessage:
    """The next message to send. first_tried_at: when somebody first tried, who may have died while at it."""

    message_id: int
    watchlist: str
    message_key: str
    kind: str
    nct_id: str | None
    payload: dict[str, Any]
    first_tried_at: datetime | None
    attempts: int

    @property
    def about(self) -> str:
        return self.nct_id or f"{self.kind} {self.message_key}"


class Outbox:
    """The tables; made when first opened."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(LOCK_OF_TABLES)))
            METADATA.create_all(connection)
            adopt_former_messages(connection, MESSAGES, EVENTS)
            adopt_former_watermarks(connection, WATERMARKS, TOLD_DAYS)

    @contextmanager
    def locked(self, watchlist: str) -> Iterator[Connection]:
        """One transaction in which nobody else writes to this watchlist."""
        with self.engine.begin() as connection:
            same = WATERMARKS.c.watchlist == watchlist
            connection.execute(select(WATERMARKS).where(same).with_for_update()).all()
            yield connection

    def watermark(self, watchlist: str) -> date | None:
        """The newest day whose events were all delivered; none for a watchlist never seen before."""
        with self.engine.begin() as connection:
            same = WATERMARKS.c.watchlist == watchlist
            known: date | None = connection.execute(
                select(WATERMARKS.c.snapshot_date).where(same)
            ).scalar_one_or_none()
            return known

    def untold_days(self, watchlist: str, days: Collection[date]) -> set[date]:
        """Those of the days since the watchlist began whose events were not all delivered."""
        with self.engine.begin() as connection:
            same = TOLD_DAYS.c.watchlist == watchlist
            told: set[date] = set(connection.execute(select(TOLD_DAYS.c.snapshot_date).where(same)).scalars())
        return {day for day in days if day not in told and day > min(told, default=date.min)}

    def begin_watchlist(self, watchlist: str, day: date) -> None:
        """What happened up to that day is not told; a watchlist that is known stays as it is."""
        with self.engine.begin() as connection:
            row = {"watchlist": watchlist, "snapshot_date": day}
            begins = self.insert_new(WATERMARKS).values(row).returning(WATERMARKS.c.watchlist)
            if connection.execute(begins).first():
                connection.execute(TOLD_DAYS.insert().values(row))

    def mark_told(self, watchlist: str, days: Iterable[date]) -> None:
        """All of their events were delivered; the watermark moves forward only."""
        with self.locked(watchlist) as connection:
            for day in days:
                row = {"watchlist": watchlist, "snapshot_date": day}
                connection.execute(self.insert_new(TOLD_DAYS).values(row))
                behind = (WATERMARKS.c.watchlist == watchlist) & (WATERMARKS.c.snapshot_date < day)
                connection.execute(update(WATERMARKS).where(behind).values(snapshot_date=day))

    def add_message(self, connection: Connection, watchlist: str, message: NewMessage) -> bool:
        """Keep a message and its events, in `locked`; one that is known is left alone."""
        row = {
            "watchlist": watchlist,
            "message_key": message.message_key,
            "kind": message.kind,
            "nct_id": message.nct_id,
            "snapshot_date": message.snapshot_date,
            "payload": message.payload,
            "created_at": datetime.now(UTC),
        }
        insert = self.insert_new(MESSAGES).values(row).returning(MESSAGES.c.message_id)
        message_id = connection.execute(insert).scalar_one_or_none()
        if message_id is None:
            return False
        self.add_events(connection, watchlist, message.events, IN_MESSAGE, message_id)
        return True

    def add_events(
        self,
        connection: Connection,
        watchlist: str,
        events: Iterable[NewEvent],
        fate: str,
        message_id: int | None = None,
    ) -> None:
        """Remember what became of events, in `locked`; what was remembered for the digest now is in one."""
        for each in events:
            row = {
                "watchlist": watchlist,
                "event_key": each.event_key,
                "nct_id": each.nct_id,
                "snapshot_date": each.snapshot_date,
                "fate": fate,
                "message_id": message_id,
            }
            connection.execute(
                INSERT[self.engine.dialect.name](EVENTS)
                .values(row)
                .on_conflict_do_update(
                    index_elements=["watchlist", "event_key"],
                    set_={"fate": fate, "message_id": message_id},
                    where=EVENTS.c.fate == FOR_DIGEST,
                )
            )

    def counts(self) -> dict[str, int]:
        """How many messages are pending, sent, refused."""
        with self.engine.begin() as connection:
            by_status = select(MESSAGES.c.status, func.count().label("messages")).group_by(MESSAGES.c.status)
            return {row.status: row.messages for row in connection.execute(by_status)}

    def insert_new(self, table: Table) -> Any:
        """An insert that leaves rows with a known key alone; the two dialects spell it alike."""
        return INSERT[self.engine.dialect.name](table).on_conflict_do_nothing()


# ---------- what a watchlist has heard of; in `locked`


def known_events(connection: Connection, watchlist: str, keys: Collection[str]) -> set[str]:
    """Those of the events that it has heard of, one way or another."""
    same = EVENTS.c.watchlist == watchlist
    return set(keys) & set(connection.execute(select(EVENTS.c.event_key).where(same)).scalars())


def events_by_fate(connection: Connection, watchlist: str, fate: str, since: date | None = None) -> list[str]:
    """Keys of its events with that fate, of days from `since` on."""
    chosen = (EVENTS.c.watchlist == watchlist) & (EVENTS.c.fate == fate)
    if since:
        chosen &= EVENTS.c.snapshot_date >= since
    return list(connection.execute(select(EVENTS.c.event_key).where(chosen)).scalars())


def has_message_for(connection: Connection, watchlist: str, keys: Collection[str]) -> bool:
    """Whether one of the events was told, or will be."""
    heard = (events_by_fate(connection, watchlist, fate) for fate in (IN_MESSAGE, FOR_DIGEST))
    return not set(keys).isdisjoint(chain.from_iterable(heard))


def events_of_unsent(connection: Connection, watchlist: str) -> dict[int, list[str]]:
    """Keys of the events of each message about a trial that nobody has tried to send."""
    rows = connection.execute(
        select(MESSAGES.c.message_id, EVENTS.c.event_key)
        .join(EVENTS, EVENTS.c.message_id == MESSAGES.c.message_id)
        .where(
            MESSAGES.c.watchlist == watchlist,
            MESSAGES.c.status == PENDING,
            MESSAGES.c.kind == "trial",
            MESSAGES.c.first_tried_at.is_(None),
        )
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.message_id, []).append(row.event_key)
    return found


def cancel(connection: Connection, watchlist: str, keys: Sequence[str], message_id: int | None) -> None:
    """Events that were taken back before anybody heard of them, and the message that would have told them."""
    chosen = (EVENTS.c.watchlist == watchlist) & EVENTS.c.event_key.in_(keys)
    connection.execute(update(EVENTS).where(chosen).values(fate=CANCELLED))
    if message_id is not None:
        connection.execute(
            update(MESSAGES).where(MESSAGES.c.message_id == message_id).values(status=CANCELLED)
        )


def trials_told_by_day(connection: Connection, watchlist: str, before: date, days: int) -> list[int]:
    """How many trials each of the days before had news of, those without news left out."""
    chosen = (EVENTS.c.watchlist == watchlist) & (EVENTS.c.snapshot_date < before)
    chosen &= EVENTS.c.snapshot_date >= before - timedelta(days=days)
    counted = select(func.count(EVENTS.c.nct_id.distinct())).where(chosen).group_by(EVENTS.c.snapshot_date)
    return list(connection.execute(counted).scalars())


def last_digest_day(connection: Connection, watchlist: str) -> date | None:
    """The day of its last digest."""
    kinds = (MESSAGES.c.watchlist == watchlist) & (MESSAGES.c.kind == "digest")
    last: date | None = connection.execute(select(func.max(MESSAGES.c.snapshot_date)).where(kinds)).scalar()
    return last


def has_stale_threads(connection: Connection, watchlist: str) -> bool:
    """Whether the first message about a trial does not say yet what its newest one says."""
    stale = (THREADS.c.watchlist == watchlist) & (THREADS.c.shown_message_id != THREADS.c.newest_message_id)
    return connection.execute(select(THREADS.c.nct_id).where(stale).limit(1)).first() is not None


# ---------- sending; in `locked`


def next_pending(connection: Connection, watchlist: str) -> PendingMessage | None:
    """The oldest message not yet sent."""
    columns = [MESSAGES.c[name] for name in PendingMessage.__dataclass_fields__]
    row = connection.execute(
        select(*columns)
        .where(MESSAGES.c.watchlist == watchlist, MESSAGES.c.status == PENDING)
        .order_by(MESSAGES.c.message_id)
        .limit(1)
    ).first()
    return None if row is None else PendingMessage(**row._mapping)


def mark_tried(connection: Connection, message: PendingMessage) -> None:
    """Before sending, in a transaction of its own: who dies while sending leaves a trace."""
    tried = func.coalesce(MESSAGES.c.first_tried_at, datetime.now(UTC))
    _change(connection, message, attempts=MESSAGES.c.attempts + 1, first_tried_at=tried)


def mark_sent(connection: Connection, message: PendingMessage) -> None:
    _change(connection, message, status=SENT, sent_at=datetime.now(UTC), last_error=None)


def mark_failed(connection: Connection, message: PendingMessage, error: str) -> None:
    """It stays pending; the error says why."""
    _change(connection, message, last_error=error)


def keep_plain(connection: Connection, message: PendingMessage) -> PendingMessage:
    """Without the blocks that were refused, also where its text is shown again later."""
    plain = {name: value for name, value in message.payload.items() if name != "blocks"}
    plain |= {"refused_blocks": message.payload.get("blocks", [])}
    _change(connection, message, payload=plain)
    return replace(message, payload=plain)


def mark_refused(connection: Connection, message: PendingMessage, error: str) -> None:
    """It is never taken as it is: it waits for a person, the next ones do not wait for it."""
    _change(connection, message, status=REFUSED, last_error=error)


def _change(connection: Connection, message: PendingMessage, **values: object) -> None:
    connection.execute(update(MESSAGES).where(MESSAGES.c.message_id == message.message_id).values(**values))


def _engine(url: str) -> Engine:
    """No pool: a run opens the outbox a few times a day, and forked tasks must not share connections."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, poolclass=NullPool)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, poolclass=NullPool, connect_args={"timeout": SECONDS_TO_WAIT_FOR_LOCK})
    # Python's driver would begin only at the first write, and not with a lock.
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("begin immediate"))
    return engine
