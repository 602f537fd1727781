"""A stand-in for Slack on loopback: same protocol and refusals; messages go to a file.

Incoming webhooks, and of the Web API what a bot needs: chat.postMessage, chat.update, conversations.history,
conversations.replies, conversations.list and the upload of files.

Limits: https://api.slack.com/reference/block-kit/blocks, /methods/chat.postMessage and
/messaging/webhooks#handling_errors (2026-11).
"""

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from trialhouse.loopback import serving
from trialhouse.slack_blocks import why_refused

Json = dict[str, Any]

# Faults beside HTTP statuses: the message is taken and the answer never comes, or breaks off.
TAKEN_THEN_SILENT, TAKEN_THEN_CUT = -1, -2
SECONDS_OF_SILENCE = 120.0


class SlackStandIn:
    """One workspace with one channel.

    failures: answers to give first, one a request to a webhook or to chat.postMessage: 429 (with
    `Retry-After`), 5xx, TAKEN_THEN_SILENT or TAKEN_THEN_CUT; then it behaves.
    """

    def __init__(
        self, messages_file: Path, failures: Sequence[int] = (), retry_after_seconds: int = 1
    ) -> None:
        self.messages_file = messages_file
        self.failures = list(failures)
        self.retry_after_seconds = retry_after_seconds
        self.channel: list[Json] = []
        self.files: list[Json] = []
        self.may_read = True
        self.app = Starlette(
            routes=[
                Route("/services/{team}/{channel}/{token}", self.receive, methods=["POST"]),
                Route("/api/{method}", self.call, methods=["GET", "POST"]),
                Route("/upload/{file_id}", self.upload, methods=["POST"]),
                Route("/{path:path}", _no_service, methods=["GET", "POST"]),
            ]
        )

    async def receive(self, request: Request) -> Response:
        """A message by webhook."""
        fault = self.failures.pop(0) if self.failures else 0
        if fault > 0:
            return self._failure(fault)
        try:
            payload = json.loads(await request.body())
        except ValueError:
            return PlainTextResponse("invalid_payload", 400)
        refusal = why_refused(payload)
        if refusal is not None:
            return PlainTextResponse(refusal, 400)
        self._keep(payload)
        return await _faulty(fault) or PlainTextResponse("ok")

    async def call(self, request: Request) -> Response:
        """A method of the Web API; every answer but a rate limit is 200 with `ok`."""
        asked = await _arguments(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or asked.get("token")
        if not str(token).startswith("xoxb-"):
            return JSONResponse({"ok": False, "error": "invalid_auth"})
        methods = {
            "chat.postMessage": self._post_message,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._history,
            "conversations.list": self._list,
            "files.getUploadURLExternal": self._upload_address,
            "files.completeUploadExternal": self._complete_upload,
        }
        method = request.path_params["method"]
        fault = self.failures.pop(0) if self.failures and method == "chat.postMessage" else 0
        if fault > 0:
            return self._failure(fault)
        if method not in methods:
            return JSONResponse({"ok": False, "error": "unknown_method"})
        answer = methods[method](asked, str(request.base_url))
        return await _faulty(fault) or JSONResponse(answer)

    async def upload(self, request: Request) -> Response:
        """The bytes of a file whose address was asked for."""
        self.files.append({"id": request.path_params["file_id"], "body": await request.body()})
        return PlainTextResponse("OK")

    def _post_message(self, asked: Json, _: str) -> Json:
        if asked.get("channel") not in ("C0001", "#trials", "trials"):
            return {"ok": False, "error": "channel_not_found"}
        refusal = why_refused(asked)
        if refusal is not None:
            return {"ok": False, "error": refusal}
        if asked.get("thread_ts") and not self._at(asked["thread_ts"]):
            return {"ok": False, "error": "thread_not_found"}
        ts = f"{1_800_000_000 + len(self.channel)}.000100"
        self.channel.append({**asked, "ts": ts})
        self._keep(asked)
        return {"ok": True, "channel": "C0001", "ts": ts, "message": {"text": asked.get("text")}}

    def _update(self, asked: Json, _: str) -> Json:
        refusal, found = why_refused(asked), self._at(asked.get("ts"))
        if refusal is not None or found is None:
            return {"ok": False, "error": refusal or "message_not_found"}
        found.update(text=asked["text"], blocks=asked["blocks"], edits=found.get("edits", 0) + 1)
        return {"ok": True, "channel": "C0001", "ts": found["ts"], "text": asked["text"]}

    def _history(self, asked: Json, _: str) -> Json:
        if not self.may_read:
            return {"ok": False, "error": "missing_scope", "needed": "channels:history"}
        thread = asked.get("ts")
        told = [each for each in self.channel if thread in (None, each["ts"], each.get("thread_ts"))]
        shown = told if thread else [each for each in told if not each.get("thread_ts")]
        return {"ok": True, "messages": shown[::-1], "has_more": False}

    def _list(self, asked: Json, _: str) -> Json:
        return {"ok": True, "channels": [{"id": "C0001", "name": "trials"}], "response_metadata": {}}

    def _upload_address(self, asked: Json, address: str) -> Json:
        file_id = f"F{len(self.files) + 1:04}"
        return {"ok": True, "upload_url": f"{address}upload/{file_id}", "file_id": file_id}

    def _complete_upload(self, asked: Json, _: str) -> Json:
        named = json.loads(asked["files"]) if isinstance(asked["files"], str) else asked["files"]
        for each in named:
            for file in self.files:
                if file["id"] == each["id"]:
                    file.update(title=each.get("title"), thread_ts=asked.get("thread_ts"))
        return {"ok": True, "files": named}

    def _at(self, ts: object) -> Json | None:
        return next((each for each in self.channel if each["ts"] == ts), None)

    def _keep(self, payload: Json) -> None:
        with self.messages_file.open("a", encoding="utf-8") as messages:
            messages.write(json.dumps(payload) + "\n")

    def _failure(self, status: int) -> Response:
        if status == 429:
            headers = {"Retry-After": str(self.retry_after_seconds)}
            return PlainTextResponse("rate_limited", status, headers=headers)
        return PlainTextResponse("rollup_error", status)


async def _arguments(request: Request) -> Json:
    """Slack takes JSON and forms; in a form lists and objects are JSON."""
    if request.headers.get("content-type", "").startswith("application/json"):
        body: Json = await request.json()
        return body
    given = {**request.query_params, **dict(parse_qsl((await request.body()).decode()))}
    nested = ("blocks", "metadata")
    return {name: json.loads(value) if name in nested else value for name, value in given.items()}


async def _faulty(fault: int) -> Response | None:
    """An answer that does not come in time, or not whole."""
    if fault == TAKEN_THEN_SILENT:
        await asyncio.sleep(SECONDS_OF_SILENCE)
    if fault == TAKEN_THEN_CUT:
        return Response("o", headers={"content-length": "1000"})
    return None


async def _no_service(_: Request) -> Response:
    return PlainTextResponse("no_service", 404)


@contextmanager
def serving_slack(
    folder: Path, failures: Sequence[int] = (), retry_after_seconds: int = 1
) -> Iterator[tuple[str, SlackStandIn]]:
    """Serve on a free loopback port; yields the address (http://127.0.0.1:PORT) and the workspace."""
    folder.mkdir(parents=True, exist_ok=True)
    slack = SlackStandIn(folder / "slack_messages.jsonl", failures, retry_after_seconds)
    slack.messages_file.touch()
    with serving(slack.app) as address:
        yield address, slack


@contextmanager
def running_slack(
    folder: Path, failures: Sequence[int] = (), retry_after_seconds: int = 1
) -> Iterator[tuple[str, Path]]:
    """The same for those who only want the message file."""
    with serving_slack(folder, failures, retry_after_seconds) as (address, slack):
        yield address, slack.messages_file
