"""The outbox keeps each message once, in order, whatever is killed."""

import threading
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from trialhouse.alerts.outbox import (
    INSERT,
    MESSAGES,
    WATERMARKS,
    NewMessage,
    Outbox,
    mark_refused,
    mark_sent,
    next_pending,
)

DAY = date(2026, 2, 18)
WATCHLIST = "stopped_trials"


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    outbox = Outbox(f"sqlite:///{tmp_path}/new folder/outbox.sqlite")
    outbox.watermark(WATCHLIST, first=DAY)
    return outbox


def a_message(event_key: str = "key-1") -> NewMessage:
    return NewMessage(event_key, "NCT90000001", DAY, {"text": f"about {event_key} \N{DOUBLE VERTICAL BAR}"})


def send_next(outbox: Outbox) -> str | None:
    """The text of the next message, marked as sent."""
    with outbox.locked(WATCHLIST) as connection:
        message = next_pending(connection, WATCHLIST)
        if message is None:
            return None
        mark_sent(connection, message)
        return str(message.payload["text"])


def crash_after_sending(outbox: Outbox) -> None:
    with outbox.locked(WATCHLIST) as connection:
        message = next_pending(connection, WATCHLIST)
        assert message
        mark_sent(connection, message)
        raise KeyboardInterrupt


def test_a_message_is_kept_once(outbox: Outbox) -> None:
    assert outbox.enqueue(WATCHLIST, [a_message(), a_message("key-2"), a_message()]) == 2
    assert outbox.enqueue(WATCHLIST, [a_message()]) == 0
    assert outbox.enqueue("another watchlist", [a_message()]) == 1


def test_a_sent_message_is_not_taken_in_again(outbox: Outbox) -> None:
    outbox.enqueue(WATCHLIST, [a_message()])
    assert send_next(outbox) is not None
    assert outbox.enqueue(WATCHLIST, [a_message()]) == 0
    assert send_next(outbox) is None


def test_messages_leave_in_the_order_they_came(outbox: Outbox) -> None:
    outbox.enqueue(WATCHLIST, [a_message("b"), a_message("a"), a_message("c")])
    assert outbox.counts() == (3, 0)
    assert [send_next(outbox) for _ in range(4)] == ["about b ⏸", "about a ⏸", "about c ⏸", None]
    assert outbox.counts() == (0, 3)


def test_a_crash_while_enqueueing_leaves_nothing(outbox: Outbox) -> None:
    def crashing() -> object:
        yield a_message()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.enqueue(WATCHLIST, crashing())  # type: ignore[arg-type]
    assert send_next(outbox) is None


def test_a_crash_while_sending_leaves_the_message_pending(outbox: Outbox) -> None:
    outbox.enqueue(WATCHLIST, [a_message()])
    with pytest.raises(KeyboardInterrupt):
        crash_after_sending(outbox)
    assert send_next(outbox) == "about key-1 ⏸"


def test_a_refused_message_stays_with_its_error(outbox: Outbox) -> None:
    outbox.enqueue(WATCHLIST, [a_message()])
    for _ in range(2):
        with outbox.locked(WATCHLIST) as connection:
            message = next_pending(connection, WATCHLIST)
            assert message
            mark_refused(connection, message, "rollup_error")
    with outbox.engine.begin() as connection:
        row = connection.execute(select(MESSAGES)).one()
    assert (row.status, row.attempts, row.last_error, row.sent_at) == ("pending", 2, "rollup_error", None)


def test_a_second_sender_waits_for_the_first(outbox: Outbox) -> None:
    outbox.enqueue(WATCHLIST, [a_message()])
    seen: list[str | None] = []
    second = threading.Thread(target=lambda: seen.append(send_next(outbox)))
    with outbox.locked(WATCHLIST) as connection:
        message = next_pending(connection, WATCHLIST)
        assert message
        second.start()
        second.join(timeout=0.3)
        assert second.is_alive()
        mark_sent(connection, message)
    second.join(timeout=10)
    assert seen == [None]


def test_a_watermark_starts_where_told_and_only_moves_forward(outbox: Outbox) -> None:
    earlier, later = date(2026, 2, 1), date(2026, 2, 20)
    assert outbox.watermark("new", first=earlier) == earlier
    assert outbox.watermark("new", first=later) == earlier
    outbox.move_watermark("new", DAY)
    outbox.move_watermark("new", earlier)
    assert outbox.watermark("new", first=later) == DAY


def test_postgres_is_spoken_too() -> None:
    insert = INSERT["postgresql"](MESSAGES).values(event_key="key").on_conflict_do_nothing()
    lock = select(WATERMARKS).with_for_update()
    dialect = make_url("postgresql://").get_dialect()()
    assert "ON CONFLICT DO NOTHING" in str(insert.compile(dialect=dialect))
    assert "FOR UPDATE" in str(lock.compile(dialect=dialect))
