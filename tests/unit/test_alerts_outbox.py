"""The outbox keeps each message once, in order, whatever is killed."""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, delete, select, text

from trialhouse.alerts.outbox import (
    NewEvent,
    NewMessage,
    Outbox,
    events_by_fate,
    known_events,
    mark_failed,
    mark_refused,
    mark_sent,
    mark_tried,
    next_pending,
)
from trialhouse.alerts.outbox_tables import FOR_DIGEST, IN_MESSAGE, MESSAGES, TOLD_DAYS

DAY = date(2026, 2, 18)
WATCHLIST = "stopped_trials"
FORMER_TABLE = """
    create table messages (
        message_id integer primary key, watchlist varchar, event_key varchar, nct_id varchar,
        snapshot_date date, payload json, status varchar, created_at datetime, sent_at datetime,
        attempts integer, last_error text, unique (watchlist, event_key)
    )
"""
FORMER_ROW = """
    insert into messages (watchlist, event_key, nct_id, snapshot_date, payload, status, created_at, attempts)
    values (
        'stopped_trials', :key, 'NCT90000001', '2026-02-18', '{"text": "about key-2 of former days"}',
        :status, '2026-02-18 09:00:00', 0
    )
"""


@pytest.fixture
def outbox(outbox_url: str) -> Outbox:
    outbox = Outbox(outbox_url)
    outbox.begin_watchlist(WATCHLIST, DAY)
    return outbox


def a_message(event_key: str = "key-1") -> NewMessage:
    payload = {"text": f"about {event_key} \N{DOUBLE VERTICAL BAR}"}
    events = (NewEvent(event_key, "NCT90000001", DAY),)
    return NewMessage(event_key, "trial", DAY, payload, "NCT90000001", events)


def enqueue(outbox: Outbox, messages: Iterable[NewMessage], watchlist: str = WATCHLIST) -> int:
    """How many of them are new."""
    with outbox.locked(watchlist) as connection:
        return sum([outbox.add_message(connection, watchlist, message) for message in messages])


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
    assert enqueue(outbox, [a_message(), a_message("key-2"), a_message()]) == 2
    assert enqueue(outbox, [a_message()]) == 0
    assert enqueue(outbox, [a_message()], "another watchlist") == 1


def test_a_sent_message_is_not_taken_in_again(outbox: Outbox) -> None:
    enqueue(outbox, [a_message()])
    assert send_next(outbox) is not None
    assert enqueue(outbox, [a_message()]) == 0
    assert send_next(outbox) is None


def test_messages_leave_in_the_order_they_came(outbox: Outbox) -> None:
    enqueue(outbox, [a_message("b"), a_message("a"), a_message("c")])
    assert outbox.counts() == {"pending": 3}
    assert [send_next(outbox) for _ in range(4)] == ["about b ⏸", "about a ⏸", "about c ⏸", None]
    assert outbox.counts() == {"sent": 3}


def test_a_crash_while_enqueueing_leaves_nothing(outbox: Outbox) -> None:
    def crashing() -> Iterator[NewMessage]:
        yield a_message()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enqueue(outbox, crashing())
    assert send_next(outbox) is None


def test_a_crash_while_sending_leaves_the_message_pending(outbox: Outbox) -> None:
    enqueue(outbox, [a_message()])
    with pytest.raises(KeyboardInterrupt):
        crash_after_sending(outbox)
    assert send_next(outbox) == "about key-1 ⏸"


def test_a_message_that_failed_stays_with_its_error(outbox: Outbox) -> None:
    enqueue(outbox, [a_message()])
    for _ in range(2):
        with outbox.locked(WATCHLIST) as connection:
            message = next_pending(connection, WATCHLIST)
            assert message
            mark_tried(connection, message)
            mark_failed(connection, message, "rollup_error")
    with outbox.engine.begin() as connection:
        row = connection.execute(select(MESSAGES)).one()
    assert (row.status, row.attempts, row.last_error, row.sent_at) == ("pending", 2, "rollup_error", None)


def test_a_message_that_is_never_taken_lets_the_next_one_pass(outbox: Outbox) -> None:
    enqueue(outbox, [a_message(), a_message("key-2")])
    with outbox.locked(WATCHLIST) as connection:
        message = next_pending(connection, WATCHLIST)
        assert message
        mark_refused(connection, message, "invalid_blocks")
    assert send_next(outbox) == "about key-2 ⏸"
    assert outbox.counts() == {"refused": 1, "sent": 1}


def test_events_are_known_whatever_became_of_them(outbox: Outbox) -> None:
    waiting = NewEvent("key-2", "NCT90000001", DAY)
    enqueue(outbox, [a_message()])
    with outbox.locked(WATCHLIST) as connection:
        outbox.add_events(connection, WATCHLIST, [waiting], FOR_DIGEST)
        assert known_events(connection, WATCHLIST, ["key-1", "key-2", "key-3"]) == {"key-1", "key-2"}
        assert events_by_fate(connection, WATCHLIST, FOR_DIGEST) == ["key-2"]
    digest = NewMessage("digest", "digest", DAY, {"text": "all"}, None, (waiting,))
    assert enqueue(outbox, [digest]) == 1
    with outbox.locked(WATCHLIST) as connection:
        assert events_by_fate(connection, WATCHLIST, FOR_DIGEST) == []
        assert sorted(events_by_fate(connection, WATCHLIST, IN_MESSAGE)) == ["key-1", "key-2"]


def test_an_outbox_of_former_days_is_taken_over_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/outbox.sqlite"
    with create_engine(url).begin() as connection:
        connection.execute(text(FORMER_TABLE))
        for key, status in (("key-1", "sent"), ("key-2", "pending")):
            connection.execute(text(FORMER_ROW), {"key": key, "status": status})
    for _ in range(2):
        outbox = Outbox(url)
        assert outbox.counts() == {"sent": 1, "pending": 1}
    assert enqueue(outbox, [a_message()]) == 0
    assert send_next(outbox) == "about key-2 of former days"


def test_a_second_sender_waits_for_the_first(outbox: Outbox) -> None:
    enqueue(outbox, [a_message()])
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
    assert outbox.watermark("new") is None
    outbox.begin_watchlist("new", earlier)
    outbox.begin_watchlist("new", later)
    assert outbox.watermark("new") == earlier
    outbox.mark_told("new", [DAY])
    outbox.mark_told("new", [earlier])
    assert outbox.watermark("new") == DAY


def test_a_day_is_untold_until_it_was_marked_however_late_it_came(outbox: Outbox) -> None:
    first, late, last = date(2026, 2, 18), date(2026, 2, 19), date(2026, 2, 20)
    outbox.begin_watchlist("new", first)
    outbox.mark_told("new", [last])
    assert outbox.untold_days("new", {date(2026, 2, 17), first, late, last}) == {late}


def test_a_watchlist_of_former_days_has_heard_of_all_up_to_its_watermark(outbox: Outbox) -> None:
    with outbox.engine.begin() as connection:
        connection.execute(delete(TOLD_DAYS))
    again = Outbox(outbox.engine.url.render_as_string(hide_password=False))
    assert again.untold_days(WATCHLIST, {date(2026, 2, 17), DAY, date(2026, 2, 19)}) == {date(2026, 2, 19)}


def test_processes_that_open_a_new_outbox_at_once_all_find_its_tables(outbox_url: str) -> None:
    with ThreadPoolExecutor(max_workers=4) as threads:
        opened = list(threads.map(Outbox, [outbox_url] * 4))
    assert [each.counts() for each in opened] == [{}] * 4
