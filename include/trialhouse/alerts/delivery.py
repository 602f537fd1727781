"""Send pending messages through Airflow's Slack connection, oldest first, each marked when Slack said ok."""

import logging
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from trialhouse.alerts.outbox import Outbox, PendingMessage, mark_refused, mark_sent, next_pending
from trialhouse.errors import DeliveryFailed
from trialhouse.settings import Settings

if TYPE_CHECKING:
    from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook

log = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 30
MOST_RATE_LIMIT_WAITS = 5


def deliver(settings: Settings, outbox: Outbox, watchlist: str) -> int:
    """Send what is pending and return how many messages Slack accepted.

    Raises:
        DeliveryFailed: no connection, or Slack did not accept a message; it and all after it stay pending,
            so that messages never overtake each other.
    """
    hook: SlackWebhookHook | None = None
    sent = 0
    while True:
        with outbox.locked(watchlist) as connection:
            message = next_pending(connection, watchlist)
            if message is None:
                return sent
            hook = hook or _hook(settings.slack_conn_id)
            error = _send(hook, message)
            if error is None:
                mark_sent(connection, message)
            else:
                mark_refused(connection, message, error)
        if error is not None:
            raise DeliveryFailed(
                f"Slack did not accept the message about {message.nct_id} ({error}); {sent} sent before it; "
                "it stays in the outbox for the next run"
            )
        sent += 1
        log.info("sent nct_id=%s message_id=%d", message.nct_id, message.message_id)


def _send(hook: "SlackWebhookHook", message: PendingMessage) -> str | None:
    """Post one message; returns what went wrong."""
    from airflow.providers.common.compat.sdk import AirflowException

    try:
        hook.send_dict(message.payload)
    except (AirflowException, OSError) as error:
        return f"{type(error).__name__}: {error}"
    except HTTPException as error:
        return type(error).__name__  # its text may hold the webhook's secret address
    return None


def _hook(conn_id: str) -> "SlackWebhookHook":
    """The provider's hook, ready to send.

    Only rate limits are retried here: a broken connection may have delivered the message, and the retry
    handler for it writes the webhook's secret address into the log.
    """
    from airflow.providers.common.compat.sdk import AirflowException
    from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook
    from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

    hook = SlackWebhookHook(
        slack_webhook_conn_id=conn_id,
        timeout=SECONDS_TO_ANSWER,
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=MOST_RATE_LIMIT_WAITS)],
    )
    try:
        client: Any = hook.client
    except AirflowException as error:
        raise DeliveryFailed(
            f"no Slack webhook in the Airflow connection {conn_id!r} ({error}); messages stay in the outbox; "
            f'set AIRFLOW_CONN_{conn_id.upper()} to {{"conn_type": "slackwebhook", "password": "T…/B…/…"}}'
        ) from error
    if any(character.isspace() for character in client.url):
        raise DeliveryFailed(f"the webhook of the Airflow connection {conn_id!r} holds a blank; set it again")
    if urlsplit(client.url).hostname == "127.0.0.1":
        client.proxy = None  # the client obeys HTTP_PROXY even for loopback
    return hook
