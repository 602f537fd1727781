"""Send pending messages, oldest first, each marked when it was taken."""

import logging
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from trialhouse.alerts.channels import Outcome, Sender
from trialhouse.alerts.outbox import (
    Outbox,
    PendingMessage,
    has_stale_threads,
    keep_plain,
    mark_failed,
    mark_refused,
    mark_sent,
    mark_tried,
    next_pending,
)
from trialhouse.alerts.watchlists import Channel
from trialhouse.errors import DeliveryFailed
from trialhouse.settings import Settings

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Delivery:
    """How many messages were taken, and what was never taken."""

    sent: int = 0
    refused: list[str] = field(default_factory=list)


def deliver(settings: Settings, outbox: Outbox, watchlist: str, channel: Channel) -> Delivery:
    """Send what is pending.

    A message that the channel refuses as it is goes as plain text; refused again, it is put aside.

    Raises:
        DeliveryFailed: no connection, or a message was not taken; it and all after it stay pending, so that
            messages never overtake each other.
    """
    done, sender = Delivery(), None
    while True:
        with outbox.locked(watchlist) as connection:
            waiting = next_pending(connection, watchlist)
        if waiting is None:
            break
        sender = sender or _sender(settings, watchlist, channel)
        with outbox.locked(watchlist) as connection:
            mark_tried(connection, waiting)
        _send_next(outbox, sender, waiting, done)
    with outbox.locked(watchlist) as connection:
        if has_stale_threads(connection, watchlist):
            sender = sender or _sender(settings, watchlist, channel)
            _stop_if_failed(sender.finish(connection), f"{watchlist}: the queue", done)
    return done


def _send_next(outbox: Outbox, sender: Sender, waiting: PendingMessage, done: Delivery) -> None:
    with outbox.locked(waiting.watchlist) as connection:
        message = next_pending(connection, waiting.watchlist)
        if message is None or message.message_id != waiting.message_id:
            return  # another process sent it meanwhile
        if message.attempts == waiting.attempts + 1:
            # Nobody tried but us, whose own trace does not count.
            message = replace(message, first_tried_at=waiting.first_tried_at)
        outcome = _send(sender, connection, message)
        if outcome.error is None:
            mark_sent(connection, message)
        elif outcome.is_refused:
            mark_refused(connection, message, outcome.error)
        else:
            mark_failed(connection, message, outcome.error)
    if outcome.is_refused:
        log.error("never taken: message_id=%d about=%s: %s", message.message_id, message.about, outcome.error)
        done.refused.append(f"{message.about} ({outcome.error})")
        return
    _stop_if_failed(outcome, f"the message about {message.about}", done)
    done.sent += 1
    log.info("sent about=%s message_id=%d", message.about, message.message_id)


def _send(sender: Sender, connection: Connection, message: PendingMessage) -> Outcome:
    outcome = sender.send(connection, message)
    if not outcome.is_refused:
        return outcome
    log.warning("refused as it is, sent as plain text: %s: %s", message.about, outcome.error)
    return sender.send(connection, keep_plain(connection, message))


def _stop_if_failed(outcome: Outcome, what: str, done: Delivery) -> None:
    if outcome.error is not None:
        raise DeliveryFailed(
            f"{what} was not accepted ({outcome.error}); {done.sent} sent before it; "
            "it stays in the outbox for the next run"
        )


def _sender(settings: Settings, watchlist: str, channel: Channel) -> Sender:
    """The channel, ready to send; a Slack connection is a webhook or a bot's token, by its type."""
    from airflow.providers.common.compat.sdk import AirflowException, BaseHook

    if channel.kind == "email":
        from trialhouse.alerts.channels.email import Email

        return Email(channel.connection, channel.to)
    if channel.kind == "webhook":
        from trialhouse.alerts.channels.webhook import Webhook

        return Webhook(channel.connection)
    conn_id = channel.connection or settings.slack_conn_id
    try:
        is_bot = BaseHook.get_connection(conn_id).conn_type == "slack"
    except AirflowException:
        is_bot = False
    if is_bot:
        from trialhouse.alerts.channels.slack_bot import SlackBot

        return SlackBot(conn_id, channel.to, watchlist)
    from trialhouse.alerts.channels.slack_webhook import SlackWebhook

    return SlackWebhook(conn_id)
