"""A stand-in for Slack's incoming webhooks on loopback: same protocol and refusals; messages go to a file.

Limits: https://api.slack.com/reference/block-kit/blocks and /messaging/webhooks#handling_errors (2026-11).
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from trialhouse.loopback import serving

MOST_BLOCKS = 50
MOST_FIELDS = 10
MOST_CONTEXT_ELEMENTS = 10
SECTION_CHARACTERS = 3000
FIELD_CHARACTERS = 2000
HEADER_CHARACTERS = 150

Json = dict[str, Any]


class SlackStandIn:
    """One workspace with one channel.

    failures: answers to give first, one a request: 429 (with `Retry-After`) or 5xx; then it behaves.
    """

    def __init__(
        self, messages_file: Path, failures: Sequence[int] = (), retry_after_seconds: int = 1
    ) -> None:
        self.messages_file = messages_file
        self.failures = list(failures)
        self.retry_after_seconds = retry_after_seconds
        self.app = Starlette(
            routes=[
                Route("/services/{team}/{channel}/{token}", self.receive, methods=["POST"]),
                Route("/{path:path}", _no_service, methods=["GET", "POST"]),
            ]
        )

    async def receive(self, request: Request) -> Response:
        """Accept or refuse one message."""
        if self.failures:
            return self._failure(self.failures.pop(0))
        try:
            payload = json.loads(await request.body())
        except ValueError:
            return PlainTextResponse("invalid_payload", 400)
        refusal = why_refused(payload)
        if refusal is not None:
            return PlainTextResponse(refusal, 400)
        with self.messages_file.open("a", encoding="utf-8") as messages:
            messages.write(json.dumps(payload) + "\n")
        return PlainTextResponse("ok")

    def _failure(self, status: int) -> Response:
        if status == 429:
            headers = {"Retry-After": str(self.retry_after_seconds)}
            return PlainTextResponse("rate_limited", status, headers=headers)
        return PlainTextResponse("rollup_error", status)


async def _no_service(_: Request) -> Response:
    return PlainTextResponse("no_service", 404)


@contextmanager
def running_slack(
    folder: Path, failures: Sequence[int] = (), retry_after_seconds: int = 1
) -> Iterator[tuple[str, Path]]:
    """Serve on a free loopback port; yields the address (http://127.0.0.1:PORT) and the message file."""
    folder.mkdir(parents=True, exist_ok=True)
    slack = SlackStandIn(folder / "slack_messages.jsonl", failures, retry_after_seconds)
    slack.messages_file.touch()
    with serving(slack.app) as address:
        yield address, slack.messages_file


# ---------- what Slack refuses


def why_refused(payload: object) -> str | None:
    """Slack's word for what is wrong with a payload; None when it would be shown."""
    if not isinstance(payload, dict):
        return "invalid_payload"
    text, blocks = payload.get("text"), payload.get("blocks")
    if text is not None and not isinstance(text, str):
        return "invalid_payload"
    if not text and not blocks:
        return "no_text"
    if blocks is not None and not _are_blocks(blocks):
        return "invalid_blocks"
    return None


def _are_blocks(blocks: object) -> bool:
    return isinstance(blocks, list) and len(blocks) <= MOST_BLOCKS and all(map(_is_block, blocks))


def _is_block(block: object) -> bool:
    """The block types this project sends; Slack knows more of them."""
    if not isinstance(block, dict):
        return False
    match block.get("type"):
        case "section":
            return _is_section(block)
        case "header":
            return _is_text(block.get("text"), HEADER_CHARACTERS, ("plain_text",))
        case "context":
            return _are_texts(block.get("elements"), MOST_CONTEXT_ELEMENTS, FIELD_CHARACTERS)
        case "divider":
            return True
    return False


def _is_section(block: Json) -> bool:
    text, fields = block.get("text"), block.get("fields")
    if text is None and fields is None:
        return False
    return (text is None or _is_text(text, SECTION_CHARACTERS)) and (
        fields is None or _are_texts(fields, MOST_FIELDS, FIELD_CHARACTERS)
    )


def _are_texts(texts: object, most: int, characters: int) -> bool:
    return isinstance(texts, list) and 1 <= len(texts) <= most and all(_is_text(t, characters) for t in texts)


def _is_text(text: object, characters: int, types: tuple[str, ...] = ("plain_text", "mrkdwn")) -> bool:
    """A text object; `emoji` belongs to plain text only, `verbatim` to mrkdwn only."""
    if not isinstance(text, dict) or text.get("type") not in types:
        return False
    words = text.get("text")
    misplaced = "verbatim" if text["type"] == "plain_text" else "emoji"
    return isinstance(words, str) and 1 <= len(words) <= characters and misplaced not in text
