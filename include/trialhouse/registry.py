"""Talk to the registry (ClinicalTrials.gov API v2, or the local registry): one polite request at a time."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType

import httpx
import msgspec
from tenacity import (
    RetryCallState,
    Retrying,
    before_sleep_log,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from trialhouse import __version__
from trialhouse.errors import RegistryChanged, RegistryUnavailable
from trialhouse.records import Page, cut_page

log = logging.getLogger(__name__)

USER_AGENT = f"trialhouse/{__version__} (clinical-trials warehouse)"
TIMEOUT = httpx.Timeout(120.0, connect=30.0)
TRIES = 6
LONGEST_WAIT_SECONDS = 60.0
PASSING_TROUBLE = {408, 425, 429, 500, 502, 503, 504}


class _Version(msgspec.Struct):
    apiVersion: str
    dataTimestamp: str


@dataclass(frozen=True, slots=True)
class DataVersion:
    """The registry's answer to `/version`; `data_timestamp` is UTC and comes without an offset."""

    api_version: str
    data_timestamp: datetime

    @property
    def snapshot_date(self) -> date:
        return self.data_timestamp.date()


class _Busy(RegistryUnavailable):
    """A passing refusal; `retry_after` is the registry's own wish in seconds."""

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Registry:
    """A client of one registry; use it as a context manager."""

    def __init__(self, base_url: str, seconds_between_requests: float) -> None:
        self.base_url = base_url
        self._pause = seconds_between_requests
        self._next_request_at = 0.0
        self._http = httpx.Client(headers={"User-Agent": USER_AGENT}, timeout=TIMEOUT, follow_redirects=False)

    def __enter__(self) -> "Registry":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def version(self) -> DataVersion:
        """The data version being served now."""
        body = self._get("/version", {})
        try:
            answer = msgspec.json.decode(body, type=_Version)
            stamp = datetime.fromisoformat(answer.dataTimestamp).replace(tzinfo=None)
        except (msgspec.DecodeError, ValueError) as error:
            raise RegistryChanged(f"/version answered something else than a version: {error}") from error
        return DataVersion(api_version=answer.apiVersion, data_timestamp=stamp)

    def studies(self, params: Mapping[str, str]) -> Page:
        """One page of `/studies`."""
        return cut_page(self._get("/studies", params))

    def _get(self, path: str, params: Mapping[str, str]) -> bytes:
        for attempt in Retrying(
            retry=retry_if_exception_type(RegistryUnavailable),
            stop=stop_after_attempt(TRIES),
            wait=_wait,
            before_sleep=before_sleep_log(log, logging.WARNING),
            reraise=True,
        ):
            with attempt:
                return self._get_once(path, params)
        raise AssertionError("tenacity either returns or raises")  # pragma: no cover

    def _get_once(self, path: str, params: Mapping[str, str]) -> bytes:
        time.sleep(max(0.0, self._next_request_at - time.monotonic()))
        try:
            response = self._http.get(self.base_url + path, params=dict(params))
        except httpx.TransportError as error:
            raise RegistryUnavailable(f"{self.base_url}{path} did not answer: {error!r}") from error
        finally:
            self._next_request_at = time.monotonic() + self._pause
        return _body_of(response)


def _body_of(response: httpx.Response) -> bytes:
    if response.status_code in PASSING_TROUBLE:
        raise _Busy(f"{response.url} answered {response.status_code}", _retry_after(response))
    kind = response.headers.get("content-type", "")
    if response.status_code != 200 or not kind.startswith("application/json"):
        raise RegistryChanged(
            f"{response.url} answered {response.status_code} {kind}: {response.text[:200]!r}; "
            "a person must compare the registry's API with this client"
        )
    return response.content


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds of a `Retry-After` given as a number; the date form is left to our own backoff."""
    text = response.headers.get("retry-after", "")
    return float(text) if text.isdigit() else None


def _wait(state: RetryCallState) -> float:
    """Seconds until the next try: what the registry asked for, else exponential with jitter."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _Busy) and error.retry_after is not None:
        return error.retry_after
    return wait_random_exponential(multiplier=1.0, max=LONGEST_WAIT_SECONDS)(state)
