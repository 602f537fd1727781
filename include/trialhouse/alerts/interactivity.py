"""Clicks on a message's buttons, as Slack posts them: signed, and answered at once.

https://api.slack.com/interactivity/handling, https://api.slack.com/authentication/verifying-requests-from-slack
"""

import json
import logging
import os
import re
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.parse import parse_qs, urlsplit

from slack_sdk.signature import SignatureVerifier
from slack_sdk.webhook import WebhookClient
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from trialhouse.alerts.mutes import mute
from trialhouse.alerts.outbox import Outbox
from trialhouse.errors import SettingsInvalid
from trialhouse.settings import Settings
from trialhouse.untrusted_text import one_line

log = logging.getLogger(__name__)

SECRET = "TRIALHOUSE_SLACK_SIGNING_SECRET"
SNOOZED_FOR = timedelta(days=30)
SECONDS_TO_ANSWER = 10
VALUE = re.compile(r"([a-z_][a-z0-9_]*):(NCT\d{8})")


def clicks_app(settings: Settings) -> Starlette:
    """The service that Slack's request URL points to.

    Raises:
        SettingsInvalid: no secret to verify requests with.
    """
    secret = os.environ.get(SECRET, "")
    if not secret:
        raise SettingsInvalid(f"set {SECRET}: the signing secret of your Slack app")
    verifier, outbox = SignatureVerifier(secret), Outbox(settings.outbox_url)

    async def receive(request: Request) -> Response:
        body = await request.body()
        if not verifier.is_valid_request(body, dict(request.headers)):
            return PlainTextResponse("not signed by Slack", 401)
        try:
            payload = json.loads(parse_qs(body.decode())["payload"][0])
            said = await run_in_threadpool(_do, outbox, payload)
        except (KeyError, ValueError, TypeError) as error:
            return PlainTextResponse(f"not a click on one of our buttons: {type(error).__name__}", 400)
        return PlainTextResponse("", background=BackgroundTask(_answer, payload.get("response_url"), said))

    return Starlette(routes=[Route("/slack/interactivity", receive, methods=["POST"])])


def _do(outbox: Outbox, payload: dict[str, Any]) -> str:
    """What each clicked button says; returns it in words."""
    said = []
    person = one_line(str(payload["user"].get("username") or payload["user"]["id"]))
    for action in payload["actions"]:
        found = VALUE.fullmatch(action["value"])
        if not found:
            raise ValueError(action["value"])
        watchlist, nct_id = found.groups()
        untils = {"trialhouse_ack": None, "trialhouse_snooze": datetime.now(UTC).date() + SNOOZED_FOR}
        until = untils[action["action_id"]]
        mute(outbox, nct_id, person, until, watchlist)
        log.info("muted nct_id=%s watchlist=%s by=%s", nct_id, watchlist, person)
        said.append(f"{nct_id}: only what is urgent is told" + (f" before {until}" if until else ""))
    return "; ".join(said)


def _answer(response_url: str | None, said: str) -> None:
    """Only who clicked sees it; the mute stands whether or not Slack takes it."""
    if not response_url:
        return
    client = WebhookClient(response_url, timeout=SECONDS_TO_ANSWER)
    if urlsplit(response_url).hostname == "127.0.0.1":
        client.proxy = None
    try:
        client.send(text=said, response_type="ephemeral", replace_original=False)
    except (OSError, HTTPException) as error:
        log.warning("who clicked was not told: %s", type(error).__name__)
