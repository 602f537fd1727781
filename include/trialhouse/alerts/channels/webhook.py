"""Any service that takes a webhook: JSON by POST, with a key to tell repeats by, signed if there is a secret.

Idempotency-Key: WATCHLIST:MESSAGE
X-Trialhouse-Signature: sha256=HMAC of the body with the connection's password
"""

import hashlib
import hmac

import httpx
import orjson
from airflow.providers.common.compat.sdk import AirflowException, BaseHook
from sqlalchemy import Connection

from trialhouse.alerts.channels import TAKEN, Outcome
from trialhouse.alerts.outbox import PendingMessage
from trialhouse.errors import DeliveryFailed

SECONDS_TO_ANSWER = 30


class Webhook:
    """The Airflow connection of type `http`: host is the whole address, password the secret to sign with.

    Raises:
        DeliveryFailed: there is no such connection.
    """

    def __init__(self, conn_id: str) -> None:
        try:
            connection = BaseHook.get_connection(conn_id)
        except AirflowException as error:
            raise DeliveryFailed(f"no webhook in the Airflow connection {conn_id!r} ({error})") from error
        self.url, self.secret = str(connection.host), connection.password or ""

    def send(self, _: Connection, message: PendingMessage) -> Outcome:
        """Post one message; any 2xx means that it was taken."""
        key = f"{message.watchlist}:{message.message_key}"
        body = orjson.dumps(
            {
                "schema": "trialhouse.alert/1",
                "key": key,
                "watchlist": message.watchlist,
                "kind": message.kind,
                "nct_id": message.nct_id,
                "text": message.payload["text"],
                "events": message.payload.get("events", []),
            }
        )
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if self.secret:
            signature = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Trialhouse-Signature"] = f"sha256={signature}"
        try:
            answer = httpx.post(self.url, content=body, headers=headers, timeout=SECONDS_TO_ANSWER)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Outcome(type(error).__name__)  # its text may hold the address
        refused = answer.status_code in (400, 413, 422)
        return TAKEN if answer.is_success else Outcome(f"HTTP {answer.status_code}", is_refused=refused)

    def finish(self, _: Connection) -> Outcome:
        """Nothing is left to do."""
        return TAKEN
