"""Faults on request: the local registry misbehaves as a real one may, at the request it is told to.

A fault strikes requests `first` to `first + times - 1` to its endpoint, each fault counting for itself.
"""

import asyncio
import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trialhouse.errors import SettingsInvalid
from trialhouse.local_registry.broken_answers import (
    AGAIN,
    LISTING_FAULTS,
    TRANSPORT_FAULTS,
    VERSION_FAULTS,
    Answer,
    Asked,
)

HANG = "hang"
LONGEST_HANG_SECONDS = 30.0
ENDPOINTS = ("studies", "version", "study", "descriptions", "stats", "history")

_ON_ANSWERS = TRANSPORT_FAULTS | LISTING_FAULTS | VERSION_FAULTS
FAULTS = (HANG, *_ON_ANSWERS)

_PATH = re.compile(r"(?:/days/[^/]+)?/api/(v2|int)/(\w+)(/.*)?")
_AGAIN_IN_QUERY = re.compile(rb"(pageToken=[^&]*)" + re.escape(AGAIN.encode()) + rb"\d*")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    first, times: which request to the endpoint it first strikes (from 1), and how many in a row.
    endpoint: one of ENDPOINTS, for faults of transport; empty: the listing, or /version for its faults.
    """

    name: str
    first: int = 1
    times: int = 1
    endpoint: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no fault.

        Raises:
            SettingsInvalid: an unknown name or endpoint, or a number below 1.
        """
        if self.name not in FAULTS:
            raise SettingsInvalid(f"{self.name} is no fault of the local registry; these are: {list(FAULTS)}")
        if self.first < 1 or self.times < 1:
            raise SettingsInvalid(f"a fault's first request and times are at least 1, not {self}")
        if self.endpoint and self.endpoint not in ENDPOINTS:
            raise SettingsInvalid(f"{self.endpoint} is no endpoint of faults; these are: {list(ENDPOINTS)}")
        if self.endpoint and (self.name in LISTING_FAULTS or self.name in VERSION_FAULTS):
            raise SettingsInvalid(f"{self.name} has an endpoint of its own")

    @property
    def strikes_at(self) -> str:
        """The endpoint it concerns."""
        return self.endpoint or ("version" if self.name in VERSION_FAULTS else "studies")

    def strikes(self, number: int) -> bool:
        """Whether it strikes that request to its endpoint."""
        return self.first <= number < self.first + self.times


def parse_fault(text: str) -> Fault:
    """Read `name[:first[:times]]`.

    Raises:
        SettingsInvalid: not of that form, or no such fault.
    """
    name, *numbers = text.split(":")
    if len(numbers) > 2 or not all(re.fullmatch(r"\d{1,9}", number) for number in numbers):
        raise SettingsInvalid(f"a fault is written name, name:first or name:first:times, not {text}")
    first, times = [int(number) for number in (*numbers, "1", "1")][:2]
    return Fault(name, first, times)


class FaultyAnswers:
    """Stands before the application and breaks the answers the faults strike: their content, then its way."""

    def __init__(self, app: ASGIApp, faults: Sequence[Fault]) -> None:
        self._app = app
        self._faults = faults
        self._requests = dict.fromkeys(ENDPOINTS, 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        endpoint = endpoint_of(scope["path"])
        token = Request(scope).query_params.get("pageToken", "")
        scope = {**scope, "query_string": _AGAIN_IN_QUERY.sub(rb"\1", scope["query_string"])}
        if endpoint is None:
            return await self._app(scope, receive, send)
        self._requests[endpoint] += 1
        asked = Asked(token, self._requests[endpoint])
        names = [f.name for f in self._faults if f.strikes_at == endpoint and f.strikes(asked.number)]
        if not names:
            return await self._app(scope, receive, send)
        log.info("faults=%s endpoint=%s request=%d", ",".join(names), endpoint, asked.number)
        if HANG in names:
            return await _hang(receive)
        answer = await _answer_of(self._app, scope, receive)
        for name in sorted(names, key=TRANSPORT_FAULTS.__contains__):
            answer = _ON_ANSWERS[name](answer, asked)
        return await _send(answer, send)


def endpoint_of(path: str) -> str | None:
    """Which of ENDPOINTS a path belongs to."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    interface, name, rest = found.groups()
    if interface == "int":
        return "history"
    if name == "studies" and rest in ("/metadata", "/enums"):
        return "descriptions"
    if name == "studies" and rest:
        return "study"
    return name if name in ENDPOINTS else None


async def _hang(receive: Receive) -> None:
    """Say nothing until the client leaves; after the longest time the server itself ends in a 500."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_HANG_SECONDS):
            while (await receive())["type"] != "http.disconnect":
                pass


async def _answer_of(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """The application's whole answer, kept from the client."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in messages[0]["headers"]}
    return Answer(messages[0]["status"], headers, b"".join(m.get("body", b"") for m in messages[1:]))


async def _send(answer: Answer, send: Send) -> None:
    """A cut answer is never finished, and the server closes the connection."""
    headers = answer.headers | {"content-length": str(len(answer.body))}
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    body = answer.body[: len(answer.body) // 2] if answer.is_cut else answer.body
    await send({"type": "http.response.body", "body": body, "more_body": answer.is_cut})
