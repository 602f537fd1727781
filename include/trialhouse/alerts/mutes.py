"""Trials that a person acknowledged or snoozed: only what is urgent (P1) is told of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, select, update

from trialhouse.alerts.outbox import Outbox
from trialhouse.alerts.outbox_tables import MUTES, NAME_CHARACTERS
from trialhouse.errors import SettingsInvalid


@dataclass(frozen=True, slots=True)
class Mute:
    """until: the first day that is told again; none: for good. watchlist: "" for all."""

    nct_id: str
    watchlist: str
    until: date | None
    person: str
    created_at: datetime


def mute(outbox: Outbox, nct_id: str, person: str, until: date | None = None, watchlist: str = "") -> None:
    """Remember it; what was said before of the same trial and watchlist ends. A long name is cut.

    Raises:
        SettingsInvalid: nobody says so.
    """
    if not person.strip():
        raise SettingsInvalid("say who acknowledges: --by NAME")
    row = {
        "nct_id": nct_id,
        "watchlist": watchlist,
        "until": until,
        "person": person.strip()[:NAME_CHARACTERS],
    }
    with outbox.engine.begin() as connection:
        _end(connection, nct_id, watchlist)
        connection.execute(MUTES.insert().values(**row, created_at=datetime.now(UTC)))


def unmute(outbox: Outbox, nct_id: str, watchlist: str = "") -> bool:
    """Tell everything of the trial again; whether there was something to end."""
    with outbox.engine.begin() as connection:
        return _end(connection, nct_id, watchlist)


def mutes(outbox: Outbox) -> list[Mute]:
    """What stands now, the newest last."""
    columns = [MUTES.c[name] for name in Mute.__dataclass_fields__]
    with outbox.engine.begin() as connection:
        rows = connection.execute(
            select(*columns).where(MUTES.c.ended_at.is_(None)).order_by(MUTES.c.mute_id)
        )
        return [Mute(**row._mapping) for row in rows]


def muted_trials(connection: Connection, watchlist: str, day: date) -> set[str]:
    """Trials of which a watchlist hears only what is urgent on a day."""
    rows = connection.execute(
        select(MUTES.c.nct_id).where(
            MUTES.c.ended_at.is_(None),
            MUTES.c.watchlist.in_(("", watchlist)),
            MUTES.c.until.is_(None) | (MUTES.c.until > day),
        )
    )
    return set(rows.scalars())


def end_snoozes(connection: Connection, watchlist: str, nct_ids: Collection[str]) -> None:
    """What is urgent ends a snooze; what was acknowledged stays so."""
    snoozed = MUTES.c.until.is_not(None) & MUTES.c.ended_at.is_(None) & MUTES.c.nct_id.in_(nct_ids)
    heard_here = MUTES.c.watchlist.in_(("", watchlist))
    connection.execute(update(MUTES).where(snoozed & heard_here).values(ended_at=datetime.now(UTC)))


def _end(connection: Connection, nct_id: str, watchlist: str) -> bool:
    stands = (MUTES.c.nct_id == nct_id) & (MUTES.c.watchlist == watchlist) & MUTES.c.ended_at.is_(None)
    return bool(connection.execute(update(MUTES).where(stands).values(ended_at=datetime.now(UTC))).rowcount)
