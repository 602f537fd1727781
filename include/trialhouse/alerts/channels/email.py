"""E-mail by Airflow's SMTP provider. The Message-ID is made of the message's key: a repeat can be told."""

import smtplib
from pathlib import Path

from airflow.providers.common.compat.sdk import AirflowException
from airflow.providers.smtp.hooks.smtp import SmtpHook
from sqlalchemy import Connection

from trialhouse.alerts.channels import TAKEN, Outcome
from trialhouse.alerts.channels.plain_page import page_of
from trialhouse.alerts.outbox import PendingMessage
from trialhouse.untrusted_text import one_line


class OneTry(SmtpHook):
    """After a broken connection nobody knows whether a letter was taken: the outbox decides, not the hook."""

    smtp_retry_limit = 0


class Email:
    """Addresses, separated by commas; the Airflow connection of type `smtp` holds server and sender."""

    def __init__(self, conn_id: str, to: str) -> None:
        self.conn_id = conn_id
        self.addresses = [address.strip() for address in to.split(",") if address.strip()]

    def send(self, _: Connection, message: PendingMessage) -> Outcome:
        """Send one message to all."""
        file = message.payload.get("file")
        files = [file] if file and Path(file).exists() else None
        try:
            with OneTry(smtp_conn_id=self.conn_id) as hook:
                hook.send_email_smtp(
                    to=self.addresses,
                    subject=one_line(message.payload["text"]),
                    html_content=page_of(message.payload),
                    files=files,
                    custom_headers={"Message-ID": _message_id(message)},
                )
        except (AirflowException, smtplib.SMTPException, OSError) as error:
            return Outcome(f"{type(error).__name__}: {error}")
        return TAKEN

    def finish(self, _: Connection) -> Outcome:
        """Nothing is left to do."""
        return TAKEN


def _message_id(message: PendingMessage) -> str:
    safe = "".join(each if each.isalnum() or each in "-_." else "-" for each in message.message_key)
    return f"<{message.watchlist}.{safe}@trialhouse>"
