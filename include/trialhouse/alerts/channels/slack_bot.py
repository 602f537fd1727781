"""Slack by a bot's token: one thread a trial, later news as replies, the first message edited.

Every message carries its key as metadata. When a run died or lost its connection while sending, the next
looks for that key in the channel before it sends again; so nothing is told twice, unless the token may not
read the channel (scope `channels:history`): then it is as with a webhook.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from airflow.providers.slack.hooks.slack import SlackHook
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from sqlalchemy import Connection, delete, select, update

from trialhouse.alerts.channels import TAKEN, Outcome
from trialhouse.alerts.outbox import PendingMessage
from trialhouse.alerts.outbox_tables import MESSAGES, THREADS
from trialhouse.errors import DeliveryFailed

log = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 30
MOST_RATE_LIMIT_WAITS = 5
EVENT_TYPE = "trialhouse_alert"
CLOCKS_DIFFER_BY = timedelta(minutes=5)
REFUSALS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text")
NO_ANSWER = (SlackClientError, OSError, HTTPException)
CANNOT_BE_EDITED = ("message_not_found", "cant_update_message", "edit_window_closed")
# Names of channels have no capitals.
CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{3,}")
MAY_NOT_READ = ("missing_scope", "not_in_channel", "channel_not_found")


class SlackBot:
    """One channel; the Airflow connection of type `slack` holds the token.

    Raises:
        DeliveryFailed: the watchlist does not say which channel.
    """

    def __init__(self, conn_id: str, channel: str, watchlist: str) -> None:
        if not channel:
            raise DeliveryFailed(
                f"{conn_id!r} is a bot's token: say in the watchlist {watchlist} which channel (`to`)"
            )
        self.channel, self.watchlist = channel, watchlist
        self.hook = SlackHook(
            slack_conn_id=conn_id,
            timeout=SECONDS_TO_ANSWER,
            retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=MOST_RATE_LIMIT_WAITS)],
        )
        self.client = self.hook.client
        if urlsplit(self.client.base_url).hostname == "127.0.0.1":
            self.client.proxy = None

    def send(self, connection: Connection, message: PendingMessage) -> Outcome:
        """Post one message, below the trial's first one if there is one."""
        thread = self._thread_of(connection, message)
        try:
            posted = self._posted_before(message, thread)
            if posted is None:
                thread, posted = self._post_below(connection, message, thread)
            self._upload(message, posted)
        except SlackApiError as error:
            reason = str(error.response.get("error", error.response.status_code))
            return Outcome(f"Slack says {reason}", is_refused=reason in REFUSALS)
        except NO_ANSWER as error:
            return Outcome(f"{type(error).__name__}: {error}")
        self._remember(connection, message, thread, posted)
        return TAKEN

    def finish(self, connection: Connection) -> Outcome:
        """Let the first message of each trial say what its newest one says."""
        stale = THREADS.c.shown_message_id != THREADS.c.newest_message_id
        rows = connection.execute(
            select(THREADS, MESSAGES.c.payload)
            .join(MESSAGES, MESSAGES.c.message_id == THREADS.c.newest_message_id)
            .where(THREADS.c.watchlist == self.watchlist, stale)
        ).all()
        for row in rows:
            try:
                self._update(row)
            except SlackApiError as error:
                if error.response.get("error") not in CANNOT_BE_EDITED:
                    return Outcome(f"the first message about {row.nct_id} could not be edited: {error}")
                log.warning("the first message about %s can be edited no more", row.nct_id)
            except NO_ANSWER as error:
                return Outcome(f"the first message about {row.nct_id} could not be edited: {error}")
            same = (THREADS.c.watchlist == self.watchlist) & (THREADS.c.nct_id == row.nct_id)
            if row.payload.get("closes_thread"):
                connection.execute(delete(THREADS).where(same))
            else:
                connection.execute(update(THREADS).where(same).values(shown_message_id=row.newest_message_id))
        return TAKEN

    def _post_below(
        self, connection: Connection, message: PendingMessage, thread: Any
    ) -> tuple[Any, dict[str, str]]:
        """Below the trial's first message; anew, where a person deleted that."""
        try:
            return thread, self._post(message, thread)
        except SlackApiError as error:
            if thread is None or error.response.get("error") != "thread_not_found":
                raise
        same = (THREADS.c.watchlist == self.watchlist) & (THREADS.c.nct_id == message.nct_id)
        connection.execute(delete(THREADS).where(same))
        return None, self._post(message, None)

    def _post(self, message: PendingMessage, thread: Any) -> dict[str, str]:
        answer = self.client.chat_postMessage(
            channel=thread.channel if thread else self.channel,
            thread_ts=thread.ts if thread else None,
            text=message.payload["text"],
            blocks=self._blocks(message.payload, message.nct_id),
            unfurl_links=False,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": self._key(message)}},
        )
        return {"channel": str(answer["channel"]), "ts": str(answer["ts"])}

    def _posted_before(self, message: PendingMessage, thread: Any) -> dict[str, str] | None:
        """Where the message stands already, if somebody tried to send it and did not note how that ended."""
        if message.first_tried_at is None:
            return None
        since = str((_utc(message.first_tried_at) - CLOCKS_DIFFER_BY).timestamp())
        asked: dict[str, Any] = {"oldest": since, "include_all_metadata": True, "limit": 200}
        try:
            channel = thread.channel if thread else self._channel_id()
            pages = (
                self.client.conversations_replies(channel=channel, ts=thread.ts, **asked)
                if thread
                else self.client.conversations_history(channel=channel, **asked)
            )
            for page in pages:
                for told in page["messages"]:
                    payload = (told.get("metadata") or {}).get("event_payload") or {}
                    if payload.get("key") == self._key(message):
                        return {"channel": channel, "ts": str(told["ts"])}
        except (SlackApiError, LookupError) as error:
            if isinstance(error, SlackApiError) and error.response.get("error") not in MAY_NOT_READ:
                raise
            log.warning("the token may not read the channel, so a message may come twice: %s", message.about)
        return None

    def _channel_id(self) -> str:
        """Reading a channel wants its id, posting takes its name too."""
        if CHANNEL_ID.fullmatch(self.channel):
            return self.channel
        return str(self.hook.get_channel_id(self.channel.removeprefix("#")))

    def _key(self, message: PendingMessage) -> str:
        return f"{message.watchlist}:{message.message_key}"

    def _upload(self, message: PendingMessage, posted: dict[str, str]) -> None:
        """The file of a bulletin, below it; the bulletin is told whether or not the token may bring files."""
        file = message.payload.get("file")
        if not file or not Path(file).exists():
            return
        with self._files_are_no_news(message):
            self.client.files_upload_v2(
                channel=posted["channel"], thread_ts=posted["ts"], file=file, filename=Path(file).name
            )

    @contextmanager
    def _files_are_no_news(self, message: PendingMessage) -> Iterator[None]:
        try:
            yield
        except (SlackApiError, *NO_ANSWER) as error:
            log.warning("without its file: %s: %s", message.about, error)

    def _thread_of(self, connection: Connection, message: PendingMessage) -> Any:
        same = (THREADS.c.watchlist == self.watchlist) & (THREADS.c.nct_id == message.nct_id)
        return connection.execute(select(THREADS).where(same)).first()

    def _remember(
        self, connection: Connection, message: PendingMessage, thread: Any, posted: dict[str, str]
    ) -> None:
        if message.nct_id is None:
            return
        if thread:
            same = (THREADS.c.watchlist == self.watchlist) & (THREADS.c.nct_id == message.nct_id)
            connection.execute(update(THREADS).where(same).values(newest_message_id=message.message_id))
        elif not message.payload.get("closes_thread"):
            shown = {"shown_message_id": message.message_id, "newest_message_id": message.message_id}
            connection.execute(
                THREADS.insert().values(watchlist=self.watchlist, nct_id=message.nct_id, **posted, **shown)
            )

    def _update(self, row: Any) -> None:
        self.client.chat_update(
            channel=row.channel,
            ts=row.ts,
            text=row.payload["text"],
            blocks=self._blocks(row.payload, row.nct_id),
        )

    def _blocks(self, payload: dict[str, Any], nct_id: str | None) -> list[dict[str, Any]]:
        """The message's blocks; one about a trial can be answered with a button."""
        shown: list[dict[str, Any]] = list(payload.get("blocks", []))
        if nct_id is None or not shown:
            return shown
        buttons = [
            _button("Acknowledge", "trialhouse_ack", f"{self.watchlist}:{nct_id}"),
            _button("Snooze 30 days", "trialhouse_snooze", f"{self.watchlist}:{nct_id}"),
        ]
        return [*shown, {"type": "actions", "elements": buttons}]


def _button(words: str, action_id: str, value: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": words, "emoji": False}
    return {"type": "button", "text": text, "action_id": action_id, "value": value}


def _utc(when: datetime) -> datetime:
    """SQLite forgets the time zone."""
    return when if when.tzinfo else when.replace(tzinfo=UTC)
