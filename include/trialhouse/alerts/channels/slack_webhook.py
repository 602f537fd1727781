"""Slack by an incoming webhook: plain messages, no threads.

A webhook takes no key and answers no question, so one repeat cannot be ruled out: when Slack took a message
and its "ok" did not arrive, or we died before noting it, that one comes again.
"""

import re
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from airflow.providers.common.compat.sdk import AirflowException
from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from sqlalchemy import Connection

from trialhouse.alerts.channels import TAKEN, Outcome
from trialhouse.alerts.outbox import PendingMessage
from trialhouse.errors import DeliveryFailed

SECONDS_TO_ANSWER = 30
MOST_RATE_LIMIT_WAITS = 5
# What Slack says of a message that it will never take (https://api.slack.com/messaging/webhooks#handling_errors).
REFUSALS = re.compile(r"invalid_blocks|invalid_payload|no_text|msg_blocks_too_long|msg_too_long")


class SlackWebhook:
    """One channel of one workspace; the Airflow connection of type `slackwebhook` holds its secret address.

    Raises:
        DeliveryFailed: there is no such connection, or it makes no sense.
    """

    def __init__(self, conn_id: str) -> None:
        # Only rate limits are retried here: a broken connection may have delivered the message, and the retry
        # handler for it writes the webhook's secret address into the log.
        self.hook = SlackWebhookHook(
            slack_webhook_conn_id=conn_id,
            timeout=SECONDS_TO_ANSWER,
            retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=MOST_RATE_LIMIT_WAITS)],
        )
        try:
            client: Any = self.hook.client
        except AirflowException as error:
            raise DeliveryFailed(
                f"no Slack webhook in the Airflow connection {conn_id!r} ({error}); messages stay in the"
                f' outbox; set AIRFLOW_CONN_{conn_id.upper()} to {{"conn_type": "slackwebhook",'
                ' "password": "T…/B…/…"}'
            ) from error
        if any(character.isspace() for character in client.url):
            raise DeliveryFailed(
                f"the webhook of the Airflow connection {conn_id!r} holds a blank; set it again"
            )
        if urlsplit(client.url).hostname == "127.0.0.1":
            client.proxy = None  # the client obeys HTTP_PROXY even for loopback

    def send(self, _: Connection, message: PendingMessage) -> Outcome:
        """Post one message."""
        shown = {name: message.payload[name] for name in ("text", "blocks") if name in message.payload}
        try:
            self.hook.send_dict({**shown, "unfurl_links": False})
        except (AirflowException, OSError) as error:
            text = f"{type(error).__name__}: {error}"
            return Outcome(text, is_refused="Status Code: 400" in text and bool(REFUSALS.search(text)))
        except HTTPException as error:
            return Outcome(type(error).__name__)  # its text may hold the webhook's secret address
        return TAKEN

    def finish(self, _: Connection) -> Outcome:
        """Nothing is left to do."""
        return TAKEN
