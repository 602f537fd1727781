"""Ways to people: Slack by webhook, Slack by a bot's token, e-mail, any service that takes a webhook."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from trialhouse.alerts.outbox import PendingMessage


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of sending; no error: it was taken. is_refused: it never will be as it is."""

    error: str | None = None
    is_refused: bool = False


TAKEN = Outcome()


class Sender(Protocol):
    """One channel, ready to send."""

    def send(self, connection: Connection, message: PendingMessage) -> Outcome:
        """Send one message; `connection` is the outbox's, in the transaction that will mark it sent."""

    def finish(self, connection: Connection) -> Outcome:
        """What is left to do when the queue is empty, in `locked`."""
